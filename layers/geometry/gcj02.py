"""Tells whether positions were shifted by GCJ-02 or BD-09, as internet maps of China are.

Refuses to correct anything: undoing the shift is good to about a metre, and would pass a map's outline off as
a survey. It judges the layer as a whole against a reference, never one shape by itself.

The offsets follow the polynomial that has been public since 2010 ("eviltransform", on Krasovsky's axes) and
Baidu's published second step. Checked on nine counties as a map service ships them: within 1e-7 degrees.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely

from layers.geometry.area import ellipsoidal_area_m2
from layers.geometry.declared import refuse_shifted
from layers.geometry.transform import Floats, Geometries, with_coordinates

_AXIS_M, _E2 = 6378245.0, 0.00669342162296594323
_WEST, _SOUTH, _EAST, _NORTH = 72.004, 0.8293, 137.8347, 55.8271  # nothing is shifted outside
_BD_TURN = np.pi * 3000 / 180
_BD_EAST, _BD_NORTH = 0.0065, 0.006
_DEGREE_M = 111_195.0
_MEASURABLY_M = 100.0  # county outlines in circulation are that coarse
_BALANCE = 2  # shapes coming into the county for each that leaves it
_GAIN = 3  # registered shapes met with the shift undone for each met before
_SAME_BOX, _SAME_SHAPE = 0.5, 0.7  # intersection over union
_LEAST_STRETCH = 2e-4  # of an area by the shift; 0.15 % is usual, and what is less says nothing
_OF_STRETCH = 0.25  # how near a drawn area comes to the registered one to be called the same
_Undo = Callable[[Floats], Floats]


@dataclass(frozen=True, slots=True)
class RegisteredAreas:
    """What the certificates say of the shapes' areas, NaN where nothing, beside the areas in the survey's plane."""

    registered_m2: Floats
    planar_m2: Floats


@dataclass(frozen=True, slots=True)
class Suspicion:
    """How many of the `compared` shapes agree with the reference as they are, and with the shift undone."""

    system: str
    against: str
    compared: int
    fit_before: int
    fit_after: int

    def __str__(self) -> str:
        return (
            f"与{self.against}比较 {self.compared} 个图形，现状吻合 {self.fit_before} 个，"
            f"按 {self.system} 去偏后吻合 {self.fit_after} 个"
        )


def gcj02_from_wgs84(lonlat: Floats) -> Floats:
    """(n, 2) true longitude/latitude → shifted; points outside the box that the formula knows stay."""
    lon, lat = lonlat[:, 0], lonlat[:, 1]
    shifted = lonlat + _offset(lon, lat)
    inside = (lon >= _WEST) & (lon <= _EAST) & (lat >= _SOUTH) & (lat <= _NORTH)
    return np.where(inside[:, None], shifted, lonlat)


def bd09_from_gcj02(lonlat: Floats) -> Floats:
    lon, lat = lonlat[:, 0], lonlat[:, 1]
    radius = np.hypot(lon, lat) + 2e-5 * np.sin(lat * _BD_TURN)
    angle = np.arctan2(lat, lon) + 3e-6 * np.cos(lon * _BD_TURN)
    return np.column_stack([radius * np.cos(angle) + _BD_EAST, radius * np.sin(angle) + _BD_NORTH])


def wgs84_from_gcj02(lonlat: Floats) -> Floats:
    return _inverse(gcj02_from_wgs84, lonlat)


def wgs84_from_bd09(lonlat: Floats) -> Floats:
    return _inverse(lambda points: bd09_from_gcj02(gcj02_from_wgs84(points)), lonlat)


def gcj02_suspicion(
    geoms_4490: Geometries,
    *,
    boundary_4490: shapely.Geometry | None = None,
    register_4490: Geometries | None = None,
    areas: RegisteredAreas | None = None,
    min_features: int = 5,
    sample: int = 2000,
) -> Suspicion | None:
    """The evidence that the layer is shifted, or None. At least `min_features` shapes have to speak for it.

    Boundary: shapes that lie outside the county come in when the shift is undone, and hardly any goes out.
    Register: far more shapes then lie on a registered one (intersection over union of 0.7 and more).
    Areas: the shift stretches every place differently, and the registered areas are those of the unshifted shapes.
    Without a reference near enough nothing can be said, and None says no more than that.
    """
    there = ~(shapely.is_missing(geoms_4490) | shapely.is_empty(geoms_4490))
    present = geoms_4490[there]
    step = max(1, len(present) // sample)
    found: list[Suspicion | None] = []
    for system, undo in (("GCJ-02", wgs84_from_gcj02), ("BD-09", wgs84_from_bd09)):
        if boundary_4490 is not None:
            found.append(_against_boundary(system, undo, present, boundary_4490, min_features))
        if register_4490 is not None and len(register_4490):
            found.append(_against_register(system, undo, present[::step], register_4490, min_features))
        if areas is not None:
            stated = RegisteredAreas(areas.registered_m2[there][::step], areas.planar_m2[there][::step])
            found.append(_against_areas(system, undo, present[::step], stated, min_features))
    return max((one for one in found if one), key=lambda one: one.fit_after / one.compared, default=None)


def check_not_shifted(
    geoms_4490: Geometries,
    *,
    boundary_4490: shapely.Geometry | None = None,
    register_4490: Geometries | None = None,
    areas: RegisteredAreas | None = None,
    min_features: int = 5,
) -> None:
    """Raises `crs_shifted` with the evidence when the layer looks shifted."""
    found = gcj02_suspicion(
        geoms_4490,
        boundary_4490=boundary_4490,
        register_4490=register_4490,
        areas=areas,
        min_features=min_features,
    )
    if found:
        refuse_shifted(str(found), found.system)


def check_outline_not_shifted(
    geoms_4490: Geometries, *, boundary_4490: shapely.Geometry, least_off: float = 0.02
) -> None:
    """Raises `crs_shifted` where shapes that tile the county meet its boundary far better with the shift undone."""
    was = _off_outline(geoms_4490, boundary_4490)
    if not least_off < was < 1:
        return
    for system, undo in (("GCJ-02", wgs84_from_gcj02), ("BD-09", wgs84_from_bd09)):
        undone = with_coordinates(geoms_4490, undo(shapely.get_coordinates(geoms_4490)))
        now = _off_outline(undone, boundary_4490)
        if now < was / _BALANCE:
            refuse_shifted(f"与县界不重合的面积占 {was:.1%}，按 {system} 去偏后为 {now:.1%}", system)


def _off_outline(geoms: Geometries, boundary: shapely.Geometry) -> float:
    """What lies beyond the boundary or is missing inside it, as a share of the county."""
    whole = shapely.union_all(shapely.make_valid(geoms))
    return float(shapely.area(shapely.symmetric_difference(whole, boundary)) / shapely.area(boundary))


def _against_boundary(
    system: str, undo: _Undo, geoms: Geometries, boundary: shapely.Geometry, least: int
) -> Suspicion | None:
    before = shapely.get_coordinates(shapely.centroid(geoms))
    was, now = (_beyond_m(boundary, points) for points in (before, undo(before)))
    came = int(((was > _MEASURABLY_M) & (now == 0)).sum())
    went = int(((now > _MEASURABLY_M) & (was == 0)).sum())
    # A coarse outline leaves some outside on every side; undoing a shift that isn't there moves more out.
    if came < least or came < _BALANCE * went:
        return None
    return Suspicion(system, "县界", len(geoms), int((was == 0).sum()), int((now == 0).sum()))


def _beyond_m(boundary: shapely.Geometry, lonlat: Floats) -> Floats:
    """How far each point lies outside, roughly in metres; 0 inside."""
    scale = np.array([np.cos(np.radians(shapely.get_y(shapely.centroid(boundary)))), 1.0]) * _DEGREE_M
    near = shapely.transform(boundary, lambda points: points * scale)
    shapely.prepare(near)
    points = lonlat * scale
    beyond = np.zeros(len(points))
    outside = ~shapely.contains_xy(near, points)
    beyond[outside] = shapely.distance(near, shapely.points(points[outside]))
    return beyond


def _against_register(
    system: str, undo: _Undo, geoms: Geometries, register: Geometries, least: int
) -> Suspicion | None:
    known = register[~(shapely.is_missing(register) | shapely.is_empty(register))]
    tree = shapely.STRtree(known)
    was = _matched(tree, known, geoms)
    now = _matched(tree, known, with_coordinates(geoms, undo(shapely.get_coordinates(geoms))))
    if now < least or now < _GAIN * max(was, 1):
        return None
    return Suspicion(system, "已登记宗地", len(geoms), was, now)


def _against_areas(
    system: str, undo: _Undo, geoms: Geometries, stated: RegisteredAreas, least: int
) -> Suspicion | None:
    said = (stated.registered_m2 > 0) & (stated.planar_m2 > 0)
    geoms, registered = geoms[said], stated.registered_m2[said]
    as_drawn = np.abs(np.log(registered / stated.planar_m2[said])) < _LEAST_STRETCH * _OF_STRETCH
    if as_drawn.sum() * 2 >= len(geoms):
        return None  # hardly a place is stretched so little
    drawn_m2 = ellipsoidal_area_m2(geoms)
    undone_m2 = ellipsoidal_area_m2(with_coordinates(geoms, undo(shapely.get_coordinates(geoms))))
    stretch = np.log(undone_m2 / drawn_m2)
    telling = np.abs(stretch) >= _LEAST_STRETCH
    # A certificate's area may be that of the plane or that of the ellipsoid: either agrees.
    off = np.log(registered / np.stack([stated.planar_m2[said], drawn_m2]))[:, telling]
    stretch = stretch[telling]
    near = _OF_STRETCH * np.abs(stretch)
    was = int((np.abs(off).min(axis=0) <= near).sum())
    now = int((np.abs(off - stretch).min(axis=0) <= near).sum())
    if now < least or now < len(stretch) / 2 or now < _GAIN * max(was, 1):
        return None
    return Suspicion(system, "登记面积", len(stretch), was, now)


def _matched(tree: shapely.STRtree, known: Geometries, geoms: Geometries) -> int:
    """How many shapes are practically a registered one; judged by their boxes first, as most miss."""
    i, j = tree.query(geoms)
    a, b = shapely.bounds(geoms)[i], shapely.bounds(known)[j]
    near = _box_iou(a, b) >= _SAME_BOX
    i, j = i[near], j[near]
    one, two = shapely.make_valid(geoms[i]), shapely.make_valid(known[j])
    common = shapely.area(shapely.intersection(one, two))
    union = shapely.area(one) + shapely.area(two) - common
    return len(np.unique(i[common >= _SAME_SHAPE * union]))


def _box_iou(a: Floats, b: Floats) -> Floats:
    width = np.minimum(a[:, 2], b[:, 2]) - np.maximum(a[:, 0], b[:, 0])
    height = np.minimum(a[:, 3], b[:, 3]) - np.maximum(a[:, 1], b[:, 1])
    common = np.clip(width, 0, None) * np.clip(height, 0, None)
    one, two = ((box[:, 2] - box[:, 0]) * (box[:, 3] - box[:, 1]) for box in (a, b))
    whole = one + two - common
    iou: Floats = np.divide(common, whole, out=np.zeros_like(common), where=whole > 0)
    return iou


def _inverse(shift: Callable[[Floats], Floats], target: Floats) -> Floats:
    """The shift changes slowly (1e-3 of its length), so each round gains three digits."""
    points = target.copy()
    for _ in range(6):
        points += target - shift(points)
    return points


def _offset(lon: Floats, lat: Floats) -> Floats:
    x, y = lon - 105.0, lat - 35.0
    ripple = _waves(x, (20, 6), (20, 2))
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x)) + ripple
    north += _waves(y, (20, 1), (40, 1 / 3)) + _waves(y, (160, 1 / 12), (320, 1 / 30))
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x)) + ripple
    east += _waves(x, (20, 1), (40, 1 / 3)) + _waves(x, (150, 1 / 12), (300, 1 / 30))
    phi = np.radians(lat)
    w2 = 1 - _E2 * np.sin(phi) ** 2
    east_deg = np.degrees(east * np.sqrt(w2) / (_AXIS_M * np.cos(phi)))
    north_deg = np.degrees(north * w2 * np.sqrt(w2) / (_AXIS_M * (1 - _E2)))
    return np.column_stack([east_deg, north_deg])


def _waves(at: Floats, *waves: tuple[float, float]) -> Floats:
    """Two thirds of the sum of sines, given as amplitude in metres and frequency in half turns a degree."""
    total = np.zeros_like(at)
    for amplitude, frequency in waves:
        total += amplitude * np.sin(np.pi * frequency * at)
    return total * 2 / 3
