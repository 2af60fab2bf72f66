"""Shared vertices: moved, inserted and deleted in every shape that has them, and shapes noded together.

Refuses to move a vertex of a shape that isn't being edited: where two boundaries are a hair apart, the touched
one follows. Vertices are found by all their digits, never by nearness, except in `node_together`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from landgis.lib.errors import InputError
from layers.geometry.exact import LEAST_CORNERS, NUMERIC_M
from layers.geometry.former import Former
from layers.geometry.rings import Rings, corners, keys, repeated, rings_of, with_rings
from layers.geometry.snapping import snapped
from layers.geometry.transform import Floats, Geometries

Point = tuple[float, float]
Indices = NDArray[np.intp]
Mask = NDArray[np.bool_]

_ROUNDS = 8  # an inserted vertex bends its edge by a hair, which can bring another within the tolerance


class Changed(NamedTuple):
    """All shapes, those that didn't change being the same objects."""

    geoms: Geometries
    mask: Mask


class Noded(NamedTuple):
    """`inserted`: the vertices that edges received, once each."""

    touched: Geometries
    beside: Geometries
    beside_changed: Mask
    inserted: Floats


def move_vertices(geoms: Geometries, moves: Mapping[Point, Point]) -> Changed:
    """All at once, so that two vertices may change places. One moved onto the next of its ring becomes one
    with it.
    """
    rings = rings_of(geoms)
    sources, targets = _points(list(moves)), _points(list(moves.values()))
    _require_finite(targets)
    order = np.argsort(keys(sources))
    sorted_sources = keys(sources)[order]
    at = np.minimum(np.searchsorted(sorted_sources, keys(rings.xy)), len(order) - 1)
    hit = sorted_sources[at] == keys(rings.xy) if len(order) else np.zeros(len(rings.xy), dtype=bool)
    for n in np.flatnonzero(~np.isin(keys(sources), keys(rings.xy)))[:1]:
        raise _no_vertex(sources[n])
    xy = rings.xy.copy()
    xy[hit] = targets[order[at[hit]]]
    return _rewritten(geoms, rings, xy, (xy != rings.xy).any(axis=1))


def insert_vertex(geoms: Geometries, edge: tuple[Point, Point], at: Point) -> Changed:
    """Into the edge between these two vertices, whichever way a ring runs along it."""
    rings = rings_of(geoms)
    (a, b), point = keys(_points(edge)), _points([at])
    _require_finite(point)
    key, starts = keys(rings.xy), rings.edges
    here, there = key[starts], key[starts + 1]
    on = starts[((here == a) & (there == b)) | ((here == b) & (there == a))]
    if not len(on) or a == b:
        (x1, y1), (x2, y2) = edge
        raise InputError(
            "edge_not_found",
            f"没有从（{x1:.3f}, {y1:.3f}）到（{x2:.3f}, {y2:.3f}）的界址边。",
            "请刷新图形后重新选择界址边。",
            field="edge",
        )
    if keys(point)[0] in (a, b):
        raise InputError(
            "vertex_exists",
            f"（{at[0]:.3f}, {at[1]:.3f}）已是这条界址边的端点。",
            "请在两个端点之间选择位置。",
            field="at",
        )
    xy, ring = np.insert(rings.xy, on + 1, point[0], axis=0), np.insert(rings.ring, on + 1, rings.ring[on])
    changed = np.zeros(len(geoms), dtype=bool)
    changed[rings.owner[rings.ring[on]]] = True
    return Changed(with_rings(geoms, rings, xy, ring, changed), changed)


def delete_vertex(geoms: Geometries, at: Point) -> Changed:
    """From every ring that has it; the edges beside it become one."""
    rings = rings_of(geoms)
    gone = keys(rings.xy) == keys(_points([at]))[0]
    if not gone.any():
        raise _no_vertex(_points([at])[0])
    ring = rings.ring
    changed = np.zeros(len(geoms), dtype=bool)
    changed[rings.owner[ring[gone]]] = True
    left = np.bincount(ring[~gone], minlength=len(rings))
    _require_corners(rings, corners(rings.xy[~gone], ring[~gone], len(rings)), changed, at)
    # A ring that began with the deleted vertex begins, and closes, with the next one.
    closing = rings.last[gone[rings.last] & (left > 0)]
    xy = rings.xy.copy()
    first_left = np.flatnonzero(~gone)
    xy[closing] = xy[first_left[np.searchsorted(first_left, rings.first[ring[closing]])]]
    gone[closing] = False
    return Changed(with_rings(geoms, rings, xy[~gone], ring[~gone], changed), changed)


