"""A block of parcels on a metric grid of the survey CRS, and the words to edit it over HTTP.

A B    Each 100 m × 100 m, A's south-west corner at (500000, 3243000) of EPSG:4549; neighbours have the same vertices.
C D    E lies 20 m east of B, alone.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.db import transaction
from django.test import Client

from landgis.counties.models import County
from layers.geometry.transform import transform_geometries
from parcels.cadastre.models import Parcel
from tests import factories
from tests.factories import SignIn

EAST, NORTH = 500_000.0, 3_243_000.0
SURVEY = 4549
PREFIX = "990001100001GB"
A, B, C, D, E = (f"{PREFIX}{number:05d}" for number in range(1, 6))
Body = dict[str, Any]


def rectangle(west: float, south: float, east: float, north: float) -> list[list[float]]:
    """A closed ring, metres from A's south-west corner."""
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return [[EAST + x, NORTH + y] for x, y in corners]


def shape(*rings: list[list[float]]) -> Body:
    """One part: the outer ring and its holes."""
    return {"type": "MultiPolygon", "coordinates": [list(rings)]}


def at(x: float, y: float) -> list[float]:
    return [EAST + x, NORTH + y]


def stored(ring: list[list[float]], *holes: list[list[float]]) -> MultiPolygon:
    """As the register holds it."""
    planar = np.array([shapely.MultiPolygon([shapely.Polygon(ring, holes)])], dtype=object)
    (geom,) = transform_geometries(planar, SURVEY, 4490)
    made = GEOSGeometry(memoryview(shapely.to_wkb(geom)), srid=4490)
    assert isinstance(made, MultiPolygon)
    return made


def block(county: County) -> dict[str, Parcel]:
    places = {
        A: rectangle(0, 0, 100, 100),
        B: rectangle(100, 0, 200, 100),
        C: rectangle(0, -100, 100, 0),
        D: rectangle(100, -100, 200, 0),
        E: rectangle(220, 0, 300, 100),
    }
    return {code: factories.parcel(county, code, stored(ring)) for code, ring in places.items()}


@dataclass
class Editor:
    """A person at the interface."""

    client: Client

    def exact(self, *codes: str) -> dict[str, Body]:
        answer = self.client.get("/api/editing/parcels", {"codes": ",".join(codes)})
        assert answer.status_code == 200, answer.content
        return {parcel["code"]: parcel for parcel in answer.json()["parcels"]}

    def vertex(self, code: str, x: float, y: float) -> list[float]:
        """The stored vertex nearest to a place, every digit of it."""
        (parcel,) = self.exact(code).values()
        points = [point for part in parcel["geometry"]["coordinates"] for ring in part for point in ring]
        return min(points, key=lambda point: abs(point[0] - EAST - x) + abs(point[1] - NORTH - y))

    def versions(self, *codes: str) -> dict[str, int]:
        return {code: parcel["version"] for code, parcel in self.exact(*codes).items()}

    def post(self, path: str, body: Any, **headers: Any) -> Any:
        return self.client.post(
            path, json.dumps(body), content_type="application/json", headers=headers or None
        )

    def preview(self, *operations: Body, status: int = 200, **more: Any) -> Body:
        answer = self.post("/api/editing/preview", {"operations": operations, **more})
        assert answer.status_code == status, answer.content.decode()
        return dict(answer.json())

    def save(self, *operations: Body, status: int = 201, **more: Any) -> Body:
        """Save with the versions that a preview tells, unless others are given."""
        body: Body = {"operations": operations, "reason": "测试变更", **more}
        if "versions" not in body:
            told = self.preview(*operations)["parcels"]
            body["versions"] = {item["key"]: item["version"] for item in told if item["version"] is not None}
        answer = self.post("/api/change-sets", body)
        assert answer.status_code == status, answer.content.decode()
        return dict(answer.json())


@pytest.fixture(scope="module")
def made_once(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Made once a module, in a transaction that each test's own is a part of, and taken back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        county = factories.county()
        factories.person(county, "registrar")
        block(county)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def parcels(made_once: None, county: County) -> dict[str, Parcel]:
    return {parcel.code: parcel for parcel in Parcel.objects.filter(county=county)}


@pytest.fixture
def registrar(signed_in: SignIn, parcels: dict[str, Parcel]) -> Editor:
    return Editor(signed_in("registrar"))


@pytest.fixture
def lonlat() -> Callable[[str], list[tuple[float, float]]]:
    """The vertices of a parcel in force as the database holds them."""

    def read(code: str) -> list[tuple[float, float]]:
        geom = Parcel.objects.get(code=code, valid_to=None).geom_4490
        return [tuple(xy) for xy in shapely.get_coordinates(shapely.from_wkb(bytes(geom.wkb))).tolist()]

    return read
