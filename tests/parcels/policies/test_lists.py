"""Frozen lists of policies on a real database and over HTTP: numbers, hashes, quantities, amounts, corrections, rights."""

from __future__ import annotations

import hashlib
import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import InternalError, transaction
from django.db.utils import ProgrammingError
from python_calamine import CalamineWorkbook

from landgis.access.queries import Actor
from landgis.counties.models import County
from landgis.lib.errors import Conflict, Forbidden, InputError
from parcels.enterprises.models import Enterprise
from parcels.policies.lists import freeze_list, is_intact, list_of, listed_rows
from parcels.policies.models import PolicyList, PolicyTable
from parcels.policies.rules import AMOUNT, FACTOR, Quantity, Rate, money_of
from parcels.returns.models import EnergyMonth
from tests import factories
from tests.factories import SignIn
from tests.parcels.grading.conftest import firms, officer
from tests.parcels.low_efficiency.making import final_years
from tests.parcels.policies.test_tables import recorded

__all__ = ["firms", "officer"]
TODAY = date(2026, 6, 1)
LAST_FIRM = "913307820000000004"
LAND = Rate("差", AMOUNT, Decimal(2), "元/平方米")
POWER = Rate("差", AMOUNT, Decimal("0.1"), "元/千瓦时")


@pytest.fixture
def graded(county: County, firms: list[Enterprise], officer: Actor) -> list[Enterprise]:
    final_years(county, officer, 2023)
    return firms


def frozen(county: County, actor: Actor, table: PolicyTable, **told: Any) -> PolicyList:
    asked: dict[str, Any] = {"on": TODAY, "today": TODAY, "reason": "送执行部门"} | told
    return freeze_list(county=county, actor=actor, table_id=table.pk, **asked)


@pytest.mark.parametrize(
    ("unit", "quantity", "money"),
    [
        ("元/亩", Quantity(Decimal(3), "亩"), Decimal(6)),
        ("元/㎡·年", Quantity(Decimal(3), "亩"), Decimal(4000)),
        ("万元/公顷", Quantity(Decimal(15), "亩"), Decimal(20_000)),
        ("元/度", Quantity(Decimal(10), "千瓦时"), Decimal(20)),
        ("元/吨标煤", Quantity(Decimal("0.5"), "吨标准煤"), Decimal(1)),
        ("元/千瓦时", Quantity(Decimal(3), "亩"), None),
        ("元/亩", Quantity(None, "亩", "没有数据"), None),
        ("折", Quantity(Decimal(3), "亩"), None),
    ],
)
def test_an_amount_needs_a_known_quantity_in_a_unit_that_fits(
    unit: str, quantity: Quantity, money: Decimal | None
) -> None:
    assert money_of(Rate("差", AMOUNT, Decimal(2), unit), quantity) == money
    assert money_of(Rate("差", FACTOR, Decimal(2)), quantity) is None


@pytest.mark.usefixtures("graded")
def test_a_list_keeps_its_rows_its_number_and_its_hash(county: County, officer: Actor) -> None:
    table = recorded(county, officer, LAND, instrument="land_use_tax")
    found = frozen(county, officer, table)
    assert found.list_no == "〔2026〕差别化政策清单第1期"
    row = next(row for row in listed_rows(found, officer) if row.uscc == LAST_FIRM)
    assert (row.quantity, row.quantity_unit, row.amount_yuan) == ("10", "亩", "13333.33")
    # What the register says afterwards changes nothing of what went out.
    with factories.writing(county):
        Enterprise.objects.filter(uscc=LAST_FIRM).update(industry_code="C9999", town_code="990001100")
    again = list_of(officer, found.pk)
    assert is_intact(again)
    assert next(one for one in listed_rows(again, officer) if one.uscc == LAST_FIRM) == row
    with (
        pytest.raises((InternalError, ProgrammingError)),
        transaction.atomic(),
        factories.writing(county),
    ):
        PolicyList.objects.update(row_count=9)
    correction = frozen(county, officer, table, corrects_id=found.pk)
    assert (correction.number, correction.corrects) == (2, found)
    with pytest.raises(Conflict, match="已经更正过"):
        frozen(county, officer, table, corrects_id=found.pk)


