"""Cases that were opened and walked along the law, for tests of what is made of them.

Refuses to write a step past the procedure: every one goes through its action.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from landgis.access.queries import Actor
from landgis.counties.models import County
from parcels.cadastre.models import Parcel
from parcels.disposal.actions import enter_step, open_case
from parcels.disposal.models import CaseStep, IdleCase
from parcels.idle_land.actions import record_screening, screen_idle
from parcels.idle_land.models import IdleFinding
from parcels.supply.models import SupplyContract
from tests import factories
from tests.parcels.disposal.walks import FACTS, NUMBERED, TO_DECISION, TO_FINDING

TODAY = date(2026, 1, 1)
TO_DISCLOSURE = [*TO_FINDING, ("disclosure", date(2024, 4, 10))]
__all__ = ["TODAY", "TO_DECISION", "TO_DISCLOSURE", "TO_FINDING", "enter", "suspect", "walk"]


def suspect(county: County, contract_no: str, parcel: Parcel | None, **stated: Any) -> IdleFinding:
    """A contract whose land is suspected on 2024-02-28; `stated` is written on the contract."""
    phase = factories.contract(county, contract_no, parcel, agreed_start=date(2021, 3, 1))
    stated = {
        "price_wan": Decimal(1000),
        "holder_name": "示意公司",
        "location": f"{contract_no}路1号",
    } | stated
    with factories.writing(county):
        SupplyContract.objects.filter(pk=phase.contract_id).update(**stated)
    return IdleFinding(phase=phase)


def walk(
    county: County, actor: Actor, phases: list[IdleFinding], steps: list[tuple[str, date]]
) -> list[IdleCase]:
    """Cases of the suspicions, each along the steps from the second on."""
    screened = screen_idle(county=county, actor=actor, on=date(2024, 2, 28))
    record_screening(screened, county=county, by="王", reason="季度筛查")
    made = []
    for suspected in phases:
        finding = IdleFinding.objects.filter(phase_id=suspected.phase_id).latest("id")
        case = open_case(
            county=county, actor=actor, finding_id=finding.pk, on=date(2024, 3, 1), officer="idle_land_officer",
            source="筛查", reason="立案",
        )  # fmt: skip
        for stage, on in steps[1:]:
            enter(county, actor, case, stage, on)
        made.append(case)
    return made


def enter(county: County, actor: Actor, case: IdleCase, stage: str, on: date, **facts: Any) -> CaseStep:
    """One step; "service:finding" serves the finding's paper."""
    code, _, of = stage.partition(":")
    stated: dict[str, Any] = dict(FACTS.get(code, {}))
    if code == "service":
        served = CaseStep.objects.filter(case=case, stage=of).latest("seq")
        stated = {"of": served.seq, "how": "direct", "receiver": "使用权人", "evidence": "回证"}
    number = f"〔2024〕{case.pk}-{CaseStep.objects.count()}号" if code in NUMBERED else ""
    return enter_step(
        county=county, actor=actor, case_id=case.pk, stage=code, on=on, today=TODAY, facts=stated | facts,
        person="王专管", reason="依程序办理", document_no=number,
    )  # fmt: skip
