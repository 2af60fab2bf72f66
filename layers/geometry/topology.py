"""Which polygons overlap, and which are the same: within one array, and between an array and another.

Refuses to look at every pair of neighbours: in a dense block all of them touch and none overlaps. Groups of
neighbours are united first; a group whose union is valid and hardly smaller than the sum of its members holds
no overlap worth telling, and only what is left is taken pair by pair. Geometries must be valid (`validity`
says so); missing and empty ones overlap nothing.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.geometry.parallel import in_slices
from layers.geometry.transform import Floats, Geometries

Indices = NDArray[np.intp]

_GROUP = 64  # neighbours united at a time
_ROWS, _PAIRS, _UNION_PAIRS = 16, 8192, 256  # slices of work
_MANY = 4  # more twins than one in so many: the known shapes are compared among themselves instead
_INTERIORS_MEET = "T********"


class Overlaps(NamedTuple):
    """Pairs whose common area is at least the least area asked for; sorted by i, then j."""

    i: Indices
    j: Indices
    area_m2: Floats


def overlaps_within(geoms_projected: Geometries, min_area_m2: float) -> Overlaps:
    """Every pair i < j that overlaps; duplicates overlap wholly."""
    geoms = np.asarray(geoms_projected, dtype=object)
    _check_least(min_area_m2)
    at = np.flatnonzero(~(shapely.is_missing(geoms) | shapely.is_empty(geoms)))
    if len(at) < 2:
        return _overlaps([], [], [])
    at = at[_neighbourly_order(geoms[at])]
    i, j = _suspect_pairs(geoms[at], min_area_m2)
    i, j = at[i], at[j]
    return _measured(geoms, geoms, np.minimum(i, j), np.maximum(i, j), min_area_m2)


def overlaps_between(new: Geometries, known: Geometries, min_area_m2: float) -> Overlaps:
    """Every overlap of new[i] with known[j]."""
    new, known = np.asarray(new, dtype=object), np.asarray(known, dtype=object)
    _check_least(min_area_m2)
    same_i, same_j = same_shapes(new, known)
    twin_of = np.full(len(new), -1)
    first = np.unique(same_i, return_index=True)[1]
    if len(first) > len(known) / _MANY:
        twin_of[same_i[first]] = same_j[first]
    changed = np.flatnonzero(twin_of < 0)
    i, j = shapely.STRtree(known).query(new[changed])
    found = [_measured(new, known, changed[i], j, min_area_m2)]
    if len(changed) < len(new):
        # What is delivered again unchanged overlaps its twin, and what its twin overlaps already.
        area = shapely.area(new[same_i])
        large = area >= min_area_m2
        found.append(Overlaps(same_i[large], same_j[large], area[large]))
        found.append(_through_twins(twin_of, overlaps_within(known, min_area_m2)))
    return _merged(found)


def duplicates_within(geoms_projected: Geometries) -> tuple[Indices, Indices]:
    """Pairs i < j that cover exactly the same ground, whatever vertex their rings start at."""
    geoms = np.asarray(geoms_projected, dtype=object)
    i, j = same_shapes(geoms, geoms)
    once = i < j
    return i[once], j[once]


def same_shapes(a: Geometries, b: Geometries) -> tuple[Indices, Indices]:
    """Pairs a[i] = b[j] as sets of points. Equal shapes have equal boxes, so few pairs are compared."""
    boxes_a, boxes_b = shapely.bounds(a), shapely.bounds(b)
    real_a, real_b = np.flatnonzero(~np.isnan(boxes_a[:, 0])), np.flatnonzero(~np.isnan(boxes_b[:, 0]))
    boxes = np.concatenate([boxes_a[real_a], boxes_b[real_b]])
    if not len(boxes):
        return np.empty(0, np.intp), np.empty(0, np.intp)
    order = np.lexsort(boxes.T)
    fresh = np.concatenate([[True], (np.diff(boxes[order], axis=0) != 0).any(axis=1)])
    key = np.empty(len(boxes), dtype=np.intp)
    key[order] = np.cumsum(fresh)
    left, right = _joined(key[: len(real_a)], key[len(real_a) :])
    i, j = real_a[left], real_b[right]
    other = (a[i] != b[j]) | (i != j)  # a shape needs no proof that it equals itself
    equal = ~other
    equal[other] = shapely.equals(a[i[other]], b[j[other]])
    return i[equal], j[equal]


def _suspect_pairs(geoms: Geometries, min_area_m2: float) -> tuple[Indices, Indices]:
    """Pairs that may overlap by `min_area_m2`; `geoms` come in an order that keeps neighbours together."""
    group = np.arange(len(geoms)) // _GROUP
    padded = np.full((group[-1] + 1) * _GROUP, None, dtype=object)
    padded[: len(geoms)] = geoms
    unions = np.concatenate(in_slices(_united, [padded.reshape(-1, _GROUP)], size=_ROWS))
    loss = np.bincount(group, shapely.area(geoms)) - shapely.area(unions)
    # With f polygons over a place the union, made of the edges that occur an odd number of times, counts 1
    # there or, f being even, 0: it loses at least the area of the overlap. An invalid union proves nothing,
    # and one that GEOS gave up on is None, whose area is NaN.
    clean = shapely.is_valid(unions) & (loss < min_area_m2 / 4)
    proven = np.flatnonzero(clean)
    k, m = shapely.STRtree(unions[proven]).query(unions[proven])
    k, m = proven[k[k < m]], proven[m[k < m]]
    # Clean unions lack at most a quarter of the least area each, so half of an overlap shows between the two.
    meet = _common_areas(unions[k], unions[m], _UNION_PAIRS) >= min_area_m2 / 2
    k, m = k[meet], m[meet]

    concerned = np.flatnonzero(~clean[group] | np.isin(group, k))
    if not len(concerned):
        return np.empty(0, np.intp), np.empty(0, np.intp)
    i, j = shapely.STRtree(geoms).query(geoms[concerned])
    i = concerned[i]
    first, second = group[i], group[j]
    inside_dirty = ~clean[first] & ((i < j) | clean[second]) & (i != j)
    groups = group[-1] + 1
    across = np.isin(first * groups + second, k * groups + m)
    return i[inside_dirty | across], j[inside_dirty | across]


def _united(members: Geometries) -> Geometries:
    """The union of each row's polygons by cancelling common edges; None where GEOS gives up."""
    try:
        united: Geometries = shapely.coverage_union_all(members, axis=1)
    except shapely.GEOSException:
        if len(members) == 1:
            return np.array([None], dtype=object)
        return np.concatenate([_united(row[None]) for row in members])
    return united


