"""Which days offices work on: the published holiday table, and what a county has entered for years that it lacks.

Refuses to guess: a year that neither the library nor the county states isn't covered, and whoever counts says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import chinese_calendar

_SATURDAY = 5
KEY = "calendar."


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """A year named in `years` is the county's own: weekdays but its `rest`, and the weekends that are in `work`.

    Other years are the library's; days of those in `rest` or `work` correct single days of them.
    """

    years: frozenset[int] = frozenset()
    rest: frozenset[date] = frozenset()
    work: frozenset[date] = frozenset()

    @classmethod
    def from_mapping(cls, parameters: Mapping[str, Any]) -> WorkCalendar:
        """From parameters `calendar.2027 = {rest: [days off], work: [weekends worked], whole: true}`.

        `whole` (the usual case) says that the lists are the whole arrangement of that year.
        """
        stated = {key: parameters[key] for key in parameters if key.startswith(KEY)}
        if not stated:
            return PUBLISHED
        years = frozenset(
            int(key.removeprefix(KEY)) for key, value in stated.items() if value.get("whole", True)
        )
        rest = frozenset(day for value in stated.values() for day in _days(value.get("rest", ())))
        work = frozenset(day for value in stated.values() for day in _days(value.get("work", ())))
        return cls(years, rest, work)

    def works(self, day: date) -> bool:
        if day in self.rest:
            return False
        if day in self.work:
            return True
        return day.weekday() < _SATURDAY if day.year in self.years else _published(day)

    def covers(self, year: int) -> bool:
        return year in self.years or _published_covers(year)


PUBLISHED = WorkCalendar()


@lru_cache(maxsize=65536)
def _published(day: date) -> bool:
    """By the State Council's arrangement where the library has it, else on weekdays."""
    if _published_covers(day.year):
        return bool(chinese_calendar.is_workday(day))
    return day.weekday() < _SATURDAY


@lru_cache(maxsize=1024)
def _published_covers(year: int) -> bool:
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


def _days(values: Any) -> Iterator[date]:
    """Single days, or spans written "2027-02-05/2027-02-11"."""
    for value in values:
        first, _, last = str(value).partition("/")
        begin, end = date.fromisoformat(first), date.fromisoformat(last or first)
        yield from (date.fromordinal(n) for n in range(begin.toordinal(), end.toordinal() + 1))