def test_electricity_of_less_than_a_year_is_a_gap_and_no_amount(
    county: County, graded: list[Enterprise], officer: Actor
) -> None:
    last = next(firm for firm in graded if firm.uscc == LAST_FIRM)

    def used(*months: int) -> None:
        with factories.writing(county):
            EnergyMonth.objects.bulk_create(
                EnergyMonth(county=county, enterprise=last, month=date(2023, month, 1), electricity_kwh=100)
                for month in months
            )

    table = recorded(county, officer, POWER)
    assert {row.gap for row in listed_rows(frozen(county, officer, table), officer)} == {"没有数据"}
    used(*range(1, 12))
    (row,) = [row for row in listed_rows(frozen(county, officer, table), officer) if row.uscc == LAST_FIRM]
    assert (row.quantity, row.gap, row.amount_yuan) == (None, "2023 年缺 1 个月数据", None)
    used(12)
    (row,) = [row for row in listed_rows(frozen(county, officer, table), officer) if row.uscc == LAST_FIRM]
    assert (row.quantity, row.quantity_unit, row.amount_yuan) == ("1200", "千瓦时", "120.00")


def test_what_cannot_be_listed_is_refused(
    county: County, graded: list[Enterprise], officer: Actor, cast: dict[str, Actor]
) -> None:
    table = recorded(county, officer, LAND, instrument="land_use_tax")
    assert graded
    with pytest.raises(InputError, match="晚于今天"):
        frozen(county, officer, table, on=date(2026, 6, 2))
    with pytest.raises(InputError, match="编制原因"):
        frozen(county, officer, table, reason=" ")
    with pytest.raises(Conflict, match="还没有定稿"):
        frozen(county, officer, table, on=date(2024, 5, 1))
    with pytest.raises(Conflict, match="清单为空"):
        frozen(county, officer, recorded(county, officer, instrument="water"))
    with pytest.raises(Forbidden):
        frozen(county, cast["township_officer"], table)
    # Figures are told to the cleared alone, other towns' firms to nobody of this one.
    made = frozen(county, officer, table)
    assert listed_rows(made, cast["township_officer"]) == []
    assert all(row.quantity is None for row in listed_rows(made, cast["idle_land_officer"]))


@pytest.mark.usefixtures("graded")
def test_the_pages_freeze_show_and_hand_out(county: County, officer: Actor, signed_in: SignIn) -> None:
    table = recorded(county, officer, LAND, instrument="land_use_tax")
    browser = signed_in("evaluation_officer")
    form = {"on": "2026-06-01", "reason": "送税务局"}
    assert browser.post(f"/policy/{table.pk}/freeze", form | {"reason": ""}).status_code == 422
    assert browser.post(f"/policy/{table.pk}/freeze", form).status_code == 302
    found = PolicyList.objects.get()
    page = browser.get(f"/policy/lists/{found.pk}/").content.decode()
    for told in ("13333.33", "核对一致", found.sha256, "不是应缴金额"):
        assert told in page
    assert found.list_no in browser.get(f"/policy/{table.pk}/?corrects={found.pk}").content.decode()
    text = browser.get(f"/policy/lists/{found.pk}/list.json").content
    assert hashlib.sha256(text).hexdigest() == found.sha256
    rows = CalamineWorkbook.from_filelike(
        io.BytesIO(browser.get(f"/policy/lists/{found.pk}/list.xlsx").content)
    )
    assert "13333.33" in str(rows.get_sheet_by_index(0).to_python())
    other = signed_in("idle_land_officer")
    assert "13333.33" not in other.get(f"/policy/lists/{found.pk}/").content.decode()
    assert other.get(f"/policy/lists/{found.pk}/list.json").status_code == 403
    assert other.post(f"/policy/{table.pk}/freeze", form).status_code == 403
    assert browser.get("/policy/lists/999999/").status_code == 404
    assert browser.get(f"/policy/{table.pk}/?corrects=x").status_code == 200
