"""Where edited shapes and their neighbours leave narrow ground between them, or claim the same ground.

Refuses to call a corner a gap: ground counts if it is nowhere wider than asked, has shapes on both sides, and
if nearly all of its outline is theirs. Shapes must be valid. Numbers of shapes count through the touched ones,
then those beside them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.geometry.exact import areal, digits_of, shapes, vertices
from layers.geometry.rings import rings_of
from layers.geometry.topology import overlaps_between, overlaps_within
from layers.geometry.transform import Floats, Geometries, with_coordinates

Indices = NDArray[np.intp]

GRID_M = 1e-6
"""The overlay that finds narrow ground works on this grid, where boundaries that are one but for rounding are one."""
_NARROWEST_M = 1e-5
_RUNS_ON = 3  # widths from the touched shape: nearer it is the tip of a corner, farther a gap of others
_SHARPEST = 50.0  # length by width: what opens faster (2.3°) is the corner of two parcels, and no gap
_OPEN = 0.1  # of the outline may border on nothing: the open ends of a gap, not the mouth of a corner


class Gaps(NamedTuple):
    """A row for each gap: the shapes along it, and how wide it is at its widest."""

    shapes: list[tuple[int, ...]]
    geometry: Geometries
    area_m2: Floats
    width_m: Floats


class CommonGround(NamedTuple):
    """A row for each pair i < j, the first being touched."""

    i: Indices
    j: Indices
    geometry: Geometries
    area_m2: Floats


def gaps(touched: Geometries, beside: Geometries, *, max_width_m: float) -> Gaps:
    """Ground up to `max_width_m` wide beside a touched shape. Its outline has the shapes' own vertices."""
    numbers, ground = narrow_ground(touched, beside, max_width_m=max_width_m)
    radius = shapely.length(shapely.maximum_inscribed_circle(ground, tolerance=_mean_width(ground) / 10))
    return Gaps(numbers, ground, shapely.area(ground), 2 * radius)


def narrow_ground(
    touched: Geometries, beside: Geometries, *, max_width_m: float
) -> tuple[list[tuple[int, ...]], Geometries]:
    """The shapes along each gap, and the gap, unmeasured: an inscribed circle takes longer than all the rest."""
    touched, beside = shapes(touched), shapes(beside)
    every = np.concatenate([touched, beside])
    near = _near(touched, every, max_width_m)
    if len(near) < 2 or not max_width_m > 0:
        return [], np.empty(0, dtype=object)
    origin = np.round(shapely.total_bounds(every[near])[:2])
    work = _moved(every[near], -origin)
    edited = near < len(touched)
    found = _beside(_narrow(work, max_width_m), work[edited], max_width_m)
    along, enclosed = _bordering(found, work)
    mine = np.array([edited[list(those)].any() and len(those) > 1 for those in along], dtype=bool)
    kept = np.flatnonzero(mine & enclosed)
    return [tuple(near[list(along[n])].tolist()) for n in kept], _moved(found[kept], origin)


def overlaps(touched: Geometries, beside: Geometries, *, min_area_m2: float) -> CommonGround:
    """Pairs whose common ground is at least `min_area_m2`, with that ground."""
    touched, beside = shapes(touched), shapes(beside)
    every = np.concatenate([touched, beside])
    inside = overlaps_within(touched, min_area_m2)
    across = overlaps_between(touched, beside, min_area_m2)
    i, j = np.concatenate([inside.i, across.i]), np.concatenate([inside.j, across.j + len(touched)])
    order = np.lexsort([j, i])
    i, j = i[order], j[order]
    ground = shapely.intersection(every[i], every[j])
    common = shapes([shapely.multipolygons(areal(one)) for one in ground])
    return CommonGround(i, j, common, shapely.area(common))


def _near(touched: Geometries, every: Geometries, within_m: float) -> Indices:
    boxes = shapely.bounds(touched) + np.array([-1, -1, 1, 1]) * within_m
    _, near = shapely.STRtree(every).query(shapely.box(*boxes.T))
    return np.unique(near)


def _narrow(work: Geometries, max_width_m: float) -> Geometries:
    """What is closed off when all shapes grow by half the width and shrink again, corners kept."""
    ground = shapely.union_all(work, grid_size=GRID_M)
    reach = max_width_m / 2
    grown = shapely.buffer(ground, reach, join_style="mitre", mitre_limit=5.0)
    closed = shapely.buffer(grown, -reach, join_style="mitre", mitre_limit=_SHARPEST)
    found = areal(shapely.difference(closed, ground, grid_size=GRID_M))
    found = found[_mean_width(found) > _NARROWEST_M]
    return digits_of(found, vertices(work), within_m=3 * GRID_M)


def _beside(found: Geometries, edited: Geometries, max_width_m: float) -> Geometries:
    """Without the stretches that run on between other shapes: a straight line from corner to corner ends them."""
    triangles, of_gap = shapely.get_parts(shapely.constrained_delaunay_triangles(found), return_index=True)
    corner = shapely.points(shapely.get_coordinates(triangles))
    touching, facing = (
        _within(corner, edited, far).reshape(-1, 4) for far in (_NARROWEST_M, _RUNS_ON * max_width_m)
    )
    mine: NDArray[np.bool_] = np.asarray(touching.any(axis=1) | facing.all(axis=1))
    result: list[Geometries] = [np.empty(0, dtype=object)]
    for gap in range(len(found)):
        of_it = of_gap == gap
        if mine[of_it].all():
            result.append(found[gap : gap + 1])
        elif mine[of_it].any():
            result.append(areal(shapely.coverage_union_all(triangles[of_it & mine])))
    return np.concatenate(result)


def _within(points: Geometries, geoms: Geometries, far_m: float) -> NDArray[np.bool_]:
    near = np.zeros(len(points), dtype=bool)
    near[shapely.STRtree(geoms).query(points, predicate="dwithin", distance=far_m)[0]] = True
    return near


def _bordering(found: Geometries, work: Geometries) -> tuple[list[tuple[int, ...]], NDArray[np.bool_]]:
    """The shapes along each gap, and whether they make up nearly all of its outline."""
    rings = rings_of(found)
    a, b = rings.xy[rings.edges], rings.xy[rings.edges + 1]
    gap, length = rings.owner[rings.ring[rings.edges]], np.hypot(*(b - a).T)
    edge, shape = shapely.STRtree(work).query(
        shapely.points((a + b) / 2), predicate="dwithin", distance=_NARROWEST_M
    )
    pairs = np.unique(np.stack([gap[edge], shape], axis=1), axis=0)
    along = [tuple(pairs[pairs[:, 0] == n, 1].tolist()) for n in range(len(found))]
    bounded = np.isin(np.arange(len(gap)), edge)
    total = np.bincount(gap, length, len(found))
    return along, np.bincount(gap, np.where(bounded, 0.0, length), len(found)) <= _OPEN * total


def _mean_width(polygons: Geometries) -> Floats:
    width: Floats = 2 * shapely.area(polygons) / shapely.length(polygons)
    return width


def _moved(geoms: Geometries, by: Floats) -> Geometries:
    return with_coordinates(geoms, shapely.get_coordinates(geoms) + by)
