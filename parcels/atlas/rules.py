"""What a plot is made of: ranks with ties, Lorenz curves with their Gini coefficient, histograms, quantiles.

Refuses names, rights and the database; and where it is told how few firms may stand alone, shows none that do.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landgis.lib.suppression import dominates

Numbers = NDArray[np.float64]

QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
SHOWN_DECIMALS = 2
MOST_POINTS = 400  # of a curve: more than paper can show
TENTHS = 10
BINS = 30
_TAIL = 0.9  # beyond this share of the firms the last, open class begins


@dataclass(frozen=True, slots=True)
class Lorenz:
    """Cumulative shares of firms, of `base` and of `amount`, poorest first; `gini` is of the curve as it is given."""

    base: Numbers
    amount: Numbers
    gini: float


@dataclass(frozen=True, slots=True)
class Histogram:
    """Classes side by side: lower bounds, upper bounds (the last one open, infinite) and how many firms lie in each."""

    lower: Numbers
    upper: Numbers
    firms: NDArray[np.int64]


def ranked(values: Sequence[float | None]) -> list[int | None]:
    """The place of each, the highest first; what reads alike to the shown decimals shares its place (1, 2, 2, 4)."""
    shown = [None if value is None else round(value, SHOWN_DECIMALS) for value in values]
    order = sorted((value for value in shown if value is not None), reverse=True)
    place: dict[float, int] = {}
    for at, value in enumerate(order, start=1):
        place.setdefault(value, at)
    return [None if value is None else place[value] for value in shown]


def lorenz(amount: Numbers, base: Numbers) -> Lorenz | None:
    """The curve of `amount` over `base` (both a firm), the lowest amount a unit of base first; None without a whole."""
    if not len(amount) or not amount.sum() > 0 or not base.sum() > 0:
        return None
    order = np.argsort(amount / base, kind="stable")
    return _curve(amount[order], base[order])


def lorenz_in_tenths(amount: Numbers, base: Numbers, *, fewest: int, most: float) -> Lorenz | None:
    """The same in ten steps of as many firms each; None where a step would tell of fewer than `fewest`, or mostly of one."""
    if len(amount) < TENTHS * fewest or not amount.sum() > 0 or not base.sum() > 0:
        return None
    steps = tenths(amount, base)
    sums = np.array([amount[step].sum() for step in steps])
    largest = np.array([np.abs(amount[step]).max() for step in steps])
    if dominates(largest, sums, most).any():
        return None
    return _curve(sums, np.array([base[step].sum() for step in steps]))


def tenths(amount: Numbers, base: Numbers) -> list[NDArray[np.intp]]:
    """The firms in ten steps of as many each, the lowest amount a unit of base first."""
    return np.array_split(np.argsort(amount / base, kind="stable"), TENTHS)


def thinned(curve: Lorenz) -> Lorenz:
    """The curve with no more points than can be drawn, its ends kept; the coefficient stays that of all points."""
    if len(curve.base) <= MOST_POINTS:
        return curve
    kept = np.unique(np.linspace(0, len(curve.base) - 1, MOST_POINTS).round().astype(np.intp))
    return Lorenz(curve.base[kept], curve.amount[kept], curve.gini)


def histogram(values: Numbers, *, fewest: int = 0) -> Histogram:
    """Classes of one round width, the last one open; with `fewest`, neighbours are joined until none tells of fewer."""
    if not len(values):
        nothing = np.empty(0)
        return Histogram(nothing, nothing, np.empty(0, dtype=np.int64))
    low, high = float(values.min()), float(np.quantile(values, _TAIL))
    width = round_width((high - low) / BINS)
    first = math.floor(low / width)
    steps = max(1, math.ceil(high / width) - first)
    lower: Numbers = ((first + np.arange(steps + 1)) * width).astype(np.float64)
    place = np.clip(np.searchsorted(lower, values, side="right") - 1, 0, steps)
    firms = np.bincount(place, minlength=steps + 1).astype(np.int64)
    if not firms[-1]:
        lower, firms, open_end = lower[:-1], firms[:-1], float(lower[-1])
    else:
        open_end = math.inf
    if fewest > 1:
        lower, firms = _joined(lower, firms, fewest)
    upper = np.append(lower[1:], open_end) if len(lower) else lower
    return Histogram(lower, upper, firms)


def quantiles(values: Numbers) -> list[tuple[float, float]]:
    """The marks of the distribution: share of the firms, and the value that as many stay below."""
    if not len(values):
        return []
    return list(zip(QUANTILES, np.quantile(values, QUANTILES).tolist(), strict=True))


def round_width(width: float) -> float:
    """The next of 1, 2, 5 × 10ⁿ; 1 where there is nothing to divide."""
    if not width > 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(width))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= width * (1 - 1e-9))


def _curve(amount: Numbers, base: Numbers) -> Lorenz:
    x = np.append(0.0, np.cumsum(base) / base.sum())
    y = np.append(0.0, np.cumsum(amount) / amount.sum())
    return Lorenz(x, y, float(1 - ((y[1:] + y[:-1]) * np.diff(x)).sum()))


def _joined(lower: Numbers, firms: NDArray[np.int64], fewest: int) -> tuple[Numbers, NDArray[np.int64]]:
    """Runs of classes with `fewest` firms or none; what is left at the end goes to the run before it."""
    starts: list[float] = []
    counts: list[int] = []
    for bound, count in zip(lower.tolist(), firms.tolist(), strict=True):
        if counts and 0 < counts[-1] < fewest:
            counts[-1] += count
        else:
            starts.append(bound)
            counts.append(count)
    while len(counts) > 1 and 0 < counts[-1] < fewest:
        counts[-2:] = [counts[-2] + counts[-1]]
        starts.pop()
    if counts[0] < fewest:  # fewer firms in all than may be told of
        return np.empty(0), np.empty(0, dtype=np.int64)
    return np.array(starts), np.array(counts, dtype=np.int64)
