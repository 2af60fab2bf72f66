"""Thresholds and suggestions, as dated parameters state them."""

import pytest

from parcels.clusters.rules import Limits, limits_from, suggested_way

VALUES = {
    "clusters.tolerance_m": 30,
    "clusters.min_mu": 50,
    "inefficient.tax_per_mu_max": 5,
    "clusters.making_ready_line_share_max": 0.5,
    "clusters.purchase_holders_max": 2,
    "land.industrial_classes": ["0601"],
    "overlay.sliver_m2": 1,
    "overlay.sliver_ratio": 0.001,
}


@pytest.mark.parametrize(
    ("holders", "line_share", "way"),
    [
        (9, 0.2, "做地"),
        (9, 0.5, "做地"),
        (2, 0.51, "收储"),
        (3, 0.51, "有机更新"),
        # Without a control line nothing lies outside it.
        (2, None, "收储"),
        (3, None, "有机更新"),
    ],
)
def test_the_suggestion_follows_the_line_and_then_the_holders(
    holders: int, line_share: float | None, way: str
) -> None:
    assert suggested_way(limits_from(VALUES), holders=holders, line_share=line_share) == way


def test_limits_come_from_the_parameters() -> None:
    limits = limits_from(VALUES)
    assert (limits.tolerance_m, limits.tax_per_mu_below, limits.by_scale) == (30, 5, False)
    assert limits.least_m2 == pytest.approx(50 * 10_000 / 15, abs=1e-9)
    scaled = limits_from(VALUES | {"inefficient.tax_per_mu_max_above_scale": 6})
    assert scaled.by_scale
    assert scaled.above_scale_below == 6


def test_a_stated_threshold_holds_for_every_scale() -> None:
    limits = limits_from(VALUES | {"inefficient.tax_per_mu_max_below_scale": 3})
    stated = limits.with_stated(tolerance_m=None, min_mu=20, tax_per_mu_below=8)
    assert (stated.tolerance_m, stated.min_mu, stated.tax_per_mu_below) == (30, 20, 8)
    assert not stated.by_scale
    assert limits.with_stated(tolerance_m=0, min_mu=None, tax_per_mu_below=None).tolerance_m == 0


def test_limits_without_optional_thresholds() -> None:
    assert not Limits(30, 50, 5).by_scale
