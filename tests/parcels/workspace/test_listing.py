"""GET /api/parcels: every filter and order, over all parcels of the actor's territory and no others."""

from typing import Any

import pytest

from landgis.counties.models import County
from tests.factories import ORIGIN, TOWN_EAST, SignIn, box, parcel

P1, P2, P3, P4 = (
    "990001100001GB00001",
    "990001100001GB00002",
    "990001101001GB00003",
    "990001101001GB00004",
)


def listed(signed_in: SignIn, role: str = "evaluation_officer", **query: Any) -> dict[str, Any]:
    response = signed_in(role).get("/api/parcels", query)
    assert response.status_code == 200, response.content
    return dict(response.json())


def codes(signed_in: SignIn, **query: Any) -> list[str]:
    return [item["code"] for item in listed(signed_in, **query)["items"]]


@pytest.mark.usefixtures("known")
def test_a_row_holds_what_the_list_shows(signed_in: SignIn) -> None:
    page = listed(signed_in)
    assert (page["total"], page["page"], page["year"]) == (4, 1, 2023)
    row = page["items"][0]
    assert row["code"] == P1
    assert (row["holder"], row["town_code"], row["town_name"]) == ("示意纺织有限公司", "990001100", "甲镇")
    assert row["area_mu"] == 15.0
    assert row["tax_per_mu"] == pytest.approx(4.0)
    assert (row["finding"], row["restricted"]) == ("clear", False)
    x, y = ORIGIN
    assert row["bbox"] == pytest.approx([x + 0.001, y + 0.001, x + 0.002, y + 0.002])


@pytest.mark.usefixtures("known")
def test_the_total_is_of_all_that_match(signed_in: SignIn) -> None:
    page = listed(signed_in, page_size=1, town=TOWN_EAST, land_class="0604")
    assert (page["total"], len(page["items"])) == (1, 1)
    assert page["area_mu"] == 15.0


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, [P1, P2, P3, P4]),
        ({"town": TOWN_EAST}, [P3, P4]),
        ({"land_class": "0604"}, [P3]),
        ({"q": "990001100001GB0000"}, [P1, P2]),
        ({"q": "990001 101001 GB00003"}, [P3]),
        ({"q": "990001101001gb00003W00000000"}, [P3]),
        ({"q": "电子"}, [P2]),
        ({"q": "示意物流有限公司"}, [P3]),
        ({"q": "工业路"}, [P1, P2]),
        ({"q": "路2"}, [P2]),
        ({"q": "100%"}, [P3]),
        ({"q": "%"}, [P3]),
        ({"q": "_"}, []),
        ({"q": "\\"}, []),
        ({"q": "没有"}, []),
        ({"finding": "idle_not_started"}, [P3]),
        ({"finding": "clear"}, [P1]),
        ({"finding": "overdue"}, []),
        ({"min_tax_per_mu": 3}, [P1, P3]),
        ({"max_tax_per_mu": 3}, [P2]),
        ({"min_tax_per_mu": 1, "max_tax_per_mu": 3}, [P2]),
        ({"bbox": "120.0145,29.3005,120.0165,29.3015"}, [P3]),
        ({"bbox": "120.5,29.3,120.6,29.4"}, []),
        ({"sort": "-code"}, [P4, P3, P2, P1]),
        ({"sort": "-area_mu"}, [P2, P1, P3, P4]),
        ({"sort": "area_mu"}, [P4, P1, P3, P2]),
        # P1 has 4, P3 3, P2 1 万元/亩; what has none comes last either way.
        ({"sort": "tax_per_mu"}, [P2, P3, P1, P4]),
        ({"sort": "-tax_per_mu"}, [P1, P3, P2, P4]),
        ({"sort": "-town"}, [P3, P4, P1, P2]),
        ({"page": 2, "page_size": 3}, [P4]),
        ({"page": 9}, []),
        ({"year": 2019, "sort": "tax_per_mu"}, [P1, P2, P3, P4]),
        (
            {
                "q": "路",
                "town": TOWN_EAST,
                "finding": "idle_not_started",
                "min_tax_per_mu": 1,
                "sort": "-tax_per_mu",
            },
            [P3],
        ),
    ],
)
@pytest.mark.usefixtures("known")
def test_filters_and_orders(signed_in: SignIn, query: dict[str, Any], found: list[str]) -> None:
    assert codes(signed_in, **query) == found