def node_together(
    touched: Geometries, beside: Geometries, *, tolerance_m: float, before: Geometries | None = None
) -> Noded:
    """Gives shapes that run along each other the same vertices there, digit by digit.

    A touched vertex within the tolerance of another shape's vertex, or of an edge of `beside`, moves onto it and
    is inserted into the edges that it lies on; a vertex of `beside` is inserted into touched edges. Shapes of
    `beside` only receive vertices. `before` are the shapes that stood there before the edit: their vertices neither
    move nor enter edges of `beside`, nor edges that stood there too, unless they lie on them but for rounding. A
    shape is left as it is where it would become invalid.
    """
    touched, beside = touched.copy(), beside.copy()
    changed = np.zeros(len(beside), dtype=bool)
    if not len(touched):
        return Noded(touched, beside, changed, np.empty((0, 2)))
    near = _near(touched, beside, tolerance_m)
    former = Former.of(before)
    touched = snapped(touched, beside[near], former, tolerance_m)
    work = np.concatenate([touched, beside[near]])
    open_ = np.ones(len(work), dtype=bool)
    inserted = [np.empty((0, 2))]
    for _ in range(_ROUNDS):
        before = work
        work, points = _edges_filled(work, len(touched), former, tolerance_m, open_)
        if not len(points):
            break
        inserted.append(points)
        changed[near] |= work[len(touched) :] != before[len(touched) :]
    beside[near] = work[len(touched) :]
    points = np.unique(keys(np.concatenate(inserted))).view(np.float64).reshape(-1, 2)
    return Noded(work[: len(touched)], beside, changed, points)


def _near(touched: Geometries, beside: Geometries, within_m: float) -> Indices:
    if not len(beside):
        return np.empty(0, np.intp)
    boxes = shapely.box(*(shapely.bounds(touched) + np.array([-1, -1, 1, 1]) * within_m).T)
    return np.unique(shapely.STRtree(beside).query(boxes)[1])


def _edges_filled(
    work: Geometries, touched: int, former: Former, within_m: float, open_: Mask
) -> tuple[Geometries, Floats]:
    """One round of insertions; closes the shapes that would become invalid by them."""
    rings = rings_of(work)
    ring = rings.ring
    owner = rings.owner[ring]
    once, number = np.unique(keys(rings.xy), return_inverse=True)
    fresh = np.zeros(len(once), dtype=bool)
    fresh[number[owner < touched]] = True
    fresh &= ~np.isin(once, former.vertices)
    starts = rings.edges[open_[owner[rings.edges]]]
    edge, point, end = _on_edges(rings.xy, starts, once, number, within_m)
    start = starts[edge]
    own = np.unique(owner * len(once) + number)
    code = owner[start] * len(once) + point
    wanted = ((owner[start] < touched) | fresh[point]) & ~np.isin(code, own)
    # Beside an end of the edge there is a hairline, unless a shape has both the vertex and that end.
    near = np.flatnonzero(wanted & (end >= 0))
    each = np.arange(len(work))[:, None] * len(once)
    wanted[near] = (np.isin(each + point[near], own) & np.isin(each + end[near], own)).any(axis=0)
    start, point, code = start[wanted], point[wanted], code[wanted]
    place = once[point].view(np.float64).reshape(-1, 2)
    along, off = _along(rings.xy[start], rings.xy[start + 1], place)
    # Two old boundaries a hair apart are none of the edit's business: an old vertex bends no old edge.
    old = np.flatnonzero(~fresh[point] & (off > NUMERIC_M))
    kept = np.ones(len(start), dtype=bool)
    kept[old] = ~former.carries_edges(rings.xy[start[old]], rings.xy[start[old] + 1])
    start, place, code, along, off = start[kept], place[kept], code[kept], along[kept], off[kept]
    if not len(start):
        return work, np.empty((0, 2))
    # A shape receives a vertex once, in its nearest edge; on an edge the vertices stand apart.
    first = np.lexsort([off, code])
    first = np.sort(first[np.unique(code[first], return_index=True)[1]])
    order = first[np.lexsort([along[first], start[first]])]
    start, along, place = start[order], along[order], place[order]
    close = (np.diff(start, prepend=-1) == 0) & (np.diff(along, prepend=-np.inf) <= within_m)
    start, place = start[~close], place[~close]

    changed = np.zeros(len(work), dtype=bool)
    changed[owner[start]] = True
    xy, at = np.insert(rings.xy, start + 1, place, axis=0), np.insert(ring, start + 1, ring[start])
    result = with_rings(work, rings, xy, at, changed)
    spoilt = changed & ~shapely.is_valid(result) & shapely.is_valid(work)
    result[spoilt] = work[spoilt]
    open_ &= ~spoilt
    return result, place[~spoilt[owner[start]]]


