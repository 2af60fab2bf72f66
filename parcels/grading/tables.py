"""A result summed over two of town, industry, class and grade, with what too few firms make up left out.

Refuses to tell a sum that a firm's figure can be worked out from to anybody who isn't cleared for firms' figures.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landgis.access.queries import Actor
from landgis.access.rules import VIEW_FIRM_FIGURES, VIEW_MAP
from landgis.counties.models import County
from landgis.counties.queries import parameters
from landgis.lib.disclosure import Sums, still_shown_beside
from landgis.lib.errors import InputError
from landgis.lib.suppression import Hidden, dominates, hidden
from parcels.evaluation.queries import fewest_firms
from parcels.evaluation.rules import LAND
from parcels.evaluation.secrecy import DOMINANCE_KEY
from parcels.evaluation.told import told_of_year
from parcels.grading.models import GradingResult
from parcels.grading.queries import published_results, scored_again
from parcels.grading.results import Scored, figure_titles

DIMENSIONS = {"town": "镇街", "industry": "行业", "class": "组别", "grade": "档次"}


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
    found, _ = crossed(made, rows, columns, figure)
    if actor.may(VIEW_FIRM_FIGURES):
        return found
    on = result.computed_at.date()
    share = float(parameters(county, on).get(DOMINANCE_KEY, 1))
    kept = _of_result(county, result, figure, fewest_firms(county, on), share)
    flags = ~kept[_cells(made, rows, columns)] & (found.firms > 0)
    return Cross(found.rows, found.columns, found.firms, found.sums, flags)


def crossed(made: Scored, rows: str, columns: str, figure: str) -> tuple[Cross, NDArray[np.float64]]:
    """The table, and the largest single firm's figure in each cell; firms whose figure is unknown aren't in it."""
    values = made.firms.figures[figure]
    known = ~np.isnan(values)
    row_names, row = _labels(made, rows)
    column_names, column = _labels(made, columns)
    shape = (len(row_names) + 1, len(column_names) + 1)
    r, c, v = row[known], column[known], values[known]
    # Each firm is in its cell, in its row's and in its column's total, and in the total of all.
    ends_r, ends_c = np.full(len(r), shape[0] - 1), np.full(len(c), shape[1] - 1)
    cell = np.concatenate([r, r, ends_r, ends_r]) * shape[1] + np.concatenate([c, ends_c, c, ends_c])
    size = shape[0] * shape[1]
    firms, sums, largest = np.bincount(cell, minlength=size), np.zeros(size), np.zeros(size)
    np.maximum.at(largest, cell, np.tile(np.abs(v), 4))
    listed = np.tile(v, 4)[np.argsort(cell, kind="stable")].tolist()
    ends = np.append(0, np.cumsum(firms)).tolist()
    for at in np.flatnonzero(firms).tolist():
        sums[at] = math.fsum(listed[ends[at] : ends[at + 1]])
    firms, sums, largest = firms.reshape(shape), sums.reshape(shape), largest.reshape(shape)
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


def sums_told(county: County, year: int, figure: str) -> list[Sums]:
    """Everything that is told of a figure of a year to whoever isn't cleared: its indicators, and its published results."""
    before = told_of_year(county, year)
    made = [before.sums[figure]] if before and figure in before.sums else []
    for result in published_results(county, year):
        again = scored_again(result.input_id, result.sha256)
        if figure not in again.firms.figures or figure not in figure_titles(again.definition):
            continue
        on = result.computed_at.date()
        share = float(parameters(county, on).get(DOMINANCE_KEY, 1))
        kept = _of_result(county, result, figure, fewest_firms(county, on), share)
        made.append(_sums(again, figure).only(kept))
    return made


def shown_together(
    made: Scored, figure: str, fewest: int, share: float, told: Sequence[Sums] = ()
) -> NDArray[np.bool_]:
    """Of all sums of all tables of a figure, numbered as `_cells` does, those that may be told side by side.

    `told`: sums of the same figure that were told before, and stay so.
    """
    names = tuple(DIMENSIONS)
    size = 1 + int(_cells(made, names[-2], names[-1]).max())
    shown, firms = np.ones(size, dtype=bool), np.zeros(size, dtype=np.int64)
    for rows, columns in combinations(DIMENSIONS, 2):
        found = suppressed(*crossed(made, rows, columns, figure), fewest, share)
        cells = _cells(made, rows, columns)
        shown[cells[found.hidden]] = False
        firms[cells] = found.firms
    some = firms > 0
    # A cell of a table goes before a total, and the total of all last.
    cost = firms.astype(np.float64)
    cost[_totals(made)] += 1e6
    cost[0] += 1e12
    return still_shown_beside(told, _sums(made, figure), shown & some, cost) & some


