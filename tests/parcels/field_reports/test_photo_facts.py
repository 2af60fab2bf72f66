"""What a photo says of where and when it was taken, and what is no such thing."""

from __future__ import annotations

import io
import math
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.ExifTags import GPS
from PIL.TiffImagePlugin import IFDRational

from parcels.cadastre.papers import read_paper
from parcels.field_reports.photo_facts import CHINA, PhotoFacts, photo_facts
from tests.parcels.field_reports.photos import dms, photo

AT = datetime(2024, 5, 1, 9, 30, 15, tzinfo=CHINA)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_place_and_time_are_read(kind: str) -> None:
    found = photo_facts(photo(120.0015, 29.3012, AT, kind=kind))
    assert found.lon == pytest.approx(120.0015, abs=1e-7)
    assert found.lat == pytest.approx(29.3012, abs=1e-7)
    assert found.taken_at == AT


@given(st.floats(-180, 180), st.floats(-90, 90))
def test_any_place_comes_back_to_a_few_millimetres(lon: float, lat: float) -> None:
    found = photo_facts(photo(lon, lat))
    if abs(lon) < 1e-7 and abs(lat) < 1e-7:
        return
    assert found.lon is not None
    assert found.lat is not None
    assert math.isclose(found.lon, lon, abs_tol=2e-8)
    assert math.isclose(found.lat, lat, abs_tol=2e-8)


def test_a_stated_offset_counts_and_none_is_chinas() -> None:
    assert photo_facts(photo(at=AT)).taken_at == AT
    london = photo_facts(photo(at=AT, offset="+00:00")).taken_at
    assert london == datetime(2024, 5, 1, 9, 30, 15, tzinfo=UTC)
    assert photo_facts(photo(at=AT, offset="-05:30")).taken_at == AT.replace(tzinfo=UTC) + timedelta(
        hours=5.5
    )


@pytest.mark.parametrize(
    "gps",
    [
        {GPS.GPSLatitude: dms(29.3), GPS.GPSLatitudeRef: "N"},  # half a place
        {GPS.GPSLongitude: dms(120), GPS.GPSLatitude: dms(29), GPS.GPSLongitudeRef: "E"},
        {
            GPS.GPSLongitude: dms(120),
            GPS.GPSLatitude: dms(29),
            GPS.GPSLongitudeRef: "X",
            GPS.GPSLatitudeRef: "N",
        },
        {
            GPS.GPSLongitude: dms(0),
            GPS.GPSLatitude: dms(0),
            GPS.GPSLongitudeRef: "E",
            GPS.GPSLatitudeRef: "N",
        },
        {
            GPS.GPSLongitude: dms(190),
            GPS.GPSLatitude: dms(29),
            GPS.GPSLongitudeRef: "E",
            GPS.GPSLatitudeRef: "N",
        },
        {
            GPS.GPSLongitude: (IFDRational(120), IFDRational(75), IFDRational(0)),
            GPS.GPSLatitude: dms(29),
            GPS.GPSLongitudeRef: "E",
            GPS.GPSLatitudeRef: "N",
        },
        {
            GPS.GPSLongitude: (IFDRational(1, 0), IFDRational(0, 0), IFDRational(0)),
            GPS.GPSLatitude: dms(29),
            GPS.GPSLongitudeRef: "E",
            GPS.GPSLatitudeRef: "N",
        },
    ],
)
def test_half_a_place_or_an_impossible_one_is_none(gps: dict[int, Any]) -> None:
    assert photo_facts(photo(gps=gps)) == PhotoFacts()


@pytest.mark.parametrize("text", ["", "yesterday", "2024:13:01 00:00:00", "0000:00:00 00:00:00"])
def test_a_time_that_is_none_is_none(text: str) -> None:
    assert photo_facts(photo(at=text)).taken_at is None


@given(st.binary(max_size=200), st.integers(0, 400))
def test_damaged_bytes_say_nothing_and_never_fail(noise: bytes, where: int) -> None:
    whole = photo(120, 29.3, AT)
    photo_facts(whole[:where] + noise + whole[where + len(noise) :])
    assert photo_facts(noise) == PhotoFacts()


def test_the_thumbnail_shows_the_picture_without_place_or_camera() -> None:
    thumbnail = read_paper(photo(120, 29.3, AT), "现场.jpg").thumbnail
    assert thumbnail is not None
    with Image.open(io.BytesIO(thumbnail)) as image:
        assert dict(image.getexif()) == {}
        assert "exif" not in image.info
    assert photo_facts(thumbnail) == PhotoFacts()
