"""What firms were in single years on screen: 规上, industry and town, beside what the register has today.

Refuses whoever isn't cleared for single firms, and every change to whoever doesn't manage the county's evaluation.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from landgis.access.queries import Actor, in_territory
from landgis.access.rules import EXPORT_DATA, MANAGE_EVALUATION, VIEW_FIRM_FIGURES
from landgis.access.views import request_actor, right_required
from landgis.audit.models import AuditEvent
from landgis.counties.models import County
from landgis.counties.queries import current_county
from landgis.lib.errors import LandgisError, NotFound, UsageError
from landgis.lib.http import download
from landgis.lib.sheets import Column
from parcels.enterprises.models import FirmYear
from parcels.enterprises.year_actions import correct_year, enter_year, withdraw_year
from parcels.yearly.asking import exported, manages, of_year, reason_of, year_of
from parcels.yearly.forms import DIFFERS, FirmYearFilter, FirmYearForm

PAGE_SIZE = 50
SCALE_TITLES = {None: "", True: "规上", False: "规下"}


@right_required(VIEW_FIRM_FIGURES)
@require_http_methods(["GET", "POST"])
def list_page(request: HttpRequest) -> HttpResponse:
    """What was stated of a year; posted, one more firm is."""
    county, actor = current_county(), request_actor(request)
    asked = FirmYearFilter(of_year(request, county))
    year, status = year_of(asked, county), 200 if asked.is_valid() else 422
    towns = dict(county.towns.order_by("code").values_list("code", "name"))
    form = FirmYearForm(request.POST or None, request.FILES or None, towns=towns.items())
    if request.method == "POST":
        actor.require_whole_county(MANAGE_EVALUATION)
        status = 422
        if form.is_valid():
            try:
                enter_year(
                    county=county, actor=actor, uscc=form.cleaned_data["uscc"].strip().upper(), year=year,
                    stated=form.stated(), reason=form.cleaned_data["reason"],
                )  # fmt: skip
                messages.success(request, _("已登记。"))
                return redirect(f"{request.path}?{urlencode({'year': year})}")
            except LandgisError as error:
                form.refuse(error)
                status = error.status
    page = Paginator(_found(county, actor, asked), PAGE_SIZE).get_page(request.GET.get("page"))
    authors = AuditEvent.objects.in_bulk([row.change_id for row in page])
    query = request.GET.copy()
    query.pop("page", None)
    context: dict[str, Any] = {
        "asked": asked,
        "form": form if manages(actor) else None,
        "year": year,
        "rows": [
            (row, _lines(row, row, towns), _lines(row, row.enterprise, towns), authors.get(row.change_id))
            for row in page
        ],
        "page": page,
        "stated": _every(county, actor).values_list("year").annotate(rows=Count("pk")).order_by("year"),
        "query": query.urlencode(),
        "may_export": actor.may(EXPORT_DATA),
    }
    return render(request, "parcels/yearly/firm_years.html", context, status=status)


@right_required(MANAGE_EVALUATION)
@require_http_methods(["GET", "POST"])
def one_page(request: HttpRequest, number: int) -> HttpResponse:
    """One firm's year; posted, it is corrected."""
    county, actor, status = current_county(), request_actor(request), 200
    actor.require_whole_county(MANAGE_EVALUATION)
    found = _one(county, actor, number)
    towns = dict(county.towns.order_by("code").values_list("code", "name"))
    initial = {
        "uscc": found.enterprise.uscc, "above_scale": {None: "", True: "1", False: "0"}[found.above_scale],
        "industry_code": found.industry_code, "industry_group": found.industry_group, "town_code": found.town_code,
        "basis": found.basis, "seen": found.change_id,
    }  # fmt: skip
    form = FirmYearForm(request.POST or None, request.FILES or None, towns=towns.items(), initial=initial)
    form.fields["uscc"].disabled = True
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                correct_year(
                    county=county, actor=actor, number=number, seen=form.cleaned_data["seen"] or 0,
                    stated=form.stated(), reason=form.cleaned_data["reason"],
                )  # fmt: skip
                messages.success(request, _("已更正。"))
                return redirect(f"{reverse('firm-years')}?{urlencode({'year': found.year})}")
            except LandgisError as error:
                form.refuse(error)
                status = error.status
    context = {"one": found, "form": form, "register": _lines(found, found.enterprise, towns)}
    return render(request, "parcels/yearly/firm_year.html", context, status=status)


