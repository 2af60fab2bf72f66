"""The ledgers' rules: which stages a project passes, how far a target is, and what a claim is still worth.

Refuses to know the database; areas in ㎡ on the ellipsoid, compared unrounded.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal

# Since 2: a plan that ended is what a ledger is measured by until a successor takes over.
RULE_VERSION = "campaigns-2026-11-2"

Ledger = Literal["remediation", "revitalisation"]
LEDGERS: dict[str, str] = {"remediation": "整治提升低效工业用地", "revitalisation": "盘活存量土地"}
# The county's target that a ledger is measured by, and whether it runs over the target's days or over each year.
TARGET_KEYS: dict[str, str] = {
    "remediation": "remediation.total_mu",
    "revitalisation": "revitalisation.yearly_mu",
}
YEARLY = frozenset({"revitalisation"})
YEARLY_KEYS = frozenset(TARGET_KEYS[ledger] for ledger in YEARLY)


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of a project: its code and title, what must have come before, and whether it needs evidence."""

    code: str
    title: str
    after: tuple[str, ...] = ()
    evidence: bool = False
    credits: bool = False


# 销号: done → 镇街初验 → 部门复核 → 专班审批 → 公示 → 销号, and a look-back that may reopen (domain.md 11).
_CLOSING = (
    Stage("town_check", "镇街初验", ("done",), evidence=True),
    Stage("department_check", "部门复核", ("town_check",), evidence=True),
    Stage("approval", "专班审批", ("department_check",), evidence=True),
    Stage("publicity", "公示", ("approval",)),
    Stage("closed", "销号", ("publicity",), evidence=True),
    Stage("look_back", "回头看", ("closed",), evidence=True),
    Stage("reopened", "返潮重启", ("look_back",), evidence=True),
)
STAGES: dict[str, tuple[Stage, ...]] = {
    "remediation": (
        Stage("opened", "立项"),
        Stage("plan", "制定整治方案", ("opened",)),
        Stage("agreement", "签订监管协议", ("plan",), evidence=True),
        Stage("works", "实施整治", ("plan",)),
        Stage("done", "整治完成", ("works",), evidence=True, credits=True),
        *_CLOSING,
    ),
    "revitalisation": (
        Stage("opened", "立项"),
        Stage("plan", "制定盘活方案", ("opened",)),
        Stage("agreement", "签订收储（更新）协议", ("plan",), evidence=True),
        Stage("vacated", "腾空", ("agreement",), evidence=True),
        Stage("done", "收储（更新）完成", ("agreement",), evidence=True, credits=True),
        *_CLOSING,
    ),
}

# Stages of a project whose work is done: from 完成 on, until a look-back opens it anew.
FINISHED = frozenset({"done", *(stage.code for stage in _CLOSING)} - {"reopened"})


@dataclass(frozen=True, slots=True)
class Count:
    """One of the plan's other counts: `kind` is amount, whole, or firms (whole, and an entry may name the firm)."""

    key: str
    title: str
    kind: str
    unit: str = ""

    @property
    def whole(self) -> bool:
        return self.kind != "amount"


OUTLOOKS: dict[str, str] = {
    "reached": "已完成", "on_track": "能按期完成", "will_miss": "难以按期完成", "missed": "任务期满未完成", "unknown": "—",
}  # fmt: skip
Light = Literal["green", "yellow", "red", "none"]
Outlook = Literal["reached", "on_track", "will_miss", "missed", "unknown"]


def stage_of(ledger: str, code: str) -> Stage | None:
    return next((stage for stage in STAGES[ledger] if stage.code == code), None)


def stages_open(ledger: str, done: Collection[str]) -> list[Stage]:
    """The stages that may come next; a reopened project passes from its works on again."""
    passed = set(done)
    return [
        stage
        for stage in STAGES[ledger]
        if stage.code not in passed and all(before in passed for before in stage.after)
    ]


def missing_before(ledger: str, stage: Stage, done: Collection[str]) -> list[str]:
    """The titles of the stages that `stage` still waits for."""
    titles = {one.code: one.title for one in STAGES[ledger]}
    return [titles[code] for code in stage.after if code not in done]


def standing(codes: Iterable[str]) -> list[str]:
    """The stages that count: those since the last reopening, which takes a project back to its plan."""
    kept: list[str] = []
    for code in codes:
        if code == "reopened":
            kept = [one for one in kept if one in ("opened", "plan", "agreement")]
        else:
            kept.append(code)
    return kept


@dataclass(frozen=True, slots=True)
class Period:
    """The days that a target is to be reached in, both included; `years`: the parts due by the end of each year, if stated."""

    first: date
    last: date
    years: tuple[tuple[int, Decimal], ...] = ()

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def elapsed(self, on: date) -> int:
        return min(max((on - self.first).days + 1, 0), self.days)

    def due(self, target: Decimal, on: date) -> Decimal:
        """The part of a target that is due by a day: by the years' parts, within each of them by its days; else straight.

        A town's target follows the county's years in the same proportion, so that the towns' dues add up to the county's.
        """
        whole = sum((part for _, part in self.years), Decimal(0))
        if not whole:
            return target * self.elapsed(on) / self.days
        reached = Decimal(0)
        for year, part in self.years:
            days = Period(max(self.first, date(year, 1, 1)), min(self.last, date(year, 12, 31)))
            reached += part * days.elapsed(on) / days.days
        return target * reached / whole


