"""GCJ-02 and BD-09 are never stored (domain rule 8): the shift is recognised, and never undone for use."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from layers.geometry.area import ellipsoidal_area_m2
from layers.geometry.declared import CrsError
from layers.geometry.gcj02 import (
    RegisteredAreas,
    bd09_from_gcj02,
    check_not_shifted,
    gcj02_from_wgs84,
    gcj02_suspicion,
    wgs84_from_bd09,
    wgs84_from_gcj02,
)
from layers.geometry.transform import Floats, Geometries, with_coordinates
from tests.layers.geometry.shapes import scattered, star

# Vertices of three counties of Jinhua as a map service ships them, and the same by another program's inverse.
SHIPPED = np.array([[119.328002, 28.809263], [119.708777, 29.476581], [119.914598, 29.068032]])
TRUE = np.array([[119.3229374, 28.8122308], [119.703961, 29.4791868], [119.9101446, 29.0710561]])

RNG = np.random.default_rng(11)
COUNTY = star((120.05, 29.28), RNG.uniform(0.15, 0.22, 60))
Shift = Callable[[Floats], Floats]
inside = st.tuples(st.floats(74, 134), st.floats(18, 53))


def bd09(lonlat: Floats) -> Floats:
    return bd09_from_gcj02(gcj02_from_wgs84(lonlat))


def moved(geoms: Geometries, how: Shift) -> Geometries:
    return with_coordinates(geoms, how(shapely.get_coordinates(geoms)))


def parcels(count: int, within: shapely.Geometry = COUNTY) -> Geometries:
    west, south, east, north = within.bounds
    lonlat = np.column_stack([RNG.uniform(west, east, 3 * count), RNG.uniform(south, north, 3 * count)])
    return scattered(lonlat[shapely.contains_xy(within, lonlat)], 60, 12, RNG)[:count]


def test_the_published_formula_meets_shipped_coordinates() -> None:
    assert np.abs(wgs84_from_gcj02(SHIPPED) - TRUE).max() < 1e-7
    assert np.abs(gcj02_from_wgs84(TRUE) - SHIPPED).max() < 1e-7


@given(inside)
def test_undoing_the_shift_is_exact_to_a_hundredth_of_a_millimetre(lonlat: tuple[float, float]) -> None:
    point = np.array([lonlat])
    assert np.abs(wgs84_from_gcj02(gcj02_from_wgs84(point)) - point).max() < 1e-10
    assert np.abs(wgs84_from_bd09(bd09(point)) - point).max() < 1e-10


@given(inside)
def test_the_shift_is_a_few_hundred_metres(lonlat: tuple[float, float]) -> None:
    point = np.array([lonlat])
    shift = (gcj02_from_wgs84(point) - point)[0] * [np.cos(np.radians(lonlat[1])) * 111_195, 111_195]
    assert 10 < np.hypot(*shift) < 1200


def test_nothing_is_shifted_outside_china() -> None:
    elsewhere = np.array([[14.4, 50.1], [-0.1, 51.5], [151.2, -33.9]])
    assert (gcj02_from_wgs84(elsewhere) == elsewhere).all()


SPREAD = parcels(400)


@pytest.mark.parametrize(("system", "shift"), [("GCJ-02", gcj02_from_wgs84), ("BD-09", bd09)])
def test_a_shifted_layer_is_seen_by_the_countys_boundary(system: str, shift: Shift) -> None:
    found = gcj02_suspicion(moved(parcels(1000), shift), boundary_4490=COUNTY)
    assert found is not None
    assert found.system == system
    assert found.fit_before < found.fit_after


@pytest.mark.parametrize(("system", "shift"), [("GCJ-02", gcj02_from_wgs84), ("BD-09", bd09)])
def test_a_shifted_layer_is_seen_by_the_parcels_already_registered(system: str, shift: Shift) -> None:
    centre = shapely.Point(120.05, 29.28).buffer(0.05)
    register = parcels(300, centre)
    found = gcj02_suspicion(moved(register[:40], shift), boundary_4490=COUNTY, register_4490=register)
    assert found is not None
    assert found.system == system
    assert (found.fit_before, found.fit_after) == (0, 40)


@pytest.mark.parametrize(("system", "shift"), [("GCJ-02", gcj02_from_wgs84), ("BD-09", bd09)])
def test_a_shifted_layer_is_seen_by_its_registered_areas(system: str, shift: Shift) -> None:
    there = parcels(500)
    registered_m2 = ellipsoidal_area_m2(there).round(2)
    registered_m2[::7] = np.nan
    registered_m2[3::7] *= 1.1
    drawn = moved(there, shift)
    areas = RegisteredAreas(registered_m2, ellipsoidal_area_m2(drawn))
    found = gcj02_suspicion(drawn, areas=areas)
    assert found is not None
    assert (found.system, found.against) == (system, "登记面积")
    assert found.fit_before < 10
    assert found.fit_after > 300


@given(st.floats(0.995, 1.005), st.floats(0, 0.004))
def test_registered_areas_that_are_off_by_a_scale_or_by_chance_make_no_shift(
    scale: float, noise: float
) -> None:
    drawn_m2 = ellipsoidal_area_m2(SPREAD)
    random = np.random.default_rng(3).normal(1, noise, len(SPREAD))
    areas = RegisteredAreas(drawn_m2 * scale * random, drawn_m2)
    assert gcj02_suspicion(SPREAD, areas=areas) is None


def test_true_positions_are_not_suspected_even_against_a_coarse_outline() -> None:
    coarse = shapely.simplify(COUNTY, 0.004)
    there = parcels(2000)
    assert gcj02_suspicion(there, boundary_4490=coarse, register_4490=there[::3]) is None


def test_a_few_parcels_outside_one_stretch_of_the_boundary_are_not_a_shifted_layer() -> None:
    outline = shapely.get_exterior_ring(COUNTY)
    on_it = shapely.get_coordinates(shapely.line_interpolate_point(outline, np.linspace(0, 0.004, 30)))
    assert gcj02_suspicion(scattered(on_it, 40, 9, RNG), boundary_4490=COUNTY) is None


def test_without_a_reference_nothing_is_said() -> None:
    assert gcj02_suspicion(moved(parcels(100), gcj02_from_wgs84)) is None
    assert gcj02_suspicion(np.array([None, shapely.Polygon()]), boundary_4490=COUNTY) is None


def test_the_refusal_names_its_evidence() -> None:
    with pytest.raises(CrsError, match="GCJ-02") as refused:
        check_not_shifted(moved(parcels(1000), gcj02_from_wgs84), boundary_4490=COUNTY)
    assert refused.value.code == "crs_shifted"
    assert "县界" in refused.value.message
    check_not_shifted(parcels(1000), boundary_4490=COUNTY)


def test_the_countys_own_shape_is_left_unprepared_for_other_threads() -> None:
    county = star((120.05, 29.28), np.full(40, 0.2))
    gcj02_suspicion(parcels(50), boundary_4490=county)
    assert not shapely.is_prepared(county)
