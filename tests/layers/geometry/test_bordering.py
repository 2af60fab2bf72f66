"""Which boxes a boundary may meet: every one that it does meet is named, and few others."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.geometry.bordering import bordered, touched
from tests.layers.geometry.shapes import SURVEY_ORIGIN, covering, stars

PLACES = st.tuples(*[st.floats(-2000, 2000)] * 2, *[st.floats(0, 500)] * 2)


@settings(max_examples=60, deadline=None)
@given(st.lists(PLACES, max_size=12), st.lists(stars(size=40), max_size=4))
def test_no_box_that_a_boundary_meets_is_missed(
    places: list[tuple[float, ...]], areas: list[shapely.Polygon]
) -> None:
    boxes = np.array([(SURVEY_ORIGIN[0] + x, SURVEY_ORIGIN[1] + y, SURVEY_ORIGIN[0] + x + w, SURVEY_ORIGIN[1] + y + h)
                      for x, y, w, h in places]).reshape(-1, 4)  # fmt: skip
    found = bordered(boxes, np.array(areas, dtype=object))
    lines = shapely.boundary(np.array(areas, dtype=object))
    for named, box in zip(found, shapely.box(*boxes.T), strict=True):
        assert named or not shapely.intersects(lines, box).any()


def test_boxes_away_from_the_boundary_are_left_alone() -> None:
    x, y = SURVEY_ORIGIN
    area = np.array([shapely.box(x, y, x + 4000, y + 6000), shapely.Polygon()])
    boxes = shapely.bounds(covering(100, 100, origin=(x - 1, y - 1)))
    named = bordered(boxes, area)
    assert named.sum() < 600
    assert named[:100].all()
    far = np.array([[x + 9_000, y + 10, x + 9_010, y + 20], [x - 90, y, x - 80, y + 9], [np.nan] * 4])
    assert not bordered(far, area).any()


def test_boxes_that_meet_boxes() -> None:
    boxes = np.array([[0.0, 0, 1, 1], [5, 5, 6, 6], [50, 50, 51, 51]])
    assert touched(boxes, np.array([[5.5, 5.5, 7, 7], [90, 90, 91, 91]])).tolist() == [False, True, False]
    assert not touched(boxes, np.empty((0, 4))).any()
