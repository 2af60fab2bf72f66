"""The states that are kept stay those that the data gives: after each kind of change they equal the ones worked out anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from landgis.access.queries import Actor
from landgis.counties.models import County, Parameter, Town
from parcels.cadastre.models import Parcel
from parcels.idle_land.touched import TOUCHED, phases_touched
from parcels.states.queries import PhaseStates, states_anew, states_on
from parcels.supply import fact_models, models
from parcels.supply.models import ConstructionProgress, ContractPhase, SupplyContract
from tests import factories

ON = date(2025, 12, 31)
Change = Callable[[County, ContractPhase], Any]


def _made(model: Any, **facts: Any) -> Change:
    return lambda county, phase: model.objects.create(phase=phase, evidence="依据", **facts)


def _deleted(model: Any) -> Change:
    return lambda county, phase: model.objects.filter(phase=phase).delete()


def _set(model: Any, **facts: Any) -> Change:
    return lambda county, phase: model.objects.update(**facts)


CHANGES: dict[str, Change] = {
    "phase": lambda county, phase: ContractPhase.objects.filter(pk=phase.pk).update(
        agreed_start=date(2020, 1, 1),
        agreed_completion=date(2027, 1, 1),
        total_investment_wan=Decimal(100),
        land_to_develop_m2=Decimal(1000),
    ),
    "contract": lambda county, phase: SupplyContract.objects.filter(phases=phase).update(
        holder_name="乙公司"
    ),
    "progress": lambda county, phase: ConstructionProgress.objects.create(
        phase=phase, as_of=date(2024, 1, 1), invested_wan=Decimal(1), developed_area_m2=Decimal(1)
    ),
    "supplement of all phases": lambda county, phase: fact_models.SupplementAgreement.objects.create(
        contract=phase.contract,
        agreement_no="补1",
        signed_on=date(2020, 1, 1),
        agreed_start=date(2025, 6, 1),
        evidence="依据",
    ),
    "permit": _made(fact_models.Permit, permit_no="许1", issued_on=date(2021, 1, 1)),
    "foundation": _made(
        fact_models.Foundation, kind="piles", as_of=date(2021, 2, 1), done=Decimal(1), total=Decimal(1)
    ),
    "stoppage": _made(fact_models.Stoppage, last_built_on=date(2022, 1, 1)),
    "cause": _made(fact_models.CauseInterval, cause="G1", valid_from=date(2021, 1, 1)),
    "milestone": _made(
        fact_models.Milestone,
        kind="completion_review",
        actual_on=date(2023, 1, 1),
        result="pass",
        judged_by="王",
    ),
    "permit withdrawn": _deleted(fact_models.Permit),
    "foundation withdrawn": _deleted(fact_models.Foundation),
    "stoppage ended": _set(fact_models.Stoppage, resumed_on=date(2022, 2, 1)),
    "stoppage withdrawn": _deleted(fact_models.Stoppage),
    "progress withdrawn": _deleted(models.ConstructionProgress),
    "milestone withdrawn": _deleted(fact_models.Milestone),
    "supplement withdrawn": lambda county, phase: fact_models.SupplementAgreement.objects.all().delete(),
    "parcel in another town": lambda county, phase: Parcel.objects.filter(code="A1").update(
        town_code=factories.TOWN_EAST
    ),
    "parcel ended": lambda county, phase: Parcel.objects.filter(code="A1").update(
        valid_to=date(2025, 1, 1), retired_by="王"
    ),
    "town renamed": lambda county, phase: Town.objects.filter(county=county).update(name="新镇"),
    "parameter": lambda county, phase: Parameter.objects.filter(key="idle_land.not_started_years").update(
        value=9
    ),
    "a new contract": lambda county, phase: _second_contract(county),
    "phase gone": lambda county, phase: _gone(),
}


def test_what_is_kept_equals_what_is_worked_out_anew_after_each_kind_of_change(
    county: County, cast: dict[str, Actor]
) -> None:
    actor = cast["idle_land_officer"]
    phase = _contract(county, "合1", "A1")
    _contract(county, "合2", "A2")
    assert len(states_on(county, actor, ON)) == 2
    before, without_effect = states_on(county, actor, ON), set()
    for name, alter in CHANGES.items():
        with factories.writing(county):
            alter(county, phase)
        found = states_on(county, actor, ON)
        anew = states_anew(county, actor, ON)
        assert found == sorted(anew.values(), key=lambda item: item.place), name
        if found == before:
            without_effect.add(name)
        before = found
    # A permit alone is no start, and neither stoppages nor causes are read by any of the states.
    no_start, no_state = (
        {"permit", "foundation withdrawn"},
        {"cause", "stoppage", "stoppage ended", "stoppage withdrawn"},
    )
    assert without_effect == no_start | no_state


def test_a_change_of_one_phase_does_that_phase_alone(county: County, cast: dict[str, Actor]) -> None:
    first, second = _contract(county, "合1", "A1"), _contract(county, "合2", "A2")
    before = _by_number(states_on(county, cast["idle_land_officer"], ON))
    with factories.writing(county):
        ContractPhase.objects.filter(pk=first.pk).update(agreed_start=date(2020, 1, 1))
    after = _by_number(states_on(county, cast["idle_land_officer"], ON))
    assert after[second.pk] is before[second.pk]
    assert after[first.pk] is not before[first.pk]


def test_every_table_of_a_phase_s_facts_is_looked_at(county: County) -> None:
    """A new table that refers to phases or contracts is either looked at or named here as one that judges nothing."""
    judges_nothing = {
        "disposal_case", "field_report", "idle_land_finding", "plan_plan", "supply_fact_paper",
        "supply_encumbrance", "supply_monitoring",
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT conrelid::regclass::text FROM pg_constraint WHERE contype = 'f'"
            " AND confrelid IN ('supply_phase'::regclass, 'supply_contract'::regclass)"
            " AND conrelid::regclass::text NOT LIKE '%\\_history'"
        )
        referring = {name for (name,) in cursor.fetchall()} - judges_nothing
    assert referring == {name for name in referring if f" {name} " in TOUCHED}
    assert phases_touched([0]) == []


def _contract(county: County, number: str, code: str) -> ContractPhase:
    west = float(len(Parcel.objects.all()) * 5)
    parcel = factories.parcel(county, code, factories.box(west, 0, west + 1, 1))
    return factories.contract(
        county,
        number,
        parcel,
        agreed_start=date(2021, 3, 1),
        agreed_completion=date(2023, 3, 1),
        review_due=date(2023, 9, 1),
    )


def _second_contract(county: County) -> None:
    contract = SupplyContract.objects.create(county=county, contract_no="合3", parcel_code="A1")
    ContractPhase.objects.create(contract=contract, agreed_start=date(2021, 1, 1))


def _gone() -> None:
    ContractPhase.objects.filter(contract__contract_no="合3").delete()


def _by_number(found: list[PhaseStates]) -> dict[int, PhaseStates]:
    return {item.phase_id: item for item in found}
