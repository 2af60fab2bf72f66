"""Which shapes lie together: the same clusters as all pairs in the survey's plane, whatever the cylinder says first."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from layers.geometry.decoded import Vertices, packed, vertices_from_wkb
from layers.geometry.equal_area import equal_area_xy
from layers.geometry.transform import CGCS2000, Geometries, transform_geometries
from layers.geometry.tying import Survey, tied
from tests.layers.geometry.shapes import SURVEY_ORIGIN, YIWU, covering, stars

SURVEY = Survey(4549, YIWU)


def in_degrees(survey: Geometries) -> Geometries:
    return transform_geometries(survey, 4549, CGCS2000, bbox_4490=YIWU)


def clusters(shapes_4490: Geometries, gap_m: float, latitude: float = 29.3) -> set[frozenset[int]]:
    vertices = vertices_from_wkb(*packed([shape.wkb for shape in shapes_4490]))
    cylinder = equal_area_xy(vertices.xy, latitude=latitude)
    label = tied(vertices, cylinder, latitude=latitude, gap_m=gap_m, survey=SURVEY)
    return {frozenset(np.flatnonzero(label == one).tolist()) for one in np.unique(label)}


def by_pairs(shapes_4490: Geometries, gap_m: float) -> set[frozenset[int]]:
    """Every pair measured in the survey's plane, clusters merged as sets."""
    survey = transform_geometries(shapes_4490, CGCS2000, 4549, bbox_4490=YIWU)
    group = {n: {n} for n in range(len(survey))}
    for one, other in combinations(range(len(survey)), 2):
        if shapely.distance(survey[one], survey[other]) <= gap_m and group[one] is not group[other]:
            group[one] |= group[other]
            for n in group[other]:
                group[n] = group[one]
    return {frozenset(members) for members in group.values()}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(stars(size=8), min_size=1, max_size=14),
    st.sampled_from([0.0, 0.5, 5.0, 30.0, 100.0]),
    st.sampled_from([0.0, 40_000.0]),
)
def test_any_shapes_cluster_as_all_pairs_do(shapes: list[shapely.Polygon], gap_m: float, off: float) -> None:
    moved = shapely.transform(np.array(shapes, dtype=object), lambda xy: xy + np.array([off, -off]))
    degrees = in_degrees(moved)
    assert clusters(degrees, gap_m) == by_pairs(degrees, gap_m)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([-1e-9, 0.0, 1e-9, -1e-4, 1e-4]))
@example(10_000, 0.0)
def test_a_gap_of_just_the_distance_is_decided_in_the_surveys_plane(seed: int, by: float) -> None:
    """The two planes differ by centimetres over thirty metres: nobody could tell this from the cylinder."""
    rng = np.random.default_rng(seed)
    x, y = SURVEY_ORIGIN[0] + rng.uniform(-9_000, 9_000), SURVEY_ORIGIN[1] + rng.uniform(-9_000, 9_000)
    angle = rng.uniform(0, np.pi)
    far = (x + 60 * np.cos(angle), y + 60 * np.sin(angle))
    degrees = in_degrees(
        np.array([shapely.box(x, y, x + 20, y + 20), shapely.box(*far, far[0] + 15, far[1] + 9)])
    )
    survey = transform_geometries(degrees, CGCS2000, 4549, bbox_4490=YIWU)
    length = float(shapely.distance(survey[0], survey[1]))
    if length > 0:
        assert (len(clusters(degrees, length + by)) == 1) == (by >= 0)


def test_holes_and_parts_are_ground_like_any_other() -> None:
    x, y = SURVEY_ORIGIN
    ring = shapely.box(x, y, x + 300, y + 300) - shapely.box(x + 50, y + 50, x + 250, y + 250)
    within = shapely.box(x + 140, y + 140, x + 160, y + 160)
    parts = shapely.MultiPolygon(
        [shapely.box(x + 900, y, x + 950, y + 50), shapely.box(x + 330, y, x + 350, y + 9)]
    )
    last = shapely.box(x + 960, y, x + 970, y + 10)
    degrees = in_degrees(np.array([ring, within, parts, last], dtype=object))
    for gap_m in (5.0, 29.0, 31.0, 89.0, 91.0):
        assert clusters(degrees, gap_m) == by_pairs(degrees, gap_m)
    assert clusters(degrees, 31.0) == {frozenset({0, 2, 3}), frozenset({1})}


@pytest.mark.parametrize("gap_m", [0.0, 3.0, 10.0, 30.0])
def test_a_thousand_parcels_between_streets(gap_m: float) -> None:
    blocks = [covering(5, 5, origin=(SURVEY_ORIGIN[0] + 214 * i, SURVEY_ORIGIN[1] + 312 * j), jitter=0.0)
              for i in range(6) for j in range(7)]  # fmt: skip
    degrees = in_degrees(np.concatenate(blocks))
    assert len(clusters(degrees, gap_m)) == {0.0: 42, 3.0: 42, 10.0: 42, 30.0: 1}[gap_m]


def test_ground_far_from_its_survey_is_measured_in_the_surveys_plane_throughout() -> None:
    """A latitude of another county stretches the cylinder by more than it can be of use."""
    degrees = in_degrees(covering(4, 4))
    assert clusters(degrees, 1.0, latitude=10.0) == by_pairs(degrees, 1.0)


def test_nothing_and_one() -> None:
    nothing = Vertices(np.empty((0, 2)), np.zeros(1, np.int64), np.empty(0, bool), np.empty(0, object))
    assert len(tied(nothing, nothing.xy, latitude=29.3, gap_m=30.0, survey=SURVEY)) == 0
    assert clusters(in_degrees(covering(1, 1)), 0.0) == {frozenset({0})}
