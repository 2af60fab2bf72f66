"""The map's addresses on a county with no data, or with little: empty, hidden, never a failure."""

import json
from typing import Any

import pytest
from django.test import Client

from landgis.access.queries import command_actor
from landgis.counties.models import County
from parcels.evaluation.actions import compute_indicators
from tests import factories
from tests.factories import TOWN_EAST, TOWN_WEST, SignIn, box


def workspace(signed_in: SignIn, role: str) -> dict[str, Any]:
    return dict(signed_in(role).get("/api/workspace").json())


def totals(signed_in: SignIn, role: str) -> dict[str, Any]:
    return dict(workspace(signed_in, role)["totals"])


def test_fewer_than_three_firms_are_no_total(county: County, signed_in: SignIn) -> None:
    """Two firms in 甲镇, four in all: the town's officer sees no figure, the county's registrar does."""
    for number, west in ((1, 1), (2, 3), (3, 15), (4, 17)):
        town = TOWN_WEST if west < 10 else TOWN_EAST
        parcel = factories.parcel(county, f"P{number}", box(west, 1, west + 1, 2), town_code=town)
        firm = factories.enterprise(county, f"91330782000000000{number}", f"示意企业{number}")
        factories.annual_return(firm, 2023, tax_wan=10)
        factories.occupancy(parcel, firm)
    operator = command_actor("system", county)
    compute_indicators(county=county, actor=operator, year=2023, reason="测试", commit=True)
    assert totals(signed_in, "township_officer")["tax_per_mu"] is None
    assert totals(signed_in, "registrar")["tax_per_mu"] is not None


def test_a_county_without_data_is_shown_empty(county: County, signed_in: SignIn) -> None:
    said = workspace(signed_in, "leader")
    assert (said["years"], said["year"], said["screened_on"]) == ([], None, None)
    assert said["totals"] == {
        "parcels": 0,
        "area_mu": 0.0,
        "enterprises": 0,
        "tax_per_mu": None,
        "value_added_per_mu": None,
        "indicators": [],
        "idle": {},
    }


def test_a_year_with_returns_and_no_run_is_shown(county: County, signed_in: SignIn) -> None:
    firm = factories.enterprise(county, "913307820000000001", "示意企业")
    for year in (2021, 2024):
        factories.annual_return(firm, year, tax_wan=1)
    said = workspace(signed_in, "leader")
    assert (said["years"], said["year"], said["totals"]["tax_per_mu"]) == ([2021, 2024], 2024, None)


def test_the_data_version_changes_with_the_data(county: County, signed_in: SignIn) -> None:
    client = signed_in("leader")
    before = client.get("/api/workspace").json()["data_version"]
    assert client.get("/api/workspace").json()["data_version"] == before
    factories.parcel(county, "P1", box(1, 1, 2, 2))
    assert client.get("/api/workspace").json()["data_version"] != before


@pytest.mark.usefixtures("county")
def test_nothing_without_signing_in() -> None:
    response = Client().get("/api/workspace")
    assert (response.status_code, response.json()["code"]) == (401, "signed_out")


@pytest.mark.usefixtures("county")
def test_a_polygon_before_any_data(signed_in: SignIn) -> None:
    response = signed_in("leader").post(
        "/api/indicators/polygon",
        {"geometry": json.loads(box(0, 0, 1, 1).geojson)},
        content_type="application/json",
    )
    assert (response.status_code, response.json()["code"]) == (422, "returns_missing")
