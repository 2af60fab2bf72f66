"""Ranks, Lorenz curves, histograms: known figures, and what holds for any."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from parcels.atlas import rules

POSITIVE = st.floats(0.01, 1e6, allow_nan=False)


def test_what_reads_alike_shares_its_place() -> None:
    assert rules.ranked([3.0, 5.004, None, 5.0, 1.0]) == [3, 1, None, 1, 4]
    assert rules.ranked([]) == []


def test_gini_of_known_distributions() -> None:
    one = np.ones(4)
    even = rules.lorenz(np.full(4, 7.0), one)
    all_to_one = rules.lorenz(np.array([0.0, 0, 0, 8]), one)
    # Of 1, 2, 3, 4: the mean difference 2 · 20/16 · 1/2 over the mean 2.5 gives a quarter.
    rising = rules.lorenz(np.array([4.0, 2, 3, 1]), one)
    assert even is not None
    assert all_to_one is not None
    assert rising is not None
    assert even.gini == pytest.approx(0)
    assert all_to_one.gini == pytest.approx(0.75)
    assert rising.gini == pytest.approx(0.25)
    assert rising.amount.tolist() == pytest.approx([0, 0.1, 0.3, 0.6, 1])


def test_no_curve_without_a_whole() -> None:
    assert rules.lorenz(np.empty(0), np.empty(0)) is None
    assert rules.lorenz(np.array([-3.0, 2.0]), np.ones(2)) is None


@given(hnp.arrays(float, st.integers(2, 60), elements=POSITIVE), st.floats(0.1, 10))
def test_a_curve_rises_below_the_diagonal_and_knows_no_unit(amount: np.ndarray, unit: float) -> None:
    base = np.arange(1.0, len(amount) + 1)
    curve = rules.lorenz(amount, base)
    scaled = rules.lorenz(amount * unit, base)
    assert curve is not None
    assert scaled is not None
    assert (np.diff(curve.amount) >= -1e-12).all()
    assert (curve.amount <= curve.base + 1e-9).all()
    assert -1e-9 <= curve.gini < 1
    assert scaled.gini == pytest.approx(curve.gini, abs=1e-9)
    assert curve.amount[-1] == pytest.approx(1)


def test_a_thinned_curve_keeps_its_ends_and_its_coefficient() -> None:
    curve = rules.lorenz(np.arange(1.0, 5001), np.ones(5000))
    assert curve is not None
    few = rules.thinned(curve)
    assert len(few.base) <= rules.MOST_POINTS
    assert (few.base[0], few.base[-1], few.gini) == (0, curve.base[-1], curve.gini)


def test_tenths_need_firms_enough_and_none_that_makes_up_most() -> None:
    amount, base = np.arange(1.0, 31), np.ones(30)
    curve = rules.lorenz_in_tenths(amount, base, fewest=3, most=0.85)
    assert curve is not None
    assert len(curve.base) == 11
    assert rules.lorenz_in_tenths(amount[:29], base[:29], fewest=3, most=0.85) is None
    alone = amount.copy()
    alone[-1] = 1e6
    assert rules.lorenz_in_tenths(alone, base, fewest=3, most=0.85) is None


def test_classes_of_a_round_width_with_an_open_end() -> None:
    found = rules.histogram(np.append(np.arange(0, 30, 0.5), 900.0))
    assert set(np.diff(found.lower)) == {1.0}
    assert math.isinf(found.upper[-1])
    assert found.firms.sum() == 61
    assert rules.histogram(np.empty(0)).firms.tolist() == []
    assert rules.histogram(np.array([5.0])).firms.tolist() == [1]


@given(hnp.arrays(float, st.integers(1, 200), elements=st.floats(-50, 1e5)), st.integers(0, 5))
def test_every_firm_lies_in_one_class_and_none_tells_of_too_few(values: np.ndarray, fewest: int) -> None:
    found = rules.histogram(values, fewest=fewest)
    if fewest > 1 and len(values) < fewest:
        assert (len(found.lower), len(found.upper), len(found.firms)) == (0, 0, 0)
        return
    assert found.firms.sum() == len(values)
    assert (found.lower[1:] == found.upper[:-1]).all()
    assert found.lower[0] <= values.min()
    if fewest > 1:
        assert all(count == 0 or count >= fewest for count in found.firms.tolist())
    for lower, upper, count in zip(found.lower, found.upper, found.firms, strict=True):
        last = upper == found.upper[-1]
        inside = (values >= lower) & ((values < upper) | last)
        assert inside.sum() == count


@pytest.mark.parametrize(
    ("width", "shown"), [(0.9, 1), (1.0, 1), (1.3, 2), (3, 5), (61, 100), (0, 1), (0.2, 0.2)]
)
def test_round_widths(width: float, shown: float) -> None:
    assert rules.round_width(width) == pytest.approx(shown)


def test_quantiles_of_known_figures() -> None:
    assert rules.quantiles(np.arange(1.0, 102)) == [(0.1, 11), (0.25, 26), (0.5, 51), (0.75, 76), (0.9, 91)]
