"""Sums told one publication after the other: the later yield, and all together give nobody away."""

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from landgis.lib.disclosure import Sums, still_shown, still_shown_beside

Floats = NDArray[np.float64]


def sums_of(rows: Floats, names: list[str]) -> Sums:
    row, firm = np.nonzero(rows)
    return Sums(tuple(names), row, firm, rows[row, firm], len(rows))


def attacked(sums: Floats) -> list[tuple[int, ...]]:
    rank = np.linalg.matrix_rank(sums, tol=1e-7) if len(sums) else 0
    return [
        some
        for size in (1, 2)
        for some in combinations(range(sums.shape[1]), size)
        if rank > np.linalg.matrix_rank(np.delete(sums, some, axis=1), tol=1e-7)
    ]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_what_is_told_before_stays_and_what_is_told_later_yields(data: st.DataObject) -> None:
    firms = data.draw(st.integers(5, 9))
    share = st.sampled_from([0.0, 0.0, 0.3, 0.7, 1.0, 1.0])
    rows = np.array(
        data.draw(st.lists(st.lists(share, min_size=firms, max_size=firms), min_size=4, max_size=8))
    )
    many = (rows > 0).sum(axis=1) >= 3
    rows, cost = rows[many], (rows > 0).sum(axis=1)[many].astype(float)
    half = len(rows) // 2
    ones = np.ones(firms, dtype=np.int64)
    first = rows[:half][still_shown(rows[:half], ones, np.ones(half, dtype=bool), cost[:half])]
    names = [f"企业{n}" for n in range(firms)]
    turned = data.draw(st.permutations(range(firms)))
    mine = sums_of(rows[half:][:, turned], [names[n] for n in turned])
    every = np.ones(len(rows) - half, dtype=bool)
    kept = still_shown_beside([sums_of(first, names)], mine, every, cost[half:])
    assert attacked(np.vstack([first, rows[half:][kept]])) == []


def test_a_difference_of_two_publications_is_found() -> None:
    before = sums_of(np.array([[1.0, 1.0, 1.0, 1.0]]), ["甲", "乙", "丙", "丁"])
    later = sums_of(np.array([[1.0, 1.0, 1.0, 0.0], [1.0, 1.0, 1.0, 1.0]]), ["甲", "乙", "丙", "丁"])
    shown = np.ones(2, dtype=bool)
    assert still_shown_beside([], later, np.array([True, False]), np.array([3.0, 4.0])).tolist() == [
        True,
        False,
    ]
    assert still_shown_beside([before], later, shown, np.array([3.0, 4.0])).tolist() == [False, True]
    assert later.only(np.array([False, True])).count == 1