@lru_cache(maxsize=64)
def _shown_together(
    input_id: int, sha256: str, figure: str, fewest: int, share: float, beside: _Beside
) -> NDArray[np.bool_]:
    return shown_together(scored_again(input_id, sha256), figure, fewest, share, beside.sums)


@dataclass(frozen=True)
class _Beside:
    """What was told before a result, and the key by which it is known again."""

    key: tuple[object, ...]
    sums: tuple[Sums, ...] = field(compare=False)


def _of_result(
    county: County, result: GradingResult, figure: str, fewest: int, share: float
) -> NDArray[np.bool_]:
    """What is told of a result, beside the indicators of its year and the results that were published before it."""
    before = told_of_year(county, result.input.run.year)
    key: tuple[object, ...] = (before.key if before else None,)
    sums = [before.sums[figure]] if before and figure in before.sums else []
    for other in published_results(county, result.input.run.year):
        if other.pk == result.pk:
            break
        again = scored_again(other.input_id, other.sha256)
        if figure in again.firms.figures and figure in figure_titles(again.definition):
            sums.append(_sums(again, figure).only(_shown_together(
                other.input_id, other.sha256, figure, fewest, share, _Beside(key, tuple(sums))
            )))  # fmt: skip
            key = (*key, other.pk)
    return _shown_together(result.input_id, result.sha256, figure, fewest, share, _Beside(key, tuple(sums)))


def _sums(made: Scored, figure: str) -> Sums:
    """All sums of all tables of a figure over the firms that know it."""
    known = np.flatnonzero(~np.isnan(made.firms.figures[figure]))
    names = tuple(DIMENSIONS)
    labels = {name: _labels(made, name)[1][known] for name in names}
    row, size = [], 1
    total = np.full(len(known), -1)
    for one, other in combinations(names, 2):
        cells = _cells(made, one, other)
        size = max(size, 1 + int(cells.max()))
        places = [(labels[one], labels[other])]
        if one == names[0]:  # each dimension's own totals once, and the total of all
            places.append((total, labels[other]))
        if (one, other) == names[:2]:
            places += [(labels[one], total), (total, total)]
        row += [cells[place] for place in places]
    firm = np.tile(known, len(row))
    return Sums(made.firms.uscc, np.concatenate(row), firm, np.ones(len(firm)), size)


def _cells(made: Scored, rows: str, columns: str) -> NDArray[np.intp]:
    """The numbers of a table's sums, its totals last: one that stands in several tables has one number in all of them."""
    sizes = {name: len(_labels(made, name)[0]) for name in DIMENSIONS}
    first, starts = 1, {}
    for name, size in sizes.items():  # 0 is the total of all, then come the totals of each dimension
        starts[name] = first
        first += size
    row, column = (np.append(starts[name] + np.arange(sizes[name]), 0) for name in (rows, columns))
    found = np.zeros((len(row), len(column)), dtype=np.intp)
    found[:, -1], found[-1, :] = row, column
    if rows == columns:
        np.fill_diagonal(found, row)
        return found
    for pair in combinations(DIMENSIONS, 2):
        inner = first + np.arange(sizes[pair[0]] * sizes[pair[1]]).reshape(sizes[pair[0]], sizes[pair[1]])
        first += inner.size
        if set(pair) == {rows, columns}:
            found[:-1, :-1] = inner if pair == (rows, columns) else inner.T
    return found


def _totals(made: Scored) -> slice:
    return slice(1, 1 + sum(len(_labels(made, name)[0]) for name in DIMENSIONS))


def _labels(made: Scored, dimension: str) -> tuple[tuple[str, ...], NDArray[np.intp]]:
    texts = made.firms.texts
    if dimension == "grade":
        order = (*made.definition.grades, "")
        return order, np.where(made.grading.grade < 0, len(order) - 1, made.grading.grade).astype(np.intp)
    if dimension == "class":
        known, of_known = np.unique(made.people.of_class, return_inverse=True)
        called = [made.class_name(at) for at in known.tolist()]
        names = sorted(set(called))
        return tuple(names), np.array([names.index(name) for name in called], dtype=np.intp)[of_known]
    labels: Sequence[str] = texts["town_code" if dimension == "town" else "industry_group"]
    names = sorted(set(labels))
    place = {name: n for n, name in enumerate(names)}
    return tuple(names), np.fromiter((place[name] for name in labels), np.intp, len(labels))
