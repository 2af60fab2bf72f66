"""Where a milestone stands on each side of every boundary, and which verdicts the officer may confirm."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parcels.milestones.rules import REVIEWS, STATUS_TITLES, Recorded, standing, verdict_issues
from parcels.supply.indicators import Indicator
from parcels.supply.rules import MILESTONES

INDICATORS = (
    Indicator("plot_ratio", "容积率", "", "at_least", ("completion_review",)),
    Indicator("green_ratio", "绿地率", "", "at_most", ("completion_review",)),
)
PLANNED, REACHED, REMEDY = date(2024, 6, 1), date(2024, 7, 1), date(2025, 7, 1)
DAY = timedelta(days=1)


def stands(on: date, kind: str = "completion_review", **facts: Any) -> tuple[str, int | None]:
    found = standing(Recorded(kind, **facts), on, INDICATORS, soon_days=30)
    return found.status, found.days


@pytest.mark.parametrize(
    ("on", "found"),
    [
        (PLANNED - 31 * DAY, ("planned", -31)),
        (PLANNED - 30 * DAY, ("soon", -30)),
        (PLANNED, ("soon", 0)),
        (PLANNED + DAY, ("overdue", 1)),
    ],
)
def test_a_milestone_is_soon_a_month_ahead_and_overdue_on_the_day_after(
    on: date, found: tuple[str, int]
) -> None:
    assert stands(on, planned_on=PLANNED) == found


def test_what_is_reached_later_is_not_known_before() -> None:
    facts: dict[str, Any] = {"planned_on": PLANNED, "actual_on": REACHED, "result": "pass"}
    assert stands(REACHED - DAY, **facts) == ("overdue", 29)
    assert stands(REACHED, **facts) == ("passed", 30)


def test_a_review_waits_for_its_verdict_and_another_milestone_does_not() -> None:
    assert stands(REACHED, planned_on=PLANNED, actual_on=REACHED) == ("judge", 30)
    assert stands(REACHED, "start", planned_on=PLANNED, actual_on=PLANNED) == ("done", 0)
    assert stands(REACHED, "start", actual_on=PLANNED) == ("done", None)


@pytest.mark.parametrize(
    ("on", "found"),
    [(REACHED, ("remedy", -365)), (REMEDY, ("remedy", 0)), (REMEDY + DAY, ("remedy_over", 1))],
)
def test_a_failed_one_is_in_its_remedy_through_its_last_day(on: date, found: tuple[str, int]) -> None:
    facts: dict[str, Any] = {"actual_on": REACHED, "result": "fail", "remedy_until": REMEDY}
    assert stands(on, planned_on=PLANNED, **facts) == found
    assert stands(on, actual_on=REACHED, result="fail")[0] == "failed"


def rule(promised: dict[str, Any], actual: dict[str, Any]) -> bool | None:
    node = Recorded("completion_review", PLANNED, REACHED, promised, actual)
    return standing(node, REACHED, INDICATORS, soon_days=30).verdict


def test_the_rules_verdict() -> None:
    both = {"plot_ratio": 1.5, "green_ratio": 0.15}
    assert rule(both, {"plot_ratio": 1.5, "green_ratio": 0.15}) is True
    assert rule(both, {"plot_ratio": 1.49, "green_ratio": 0.15}) is False
    assert rule(both, {"plot_ratio": 1.5, "green_ratio": 0.151}) is False
    assert rule(both, {"plot_ratio": 1.5}) is None
    assert rule(both, {"plot_ratio": 1}) is False  # one broken promise decides, whatever is missing
    assert rule({}, {"plot_ratio": 1}) is None


def fields(result: str, remedy: date | None = None, on: date = REACHED, **facts: Any) -> list[str]:
    kind = facts.pop("kind", "completion_review")
    node = Recorded(kind, **{"planned_on": PLANNED, "actual_on": REACHED, **facts})
    return [issue["field"] for issue in verdict_issues(node, result, remedy, on, INDICATORS)]


GOOD: dict[str, Any] = {"promised": {"plot_ratio": 1.5}, "actual": {"plot_ratio": 1.5}}
BAD: dict[str, Any] = {"promised": {"plot_ratio": 1.5}, "actual": {"plot_ratio": 1.4}}


@pytest.mark.parametrize(
    ("found", "wrong"),
    [
        (fields("pass", **GOOD), []),
        (fields("pass", **BAD), ["result"]),
        (fields("pass", promised={"plot_ratio": 1.5}), ["result"]),
        (fields("pass"), ["result"]),
        (fields("pass", kind="production"), []),
        (fields("pass", REMEDY, **GOOD), ["remedy_until"]),
        (fields("pass", actual_on=None, **GOOD), ["actual_on"]),
        (fields("pass", on=REACHED - DAY, **GOOD), ["actual_on"]),
        (fields("fail", REMEDY, **BAD), []),
        (fields("fail", REMEDY, **GOOD), []),
        (fields("fail", **BAD), ["remedy_until"]),
        (fields("fail", REACHED, **BAD), ["remedy_until"]),
        (fields("fail", REACHED + DAY, **BAD), []),
        (fields("maybe", **GOOD), ["result"]),
    ],
)
def test_which_verdicts_can_be_confirmed(found: list[str], wrong: list[str]) -> None:
    assert found == wrong


days = st.none() | st.dates(date(2023, 1, 1), date(2026, 1, 1))


@given(
    st.sampled_from(list(MILESTONES)),
    days,
    days,
    days,
    st.sampled_from(["", "pass", "fail"]),
    st.dates(date(2023, 1, 1), date(2026, 1, 1)),
)
def test_every_milestone_stands_somewhere_and_an_unreached_one_is_never_over(
    kind: str, planned: date | None, actual: date | None, remedy: date | None, result: str, on: date
) -> None:
    found = standing(Recorded(kind, planned, actual, {}, {}, result, remedy), on, INDICATORS, soon_days=30)
    assert found.status in STATUS_TITLES
    reached = actual is not None and actual <= on
    assert reached == (found.status in {"passed", "done", "judge", "remedy", "remedy_over", "failed"})
    assert (found.status == "judge") == (reached and not result and kind in REVIEWS)
    assert found.days_told == "" or found.days_told[0] in "超余"
