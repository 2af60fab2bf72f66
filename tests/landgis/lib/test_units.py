"""亩, ㎡ and 公顷: exact, and rounded half up once, for display."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landgis.lib.units import (
    display_m2,
    display_mu,
    ha_to_m2,
    ha_to_mu,
    m2_to_ha,
    m2_to_ha_array,
    m2_to_mu,
    m2_to_mu_array,
    mu_to_m2,
    mu_to_m2_array,
    rounded,
    rounded_array,
)

areas = st.decimals(min_value=0, max_value=10**13, places=4, allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("area_m2", "mu"),
    [("2000", "3"), ("10000", "15"), ("5708.9", "8.56335"), ("0.0001", "0.00000015"), (600 * 10_000, "9000")],
)
def test_a_mu_is_ten_thousand_fifteenths_of_a_square_metre(area_m2: str | int, mu: str) -> None:
    assert m2_to_mu(area_m2) == Decimal(mu)


def test_thresholds_in_mu_are_whole_square_metres_where_they_can_be() -> None:
    assert mu_to_m2(3) == 2000
    assert mu_to_m2(Decimal(9000)) == ha_to_m2(600) == 6_000_000
    assert ha_to_mu("0.7655") == Decimal("11.4825")
    assert m2_to_ha("7655") == Decimal("0.7655")
    assert mu_to_m2(1).quantize(Decimal("1e-10")) == Decimal("666.6666666667")


@given(areas)
def test_square_metres_to_mu_and_back_lose_nothing(area_m2: Decimal) -> None:
    assert rounded(mu_to_m2(m2_to_mu(area_m2)), 30) == area_m2
    assert ha_to_m2(m2_to_ha(area_m2)) == area_m2


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("0.125", "0.13"),
        (2.675, "2.68"),
        ("-0.125", "-0.13"),
        (1.005, "1.01"),
        (0, "0.00"),
        (8.56335, "8.56"),
    ],
)
def test_rounding_is_half_up_as_on_paper(value: str | float, shown: str) -> None:
    assert str(rounded(value)) == shown


def test_an_area_is_shown_in_mu_rounded_once() -> None:
    assert display_mu("5708.9") == "8.56"
    assert display_mu(mu_to_m2(34_887)) == "34,887.00"
    assert display_m2(49_265_836.074) == "49,265,836.07"
    # 2.4949… 亩 would become 2.5 and then 3 if it were rounded twice.
    assert display_mu("1663.3", 0) == "2"


@given(st.lists(st.floats(0, 1e12), max_size=20))
def test_arrays_agree_with_the_exact_figures(values: list[float]) -> None:
    for exact, vector in ((m2_to_mu, m2_to_mu_array), (mu_to_m2, mu_to_m2_array), (m2_to_ha, m2_to_ha_array)):
        assert vector(values).tolist() == pytest.approx([float(exact(value)) for value in values], rel=1e-15)


@given(st.lists(st.floats(-1e9, 1e9), max_size=20))
def test_arrays_round_like_single_figures(values: list[float]) -> None:
    assert rounded_array(values).tolist() == [float(rounded(value)) for value in values]


def test_what_is_missing_stays_missing_in_arrays() -> None:
    assert np.isnan(m2_to_mu_array([np.nan]))[0]
    assert np.isnan(rounded_array([np.nan, 1.0])).tolist() == [True, False]
