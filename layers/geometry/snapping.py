"""Brings vertices that are meant to be one onto each other before shapes are noded.

Refuses to move what isn't being edited, or what stood there before the edit: new vertices follow old ones.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.geometry.exact import NUMERIC_M, moved_where_valid, nearest, vertices
from layers.geometry.former import Former
from layers.geometry.rings import keys, rings_of
from layers.geometry.transform import Floats, Geometries

_ROUNDS = 8


def snapped(touched: Geometries, beside: Geometries, former: Former, within_m: float) -> Geometries:
    """The touched shapes, their vertices that aren't former ones moved onto what lies within the distance."""
    return _together(_onto(touched, beside, former, within_m), former.vertices, within_m)


def onto_edges(points: Floats, a: Floats, b: Floats, within_m: float) -> Floats:
    """The points, those near an edge from a to b moved onto it, or onto its end if they come out beside that.

    What lies on an edge but for rounding keeps its digits.
    """
    placed = points.copy()
    if not (len(points) and len(a)):
        return placed
    edges = shapely.STRtree(shapely.linestrings(np.stack([a, b], axis=1)))
    at, edge = edges.query_nearest(shapely.points(points), max_distance=within_m, all_matches=False)
    a, b = a[edge], b[edge]
    step, way = b - a, points[at] - a
    length2 = (step**2).sum(axis=1)
    along = np.divide((way * step).sum(axis=1), length2, out=np.zeros(len(at)), where=length2 > 0)
    foot = a + along[:, None] * step
    on_edge = np.hypot(*(foot - points[at]).T) <= NUMERIC_M
    foot[on_edge] = points[at[on_edge]]
    for end in (a, b):
        beside = np.hypot(*(foot - end).T) <= within_m
        foot[beside] = end[beside]
    placed[at] = foot
    return placed


def _onto(touched: Geometries, beside: Geometries, former: Former, within_m: float) -> Geometries:
    """Touched vertices moved onto vertices of `beside`, else onto its edges; the end of a cut stays on the old edge.

    Two boundaries that were a hair apart stay so: pulling one over would take ground from a parcel that is only cut.
    """
    rings, there = rings_of(touched), vertices(beside)
    fresh = np.flatnonzero(~np.isin(keys(rings.xy), np.concatenate([former.vertices, keys(there)])))
    at, target = nearest(rings.xy[fresh], there, within_m)
    xy = rings.xy.copy()
    xy[fresh[at]] = there[target]
    free = np.setdiff1d(fresh, fresh[at])
    free = free[~former.carries(xy[free])]
    edges = rings_of(beside)
    xy[free] = onto_edges(xy[free], edges.xy[edges.edges], edges.xy[edges.edges + 1], within_m)
    moved = (xy != rings.xy).any(axis=1)
    return moved_where_valid(touched, rings, xy, rings.ring, moved) if moved.any() else touched


def _together(touched: Geometries, known: NDArray[np.complex128], within_m: float) -> Geometries:
    """Near vertices of different touched shapes made one: the known one, else the western."""
    for _ in range(_ROUNDS):
        rings = rings_of(touched)
        once, number = np.unique(keys(rings.xy), return_inverse=True)
        points = shapely.points(once.real, once.imag)
        i, j = shapely.STRtree(points).query(points, predicate="dwithin", distance=within_m)
        i, j = i[i < j], j[i < j]
        if not len(i):
            break
        has = np.zeros((len(touched), len(once)), dtype=bool)
        has[rings.owner[rings.ring], number] = True
        fixed = np.isin(once, known)
        apart = ~(has[:, i] & has[:, j]).any(axis=0) & ~(fixed[i] & fixed[j])
        i, j = np.where(fixed[j], j, i)[apart], np.where(fixed[j], i, j)[apart]
        free = ~np.isin(i, j)  # what stays can't move itself
        if not free.any():
            break
        target = np.arange(len(once))
        target[j[free]] = i[free]
        xy = once[target[number]].view(np.float64).reshape(-1, 2)
        moved_to = moved_where_valid(touched, rings, xy, rings.ring, target[number] != number)
        if (moved_to == touched).all():
            break
        touched = moved_to
    return touched
