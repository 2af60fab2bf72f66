"""The industrial share of each year's granted land: what isn't in the lists stands apart and decides nothing."""

from datetime import date
from decimal import Decimal

import pytest

from landgis.access.queries import Actor
from landgis.counties.models import County, Target
from parcels.campaigns.rules import share_verdict
from parcels.ledgers.supply_share import yearly_shares
from parcels.supply.models import SupplyContract
from tests import factories
from tests.factories import SignIn

pytestmark = pytest.mark.django_db


def granted(
    county: County, number: str, year: int, use: str, mode: str, area_m2: int | None, town: str = ""
) -> None:
    with factories.writing(county):
        SupplyContract.objects.create(
            county=county, contract_no=number, signed_on=date(year, 6, 1), land_use=use, supply_mode=mode, area_m2=area_m2,
            town_code=town,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("parts", "verdict"),
    [
        ((30, 70, 0), "reached"),
        ((29, 71, 0), "missed"),
        ((29, 70, 1), "unknown"),
        ((30, 60, 10), "reached"),
        ((0, 0, 0), "unknown"),
    ],
)
def test_the_verdict_holds_whatever_the_unclassified_is(parts: tuple[int, int, int], verdict: str) -> None:
    assert share_verdict(Decimal(parts[0]), Decimal(parts[1]), Decimal(parts[2]), Decimal("0.3")) == verdict


def test_years_uses_and_modes(county: County, cast: dict[str, Actor], signed_in: SignIn) -> None:
    with factories.writing(county):
        Target.objects.create(
            county=county, key="supply.industrial_share_min", value="0.3", basis="行动方案", valid_from=date(2021, 1, 1),
            valid_to=date(2023, 12, 31),
        )  # fmt: skip
    granted(county, "1", 2022, "工业用地", "挂牌出让", 40_000, factories.TOWN_WEST)
    granted(county, "2", 2022, "0701", "拍卖出让", 40_000)
    granted(county, "3", 2022, "创新型产业用地", "挂牌出让", 10_000)
    granted(county, "4", 2022, "工业用地", "划拨", 90_000)
    granted(county, "5", 2022, "工业用地", "", 10_000)
    granted(county, "6", 2022, "工业用地", "挂牌出让", None)
    granted(county, "7", 2024, "住宅用地", "挂牌出让", 10_000)
    new, old = yearly_shares(county, cast["leader"], date(2024, 12, 31))
    assert [int(one) for one in (old.industrial_m2, old.other_m2, old.unclassified_m2)] == [
        40_000,
        40_000,
        20_000,
    ]
    assert old.share == Decimal("0.4")
    assert (old.verdict, old.contracts, old.without_area) == ("reached", 5, 1)
    assert dict(old.unclear) == {"用途“创新型产业用地”": 1, "供应方式“未填”": 1}
    assert (new.year, new.verdict, new.least) == (2024, "unknown", None)
    assert [one.year for one in yearly_shares(county, cast["leader"], date(2023, 1, 1))] == [2022]
    (own,) = yearly_shares(county, cast["township_officer"], date(2024, 12, 31))
    assert own.total_m2 == 40_000
    assert "创新型产业用地" in signed_in("leader").get("/campaigns/").content.decode()
