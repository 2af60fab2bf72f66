"""Several cases for tests: suspicions on record, cases opened from them, and their steps entered by the room's own actions.

Refuses nothing: what the procedure refuses is for the tests to look at.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from landgis.access.queries import Actor
from landgis.counties.models import County
from parcels.disposal.actions import enter_step, open_case
from parcels.disposal.models import CaseStep, IdleCase
from parcels.idle_land.actions import record_screening, screen_idle
from parcels.idle_land.models import IdleFinding
from parcels.supply.models import SupplyContract
from tests import factories
from tests.parcels.disposal.walks import CLOSING, FACTS, NUMBERED

OPENED = date(2024, 3, 1)
TODAY = date(2025, 6, 1)


def opened_cases(
    county: County, actor: Actor, count: int, *, officer: str = "idle_land_officer", price_wan: int = 1000
) -> list[IdleCase]:
    """Cases of contracts that weren't started since 1 March 2021, opened on 1 March 2024."""
    begun = SupplyContract.objects.filter(county=county).count()
    for n in range(begun + 1, begun + count + 1):
        parcel = factories.parcel(county, f"A{n}", factories.box(2 * n, 0, 2 * n + 1, 1))
        factories.contract(county, f"合{n}", parcel, agreed_start=date(2021, 3, 1))
        with factories.writing(county):
            SupplyContract.objects.filter(contract_no=f"合{n}").update(
                price_wan=Decimal(price_wan), holder_name=f"示意公司{n}", location=f"甲路{n}号"
            )
    screened = screen_idle(county=county, actor=actor, on=date(2024, 2, 28))
    record_screening(screened, county=county, by="王", reason="季度筛查")
    screening = IdleFinding.objects.latest("screening_id").screening_id
    found = IdleFinding.objects.filter(
        finding="idle_not_started", screening_id=screening, phase__cases__isnull=True
    )
    return [
        open_case(
            county=county,
            actor=actor,
            finding_id=finding.pk,
            on=OPENED,
            officer=officer,
            source="季度筛查",
            reason="立案",
        )
        for finding in found.order_by("phase_id")
    ]


def entered(
    county: County, actor: Actor, case: IdleCase, stage: str, on: date, number: str = "", **facts: Any
) -> CaseStep:
    """One step; `service:stage` serves the last paper of that stage."""
    code, _, of = stage.partition(":")
    stated: dict[str, Any] = dict(FACTS.get(code, {}))
    if code == "service":
        served = CaseStep.objects.filter(case=case, stage=of).latest("seq")
        stated = {"of": served.seq, "how": "direct", "receiver": "使用权人", "evidence": "回证"}
    if code == "closed":
        stated = dict(CLOSING)
    return enter_step(
        county=county,
        actor=actor,
        case_id=case.pk,
        stage=code,
        on=on,
        today=TODAY,
        facts=stated | facts,
        person="王专管",
        reason="依程序办理",
        document_no=number or (f"〔2024〕{case.pk}-{CaseStep.objects.count()}号" if code in NUMBERED else ""),
    )


def walked(
    county: County, actor: Actor, case: IdleCase, steps: list[tuple[str, date]], **facts: dict[str, Any]
) -> None:
    """Steps after the opening, one after the other; `facts` are a stage's own."""
    for stage, on in steps:
        if stage != "suspicion":
            entered(county, actor, case, stage, on, **facts.get(stage, {}))
