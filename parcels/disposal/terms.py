"""The rules of one day as a case reads them: terms, rates, the working calendar and the version they carry.

Refuses to hold any number of its own: a term that the parameters don't state is an error that names it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from landgis.lib.deadlines import (
    FullTerm,
    calendar_days_on,
    days_between,
    full_months_on,
    full_years_on,
    working_days_between,
    working_days_on,
)
from landgis.lib.workdays import PUBLISHED, WorkCalendar
from parcels.idle_land.causes import CauseClass, class_of
from parcels.idle_land.routes import RouteParameters

Unit = Literal["day", "workday", "month", "year"]
UNIT_TITLES: dict[Unit, str] = {"day": "日", "workday": "个工作日", "month": "个月", "year": "年"}
PREFIX = "disposal.term."
STATUTE_ROUTES = RouteParameters()


@dataclass(frozen=True, slots=True)
class Term:
    """So many days, working days, months or years."""

    amount: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.amount} {UNIT_TITLES[self.unit]}"


@dataclass(frozen=True)
class Rules:
    """Everything that the procedure reads beside the case itself, as it was in force on a day."""

    version: str
    terms: Mapping[str, Term]
    routes: RouteParameters = STATUTE_ROUTES
    not_started_years: int = 1
    stopped_years: int = 1
    cause_classes: Mapping[str, str] | None = None
    closing_reviews: tuple[str, ...] = ("town_checked", "reviewed", "approved")
    working: WorkCalendar = PUBLISHED

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any]) -> Rules:
        """From the county's parameters in force on a day."""
        terms = {
            key.removeprefix(PREFIX): Term(int(values[key]["amount"]), values[key]["unit"])
            for key in values
            if key.startswith(PREFIX)
        }
        return cls(
            version=f"{values['idle_land.rule_version']}；{values['disposal.rule_version']}",
            terms=terms,
            routes=RouteParameters.from_mapping(values),
            not_started_years=int(values["idle_land.not_started_years"]),
            stopped_years=int(values["idle_land.stopped_years"]),
            cause_classes=values["disposal.cause_classes"],
            closing_reviews=tuple(values["disposal.closing_reviews"]),
            working=WorkCalendar.from_mapping(values),
        )

    def cause(self, codes: list[str]) -> CauseClass:
        return class_of(codes, self.cause_classes or {})

    def term(self, name: str) -> Term:
        return self.terms[name]

    def ends(self, name: str, start: date) -> FullTerm:
        """The last day of the term `name` that runs from `start`, the start day not counted."""
        return last_day(self.term(name), start, self.working)

    def ends_after_pauses(self, name: str, start: date, pauses: list[tuple[date, date]]) -> FullTerm:
        """The same where the term stood still from the first day of each pause until the second: the rest runs on."""
        term = self.term(name)
        running, left = start, term
        for begins, ends in pauses:
            if term.unit in ("month", "year"):  # counted by the calendar: what stood still is added in days
                continue
            gone = (
                working_days_between(running, begins, self.working)
                if term.unit == "workday"
                else days_between(running, begins)
            )
            left = Term(max(left.amount - gone, 1), left.unit)
            running = ends
        if term.unit in ("month", "year") and pauses:
            stood = sum(days_between(begins, ends) for begins, ends in pauses)
            unrolled = last_day(term, start, self.working).unrolled
            return calendar_days_on(unrolled, stood, True, self.working)
        return last_day(left, running, self.working)


RulesOfDay = Callable[[date], Rules]


def last_day(term: Term, start: date, working: WorkCalendar) -> FullTerm:
    if term.unit == "workday":
        return working_days_on(start, term.amount, working)
    if term.unit == "month":
        return full_months_on(start, term.amount, True, working)
    if term.unit == "year":
        return full_years_on(start, term.amount, True, working)
    return calendar_days_on(start, term.amount, True, working)
