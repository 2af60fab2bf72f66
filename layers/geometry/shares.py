"""How much of each parcel lies in each of a few large areas: control lines, towns, platforms.

Refuses to intersect a parcel that lies wholly inside or outside, which is nearly all of them: a grid over the
boundaries finds those that one of them may meet, and a single vertex tells about all others. A boundary parcel
meets only the pieces of the area around it, cut on one grid for all areas: areas that share a boundary are cut
at the same points, so that the shares of a parcel in areas that tile the plane sum up to what they cover.
Geometries must be valid.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.geometry.bordering import bordered
from layers.geometry.decoded import Vertices
from layers.geometry.parallel import in_slices
from layers.geometry.transform import Floats, Geometries, with_coordinates

Indices = NDArray[np.intp]

_PIECE_VERTICES = 512
_FINEST = 16  # halvings: 1/65536 of the extent, against a polygon whose vertices all lie in one spot
_PAIRS = 512


class Shares(NamedTuple):
    """share = area_m2 / the parcel's area, exactly 1.0 inside; sorted by parcel, then by area."""

    parcel: Indices
    area: Indices
    share: Floats
    area_m2: Floats


class Laid(NamedTuple):
    """Parcels as far as most of them need be known; `shapes` makes those that a boundary may run through.

    `bounds` are their boxes, `vertex` one vertex of each.
    """

    bounds: Floats
    vertex: Floats
    area_m2: Floats
    shapes: Callable[[Indices], Geometries]


def laid_on(vertices: Vertices, plane_xy: Floats) -> Laid:
    """Shapes of which only the vertices are known, laid on a plane."""
    return Laid(
        vertices.boxes(plane_xy),
        plane_xy[vertices.start[:-1]],
        vertices.areas(plane_xy),
        lambda at: vertices.shapes(plane_xy, at),
    )


def shares(
    parcels_projected: Geometries,
    areas_projected: Geometries,
    *,
    sliver_m2: float = 0.0,
    sliver_ratio: float = 0.0,
) -> Shares:
    """Pairs with common ground; what is under `sliver_m2`, or under `sliver_ratio` of the parcel, is left out."""
    parcels = np.asarray(parcels_projected, dtype=object)
    counts = shapely.get_num_coordinates(parcels)
    vertex = np.full((len(parcels), 2), np.nan)
    vertex[counts > 0] = shapely.get_coordinates(parcels)[(np.cumsum(counts) - counts)[counts > 0]]
    laid = Laid(shapely.bounds(parcels), vertex, shapely.area(parcels), lambda at: parcels[at])
    return shares_of(laid, areas_projected, sliver_m2=sliver_m2, sliver_ratio=sliver_ratio)


def shares_of(
    parcels: Laid, areas_projected: Geometries, *, sliver_m2: float = 0.0, sliver_ratio: float = 0.0
) -> Shares:
    """The same of parcels whose shapes needn't exist yet."""
    areas = np.asarray(areas_projected, dtype=object)
    near = np.flatnonzero(bordered(parcels.bounds, areas))
    far = np.setdiff1d(np.arange(len(parcels.vertex)), near, assume_unique=True)
    shapes = parcels.shapes(near)
    inside_a, inside_p, border_a, border_p = _sorted_out(shapes, areas)
    around_a, around_p = _around(parcels.vertex[far], areas)
    whole = parcels.area_m2
    border_m2 = _border_areas(shapes, areas, border_p, border_a)
    parcel = np.concatenate([near[inside_p], far[around_p], near[border_p]])
    area = np.concatenate([inside_a, around_a, border_a])
    area_m2 = np.concatenate([whole[near[inside_p]], whole[far[around_p]], border_m2])
    share = np.divide(area_m2, whole[parcel], out=np.zeros_like(area_m2), where=whole[parcel] > 0)
    keep = (area_m2 > 0) & (area_m2 >= sliver_m2) & (share >= sliver_ratio)
    order = np.flatnonzero(keep)[np.lexsort([area[keep], parcel[keep]])]
    return Shares(parcel[order], area[order], share[order], area_m2[order])


def _around(vertex: Floats, areas: Geometries) -> tuple[Indices, Indices]:
    """(area, parcel) of parcels that no boundary meets: one vertex tells whether all of it is inside."""
    known = np.flatnonzero(np.isfinite(vertex).all(axis=1))
    known = known[np.argsort(vertex[known, 0])]
    x, y = vertex[known].T.copy()
    own = shapely.from_wkb(
        shapely.to_wkb(areas)
    )  # the caller's stay unprepared: other threads may share them
    shapely.prepare(own)
    west, south, east, north = shapely.bounds(areas).T
    first, last = np.searchsorted(x, west), np.searchsorted(x, east, side="right")
    found = [np.empty((2, 0), np.intp)]
    for n in range(len(areas)):
        between = np.arange(first[n], last[n])
        between = between[(y[between] >= south[n]) & (y[between] <= north[n])]
        inside = known[between[shapely.contains_xy(own[n], x[between], y[between])]]
        found.append(np.stack([np.full(len(inside), n), inside]))
    area, parcel = np.concatenate(found, axis=1)
    return area, parcel


