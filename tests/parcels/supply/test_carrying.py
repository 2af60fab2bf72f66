"""Contracts after a change of parcels: tied to a descendant, their own words untouched, screened on the right ground."""

from datetime import date

import pytest

from landgis.access.queries import command_actor
from landgis.counties.models import County
from parcels.cadastre.models import Parcel
from parcels.cadastre.transitions import Transition
from parcels.idle_land.actions import record_screening, screen_idle
from parcels.idle_land.models import IdleFinding
from parcels.supply.actions import link_contracts
from parcels.supply.carrying import tied
from parcels.supply.models import SupplyContract
from tests import factories
from tests.factories import TOWN_EAST, box
from tests.factories_cadastre import applied, born, divided, merged

DAY, BEFORE, SINCE = date(2024, 5, 6), date(2024, 5, 5), date(2024, 12, 31)


@pytest.fixture
def west(county: County) -> Parcel:
    return factories.parcel(county, "A", box(0, 0, 2, 1))


def contract(number: str = "HT-1") -> SupplyContract:
    return SupplyContract.objects.select_related("parcel").get(contract_no=number)


def on_ground(county: County, on: date) -> list[str]:
    operator = command_actor("system", county)
    screened = screen_idle(county=county, actor=operator, on=on)
    record_screening(screened, county=county, by="system", reason="测试")
    return [row.parcel.code for row in IdleFinding.objects.filter(screening__on=on) if row.parcel]


def test_with_several_children_the_one_with_most_ground_has_it(county: County, west: Parcel) -> None:
    factories.contract(county, "HT-1", west)
    divided(county, west, DAY, box(0, 0, 0.5, 1), box(0.5, 0, 2, 1))
    moved = contract()
    assert moved.parcel is not None
    assert (moved.parcel.code, moved.parcel_code) == ("A-2", "A")


def test_the_officer_decides_otherwise(county: County, west: Parcel) -> None:
    factories.contract(county, "HT-1", west)
    (fact,) = tied([west.pk], DAY)
    assert (fact.fact, fact.title, fact.asked, fact.divisible) == (
        f"contract:{contract().pk}",
        "合同 HT-1",
        True,
        False,
    )
    divided(county, west, DAY, box(0, 0, 0.5, 1), box(0.5, 0, 2, 1), decisions={fact.fact: west.pk + 1})
    moved = contract()
    assert moved.parcel is not None
    assert moved.parcel.code == "A-1"


def test_on_a_merge_all_contracts_come_to_the_new_parcel_with_its_town(county: County, west: Parcel) -> None:
    east = factories.parcel(county, "B", box(2, 0, 4, 1), town_code=TOWN_EAST)
    factories.contract(county, "HT-1", west)
    factories.contract(county, "HT-2", east)
    merged(county, [east, west], "C", DAY, box(0, 0, 4, 1))
    assert {contract(number).parcel_id for number in ("HT-1", "HT-2")} == {Parcel.objects.get(code="C").pk}
    assert contract("HT-1").town_code == TOWN_EAST


def test_linking_anew_leaves_a_carried_contract_where_it_is(county: County, west: Parcel) -> None:
    factories.contract(county, "HT-1", west)
    divided(county, west, DAY, box(0, 0, 0.5, 1), box(0.5, 0, 2, 1))
    carried = contract().parcel_id
    with factories.writing(county):
        assert link_contracts(county) == 0
    assert contract().parcel_id == carried


def test_a_screening_finds_the_ground_of_its_day(county: County, west: Parcel) -> None:
    factories.contract(county, "HT-1", west, agreed_start=date(2020, 1, 1))
    divided(county, west, DAY, box(0, 0, 0.5, 1), box(0.5, 0, 2, 1))
    assert on_ground(county, BEFORE) == ["A"]
    assert on_ground(county, SINCE) == ["A-2"]


def test_a_retired_parcel_keeps_its_contract_which_is_screened_without_ground(
    county: County, west: Parcel
) -> None:
    factories.contract(county, "HT-1", west, agreed_start=date(2020, 1, 1))
    applied(county, Transition(on=DAY, ended=[west.pk]))
    assert contract().parcel_id == west.pk
    assert on_ground(county, SINCE) == []
    assert IdleFinding.objects.get(screening__on=SINCE).finding == "idle_not_started"


def test_a_new_parcel_beside_takes_nobodys_contract(county: County, west: Parcel) -> None:
    factories.contract(county, "HT-1", west)
    applied(county, Transition(on=DAY, born=[born(county, "N", box(5, 0, 6, 1))]))
    assert contract().parcel_id == west.pk
