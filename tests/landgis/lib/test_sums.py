"""Sums of many places at once: each is what `math.fsum` says, whatever the order."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landgis.lib.sums import exact_sums

PLACES = 3
FIGURES = st.floats(min_value=-1e200, max_value=1e200, allow_nan=False)


@given(st.lists(st.tuples(FIGURES, st.integers(0, PLACES - 1)), max_size=60), st.randoms())
def test_every_sum_is_correctly_rounded_in_any_order(
    rows: list[tuple[float, int]], any_order: object
) -> None:
    expected = [math.fsum(value for value, place in rows if place == n) for n in range(PLACES)]
    any_order.shuffle(rows)  # type: ignore[attr-defined]
    values = np.array([value for value, _ in rows], dtype=np.float64)
    place = np.array([place for _, place in rows], dtype=np.intp)
    assert exact_sums(values, place, PLACES).tolist() == expected


def test_what_cancels_out_and_what_is_tiny_stays() -> None:
    values = np.array([1e16, 1.0, -1e16, 5e-324])
    assert exact_sums(values, np.zeros(4, dtype=np.intp), 2).tolist() == [1.0, 0.0]
    assert exact_sums(values[3:], np.zeros(1, dtype=np.intp), 1).tolist() == [5e-324]


def test_many_values_of_every_size_are_summed_exactly() -> None:
    random = np.random.default_rng(7)
    values = random.lognormal(0, 20, 200_000) * random.choice([-1, 1], 200_000)
    place = random.integers(0, 5, 200_000)
    expected = [math.fsum(values[place == n].tolist()) for n in range(5)]
    assert exact_sums(values, place, 5).tolist() == expected


@pytest.mark.parametrize("wrong", [math.nan, math.inf])
def test_what_is_no_number_is_refused(wrong: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        exact_sums(np.array([1.0, wrong]), np.zeros(2, dtype=np.intp), 1)
