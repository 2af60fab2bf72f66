"""Scores: each item's value against its benchmark, capped, times its points; the same bits on every machine and day.

Refuses to invent: a missing value follows the scheme's rule and is noted, and unknown points are given to nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
from numpy.typing import NDArray

from parcels.evaluation.rules import LAND
from parcels.grading.frozen import Floats, Frozen
from parcels.grading.population import Population
from parcels.schemes.definition import Benchmark, Definition, IndicatorDef

MOST = 1e9  # a higher total says that a benchmark is next to nothing, and no more
NOISE = Decimal("1e-9")
NEAR_HALF, EXACT = (
    1e-4,
    1e9,
)  # farther from a half, and smaller, than binary arithmetic and nine decimals can err
Notes = NDArray[np.int8]
COUNTED, CAPPED, FLOORED, AVERAGED, ZERO, LEFT_OUT, NO_BENCHMARK, UNSCORED, NOT_ASKED = range(9)
NOTES = {
    COUNTED: "",
    CAPPED: "已封顶",
    FLOORED: "已按保底计",
    AVERAGED: "缺数据，取本组平均得分",
    ZERO: "缺数据，记零分",
    LEFT_OUT: "缺数据，不计该项，其余各项按比例折算",
    NO_BENCHMARK: "没有可用的基准值，不计该项，其余各项按比例折算",
    UNSCORED: "缺数据，不评分",
    NOT_ASKED: "本组不评该项",
}


@dataclass(frozen=True, slots=True)
class Items:
    """One indicator of every firm; NaN where it isn't asked or known."""

    value: Floats
    benchmark: Floats
    ratio: Floats
    capped: Floats
    points: Floats
    score: Floats
    note: Notes


@dataclass(frozen=True, slots=True)
class Totals:
    """Items by indicator, what they are multiplied by, what was added, the total unrounded and as shown.

    `shown` counts in units of the last place: 8712 is 87.12 with two places; -1 = not scored.
    """

    items: dict[str, Items]
    factor: Floats
    adjusted: Floats
    total: Floats
    shown: NDArray[np.int64]
    scored: NDArray[np.bool_]


def totals(definition: Definition, firms: Frozen, people: Population) -> Totals:
    """Score every firm that has a class."""
    size = len(firms)
    figures = {**firms.figures, LAND: people.land_mu}
    items = {}
    for indicator in definition.indicators.values():
        with np.errstate(divide="ignore", invalid="ignore"):
            below = figures[indicator.denominator]
            value = np.where(below > 0, figures[indicator.numerator] / below, np.nan)
        items[indicator.code] = _items(definition, indicator, value, figures, people)
    evaluated = people.of_class >= 0
    scored, points, included = evaluated.copy(), np.zeros(size), np.zeros(size)
    for one in items.values():
        scored &= one.note != UNSCORED
        asked = ~np.isin(one.note, (NOT_ASKED, LEFT_OUT, NO_BENCHMARK, UNSCORED))
        points += np.where(asked, one.score, 0.0)
        included += np.where(asked, one.points, 0.0)
    goal = np.zeros(size)
    for at, group in enumerate(definition.groups):
        goal[people.of_group == at] = definition.full if definition.unknown == "scale" else group.known_points
    scored &= included > 0
    factor = np.where(included == goal, 1.0, goal / np.where(included > 0, included, 1.0))
    adjusted = _adjusted(definition, firms)
    total = np.where(scored, np.clip(points * factor + adjusted, 0.0, MOST), np.nan)
    return Totals(items, factor, adjusted, total, shown(total, definition.places), scored)


def shown(total: Floats, places: int) -> NDArray[np.int64]:
    """Half up in decimal, as officers round by hand: 87.125 → 8713; NaN → -1.

    First to nine decimals, which takes off what binary arithmetic adds: 89.99499999999999 is meant as 89.995. What
    isn't near a half is the same in binary and rounded all at once.
    """
    scaled = np.where(np.isnan(total), -1.0, total) * 10.0**places
    whole = np.floor(scaled + 0.5)
    found = np.where(np.isnan(total), -1, whole).astype(np.int64)
    near = np.abs(scaled + 0.5 - np.round(scaled + 0.5)) <= NEAR_HALF
    for at in np.flatnonzero(~np.isnan(total) & (near | (np.abs(scaled) > EXACT))).tolist():
        found[at] = _half_up(float(total[at]), places)
    return found


