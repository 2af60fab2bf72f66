"""Which decision a delivered receipt belongs to, and why one belongs to none.

Refuses to guess: a number that isn't a decision's, that is booked with other figures, or that two decisions share stays open.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from landgis.counties.models import County
from parcels.disposal.models import CaseStep, FeeReceipt
from parcels.disposal.receipts import Payment
from parcels.fees.reading import Line
from parcels.fees.rules import same_number


@dataclass(frozen=True, slots=True)
class Matched:
    """A line with what is to become of it: booked (with its payment), known (with its receipt) or open (with the problem)."""

    line: Line
    outcome: str
    problem: str = ""
    payment: Payment | None = None
    receipt_id: int | None = None

    @property
    def amount_yuan(self) -> Decimal | None:
        return self.line.amount_yuan


def match(county: County, lines: Sequence[Line]) -> list[Matched]:
    """Every line in its order, in two statements whatever their number."""
    decisions = _decisions(county)
    rows = FeeReceipt.objects.filter(
        county=county, reverses=None, reversed_by=None, receipt_no__in=[line.receipt_no for line in lines]
    )
    booked = {receipt.receipt_no: receipt for receipt in rows}
    taken: dict[str, int] = {}
    found = []
    for line in lines:
        judged = _judged(line, decisions, booked, taken)
        if judged.outcome == "booked":
            taken[line.receipt_no] = line.line
        found.append(judged)
    return found


def _judged(
    line: Line,
    decisions: dict[str, list[tuple[int, str, date]]],
    booked: dict[str, FeeReceipt],
    taken: dict[str, int],
) -> Matched:
    def left(problem: str) -> Matched:
        return Matched(line, "open", problem)

    if line.fault or line.paid_on is None or line.amount_yuan is None:
        return left(line.fault or f"第 {line.line} 行不完整，请补全后重新导入。")
    where = f"第 {line.line} 行"
    known = booked.get(line.receipt_no)
    if known is not None:
        same = (known.amount_yuan, known.paid_on, same_number(known.decision_no)) == (
            line.amount_yuan, line.paid_on, same_number(line.decision_no),
        )  # fmt: skip
        if same:
            return Matched(line, "known", receipt_id=known.pk)
        return left(
            f"{where}税票号码“{line.receipt_no}”已按 {known.decision_no}、{known.paid_on}、{known.amount_yuan:,.2f} 元入账，"
            "与本行不同，请核实后撤回原凭证或者将本行标为不入账。"
        )
    if line.receipt_no in taken:
        return left(f"{where}税票号码“{line.receipt_no}”与第 {taken[line.receipt_no]} 行相同，请核对。")
    of_number = decisions.get(same_number(line.decision_no), [])
    if not of_number:
        return left(f"{where}没有文号为“{line.decision_no}”的征缴决定书，请核对文号后指定决定书。")
    if len(of_number) > 1:
        return left(f"{where}文号“{line.decision_no}”对应多个案件，请指定决定书。")
    case_id, decision_no, decided_on = of_number[0]
    if line.paid_on < decided_on:
        return left(f"{where}缴款日期 {line.paid_on} 早于决定日期 {decided_on}，请核对。")
    return Matched(
        line,
        "booked",
        payment=Payment(
            case_id, decision_no, line.receipt_no, line.paid_on, line.amount_yuan, line.payer_name
        ),
    )


def _decisions(county: County) -> dict[str, list[tuple[int, str, date]]]:
    rows = CaseStep.objects.filter(case__county=county, stage="fee_decision", reversed_by=None)
    found: dict[str, list[tuple[int, str, date]]] = defaultdict(list)
    for case_id, number, on in rows.values_list("case_id", "document_no", "on"):
        found[same_number(number)].append((case_id, number, on))
    return found
