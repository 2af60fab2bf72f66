"""GET /api/parcels/{code} and POST /api/indicators/polygon: everything about a place, to whoever may know it."""

import json
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from landgis.counties.models import County
from parcels.cadastre.models import Parcel
from tests import factories
from tests.factories import ORIGIN, SignIn, box

P1, P3, P4 = "990001100001GB00001", "990001101001GB00003", "990001101001GB00004"


def detail(signed_in: SignIn, code: str, role: str = "evaluation_officer", **query: Any) -> dict[str, Any]:
    response = signed_in(role).get(f"/api/parcels/{code}", query)
    assert response.status_code == 200, response.content
    return dict(response.json())


@pytest.mark.usefixtures("known")
def test_the_register_and_the_three_areas(signed_in: SignIn) -> None:
    said = detail(signed_in, P1)
    assert (said["code"], said["location"]) == (P1, "甲镇工业路1号")
    assert said["geometry"]["type"] == "MultiPolygon"
    x, y = ORIGIN
    assert said["geometry"]["coordinates"][0][0][0] == pytest.approx([x + 0.001, y + 0.001], abs=1e-12)
    areas = said["areas"]
    assert (areas["registered_area_m2"], areas["area_mu"], areas["survey_crs"]) == (10_000.0, 15.0, 4549)
    assert areas["difference_m2"] == pytest.approx(areas["planar_area_m2"] - 10_000)
    assert (areas["tolerance_m2"], areas["within_tolerance"]) == (10.0, False)
    assert said["holders"] == [
        {"name": "示意纺织有限公司", "kind": "enterprise", "uscc": "913307820000000001", "share": 1.0}
    ]
    assert said["land_class"] == {"code": "0601", "name": "工业用地", "set": "GB/T 21010-2017"}
    assert said["town"] == {"code": "990001100", "name": "甲镇"}
    assert said["control_line_share"] == pytest.approx(0.5, rel=1e-6)


@pytest.mark.usefixtures("known")
def test_a_parcel_without_registered_area_has_no_difference(signed_in: SignIn) -> None:
    said = detail(signed_in, P4)
    areas = said["areas"]
    assert (areas["registered_area_m2"], areas["difference_m2"], areas["within_tolerance"]) == (
        None,
        None,
        None,
    )
    assert areas["area_mu"] == pytest.approx(areas["planar_area_m2"] * 15 / 10_000)
    assert (said["land_class"], said["occupants"], said["contracts"], said["idle"]) == (None, [], [], None)
    assert said["control_line_share"] == 0.0
    assert said["indicators"][0]["missing"] == ["该宗地当年没有企业占用记录"]


@pytest.mark.usefixtures("known")
def test_who_uses_it_and_how_much(signed_in: SignIn) -> None:
    said = detail(signed_in, P1)
    assert [(item["enterprise"], item["role"], item["area_mu"]) for item in said["occupants"]] == [
        ("示意企业1", "owned", 7.5),
        ("示意企业2", "owned", 7.5),
    ]
    assert said["occupied_on"] == "2023-12-31"


def test_an_occupancy_by_shape_is_measured(known: County, signed_in: SignIn) -> None:
    parcel = factories.parcel(known, "P9", box(5, 1, 6, 2), registered_area_m2=10_000)
    firm = factories.enterprise(known, "913307820000000009", "示意企业9")
    factories.occupancy(parcel, firm, geom_4490=box(5, 1, 5.25, 2))
    (only,) = detail(signed_in, "P9")["occupants"]
    assert only["area_m2"] == pytest.approx(2500.0, rel=1e-6)


@pytest.mark.usefixtures("known")
def test_every_number_says_what_it_means(signed_in: SignIn) -> None:
    by_code = {item["indicator"]: item for item in detail(signed_in, P1)["indicators"]}
    tax = by_code["tax_per_mu"]
    assert tax["value"] == pytest.approx(4.0)
    assert (tax["numerator"], tax["numerator_unit"]) == (pytest.approx(60.0), "万元")
    assert (tax["denominator"], tax["denominator_unit"]) == (pytest.approx(15.0), "亩")
    assert (tax["unit"], tax["year"], tax["as_of"], tax["missing"]) == ("万元/亩", 2023, "2023-12-31", [])
    assert tax["formula"]
    assert tax["source"]
    assert tax["rule_version"]
    assert by_code["labour_productivity"]["missing"] == ["2 家企业未填报年平均职工人数，未计入"]


@pytest.mark.usefixtures("known")
def test_a_year_that_was_not_computed_says_so(signed_in: SignIn) -> None:
    said = detail(signed_in, P1, year=2019)
    assert said["indicators"][0]["missing"] == ["2019 年指标尚未计算"]
    assert said["occupied_on"] == "2019-12-31"


@pytest.mark.parametrize("role", ["registrar", "idle_land_officer", "township_officer"])
@pytest.mark.usefixtures("known")
def test_firm_figures_are_for_those_cleared(signed_in: SignIn, role: str) -> None:
    for item in detail(signed_in, P1, role)["indicators"]:
        assert (item["value"], item["numerator"], item["denominator"]) == (None, None, None)
        assert item["restricted"] is True


@pytest.mark.usefixtures("known")
def test_the_finding_with_its_arithmetic(signed_in: SignIn) -> None:
    idle = detail(signed_in, P3)["idle"]
    assert (idle["finding"], idle["agreed_start"]) == ("idle_not_started", "2020-06-21")
    assert (idle["full_year_on"], idle["on"]) == ("2021-06-21", "2024-06-30")
    assert "第二条" in idle["article"]
    assert len(idle["steps"]) > 1
    clear = detail(signed_in, P1)["idle"]
    assert (clear["finding"], clear["title"]) == ("clear", "未发现闲置情形")


