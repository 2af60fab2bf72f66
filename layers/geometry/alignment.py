"""Tells whether a layer lies beside what stands in the register, and meets it once a known shift is undone.

Refuses to judge by what happens by chance: moved as far in any other direction, or to any place around, the layer must meet
the register no better than it does as delivered. It corrects nothing, and without enough to compare it says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely

from layers.geometry.declared import CrsError, refuse_shifted
from layers.geometry.gcj02 import bd09_from_gcj02, gcj02_from_wgs84, wgs84_from_bd09, wgs84_from_gcj02
from layers.geometry.transform import Floats, Geometries

_DEGREE_M = 111_195.0
_FELT_M = 10.0  # a smaller shift is none: GCJ-02 outside China
_ON_EDGE_M, _WITHIN_M = 1.0, 2.0  # how near a vertex comes to an edge it was drawn on; how deep a cut is none
_LEAST_VERTICES, _LEAST_SHAPES = 20, 5  # on edges, and of how many shapes (or half of all vertices)
_EDGE_GAIN = 3  # vertices on edges with the shift undone, for each as delivered
_LEAST_PARCELS, _LEAST_CUT = 100, 20  # that the layer meets, and that its edge cuts as delivered
_CUT_LEFT = 0.6  # of the share that is cut, with the shift undone
_MOST_VERTICES = 20_000  # looked at
# What lies where it was drawn fits there and nowhere around: so far off in all directions it must fit no more.
_BESIDE_EDGE_M, _BESIDE_PARCELS_M = (10.0, 50.0), (100.0, 200.0)
_DIRECTIONS = range(0, 360, 45)
_MERIDIAN_STEP, _MERIDIAN_MOST = 5, 60  # minutes: local systems count from a meridian of their own
_Move = Callable[[Floats], Floats]


@dataclass(frozen=True, slots=True)
class Shift:
    """A way in which positions go wrong as a whole, and back."""

    name: str
    done: _Move
    undone: _Move
    minutes: int = 0  # of a central meridian


@dataclass(frozen=True, slots=True)
class Misplaced:
    """What was measured of the layer as delivered and with the shift undone."""

    shift: Shift
    measured: str


def check_aligned(layer_4490: Geometries, *, parcels_4490: Geometries, edges_4490: Geometries) -> None:
    """Raises `crs_shifted` or `crs_meridian` with what was measured where the layer meets the register only once it is undone."""
    found = misplaced(layer_4490, parcels_4490=parcels_4490, edges_4490=edges_4490)
    if found is None:
        return
    if not found.shift.minutes:
        refuse_shifted(found.measured, found.shift.name)
    raise CrsError(
        "crs_meridian",
        f"疑似中央经线有误：{found.measured}，不能入库。",
        "请向数据提供单位核实中央经线（地方独立坐标系的中央经线往往不是标准分带），索取转换到本县坐标系的成果。",
    )


def misplaced(
    layer_4490: Geometries, *, parcels_4490: Geometries, edges_4490: Geometries
) -> Misplaced | None:
    """The shift that explains where the layer lies, or None: it fits, it fits nothing, or there is nothing to compare with.

    Edges: vertices that lie on the edges of registered shapes (`parcels_4490`, `edges_4490`), as boundaries that were
    drawn along them have. Parcels: what a boundary that was drawn around plots cuts in two.
    """
    drawn = layer_4490[~(shapely.is_missing(layer_4490) | shapely.is_empty(layer_4490))]
    if not len(drawn) or not len(parcels_4490) + len(edges_4490):
        return None
    beside = _Beside(drawn, parcels_4490, edges_4490)
    return next((found for shift in _shifts() if (found := beside.judged(shift))), None)


def _shifts() -> Iterator[Shift]:
    yield Shift("GCJ-02", gcj02_from_wgs84, wgs84_from_gcj02)
    yield Shift("BD-09", lambda points: bd09_from_gcj02(gcj02_from_wgs84(points)), wgs84_from_bd09)
    for size in range(_MERIDIAN_STEP, _MERIDIAN_MOST + 1, _MERIDIAN_STEP):
        for minutes in (size, -size):
            yield Shift(f"中央经线相差 {size}′", _eastward(minutes), _eastward(-minutes), minutes)


def _eastward(minutes: int) -> _Move:
    way = np.array([minutes / 60, 0.0])
    return lambda points: points + way


class _Beside:
    """The layer and the register in metres around the layer, so that any way of moving one against the other can be measured."""

    def __init__(self, layer: Geometries, parcels: Geometries, edges: Geometries) -> None:
        lon, lat = shapely.get_coordinates(shapely.box(*shapely.total_bounds(layer)).centroid)[0]
        self._scale = np.array([np.cos(np.radians(lat)), 1.0]) * _DEGREE_M
        self._origin = np.array([lon, lat])
        whole = shapely.union_all(shapely.make_valid(self._flat(layer)))
        shapely.prepare(whole)
        self._whole = whole
        vertices = np.unique(shapely.get_coordinates(layer), axis=0)
        self._vertices = vertices[:: max(1, len(vertices) // _MOST_VERTICES)]
        plots = self._flat(_sound(parcels))
        inner = shapely.buffer(plots, -_WITHIN_M, quad_segs=1)
        self._plots = inner[~shapely.is_empty(inner)]
        self._corners = shapely.get_coordinates(self._plots)
        self._vertices_m = self._metres(self._vertices)
        self._edges = shapely.STRtree(shapely.boundary(np.concatenate([plots, self._flat(_sound(edges))])))

    def judged(self, shift: Shift) -> Misplaced | None:
        # A meridian moves the layer so far that the parcels it met and those it would meet are not the same ones.
        return self._by_edges(shift) or (None if shift.minutes else self._by_parcels(shift))

    def _by_edges(self, shift: Shift) -> Misplaced | None:
        way = self._metres(shift.undone(self._vertices)) - self._vertices_m
        if np.abs(way).max(initial=0) < _FELT_M:
            return None
        now, shapes = self._on_edges(way)
        was, _ = self._as_delivered_on_edges
        several = shapes >= _LEAST_SHAPES or now * 2 >= len(self._vertices)
        if now < _LEAST_VERTICES or not several or now < _EDGE_GAIN * was:
            return None
        if any(now < _EDGE_GAIN * self._on_edges(other)[0] for other in _otherwise(way, _BESIDE_EDGE_M)):
            return None
        return Misplaced(
            shift,
            f"比较 {len(self._vertices)} 个界址点，落在已入库图形边线上的现状 {was} 个，{_undone(shift)} {now} 个",
        )

    def _by_parcels(self, shift: Shift) -> Misplaced | None:
        # The plots are moved as the layer would have been: the layer, prepared once, stays where it is.
        placed = self._metres(self._corners, back=True)
        way = self._metres(shift.done(placed)) - self._corners
        if np.abs(way).max(initial=0) < _FELT_M:
            return None
        was, now = self._as_delivered_cut, self._cut(way)
        if was.parcels < _LEAST_PARCELS or now.parcels < _LEAST_PARCELS or was.cut < _LEAST_CUT:
            return None
        if now.share > _CUT_LEFT * was.share:
            return None
        chance = (self._cut(other) for other in _otherwise(way, _BESIDE_PARCELS_M))
        if any(now.share > _CUT_LEFT * one.share for one in chance if one.parcels >= _LEAST_PARCELS):
            return None
        return Misplaced(
            shift,
            f"图形涉及的已登记宗地中被边线切开的，现状 {was}，{_undone(shift)} {now}",
        )

    @cached_property
    def _as_delivered_on_edges(self) -> tuple[int, int]:
        return self._on_edges(np.zeros((1, 2)))

    @cached_property
    def _as_delivered_cut(self) -> _Cut:
        return self._cut(np.zeros((1, 2)))

    def _on_edges(self, way_m: Floats) -> tuple[int, int]:
        """How many vertices lie on edges, and of how many shapes, when the layer is moved so."""
        points = shapely.points(self._vertices_m + way_m)
        i, j = self._edges.query(points, predicate="dwithin", distance=_ON_EDGE_M)
        return len(np.unique(i)), len(np.unique(j))

    def _cut(self, way_m: Floats) -> _Cut:
        """How many parcels the layer meets, and how many of them its edge cuts, when the parcels are moved so."""
        moved = shapely.set_coordinates(self._plots.copy(), self._corners + way_m)
        met = shapely.intersects(self._whole, moved)
        return _Cut(int((met & ~shapely.covers(self._whole, moved)).sum()), int(met.sum()))

    def _flat(self, geoms: Geometries) -> Geometries:
        flat: Geometries = shapely.transform(shapely.force_2d(geoms), self._metres)
        return flat

    def _metres(self, points: Floats, *, back: bool = False) -> Floats:
        moved: Floats = points / self._scale + self._origin if back else (points - self._origin) * self._scale
        return moved


@dataclass(frozen=True, slots=True)
class _Cut:
    cut: int
    parcels: int

    @property
    def share(self) -> float:
        return self.cut / self.parcels

    def __str__(self) -> str:
        return f"{self.cut}/{self.parcels}（{self.share:.1%}）"


def _otherwise(way_m: Floats, beside_m: tuple[float, ...]) -> Iterator[Floats]:
    """To the places around the way's end, then as far in other directions."""
    for off_m in beside_m:
        for turn in np.radians(_DIRECTIONS):
            yield way_m + off_m * np.array([np.cos(turn), np.sin(turn)])
    for turn in np.radians(_DIRECTIONS[1:]):
        yield way_m @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])


def _undone(shift: Shift) -> str:
    return f"按{shift.name}还原后" if shift.minutes else f"按 {shift.name} 去偏后"


def _sound(geoms: Geometries) -> Geometries:
    there = ~(shapely.is_missing(geoms) | shapely.is_empty(geoms)) & shapely.is_valid(geoms)
    sound: Geometries = geoms[there]
    return sound
