"""From firms' figures to the ground: who uses how much of which parcel, and what falls to each parcel and area.

Refuses to lose or to invent anything: every share of a whole adds up to the whole, and what is unknown stays out of
both sides of a division. Pure arrays; no Django.

Firms, parcels and areas are positions in their arrays; a figure that wasn't returned is NaN.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landgis.lib.distinct import distinct
from landgis.lib.sums import exact_sums
from landgis.lib.units import m2_to_mu_array
from parcels.evaluation.rules import INDICATORS, LAND, RETURN, RETURNED, partly

Floats = NDArray[np.float64]
Places = NDArray[np.intp]
Flags = NDArray[np.bool_]

OCCUPIED = "land_occupied_mu"
# The columns of every sum: the figures returned, the land of evaluated firms and of all firms, and the parts of
# each indicator from the firms that know both.
NUMERATORS = tuple(f"{indicator.code}_numerator" for indicator in INDICATORS)
DENOMINATORS = tuple(f"{indicator.code}_denominator" for indicator in INDICATORS)
COLUMNS = (*RETURNED, LAND, OCCUPIED, *NUMERATORS, *DENOMINATORS)
# What a firm can lack, in the order of the columns of `Firms.lacks`; a group lacks partly what one of its members does.
LACKS = (RETURN, LAND, *RETURNED, *(partly(name) for name in RETURNED))


@dataclass(frozen=True, slots=True)
class Limits:
    """The county's parameters: within `tolerance` two areas are the same, and a smaller overlay is a sliver."""

    tolerance_m2: float
    tolerance_ratio: float
    sliver_m2: float
    sliver_ratio: float

    def tolerance(self, area_m2: Floats) -> Floats:
        return np.maximum(self.tolerance_m2, self.tolerance_ratio * area_m2)


@dataclass(frozen=True, slots=True)
class Uses:
    """Who has how much land of which parcel in the year, as land_use settles it: `net_m2` of `parcel` by `firm`."""

    parcel: Places
    firm: Places
    net_m2: Floats


@dataclass(frozen=True, slots=True)
class Firms:
    """What firms returned for the year, and the land they use; made by `firms_of`."""

    figures: Floats  # firm × RETURNED, NaN = not returned
    returned: Flags
    land_m2: Floats
    above: Floats  # each indicator's numerator, firm × INDICATORS
    below: Floats  # and denominator
    both: Flags  # the firm knows both
    lacks: Flags  # firm × LACKS; a firm without any return lacks that and no single figure


@dataclass(frozen=True, slots=True)
class Returned:
    """What the firms that are evaluated returned, groups as one: `figures` is the sum of what is known, NaN = nothing is."""

    figures: Floats
    returned: Flags
    whole: Flags  # firm × RETURNED: no member that returned anything lacks the figure


def as_groups(figures: Floats, returned: Flags, group: Places, groups: int) -> Returned:
    """Members' figures added up: one that returned nothing brings land only, a missing figure is never zero."""
    size, columns = groups, figures.shape[1]
    summed, whole = np.full((size, columns), np.nan), np.ones((size, columns), dtype=bool)
    for i, values in enumerate(figures.T):
        known = returned & ~np.isnan(values)
        whole[:, i] = np.bincount(group, returned & ~known, size) == 0
        some = np.bincount(group, known, size) > 0
        summed[some, i] = np.bincount(group, np.where(known, values, 0.0), size)[some]
    return Returned(summed, np.bincount(group, returned, size) > 0, whole)


def firms_of(of: Returned, land_m2: Floats) -> Firms:
    figures, returned = of.figures, of.returned
    mu = np.where(land_m2 > 0, m2_to_mu_array(land_m2), np.nan)
    known = np.column_stack([np.where(of.whole, figures, np.nan), mu])
    column = {name: i for i, name in enumerate((*RETURNED, LAND))}
    above = known[:, [column[indicator.numerator] for indicator in INDICATORS]]
    below = known[:, [column[indicator.denominator] for indicator in INDICATORS]]
    both = ~(np.isnan(above) | np.isnan(below)) & returned[:, None]
    nothing = np.isnan(figures)
    lacks = np.column_stack([~returned, land_m2 <= 0, nothing & returned[:, None], ~of.whole & ~nothing])
    return Firms(figures, returned, land_m2, above, below, both, lacks)


def tally(place: Places, amounts: Floats, places: int) -> Floats:
    """What falls to each place."""
    return np.asarray(np.bincount(place, amounts, places), dtype=np.float64)


def sums_of_parcels(uses: Uses, firms: Firms, parcels: int) -> Floats:
    """What falls to each parcel (parcel × COLUMNS): each firm's figures by the land that it uses there."""
    used = uses.net_m2 > 0
    parcel, firm, net = uses.parcel[used], uses.firm[used], uses.net_m2[used]
    weight = net / firms.land_m2[firm]
    mu = m2_to_mu_array(net)
    sums = np.empty((len(COLUMNS), parcels))

    def apportion(first: int, figures: Floats) -> None:
        for i, figure in enumerate(figures.T):
            sums[first + i] = tally(parcel, figure[firm] * weight, parcels)

    land, parts = len(RETURNED), len(RETURNED) + 2
    apportion(0, np.nan_to_num(firms.figures))
    sums[land] = tally(parcel, np.where(firms.returned[firm], mu, 0.0), parcels)
    sums[land + 1] = tally(parcel, mu, parcels)
    apportion(parts, np.where(firms.both, firms.above, 0.0))
    apportion(parts + len(INDICATORS), np.where(firms.both, firms.below, 0.0))
    return sums.T


