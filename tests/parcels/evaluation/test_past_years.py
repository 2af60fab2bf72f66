"""A past year's land stays what it was, whatever became of its parcels since."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from landgis.access.queries import Actor, command_actor
from landgis.counties.models import County
from parcels.cadastre.models import Parcel
from parcels.cadastre.reversal import reverse_change
from parcels.cadastre.transitions import ChangedParcel, Transition
from parcels.enterprises.models import Enterprise
from parcels.evaluation.actions import compute_indicators
from parcels.evaluation.polygon import indicators_of_polygon
from parcels.evaluation.told import results_of_year
from tests import factories
from tests.factories import TOWN_EAST, TOWN_WEST, box
from tests.factories_cadastre import CARRIERS, applied, divided, merged, reshaped, shape

YEAR, SINCE, AGAIN = 2023, date(2024, 6, 1), date(2024, 9, 1)
MU = Decimal(10_000) / 15


@pytest.fixture
def operator(county: County) -> Actor:
    return command_actor("system", county)


@pytest.fixture
def evaluated(county: County) -> County:
    """P1 (30 亩) used by one firm in two roles, P2 (15 亩) by another, by geometry its western half."""
    factories.district(county, TOWN_WEST, "甲镇", box(0, 0, 10, 10))
    factories.district(county, TOWN_EAST, "乙镇", box(10, 0, 20, 10))
    first = factories.parcel(county, "P1", box(1, 1, 3, 2), registered_area_m2=30 * MU)
    second = factories.parcel(county, "P2", box(3, 1, 4, 2), registered_area_m2=15 * MU)
    one, two = (factories.enterprise(county, f"91330782000000000{n}", f"示意企业{n}") for n in (1, 2))
    factories.annual_return(one, YEAR, tax_wan=60)
    factories.annual_return(two, YEAR, tax_wan=15)
    factories.occupancy(first, one, share=Decimal("0.5"))
    factories.occupancy(first, one, role="unregistered", area_m2=10 * MU)
    factories.occupancy(second, two, geom_4490=box(3, 1, 3.5, 2))
    return county


def figures(county: County, actor: Actor) -> dict[str, Any]:
    made = compute_indicators(county=county, actor=actor, year=YEAR, reason="测试", commit=False)
    told = made.document
    assert told["checks"]["occupancies_of_ended_parcels"] == 0
    return {name: told[name] for name in ("county", "towns", "enterprises", "unallocated")}


def parcel(code: str) -> Parcel:
    return Parcel.objects.get(code=code)


def _division(county: County) -> int:
    return divided(county, parcel("P1"), SINCE, box(1, 1, 2, 2), box(2, 1, 3, 2))[0]


def _consolidation(county: County) -> int:
    return merged(county, [parcel("P1"), parcel("P2")], "P12", SINCE, box(1, 1, 4, 2))[1].change_id


def _adjustment(county: County) -> int:
    moved = [
        reshaped(parcel("P1"), box(1, 1, 3.5, 2), registered_area_m2=37),
        reshaped(parcel("P2"), box(3.5, 1, 4, 2)),
    ]
    return applied(county, Transition(on=SINCE, changed=moved))[0]


def _moved_town(county: County) -> int:
    return applied(
        county, Transition(on=SINCE, changed=[ChangedParcel(parcel("P1").pk, {"town_code": TOWN_EAST})])
    )[0]


def _retirement(county: County) -> int:
    return applied(county, Transition(on=SINCE, ended=[parcel("P1").pk, parcel("P2").pk]))[0]


CHANGES = [_division, _consolidation, _adjustment, _moved_town, _retirement]


@pytest.mark.parametrize("make", CHANGES, ids=lambda make: make.__name__.strip("_"))
def test_what_happens_to_parcels_later_leaves_the_years_figures(
    evaluated: County, operator: Actor, make: Callable[[County], int]
) -> None:
    before = figures(evaluated, operator)
    assert before["county"]["land_mu"] == pytest.approx(15 + 10 + 7.5)
    assert before["county"]["parcels_mu"] == pytest.approx(45)
    change = make(evaluated)
    assert figures(evaluated, operator) == before
    reverse_change(evaluated, operator, change, reason="撤销", on=AGAIN, carriers=CARRIERS)
    assert figures(evaluated, operator) == before


def test_the_land_of_a_later_year_is_that_of_the_descendants(evaluated: County, operator: Actor) -> None:
    for firm in Enterprise.objects.filter(county=evaluated):
        factories.annual_return(firm, 2024, tax_wan=10)
    divided(evaluated, parcel("P1"), SINCE, box(1, 1, 2, 2), box(2, 1, 3, 2))
    told = compute_indicators(
        county=evaluated, actor=operator, year=2024, reason="测试", commit=False
    ).document
    whole = sum(child.planar_area_m2 for child in Parcel.objects.filter(code__startswith="P1-"))
    assert told["county"]["land_mu"] == pytest.approx(whole / 2 * 15 / 10_000 + 10 + 7.5, rel=1e-4)
    assert told["county"]["parcels_mu"] == pytest.approx(whole * 15 / 10_000 + 15, rel=1e-6)


def test_a_polygon_drawn_today_still_finds_the_years_parcels(evaluated: County, operator: Actor) -> None:
    compute_indicators(county=evaluated, actor=operator, year=YEAR, reason="测试", commit=True)
    drawn = shape(box(0, 0, 3, 3))
    before = indicators_of_polygon(evaluated, operator, drawn, YEAR)
    divided(evaluated, parcel("P1"), SINCE, box(1, 1, 2, 2), box(2, 1, 3, 2))
    assert indicators_of_polygon(evaluated, operator, drawn, YEAR) == before
    assert before.parcels == 1


def test_a_years_results_are_worked_out_once_until_the_data_change(
    evaluated: County, operator: Actor
) -> None:
    compute_indicators(county=evaluated, actor=operator, year=YEAR, reason="测试", commit=True)
    before = results_of_year(evaluated, YEAR)
    assert results_of_year(evaluated, YEAR) is before
    _division(evaluated)
    after = results_of_year(evaluated, YEAR)
    assert after is not before
    assert after.county.sums.tolist() == before.county.sums.tolist()
