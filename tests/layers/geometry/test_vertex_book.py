"""What isn't touched is stored again with the digits it was stored with."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.geometry.noding import move_vertices
from layers.geometry.transform import CGCS2000, transform_geometries
from layers.geometry.vertex_book import VertexBook
from tests.layers.geometry.coverages import cadastre, corner_set, seeds

SURVEY = 4549


@settings(max_examples=40, deadline=None)
@given(seeds(), st.integers(0, 1000))
def test_there_and_back_is_bit_exact_and_a_moved_vertex_is_transformed(seed: int, pick: int) -> None:
    stored = transform_geometries(cadastre(seed), SURVEY, CGCS2000)
    book, survey = VertexBook.read(stored, SURVEY)
    assert (shapely.to_wkb(book.to_4490(survey, SURVEY)) == shapely.to_wkb(stored)).all()
    source = tuple(book.known[pick % len(book.known)].tolist())
    moved, _ = move_vertices(survey, {source: (source[0] + 0.25, source[1] - 0.5)})
    back = book.to_4490(moved, SURVEY)
    new, gone = corner_set(back) - corner_set(stored), corner_set(stored) - corner_set(back)
    assert (len(new), len(gone)) == (1, 1)
    there = transform_geometries(shapely.points(list(new)), CGCS2000, SURVEY)
    assert shapely.get_coordinates(there)[0] == pytest.approx([source[0] + 0.25, source[1] - 0.5], abs=1e-6)


def test_without_the_book_digits_would_be_lost() -> None:
    stored = transform_geometries(cadastre(1), SURVEY, CGCS2000)
    _, survey = VertexBook.read(stored, SURVEY)
    assert corner_set(transform_geometries(survey, SURVEY, CGCS2000)) != corner_set(stored)


def test_new_shapes_with_known_and_new_vertices_share_the_stored_digits() -> None:
    stored = transform_geometries(cadastre(2), SURVEY, CGCS2000)
    book, survey = VertexBook.read(stored, SURVEY)
    a, b = shapely.get_coordinates(survey)[:2]
    triangle = np.array([shapely.Polygon([a, b, a + np.array([5.0, -7.0])])], dtype=object)
    back = shapely.get_coordinates(book.to_4490(triangle, SURVEY))
    assert back[:2].tolist() == shapely.get_coordinates(stored)[:2].tolist()
    assert book.knows(np.array([a, a + 1.0])).tolist() == [True, False]


def test_shapes_that_are_not_the_stored_ones_are_refused_and_an_empty_book_transforms() -> None:
    stored = transform_geometries(cadastre(3), SURVEY, CGCS2000)
    with pytest.raises(ValueError, match="differ in number"):
        VertexBook.of(stored, stored[:-1])
    empty = VertexBook.of(stored[:0], stored[:0])
    survey = transform_geometries(stored, CGCS2000, SURVEY)
    again = empty.to_4490(survey, SURVEY)
    assert shapely.get_coordinates(again) == pytest.approx(shapely.get_coordinates(stored), abs=1e-11)
