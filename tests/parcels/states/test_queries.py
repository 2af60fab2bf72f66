"""The states of a county as of a day, and the plan's lists from them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from landgis.access.queries import Actor
from landgis.counties.models import County
from landgis.lib.errors import Forbidden
from parcels.states.queries import PhaseStates, counts, is_on, list_a, states_on, unsupplied
from parcels.supply.fact_actions import enter_fact, store_batch
from parcels.supply.models import ContractPhase
from tests import factories, factories_parcels

ON = date(2025, 12, 31)


@pytest.fixture
def phases(county: County) -> dict[str, ContractPhase]:
    west = factories.parcel(county, "A1", factories.box(0, 0, 3, 3))
    east = factories.parcel(county, "B1", factories.box(60, 0, 63, 3), town_code=factories.TOWN_EAST)
    built: dict[str, Any] = {
        "agreed_start": date(2021, 3, 1),
        "actual_start": date(2021, 3, 1),
        "agreed_completion": date(2023, 3, 1),
        "review_due": date(2023, 9, 1),
        "land_to_develop_m2": Decimal(1000),
    }
    found = {
        "unused": factories.contract(county, "合1", west, agreed_start=date(2025, 3, 1)),
        "half": factories.contract(county, "合2", east, **built),
    }
    factories.progress(found["half"], date(2024, 1, 1), developed_area_m2=Decimal(500))
    return found


def listed(name: str, found: list[PhaseStates]) -> list[PhaseStates]:
    return [item for item in found if is_on(name, item.pattern)]


def test_states_are_derived_as_of_any_day(
    county: County, cast: dict[str, Actor], phases: dict[str, ContractPhase]
) -> None:
    officer = cast["idle_land_officer"]
    assert counts(states_on(county, officer, ON)) == {
        "supplied_unused": 1, "underinvested": 0, "not_exhausted": 1, "unreviewed": 1, "built_idle": 0,
        "below_standard": 0,
    }  # fmt: skip
    assert counts(states_on(county, officer, date(2025, 3, 1)))["supplied_unused"] == 0
    assert counts(states_on(county, officer, date(2023, 9, 1)))["unreviewed"] == 0


def test_the_lists_b_and_c_and_a_passed_review_takes_a_phase_off(
    county: County, cast: dict[str, Actor], phases: dict[str, ContractPhase]
) -> None:
    officer = cast["idle_land_officer"]
    found = states_on(county, officer, ON)
    assert [item.phase_id for item in listed("b", found)] == [phases["unused"].pk]
    assert [item.phase_id for item in listed("c", found)] == [phases["half"].pk]
    enter_fact(
        "milestone",
        county=county,
        actor=officer,
        phase_id=phases["half"].pk,
        values={
            "kind": "completion_review", "planned_on": date(2023, 9, 1), "actual_on": date(2025, 6, 1),
            "result": "pass", "judged_by": "王", "evidence": "复核意见",
        },
        on=ON,
        reason="复核",
    )  # fmt: skip
    assert listed("c", states_on(county, officer, ON)) == []
    assert len(listed("c", states_on(county, officer, date(2025, 5, 31)))) == 1


def test_a_town_sees_its_own_states(
    county: County, cast: dict[str, Actor], phases: dict[str, ContractPhase]
) -> None:
    found = states_on(county, cast["township_officer"], ON)
    assert [item.phase_id for item in found] == [phases["unused"].pk]


def test_the_states_take_a_fixed_number_of_statements(
    county: County,
    cast: dict[str, Actor],
    phases: dict[str, ContractPhase],
    django_assert_max_num_queries: Any,
) -> None:
    with django_assert_max_num_queries(12):
        states_on(county, cast["idle_land_officer"], ON)


def test_list_a_puts_inefficient_parcels_together_that_lie_close(
    county: County, cast: dict[str, Actor]
) -> None:
    """0.001° is about 97 m here: A and B are 19 m apart, C is far away and too small alone."""
    factories.parcel(county, "A", factories.box(0, 0, 2, 2))
    factories.parcel(county, "B", factories.box(2.2, 0, 4.2, 2))
    factories.parcel(county, "C", factories.box(20, 0, 21, 1))
    factories.parcel(county, "D", factories.box(4.3, 0, 6, 2))
    factories_parcels.taxes(county, 2024, {"A": 4.9, "B": 1.0, "C": 0.5, "D": 5.0})
    (cluster,) = list_a(county, cast["idle_land_officer"], ON)
    assert cluster.codes == ("A", "B")
    assert cluster.net_mu > 50
    assert cluster.hull_mu > cluster.net_mu


def test_approved_ground_that_no_contract_covers_is_unsupplied(
    county: County, cast: dict[str, Actor]
) -> None:
    for number, approved_on, ground in (
        ("批1", date(2020, 1, 1), factories.box(0, 0, 2, 1)),
        ("批2", date(2026, 1, 1), factories.box(9, 0, 10, 1)),
    ):
        store_batch(
            county=county, actor=cast["registrar"], batch_no=number, approved_on=approved_on, geom_4490=ground,
            source="批文", reason="导入",
        )  # fmt: skip
    officer = cast["idle_land_officer"]
    (whole,) = unsupplied(county, officer, ON)
    assert whole.open_area_m2 == pytest.approx(whole.batch_area_m2)
    factories.contract(county, "合9", factories.parcel(county, "H", factories.box(0, 0, 1, 1)))
    (half,) = unsupplied(county, officer, ON)
    assert half.open_area_m2 == pytest.approx(half.batch_area_m2 / 2, rel=1e-6)
    factories.contract(county, "合8", factories.parcel(county, "G", factories.box(1, 0, 2, 1)))
    assert unsupplied(county, officer, ON) == []
    with pytest.raises(Forbidden):
        unsupplied(county, cast["township_officer"], ON)
