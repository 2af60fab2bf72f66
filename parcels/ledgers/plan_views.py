"""Plans of targets on screen: the list, a new one on its document, its grid of figures, and the decision on it.

Refuses whoever answers for a part of the county only; what the domain refuses is told on the page where it was asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from landgis.access.rules import EXPORT_DATA, MANAGE_CAMPAIGNS, VIEW_MAP
from landgis.access.views import request_actor, right_required
from landgis.counties.models import BasisPaper, County, Target
from landgis.counties.queries import current_county
from landgis.lib.errors import LandgisError, NotFound
from landgis.lib.http import XLSX, download
from landgis.lib.lists import paged
from landgis.lib.uploads import MEBIBYTE, uploaded_file
from parcels.campaigns.models import TargetPlan
from parcels.campaigns.plan_actions import (
    Document,
    aims_of,
    draft_plan,
    drop_plan,
    enforce_plan,
    fill_plan,
    two_people,
)
from parcels.campaigns.plan_rules import DRAFT, STATES, Aim
from parcels.campaigns.queries import target_plans
from parcels.ledgers.plan_forms import DecisionForm, DocumentForm, FiguresForm
from parcels.ledgers.plan_workbook import plan_workbook
from parcels.ledgers.views import may_manage, told_errors

PAGE_SIZE, LARGEST_PAPER = 30, 20 * MEBIBYTE


@dataclass(frozen=True, slots=True)
class Sum:
    """What an aim's parts come to, beside the county's figure; `off` is told where they differ."""

    aim: Aim
    towns: Decimal
    years: Decimal

    @property
    def towns_off(self) -> Decimal:
        return self.towns - (self.aim.value or 0) if self.aim.towns else Decimal(0)

    @property
    def years_off(self) -> Decimal:
        return self.years - (self.aim.value or 0) if self.aim.years else Decimal(0)


@right_required(VIEW_MAP)
@require_http_methods(["GET", "POST"])
def plans_page(request: HttpRequest) -> HttpResponse:
    """The plans of the county; posted, a new draft on its document."""
    county, actor, today = current_county(), request_actor(request), timezone.localdate()
    actor.require_whole_county(VIEW_MAP)
    form, status = None, 200
    if request.method == "POST":
        actor.require_whole_county(MANAGE_CAMPAIGNS)
        form, status = DocumentForm(request.POST, request.FILES), 422
        if form.is_valid():
            told = form.cleaned_data
            try:
                file = uploaded_file(request, most_bytes=LARGEST_PAPER)
                asked = Document(
                    told["name"], told["valid_from"], told["valid_to"], str(file.name), file.read()
                )
                made = draft_plan(
                    county=county, actor=actor, document=asked, reason=told["reason"], today=today,
                    backdated=told["backdated"],
                )  # fmt: skip
            except LandgisError as error:
                form.refuse(error)
                status = error.status
            else:
                messages.success(request, _("草案已建立，请填写目标。"))
                return redirect("target-plan", plan_id=made.pk)
    context = {
        **paged(request, target_plans(county), PAGE_SIZE),
        "states": STATES,
        "form": form or DocumentForm(),
        "may_manage": may_manage(actor),
    }
    return render(request, "parcels/ledgers/plans.html", context, status=status)


@right_required(VIEW_MAP)
@require_http_methods(["GET", "POST"])
def plan_page(request: HttpRequest, plan_id: int) -> HttpResponse:
    """A plan with its figures; posted, the figures of a draft."""
    county, actor = current_county(), request_actor(request)
    plan = _plan(request, plan_id)
    if request.method != "POST":
        return _page(request, plan)
    actor.require_whole_county(MANAGE_CAMPAIGNS)
    aims = aims_of(plan)
    form = FiguresForm(request.POST, aims=aims, towns=_towns(county))
    if not form.is_valid():
        return _page(request, plan, form=form, status=422)
    filled = form.filled()
    try:
        fill_plan(county=county, actor=actor, plan_id=plan_id, seen=form.cleaned_data["seen"], aims=filled)
    except LandgisError as error:
        form.refuse(error)
        return _page(request, plan, form=form, aims=filled, status=error.status)
    messages.success(request, _("已保存。"))
    return redirect("target-plan", plan_id=plan_id)


@right_required(MANAGE_CAMPAIGNS)
@require_POST
def decide(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Put a draft in force, or drop it (`drop`)."""
    county, actor, today = current_county(), request_actor(request), timezone.localdate()
    plan, form = _plan(request, plan_id), DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, told_errors(form))
        return _page(request, plan, status=422)
    act = drop_plan if "drop" in request.POST else enforce_plan
    try:
        made = act(county=county, actor=actor, plan_id=plan_id, today=today, **form.cleaned_data)
    except LandgisError as error:
        messages.error(request, str(error))
        return _page(request, plan, status=error.status)
    told = _("已作废。") if "drop" in request.POST else _("已核定，自 %(on)s 起施行。")
    messages.success(request, told % {"on": made.valid_from} if "%(on)s" in told else told)
    return redirect("target-plan", plan_id=plan_id)


