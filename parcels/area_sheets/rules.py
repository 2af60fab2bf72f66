"""What falls to an area by the land that each firm has in it: money, per-mu indicators, and both by grade and by class.

Refuses to lose or to invent anything: what lies in the parts of a whole adds up to the whole. Plain arrays; no Django.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landgis.lib.units import m2_to_mu_array
from parcels.evaluation.apportion import LACKS, Firms
from parcels.evaluation.rules import INDICATORS, RETURNED

Floats = NDArray[np.float64]
Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Ratio:
    """An indicator of an area: its parts from the firms that know both, None where nobody does."""

    above: float | None
    below: float | None
    firms: int

    @property
    def value(self) -> float | None:
        return self.above / self.below if self.above is not None and self.below else None


@dataclass(frozen=True, slots=True)
class Part:
    """The firms of one grade or class in an area, their land and what falls to it, in the order of RETURNED."""

    key: str
    firms: int
    land_mu: float
    money: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Fallen:
    """All that falls to an area; `known` says how many firms make up each figure."""

    firms: int
    land_mu: float
    evaluated_mu: float
    money: tuple[float, ...]
    known: tuple[int, ...]
    ratios: tuple[Ratio, ...]
    missing: dict[str, int]


def fallen(firms: Firms, land_m2: Floats) -> Fallen:
    """What firms with so much land in an area bring to it; `land_m2` is a place a firm, 0 where it has none there."""
    at, weight = _weights(firms, land_m2)
    mu = m2_to_mu_array(land_m2[at])
    figures, both = firms.figures[at], firms.both[at]
    ratios = []
    for n in range(len(INDICATORS)):
        mine = both[:, n]
        above, below = (math.fsum((side[at, n] * weight)[mine]) for side in (firms.above, firms.below))
        ratios.append(Ratio(above, below, int(mine.sum())) if mine.any() else Ratio(None, None, 0))
    lacking = firms.lacks[at].sum(axis=0).tolist()
    return Fallen(
        len(at),
        math.fsum(mu),
        math.fsum(mu[firms.returned[at]]),
        _money(figures, weight),
        tuple((~np.isnan(figures)).sum(axis=0).tolist()),
        tuple(ratios),
        {name: count for name, count in zip(LACKS, lacking, strict=True) if count},
    )


def by_label(firms: Firms, land_m2: Floats, label: Places, keys: Sequence[str]) -> tuple[Part, ...]:
    """The same apart for each label of firms; every label is there, also one that no firm in the area has."""
    at, weight = _weights(firms, land_m2)
    mu = m2_to_mu_array(land_m2[at])
    made = []
    for n, key in enumerate(keys):
        mine = label[at] == n
        made.append(
            Part(key, int(mine.sum()), math.fsum(mu[mine]), _money(firms.figures[at][mine], weight[mine]))
        )
    return tuple(made)


def _weights(firms: Firms, land_m2: Floats) -> tuple[Places, Floats]:
    """The firms with land in the area, and the share of all of a firm's land that this is."""
    at = np.flatnonzero(land_m2 > 0)
    return at, land_m2[at] / firms.land_m2[at]


def _money(figures: Floats, weight: Floats) -> tuple[float, ...]:
    return tuple(math.fsum(np.nan_to_num(figures[:, n]) * weight) for n in range(len(RETURNED)))