@pytest.mark.usefixtures("known")
def test_its_contracts_and_phases(signed_in: SignIn) -> None:
    (contract,) = detail(signed_in, P3)["contracts"]
    assert contract["contract_no"] == "HT-3"
    (phase,) = contract["phases"]
    assert (phase["phase_no"], phase["agreed_start"], phase["total_investment_wan"]) == (
        1,
        "2020-06-21",
        12_000.0,
    )


@pytest.mark.usefixtures("known")
def test_a_parcel_of_another_town_is_not_found(signed_in: SignIn) -> None:
    for code in (P3, "nowhere"):
        response = signed_in("township_officer").get(f"/api/parcels/{code}")
        assert (response.status_code, response.json()["code"]) == (404, "not_found")
    assert signed_in("township_officer").get(f"/api/parcels/{P1}").status_code == 200


def test_a_retired_parcel_is_opened_with_its_end(known: County, signed_in: SignIn) -> None:
    factories.parcel(known, "OLD", box(5, 5, 6, 6), valid_to=date(2020, 1, 1), retired_by="测试员")
    said = detail(signed_in, "OLD")
    assert (said["valid_to"], said["in_force"], said["successors"]) == ("2020-01-01", False, [])


def test_the_statements_do_not_grow_with_what_belongs_to_it(
    known: County, signed_in: SignIn, django_assert_num_queries: Any
) -> None:
    client = signed_in("evaluation_officer")
    client.get(f"/api/parcels/{P1}")  # the first request also renews the session
    with django_assert_num_queries(18):
        client.get(f"/api/parcels/{P1}")
    parcel = Parcel.objects.get(county=known, code=P1)
    for number in range(10, 15):
        factories.holder(parcel, f"示意权利人{number}")
        factories.occupancy(
            parcel, factories.enterprise(known, f"9133078200000000{number}", f"示意企业{number}"), area_m2=10
        )
        factories.contract(known, f"HT-{number}", parcel, agreed_start=date(2022, 1, 1))
        factories.control_line(known, f"KX{number}", box(1, 1, 1 + number / 100, 3))
    with django_assert_num_queries(18):
        said = client.get(f"/api/parcels/{P1}").json()
    assert (len(said["holders"]), len(said["contracts"])) == (6, 6)


def post(client: Client, body: Any) -> Any:
    text = body if isinstance(body, str) else json.dumps(body)
    return client.post("/api/indicators/polygon", text, content_type="application/json")


def square(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    return dict(json.loads(box(west, south, east, north).geojson))


@pytest.mark.usefixtures("known")
def test_a_drawn_polygon(signed_in: SignIn) -> None:
    said = post(signed_in("evaluation_officer"), {"geometry": square(0, 0, 10, 3), "year": 2023}).json()
    assert (said["parcels"], said["firms"], said["year"]) == (2, 3, 2023)
    assert said["land_mu"] == pytest.approx(45.0)
    assert said["indicators"][0]["value"] == pytest.approx(2.0)
    assert post(signed_in("leader"), {"geometry": square(0, 0, 10, 3)}).json()["year"] == 2023


@pytest.mark.usefixtures("known")
def test_a_polygon_of_few_firms_is_hidden_from_a_registrar(signed_in: SignIn) -> None:
    said = post(signed_in("registrar"), {"geometry": square(14, 0, 20, 3)}).json()
    assert said["indicators"][0]["restricted"] is True
    assert said["indicators"][0]["value"] is None


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"geometry": {}},
        {"geometry": None},
        {"geometry": "POLYGON"},
        {"geometry": {"type": "Polygon", "coordinates": [[[1, 2], [3]]]}},
        {"geometry": {"type": "Polygon", "coordinates": [[["a", "b"]]]}},
        {"geometry": {"type": "Polygon", "coordinates": {"x": 1}}},
        {"geometry": square(500, 500, 501, 501)},
        {"geometry": square(0, 0, 1, 1), "year": "x"},
        {"geometry": square(0, 0, 1, 1), "year": 0},
        '{"geometry": {"type": "Polygon", "coordinates": [[[1e999, 0], [1, 0], [1, 1], [1e999, 0]]]}}',
        "not json",
        "[]",
        "",
    ],
)
@pytest.mark.usefixtures("known")
def test_a_bad_polygon_is_an_error_with_words_and_never_a_failure(signed_in: SignIn, body: Any) -> None:
    response = post(signed_in("evaluation_officer"), body)
    assert response.status_code == 422
    assert any("\u4e00" <= letter <= "\u9fff" for letter in response.json()["message"])


@pytest.mark.usefixtures("known")
def test_an_answer_in_english_has_the_same_facts_and_tag_with_what_they_are_called(signed_in: SignIn) -> None:
    client = signed_in("evaluation_officer")
    chinese = client.get(f"/api/parcels/{P1}")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    english = client.get(f"/api/parcels/{P1}")
    words = english.json()["words"]
    assert english.json() == chinese.json() | {"words": words}
    assert chinese.json()["words"] == {}
    assert words["工业用地"] == "Industrial land"
    assert words["亩均税收"] == "Tax per mu"
    assert english["ETag"] == chinese["ETag"]
    assert all("Cookie" in answer["Vary"] for answer in (english, chinese))
