"""A case in the database: opened from a suspicion, stepped by the law, never erased, numbered once, paid in full."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction

from landgis.access.queries import Actor
from landgis.audit.models import AuditEvent
from landgis.counties.models import County, Parameter
from landgis.lib.errors import Conflict, FieldErrors, Forbidden, InputError, NotFound
from parcels.disposal.actions import (
    StepRefused,
    assign_officer,
    enter_step,
    open_case,
    record_receipt,
    reverse_step,
)
from parcels.disposal.deadlines import by_officer_and_town, deadlines
from parcels.disposal.models import CaseStep, FeeReceipt, IdleCase
from parcels.disposal.procedure import fold
from parcels.disposal.queries import cases, cases_otherwise, reconcile, rules_of_days, steps_of
from parcels.documents.models import DocumentNumber, IssuedDocument
from parcels.idle_land.actions import record_screening, screen_idle
from parcels.idle_land.models import IdleFinding
from parcels.supply.fact_actions import enter_fact
from parcels.supply.models import SupplyContract
from tests import factories
from tests.parcels.disposal.walks import CLOSING, FACTS, NUMBERED, TO_DECISION

TODAY = date(2026, 1, 1)


class Desk:
    """The officer at work on one case."""

    def __init__(self, county: County, actor: Actor, finding: IdleFinding) -> None:
        self.county, self.actor = county, actor
        self.case = open_case(
            county=county,
            actor=actor,
            finding_id=finding.pk,
            on=date(2024, 3, 1),
            officer="idle_land_officer",
            source="2024年第一季度筛查",
            reason="立案",
        )

    def enter(self, stage: str, on: date, **facts: Any) -> CaseStep:
        code, _, of = stage.partition(":")
        stated: dict[str, Any] = dict(FACTS.get(code, {}))
        if code == "service":
            served = CaseStep.objects.filter(case=self.case, stage=of).latest("seq")
            stated = {"of": served.seq, "how": "direct", "receiver": "使用权人", "evidence": "回证"}
        return enter_step(
            county=self.county,
            actor=self.actor,
            case_id=self.case.pk,
            stage=code,
            on=on,
            today=TODAY,
            facts=stated | facts,
            person="王专管",
            reason="依程序办理",
            document_no=f"〔2024〕{self.case.pk}-{CaseStep.objects.count()}号" if code in NUMBERED else "",
        )

    def along(self, steps: list[tuple[str, date]]) -> None:
        for stage, on in steps:
            self.enter(stage, on)

    def reverse(self, seq: int, reason: str = "登记有误") -> CaseStep:
        return reverse_step(
            county=self.county, actor=self.actor, case_id=self.case.pk, seq=seq, on=TODAY, reason=reason
        )


@pytest.fixture
def finding(county: County, cast: dict[str, Actor]) -> IdleFinding:
    parcel = factories.parcel(county, "A1", factories.box(0, 0, 1, 1))
    factories.contract(county, "合1", parcel, agreed_start=date(2021, 3, 1))
    factories.contract(
        county, "合2", parcel, agreed_start=date(2023, 12, 1), agreed_completion=date(2024, 4, 10)
    )
    with factories.writing(county):
        SupplyContract.objects.update(price_wan=Decimal(1000))
    screened = screen_idle(county=county, actor=cast["idle_land_officer"], on=date(2024, 2, 28))
    record_screening(screened, county=county, by="王", reason="季度筛查")
    return IdleFinding.objects.get(finding="idle_not_started")


@pytest.fixture
def desk(county: County, cast: dict[str, Actor], finding: IdleFinding) -> Desk:
    return Desk(county, cast["idle_land_officer"], finding)


def test_a_case_goes_from_suspicion_to_closing_with_an_audit_row_for_each_step(desk: Desk) -> None:
    desk.along(TO_DECISION[1:])
    decision_no = CaseStep.objects.get(stage="fee_decision").document_no
    with pytest.raises(StepRefused, match="少于应缴金额"):
        desk.enter(
            "fee_paid", date(2024, 6, 10)
        )  # what the officer types in doesn't count, only what the tax office booked
    pay(desk, decision_no, "税1", "1500000.00")
    found = reconcile(desk.case)
    assert found is not None
    assert (found.status, found.difference_yuan) == ("short", Decimal("-500000.00"))
    pay(desk, decision_no, "税2", "500000.00")
    desk.enter("fee_paid", date(2024, 6, 10))
    assert CaseStep.objects.get(stage="fee_paid").facts == {"paid_yuan": "2000000.00", "receipts": "税1、税2"}
    desk.enter("disclosure_removed", date(2024, 6, 11))
    desk.enter("closed", date(2025, 4, 30), **CLOSING)
    desk.case.refresh_from_db()
    assert desk.case.closed_on == date(2025, 4, 30)
    assert AuditEvent.objects.filter(action__startswith="case_").count() == CaseStep.objects.count() - 1
    assert not IdleCase.objects.filter(closed_on=None).exists()


def pay(desk: Desk, decision_no: str, receipt_no: str, amount: str) -> FeeReceipt:
    return record_receipt(
        county=desk.county,
        actor=desk.actor,
        decision_no=decision_no,
        receipt_no=receipt_no,
        paid_on=date(2024, 6, 5),
        amount_yuan=Decimal(amount),
        payer_name="示意公司",
        source="税务回传",
        reason="入账",
    )


def test_a_refused_step_stores_nothing_and_names_every_reason(desk: Desk) -> None:
    before = AuditEvent.objects.count()
    with pytest.raises(StepRefused) as refused:
        desk.enter("finding", date(2024, 4, 8))
    assert [why.code for why in refused.value.refusals] == [
        "investigation_notice_missing", "investigation_notice_unserved", "reply_missing", "site_survey_missing",
    ]  # fmt: skip
    assert all(why["article"] and why["remedy"] for why in refused.value.as_json()["refusals"])  # type: ignore[attr-defined]
    assert CaseStep.objects.count() == 1
    assert AuditEvent.objects.count() == before


def test_a_step_without_its_paper_person_or_day_is_refused(desk: Desk) -> None:
    told: dict[str, Any] = {
        "county": desk.county, "actor": desk.actor, "case_id": desk.case.pk, "stage": "investigation_notice",
        "on": date(2024, 3, 11), "today": TODAY, "facts": {}, "person": "王", "reason": "办理",
    }  # fmt: skip
    with pytest.raises(FieldErrors, match="文号"):
        enter_step(**told)
    with pytest.raises(InputError, match="经办人"):
        enter_step(**told | {"person": " "})
    with pytest.raises(InputError, match="晚于今天"):
        enter_step(**told | {"on": date(2026, 1, 2), "document_no": "1号"})
    with pytest.raises(NotFound):
        enter_step(**told | {"stage": "party"})


def test_a_step_and_its_issued_paper_are_stored_together(desk: Desk, county: County) -> None:
    with factories.writing(county):
        number = DocumentNumber.objects.create(
            county=county, series="闲调", year=2024, serial=1, text="示意闲调〔2024〕1号"
        )
        papers = {
            kind: IssuedDocument.objects.create(
                county=county, kind=kind, number=number if kind == "investigation_notice" else None, title=kind,
                facts={}, docx=b"x", sha256="0" * 64, template_sha256="0" * 64, issued_on=date(2024, 3, 11),
                issued_by="王",
            )
            for kind in ("investigation_notice", "finding")
        }  # fmt: skip
    told: dict[str, Any] = {
        "county": county, "actor": desk.actor, "case_id": desk.case.pk, "stage": "investigation_notice",
        "on": date(2024, 3, 11), "today": TODAY, "facts": {}, "person": "王", "reason": "办理",
    }  # fmt: skip
    with pytest.raises(InputError, match="不是“调查通知”的文书"):
        enter_step(**told, document_id=papers["finding"].pk)
    made = enter_step(**told, document_id=papers["investigation_notice"].pk)
    assert (made.document, made.document_no) == (papers["investigation_notice"], "示意闲调〔2024〕1号")


@pytest.mark.parametrize("role", ["township_officer", "leader", "registrar", "evaluation_officer"])
def test_only_the_bureaus_officer_decides(role: str, desk: Desk, cast: dict[str, Actor]) -> None:
    desk.actor = cast[role]
    with pytest.raises(Forbidden):
        desk.enter("investigation_notice", date(2024, 3, 11))
    with pytest.raises(Forbidden):
        desk.reverse(1)


def test_a_town_sees_its_own_cases_only(desk: Desk, cast: dict[str, Actor], county: County) -> None:
    assert [case.case_no for case in cases(cast["township_officer"])] == ["〔2024〕闲置001"]
    with factories.writing(county):
        IdleCase.objects.update(town_code=factories.TOWN_EAST)
    assert not cases(cast["township_officer"]).exists()


def test_one_open_case_for_a_phase_and_numbers_in_turn(
    desk: Desk, finding: IdleFinding, county: County, cast: dict[str, Actor]
) -> None:
    assert desk.case.case_no == "〔2024〕闲置001"
    with pytest.raises(Conflict, match="未销号的案件"):
        Desk(county, cast["idle_land_officer"], finding)
    with pytest.raises(Conflict, match="不是疑似闲置"):
        Desk(county, cast["idle_land_officer"], IdleFinding.objects.get(finding="overdue"))
    with factories.writing(county):
        IdleCase.objects.update(closed_on=date(2024, 3, 2))
    assert Desk(county, cast["idle_land_officer"], finding).case.case_no == "〔2024〕闲置002"


def test_steps_and_receipts_are_append_only_in_the_database(desk: Desk) -> None:
    desk.along(TO_DECISION[1:])
    pay(desk, CaseStep.objects.get(stage="fee_decision").document_no, "税1", "1.00")
    for rows in (CaseStep.objects.all(), FeeReceipt.objects.all()):
        with (
            pytest.raises(DatabaseError, match="append-only"),
            factories.writing(desk.county),
            transaction.atomic(),
        ):
            rows.update(reason="改")
        with (
            pytest.raises(DatabaseError, match="append-only"),
            factories.writing(desk.county),
            transaction.atomic(),
        ):
            rows.delete()
    with pytest.raises(Conflict, match="已经入账"):
        pay(desk, CaseStep.objects.get(stage="fee_decision").document_no, "税1", "1.00")


def test_a_reversal_is_a_new_row_with_its_reason(desk: Desk) -> None:
    desk.along(TO_DECISION[1:4])
    before = fold(steps_of([desk.case.pk])[desk.case.pk])
    desk.enter("site_survey", date(2024, 3, 26))
    made = desk.reverse(5, "勘测日期写错")
    assert (made.stage, made.reason, CaseStep.objects.count()) == ("reversal", "勘测日期写错", 6)
    assert fold(steps_of([desk.case.pk])[desk.case.pk]) == before
    with pytest.raises(StepRefused):
        desk.reverse(2)
    with pytest.raises(StepRefused):
        desk.reverse(5)


def test_reversing_the_closing_opens_the_case_again(desk: Desk) -> None:
    desk.along(TO_DECISION[1:5])
    desk.enter("finding", date(2024, 4, 8), result="not_idle", causes=[])
    closed = desk.enter("closed", date(2024, 5, 1))
    desk.reverse(closed.seq)
    desk.case.refresh_from_db()
    assert desk.case.closed_on is None


def test_an_agreement_has_to_stand_in_the_contracts_book_too(
    desk: Desk, county: County, finding: IdleFinding
) -> None:
    def fact(kind: str, **values: Any) -> None:
        enter_fact(
            kind, county=county, actor=desk.actor, phase_id=finding.phase_id,
            values={"evidence": "原件", **values}, on=TODAY, reason="补录",
        )  # fmt: skip

    fact("cause", cause="G1", valid_from=date(2021, 1, 1), verified_by="王", verified_on=date(2024, 3, 20))
    fact("registration", registration_no="监1", registered_on=date(2024, 4, 1))
    desk.along(TO_DECISION[1:5])
    desk.enter("finding", date(2024, 4, 8), causes=["G1"])
    desk.enter("service:finding", date(2024, 4, 9))
    desk.enter("scheme", date(2024, 4, 15), mode="extend", content="延长")
    desk.enter("scheme_approval", date(2024, 4, 30))
    with pytest.raises(FieldErrors, match="先登记补充协议"):
        desk.enter("agreement", date(2024, 5, 20))
    fact("supplement", agreement_no="补1", signed_on=date(2024, 5, 20), agreed_start=date(2024, 9, 1))
    desk.enter("agreement", date(2024, 5, 20))
    screened = screen_idle(county=county, actor=desk.actor, on=date(2024, 6, 1))
    assert {f.code for phase, f in screened.judged if phase.phase_id == finding.phase_id} == {"clear"}


def test_the_officer_of_a_case_is_somebody_who_may(desk: Desk, county: County) -> None:
    told: dict[str, Any] = {
        "county": county, "actor": desk.actor, "case_id": desk.case.pk, "on": TODAY, "reason": "分工"
    }  # fmt: skip
    with pytest.raises(InputError, match="专管员"):
        assign_officer(officer="township_officer", **told)
    assign_officer(officer="idle_land_officer", **told)


# --- rules of the day, other rules ----------------------------------------------------------------------------


def test_a_step_keeps_the_rules_of_its_day_and_a_change_shows_which_cases_differ(
    desk: Desk, county: County
) -> None:
    desk.along(TO_DECISION[1:])
    with factories.writing(county):
        Parameter.objects.filter(county=county, key="idle_land.fee_rate").update(valid_to=date(2024, 12, 31))
        Parameter.objects.create(
            county=county, key="idle_land.fee_rate", value="0.25", valid_from=date(2025, 1, 1), basis="示意"
        )
    rules = rules_of_days(county)
    assert str(rules(date(2024, 12, 31)).routes.fee_rate) == "0.20"
    assert str(rules(date(2025, 1, 1)).routes.fee_rate) == "0.25"
    assert cases_otherwise(desk.actor, rules, rules) == []
    other = rules_of_days(county, {"idle_land.fee_rate": "0.25"})
    ((case, differences),) = cases_otherwise(desk.actor, rules, other)
    assert case == desk.case
    assert [judged.step.stage for judged in differences.newly_refused] == ["fee_decision"]


def test_holidays_that_were_published_later_count_for_terms_that_began_before(county: County) -> None:
    with factories.writing(county):
        Parameter.objects.create(
            county=county,
            key="calendar.2035",
            value={"rest": ["2035-02-08/2035-02-14"]},
            valid_from=date(2035, 1, 20),
            basis="国务院办公厅通知",
        )
    term = rules_of_days(county)(date(2035, 1, 10)).ends("reply", date(2035, 1, 10))
    assert (term.rolled, term.holiday_table) == (date(2035, 2, 15), True)


# --- deadlines ------------------------------------------------------------------------------------------------


def test_deadlines_are_told_with_days_left_officer_and_town(desk: Desk, county: County) -> None:
    desk.along(TO_DECISION[1:3])
    found = deadlines(county, desk.actor, date(2024, 4, 1))
    (due,) = found.due
    assert (due.case, due.step, due.due_on, due.days_left) == (
        "〔2024〕闲置001",
        "reply",
        date(2024, 4, 11),
        10,
    )
    assert [(r.kind, r.days_left) for r in found.reminders] == [("agreed_completion", 9)]
    late = deadlines(county, desk.actor, date(2024, 4, 12))
    assert [(item.step, item.days_left) for item in late.overdue] == [("reply", -1)]
    assert by_officer_and_town(late) == [
        {"officer": "idle_land_officer", "town_code": factories.TOWN_WEST, "due": 0, "overdue": 1}
    ]
    assert deadlines(county, desk.actor, date(2024, 3, 11)).due == ()  # the receipt is of the 12th
    assert deadlines(county, desk.actor, date(2024, 4, 1), officer="nobody").due == ()


def test_a_right_that_has_passed_is_not_overdue(desk: Desk, county: County) -> None:
    desk.along(TO_DECISION[1:])
    found = deadlines(county, desk.actor, date(2024, 8, 1))
    assert [item.step for item in found.overdue] == ["performance"]


def test_check_deadlines_prints_one_document(desk: Desk, county: County) -> None:
    out = StringIO()
    call_command("check_deadlines", "--on", "2024-03-15", "--county", county.code, "--json", stdout=out)
    document = json.loads(out.getvalue())
    assert document["on"] == "2024-03-15"
    assert [(row["case"], row["step"], row["due_on"], row["days_left"]) for row in document["due"]] == [
        ("〔2024〕闲置001", "investigate", "2024-04-01", 17)
    ]
    assert document["overdue"] == []


def test_the_deadlines_of_many_cases_take_a_fixed_number_of_statements(
    desk: Desk, county: County, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(13):
        deadlines(county, desk.actor, date(2024, 4, 1))
