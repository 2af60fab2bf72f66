"""The control line as workbooks: its versions, adjustments and findings; the balance at a date; the share of each parcel.

Refuses an export without the right to it; each stands in the audit with its rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from landgis.access.queries import Actor
from landgis.access.rules import EXPORT_DATA
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.lib.sheets import SIGNATURES, Column, Table, workbook_of
from landgis.lib.units import m2_to_mu
from parcels.balance.findings import Inside
from parcels.balance.ledger import Movement, Statement
from parcels.balance.listing import Listed, Version

VERSIONS: tuple[Column[Version], ...] = (
    Column("起始日期", 12, "date", lambda row: row.since),
    Column("新增或更新（片）", 12, "whole", lambda row: row.began),
    Column("终止（片）", 10, "whole", lambda row: row.ended),
    Column("现行（片）", 10, "whole", lambda row: row.pieces),
    Column("面积（平方米）", 18, "figure", lambda row: row.area_m2),
    Column("面积（亩）", 14, "figure", lambda row: m2_to_mu(row.area_m2)),
    Column("来源", 50, "wrapped", lambda row: row.source),
)
ADJUSTMENTS: tuple[Column[Listed], ...] = (
    Column("调整编号", 18, "code", lambda item: item.row.adjustment_no),
    Column("名称", 30, "wrapped", lambda item: item.row.title),
    Column("调出（平方米）", 16, "figure", lambda item: item.row.out_m2, summed=True),
    Column("调出（亩）", 12, "figure", lambda item: m2_to_mu(item.row.out_m2), summed=True),
    Column("调入（块）", 9, "whole", lambda item: item.pieces),
    Column("调入（平方米）", 16, "figure", lambda item: item.in_m2, summed=True),
    Column("调入（亩）", 12, "figure", lambda item: m2_to_mu(item.in_m2), summed=True),
    Column("办理阶段", 10, "text", lambda item: item.stage_title),
    Column("阶段日期", 12, "date", lambda item: item.stage_on),
    Column("生效日期", 12, "date", lambda item: item.effective_on),
    Column("调整理由", 40, "wrapped", lambda item: item.row.purpose),
)
FINDINGS: tuple[Column[Inside], ...] = (
    Column("宗地代码", 22, "code", lambda row: row.code),
    Column("镇街", 12, "text", lambda row: row.town),
    Column("坐落", 30, "wrapped", lambda row: row.location),
    Column("地类编码", 10, "code", lambda row: row.land_class_code),
    Column("宗地面积（亩）", 14, "figure", lambda row: m2_to_mu(row.area_m2), summed=True),
    Column("控制线内（亩）", 14, "figure", lambda row: m2_to_mu(row.inside_m2), summed=True),
    Column("控制线内占比", 12, "figure", lambda row: row.share),
    Column("已批准调出（亩）", 14, "figure", lambda row: m2_to_mu(row.covered_m2), summed=True),
)
MOVEMENTS: tuple[Column[Movement], ...] = (
    Column("日期", 12, "date", lambda row: row.on),
    Column("事项", 16, "text", lambda row: row.title),
    Column("调整编号", 18, "code", lambda row: row.adjustment_no),
    Column("调入（平方米）", 18, "figure", lambda row: row.in_m2),
    Column("调出（平方米）", 18, "figure", lambda row: row.out_m2),
    Column("控制线合计（平方米）", 20, "figure", lambda row: row.total_m2),
    Column("控制线合计（亩）", 16, "figure", lambda row: m2_to_mu(row.total_m2)),
    Column("占补结余（平方米）", 18, "figure", lambda row: row.balance_m2),
)


def overview_workbook(
    county: County,
    actor: Actor,
    on: date,
    lines: Sequence[Version],
    adjusted: Sequence[Listed],
    findings: Sequence[Inside],
) -> bytes:
    """Versions, adjustments and findings, a sheet each."""
    sheets: list[tuple[str, Sequence[Any], Sequence[Any], str]] = [
        ("控制线版本", VERSIONS, lines, ""),
        ("控制线调整", ADJUSTMENTS, adjusted, "合计"),
        ("线内非工业用途", FINDINGS, findings, "合计"),
    ]
    return _book(county, actor, on, "工业用地控制线台账", sheets)


def statement_workbook(county: County, actor: Actor, told: Statement) -> bytes:
    """The ledger up to its day."""
    return _book(
        county, actor, told.on, "工业用地控制线占补平衡表", [("占补平衡", MOVEMENTS, told.movements, "")]
    )


def shares_workbook(county: County, actor: Actor, on: date, rows: Sequence[Inside]) -> bytes:
    """Each parcel with ground in the line, and its share."""
    return _book(county, actor, on, "宗地在工业用地控制线内占比", [("宗地占比", FINDINGS, rows, "合计")])


def _book(
    county: County, actor: Actor, on: date, title: str, sheets: Sequence[tuple[str, Sequence[Any], Sequence[Any], str]]
) -> bytes:  # fmt: skip
    actor.require(EXPORT_DATA)
    recorded = change(
        county_code=county.code, by=actor.username, action="export_control_line", reason=f"导出{title}",
        on=str(on), rows=sum(len(rows) for _, _, rows, _ in sheets),
    )  # fmt: skip
    tables: dict[str, Table[Any]] = {
        name: Table(
            title=f"{county.name}{title}", note=f"截至 {on}，{name}共 {len(rows)} 行", unit="面积为 CGCS2000 椭球面积",
            footer=f"{county.name}　截至 {on}", columns=columns, rows=rows, total=total, below=[SIGNATURES],
            frozen_columns=1,
        )
        for name, columns, rows, total in sheets
    }  # fmt: skip
    with recorded:
        return workbook_of(tables)
