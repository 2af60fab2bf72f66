"""The grades that hold: of each year the newest final run of each scheme, with the order of its scheme's grades.

Refuses drafts and runs under notice, and letters: a grade is better or worse by the order of its own scheme alone. Schemes of
a year stand beside each other; a firm that several of them graded has the grade of the newest run.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from landgis.counties.models import County
from parcels.grading.models import GradingResult, GradingScore
from parcels.grading.rules import FINAL


@dataclass(frozen=True, slots=True)
class FinalResult:
    """One scheme's final result of a year; `order` of its grades from the best to the last."""

    result_id: int
    scheme_id: int
    order: tuple[str, ...]

    @property
    def last(self) -> str:
        return self.order[-1]


@dataclass(frozen=True, slots=True)
class FinalYear:
    """A year's final results, the newest first, and what they say of each firm by its USCC.

    `grades`: the firm's grade, "" where it was looked at and not graded; a firm that isn't there is in no result of the year.
    `land_mu`: the net land that it was evaluated with; `holds`: whose result the grade is of, as a place in `results`.
    """

    year: int
    results: tuple[FinalResult, ...]
    grades: dict[str, str] = field(default_factory=dict)
    land_mu: dict[str, float | None] = field(default_factory=dict)
    holds: dict[str, int] = field(default_factory=dict)

    def result_of(self, uscc: str) -> FinalResult | None:
        at = self.holds.get(uscc)
        return None if at is None else self.results[at]

    def in_last(self) -> dict[str, str]:
        """The firms of the last grade of their own scheme, with that grade's name."""
        return {
            uscc: grade
            for uscc, grade in self.grades.items()
            if grade and grade == self.results[self.holds[uscc]].last
        }

    def least(self, uscc: str, wanted: Collection[str]) -> str | None:
        """The first of `wanted` that the firm's scheme knows; of a firm without a result, that any scheme of the year knows."""
        own = self.result_of(uscc)
        orders = (own.order,) if own else tuple(result.order for result in self.results)
        return next((grade for order in orders for grade in wanted if grade in order), None)

    def reaches(self, uscc: str, wanted: Collection[str]) -> bool | None:
        """Whether the firm's grade is the wanted one or better; None where its scheme knows none of `wanted`."""
        least, own = self.least(uscc, wanted), self.result_of(uscc)
        if least is None:
            return None
        grade = self.grades.get(uscc, "")
        return own is not None and grade in own.order and own.order.index(grade) <= own.order.index(least)

    def tells(self, uscc: str, scheme_id: int) -> bool:
        """Whether the year says something of the firm: a result has it, or the scheme that would have it is final."""
        return uscc in self.grades or any(result.scheme_id == scheme_id for result in self.results)


def final_years(
    county: County, years: Collection[int], on: date, *, usccs: Collection[str] | None = None
) -> dict[int, FinalYear]:
    """Year → what was final by the end of the day `on`, of all firms or of those named (two statements)."""
    rows = GradingResult.objects.filter(
        input__run__county=county,
        input__run__year__in=list(years),
        input__run__steps__stage=FINAL,
        input__run__steps__on__lte=on,
    )
    by_scheme = ("input__run__year", "input__run__scheme_version__scheme")
    newest = rows.order_by(*by_scheme, "-input__run__number", "-input__version").distinct(*by_scheme)
    told = newest.values_list(
        "input__run__year", "input__run__number", "pk", "input__run__scheme_version__scheme",
        "input__run__scheme_version__definition__grades", named=False,
    )  # fmt: skip
    found: dict[int, list[FinalResult]] = {}
    for year, _number, pk, scheme, order in sorted(told, key=lambda row: (row[0], -row[1])):
        found.setdefault(year, []).append(FinalResult(pk, scheme, tuple(order)))
    made = {year: FinalYear(year, tuple(results)) for year, results in found.items()}
    place = {one.result_id: (final, at) for final in made.values() for at, one in enumerate(final.results)}
    scores = GradingScore.objects.filter(result_id__in=list(place))
    if usccs is not None:
        scores = scores.filter(uscc__in=list(usccs))
    for result_id, uscc, grade, land_mu in scores.values_list("result_id", "uscc", "grade", "land_mu"):
        final, at = place[result_id]
        # A grade goes before none, the newer run's before the older's.
        known = final.holds.get(uscc)
        if known is None or (not grade, at) < (not final.grades[uscc], known):
            final.grades[uscc], final.land_mu[uscc], final.holds[uscc] = grade, land_mu, at
    return made
