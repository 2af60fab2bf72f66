"""A plan of targets from its draft to its first day: drafted on a document, filled in, put in force or dropped.

Refuses figures that don't add up, a draft that somebody else changed meanwhile, one person for the draft and the
decision where the county asks for two, and any target that would be overwritten: a plan only follows what was before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q

from landgis.access.queries import Actor
from landgis.access.rules import MANAGE_CAMPAIGNS
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.counties.queries import parameters
from landgis.counties.succession import Upload, keep_paper
from landgis.counties.target_versions import Stated, one_at_a_time, state_targets
from landgis.lib.errors import Conflict, InputError, NotFound, Outdated
from parcels.cadastre.papers import read_paper
from parcels.campaigns.models import TargetPlan, TownTarget, YearTarget
from parcels.campaigns.plan_rules import DRAFT, DROPPED, IN_FORCE, STATES, Aim, blank_aims, days_problem
from parcels.campaigns.targets import plan_titles, plan_units, target_titles
from parcels.grading.rules import FOUR_EYES

LONGEST = 300


@dataclass(frozen=True, slots=True)
class Document:
    """The document that a plan stands on: its name and number, the days it holds for, and its file."""

    name: str
    valid_from: date
    valid_to: date
    file_name: str
    content: bytes


def draft_plan(
    *, county: County, actor: Actor, document: Document, reason: str, today: date, backdated: bool = False
) -> TargetPlan:
    """A new draft without figures."""
    actor.require_whole_county(MANAGE_CAMPAIGNS)
    name = document.name.strip()
    if not name or len(name) > LONGEST:
        told = "请填写依据文件的名称和文号。" if not name else f"依据文件名称不能超过 {LONGEST} 字。"
        raise InputError("plan_name", told, field="name")
    problem = days_problem(document.valid_from, document.valid_to)
    if problem:
        raise InputError("plan_days", f"{problem}。", "请核对日期。", field="valid_to")
    if document.valid_from <= today and not backdated:
        raise InputError(
            "plan_backdated",
            f"起始日期 {document.valid_from} 不晚于今天，会改变以前日期的进度（已编发的通报不变）。",
            "确需追溯的，请勾选“追溯施行”。",
            field="backdated",
        )
    paper = read_paper(document.content, document.file_name)
    with change(
        county_code=county.code, by=actor.username, action="draft_target_plan", reason=reason, name=name,
        valid_from=str(document.valid_from), valid_to=str(document.valid_to),
    ) as running:  # fmt: skip
        upload = Upload(document.file_name[-200:] or "依据文件", paper.media_type, document.content)
        made = TargetPlan.objects.create(
            county=county, name=name, valid_from=document.valid_from, valid_to=document.valid_to, backdated=backdated,
            paper=keep_paper(county, upload, by=actor.username), reason=reason.strip(), drafted_by=actor.username,
        )  # fmt: skip
        running.summary.update(plan=made.pk, paper_sha256=made.paper.sha256)
    return made


def aims_of(plan: TargetPlan) -> list[Aim]:
    """Every aim that the plan may state, with the figures that it keeps; what a decided plan states besides stays."""
    on, kept = plan.valid_from, {row["id"]: row for row in plan.figures}
    titles = plan_titles(plan.county, on)
    titles |= {row["key"]: row["title"] for row in plan.figures if row["key"] not in titles}
    parted = frozenset(target_titles(plan.county, on))
    blank = blank_aims(titles, plan_units(plan.county, on), parted, on, plan.valid_to)
    return [aim.filled(kept[aim.id]) if aim.id in kept else aim for aim in blank]


def fill_plan(*, county: County, actor: Actor, plan_id: int, seen: int, aims: Sequence[Aim]) -> TargetPlan:
    """Keep a draft's figures as they are; what doesn't add up yet is told, and keeps it from entering into force."""
    actor.require_whole_county(MANAGE_CAMPAIGNS)
    stated = [aim for aim in aims if aim.value is not None or aim.years or aim.towns]
    _require_known(county, stated)
    with change(
        county_code=county.code, by=actor.username, action="fill_target_plan", reason="填写目标方案", plan=plan_id
    ) as running:  # fmt: skip
        plan = _draft(county, plan_id, seen)
        plan.figures, plan.filled_by = [aim.as_json() for aim in stated], actor.username
        plan.save(update_fields=["figures", "filled_by"])
        running.summary.update(aims=len(stated))
    plan.refresh_from_db()
    return plan


def enforce_plan(
    *, county: County, actor: Actor, plan_id: int, seen: int, today: date, reason: str
) -> TargetPlan:
    """Put a draft in force: its targets and their parts hold from its first day, and what they follow ends on the eve."""
    actor.require_whole_county(MANAGE_CAMPAIGNS)
    with change(
        county_code=county.code, by=actor.username, action="enforce_target_plan", reason=reason, plan=plan_id
    ) as running:  # fmt: skip
        one_at_a_time(county)
        plan = _draft(county, plan_id, seen)
        _other_hand(plan, actor, today)
        if plan.valid_from <= today and not plan.backdated:
            raise Conflict(
                f"起始日期 {plan.valid_from} 已到，而方案没有申请追溯施行。",
                code="plan_backdated",
                remedy="请另拟方案并勾选“追溯施行”，或者改用以后的日期。",
            )
        aims = [aim for aim in aims_of(plan) if aim.value is not None or aim.years or aim.towns]
        problems = [problem for aim in aims for problem in aim.problems]
        if problems or not aims:
            raise Conflict(
                "；".join(problems) + "。" if problems else "方案还没有填写任何目标。",
                code="plan_does_not_add_up",
                remedy="请先在草案中改正，各年度、各镇街之和必须等于全县目标。",
            )
        _state(county, plan, aims)
        _decided(plan, IN_FORCE, actor, today, reason)
        running.summary.update(aims=[aim.as_json() for aim in aims], basis=plan.name)
    plan.refresh_from_db()
    return plan


def drop_plan(
    *, county: County, actor: Actor, plan_id: int, seen: int, today: date, reason: str
) -> TargetPlan:
    """Give a draft up; it stays on record."""
    actor.require_whole_county(MANAGE_CAMPAIGNS)
    with change(
        county_code=county.code, by=actor.username, action="drop_target_plan", reason=reason, plan=plan_id
    ):  # fmt: skip
        plan = _draft(county, plan_id, seen)
        _decided(plan, DROPPED, actor, today, reason)
    plan.refresh_from_db()
    return plan


def two_people(county: County, today: date) -> bool:
    """Whether the county asks that somebody else decides on a draft."""
    return bool(parameters(county, today)[FOUR_EYES])


def _draft(county: County, plan_id: int, seen: int) -> TargetPlan:
    """The draft as it was seen, held until the end of the transaction."""
    plan = TargetPlan.objects.select_for_update().filter(county=county, pk=plan_id).first()
    if plan is None:
        raise NotFound("没有这个目标方案。", remedy="请返回目标方案列表。")
    if plan.state != DRAFT:
        raise Conflict(
            f"该方案{STATES[plan.state]}，不能再改。",
            code="plan_decided",
            remedy="需要调整的，请另拟一个方案。",
        )
    if plan.change_id != seen:
        raise Outdated("该草案刚刚被他人修改。", remedy="请刷新页面，核对后再提交。")
    return plan


def _decided(plan: TargetPlan, state: str, actor: Actor, today: date, reason: str) -> None:
    plan.state, plan.decided_by, plan.decided_on, plan.decided_why = (
        state,
        actor.username,
        today,
        reason.strip(),
    )
    plan.save(update_fields=["state", "decided_by", "decided_on", "decided_why"])


def _other_hand(plan: TargetPlan, actor: Actor, today: date) -> None:
    if actor.username not in (plan.drafted_by, plan.filled_by) or not two_people(plan.county, today):
        return
    raise Conflict(
        f"方案由账号 {plan.filled_by or plan.drafted_by} 拟定，须由另一人核定生效。",
        code="plan_same_hand",
        remedy="请由其他有攻坚管理权限的人员办理；人员不足的县可在规则参数中停用“审核环节换人办理”。",
    )


def _require_known(county: County, aims: Sequence[Aim]) -> None:
    towns = set(county.towns.values_list("code", flat=True))
    unknown = sorted({code for aim in aims for code in aim.towns} - towns)
    if unknown:
        raise InputError("town_unknown", f"没有镇街 {'、'.join(unknown)}。", "请刷新页面。", field="towns")


def _state(county: County, plan: TargetPlan, aims: Sequence[Aim]) -> None:
    """The targets and their parts; parts of what came before end with it."""
    wanted = [
        Stated(aim.key, aim.value if aim.value is not None else Decimal(0), aim.unit, aim.first, aim.last)
        for aim in aims
    ]
    state_targets(county, wanted, basis=plan.name)
    firsts: dict[str, date] = {}
    for aim in aims:
        firsts[aim.key] = min(aim.first, firsts.get(aim.key, aim.first))
    for model in (TownTarget, YearTarget):
        _end_parts(model, county, firsts, plan.valid_to)
    shared: list[dict[str, Any]] = [
        {
            "county": county, "key": aim.key, "unit": aim.unit, "valid_from": aim.first, "valid_to": aim.last,
            "basis": plan.name,
        }
        for aim in aims
    ]  # fmt: skip
    TownTarget.objects.bulk_create(
        TownTarget(**facts, town_code=code, value=part)
        for facts, aim in zip(shared, aims, strict=True)
        for code, part in sorted(aim.towns.items())
    )
    YearTarget.objects.bulk_create(
        YearTarget(**facts, year=year, value=part)
        for facts, aim in zip(shared, aims, strict=True)
        for year, part in sorted(aim.years.items())
    )


def _end_parts(
    model: type[TownTarget] | type[YearTarget], county: County, firsts: Mapping[str, date], last: date
) -> None:
    rows = model._default_manager.filter(county=county, key__in=firsts, valid_from__lte=last)
    for key, first in firsts.items():
        running = rows.filter(Q(valid_to=None) | Q(valid_to__gte=first), key=key)
        later = running.filter(valid_from__gte=first).order_by("valid_from").first()
        if later is not None:
            raise Conflict(
                f"自 {later.valid_from} 起已有新的分解（{later.basis}），不能改写。",
                code="parts_in_the_way",
                remedy="请改填更晚的起始日期。",
            )
        running.update(valid_to=first - timedelta(days=1))
