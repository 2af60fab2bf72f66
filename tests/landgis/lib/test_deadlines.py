"""The counting of terms, named by the articles of the Civil Code (民法典) they follow."""

from __future__ import annotations

from datetime import MAXYEAR, date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landgis.lib.deadlines import (
    FullTerm,
    add_calendar_days,
    add_years,
    calendar_days_on,
    days_between,
    full_years_on,
    holiday_table_covers,
    is_working_day,
    working_days_on,
)

any_day = st.dates(date(1950, 1, 1), date(2150, 12, 31))


def test_art_201_the_start_day_is_not_counted_so_a_year_ends_on_the_same_day_next_year() -> None:
    assert full_years_on(date(2021, 3, 1), 1) == FullTerm(date(2022, 3, 1), date(2022, 3, 1), True)


@pytest.mark.parametrize(
    ("start", "years", "last"),
    [
        (date(2020, 2, 29), 1, date(2021, 2, 28)),
        (date(2020, 2, 29), 4, date(2024, 2, 29)),
        (date(2019, 2, 28), 1, date(2020, 2, 28)),
        (date(2022, 12, 31), 1, date(2023, 12, 31)),
        (date(2022, 1, 31), 2, date(2024, 1, 31)),
    ],
)
def test_art_202_a_term_of_years_ends_on_the_corresponding_day_or_the_months_end(
    start: date, years: int, last: date
) -> None:
    assert full_years_on(start, years).unrolled == last


@pytest.mark.parametrize(
    ("start", "rolled"),
    [
        (date(2021, 10, 1), date(2022, 10, 8)),  # National Day rest until the 7th; Saturday the 8th is worked
        (date(2023, 2, 9), date(2024, 2, 9)),  # New Year's Eve 2024 was an ordinary working day
        (date(2023, 2, 10), date(2024, 2, 18)),  # Spring Festival until the 17th; Sunday the 18th is worked
        (date(2020, 2, 29), date(2021, 3, 1)),  # 28 February 2021 is a Sunday
        (date(2022, 4, 23), date(2023, 4, 23)),  # a Sunday on which offices worked in lieu of 1 May
    ],
)
def test_art_203_a_last_day_of_rest_moves_to_the_next_working_day(start: date, rolled: date) -> None:
    assert full_years_on(start, 1).rolled == rolled


def test_without_rolling_the_two_days_are_one() -> None:
    day = date(2022, 10, 1)
    assert full_years_on(date(2021, 10, 1), 1, roll=False) == FullTerm(day, day, True)


def test_a_year_outside_the_holiday_table_falls_back_to_weekends_and_says_so() -> None:
    assert full_years_on(date(2098, 10, 1), 1) == FullTerm(date(2099, 10, 1), date(2099, 10, 1), False)
    assert full_years_on(date(2098, 10, 3), 1) == FullTerm(date(2099, 10, 3), date(2099, 10, 5), False)
    assert not full_years_on(date(1989, 5, 1), 1).holiday_table
    assert not working_days_on(date(2099, 10, 1), 3).holiday_table


def test_rolling_out_of_the_last_covered_year_is_not_called_covered() -> None:
    year = next(y for y in range(2024, 2200) if not holiday_table_covers(y))
    last = max(day for day in (date(year - 1, 12, d) for d in range(25, 32)) if is_working_day(day))
    assert calendar_days_on(last - timedelta(days=1), 1).holiday_table
    assert not working_days_on(last, 1).holiday_table


def test_the_calendars_end_does_not_overflow() -> None:
    assert full_years_on(date(MAXYEAR, 12, 31), 1).rolled == date.max
    assert add_calendar_days(date(MAXYEAR, 12, 30), 30) == date.max
    assert working_days_on(date.max, 5).rolled == date.max


def test_a_term_of_thirty_days_is_calendar_days_and_rolls() -> None:
    # Served 2024-09-02: the 30th day is 2 October, inside the National Day rest of 1-7 October.
    assert calendar_days_on(date(2024, 9, 2), 30) == FullTerm(date(2024, 10, 2), date(2024, 10, 8), True)


def test_working_days_skip_the_holiday_and_count_worked_weekends() -> None:
    # After 29 September 2024 (a worked Sunday): 30 September, then 8, 9, 10, 11 October.
    assert working_days_on(date(2024, 9, 29), 5).rolled == date(2024, 10, 11)
    assert working_days_on(date(2024, 9, 28), 1).rolled == date(2024, 9, 29)


def test_a_term_of_no_working_days_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one day"):
        working_days_on(date(2024, 1, 1), 0)


def test_days_between_counts_from_the_next_day() -> None:
    assert days_between(date(2021, 3, 1), date(2021, 3, 1)) == 0
    assert days_between(date(2021, 3, 1), date(2022, 3, 1)) == 365
    assert days_between(date(2021, 3, 2), date(2021, 3, 1)) == -1


@given(any_day, st.integers(0, 70))
def test_a_full_year_never_ends_early_and_rolls_only_over_rest_days(start: date, years: int) -> None:
    term = full_years_on(start, years)
    assert term.unrolled == add_years(start, years)
    assert (term.unrolled.year, term.unrolled.month) == (start.year + years, start.month)
    assert start.day - 3 <= term.unrolled.day <= start.day
    assert is_working_day(term.rolled)
    between = (term.unrolled + timedelta(days=n) for n in range((term.rolled - term.unrolled).days))
    assert not any(is_working_day(day) for day in between)


@given(any_day, st.integers(1, 40))
def test_working_days_agree_with_counting_them_one_by_one(start: date, days: int) -> None:
    last = working_days_on(start, days).rolled
    counted = [start + timedelta(days=n) for n in range(1, (last - start).days + 1)]
    assert sum(is_working_day(day) for day in counted) == days
    assert is_working_day(last)
