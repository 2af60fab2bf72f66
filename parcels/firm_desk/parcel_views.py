"""One parcel in a year: who uses what, drawn and added up against its land, and where it is put right.

Refuses a parcel of another town; a refusal of the register is told beside the form with what was filled in.
"""

from __future__ import annotations

from typing import Any

import shapely
from django.contrib import messages
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from landgis.access.queries import Actor
from landgis.access.rules import COMPUTE, EDIT_LAND_USE, VIEW_MAP
from landgis.access.views import request_actor, right_required
from landgis.audit.kept import kept
from landgis.counties.models import County
from landgis.counties.queries import current_county, parameters
from landgis.lib.errors import InputError, LandgisError, UsageError
from landgis.lib.units import display_mu
from landgis.lib.uploads import uploaded_file
from layers.geometry.transform import CGCS2000, transform_geometries
from parcels.cadastre.sketching import settled
from parcels.editing.geometry_input import shapes_of_file, shapes_of_pasted
from parcels.enterprises.models import Occupancy
from parcels.firm_desk.answers import back_with, problems_of, with_year
from parcels.firm_desk.drawing import COLOURS, bars, picture
from parcels.firm_desk.drawn_use import guides_of
from parcels.firm_desk.forms import EndForm, TenancyForm, UseForm, YearForm, told
from parcels.land_use.actions import Stated, choose_tenancy, correct_use, end_use, enter_use
from parcels.land_use.land import FirmLand, land_of_firms
from parcels.land_use.models import TenancyChoice
from parcels.land_use.queries import firm_names, parcel_ground, shapes_of, uses_of
from parcels.land_use.rules import ROLES, TENANTS, reference_day

CHOICES = {True: "yes", False: "no", None: ""}  # of a tenancy, as the form calls them


@right_required(VIEW_MAP)
@require_GET
def parcel_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Who uses what of the parcel in the year."""
    asked = YearForm(with_year(request, current_county()))
    if not asked.is_valid():
        raise UsageError(told(asked), remedy="请返回改正后重试。")
    return _page(request, pk, asked.cleaned_data["year"])


@right_required(EDIT_LAND_USE)
@require_POST
def use_enter(request: HttpRequest, pk: int) -> HttpResponse:
    """One more use."""
    county, actor, year = current_county(), request_actor(request), _year(request)
    form = UseForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, told(form))
        return _page(request, pk, year, form=form, status=422)
    try:
        stated = _stated(request, county, form)
        enter_use(county=county, actor=actor, parcel_id=pk, stated=stated, reason=form.cleaned_data["reason"])
    except LandgisError as error:
        messages.error(request, _all_told(error))
        return _page(request, pk, year, form=form, status=error.status)
    messages.success(request, _("已登记用地。"))
    return redirect(_address(pk, year))


@right_required(EDIT_LAND_USE)
@require_POST
def use_correct(request: HttpRequest, pk: int, use: int) -> HttpResponse:
    """State a use otherwise."""
    county, actor, year = current_county(), request_actor(request), _year(request)
    form = UseForm(request.POST, request.FILES, correcting=True)
    if not form.is_valid():
        messages.error(request, told(form))
        return _page(request, pk, year, form=form, editing=use, status=422)
    try:
        stated = _stated(request, county, form)
        correct_use(
            county=county, actor=actor, use_id=use, seen=form.cleaned_data["seen"], stated=stated,
            reason=form.cleaned_data["reason"],
        )  # fmt: skip
    except LandgisError as error:
        messages.error(request, _all_told(error))
        return _page(request, pk, year, form=form, editing=use, status=error.status)
    messages.success(request, _("已更正用地。"))
    return redirect(_address(pk, year))


@right_required(EDIT_LAND_USE)
@require_POST
def use_end(request: HttpRequest, pk: int, use: int) -> HttpResponse:
    """End a use."""
    where, form = _address(pk, _year(request)), EndForm(request.POST)
    if not form.is_valid():
        return back_with(request, told(form), where)
    stated = form.cleaned_data
    try:
        end_use(
            county=current_county(), actor=request_actor(request), use_id=use, seen=stated["seen"] or 0,
            on=stated["on"], reason=stated["reason"],
        )  # fmt: skip
    except LandgisError as error:
        return back_with(request, error, where)
    messages.success(request, _("已终止用地。"))
    return redirect(where)


@right_required(COMPUTE)
@require_POST
def tenancy(request: HttpRequest, pk: int) -> HttpResponse:
    """How the parcel's tenants are evaluated in the year."""
    form = TenancyForm(request.POST)
    where = _address(pk, _year(request))
    if not form.is_valid():
        return back_with(request, told(form), where)
    stated = form.cleaned_data
    try:
        choose_tenancy(
            county=current_county(), actor=request_actor(request), parcel_id=pk, tenant_id=stated["tenant"],
            year=stated["year"], apart={"yes": True, "no": False}.get(stated["apart"]), reason=stated["reason"],
        )  # fmt: skip
    except LandgisError as error:
        return back_with(request, error, where)
    messages.success(request, _("已保存评价方式。"))
    return redirect(where)


