"""Moves arrays of points and of geometries between coordinate systems, on the flat array of their vertices.

Refuses a route that PROJ knows only as a "ballpark" (the datum shift left out: some 100 m for Křovák): a
register can't be a street wide of the truth. Equal input vertices give bit-identical output vertices,
whatever stands beside them, so that neighbours keep sharing their boundary.

CGCS2000 (EPSG:4490) and WGS 84 (EPSG:4326) are taken as one: their realisations agree within centimetres, and
PROJ knows no other route between them. Every national system therefore meets 4490 through 4326.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from landgis.lib.later import later
from layers.geometry.parallel import in_slices

Geometries = NDArray[np.object_]
Floats = NDArray[np.float64]
Box = tuple[float, float, float, float]
"""West, south, east, north in degrees; west > east crosses the antimeridian."""

CGCS2000 = 4490
WGS84 = 4326
WEB_MERCATOR = 3857

# PROJ is slow to import, and most runs meet degrees only.
_to_pivot = later("layers.geometry.datum_shifts.to_pivot")
_transformer = later("layers.geometry.datum_shifts.transformer")

_RADIUS = 6378137.0
_SMALLEST_RING = 4  # vertices, the first one repeated at the end
_CHUNK = 65_536  # vertices a task: the temporaries of one chunk stay in the processor's cache
_Step = Callable[[Floats, Floats], tuple[Floats, Floats]]


@dataclass(frozen=True, slots=True)
class GaussKruger:
    """One EPSG code of CGCS2000 / Gauss-Krüger: zone width and central meridian (°), false easting (m)."""

    epsg: int
    width: int
    central_meridian: int
    false_easting: float


def _gauss_kruger() -> dict[int, GaussKruger]:
    rows: list[GaussKruger] = []
    for i in range(11):  # 6-degree zones 13-23, then the same meridians without the zone before the easting
        zone = 13 + i
        rows.append(GaussKruger(4491 + i, 6, 6 * zone - 3, zone * 1e6 + 5e5))
        rows.append(GaussKruger(4502 + i, 6, 6 * zone - 3, 5e5))
    for i in range(21):  # 3-degree zones 25-45
        zone = 25 + i
        rows.append(GaussKruger(4513 + i, 3, 3 * zone, zone * 1e6 + 5e5))
        rows.append(GaussKruger(4534 + i, 3, 3 * zone, 5e5))
    return {row.epsg: row for row in rows}


GAUSS_KRUGER = _gauss_kruger()


def is_cgcs2000(epsg: int) -> bool:
    return epsg == CGCS2000 or epsg in GAUSS_KRUGER


def is_shift(one: int, other: int) -> bool:
    """Whether two systems differ by a constant easting at most: lengths and areas are the same in both."""
    a, b = GAUSS_KRUGER.get(one), GAUSS_KRUGER.get(other)
    return one == other or (a is not None and b is not None and a.central_meridian == b.central_meridian)


def transform_xy(xy: Floats, source: int, target: int, *, bbox_4490: Box | None = None) -> Floats:
    """(n, 2) easting/northing or longitude/latitude in `source` → the same in `target`; x always comes first.

    `bbox_4490` picks the datum shift that PROJ recommends there. A point that has no image becomes infinite.
    """
    xy = np.asarray(xy, dtype=np.float64)
    steps = _steps(source, target, bbox_4490)

    def moved(part: Floats) -> Floats:
        # Contiguous copies: numpy may take another code path, with another last bit, for a strided array.
        x, y = part[:, 0].copy(), part[:, 1].copy()
        with np.errstate(invalid="ignore", over="ignore"):
            for step in steps:
                x, y = step(x, y)
        there = np.stack([x, y], axis=-1)
        there[~(np.isfinite(part).all(axis=1) & np.isfinite(there).all(axis=1))] = np.inf
        return there

    return np.concatenate(in_slices(moved, [xy], size=_CHUNK)) if len(xy) else np.empty((0, 2))


def transform_geometries(
    geoms: Geometries, source: int, target: int, *, bbox_4490: Box | None = None, axis_swapped: bool = False
) -> Geometries:
    """New 2D geometries in `target`; None stays None. `axis_swapped`: northing came before easting."""
    xy = shapely.get_coordinates(geoms)
    if axis_swapped:
        xy = xy[:, ::-1]
    if source == target and not axis_swapped and not shapely.has_z(geoms).any():
        return geoms.copy()
    return with_coordinates(geoms, transform_xy(xy, source, target, bbox_4490=bbox_4490))


def box_shape(bbox_4490: Box) -> shapely.Geometry:
    """The box as an area; two of them where it crosses the antimeridian."""
    west, south, east, north = bbox_4490
    if west <= east:
        return shapely.box(west, south, east, north)
    return shapely.MultiPolygon([shapely.box(west, south, 180, north), shapely.box(-180, south, east, north)])


def with_coordinates(geoms: Geometries, xy: Floats) -> Geometries:
    """The same shapes on other vertices; the given array is left alone (shapely writes into it)."""
    nowhere: NDArray[np.bool_] = np.asarray(~np.isfinite(xy).all(axis=1))
    if nowhere.any():  # NaN isn't equal to itself, so a ring of such points wouldn't close
        xy = np.where(nowhere[:, None], np.inf, xy)
    if (ends := _one_ring_each(geoms)) is not None:  # made at once in half the time
        parts = (ends, np.arange(len(geoms) + 1))
        made: Geometries = shapely.from_ragged_array(shapely.GeometryType.POLYGON, xy, parts)
        return made
    moved: Geometries = shapely.set_coordinates(geoms.copy(), xy)
    return moved


def _one_ring_each(geoms: Geometries) -> NDArray[np.int64] | None:
    """Where each shape's vertices begin and the last ones end; None unless all are polygons without holes, in 2D."""
    if not len(geoms) or (shapely.get_type_id(geoms) != shapely.GeometryType.POLYGON).any():
        return None
    counts = shapely.get_num_coordinates(geoms)
    if counts.min() < _SMALLEST_RING or (shapely.get_coordinate_dimension(geoms) > 2).any():
        return None
    if shapely.get_num_interior_rings(geoms).any():
        return None
    return np.concatenate([[0], np.cumsum(counts)])


