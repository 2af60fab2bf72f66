"""The overview of a day, a ledger's projects, the targets handed down, and the figures of the other counts.

Refuses what lies outside the actor's towns; what the domain refuses is told on the page where it was asked for.
"""

from __future__ import annotations

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
from landgis.counties.queries import current_county
from landgis.lib.errors import LandgisError
from landgis.lib.http import XLSX, download
from landgis.lib.lists import paged
from parcels.campaigns.actions import hand_down
from parcels.campaigns.count_actions import credit_count, reverse_count
from parcels.campaigns.rules import COUNTS, LEDGERS
from parcels.disposal.case_views import asked_day
from parcels.ledgers import queries
from parcels.ledgers.forms import CountForm, ProjectFilter, TakeBackForm, TargetsForm
from parcels.ledgers.horizon import horizon
from parcels.ledgers.overview import overview
from parcels.ledgers.supply_share import yearly_shares
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


@right_required(VIEW_MAP)
@require_GET
def targets_page(request: HttpRequest) -> HttpResponse:
    """The targets handed down to towns, and what they were before."""
    return _targets(request, {})


@right_required(MANAGE_CAMPAIGNS)
@require_POST
def hand_down_targets(request: HttpRequest, ledger: str) -> HttpResponse:
    """Hand a target down; the parts have to add up to it."""
    county, actor = current_county(), request_actor(request)
    form = TargetsForm(request.POST, county=county)
    on, status = asked_day(request.POST.get("on_day")), 422
    if form.is_valid():
        told = form.cleaned_data
        try:
            hand_down(
                county=county,
                actor=actor,
                ledger=ledger,
                parts=form.parts(),
                basis=told["basis"],
                on=on,
                reason=told["reason"],
            )
        except LandgisError as error:
            form.refuse(error)
            status = error.status
        else:
            messages.success(request, _("已分解到镇街。"))
            return redirect(f"{request.path.rsplit('/', 2)[0]}/?on={on}")
    return _targets(request, {ledger: form}, status)


@right_required(MANAGE_CAMPAIGNS)
@require_POST
def add_count(request: HttpRequest) -> HttpResponse:
    """Credit a figure to one of the other counts."""
    county, actor = current_county(), request_actor(request)
    form, status = CountForm(request.POST, county=county), 422
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
                reason=f"登记{COUNTS[told['key']]}",
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
    today, on = timezone.localdate(), asked_day(request.GET.get("on"))
    units = dict(queries.count_units(county))
    context = {
        "on": on,
        "today": today,
        "past": on < today,
        "found": overview(county, actor, on),
        "ledgers": LEDGERS,
        "horizon": horizon(county, actor, on),
        "shares": yearly_shares(county, actor, on),
        "entries": list(queries.count_entries(actor, on)[:MOST_ENTRIES]),
        "counts": COUNTS,
        "units": units,
        "towns": dict(county.towns.values_list("code", "name")),
        "form": form or CountForm(county=county, initial={"on": today}),
        "may_manage": may_manage(actor),
        "may_export": actor.may(EXPORT_DATA),
    }
    return render(request, "parcels/ledgers/overview.html", context, status=status)


def _targets(request: HttpRequest, given: dict[str, TargetsForm], status: int = 200) -> HttpResponse:
    county, actor = current_county(), request_actor(request)
    on = asked_day(request.POST.get("on_day") or request.GET.get("on"))
    actor.require(VIEW_MAP)
    sections = []
    for ledger, title in LEDGERS.items():
        target, parts = queries.handed_down(county, ledger, on)
        before = {code: part.value.normalize() for code, part in parts.items()}
        basis = next((part.basis for part in parts.values()), "")
        form = given.get(ledger) or TargetsForm(
            county=county, initial={**{code: f"{value:f}" for code, value in before.items()}, "basis": basis}
        )
        shown = [part for code, part in parts.items() if actor.town_codes is None or code in actor.town_codes]
        sections.append(
            {
                "ledger": ledger,
                "title": title,
                "target": target if actor.town_codes is None else None,
                "parts": shown,
                "total": sum(part.value for part in shown),
                "earlier": queries.earlier_parts(county, ledger) if actor.town_codes is None else [],
                "form": form,
            }
        )
    context = {
        "sections": sections,
        "on": on,
        "towns": dict(county.towns.values_list("code", "name")),
        "may_manage": may_manage(actor),
    }
    return render(request, "parcels/ledgers/targets.html", context, status=status)
