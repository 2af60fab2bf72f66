"""A result summed over two of town, industry, class and grade, with what too few firms make up left out.

Refuses to tell a sum that a firm's figure can be worked out from to anybody who isn't cleared for firms' figures.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landgis.access.queries import Actor
from landgis.access.rules import VIEW_FIRM_FIGURES, VIEW_MAP
from landgis.counties.models import County
from landgis.counties.queries import parameters
from landgis.lib.errors import InputError
from landgis.lib.suppression import Hidden, dominates, hidden
from parcels.evaluation.queries import fewest_firms
from parcels.evaluation.rules import LAND
from parcels.grading.models import GradingResult
from parcels.grading.queries import scored_again
from parcels.grading.results import Scored, figure_titles

DIMENSIONS = {"town": "镇街", "industry": "行业", "class": "组别", "grade": "档次"}
DOMINANCE_KEY = "privacy.dominance_share"


@dataclass(frozen=True, slots=True)
class Cross:
    """Sums and counts of firms with their totals as last row and column; `hidden` where the sum isn't told."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    firms: NDArray[np.int64]
    sums: NDArray[np.float64]
    hidden: NDArray[np.bool_]

    def as_json(self) -> dict[str, Any]:
        told = np.where(self.hidden, np.nan, self.sums)
        return {
            "rows": list(self.rows),
            "columns": list(self.columns),
            "firms": self.firms.tolist(),
            "sums": [[None if math.isnan(value) else value for value in row] for row in told.tolist()],
            "hidden": self.hidden.tolist(),
        }


def table(
    county: County, actor: Actor, result: GradingResult, *, rows: str, columns: str, figure: str = LAND
) -> Cross:
    """The whole county's table of one figure, for whoever may see it."""
    actor.require_whole_county(VIEW_MAP)
    made = scored_again(result.input_id, result.sha256)
    for name in (rows, columns):
        if name not in DIMENSIONS:
            raise InputError(
                "dimension_unknown", f"不能按“{name}”分组。", f"可用的有：{'、'.join(DIMENSIONS.values())}。"
            )
    if figure not in made.firms.figures or figure not in figure_titles(made.definition):
        raise InputError(
            "figure_unknown", f"没有数据项“{figure}”。", "请选择方案用到的数据项。", field="figure"
        )
    found = crossed(made, rows, columns, figure)
    if actor.may(VIEW_FIRM_FIGURES):
        return found[0]
    on = result.computed_at.date()
    share = float(parameters(county, on).get(DOMINANCE_KEY, 1))
    return suppressed(found[0], found[1], fewest_firms(county, on), share)


def crossed(made: Scored, rows: str, columns: str, figure: str) -> tuple[Cross, NDArray[np.float64]]:
    """The table, and the largest single firm's figure in each cell; firms whose figure is unknown aren't in it."""
    values = made.firms.figures[figure]
    known = ~np.isnan(values)
    row_names, row = _labels(made, rows)
    column_names, column = _labels(made, columns)
    shape = (len(row_names) + 1, len(column_names) + 1)
    firms, sums, largest = np.zeros(shape, dtype=np.int64), np.zeros(shape), np.zeros(shape)
    cells: dict[tuple[int, int], list[float]] = {}
    for r, c, value in zip(row[known].tolist(), column[known].tolist(), values[known].tolist(), strict=True):
        for place in ((r, c), (r, shape[1] - 1), (shape[0] - 1, c), (shape[0] - 1, shape[1] - 1)):
            cells.setdefault(place, []).append(value)
    for place, found in cells.items():
        firms[place], sums[place], largest[place] = len(found), math.fsum(found), max(map(abs, found))
    nothing = np.zeros(shape, dtype=bool)
    return Cross(row_names, column_names, firms, sums, nothing), largest


def suppressed(found: Cross, largest: NDArray[np.float64], fewest: int, share: float) -> Cross:
    """The table without the cells and totals that may not be told."""
    marked = dominates(largest, found.sums, share) & (found.firms > 0)
    kept: Hidden = hidden(found.firms[:-1, :-1], fewest, dominated=marked)
    flags = np.block(
        [[kept.cells, kept.rows[:, None]], [kept.columns[None, :], np.array([[kept.total]], dtype=bool)]]
    )
    return Cross(found.rows, found.columns, found.firms, found.sums, flags)


def _labels(made: Scored, dimension: str) -> tuple[tuple[str, ...], NDArray[np.intp]]:
    texts = made.firms.texts
    labels: Sequence[str]
    if dimension == "town":
        labels = texts["town_code"]
    elif dimension == "industry":
        labels = texts["industry_group"]
    elif dimension == "class":
        labels = [made.class_name(at) for at in made.people.of_class.tolist()]
    else:
        order = (*made.definition.grades, "")
        return order, np.where(made.grading.grade < 0, len(order) - 1, made.grading.grade).astype(np.intp)
    names, of_firm = np.unique(np.array(labels, dtype=str), return_inverse=True)
    return tuple(names.tolist()), of_firm.astype(np.intp)
