"""When tasks are due, which reminder has come, and what a line of figures says."""

from datetime import date
from typing import Any

import pytest

from parcels.tasks.rules import Schedule, due_days, mark, outstanding, read_figures, when_in_words

TERM: dict[str, Any] = {"first": date(2021, 1, 1), "last": date(2023, 12, 31)}


def test_each_rhythm_has_its_days() -> None:
    yearly = Schedule("yearly", **TERM, month=12, day=31)
    assert due_days(yearly, date(2026, 1, 1)) == [date(year, 12, 31) for year in (2021, 2022, 2023)]
    february = Schedule("yearly", date(2023, 3, 1), None, month=2, day=31)
    assert due_days(february, date(2025, 3, 1)) == [date(2024, 2, 29), date(2025, 2, 28)]
    weekly = Schedule("weekly", date(2021, 1, 1), date(2021, 1, 20), weekday=5)
    assert due_days(weekly, date(2022, 1, 1)) == [date(2021, 1, 1), date(2021, 1, 8), date(2021, 1, 15)]
    assert due_days(weekly, date(2020, 12, 1)) == []
    once = Schedule("once", **TERM, due_on=date(2021, 11, 30))
    assert due_days(once, date(2021, 11, 29)) == []
    assert due_days(once, date(2026, 1, 1)) == [date(2021, 11, 30)]
    assert due_days(Schedule("standing", **TERM), date(2026, 1, 1)) == []


def test_only_the_newest_missed_week_counts_and_none_after_the_term() -> None:
    weekly = Schedule("weekly", **TERM, weekday=5)
    on = date(2022, 12, 20)
    assert outstanding(weekly, on, (), date(2022, 12, 31)) == [date(2022, 12, d) for d in (16, 23, 30)]
    done = {date(2022, 12, 16)}
    assert outstanding(weekly, on, done, date(2022, 12, 24)) == [date(2022, 12, 23)]
    assert outstanding(weekly, date(2024, 1, 1), (), date(2024, 12, 31)) == []
    yearly = Schedule("yearly", **TERM, month=12, day=31)
    assert len(outstanding(yearly, date(2026, 1, 1), (), date(2026, 12, 31))) == 3


@pytest.mark.parametrize(
    ("left", "expected"), [(-1, -1), (0, 0), (1, 7), (7, 7), (8, 30), (30, 30), (31, None)]
)
def test_the_narrowest_reminder(left: int, expected: int | None) -> None:
    assert mark(left, (0, 7, 30)) == expected


def test_due_days_in_words() -> None:
    assert when_in_words(Schedule("yearly", **TERM, month=12, day=31)) == "每年12月底"
    assert when_in_words(Schedule("yearly", **TERM, month=6, day=15)) == "每年6月15日"
    assert when_in_words(Schedule("weekly", **TERM, weekday=5)) == "每周五"
    assert when_in_words(Schedule("once", **TERM, due_on=date(2021, 11, 30))) == "2021-11-30"
    assert when_in_words(Schedule("standing", **TERM)) == "长期保持"


def test_figures_are_read_line_by_line() -> None:
    figures, wrong = read_figures("签约企业 = 12 家\n\n整治面积＝30.5亩\n")
    assert wrong == ""
    assert figures == [
        {"title": "签约企业", "value": "12", "unit": "家"},
        {"title": "整治面积", "value": "30.5", "unit": "亩"},
    ]
    for line in ("签约企业 12 家", "= 3", "甲 = x", "甲 = 1 2"):
        assert read_figures(line)[1].startswith("第 1 行")
    assert "最多" in read_figures("\n".join(f"甲{n} = {n}" for n in range(40)))[1]
