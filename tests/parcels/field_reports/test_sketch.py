"""The drawing shows the ground, the developed part and the places, in their proportions; what is far off is named."""

from __future__ import annotations

import re

import numpy as np
import pytest
import shapely

from layers.geometry.transform import transform_geometries
from parcels.field_reports.sketch import SIDE, sketch

SURVEY = 4549


def degrees(shape: shapely.Geometry) -> shapely.Geometry:
    return transform_geometries(np.array([shape], dtype=object), SURVEY, 4490)[0]


def place(x: float, y: float, label: str) -> tuple[float, float, str]:
    point = degrees(shapely.Point(x, y))
    return point.x, point.y, label


def corners(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+),(-?[\d.]+)", path)]


OUTER = shapely.box(500_000, 3_242_000, 500_200, 3_242_100)
GROUND = degrees(
    shapely.MultiPolygon([shapely.difference(OUTER, shapely.box(500_050, 3_242_040, 500_060, 3_242_050))])
)


def test_the_ground_is_drawn_in_its_proportions_with_its_hole_and_the_marks_beside_it() -> None:
    half = degrees(shapely.MultiPolygon([shapely.box(500_000, 3_242_000, 500_100, 3_242_100)]))
    drawn = sketch(GROUND, half, [place(500_100, 3_242_050, "1"), place(500_100, 3_242_350, "2")], SURVEY)
    assert drawn is not None
    assert drawn.ground.count("M") == drawn.ground.count("Z") == 2
    xs, ys = zip(*corners(drawn.ground), strict=True)
    assert (max(xs) - min(xs)) / (max(ys) - min(ys)) == pytest.approx(2, rel=0.02)
    assert all(0 <= value <= SIDE for value in (*xs, *ys))
    middle, north = drawn.marks
    assert middle[:2] == (SIDE / 2, SIDE / 2)
    assert 0 < north[1] < middle[1]
    assert len(corners(drawn.developed)) == 5


def test_what_is_far_off_is_named_and_does_not_shrink_the_ground() -> None:
    near = sketch(GROUND, None, [], SURVEY)
    far = sketch(GROUND, None, [place(509_000, 3_242_050, "3")], SURVEY)
    assert near is not None
    assert far is not None
    assert (far.beyond, far.marks, far.ground) == (("3",), (), near.ground)
    assert sketch(None, None, [place(500_000, 3_242_000, "1")], SURVEY) is None


def test_the_bar_is_a_round_length_of_the_drawing() -> None:
    drawn = sketch(GROUND, None, [], SURVEY)
    assert drawn is not None
    assert drawn.bar[0] == "50 米"
    xs = [x for x, _ in corners(drawn.ground)]
    assert drawn.bar[1] == pytest.approx((max(xs) - min(xs)) / 4, abs=0.2)
