"""Land by shapes: the pieces of any cut add up to the parcel, and each is as large as it is on the ellipsoid."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
import shapely
import shapely.ops
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landgis.access.queries import Actor
from landgis.counties.models import County
from landgis.lib.columns import read_rows
from layers.geometry.area import additive_area_m2
from parcels.land_use.land import SHARE, land_of_firms, land_of_year
from tests import factories

YEAR = 2024
LON, LAT = 120.03, 29.31
SHARES = f"""
SELECT {SHARE.format(piece="ST_GeomFromWKB(t.wkb, 4490)", whole="ST_GeomFromWKB(%(whole)s, 4490)")}
  FROM unnest(%(pieces)s::bytea[]) WITH ORDINALITY AS t(wkb, ordinality)
 ORDER BY t.ordinality
"""
corners = st.tuples(st.floats(0.2, 1), st.floats(0, 0.9))
cut = st.tuples(st.floats(0, np.pi), st.floats(-0.4, 0.4))


def outline(radii: list[tuple[float, float]], size: float) -> shapely.Geometry:
    """A star-shaped parcel around a spot of the county, `size` degrees across."""
    angles = [(n + turn) * 2 * np.pi / len(radii) for n, (_, turn) in enumerate(radii)]
    ring = [
        (LON + size / 2 * r * np.cos(a), LAT + size / 2 * r * np.sin(a))
        for (r, _), a in zip(radii, angles, strict=True)
    ]
    return shapely.Polygon(ring)


def pieces_of(
    whole: shapely.Geometry, cuts: list[tuple[float, float]], size: float
) -> list[shapely.Geometry]:
    found = [whole]
    for angle, off in cuts:
        x, y = LON - off * size * np.sin(angle), LAT + off * size * np.cos(angle)
        away = np.array([np.cos(angle), np.sin(angle)]) * size * 2
        line = shapely.LineString([(x - away[0], y - away[1]), (x + away[0], y + away[1])])
        found = [part for one in found for part in shapely.ops.split(one, line).geoms]
    return found


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(corners, min_size=3, max_size=9), st.lists(cut, min_size=1, max_size=4), st.floats(2e-4, 2e-2)
)
def test_the_pieces_of_any_cut_add_up_to_the_parcel(
    county: County, radii: list[tuple[float, float]], cuts: list[tuple[float, float]], size: float
) -> None:
    """From 20 metres to 2 kilometres across, cut by up to four lines."""
    whole = outline(radii, size)
    if not whole.is_valid or whole.area < 0.01 * size**2:
        return
    pieces = pieces_of(whole, cuts, size)
    rows = read_rows(
        SHARES, {"whole": shapely.to_wkb(whole), "pieces": [shapely.to_wkb(one) for one in pieces]}
    )
    shares = np.array([share for (share,) in rows])
    assert shares.sum() == pytest.approx(1, rel=1e-9)
    true = additive_area_m2(np.array([whole, *pieces], dtype=object))
    assert shares == pytest.approx(true[1:] / true[0], rel=1e-6, abs=1e-9)
    assert county


def test_firms_with_pieces_of_a_parcel_have_all_of_it(county: County, cast: dict[str, Actor]) -> None:
    shape = outline([(1.0, 0.1), (0.7, 0.3), (0.9, 0.2), (0.8, 0.5), (1.0, 0.4)], 9e-4)
    parcel = factories.parcel(county, "A1", _multi(shape), registered_area_m2=Decimal("7320.55"))
    pieces = pieces_of(shape, [(0.3, 0.05), (1.7, -0.1), (2.6, 0.2)], 9e-4)
    assert len(pieces) > 4
    for n, piece in enumerate(pieces):
        firm = factories.enterprise(county, f"9133078200000000{n:02d}", f"企业{n}")
        factories.occupancy(parcel, firm, geom_4490=_multi(piece))
    land = land_of_firms(county, cast["registrar"], YEAR)
    assert sum(one.parts.net_m2 for one in land) == pytest.approx(7320.55, rel=1e-9)
    assert land_of_year(county, YEAR).net_m2.sum() == pytest.approx(7320.55, rel=1e-9)


def test_a_shape_beside_the_parcel_has_none_of_it(county: County, cast: dict[str, Actor]) -> None:
    parcel = factories.parcel(county, "A1", factories.box(0, 0, 1, 1), registered_area_m2=Decimal(10_000))
    firm = factories.enterprise(county, "913307820000000001", "企业")
    factories.occupancy(parcel, firm, geom_4490=factories.box(3, 3, 4, 4))
    assert [one.parts.net_m2 for one in land_of_firms(county, cast["registrar"], YEAR)] == [0]


def _multi(shape: shapely.Geometry) -> MultiPolygon:
    return MultiPolygon(GEOSGeometry(memoryview(shapely.to_wkb(shape)), srid=4490), srid=4490)
