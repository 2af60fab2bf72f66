"""What would come out otherwise: findings and cases before and after, the same in the file, and nothing stored."""

from __future__ import annotations

import io
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from python_calamine import CalamineWorkbook

from landgis.access.queries import Actor
from landgis.audit.models import AuditEvent
from landgis.counties.models import County, Parameter
from parcels.disposal.models import IdleCase
from parcels.idle_land.models import IdleScreening
from parcels.parameters.otherwise import compare
from tests import factories
from tests.factories import SignIn
from tests.parcels.disposal.test_published import case
from tests.parcels.disposal.walks import PAID, TO_DECISION, Walk
from tests.parcels.parameters.test_pages import KNOWN, LAW, ahead, photo

PAGE = "/idle-land/what-if/"


@pytest.fixture
def land(county: County) -> None:
    """合西 not started since 2024-06-01, 合东 since 2021-03-01, and a case of the latter's kind that was decided."""
    west = factories.parcel(county, "A1", factories.box(0, 0, 1, 1))
    east = factories.parcel(county, "B1", factories.box(60, 0, 61, 1), town_code=factories.TOWN_EAST)
    factories.contract(county, "合西", west, agreed_start=date(2024, 6, 1))
    factories.contract(county, "合东", east, agreed_start=date(2021, 3, 1))


def ask(client: Client, **asked: str) -> str:
    answer = client.get(PAGE, {"on": "2026-01-01"} | asked)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def test_findings_before_and_after_with_article_and_arithmetic(land: None, signed_in: SignIn) -> None:
    client = signed_in("idle_land_officer")
    blank = ask(client)
    assert "请填写要试算的新值" in blank
    page = ask(client, **{LAW: "2"})
    assert "合西" in page
    assert "合东" not in page
    for told in (
        "疑似闲置（满期未动工）",
        "逾期未动工",
        "疑似闲置（满期未动工） → 逾期未动工",
        "第二条第一款",
        "2025-06-03",
        "2026-06-01",
    ):
        assert told in page, told
    assert "1 → <b>2</b>" in page
    assert "请填写要试算的新值" in ask(client, **{LAW: "1"}), "the value of today changes nothing"


def test_a_value_that_begins_later_changes_nothing_before(land: None, signed_in: SignIn) -> None:
    client = signed_in("idle_land_officer")
    assert "共 0 项" in ask(client, **{LAW: "2", "since": "2026-01-02"})
    assert "共 1 项" in ask(client, **{LAW: "2", "since": "2026-01-01"})


def test_steps_and_clocks_of_cases_before_and_after(county: County, cast: dict[str, Actor]) -> None:
    case(county, 1, Walk().along(TO_DECISION).steps)
    on, officer = date(2024, 6, 5), cast["idle_land_officer"]
    found = compare(county, officer, on, {KNOWN: {"amount": 60, "unit": "day"}})
    (clock,) = found.rows
    assert (clock.what, clock.case_no, clock.article) == (
        "案件期限",
        "〔2024〕闲置001",
        "《闲置土地处置办法》第十七条",
    )
    assert clock.reason == "期限 30 日 → 60 日"
    assert clock.before < clock.after
    dearer = compare(county, officer, on, {"idle_land.fee_rate": "0.25"})
    (step,) = [row for row in dearer.rows if row.what == "案件步骤"]
    assert (step.before, step.after) == ("可以办理", "不能办理")
    assert "应为" in step.reason or step.reason
    assert compare(county, officer, date(2024, 2, 1), {"idle_land.fee_rate": "0.25"}).rows == []
    assert compare(county, officer, on, {}).rows == []


def test_the_file_holds_the_page_and_nothing_else_is_written(land: None, signed_in: SignIn) -> None:
    client = signed_in("idle_land_officer")
    before = (Parameter.objects.count(), IdleScreening.objects.count(), IdleCase.objects.count())
    answer = client.get(f"{PAGE}list.xlsx", {"on": "2026-01-01", LAW: "2"})
    table = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    told = str(table)
    for expected in ("合西", "逾期未动工", "试算参数：未动工满几年构成闲置：1 → 2"):
        assert expected in told, expected
    assert "合东" not in told
    assert before == (Parameter.objects.count(), IdleScreening.objects.count(), IdleCase.objects.count())
    assert AuditEvent.objects.filter(action="export_what_if").count() == 1


def test_rights_and_territory(land: None, signed_in: SignIn, client: Client) -> None:
    assert client.get(PAGE)["Location"].startswith("/login/")
    assert signed_in("agency").get(PAGE).status_code == 403
    assert signed_in("system_admin").get(PAGE).status_code == 403
    town = signed_in("township_officer")
    assert "合西" in ask(town, **{LAW: "2"})
    assert "合东" not in ask(town, **{"idle_land.delivery_grace_years": "2", LAW: "9"})
    assert signed_in("leader").get(f"{PAGE}list.xlsx", {LAW: "2"}).status_code == 403


