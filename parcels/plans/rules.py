"""How a plan stands on a day: facts on record in, state, milestones, targets and what is late out.

Refuses a stored state: running, overdue, complete and closed follow from the entries and the day alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from landgis.access.rules import MANAGE_FIRM_PLANS, MANAGE_IDLE_CASES

Subject = Literal["case", "phase", "parcel", "enterprise"]
State = Literal["running", "overdue", "complete", "closed"]

SUBJECTS: dict[Subject, str] = {
    "case": "闲置土地案件", "phase": "供地合同分期", "parcel": "宗地", "enterprise": "企业",
}  # fmt: skip
STATES: dict[State, str] = {"running": "在办", "overdue": "逾期", "complete": "完成", "closed": "销号"}
PROGRESS, MEASURED, MILESTONE = "progress", "measured", "milestone"
CLOSING, REOPENING, REVERSAL = "closing", "reopening", "reversal"
ENTRIES: dict[str, str] = {
    PROGRESS: "跟踪记录", MEASURED: "指标实绩", MILESTONE: "节点完成", CLOSING: "销号", REOPENING: "回头看重新办理",
    REVERSAL: "撤销记录",
}  # fmt: skip
# What a town may enter of its own land; the rest is decided by the county.
REPORTED = frozenset({PROGRESS, MEASURED})
WITH_EVIDENCE = (MILESTONE, CLOSING)
AT_LEAST, AT_MOST = "at_least", "at_most"
SENSES: dict[str, str] = {AT_LEAST: "不低于", AT_MOST: "不高于"}


@dataclass(frozen=True, slots=True)
class Measure:
    """What is done, by whom, until when."""

    text: str
    unit: str = ""
    person: str = ""
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """A figure to be reached; `number` stays with it through all versions of its plan (0: not given yet)."""

    metric: str
    unit: str
    value: Decimal
    due_on: date
    sense: str = AT_LEAST
    number: int = 0

    def reached_by(self, value: Decimal) -> bool:
        return value >= self.value if self.sense == AT_LEAST else value <= self.value


@dataclass(frozen=True, slots=True)
class Milestone:
    """A step with its day; `number` stays with it through all versions of its plan (0: not given yet)."""

    title: str
    due_on: date
    number: int = 0


@dataclass(frozen=True, slots=True)
class Contents:
    """What a version of a plan says."""

    problem_types: tuple[str, ...]
    problem: str
    goal: str
    paths: tuple[str, ...]
    lead_unit: str
    person: str
    officer: str
    from_on: date
    to_on: date
    helpers: tuple[str, ...] = ()
    measures: tuple[Measure, ...] = ()
    targets: tuple[Target, ...] = ()
    milestones: tuple[Milestone, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """What was recorded on a day; `item` is the number of a milestone or target."""

    seq: int
    kind: str
    on: date
    item: int | None = None
    value: Decimal | None = None
    progress: int | None = None
    due_on: date | None = None
    reverses: int | None = None


@dataclass(frozen=True, slots=True)
class MilestoneStanding:
    milestone: Milestone
    done_on: date | None
    late: bool


@dataclass(frozen=True, slots=True)
class TargetStanding:
    target: Target
    value: Decimal | None
    measured_on: date | None
    reached: bool
    late: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """A plan on a day. `duties`: what is still to be done, the soonest first, each with its day."""

    state: State
    milestones: tuple[MilestoneStanding, ...]
    targets: tuple[TargetStanding, ...]
    progress: int | None = None
    followed_on: date | None = None
    closed_on: date | None = None
    reopened_on: date | None = None
    duties: tuple[tuple[str, str, date], ...] = ()
    effective: tuple[Entry, ...] = field(default=(), repr=False)

    @property
    def done(self) -> int:
        return sum(item.done_on is not None for item in self.milestones)


def right_to_manage(subject: Subject) -> str:
    """The right that writing a plan of this subject needs."""
    return MANAGE_FIRM_PLANS if subject == "enterprise" else MANAGE_IDLE_CASES


def standing(contents: Contents, entries: Iterable[Entry], on: date) -> Standing:
    """How the plan stands at the end of the day `on`."""
    known = effective(entry for entry in entries if entry.on <= on)
    milestones = tuple(_milestone(item, known, on) for item in contents.milestones)
    targets = tuple(_target(item, known, on) for item in contents.targets)
    turn = next((entry for entry in reversed(known) if entry.kind in (CLOSING, REOPENING)), None)
    closed, reopened = (turn if turn and turn.kind == kind else None for kind in (CLOSING, REOPENING))
    followed = [entry for entry in known if entry.kind not in (CLOSING, REOPENING)]
    latest = sorted(
        (entry for entry in followed if entry.progress is not None), key=lambda entry: (entry.on, entry.seq)
    )
    duties = [] if closed else _duties(contents, milestones, targets, reopened)
    late = any(due_on < on for _, _, due_on in duties)
    whole = (
        not reopened and all(item.done_on for item in milestones) and all(item.reached for item in targets)
    )
    state: State = "closed" if closed else "complete" if whole else "overdue" if late else "running"
    return Standing(
        state=state,
        milestones=milestones,
        targets=targets,
        progress=latest[-1].progress if latest else None,
        followed_on=max((entry.on for entry in followed), default=None),
        closed_on=closed.on if closed else None,
        reopened_on=reopened.on if reopened else None,
        duties=tuple(sorted(duties, key=lambda duty: (duty[2], duty[0], duty[1]))),
        effective=known,
    )


def effective(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries that stand: neither reversals nor reversed, in the order in which they were entered."""
    ordered = sorted(entries, key=lambda entry: entry.seq)
    undone = {entry.reverses for entry in ordered if entry.kind == REVERSAL}
    return tuple(entry for entry in ordered if entry.kind != REVERSAL and entry.seq not in undone)


