"""Forty firms in three towns, two years: 甲镇 has 36 of them, 乙镇 three, 丙镇 one; one more has no return.

Their taxes are 10, 20, … 万元, each on a parcel of 10 亩.
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
from tests import factories
from tests.factories import TOWN_EAST, TOWN_WEST, box

YEARS = (2022, 2023)
TOWN_NORTH = "990001102"
TEN_MU_M2 = Decimal(100_000) / 15


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
    for code, name, south in ((TOWN_WEST, "甲镇", 0), (TOWN_EAST, "乙镇", 10), (TOWN_NORTH, "丙镇", 20)):
        with factories.writing(county):
            county.towns.get_or_create(code=code, defaults={"name": name})
        factories.district(county, code, name, box(0, south, 50, south + 10))
    factories.control_line(county, "KX1", box(0, 0, 20, 10))
    for number in range(41):
        town, south = (TOWN_WEST, 1) if number < 36 else (TOWN_EAST, 11) if number < 39 else (TOWN_NORTH, 21)
        parcel = factories.parcel(
            county,
            f"{town}GB{number:05d}",
            box(number, south, number + 1, south + 1),
            registered_area_m2=TEN_MU_M2,
            town_code=town,
        )
        firm = factories.enterprise(
            county, f"9133078200000000{number:02d}", f"示意企业{number}", town_code=town, above_scale=True
        )
        factories.occupancy(parcel, firm, valid_from=date(2020, 1, 1))
        if number < 40:
            for year in YEARS:
                tax = 10 * (number + 1) + (year - 2022)
                factories.annual_return(firm, year, tax_wan=tax, revenue_wan=1000, rd_wan=30)
    for year in YEARS:
        compute_indicators(
            county=county, actor=command_actor("system", county), year=year, reason="测试", commit=True
        )
