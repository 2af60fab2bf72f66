"""Degrees to a plane in metres on which areas are true: the equal-area cylinder of the CGCS2000 ellipsoid.

Refuses to be a map or a survey's projection: lengths and angles hold only near the latitude it was made for. What lies
in what, and how much of it, is the same on it as on the ellipsoid, for any county and without a choice of zone.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.geometry.transform import Floats, Geometries, with_coordinates

_A = 6378137.0
_INVERSE_FLATTENING = 298.257222101
_E2 = (2 - 1 / _INVERSE_FLATTENING) / _INVERSE_FLATTENING
_E = _E2**0.5
_RING_HEADER = (
    13  # bytes of a WKB polygon before its first vertex: order, kind, number of rings, number of points
)


def equal_area(geoms_4490: Geometries, *, latitude: float) -> Geometries:
    """The shapes on the cylinder that keeps lengths at `latitude`; edges stay straight between their ends."""
    xy = shapely.get_coordinates(geoms_4490)
    return with_coordinates(geoms_4490, equal_area_xy(xy, latitude=latitude))


def equal_area_xy(lonlat: Floats, *, latitude: float) -> Floats:
    """x = p₀ λ, y = Q(φ) / p₀ with Q the ellipsoid's area from the equator to φ for one radian, so dx dy = dQ dλ."""
    around = _parallel_radius(latitude)
    xy = np.empty_like(lonlat)
    xy[:, 0] = np.radians(lonlat[:, 0]) * around
    sin = np.sin(np.radians(lonlat[:, 1]))
    xy[:, 1] = (_A * _A * (1 - _E2) / 2 / around) * (sin / (1 - _E2 * sin * sin) + np.arctanh(_E * sin) / _E)
    return xy


def equal_area_from_wkb(wkb: Sequence[bytes], *, latitude: float) -> Geometries:
    """The same straight from WKB in degrees.

    Nearly every parcel is one ring. Those are made from one array of projected vertices, which takes a third of the
    time of reading each shape and moving it afterwards.
    """
    made = np.empty(len(wkb), dtype=object)
    ring = _is_one_ring(wkb)
    if ring.any():
        rings = wkb if ring.all() else [shape for shape, one in zip(wkb, ring.tolist(), strict=True) if one]
        xy = np.frombuffer(b"".join([shape[_RING_HEADER:] for shape in rings]), dtype="<f8").reshape(-1, 2)
        ends = np.cumsum([0, *[(len(shape) - _RING_HEADER) // 16 for shape in rings]])
        made[ring] = shapely.from_ragged_array(
            shapely.GeometryType.POLYGON,
            equal_area_xy(xy, latitude=latitude),
            (ends, np.arange(len(rings) + 1)),
        )
    others = [shape for shape, one in zip(wkb, ring.tolist(), strict=True) if not one]
    if others:
        made[~ring] = equal_area(shapely.from_wkb(np.array(others, dtype=object)), latitude=latitude)
    return made


def _parallel_radius(latitude: float) -> float:
    phi = np.radians(latitude)
    return float(_A * np.cos(phi) / np.sqrt(1 - _E2 * np.sin(phi) ** 2))


def _is_one_ring(wkb: Sequence[bytes]) -> NDArray[np.bool_]:
    """Whether each shape is a little-endian polygon of one ring in two dimensions."""
    lengths = np.array([len(shape) for shape in wkb], dtype=np.int64)
    if not len(wkb) or lengths.min() < _RING_HEADER:
        return np.zeros(len(wkb), dtype=bool)
    head = np.frombuffer(
        b"".join([shape[:_RING_HEADER] for shape in wkb]),
        dtype=[("order", "u1"), ("kind", "<u4"), ("rings", "<u4"), ("points", "<u4")],
    )
    plain = (head["order"] == 1) & (head["kind"] == 3) & (head["rings"] == 1)
    one: NDArray[np.bool_] = plain & (lengths == _RING_HEADER + 16 * head["points"].astype(np.int64))
    return one
