"""The equal-area plane: true areas anywhere, the same from WKB as from shapes."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from layers.geometry.area import ellipsoidal_area_m2
from layers.geometry.equal_area import equal_area, equal_area_from_wkb


@given(
    lon=st.floats(-179, 179),
    lat=st.floats(-70, 70),
    width=st.floats(1e-4, 5e-3),
    height=st.floats(1e-4, 5e-3),
    off=st.floats(-0.5, 0.5),
)
def test_areas_are_those_of_the_ellipsoid(
    lon: float, lat: float, width: float, height: float, off: float
) -> None:
    shape = np.array(
        [shapely.Polygon([(lon, lat), (lon + width, lat), (lon + width, lat + height), (lon, lat + height)])]
    )
    plane = shapely.area(equal_area(shape, latitude=lat + off))
    assert plane == pytest.approx(ellipsoidal_area_m2(shape), rel=1e-5)


def test_lengths_hold_at_the_latitude() -> None:
    """A second of arc east and north at 30° N: 26.80 m and 30.79 m."""
    second = 1 / 3600
    line = shapely.linestrings([[[120, 30], [120 + second, 30]], [[120, 30], [120, 30 + second]]])
    east, north = shapely.length(equal_area(line, latitude=30))
    assert (east, north) == (pytest.approx(26.802, abs=1e-3), pytest.approx(30.792, abs=1e-3))


def test_wkb_gives_the_same_as_shapes() -> None:
    ring = shapely.box(120, 29, 120.001, 29.001)
    holed = shapely.Polygon(ring.exterior, [shapely.box(120.0002, 29.0002, 120.0004, 29.0004).exterior])
    shapes = np.array([ring, holed, shapely.MultiPolygon([ring, shapely.box(121, 29, 121.1, 29.1)]), ring])
    wkb = [shapely.to_wkb(shape) for shape in shapes]
    wkb[3] = shapely.to_wkb(ring, byte_order=0)
    from_wkb = equal_area_from_wkb(wkb, latitude=29)
    assert shapely.equals_exact(from_wkb, equal_area(shapes, latitude=29), tolerance=0).all()
    assert len(equal_area_from_wkb([], latitude=29)) == 0
