"""How places lie to the ground that a report is about: distances, and a place read from typed coordinates.

Refuses a place outside the county, and coordinates that could be meant in two ways.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

import numpy as np
import shapely

from landgis.counties.models import County
from landgis.lib.errors import InputError
from layers.geometry.crs import detect_crs
from layers.geometry.gcj02 import wgs84_from_gcj02
from layers.geometry.transform import transform_geometries, transform_xy

_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?", re.ASCII)
_WORDS = "请写作“经度,纬度”（如 120.0123,29.3012），或测量坐标“X（北） Y（东）”，只写一个点。"


class Place(NamedTuple):
    """Longitude and latitude in EPSG:4490."""

    lon: float
    lat: float


def distance_m(place: Place, ground_4490: shapely.Geometry | None, county: County) -> float | None:
    """From the place to the ground, in metres of the survey's plane; 0 on it, None without ground or image."""
    if ground_4490 is None:
        return None
    shapes = np.array([shapely.Point(place.lon, place.lat), ground_4490], dtype=object)
    point, ground = transform_geometries(shapes, 4490, county.survey_crs)
    if not np.isfinite(shapely.get_coordinates(point)).all():
        return None
    away = float(shapely.distance(point, ground))
    return away if np.isfinite(away) else None


def unshifted(place: Place) -> Place:
    """Where the place is if what was written is GCJ-02."""
    lon, lat = wgs84_from_gcj02(np.array([[place.lon, place.lat]]))[0]
    return Place(float(lon), float(lat))


def typed_place(text: str, county: County) -> Place:
    """One point as degrees or survey coordinates, northing or easting first; raises InputError with what to write."""
    plain = unicodedata.normalize("NFKC", text)
    numbers = _NUMBER.findall(plain)
    if len(numbers) != 2 or any(len(number) > 24 for number in numbers):
        raise InputError("place_unreadable", f"位置“{text[:40]}”不是一对坐标。", _WORDS, field="place")
    xy = np.array([[float(number) for number in numbers]])
    west, south, east, north = county.bbox_4490
    try:
        found = detect_crs(None, xy, survey_crs=county.survey_crs, bbox_4490=(west, south, east, north))
    except InputError:
        told = f"位置“{text[:40]}”不在本县范围内，或无法判断坐标系。"
        raise InputError("place_outside", told, _WORDS, field="place") from None
    moved = transform_xy(
        xy[:, ::-1] if found.axis_swapped else xy, found.epsg, 4490, bbox_4490=(west, south, east, north)
    )
    lon, lat = moved[0].tolist()
    return Place(lon, lat)