def _page(
    request: HttpRequest,
    pk: int,
    year: int,
    *,
    form: UseForm | None = None,
    editing: int = 0,
    status: int = 200,
) -> HttpResponse:
    county, actor = current_county(), request_actor(request)
    ground = parcel_ground(county, actor, pk, year)
    on = reference_day(year)
    every = uses_of(pk)
    current = [use for use in every if use.valid_from <= on and (use.valid_to is None or use.valid_to > on)]
    numbers = {use.pk: number for number, use in enumerate(current, 1)}
    drawn = shapes_of(county, list(numbers))
    land = _land(county, actor, year).get(pk, [])
    firms = firm_names([item.enterprise_id for item in land])
    found = [problem for problem in problems_of(county, actor, year) if problem.parcel_id == pk]
    chosen = {
        choice.tenant_id: choice.apart for choice in TenancyChoice.objects.filter(year=year, parcel_id=pk)
    }
    parts, end = bars([item.parts.net_m2 for item in land], ground.land_m2)
    of_firm = {item.enterprise_id: COLOURS[at % len(COLOURS)] for at, item in enumerate(land)}
    of_use = {use.pk: of_firm[use.enterprise_id] for use in current}
    used_m2 = sum(item.parts.net_m2 for item in land)
    if form is None:
        editing, form = _blank(request, every)
    context: dict[str, Any] = {
        "parcel": ground,
        "year": year,
        "on": on,
        "town": county.towns.filter(code=ground.town_code).values_list("name", flat=True).first(),
        "land_mu": display_mu(ground.land_m2),
        "used_mu": display_mu(used_m2),
        "rest_mu": display_mu(ground.land_m2 - used_m2),
        "uses": [
            (numbers[use.pk], of_use[use.pk], use, ROLES[use.role], measure(use),
             use.lessor_id is not None and use.lessor_id != use.enterprise_id,
             CHOICES[chosen.get(use.enterprise_id)])
            for use in current
        ],
        "past": [(use, ROLES[use.role], measure(use)) for use in every if use.pk not in numbers],
        "shares": [
            (firms.get(item.enterprise_id, ""), display_mu(item.parts.net_m2), bar, item.parts)
            for item, bar in zip(land, parts, strict=True)
        ],
        "end": end,
        "picture": picture(ground.shape_survey, drawn, numbers, of_use),
        "problems": [(p, "" if p.amount_m2 is None else display_mu(p.amount_m2)) for p in found],
        "tenancy_of_all": CHOICES[chosen.get(None)],
        "tenancy_default": TENANTS.get(str(parameters(county, on)["land_use.tenants"]), ""),
        "has_tenants": any(use.lessor_id for use in current),
        "form": form,
        "editing": editing,
        "ending": next((use for use in current if use.pk == editing), None),
        "today": timezone.localdate(),
        "may_edit": actor.may(EDIT_LAND_USE),
        "guides": guides_of(county, ground.shape_survey, drawn, {use.pk: use.enterprise.name for use in current}),
        "drawn_preview": f"{reverse('land-use-drawn', args=[pk])}?use={editing}",
        "may_choose": actor.may(COMPUTE),
    }  # fmt: skip
    return render(request, "parcels/firm_desk/parcel.html", context, status=status)


