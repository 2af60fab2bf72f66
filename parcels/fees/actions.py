"""Freezing a batch of fee sources, bringing in a file of receipts, and settling the lines that found no decision.

Refuses a decision in two batches, a file twice, and to lose a line: what can't be booked stays open until somebody settles it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db.models import Max

from landgis.access.queries import Actor
from landgis.access.rules import EXPORT_DATA, IMPORT_DATA, MANAGE_IDLE_CASES
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.counties.queries import parameters
from landgis.lib.errors import Conflict, InputError, NotFound
from landgis.lib.issues import Issue
from landgis.lib.turns import wait_for_turn
from landgis.lib.upsert import rehearsed
from parcels.disposal.actions import record_receipt
from parcels.disposal.receipts import book_payments, one_at_a_time
from parcels.fees.matching import Matched, match
from parcels.fees.models import FeeBatch, FeeBatchItem, ReceiptFile, ReceiptLine
from parcels.fees.queries import fee_rows, heading_of, source_rows
from parcels.fees.reading import read_receipts
from parcels.fees.rules import fingerprint

NUMBER_PATTERN = "fees.batch_number"


@dataclass(frozen=True, slots=True)
class ReceiptsRead:
    """What became of a delivered file: counts, every line as it was matched, and notes on the file as a whole."""

    matched: list[Matched]
    notes: list[Issue]
    committed: bool

    def count(self, outcome: str) -> int:
        return sum(item.outcome == outcome for item in self.matched)

    @property
    def booked(self) -> int:
        return self.count("booked")

    @property
    def known(self) -> int:
        return self.count("known")

    @property
    def open(self) -> int:
        return self.count("open")

    @property
    def booked_yuan(self) -> Decimal:
        return sum(
            (i.amount_yuan for i in self.matched if i.outcome == "booked" and i.amount_yuan), Decimal(0)
        )


def freeze_batch(
    *,
    county: County,
    actor: Actor,
    on: date,
    reason: str,
    step_ids: Collection[int] | None = None,
    corrects_id: int | None = None,
) -> FeeBatch:
    """Freeze the decisions not told yet (or those named) under the next number; a correction tells its batch's anew."""
    actor.require_whole_county(MANAGE_IDLE_CASES)
    actor.require(EXPORT_DATA)
    with change(
        county_code=county.code, by=actor.username, action="freeze_fee_batch", reason=reason, on=str(on)
    ) as running:
        wait_for_turn("fees_batch", county.code)
        corrected = _corrected(county, corrects_id)
        if corrected is not None:
            told_before = set(corrected.items.values_list("step_id", flat=True))
            chosen = [row for row in fee_rows(county, actor, on) if row.step_id in told_before]
        else:
            chosen = [
                row
                for row in fee_rows(county, actor, on)
                if not row.batch_no and row.balance.in_force and (step_ids is None or row.step_id in step_ids)
            ]
        if not chosen:
            raise Conflict(
                "没有尚未推送的征缴决定。", remedy="如需更正已推送的信息，请在原批次页面编制更正批次。"
            )
        rows = source_rows(county, chosen, on)
        if corrected is not None:
            rows += _taken_back(corrected, {row["decision_no"] for row in rows})
        number = _last_number(county, on.year) + 1
        batch_no = str(parameters(county, on)[NUMBER_PATTERN]).format(year=on.year, number=number)
        told = heading_of(
            county.code,
            batch_no,
            on,
            corrected.batch_no if corrected else "",
            corrected.sha256 if corrected else "",
        )
        made = FeeBatch.objects.create(
            county=county,
            year=on.year,
            number=number,
            batch_no=batch_no,
            on=on,
            rows=rows,
            row_count=len(rows),
            amount_yuan=sum((Decimal(row["amount_yuan"]) for row in rows), Decimal(0)),
            sha256=fingerprint(told, rows),
            corrects=corrected,
            frozen_by=actor.username,
            reason=reason,
        )
        FeeBatchItem.objects.bulk_create(
            [
                FeeBatchItem(batch=made, step_id=row.step_id, correction=corrected is not None)
                for row in chosen
            ]
        )
        running.summary.update(batch=batch_no, rows=len(rows), sha256=made.sha256)
    return made


