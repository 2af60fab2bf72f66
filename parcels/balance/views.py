"""The control line on screen: its versions, adjustments and findings, and the balance at a date, with their workbooks.

Refuses parcels of other towns; the line itself is shown to everybody who may see the map.
"""

from __future__ import annotations

from datetime import date

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from landgis.access.rules import EXPORT_DATA, MANAGE_CAMPAIGNS, VIEW_MAP
from landgis.access.views import request_actor, right_required
from landgis.counties.queries import current_county
from landgis.lib.http import download
from landgis.lib.units import display_m2, display_mu
from parcels.balance.findings import findings, parcels_inside
from parcels.balance.forms import DayForm
from parcels.balance.ledger import statement
from parcels.balance.listing import adjustments, versions
from parcels.balance.workbook import overview_workbook, shares_workbook, statement_workbook

PAGE_SIZE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@right_required(VIEW_MAP)
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """The line of today with its total beside the 保有量, the adjustments, and what is found inside it."""
    county, actor, today = current_county(), request_actor(request), timezone.localdate()
    told = statement(county, today)
    found = findings(county, actor, today)
    page = Paginator(found.rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "told": told,
        "total_mu": display_mu(told.total_m2),
        "total_m2": display_m2(told.total_m2),
        "retained_mu": None if told.retained_m2 is None else display_mu(told.retained_m2),
        "spare_mu": None if told.spare_m2 is None else display_mu(told.spare_m2),
        "banked_mu": display_mu(told.banked_m2),
        "banked_told": told.banked_told,
        "doubled_mu": display_mu(told.doubled_m2) if told.doubled_m2 >= 1 else "",
        "versions": [(row, display_mu(row.area_m2)) for row in versions(county)],
        "adjustments": [(row, display_mu(row.row.out_m2), display_mu(row.in_m2)) for row in adjustments(county)],
        "page": page,
        "found": [
            (row, display_mu(row.area_m2), display_mu(row.inside_m2), display_mu(row.covered_m2), row.share * 100)
            for row in page
        ],
        "inside": found.inside,
        "unclassified": found.unclassified,
        "may_change": actor.may(MANAGE_CAMPAIGNS) and actor.town_codes is None,
        "may_export": actor.may(EXPORT_DATA),
        "on": today,
    }  # fmt: skip
    return render(request, "parcels/balance/overview.html", context)


@right_required(EXPORT_DATA)
@require_GET
def overview_xlsx(request: HttpRequest) -> HttpResponse:
    """The same as a workbook, a sheet each."""
    county, actor, today = current_county(), request_actor(request), timezone.localdate()
    actor.require(VIEW_MAP)
    found = findings(county, actor, today)
    content = overview_workbook(county, actor, today, versions(county), adjustments(county), found.rows)
    return download(content, f"{county.name}工业用地控制线台账（{today}）.xlsx", XLSX)


@right_required(EXPORT_DATA)
@require_GET
def shares_xlsx(request: HttpRequest) -> HttpResponse:
    """The share of each parcel inside the line."""
    county, actor, today = current_county(), request_actor(request), timezone.localdate()
    actor.require(VIEW_MAP)
    content = shares_workbook(county, actor, today, parcels_inside(county, actor, today))
    return download(content, f"{county.name}宗地控制线内占比（{today}）.xlsx", XLSX)


@right_required(VIEW_MAP)
@require_GET
def balance(request: HttpRequest) -> HttpResponse:
    """The ledger up to a day, beside the line as it was drawn then."""
    county, actor = current_county(), request_actor(request)
    form, on = _day(request)
    told = statement(county, on)
    context = {
        "form": form,
        "told": told,
        "movements": [
            (row, *(display_mu(area) for area in (row.in_m2, row.out_m2, row.total_m2, row.balance_m2)))
            for row in told.movements
        ],
        "total_mu": display_mu(told.total_m2),
        "total_m2": display_m2(told.total_m2),
        "drawn_mu": display_mu(told.drawn_m2),
        "drawn_m2": display_m2(told.drawn_m2),
        "balance_mu": display_mu(told.balance_m2),
        "banked_mu": display_mu(told.banked_m2),
        "banked_told": told.banked_told,
        "retained_mu": None if told.retained_m2 is None else display_mu(told.retained_m2),
        "equal": abs(told.difference_m2) < 0.01,  # shown to the hundredth of a ㎡
        "may_export": actor.may(EXPORT_DATA),
    }
    return render(request, "parcels/balance/balance.html", context, status=422 if form.errors else 200)


@right_required(EXPORT_DATA)
@require_GET
def balance_xlsx(request: HttpRequest) -> HttpResponse:
    """The same as a workbook."""
    county, actor = current_county(), request_actor(request)
    actor.require(VIEW_MAP)
    _, on = _day(request)
    content = statement_workbook(county, actor, statement(county, on))
    return download(content, f"{county.name}工业用地控制线占补平衡表（{on}）.xlsx", XLSX)


def _day(request: HttpRequest) -> tuple[DayForm, date]:
    today = timezone.localdate()
    form = DayForm({"on": request.GET.get("on") or today.isoformat()})
    return form, (form.cleaned_data["on"] if form.is_valid() else None) or today
