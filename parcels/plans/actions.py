"""Writing plans: making one, changing it by a next version, and recording what happened.

Refuses a second open plan of a subject, a change that somebody else overtook, and an entry that the plan's state doesn't allow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Max

from landgis.access.models import User
from landgis.access.queries import Actor
from landgis.access.rules import VIEW_PLANS
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.counties.queries import parameters
from landgis.lib.days import not_ahead
from landgis.lib.errors import Conflict, FieldErrors, Forbidden, InputError, Outdated
from landgis.lib.turns import wait_for_turn
from parcels.cadastre.attachments import keep_attachment
from parcels.cadastre.models import Parcel
from parcels.cadastre.papers import read_paper
from parcels.plans.models import (
    Plan,
    PlanEntry,
    PlanMeasure,
    PlanMilestone,
    PlanPaper,
    PlanTarget,
    PlanVersion,
)
from parcels.plans.queries import (
    PATHS,
    PROBLEM_TYPES,
    contents_of,
    entries_of,
    may_manage,
    may_report,
    plan,
    versions_on,
)
from parcels.plans.rules import (
    ENTRIES,
    MILESTONE,
    REOPENING,
    REPORTED,
    REVERSAL,
    WITH_EVIDENCE,
    Contents,
    Entry,
    Standing,
    faults,
    numbered,
    refusal,
    right_to_manage,
    standing,
)
from parcels.plans.subjects import Named, same_ground, subject

NUMBER_PATTERN = "plans.number"
MOST_PERCENT = 100


@dataclass(frozen=True, slots=True)
class Upload:
    """A photo or paper as it was sent."""

    name: str
    content: bytes


def make_plan(
    *,
    county: County,
    actor: Actor,
    kind: str,
    subject_id: int,
    contents: Contents,
    on: date,
    today: date,
    reason: str,
) -> Plan:
    """A plan of a subject under the next number of the year, with its first version."""
    of = subject(actor, kind, subject_id)
    actor.require_whole_county(right_to_manage(of.kind))
    not_ahead(on, today)
    _checked(county, contents, on)
    with change(
        county_code=county.code,
        by=actor.username,
        action="make_plan",
        reason=reason,
        on=str(on),
        kind=of.kind,
    ) as running:
        _one_at_a_time(county)
        _none_open(of, today)
        last = Plan.objects.filter(county=county, year=on.year).aggregate(n=Max("number"))["n"] or 0
        pattern = str(parameters(county, on)[NUMBER_PATTERN])
        made = Plan.objects.create(
            county=county,
            plan_no=pattern.format(year=on.year, number=last + 1),
            year=on.year,
            number=last + 1,
            town_code=of.town_code,
            made_on=on,
            **{f"{of.kind}_id": of.pk},
        )
        _store_version(made, 1, _numbered(None, contents, {}, None), actor, on, reason)
        running.summary.update(plan=made.plan_no, subject=of.title)
    return made


def revise_plan(
    *,
    county: County,
    actor: Actor,
    plan_id: int,
    contents: Contents,
    based_on: int,
    on: date,
    today: date,
    reason: str,
) -> PlanVersion:
    """The next version; `based_on` is the version that the person saw when they changed it."""
    found = plan(actor, plan_id)
    actor.require_whole_county(right_to_manage(found.subject))
    not_ahead(on, today)
    _checked(county, contents, on)
    with change(
        county_code=county.code, by=actor.username, action="revise_plan", reason=reason, on=str(on), plan=found.plan_no
    ) as running:  # fmt: skip
        _hold(found)
        last = PlanVersion.objects.filter(plan=found).latest("seq")
        if last.seq != based_on:
            raise Outdated(
                f"方案已由 {last.by} 修订为第 {last.seq} 版。", remedy="请打开现行版本，核对后重新修订。"
            )
        if on < last.on:
            raise InputError(
                "day_before_version",
                f"修订日期早于现行版本的日期 {last.on}。",
                "请核对修订日期。",
                field="on",
            )
        now = _now(found, today)
        if now.state == "closed":
            raise Conflict("方案已经销号，不能修订。", remedy="请先办理回头看重新办理。")
        before = contents_of([last])[last.pk]
        after = _numbered(before, contents, _last_numbers(found), now)
        made = _store_version(found, last.seq + 1, after, actor, on, reason)
        running.summary.update(version=made.seq)
    return made


def record_entry(
    *,
    county: County,
    actor: Actor,
    plan_id: int,
    kind: str,
    on: date,
    today: date,
    text: str,
    person: str,
    evidence: str = "",
    progress: int | None = None,
    item: int | None = None,
    value: Decimal | None = None,
    due_on: date | None = None,
    reverses: int | None = None,
    papers: Sequence[Upload] = (),
) -> PlanEntry:
    """What happened on the day `on`, with its papers; `item` is the number of the milestone or target it is about."""
    found = plan(actor, plan_id)
    _may_enter(actor, found, kind)
    if kind not in ENTRIES:
        raise InputError(
            "plan_entry_kind", f"没有“{kind}”这种记录。", f"可选：{'、'.join(ENTRIES)}。", field="kind"
        )
    not_ahead(on, today)
    asked = Entry(0, kind, on, item, value, progress, due_on, reverses)
    _whole(asked, text, person, evidence)
    with change(
        county_code=county.code, by=actor.username, action=f"plan_{kind}", reason=f"{ENTRIES[kind]}：{text}"[:500],
        on=str(on), plan=found.plan_no,
    ) as running:  # fmt: skip
        _hold(found)
        if on < found.made_on:
            raise InputError(
                "day_before_plan", f"日期早于方案编制日期 {found.made_on}。", "请核对日期。", field="on"
            )
        entries = entries_of([found.pk])[found.pk]
        if refused := refusal(_now(found, today), asked):
            raise Conflict(refused[0], code="plan_entry_refused", remedy=refused[1])
        undone = PlanEntry.objects.get(plan=found, seq=reverses) if reverses else None
        made = PlanEntry.objects.create(
            plan=found,
            seq=len(entries) + 1,
            kind=kind,
            on=on,
            text=text.strip(),
            evidence=evidence.strip(),
            progress=progress,
            item=item,
            value=value,
            due_on=due_on,
            person=person.strip(),
            by=actor.username,
            reverses=undone,
        )
        for paper in papers:
            kept = keep_attachment(
                county, paper.content, read_paper(paper.content, paper.name), name=paper.name, kind="other",
                note=f"{found.plan_no} 第 {made.seq} 条", parcel=_parcel(found), by=actor.username,
            )  # fmt: skip
            PlanPaper.objects.create(entry=made, attachment=kept)
        running.summary.update(entry=made.seq, papers=[paper.name for paper in papers])
    return made


def _may_enter(actor: Actor, found: Plan, kind: str) -> None:
    actor.require(VIEW_PLANS)
    if may_manage(actor, found) or (kind in REPORTED and may_report(actor, found)):
        return
    if may_report(actor, found):
        raise Forbidden("镇街账号只能登记跟踪记录和指标实绩。", remedy="节点完成、销号等请由县级专管员登记。")
    actor.require_whole_county(right_to_manage(found.subject))


def _whole(asked: Entry, text: str, person: str, evidence: str) -> None:
    """Every field that this kind of entry needs, and none that it doesn't know."""
    kind, issues = asked.kind, []
    for name, title, needed, given in (
        ("text", "情况说明", True, bool(text.strip())),
        ("person", "记录人", True, bool(person.strip())),
        ("evidence", "依据材料", kind in WITH_EVIDENCE, bool(evidence.strip())),
        ("value", "指标数值", kind == "measured", asked.value is not None),
        ("item", "节点或者指标", kind in (MILESTONE, "measured"), asked.item is not None),
        ("due_on", "整改期限", kind == REOPENING, asked.due_on is not None),
        ("reverses", "要撤销的记录", kind == REVERSAL, asked.reverses is not None),
    ):
        if needed and not given:
            issues.append({"field": name, "message": f"请填写{title}。"})
        elif given and not needed and name not in ("text", "person", "evidence"):
            issues.append({"field": name, "message": f"“{ENTRIES[kind]}”不填写{title}。"})
    if asked.progress is not None and not 0 <= asked.progress <= MOST_PERCENT:
        issues.append({"field": "progress", "message": "进度应在 0 至 100 之间。"})
    if asked.due_on is not None and asked.due_on <= asked.on:
        issues.append({"field": "due_on", "message": "整改期限应晚于办理日期。"})
    if issues:
        raise FieldErrors(issues)


