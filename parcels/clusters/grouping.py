"""From labelled parcels to clusters with their figures, whole arrays at a time.

Refuses to round: areas are compared with the least area as they are, and rounded only where they are shown.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from landgis.lib.units import m2_to_mu_array
from layers.geometry.equal_area import equal_area
from parcels.clusters.rules import Limits, suggested_way

Objects = NDArray[np.object_]
Floats = NDArray[np.float64]
Longs = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Inefficient:
    """Inefficient parcels side by side. Areas in ㎡: `area_m2` registered (or planar), `ground_m2` on the ellipsoid.

    `line_m2` is the ground inside the control line (None: the county has no line); tax in 万元 over `taxed_mu`.
    """

    id: Longs
    code: Objects
    town_code: Objects
    geom_4490: Objects
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
    shapes_4490: Objects

    @property
    def ground_4490(self) -> shapely.Geometry:
        """The parcels' ground as one shape, without the lines between them."""
        return shapely.union_all(self.shapes_4490)

    @property
    def net_mu(self) -> float:
        return float(m2_to_mu_array([self.net_m2])[0])

    @property
    def hull_mu(self) -> float:
        return float(m2_to_mu_array([self.hull_m2])[0])


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
    order = np.flatnonzero(place[label] >= 0)
    order = order[np.lexsort([parcels.code[order].astype(str), place[label[order]]])]
    of = place[label[order]]
    ends = np.searchsorted(of, np.arange(1, len(counts)))
    hulls = shapely.convex_hull(shapely.geometrycollections(parcels.geom_4490[order], indices=of))
    hull_m2 = shapely.area(equal_area(hulls, latitude=latitude))

    def summed(values: Floats) -> Floats:
        return np.asarray(np.bincount(of, values[order], len(counts)))

    ground, tax, taxed = (summed(v) for v in (parcels.ground_m2, parcels.tax_wan, parcels.taxed_mu))
    inside = None if parcels.line_m2 is None else summed(parcels.line_m2)
    holders = _distinct(parcels.id[order], of, holdings, len(counts))
    found = [
        _cluster(
            parcels, members, float(net[counts[n]]), float(ground[n]), hulls[n], float(hull_m2[n]), int(holders[n]),
            float(tax[n] / taxed[n]) if taxed[n] > 0 else None,
            None if inside is None else min(float(inside[n] / ground[n]), 1.0),
            limits,
        )
        for n, members in enumerate(np.split(order, ends))
    ]  # fmt: skip
    return sorted(found, key=lambda cluster: (-cluster.net_m2, cluster.codes[0]))


def _cluster(
    parcels: Inefficient,
    members: NDArray[np.intp],
    net_m2: float,
    ground_m2: float,
    hull_4490: shapely.Geometry,
    hull_m2: float,
    holders: int,
    tax_per_mu: float | None,
    line_share: float | None,
    limits: Limits,
) -> Cluster:
    towns, town = np.unique(parcels.town_code[members].astype(str), return_inverse=True)
    main = towns[np.bincount(town, parcels.area_m2[members]).argmax()]
    return Cluster(
        tuple(parcels.code[members].tolist()),
        tuple(towns.tolist()),
        str(main),
        net_m2,
        ground_m2,
        hull_4490,
        hull_m2,
        min(ground_m2 / hull_m2, 1.0),
        holders,
        tax_per_mu,
        line_share,
        suggested_way(limits, holders=holders, line_share=line_share),
        parcels.geom_4490[members],
    )


def _distinct(parcel_id: Longs, of: NDArray[np.intp], holdings: tuple[Longs, Longs], count: int) -> Longs:
    """How many holders each cluster has, each counted once."""
    held, holder = holdings
    by_id = np.argsort(parcel_id)
    at = np.searchsorted(parcel_id[by_id], held)
    at = np.minimum(at, len(parcel_id) - 1)
    known = parcel_id[by_id][at] == held
    pairs = np.unique(np.column_stack([of[by_id][at[known]], holder[known]]), axis=0)
    return np.asarray(np.bincount(pairs[:, 0], minlength=count), dtype=np.int64)
