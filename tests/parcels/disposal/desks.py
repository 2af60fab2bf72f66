"""An officer's browser for tests: a suspicion on record, the case opened from it, and its forms posted step by step.

Refuses nothing: what the pages refuse is for the tests to look at.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from html import unescape
from typing import Any

from django.test import Client

from landgis.access.queries import Actor
from landgis.counties.models import County
from parcels.disposal.models import CaseStep, IdleCase
from parcels.idle_land.actions import record_screening, screen_idle
from parcels.idle_land.models import IdleFinding
from parcels.supply.models import SupplyContract
from tests import factories
from tests.parcels.disposal.walks import CLOSING, FACTS, NUMBERED


def suspicion(county: County, actor: Actor) -> IdleFinding:
    """A contract that wasn't started in time, at 10 million 元, screened on 28 February 2024."""
    parcel = factories.parcel(county, "A1", factories.box(0, 0, 1, 1))
    factories.contract(county, "合1", parcel, agreed_start=date(2021, 3, 1))
    with factories.writing(county):
        SupplyContract.objects.update(price_wan=Decimal(1000), holder_name="示意公司")
    screened = screen_idle(county=county, actor=actor, on=date(2024, 2, 28))
    record_screening(screened, county=county, by="王", reason="季度筛查")
    return IdleFinding.objects.get(finding="idle_not_started")


class Browser:
    """The officer's browser: opens the case and posts its forms."""

    def __init__(self, client: Client, finding: IdleFinding) -> None:
        self.client = client
        answer = client.post(
            "/idle-land/cases/open",
            {
                "finding": finding.pk, "on": "2024-03-01", "officer": "idle_land_officer",
                "source": "季度筛查", "reason": "立案",
            },
        )  # fmt: skip
        assert answer.status_code == 302, answer.content.decode()
        self.address = answer["Location"]
        self.case = IdleCase.objects.get()

    def text(self, address: str = "") -> str:
        answer = self.client.get(address or self.address)
        assert answer.status_code == 200
        return unescape(answer.content.decode())

    def post(self, stage: str, on: date, document: int | None = None, **facts: Any) -> Any:
        code, _, of = stage.partition(":")
        stated: dict[str, Any] = dict(FACTS.get(code, {}))
        if code == "service":
            served = CaseStep.objects.filter(case=self.case, stage=of).latest("seq")
            stated = {"of": served.seq, "how": "direct", "receiver": "使用权人", "evidence": "回证"}
        if code == "closed":
            stated = dict(CLOSING)
        sent: dict[str, Any] = {
            f"{code}-on": str(on), f"{code}-person": "王专管", f"{code}-reason": "依程序办理"
        }  # fmt: skip
        sent |= {f"{code}-fact_{name}": value for name, value in (stated | facts).items()}
        if code in NUMBERED and document is None:
            sent[f"{code}-document_no"] = f"〔2024〕{CaseStep.objects.count()}号"
        if document is not None:
            sent[f"{code}-document"] = document
        return self.client.post(f"{self.address}steps/{code}", sent)

    def along(self, steps: list[tuple[str, date]]) -> None:
        for stage, on in steps:
            answer = self.post(stage, on)
            assert answer.status_code == 302, (stage, refusals(answer))


def refusals(answer: Any) -> str:
    text = unescape(answer.content.decode())
    return " ".join(
        re.findall(r'role="alert".*?</section>|class="(?:field-error|error)"[^<]*', text, re.DOTALL)
    )
