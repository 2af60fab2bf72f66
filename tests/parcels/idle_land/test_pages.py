"""The idle-land list as an officer uses it: screen, filter, export; and who may not."""

import io
import re
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from python_calamine import CalamineWorkbook

from landgis.audit.models import AuditEvent
from landgis.counties.models import County
from parcels.idle_land.models import IdleFinding, IdleScreening
from tests import factories
from tests.factories import SignIn

ON = "2026-01-01"


@pytest.fixture
def contracts(county: County) -> None:
    west = factories.parcel(county, "A1", factories.box(0, 0, 1, 1))
    east = factories.parcel(county, "B1", factories.box(60, 0, 61, 1), town_code=factories.TOWN_EAST)
    factories.contract(county, "HT-西", west, agreed_start=date(2023, 3, 1))
    factories.contract(county, "HT-东", east, agreed_start=date(2025, 6, 1))
    factories.contract(county, "HT-无图")
    factories.contract(county, "HT-已建", agreed_start=date(2020, 1, 1), actual_start=date(2020, 2, 1))


def screened(client: Client) -> None:
    assert client.post("/idle-land/screen", {"on": ON, "reason": "月度筛查"}).status_code == 302


def test_screening_from_the_page_keeps_findings_with_author_and_reason(
    contracts: None, signed_in: SignIn
) -> None:
    screened(signed_in("idle_land_officer"))
    found = dict(IdleFinding.objects.values_list("phase__contract__contract_no", "finding"))
    assert found == {
        "HT-西": "idle_not_started", "HT-东": "overdue", "HT-无图": "undetermined", "HT-已建": "clear",
    }  # fmt: skip
    event = AuditEvent.objects.get(action="screen_idle")
    assert (event.actor, event.reason) == ("idle_land_officer", "月度筛查")


def test_the_page_lists_and_explains(contracts: None, signed_in: SignIn) -> None:
    client = signed_in("idle_land_officer")
    screened(client)
    page = client.get("/idle-land/").content.decode()
    assert "HT-西" in page
    assert "第二条第一款" in page
    assert "2024-03-01" in page
    assert "HT-已建" not in page
    assert "HT-东" not in client.get("/idle-land/?finding=idle_not_started").content.decode()
    assert "HT-西" not in client.get("/idle-land/?finding=nonsense").content.decode()


def test_who_may_not_export_isnt_offered_it(contracts: None, signed_in: SignIn) -> None:
    screened(signed_in("idle_land_officer"))
    assert "/idle-land/list.xlsx" in signed_in("idle_land_officer").get("/idle-land/").content.decode()
    page = signed_in("leader").get("/idle-land/").content.decode()
    assert "/idle-land/list.xlsx" not in page
    assert "/idle-land/map.html" not in page


def test_in_english_the_reasons_are_told_and_the_law_stands_beside_in_its_own_words(
    contracts: None, signed_in: SignIn
) -> None:
    client = signed_in("idle_land_officer")
    screened(client)
    kept = list(IdleFinding.objects.order_by("pk").values_list("article", "steps"))
    chinese = sheets(client.get("/idle-land/list.xlsx").getvalue())
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = client.get("/idle-land/").content.decode()
    reasons = re.findall(r'<ol class="steps">(.*?)</ol>', page)
    assert len(reasons) == 3
    assert "On 2026-01-01 the full year was over by 671 days" in page
    assert [one for one in reasons if re.search("[\u4e00-\u9fff]", one)] == []
    assert (
        'Idle Land, Art. 2 para. 1 <span lang="zh-Hans" class="text-secondary">《闲置土地处置办法》第二条第一款</span>'
        in page
    )
    # What is stored and what is handed on stay as they are, whoever reads.
    assert list(IdleFinding.objects.order_by("pk").values_list("article", "steps")) == kept
    assert sheets(client.get("/idle-land/list.xlsx").getvalue()) == chinese


def sheets(content: bytes) -> dict[str, Any]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_a_township_officer_sees_the_own_town_only_and_may_not_screen(
    contracts: None, signed_in: SignIn
) -> None:
    screened(signed_in("idle_land_officer"))
    client = signed_in("township_officer")
    page = client.get("/idle-land/").content.decode()
    assert "HT-西" in page
    assert "HT-东" not in page
    workbook = client.get("/idle-land/list.xlsx").getvalue()
    assert "HT-东" not in str(
        CalamineWorkbook.from_filelike(io.BytesIO(workbook)).get_sheet_by_index(0).to_python()
    )
    assert client.post("/idle-land/screen", {"on": ON, "reason": "x"}).status_code == 403
    assert IdleScreening.objects.count() == 1


def test_the_workbook_and_the_map_hold_what_the_page_shows(contracts: None, signed_in: SignIn) -> None:
    client = signed_in("idle_land_officer")
    screened(client)
    response = client.get("/idle-land/list.xlsx?finding=idle_not_started")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(response.getvalue())).get_sheet_by_index(0).to_python()
    text = str(rows)
    assert "疑似闲置土地清单" in text
    assert "HT-西" in text
    assert "HT-东" not in text
    assert "filename" in response["Content-Disposition"]
    html = client.get("/idle-land/map.html").content.decode()
    assert "A1" in html
    assert not re.search(r"""<(?:script|link|img|iframe)[^>]+(?:src|href)=["']?(?:https?:)?//""", html)
    assert AuditEvent.objects.filter(action="export_idle_list").count() == 2


def test_a_screening_without_reason_is_refused(contracts: None, signed_in: SignIn) -> None:
    response = signed_in("idle_land_officer").post("/idle-land/screen", {"on": ON, "reason": ""})
    assert response.status_code == 400
    assert not IdleScreening.objects.exists()


def test_the_page_asks_the_database_a_fixed_number_of_times(
    contracts: None, signed_in: SignIn, county: County, django_assert_max_num_queries: object
) -> None:
    client = signed_in("idle_land_officer")
    screened(client)
    for i in range(30):
        factories.contract(county, f"HT-{i:03}", agreed_start=date(2023, 3, 1))
    screened(client)
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        client.get("/idle-land/")
