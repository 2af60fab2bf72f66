"""Opening a case, entering its steps, taking one back, and booking what the tax authority reports.

Refuses what the procedure refuses, with all its reasons at once; a step, its facts, its paper and its person are stored
together or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Max

from landgis.access.models import Assignment
from landgis.access.queries import Actor
from landgis.access.rules import MANAGE_IDLE_CASES, RIGHTS
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.counties.queries import ParameterMissing, in_force
from landgis.lib.days import not_ahead
from landgis.lib.errors import Conflict, FieldErrors, InputError, NotFound
from parcels.disposal.models import CaseStep, FeeReceipt, IdleCase
from parcels.disposal.procedure import before_opening, check, check_reversal, issues
from parcels.disposal.queries import (
    RuleBook,
    ground_on,
    receipts_of,
    reconcile,
    record_of,
    rules_of_days,
    steps_of,
)
from parcels.disposal.receipts import Payment, book_payments, one_at_a_time
from parcels.disposal.stages import STAGES
from parcels.disposal.state import REVERSAL, Refusal, Step, fold
from parcels.disposal.stating import as_json, read_facts
from parcels.documents.models import IssuedDocument
from parcels.idle_land.models import IdleFinding
from parcels.idle_land.rules import FINDING_TITLES
from parcels.supply.fact_models import SupplementAgreement

SUSPECTED = ("idle_not_started", "idle_stopped")


class StepRefused(Conflict):
    """The law doesn't allow this step now: every reason with its article and remedy."""

    code = "step_refused"

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        first = refusals[0]
        super().__init__(f"{first.reason}（{first.article}）。", remedy=first.remedy)
        self.refusals = tuple(refusals)

    def as_json(self) -> dict[str, object]:
        return super().as_json() | {"refusals": [refusal._asdict() for refusal in self.refusals]}


def open_case(
    *, county: County, actor: Actor, finding_id: int, on: date, officer: str, source: str, reason: str
) -> IdleCase:
    """Make a case of a screening's suspicion, with its first step; one open case for each contract phase."""
    actor.require_whole_county(MANAGE_IDLE_CASES)
    finding = (
        IdleFinding.objects.filter(pk=finding_id, screening__county=county)
        .select_related("screening")
        .first()
    )
    if finding is None:
        raise NotFound("没有这条筛查结果。", remedy="请在筛查清单中选择。")
    if finding.finding not in SUSPECTED:
        title = next(name for code, name in FINDING_TITLES.items() if code == finding.finding)
        raise Conflict(f"“{title}”不是疑似闲置，不能立案。", remedy="请先补充事实并重新筛查。")
    rules = rules_of_days(county)
    try:
        rules(on)
    except ParameterMissing:
        message = f"{on} 没有生效的处置规则，不能以该日立案。"
        raise InputError("no_rules", message, "请更正立案日期。", field="on") from None
    _officer(county, officer, on)
    record = record_of(actor, finding.phase_id, on)
    with change(
        county_code=county.code, by=actor.username, action="open_idle_case", reason=reason, on=str(on)
    ) as running:
        one_at_a_time(county)
        opened = IdleCase.objects.filter(phase_id=finding.phase_id, closed_on=None).first()
        if opened is not None:
            raise Conflict(f"该期已有未销号的案件 {opened.case_no}。", remedy="请在原案中办理。")
        number = (
            IdleCase.objects.filter(county=county, year=on.year).aggregate(n=Max("number"))["n"] or 0
        ) + 1
        case = IdleCase.objects.create(
            county=county,
            case_no=str(rules.values(on)["disposal.case_number"]).format(year=on.year, number=number),
            year=on.year,
            number=number,
            phase_id=finding.phase_id,
            parcel_id=record.parcel_id if record else finding.parcel_id,
            finding=finding,
            town_code=record.town_code if record else finding.town_code,
            opened_on=on,
            officer=officer,
            rule_version=rules(on).version,
        )
        step = Step(1, "suspicion", on, {"source": source}, "", None, _ground(actor, case, on, rules))
        _store(case, step, [], actor, officer, rules, "")
        running.summary.update(case=case.case_no, finding=finding.finding, phase=finding.phase_id)
    return case


