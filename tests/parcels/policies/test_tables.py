"""Policy tables on a real database and over HTTP: versions, whom they affect, the list for the authority, rights."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import InternalError, transaction
from django.db.utils import ProgrammingError
from python_calamine import CalamineWorkbook

from landgis.access.queries import Actor
from landgis.audit.models import AuditEvent
from landgis.counties.models import County
from landgis.lib.errors import FieldErrors, Forbidden, Outdated
from parcels.enterprises.models import Enterprise
from parcels.policies.actions import record_table
from parcels.policies.models import PolicyRate, PolicyTable
from parcels.policies.queries import affected, tables
from parcels.policies.rules import AMOUNT, FACTOR, Rate, issues
from tests import factories
from tests.factories import SignIn
from tests.parcels.grading.conftest import firms, officer
from tests.parcels.low_efficiency.making import final_years

__all__ = ["firms", "officer"]
TODAY = date(2026, 6, 1)
LAST = Rate("差", AMOUNT, Decimal("0.1"), "元/千瓦时")
BEST = Rate("好", FACTOR, Decimal("0.8"))
REFUSED = (InternalError, ProgrammingError)


def recorded(county: County, actor: Actor, *rates: Rate, **told: Any) -> PolicyTable:
    asked: dict[str, Any] = {
        "instrument": "electricity", "year": 2023, "valid_from": date(2024, 7, 1), "authority": "供电公司", "basis": "某文件",
        "based_on": 0, "today": TODAY, "reason": "编制",
    }  # fmt: skip
    return record_table(county=county, actor=actor, rates=rates, **(asked | told))


@pytest.fixture
def graded(county: County, firms: list[Enterprise], officer: Actor) -> list[Enterprise]:
    final_years(county, officer, 2023)
    return firms


@pytest.mark.parametrize(
    ("rate", "told"),
    [
        (Rate("D", FACTOR, Decimal(1)), "没有“D”档"),
        (Rate("", FACTOR, Decimal(1)), "填写档次"),
        (Rate("好", FACTOR, Decimal(-1)), "不能为负"),
        (Rate("好", FACTOR, Decimal(1), "元"), "不填写计量单位"),
        (Rate("好", AMOUNT, Decimal(1)), "填写计量单位"),
        (Rate("好", "x", Decimal(1)), "倍数或者单位金额"),
        (Rate("好", FACTOR, Decimal(1), industry="C17"), "行业"),
    ],
)
def test_a_wrong_row_is_told_by_its_number(rate: Rate, told: str) -> None:
    found = issues([BEST, rate], ("好", "中", "差"))
    assert any("第 2 行" in issue["message"] and told in issue["message"] for issue in found)


def test_a_rate_in_words_bills_nobody() -> None:
    assert [rate.told for rate in (LAST, BEST, Rate("中", AMOUNT, Decimal("-2.50"), "元/㎡"))] == [
        "加收 0.1 元/千瓦时", "按 0.8 倍", "减收 2.5 元/㎡",
    ]  # fmt: skip


def test_the_longest_industry_code_goes_before_the_rate_of_all(
    county: County, graded: list[Enterprise], officer: Actor
) -> None:
    with factories.writing(county):
        Enterprise.objects.filter(pk=graded[0].pk).update(industry_code="C1711")
    table = recorded(
        county, officer, LAST, BEST, Rate("好", FACTOR, Decimal("0.5"), industry="17"),
        Rate("好", FACTOR, Decimal("0.6"), industry="1712"),
    )  # fmt: skip
    rows = affected(county, officer, table, TODAY) or []
    told = {row.name: row.rate.told for row in rows}
    assert told["企业0"] == "按 0.5 倍"
    assert told["企业4"] == "加收 0.1 元/千瓦时"
    assert "企业2" not in told
    (row,) = tables(county, officer, TODAY)
    assert row.firms == len(rows)


def test_a_year_that_is_not_final_affects_nobody_yet(county: County, officer: Actor) -> None:
    table = recorded(county, officer, LAST)
    assert affected(county, officer, table, TODAY) is None
    assert tables(county, officer, TODAY)[0].firms is None


@pytest.mark.usefixtures("graded")
def test_a_change_is_the_next_version_and_the_earlier_one_stays(county: County, officer: Actor) -> None:
    first = recorded(county, officer, LAST)
    with pytest.raises(Outdated):
        recorded(county, officer, BEST)
    second = recorded(county, officer, based_on=1)
    assert second.seq == 2
    assert affected(county, officer, second, TODAY) == []
    assert len(affected(county, officer, first, TODAY) or []) > 0
    for model in (PolicyTable, PolicyRate):
        with pytest.raises(REFUSED), transaction.atomic(), factories.writing(county):
            model.objects.update(change_id=0)
    with pytest.raises(FieldErrors, match="档"):
        recorded(county, officer, Rate("D", FACTOR, Decimal(1)), based_on=2)


def test_a_town_sees_its_own_firms_and_writes_nothing(
    county: County, graded: list[Enterprise], officer: Actor, cast: dict[str, Actor]
) -> None:
    table = recorded(county, officer, LAST, BEST)
    own = affected(county, cast["township_officer"], table, TODAY) or []
    assert {row.town for row in own} == {"甲镇"}
    with pytest.raises(Forbidden):
        recorded(county, cast["township_officer"], LAST, based_on=1)


@pytest.mark.usefixtures("graded")
def test_the_pages_make_a_version_and_hand_out_the_list(signed_in: SignIn) -> None:
    browser = signed_in("evaluation_officer")
    assert browser.get("/policy/edit?instrument=electricity&year=2023").status_code == 200
    form = {
        "instrument": "electricity", "year": 2023, "valid_from": "2024-07-01", "authority": "供电公司", "basis": "文件",
        "reason": "编制", "based_on": 0, "rates-TOTAL_FORMS": 2, "rates-INITIAL_FORMS": 0, "rates-0-grade": "差",
        "rates-0-kind": "amount", "rates-0-value": "0.1", "rates-0-unit": "元/千瓦时", "rates-1-kind": "factor",
    }  # fmt: skip
    assert browser.post("/policy/edit", form | {"rates-0-grade": "D"}).status_code == 422
    assert browser.post("/policy/edit", form | {"rates-0-value": ""}).status_code == 422
    assert browser.post("/policy/edit", form | {"rates-TOTAL_FORMS": "x"}).status_code == 422
    assert browser.post("/policy/edit", form).status_code == 302
    assert browser.post("/policy/edit", form).status_code == 412
    table = PolicyTable.objects.get()
    page = browser.get(f"/policy/{table.pk}/").content.decode()
    assert "加收 0.1 元/千瓦时" in page
    assert "企业4" in page
    assert browser.get("/policy/").status_code == 200
    book = CalamineWorkbook.from_filelike(io.BytesIO(browser.get(f"/policy/{table.pk}/list.xlsx").content))
    rows = book.get_sheet_by_index(0).to_python()
    assert "企业4" in str(rows)
    assert "不计算应缴金额" in str(rows)
    assert AuditEvent.objects.filter(action="export_policy_list").exists()
    assert signed_in("idle_land_officer").post("/policy/edit", form).status_code == 403
    assert signed_in("agency").get("/policy/").status_code == 403
    assert browser.get("/policy/999999/").status_code == 404
