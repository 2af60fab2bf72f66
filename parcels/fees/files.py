"""The fees as files: the ledger as a workbook, a batch as workbook and CSV, the receipts and open lines as a workbook.

Refuses to look anything up anew for a batch: what stands in its files are the frozen rows.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from landgis.counties.models import County
from landgis.lib.sheets import SIGNATURES, Column, Table, workbook_of
from parcels.disposal.models import FeeReceipt
from parcels.fees.models import FeeBatch, ReceiptLine
from parcels.fees.queries import FeeRow

Told = Mapping[str, Any]
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

LEDGER: tuple[Column[FeeRow], ...] = (
    Column("决定书文号", 24, "code", lambda row: row.decision_no),
    Column("案号", 16, "code", lambda row: row.case.case_no),
    Column("所属镇街", 10, "text", lambda row: row.town_name),
    Column("缴费人", 26, "wrapped", lambda row: row.case.phase.contract.holder_name),
    Column("宗地代码", 21, "code", lambda row: row.case.phase.contract.parcel_code),
    Column("决定日期", 11.5, "date", lambda row: row.decided_on),
    Column("送达日期", 11.5, "date", lambda row: row.served_on),
    Column("缴款期限", 11.5, "date", lambda row: row.balance.due_on),
    Column("应缴金额（元）", 16, "figure", lambda row: row.balance.amount_yuan if row.balance.in_force else None, True),
    Column("实缴金额（元）", 16, "figure", lambda row: row.balance.paid_yuan, True),
    Column("尚欠金额（元）", 16, "figure", lambda row: row.balance.outstanding_yuan, True),
    Column("多缴金额（元）", 16, "figure", lambda row: row.balance.over_yuan, True),
    Column("状态", 11, "text", lambda row: row.status_title),
    Column("逾期天数", 9, "whole", lambda row: row.overdue_days or None),
    Column("费源批次", 16, "code", lambda row: row.batch_no),
)  # fmt: skip

SOURCES: tuple[Column[Told], ...] = (
    Column("决定书文号", 24, "code", lambda row: row["decision_no"]),
    Column("决定日期", 11.5, "date", lambda row: _day(row["decided_on"])),
    Column("缴费人", 26, "wrapped", lambda row: row["payer"]),
    Column("统一社会信用代码", 20, "code", lambda row: row["uscc"]),
    Column("宗地代码", 21, "code", lambda row: row["parcel_code"]),
    Column("电子监管号", 20, "code", lambda row: row["supervision_no"]),
    Column("合同编号", 20, "code", lambda row: row["contract_no"]),
    Column("坐落", 24, "wrapped", lambda row: row["location"]),
    Column("计费基数（元）", 17, "figure", lambda row: Decimal(row["base_yuan"])),
    Column("费率", 7, "figure", lambda row: Decimal(row["rate"])),
    Column("应缴金额（元）", 16, "figure", lambda row: Decimal(row["amount_yuan"]), True),
    Column("送达日期", 11.5, "date", lambda row: _day(row["served_on"])),
    Column("缴款期限", 11.5, "date", lambda row: _day(row["due_on"])),
    Column("期限规定", 20, "wrapped", lambda row: row["term"]),
    Column("法律依据", 30, "wrapped", lambda row: row["basis"]),
    Column("征收机关", 24, "wrapped", lambda row: row["taxpayer_office"]),
    Column("缴款渠道", 20, "wrapped", lambda row: row["channel"]),
    Column("备注", 18, "wrapped", lambda row: row["note"]),
)

RECEIPTS: tuple[Column[FeeReceipt], ...] = (
    Column("税票号码", 24, "code", lambda row: row.receipt_no),
    Column("决定书文号", 24, "code", lambda row: row.decision_no),
    Column("案号", 16, "code", lambda row: row.case.case_no),
    Column("缴费人", 26, "wrapped", lambda row: row.payer_name or row.case.phase.contract.holder_name),
    Column("缴款日期", 11.5, "date", lambda row: row.paid_on),
    Column("金额（元）", 16, "figure", lambda row: row.amount_yuan),
    Column("有效金额（元）", 16, "figure", lambda row: None if withdrawn(row) else row.amount_yuan, True),
    Column("来源", 26, "wrapped", lambda row: row.source),
    Column("撤回原因", 26, "wrapped", lambda row: getattr(withdrawn(row), "reason", "")),
)

OPEN: tuple[Column[ReceiptLine], ...] = (
    Column("文件", 26, "wrapped", lambda row: row.file.name),
    Column("行", 6, "whole", lambda row: row.line),
    Column("税票号码", 24, "code", lambda row: row.raw.get("receipt_no", "")),
    Column("决定书文号", 24, "code", lambda row: row.raw.get("decision_no", "")),
    Column("缴款日期", 11.5, "date", lambda row: _day(row.raw.get("paid_on", ""))),
    Column("金额（元）", 16, "figure", lambda row: Decimal(row.raw["amount_yuan"]) if row.raw.get("amount_yuan") else None, True),
    Column("缴费人", 26, "wrapped", lambda row: row.raw.get("payer_name", "")),
    Column("未入账的原因", 50, "wrapped", lambda row: row.problem),
)  # fmt: skip


def withdrawn(receipt: FeeReceipt) -> FeeReceipt | None:
    """The row that took a receipt back."""
    return getattr(receipt, "reversed_by", None)


def ledger(county: County, rows: Sequence[FeeRow], on: date) -> bytes:
    """The decisions with their accounts as of a day."""
    note = f"截至 {on}，共 {len(rows)} 件"
    return workbook_of({"土地闲置费台账": _table(county, "土地闲置费征缴台账", note, LEDGER, rows)})


def batch_workbook(found: FeeBatch) -> bytes:
    """A batch ready to be handed to the tax authority."""
    note = f"批次 {found.batch_no}，{found.on}，共 {found.row_count} 件"
    if found.corrects:
        note += f"，更正 {found.corrects.batch_no}"
    below = (f"校验码（SHA-256）：{found.sha256}", SIGNATURES)
    table = _table(found.county, "土地闲置费费源信息表", note, SOURCES, found.rows, below)
    return workbook_of({"费源信息": table})


def batch_csv(found: FeeBatch) -> bytes:
    """The same as CSV in UTF-8 with a byte order mark, which Excel and WPS open rightly; dates and amounts exact."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["批次", *(column.title for column in SOURCES)])
    for row in found.rows:
        writer.writerow([found.batch_no, *(_exact(column, row) for column in SOURCES)])
    return out.getvalue().encode("utf-8-sig")


def receipts_workbook(county: County, rows: Sequence[FeeReceipt], lines: Sequence[ReceiptLine]) -> bytes:
    """All receipts with those withdrawn, and the lines that aren't booked."""
    return workbook_of(
        {
            "缴费凭证": _table(county, "土地闲置费缴费凭证", f"共 {len(rows)} 张", RECEIPTS, rows),
            "未入账记录": _table(county, "税务回传未入账记录", f"共 {len(lines)} 行", OPEN, lines),
        }
    )


def _table(
    county: County, title: str, note: str, columns: Sequence[Column[Any]], rows: Sequence[Any], below: Sequence[str] = ()
) -> Table[Any]:  # fmt: skip
    return Table(
        title=f"{county.name}{title}",
        note=note,
        unit="单位：元",
        footer=f"{county.name}　{title}",
        columns=columns,
        rows=rows,
        total="合计",
        below=below,
        frozen_columns=1,
    )


def _exact(column: Column[Told], row: Told) -> str:
    value = column.value(row)
    text = "" if value is None else str(value)
    # A spreadsheet would run a text that begins like a formula.
    return f"'{text}" if column.kind in ("code", "text", "wrapped") and text.startswith(_FORMULA) else text


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