def _measured(a: Geometries, b: Geometries, i: Indices, j: Indices, min_area_m2: float) -> Overlaps:
    """The common area of each pair: by boxes, then by relation, then by intersection of what is left."""
    if len(i):
        p, q = shapely.bounds(a)[i], shapely.bounds(b)[j]
        wide = np.minimum(p[:, 2], q[:, 2]) - np.maximum(p[:, 0], q[:, 0])
        high = np.minimum(p[:, 3], q[:, 3]) - np.maximum(p[:, 1], q[:, 1])
        near = (wide > 0) & (high > 0) & (wide * high >= min_area_m2)
        i, j = i[near], j[near]
    area = _common_areas(a[i], b[j], _PAIRS)
    large = area >= min_area_m2
    return _merged([Overlaps(i[large], j[large], area[large])])


def _common_areas(a: Geometries, b: Geometries, size: int) -> Floats:
    return np.concatenate([np.zeros(0), *in_slices(_common_area, [a, b], size=size)])


def _common_area(a: Geometries, b: Geometries) -> Floats:
    area = np.zeros(len(a))
    meet = _interiors_meet(a, b)
    area[meet] = shapely.area(shapely.intersection(a[meet], b[meet]))
    return area


def _interiors_meet(a: Geometries, b: Geometries) -> NDArray[np.bool_]:
    return np.asarray(shapely.relate_pattern(a, b, _INTERIORS_MEET))


def _neighbourly_order(geoms: Geometries) -> Indices:
    """Along a Hilbert curve through the centres of their boxes."""
    boxes = shapely.bounds(geoms)
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    side = max(np.ptp(x), np.ptp(y)) or 1.0
    column = ((x - x.min()) / side * 65535).astype(np.int64)
    row = ((y - y.min()) / side * 65535).astype(np.int64)
    return np.argsort(_hilbert(column, row), kind="stable")


def _hilbert(x: NDArray[np.int64], y: NDArray[np.int64]) -> NDArray[np.int64]:
    """The distance along the curve of each cell of a 65536 × 65536 grid."""
    distance = np.zeros_like(x)
    cell = 1 << 15
    while cell:
        right, up = (x & cell) > 0, (y & cell) > 0
        distance += cell * cell * ((3 * right) ^ up)
        # Turn the quadrant so that the curve inside it starts where the last one ended.
        mirror = right & ~up
        x, y = np.where(mirror, 65535 - x, x), np.where(mirror, 65535 - y, y)
        x, y = np.where(up, x, y), np.where(up, y, x)
        cell >>= 1
    return distance


def _through_twins(twin_of: Indices, inside: Overlaps) -> Overlaps:
    """The overlaps of known shapes among themselves, as overlaps of the new shapes that equal them."""
    known = np.concatenate([inside.i, inside.j])
    other = np.concatenate([inside.j, inside.i])
    new = np.flatnonzero(twin_of >= 0)
    left, right = _joined(twin_of[new], known)
    return Overlaps(new[left], other[right], np.concatenate([inside.area_m2, inside.area_m2])[right])


def _joined(left: Indices, right: Indices) -> tuple[Indices, Indices]:
    """Positions (l, r) with left[l] == right[r]."""
    order = np.argsort(right, kind="stable")
    low, high = np.searchsorted(right[order], left), np.searchsorted(right[order], left, side="right")
    counts = high - low
    l_at = np.repeat(np.arange(len(left)), counts)
    nth = np.arange(len(l_at)) - np.repeat(np.cumsum(counts) - counts, counts)
    return l_at, order[np.repeat(low, counts) + nth]


def _merged(parts: list[Overlaps]) -> Overlaps:
    """One list in order, each pair once."""
    i, j, area = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort([j, i])
    i, j, area = i[order], j[order], area[order]
    fresh = np.ones(len(i), dtype=bool)
    fresh[1:] = (np.diff(i) != 0) | (np.diff(j) != 0)
    return Overlaps(i[fresh], j[fresh], area[fresh])


def _overlaps(i: list[int], j: list[int], area: list[float]) -> Overlaps:
    return Overlaps(np.array(i, np.intp), np.array(j, np.intp), np.array(area, np.float64))


def _check_least(min_area_m2: float) -> None:
    if not min_area_m2 > 0:
        raise ValueError("min_area_m2 must be positive: floating-point overlay leaves slivers everywhere")