def _sorted_out(parcels: Geometries, areas: Geometries) -> tuple[Indices, Indices, Indices, Indices]:
    """(area, parcel) of the parcels wholly inside, and of those that the area's boundary runs through."""
    # The tree prepares each area for itself and lets go of it; areas prepared here would stay so in the
    # caller's hands, where other threads may share them.
    tree = shapely.STRtree(parcels)

    def query(part: Geometries, at: Indices) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        inside, meet = (tree.query(part, predicate=name) for name in ("covers", "intersects"))
        inside[0], meet[0] = at[inside[0]], at[meet[0]]
        return inside, meet

    found = in_slices(query, [areas, np.arange(len(areas))], size=1 + len(areas) // 8)
    nothing = np.empty((2, 0), np.intp)
    inside_a, inside_p = np.concatenate([nothing, *(inside for inside, _ in found)], axis=1)
    meet_a, meet_p = np.concatenate([nothing, *(meet for _, meet in found)], axis=1)
    border = ~np.isin(meet_a * len(parcels) + meet_p, inside_a * len(parcels) + inside_p)
    return inside_a, inside_p, meet_a[border], meet_p[border]


def _border_areas(parcels: Geometries, areas: Geometries, p: Indices, a: Indices) -> Floats:
    """The common area in m² of each pair (parcels[p[n]], areas[a[n]])."""
    if not len(p):
        return np.zeros(0)
    # Whole metres are taken off without rounding; small coordinates have 10,000 times finer last digits.
    used_p, at_p = np.unique(p, return_inverse=True)
    used_a, at_a = np.unique(a, return_inverse=True)
    origin = np.round(shapely.bounds(areas[used_a])[:, :2].mean(axis=0))
    near_p, near_a = _moved(parcels[used_p], -origin), _moved(areas[used_a], -origin)
    pieces, of_area = _pieces(near_a)

    found, piece = shapely.STRtree(pieces).query(near_p)
    key = found * len(used_a) + of_area[piece]
    wanted = at_p * len(used_a) + at_a
    order = np.argsort(wanted)
    place = np.minimum(np.searchsorted(wanted, key, sorter=order), len(wanted) - 1)
    pair = order[place]
    asked = wanted[pair] == key
    common = in_slices(_common_area, [near_p[found[asked]], pieces[piece[asked]]], size=_PAIRS)
    return np.bincount(pair[asked], np.concatenate([np.zeros(0), *common]), len(p)).astype(np.float64)


def _common_area(a: Geometries, b: Geometries) -> Floats:
    return np.asarray(shapely.area(shapely.intersection(a, b)))


def _pieces(areas: Geometries) -> tuple[Geometries, Indices]:
    """The areas cut into pieces of few vertices, and which area each piece is of.

    Cells are halves of halves of one square around everything, so that a line between two areas is cut at the
    same points for both.
    """
    box = shapely.total_bounds(areas)
    west, south = np.floor(box[:2]) - 1
    side = 2.0 ** np.ceil(np.log2(max(box[2] - west, box[3] - south) + 1))
    whole = np.tile([west, south, west + side, south + side], (len(areas), 1))
    done: list[tuple[Geometries, Indices]] = []
    pieces, of_area, cell = areas, np.arange(len(areas)), whole
    for level in range(2 * _FINEST):
        small = shapely.get_num_coordinates(pieces) <= _PIECE_VERTICES
        done.append((pieces[small], of_area[small]))
        pieces, of_area, cell = pieces[~small], of_area[~small], cell[~small]
        if not len(pieces):
            break
        axis = level % 2
        middle = (cell[:, axis] + cell[:, axis + 2]) / 2
        lower, upper = cell.copy(), cell.copy()
        lower[:, axis + 2] = upper[:, axis] = middle
        cell = np.concatenate([lower, upper])
        pieces = np.concatenate([_clipped(pieces, lower), _clipped(pieces, upper)])
        of_area = np.concatenate([of_area, of_area])
        held = ~shapely.is_empty(pieces)
        pieces, of_area, cell = pieces[held], of_area[held], cell[held]
    done.append((pieces, of_area))
    pieces, of_area = (np.concatenate(column) for column in zip(*done, strict=True))
    return _checked(areas, pieces, of_area)


def _clipped(pieces: Geometries, cells: Floats) -> Geometries:
    def clip(part: Geometries, boxes: Floats) -> Geometries:
        clips = [shapely.clip_by_rect(one, *box) for one, box in zip(part, boxes.tolist(), strict=True)]
        return np.array(clips, dtype=object)

    return np.concatenate(in_slices(clip, [pieces, cells], size=1 + len(pieces) // 8))


def _checked(areas: Geometries, pieces: Geometries, of_area: Indices) -> tuple[Geometries, Indices]:
    """Clipping is fast but not robust: an area whose pieces aren't valid or don't sum up stays in one piece."""
    total = np.bincount(of_area, shapely.area(pieces), len(areas))
    wrong = np.abs(total - shapely.area(areas)) > 1e-12 * total
    wrong |= np.bincount(of_area, ~shapely.is_valid(pieces), len(areas)) > 0
    keep = ~wrong[of_area]
    return np.concatenate([pieces[keep], areas[wrong]]), np.concatenate(
        [of_area[keep], np.flatnonzero(wrong)]
    )


def _moved(geoms: Geometries, by: Floats) -> Geometries:
    return with_coordinates(geoms, shapely.get_coordinates(geoms) + by)
