"""Cross tables of a result: they add up, and nobody without clearance can work a firm out of them."""

import math
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parcels.grading.results import Scored, scored
from parcels.grading.tables import DIMENSIONS, Cross, _cells, _labels, crossed, shown_together, suppressed
from tests.parcels.grading.making import firms, simple

rows = st.lists(
    st.fixed_dictionaries(
        {
            "tax_wan": st.one_of(st.just(math.nan), st.integers(1, 10**6).map(float)),
            "industry_group": st.sampled_from(["甲", "乙", "丙"]),
            "town_code": st.sampled_from(["东", "西"]),
        }
    ),
    min_size=1,
    max_size=40,
)


def made(found: list[dict[str, Any]]) -> tuple[Cross, np.ndarray]:
    return crossed(scored(simple(), firms(*found)), "industry", "grade", "tax_wan")


def sums_of(one: Scored, rows: str, columns: str, told: np.ndarray) -> list[np.ndarray]:
    """The told sums of a table, each as the firms in it."""
    (_, row), (_, column) = _labels(one, rows), _labels(one, columns)
    last = (told.shape[0] - 1, told.shape[1] - 1)
    return [
        (((row == r) | (r == last[0])) & ((column == c) | (c == last[1]))).astype(np.float64)
        for r, c in zip(*np.nonzero(told), strict=True)
    ]


@given(rows)
def test_cells_add_up_to_their_totals(found: list[dict[str, Any]]) -> None:
    cross, _ = made(found)
    whole = math.fsum(row["tax_wan"] for row in found if not math.isnan(row["tax_wan"]))
    assert cross.sums[-1, -1] == pytest.approx(whole, rel=1e-9)
    assert cross.sums[:-1].sum(axis=0) == pytest.approx(cross.sums[-1], rel=1e-9)
    assert cross.sums[:, :-1].sum(axis=1) == pytest.approx(cross.sums[:, -1], rel=1e-9)
    assert cross.firms[-1, -1] == sum(not math.isnan(row["tax_wan"]) for row in found)


@given(rows)
def test_what_is_told_has_enough_firms_and_no_giant(found: list[dict[str, Any]]) -> None:
    cross, largest = made(found)
    told = suppressed(cross, largest, 3, 0.85)
    open_cells = ~told.hidden & (told.firms > 0)
    assert (told.firms[open_cells] >= 3).all()
    assert (largest[open_cells] <= 0.85 * told.sums[open_cells]).all()
    for line in (*told.hidden, *told.hidden.T):
        assert line.sum() != 1, "a single hidden cell is its total less the others"
    said = told.as_json()
    assert [[value is None for value in row] for row in said["sums"]] == said["hidden"]


@settings(max_examples=40, deadline=None)
@given(rows)
def test_all_tables_side_by_side_give_nobody_away(found: list[dict[str, Any]]) -> None:
    """Town × industry, industry × grade and the others of one figure: no combination stands on one firm or on two."""
    one = scored(simple(), firms(*found[:14]))
    kept = shown_together(one, "tax_wan", 3, 0.85)
    published = []
    for name, other in combinations(DIMENSIONS, 2):
        cross, largest = crossed(one, name, other, "tax_wan")
        told = kept[_cells(one, name, other)] & (cross.firms > 0)
        assert (cross.firms[told] >= 3).all()
        assert (largest[told] <= 0.85 * cross.sums[told]).all()
        published += sums_of(one, name, other, told)
    known = ~np.isnan(one.firms.figures["tax_wan"])
    sums = np.array(published).reshape(-1, len(known))[:, known]
    rank = np.linalg.matrix_rank(sums) if sums.size else 0
    for size in (1, 2):
        for some in combinations(range(sums.shape[1]), size):
            left = np.delete(sums, some, axis=1)
            assert rank == (np.linalg.matrix_rank(left) if left.size else 0)
