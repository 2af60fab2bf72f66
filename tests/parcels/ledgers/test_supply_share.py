"""The industrial share of each year's granted land: what isn't in the lists stands apart and decides nothing."""

import io
from datetime import date
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from landgis.access.queries import Actor
from landgis.counties.models import County, Target
from parcels.campaigns.rules import share_verdict
from parcels.ledgers.supply_share import contracts_behind, yearly_shares
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


@pytest.fixture
def one_year(county: County) -> None:
    """2022: 40 of 100 are industrial in the county, 10 of 60 in the west."""
    with factories.writing(county):
        Target.objects.create(
            county=county, key="supply.industrial_share_min", value="0.3", basis="行动方案", valid_from=date(2021, 1, 1),
            valid_to=date(2023, 12, 31),
        )  # fmt: skip
    granted(county, "西工", 2022, "工业用地", "挂牌出让", 10_000, factories.TOWN_WEST)
    granted(county, "西商", 2022, "0701", "拍卖出让", 50_000, factories.TOWN_WEST)
    granted(county, "东工", 2022, "工业用地", "挂牌出让", 30_000, factories.TOWN_EAST)
    granted(county, "东商", 2022, "0701", "拍卖出让", 10_000, factories.TOWN_EAST)
    granted(county, "东拨", 2022, "工业用地", "划拨", 90_000, factories.TOWN_EAST)


@pytest.mark.usefixtures("one_year")
def test_the_verdict_is_the_countys_and_a_town_gets_none(
    county: County, cast: dict[str, Actor], signed_in: SignIn
) -> None:
    on = date(2022, 12, 31)
    (whole,) = yearly_shares(county, cast["leader"], on)
    (own,) = yearly_shares(county, cast["township_officer"], on)
    assert (whole.verdict, whole.percent) == ("reached", 40)
    assert (own.verdict, own.industrial_m2, own.total_m2) == ("part", 10_000, 60_000)
    shown = signed_in("township_officer").get("/campaigns/?on=2022-12-31").content.decode()
    assert "未达到" not in shown
    assert "按全县考核" in shown
    assert "本镇街的数字" in shown


@pytest.mark.usefixtures("one_year")
def test_a_year_that_runs_is_not_judged(county: County, cast: dict[str, Actor], signed_in: SignIn) -> None:
    granted(county, "西商2", 2022, "0701", "拍卖出让", 100_000, factories.TOWN_WEST)
    (running,) = yearly_shares(county, cast["leader"], date(2022, 12, 30))
    assert (running.verdict, running.so_far, running.percent) == ("running", "missed", 20)
    (ended,) = yearly_shares(county, cast["leader"], date(2022, 12, 31))
    assert ended.verdict == "missed"
    shown = signed_in("leader").get("/campaigns/?on=2022-12-30").content.decode()
    assert "尚未期满" in shown
    assert "未达到" not in shown
    assert "未达到" in signed_in("leader").get("/campaigns/?on=2022-12-31").content.decode()


@pytest.mark.usefixtures("one_year")
def test_every_figure_leads_to_its_contracts(
    county: County, cast: dict[str, Actor], signed_in: SignIn
) -> None:
    granted(county, "旧", 2021, "创新型产业用地", "挂牌出让", None)
    on = date(2022, 12, 31)
    behind = contracts_behind(county, cast["leader"], on)
    assert {one.contract_no: one.part for one in behind} == {
        "西工": "industrial", "东工": "industrial", "西商": "other", "东商": "other", "东拨": "apart", "旧": "unclassified",
    }  # fmt: skip
    assert [one.signed_on.year for one in behind] == [2022] * 5 + [2021]
    for year in yearly_shares(county, cast["leader"], on):
        mine = [one for one in behind if one.signed_on.year == year.year and one.part != "apart"]
        assert year.contracts == len(mine)
        for part, sum_m2 in (("industrial", year.industrial_m2), ("other", year.other_m2)):
            assert sum(one.area_m2 or 0 for one in mine if one.part == part) == sum_m2
    own = contracts_behind(county, cast["township_officer"], on)
    assert {one.contract_no for one in own} == {"西工", "西商"}
    assert 'href="/supply/phases/?year=2022"' in signed_in("leader").get("/campaigns/").content.decode()
    answer = signed_in("registrar").get("/campaigns/overview.xlsx?on=2022-12-31")
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    told = [[str(cell) for cell in row] for row in book.get_sheet_by_name("供地合同").to_python()]
    assert {row[2]: row[8] for row in told if row[2] in ("西工", "东商", "东拨", "旧")} == {
        "西工": "工业用地", "东商": "其他用地", "东拨": "不计入（非出让）", "旧": "未归类",
    }  # fmt: skip
