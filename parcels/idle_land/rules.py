"""Art. 2 of《闲置土地处置办法》and the plan's list of underinvested projects: facts in, finding out.

Refuses to call land "not idle" because a date can't be known, and never subtracts the causes of art. 8: they
change the route of a case, not its clock. Net days stand beside the gross ones and no row of the table reads them.

How the table reads facts:
- they are those of the screening day: a start, completion, delivery or progress record of a later day isn't
  known yet;
- a full year is complete at the end of its last day, so land is idle only on a day after it;
- the start date of art. 22 (delivery + 1 year) is a date, not a term for an act, so it isn't moved off a rest
  day; the full year that runs from it is;
- a stoppage can't have begun before the start, so its clock runs from the later of the two days.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal
from fractions import Fraction
from typing import Literal, NamedTuple, TypeVar

from landgis.lib.deadlines import FullTerm, add_years, days_between, full_years_on
from parcels.idle_land.causes import ARTICLE_8, CLASS_OF, covered_days
from parcels.idle_land.facts import FACT_TITLES, Facts, Parameters, Progress, Settled, figure, remarks, settle
from parcels.supply.rules import area_contradiction

__all__ = [
    "FACT_TITLES",
    "FINDING_TITLES",
    "RULES",
    "Facts",
    "Finding",
    "FindingCode",
    "Parameters",
    "Progress",
    "Rule",
    "Situation",
    "screen",
    "situation",
]

FindingCode = Literal["idle_not_started", "idle_stopped", "overdue", "underinvested", "undetermined", "clear"]
Clock = Literal["start", "stoppage", ""]
Origin = Literal["agreed", "supplement", "delivery", ""]

FINDING_TITLES: dict[FindingCode, str] = {
    "idle_not_started": "疑似闲置（满期未动工）",
    "idle_stopped": "疑似闲置（中止建设）",
    "overdue": "逾期未动工",
    "underinvested": "建设期投资不足",
    "undetermined": "待核实",
    "clear": "未发现闲置情形",
}

_STATUTE = "《闲置土地处置办法》"
_EXACT = Context(prec=200)
_Name = TypeVar("_Name", bound=str)


class Situation(NamedTuple):
    """What the facts amount to on the screening day; None in a judgement means that it can't be known."""

    on: date
    completed: bool
    started: bool
    agreed_start: date | None
    agreed_start_from: Origin
    start_term: FullTerm | None
    stopped_since: date | None
    stoppage_term: FullTerm | None
    within_building_period: bool
    developed_area_m2: Decimal | None
    land_to_develop_m2: Decimal | None
    invested_wan: Decimal | None
    total_investment_wan: Decimal | None
    parameters: Parameters

    @property
    def start_is_due(self) -> bool:
        return self.agreed_start is not None and self.on > self.agreed_start

    @property
    def start_year_is_over(self) -> bool:
        return self.start_term is not None and self.on > self.start_term.rolled

    @property
    def stopped_a_full_year(self) -> bool:
        return self.started and self.stoppage_term is not None and self.on > self.stoppage_term.rolled

    @property
    def developed_short(self) -> bool | None:
        return _short(self.developed_area_m2, self.land_to_develop_m2, self.parameters.developed_ratio_min)

    @property
    def invested_short(self) -> bool | None:
        return _short(self.invested_wan, self.total_investment_wan, self.parameters.invested_ratio_min)

    @property
    def plan_invested_short(self) -> bool | None:
        return _short(self.invested_wan, self.total_investment_wan, self.parameters.underinvested_ratio_min)

    @property
    def either_short(self) -> bool | None:
        """Art. 2(2) joins the two ratios by "or": one that is short decides; unknown only where none is."""
        if self.developed_short or self.invested_short:
            return True
        return None if self.developed_short is None or self.invested_short is None else False

    @property
    def missing_ratio_facts(self) -> tuple[str, ...]:
        names = ("developed_area_m2", "land_to_develop_m2", "invested_wan", "total_investment_wan")
        return tuple(name for name in names if getattr(self, name) is None)


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table: when it holds, the finding and its article, and if it must or may be made."""

    finding: FindingCode
    article: str
    mandatory: bool
    clock: Clock
    holds: Callable[[Situation], bool]
    missing: Callable[[Situation], tuple[str, ...]] | None = None


# The gravest first: the first row that holds is the finding, the others that hold stand beside it.
RULES: tuple[Rule, ...] = (
    Rule(
        finding="idle_not_started",
        article=_STATUTE + "第二条第一款",
        mandatory=True,
        clock="start",
        holds=lambda s: not s.completed and not s.started and s.start_year_is_over,
    ),
    Rule(
        finding="idle_stopped",
        article=_STATUTE + "第二条第二款",
        mandatory=False,
        clock="stoppage",
        holds=lambda s: not s.completed and s.stopped_a_full_year and s.either_short is True,
    ),
    Rule(
        finding="overdue",
        article=_STATUTE + "第二条第一款（未满期，预警）",
        mandatory=False,
        clock="start",
        holds=lambda s: not s.completed and not s.started and s.start_is_due and not s.start_year_is_over,
    ),
    Rule(
        finding="underinvested",
        article="",  # the plan's own, from the parameters
        mandatory=False,
        clock="",
        holds=lambda s: not s.completed and s.within_building_period and s.plan_invested_short is True,
    ),
    Rule(
        finding="undetermined",
        article=_STATUTE + "第二条第一款、第二十二条",
        mandatory=False,
        clock="",
        holds=lambda s: not s.completed and s.agreed_start is None,
        missing=lambda s: ("agreed_start", "actual_delivery"),
    ),
    Rule(
        finding="undetermined",
        article=_STATUTE + "第二条第二款",
        mandatory=False,
        clock="",
        holds=lambda s: not s.completed and s.stopped_a_full_year and s.either_short is None,
        missing=lambda s: s.missing_ratio_facts,
    ),
    Rule(finding="clear", article="", mandatory=False, clock="", holds=lambda s: True),
)


class Finding(NamedTuple):
    """The verdict on one phase. `full_year_on` is the last day of the clock that runs, moved off rest days.

    `gross_idle_days` are the days run on that clock, start day not counted and no cause deducted; only
    findings that rest on a clock have them. `net_idle_days` leaves out verified causes of art. 8: decision support,
    read by no rule. `also`: further findings that hold; `missing`: facts to find.
    """

    code: FindingCode
    article: str
    mandatory: bool
    agreed_start: date | None
    agreed_start_from: Origin
    full_year_on: date | None
    gross_idle_days: int | None
    missing: tuple[str, ...]
    also: tuple[FindingCode, ...]
    remarks: tuple[str, ...]
    rule_version: str
    net_idle_days: int | None = None


def screen(facts: Facts, on: date, parameters: Parameters) -> Finding:
    """What the table says of `facts` as they were on the day `on`."""
    settled = settle(facts, on, parameters)
    case = situation(settled, on, parameters)
    rows = [rule for rule in RULES if rule.holds(case)]
    first = rows[0]
    term = _running_term(case)
    since = _runs_since(first.clock, case)
    lacking = settled.missing if first.clock == "start" else ()
    return Finding(
        code=first.finding,
        article=_article(rows, parameters),
        mandatory=first.mandatory,
        agreed_start=case.agreed_start,
        agreed_start_from=case.agreed_start_from,
        full_year_on=term.rolled if term else None,
        gross_idle_days=days_between(since, on) if since else None,
        missing=_distinct(
            [name for rule in rows if rule.missing for name in rule.missing(case)] + [*lacking]
        ),
        also=_distinct([rule.finding for rule in rows[1:-1] if rule.finding != first.finding]),
        remarks=(
            remarks(settled.facts, settled.progress, on)
            + _shape_remark(settled.progress, parameters)
            + settled.remarks
            + _cause_remark(facts, on)
            + _calendar_remark(term)
        ),
        rule_version=parameters.rule_version,
        net_idle_days=days_between(since, on) - covered_days(facts.causes, since, on) if since else None,
    )


def situation(settled: Settled, on: date, parameters: Parameters) -> Situation:
    """The facts put side by side with the parameters: what the rows of the table speak of."""
    facts, progress, roll, working = (
        settled.facts,
        settled.progress,
        parameters.roll_over_rest_days,
        parameters.working,
    )
    started = facts.actual_start is not None and facts.actual_start <= on
    agreed_start, derived_from = _agreed_start(settled, on, parameters)
    stopped_since = settled.stopped_since
    if stopped_since and facts.actual_start and started:
        stopped_since = max(stopped_since, facts.actual_start)
    past_completion = facts.agreed_completion is not None and on > facts.agreed_completion
    return Situation(
        on=on,
        completed=facts.actual_completion is not None and facts.actual_completion <= on,
        started=started,
        agreed_start=agreed_start,
        agreed_start_from=derived_from,
        start_term=(
            full_years_on(agreed_start, parameters.not_started_years, roll, working) if agreed_start else None
        ),
        stopped_since=stopped_since,
        stoppage_term=(
            full_years_on(stopped_since, parameters.stopped_years, roll, working) if stopped_since else None
        ),
        within_building_period=(started or (agreed_start is not None and on > agreed_start))
        and (not past_completion or parameters.underinvested_past_completion),
        developed_area_m2=figure(progress.developed_m2) if progress else None,
        land_to_develop_m2=figure(facts.land_to_develop_m2) or None,
        invested_wan=figure(progress.invested_wan) if progress else None,
        total_investment_wan=figure(facts.total_investment_wan) or None,
        parameters=parameters,
    )


def _agreed_start(settled: Settled, on: date, parameters: Parameters) -> tuple[date | None, Origin]:
    """The latest agreed date; else art. 22, from the ACTUAL delivery: the agreed delivery is no substitute."""
    facts = settled.facts
    if facts.agreed_start is not None:
        return facts.agreed_start, "supplement" if settled.agreed_in_supplement else "agreed"
    if facts.actual_delivery is not None and facts.actual_delivery <= on:
        return add_years(facts.actual_delivery, parameters.delivery_grace_years), "delivery"
    return None, ""


def _short(part: Decimal | None, whole: Decimal | None, least: Fraction) -> bool | None:
    """Whether part/whole is strictly below `least`, without rounding; None where either can't be known."""
    if part is None or whole is None:
        return None
    return _EXACT.multiply(part, least.denominator) < _EXACT.multiply(whole, least.numerator)


