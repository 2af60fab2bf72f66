"""The tax authority's list of receipts as it is delivered (XLSX, XLS, ODS, CSV): typed lines, the faulty ones included.

Refuses to drop a line: one that can't be read keeps its place and says what is wrong with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from landgis.lib.issues import Issue
from parcels.exchange.columns import Column, TableSpec
from parcels.exchange.tables import read_table
from parcels.exchange.wordings import FIRM, names

YUAN_A_WAN = 10_000
CENT = Decimal("0.01")

RECEIPTS = TableSpec(
    name="fee-receipts",
    title="土地闲置费缴费回传",
    keys=(("receipt_no", "decision_no"),),
    columns=(
        Column(
            "receipt_no", "税票号码", "code",
            names("税票号码 电子税票号码 税票号 完税凭证号 完税证明号码 缴款书号码 缴费凭证号 凭证号 票据号码 receiptno"),
            required=True,
        ),
        Column(
            "decision_no", "决定书文号", "text",
            names("决定书文号 征缴决定书文号 文号 决定文号 费源编号 决定书编号 decisionno"), required=True,
        ),
        Column(
            "paid_on", "缴款日期", "date",
            names("缴款日期 缴费日期 入库日期 上解日期 税款缴纳日期 缴纳日期 开票日期 日期 paidon"), required=True,
        ),
        Column(
            "amount", "实缴金额", "money",
            names("实缴金额 实缴费额 缴费金额 入库金额 缴款金额 实缴税额 实缴(退)金额 金额 amount"),
            required=True, positive=True,
        ),
        Column("payer_name", "缴费人", "text", (*names("缴费人 缴费人名称 缴款人 缴款单位 纳税人 payer"), *FIRM)),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One delivered line; `fault` says why it couldn't be read, and then it states nothing else."""

    line: int
    receipt_no: str = ""
    decision_no: str = ""
    paid_on: date | None = None
    amount_yuan: Decimal | None = None
    payer_name: str = ""
    fault: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "receipt_no": self.receipt_no,
            "decision_no": self.decision_no,
            "paid_on": self.paid_on.isoformat() if self.paid_on else "",
            "amount_yuan": f"{self.amount_yuan:.2f}" if self.amount_yuan is not None else "",
            "payer_name": self.payer_name,
        }


def read_receipts(file: Path) -> tuple[list[Line], list[Issue]]:
    """Every data line in its order, and what is to be said of the file as a whole; amounts without a unit are 元."""
    read = read_table(file, RECEIPTS)
    assumed = any(issue.code == "unit_assumed" for issue in read.issues)
    lines = {
        number: _line(number, row, assumed) for number, row in zip(read.row_numbers, read.rows, strict=True)
    }
    faults: dict[int, list[str]] = {}
    for issue in read.issues:
        if issue.row in read.copies or (issue.row and issue.severity == "error"):
            faults.setdefault(issue.row, []).append(issue.message)
    for number in range(1, read.total + 1):
        if number not in lines and (number in faults):
            lines[number] = Line(number, fault="；".join(faults[number]))
    notes = [issue for issue in read.issues if not issue.row and issue.code != "unit_assumed"]
    return [lines[number] for number in sorted(lines)], notes


def _line(number: int, row: dict[str, Any], assumed: bool) -> Line:
    amount = row["amount"] if assumed else row["amount"] * YUAN_A_WAN
    fault = "" if amount == amount.quantize(CENT) else f"第 {number} 行金额 {amount} 元精确到分以下，请核对。"
    return Line(
        number, row["receipt_no"], row["decision_no"].strip(), row["paid_on"], amount.quantize(CENT),
        row["payer_name"], fault,
    )  # fmt: skip
