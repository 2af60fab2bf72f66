"""A person's notices as a workbook.

Refuses to choose: the rows are those of the page's filters.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from landgis.counties.models import County
from landgis.lib.sheets import Column, Table, workbook_of
from parcels.notices.models import Notice
from parcels.notices.rules import KIND_TITLES, SCOPE_TITLES, WHY_TITLES, threshold_title

COLUMNS: tuple[Column[Notice], ...] = (
    Column("到期日", 11.5, "date", lambda row: row.due_on),
    Column("提醒", 12, "text", lambda row: threshold_title(row.threshold)),
    Column("事项", 26, "wrapped", lambda row: row.title),
    Column("案件、合同、任务、企业和责任人", 36, "wrapped", lambda row: row.subject),
    Column("依据", 26, "wrapped", lambda row: row.article),
    Column("类别", 12, "text", lambda row: KIND_TITLES.get(row.kind, row.kind)),
    Column("范围", 11, "text", lambda row: SCOPE_TITLES[row.scope]),
    Column("通知日期", 11.5, "date", lambda row: row.written_on),
    Column("已读", 7, "text", lambda row: "是" if row.read_at else ""),
    Column("办结日期", 11.5, "date", lambda row: row.settled_on),
    Column("办结说明", 18, "wrapped", lambda row: WHY_TITLES.get(row.settled_why, "")),
)


def notices_workbook(county: County, name: str, on: date, rows: Sequence[Notice]) -> bytes:
    table = Table(
        title=f"{county.name}办理期限通知",
        note=f"{name}，截至 {on}，共 {len(rows)} 条",
        unit="",
        footer=f"{county.name}　截至 {on}",
        columns=COLUMNS,
        rows=rows,
    )
    return workbook_of({"通知": table})
