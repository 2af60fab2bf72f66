"""The desk's lists as workbooks: problems of land use, land of firms, confirmations, figures, doubts, open rows, energy.

Refuses to leave unrecorded: every file that goes out has its audit row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from landgis.access.queries import Actor
from landgis.access.rules import EXPORT_DATA, VIEW_FIRM_FIGURES
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.lib.sheets import SIGNATURES, Column, Table, workbook_of
from landgis.lib.units import m2_to_mu, rounded
from parcels.land_use.land import Parts
from parcels.land_use.models import Affiliation
from parcels.land_use.queries import TownState
from parcels.land_use.rules import PROBLEMS, Problem
from parcels.returns.models import ReturnRow
from parcels.returns.queries import Doubt, Returned, Series
from parcels.returns.rules import FIELDS

PART_TITLES = {
    "owned_m2": "自有",
    "leased_in_m2": "租入",
    "unregistered_m2": "未登记使用",
    "with_landlord_m2": "减：随出租方评价",
    "let_out_m2": "减：租给单独评价企业",
    "tenants_m2": "加：随本企业评价的承租户",
    "net_m2": "计入用地",
}
Made = tuple[str, bytes]  # the file's name and content


def problems_book(
    county: County,
    actor: Actor,
    year: int,
    rows: Sequence[Problem],
    names: Mapping[int, str],
    towns: Mapping[str, str],
) -> Made:
    columns: tuple[Column[Problem], ...] = (
        Column("所属镇街", 12, "text", lambda row: towns.get(row.town_code, row.town_code)),
        Column("宗地代码", 22, "code", lambda row: row.parcel_code),
        Column("问题", 24, "wrapped", lambda row: row.title),
        Column("宗地面积\n（亩）", 12, "figure", lambda row: _mu(row.land_m2)),
        Column(
            "相差面积\n（亩）",
            12,
            "figure",
            lambda row: None if row.amount_m2 is None else _mu(row.amount_m2),
        ),
        Column("涉及企业", 50, "wrapped", lambda row: "、".join(names.get(pk, "") for pk in row.firm_ids)),
        Column("处理办法", 40, "wrapped", lambda row: row.remedy),
    )
    return _book(
        county, actor, f"{year}年企业用地核对问题", "land_use_problems", columns, rows, unit="单位：亩"
    )


def land_book(county: County, actor: Actor, year: int, rows: Sequence[tuple[str, str, Parts]]) -> Made:
    columns: list[Column[tuple[str, str, Parts]]] = [
        Column("统一社会信用代码", 21, "code", lambda row: row[0]),
        Column("企业（关联组合并）", 34, "wrapped", lambda row: row[1]),
    ]
    for name, title in PART_TITLES.items():
        columns.append(Column(f"{title}\n（亩）", 13, "figure", _part_of(name), summed=True))
    return _book(
        county, actor, f"{year}年企业用地面积", "land_of_firms", columns, rows, unit="单位：亩",
        total=f"合计（{len(rows)} 家）",
    )  # fmt: skip


def groups_book(county: County, actor: Actor, on: date, rows: Sequence[Affiliation]) -> Made:
    columns: tuple[Column[Affiliation], ...] = (
        Column("牵头企业代码", 21, "code", lambda row: row.head.uscc),
        Column("牵头企业", 32, "wrapped", lambda row: row.head.name),
        Column("关联企业代码", 21, "code", lambda row: row.member.uscc),
        Column("关联企业", 32, "wrapped", lambda row: row.member.name),
        Column("起始日期", 12, "date", lambda row: row.valid_from),
        Column("终止日期", 12, "date", lambda row: row.valid_to),
        Column("依据", 40, "wrapped", lambda row: row.basis),
    )
    return _book(county, actor, f"{on}关联企业", "affiliations", columns, rows)


def confirmations_book(
    county: County, actor: Actor, year: int, rows: Sequence[tuple[TownState, Mapping[str, Any]]]
) -> Made:
    columns: tuple[Column[tuple[TownState, Mapping[str, Any]]], ...] = (
        Column("镇街", 12, "text", lambda row: row[0].name),
        Column("宗地数", 9, "whole", lambda row: row[1]["parcels"]),
        Column("企业数", 9, "whole", lambda row: row[1]["firms"]),
        Column(
            "用地（亩）", 13, "figure", lambda row: Decimal(row[1]["area_mu"].replace(",", "")), summed=True
        ),
        Column("未处理问题", 40, "wrapped", lambda row: problems_told(row[1]["problems"])),
        Column("状态", 14, "text", lambda row: row[0].title),
        Column("确认人", 12, "text", lambda row: row[0].confirmation and row[0].confirmation.confirmed_by),
        Column(
            "确认日期",
            12,
            "date",
            lambda row: row[0].confirmation and row[0].confirmation.confirmed_at.date(),
        ),
        Column("校验码", 34, "wrapped", lambda row: row[0].confirmation and row[0].confirmation.sha256),
        Column("确认后变化", 40, "wrapped", lambda row: row[0].since.told if row[0].since else ""),
    )
    return _book(
        county, actor, f"{year}年企业用地确认情况", "land_use_confirmations", columns, rows,
        unit="单位：亩", total=f"合计（{len(rows)} 个镇街）",
    )  # fmt: skip


def figures_book(
    county: County, actor: Actor, year: int, rows: Sequence[Returned], towns: Mapping[str, str]
) -> Made:
    columns: list[Column[Returned]] = [
        Column("统一社会信用代码", 21, "code", lambda row: row.uscc),
        Column("企业名称", 30, "wrapped", lambda row: row.firm),
        Column("所属镇街", 12, "text", lambda row: towns.get(row.town_code, "")),
    ]
    for name, (title, unit) in FIELDS.items():
        columns.append(Column(f"{title}\n（{unit}）", 13, "figure", _figure_of(name)))
    columns.append(Column("来源", 50, "wrapped", _sources))
    return _book(county, actor, f"{year}年企业年度数据", "returns", columns, rows, right=VIEW_FIRM_FIGURES)


def doubts_book(
    county: County, actor: Actor, year: int, rows: Sequence[Doubt], towns: Mapping[str, str]
) -> Made:
    columns: tuple[Column[Doubt], ...] = (
        Column("统一社会信用代码", 21, "code", lambda row: row.uscc),
        Column("企业名称", 30, "wrapped", lambda row: row.firm),
        Column("所属镇街", 12, "text", lambda row: towns.get(row.town_code, "")),
        Column("数据", 24, "wrapped", lambda row: row.field_title),
        Column("数值", 15, "figure", lambda row: row.value),
        Column("疑问", 22, "wrapped", lambda row: row.title),
        Column("对照", 44, "wrapped", lambda row: row.told),
    )
    return _book(
        county, actor, f"{year}年企业数据疑问", "return_doubts", columns, rows, right=VIEW_FIRM_FIGURES
    )


def open_rows_book(county: County, actor: Actor, year: int, rows: Sequence[ReturnRow]) -> Made:
    columns: list[Column[ReturnRow]] = [
        Column("报送部门", 14, "text", lambda row: row.delivery.authority),
        Column("文件", 26, "wrapped", lambda row: row.delivery.file_name),
        Column("行", 6, "whole", lambda row: row.row_no),
        Column("统一社会信用代码", 21, "code", lambda row: row.uscc),
        Column("企业名称", 32, "wrapped", lambda row: row.name),
    ]
    for name, (title, unit) in FIELDS.items():
        columns.append(Column(f"{title}\n（{unit}）", 13, "figure", _delivered(name)))
    return _book(
        county, actor, f"{year}年未匹配企业数据", "return_rows", columns, rows, right=VIEW_FIRM_FIGURES
    )


def energy_book(
    county: County, actor: Actor, month: str, rows: Sequence[Series], towns: Mapping[str, str]
) -> Made:
    columns: tuple[Column[Series], ...] = (
        Column("统一社会信用代码", 21, "code", lambda row: row.uscc),
        Column("企业名称", 30, "wrapped", lambda row: row.firm),
        Column("所属镇街", 12, "text", lambda row: towns.get(row.town_code, "")),
        Column("本月用电\n（千瓦时）", 15, "figure", lambda row: _decimal(row.kwh[-1])),
        Column("上年同月\n（千瓦时）", 15, "figure", lambda row: _decimal(row.kwh[-13])),
        Column(
            "同比（%）", 11, "figure", lambda row: None if row.change is None else _decimal(row.change * 100)
        ),
        Column("本月用水\n（立方米）", 14, "figure", lambda row: _decimal(row.water_m3[-1])),
        Column("本月用气\n（立方米）", 14, "figure", lambda row: _decimal(row.gas_m3[-1])),
        Column("信号", 22, "wrapped", lambda row: "、".join(row.signal_titles)),
    )
    return _book(
        county, actor, f"{month}企业用能与停产信号", "energy", columns, rows, right=VIEW_FIRM_FIGURES
    )


def problems_told(counts: Mapping[str, int]) -> str:
    return "、".join(f"{PROBLEMS[kind]} {count}" for kind, count in counts.items())


def _book(
    county: County,
    actor: Actor,
    title: str,
    action: str,
    columns: Sequence[Column[Any]],
    rows: Sequence[Any],
    *,
    unit: str = "",
    total: str = "",
    right: str = EXPORT_DATA,
) -> Made:
    actor.require(EXPORT_DATA)
    actor.require(right)
    named = f"{county.name}{title}"
    table = Table(
        title=named, note=f"共 {len(rows)} 条", unit=unit, footer=named, columns=columns, rows=rows, total=total,
        below=(SIGNATURES,), frozen_columns=2,
    )  # fmt: skip
    recorded = change(
        county_code=county.code, by=actor.username, action=f"export_{action}", reason=f"导出{title}", rows=len(rows)
    )  # fmt: skip
    with recorded:
        return f"{named}.xlsx", workbook_of({"清单": table})


def _sources(row: Returned) -> str:
    told = [f"{FIELDS[field][0]}：{'、'.join(names)}" for field, names in row.sources.items()]
    return "；".join(told) or row.source


def _part_of(name: str) -> Any:
    return lambda row: _mu(getattr(row[2], name))


def _figure_of(name: str) -> Any:
    return lambda row: getattr(row, name)


def _delivered(name: str) -> Any:
    return lambda row: Decimal(row.figures[name]) if name in row.figures else None


def _mu(area_m2: float) -> Decimal:
    return m2_to_mu(area_m2)


def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else rounded(value)
