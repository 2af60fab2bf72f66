"""Photos made in the test: a JPEG with the place and time that a camera would write."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base
from PIL.TiffImagePlugin import IFDRational


def dms(degrees: float) -> tuple[IFDRational, IFDRational, IFDRational]:
    """Degrees, minutes and seconds as a camera writes them, to a ten-thousandth of a second."""
    tenths = round(abs(degrees) * 3600 * 10_000)
    whole, rest = divmod(tenths, 3600 * 10_000)
    minutes, seconds = divmod(rest, 60 * 10_000)
    return IFDRational(whole, 1), IFDRational(minutes, 1), IFDRational(seconds, 10_000)


def photo(
    lon: float | None = None,
    lat: float | None = None,
    at: datetime | str | None = None,
    *,
    offset: str = "",
    gps: dict[int, Any] | None = None,
    colour: int = 90,
    kind: str = "JPEG",
) -> bytes:
    """A picture of 64 by 48; `gps` replaces what is written of the place."""
    exif = Image.Exif()
    if lon is not None and lat is not None:
        gps = {
            GPS.GPSLongitudeRef: "E" if lon >= 0 else "W",
            GPS.GPSLongitude: dms(lon),
            GPS.GPSLatitudeRef: "N" if lat >= 0 else "S",
            GPS.GPSLatitude: dms(lat),
        }
    if gps:
        exif[IFD.GPSInfo] = gps
    shot: dict[int, Any] = {}
    if at is not None:
        shot[Base.DateTimeOriginal] = at if isinstance(at, str) else f"{at:%Y:%m:%d %H:%M:%S}"
    if offset:
        shot[Base.OffsetTimeOriginal] = offset
    if shot:
        exif[IFD.Exif] = shot
    exif[Base.Make] = "示意相机".encode("gb18030").decode("latin-1")
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (colour, 120, 60)).save(out, kind, exif=exif)
    return out.getvalue()
