"""Cases over HTTP as an officer runs them: opened, walked to 销号, refused in words, taken back; and who may not."""

from __future__ import annotations

import io
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from landgis.access.queries import Actor
from landgis.audit.models import AuditEvent
from landgis.counties.models import County
from parcels.disposal.models import CaseStep, IdleCase
from parcels.idle_land.models import IdleFinding
from tests import factories
from tests.factories import SignIn
from tests.parcels.disposal.desks import Browser, suspicion
from tests.parcels.disposal.walks import PAID, TO_FINDING

STATEMENTS = 45


@pytest.fixture
def finding(county: County, cast: dict[str, Actor]) -> IdleFinding:
    return suspicion(county, cast["idle_land_officer"])


@pytest.fixture
def desk(signed_in: SignIn, finding: IdleFinding) -> Browser:
    return Browser(signed_in("idle_land_officer"), finding)


def test_the_suspicion_has_a_button_that_opens_one_case(signed_in: SignIn, finding: IdleFinding) -> None:
    client = signed_in("idle_land_officer")
    assert f"/idle-land/cases/open?finding={finding.pk}" in client.get("/idle-land/").content.decode()
    assert "季度筛查" not in client.get(f"/idle-land/cases/open?finding={finding.pk}").content.decode()
    desk = Browser(client, finding)
    assert desk.case.case_no in desk.text("/idle-land/")
    again = client.post(
        "/idle-land/cases/open",
        {
            "finding": finding.pk,
            "on": "2024-03-02",
            "officer": "idle_land_officer",
            "source": "x",
            "reason": "y",
        },
    )
    assert again.status_code == 409
    assert "该期已有未销号的案件" in again.content.decode()
    assert client.get("/idle-land/cases/open?finding=x").status_code == 404


def test_a_whole_case_from_suspicion_to_closing_over_http(desk: Browser) -> None:
    desk.along(PAID[1:-2])
    page = desk.text()
    assert "× 0.20 = " in page
    decision = CaseStep.objects.get(stage="fee_decision")
    booked = desk.client.post(
        f"{desk.address}receipts",
        {"receipt_no": "税1", "paid_on": "2024-06-05", "amount_yuan": "2000000.00", "reason": "入账"},
    )
    assert booked.status_code == 302
    desk.along([*PAID[-2:], ("closed", date(2025, 4, 30))])
    desk.case.refresh_from_db()
    assert desk.case.closed_on == date(2025, 4, 30)
    page = desk.text()
    assert "已销号" in page
    assert decision.document_no in page
    assert AuditEvent.objects.filter(action="case_closed", actor="idle_land_officer").exists()
    assert "已销号" in desk.text("/idle-land/cases/?due=closed")
    assert desk.case.case_no not in desk.text("/idle-land/cases/?due=open").split("<tbody>")[1]


def test_a_refused_step_says_every_reason_beside_what_was_written(desk: Browser) -> None:
    answer = desk.post("finding", date(2024, 4, 8))
    text = unescape(answer.content.decode())
    assert answer.status_code == 409
    assert "依法不能办理" in text
    assert "尚未办理“调查通知”" in text
    assert "第五条" in text
    assert 'value="王专管"' in text
    assert CaseStep.objects.count() == 1


@pytest.mark.parametrize(
    ("stage", "facts", "said"),
    [
        ("investigation_notice", {"on": "2099-01-01"}, "晚于今天"),
        ("investigation_notice", {"on": "x"}, "日期"),
        ("investigation_notice", {"on": "2024-03-11"}, "应填写文号"),
        ("inquiry", {"on": "2024-03-11", "fact_persons": "甲"}, "笔录摘要"),
        ("service", {"on": "2024-03-11", "fact_of": "77"}, "77"),
    ],
)
def test_wrong_entries_come_back_with_their_message(
    desk: Browser, stage: str, facts: dict[str, str], said: str
) -> None:
    sent = {f"{stage}-person": "王", f"{stage}-reason": "办理"} | {
        f"{stage}-{name}": value for name, value in facts.items()
    }
    answer = desk.client.post(f"{desk.address}steps/{stage}", sent)
    assert answer.status_code == 422
    assert said in unescape(answer.content.decode())
    assert CaseStep.objects.count() == 1


