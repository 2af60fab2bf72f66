"""From labelled parcels to clusters with their figures, whole arrays at a time.

Refuses to round: areas are compared with the least area as they are, and rounded only where they are shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray

from landgis.lib.distinct import distinct
from landgis.lib.units import mu_of
from layers.geometry.decoded import Vertices
from layers.geometry.equal_area import equal_area
from layers.geometry.parallel import in_slices
from parcels.clusters.rules import Limits, suggested_way

_HULLS = 512  # clusters at a time

Objects = NDArray[np.object_]
Floats = NDArray[np.float64]
Longs = NDArray[np.int64]

EIGHT = [
    (1, 0),
    (1, 1),
    (0, 1),
    (-1, 1),
    (-1, 0),
    (-1, -1),
    (0, -1),
    (1, -1),
]  # directions, counter-clockwise


@dataclass(frozen=True, slots=True)
class Inefficient:
    """Inefficient parcels side by side. Areas in ㎡: `area_m2` registered (or planar), `ground_m2` on the ellipsoid.

    `line_m2` is the ground inside the control line (None: the county has no line); tax in 万元 over `taxed_mu`.
    """

    id: Longs
    code: Objects
    town_code: Objects
    shapes_4490: Vertices
    area_m2: Floats
    ground_m2: Floats
    tax_wan: Floats
    taxed_mu: Floats
    line_m2: Floats | None


@dataclass(frozen=True, slots=True)
class Cluster:
    """Parcels that lie together: sums in ㎡, `hull_4490` the convex hull, compactness = ground / hull."""

    codes: tuple[str, ...]
    town_codes: tuple[str, ...]
    main_town: str
    net_m2: float
    ground_m2: float
    hull_4490: shapely.Geometry
    hull_m2: float
    compactness: float
    holders: int
    tax_per_mu: float | None
    line_share: float | None
    suggested_way: str
    parcels_4490: Vertices
    at: NDArray[np.intp]

    @property
    def ground_4490(self) -> shapely.Geometry:
        """The parcels' ground as one shape, without the lines between them."""
        return shapely.union_all(self.parcels_4490.shapes(at=self.at))

    @property
    def net_mu(self) -> float:
        return mu_of(self.net_m2)

    @property
    def hull_mu(self) -> float:
        return mu_of(self.hull_m2)


def grouped(
    parcels: Inefficient, labels: Longs, holdings: tuple[Longs, Longs], limits: Limits, *, latitude: float
) -> list[Cluster]:
    """The clusters of the least area or more, the largest first; `labels` says which cluster each parcel is in.

    `holdings` are pairs of parcel and holder.
    """
    if not len(labels):
        return []
    _, label = np.unique(labels, return_inverse=True)
    net = np.bincount(label, parcels.area_m2)
    counts = np.flatnonzero(net >= limits.least_m2)
    if not len(counts):
        return []
    place = np.full(len(net), -1)
    place[counts] = np.arange(len(counts))
    order = np.array(
        sorted(range(len(label)), key=parcels.code.tolist().__getitem__)
    )  # nearly sorted as they come
    order = order[place[label[order]] >= 0]
    order = order[np.argsort(place[label[order]], kind="stable")]
    of = place[label[order]]
    ends = np.searchsorted(of, np.arange(len(counts) + 1)).tolist()
    hulls = _hulls(parcels.shapes_4490, order, of, len(counts))
    hull_m2 = shapely.area(equal_area(hulls, latitude=latitude))

    def summed(values: Floats) -> Floats:
        return np.asarray(np.bincount(of, values[order], len(counts)))

    ground, tax, taxed = (summed(v) for v in (parcels.ground_m2, parcels.tax_wan, parcels.taxed_mu))
    inside = None if parcels.line_m2 is None else summed(parcels.line_m2)
    holders = _distinct(parcels.id[order], of, holdings, len(counts))
    towns, main = _towns(parcels.town_code[order], of, parcels.area_m2[order], len(counts))
    found = []
    for n, (first, end) in enumerate(pairwise(ends)):
        members = order[first:end]
        line_share = None if inside is None else min(float(inside[n] / ground[n]), 1.0)
        found.append(
            Cluster(
                codes=tuple(parcels.code[members].tolist()),
                town_codes=towns[n],
                main_town=main[n],
                net_m2=float(net[counts[n]]),
                ground_m2=float(ground[n]),
                hull_4490=hulls[n],
                hull_m2=float(hull_m2[n]),
                compactness=min(float(ground[n] / hull_m2[n]), 1.0),
                holders=int(holders[n]),
                tax_per_mu=float(tax[n] / taxed[n]) if taxed[n] > 0 else None,
                line_share=line_share,
                suggested_way=suggested_way(limits, holders=int(holders[n]), line_share=line_share),
                parcels_4490=parcels.shapes_4490,
                at=members,
            )
        )
    return sorted(found, key=lambda cluster: (-cluster.net_m2, cluster.codes[0]))


