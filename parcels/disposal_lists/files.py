"""An issue of the disposal list as the files that are sent upward: the workbook and the stand-alone map.

Refuses to look anything up anew but the shapes: what stands in the files are the frozen rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from landgis.counties.models import County
from landgis.lib.sheets import SIGNATURES, Column, Table, workbook_of
from landgis.lib.units import display_mu, m2_to_mu
from layers.standalone import MapFeature, standalone_map
from parcels.disposal_lists.models import DisposalList
from parcels.disposal_lists.queries import scope_told
from parcels.disposal_lists.rules import FINDING_TITLES, Changes, ListedCase
from parcels.idle_land.listing import COLOURS, shapes_on

_COLUMNS: tuple[Column[tuple[int, ListedCase]], ...] = (
    Column("序号", 5, "whole", lambda item: item[0]),
    Column("案件编号", 17, "code", lambda item: item[1].case_no),
    Column("所属镇街", 10, "text", lambda item: item[1].town),
    Column("宗地代码", 21, "code", lambda item: item[1].parcel_code),
    Column("合同编号", 20, "code", lambda item: item[1].contract_no),
    Column("电子监管号", 19, "code", lambda item: item[1].supervision_no),
    Column("分期", 5, "whole", lambda item: item[1].phase_no),
    Column("土地使用权人", 24, "wrapped", lambda item: item[1].holder),
    Column("土地位置", 26, "wrapped", lambda item: item[1].location),
    Column("土地用途", 10, "wrapped", lambda item: item[1].land_use),
    Column("面积\n（平方米）", 13, "figure", lambda item: _area(item[1]), summed=True),
    Column("面积\n（亩）", 11, "figure", lambda item: _mu(item[1]), summed=True),
    Column("应动工日期", 11.5, "date", lambda item: _day(item[1].agreed_start)),
    Column("闲置天数", 8, "whole", lambda item: item[1].gross_idle_days),
    Column("扣除政府等\n原因后天数", 10, "whole", lambda item: item[1].net_idle_days),
    Column("闲置类型", 16, "wrapped", lambda item: FINDING_TITLES[item[1].finding]),
    Column("原因", 24, "wrapped", lambda item: item[1].cause),
    Column("处置阶段", 14, "wrapped", lambda item: item[1].stage),
    Column("阶段日期", 11.5, "date", lambda item: _day(item[1].stage_on)),
    Column("处置意见", 16, "wrapped", lambda item: item[1].mode),
    Column("备注", 20, "wrapped", lambda item: ""),
)
_CHANGE_COLUMNS: tuple[Column[tuple[str, ListedCase, str]], ...] = (
    Column("变化", 8, "text", lambda item: item[0]),
    Column("案件编号", 17, "code", lambda item: item[1].case_no),
    Column("所属镇街", 10, "text", lambda item: item[1].town),
    Column("宗地代码", 21, "code", lambda item: item[1].parcel_code),
    Column("土地使用权人", 28, "wrapped", lambda item: item[1].holder),
    Column("内容", 80, "wrapped", lambda item: item[2]),
)


def workbook(found: DisposalList, rows: Sequence[ListedCase], changes: Changes, part: str = "") -> bytes:
    """The list with its totals, and on a second sheet what changed; `part` names the town where it is not the whole."""
    scope = part or scope_told(found.county, found.filters)
    footer = f"{found.issue_no}　{found.county.name}　截至 {found.on}　校验码 {found.sha256}"
    paper_no = found.document.number.text if found.document.number else ""
    note = f"截止日期：{found.on}　期号：{found.issue_no}　文号：{paper_no}　规则版本：{found.rule_version}"
    whole = "" if not part else f"（本表为其中一部分，全表 {found.row_count} 宗）"
    listed = list(enumerate(rows, 1))
    title = f"{scope}闲置土地处置清单"
    tables: dict[str, Table[Any]] = {
        "处置清单": Table(
            title=title,
            note=note,
            unit="单位：平方米、亩",
            footer=footer,
            columns=_COLUMNS,
            rows=listed,
            total=f"合计（{len(listed)} 宗）",
            below=(f"校验码（SHA-256）：{found.sha256}{whole}", SIGNATURES),
            frozen_columns=4,
        )
    }
    if found.previous:
        tables["较上期变化"] = Table(
            title=f"与{found.previous.issue_no}相比的变化",
            note=f"上期截止日期：{found.previous.on}　{changes.told}",
            unit="",
            footer=footer,
            columns=_CHANGE_COLUMNS,
            rows=_told(changes),
            paper="A4",
        )
    return workbook_of(tables, {"title": title, "subject": footer})


def map_sheet(county: County, found: DisposalList, rows: Sequence[ListedCase]) -> str:
    """The listed parcels as they lay on the list's day, in one HTML file."""
    shapes = shapes_on(county, [row.parcel_code for row in rows if row.parcel_code], found.on)
    drawn = [row for row in rows if row.parcel_code in shapes]
    left_out = len(rows) - len(drawn)
    note = f"，其中 {left_out} 宗没有对应的登记图形，未画出" if left_out else ""
    return standalone_map(
        title=f"{county.name}闲置土地处置清单分布图",
        subtitle=f"{found.issue_no}，截至 {found.on}，共 {len(rows)} 宗{note}。校验码 {found.sha256[:16]}…",
        features=[
            MapFeature(
                geometry=shapes[row.parcel_code],
                colour=COLOURS.get(row.finding, COLOURS["undetermined"]),
                group=FINDING_TITLES[row.finding],
                title=row.parcel_code,
                facts=(
                    ("案件编号", row.case_no),
                    ("权利人", row.holder),
                    ("镇街", row.town),
                    ("面积（亩）", display_mu(row.area_m2) if row.area_m2 else ""),
                    ("应动工日期", row.agreed_start or "—"),
                    ("闲置天数", "—" if row.gross_idle_days is None else str(row.gross_idle_days)),
                    ("原因", row.cause or "—"),
                    ("处置阶段", row.stage),
                    ("处置意见", row.mode or "—"),
                ),
            )
            for row in drawn
        ],
    )


def _told(changes: Changes) -> list[tuple[str, ListedCase, str]]:
    return [
        *(("新增", row, f"{FINDING_TITLES[row.finding]}，{row.stage}") for row in changes.new),
        *(("移出", row, f"上期阶段：{row.stage}") for row in changes.gone),
        *(
            ("变化", row, "；".join(f"{name}：{was} → {now}" for name, was, now in facts))
            for row, facts in changes.changed
        ),
    ]


def _area(row: ListedCase) -> Decimal | None:
    return Decimal(row.area_m2) if row.area_m2 else None


def _mu(row: ListedCase) -> Decimal | None:
    return m2_to_mu(row.area_m2) if row.area_m2 else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
