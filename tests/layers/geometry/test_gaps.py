"""Narrow ground between parcels is found with its width and neighbours, corners and roads are not."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.geometry.exact import shapes, vertices
from layers.geometry.gaps import gaps, overlaps
from layers.geometry.transform import Geometries
from tests.layers.geometry.coverages import YIWU, cadastre, corner_set, same_ground, seeds

E, N = YIWU
NOTHING: Geometries = np.empty(0, dtype=object)


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    return shapely.box(E + west, N + south, E + east, N + north)


def polygon(*points: tuple[float, float]) -> shapely.Polygon:
    return shapely.Polygon(np.array(points) + YIWU)


@settings(max_examples=40, deadline=None)
@given(seeds(), st.integers(0, 20))
def test_a_sound_cadastre_has_no_gaps_and_no_overlaps(seed: int, at: int) -> None:
    parcels = cadastre(seed)
    at %= len(parcels)
    touched, beside = parcels[[at]], np.delete(parcels, at)
    found = gaps(touched, beside, max_width_m=0.05)
    assert found.shapes == []
    assert len(overlaps(touched, beside, min_area_m2=1e-3).i) == 0


@settings(max_examples=40, deadline=None)
@given(seeds(), st.floats(0.001, 0.2))
def test_a_shrunken_parcel_leaves_the_gap_that_it_left(seed: int, by: float) -> None:
    parcels = cadastre(seed)
    touched, beside = parcels[[3]].copy(), np.delete(parcels, 3)  # the courtyard's: neighbours on all sides
    touched[0] = shapely.buffer(parcels[3], -by, join_style="mitre")
    found = gaps(touched, beside, max_width_m=by * 1.2)
    assert found.area_m2.sum() == pytest.approx(parcels[3].area - touched[0].area, abs=1e-4)
    assert all(0 in those and len(those) > 1 for those in found.shapes)
    assert (found.width_m < by * 2.01).all()
    # The outline has the digits of the parcels' vertices wherever it runs through one.
    known = vertices(np.concatenate([touched, beside]))
    off = shapely.distance(shapely.points(vertices(found.geometry)), shapely.MultiPoint(known))
    assert not ((off > 0) & (off < 1e-6)).any()


def test_a_gap_names_the_parcels_along_it_by_their_place_in_both_arrays() -> None:
    touched = shapes([box(100, 0, 110, 10), box(0, 0, 10, 10)])
    beside = shapes([box(200, 0, 210, 10), box(10.2, 0, 20, 5), box(10.2, 5, 20, 10)])
    found = gaps(touched, beside, max_width_m=0.5)
    assert found.shapes == [(1, 3, 4)]
    assert found.area_m2 == pytest.approx([2.0], abs=1e-4)
    assert found.width_m == pytest.approx([0.2], abs=1e-4)
    assert corner_set(found.geometry) == {
        (E + x, N + y) for x, y in [(10, 0), (10, 10), (10.2, 0), (10.2, 5), (10.2, 10)]
    }


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (box(10.6, 0, 20, 10), "a lane, wider than asked"),
        (polygon((10, 0), (20, 0), (20, 20), (15, 20)), "a corner that opens"),
        (polygon((10, 0), (20, 0), (20, 10), (10.6, 10)), "a sharp corner that opens"),
        (box(10, 10, 20, 20), "meets in a point"),
        (box(10, 0, 20, 10), "shares the edge"),
    ],
)
def test_what_is_no_gap(other: shapely.Polygon, why: str) -> None:
    assert gaps(shapes([box(0, 0, 10, 10)]), shapes([other]), max_width_m=0.5).shapes == [], why


def test_ground_that_opens_slowly_is_a_gap_where_it_is_narrow() -> None:
    found = gaps(
        shapes([box(0, 0, 10, 90)]), shapes([polygon((10, 0), (20, 0), (20, 90), (11, 90))]), max_width_m=0.5
    )
    assert found.shapes == [(0, 1)]
    assert 5 < found.area_m2[0] < 45 * 0.5 / 2
    assert found.width_m[0] < 0.5


def test_a_notch_in_one_parcel_and_a_gap_between_others_are_not_this_edit_s() -> None:
    notched = polygon((0, 0), (5, 0), (5, 9), (5.1, 9), (5.1, 0), (10, 0), (10, 10), (0, 10))
    beside = shapes([box(10, 0, 20, 10), box(20.1, 0, 30, 10)])
    assert gaps(shapes([notched]), beside, max_width_m=0.5).shapes == []


def test_a_gap_ends_where_it_runs_on_between_others() -> None:
    parcel = box(0, 0, 20, 10)
    beside = shapes([box(0, 10.2, 9.9, 40), box(10.1, 10.2, 20, 40)])
    found = gaps(shapes([parcel]), beside, max_width_m=0.5)
    assert found.area_m2 == pytest.approx([20 * 0.2], abs=1e-4)
    assert shapely.bounds(found.geometry[0])[3] == pytest.approx(N + 10.2)


def test_a_gap_filled_by_a_narrow_parcel_is_none() -> None:
    beside = shapes([box(10, 0, 10.3, 10), box(10.3, 0, 20, 10)])
    assert gaps(shapes([box(0, 0, 10, 10)]), beside, max_width_m=0.5).shapes == []


def test_an_enclosed_sliver_among_three_is_found() -> None:
    a, b = (
        polygon((0, 0), (10, 0), (10, 10), (0, 10)),
        polygon((10, 0), (20, 0), (20, 10), (10, 10), (10.2, 5)),
    )
    found = gaps(shapes([a]), shapes([b, box(0, 10, 20, 20)]), max_width_m=0.5)
    assert found.shapes == [(0, 1)]
    assert found.area_m2 == pytest.approx([1.0], abs=1e-4)


def test_overlaps_name_the_pair_and_give_the_ground() -> None:
    touched = shapes([box(0, 0, 10, 10), box(9.5, 0, 15, 10)])
    beside = shapes([box(50, 0, 60, 10), box(14, 0, 20, 10), box(0, 9.99, 10, 20)])
    found = overlaps(touched, beside, min_area_m2=0.05)
    assert list(zip(found.i.tolist(), found.j.tolist(), strict=True)) == [(0, 1), (0, 4), (1, 3)]
    assert found.area_m2 == pytest.approx([5.0, 0.1, 10.0], abs=1e-6)
    assert same_ground(found.geometry[2], box(14, 0, 15, 10))


def test_nothing_beside_and_no_width() -> None:
    one = shapes([box(0, 0, 10, 10)])
    assert gaps(one, NOTHING, max_width_m=0.5).shapes == []
    assert gaps(one, shapes([box(10.1, 0, 20, 10)]), max_width_m=0.0).shapes == []
    assert len(overlaps(NOTHING, one, min_area_m2=0.1).i) == 0
