"""The clocks of a case: which terms run from which day, when they end, what has stopped them and whether they are over.

Refuses to run a term before the service that it runs from: a paper without its receipt starts nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from landgis.lib.deadlines import days_between
from parcels.disposal.needs import STATUTE, court_window
from parcels.disposal.state import ANEW, ENDINGS, State, Step
from parcels.disposal.terms import RulesOfDay

Side = Literal["bureau", "holder", "window"]
_PENAL = ("fee_decision", "repossession_decision")


@dataclass(frozen=True, slots=True)
class ClockRule:
    """One clock: from which stages' step, service or stated day it runs, for which term, and what ends or pauses it.

    `side`: whose duty it is; a `window` is somebody's right, whose passing isn't a failure of anybody.
    """

    name: str
    title: str
    article: str
    side: Side
    of: tuple[str, ...]
    term: str = ""
    served: bool = True
    day: str = ""
    ended_by: tuple[str, ...] = ()
    paused_by: tuple[str, ...] = ()
    resumed_by: tuple[str, ...] = ()


RULES: tuple[ClockRule, ...] = (
    ClockRule(
        "investigate", "调查核实并发出调查通知书", STATUTE + "第五条", "bureau", ("suspicion", *ANEW),
        "investigate", served=False, ended_by=("investigation_notice",),
    ),
    ClockRule(
        "reply", "使用权人答复", STATUTE + "第六条", "holder", ("investigation_notice",), "reply",
        ended_by=("reply", "no_reply", "finding"),
    ),
    ClockRule(
        "hearing_request", "申请听证", STATUTE + "第十五条", "window", ("hearing_right_notice",),
        "hearing_request", ended_by=("hearing_request", "hearing_waived"),
    ),
    ClockRule(
        "hearing", "举行听证", STATUTE + "第十五条", "bureau", ("hearing_notice",), day="hearing_on",
        served=False, ended_by=("hearing_held", "hearing_waived"),
    ),
    ClockRule(
        "decision", "作出处置决定", "内部时限", "bureau", ("hearing_right_notice",), "decision",
        ended_by=_PENAL, paused_by=("hearing_request",), resumed_by=("hearing_held", "hearing_waived"),
    ),
    ClockRule(
        "performance", "履行决定（缴费或者交回）", STATUTE + "第十七条", "holder", _PENAL, "performance",
        ended_by=ENDINGS, paused_by=("suspension",), resumed_by=("resumption",),
    ),
    ClockRule(
        "reconsideration", "申请行政复议", "《行政复议法》", "window", _PENAL, "reconsideration",
        ended_by=("reconsideration",),
    ),
    ClockRule(
        "litigation", "提起行政诉讼", "《行政诉讼法》第四十六条", "window", _PENAL, "litigation",
        ended_by=("litigation",),
    ),
    ClockRule(
        "dunning", "催告后履行", "《行政强制法》第五十四条", "holder", ("dunning",), "dunning",
        ended_by=("court_application", *ENDINGS), paused_by=("suspension",), resumed_by=("resumption",),
    ),
    ClockRule(
        "new_start", "按协议动工", STATUTE + "第十二条", "holder", ("agreement",), day="new_start",
        served=False, ended_by=("performed", "breach"),
    ),
    ClockRule(
        "until", "协议期限", STATUTE + "第十二条", "holder", ("agreement",), day="until", served=False,
        ended_by=("performed", "breach"),
    ),
    ClockRule(
        "look_back", "回头看", "行动方案：回头看", "bureau", ("closed",), "look_back", served=False,
        ended_by=("look_back",),
    ),
)  # fmt: skip


class Clock(NamedTuple):
    """A clock of a case. `due_on` is None while it stands still; `covered`: whether the holiday table reached that far."""

    name: str
    title: str
    article: str
    side: Side
    from_seq: int
    started_on: date
    due_on: date | None
    ended_on: date | None
    term: str
    covered: bool = True
    pauses: tuple[tuple[date, date | None], ...] = ()

    @property
    def running(self) -> bool:
        return self.ended_on is None

    @property
    def paused(self) -> bool:
        return self.due_on is None

    def days_left(self, on: date) -> int | None:
        """Days to the last one, 0 on it, negative when it is over; None while the clock stands still or has ended."""
        return None if self.due_on is None or not self.running else days_between(on, self.due_on)


def clocks(state: State, rules_of_day: RulesOfDay) -> list[Clock]:
    """Every clock that the state's steps started, under the rules of the day on which it started."""
    found = [clock for rule in RULES if (clock := _clock(rule, state, rules_of_day))]
    return [*found, *_court_clock(state, rules_of_day)]


def _clock(rule: ClockRule, state: State, rules_of_day: RulesOfDay) -> Clock | None:
    step = state.last(*rule.of)
    if step is None:
        return None
    started = state.served_on(*rule.of) if rule.served else step.on
    if started is None:
        return None
    rules = rules_of_day(started)
    ended = _first(state, rule.ended_by, step)
    if rule.day:
        due = step.fact(rule.day)
        if due is None:
            return None
        return _made(rule, step, started, due, ended, "约定日期")
    pauses = _pauses(rule, state, started)
    term = str(rules.term(rule.term))
    if pauses and pauses[-1][1] is None:
        return _made(rule, step, started, None, ended, term, True, tuple(pauses))
    whole = [(first, last) for first, last in pauses if last is not None]
    end = rules.ends_after_pauses(rule.term, started, whole) if whole else rules.ends(rule.term, started)
    return _made(rule, step, started, end.rolled, ended, term, end.holiday_table, tuple(pauses))


def _made(
    rule: ClockRule,
    step: Step,
    started: date,
    due: date | None,
    ended: Step | None,
    term: str,
    covered: bool = True,
    pauses: tuple[tuple[date, date | None], ...] = (),
) -> Clock:
    return Clock(
        rule.name, rule.title, rule.article, rule.side, step.seq, started, due,
        ended.on if ended else None, term, covered, pauses,
    )  # fmt: skip


def _court_clock(state: State, rules_of_day: RulesOfDay) -> Iterator[Clock]:
    step, served_on = state.last(*_PENAL), state.served_on(*_PENAL)
    if step is None or served_on is None:
        return
    rules = rules_of_day(served_on)
    if (window := court_window(state, rules)) is None:
        return
    started, end = window
    ended = _first(state, ("court_application", *ENDINGS), step)
    yield Clock(
        "court_application", "申请人民法院强制执行", "《行政强制法》第五十三条", "bureau", step.seq, started,
        end.rolled, ended.on if ended else None, str(rules.term("court_application")), end.holiday_table,
    )  # fmt: skip


def _first(state: State, stages: tuple[str, ...], after: Step) -> Step | None:
    return next((s for s in state.steps if s.stage in stages and s.seq > after.seq), None)


def _pauses(rule: ClockRule, state: State, started: date) -> list[tuple[date, date | None]]:
    found: list[tuple[date, date | None]] = []
    for step in state.steps:
        if step.stage in rule.paused_by and step.on >= started and not (found and found[-1][1] is None):
            found.append((step.on, None))
        elif step.stage in rule.resumed_by and found and found[-1][1] is None:
            found[-1] = (found[-1][0], step.on)
    return found
