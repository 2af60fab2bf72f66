"""A contract's own row, the agreed days of a phase and its review are corrected on screen, with the paper that says so."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from landgis.access.queries import Actor
from landgis.audit.models import AuditEvent
from landgis.counties.models import County
from landgis.lib.errors import FieldErrors, Forbidden
from parcels.supply.contract_actions import correct_contract, correct_phase
from parcels.supply.models import ContractPhase, SupplyContract
from tests import factories
from tests.factories import SignIn
from tests.parcels.phases.test_pages import correct, errors, page, phase

__all__ = ["phase"]
PAPER = "补充协议〔2023〕3号"


def test_price_area_and_holder_are_corrected_with_their_paper_and_keep_their_past(
    phase: ContractPhase, signed_in: SignIn
) -> None:
    client, contract = signed_in("idle_land_officer"), phase.contract
    answer = correct(
        client, phase, "contract", contract.pk, price_wan="1200.5", area_m2="19000", signed_on="2020-12-01",
        document=PAPER,
    )  # fmt: skip
    assert answer.status_code == 302, errors(answer)
    contract.refresh_from_db()
    assert (contract.price_wan, contract.area_m2) == (Decimal("1200.5"), Decimal(19000))
    assert (contract.signed_on, contract.holder_name) == (date(2020, 12, 1), "示意公司")
    event = AuditEvent.objects.get(action="correct_contract")
    assert event.reason == f"更正（依据：{PAPER}）"
    assert set(event.summary["values"]) == {"price_wan", "area_m2", "signed_on"}
    told = page(client, phase)
    assert "成交价格（万元） 1000" in told, "what it was stands in the history"
    assert PAPER in told


def test_agreed_days_and_the_review_move_the_finding_and_need_a_paper(
    phase: ContractPhase, signed_in: SignIn
) -> None:
    client = signed_in("idle_land_officer")
    refused = correct(client, phase, "phase", phase.pk, agreed_start="2021-06-01")
    assert refused.status_code == 422
    assert "更正约定动工日期须写明依据文件" in errors(refused)
    assert (
        correct(client, phase, "phase", phase.pk, agreed_start="2021-06-01", document=PAPER).status_code
        == 302
    )
    phase.refresh_from_db()
    assert phase.agreed_start == date(2021, 6, 1)
    assert "2022-06-01" in page(client, phase), "the full year runs from the corrected day"
    reviewed = correct(
        client, phase, "phase", phase.pk, actual_start="2021-06-01", actual_completion="2023-01-01",
        review_due="2023-06-01", review_passed_on="2023-05-01", review_passed_by="李", document="复核验收意见1号",
    )  # fmt: skip
    assert reviewed.status_code == 302, errors(reviewed)
    phase.refresh_from_db()
    assert (phase.review_due, phase.review_passed_on) == (date(2023, 6, 1), date(2023, 5, 1))
    assert phase.review_passed_by == "李"


@pytest.mark.parametrize(
    ("kind", "written", "told"),
    [
        ("contract", {"price_wan": "-1"}, "成交价格不能小于 0"),
        ("contract", {"area_m2": "0"}, "合同面积应大于 0"),
        ("contract", {"signed_on": "2099-01-01"}, "尚未发生的事不能登记"),
        ("contract", {"price_wan": "1e30"}, ""),
        ("contract", {"holder_name": "名" * 201}, ""),
        ("phase", {"review_passed_on": "2023-05-01"}, "复核验收通过日期和复核验收人应同时填写"),
        ("phase", {"review_passed_by": "李"}, "复核验收通过日期和复核验收人应同时填写"),
        ("phase", {"review_passed_on": "2099-01-01", "review_passed_by": "李"}, "尚未发生的事不能登记"),
        (
            "phase",
            {"actual_completion": "2023-06-01", "review_passed_on": "2023-05-01", "review_passed_by": "李"},
            "复核验收通过日期不能早于实际竣工日期",
        ),
        ("phase", {"agreed_completion": "2021-03-01"}, "约定竣工日期应晚于约定动工日期"),
    ],
)
def test_what_the_rules_refuse_is_told_in_words_and_nothing_is_written(
    kind: str, written: dict[str, str], told: str, phase: ContractPhase, signed_in: SignIn
) -> None:
    number = phase.pk if kind == "phase" else phase.contract_id
    answer = correct(signed_in("idle_land_officer"), phase, kind, number, document=PAPER, **written)
    assert answer.status_code == 422
    assert errors(answer)
    assert told in errors(answer)
    assert not AuditEvent.objects.filter(action=f"correct_{kind}").exists()


def test_a_town_corrects_what_it_saw_and_nothing_that_was_agreed(
    phase: ContractPhase, county: County, cast: dict[str, Actor], signed_in: SignIn
) -> None:
    town = signed_in("township_officer")
    text = page(town, phase)
    assert f"?edit=contract-{phase.contract_id}" not in text
    assert f"?edit=phase-{phase.pk}" in text
    assert correct(town, phase, "phase", phase.pk, actual_delivery="2020-03-01").status_code == 302
    forged = {"edit-contract-seen": "0", "edit-contract-reason": "改", "edit-contract-price_wan": "1"}
    town.post(f"/supply/phases/{phase.pk}/facts/contract/{phase.contract_id}", forged)
    assert SupplyContract.objects.get(pk=phase.contract_id).price_wan == Decimal(1000)
    told: dict[str, Any] = {
        "county": county, "actor": cast["township_officer"], "phase_id": phase.pk, "on": timezone.localdate(),
        "reason": "改", "document": PAPER,
    }  # fmt: skip
    with pytest.raises(Forbidden):
        correct_contract(values={"price_wan": Decimal(1)}, **told)
    with pytest.raises(Forbidden):
        correct_phase(values={"review_due": date(2023, 1, 1)}, **told)


def test_a_value_that_is_not_a_field_of_the_row_is_refused(
    phase: ContractPhase, county: County, cast: dict[str, Actor]
) -> None:
    with pytest.raises(FieldErrors):
        correct_contract(
            county=county, actor=cast["idle_land_officer"], phase_id=phase.pk, values={"county_id": "x"},
            on=timezone.localdate(), reason="改", document=PAPER,
        )  # fmt: skip


def test_two_officers_do_not_overwrite_each_other(phase: ContractPhase, signed_in: SignIn) -> None:
    client = signed_in("idle_land_officer")
    with factories.writing(phase.contract.county):
        SupplyContract.objects.update(location="甲路1号")
    stale = {
        "edit-contract-seen": "1", "edit-contract-reason": "改", "edit-contract-price_wan": "1",
        "edit-contract-document": PAPER,
    }  # fmt: skip
    answer = client.post(f"/supply/phases/{phase.pk}/facts/contract/{phase.contract_id}", stale)
    assert answer.status_code == 412
    assert SupplyContract.objects.get(pk=phase.contract_id).price_wan == Decimal(1000)
