"""Sums side by side: nothing of one firm or of two may follow from them, however they are added and subtracted."""

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from landgis.lib.disclosure import given_away, grouped, still_shown


def by_hand(sums: NDArray[np.float64], firms: int) -> list[tuple[int, ...]]:
    """Every set of one or two firms on which a combination of the sums stands, by the rank of what is left without them."""
    rank = np.linalg.matrix_rank(sums) if len(sums) else 0
    found = []
    for size in (1, 2):
        for some in combinations(range(firms), size):
            others = np.delete(sums, some, axis=1)
            if rank - (np.linalg.matrix_rank(others) if others.size else 0) > 0:
                found.append(some)
    return found


def test_a_town_less_an_industry_is_one_firm() -> None:
    """Town of firms 0-3, industry of firms 0-2: each has three or more, their difference has one."""
    sums = np.array([[1.0, 1, 1, 1, 0, 0], [1, 1, 1, 0, 0, 0]])
    ((combination, weights),) = given_away(sums, np.ones(6, dtype=np.int64))
    assert np.allclose(combination, [0, 0, 0, 1, 0, 0])
    assert np.allclose(weights @ sums, combination)
    shown = still_shown(sums, np.ones(6, dtype=np.int64), np.ones(2, dtype=bool), np.array([4.0, 3.0]))
    assert shown.tolist() == [True, False]


def test_three_sums_together_tell_what_no_two_do() -> None:
    sums = np.array([[1.0, 1, 1, 1, 0, 0, 0], [0, 0, 1, 1, 1, 1, 0], [1, 1, 0, 0, 1, 1, 1]])
    total = np.ones((1, 7))
    assert not list(given_away(sums, np.ones(7, dtype=np.int64)))
    # All firms twice, less the three: firm 6 alone.
    told = [c.tolist() for c, _ in given_away(np.vstack([sums, total]), np.ones(7, dtype=np.int64))]
    assert np.allclose(told[0], [0, 0, 0, 0, 0, 0, 1])


def test_three_alike_protect_each_other_and_two_do_not() -> None:
    sums = np.array([[1.0, 1.0], [1.0, 0.0]])
    assert [c.tolist() for c, _ in given_away(sums, np.array([3, 2]))] == [[0.0, 1.0]]
    assert not list(given_away(sums, np.array([3, 3])))
    first, group, firms = grouped(np.array([0.5, 0.25, 0.5, 0.5]))
    assert (first.tolist(), group.tolist(), firms.tolist()) == ([1, 0], [1, 0, 1, 1], [1, 3])


tables = st.integers(3, 9).flatmap(
    lambda firms: st.lists(
        st.lists(st.sampled_from([0.0, 0.0, 1.0, 1.0, 0.25, 0.75]), min_size=firms, max_size=firms),
        min_size=1,
        max_size=7,
    )
)


@settings(max_examples=150)
@given(tables)
def test_what_stays_gives_nobody_away(rows: list[list[float]]) -> None:
    sums = np.array(rows)
    firms = sums.shape[1]
    alone = np.ones(firms, dtype=np.int64)
    assert bool(list(given_away(sums, alone))) == bool(by_hand(sums, firms))
    shown = still_shown(sums, alone, np.ones(len(sums), dtype=bool), sums.sum(axis=1))
    assert not by_hand(sums[shown], firms)