@pytest.mark.parametrize(
    "asked",
    [
        {LAW: "0"},
        {LAW: "两年"},
        {"on": "昨天"},
        {"since": "x"},
        {KNOWN: "30"},
        {"disposal.cause_classes": "E9 = x"},
    ],
)
def test_nonsense_is_told(land: None, signed_in: SignIn, asked: dict[str, str]) -> None:
    client = signed_in("idle_land_officer")
    answer = client.get(PAGE, {"on": "2026-01-01"} | asked)
    assert answer.status_code == 422
    assert "messages" in answer.content.decode()
    assert client.get(f"{PAGE}list.xlsx", {"on": "2026-01-01"} | asked).status_code == 400


@pytest.mark.parametrize("on", ["0001-01-01", "1990-01-01", "2100-12-31", "9999-12-31"])
def test_no_day_breaks_the_page(land: None, signed_in: SignIn, on: str) -> None:
    client = signed_in("idle_land_officer")
    for address in (PAGE, f"{PAGE}list.xlsx"):
        assert client.get(address, {"on": on, LAW: "10"}).status_code in (200, 400, 409, 422)


def test_the_effect_is_shown_before_a_successor_is_saved(land: None, signed_in: SignIn) -> None:
    newest = Parameter.objects.get(key=LAW)
    sent: dict[str, Any] = {
        "value": "10", "valid_from": str(ahead()), "certainty": "law", "basis": "文件", "reason": "试", "preview": "1",
        "follows": newest.pk, "confirmed": "《闲置土地处置办法》第二条第一款",
    }  # fmt: skip
    answer = signed_in("system_admin").post(f"/parameters/{LAW}/", sent)
    page = unescape(answer.content.decode())
    assert answer.status_code == 200
    assert "保存前的影响" in page
    assert "结果不同的共 2 项" in page
    assert "合西" not in page, "an administrator without the map sees counts only"
    assert Parameter.objects.filter(key=LAW).count() == 1
    refused = signed_in("system_admin").post(f"/parameters/{LAW}/", sent | {"value": "0"})
    assert refused.status_code == 422


def test_a_case_is_replayed_under_the_rules_of_each_day_and_todays(county: County, signed_in: SignIn) -> None:
    made = case(county, 1, Walk().along(PAID).steps)
    client, address = signed_in("idle_land_officer"), f"/idle-land/cases/{made.pk}/replay"
    page = unescape(client.get(address).content.decode())
    assert "结果不同的 0 步" in page
    newest = Parameter.objects.get(key=KNOWN)
    sent: dict[str, Any] = {
        "value": "60 日", "valid_from": "2025-01-01", "certainty": "know", "basis": "文件", "reason": "改",
        "follows": newest.pk, "backdated": "on", "file": photo(),
    }  # fmt: skip
    assert client.post(f"/parameters/{KNOWN}/", sent).status_code == 302
    page = unescape(client.get(address).content.decode())
    assert "结果不同的 1 步" in page
    assert "·2025-01-01修订" in page
    assert "履行决定的期限" in page
    assert "与今日不同 1 项" in page
    answer = client.get(f"{address}.xlsx")
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    assert book.sheet_names == ["步骤", "参数"]
    assert "60 日" in str(book.get_sheet_by_index(1).to_python())
    assert signed_in("agency").get(address).status_code == 403
    assert signed_in("leader").get(f"{address}.xlsx").status_code == 403
    assert client.get("/idle-land/cases/999999/replay").status_code == 404


def test_a_case_of_another_town_isnt_replayed(county: County, signed_in: SignIn) -> None:
    made = case(county, 1, Walk().along(PAID).steps, town=factories.TOWN_EAST)
    assert signed_in("township_officer").get(f"/idle-land/cases/{made.pk}/replay").status_code == 404


def test_many_cases_are_asked_for_as_often_as_few(land: None, county: County, signed_in: SignIn) -> None:
    client = signed_in("idle_land_officer")
    first = case(county, 1, Walk().along(PAID).steps)
    asked = {"on": f"{timezone.localdate()}", LAW: "9", KNOWN: "60 日"}

    def count(address: str, **stated: str) -> int:
        with CaptureQueriesContext(connection) as asked_for:
            client.get(address, stated)
        return len(asked_for)

    few = count(PAGE, **asked), count(f"/idle-land/cases/{first.pk}/replay")
    for number in range(2, 22):
        case(county, number, Walk().along(PAID).steps)
    many = count(PAGE, **asked), count(f"/idle-land/cases/{first.pk}/replay")
    assert many == few
    assert max(many) < 40