def refusal(now: Standing, asked: Entry) -> tuple[str, str] | None:
    """Why an entry can't be made now and what to do instead; None where it can."""
    kind, turns = asked.kind, [entry for entry in now.effective if entry.kind in (CLOSING, REOPENING)]
    if kind == REVERSAL:
        return _reversal_refused(now, asked)
    if now.state == "closed" and kind != REOPENING:
        return "方案已经销号，不能再登记。", "如需继续办理，请先办理回头看重新办理。"
    if kind == REOPENING and now.state != "closed":
        return "方案没有销号，不能办理回头看重新办理。", "请直接登记跟踪记录。"
    if kind in (CLOSING, REOPENING) and turns and asked.on < turns[-1].on:
        return f"日期早于上一次“{ENTRIES[turns[-1].kind]}”（{turns[-1].on}）。", "请核对日期。"
    if kind == MILESTONE:
        return _milestone_refused(now, asked)
    if kind == MEASURED and asked.item not in {item.target.number for item in now.targets}:
        return "方案没有这项指标。", "请刷新页面后在方案的指标中选择。"
    return _closing_refused(now, asked) if kind == CLOSING else None


def faults(
    contents: Contents, problem_types: Collection[str], paths: Collection[str]
) -> list[Mapping[str, str]]:
    """What keeps a version from being recorded, each with its field."""
    found: list[Mapping[str, str]] = [
        {"field": name, "message": f"请填写{title}。"}
        for name, title in (
            ("problem", "问题情况"), ("goal", "目标"), ("lead_unit", "牵头单位"), ("person", "责任人"), ("officer", "经办账号"),
        )
        if not str(getattr(contents, name)).strip()
    ]  # fmt: skip
    for name, title, known in (
        ("problem_types", "问题类型", problem_types), ("paths", "处置路径", paths)
    ):  # fmt: skip
        chosen = getattr(contents, name)
        if not chosen:
            found.append({"field": name, "message": f"请至少选择一项{title}。"})
        found += [
            {"field": name, "message": f"没有“{code}”这一{title}，可用的代码由县域参数设定。"}
            for code in chosen
            if code not in known
        ]
    if contents.to_on <= contents.from_on:
        found.append({"field": "to_on", "message": "完成期限应晚于起始日期。"})
    if not contents.milestones:
        found.append({"field": "milestones", "message": "请至少填写一个节点。"})
    tables: tuple[tuple[str, str, Sequence[Measure | Target | Milestone]], ...] = (
        ("measures", "措施", contents.measures),
        ("targets", "指标", contents.targets),
        ("milestones", "节点", contents.milestones),
    )
    for name, title, rows in tables:
        for row, item in enumerate(rows, 1):
            due_on = item.due_on
            if due_on is not None and not contents.from_on <= due_on <= contents.to_on:
                told = f"{title}第 {row} 行：期限 {due_on} 不在方案期限 {contents.from_on} 至 {contents.to_on} 之内。"
                found.append({"field": name, "message": told})
    return found