def enter_step(
    *,
    county: County,
    actor: Actor,
    case_id: int,
    stage: str,
    on: date,
    today: date,
    facts: Mapping[str, Any],
    person: str,
    reason: str,
    document_no: str = "",
    document_id: int | None = None,
) -> CaseStep:
    """Enter what happened on the day `on`; raises StepRefused with every reason that the procedure has against it."""
    actor.require_whole_county(MANAGE_IDLE_CASES)
    if stage not in STAGES:
        raise NotFound(f"没有“{stage}”这一步骤。", remedy=f"可选：{'、'.join(STAGES)}。")
    not_ahead(on, today)
    if not person.strip():
        raise InputError("person_missing", "请填写经办人。", field="person")
    rules = rules_of_days(county)
    title = STAGES[stage].title
    with change(
        county_code=county.code, by=actor.username, action=f"case_{stage}", reason=reason, on=str(on)
    ) as running:
        case = _locked(county, case_id)
        if on < case.opened_on:  # of such a day there may be no rules at all
            raise StepRefused([before_opening(on, case.opened_on)])
        steps = steps_of([case.pk])[case.pk]
        paper = _paper(county, stage, document_id)
        number = paper.number.text if paper and paper.number else document_no.strip()
        typed = read_facts(stage, facts) | _from_the_books(case, stage)
        step = Step(len(steps) + 1, stage, on, typed, number, None, _ground(actor, case, on, rules))
        if found := [*issues(step), *_against_the_books(case, step)]:
            raise FieldErrors(found)
        made = _store(case, step, steps, actor, person, rules, reason, paper)
        if stage in ("closed", "reopened"):
            _close(case, on if stage == "closed" else None)
        running.summary.update(case=case.case_no, step=step.seq, title=title, document_no=step.document_no)
    return made


def reverse_step(*, county: County, actor: Actor, case_id: int, seq: int, on: date, reason: str) -> CaseStep:
    """Take a wrong step back by a new row; refused while later steps rest on it."""
    actor.require_whole_county(MANAGE_IDLE_CASES)
    rules = rules_of_days(county)
    with change(
        county_code=county.code, by=actor.username, action="reverse_case_step", reason=reason, on=str(on)
    ) as running:
        case = _locked(county, case_id)
        steps = steps_of([case.pk])[case.pk]
        if refused := check_reversal(steps, seq, rules):
            raise StepRefused(refused)
        target = CaseStep.objects.get(case=case, seq=seq)
        made = CaseStep.objects.create(
            case=case,
            seq=len(steps) + 1,
            stage=REVERSAL,
            on=on,
            by=actor.username,
            person=actor.display_name or actor.username,
            rule_version=rules(on).version,
            reverses=target,
            reason=reason,
        )
        closing = fold(steps_of([case.pk])[case.pk]).last("closed")
        if (closing.on if closing else None) != case.closed_on:
            _close(case, closing.on if closing else None)
        running.summary.update(case=case.case_no, reversed=seq, stage=target.stage)
    return made


def assign_officer(
    *, county: County, actor: Actor, case_id: int, officer: str, on: date, reason: str
) -> None:
    """Hand a case to another officer."""
    actor.require_whole_county(MANAGE_IDLE_CASES)
    _officer(county, officer, on)
    with change(
        county_code=county.code, by=actor.username, action="assign_idle_case", reason=reason
    ) as running:
        case = _locked(county, case_id)
        running.summary.update(case=case.case_no, before=case.officer, after=officer)
        case.officer = officer
        case.save(update_fields=["officer"])


def record_receipt(
    *,
    county: County,
    actor: Actor,
    decision_no: str,
    receipt_no: str,
    paid_on: date,
    amount_yuan: Decimal,
    payer_name: str,
    source: str,
    reason: str,
) -> FeeReceipt:
    """Book a payment that the tax authority reported, on the case whose fee decision has this number."""
    actor.require_whole_county(MANAGE_IDLE_CASES)
    decision = (
        CaseStep.objects.filter(
            case__county=county, stage="fee_decision", document_no=decision_no, reversed_by=None
        )
        .select_related("case")
        .first()
    )
    if decision is None:
        raise NotFound(f"没有文号为“{decision_no}”的征缴决定书。", remedy="请核对税务回执上的文号。")
    if paid_on < decision.on:
        message = f"缴费日期 {paid_on} 早于决定日期 {decision.on}。"
        raise InputError("paid_before_decision", message, "请核对缴费日期。", field="paid_on")
    if amount_yuan <= 0 or not receipt_no.strip():
        raise InputError("receipt_invalid", "缴费金额应大于 0，并填写凭证号。", field="amount_yuan")
    known = FeeReceipt.objects.filter(county=county, receipt_no=receipt_no, reverses=None, reversed_by=None)
    with change(
        county_code=county.code, by=actor.username, action="record_fee_receipt", reason=reason
    ) as running:
        one_at_a_time(county)
        if known.exists():
            raise Conflict(f"凭证号“{receipt_no}”已经入账。", remedy="请核对是否重复回传。")
        payment = Payment(decision.case_id, decision_no, receipt_no, paid_on, amount_yuan, payer_name)
        [made] = book_payments(county, [payment], source)
        running.summary.update(case=decision.case.case_no, receipt=receipt_no, amount=str(amount_yuan))
    return made


