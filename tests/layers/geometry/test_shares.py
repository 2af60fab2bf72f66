"""A parcel's share in each area: as exact as a plain intersection, and complete over areas that tile the plane."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.geometry.shares import shares
from layers.geometry.transform import Geometries, transform_geometries
from tests.layers.geometry.shapes import SURVEY_ORIGIN, covering, star, stars


def control_line(seed: int, vertices: int = 3000, radius: float = 300.0) -> shapely.Polygon:
    rng = np.random.default_rng(seed)
    angle = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    radii = radius * (1 + 0.2 * np.sin(5 * angle + seed)) + rng.uniform(-0.3, 0.3, vertices)
    return star((SURVEY_ORIGIN[0] + 60 * seed + 300, SURVEY_ORIGIN[1] + 400), radii)


def naive(parcels: Geometries, areas: Geometries) -> dict[tuple[int, int], float]:
    found = {}
    for i, parcel in enumerate(parcels):
        for j, area in enumerate(areas):
            common = shapely.area(shapely.intersection(parcel, area))
            if common > 1e-9:
                found[i, j] = float(common)
    return found


def assert_as_naive(parcels: Geometries, areas: Geometries) -> None:
    found = shares(parcels, areas)
    expected = naive(parcels, areas)
    pairs = list(zip(found.parcel.tolist(), found.area.tolist(), strict=True))
    assert pairs == sorted(set(pairs))
    measured = dict(zip(pairs, found.area_m2.tolist(), strict=True))
    for pair in measured.keys() | expected.keys():
        assert measured.get(pair, 0.0) == pytest.approx(expected.get(pair, 0.0), abs=1e-6)
    whole = shapely.area(parcels)[found.parcel]
    assert found.share == pytest.approx(found.area_m2 / whole, abs=1e-15)


def test_many_parcels_in_large_overlapping_areas() -> None:
    assert_as_naive(covering(16, 14, steps=2), np.array([control_line(seed) for seed in range(4)]))


@settings(max_examples=40, deadline=None)
@given(st.lists(stars(size=8), max_size=15), st.lists(stars(size=60), max_size=5))
def test_any_shapes(parcels: list[shapely.Polygon], areas: list[shapely.Polygon]) -> None:
    assert_as_naive(np.array(parcels, dtype=object), np.array(areas, dtype=object))


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 900), st.floats(2.5, 200), st.floats(-40_000, 40_000))
def test_over_areas_that_tile_the_plane_the_shares_add_up(
    seed: int, steps: int, size: float, off: float
) -> None:
    origin = (SURVEY_ORIGIN[0] + np.round(off, 3), SURVEY_ORIGIN[1] - np.round(off, 3))
    areas = covering(
        3,
        3,
        width=size * 5,
        height=size * 5,
        steps=steps,
        jitter=size / 400 / steps,
        origin=origin,
        seed=seed,
    )
    parcels = covering(9, 9, width=size, height=size, jitter=size / 40, seed=seed + 1,
                       origin=(origin[0] + 3 * size, origin[1] + 3 * size))  # fmt: skip
    found = shares(parcels, areas)
    total = np.bincount(found.parcel, found.share, len(parcels))
    assert np.abs(total - 1).max() < 1e-12


def test_a_parcel_wholly_inside_has_the_share_one_exactly() -> None:
    found = shares(covering(4, 4), np.array([shapely.box(*SURVEY_ORIGIN, *SURVEY_ORIGIN).buffer(5000)]))
    assert (found.share == 1.0).all()
    assert len(found.parcel) == 16


def test_touching_is_no_share() -> None:
    area = np.array([shapely.box(0, 0, 10, 10)])
    assert len(shares(np.array([shapely.box(10, 0, 20, 10), shapely.box(10, 10, 20, 20)]), area).parcel) == 0


def test_slivers_under_a_square_metre_or_a_thousandth_are_left_out() -> None:
    area = np.array([shapely.box(0, 0, 100, 100)])
    parcels = np.array(
        [
            shapely.box(99.95, 0, 110, 10),  # 0.5 m², 0.5 %
            shapely.box(99.9, 0, 400, 100),  # 10 m², 0.03 %
            shapely.box(99, 0, 110, 10),  # 10 m², 9 %
        ]
    )
    assert shares(parcels, area).parcel.tolist() == [0, 1, 2]
    assert shares(parcels, area, sliver_m2=1.0, sliver_ratio=0.001).parcel.tolist() == [2]


def test_holes_and_parts_of_an_area_count() -> None:
    hole = shapely.buffer(shapely.Point(50, 50), 20, quad_segs=400)
    area = shapely.union(shapely.difference(shapely.box(0, 0, 100, 100), hole), shapely.box(200, 0, 300, 100))
    parcels = np.array(
        [shapely.box(40, 40, 60, 60), shapely.box(90, 0, 210, 100), shapely.box(45, 0, 55, 100)]
    )
    assert area.geom_type == "MultiPolygon"
    assert_as_naive(parcels, np.array([area]))


def test_an_area_of_many_vertices_in_one_spot_is_still_cut() -> None:
    rng = np.random.default_rng(3)
    dense = star((506_500.0, 3_242_500.0), 0.5 + rng.uniform(0, 0.01, 4000))
    wide = shapely.union(dense, shapely.box(506_000, 3_242_499.9, 507_000, 3_242_500.1))
    assert_as_naive(covering(20, 20), np.array([wide, shapely.MultiPolygon([dense])]))


def test_degrees_work_as_well_as_metres() -> None:
    parcels, areas = covering(10, 10, steps=2), np.array([control_line(0)])
    on_plane = shares(parcels, areas)
    in_degrees = shares(transform_geometries(parcels, 4549, 4490), transform_geometries(areas, 4549, 4490))
    assert in_degrees.parcel.tolist() == on_plane.parcel.tolist()
    assert in_degrees.share == pytest.approx(on_plane.share, abs=1e-6)


def test_nothing_in_nothing() -> None:
    empty: Geometries = np.empty(0, dtype=object)
    some = np.array([shapely.box(0, 0, 1, 1), None, shapely.Polygon()], dtype=object)
    for parcels, areas in ((empty, some), (some, empty), (empty, empty)):
        assert len(shares(parcels, areas).parcel) == 0
    assert shares(some, some).share.tolist() == [1.0]


def test_the_callers_areas_are_left_unprepared_for_other_threads() -> None:
    areas = np.array([control_line(1)])
    shares(covering(6, 6), areas)
    assert not shapely.is_prepared(areas).any()