def accuracy_m(epsg: int, *, bbox_4490: Box | None = None) -> float:
    """What PROJ states for the datum shift from `epsg` to WGS 84 there, in metres; 0 where there is none."""
    if epsg in (WGS84, WEB_MERCATOR) or is_cgcs2000(epsg):
        return 0.0
    accuracy: float = _to_pivot(epsg, bbox_4490)[1]
    return accuracy


def _steps(source: int, target: int, bbox: Box | None) -> list[_Step]:
    if source == target or {source, target} == {CGCS2000, WGS84}:
        return []
    a, b = GAUSS_KRUGER.get(source), GAUSS_KRUGER.get(target)
    if a and b and a.central_meridian == b.central_meridian:
        # The same projection with another false easting: arithmetic has no drift, a trip through degrees has.
        shift = b.false_easting - a.false_easting
        return [lambda x, y: (x + shift, y)]
    return _inward(source, bbox) + _outward(target, bbox)


def _inward(source: int, bbox: Box | None) -> list[_Step]:
    if source in (CGCS2000, WGS84):
        return []
    if source == WEB_MERCATOR:
        return [_from_mercator]
    return [_proj_step(_to_pivot(source, bbox)[0], inverse=False)]


def _outward(target: int, bbox: Box | None) -> list[_Step]:
    if target in (CGCS2000, WGS84):
        return []
    if target == WEB_MERCATOR:
        return [_to_mercator]
    # The same pipeline backwards, so that there and back is the same datum shift.
    pipeline = _to_pivot(target, bbox)[0]
    back = _proj_step(pipeline, inverse=True)
    if "helmert" not in pipeline:
        return [back]
    forth = _proj_step(pipeline, inverse=False)

    def exactly_back(x: Floats, y: Floats) -> tuple[Floats, Floats]:
        # PROJ inverts a 7-parameter shift by its linear form, a millimetre off: one correction does it.
        over_x, over_y = forth(*back(x.copy(), y.copy()))
        return back(2 * x - over_x, 2 * y - over_y)

    return [exactly_back]


def _proj_step(pipeline: str, *, inverse: bool) -> _Step:
    """Writes into the arrays it is given."""
    transformer = _transformer(pipeline)
    direction: Any = "INVERSE" if inverse else "FORWARD"

    def step(x: Floats, y: Floats) -> tuple[Floats, Floats]:
        x, y = transformer.transform(x, y, direction=direction, inplace=True)
        return x, y

    return step


def _to_mercator(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    north = _RADIUS * np.arcsinh(np.tan(np.radians(y)))
    return _RADIUS * np.radians(x), np.where(np.abs(y) > 90, np.inf, north)


def _from_mercator(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    return np.degrees(x / _RADIUS), np.degrees(np.arctan(np.sinh(y / _RADIUS)))
