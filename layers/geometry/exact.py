"""What the operations of editing share: results as MultiPolygons, refusals in Chinese, digits that stay.

Refuses invalid shapes before they are worked on: overlaying one loses or makes ground without a word.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from landgis.lib.errors import InputError
from layers.geometry.rings import Rings, corners, keys, repeated, rings_of, with_rings
from layers.geometry.transform import Floats, Geometries
from layers.geometry.validity import invalid_reason

NUMERIC_M = 1e-7
"""Nearer than this two places of the survey's plane are one: a hundred times what its doubles can tell apart."""
LEAST_CORNERS = 3


def shapes(geoms: Geometries | Sequence[shapely.Geometry]) -> Geometries:
    """An array of shapes from whatever holds them; numpy alone would look into a list of collections."""
    if isinstance(geoms, np.ndarray):
        return geoms
    array: Geometries = np.empty(len(geoms), dtype=object)
    array[:] = list(geoms)
    return array


def require_valid(geoms: Geometries, *, whose: str = "宗地") -> None:
    missing = np.flatnonzero(shapely.is_missing(geoms) | shapely.is_empty(geoms))
    if len(missing):
        raise InputError(
            "geometry_missing", f"{whose}没有图形。", "请先录入界址点或导入图形。", field="geometry"
        )
    bad = geoms[~shapely.is_valid(geoms)]
    if len(bad):
        words, x, y = invalid_reason(shapely.is_valid_reason(bad[0]))
        where = "" if x is None or y is None else f"，位置（{x:.3f}, {y:.3f}）"
        text = f"{whose}的图形有错误：{words}{where}。"
        raise InputError("geometry_invalid", text, "请先修改该处的界址点，再进行此操作。", field="geometry")


def multi(polygons: Geometries) -> shapely.MultiPolygon:
    return shapely.multipolygons(polygons)


def areal(geom: shapely.Geometry) -> Geometries:
    """The polygons of a result, without the points and lines where shapes only touched."""
    parts = shapely.get_parts(shapely.get_parts(geom))  # a collection may hold collections of polygons
    polygons: Geometries = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    with_ground: Geometries = polygons[shapely.area(polygons) > 0]
    return with_ground


def vertices(geoms: Geometries) -> Floats:
    """Every vertex once."""
    return np.unique(keys(shapely.get_coordinates(geoms))).view(np.float64).reshape(-1, 2)


def digits_of(geoms: Geometries, known: Floats, *, within_m: float) -> Geometries:
    """The shapes with each vertex that lies within `within_m` of a known one moved onto it.

    Overlaying recomputes a vertex where two edges meet; this gives it the digits that it had. A shape that
    would become invalid by it stays as it is.
    """
    rings = rings_of(geoms)
    fresh = np.flatnonzero(~np.isin(keys(rings.xy), keys(known)))
    at, target = nearest(rings.xy[fresh], known, within_m)
    if not len(at):
        return geoms
    xy, ring, moved = rings.xy.copy(), rings.ring, np.zeros(len(rings.xy), dtype=bool)
    xy[fresh[at]], moved[fresh[at]] = known[target], True
    return moved_where_valid(geoms, rings, xy, ring, moved)


def moved_where_valid(
    geoms: Geometries, rings: Rings, xy: Floats, ring: NDArray[np.intp], moved: NDArray[np.bool_]
) -> Geometries:
    """The shapes on new vertices, but for those that would lose a ring or their validity."""
    keep = ~repeated(xy, ring, moved)
    xy, ring, moved = xy[keep], ring[keep], moved[keep]
    owner = rings.owner[ring]
    changed = np.zeros(len(geoms), dtype=bool)
    changed[owner[moved]] = True
    changed[rings.owner[corners(xy, ring, len(rings)) < LEAST_CORNERS]] = False
    result = with_rings(geoms, rings, xy, ring, changed)
    spoilt = changed & ~shapely.is_valid(result) & shapely.is_valid(geoms)
    result[spoilt] = geoms[spoilt]
    return result


def nearest(points: Floats, known: Floats, within_m: float) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """(which point, its nearest known vertex) of the points that have one within the distance."""
    if not (len(points) and len(known)):
        return np.empty(0, np.intp), np.empty(0, np.intp)
    tree = shapely.STRtree(shapely.points(known))
    found, target = tree.query_nearest(shapely.points(points), max_distance=within_m, all_matches=False)
    return found, target
