"""The 五未 states as a table: facts of a phase on a day → which states hold, since when, on what basis.

Refuses to call a state absent because a fact is missing: the answer is then unknown and names the fact. States overlap, and
none is ever stored as a parcel's single status.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from parcels.idle_land.facts import Facts, Parameters, settle
from parcels.idle_land.rules import Situation, situation
from parcels.supply.indicators import Compared, Indicator, compare
from parcels.supply.rules import plain

STATE_TITLES = {
    "supplied_unused": "供而未用",
    "underinvested": "建设期投资不足",
    "not_exhausted": "用而未尽",
    "unreviewed": "未完成复核验收",
    "built_idle": "建而未投",
    "below_standard": "投而未达标",
}
FACT_TITLES = {
    "agreed_start": "约定动工日期",
    "actual_delivery": "实际交地日期",
    "progress": "建设进度（投资、已开发面积）",
    "total_investment_wan": "总投资（万元）",
    "land_to_develop_m2": "应开发建设用地面积（平方米）",
    "completion_indicators": "竣工复核的承诺与实际指标",
    "review_due": "复核验收期限",
    "production": "投产节点",
    "full_production": "达产复核的承诺与实际指标",
}
# Of what a contract promises in the review of completion, the measures of land use.
LAND_MEASURES = frozenset({"plot_ratio", "building_density"})


@dataclass(frozen=True, slots=True)
class Node:
    """A milestone: planned and actual day, promised and actual indicators, the verdict, and the day to remedy it by."""

    kind: str
    planned_on: date | None = None
    actual_on: date | None = None
    promised: Mapping[str, Any] | None = None
    actual: Mapping[str, Any] | None = None
    result: str = ""
    remedy_until: date | None = None


@dataclass(frozen=True, slots=True)
class PhaseFacts:
    """One phase with its milestones by kind and the review that the contract's own book states."""

    facts: Facts
    nodes: Mapping[str, Node]
    review_due: date | None = None
    review_passed_on: date | None = None


class Verdict(NamedTuple):
    """Whether a state holds: None where it can't be known. `since` is the first day on which it held."""

    state: str
    holds: bool | None
    since: date | None = None
    basis: str = ""
    missing: tuple[str, ...] = ()


class Case(NamedTuple):
    """What the rows of the table read."""

    on: date
    phase: PhaseFacts
    facts: Facts
    situation: Situation
    indicators: tuple[Indicator, ...]

    def node(self, kind: str) -> Node | None:
        return self.phase.nodes.get(kind)

    def reached(self, kind: str) -> Node | None:
        """The milestone, once it was reached by the day."""
        node = self.node(kind)
        return node if node and node.actual_on and node.actual_on <= self.on else None

    def compared(self, node: Node) -> tuple[Compared, ...]:
        """The indicators of which both the promise and the figure are known."""
        found = compare(node.kind, node.promised, node.actual, self.indicators)
        return tuple(item for item in found if item.kept is not None)


def states_of(
    phase: PhaseFacts, on: date, parameters: Parameters, indicators: tuple[Indicator, ...]
) -> tuple[Verdict, ...]:
    """Each state's verdict for one phase as of the day; `indicators` say which promises are least and which most."""
    settled = settle(phase.facts, on, parameters)
    case = Case(on, phase, settled.facts, situation(settled, on, parameters), indicators)
    return tuple([judge(case) for judge in _TABLE])


def holding(verdicts: tuple[Verdict, ...]) -> frozenset[str]:
    return frozenset(verdict.state for verdict in verdicts if verdict.holds)


def _supplied_unused(case: Case) -> Verdict:
    """Past the agreed start and not started: overdue within the year, idle after it."""
    name = "supplied_unused"
    if case.situation.started or case.situation.completed:
        return _no(name)
    start = case.situation.agreed_start
    if start is None:
        return _unknown(name, "agreed_start", "actual_delivery")
    if not case.situation.start_is_due:
        return _no(name)
    basis = "满一年未动工，疑似闲置" if case.situation.start_year_is_over else "逾期未动工"
    return Verdict(name, True, start, f"约定动工 {start}，{basis}")