def percentile(values: Sequence[float], percent: float) -> float:
    """Linear between neighbours: 0 the smallest, 100 the largest."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * percent / 100
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def _half_up(value: float, places: int) -> int:
    exact = Decimal(repr(value)).quantize(NOISE)
    return int(exact.scaleb(places).quantize(Decimal(1), ROUND_HALF_UP))


def _items(
    definition: Definition,
    indicator: IndicatorDef,
    value: Floats,
    figures: dict[str, Floats],
    people: Population,
) -> Items:
    size = len(value)
    benchmark, points = np.full(size, np.nan), np.full(size, np.nan)
    note: Notes = np.full(size, NOT_ASKED, dtype=np.int8)
    for at, group in enumerate(definition.groups):
        for weight in group.weights:
            if weight.indicator != indicator.code:
                continue
            mine = people.of_group == at
            points[mine] = weight.points
            note[mine] = COUNTED
            for pool in _pools(mine, weight.benchmark, people):
                benchmark[pool] = _benchmark(weight.benchmark, indicator, value, figures, pool)
    asked = note == COUNTED
    unusable = asked & ~(benchmark > 0)
    known = asked & ~unusable & ~np.isnan(value)
    with np.errstate(divide="ignore", invalid="ignore"):
        # Where less is better, nothing used is as good as it gets.
        lower = np.where(value > 0, benchmark / value, np.inf)
        ratio = value / benchmark if indicator.direction == "higher" else lower
    ratio = np.where(known, ratio, np.nan)
    high = np.inf if indicator.cap is None else indicator.cap
    capped = np.clip(ratio, indicator.floor, high)
    score = capped * points
    note[known & (ratio > high)] = CAPPED
    note[known & (ratio < indicator.floor)] = FLOORED
    note[unusable] = NO_BENCHMARK
    _fill(indicator, score, note, asked & ~unusable & np.isnan(value), known, people)
    return Items(np.where(asked, value, np.nan), benchmark, ratio, capped, points, score, note)


def _fill(
    indicator: IndicatorDef,
    score: Floats,
    note: Notes,
    lacking: NDArray[np.bool_],
    known: NDArray[np.bool_],
    people: Population,
) -> None:
    """What stands for a missing value, by the scheme's rule; an average of nobody leaves the item out."""
    if indicator.missing == "unscored":
        note[lacking] = UNSCORED
    elif indicator.missing == "reweigh":
        note[lacking] = LEFT_OUT
    elif indicator.missing == "zero":
        score[lacking], note[lacking] = 0.0, ZERO
    else:
        for group in sorted(set(people.of_group[lacking].tolist())):
            others = score[known & (people.of_group == group)].tolist()
            here = lacking & (people.of_group == group)
            if others:
                score[here], note[here] = math.fsum(others) / len(others), AVERAGED
            else:
                note[here] = LEFT_OUT


def _pools(mine: NDArray[np.bool_], benchmark: Benchmark, people: Population) -> list[NDArray[np.bool_]]:
    if benchmark.over == "group" or benchmark.kind == "fixed":
        return [mine]
    return [mine & (people.of_class == at) for at in sorted(set(people.of_class[mine].tolist()))]


def _benchmark(
    benchmark: Benchmark,
    indicator: IndicatorDef,
    value: Floats,
    figures: dict[str, Floats],
    pool: NDArray[np.bool_],
) -> float:
    """Of the firms that know both sides; NaN where nobody does. Sums are correctly rounded, so in any order the same."""
    if benchmark.value is not None:
        return benchmark.value
    known = pool & ~np.isnan(value)
    values = value[known].tolist()
    if not values:
        return math.nan
    if benchmark.kind == "percentile":
        return percentile(values, float(benchmark.percent or 0))
    if benchmark.kind == "mean_of_ratios":
        return math.fsum(values) / len(values)
    above, below = (
        math.fsum(figures[side][known].tolist()) for side in (indicator.numerator, indicator.denominator)
    )
    return above / below


def _adjusted(definition: Definition, firms: Frozen) -> Floats:
    """Bonus less deductions: each fact up to its own most, the bonus of all up to the scheme's."""
    found = np.zeros(len(firms))
    for at, facts in enumerate(firms.maps["adjustments"]):
        if not facts:
            continue
        up = down = 0.0
        for code, points in sorted(facts.items()):
            known = definition.adjustments.get(code)
            if known is None:
                continue
            if known.points >= 0:
                up += min(max(points, 0.0), known.points)
            else:
                down += max(min(points, 0.0), known.points)
        most = math.inf if definition.most_adjusted is None else definition.most_adjusted
        found[at] = min(up, most) + down
    return found
