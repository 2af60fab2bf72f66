"""The milestones on screen: the list as of a day, and those of one phase with their forms.

Refuses what lies outside the actor's towns; a refusal of the domain is told beside its field with what was typed in.
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

from landgis.access.rules import EXPORT_DATA, MANAGE_IDLE_CASES, REPORT_FACTS, VIEW_FIRM_FIGURES, VIEW_MAP
from landgis.access.views import request_actor, right_required
from landgis.counties.queries import current_county
from landgis.lib.deadlines import add_months
from landgis.lib.errors import LandgisError, NotFound
from landgis.lib.http import XLSX, download
from landgis.lib.lists import paged, query_without
from parcels.milestones.actions import confirm_verdict, state_milestone
from parcels.milestones.forms import MilestoneFilter, MilestoneForm, VerdictForm
from parcels.milestones.listing import workbook
from parcels.milestones.queries import (
    Listed,
    contract_days,
    listed,
    of_phase,
    phase_of,
    recorded,
    rules_on,
)
from parcels.milestones.rules import STATUS_TITLES, standing
from parcels.supply.rules import MILESTONES, RESULTS

PAGE_SIZE = 50


@right_required(VIEW_MAP)
@require_GET
def list_page(request: HttpRequest) -> HttpResponse:
    """The milestones as of a day, the most urgent first, and how many stand how."""
    form, rows, counted, status = _asked(request)
    context = {
        "form": form,
        **paged(request, rows, PAGE_SIZE),
        "counts": [(s, title, counted[s]) for s, title in STATUS_TITLES.items() if counted.get(s)],
        "asked": request.GET.get("status", ""),
        "unfiltered": query_without(request, "page", "status"),
        "may_export": request_actor(request).may(EXPORT_DATA),
    }
    return render(request, "parcels/milestones/list.html", context, status=status)


@right_required(EXPORT_DATA)
@require_GET
def list_xlsx(request: HttpRequest) -> HttpResponse:
    """The same list as a workbook."""
    county, actor = current_county(), request_actor(request)
    actor.require(VIEW_MAP)
    form, rows, _counted, _status = _asked(request)
    on: date = form.cleaned_data.get("on") or timezone.localdate()
    return download(
        workbook(county, actor, on, rows), f"{county.name}标准地节点清单（{on:%Y-%m-%d}）.xlsx", XLSX
    )


@right_required(VIEW_MAP)
@require_GET
def phase_page(request: HttpRequest, phase_id: int) -> HttpResponse:
    """The five milestones of a phase in their order."""
    return _phase(request, phase_id)


@right_required(REPORT_FACTS)
@require_POST
def state(request: HttpRequest, phase_id: int, kind: str) -> HttpResponse:
    """Days and indicators of one milestone."""
    county, actor = current_county(), request_actor(request)
    kept = of_phase(phase_of(county, actor, phase_id)).get(_known(kind))
    indicators = [i for i in rules_on(county, timezone.localdate()).indicators if kind in i.milestones]
    form = MilestoneForm(request.POST, kind=kind, indicators=indicators, kept=kept)
    if not form.is_valid():
        return _phase(request, phase_id, {kind: form}, status=422)
    try:
        state_milestone(
            county=county,
            actor=actor,
            phase_id=phase_id,
            kind=kind,
            values=form.values(kept),
            on=timezone.localdate(),
            reason=form.cleaned_data["reason"],
        )
    except LandgisError as error:
        form.refuse(error)
        return _phase(request, phase_id, {kind: form}, status=error.status)
    messages.success(request, _("%(title)s已登记。") % {"title": MILESTONES[kind]})
    return redirect("phase-milestones", phase_id=phase_id)


@right_required(MANAGE_IDLE_CASES)
@require_POST
def judge(request: HttpRequest, phase_id: int, kind: str) -> HttpResponse:
    """The officer's verdict on one milestone."""
    county, actor = current_county(), request_actor(request)
    phase_of(county, actor, phase_id)
    form = VerdictForm(request.POST, kind=_known(kind))
    if not form.is_valid():
        return _phase(request, phase_id, verdicts={kind: form}, status=422)
    stated = form.cleaned_data
    try:
        told = confirm_verdict(
            county=county,
            actor=actor,
            phase_id=phase_id,
            kind=kind,
            result=stated["result"],
            remedy_until=stated["remedy_until"],
            on=timezone.localdate(),
            reason=stated["reason"],
        )
    except LandgisError as error:
        form.refuse(error)
        return _phase(request, phase_id, verdicts={kind: form}, status=error.status)
    messages.success(request, told)
    return redirect("phase-milestones", phase_id=phase_id)


def _phase(
    request: HttpRequest,
    phase_id: int,
    forms: dict[str, MilestoneForm] | None = None,
    verdicts: dict[str, VerdictForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    county, actor, on = current_county(), request_actor(request), timezone.localdate()
    phase = phase_of(county, actor, phase_id)
    rules, rows = rules_on(county, on), of_phase(phase)
    shown = []
    for kind, title in MILESTONES.items():
        row = rows.get(kind)
        indicators = [i for i in rules.indicators if kind in i.milestones]
        begins = (
            {"remedy_until": add_months(row.actual_on, rules.remedy_months)} if row and row.actual_on else {}
        )
        planned, actual = contract_days(phase, kind)
        stands = standing(recorded(row), on, rules.indicators, soon_days=rules.soon_days) if row else None
        shown.append(
            {
                "kind": kind,
                "title": title,
                "row": row,
                "standing": stands,
                "result": RESULTS.get(row.result, "") if row else "",
                "by_contract": (planned, actual),
                "differs": stands is not None
                and row is not None
                and row.result == "pass"
                and stands.verdict is False,
                "form": (forms or {}).get(kind)
                or MilestoneForm(None, kind=kind, indicators=indicators, kept=row),
                "open": kind in (forms or {}),
                "verdict_form": (verdicts or {}).get(kind) or VerdictForm(kind=kind, initial=begins),
                "verdict_open": kind in (verdicts or {}),
            }
        )
    context: dict[str, Any] = {
        "phase": phase,
        "shown": shown,
        "on": on,
        "figures": actor.may(VIEW_FIRM_FIGURES) or actor.may(REPORT_FACTS),
        "may_state": actor.may(REPORT_FACTS),
        "may_judge": actor.may(MANAGE_IDLE_CASES) and actor.town_codes is None,
    }
    return render(request, "parcels/milestones/phase.html", context, status=status)


def _asked(request: HttpRequest) -> tuple[MilestoneFilter, list[Listed], dict[str, int], int]:
    """What the filters ask for; a filter that makes no sense finds nothing."""
    asked = request.GET.dict()
    asked["on"] = asked.get("on") or f"{timezone.localdate():%Y-%m-%d}"
    county = current_county()
    form = MilestoneFilter(asked, county=county)
    if not form.is_valid():
        return form, [], {}, 422
    rows, counted = listed(county, request_actor(request), form.cleaned_data["on"], form.filters())
    return form, rows, counted, 200


def _known(kind: str) -> str:
    if kind not in MILESTONES:
        raise NotFound(_("没有这个节点。"), remedy=_("请从节点页面办理。"))
    return kind
