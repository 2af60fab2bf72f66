"""Terms counted in years, calendar days and working days, as 民法典 arts. 201-203 count them.

Refuses to know any statute's number of years or days, and never guesses a holiday: where the published table
ends it says so.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta
from functools import lru_cache

import chinese_calendar

_DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class FullTerm:
    """The last day of a term: as counted, moved off rest days, and whether the holiday table covered it."""

    unrolled: date
    rolled: date
    holiday_table: bool


@lru_cache(maxsize=65536)
def full_years_on(start: date, years: int, roll: bool = True) -> FullTerm:
    """The last day of `years` full years from `start`, the start day not counted (arts. 201, 202)."""
    return _ending(add_years(start, years), roll)


@lru_cache(maxsize=65536)
def calendar_days_on(start: date, days: int, roll: bool = True) -> FullTerm:
    """The last day of a term of calendar days (日); the start day isn't counted."""
    return _ending(add_calendar_days(start, days), roll)


@lru_cache(maxsize=65536)
def working_days_on(start: date, days: int) -> FullTerm:
    """The last day of a term of working days (工作日); the start day isn't counted."""
    if days < 1:
        raise ValueError("a term of working days has at least one day")
    day, covered = start, True
    while days and day < date.max:
        day += _DAY
        covered = covered and holiday_table_covers(day.year)
        days -= is_working_day(day)
    return FullTerm(day, day, covered)


def add_years(start: date, years: int) -> date:
    """The corresponding day `years` later, else the month's last; past the calendar's end, its last day."""
    year = start.year + years
    if year > MAXYEAR:
        return date.max
    return date(year, start.month, min(start.day, calendar.monthrange(year, start.month)[1]))


def add_calendar_days(start: date, days: int) -> date:
    """`days` later by the calendar; past the calendar's end, its last day."""
    return start + timedelta(days=min(days, (date.max - start).days))


def days_between(start: date, end: date) -> int:
    """The days run from `start` to `end`, the start day not counted; negative when `end` is earlier."""
    return (end - start).days


@lru_cache(maxsize=65536)
def is_working_day(day: date) -> bool:
    """Whether offices work: by the State Council's arrangement where the table has it, else on weekdays."""
    if holiday_table_covers(day.year):
        return bool(chinese_calendar.is_workday(day))
    return day.weekday() < _SATURDAY


@lru_cache(maxsize=1024)
def holiday_table_covers(year: int) -> bool:
    """Whether the table has that year's arrangement; each is published only late in the year before."""
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


def _ending(last: date, roll: bool) -> FullTerm:
    # Art. 203: a last day of rest gives way to the day after the rest; each year looked at must be covered.
    covered = holiday_table_covers(last.year)
    rolled = last
    while roll and rolled < date.max and not is_working_day(rolled):
        rolled += _DAY
        covered = covered and holiday_table_covers(rolled.year)
    return FullTerm(last, rolled, covered)