def _on_edges(
    xy: Floats, starts: Indices, once: NDArray[np.complex128], number: Indices, within_m: float
) -> tuple[Indices, Indices, Indices]:
    """(edge, vertex, the edge's end that is near it or -1) where a vertex lies on an edge between its ends."""
    lines = shapely.linestrings(np.stack([xy[starts], xy[starts + 1]], axis=1))
    tree = shapely.STRtree(shapely.points(once.real, once.imag))
    edge, point = tree.query(lines, predicate="dwithin", distance=within_m)
    a, b = number[starts[edge]], number[starts[edge] + 1]
    other = (point != a) & (point != b)
    edge, point, a, b = edge[other], point[other], a[other], b[other]
    from_a, step = once[point] - once[a], once[b] - once[a]
    along = (from_a * step.conj()).real
    between = (along > 0) & (along < np.abs(step) ** 2)
    near_a, near_b = np.abs(from_a) <= within_m, np.abs(once[point] - once[b]) <= within_m
    end = np.where(near_a, a, np.where(near_b, b, -1))
    return edge[between], point[between], end[between]


def _along(a: Floats, b: Floats, place: Floats) -> tuple[Floats, Floats]:
    """How far along each edge from a to b a place lies, and how far off it, in metres."""
    step, way = b - a, place - a
    length = np.hypot(*step.T)
    return (step * way).sum(axis=1) / length, np.abs(step[:, 0] * way[:, 1] - step[:, 1] * way[:, 0]) / length


def _rewritten(geoms: Geometries, rings: Rings, xy: Floats, moved: Mask) -> Changed:
    ring = rings.ring
    keep = ~repeated(xy, ring, moved)
    changed = np.zeros(len(geoms), dtype=bool)
    changed[rings.owner[ring[moved]]] = True
    where = xy[moved][0] if moved.any() else (0.0, 0.0)
    _require_corners(rings, corners(xy, ring, len(rings)), changed, where)
    return Changed(with_rings(geoms, rings, xy[keep], ring[keep], changed), changed)


def _require_corners(rings: Rings, left: Indices, changed: Mask, where: Floats | Point) -> None:
    if (changed[rings.owner] & (left < LEAST_CORNERS)).any():
        raise InputError(
            "ring_too_small",
            f"在（{where[0]:.3f}, {where[1]:.3f}）处修改后，界址线少于 3 个不同的界址点，围不成面。",
            "请保留至少 3 个界址点；要去掉整个内环或部分，请改用“挖空”“合并”或“注销”。",
            field="at",
        )


def _no_vertex(at: Floats) -> InputError:
    text = f"没有坐标恰为（{at[0]:.4f}, {at[1]:.4f}）的界址点。"
    return InputError("vertex_not_found", text, "请刷新图形后重新选择界址点。", field="at")


def _require_finite(points: Floats) -> None:
    if not np.isfinite(points).all():
        text = "坐标不是有效数值。"
        raise InputError("coordinate_invalid", text, "请核对录入的横、纵坐标。", field="at")


def _points(points: object) -> Floats:
    return np.array(points, dtype=np.float64).reshape(-1, 2)
