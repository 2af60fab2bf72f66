"""The grades that hold: of each year the newest final run, with the order of its scheme's grades.

Refuses drafts and runs under notice, and letters: a grade is better or worse by the order of its own scheme alone.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from landgis.counties.models import County
from parcels.grading.models import GradingResult, GradingScore
from parcels.grading.rules import FINAL


@dataclass(frozen=True, slots=True)
class FinalYear:
    """A year's final grades by USCC; `order` from the best to the last. A firm that has none wasn't graded."""

    year: int
    result_id: int
    order: tuple[str, ...]
    grades: dict[str, str]

    @property
    def last(self) -> str:
        return self.order[-1]

    def in_last(self) -> frozenset[str]:
        """The firms of the last grade."""
        return frozenset(uscc for uscc, grade in self.grades.items() if grade == self.last)

    def reaches(self, uscc: str, wanted: Collection[str]) -> bool | None:
        """Whether the firm's grade is the wanted one or better; None where the scheme knows none of `wanted`."""
        place = next((self.order.index(grade) for grade in wanted if grade in self.order), None)
        if place is None:
            return None
        grade = self.grades.get(uscc, "")
        return grade in self.order and self.order.index(grade) <= place


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
    newest = rows.order_by("input__run__year", "-input__run__number", "-input__version").distinct(
        "input__run__year"
    )
    told = newest.values_list(
        "input__run__year", "pk", "input__run__scheme_version__definition__grades", named=False
    )
    found = {year: FinalYear(year, pk, tuple(order), {}) for year, pk, order in told}
    by_result = {final.result_id: final for final in found.values()}
    scores = GradingScore.objects.filter(result_id__in=list(by_result)).exclude(grade="")
    if usccs is not None:
        scores = scores.filter(uscc__in=list(usccs))
    for result_id, uscc, grade in scores.values_list("result_id", "uscc", "grade"):
        by_result[result_id].grades[uscc] = grade
    return found
