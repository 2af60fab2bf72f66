"""Shapes from WKB, their vertices moved on the way, without a shape being made first and moved afterwards.

Refuses nothing: a shape of several rings or parts, or in another byte order, goes the long way through GEOS.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from landgis.lib.packed import at_bytes
from layers.geometry.transform import Floats, Geometries, with_coordinates

Lengths = NDArray[np.int64]
Moved = Callable[[Floats], Floats]

# A WKB polygon's bytes before its first vertex: order, kind, number of rings, number of points.
_HEAD = np.dtype([("order", "u1"), ("kind", "<u4"), ("rings", "<u4"), ("points", "<u4")])
# And those that a collection has before its first part: order, kind, number of parts.
_OF_PARTS = np.dtype([("order", "u1"), ("kind", "<u4"), ("parts", "<u4")])
_POLYGON, _MULTIPOLYGON = 3, 6
_VERTEX = np.dtype("V16")  # two numbers of eight bytes
_CHUNK = 4096  # shapes at a time: what is worked out of one chunk stays in the processor's cache


def packed(wkb: Sequence[bytes]) -> tuple[bytes, Lengths, Lengths]:
    """Single WKBs as one run of bytes, where each begins, and how long it is."""
    lengths = np.array([len(shape) for shape in wkb], dtype=np.int64)
    return b"".join(wkb), np.cumsum(lengths) - lengths, lengths


@dataclass(frozen=True, slots=True)
class Vertices:
    """The vertices of many shapes in one array: shape n has those of `xy` from start[n] to start[n + 1].

    `one_ring` says which shapes are a polygon of one ring, made from its vertices alone; `others` holds the rest.
    """

    xy: Floats
    start: Lengths
    one_ring: NDArray[np.bool_]
    others: Geometries

    def __len__(self) -> int:
        return len(self.one_ring)

    def of(self, at: NDArray[np.intp]) -> NDArray[np.intp]:
        """The rows of `xy` that hold the vertices of the shapes `at`, shape after shape."""
        counts = self.start[at + 1] - self.start[at]
        ends = np.cumsum(counts)
        return np.repeat(self.start[at] - (ends - counts), counts) + np.arange(ends[-1] if len(ends) else 0)

    def shapes(self, xy: Floats | None = None, at: NDArray[np.intp] | None = None) -> Geometries:
        """The shapes, or those `at`; with `xy` in place of their vertices where they are moved."""
        place = self.xy if xy is None else xy
        if at is None and self.one_ring.all():
            return _polygons(place, self.start)
        at = np.arange(len(self)) if at is None else at
        plain = self.one_ring[at]
        shapes = np.empty(len(at), dtype=object)
        rings, rest = at[plain], at[~plain]
        ends = np.cumsum(self.start[rings + 1] - self.start[rings])
        shapes[plain] = _polygons(place[self.of(rings)], np.concatenate([[0], ends]))
        if len(rest):
            shapes[~plain] = with_coordinates(self.others[rest], place[self.of(rest)])
        return shapes

    def boxes(self, xy: Floats) -> Floats:
        """West, south, east, north of each shape, its vertices at `xy`."""
        if not len(self):
            return np.empty((0, 4))
        ends = (np.minimum.reduceat(xy, self.start[:-1]), np.maximum.reduceat(xy, self.start[:-1]))
        return np.concatenate(ends, axis=1)

    def areas(self, xy: Floats) -> Floats:
        """The area of each shape, its vertices at `xy`."""
        if not len(self):
            return np.empty(0)
        areas: Floats = np.empty(len(self))
        for at in range(0, len(self), _CHUNK):
            start = self.start[at : at + _CHUNK + 1]
            x, y = (
                place - place[0] for place in xy[start[0] : start[-1]].T
            )  # small numbers: finer last digits
            under = np.zeros(len(x))
            under[:-1] = x[:-1] * y[1:] - x[1:] * y[:-1]
            under[start[1:] - start[0] - 1] = 0.0  # from a ring's end to the next one's beginning
            areas[at : at + _CHUNK] = np.abs(np.add.reduceat(under, start[:-1] - start[0])) / 2
        rest = np.flatnonzero(~self.one_ring)
        if len(rest):
            areas[rest] = shapely.area(self.shapes(xy, rest))
        return areas

    def moved(self, move: Moved, at: NDArray[np.intp]) -> Geometries:
        """The shapes `at` with their vertices moved; no others are."""
        rows = self.of(at)
        counts = self.start[at + 1] - self.start[at]
        few = Vertices(
            move(self.xy[rows]), np.concatenate([[0], np.cumsum(counts)]), self.one_ring[at], self.others[at]
        )
        return few.shapes()


def vertices_from_wkb(wkb: bytes, starts: Lengths, lengths: Lengths) -> Vertices:
    """The vertices of shapes, each in the `lengths` bytes of `wkb` from `starts` on.

    Nearly every parcel is one ring, whose vertices are read without a shape being made; a multipolygon of one ring becomes
    the polygon that it is.
    """
    ring, heads = _of_one_ring(wkb, starts, lengths)
    points = (lengths[ring] - heads) // _VERTEX.itemsize
    xy = _runs(wkb, starts[ring] + heads, points)
    others = np.empty(len(lengths), dtype=object)
    if ring.all():
        return Vertices(xy, np.concatenate([[0], np.cumsum(points)]), ring, others)
    rest = [wkb[start : start + length] for start, length in zip(starts[~ring], lengths[~ring], strict=True)]
    others[~ring] = shapely.from_wkb(np.array(rest, dtype=object))
    counts = np.empty(len(lengths), dtype=np.int64)
    counts[ring], counts[~ring] = points, shapely.get_num_coordinates(others[~ring])
    plain = np.repeat(ring, counts)
    every = np.empty((len(plain), 2))
    every[plain], every[~plain] = xy, shapely.get_coordinates(others[~ring])
    return Vertices(every, np.concatenate([[0], np.cumsum(counts)]), ring, others)


def shapes_from_wkb(wkb: bytes, starts: Lengths, lengths: Lengths, *moves: Moved | None) -> list[Geometries]:
    """For each of `moves` the shapes with their vertices moved by it; None leaves them where they are.

    Made from one array of vertices, which takes a third of the time of reading each shape and moving it afterwards.
    """
    vertices = vertices_from_wkb(wkb, starts, lengths)
    return [vertices.shapes(None if move is None else move(vertices.xy)) for move in moves]


def _polygons(xy: Floats, start: Lengths) -> Geometries:
    if len(start) == 1:
        return np.empty(0, dtype=object)
    made: Geometries = shapely.from_ragged_array(
        shapely.GeometryType.POLYGON, xy, (start, np.arange(len(start)))
    )
    return made


def _of_one_ring(wkb: bytes, starts: Lengths, lengths: Lengths) -> tuple[NDArray[np.bool_], Lengths]:
    """Whether each shape is a little-endian polygon of one ring in two dimensions, and the bytes before the vertices of these."""
    one = lengths >= _OF_PARTS.itemsize + _HEAD.itemsize  # no ring that closes is shorter
    outer = at_bytes(wkb, starts[one], _OF_PARTS)
    single = (outer["order"] == 1) & (outer["kind"] == _MULTIPOLYGON) & (outer["parts"] == 1)
    skipped = np.where(single, _OF_PARTS.itemsize, 0)
    head = at_bytes(wkb, starts[one] + skipped, _HEAD)
    before = skipped + _HEAD.itemsize
    plain = (head["order"] == 1) & (head["kind"] == _POLYGON) & (head["rings"] == 1)
    plain &= lengths[one] == before + _VERTEX.itemsize * head["points"].astype(np.int64)
    one[one] = plain
    return one, before[plain]


def _runs(wkb: bytes, starts: Lengths, points: Lengths) -> Floats:
    """Run after run of `points` vertices, each from a byte of `starts` on."""
    ends = np.cumsum(points)
    first = np.repeat(starts - (ends - points) * _VERTEX.itemsize, points)
    return at_bytes(wkb, first + np.arange(len(first)) * _VERTEX.itemsize, _VERTEX).view("<f8").reshape(-1, 2)
