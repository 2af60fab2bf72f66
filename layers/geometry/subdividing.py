"""Takes a strip of an asked area off a parcel, as in "20 亩 off the north side".

Refuses areas that the parcel doesn't have, and a strip along an edge that wouldn't reach the edge. The cut is
one straight line through the whole parcel: of a concave parcel, or one of several parts, everything beyond the
line belongs to the strip, connected or not.

The area beyond a line that sweeps over the parcel is a quadratic between two vertices, so the line's place is
found by a formula, not by trial.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from landgis.lib.errors import InputError
from layers.geometry.exact import NUMERIC_M, multi, require_valid, shapes
from layers.geometry.rings import rings_of
from layers.geometry.splitting import cut
from layers.geometry.transform import Floats

Point = tuple[float, float]
Parts = tuple[shapely.MultiPolygon, shapely.MultiPolygon]

EXACT_M2 = 0.001
_ON_EDGE_M = 0.001


def strip_of_area(
    geom_survey: shapely.MultiPolygon, area_m2: float, *, direction: tuple[float, float]
) -> Parts:
    """(the strip, the rest): the strip lies on the side that `direction` (easting, northing) points to."""
    require_valid(shapes([geom_survey]))
    way = np.array(direction, dtype=np.float64)
    length = float(np.hypot(*way))
    if not (np.isfinite(length) and length > 0):
        text = "分割方向无效。"
        raise InputError(
            "direction_invalid", text, "请选择东、南、西、北之一，或给出一个方向。", field="side"
        )
    return _taken(_Sweep.over(geom_survey, way / length), geom_survey, area_m2)


def strip_along_edge(
    geom_survey: shapely.MultiPolygon, area_m2: float, *, edge: tuple[Point, Point]
) -> Parts:
    """(the strip, the rest): the cut runs parallel to the edge of the boundary, the strip lies at its side."""
    require_valid(shapes([geom_survey]))
    sweep = _Sweep.over(geom_survey, _outwards(geom_survey, np.array(edge, dtype=np.float64)))
    at_edge = float((np.array(edge) - sweep.origin).mean(axis=0) @ sweep.way)
    beyond = sweep.area_beyond(at_edge)
    if beyond > EXACT_M2 and 0 < area_m2 <= beyond:
        raise InputError(
            "strip_misses_edge",
            f"所选界址边以外还有本宗地的 {beyond:.3f} ㎡，要分出的 {area_m2:.3f} ㎡ 到不了这条边。",
            "请增大面积，或改选宗地外侧的界址边。",
            field="area_m2",
        )
    return _taken(sweep, geom_survey, area_m2)


@dataclass(frozen=True, slots=True)
class _Sweep:
    """The parcel's edges from `a` to `b`, the ground on their left: u along the way, v across it, from `origin`."""

    origin: Floats
    way: Floats
    a: Floats
    b: Floats

    @classmethod
    def over(cls, geom: shapely.Geometry, way: Floats) -> _Sweep:
        start, stop = _edges_ground_left(geom)
        origin = np.round(start.mean(axis=0))
        axes = np.array([way, [-way[1], way[0]]]).T
        return cls(origin, way, (start - origin) @ axes, (stop - origin) @ axes)

    def area_beyond(self, s: float) -> float:
        """The ground with u ≥ s: minus the integral of v du along the boundary there."""
        u1, v1, u2, v2 = *self.a.T, *self.b.T
        from_, to = np.maximum(u1, s), np.maximum(u2, s)
        rise = np.divide(v2 - v1, u2 - u1, out=np.zeros(len(u1)), where=u1 != u2)
        mean = v1 + rise * ((from_ + to) / 2 - u1)
        return -float(((to - from_) * mean).sum())

    def place_of(self, area_m2: float) -> float:
        """The s with that much ground beyond it."""
        stops = np.unique(self.a[:, 0])
        low, high = 0, len(stops) - 1  # more than asked lies beyond the low one, less beyond the high one
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self.area_beyond(stops[middle]) >= area_m2 else (low, middle)
        top, depth = stops[high], stops[high] - stops[low]
        beyond = self.area_beyond(top)
        half, whole = (self.area_beyond(top - depth * part) - beyond for part in (0.5, 1.0))
        # Over the depth t below `top` the ground grows by linear·t + square·t².
        linear, square = (4 * half - whole) / depth, (2 * whole - 4 * half) / depth**2
        wanted = area_m2 - beyond
        root = np.sqrt(max(linear**2 + 4 * square * wanted, 0.0))
        return float(top - np.clip(2 * wanted / (linear + root), 0.0, depth))

    def line(self, s: float) -> Floats:
        """Across the whole parcel, and a metre more at either end."""
        v = np.array([self.a[:, 1].min() - 1, self.a[:, 1].max() + 1])
        across = np.array([-self.way[1], self.way[0]])
        drawn: Floats = self.origin + s * self.way + v[:, None] * across
        return drawn