def _hulls(shapes: Vertices, order: NDArray[np.intp], of: NDArray[np.intp], count: int) -> Objects:
    """The convex hull of each cluster: of one line through its vertices, whose hull is the same."""
    outer = _outer(shapes.boxes(shapes.xy)[order], shapes.xy[shapes.start[order]], of, count)
    order, of = order[outer], of[outer]

    def hulls(first: NDArray[np.intp], end: NDArray[np.intp]) -> Objects:
        at = order[first[0] : end[-1]]
        through = np.repeat(of[first[0] : end[-1]] - of[first[0]], shapes.start[at + 1] - shapes.start[at])
        found: Objects = shapely.convex_hull(shapely.linestrings(shapes.xy[shapes.of(at)], indices=through))
        return found

    ends = np.searchsorted(of, np.arange(count + 1))
    return np.concatenate(in_slices(hulls, [ends[:-1], ends[1:]], size=_HULLS))


def _outer(boxes: Floats, vertex: Floats, of: NDArray[np.intp], count: int) -> NDArray[np.bool_]:
    """Which shapes may reach their cluster's hull: not those within the octagon of its farthest vertices."""
    corners = np.empty((len(EIGHT), count), dtype=np.intp)
    starts = np.searchsorted(of, np.arange(count))
    for corner, (east, north) in zip(corners, EIGHT, strict=True):
        far = vertex @ [east, north]
        at = np.flatnonzero(far == np.maximum.reduceat(far, starts)[of])
        corner[of[at]] = at
    octagon = vertex[corners]
    edges = np.roll(octagon, -1, axis=0) - octagon
    inside = (edges != 0).any(axis=(0, 2))[of]
    for begin, edge in zip(octagon, edges, strict=True):
        dx, dy = edge[of].T
        x = np.where(dy > 0, boxes[:, 2], boxes[:, 0]) - begin[of, 0]
        y = np.where(dx > 0, boxes[:, 1], boxes[:, 3]) - begin[of, 1]
        inside &= (dx * y - dy * x > 0) | ((dx == 0) & (dy == 0))
    return np.asarray(~inside)


def _towns(
    town_code: Objects, of: NDArray[np.intp], area_m2: Floats, count: int
) -> tuple[list[tuple[str, ...]], list[str]]:
    """The towns that each cluster lies in, in order, and the one that has most of it."""
    known = sorted(set(town_code.tolist()))
    number = {code: n for n, code in enumerate(known)}
    pair, at = np.unique(
        of * len(known) + np.fromiter(map(number.__getitem__, town_code), np.int64, len(of)),
        return_inverse=True,
    )
    cluster, town = np.divmod(pair, len(known))
    area = np.bincount(at, area_m2)
    most = np.lexsort([town, -area, cluster])
    main = town[most[np.searchsorted(cluster[most], np.arange(count))]]
    named = [known[n] for n in town.tolist()]
    ends = np.searchsorted(cluster, np.arange(count + 1)).tolist()
    towns = [tuple(named[first:end]) for first, end in pairwise(ends)]
    return towns, [known[n] for n in main]


def _distinct(parcel_id: Longs, of: NDArray[np.intp], holdings: tuple[Longs, Longs], count: int) -> Longs:
    """How many holders each cluster has, each counted once."""
    held, holder = holdings
    by_id = np.argsort(parcel_id)
    at = np.searchsorted(parcel_id[by_id], held)
    at = np.minimum(at, len(parcel_id) - 1)
    known = parcel_id[by_id][at] == held
    many = int(holder.max(initial=0)) + 1
    pairs = distinct(of[by_id][at[known]] * many + holder[known])
    return np.asarray(np.bincount(pairs // many, minlength=count), dtype=np.int64)