@right_required(VIEW_MAP)
@require_GET
def paper(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The document that a plan stands on, as it was uploaded."""
    found = BasisPaper.objects.get(pk=_plan(request, plan_id).paper_id)
    return download(bytes(found.content), found.name, found.media_type)


@right_required(EXPORT_DATA)
@require_GET
def plan_xlsx(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The plan's figures as a workbook."""
    county, actor, plan = current_county(), request_actor(request), _plan(request, plan_id)
    content = plan_workbook(county, actor, plan, stated(aims_of(plan)), _towns(county))
    return download(content, f"{county.name}目标方案（{plan.valid_from}）.xlsx", XLSX)


def stated(aims: list[Aim]) -> list[Aim]:
    """The aims of a plan that it says something of."""
    return [aim for aim in aims if aim.value is not None or aim.years or aim.towns]


def _plan(request: HttpRequest, plan_id: int) -> TargetPlan:
    county, actor = current_county(), request_actor(request)
    actor.require_whole_county(VIEW_MAP)
    found = target_plans(county).filter(pk=plan_id).first() if plan_id < 2**62 else None
    if found is None:
        raise NotFound("没有这个目标方案。", remedy="请返回目标方案列表。")
    return found


def _page(
    request: HttpRequest,
    plan: TargetPlan,
    *,
    form: FiguresForm | None = None,
    aims: list[Aim] | None = None,
    status: int = 200,
) -> HttpResponse:
    county, actor, today = current_county(), request_actor(request), timezone.localdate()
    aims = aims if aims is not None else aims_of(plan)
    towns, manages = _towns(county), may_manage(actor)
    edits = manages and plan.state == DRAFT
    grid = form or FiguresForm(aims=aims, towns=towns, initial={"seen": plan.change_id})
    shown = stated(aims)
    parted = [aim for aim in shown if aim.parted]
    by = {
        aim.id: Sum(aim, sum(aim.towns.values(), Decimal(0)), sum(aim.years.values(), Decimal(0)))
        for aim in aims
    }
    context = {
        "plan": plan,
        "state": STATES[plan.state],
        "edits": edits,
        "grid": grid,
        "county_rows": grid.county_rows(parted=True),
        "alone_rows": grid.county_rows(parted=False),
        "town_rows": grid.town_rows(),
        "parted": [aim for aim in aims if aim.parted],
        "years": range(plan.valid_from.year, plan.valid_to.year + 1),
        "sums": [by[aim.id] for aim in (aims if edits else parted) if aim.parted],
        "shown": [by[aim.id] for aim in shown],
        "town_lines": [(name, [aim.towns.get(code) for aim in parted]) for code, name in towns.items()],
        "shown_parted": parted,
        "problems": [problem for aim in aims for problem in aim.problems],
        "unhanded": [aim.told for aim in parted if not aim.towns],
        "before": _before(county, plan, shown) if plan.state == DRAFT else [],
        "decision": DecisionForm(initial={"seen": plan.change_id}) if edits else None,
        "same_hand": actor.username in (plan.drafted_by, plan.filled_by) and two_people(county, today),
        "may_export": actor.may(EXPORT_DATA),
    }
    return render(request, "parcels/ledgers/plan.html", context, status=status)


def _before(county: County, plan: TargetPlan, shown: list[Aim]) -> list[tuple[Aim, Target]]:
    """What each aim would follow: the target before it, which ends on the eve where it still runs."""
    firsts: dict[str, Aim] = {}
    for aim in shown:
        firsts.setdefault(aim.key, aim)
    rows = Target.objects.filter(county=county, key__in=firsts, valid_from__lt=plan.valid_from)
    last = {row.key: row for row in rows.order_by("valid_from")}
    return [(aim, last[key]) for key, aim in firsts.items() if key in last]


def _towns(county: County) -> dict[str, str]:
    return dict(county.towns.order_by("code").values_list("code", "name"))
