"""A county small enough to know by heart, with figures computed and contracts screened.

P1 甲镇 15 亩, firms 1 and 2, 60 万元, started late      P2 甲镇 30 亩, firm 3, 30 万元
P3 乙镇 15 亩, firm 4, 45 万元, never started           P4 乙镇 8 亩, bare, without registered area

A module that reads this county reads no other: `known` stays until the module's end.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from landgis.access.queries import command_actor
from landgis.counties.models import County
from parcels.evaluation.actions import compute_indicators
from parcels.idle_land.actions import record_screening, screen_idle
from tests import factories
from tests.factories import TOWN_EAST, TOWN_WEST, box

YEAR = 2023
SCREENED_ON = date(2024, 6, 30)


@pytest.fixture(scope="module")
def made_once(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Made once a module, in a transaction that each test's own is a part of, and taken back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        make(factories.county())
        yield
        transaction.set_rollback(True)


@pytest.fixture
def known(made_once: None, county: County) -> County:
    return county


def make(county: County) -> None:
    operator = command_actor("system", county)
    factories.district(county, TOWN_WEST, "甲镇", box(0, 0, 10, 10))
    factories.district(county, TOWN_EAST, "乙镇", box(10, 0, 20, 10))
    factories.control_line(county, "KX1", box(1.5, 0, 12, 10))
    first = factories.parcel(
        county, "990001100001GB00001", box(1, 1, 2, 2), registered_area_m2=10_000, location="甲镇工业路1号"
    )
    second = factories.parcel(
        county, "990001100001GB00002", box(3, 1, 4, 2), registered_area_m2=20_000, location="甲镇工业路2号"
    )
    third = factories.parcel(
        county,
        "990001101001GB00003",
        box(15, 1, 16, 2),
        registered_area_m2=10_000,
        town_code=TOWN_EAST,
        land_class_code="0604",
        location="乙镇仓储路100%号",
    )
    factories.parcel(
        county,
        "990001101001GB00004",
        box(17, 1, 17.5, 2),
        registered_area_m2=None,
        town_code=TOWN_EAST,
        land_class_code="",
    )
    factories.holder(first, "示意纺织有限公司", uscc="913307820000000001")
    factories.holder(second, "示意电子有限公司", uscc="913307820000000003")
    factories.holder(third, "示意物流有限公司", uscc="913307820000000004")
    for number, parcel, share, tax in (
        (1, first, "0.5", 40),
        (2, first, "0.5", 20),
        (3, second, "1", 30),
        (4, third, "1", 45),
    ):
        firm = factories.enterprise(
            county, f"91330782000000000{number}", f"示意企业{number}", town_code=parcel.town_code
        )
        factories.annual_return(firm, YEAR, tax_wan=tax, value_added_wan=2 * tax)
        factories.occupancy(parcel, firm, share=Decimal(share))
    factories.contract(county, "HT-1", first, agreed_start=date(2019, 1, 1), actual_start=date(2019, 3, 1))
    factories.contract(county, "HT-3", third, agreed_start=date(2020, 6, 21), total_investment_wan=12_000)
    compute_indicators(county=county, actor=operator, year=YEAR, reason="测试", commit=True)
    screened = screen_idle(county=county, actor=operator, on=SCREENED_ON)
    record_screening(screened, county=county, by="system", reason="测试")
