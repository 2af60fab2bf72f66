"""The ledger of cases (案件台账) as a workbook ready to print.

Refuses to leave unrecorded: the file that goes out has its audit row.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from landgis.access.queries import Actor
from landgis.access.rules import EXPORT_DATA
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.lib.sheets import Column, Table, workbook_of
from parcels.disposal.case_list import CaseRow
from parcels.disposal.wording import CHOICES

COLUMNS: tuple[Column[CaseRow], ...] = (
    Column("案号", 18, "code", lambda row: row.case.case_no),
    Column("所属镇街", 10, "text", lambda row: row.town_name),
    Column("宗地代码", 21, "code", lambda row: row.case.phase.contract.parcel_code),
    Column("合同编号", 20, "code", lambda row: row.case.phase.contract.contract_no),
    Column("土地使用权人", 24, "wrapped", lambda row: row.case.phase.contract.holder_name),
    Column("土地位置", 26, "wrapped", lambda row: row.case.phase.contract.location),
    Column("立案日期", 11.5, "date", lambda row: row.case.opened_on),
    Column("专管员", 14, "text", lambda row: row.case.officer),
    Column("所处阶段", 16, "wrapped", lambda row: row.stage_title),
    Column("认定结论", 22, "wrapped", lambda row: CHOICES["result"].get(row.state.result, "")),
    Column("原因", 10, "text", lambda row: "、".join(row.state.causes)),
    Column("处置方式", 14, "wrapped", lambda row: CHOICES["mode"].get(row.state.mode, "")),
    Column("最近期限", 20, "wrapped", lambda row: row.due.title if row.due else ""),
    Column("到期日", 11.5, "date", lambda row: row.due.due_on if row.due else None),
    Column("剩余天数", 9, "whole", lambda row: row.days_left),
    Column("销号日期", 11.5, "date", lambda row: row.case.closed_on),
)


def cases_workbook(county: County, actor: Actor, on: date, rows: Sequence[CaseRow]) -> bytes:
    """The rows as they stand on the day."""
    actor.require(EXPORT_DATA)
    table = Table(
        title=f"{county.name}闲置土地处置案件台账",
        note=f"截至 {on}，共 {len(rows)} 件",
        unit="天数为负表示逾期",
        footer=f"{county.name}　截至 {on}",
        columns=COLUMNS,
        rows=rows,
        frozen_columns=1,
    )
    recorded = change(
        county_code=county.code, by=actor.username, action="export_cases", reason="导出案件台账", on=str(on),
        rows=len(rows),
    )  # fmt: skip
    with recorded:
        return workbook_of({"案件台账": table})