def import_receipts(
    *, county: County, actor: Actor, file: Path, name: str, commit: bool, reason: str
) -> ReceiptsRead:
    """Book the lines that a decision is found for and keep all others open; without `commit` nothing stays."""
    actor.require_whole_county(MANAGE_IDLE_CASES)
    actor.require(IMPORT_DATA)
    content = file.read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    former = ReceiptFile.objects.filter(county=county, sha256=sha256).first()
    if former is not None:
        raise Conflict(
            f"这个文件已由 {former.imported_by} 于 {former.imported_at:%Y-%m-%d} 导入。",
            remedy="请核对是否选错了文件。",
        )
    lines, notes = read_receipts(file)
    if not lines:
        raise InputError(
            "file_without_rows",
            notes[0].message if notes else "文件中没有缴费记录。",
            "请核对表头和内容后重试。",
            field="file",
        )
    with (
        rehearsed(commit=commit),
        change(
            county_code=county.code, by=actor.username, action="import_fee_receipts", reason=reason, file=name
        ) as running,
    ):
        one_at_a_time(county)
        matched = match(county, lines)
        booked = [item for item in matched if item.outcome == "booked" and item.payment is not None]
        made = book_payments(county, [item.payment for item in booked if item.payment], f"税务回传 {name}")
        keys = {item.line.line: receipt.pk for item, receipt in zip(booked, made, strict=True)}
        kept = ReceiptFile.objects.create(
            county=county, name=name[:200], content=content, sha256=sha256, rows=len(matched),
            imported_by=actor.username,
        )  # fmt: skip
        ReceiptLine.objects.bulk_create(
            [
                ReceiptLine(
                    file=kept,
                    line=item.line.line,
                    raw=item.line.as_json(),
                    problem=item.problem,
                    outcome=item.outcome,
                    receipt_id=keys.get(item.line.line, item.receipt_id),
                    settled_by=actor.username if item.outcome != "open" else "",
                )
                for item in matched
            ]
        )
        found = ReceiptsRead(matched, notes, commit)
        running.summary.update(lines=len(matched), booked=found.booked, known=found.known, open=found.open)
    return found


def settle_line(*, county: County, actor: Actor, line_id: int, decision_no: str, reason: str) -> ReceiptLine:
    """Book an open line on the decision that an officer names for it."""
    actor.require_whole_county(MANAGE_IDLE_CASES)
    with change(
        county_code=county.code, by=actor.username, action="settle_receipt_line", reason=reason
    ) as running:
        line = _open_line(county, line_id)
        raw: dict[str, Any] = line.raw
        if not (raw.get("amount_yuan") and raw.get("paid_on") and raw.get("receipt_no")):
            raise Conflict(
                f"第 {line.line} 行缺少税票号码、金额或者缴款日期，不能入账。",
                remedy="请在文件中补全后重新导入，或者在案件页面逐笔登记，并将本行标为不入账。",
            )
        receipt = record_receipt(
            county=county,
            actor=actor,
            decision_no=decision_no.strip(),
            receipt_no=str(raw["receipt_no"]),
            paid_on=date.fromisoformat(str(raw["paid_on"])),
            amount_yuan=Decimal(str(raw["amount_yuan"])),
            payer_name=str(raw.get("payer_name", "")),
            source=f"税务回传 {line.file.name} 第 {line.line} 行",
            reason=reason,
        )
        line.receipt, line.outcome = receipt, "booked"
        line.settled_by, line.reason = actor.username, reason
        line.save(update_fields=["receipt", "outcome", "settled_by", "reason"])
        running.summary.update(line=line.pk, decision=decision_no, receipt=receipt.receipt_no)
    return line


def dismiss_line(*, county: County, actor: Actor, line_id: int, reason: str) -> ReceiptLine:
    """State why an open line isn't to be booked; it stays on record."""
    actor.require_whole_county(MANAGE_IDLE_CASES)
    with change(
        county_code=county.code, by=actor.username, action="dismiss_receipt_line", reason=reason, line=line_id
    ):
        line = _open_line(county, line_id)
        line.outcome, line.settled_by, line.reason = "dismissed", actor.username, reason
        line.save(update_fields=["outcome", "settled_by", "reason"])
    return line


def record_sending(county: County, actor: Actor, what: str, rows: int, **summary: Any) -> None:
    """A file that goes out has its audit row."""
    actor.require(EXPORT_DATA)
    with change(
        county_code=county.code, by=actor.username, action="export_fees", reason=f"导出{what}", rows=rows, **summary
    ):  # fmt: skip
        pass


def _open_line(county: County, line_id: int) -> ReceiptLine:
    line = (
        ReceiptLine.objects.select_for_update(of=("self",))
        .select_related("file")
        .defer("file__content")
        .filter(pk=line_id, file__county=county)
        .first()
    )
    if line is None:
        raise NotFound("没有这一行回传记录。", remedy="请刷新页面后重试。")
    if line.outcome != "open":
        raise Conflict(f"第 {line.line} 行已经办理。", remedy="请刷新页面后重试。")
    return line


def _corrected(county: County, pk: int | None) -> FeeBatch | None:
    if pk is None:
        return None
    found = FeeBatch.objects.filter(pk=pk, county=county).first()
    if found is None:
        raise NotFound("没有要更正的这一批。", remedy="请在土地闲置费页面选择。")
    if FeeBatch.objects.filter(corrects=found).exists():
        raise Conflict(f"{found.batch_no} 已经更正过。", remedy="请更正其后的那一批。")
    return found


def _taken_back(corrected: FeeBatch, still: set[str]) -> list[dict[str, Any]]:
    """Decisions of the corrected batch that are no longer on record: told as taken back."""
    gone = [row for row in corrected.rows if row["decision_no"] not in still]
    return [{**row, "amount_yuan": "0.00", "note": "决定已撤销，应缴金额为零"} for row in gone]


def _last_number(county: County, year: int) -> int:
    last = FeeBatch.objects.filter(county=county, year=year).aggregate(last=Max("number"))["last"]
    return int(last or 0)
