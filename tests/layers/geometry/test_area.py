"""Areas on the plane and on the ellipsoid, held against a geodesic library and PostGIS' rule (domain rule 8)."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from layers.geometry.area import additive_area_m2, ellipsoidal_area_m2, planar_area_m2
from layers.geometry.transform import Floats, Geometries, transform_geometries
from tests.layers.geometry.shapes import covering, scattered

GEOD = Geod(a=6378137, rf=298.257222101)
ROUNDING_M2 = 2e-4  # the library sums areas reckoned from the equator, 10^14 m² each


def geodesic(geoms: Geometries) -> Floats:
    return np.array([abs(GEOD.geometry_area_perimeter(geom)[0]) for geom in geoms])


def round_about(lat: float, size_m: float, count: int, seed: int = 1) -> Geometries:
    rng = np.random.default_rng(seed)
    lonlat = np.column_stack([rng.uniform(73, 135, count), np.full(count, lat)])
    return scattered(lonlat, size_m, 19, rng)


@pytest.mark.parametrize("lat", [0, 18, 29.3, 45, 53, 60, 70, 80, -33])
@pytest.mark.parametrize("size_m", [20, 100, 180])
def test_a_parcel_of_up_to_ten_hectares_is_exact_to_the_librarys_own_rounding(
    lat: float, size_m: float
) -> None:
    parcels = round_about(lat, size_m, 60)
    assert np.abs(ellipsoidal_area_m2(parcels) - geodesic(parcels)).max() < ROUNDING_M2


@pytest.mark.parametrize("lat", [0, 18, 29.3, 45, 53, 70, 84, 89, -33])
@pytest.mark.parametrize("size_m", [1000, 20_000, 150_000])
def test_a_county_is_exact_to_a_hundred_millionth(lat: float, size_m: float) -> None:
    counties = round_about(min(lat, 90 - 2 * size_m / 111_195), size_m, 40)
    assert ellipsoidal_area_m2(counties) == pytest.approx(geodesic(counties), rel=1e-8, abs=ROUNDING_M2)


def test_its_own_rounding_is_below_a_square_millimetre() -> None:
    parcels = round_about(29.3, 180, 50)
    shuffled = shapely.transform(parcels, lambda xy: xy + [2.0**-3, 0.0])  # noqa: RUF005
    assert np.abs(ellipsoidal_area_m2(shuffled) - ellipsoidal_area_m2(parcels)).max() < 2e-6


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(15, 54), st.floats(5, 300))
def test_random_polygons_all_over_china(seed: int, lat: float, size_m: float) -> None:
    parcels = round_about(lat, size_m, 5, seed)
    assert np.abs(ellipsoidal_area_m2(parcels) - geodesic(parcels)).max(initial=0) < ROUNDING_M2 * 3


def test_a_covering_adds_up_to_the_area_of_its_outline() -> None:
    tiles = transform_geometries(covering(12, 12), 4549, 4490)
    outline = shapely.coverage_union_all(tiles)
    assert ellipsoidal_area_m2(tiles).sum() == pytest.approx(
        ellipsoidal_area_m2(np.array([outline]))[0], abs=1e-4
    )


def test_holes_are_taken_off_and_parts_added_whichever_way_they_turn() -> None:
    shell = [(120, 29), (120.01, 29), (120.01, 29.01), (120, 29.01)]
    hole = [(120.002, 29.002), (120.003, 29.002), (120.003, 29.003)]
    holed, solid = shapely.Polygon(shell, [hole]), shapely.Polygon(shell)
    expected = geodesic(np.array([solid]))[0] - geodesic(np.array([shapely.Polygon(hole)]))[0]
    turned = shapely.Polygon(shell[::-1], [hole[::-1]])
    odd = shapely.Polygon(shell, [hole[::-1]])
    assert ellipsoidal_area_m2(np.array([holed, turned, odd])) == pytest.approx(
        [expected] * 3, abs=ROUNDING_M2
    )
    apart = shapely.transform(holed, lambda xy: xy + [0.5, 0.0])  # noqa: RUF005
    two = shapely.MultiPolygon([holed, apart])
    assert ellipsoidal_area_m2(np.array([two, holed])) == pytest.approx(
        [2 * expected, expected], abs=ROUNDING_M2
    )


def test_over_the_antimeridian_and_round_a_pole_nothing_special_happens() -> None:
    west = shapely.Polygon([(179.99, 10), (-179.99, 10), (-179.99, 10.01), (179.99, 10.01)])
    same = shapely.box(179.99, 10, 180.01, 10.01)
    areas = ellipsoidal_area_m2(np.array([west, same]))
    assert areas[0] == pytest.approx(areas[1], abs=ROUNDING_M2)
    cap = shapely.Polygon([(0, 89), (90, 89), (180, 89), (-90, 89)])
    assert ellipsoidal_area_m2(np.array([cap])) == pytest.approx(geodesic(np.array([cap])), rel=1e-9)


def test_nothing_and_no_area_are_told_apart() -> None:
    geoms = np.array([None, shapely.Polygon(), shapely.MultiPolygon(), shapely.Point(120, 29)], dtype=object)
    assert np.isnan(ellipsoidal_area_m2(geoms)).tolist() == [True, False, False, False]
    assert ellipsoidal_area_m2(geoms)[1:].tolist() == [0, 0, 0]
    assert np.isnan(planar_area_m2(geoms)).tolist() == [True, False, False, False]
    assert len(ellipsoidal_area_m2(np.empty(0, dtype=object))) == 0


def test_the_plane_of_the_survey_differs_by_its_scale_only() -> None:
    tiles = covering(3, 3)
    lonlat = transform_geometries(tiles, 4549, 4490)
    # At 120.06° the projection's scale is within 1e-6 of one.
    assert planar_area_m2(tiles) == pytest.approx(ellipsoidal_area_m2(lonlat), rel=2e-6)


@given(cut=st.floats(0.1, 0.9), lat=st.floats(-80, 80), size=st.floats(1e-4, 0.2), tilt=st.floats(-0.5, 0.5))
def test_parts_cut_in_degrees_add_up_to_the_whole(cut: float, lat: float, size: float, tilt: float) -> None:
    """The cut puts vertices on two edges; between geodesics that would change the sum."""
    whole = shapely.Polygon(
        [(120, lat), (120 + size, lat + tilt * size), (120 + size, lat + size), (120, lat + size)]
    )
    west, south, east, north = whole.bounds
    line = west + cut * (east - west)
    parts = shapely.intersection(
        whole, np.array([shapely.box(west, south, line, north), shapely.box(line, south, east, north)])
    )
    (total,) = additive_area_m2(np.array([whole]))
    assert additive_area_m2(parts).sum() == pytest.approx(total, rel=1e-9)
    if size < 0.003:
        assert total == pytest.approx(ellipsoidal_area_m2(np.array([whole]))[0], rel=1e-6)
