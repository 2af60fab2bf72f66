"""The parameters, and what would come out otherwise, as workbooks ready to print.

Refuses to leave unrecorded: each file that goes out has its audit row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypeVar

from landgis.access.queries import Actor
from landgis.access.rules import EXPORT_DATA, VIEW_MAP, VIEW_PARAMETERS
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.lib.sheets import Column, Table, workbook_of
from parcels.parameters.otherwise import Changed, Compared
from parcels.parameters.queries import Listed

Row = TypeVar("Row")

PARAMETERS: tuple[Column[Listed], ...] = (
    Column("类别", 16, "text", lambda row: row.item.group),
    Column("参数", 28, "wrapped", lambda row: row.item.title),
    Column("键", 34, "code", lambda row: row.item.key),
    Column("含义", 40, "wrapped", lambda row: row.item.meaning),
    Column("现行值", 30, "wrapped", lambda row: row.value or "未设定"),
    Column("单位", 8, "text", lambda row: row.unit),
    Column("施行日期", 11.5, "date", lambda row: row.held.valid_from if row.held else None),
    Column("有效期至", 11.5, "date", lambda row: row.held.valid_to if row.held else None),
    Column("性质", 10, "text", lambda row: row.certainty),
    Column("依据", 44, "wrapped", lambda row: row.held.basis if row.held else ""),
    Column("待施行的值", 20, "wrapped", lambda row: row.coming_value),
    Column("待施行日期", 11.5, "date", lambda row: row.coming.valid_from if row.coming else None),
)


def parameters_workbook(county: County, actor: Actor, on: date, rows: Sequence[Listed]) -> bytes:
    """The parameters in force on the day."""
    actor.require(VIEW_PARAMETERS)
    table = Table(
        title=f"{county.name}规则参数表",
        note=f"截至 {on}，共 {len(rows)} 项",
        unit="性质：法条、业务经验、本系统等",
        footer=f"{county.name}　截至 {on}",
        columns=PARAMETERS,
        rows=rows,
        frozen_columns=2,
    )
    return _written(county, actor, table, "规则参数", "export_parameters", on)


def otherwise_workbook(county: County, actor: Actor, found: Compared) -> bytes:
    """What would come out otherwise; the file says under which parameters."""
    actor.require(VIEW_MAP)
    towns = dict(county.towns.values_list("code", "name"))
    tried = [f"{title}：{before} → {after}" for title, before, after in found.changes]
    table = Table(
        title=f"{county.name}规则参数变更影响表",
        note=f"截至 {found.on}，结果不同的共 {len(found.rows)} 项",
        unit="试算，未保存",
        footer=f"{county.name}　截至 {found.on}",
        columns=_otherwise(towns),
        rows=found.rows,
        below=[f"试算参数：{line}" for line in tried],
    )
    return _written(county, actor, table, "影响表", "export_what_if", found.on)


def _otherwise(towns: Mapping[str, str]) -> tuple[Column[Changed], ...]:
    return (
        Column("类别", 10, "text", lambda row: row.what),
        Column("案号", 18, "code", lambda row: row.case_no),
        Column("所属镇街", 10, "text", lambda row: towns.get(row.town_code, "")),
        Column("宗地代码", 21, "code", lambda row: row.parcel_code),
        Column("合同编号", 20, "code", lambda row: row.contract_no),
        Column("期次", 6, "whole", lambda row: row.phase_no),
        Column("土地使用权人", 24, "wrapped", lambda row: row.holder),
        Column("事项", 26, "wrapped", lambda row: row.subject),
        Column("现行规则的结果", 22, "wrapped", lambda row: row.before),
        Column("试算规则的结果", 22, "wrapped", lambda row: row.after),
        Column("条款", 28, "wrapped", lambda row: row.article),
        Column("理由", 50, "wrapped", lambda row: row.reason),
    )


def _written(county: County, actor: Actor, table: Table[Row], sheet: str, action: str, on: date) -> bytes:
    actor.require(EXPORT_DATA)
    recorded = change(
        county_code=county.code, by=actor.username, action=action, reason=f"导出{sheet}", on=str(on),
        rows=len(table.rows),
    )  # fmt: skip
    with recorded:
        return workbook_of({sheet: table})