def _checked(county: County, contents: Contents, on: date) -> None:
    stated = parameters(county, on)
    issues = faults(contents, dict(stated[PROBLEM_TYPES]), dict(stated[PATHS]))
    if contents.officer and not User.objects.filter(username=contents.officer, is_active=True).exists():
        issues.append({"field": "officer", "message": f"没有可用的账号“{contents.officer}”。"})
    if issues:
        raise FieldErrors(issues)


def _numbered(
    before: Contents | None, after: Contents, used: dict[str, int], now: Standing | None
) -> Contents:
    try:
        return numbered(before, after, used, now)
    except ValueError as error:
        raise Conflict(str(error), code="plan_rows", remedy="请核对后重新保存。") from None


def _none_open(of: Named, today: date) -> None:
    plans = list(Plan.objects.filter(same_ground(of)))
    for found in plans:
        if _now(found, today).state != "closed":
            raise Conflict(f"该对象已有未销号的方案 {found.plan_no}。", remedy="请在原方案中修订或者登记。")


def _now(found: Plan, today: date) -> Standing:
    """How the plan stands with everything that was recorded up to today."""
    version = versions_on([found.pk], today)[found.pk]
    return standing(contents_of([version])[version.pk], entries_of([found.pk])[found.pk], today)


def _last_numbers(found: Plan) -> dict[str, int]:
    last = PlanVersion.objects.filter(plan=found).aggregate(
        targets=Max("plantargets__number"), milestones=Max("planmilestones__number")
    )
    return {name: number or 0 for name, number in last.items()}


