"""Degrees to a plane in metres on which areas are true: the equal-area cylinder of the CGCS2000 ellipsoid.

Refuses to be a map or a survey's projection: lengths and angles hold only near the latitude it was made for. What lies
in what, and how much of it, is the same on it as on the ellipsoid, for any county and without a choice of zone.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely

from layers.geometry.decoded import packed, shapes_from_wkb
from layers.geometry.transform import Floats, Geometries, with_coordinates

_A = 6378137.0
_INVERSE_FLATTENING = 298.257222101
_E2 = (2 - 1 / _INVERSE_FLATTENING) / _INVERSE_FLATTENING
_E = _E2**0.5
_CHUNK = 32_768  # vertices at a time: the temporaries stay in the processor's cache


def equal_area(geoms_4490: Geometries, *, latitude: float) -> Geometries:
    """The shapes on the cylinder that keeps lengths at `latitude`; edges stay straight between their ends."""
    xy = shapely.get_coordinates(geoms_4490)
    return with_coordinates(geoms_4490, equal_area_xy(xy, latitude=latitude))


def equal_area_xy(lonlat: Floats, *, latitude: float) -> Floats:
    """x = p₀ λ, y = Q(φ) / p₀ with Q the ellipsoid's area from the equator to φ for one radian, so dx dy = dQ dλ."""
    around = _parallel_radius(latitude)
    xy = np.empty_like(lonlat)
    for at in range(0, len(lonlat), _CHUNK):
        part, there = lonlat[at : at + _CHUNK], xy[at : at + _CHUNK]
        there[:, 0] = np.radians(part[:, 0]) * around
        sin = np.sin(np.radians(part[:, 1]))
        there[:, 1] = (_A * _A * (1 - _E2) / 2 / around) * (
            sin / (1 - _E2 * sin * sin) + np.arctanh(_E * sin) / _E
        )
    return xy


def equal_area_from_wkb(wkb: Sequence[bytes], *, latitude: float) -> Geometries:
    """The same straight from WKB in degrees."""
    (shapes,) = shapes_from_wkb(*packed(wkb), lambda lonlat: equal_area_xy(lonlat, latitude=latitude))
    return shapes


def _parallel_radius(latitude: float) -> float:
    phi = np.radians(latitude)
    return float(_A * np.cos(phi) / np.sqrt(1 - _E2 * np.sin(phi) ** 2))