def numbered(
    before: Contents | None, after: Contents, used: Mapping[str, int], now: Standing | None
) -> Contents:
    """The contents with a number for each new target and milestone; raises ValueError with why one can't go or stay."""
    kept = {
        "targets": {item.number for item in before.targets} if before else set(),
        "milestones": {item.number for item in before.milestones} if before else set(),
    }
    done = {item.milestone.number: item.milestone for item in now.milestones if item.done_on} if now else {}
    for name, title in (("targets", "指标"), ("milestones", "节点")):
        given = [item.number for item in getattr(after, name) if item.number]
        if len(given) != len(set(given)) or not set(given) <= kept[name]:
            raise ValueError(f"{title}的序号与现行方案不符，请刷新页面后重新填写。")
    if gone := set(done) - {item.number for item in after.milestones}:
        raise ValueError(f"节点“{done[min(gone)].title}”已经完成，不能删除；如登记有误，请先撤销该记录。")
    return Contents(
        **{
            name: getattr(after, name) for name in Contents.__slots__ if name not in ("targets", "milestones")
        },
        targets=tuple(
            Target(item.metric, item.unit, item.value, item.due_on, item.sense, number)
            for item, number in _with_numbers(after.targets, used.get("targets", 0))
        ),
        milestones=tuple(
            Milestone(item.title, item.due_on, number)
            for item, number in _with_numbers(after.milestones, used.get("milestones", 0))
        ),
    )


def _with_numbers(items: Sequence[Any], last: int) -> Iterable[tuple[Any, int]]:
    for item in items:
        last += not item.number
        yield item, item.number or last


def _milestone(item: Milestone, known: Sequence[Entry], on: date) -> MilestoneStanding:
    done = next((entry.on for entry in known if entry.kind == MILESTONE and entry.item == item.number), None)
    return MilestoneStanding(item, done, late=(done or on) > item.due_on)


def _target(item: Target, known: Sequence[Entry], on: date) -> TargetStanding:
    of_it = [entry for entry in known if entry.kind == MEASURED and entry.item == item.number]
    last = max(of_it, key=lambda entry: (entry.on, entry.seq), default=None)
    value = last.value if last else None
    reached = value is not None and item.reached_by(value)
    return TargetStanding(
        item, value, last.on if last else None, reached, late=not reached and item.due_on < on
    )


def _duties(
    contents: Contents,
    milestones: Sequence[MilestoneStanding],
    targets: Sequence[TargetStanding],
    reopened: Entry | None,
) -> list[tuple[str, str, date]]:
    open_ones = [
        ("milestone", item.milestone.title, item.milestone.due_on) for item in milestones if not item.done_on
    ]
    open_ones += [("target", item.target.metric, item.target.due_on) for item in targets if not item.reached]
    if reopened is not None and reopened.due_on is not None:
        return [*open_ones, ("reopening", "回头看整改", reopened.due_on)]
    return open_ones


def _milestone_refused(now: Standing, asked: Entry) -> tuple[str, str] | None:
    found = next((item for item in now.milestones if item.milestone.number == asked.item), None)
    if found is None:
        return "方案没有这个节点。", "请刷新页面后在方案的节点中选择。"
    if found.done_on:
        return f"节点“{found.milestone.title}”已于 {found.done_on} 完成。", "如登记有误，请先撤销原记录。"
    return None


def _closing_refused(now: Standing, asked: Entry) -> tuple[str, str] | None:
    waiting = [f"节点“{item.milestone.title}”尚未完成" for item in now.milestones if not item.done_on]
    waiting += [f"指标“{item.target.metric}”尚未达到" for item in now.targets if not item.reached]
    if waiting:
        return f"不能销号：{'；'.join(waiting)}。", "请先登记完成情况，或者修订方案并说明原因。"
    last = max((entry.on for entry in now.effective), default=asked.on)
    if asked.on < last:
        return f"销号日期早于最近一次记录（{last}）。", "请核对日期。"
    return None


def _reversal_refused(now: Standing, asked: Entry) -> tuple[str, str] | None:
    found = next((entry for entry in now.effective if entry.seq == asked.reverses), None)
    if found is None:
        return "没有这条记录，或者已经撤销。", "请刷新页面。"
    turns = [entry for entry in now.effective if entry.kind in (CLOSING, REOPENING)]
    if found.kind in (CLOSING, REOPENING):
        if found.seq != turns[-1].seq:
            return "只能撤销最近一次销号或者回头看记录。", "请从最近的一条开始撤销。"
    elif now.state == "closed":
        return "方案已经销号，其依据的记录不能撤销。", "请先撤销销号，或者办理回头看重新办理。"
    return ("撤销日期早于原记录的日期。", "请核对日期。") if asked.on < found.on else None
