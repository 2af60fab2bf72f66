"""A list of land states as files: the workbook that is handed on, and the stand-alone map.

Refuses to leave unrecorded: every file that goes out has its audit row.
"""

from __future__ import annotations

from typing import Any

from landgis.access.queries import Actor
from landgis.access.rules import EXPORT_DATA
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.lib.sheets import SIGNATURES, Column, Table, workbook_of
from landgis.lib.units import display_mu, m2_to_mu
from layers.standalone import MapFeature, standalone_map
from parcels.idle_land.listing import shapes_on
from parcels.states.selection import LISTS, Asked, Selected, StateRow

UNKNOWN = "资料不足，无法判断"
COLOUR, UNKNOWN_COLOUR = "#c8432b", "#6b7280"
_COLUMNS: tuple[Column[tuple[int, StateRow]], ...] = (
    Column("序号", 5, "whole", lambda item: item[0]),
    Column("所属镇街", 12, "wrapped", lambda item: item[1].town),
    Column("宗地代码", 24, "wrapped", lambda item: item[1].code),
    Column("合同（批次）编号", 22, "code", lambda item: item[1].contract_no),
    Column("分期", 5, "whole", lambda item: item[1].phase_no),
    Column("土地使用权人", 24, "wrapped", lambda item: item[1].holder),
    Column("土地位置", 26, "wrapped", lambda item: item[1].location),
    Column("面积\n（平方米）", 13, "figure", lambda item: item[1].area_m2, summed=True),
    Column("面积\n（亩）", 11, "figure", lambda item: _mu(item[1]), summed=True),
    Column("状态", 20, "wrapped", lambda item: _states(item[1], True)),
    Column("依据", 60, "wrapped", lambda item: "\n".join(e.told for e in item[1].explained if e.holds)),
    Column(
        "缺少资料", 40, "wrapped", lambda item: "\n".join(e.told for e in item[1].explained if not e.holds)
    ),
)


def title_of(asked: Asked) -> str:
    return LISTS[asked.list] + (f"（{UNKNOWN}）" if asked.unknown else "")


def workbook(county: County, actor: Actor, asked: Asked, found: Selected) -> bytes:
    """The list with totals; phases of one contract repeat its area, which the note says."""
    actor.require(EXPORT_DATA)
    listed = list(enumerate(found.rows, 1))
    title = f"{county.name}{title_of(asked)}"
    table = Table(
        title=title,
        note=f"截止日期：{asked.on}　分期合同各期均列出合同面积；资料不足、无法判断的另有 {found.unknown} 宗",
        unit="单位：平方米、亩",
        footer=f"{title}　截至 {asked.on}",
        columns=_COLUMNS,
        rows=listed,
        total=f"合计（{len(listed)} 宗）",
        below=(SIGNATURES,),
        frozen_columns=4,
    )
    with _sent(county, actor, asked, "xlsx", len(listed)):
        return workbook_of({"清单": table})


def map_sheet(county: County, actor: Actor, asked: Asked, found: Selected) -> str:
    """The listed parcels as they lay on the day, in one HTML file."""
    actor.require(EXPORT_DATA)
    shapes = shapes_on(county, [code for row in found.rows for code in row.codes], asked.on)
    features = [
        _feature(row, code, shapes[code], asked) for row in found.rows for code in row.codes if code in shapes
    ]
    without = sum(not any(code in shapes for code in row.codes) for row in found.rows)
    note = f"，其中 {without} 宗没有对应的登记图形，未画出" if without else ""
    with _sent(county, actor, asked, "html", len(found.rows)):
        return standalone_map(
            title=f"{county.name}{title_of(asked)}",
            subtitle=f"截至 {asked.on}，共 {len(found.rows)} 宗{note}。",
            features=features,
        )


def _feature(row: StateRow, code: str, shape: Any, asked: Asked) -> MapFeature:
    return MapFeature(
        geometry=shape,
        colour=UNKNOWN_COLOUR if asked.unknown else COLOUR,
        group=UNKNOWN if asked.unknown else _states(row, True),
        title=code,
        facts=(
            ("权利人", row.holder or "—"),
            ("镇街", row.town or "—"),
            ("合同编号", row.contract_no or "—"),
            ("面积（亩）", "—" if row.area_m2 is None else display_mu(row.area_m2)),
            *((item.title, item.told) for item in row.explained),
        ),
    )


def _sent(county: County, actor: Actor, asked: Asked, kind: str, rows: int) -> Any:
    return change(
        county_code=county.code, by=actor.username, action="export_land_states",
        reason=f"导出{title_of(asked)}（{kind}）", on=str(asked.on), rows=rows, list=asked.list,
    )  # fmt: skip


def _states(row: StateRow, holds: bool) -> str:
    return "、".join(item.title for item in row.explained if item.holds is holds)


def _mu(row: StateRow) -> Any:
    return None if row.area_m2 is None else m2_to_mu(row.area_m2)
