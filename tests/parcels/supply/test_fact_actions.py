"""Facts are entered by those who may, for their own towns, with evidence; the database refuses what makes no sense."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError

from landgis.access.queries import Actor
from landgis.audit.models import AuditEvent
from landgis.counties.models import County
from landgis.lib.errors import Conflict, FieldErrors, Forbidden, NotFound
from parcels.idle_land.actions import record_screening, screen_idle
from parcels.idle_land.models import IdleFinding
from parcels.supply.fact_actions import correct_fact, enter_fact, withdraw_fact
from parcels.supply.fact_models import CauseInterval, Stoppage, SupplementAgreement
from parcels.supply.models import ContractPhase
from tests import factories

ON = date(2025, 12, 31)
SAMPLES: dict[str, dict[str, Any]] = {
    "supplement": {"agreement_no": "补1", "signed_on": date(2022, 5, 1), "agreed_start": date(2023, 6, 1)},
    "permit": {"permit_no": "施1", "issued_on": date(2022, 5, 1)},
    "foundation": {"kind": "other", "as_of": date(2022, 6, 1), "done": Decimal(1), "total": Decimal(3)},
    "stoppage": {"last_built_on": date(2023, 1, 1)},
    "cause": {"cause": "G1", "valid_from": date(2021, 3, 1), "valid_to": date(2021, 9, 1)},
    "encumbrance": {"kind": "mortgage", "holder_name": "示意银行", "valid_from": date(2021, 1, 1)},
    "registration": {"registration_no": "监1", "registered_on": date(2022, 1, 1)},
    "milestone": {"kind": "start", "planned_on": date(2021, 3, 1), "promised": {"ratio": 1.2}},
}


@pytest.fixture
def phase(county: County) -> ContractPhase:
    parcel = factories.parcel(county, "A1", factories.box(0, 0, 1, 1))
    return factories.contract(county, "合1", parcel, agreed_start=date(2021, 3, 1))


def enter(what: str, county: County, actor: Actor, phase: ContractPhase, **values: Any) -> int:
    return enter_fact(
        what,
        county=county,
        actor=actor,
        phase_id=phase.pk,
        values={"evidence": "现场照片3张", **SAMPLES[what], **values},
        on=ON,
        reason="补录",
    )


@pytest.mark.parametrize("kind", list(SAMPLES))
def test_every_kind_is_entered_corrected_and_withdrawn_with_its_history(
    kind: str, county: County, cast: dict[str, Actor], phase: ContractPhase
) -> None:
    officer = cast["idle_land_officer"]
    number = enter(kind, county, officer, phase)
    event = AuditEvent.objects.get(action=f"enter_{kind}")
    assert (event.actor, event.reason, event.summary["fact"]) == (officer.username, "补录", number)
    told: dict[str, Any] = {"county": county, "actor": officer, "fact_id": number, "on": ON, "reason": "更正"}
    correct_fact(kind, values={"evidence": "新证据"}, **told)
    withdraw_fact(kind, **told)
    with pytest.raises(NotFound):
        correct_fact(kind, values={"evidence": "再改"}, **told)


@pytest.mark.parametrize(
    ("kind", "values", "field"),
    [
        ("permit", {"evidence": ""}, "evidence"),
        ("permit", {"issued_on": date(2026, 1, 1)}, "issued_on"),
        ("supplement", {"agreed_start": None}, "agreed_start"),
        ("stoppage", {"resumed_on": date(2023, 1, 1)}, "resumed_on"),
        ("cause", {"valid_to": date(2021, 2, 1)}, "valid_to"),
        ("cause", {"cause": "G9"}, "cause"),
        ("cause", {"verified_by": "王"}, "verified_on"),
        ("foundation", {"done": Decimal(4)}, "done"),
        ("foundation", {"kind": "mud"}, "kind"),
        ("milestone", {"result": "pass", "judged_by": "王"}, "actual_on"),
        ("permit", {"colour": "red"}, "colour"),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_field(
    kind: str,
    values: dict[str, Any],
    field: str,
    county: County,
    cast: dict[str, Actor],
    phase: ContractPhase,
) -> None:
    with pytest.raises(FieldErrors) as refused:
        enter(kind, county, cast["idle_land_officer"], phase, **values)
    assert [issue["field"] for issue in refused.value.issues] == [field]


def test_a_town_reports_on_its_own_ground_and_decides_nothing(
    county: County, cast: dict[str, Actor], phase: ContractPhase
) -> None:
    town = cast["township_officer"]
    number = enter("cause", county, town, phase)
    verdict = {"verified_by": "镇", "verified_on": ON}
    told: dict[str, Any] = {"county": county, "actor": town, "fact_id": number, "on": ON, "reason": "核实"}
    with pytest.raises(Forbidden):
        correct_fact("cause", values=verdict, **told)
    with pytest.raises(Forbidden):
        withdraw_fact("cause", **told)
    correct_fact("cause", values=verdict, **told | {"actor": cast["idle_land_officer"]})
    with pytest.raises(Forbidden):
        correct_fact("cause", values={"valid_to": date(2022, 1, 1)}, **told)
    assert CauseInterval.objects.get().valid_to == date(2021, 9, 1)


def test_nobody_reports_on_another_towns_ground(county: County, cast: dict[str, Actor]) -> None:
    there = factories.parcel(county, "B1", factories.box(60, 0, 61, 1), town_code=factories.TOWN_EAST)
    phase = factories.contract(county, "合2", there)
    with pytest.raises(NotFound):
        enter("permit", county, cast["township_officer"], phase)
    with pytest.raises(Forbidden):
        enter("permit", county, cast["evaluation_officer"], phase)


def test_two_stoppages_at_a_time_are_refused_in_words(
    county: County, cast: dict[str, Actor], phase: ContractPhase
) -> None:
    officer = cast["idle_land_officer"]
    enter("stoppage", county, officer, phase)
    with pytest.raises(Conflict, match="重叠的停工记录"):
        enter("stoppage", county, officer, phase, last_built_on=date(2024, 1, 1))
    assert Stoppage.objects.count() == 1


def test_the_database_itself_refuses_a_fact_without_evidence(county: County, phase: ContractPhase) -> None:
    with pytest.raises(IntegrityError), factories.writing(county):
        Stoppage.objects.create(phase=phase, last_built_on=date(2023, 1, 1), evidence="")


def test_the_screening_reads_what_was_entered(
    county: County, cast: dict[str, Actor], phase: ContractPhase
) -> None:
    officer = cast["idle_land_officer"]
    other = factories.contract(county, "合1", phase_no=2, agreed_start=date(2021, 3, 1))
    enter("cause", county, officer, phase, verified_by="王", verified_on=date(2022, 1, 1))
    enter("permit", county, officer, other)
    enter("foundation", county, officer, other)
    screened = screen_idle(county=county, actor=officer, on=ON)
    found = {record.facts.phase_no: finding for record, finding in screened.judged}
    assert found[1].net_idle_days == (found[1].gross_idle_days or 0) - 184
    assert found[2].code == "clear"
    enter_fact(
        "supplement",
        county=county,
        actor=officer,
        phase_id=phase.pk,
        values={"evidence": "原件", **SAMPLES["supplement"]},
        on=ON,
        reason="补录",
        whole_contract=True,
    )
    screened = screen_idle(county=county, actor=officer, on=ON)
    assert {finding.agreed_start for _, finding in screened.judged} == {date(2023, 6, 1)}
    record_screening(screened, county=county, by="王", reason="季度筛查")
    assert set(IdleFinding.objects.values_list("finding", "net_idle_days")) == {
        ("idle_not_started", (ON - date(2023, 6, 1)).days),
        ("clear", None),
    }
    assert SupplementAgreement.objects.get().phase_id is None
