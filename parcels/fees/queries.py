"""Reading fee decisions with their accounts, batches, receipts and the lines that nobody has matched yet.

Refuses rows outside the actor's county and towns; nothing here writes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, QuerySet, Sum

from landgis.access.queries import Actor, in_territory
from landgis.counties.models import County
from landgis.counties.queries import parameters
from landgis.lib.errors import NotFound
from parcels.cadastre.models import Holding
from parcels.disposal.clocks import clocks
from parcels.disposal.models import CaseStep, FeeReceipt, IdleCase
from parcels.disposal.queries import RuleBook, cases, rules_of_days, steps_of
from parcels.disposal.state import State, Step, effective, fold
from parcels.documents.queries import standing_facts
from parcels.enterprises.models import Enterprise
from parcels.fees.models import FeeBatch, FeeBatchItem, ReceiptFile, ReceiptLine
from parcels.fees.rules import STATUS_TITLES, ZERO, Balance

LEGAL_BASIS = "《闲置土地处置办法》第十四条第一款第（一）项；财税〔2021〕8号"


@dataclass(frozen=True, slots=True)
class FeeRow:
    """A fee decision and what became of it by a day."""

    step_id: int
    case: IdleCase
    town_name: str
    decision_no: str
    decided_on: date
    base_yuan: Decimal
    rate: Decimal
    balance: Balance
    served_on: date | None
    batch_no: str
    on: date

    @property
    def status_title(self) -> str:
        return STATUS_TITLES[self.balance.status]

    @property
    def overdue_days(self) -> int:
        return self.balance.overdue_days(self.on)


def fee_rows(county: County, actor: Actor, on: date) -> list[FeeRow]:
    """Every fee decision of the territory as of a day, the newest first, in a fixed number of statements."""
    decided = CaseStep.objects.filter(stage="fee_decision", on__lte=on, reversed_by=None)
    found = {case.pk: case for case in cases(actor).filter(pk__in=decided.values("case_id"))}
    keys = {
        (case_id, seq): pk
        for pk, case_id, seq in decided.filter(case_id__in=found).values_list("pk", "case_id", "seq")
    }
    steps, rules = steps_of(found), rules_of_days(county)
    names = dict(county.towns.values_list("code", "name"))
    paid = _paid(found, on)
    batches = dict(
        FeeBatchItem.objects.filter(step_id__in=keys.values())
        .order_by("batch_id")
        .values_list("step_id", "batch__batch_no")
    )
    rows = []
    for case_id, case in found.items():
        known = [step for step in steps[case_id] if step.on <= on]
        state = fold(known)
        for step in effective(known):
            if step.stage == "fee_decision" and (case_id, step.seq) in keys:
                pk = keys[case_id, step.seq]
                rows.append(
                    FeeRow(
                        step_id=pk,
                        case=case,
                        town_name=names.get(case.town_code, ""),
                        decision_no=step.document_no,
                        decided_on=step.on,
                        base_yuan=Decimal(step.fact("base_yuan")),
                        rate=rules(step.on).routes.fee_rate,
                        balance=_balance(state, step, rules, paid.get((case_id, step.document_no), ZERO)),
                        served_on=_served(state, step),
                        batch_no=batches.get(pk, ""),
                        on=on,
                    )
                )
    return sorted(rows, key=lambda row: (row.decided_on, row.step_id), reverse=True)


def narrowed(rows: Sequence[FeeRow], asked: Mapping[str, Any]) -> list[FeeRow]:
    """`asked`: status (or overdue, unsent), town and q."""
    text = str(asked.get("q") or "").strip().casefold()

    def wanted(row: FeeRow) -> bool:
        contract = row.case.phase.contract
        status = asked.get("status") or ""
        texts = (row.decision_no, row.case.case_no, contract.holder_name, contract.parcel_code)
        return (
            (
                not status
                or status == row.balance.status
                or (status == "overdue" and row.overdue_days > 0)
                or (status == "unsent" and not row.batch_no)
            )
            and (not asked.get("town") or row.case.town_code == asked["town"])
            and (not text or any(text in value.casefold() for value in texts))
        )

    return [row for row in rows if wanted(row)]


def sums(rows: Iterable[FeeRow]) -> dict[str, Decimal]:
    """What was assessed, paid, is owed, overdue and to be given back, to the 分."""
    found = dict.fromkeys(("assessed", "paid", "outstanding", "overdue", "over"), ZERO)
    for row in rows:
        account = row.balance
        found["assessed"] += account.amount_yuan if account.in_force else ZERO
        found["paid"] += account.paid_yuan
        found["outstanding"] += account.outstanding_yuan
        found["overdue"] += account.outstanding_yuan if row.overdue_days else ZERO
        found["over"] += account.over_yuan
    return found


def source_rows(county: County, rows: Sequence[FeeRow], on: date) -> list[dict[str, Any]]:
    """What the tax authority is told of each decision: exact texts, so that the frozen row is the row that was hashed."""
    stated = standing_facts(parameters(county, on))
    codes = uscc_of([row.case for row in rows])
    term = rules_of_days(county)(on).term("performance")
    return [
        {
            "decision_no": row.decision_no,
            "decided_on": row.decided_on.isoformat(),
            "case_no": row.case.case_no,
            "payer": row.case.phase.contract.holder_name,
            "uscc": codes.get(row.case.pk, ""),
            "parcel_code": row.case.phase.contract.parcel_code,
            "supervision_no": row.case.phase.contract.supervision_no,
            "contract_no": row.case.phase.contract.contract_no,
            "location": row.case.phase.contract.location,
            "base_yuan": f"{row.base_yuan:.2f}",
            "rate": f"{row.rate.normalize():f}",
            "amount_yuan": f"{row.balance.amount_yuan if row.balance.in_force else ZERO:.2f}",
            "served_on": row.served_on.isoformat() if row.served_on else "",
            "due_on": row.balance.due_on.isoformat() if row.balance.due_on else "",
            "term": f"自送达之日起 {term}",
            "basis": LEGAL_BASIS,
            "taxpayer_office": str(stated.get("taxpayer_office", "")),
            "channel": str(stated.get("payee_channel", "")),
            "note": "" if row.balance.in_force else "决定已撤销，应缴金额为零",
        }
        for row in rows
    ]


def uscc_of(found: Sequence[IdleCase]) -> dict[int, str]:
    """Case → the holder's unified social credit code, where the register or the list of firms knows the very name."""
    names = {case.phase.contract.holder_name for case in found} - {""}
    parcels = [case.parcel_id for case in found if case.parcel_id]
    held = {
        (parcel, name): code
        for parcel, name, code in Holding.objects.filter(parcel_id__in=parcels)
        .exclude(holder__uscc="")
        .values_list("parcel_id", "holder__name", "holder__uscc")
    }
    firms: dict[str, set[str]] = defaultdict(set)
    county_ids = {case.county_id for case in found}
    for name, code in Enterprise.objects.filter(county_id__in=county_ids, name__in=names).values_list(
        "name", "uscc"
    ):
        firms[name].add(code)
    codes = {}
    for case in found:
        name = case.phase.contract.holder_name
        alone = firms.get(name, set())
        code = held.get((case.parcel_id or 0, name)) or (next(iter(alone)) if len(alone) == 1 else "")
        codes[case.pk] = code
    return codes