def test_the_page_offers_what_is_allowed_and_says_why_the_rest_is_not(desk: Browser) -> None:
    page = desk.text()
    assert 'id="stage-investigation_notice"' in page
    assert 'id="stage-fee_decision"' not in page
    assert 'id="closed-fee_decision"' in page
    assert "当日不计，期限 30 日" in page
    desk.along(TO_FINDING[1:])
    page = desk.text()
    assert "可选的处置方式" in page
    assert 'id="stage-scheme"' in page


def test_the_last_step_is_reversed_with_a_reason_and_stays_struck_through(desk: Browser) -> None:
    desk.along(TO_FINDING[1:3])
    assert desk.client.post(f"{desk.address}reverse/2", {"reason": "登记有误"}).status_code == 302
    assert "以此步骤为前提" in desk.text()
    desk.client.post(f"{desk.address}reverse/3", {"reason": "回证有误"})
    assert CaseStep.objects.filter(stage="reversal").count() == 1
    page = desk.text()
    assert 'class="undone"' in page
    assert "回证有误" in page
    desk.client.post(f"{desk.address}reverse/2", {"reason": ""})
    assert CaseStep.objects.filter(stage="reversal").count() == 1


@pytest.mark.parametrize("role", ["township_officer", "leader", "registrar"])
def test_others_read_and_may_not_act(desk: Browser, signed_in: SignIn, role: str) -> None:
    client = signed_in(role)
    page = unescape(client.get(desk.address).content.decode())
    assert "办理经过" in page
    assert "/steps/" not in page
    assert "立案</a>" not in client.get("/idle-land/").content.decode()
    for address in ("steps/investigation_notice", "reverse/1", "officer", "receipts", "issue/finding"):
        assert client.post(f"{desk.address}{address}", {"reason": "x"}).status_code == 403
    assert CaseStep.objects.count() == 1


def test_another_towns_case_is_not_there(desk: Browser, county: County, signed_in: SignIn) -> None:
    with factories.writing(county):
        IdleCase.objects.update(town_code=factories.TOWN_EAST)
    client = signed_in("township_officer")
    assert client.get(desk.address).status_code == 404
    assert client.get(f"{desk.address}papers.zip").status_code == 404
    assert desk.case.case_no not in client.get("/idle-land/cases/").content.decode()
    assert desk.case.case_no not in client.get("/idle-land/deadlines/").content.decode()


def test_nobody_gets_in_without_signing_in_or_without_the_token_of_the_form(
    desk: Browser, county: County
) -> None:
    assert Client().get(desk.address).status_code == 302
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(factories.person(county, "idle_land_officer"))
    assert strict.post(f"{desk.address}reverse/1", {"reason": "x"}).status_code == 403
    assert desk.client.get(f"{desk.address}reverse/1").status_code == 405
    assert desk.client.post(f"{desk.address}steps/party", {}).status_code == 404


def test_the_list_filters_and_exports_the_same_rows(desk: Browser) -> None:
    for query in ("stage=suspicion", "officer=idle_land_officer", "town=990001100", "due=overdue", "q=示意"):
        assert desk.address in desk.text(f"/idle-land/cases/?{query}"), query
    for query in ("due=soon", "q=没有的", "town=990001101", "stage=nonsense"):
        assert desk.address not in desk.text(f"/idle-land/cases/?{query}"), query
    answer = desk.client.get("/idle-land/cases/list.xlsx?q=示意")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0)
    rows = sheet.to_python()
    assert rows[3][0] == desk.case.case_no
    assert AuditEvent.objects.filter(action="export_cases").exists()


def test_a_case_is_handed_over_to_somebody_who_may(desk: Browser, county: County) -> None:
    factories.person(county, "idle_land_officer", "second")
    desk.client.post(f"{desk.address}officer", {"officer": "nobody", "reason": "调岗"})
    assert "不是本县的闲置土地专管员" in desk.text()
    desk.client.post(f"{desk.address}officer", {"officer": "second", "reason": "调岗"})
    desk.case.refresh_from_db()
    assert desk.case.officer == "second"


def test_pages_take_a_fixed_number_of_statements(desk: Browser, django_assert_max_num_queries: Any) -> None:
    desk.along(PAID[1:-2])
    with django_assert_max_num_queries(STATEMENTS):
        desk.text()
    with django_assert_max_num_queries(25):
        desk.text("/idle-land/cases/")
