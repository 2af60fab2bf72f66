"""The overview of a day, a ledger's projects, and the figures of the other counts.

Refuses what lies outside the actor's towns; what the domain refuses is told on the page where it was asked for.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from landgis.access.queries import Actor
from landgis.access.rules import EXPORT_DATA, MANAGE_CAMPAIGNS, VIEW_MAP
from landgis.access.views import request_actor, right_required
from landgis.counties.models import County
from landgis.counties.queries import current_county
from landgis.lib.errors import LandgisError
from landgis.lib.http import XLSX, download
from landgis.lib.lists import paged
from parcels.campaigns.count_actions import credit_count, reverse_count
from parcels.campaigns.rules import LEDGERS
from parcels.campaigns.targets import count_titles, counts_of
from parcels.disposal.case_views import asked_day
from parcels.ledgers import queries
from parcels.ledgers.forms import CountForm, ProjectFilter, TakeBackForm
from parcels.ledgers.horizon import horizon
from parcels.ledgers.overview import overview
from parcels.ledgers.supply_share import contracts_behind, yearly_shares
from parcels.ledgers.workbook import overview_workbook, projects_workbook

PAGE_SIZE = 50
MOST_ENTRIES = 30


def may_manage(actor: Actor) -> bool:
    return actor.may(MANAGE_CAMPAIGNS) and actor.town_codes is None


@right_required(VIEW_MAP)
@require_GET
def overview_page(request: HttpRequest) -> HttpResponse:
    """Both ledgers, town by town, on any day up to today."""
    return _overview(request)


@right_required(EXPORT_DATA)
@require_GET
def overview_xlsx(request: HttpRequest) -> HttpResponse:
    """The same in the columns of the weekly report."""
    county, actor, on = current_county(), request_actor(request), asked_day(request.GET.get("on"))
    actor.require(VIEW_MAP)
    content = overview_workbook(
        county,
        actor,
        on,
        overview(county, actor, on),
        yearly_shares(county, actor, on),
        contracts_behind(county, actor, on),
        horizon(county, actor, on),
    )
    return download(content, f"{county.name}攻坚行动进展（{on:%Y-%m-%d}）.xlsx", XLSX)


@right_required(VIEW_MAP)
@require_GET
def ledger_page(request: HttpRequest, ledger: str) -> HttpResponse:
    """A ledger's projects, filtered and paged."""
    county, actor, on = current_county(), request_actor(request), timezone.localdate()
    form = ProjectFilter(request.GET, county=county, ledger=ledger)
    filters, status = (form.filters(), 200) if form.is_valid() else (queries.Filters(), 422)
    soon = queries.soon_days_of(county, on)
    rows = queries.listed(county, actor, ledger, filters, on, soon)
    shown = paged(request, rows if status == 200 else rows.none(), PAGE_SIZE)
    towns = dict(county.towns.values_list("code", "name"))
    context = {
        "ledger": ledger,
        "title": LEDGERS[ledger],
        "ledgers": LEDGERS,
        "form": form,
        **shown,
        "rows": [queries.shown(project, towns, on, soon) for project in shown["page"]],
        "may_export": actor.may(EXPORT_DATA),
        "may_manage": may_manage(actor),
    }
    return render(request, "parcels/ledgers/ledger.html", context, status=status)


@right_required(EXPORT_DATA)
@require_GET
def ledger_xlsx(request: HttpRequest, ledger: str) -> HttpResponse:
    """The same list as a workbook."""
    county, actor, on = current_county(), request_actor(request), timezone.localdate()
    actor.require(VIEW_MAP)
    form = ProjectFilter(request.GET, county=county, ledger=ledger)
    soon, towns = queries.soon_days_of(county, on), dict(county.towns.values_list("code", "name"))
    found = queries.listed(county, actor, ledger, form.filters(), on, soon) if form.is_valid() else ()
    rows = [queries.shown(project, towns, on, soon) for project in found]
    content = projects_workbook(county, actor, on, ledger, rows)
    return download(content, f"{county.name}{LEDGERS[ledger]}台账（{on:%Y-%m-%d}）.xlsx", XLSX)


@right_required(MANAGE_CAMPAIGNS)
@require_POST
def add_count(request: HttpRequest) -> HttpResponse:
    """Credit a figure to one of the other counts."""
    county, actor = current_county(), request_actor(request)
    counts = counts_of(county, timezone.localdate())
    form, status = CountForm(request.POST, county=county, counts=counts), 422
    if form.is_valid():
        told = form.cleaned_data
        try:
            credit_count(
                county=county,
                actor=actor,
                key=told["key"],
                town_code=told["town"],
                value=told["value"],
                on=told["on"],
                evidence=told["evidence"],
                note=told["note"],
                uscc=told["uscc"],
                reason=f"登记{counts[told['key']].title}",
            )
        except LandgisError as error:
            form.refuse(error)
            status = error.status
        else:
            messages.success(request, _("已登记。"))
            return redirect("campaigns")
    return _overview(request, form, status)


@right_required(MANAGE_CAMPAIGNS)
@require_POST
def take_count_back(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Reverse a figure."""
    county, actor = current_county(), request_actor(request)
    form = TakeBackForm(request.POST)
    if not form.is_valid():
        messages.error(request, told_errors(form))
        return _overview(request, status=422)
    try:
        reverse_count(county=county, actor=actor, entry_id=entry_id, **form.cleaned_data)
    except LandgisError as error:
        messages.error(request, str(error))
        return _overview(request, status=error.status)
    messages.success(request, _("已冲销，两笔都保留在记录中。"))
    return redirect("campaigns")


def told_errors(form: Any) -> str:
    """What a small form without room beside its fields refuses, in one line."""
    return "；".join(
        f"{form.fields[name].label if name in form.fields else ''}：{errors[0]}".lstrip("：")
        for name, errors in form.errors.items()
    )


def _overview(request: HttpRequest, form: CountForm | None = None, status: int = 200) -> HttpResponse:
    county, actor = current_county(), request_actor(request)
    today, on, manages = timezone.localdate(), asked_day(request.GET.get("on")), may_manage(actor)
    context = {
        "on": on,
        "today": today,
        "past": on < today,
        "found": overview(county, actor, on),
        "ledgers": LEDGERS,
        "horizon": horizon(county, actor, on),
        "shares": yearly_shares(county, actor, on),
        "own_towns": actor.town_codes is not None,
        "entries": list(queries.count_entries(actor, on)[:MOST_ENTRIES]),
        "counts": count_titles(county),
        "towns": dict(county.towns.values_list("code", "name")),
        "form": form or _count_form(county, today, manages),
        "may_manage": manages,
        "may_export": actor.may(EXPORT_DATA),
    }
    return render(request, "parcels/ledgers/overview.html", context, status=status)


def _count_form(county: County, today: date, manages: bool) -> CountForm | None:
    return (
        CountForm(county=county, counts=counts_of(county, today), initial={"on": today}) if manages else None
    )
