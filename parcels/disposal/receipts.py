"""The books of receipts: several at once from a file, and the withdrawal of one that was booked wrongly.

Refuses to erase a receipt, to withdraw one twice, and one under a step that says the fee is paid.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from landgis.access.queries import Actor
from landgis.access.rules import MANAGE_IDLE_CASES
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.lib.errors import Conflict, InputError, NotFound
from landgis.lib.turns import wait_for_turn
from parcels.disposal.models import FeeReceipt
from parcels.disposal.queries import steps_of
from parcels.disposal.state import fold


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment that was matched to a decision's case."""

    case_id: int
    decision_no: str
    receipt_no: str
    paid_on: date
    amount_yuan: Decimal
    payer_name: str = ""


def one_at_a_time(county: County) -> None:
    """Two bookings at once wait for each other, so that a number is booked once."""
    wait_for_turn("disposal_case", county.code)


def book_payments(county: County, payments: Sequence[Payment], source: str) -> list[FeeReceipt]:
    """Book matched payments inside a running change that holds `one_at_a_time`; the caller has ruled out known numbers."""
    former = bookings_of(county, [payment.receipt_no for payment in payments])
    return FeeReceipt.objects.bulk_create(
        [
            FeeReceipt(
                county=county,
                case_id=payment.case_id,
                decision_no=payment.decision_no,
                receipt_no=payment.receipt_no,
                booking=former.get(payment.receipt_no, 0) + 1,
                paid_on=payment.paid_on,
                amount_yuan=payment.amount_yuan,
                payer_name=payment.payer_name,
                source=source,
            )
            for payment in payments
        ]
    )


def bookings_of(county: County, receipt_nos: Sequence[str]) -> dict[str, int]:
    """How often each number was booked before; withdrawn ones count."""
    rows = FeeReceipt.objects.filter(county=county, receipt_no__in=receipt_nos, reverses=None)
    found: dict[str, int] = {}
    for number, booking in rows.values_list("receipt_no", "booking"):
        found[number] = max(found.get(number, 0), booking)
    return found


def withdraw_receipt(*, county: County, actor: Actor, receipt_id: int, reason: str) -> FeeReceipt:
    """Take a wrong receipt back by a new row with its reason; its number can then be booked anew."""
    actor.require_whole_county(MANAGE_IDLE_CASES)
    if not reason.strip():
        raise InputError("reason_missing", "请填写撤回原因。", field="reason")
    with change(
        county_code=county.code, by=actor.username, action="withdraw_fee_receipt", reason=reason
    ) as running:
        one_at_a_time(county)
        found = FeeReceipt.objects.filter(pk=receipt_id, county=county, reverses=None).first()
        if found is None:
            raise NotFound("没有这张缴费凭证。", remedy="请在缴费凭证列表中选择。")
        if FeeReceipt.objects.filter(reverses=found).exists():
            raise Conflict(f"凭证“{found.receipt_no}”已经撤回。", remedy="如需重新入账，请另行登记。")
        paid = fold(steps_of([found.case_id])[found.case_id]).last("fee_paid")
        if paid is not None:
            raise Conflict(
                f"案件第 {paid.seq} 步“缴清土地闲置费”以此凭证为依据，不能撤回。",
                remedy="请先在案件页面撤销该步骤。",
            )
        made = FeeReceipt.objects.create(
            county=county,
            case_id=found.case_id,
            decision_no=found.decision_no,
            receipt_no=found.receipt_no,
            booking=found.booking,
            paid_on=found.paid_on,
            amount_yuan=found.amount_yuan,
            payer_name=found.payer_name,
            source=found.source,
            reverses=found,
            reason=reason,
        )
        running.summary.update(receipt=found.receipt_no, amount=str(found.amount_yuan), booking=found.booking)
    return made