def _underinvested(case: Case) -> Verdict:
    """Inside the building period with less than the plan's share of the investment."""
    name, seen = "underinvested", case.situation
    if seen.completed or not seen.within_building_period:
        unknown = not seen.completed and seen.agreed_start is None and not seen.started
        return _unknown(name, "agreed_start") if unknown else _no(name)
    short = seen.plan_invested_short
    if short is None:
        stated = (("progress", seen.invested_wan), ("total_investment_wan", seen.total_investment_wan))
        lacks = [fact for fact, value in stated if value is None]
        return _unknown(name, *lacks)
    if not short:
        return _no(name)
    basis = f"已投资 {_told(seen.invested_wan)} 万元，总投资 {_told(seen.total_investment_wan)} 万元"
    return Verdict(name, True, case.facts.actual_start or seen.agreed_start, basis)


def _not_exhausted(case: Case) -> Verdict:
    """Started or finished, but land left unused past the agreed completion, or built below what the contract asks."""
    name, seen = "not_exhausted", case.situation
    if not (seen.started or seen.completed):
        return _no(name)
    review = case.reached("completion_review")
    measured = [c for c in case.compared(review) if c.indicator.code in LAND_MEASURES] if review else []
    if review and (broken := [item.told_openly for item in measured if not item.kept]):
        return Verdict(name, True, review.actual_on, "、".join(broken))
    ended = seen.completed or (
        case.facts.agreed_completion is not None and case.on > case.facts.agreed_completion
    )
    developed, land = seen.developed_area_m2, seen.land_to_develop_m2
    if ended and developed is not None and land is not None and developed < land:
        since = case.facts.actual_completion if seen.completed else case.facts.agreed_completion
        return Verdict(name, True, since, f"已开发 {_told(developed)} 平方米，应开发 {_told(land)} 平方米")
    missing = []
    if ended and (developed is None or land is None):
        missing.append("progress" if developed is None else "land_to_develop_m2")
    if seen.completed and not measured:
        missing.append("completion_indicators")
    return _unknown(name, *missing) if missing else _no(name)


def _unreviewed(case: Case) -> Verdict:
    """Past the review's day with no passed record."""
    name, review = "unreviewed", case.reached("completion_review")
    passed = case.phase.review_passed_on
    if (review and review.result == "pass") or (passed is not None and passed <= case.on):
        return _no(name)
    planned = case.node("completion_review")
    due = (planned.planned_on if planned else None) or case.phase.review_due
    if due is None:
        known = case.situation.completed or case.situation.started
        return _unknown(name, "review_due") if known else _no(name)
    if case.on <= due:
        return _no(name)
    failed = ""
    if review and review.result == "fail":
        failed = (f"，整改期至 {review.remedy_until}" if review.remedy_until else "") + "，复核未通过"
    return Verdict(name, True, due, f"复核验收应于 {due} 前完成{failed}")


def _built_idle(case: Case) -> Verdict:
    """Finished, and not producing."""
    name, planned = "built_idle", case.node("production")
    if not case.situation.completed or case.reached("production"):
        return _no(name)
    if planned is None:
        return _unknown(name, "production")
    if planned.planned_on is not None and case.on <= planned.planned_on:
        return _no(name)
    since = planned.planned_on or case.facts.actual_completion
    return Verdict(name, True, since, f"已于 {case.facts.actual_completion} 竣工，未见投产记录")


def _below_standard(case: Case) -> Verdict:
    """Producing below what the contract promised, or the review of full production failed."""
    name, review = "below_standard", case.reached("full_production_review")
    if review is None:
        planned = case.node("full_production_review")
        late = planned is not None and planned.planned_on is not None and case.on > planned.planned_on
        return _unknown(name, "full_production") if late else _no(name)
    compared = case.compared(review)
    broken = [item.told_openly for item in compared if not item.kept]
    if review.result == "fail" or (broken and review.result != "pass"):
        return Verdict(name, True, review.actual_on, "、".join(broken) or "达产复核未通过")
    if review.result != "pass" and not compared:
        return _unknown(name, "full_production")
    return _no(name)


@cache
def _no(name: str) -> Verdict:
    """The same one for all: most of a county's verdicts are this."""
    return Verdict(name, False)


@cache
def _unknown(name: str, *missing: str) -> Verdict:
    return Verdict(name, None, missing=missing)


def _told(value: Decimal | None) -> str:
    return "" if value is None else plain(value)


_TABLE: tuple[Callable[[Case], Verdict], ...] = (
    _supplied_unused,
    _underinvested,
    _not_exhausted,
    _unreviewed,
    _built_idle,
    _below_standard,
)
