"""The developed area as a shape: inside its parcel, measured on the ellipsoid, and held against the stated figure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pytest
import shapely
import shapely.affinity
from django.contrib.gis.geos import MultiPolygon
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from landgis.counties.models import County
from landgis.lib.errors import InputError
from layers.geometry.transform import transform_geometries
from parcels.supply.developed import Tolerance, developed_shape, measured_m2, outside_m2
from parcels.supply.models import ConstructionProgress
from parcels.supply.rules import area_contradiction
from tests import factories
from tests.factories import box

SURVEY = 4549
TOLERANCE = Tolerance(0.5, 1.0)
# A parcel of 200 m by 100 m on the survey's plane.
GROUND = shapely.box(500_000, 3_242_000, 500_200, 3_242_100)


def degrees(shape: shapely.Geometry) -> shapely.Geometry:
    return transform_geometries(np.array([shape], dtype=object), SURVEY, 4490)[0]


GROUND_4490 = degrees(GROUND)


def drawn(*shapes: shapely.Geometry) -> shapely.MultiPolygon:
    return developed_shape(shapes, GROUND_4490, survey_crs=SURVEY, tolerance=TOLERANCE)


metres = st.floats(0, 200, allow_nan=False)


@given(metres, metres, st.floats(0, 100), st.floats(0, 100))
def test_any_rectangle_in_the_parcel_is_taken_and_measures_what_geodesy_says(
    a: float, b: float, c: float, d: float
) -> None:
    (west, east), (south, north) = sorted((a, b)), sorted((c, d))
    if east - west < 0.01 or north - south < 0.01:
        return
    shape = shapely.box(500_000 + west, 3_242_000 + south, 500_000 + east, 3_242_000 + north)
    kept = drawn(shape)
    area_m2, _ = Geod(ellps="GRS80").geometry_area_perimeter(kept)
    assert float(measured_m2(kept)) == pytest.approx(abs(area_m2), abs=1e-3)
    # On the central meridian the plane's scale is 1: both measures agree to a part in a hundred thousand.
    assert float(measured_m2(kept)) == pytest.approx(shapely.area(shape), rel=1e-5, abs=1e-3)


@given(st.floats(-30, 30), st.floats(-30, 30), st.floats(0, 360))
def test_a_shape_is_taken_exactly_when_nothing_of_it_lies_beyond_the_tolerance(
    east: float, north: float, angle: float
) -> None:
    shape = shapely.affinity.translate(
        shapely.affinity.rotate(shapely.box(500_020, 3_242_020, 500_180, 3_242_080), angle), east, north
    )
    # An independent measure: what is left when the parcel, made larger by half a metre, is cut off.
    larger = shapely.box(499_999.5, 3_241_999.5, 500_200.5, 3_242_100.5)
    beyond = shapely.area(shape) - shapely.area(shapely.intersection(shape, larger))
    found = outside_m2(shape, GROUND_4490, survey_crs=SURVEY, tolerance=TOLERANCE)
    assert found == pytest.approx(beyond, abs=0.01)
    if beyond > 1.01:
        with pytest.raises(InputError, match="在宗地以外"):
            drawn(shape)
    elif beyond < 0.99:
        assert drawn(shape).is_valid


@pytest.mark.parametrize(("beside", "taken"), [(0.0, True), (0.49, True), (0.51, False), (5.0, False)])
def test_the_tolerance_is_a_distance(beside: float, taken: bool) -> None:
    shape = shapely.box(500_100, 3_242_000, 500_200 + beside, 3_242_100)
    if taken:
        assert drawn(shape)
    else:
        with pytest.raises(InputError):
            drawn(shape)


def test_parts_that_overlap_count_once_and_holes_not_at_all() -> None:
    left, right = (
        shapely.box(500_000, 3_242_000, 500_060, 3_242_100),
        shapely.box(500_040, 3_242_000, 500_100, 3_242_100),
    )
    assert float(measured_m2(drawn(left, right))) == pytest.approx(10_000, rel=1e-5)
    ring = shapely.difference(left, shapely.box(500_010, 3_242_010, 500_020, 3_242_020))
    assert float(measured_m2(drawn(ring))) == pytest.approx(5_900, rel=1e-5)


def test_what_is_no_sound_shape_is_refused() -> None:
    bow = shapely.Polygon(
        [(500_000, 3_242_000), (500_010, 3_242_010), (500_010, 3_242_000), (500_000, 3_242_010)]
    )
    for shapes in ((bow,), (shapely.Polygon(),), ()):
        with pytest.raises(InputError, match="自相交或不完整"):
            drawn(*shapes)


@pytest.mark.parametrize(
    ("stated", "measured", "told"),
    [
        ("1000", "1001", False),
        ("1000", "1001.01", True),
        ("10000", "10010.01", False),
        ("10000", "10010.02", True),
        (None, "10", False),
        ("10", None, False),
    ],
)
def test_the_contradiction_begins_above_a_square_metre_and_a_thousandth(
    stated: str | None, measured: str | None, told: bool
) -> None:
    found = area_contradiction(
        Decimal(stated) if stated else None,
        Decimal(measured) if measured else None,
        tolerance_m2=Decimal(1),
        tolerance_ratio=Decimal("0.001"),
    )
    assert bool(found) is told


def test_postgis_measures_the_same_and_refuses_a_shape_without_its_measure(county: County) -> None:
    phase = factories.contract(county, "合1", factories.parcel(county, "A1", box(0, 0, 1, 1)))
    shape: MultiPolygon = box(0, 0, 0.4, 0.7)
    measured = measured_m2(shapely.from_wkb(bytes(shape.wkb)))
    made = factories.progress(phase, date(2024, 1, 1), developed_geom_4490=shape, measured_area_m2=measured)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_Area(developed_geom_4490::geography) FROM supply_progress WHERE id = %s", [made.pk]
        )
        assert cursor.fetchone()[0] == pytest.approx(float(measured), abs=2e-3)
    for wrong in ({"developed_geom_4490": shape}, {"measured_area_m2": Decimal(5)}):
        with pytest.raises(IntegrityError, match="progress_shape_is_measured"), transaction.atomic():
            factories.progress(phase, date(2024, 2, 1), **wrong)
    assert ConstructionProgress.objects.count() == 1
