"""The location map: the parcel where it belongs, quickly, whatever its shape."""

import io
import time
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from parcels.documents.map_picture import HEIGHT_PX, WIDTH_PX, location_map

X, Y = 120.05, 29.3
RED = (200, 16, 46)


def box(west: float, south: float, east: float, north: float) -> Any:
    """Thousandths of a degree, EPSG:4490."""
    return shapely.MultiPolygon(
        [shapely.box(X + west / 1000, Y + south / 1000, X + east / 1000, Y + north / 1000)]
    )


TOWN = shapely.MultiPolygon([shapely.Point(X, Y).buffer(0.02)])


def pixels(png: bytes) -> Any:
    image = Image.open(io.BytesIO(png))
    assert image.format == "PNG"
    assert image.size == (WIDTH_PX, HEIGHT_PX)
    return np.asarray(image.convert("RGB")).astype(int)


def red(png: bytes) -> Any:
    """Where the parcel's outline is, inset left out."""
    return np.abs(pixels(png) - RED).sum(axis=2)[:, : WIDTH_PX - 340] < 60


def test_the_parcel_is_in_the_middle_and_in_proportion() -> None:
    rows, columns = np.nonzero(red(location_map(box(0, 0, 2, 1), title="宗地位置示意图", survey_crs=4549)))
    assert abs((columns.min() + columns.max()) / 2 - WIDTH_PX / 2) < 5
    width, height = np.ptp(columns), np.ptp(rows)
    # 0.002° of longitude at 29.3° N to 0.001° of latitude: 194 m to 111 m.
    assert width / height == pytest.approx(194.3 / 110.9, rel=0.02)


def test_neighbours_and_town_are_drawn() -> None:
    bare = pixels(location_map(box(0, 0, 1, 1), title="图", survey_crs=4549))
    full = pixels(
        location_map(
            box(0, 0, 1, 1),
            title="图",
            survey_crs=4549,
            label="甲",
            neighbours_4490=[(box(1.1, 0, 2, 1), "乙公司")],
            town_4490=TOWN,
        )
    )
    assert (bare != full).any(axis=2).mean() > 0.05


def test_it_is_quick_and_always_the_same() -> None:
    around = [(box(x, y, x + 0.9, y + 0.9), f"{x},{y}") for x in range(-4, 4) for y in range(-4, 4)]
    made = [
        location_map(box(0, 0, 0.9, 0.9), title="图", survey_crs=4528, neighbours_4490=around, town_4490=TOWN)
        for _ in range(2)
    ]
    assert made[0] == made[1]
    started = time.process_time()
    location_map(box(0, 0, 0.9, 0.9), title="图", survey_crs=4528, neighbours_4490=around, town_4490=TOWN)
    assert time.process_time() - started < 0.5


@settings(max_examples=15)
@given(st.floats(1e-4, 50), st.floats(1e-4, 50), st.booleans())
def test_any_size_and_shape_can_be_drawn(width: float, height: float, with_hole: bool) -> None:
    shape = box(0, 0, width, height)
    if with_hole:
        shape = shapely.difference(shape, box(width / 4, height / 4, width / 2, height / 2))
    assert red(location_map(shape, title="图", survey_crs=4549)).any()