def _taken(sweep: _Sweep, geom: shapely.MultiPolygon, area_m2: float) -> Parts:
    whole = shapely.area(geom)
    if not EXACT_M2 <= area_m2 <= whole - EXACT_M2:
        raise InputError(
            "area_out_of_range",
            f"要分出的面积 {area_m2:.3f} ㎡ 须大于 0 且小于宗地面积 {whole:.3f} ㎡。",
            "请核对面积及其单位（亩或 ㎡）。",
            field="area_m2",
        )
    s = sweep.place_of(area_m2)
    faces, _ = cut(geom, [sweep.line(s)], tolerance_m=NUMERIC_M)
    centres = shapely.get_coordinates(shapely.centroid(faces)) - sweep.origin
    beyond = centres @ sweep.way > s
    strip, rest = multi(faces[beyond]), multi(faces[~beyond])
    if abs(shapely.area(strip) - area_m2) > EXACT_M2:
        raise InputError(
            "area_not_reached",
            f"按此方向分出的面积是 {shapely.area(strip):.4f} ㎡，与要求的 {area_m2:.4f} ㎡ 不符。",
            "请清理宗地边界的细缝和尖刺，或换一个方向。",
            field="area_m2",
        )
    return strip, rest


def _edges_ground_left(geom: shapely.Geometry) -> tuple[Floats, Floats]:
    rings = rings_of(shapes([geom]))
    a, b = rings.xy[rings.edges], rings.xy[rings.edges + 1]
    near = a - rings.xy[0], b - rings.xy[0]
    turn = np.bincount(
        rings.ring[rings.edges], near[0][:, 0] * near[1][:, 1] - near[0][:, 1] * near[1][:, 0], len(rings)
    )
    against = ((turn > 0) != rings.outer)[rings.ring[rings.edges]]
    return np.where(against[:, None], b, a), np.where(against[:, None], a, b)


def _outwards(geom: shapely.Geometry, edge: Floats) -> Floats:
    """The unit vector away from the ground, square to the edge."""
    a, b = _edges_ground_left(geom)
    step, along = edge[1] - edge[0], b - a
    length = float(np.hypot(*step))
    if np.isfinite(edge).all() and length > 0:
        lines = shapely.linestrings(np.stack([a, b], axis=1))
        off = shapely.distance(lines, shapely.Point(edge.mean(axis=0)))
        # Both ends within a hair of the boundary edge's line: the edge itself, a piece of it or several.
        aside = [_off_line(a, along, end) for end in edge]
        on = np.flatnonzero((off <= _ON_EDGE_M) & (np.maximum(*aside) <= _ON_EDGE_M))
        if len(on):
            same = float(np.sign(along[on[np.argmin(off[on])]] @ step))
            outwards: Floats = same * np.array([step[1], -step[0]]) / length
            return outwards
    raise InputError(
        "edge_not_found",
        "所选的界址边不在宗地的边界上。",
        "请刷新图形后重新选择界址边。",
        field="edge",
    )


def _off_line(a: Floats, along: Floats, point: Floats) -> Floats:
    length = np.hypot(*along.T)
    way = point - a
    area = np.abs(along[:, 0] * way[:, 1] - along[:, 1] * way[:, 0])
    off: Floats = np.divide(area, length, out=np.full(len(a), np.inf), where=length > 0)
    return off
