"""The grade and the class of every firm of a year, as far as the actor may see a result.

Refuses a result before its notice to whoever isn't cleared, and to grade anybody itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext_noop as _
from numpy.typing import NDArray

from landgis.access.queries import Actor
from landgis.counties.models import County
from landgis.lib.columns import LONG, TEXT, read_columns
from parcels.atlas.categories import shown_results
from parcels.grading.rules import TITLES

EXEMPT, NOT_GRADED, NOT_EVALUATED, NO_CLASS = _("免评"), _("未定档"), _("未参评"), _("未分组")
SCORES = f"""
SELECT s.result_id, s.uscc, s.grade, s.class_name, CASE WHEN s.reason LIKE 'exempt:%%' THEN '{EXEMPT}' ELSE '' END
  FROM grading_score s WHERE s.result_id = ANY(%(results)s) ORDER BY s.result_id, s.uscc
"""
TYPES = {"result": LONG, "uscc": TEXT, "grade": TEXT, "class": TEXT, "exempt": TEXT}


@dataclass(frozen=True, slots=True)
class Labels:
    """Names, and for each firm which of them is its."""

    names: tuple[str, ...]
    of_firm: NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Graded:
    """A year's grades and classes by firm; `told` says which results they are, "" where none may be seen."""

    told: tuple[str, ...]
    grades: tuple[str, ...]
    grade: dict[str, str]
    class_name: dict[str, str]

    def by_grade(self, uscc: Sequence[str]) -> Labels:
        """The grades in the scheme's order, then those without one."""
        return _labels((*self.grades, EXEMPT, NOT_GRADED, NOT_EVALUATED), self.grade, uscc, NOT_EVALUATED)

    def by_class(self, uscc: Sequence[str]) -> Labels:
        names = sorted({name for name in self.class_name.values() if name})
        return _labels((*names, NO_CLASS), self.class_name, uscc, NO_CLASS)


def grades_of(county: County, actor: Actor, years: Sequence[int]) -> dict[int, Graded]:
    """The years' grades; of several schemes the first that grades a firm holds (a fixed number of statements)."""
    known = shown_results(county, actor)
    held = {year: known.get(year, []) for year in years}
    rows = read_columns(
        SCORES, {"results": [result.pk for some in held.values() for result, _ in some]}, TYPES
    )
    starts = {
        pk: (int(np.searchsorted(rows["result"], pk)), int(np.searchsorted(rows["result"], pk, side="right")))
        for pk in np.unique(rows["result"]).tolist()
    }
    made = {}
    for year, some in held.items():
        grade: dict[str, str] = {}
        class_name: dict[str, str] = {}
        order: list[str] = []
        told = []
        for result, where in some:
            run = result.input.run
            told.append(
                f"{run.scheme_version.scheme.name}（第 {run.number} 次，{TITLES[where]}，"
                f"结果校验码 {result.sha256[:16]}）"
            )
            order += [name for name in result.document["grade_order"] if name not in order]
            mine = slice(*starts.get(result.pk, (0, 0)))
            for uscc, one, group, exempt in zip(
                *(rows[name][mine].tolist() for name in ("uscc", "grade", "class", "exempt")), strict=True
            ):
                if one and grade.get(uscc, NOT_GRADED) in (NOT_GRADED, EXEMPT):
                    grade[uscc], class_name[uscc] = one, group
                else:
                    grade.setdefault(uscc, one or exempt or NOT_GRADED)
                    if group:
                        class_name.setdefault(uscc, group)
        made[year] = Graded(tuple(told), tuple(order), grade, class_name)
    return made


def _labels(names: tuple[str, ...], known: dict[str, str], uscc: Sequence[str], rest: str) -> Labels:
    place = {name: n for n, name in enumerate(names)}
    of_firm = [place.get(known.get(one, rest) or rest, place[rest]) for one in uscc]
    return Labels(names, np.array(of_firm, dtype=np.intp))
