"""Terms counted in years, months, calendar days and working days, as 民法典 arts. 201-203 count them.

Refuses to know any statute's number of years or days, and never guesses a holiday: where the published table
ends it says so. A calendar handed in (`landgis.lib.workdays`) goes before the library's table.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta
from functools import lru_cache

from landgis.lib.workdays import PUBLISHED, WorkCalendar

_DAY = timedelta(days=1)
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class FullTerm:
    """The last day of a term: as counted, moved off rest days, and whether the holiday table covered it."""

    unrolled: date
    rolled: date
    holiday_table: bool


class Counted:
    """What is due in `days_left` days; below zero it is overdue."""

    __slots__ = ()
    days_left: int

    @property
    def overdue(self) -> bool:
        return self.days_left < 0

    @property
    def days_late(self) -> int:
        return max(-self.days_left, 0)


@lru_cache(maxsize=65536)
def full_years_on(start: date, years: int, roll: bool = True, working: WorkCalendar = PUBLISHED) -> FullTerm:
    """The last day of `years` full years from `start`, the start day not counted (arts. 201, 202)."""
    return _ending(add_years(start, years), roll, working)


@lru_cache(maxsize=65536)
def full_months_on(
    start: date, months: int, roll: bool = True, working: WorkCalendar = PUBLISHED
) -> FullTerm:
    """The last day of `months` full months from `start`, the start day not counted (arts. 201, 202)."""
    return _ending(add_months(start, months), roll, working)


@lru_cache(maxsize=65536)
def calendar_days_on(
    start: date, days: int, roll: bool = True, working: WorkCalendar = PUBLISHED
) -> FullTerm:
    """The last day of a term of calendar days (日); the start day isn't counted."""
    return _ending(add_calendar_days(start, days), roll, working)


@lru_cache(maxsize=65536)
def working_days_on(start: date, days: int, working: WorkCalendar = PUBLISHED) -> FullTerm:
    """The last day of a term of working days (工作日); the start day isn't counted."""
    if days < 1:
        raise ValueError("a term of working days has at least one day")
    day, covered = start, True
    while days and day < date.max:
        day += _DAY
        covered = covered and working.covers(day.year)
        days -= working.works(day)
    return FullTerm(day, day, covered)


def working_days_between(start: date, end: date, working: WorkCalendar = PUBLISHED) -> int:
    """The working days run after `start` up to and including `end`; none when `end` isn't later."""
    return sum(working.works(start + _DAY * n) for n in range(1, days_between(start, end) + 1))


def add_years(start: date, years: int) -> date:
    """The corresponding day `years` later, else the month's last; past the calendar's end, its last day."""
    year = start.year + years
    if year > MAXYEAR:
        return date.max
    return date(year, start.month, min(start.day, calendar.monthrange(year, start.month)[1]))


def add_months(start: date, months: int) -> date:
    """The corresponding day `months` later, else that month's last; past the calendar's end, its last day."""
    years, month = divmod(start.month - 1 + months, _MONTHS)
    if start.year + years > MAXYEAR:
        return date.max
    last = calendar.monthrange(start.year + years, month + 1)[1]
    return date(start.year + years, month + 1, min(start.day, last))


def add_calendar_days(start: date, days: int) -> date:
    """`days` later by the calendar; past the calendar's end, its last day."""
    return start + timedelta(days=min(days, (date.max - start).days))


def days_between(start: date, end: date) -> int:
    """The days run from `start` to `end`, the start day not counted; negative when `end` is earlier."""
    return (end - start).days


def is_working_day(day: date) -> bool:
    """Whether offices work by the published table: elsewhere, on weekdays."""
    return PUBLISHED.works(day)


def holiday_table_covers(year: int) -> bool:
    """Whether the table has that year's arrangement; each is published only late in the year before."""
    return PUBLISHED.covers(year)


def _ending(last: date, roll: bool, working: WorkCalendar) -> FullTerm:
    # Art. 203: a last day of rest gives way to the day after the rest; each year looked at must be covered.
    covered = working.covers(last.year)
    rolled = last
    while roll and rolled < date.max and not working.works(rolled):
        rolled += _DAY
        covered = covered and working.covers(rolled.year)
    return FullTerm(last, rolled, covered)
