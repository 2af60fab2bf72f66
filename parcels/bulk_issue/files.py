"""The result of a job as a workbook: every item with its paper's number or the reason why there is none.

Refuses to leave an item out.
"""

from __future__ import annotations

from collections.abc import Sequence

from landgis.lib.sheets import Column, Table, workbook_of
from parcels.bulk_issue.models import IssueItem, IssueJob
from parcels.bulk_issue.rules import STATE_TITLES
from parcels.documents.kinds import KINDS

COLUMNS: tuple[Column[IssueItem], ...] = (
    Column("序号", 7, "whole", lambda row: row.seq),
    Column("案号", 16, "code", lambda row: row.case.case_no),
    Column("宗地代码", 21, "code", lambda row: row.case.phase.contract.parcel_code),
    Column("土地使用权人", 26, "wrapped", lambda row: row.case.phase.contract.holder_name),
    Column("文书", 24, "wrapped", lambda row: KINDS.get(row.kind, row.kind)),
    Column("结果", 10, "text", lambda row: STATE_TITLES[row.state]),
    Column("文号", 26, "code", lambda row: row.document.number.text if row.document and row.document.number else ""),
    Column("成文日期", 11.5, "date", lambda row: row.document.issued_on if row.document else None),
    Column("原因", 60, "wrapped", lambda row: "\n".join(row.reasons)),
    Column("留空的要素", 40, "wrapped", lambda row: "、".join(row.lacking)),
)  # fmt: skip


def result_workbook(job: IssueJob, rows: Sequence[IssueItem]) -> bytes:
    issued = sum(row.state == "issued" for row in rows)
    table = Table(
        title=f"{job.county.name}批量出具文书结果",
        note=f"任务 {job.pk}，成文日期 {job.on}，{job.made_by}，共 {len(rows)} 份，已出具 {issued} 份",
        unit="",
        footer=f"{job.county.name}　任务 {job.pk}",
        columns=COLUMNS,
        rows=rows,
        frozen_columns=2,
    )
    return workbook_of({"结果": table})
