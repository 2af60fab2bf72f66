"""Where and when a photo says it was taken: the place and time that the camera wrote into it (EXIF).

Refuses to guess: a place out of range, at 0°/0° or half written is none, and a time that isn't one is none. What it tells can be
forged, so it is compared and told, never taken for proof.
"""

from __future__ import annotations

import io
import math
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from PIL import Image, UnidentifiedImageError
from PIL.ExifTags import GPS, IFD, Base

# Cameras write the wall clock; those that don't say which one are read as China's.
CHINA = timezone(timedelta(hours=8))
_TIME = re.compile(r"(\d{4})[:/-](\d{2})[:/-](\d{2})[ T](\d{2}):(\d{2}):(\d{2})")
_OFFSET = re.compile(r"([+-])(\d{2}):(\d{2})")
_UNREADABLE = (
    OSError, ValueError, TypeError, KeyError, IndexError, SyntaxError, EOFError, struct.error, ZeroDivisionError,
    OverflowError, AttributeError, UnidentifiedImageError, Image.DecompressionBombError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """Longitude and latitude in degrees (as the satellites give them), and the moment; None where not written."""

    lon: float | None = None
    lat: float | None = None
    taken_at: datetime | None = None


def photo_facts(content: bytes) -> PhotoFacts:
    """What the bytes say; nothing where they say nothing that can be read."""
    try:
        with Image.open(io.BytesIO(content), formats=["JPEG", "PNG"]) as image:
            exif = image.getexif()
            place, shot = dict(exif.get_ifd(IFD.GPSInfo)), dict(exif.get_ifd(IFD.Exif))
    except _UNREADABLE:
        return PhotoFacts()
    lon = _degrees(place, GPS.GPSLongitude, GPS.GPSLongitudeRef, "EW", 180)
    lat = _degrees(place, GPS.GPSLatitude, GPS.GPSLatitudeRef, "NS", 90)
    if lon is None or lat is None or (lon == 0 and lat == 0):
        lon = lat = None
    return PhotoFacts(lon, lat, _moment(shot))


def _degrees(place: Mapping[int, Any], tag: int, ref_tag: int, signs: str, most: int) -> float | None:
    try:
        parts = [float(part) for part in place[tag]]
        ref = place[ref_tag]
    except _UNREADABLE:
        return None
    ref = (ref.decode("ascii", "ignore") if isinstance(ref, bytes) else str(ref)).strip("\x00 ").upper()
    if not 1 <= len(parts) <= 3 or ref not in tuple(signs) or not all(map(math.isfinite, parts)):
        return None
    if any(part < 0 for part in parts) or any(part >= 60.001 for part in parts[1:]):
        return None
    value = sum(part / 60.0**power for power, part in enumerate(parts))
    if value > most:
        return None
    return -value if ref == signs[1] else value


def _moment(shot: Mapping[int, Any]) -> datetime | None:
    match = _TIME.match(str(shot.get(Base.DateTimeOriginal) or shot.get(Base.DateTimeDigitized) or ""))
    if match is None:
        return None
    offset = _OFFSET.fullmatch(str(shot.get(Base.OffsetTimeOriginal) or "").strip("\x00 "))
    try:
        zone = CHINA
        if offset:
            away = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
            zone = timezone(-away if offset[1] == "-" else away)
        return datetime(*map(int, match.groups()), tzinfo=zone)  # type: ignore[misc,arg-type]
    except ValueError:
        return None
