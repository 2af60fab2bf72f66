"""Overlaps and duplicates: the quick way finds exactly what comparing every pair finds."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.geometry.topology import (
    Overlaps,
    duplicates_within,
    overlaps_between,
    overlaps_within,
    same_shapes,
)
from layers.geometry.transform import Geometries
from tests.layers.geometry.shapes import SURVEY_ORIGIN, covering, star, stars

LEAST = 0.5


def naive(
    a: Geometries, b: Geometries, *, within: bool, least: float = LEAST
) -> dict[tuple[int, int], float]:
    found = {}
    for i, j in itertools.product(range(len(a)), range(len(b))):
        if a[i] is None or b[j] is None or (within and i >= j):
            continue
        area = shapely.area(shapely.intersection(a[i], b[j]))
        if area >= least:
            found[i, j] = float(area)
    return found


def same(found: Overlaps, expected: dict[tuple[int, int], float], least: float = LEAST) -> None:
    pairs = dict(
        zip(zip(found.i.tolist(), found.j.tolist(), strict=True), found.area_m2.tolist(), strict=True)
    )
    # A pair of exactly the least area may fall on either side by the last digit.
    for pair in pairs.keys() ^ expected.keys():
        assert (pairs | expected)[pair] == pytest.approx(least, abs=1e-6)
    for pair in pairs.keys() & expected.keys():
        assert pairs[pair] == pytest.approx(expected[pair], abs=1e-6)
    assert list(pairs) == sorted(pairs)


@settings(max_examples=60, deadline=None)
@given(st.lists(stars(), max_size=25))
def test_any_shapes_give_what_every_pair_gives(shapes: list[shapely.Polygon]) -> None:
    geoms = np.array([*shapes, None, shapely.Polygon()], dtype=object)
    same(overlaps_within(geoms, LEAST), naive(geoms, geoms, within=True))


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.lists(
        st.tuples(st.integers(0, 195), st.sampled_from(["grow", "shift", "copy", "hole", "thin"])), max_size=6
    ),
)
def test_a_covering_with_a_few_faults_shows_just_those(seed: int, faults: list[tuple[int, str]]) -> None:
    geoms = covering(14, 14, seed=seed % 1000, steps=2)
    for at, fault in faults:
        if fault == "grow":
            geoms[at] = shapely.buffer(geoms[at], 0.7, quad_segs=1)
        elif fault == "shift":
            geoms[at] = shapely.transform(geoms[at], lambda xy: xy + np.array([0.3, -0.2]))
        elif fault == "copy":
            geoms[at] = geoms[(at + 37) % len(geoms)]
        elif fault == "hole":
            geoms[at] = shapely.difference(geoms[at], shapely.buffer(shapely.centroid(geoms[at]), 5))
        else:
            geoms[at] = shapely.simplify(geoms[at], 2.0)
    order = np.random.default_rng(seed).permutation(len(geoms))
    geoms = geoms[order]
    same(overlaps_within(geoms, LEAST), naive(geoms, geoms, within=True))


def test_neighbours_that_only_touch_are_no_overlap() -> None:
    assert len(overlaps_within(covering(30, 30), 1e-6).i) == 0


def test_touching_along_unshared_vertices_is_no_overlap() -> None:
    bricks = np.array(
        [shapely.box(x + row % 2 * 5, row * 4, x + 10 + row % 2 * 5, row * 4 + 4) for row in range(15) for x in range(0, 150, 10)]
    )  # fmt: skip
    assert len(overlaps_within(bricks, 1e-6).i) == 0


@pytest.mark.parametrize("layers", [2, 3, 4])
def test_whole_layers_delivered_several_times_overlap_layer_by_layer(layers: int) -> None:
    # Every edge then cancels within its layer, or the union of an even number of layers is empty.
    one = covering(9, 9, steps=1)
    found = overlaps_within(np.concatenate([one] * layers), LEAST)
    assert len(found.i) == len(one) * layers * (layers - 1) // 2
    assert (found.i % len(one) == found.j % len(one)).all()


def test_an_island_delivered_on_top_of_its_ring_is_found() -> None:
    block = shapely.box(0, 0, 100, 100)
    island = shapely.box(40, 40, 60, 60)
    filler = covering(10, 10, origin=(1000, 1000))
    assert len(overlaps_within(np.array([shapely.difference(block, island), island, *filler]), LEAST).i) == 0
    found = overlaps_within(np.array([block, island, *filler]), LEAST)
    assert [column.tolist() for column in found] == [[0], [1], [400.0]]


def test_a_hole_as_large_as_the_overlap_does_not_make_up_for_it() -> None:
    ring = shapely.Polygon(
        shapely.box(0, 0, 100, 100).exterior.coords, [shapely.box(10, 10, 20, 20).exterior.coords]
    )
    inner = shapely.box(60, 60, 70, 70)
    assert len(overlaps_within(np.array([ring, inner, *covering(8, 8, origin=(900, 900))]), LEAST).i) == 1


def test_small_overlaps_below_the_least_area_are_left_out() -> None:
    pair = np.array([shapely.box(0, 0, 10, 10), shapely.box(9.9, 0, 20, 10)])
    assert overlaps_within(pair, 0.9).area_m2 == pytest.approx([1.0])
    assert len(overlaps_within(pair, 1.1).i) == 0


@settings(max_examples=40, deadline=None)
@given(
    st.lists(stars(), max_size=15), st.lists(stars(), max_size=15), st.lists(st.integers(0, 14), max_size=8)
)
def test_between_two_arrays_as_for_every_pair(
    new: list[shapely.Polygon], known: list[shapely.Polygon], again: list[int]
) -> None:
    repeated = [known[at] for at in again if at < len(known)]
    a, b = np.array([*new, *repeated, None], dtype=object), np.array([*known, None], dtype=object)
    same(overlaps_between(a, b, LEAST), naive(a, b, within=False))


def test_a_layer_delivered_again_meets_its_twins_and_its_twins_faults() -> None:
    known = covering(12, 12)
    known[30] = shapely.buffer(known[30], 0.8, quad_segs=1)
    again = shapely.reverse(known.copy())
    again[100] = shapely.transform(again[100], lambda xy: xy + 3.0)
    same(overlaps_between(again, known, LEAST), naive(again, known, within=False))


def test_duplicates_are_equal_as_ground_not_as_text() -> None:
    square = shapely.box(0, 0, 10, 10)
    other_start = shapely.Polygon([(10, 10), (10, 0), (5, 0), (0, 0), (0, 10)])
    as_multi = shapely.MultiPolygon([square])
    wider = shapely.box(0, 0, 10, 10.000001)
    notched = shapely.Polygon([(0, 0), (10, 0), (10, 10), (5, 9), (0, 10)])
    geoms = np.array([square, wider, other_start, None, as_multi, notched, shapely.Polygon()], dtype=object)
    i, j = duplicates_within(geoms)
    assert sorted(zip(i.tolist(), j.tolist(), strict=True)) == [(0, 2), (0, 4), (2, 4)]


@settings(max_examples=40, deadline=None)
@given(st.lists(stars(spread=3, size=3), min_size=1, max_size=20), st.data())
def test_same_shapes_are_those_that_geos_calls_equal(
    shapes: list[shapely.Polygon], data: st.DataObject
) -> None:
    picks = data.draw(st.lists(st.integers(0, len(shapes) - 1), max_size=20))
    a = np.array(shapes, dtype=object)
    b = np.array([shapely.reverse(shapes[at]) for at in picks], dtype=object)
    i, j = same_shapes(a, b)
    expected = {(x, y) for x in range(len(a)) for y in range(len(b)) if shapely.equals(a[x], b[y])}
    assert set(zip(i.tolist(), j.tolist(), strict=True)) == expected
    assert len(i) == len(expected)


def test_arrays_of_nothing_overlap_nothing() -> None:
    empty: Geometries = np.empty(0, dtype=object)
    some = np.array([star(SURVEY_ORIGIN, np.full(8, 20.0))])
    assert len(overlaps_within(empty, 1.0).i) == 0
    assert len(overlaps_within(some, 1.0).i) == 0
    assert len(overlaps_between(empty, some, 1.0).i) == 0
    assert len(overlaps_between(some, empty, 1.0).i) == 0
    assert len(duplicates_within(empty)[0]) == 0


def test_a_least_area_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="positive"):
        overlaps_within(covering(2, 2), 0.0)