def period_of(ledger: str, on: date, target_from: date, target_to: date | None) -> Period:
    """A yearly target runs over its calendar year, within the target's days; the other over the target's days."""
    if ledger in YEARLY:
        first, last = date(on.year, 1, 1), date(on.year, 12, 31)
        return Period(max(first, target_from), last if target_to is None else min(last, target_to))
    return Period(target_from, target_to or date(on.year, 12, 31))


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a target is on a day: its part by the calendar, the ratio to it, and when it would be reached at this rate."""

    target: Decimal | None
    done: Decimal
    due: Decimal | None
    ratio: float | None
    light: Light
    outlook: Outlook
    reached_on: date | None

    @property
    def percent(self) -> Decimal | None:
        """The ratio in percent, cut to one decimal: what falls short by a hair never reads as reached."""
        if self.ratio is None:
            return None
        return (Decimal(str(self.ratio)) * 100).quantize(Decimal("0.1"), rounding="ROUND_FLOOR")


NOTHING = Progress(None, Decimal(0), None, None, "none", "unknown", None)


def progress(
    target: Decimal | None,
    done: Decimal,
    on: date,
    period: Period | None,
    *,
    green_from: float,
    yellow_from: float,
) -> Progress:
    """Against the schedule of the period (`Period.due`): green from `green_from` of it, then yellow, then red.

    The projection takes the pace since the first day: days × target / done.
    """
    if target is None or period is None or target <= 0:
        return Progress(target, done, None, None, "none", "unknown", None)
    elapsed = period.elapsed(on)
    due = period.due(target, on)
    ratio = float(done / due) if due else None
    if done >= target:
        return Progress(target, done, due, ratio, "green", "reached", None)
    light: Light = "red"
    if ratio is not None and ratio >= green_from:
        light = "green"
    elif ratio is not None and ratio >= yellow_from:
        light = "yellow"
    if on > period.last:
        return Progress(target, done, due, ratio, "red", "missed", None)
    if done <= 0 or not elapsed:
        return Progress(target, done, due, ratio, light, "will_miss" if elapsed else "unknown", None)
    needed = int((elapsed * target / done).to_integral_value(rounding="ROUND_CEILING"))
    reached_on = period.first + timedelta(days=min(needed, 36_500) - 1)
    return Progress(
        target, done, due, ratio, light, "on_track" if reached_on <= period.last else "will_miss", reached_on
    )


def project_light(finished: bool, due_on: date | None, on: date, soon_days: int) -> Light:
    """Green once the work is done or while there is time, yellow in the last `soon_days`, red when overdue."""
    if finished:
        return "green"
    if due_on is None:
        return "none"
    if due_on < on:
        return "red"
    return "yellow" if (due_on - on).days <= soon_days else "green"


def share_verdict(
    industrial: Decimal, other: Decimal, unclassified: Decimal, least: Decimal | None
) -> Literal["reached", "missed", "unknown"]:
    """Whether the industrial share of what was granted reaches `least`, whatever the unclassified ground turns out to be."""
    total = industrial + other + unclassified
    if least is None or not total:
        return "unknown"
    if industrial >= least * total:
        return "reached"
    return "missed" if industrial + unclassified < least * total else "unknown"


def hand_down_problem(target: Decimal, handed: Mapping[str, Decimal]) -> str:
    """What is wrong with parts that a county's target is handed down in; "" when they add up to it."""
    if any(part < 0 for part in handed.values()):
        return "分解数不能是负数"
    total = sum(handed.values(), Decimal(0))
    if total != target:
        return f"各镇街合计 {total:f}，与全县目标 {target:f} 相差 {total - target:f}"
    return ""


def years_problem(target: Decimal, parts: Mapping[int, Decimal], first: date, last: date) -> str:
    """What is wrong with the years' parts of a target that runs from `first` to `last`; "" when they add up to it."""
    outside = [str(year) for year in sorted(parts) if not first.year <= year <= last.year]
    if outside:
        return f"{'、'.join(outside)} 年不在目标期 {first} 至 {last} 内"
    return hand_down_problem(target, {str(year): part for year, part in parts.items()}).replace(
        "镇街", "年度"
    )


def ranked(values: Sequence[tuple[str, Any]]) -> dict[str, int]:
    """Ranks from the largest value on; equal values share a rank."""
    ordered = sorted({value for _, value in values}, reverse=True)
    before = {value: sum(1 for _, other in values if other > value) for value in ordered}
    return {name: before[value] + 1 for name, value in values}