def sums_of_firms(firms: Firms, gross_m2: Floats) -> Floats:
    """The same columns firm by firm, for those with land: what the parcels of all of them add up to."""
    land = m2_to_mu_array(firms.land_m2)
    here = firms.land_m2 > 0
    columns = [
        np.nan_to_num(firms.figures),
        np.where(firms.returned, land, 0.0)[:, None],
        m2_to_mu_array(gross_m2)[:, None],
        np.where(firms.both, firms.above, 0.0),
        np.where(firms.both, firms.below, 0.0),
    ]
    return np.where(here[:, None], np.hstack(columns), 0.0)


@dataclass(frozen=True, slots=True)
class Cover:
    """Which share of which parcel lies in which area; a partition has the rest of each parcel in the last area."""

    parcel: Places
    area: Places
    share: Floats
    areas: int


def partition(parcel: Places, area: Places, share: Floats, *, parcels: int, areas: int) -> Cover:
    """A cover whose shares add up to 1 for every parcel: what lies in no area goes to an area of its own, the last.

    Areas that overlap share what they both claim in proportion; without that, ground would be counted twice.
    """
    total = tally(parcel, share, parcels)
    rest = np.where(total < 1 - 1e-9, 1 - total, 0.0)
    scaled = share / np.where(rest[parcel] > 0, 1.0, total[parcel])
    outside = np.flatnonzero(rest)
    return Cover(
        np.concatenate([parcel, outside]),
        np.concatenate([area, np.full(len(outside), areas, dtype=np.intp)]),
        np.concatenate([scaled, rest[outside]]),
        areas + 1,
    )


def sums_of_areas(of_parcels: Floats, cover: Cover) -> Floats:
    """What falls to each area (area × columns), each sum correctly rounded and so the same in any order."""
    columns = [
        exact_sums(figure[cover.parcel] * cover.share, cover.area, cover.areas) for figure in of_parcels.T
    ]
    return np.column_stack(columns)


def total(parts: Floats) -> Floats:
    """The sum of areas that make up a whole: what is published adds up to what is published."""
    return np.array([math.fsum(column) for column in parts.T.tolist()])


@dataclass(frozen=True, slots=True)
class Counts:
    """Firms with land in each area: how many, how many entered each indicator, and how many lack what."""

    firms: NDArray[np.int64]
    entered: NDArray[np.int64]  # area × INDICATORS
    lacking: NDArray[np.int64]  # area × LACKS


def counts_of_areas(uses: Uses, firms: Firms, cover: Cover) -> Counts:
    """Each firm once an area, however many parcels it uses there."""
    used = np.flatnonzero(uses.net_m2 > 0)
    use, pair = _matches(uses.parcel[used], cover.parcel)
    return counted(cover.area[pair], uses.firm[used[use]], firms, cover.areas)


def weights_of_areas(uses: Uses, net_m2: Floats, firms: Firms, cover: Cover) -> tuple[Places, Places, Floats]:
    """Area, firm and the share of the firm's figures that falls to the area, each pair once."""
    used = np.flatnonzero(net_m2 > 0)
    use, pair = _matches(uses.parcel[used], cover.parcel)
    firm = uses.firm[used[use]]
    share = net_m2[used[use]] / firms.land_m2[firm] * cover.share[pair]
    size = max(len(firms.returned), 1)
    keys, of_pair = np.unique(cover.area[pair].astype(np.int64) * size + firm, return_inverse=True)
    weight = tally(of_pair.astype(np.intp), share, len(keys))
    return (keys // size).astype(np.intp), (keys % size).astype(np.intp), weight


def counted(area: NDArray[Any], firm: NDArray[Any], firms: Firms, areas: int) -> Counts:
    """The same from (area, firm) pairs that may repeat."""
    size = max(len(firms.returned), 1)
    pairs = distinct(area.astype(np.int64) * size + firm)
    area, firm = pairs // size, pairs % size

    def count(flags: Flags) -> NDArray[np.int64]:
        return np.bincount(area[flags], minlength=areas)

    return Counts(
        np.bincount(area, minlength=areas),
        np.column_stack([count(firms.both[firm, i]) for i in range(len(INDICATORS))]),
        np.column_stack([count(firms.lacks[firm, i]) for i in range(len(LACKS))]),
    )


def _matches(left: Places, right: Places) -> tuple[Places, Places]:
    """All (i, j) with left[i] == right[j]."""
    order = np.argsort(right, kind="stable")
    ordered = right[order]
    first = np.searchsorted(ordered, left, side="left")
    many = np.searchsorted(ordered, left, side="right") - first
    i = np.repeat(np.arange(len(left)), many)
    step = np.arange(len(i)) - np.repeat(np.cumsum(many) - many, many)
    return i, order[np.repeat(first, many) + step]
