"""Suppression attacked: by subtraction, by solving the table's equations, and by sums of a few hidden cells."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landgis.lib.suppression import dominates, hidden, hidden_parts

FEWEST = 3


def equations(rows: int, columns: int) -> np.ndarray:
    """Every row and column adds up to its total: one equation each, over the cells and totals in order."""
    wide = columns + 1
    found = []
    for row in range(rows + 1):
        line = np.zeros((rows + 1, wide))
        line[row, :-1], line[row, -1] = 1, -1
        found.append(line.ravel())
    for column in range(wide):
        line = np.zeros((rows + 1, wide))
        line[:-1, column], line[-1, column] = 1, -1
        found.append(line.ravel())
    return np.array(found)


def whole(counts: np.ndarray) -> np.ndarray:
    return np.block([[counts, counts.sum(axis=1)[:, None]], [counts.sum(axis=0)[None, :], counts.sum()]])


def flags(counts: np.ndarray, fewest: int, dominated: np.ndarray | None = None) -> np.ndarray:
    found = hidden(counts, fewest, dominated=dominated)
    return np.block([[found.cells, found.rows[:, None]], [found.columns[None, :], np.array([[found.total]])]])


def known_sums(
    system: np.ndarray, unknown: np.ndarray, firms: np.ndarray, most: int = 3
) -> list[tuple[int, ...]]:
    """Sets of up to `most` hidden cells with too few firms whose sum follows from the equations and what is shown."""
    places = np.flatnonzero(unknown)
    basis = system[:, places]
    rank = np.linalg.matrix_rank(basis)
    found = []
    for size in range(1, most + 1):
        for chosen in combinations(range(len(places)), size):
            if firms[places[list(chosen)]].sum() >= FEWEST:
                continue
            wanted = np.zeros(len(places))
            wanted[list(chosen)] = 1
            if np.linalg.matrix_rank(np.vstack([basis, wanted])) == rank:
                found.append(tuple(places[list(chosen)].tolist()))
    return found


def test_a_single_small_part_takes_another_with_it() -> None:
    parts, total = hidden_parts([10, 1, 5, 7], FEWEST)
    assert parts.tolist() == [False, True, True, False]
    assert not total


def test_two_small_parts_that_are_too_few_together_take_a_third() -> None:
    parts, total = hidden_parts([10, 1, 1, 7, 0], FEWEST)
    assert parts.tolist() == [False, True, True, True, False]
    assert not total


def test_two_small_parts_that_are_enough_together_protect_each_other() -> None:
    assert hidden_parts([10, 1, 2, 7], FEWEST)[0].tolist() == [False, True, True, False]


def test_a_small_total_is_hidden_with_its_parts() -> None:
    parts, total = hidden_parts([2, 0], FEWEST)
    assert (parts.tolist(), total) == ([True, False], True)


def test_nothing_is_hidden_where_nothing_is_small() -> None:
    found = hidden([[3, 4], [5, 0]], FEWEST)
    assert not any(part.any() for part in (found.cells, found.rows, found.columns))
    assert not found.total


def test_a_small_cell_takes_others_in_its_row_and_column_and_no_total() -> None:
    found = flags(np.array([[1, 9, 8], [7, 4, 6], [5, 8, 9]]), FEWEST)
    assert found[0, 0]
    assert found[0, :3].sum() >= 2
    assert found[:3, 0].sum() >= 2
    assert found[:3, :3].sum() <= 5
    assert not found[3].any()


def test_dominance_hides_a_cell_of_many_firms() -> None:
    marked = np.zeros((3, 3), dtype=bool)
    marked[0, 0] = True
    counts = np.array([[20, 9], [7, 6]])
    assert flags(counts, FEWEST, marked)[0, 0]
    assert flags(counts, FEWEST, marked).sum() == 4
    assert dominates([90, 80, -90, 0], [100, 100, -100, 0], 0.85).tolist() == [True, False, True, False]


tables = st.tuples(st.integers(1, 5), st.integers(1, 5)).flatmap(
    lambda shape: st.lists(
        st.lists(st.sampled_from([0, 0, 1, 1, 2, 3, 4, 9, 30]), min_size=shape[1], max_size=shape[1]),
        min_size=shape[0],
        max_size=shape[0],
    ).map(np.array)
)


@given(tables)
def test_no_sum_of_too_few_firms_follows_from_what_is_shown(counts: np.ndarray) -> None:
    found, firms = flags(counts, FEWEST).ravel(), whole(counts).ravel()
    assert found[(firms > 0) & (firms < FEWEST)].all()
    assert not found[firms == 0].any()
    assert known_sums(equations(*counts.shape), found, firms) == []


@given(st.lists(st.sampled_from([0, 1, 2, 3, 5, 20]), min_size=1, max_size=9))
def test_the_same_of_parts_of_one_total(counts: list[int]) -> None:
    parts, total = hidden_parts(counts, FEWEST)
    firms = np.append(counts, sum(counts))
    found = np.append(parts, total)
    assert found[(firms > 0) & (firms < FEWEST)].all()
    system = np.append(np.ones(len(counts)), -1.0)[None, :]
    assert known_sums(system, found, firms) == []


@given(tables, st.integers(0, 2**31))
def test_hidden_figures_cant_be_solved_for(counts: np.ndarray, seed: int) -> None:
    """Two different tables of figures agree in all that is shown: nobody can tell which one is true."""
    figures = whole(np.random.default_rng(seed).uniform(1, 100, counts.shape) * (counts > 0)).ravel()
    found, firms = flags(counts, FEWEST).ravel(), whole(counts).ravel()
    system = equations(*counts.shape)
    for place in np.flatnonzero((firms > 0) & (firms < FEWEST)).tolist():
        unknown = np.flatnonzero(found)
        _, values, vectors = np.linalg.svd(system[:, unknown])
        free = vectors[(values > 1e-9).sum() :]
        assert np.abs(free[:, unknown.tolist().index(place)]).max(initial=0) > 1e-9
        other = figures.copy()
        other[unknown] += free[np.abs(free[:, unknown.tolist().index(place)]).argmax()]
        assert system @ other == pytest.approx(system @ figures, abs=1e-6)
        assert (other[~found] == figures[~found]).all()


@given(tables)
def test_dominated_cells_are_never_solved_for(counts: np.ndarray) -> None:
    marked = np.zeros(whole(counts).shape, dtype=bool)
    marked[0, 0] = counts[0, 0] > 0
    found = flags(counts, FEWEST, marked).ravel()
    if marked[0, 0]:
        wanted = np.where(marked.ravel(), 1, whole(counts).ravel())
        assert found[0]
        assert (0,) not in known_sums(equations(*counts.shape), found, wanted, most=1)


def test_a_table_of_a_county_is_quick() -> None:
    counts = np.random.default_rng(1).poisson(2.5, (40, 30))
    found = flags(counts, FEWEST)
    assert found[:-1, :-1][(counts > 0) & (counts < FEWEST)].all()
