"""Shapes from WKB, their vertices moved on the way, without a shape being made first and moved afterwards.

Refuses nothing: a shape of several rings or parts, or in another byte order, goes the long way through GEOS.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.geometry.transform import Floats, Geometries, with_coordinates

Lengths = NDArray[np.int64]
Moved = Callable[[Floats], Floats]

# A WKB polygon's bytes before its first vertex: order, kind, number of rings, number of points.
_HEAD = np.dtype([("order", "u1"), ("kind", "<u4"), ("rings", "<u4"), ("points", "<u4")])
_VERTEX = 16


def packed(wkb: Sequence[bytes]) -> tuple[bytes, Lengths]:
    """Single WKBs as one run of bytes, and how long each is."""
    return b"".join(wkb), np.array([len(shape) for shape in wkb], dtype=np.int64)


def shapes_from_wkb(wkb: bytes, lengths: Lengths, *moves: Moved | None) -> list[Geometries]:
    """For each of `moves` the shapes with their vertices moved by it; None leaves them where they are.

    `wkb` holds one shape after the other, `lengths` their bytes.
    Nearly every parcel is one ring. Those are made from one array of vertices, which takes a third of the time of
    reading each shape and moving it afterwards.
    """
    raw = np.frombuffer(wkb, dtype=np.uint8)
    ends = np.cumsum(lengths)
    ring = _is_one_ring(raw, ends - lengths, lengths)
    xy, points = _vertices(raw, ends - lengths, lengths, ring)
    at = (np.concatenate([[0], np.cumsum(points)]), np.arange(len(points) + 1))
    others = np.array(
        [wkb[end - length : end] for end, length in zip(ends[~ring], lengths[~ring], strict=True)],
        dtype=object,
    )
    rest = shapely.from_wkb(others)
    made = []
    for move in moves:
        shapes = np.empty(len(lengths), dtype=object)
        if len(points):
            moved = xy if move is None else move(xy)
            shapes[ring] = shapely.from_ragged_array(shapely.GeometryType.POLYGON, moved, at)
        if len(others):
            shapes[~ring] = (
                rest if move is None else with_coordinates(rest, move(shapely.get_coordinates(rest)))
            )
        made.append(shapes)
    return made


def _is_one_ring(
    raw: NDArray[np.uint8], starts: NDArray[np.int64], lengths: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Whether each shape is a little-endian polygon of one ring in two dimensions."""
    one = lengths >= _HEAD.itemsize
    heads = raw[starts[one, None] + np.arange(_HEAD.itemsize)]
    head = np.ascontiguousarray(heads).view(_HEAD).reshape(-1)
    plain = (head["order"] == 1) & (head["kind"] == 3) & (head["rings"] == 1)
    one[one] = plain & (lengths[one] == _HEAD.itemsize + _VERTEX * head["points"].astype(np.int64))
    return one


def _vertices(
    raw: NDArray[np.uint8], starts: NDArray[np.int64], lengths: NDArray[np.int64], ring: NDArray[np.bool_]
) -> tuple[Floats, NDArray[np.int64]]:
    """The vertices of the shapes of one ring, and how many each has."""
    taken = np.repeat(ring, lengths)
    taken[(starts[ring, None] + np.arange(_HEAD.itemsize)).ravel()] = False
    xy = np.frombuffer(raw[taken].tobytes(), dtype="<f8").reshape(-1, 2)
    return xy, (lengths[ring] - _HEAD.itemsize) // _VERTEX
