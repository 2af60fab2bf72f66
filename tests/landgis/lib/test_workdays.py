"""A county's own calendar before the library's table, and terms counted by it."""

from __future__ import annotations

from datetime import date

from landgis.lib.deadlines import (
    add_months,
    calendar_days_on,
    full_months_on,
    working_days_between,
    working_days_on,
)
from landgis.lib.workdays import PUBLISHED, WorkCalendar

OWN = WorkCalendar.from_mapping(
    {"calendar.2035": {"rest": ["2035-02-08/2035-02-14"], "work": ["2035-02-17"]}, "other": 1}
)


def test_a_year_that_the_library_lacks_can_be_entered_as_data() -> None:
    assert not PUBLISHED.covers(2035)
    assert OWN.covers(2035)
    assert not OWN.works(date(2035, 2, 8))  # a Thursday within the holiday
    assert OWN.works(date(2035, 2, 17))  # a Saturday worked instead
    assert not OWN.works(date(2035, 2, 18))


def test_the_entered_year_moves_a_last_day_off_its_holiday() -> None:
    term = calendar_days_on(date(2035, 1, 10), 30, True, OWN)
    assert (term.unrolled, term.rolled, term.holiday_table) == (date(2035, 2, 9), date(2035, 2, 15), True)
    assert not calendar_days_on(date(2035, 1, 10), 30).holiday_table


def test_working_days_are_counted_by_the_entered_year() -> None:
    assert working_days_on(date(2035, 2, 7), 3, OWN).rolled == date(2035, 2, 17)
    assert working_days_between(date(2035, 2, 7), date(2035, 2, 17), OWN) == 3


def test_a_correction_of_single_days_leaves_the_year_to_the_library() -> None:
    corrected = WorkCalendar.from_mapping({"calendar.2024": {"rest": ["2024-03-06"], "whole": False}})
    assert not corrected.works(date(2024, 3, 6))
    assert not corrected.works(date(2024, 10, 1))
    assert corrected.works(date(2024, 3, 7))


def test_no_entries_are_the_published_table_itself() -> None:
    assert WorkCalendar.from_mapping({"idle_land.fee_rate": "0.20"}) is PUBLISHED


def test_art_202_a_term_of_months_ends_on_the_corresponding_day_or_the_months_end() -> None:
    assert add_months(date(2023, 8, 31), 6) == date(2024, 2, 29)
    assert add_months(date(2024, 10, 15), 3) == date(2025, 1, 15)
    assert add_months(date(2024, 12, 15), 12) == date(2025, 12, 15)
    assert full_months_on(date(2024, 4, 1), 6).rolled == date(2024, 10, 8)
