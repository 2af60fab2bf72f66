"""Bonuses, vetoes, exemptions and further figures of firms on screen: the list of a year, entered, corrected, withdrawn.

Refuses whoever isn't cleared for single firms, and every change to whoever doesn't manage the county's evaluation.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from landgis.access.queries import Actor, in_territory
from landgis.access.rules import EXPORT_DATA, MANAGE_EVALUATION, VIEW_FIRM_FIGURES
from landgis.access.views import request_actor, right_required
from landgis.counties.models import County
from landgis.counties.queries import current_county
from landgis.lib.errors import LandgisError, NotFound, UsageError
from landgis.lib.http import download
from landgis.lib.sheets import Column
from parcels.grading.fact_actions import correct_fact, enter_fact, reverse_fact
from parcels.grading.facts import TITLES, every_fact, known_facts
from parcels.grading.models import FirmFact
from parcels.yearly.asking import exported, manages, of_year, reason_of, year_of
from parcels.yearly.forms import STANDING, FactFilter, FactForm

PAGE_SIZE = 50


@right_required(VIEW_FIRM_FIGURES)
@require_http_methods(["GET", "POST"])
def facts_page(request: HttpRequest) -> HttpResponse:
    """The facts of a year; posted, one more is entered."""
    county, actor = current_county(), request_actor(request)
    asked = FactFilter(of_year(request, county))
    year, status = year_of(asked, county), 200 if asked.is_valid() else 422
    known = known_facts(county, year)
    form = FactForm(request.POST or None, request.FILES or None, known=known)
    if request.method == "POST":
        actor.require_whole_county(MANAGE_EVALUATION)
        status = 422
        if form.is_valid():
            try:
                stated, reason = form.stated(), form.cleaned_data["reason"]
                enter_fact(county=county, actor=actor, year=year, stated=stated, reason=reason)
                messages.success(request, _("已登记。"))
                return redirect(f"{request.path}?{urlencode({'year': year})}")
            except LandgisError as error:
                form.refuse(error)
                status = error.status
    page = Paginator(_found(county, actor, asked), PAGE_SIZE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context: dict[str, Any] = {
        "asked": asked,
        "form": form if manages(actor) else None,
        "year": year,
        "rows": [(fact, TITLES[fact.kind], known.title(fact.kind, fact.code)) for fact in page],
        "page": page,
        "query": query.urlencode(),
        "may_export": actor.may(EXPORT_DATA),
        "nothing_known": not any(known.codes.values()),
    }
    return render(request, "parcels/yearly/facts.html", context, status=status)


@right_required(MANAGE_EVALUATION)
@require_http_methods(["GET", "POST"])
def fact_page(request: HttpRequest, number: int) -> HttpResponse:
    """One fact that stands; posted, it is corrected."""
    county, actor, status = current_county(), request_actor(request), 200
    actor.require_whole_county(MANAGE_EVALUATION)
    fact = _one(county, actor, number)
    known = known_facts(county, fact.year)
    initial = {
        "uscc": fact.enterprise.uscc, "item": f"{fact.kind}:{fact.code}", "basis": fact.basis,
        "amount": None if fact.amount is None else fact.amount.normalize(),
    }  # fmt: skip
    form = FactForm(request.POST or None, request.FILES or None, known=known, initial=initial)
    form.fields["uscc"].widget.attrs["readonly"] = True
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                stated, reason = form.stated(), form.cleaned_data["reason"]
                correct_fact(county=county, actor=actor, fact_id=number, stated=stated, reason=reason)
                messages.success(request, _("已更正。"))
                return redirect(f"{_list_address(request)}?{urlencode({'year': fact.year})}")
            except LandgisError as error:
                form.refuse(error)
                status = error.status
    context = {
        "fact": fact,
        "form": form,
        "kind": TITLES[fact.kind],
        "item": known.title(fact.kind, fact.code),
    }
    return render(request, "parcels/yearly/fact.html", context, status=status)


@right_required(MANAGE_EVALUATION)
@require_POST
def withdraw_fact(request: HttpRequest, number: int) -> HttpResponse:
    county, actor = current_county(), request_actor(request)
    fact = _one(county, actor, number)
    try:
        reverse_fact(county=county, actor=actor, fact_id=number, reason=reason_of(request))
        messages.success(request, _("已撤销。"))
    except LandgisError as error:
        messages.error(request, str(error))
    return redirect(f"{_list_address(request)}?{urlencode({'year': fact.year})}")


@right_required(VIEW_FIRM_FIGURES)
@require_GET
def fact_paper(request: HttpRequest, number: int) -> HttpResponse:
    """The evidence of a fact."""
    fact = _one(current_county(), request_actor(request), number)
    if fact.paper is None:
        raise NotFound(_("这条评价事项没有证明材料。"), remedy=_("请查看其依据。"))
    return download(bytes(fact.paper.content), fact.paper.name, fact.paper.media_type)


@right_required(EXPORT_DATA)
@require_GET
def facts_xlsx(request: HttpRequest) -> HttpResponse:
    """The list as it was filtered."""
    county, actor = current_county(), request_actor(request)
    actor.require(VIEW_FIRM_FIGURES)
    asked = FactFilter(of_year(request, county))
    if not asked.is_valid():
        raise UsageError(_("筛选条件有误。"), remedy=_("请返回改正后重试。"))
    year, rows = year_of(asked, county), list(_found(county, actor, asked))
    known = known_facts(county, year)
    columns: tuple[Column[FirmFact], ...] = (
        Column("企业名称", 34, "wrapped", lambda row: row.enterprise.name),
        Column("统一社会信用代码", 21, "code", lambda row: row.enterprise.uscc),
        Column("事项类别", 11, "text", lambda row: TITLES[row.kind]),
        Column("事项代码", 16, "code", lambda row: row.code),
        Column("事项", 24, "wrapped", lambda row: known.title(row.kind, row.code)),
        Column("数值", 11, "figure", lambda row: None if row.amount is None else float(row.amount)),
        Column("依据", 36, "wrapped", lambda row: row.basis),
        Column("证明材料", 20, "wrapped", lambda row: row.paper.name if row.paper else ""),
        Column("原因", 26, "wrapped", lambda row: row.reason),
        Column("登记人", 14, "text", lambda row: row.entered_by),
        Column("撤销、更正原因", 26, "wrapped", _taken_back),
    )
    return exported(county, actor, year, "评价事项", "export_evaluation_facts", columns, rows)


def _found(county: County, actor: Actor, asked: FactFilter) -> QuerySet[FirmFact]:
    """The facts that the filter leaves, in the actor's towns; one that makes no sense finds nothing."""
    rows = in_territory(every_fact(county).filter(reverses=None), actor, field="enterprise__town_code")
    if not asked.is_valid():
        return rows.none()
    told = asked.cleaned_data
    rows = rows.filter(year=told["year"])
    if told["kind"]:
        rows = rows.filter(kind=told["kind"])
    if told["state"]:
        rows = rows.filter(reversed_by__isnull=told["state"] == STANDING)
    if q := told["q"].strip():
        rows = rows.filter(Q(enterprise__name__icontains=q) | Q(enterprise__uscc__icontains=q))
    return rows


def _one(county: County, actor: Actor, number: int) -> FirmFact:
    rows = in_territory(every_fact(county).filter(reverses=None), actor, field="enterprise__town_code")
    found = rows.filter(pk=number).first()
    if found is None:
        raise NotFound(_("没有这条评价事项，或不在您的管辖范围内。"), remedy=_("请在评价事项中选择。"))
    return found


def _taken_back(fact: FirmFact) -> str:
    back = getattr(fact, "reversed_by", None)
    return back.reason if back else ""


def _list_address(request: HttpRequest) -> str:
    return request.path.partition("/facts/")[0] + "/facts/"
