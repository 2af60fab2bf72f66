"""The list of milestones as a workbook.

Refuses a firm's own figures to those who may not see them, and to leave unrecorded: every file has its audit row.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from landgis.access.queries import Actor
from landgis.access.rules import EXPORT_DATA, VIEW_FIRM_FIGURES
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.lib.sheets import SIGNATURES, Column, Table, workbook_of
from parcels.milestones.queries import Listed
from parcels.supply.rules import RESULTS


def workbook(county: County, actor: Actor, on: date, rows: Sequence[Listed]) -> bytes:
    """The milestones as listed, one a row, as of the day."""
    actor.require(EXPORT_DATA)
    title = f"{county.name}标准地节点清单"
    table = Table(
        title=title,
        note=f"截止日期：{on}　共 {len(rows)} 项",
        unit="",
        footer=f"{title}　截至 {on}",
        columns=_columns(figures=actor.may(VIEW_FIRM_FIGURES)),
        rows=rows,
        below=(SIGNATURES,),
        frozen_columns=4,
    )
    with (
        change(
            county_code=county.code,
            by=actor.username,
            action="export_milestones",
            reason="导出标准地节点清单（xlsx）",
            on=str(on),
            rows=len(rows),
        ),
    ):
        return workbook_of({"节点": table})


def _columns(*, figures: bool) -> tuple[Column[Listed], ...]:
    def told(item: Listed) -> str:
        return "\n".join(c.told if figures else c.told_openly for c in item.standing.compared)

    return (
        Column("所属镇街", 12, "wrapped", lambda r: r.town),
        Column("宗地代码", 24, "wrapped", lambda r: r.phase.contract.parcel_code),
        Column("合同编号", 22, "code", lambda r: str(r.phase.contract)),
        Column("分期", 5, "whole", lambda r: r.phase.phase_no),
        Column("土地使用权人", 24, "wrapped", lambda r: r.phase.contract.holder_name),
        Column("节点", 10, "wrapped", lambda r: r.title),
        Column("情况", 12, "wrapped", lambda r: r.standing.title),
        Column("计划日期", 11, "date", lambda r: r.milestone.planned_on),
        Column("实际日期", 11, "date", lambda r: r.milestone.actual_on),
        Column("超期、剩余", 10, "wrapped", lambda r: r.standing.days_told),
        Column("结论", 8, "wrapped", lambda r: RESULTS.get(r.milestone.result, "")),
        Column("整改期限", 11, "date", lambda r: r.milestone.remedy_until),
        Column("指标", 44, "wrapped", told),
        Column("违约责任", 30, "wrapped", lambda r: r.milestone.liability),
        Column("证据材料", 30, "wrapped", lambda r: r.milestone.evidence),
    )
