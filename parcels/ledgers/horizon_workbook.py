"""The plan's horizon as a workbook: its figures with what stands now, the industries, and the districts.

Refuses to leave unrecorded, and to write a 0 for what isn't known: such a cell is empty, and its row says why.
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
from parcels.ledgers.horizon import HorizonLine
from parcels.ledgers.horizon_areas import AreaLine, Computed


def horizon_workbook(
    county: County,
    actor: Actor,
    on: date,
    lines: Sequence[HorizonLine],
    industries: Sequence[AreaLine],
    areas: Sequence[AreaLine],
    found: Computed,
) -> bytes:
    """Three sheets: 规划展望指标, 分产业, 分区块."""
    actor.require(EXPORT_DATA)
    footer = f"{county.name}　截至 {on}"
    year = "还没有计算的年度" if found.run is None else f"{found.run.year} 年，{found.run.rule_version}"
    note = f"亩均指标：{year}；亩均目标依据：{found.basis or '没有目标'}"
    below = [
        "空格为没有数据或者不列，原因见“未列数据”；亩均目标为全县规上工业的目标，各区块比照列出。",
        SIGNATURES,
    ]
    tables: dict[str, Table[Any]] = {
        "规划展望指标": Table(
            title=f"{county.name}规划展望指标", note=f"截至 {on}，实际数取自最近一年企业年报和亩均指标", unit="", footer=footer,
            columns=HORIZON, rows=lines, below=[SIGNATURES], frozen_columns=1,
        ),
        "分产业": Table(
            title=f"{county.name}规划产业用地和效益（规上企业）", note=note, unit="面积：亩；金额：万元", footer=footer,
            columns=[Column("产业", 28, "wrapped", lambda row: row.name), *_FIGURES], rows=industries, below=below,
        ),
        "分区块": Table(
            title=f"{county.name}各镇街、平台用地和效益", note=note, unit="面积：亩；金额：万元", footer=footer,
            columns=_AREAS, rows=areas, below=below, frozen_columns=2,
        ),
    }  # fmt: skip
    with change(
        county_code=county.code, by=actor.username, action="export_horizon", reason="导出规划展望", on=str(on),
        rows=len(lines) + len(areas),
    ):  # fmt: skip
        return workbook_of(tables)


HORIZON: list[Column[HorizonLine]] = [
    Column("指标", 36, "wrapped", lambda row: row.title),
    Column("产业平台、区块", 36, "wrapped", lambda row: row.district),
    Column("单位", 20, "wrapped", lambda row: row.shown[2]),
    Column("展望目标", 12, "figure", lambda row: row.shown[0]),
    Column("目标期限", 11.5, "date", lambda row: row.reached_by),
    Column("实际", 12, "figure", lambda row: row.shown[1]),
    Column("实际为目标的\n（%）", 12, "figure", lambda row: row.ratio),
    Column("年度", 8, "whole", lambda row: row.year),
    Column("实际数口径", 24, "wrapped", lambda row: row.actual_told),
    Column("依据", 50, "wrapped", lambda row: row.basis or "规划未列数字"),
]
_FIGURES: list[Column[AreaLine]] = [
    Column("企业\n（家）", 8, "whole", lambda row: row.firms),
    Column("有年报的\n企业用地", 12, "figure", lambda row: row.land_mu),
    Column("税收", 14, "figure", lambda row: row.tax_wan),
    Column("增加值", 14, "figure", lambda row: row.value_added_wan),
    Column("亩均税收", 11, "figure", lambda row: row.tax_per_mu),
    Column("为目标的\n（%）", 10, "figure", lambda row: row.tax_ratio),
    Column("亩均增加值", 11, "figure", lambda row: row.value_added_per_mu),
    Column("为目标的\n（%）", 10, "figure", lambda row: row.value_added_ratio),
    Column("未列数据", 40, "wrapped", lambda row: row.missing),
]
_AREAS: list[Column[AreaLine]] = [
    Column("类别", 14, "text", lambda row: row.kind_title),
    Column("区块", 26, "wrapped", lambda row: row.name),
    Column("宗地面积", 12, "figure", lambda row: row.parcels_mu),
    Column("营业收入", 14, "figure", lambda row: row.revenue_wan),
    *_FIGURES,
    Column("规划数字", 44, "wrapped", lambda row: row.plan),
]