def _store_version(
    of: Plan, seq: int, contents: Contents, actor: Actor, on: date, reason: str
) -> PlanVersion:
    made = PlanVersion.objects.create(
        plan=of,
        seq=seq,
        on=on,
        problem_types=list(contents.problem_types),
        problem=contents.problem,
        goal=contents.goal,
        paths=list(contents.paths),
        lead_unit=contents.lead_unit,
        helpers=list(contents.helpers),
        person=contents.person,
        officer=contents.officer,
        from_on=contents.from_on,
        to_on=contents.to_on,
        by=actor.username,
        reason=reason,
    )
    PlanMeasure.objects.bulk_create(
        PlanMeasure(
            version=made, number=number, text=row.text, unit=row.unit, person=row.person, due_on=row.due_on
        )
        for number, row in enumerate(contents.measures, 1)
    )
    PlanTarget.objects.bulk_create(
        PlanTarget(
            version=made, number=row.number, metric=row.metric, unit=row.unit, value=row.value, sense=row.sense,
            due_on=row.due_on,
        )
        for row in contents.targets
    )  # fmt: skip
    PlanMilestone.objects.bulk_create(
        PlanMilestone(version=made, number=row.number, title=row.title, due_on=row.due_on)
        for row in contents.milestones
    )
    return made


def _parcel(of: Plan) -> Parcel | None:
    """The parcel on which evidence of the plan is filed; none of a firm's, whose ground may be several parcels."""
    if of.case is not None:
        return of.case.parcel
    return of.phase.contract.parcel if of.phase is not None else of.parcel


def _hold(found: Plan) -> None:
    """Wait for whoever writes this plan; the rows themselves are append-only and can't be locked for a change."""
    wait_for_turn("one_plan", found.pk)


def _one_at_a_time(county: County) -> None:
    """Numbers follow one another: two makers at once wait for each other."""
    wait_for_turn("plan", county.code)
