"""The land-states page over HTTP: lists and states as of a day, explained, filtered, handed on; and who may not."""

from __future__ import annotations

import io
import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from landgis.audit.models import AuditEvent
from landgis.counties.models import County
from parcels.supply.fact_actions import store_batch
from tests import factories, factories_parcels
from tests.factories import SignIn

PAGE = "/land-states/"
ON = "2025-12-31"


@pytest.fixture
def land(county: County) -> None:
    west = factories.parcel(county, "A1", factories.box(0, 0, 3, 3))
    east = factories.parcel(county, "B1", factories.box(60, 0, 63, 3), town_code=factories.TOWN_EAST)
    factories.contract(county, "合西", west, agreed_start=date(2025, 3, 1))
    half = factories.contract(
        county, "合东", east, agreed_start=date(2021, 3, 1), actual_start=date(2021, 3, 1),
        agreed_completion=date(2023, 3, 1), review_due=date(2023, 9, 1), land_to_develop_m2=Decimal(1000),
    )  # fmt: skip
    factories.progress(half, date(2024, 1, 1), developed_area_m2=Decimal(500))
    factories.contract(county, "合无期")


def read(client: Client, **asked: str) -> str:
    answer = client.get(PAGE, {"on": ON} | asked)
    assert answer.status_code == 200
    # A secret may spell anything, a parcel's code too.
    return re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]*"', "", answer.content.decode())


def test_each_list_holds_its_phases_and_explains_them(land: None, signed_in: SignIn) -> None:
    client = signed_in("idle_land_officer")
    unused = read(client, list="b")
    assert "合西" in unused
    assert "合东" not in unused
    assert "约定动工 2025-03-01，逾期未动工" in unused
    late = read(client, list="c")
    assert "合东" in late
    assert "已开发 500 平方米，应开发 1000 平方米" in late
    assert "复核验收应于 2023-09-01 前完成" in late
    assert "合东" in read(client, list="unreviewed")
    assert "合西" not in read(client, list="built_idle")
    assert "合西" not in read(client, list="b", on="2025-03-01")


def test_what_cant_be_judged_is_counted_apart_and_names_the_missing_fact(
    land: None, signed_in: SignIn
) -> None:
    client = signed_in("idle_land_officer")
    assert "另有 1 宗资料不足" in read(client, list="supplied_unused")
    unknown = read(client, list="supplied_unused", unknown="on")
    assert "合无期" in unknown
    assert "缺少约定动工日期、实际交地日期" in unknown
    assert "合西" not in unknown


def test_list_a_and_unsupplied_ground_have_their_pages(
    land: None, signed_in: SignIn, county: County, cast: dict[str, Any]
) -> None:
    factories_parcels.taxes(county, 2024, {"A1": 1.0, "B1": 9.0})
    store_batch(
        county=county, actor=cast["registrar"], batch_no="批9", approved_on=date(2020, 1, 1),
        geom_4490=factories.box(9, 0, 10, 1), source="批文", reason="导入",
    )  # fmt: skip
    client = signed_in("idle_land_officer")
    clusters = read(client, list="a")
    assert "A1" in clusters
    assert "B1" not in clusters
    assert "批9" in read(client, list="unsupplied")
    refused = signed_in("township_officer").get(PAGE, {"on": ON, "list": "unsupplied"})
    assert refused.status_code == 403
    assert "镇街账号不能办理全县业务" in refused.content.decode()


def test_filters_narrow_and_nonsense_is_told(land: None, signed_in: SignIn) -> None:
    client = signed_in("idle_land_officer")
    assert "合西" not in read(client, list="b", town=factories.TOWN_EAST)
    assert "合西" not in read(client, list="b", q="没有")
    assert "合西" in read(client, list="b", q="a1")
    for wrong in ({"on": "昨天"}, {"list": "x"}, {"town": "x"}):
        answer = client.get(PAGE, {"on": ON} | wrong)
        assert answer.status_code == 422
        assert "messages" in answer.content.decode()
        assert client.get(f"{PAGE}list.xlsx", {"on": ON} | wrong).status_code == 400
    assert client.get(PAGE).status_code == 200


def test_the_files_hold_what_the_page_shows(land: None, signed_in: SignIn) -> None:
    client = signed_in("idle_land_officer")
    content = client.get(f"{PAGE}list.xlsx", {"on": ON, "list": "b"}).getvalue()
    text = str(CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python())
    for told in (
        "清单（二）供而未用、建设期投资不足",
        "截止日期：2025-12-31",
        "合西",
        "逾期未动工",
        "合计（1 宗）",
    ):
        assert told in text, told
    assert "合东" not in text
    html = client.get(f"{PAGE}map.html", {"on": ON, "list": "b"}).content.decode()
    assert '"A1"' in html
    assert not re.search(r"""<(?:script|link|img|iframe)[^>]+(?:src|href)=["']?(?:https?:)?//""", html)
    assert AuditEvent.objects.filter(action="export_land_states").count() == 2


def test_rights_and_territory(land: None, signed_in: SignIn, client: Client) -> None:
    town = signed_in("township_officer")
    assert "合东" not in read(town, list="c")
    text = str(town.get(f"{PAGE}list.xlsx", {"on": ON, "list": "c"}).getvalue())
    assert "合东" not in text
    assert client.get(PAGE)["Location"].startswith("/login/")
    assert signed_in("audit_admin").get(PAGE).status_code == 403
    assert signed_in("leader").get(f"{PAGE}list.xlsx").status_code == 403
    assert signed_in("agency").get(f"{PAGE}list.xlsx").status_code == 403


def test_the_page_asks_a_fixed_number_of_times(
    land: None, signed_in: SignIn, county: County, django_assert_max_num_queries: Any
) -> None:
    for i in range(20):
        factories.contract(county, f"多{i}", agreed_start=date(2023, 3, 1))
    client = signed_in("idle_land_officer")
    with django_assert_max_num_queries(26):
        read(client, list="b")
