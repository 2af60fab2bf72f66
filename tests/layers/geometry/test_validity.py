"""What is wrong with a shape is found, placed and put in Chinese; nothing is repaired."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from shapely import from_wkt as wkt

from layers.geometry.transform import Geometries
from layers.geometry.validity import Finding, Limits, check_polygons, invalid_reason
from tests.layers.geometry.shapes import covering, stars


def found(*geoms: shapely.Geometry | None, **limits: float) -> list[Finding]:
    return check_polygons(np.array(geoms, dtype=object), limits=Limits(**limits))


def codes(*geoms: shapely.Geometry | None, **limits: float) -> list[tuple[int, str]]:
    return [(one.index, one.code) for one in found(*geoms, **limits)]


BROKEN = [
    ("POLYGON((0 0,10 10,10 0,0 10,0 0))", "边界自相交", (5, 5)),
    ("POLYGON((0 0,5 5,10 0,10 10,5 5,0 10,0 0))", "环自相交", (5, 5)),
    ("POLYGON((0 0,10 0,10 10,0 10,0 0),(20 20,24 20,24 24,20 20))", "内环位于外环之外", (20, 20)),
    ("POLYGON((0 0,10 0,10 10,0 10,0 0),(1 1,9 1,9 9,1 9,1 1),(2 2,4 2,4 4,2 2))", "内环套内环", (2, 2)),
    ("MULTIPOLYGON(((0 0,10 0,10 10,0 10,0 0)),((1 1,4 1,4 4,1 1)))", "套在另一个部分之内", (1, 1)),
    ("POLYGON((0 0,10 0,0 0,0 0))", "点数不足", (0, 0)),
    ("POLYGON((0 0,10 0,10 10,0 10,0 0),(0 5,5 9,10 5,5 1,0 5))", "不连通", (0, 5)),
]


@pytest.mark.parametrize(("text", "reason", "place"), BROKEN, ids=[row[1] for row in BROKEN])
def test_an_invalid_shape_is_named_and_placed(text: str, reason: str, place: tuple[float, float]) -> None:
    first = found(wkt(text))[0]
    assert (first.code, first.severity, first.x, first.y) == ("geometry_invalid", "error", *place)
    assert reason in first.message
    assert f"（{place[0]:.3f}, {place[1]:.3f}）" in first.message


def test_geos_words_are_translated_with_coordinates_of_any_form() -> None:
    assert invalid_reason("Self-intersection[506800.123456 3242522.8]") == (
        "边界自相交", 506800.123456, 3242522.8,
    )  # fmt: skip
    assert invalid_reason("Hole lies outside shell[4.05068e+07 -3.2e-05]")[1:] == (4.05068e7, -3.2e-5)
    assert invalid_reason("Ring Self-intersection[1 2 nan]")[1:] == (1.0, 2.0)
    assert invalid_reason("Something new[1 2]") == ("图形无效（Something new）", 1.0, 2.0)
    assert invalid_reason("Nested shells")[1:] == (None, None)


def test_missing_empty_and_other_kinds_are_told_apart() -> None:
    assert codes(
        None,
        shapely.Polygon(),
        shapely.Point(1, 1),
        shapely.LineString([(0, 0), (1, 1)]),
        wkt("GEOMETRYCOLLECTION(POINT(1 1))"),
        shapely.box(0, 0, 5, 5),
    ) == [
        (0, "geometry_missing"),
        (1, "geometry_empty"),
        (2, "geometry_wrong_type"),
        (3, "geometry_wrong_type"),
        (4, "geometry_wrong_type"),
    ]


def test_a_spike_is_a_sharp_turn_between_edges_of_some_length() -> None:
    spiked = wkt("POLYGON((0 0,10 0,10 5,30 5.01,10 5.02,10 10,0 10,0 0))")
    spike = found(spiked)[0]
    assert (spike.code, spike.severity, spike.x, spike.y) == ("geometry_spike", "warning", 30, 5.01)
    assert codes(spiked, spike_deg=0.01) == []
    assert codes(wkt("POLYGON((0 0,10 0,10 5,10.03 5.0001,10 5.0002,10 10,0 10,0 0))")) == []


def test_a_spike_is_found_at_the_rings_first_point_and_in_a_hole() -> None:
    assert codes(wkt("POLYGON((30 5.01,10 5.02,10 10,0 10,0 0,10 0,10 5,30 5.01))")) == [
        (0, "geometry_spike")
    ]
    holed = shapely.Polygon(
        shapely.box(-50, -50, 50, 50).exterior.coords,
        [wkt("LINEARRING(0 0,9 0,9 5,30 5.01,9 5.02,9 9,0 9,0 0)")],
    )
    assert codes(holed) == [(0, "geometry_spike")]


def test_a_double_point_does_not_hide_the_spike_beside_it() -> None:
    doubled = wkt("POLYGON((0 0,10 0,10 5,30 5.01,30.0002 5.01,10 5.02,10 10,0 10,0 0))")
    assert codes(doubled) == [(0, "geometry_duplicate_points"), (0, "geometry_spike")]


def test_double_points_are_counted_once_per_shape_and_the_closing_point_is_none() -> None:
    assert codes(shapely.box(0, 0, 5, 5)) == []
    twice = found(wkt("POLYGON((0 0,10 0,10.0005 0,10 10,10 10,0 10,0 0))"))
    assert [one.code for one in twice] == ["geometry_duplicate_points"]
    assert "2 处" in twice[0].message
    assert codes(wkt("POLYGON((0 0,10 0,10.0005 0,10 10,0 10,0 0))"), duplicate_m=0.0001) == []


def test_slivers_of_a_parcel_are_pointed_out() -> None:
    parts = shapely.MultiPolygon([shapely.box(0, 0, 10, 10), shapely.box(20, 20, 20.1, 20.1)])
    assert codes(parts, shapely.box(0, 0, 0.5, 0.5)) == [(0, "geometry_tiny_part"), (1, "geometry_tiny_part")]
    assert codes(parts, tiny_part_m2=0.001) == []


def test_a_shape_without_area_is_an_error_but_a_figure_of_eight_is_only_called_what_it_is() -> None:
    assert (0, "geometry_zero_area") in codes(wkt("POLYGON((0 0,10 0,10 0.000001,0 0))"))
    assert codes(wkt("POLYGON((0 0,10 10,10 0,0 10,0 0))")) == [(0, "geometry_invalid")]


def test_broken_numbers_stop_at_that_shape() -> None:
    nan = shapely.polygons([[0, 0], [np.nan, 0], [10, 10], [0, 0]])
    infinite = shapely.polygons([[0, 0], [np.inf, 0], [10, 10], [0, 0]])
    assert codes(nan, shapely.box(0, 0, 5, 5), infinite) == [
        (0, "geometry_coordinate"),
        (2, "geometry_coordinate"),
    ]


def test_points_beyond_the_extent_are_placed() -> None:
    geoms = np.array([shapely.box(0, 0, 5, 5), shapely.box(0, 0, 50, 5)])
    beyond = check_polygons(geoms, extent=(-10, -10, 20, 20))
    assert [(one.index, one.code, one.x) for one in beyond] == [(1, "geometry_out_of_range", 50.0)]
    assert "2 个点" in beyond[0].message


def test_a_height_is_mentioned() -> None:
    assert codes(shapely.force_3d(shapely.box(0, 0, 5, 5), 3.0)) == [(0, "geometry_z_dropped")]


def test_errors_come_before_warnings_of_the_same_shape_and_indices_are_of_the_whole_array() -> None:
    many: Geometries = np.concatenate([covering(80, 80), [None], covering(5, 5)])
    many[5000] = wkt("POLYGON((0 0,0 0,10 10,10 0,0 10,0 0))")
    assert [(one.index, one.severity) for one in check_polygons(many)] == [
        (5000, "error"), (5000, "warning"), (6400, "error"),
    ]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(stars())
def test_a_valid_shape_has_no_errors_and_is_not_touched(shape: shapely.Polygon) -> None:
    before = shape.wkb
    errors = [one for one in found(shape, zero_area_m2=0.0) if one.severity == "error"]
    assert errors == []
    assert shape.wkb == before