def measure(use: Occupancy) -> str:
    """How much of the parcel, in the words of its own measure."""
    if use.area_m2 is not None:
        return f"{display_mu(use.area_m2)} 亩"
    if use.share is not None:
        return "整宗" if use.share == 1 else f"{float(use.share):.2%}"
    return "按图形"


def _blank(request: HttpRequest, every: list[Occupancy]) -> tuple[int, UseForm]:
    """The form to begin with: of the use that is to be corrected where one is named, else of a new one."""
    named = request.GET.get("edit", "")
    use = next((use for use in every if named == str(use.pk)), None)
    if use is None:
        return 0, UseForm(initial={"measure": "share"})
    begins = {
        "uscc": use.enterprise.uscc,
        "role": use.role,
        "lessor_uscc": use.lessor.uscc if use.lessor else "",
        "measure": "",
        "valid_from": use.valid_from,
        "valid_to": use.valid_to,
        "seen": use.change_id,
    }
    return use.pk, UseForm(correcting=True, initial=begins)


def _stated(request: HttpRequest, county: County, form: UseForm) -> Stated:
    told = form.cleaned_data
    shape = drawn_shape(request, county, told["coordinates"]) if told["measure"] == "geometry" else None
    return Stated(
        uscc=told["uscc"], role=told["role"], lessor_uscc=told["lessor_uscc"], valid_from=told["valid_from"],
        valid_to=told["valid_to"], geom_4490=shape, **form.amounts(),
    )  # fmt: skip


def drawn_shape(request: HttpRequest, county: County, text: str) -> MultiPolygon:
    """All shapes of what was pasted or sent, as one, in EPSG:4490; what the readers object to is a refusal."""
    on = timezone.localdate()
    read = (
        shapes_of_pasted(text, county, on=on)
        if text.strip()
        else shapes_of_file(uploaded_file(request), county, on=on)
    )
    wrong = [issue for issue in read.issues if issue.severity == "error"]
    if wrong:
        raise InputError(wrong[0].code, wrong[0].message, "请改正图形后重试。", field="coordinates")
    west, south, east, north = county.bbox_4490
    moved = transform_geometries(
        read.geoms_survey, county.survey_crs, CGCS2000, bbox_4490=(west, south, east, north)
    )
    united = settled(county, shapely.union_all(moved))
    parts = [part for part in shapely.get_parts(united) if part.geom_type == "Polygon"]
    made = GEOSGeometry(memoryview(shapely.to_wkb(shapely.MultiPolygon(parts))), srid=CGCS2000)
    assert isinstance(made, MultiPolygon)
    return made


def _year(request: HttpRequest) -> int:
    form = YearForm(request.POST)
    if not form.is_valid():
        raise UsageError(told(form), remedy="请返回改正后重试。")
    return int(form.cleaned_data["year"])


def _address(pk: int, year: int) -> str:
    return f"{reverse('land-use-parcel', args=[pk])}?year={year}"


def _all_told(error: LandgisError) -> str:
    issues = getattr(error, "issues", [])
    return "；".join(issue["message"] for issue in issues) or str(error)


def _land(county: County, actor: Actor, year: int) -> dict[int, list[FirmLand]]:
    """Parcel → who has how much of it; groups reach over parcels, so all are worked out at once, and kept."""

    def by_parcel() -> dict[int, list[FirmLand]]:
        found: dict[int, list[FirmLand]] = {}
        for item in land_of_firms(county, actor, year):
            found.setdefault(item.parcel_id, []).append(item)
        return found

    return kept("land_use_parcels", (county.code, actor.town_codes, year), by_parcel)