def _store(
    case: IdleCase,
    step: Step,
    steps: list[Step],
    actor: Actor,
    person: str,
    rules: RuleBook,
    reason: str,
    paper: IssuedDocument | None = None,
) -> CaseStep:
    if refused := check(steps, step, rules(step.on)):
        raise StepRefused(refused)
    return CaseStep.objects.create(
        case=case,
        seq=step.seq,
        stage=step.stage,
        on=step.on,
        by=actor.username,
        person=person,
        facts=as_json(step.facts),
        ground=step.ground.as_json(),
        document_no=step.document_no,
        document=paper,
        rule_version=rules(step.on).version,
        reason=reason,
    )


def _paper(county: County, stage: str, document_id: int | None) -> IssuedDocument | None:
    """The issued paper that a step rests on: of this county, of a kind that the stage makes, and not voided."""
    if document_id is None:
        return None
    paper = IssuedDocument.objects.filter(pk=document_id, county=county).select_related("number").first()
    if paper is None or paper.void_reason:
        raise InputError(
            "document_unknown", "没有这份文书，或者文书已作废。", "请选择已出具的有效文书。", field="document"
        )
    if paper.kind not in STAGES[stage].documents:
        message = f"“{paper.title}”不是“{STAGES[stage].title}”的文书。"
        raise InputError("document_kind", message, "请选择对应的文书。", field="document")
    return paper


def _close(case: IdleCase, on: date | None) -> None:
    if (
        on is None
        and IdleCase.objects.filter(phase_id=case.phase_id, closed_on=None).exclude(pk=case.pk).exists()
    ):
        raise Conflict("该期已另立新案，原案不能重新打开。", remedy="请在新案中办理。")
    case.closed_on = on
    case.save(update_fields=["closed_on"])


def _ground(actor: Actor, case: IdleCase, on: date, rules: RuleBook) -> Any:
    return ground_on(actor, case.phase_id, on, rules.values(on))


def _from_the_books(case: IdleCase, stage: str) -> dict[str, Any]:
    """What a step states isn't typed in where the books know it."""
    if stage != "fee_paid" or (found := reconcile(case)) is None:
        return {}
    numbers = "、".join(r.receipt_no for r in receipts_of(case) if r.decision_no == found.decision_no)
    return {"paid_yuan": found.paid_yuan, "receipts": numbers or "税务部门尚未回传"}


def _against_the_books(case: IdleCase, step: Step) -> list[dict[str, str]]:
    """An agreement that restarts the clock has to be on record as a supplement, so that the screening reads it too."""
    start = step.fact("new_start")
    if step.stage != "agreement" or start is None:
        return []
    known = SupplementAgreement.objects.filter(
        contract__phases=case.phase_id, agreement_no=str(step.fact("agreement_no")), agreed_start=start
    )
    if known.exists():
        return []
    message = f"合同台账中没有编号相同、约定动工日期为 {start} 的补充协议，请先登记补充协议。"
    return [{"field": "agreement_no", "message": message}]


def _officer(county: County, username: str, on: date) -> None:
    roles = [role for role, rights in RIGHTS.items() if MANAGE_IDLE_CASES in rights]
    people = Assignment.objects.filter(in_force(on), county=county, role__in=roles, user__is_active=True)
    if not people.filter(user__username=username, town_code="").exists():
        raise InputError(
            "officer_unknown",
            f"“{username}”不是本县的闲置土地专管员。",
            "请选择有此职责的账号。",
            field="officer",
        )


def _locked(county: County, case_id: int) -> IdleCase:
    case = IdleCase.objects.select_for_update().filter(pk=case_id, county=county).first()
    if case is None:
        raise NotFound("没有这一案件。", remedy="请在案件清单中选择。")
    return case
