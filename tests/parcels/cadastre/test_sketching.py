"""Drawn ground and the register's vertices: what was drawn onto them shares them, what wasn't stays."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from landgis.counties.models import County
from parcels.cadastre.sketching import guide, onto_vertices, settled
from tests import factories

pytestmark = pytest.mark.django_db


def of(west: float, south: float, east: float, north: float) -> shapely.Geometry:
    return shapely.from_wkb(bytes(factories.box(west, south, east, north).wkb))


@settings(max_examples=20)
@given(st.lists(st.floats(-4e-9, 4e-9), min_size=8, max_size=8))
def test_what_a_browser_loses_is_put_back(noise: list[float]) -> None:
    exact = shapely.get_coordinates(of(1, 0, 2, 1))[:4]
    drawn = shapely.Polygon(exact + np.array(noise).reshape(4, 2))
    assert shapely.get_coordinates(onto_vertices(drawn, exact)).tolist() == [
        *exact.tolist(),
        exact[0].tolist(),
    ]


def test_neighbours_share_their_vertices_and_a_free_corner_stays(county: County) -> None:
    factories.parcel(county, "A", factories.box(0, 0, 1, 1))
    stored = {tuple(xy) for xy in shapely.get_coordinates(of(0, 0, 1, 1)).tolist()}
    east, west = sorted(xy for xy in stored)[2:], sorted(xy for xy in stored)[:2]
    free = (east[0][0] + 0.0005, east[0][1] + 0.0002)
    drawn = shapely.Polygon(
        [(east[0][0] + 3e-9, east[0][1] - 2e-9), free, (east[1][0] - 4e-9, east[1][1] + 1e-9)]
    )
    made = {tuple(xy) for xy in shapely.get_coordinates(settled(county, drawn)).tolist()}
    assert made == {*east, free}
    assert not made & set(west)


def test_a_metre_away_is_another_place_and_no_parcels_are_no_trouble(county: County) -> None:
    drawn = of(0.01, 0, 1, 1)
    assert settled(county, drawn).equals_exact(drawn, 0)
    factories.parcel(county, "A", factories.box(0, 0, 1, 1))
    near = shapely.Polygon([(120.00001, 29.30001), (120.0005, 29.3), (120.0005, 29.3005)])
    assert settled(county, near).equals_exact(near, 0)


def test_a_guide_is_geojson() -> None:
    said = guide(of(0, 0, 1, 1), "held", "甲")
    assert said["properties"] == {"kind": "held", "label": "甲"}
    assert said["geometry"]["type"] in ("Polygon", "MultiPolygon")
