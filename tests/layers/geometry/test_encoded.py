"""The quick EWKB is byte for byte the one that GEOS writes."""

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from layers.geometry.encoded import ewkb, multipolygons

RING = shapely.box(119.9, 29.2, 120.1, 29.4)
HOLED = shapely.Polygon(RING.exterior.coords, [shapely.box(119.95, 29.25, 120.05, 29.35).exterior.coords])
SHAPES = (
    shapely.MultiPolygon([RING]),
    shapely.MultiPolygon([shapely.Polygon([(0, 0), (1, 0), (0.3, 2)])]),
    shapely.MultiPolygon([HOLED]),
    shapely.MultiPolygon([RING, shapely.box(121, 29, 122, 30)]),
    shapely.MultiPolygon(),
    RING,
    HOLED,
    shapely.Polygon(),
)


def by_geos(geoms: np.ndarray, srid: int) -> list[bytes]:
    return list(shapely.to_wkb(shapely.set_srid(geoms, srid), include_srid=True))


@given(st.lists(st.sampled_from(SHAPES)))
def test_the_same_bytes_as_geos(shapes: list[shapely.Geometry]) -> None:
    geoms = np.array(shapes, dtype=object)
    assert list(ewkb(geoms, 4490)) == by_geos(geoms, 4490)


@given(st.lists(st.sampled_from(SHAPES)))
def test_on_other_vertices(shapes: list[shapely.Geometry]) -> None:
    geoms = np.array(shapes, dtype=object)
    xy = shapely.get_coordinates(geoms) * 3 + 1
    moved = shapely.set_coordinates(geoms.copy(), xy)
    assert list(ewkb(geoms, 3857, xy=xy)) == by_geos(moved, 3857)


@given(st.lists(st.sampled_from(SHAPES)))
def test_a_polygon_as_a_part(shapes: list[shapely.Geometry]) -> None:
    geoms = np.array(shapes, dtype=object)
    xy = shapely.get_coordinates(geoms) * 3 + 1
    moved = shapely.set_coordinates(geoms.copy(), xy)
    assert list(ewkb(geoms, 4490, multi=True)) == by_geos(multipolygons(geoms), 4490)
    assert list(ewkb(geoms, 3857, xy=xy, multi=True)) == by_geos(multipolygons(moved), 3857)