def _running_term(case: Situation) -> FullTerm | None:
    """The clock that runs on the day: towards the start until building starts, of a stoppage afterwards."""
    if case.completed:
        return None
    return case.stoppage_term if case.started else case.start_term


def _article(rows: list[Rule], parameters: Parameters) -> str:
    if rows[0].finding == "underinvested":
        return parameters.underinvested_basis
    return "；".join(rule.article for rule in rows if rule.finding == rows[0].finding)


def _runs_since(clock: Clock, case: Situation) -> date | None:
    return {"start": case.agreed_start, "stoppage": case.stopped_since, "": None}[clock]


def _distinct(names: list[_Name]) -> tuple[_Name, ...]:
    return tuple(dict.fromkeys(names)) if names else ()


def _calendar_remark(term: FullTerm | None) -> tuple[str, ...]:
    if term is None or term.holiday_table:
        return ()
    return (f"{term.rolled.year} 年的节假日安排不在日历表内，满期日仅按周末顺延，请核对",)


def _shape_remark(progress: Progress | None, parameters: Parameters) -> tuple[str, ...]:
    if progress is None:
        return ()
    told = area_contradiction(
        figure(progress.developed_area_m2),
        progress.measured_area_m2,
        tolerance_m2=parameters.area_tolerance_m2,
        tolerance_ratio=parameters.area_tolerance_ratio,
    )
    return (told,) if told else ()


def _cause_remark(facts: Facts, on: date) -> tuple[str, ...]:
    known = [cause for cause in facts.causes if cause.begins <= on and CLASS_OF.get(cause.code) in ARTICLE_8]
    unverified = sum(not cause.verified for cause in known)
    if not unverified:
        return ()
    return (f"有 {unverified} 段第八条原因期间未经核实，未计入净天数，请核实证据",)
