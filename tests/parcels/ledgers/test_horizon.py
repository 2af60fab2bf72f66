"""The horizon's figures beside the returns: by industry, only what is collected, only to whoever may see firms' figures."""

from datetime import date
from decimal import Decimal

import pytest

from landgis.access.queries import Actor
from landgis.counties.models import County, Parameter, Target
from parcels.ledgers.horizon import horizon
from tests import factories
from tests.factories import SignIn

pytestmark = pytest.mark.django_db
ROWS = [
    {
        "key": "horizon.a",
        "title": "汽车",
        "district": "绿色动力小镇",
        "actual": "revenue_yi",
        "industries": ["36"],
    },
    {
        "key": "horizon.b",
        "title": "芯片",
        "district": "芯片小镇",
        "actual": "revenue_yi",
        "industries": ["3973"],
    },
    {"key": "horizon.c", "title": "规上企业", "district": "全市", "actual": "above_scale"},
    {"key": "horizon.d", "title": "研发占比", "district": "全市", "actual": "rd_ratio"},
    {"key": "horizon.e", "title": "未来工厂", "district": "全市"},
]


@pytest.fixture
def framed(county: County) -> None:
    with factories.writing(county):
        Parameter.objects.create(
            county=county, key="campaigns.horizon", value=ROWS, basis="规划", valid_from=date(2021, 1, 1)
        )
        Target.objects.create(
            county=county, key="horizon.a", value=60, unit="亿元", basis="规划", valid_from=date(2021, 1, 1),
            valid_to=date(2025, 12, 31),
        )  # fmt: skip
    for n, (code, above, revenue, rd) in enumerate(
        (
            ("C3670", True, 20_000, 600),
            ("3670", True, 10_000, 300),
            ("3670", False, 5_000, 0),
            ("1781", True, 60_000, None),
        )
    ):
        firm = factories.enterprise(
            county, f"91330782MA{n:08}", f"示意{n}", industry_code=code, above_scale=above
        )
        for year in (2022, 2023):
            factories.annual_return(firm, year, revenue_wan=revenue * (year - 2021), rd_wan=rd)


def test_actual_figures_by_industry(county: County, cast: dict[str, Actor], framed: None) -> None:
    cars, chips, firms, research, factory = horizon(county, cast["leader"], date(2022, 12, 31))
    assert [cars.target, cars.actual, cars.year] == [60, 3, 2022]
    assert (chips.actual, chips.actual_told) == (None, "没有对应行业的企业年报")
    assert firms.actual == 3
    assert research.actual == Decimal("0.01")
    assert (factory.actual, factory.actual_told) == (None, "未采集")
    assert horizon(county, cast["leader"], date(2024, 1, 1))[0].actual == 6


def test_sums_of_firms_are_for_whoever_may_see_them(
    county: County, cast: dict[str, Actor], framed: None, signed_in: SignIn
) -> None:
    hidden = horizon(county, cast["registrar"], date(2022, 12, 31))
    assert [one.actual for one in hidden] == [None, None, 3, None, None]
    assert horizon(county, cast["township_officer"], date(2022, 12, 31)) == []
    assert "绿色动力小镇" in signed_in("leader").get("/campaigns/").content.decode()
    assert signed_in("registrar").get("/campaigns/overview.xlsx").status_code == 200


def test_a_county_without_horizon_shows_none(county: County, cast: dict[str, Actor]) -> None:
    assert horizon(county, cast["leader"], date(2022, 12, 31)) == []
