"""Every term runs from the service date, in the unit that its statute names, and stands still where the law says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from landgis.lib.workdays import WorkCalendar
from parcels.disposal.clocks import Clock, clocks
from parcels.disposal.procedure import fold
from parcels.disposal.terms import Rules, Term
from tests.parcels.disposal.walks import FORCED, PAID, RULES, TO_DECISION, TO_FINDING, Walk


def running(walk: Walk, rules: Rules = RULES) -> dict[str, Clock]:
    return {clock.name: clock for clock in clocks(fold(walk.steps), lambda day: rules)}


@pytest.mark.parametrize(
    ("steps", "name", "started", "due"),
    [
        (TO_FINDING[:1], "investigate", date(2024, 3, 1), date(2024, 4, 1)),  # 31 March is a Sunday
        (TO_FINDING[:3], "reply", date(2024, 3, 12), date(2024, 4, 11)),
        (
            TO_DECISION[:-3],
            "hearing_request",
            date(2024, 5, 7),
            date(2024, 5, 13),
        ),  # Saturday the 11th worked
        (TO_DECISION[:-3], "decision", date(2024, 5, 7), date(2024, 7, 8)),  # 6 July is a Saturday
        (TO_DECISION, "performance", date(2024, 5, 21), date(2024, 6, 20)),
        (TO_DECISION, "reconsideration", date(2024, 5, 21), date(2024, 7, 22)),  # 20 July is a Saturday
        (TO_DECISION, "litigation", date(2024, 5, 21), date(2024, 11, 21)),
        (TO_DECISION, "court_application", date(2024, 11, 21), date(2025, 2, 21)),
        (FORCED[:-3], "dunning", date(2024, 7, 2), date(2024, 7, 12)),
    ],
)
def test_a_term_runs_from_its_day_and_ends_on_its_last_working_one(
    steps: list[tuple[str, date]], name: str, started: date, due: date
) -> None:
    clock = running(Walk().along(steps))[name]
    assert (clock.started_on, clock.due_on) == (started, due)
    assert clock.running
    assert clock.days_left(due) == 0
    assert clock.days_left(due - timedelta(days=1)) == 1


def test_a_paper_that_was_not_served_starts_no_clock() -> None:
    assert "reply" not in running(Walk().along(TO_FINDING[:2]))
    assert "performance" not in running(Walk().along(TO_DECISION[:-1]))


def test_what_ends_a_clock() -> None:
    found = running(Walk().along(PAID))
    assert found["performance"].ended_on == date(2024, 6, 10)
    assert found["investigate"].ended_on == date(2024, 3, 11)
    assert found["court_application"].days_left(date(2025, 1, 1)) is None


def test_art_15_a_hearing_pauses_the_decision_and_the_rest_runs_on() -> None:
    walk = Walk().along(TO_DECISION[:-3]).go("hearing_request", date(2024, 5, 12))
    clock = running(walk)["decision"]
    assert clock.paused
    assert clock.days_left(date(2024, 6, 1)) is None
    walk.go("hearing_notice", date(2024, 6, 3), hearing_on=date(2024, 6, 20)).go(
        "service:hearing_notice", date(2024, 6, 4)
    )
    assert running(walk)["hearing"].due_on == date(2024, 6, 20)
    walk.go("hearing_held", date(2024, 6, 20))
    clock = running(walk)["decision"]
    assert clock.pauses == ((date(2024, 5, 12), date(2024, 6, 20)),)
    assert clock.due_on == date(2024, 8, 14)  # 5 of 60 days had run: 55 more from 20 June


def test_a_stay_of_the_decision_pauses_the_performance() -> None:
    walk = Walk().along(TO_DECISION).go("suspension", date(2024, 5, 31))
    assert running(walk)["performance"].paused
    walk.go("resumption", date(2024, 7, 1))
    assert running(walk)["performance"].due_on == date(2024, 7, 22)  # 20 days left: 21 July is a Sunday


@pytest.mark.parametrize(
    ("term", "due"),
    [
        (Term(30, "workday"), date(2024, 7, 16)),
        (Term(2, "month"), date(2024, 8, 5)),
        (Term(1, "year"), date(2025, 6, 5)),
    ],
)
def test_a_pause_is_counted_in_the_terms_own_unit(term: Term, due: date) -> None:
    rules = replace(RULES, terms={**RULES.terms, "performance": term})
    end = rules.ends_after_pauses("performance", date(2024, 5, 21), [(date(2024, 5, 31), date(2024, 6, 15))])
    assert end.rolled == due


def test_a_years_holidays_can_be_entered_and_a_term_says_when_they_are_unknown() -> None:
    served = [("suspicion", date(2034, 12, 1)), ("investigation_notice", date(2035, 1, 8))]
    walk = Walk().along([*served, ("service:investigation_notice", date(2035, 1, 10))])
    assert not running(walk)["reply"].covered
    values: dict[str, Any] = {"calendar.2035": {"rest": ["2035-02-08/2035-02-14"]}}
    own = replace(RULES, working=WorkCalendar.from_mapping(values))
    clock = running(walk, own)["reply"]
    assert (clock.due_on, clock.covered) == (date(2035, 2, 15), True)


def test_a_clock_keeps_the_rules_of_the_day_on_which_it_started() -> None:
    longer = replace(RULES, terms={**RULES.terms, "reply": Term(60, "day")})
    walk = Walk().along(TO_FINDING[:3])

    def rules_of(day: date) -> Rules:
        return longer if day >= date(2024, 3, 13) else RULES

    (clock,) = (c for c in clocks(fold(walk.steps), rules_of) if c.name == "reply")
    assert clock.due_on == date(2024, 4, 11)
