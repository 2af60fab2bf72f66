"""GET /api/workspace and /api/districts: the actor's own territory, and nobody's own figures."""

from typing import Any

import pytest

from landgis.counties.models import County
from tests import factories
from tests.factories import TOWN_EAST, TOWN_WEST, SignIn, box


def workspace(signed_in: SignIn, role: str) -> dict[str, Any]:
    response = signed_in(role).get("/api/workspace")
    assert response.status_code == 200, response.content
    return dict(response.json())


@pytest.mark.usefixtures("known")
def test_the_whole_county_for_its_officers(signed_in: SignIn) -> None:
    said = workspace(signed_in, "evaluation_officer")
    assert (said["county"]["code"], said["county"]["survey_crs"]) == ("990001", 4549)
    assert said["county"]["boundary"] is None
    assert len(said["county"]["bbox"]) == 4
    assert (said["actor"]["town_codes"], said["actor"]["roles"]) == (None, ["evaluation_officer"])
    assert "view_firm_figures" in said["actor"]["rights"]
    assert (said["years"], said["year"], said["screened_on"]) == ([2023], 2023, "2024-06-30")
    assert said["towns"] == [{"code": TOWN_WEST, "name": "甲镇"}, {"code": TOWN_EAST, "name": "乙镇"}]
    totals = said["totals"]
    assert (totals["parcels"], totals["enterprises"]) == (4, 4)
    assert totals["area_mu"] == pytest.approx(60 + 5393 * 15 / 10_000, rel=1e-2)
    assert totals["tax_per_mu"] == pytest.approx(135 / 60)
    assert totals["value_added_per_mu"] == pytest.approx(270 / 60)
    tax, _ = totals["indicators"]
    assert (tax["indicator"], tax["numerator"], tax["denominator"]) == ("tax_per_mu", 135, 60)
    assert tax["formula"] == "亩均税收 = 税收实际贡献（万元） ÷ 用地面积（亩）"
    assert tax["source"]
    assert tax["rule_version"]
    assert totals["idle"] == {"idle_not_started": 1, "clear": 1}
    assert said["land_classes"] == [
        {"code": "0601", "name": "工业用地", "colour": "#c59a8c", "set": "GB/T 21010-2017"},
        {"code": "0604", "name": "仓储用地", "colour": "#b7a1c9", "set": "GB/T 21010-2017"},
    ]
    assert said["tax_per_mu_classes"] == [3, 6, 10, 15, 25, 40]


@pytest.mark.usefixtures("known")
def test_a_township_officer_gets_the_own_towns_totals(signed_in: SignIn) -> None:
    said = workspace(signed_in, "township_officer")
    assert said["actor"]["town_codes"] == [TOWN_WEST]
    assert [town["code"] for town in said["towns"]] == [TOWN_WEST]
    totals = said["totals"]
    assert (totals["parcels"], totals["area_mu"], totals["enterprises"]) == (2, 45.0, 3)
    assert [one["restricted"] for one in totals["indicators"]] == [True, True]
    assert totals["tax_per_mu"] is None  # three firms here, and of the county's four that would leave one
    assert totals["idle"] == {"clear": 1}


def test_the_statements_do_not_grow_with_the_data(
    known: County, signed_in: SignIn, django_assert_num_queries: Any
) -> None:
    client = signed_in("evaluation_officer")
    client.get("/api/workspace")  # the first request also renews the session
    with django_assert_num_queries(16):
        client.get("/api/workspace")
    for number in range(10, 16):
        factories.parcel(known, f"Q{number}", box(number, 3, number + 1, 4), land_class_code=f"06{number}")
    with django_assert_num_queries(16):
        client.get("/api/workspace")


@pytest.mark.parametrize("address", ["/api/workspace", "/api/parcels/P1", "/api/districts/town"])
@pytest.mark.parametrize("role", ["agency", "system_admin", "security_admin", "audit_admin"])
@pytest.mark.usefixtures("known")
def test_nothing_without_the_right_to_the_map(signed_in: SignIn, role: str, address: str) -> None:
    response = signed_in(role).get(address)
    assert (response.status_code, response.json()["code"]) == (403, "forbidden")


@pytest.mark.usefixtures("known")
def test_districts_as_geojson(signed_in: SignIn, django_assert_num_queries: Any) -> None:
    client = signed_in("leader")
    client.get("/api/districts/town")  # the first request also renews the session
    with django_assert_num_queries(6):
        said = client.get("/api/districts/town").json()
    assert said["type"] == "FeatureCollection"
    assert [feature["properties"] for feature in said["features"]] == [
        {"code": TOWN_WEST, "name": "甲镇"},
        {"code": TOWN_EAST, "name": "乙镇"},
    ]
    assert said["features"][0]["geometry"]["coordinates"][0][0][0] == [120.0, 29.3]
    own = signed_in("township_officer").get("/api/districts/town").json()
    assert [feature["id"] for feature in own["features"]] == [TOWN_WEST]
    assert client.get("/api/districts/platform").json()["features"] == []
    assert client.get("/api/districts/village").status_code == 404