@pytest.mark.usefixtures("known")
def test_a_year_without_a_run_has_no_figures(signed_in: SignIn) -> None:
    assert {item["tax_per_mu"] for item in listed(signed_in, year=2019)["items"]} == {None}


@pytest.mark.usefixtures("known")
def test_a_township_officer_sees_the_own_town_alone(signed_in: SignIn) -> None:
    page = listed(signed_in, "township_officer")
    assert [item["code"] for item in page["items"]] == [P1, P2]
    assert (page["total"], page["area_mu"]) == (2, 45.0)
    assert listed(signed_in, "township_officer", town=TOWN_EAST)["total"] == 0
    assert listed(signed_in, "township_officer", q="物流")["total"] == 0


@pytest.mark.parametrize("role", ["registrar", "township_officer", "idle_land_officer"])
@pytest.mark.usefixtures("known")
def test_firm_figures_are_for_those_cleared(signed_in: SignIn, role: str) -> None:
    for item in listed(signed_in, role)["items"]:
        assert (item["tax_per_mu"], item["restricted"]) == (None, True)
    queries: list[dict[str, Any]] = [{"sort": "-tax_per_mu"}, {"min_tax_per_mu": 2}, {"max_tax_per_mu": 2}]
    for query in queries:
        response = signed_in(role).get("/api/parcels", query)
        assert (response.status_code, response.json()["code"]) == (403, "forbidden"), query


@pytest.mark.parametrize("role", ["agency", "system_admin", "security_admin", "audit_admin"])
@pytest.mark.usefixtures("known")
def test_no_list_without_the_right_to_the_map(signed_in: SignIn, role: str) -> None:
    assert signed_in(role).get("/api/parcels").status_code == 403


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"page": "x"}, "page"),
        ({"page": 0}, "page"),
        ({"page_size": 501}, "page_size"),
        ({"min_tax_per_mu": "nan"}, "min_tax_per_mu"),
        ({"finding": "idle"}, "finding"),
        ({"sort": "holder"}, "sort"),
        ({"sort": "code; DROP TABLE x"}, "sort"),
        ({"bbox": "1,2,3"}, "bbox"),
        ({"bbox": "120,30,119,31"}, "bbox"),
        ({"bbox": "nan,nan,nan,nan"}, "bbox"),
        ({"year": 99999}, "year"),
        ({"q": "a\x00b"}, "q"),
        ({"q": "长" * 101}, "q"),
    ],
)
@pytest.mark.usefixtures("known")
def test_a_bad_parameter_is_named_in_chinese(signed_in: SignIn, query: dict[str, Any], field: str) -> None:
    response = signed_in("evaluation_officer").get("/api/parcels", query)
    assert response.status_code == 422
    said = response.json()
    assert said["field"] == field
    assert any("\u4e00" <= letter <= "\u9fff" for letter in said["message"])


def test_the_statements_do_not_grow_with_the_rows(
    known: County, signed_in: SignIn, django_assert_num_queries: Any
) -> None:
    client = signed_in("evaluation_officer")
    asked: list[tuple[dict[str, Any], int]] = [
        ({"sort": "-area_mu"}, 11),
        ({"q": "路", "page_size": 2}, 12),
        ({"q": "路", "min_tax_per_mu": 1, "sort": "-tax_per_mu"}, 14),
    ]
    client.get("/api/parcels")  # the first request also renews the session
    for query, statements in asked:
        with django_assert_num_queries(statements):
            client.get("/api/parcels", query)
    for number in range(10, 20):
        parcel(known, f"990001100001GB000{number}", box(number, 3, number + 1, 4), location="甲镇工业路")
    for query, statements in asked:
        with django_assert_num_queries(statements):
            client.get("/api/parcels", query)
    assert client.get("/api/parcels", {"q": "工业路"}).json()["total"] == 12


@pytest.mark.usefixtures("known")
def test_pages_by_tax_hold_every_parcel_once(signed_in: SignIn) -> None:
    """The page that runs from the valued parcels into those without a value included."""
    for size in (1, 2, 3):
        pages = [codes(signed_in, sort="-tax_per_mu", page=page, page_size=size) for page in range(1, 6)]
        assert [code for page in pages for code in page] == [P1, P3, P2, P4]
