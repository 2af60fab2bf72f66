"""What makes a parcel inefficient, which clusters count, and what way is suggested for one.

Refuses to decide: a suggestion names the rule it follows, and the officer chooses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from landgis.lib.units import mu_to_m2

RULE_VERSION = "clusters-2026-11"

# How stock land is revitalised (action plan, task 5).
RENEWAL, PURCHASE, MAKING_READY = "有机更新", "收储", "做地"
WAYS = (RENEWAL, PURCHASE, MAKING_READY)


STORED_M = 1e-6  # surveys state millimetres; kept in degrees and read back they are some nanometres off


def reach_of(tolerance_m: float) -> float:
    return tolerance_m + STORED_M


@dataclass(frozen=True, slots=True)
class Limits:
    """The county's thresholds of one day. Tax in 万元/亩, strictly below counts; a cluster counts from its least area on.

    Two thresholds by scale (规上, 规下) go before the general one where all firms on a parcel are of that scale.
    """

    tolerance_m: float
    min_mu: float
    tax_per_mu_below: float
    above_scale_below: float | None = None
    below_scale_below: float | None = None
    making_ready_line_share_max: float = 0.5
    purchase_holders_max: int = 2
    industrial_classes: tuple[str, ...] = ()
    sliver_m2: float = 0.0
    sliver_ratio: float = 0.0

    @property
    def reach_m(self) -> float:
        """The longest gap that still ties: a surveyed gap of just the tolerance does, whatever its storing in degrees adds."""
        return reach_of(self.tolerance_m)

    @property
    def least_m2(self) -> float:
        return float(mu_to_m2(self.min_mu))

    @property
    def by_scale(self) -> bool:
        return self.above_scale_below is not None or self.below_scale_below is not None

    def with_stated(
        self, *, tolerance_m: float | None, min_mu: float | None, tax_per_mu_below: float | None
    ) -> Limits:
        """The limits with what a person states for once; a stated tax threshold holds for every scale."""
        limits = self
        if tolerance_m is not None:
            limits = replace(limits, tolerance_m=tolerance_m)
        if min_mu is not None:
            limits = replace(limits, min_mu=min_mu)
        if tax_per_mu_below is not None:
            limits = replace(
                limits, tax_per_mu_below=tax_per_mu_below, above_scale_below=None, below_scale_below=None
            )
        return limits

    def as_json(self) -> dict[str, Any]:
        return {
            "tolerance_m": self.tolerance_m,
            "min_mu": self.min_mu,
            "tax_per_mu_below": self.tax_per_mu_below,
            "above_scale_below": self.above_scale_below,
            "below_scale_below": self.below_scale_below,
        }


def limits_from(values: Mapping[str, Any]) -> Limits:
    """The limits that a county's parameters of a day state."""

    def optional(key: str) -> float | None:
        return float(values[key]) if key in values else None

    return Limits(
        tolerance_m=float(values["clusters.tolerance_m"]),
        min_mu=float(values["clusters.min_mu"]),
        tax_per_mu_below=float(values["inefficient.tax_per_mu_max"]),
        above_scale_below=optional("inefficient.tax_per_mu_max_above_scale"),
        below_scale_below=optional("inefficient.tax_per_mu_max_below_scale"),
        making_ready_line_share_max=float(values["clusters.making_ready_line_share_max"]),
        purchase_holders_max=int(values["clusters.purchase_holders_max"]),
        industrial_classes=tuple(values["land.industrial_classes"]),
        sliver_m2=float(values["overlay.sliver_m2"]),
        sliver_ratio=float(values["overlay.sliver_ratio"]),
    )


def suggested_way(limits: Limits, *, holders: int, line_share: float | None) -> str:
    """Ground mostly outside the control line may be made ready for other use; a few holders are bought out; else renewal.

    Without a control line (`line_share` None) nothing lies outside it.
    """
    if line_share is not None and line_share <= limits.making_ready_line_share_max:
        return MAKING_READY
    return PURCHASE if holders <= limits.purchase_holders_max else RENEWAL
