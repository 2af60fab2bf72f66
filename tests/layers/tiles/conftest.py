"""A handful of parcels on the map, and the tiles that show them.

Refuses nothing.
"""

import math
from collections.abc import Callable
from datetime import date

import pytest
from django.conf import LazySettings
from django.http import HttpResponse
from django.test import Client

from landgis.counties.models import County
from tests import factories
from tests.factories import TOWN_EAST, TOWN_WEST, SignIn, box
from tests.factories_parcels import screening, taxes
from tests.layers.tiles.mvt import Layer, read


def place(zoom: int, longitude: float = 120.002, latitude: float = 29.3005) -> str:
    """The tile over a point near ORIGIN as it stands in an address: zoom, row, column."""
    column = int((longitude + 180) / 360 * 2**zoom)
    row = int((1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2 * 2**zoom)
    return f"{zoom}/{row}/{column}"


PLACES = {zoom: place(zoom) for zoom in (8, 10, 12, 13, 14, 15)}

Get = Callable[..., HttpResponse]


@pytest.fixture
def mapped(county: County) -> County:
    """P1 30 万元/亩, idle twice; P2 not returned; P3 in 乙镇 exactly 3 万元/亩; a district and a control line."""
    one = factories.parcel(county, "P1", box(0, 0, 1, 1), registered_area_m2=10_000)
    factories.parcel(county, "P2", box(1, 0, 2, 1), registered_area_m2=20_005, land_class_code="0604")
    factories.parcel(county, "P3", box(3, 0, 4, 1), town_code=TOWN_EAST, registered_area_m2=5_000)
    factories.parcel(
        county,
        "P0",
        box(5, 0, 6, 1),
        valid_from=date(2010, 1, 1),
        valid_to=date(2020, 1, 1),
        retired_by="测试员",
    )
    factories.district(county, TOWN_WEST, "甲镇", box(-1, -1, 2.5, 3))
    factories.control_line(county, "KX1", box(0.5, -1, 6, 3))
    taxes(county, 2021, {"P1": 1.0, "P2": 1.0, "P3": 1.0})
    taxes(county, 2022, {"P1": 30.0, "P2": None, "P3": 3.0})
    screening(county, [(one, "overdue")])
    screening(county, [(one, "underinvested"), (one, "idle_stopped")])
    return county


@pytest.fixture
def get(mapped: County, signed_in: SignIn, settings: LazySettings) -> Get:
    """`get("leader", 14)` asks for a tile as that person; also by a tile's own address."""
    clients: dict[str, Client] = {}

    def ask(
        role: str, place: int | str, collection: str = "parcels", query: str = "", **headers: str
    ) -> HttpResponse:
        if role not in clients:
            clients[role] = signed_in(role) if role else Client()
        where = PLACES[place] if isinstance(place, int) else place
        path = f"/ogc/collections/{collection}/tiles/WebMercatorQuad/{where}{query}"
        return clients[role].get(path, headers=headers)  # type: ignore[return-value]

    settings.LANDGIS_COUNTY = mapped.code
    return ask


def layer(response: HttpResponse, name: str = "parcels") -> Layer:
    assert response.status_code == 200
    return read(response.content).get(name, Layer(name))
