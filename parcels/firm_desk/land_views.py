"""The land that firms use in a year, on screen: what doesn't fit, each firm's land with its parts, and the groups.

Refuses parcels of other towns; what the files hold is what the pages show.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from landgis.access.queries import Actor
from landgis.access.rules import COMPUTE, EXPORT_DATA, VIEW_MAP
from landgis.access.views import request_actor, right_required
from landgis.audit.kept import kept
from landgis.counties.models import County
from landgis.counties.queries import current_county
from landgis.lib.errors import LandgisError
from landgis.lib.units import display_mu
from parcels.enterprises.models import Enterprise
from parcels.firm_desk.answers import back_with, download, paged, problems_of, towns_of, valid, with_year
from parcels.firm_desk.forms import EndForm, FirmFilter, GroupForm, ProblemFilter, YearForm, told
from parcels.firm_desk.workbooks import PART_TITLES, groups_book, land_book, problems_book
from parcels.land_use.actions import affiliate, end_affiliation
from parcels.land_use.land import Parts, land_of_units
from parcels.land_use.queries import firm_names, groups_on
from parcels.land_use.rules import PROBLEMS, Problem, reference_day


@right_required(VIEW_MAP)
@require_GET
def problems_page(request: HttpRequest) -> HttpResponse:
    """What doesn't fit in a year, filtered and paged."""
    county, actor = current_county(), request_actor(request)
    form, found, all_found, status = ProblemFilter(with_year(request, county), county=county), [], [], 200
    if form.is_valid():
        all_found = problems_of(county, actor, form.cleaned_data["year"])
        found = _chosen(form, all_found)
    else:
        messages.error(request, told(form))
        status = 422
    shown = paged(request, found)
    names = firm_names([pk for problem in shown["page"] for pk in problem.firm_ids])
    towns = towns_of(county)
    context: dict[str, Any] = {
        "form": form,
        "year": form.cleaned_data.get("year"),
        "counts": [(kind, title, sum(p.kind == kind for p in all_found)) for kind, title in PROBLEMS.items()],
        "rows": [
            (problem, towns.get(problem.town_code, ""), display_mu(problem.land_m2),
             "—" if problem.amount_m2 is None else display_mu(problem.amount_m2),
             "、".join(names.get(pk, "") for pk in problem.firm_ids))
            for problem in shown["page"]
        ],
        "may_export": actor.may(EXPORT_DATA) and status == 200,
        **shown,
    }  # fmt: skip
    return render(request, "parcels/firm_desk/problems.html", context, status=status)


@right_required(EXPORT_DATA)
@require_GET
def problems_xlsx(request: HttpRequest) -> HttpResponse:
    county, actor = current_county(), request_actor(request)
    actor.require(VIEW_MAP)
    form = valid(ProblemFilter(with_year(request, county), county=county))
    year = form.cleaned_data["year"]
    found = _chosen(form, problems_of(county, actor, year))
    names = firm_names([pk for problem in found for pk in problem.firm_ids])
    return download(problems_book(county, actor, year, found, names, towns_of(county)))


@right_required(VIEW_MAP)
@require_GET
def firms_page(request: HttpRequest) -> HttpResponse:
    """Every firm's or group's land of a year, and the parts that it is made of."""
    county, actor = current_county(), request_actor(request)
    form, rows, status = FirmFilter(with_year(request, county)), [], 200
    if form.is_valid():
        rows = _land(county, actor, form.cleaned_data["year"], form.cleaned_data["q"])
    else:
        messages.error(request, told(form))
        status = 422
    shown = paged(request, rows)
    context = {
        "form": form,
        "titles": list(PART_TITLES.values()),
        "rows": [
            (uscc, name, [display_mu(getattr(parts, part)) for part in PART_TITLES])
            for uscc, name, parts in shown["page"]
        ],
        "total_mu": display_mu(sum(parts.net_m2 for _, _, parts in rows)),
        "may_export": actor.may(EXPORT_DATA) and status == 200,
        **shown,
    }
    return render(request, "parcels/firm_desk/firms.html", context, status=status)


@right_required(EXPORT_DATA)
@require_GET
def firms_xlsx(request: HttpRequest) -> HttpResponse:
    county, actor = current_county(), request_actor(request)
    actor.require(VIEW_MAP)
    form = valid(FirmFilter(with_year(request, county)))
    year = form.cleaned_data["year"]
    return download(land_book(county, actor, year, _land(county, actor, year, form.cleaned_data["q"])))


@right_required(VIEW_MAP)
@require_http_methods(["GET", "POST"])
def groups_page(request: HttpRequest) -> HttpResponse:
    """The groups in force on a year's last day; a new member by POST."""
    county, actor = current_county(), request_actor(request)
    form, status = GroupForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        if form.is_valid():
            try:
                affiliate(county=county, actor=actor, reason=form.cleaned_data["basis"], **form.cleaned_data)
                messages.success(request, _("已登记关联。"))
                return redirect("land-use-groups")
            except LandgisError as error:
                messages.error(request, str(error))
                status = error.status
        else:
            messages.error(request, told(form))
            status = 422
    on = _asked_day(request)
    context = {
        "form": form,
        "on": on,
        "may_manage": actor.may(COMPUTE) and actor.town_codes is None,
        "may_export": actor.may(EXPORT_DATA),
        **paged(request, groups_on(county, on)),
    }
    return render(request, "parcels/firm_desk/groups.html", context, status=status)


@right_required(EXPORT_DATA)
@require_GET
def groups_xlsx(request: HttpRequest) -> HttpResponse:
    county, actor = current_county(), request_actor(request)
    actor.require(VIEW_MAP)
    on = _asked_day(request)
    return download(groups_book(county, actor, on, groups_on(county, on)))


@right_required(COMPUTE)
@require_POST
def group_end(request: HttpRequest, pk: int) -> HttpResponse:
    """The last day of a membership."""
    county, form = current_county(), EndForm(request.POST)
    if not form.is_valid():
        return back_with(request, told(form), "land-use-groups")
    stated = form.cleaned_data
    try:
        end_affiliation(
            county=county,
            actor=request_actor(request),
            affiliation_id=pk,
            on=stated["on"],
            reason=stated["reason"],
        )
    except LandgisError as error:
        return back_with(request, error, "land-use-groups")
    messages.success(request, _("已终止关联。"))
    return redirect("land-use-groups")


def _asked_day(request: HttpRequest) -> date:
    """The last day of the year asked for, or today."""
    asked = YearForm(request.GET)
    return reference_day(asked.cleaned_data["year"]) if asked.is_valid() else timezone.localdate()


def _chosen(form: ProblemFilter, found: list[Problem]) -> list[Problem]:
    asked = form.cleaned_data
    return [
        problem
        for problem in found
        if (not asked["town"] or problem.town_code == asked["town"])
        and (not asked["kind"] or problem.kind == asked["kind"])
        and asked["q"].strip().upper() in problem.parcel_code.upper()
    ]


def _land(county: County, actor: Actor, year: int, q: str) -> list[tuple[str, str, Parts]]:
    """USCC, name and parts of each unit, by name."""

    def everything() -> list[tuple[str, str, Parts]]:
        land = land_of_units(county, actor, year)
        firms = Enterprise.objects.filter(county=county).values_list("id", "uscc", "name")
        rows = [(uscc, name, land[pk]) for pk, uscc, name in firms if pk in land]
        return sorted(rows, key=lambda row: (row[1], row[0]))

    rows = kept("land_use_firms", (county.code, actor.town_codes, year), everything)
    text = q.strip().lower()
    return [row for row in rows if text in f"{row[0]} {row[1]}".lower()] if text else rows
