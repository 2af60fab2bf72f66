"""Cross tables of a result: they add up, and nobody without clearance can work a firm out of them."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parcels.grading.results import scored
from parcels.grading.tables import Cross, crossed, suppressed
from tests.parcels.grading.making import firms, simple

rows = st.lists(
    st.fixed_dictionaries(
        {
            "tax_wan": st.one_of(st.just(math.nan), st.integers(1, 10**6).map(float)),
            "industry_group": st.sampled_from(["甲", "乙", "丙"]),
        }
    ),
    min_size=1,
    max_size=40,
)


def made(found: list[dict[str, Any]]) -> tuple[Cross, np.ndarray]:
    return crossed(scored(simple(), firms(*found)), "industry", "grade", "tax_wan")


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