@right_required(MANAGE_EVALUATION)
@require_POST
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    county, actor = current_county(), request_actor(request)
    found = _one(county, actor, number)
    seen = request.POST.get("seen", "")
    try:
        number_seen = int(seen) if seen.isdecimal() and len(seen) < 19 else 0
        withdraw_year(county=county, actor=actor, number=number, seen=number_seen, reason=reason_of(request))
        messages.success(request, _("已撤销。"))
    except LandgisError as error:
        messages.error(request, str(error))
    return redirect(f"{reverse('firm-years')}?{urlencode({'year': found.year})}")


@right_required(VIEW_FIRM_FIGURES)
@require_GET
def paper(request: HttpRequest, number: int) -> HttpResponse:
    """The evidence of a firm's year."""
    found = _one(current_county(), request_actor(request), number)
    if found.paper is None:
        raise NotFound(_("这条年度记载没有证明材料。"), remedy=_("请查看其依据。"))
    return download(bytes(found.paper.content), found.paper.name, found.paper.media_type)


@right_required(EXPORT_DATA)
@require_GET
def list_xlsx(request: HttpRequest) -> HttpResponse:
    """The list as it was filtered."""
    county, actor = current_county(), request_actor(request)
    actor.require(VIEW_FIRM_FIGURES)
    asked = FirmYearFilter(of_year(request, county))
    if not asked.is_valid():
        raise UsageError(_("筛选条件有误。"), remedy=_("请返回改正后重试。"))
    year, rows = year_of(asked, county), list(_found(county, actor, asked))
    towns = dict(county.towns.values_list("code", "name"))
    columns: tuple[Column[FirmYear], ...] = (
        Column("年度", 7, "whole", lambda row: row.year),
        Column("统一社会信用代码", 21, "code", lambda row: row.enterprise.uscc),
        Column("企业名称", 34, "wrapped", lambda row: row.enterprise.name),
        Column("是否规上", 9, "text", lambda row: {None: "", True: "是", False: "否"}[row.above_scale]),
        Column("行业代码", 9, "code", lambda row: row.industry_code),
        Column("行业类别", 18, "text", lambda row: row.industry_group),
        Column("所属镇街", 12, "text", lambda row: towns.get(row.town_code, row.town_code)),
        Column("依据", 36, "wrapped", lambda row: row.basis),
        Column("证明材料", 20, "wrapped", lambda row: row.paper.name if row.paper else ""),
        Column("登记库现值", 36, "wrapped", lambda row: "；".join(_lines(row, row.enterprise, towns))),
    )
    return exported(county, actor, year, "企业年度信息", "export_firm_years", columns, rows)


def _lines(row: FirmYear, of: Any, towns: dict[str, str]) -> list[str]:
    """What is stated, or what the register (`of`) has of the same things, one a line."""
    told = []
    if row.above_scale is not None:
        told.append(SCALE_TITLES[of.above_scale] or "未注明规上规下")
    if row.industry_code or row.industry_group:
        told.append(" ".join(filter(None, (of.industry_code, of.industry_group))) or "未注明行业")
    if row.town_code:
        told.append(towns.get(of.town_code, of.town_code) or "未注明镇街")
    return told


def _found(county: County, actor: Actor, asked: FirmYearFilter) -> QuerySet[FirmYear]:
    """What the filter leaves, in the actor's towns; one that makes no sense finds nothing."""
    rows = _every(county, actor)
    if not asked.is_valid():
        return rows.none()
    told = asked.cleaned_data
    rows = rows.filter(year=told["year"])
    if told["state"] == DIFFERS:
        other = Q(above_scale__isnull=False, enterprise__above_scale=None)
        other |= Q(above_scale__isnull=False) & ~Q(above_scale=F("enterprise__above_scale"))
        for name in ("industry_code", "industry_group", "town_code"):
            other |= ~Q(**{name: ""}) & ~Q(**{name: F(f"enterprise__{name}")})
        rows = rows.filter(other)
    if q := told["q"].strip():
        rows = rows.filter(Q(enterprise__name__icontains=q) | Q(enterprise__uscc__icontains=q))
    return rows


def _every(county: County, actor: Actor) -> QuerySet[FirmYear]:
    rows = FirmYear.objects.filter(county=county).select_related("enterprise", "paper")
    rows = in_territory(rows, actor, field="enterprise__town_code")
    return rows.defer("paper__content", "paper__thumbnail").order_by("enterprise__uscc", "year")


def _one(county: County, actor: Actor, number: int) -> FirmYear:
    found = _every(county, actor).filter(pk=number).first()
    if found is None:
        raise NotFound(_("没有这条年度记载，或不在您的管辖范围内。"), remedy=_("请在企业年度信息中选择。"))
    return found
