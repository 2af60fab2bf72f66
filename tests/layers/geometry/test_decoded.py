"""Vertices of many shapes at once: they make the same shapes, boxes and areas as GEOS reads one by one."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from layers.geometry.decoded import packed, shapes_from_wkb, vertices_from_wkb
from layers.geometry.transform import Floats
from tests.layers.geometry.shapes import SURVEY_ORIGIN, stars

X, Y = SURVEY_ORIGIN
HOLED = shapely.box(X, Y, X + 30, Y + 30) - shapely.box(X + 5, Y + 5, X + 9, Y + 9)
PARTS = shapely.MultiPolygon([shapely.box(X, Y, X + 3, Y + 3), shapely.box(X + 9, Y, X + 12, Y + 3)])


def moved(xy: Floats) -> Floats:
    return xy * 2 - [X, Y]


@given(st.lists(st.one_of(stars(size=8), st.sampled_from([HOLED, PARTS])), max_size=9), st.data())
def test_shapes_boxes_and_areas_are_those_of_geos(
    shapes: list[shapely.Geometry], data: st.DataObject
) -> None:
    given_ = np.array(shapes, dtype=object)
    wkb = packed([shape.wkb for shape in shapes])
    vertices = vertices_from_wkb(*wkb)
    assert len(vertices) == len(given_)
    assert shapely.equals_exact(vertices.shapes(), given_).all()
    assert np.array_equal(vertices.boxes(vertices.xy), shapely.bounds(given_).reshape(-1, 4))
    assert vertices.areas(vertices.xy) == pytest.approx(shapely.area(given_), rel=1e-9)
    there = shapely.transform(given_, moved)
    assert shapely.equals_exact(vertices.shapes(moved(vertices.xy)), there).all()
    at = np.array(
        data.draw(st.lists(st.sampled_from(range(len(shapes))), max_size=5)) if shapes else [], dtype=np.intp
    )
    assert shapely.equals_exact(vertices.shapes(at=at), given_[at]).all()
    assert shapely.equals_exact(vertices.moved(moved, at), there[at]).all()
    here, elsewhere = shapes_from_wkb(*wkb, None, moved)
    assert shapely.equals_exact(here, given_).all()
    assert shapely.equals_exact(elsewhere, there).all()


@given(st.lists(st.one_of(stars(size=8), st.sampled_from([HOLED, PARTS])), max_size=6))
def test_a_shape_of_one_part_is_the_same_shape_when_it_comes_as_many(shapes: list[shapely.Geometry]) -> None:
    """As the register keeps it, in a multipolygon; one of one ring becomes a polygon, any other stays as it came."""
    many = [shape if shape is PARTS else shapely.MultiPolygon([shape]) for shape in shapes]
    found = vertices_from_wkb(*packed([shape.wkb for shape in many])).shapes()
    meant = [one if shape in (HOLED, PARTS) else shape for shape, one in zip(shapes, many, strict=True)]
    assert shapely.equals_exact(found, np.array(meant, dtype=object)).all()