def batches(actor: Actor) -> QuerySet[FeeBatch]:
    """The county's batches, newest first, without their rows."""
    rows = FeeBatch.objects.filter(county_id=actor.county_code).select_related("corrects", "corrected_by")
    return rows.defer("rows").order_by("-pk")


def batch(actor: Actor, pk: int) -> FeeBatch:
    """One batch with its rows; it holds the whole county."""
    found = (
        FeeBatch.objects.filter(county_id=actor.county_code, pk=pk)
        .select_related("corrects", "county")
        .first()
    )
    if found is None or actor.town_codes is not None:
        raise NotFound("没有这一批费源信息，或不在您的管辖范围内。", remedy="请在土地闲置费页面选择。")
    return found


def heading_of(
    county_code: str, batch_no: str, on: date, corrects: str, corrects_sha256: str
) -> dict[str, str]:
    """What is hashed beside the rows."""
    return {
        "county": county_code,
        "batch_no": batch_no,
        "on": on.isoformat(),
        "corrects": corrects,
        "corrects_sha256": corrects_sha256,
    }


def receipts(actor: Actor) -> QuerySet[FeeReceipt]:
    """The receipts of the territory with their withdrawals, newest first; reversals stand beside what they reverse."""
    rows = in_territory(FeeReceipt.objects.filter(reverses=None), actor, field="case__town_code")
    return rows.select_related("case__phase__contract", "reversed_by").order_by("-paid_on", "-pk")


def open_lines(actor: Actor) -> QuerySet[ReceiptLine]:
    """Delivered lines that no decision was found for; they are the whole county's."""
    rows = ReceiptLine.objects.filter(file__county_id=actor.county_code, outcome="open")
    return rows.select_related("file").defer("file__content").order_by("file_id", "line")


def receipt_files(actor: Actor) -> QuerySet[ReceiptFile]:
    rows = ReceiptFile.objects.filter(county_id=actor.county_code).defer("content")
    return rows.order_by("-pk")


def _balance(state: State, step: Step, rules: RuleBook, paid: Decimal) -> Balance:
    due_on = next(
        (c.due_on for c in clocks(state, rules) if c.name == "performance" and c.from_seq == step.seq), None
    )
    return Balance(
        Decimal(step.fact("amount_yuan")), paid, due_on, any(s.seq == step.seq for s in state.steps)
    )


def _served(state: State, step: Step) -> date | None:
    receipt = state.service_of(step)
    return receipt.on if receipt else None


def _paid(found: Iterable[int], on: date) -> dict[tuple[int, str], Decimal]:
    rows = FeeReceipt.objects.filter(
        case_id__in=list(found), reverses=None, reversed_by=None, paid_on__lte=on
    )
    summed = rows.values("case_id", no=F("decision_no")).annotate(paid=Sum("amount_yuan"))
    return {(row["case_id"], row["no"]): row["paid"] for row in summed}
