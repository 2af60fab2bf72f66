"""Stages in order, the straight-line schedule, targets that add up, shared ranks."""

from datetime import date
from decimal import Decimal

import pytest

from parcels.campaigns.rules import (
    STAGES,
    Period,
    hand_down_problem,
    missing_before,
    period_of,
    progress,
    ranked,
    stage_of,
    stages_open,
    standing,
)

TERM = Period(date(2021, 1, 1), date(2023, 12, 31))
LIMITS = {"green_from": 1.0, "yellow_from": 0.8}


@pytest.mark.parametrize("ledger", list(STAGES))
def test_every_stage_can_be_reached_and_none_twice(ledger: str) -> None:
    done: list[str] = []
    while opened := stages_open(ledger, done):
        done.append(opened[0].code)
    assert set(done) == {stage.code for stage in STAGES[ledger]}
    assert len(set(done)) == len(done)


@pytest.mark.parametrize("ledger", list(STAGES))
def test_done_is_not_the_end(ledger: str) -> None:
    """闭环: town, departments, task force, publicity, then 销号 and a look-back."""
    order = [stage.code for stage in STAGES[ledger]]
    assert order[order.index("done") :] == [
        "done", "town_check", "department_check", "approval", "publicity", "closed", "look_back", "reopened",
    ]  # fmt: skip
    closed = stage_of(ledger, "closed")
    assert closed is not None
    assert missing_before(ledger, closed, ["done"]) == ["公示"]


def test_a_relapse_takes_a_project_back_to_its_plan() -> None:
    passed = ["opened", "plan", "works", "done", "closed", "look_back", "reopened", "works"]
    assert standing(passed) == ["opened", "plan", "works"]


def test_a_yearly_target_runs_over_the_calendar_year_within_its_days() -> None:
    assert period_of("revitalisation", date(2022, 5, 1), date(2021, 1, 1), date(2023, 12, 31)) == Period(
        date(2022, 1, 1), date(2022, 12, 31)
    )
    assert period_of("revitalisation", date(2021, 5, 1), date(2021, 3, 1), date(2021, 9, 30)) == Period(
        date(2021, 3, 1), date(2021, 9, 30)
    )
    assert period_of("remediation", date(2022, 5, 1), date(2021, 1, 1), date(2023, 12, 31)) == TERM


@pytest.mark.parametrize(
    ("done", "on", "light", "outlook"),
    [
        ("4505", date(2022, 7, 2), "green", "on_track"),  # day 548 of 1095: due 4504.1
        ("3700", date(2022, 7, 2), "yellow", "will_miss"),
        ("3000", date(2022, 7, 2), "red", "will_miss"),
        ("9000", date(2023, 1, 1), "green", "reached"),
        ("8999.99", date(2024, 1, 1), "red", "missed"),
        ("0", date(2021, 6, 1), "red", "will_miss"),
        ("0", date(2020, 6, 1), "red", "unknown"),
    ],
)
def test_progress_against_the_straight_line(done: str, on: date, light: str, outlook: str) -> None:
    found = progress(Decimal(9000), Decimal(done), on, TERM, green_from=0.999, yellow_from=0.8)
    assert (found.light, found.outlook) == (light, outlook)


def test_the_projection_takes_the_pace_so_far() -> None:
    """After 365 of 1095 days 3000 of 9000: reached on the very last day."""
    found = progress(Decimal(9000), Decimal(3000), date(2021, 12, 31), TERM, **LIMITS)
    assert found.reached_on == date(2023, 12, 31)
    assert found.ratio == pytest.approx(1.0)
    slower = progress(Decimal(9000), Decimal("2999.99"), date(2021, 12, 31), TERM, **LIMITS)
    assert slower.outlook == "will_miss"


def test_without_a_target_nothing_is_judged() -> None:
    found = progress(None, Decimal(5), date(2025, 1, 1), None, **LIMITS)
    assert (found.light, found.outlook, found.due) == ("none", "unknown", None)


def test_parts_have_to_add_up() -> None:
    assert hand_down_problem(Decimal(9000), {"a": Decimal(4000), "b": Decimal(5000)}) == ""
    assert "相差 -1" in hand_down_problem(Decimal(9000), {"a": Decimal(4000), "b": Decimal(4999)})
    assert "负数" in hand_down_problem(Decimal(1), {"a": Decimal(2), "b": Decimal(-1)})


def test_equal_values_share_a_rank() -> None:
    assert ranked([("a", 3), ("b", 5), ("c", 3), ("d", 1)]) == {"b": 1, "a": 2, "c": 2, "d": 4}
