"""A merge keeps the outer boundary's vertices, drops those inside, and tells of slits."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from landgis.lib.errors import InputError
from layers.geometry.exact import shapes
from layers.geometry.merging import merge, slits_between
from layers.geometry.transform import Geometries
from tests.layers.geometry.coverages import YIWU, cadastre, corner_set, neighbours_of, seeds, sound, total

E, N = YIWU


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    return shapely.box(E + west, N + south, E + east, N + north)


def polygon(*points: tuple[float, float]) -> shapely.Polygon:
    return shapely.Polygon(np.array(points) + YIWU)


def slit(width: float) -> Geometries:
    return shapes([box(0, 0, 50, 30), box(50 + width, 0, 90, 30)])


@settings(max_examples=60, deadline=None)
@given(seeds(), st.integers(0, 20), st.integers(1, 4))
def test_merged_neighbours_have_their_ground_and_their_outer_vertices(seed: int, at: int, count: int) -> None:
    parcels = cadastre(seed)
    at %= len(parcels)
    chosen = [at, *neighbours_of(parcels, at)[:count]]
    merged = merge(parcels[chosen])
    assert merged.area == pytest.approx(total(parcels[chosen]), abs=1e-6)
    rest = np.delete(parcels, chosen)
    sound(np.concatenate([rest, shapes([merged])]))
    # Vertices shared with others, or alone on the outside, stay; those in the middle are gone.
    boundary = shapely.boundary(shapely.union_all(parcels[chosen]))
    corners = np.array(sorted(corner_set(parcels[chosen])))
    on = shapely.distance(shapely.points(corners), boundary) < 1e-7
    assert corner_set(shapes([merged])) == set(map(tuple, corners[on].tolist()))


def test_points_on_straight_outer_lines_stay() -> None:
    left = polygon((0, 0), (5, 0), (10, 0), (10, 10), (0, 10))
    merged = merge([left, box(10, 0, 20, 10)])
    outer = [(0, 0), (5, 0), (10, 0), (20, 0), (20, 10), (10, 10), (0, 10)]
    assert corner_set(shapes([merged])) == {(E + x, N + y) for x, y in outer}


def test_parcels_apart_become_one_of_two_parts_and_a_ring_closes_round_a_courtyard() -> None:
    assert len(merge([box(0, 0, 10, 10), box(30, 0, 40, 10)]).geoms) == 2
    u = polygon((0, 0), (30, 0), (30, 30), (20, 30), (20, 10), (10, 10), (10, 30), (0, 30))
    merged = merge([u, box(10, 20, 20, 30)])
    assert [len(part.interiors) for part in merged.geoms] == [1]
    assert merged.area == pytest.approx(800)


def test_boundaries_that_are_one_but_for_rounding_leave_nothing_between() -> None:
    left = polygon((0, 0), (10, 0), (10 + 3e-10, 4), (10, 10), (0, 10))
    right = polygon((10 + 2e-10, 0), (20, 0), (20, 10), (10, 10))
    merged = merge([left, right])
    assert len(merged.geoms) == 1
    assert not merged.geoms[0].interiors
    assert shapely.get_num_coordinates(merged) <= 7


@pytest.mark.parametrize("width", [1e-4, 1e-3, 0.009])
def test_a_slit_is_refused_told_kept_or_closed(width: float) -> None:
    with pytest.raises(InputError, match="1 处细缝") as caught:
        merge(slit(width))
    assert caught.value.code == "merge_leaves_slit"
    found = slits_between(slit(width), slit_m=0.01)
    assert found.shapes == [(0, 1)]
    assert found.width_m == pytest.approx([width], rel=0.01)
    assert found.area_m2 == pytest.approx([30 * width], rel=0.01)
    assert len(merge(slit(width), slits="keep").geoms) == 2
    closed = merge(slit(width), slits="close")
    assert len(closed.geoms) == 1
    assert closed.area == pytest.approx(90 * 30, abs=1e-6)
    assert corner_set(slit(width)) == corner_set(shapes([closed]))


def test_a_gap_wider_than_a_slit_is_a_road() -> None:
    assert len(merge(slit(0.02)).geoms) == 2


def test_a_slit_that_touches_at_its_ends_is_found() -> None:
    left = polygon((0, 0), (50, 0), (49.999, 15), (50, 30), (0, 30))
    with pytest.raises(InputError, match=r"0\.0010 米"):
        merge([left, box(50, 0, 90, 30)])
    assert merge([left, box(50, 0, 90, 30)], slits="close").area == pytest.approx(2700, abs=1e-6)


def test_messy_parcels_merge() -> None:
    left = polygon((0, 0), (0, 0), (50, 0), (50, 30), (50, 30), (20, 30), (20, 45), (19.99, 30), (0, 30))
    merged = merge([left, box(50, 0, 90, 30)])
    assert merged.area == pytest.approx(left.area + 1200, abs=1e-6)
    assert merged.is_valid


def test_nothing_and_an_invalid_parcel_are_refused() -> None:
    with pytest.raises(InputError, match="没有要合并"):
        merge([])
    with pytest.raises(InputError, match="边界自相交"):
        merge([polygon((0, 0), (10, 10), (10, 0), (0, 10)), box(50, 0, 90, 30)])
    with pytest.raises(InputError, match="没有图形"):
        merge(np.array([None, box(0, 0, 1, 1)], dtype=object))
