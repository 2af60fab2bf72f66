"""The disposal list (处置清单) as the workbook an officer sends upward: the list, its totals, and how it was reckoned.

Refuses to round what it adds up: areas are shown to two decimals and summed as they are, in ㎡ and 亩 side by side.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter

from landgis.lib.sheet_stream import OPTIONS, Filled, spliced
from landgis.lib.sheets import SIGNATURES, Column, Formats, Paper, print_setup, row_height, write_empty
from landgis.lib.units import m2_to_mu
from parcels.idle_land.facts import Parameters
from parcels.idle_land.rules import FINDING_TITLES, FindingCode
from parcels.idle_land.wording import basis_of_findings, reckoning

SHEET, STEPS_SHEET, NOTES_SHEET = "疑似闲置土地清单", "逐宗计算", "说明"


@dataclass(frozen=True, slots=True)
class Listed:
    """One contract phase on the list. `missing` are Chinese titles; `steps` the arithmetic, sentence by sentence."""

    serial: int
    town: str
    parcel_code: str
    contract_no: str
    supervision_no: str
    phase_no: int
    holder: str
    location: str
    land_use: str
    area_m2: Decimal | None
    price_wan: Decimal | None
    agreed_start: date | None
    full_year_on: date | None
    gross_idle_days: int | None
    finding: FindingCode
    article: str
    missing: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListHeading:
    """What stands above and beside the list."""

    county: str
    on: date
    parameters: Parameters
    scope: str = ""  # such as one town, or "筛选结果"
    paper: Paper = "A3"


@dataclass(frozen=True, slots=True)
class _Column(Column[Listed]):
    group: str = ""


_COLUMNS: tuple[_Column, ...] = (
    _Column("序号", 5, "whole", lambda row: row.serial),
    _Column("所属镇街", 10, "text", lambda row: row.town),
    _Column("宗地代码", 21, "code", lambda row: row.parcel_code),
    _Column("合同编号", 20, "code", lambda row: row.contract_no, group="供地合同"),
    _Column("电子监管号", 19, "code", lambda row: row.supervision_no, group="供地合同"),
    _Column("分期", 5, "whole", lambda row: row.phase_no, group="供地合同"),
    _Column("土地使用权人", 24, "wrapped", lambda row: row.holder),
    _Column("土地位置", 26, "wrapped", lambda row: row.location),
    _Column("土地用途", 10, "wrapped", lambda row: row.land_use),
    _Column("平方米", 13, "figure", lambda row: row.area_m2, summed=True, group="面积"),
    _Column("亩", 11, "figure", lambda row: _mu(row.area_m2), summed=True, group="面积"),
    _Column("成交价款\n（万元）", 13, "figure", lambda row: row.price_wan, summed=True),
    _Column("约定动工日期", 11.5, "date", lambda row: row.agreed_start, group="动工与停工"),
    _Column("期满日期", 11.5, "date", lambda row: row.full_year_on, group="动工与停工"),
    _Column("毛天数", 8, "whole", lambda row: row.gross_idle_days, group="动工与停工"),
    _Column("情形", 15.5, "wrapped", lambda row: FINDING_TITLES[row.finding], group="筛查结果"),
    _Column("依据", 27, "wrapped", lambda row: row.article, group="筛查结果"),
    _Column("缺失资料", 20, "wrapped", lambda row: "、".join(row.missing)),
    _Column("备注", 26, "wrapped", lambda row: "；".join(row.remarks)),
)
_TITLE_ROW, _NOTE_ROW, _GROUP_ROW, _FIRST_ROW = 0, 1, 2, 4
_FROZEN_COLUMNS = 3
_LAST = len(_COLUMNS) - 1
_FINDING_COLUMN = next(i for i, column in enumerate(_COLUMNS) if column.title == "情形")
_LABEL_END = next(i for i, column in enumerate(_COLUMNS) if column.summed) - 1
_NOTES_WIDTH = 110
_STEP_COLUMNS: tuple[Column[Listed], ...] = (
    Column("序号", 5, "whole", lambda row: row.serial),
    Column("宗地代码", 21, "code", lambda row: row.parcel_code),
    Column("合同编号", 22, "code", lambda row: row.contract_no or row.supervision_no),
    Column("计算过程", 130, "wrapped", lambda row: "\n".join(row.steps)),
)


def write_list(target: Path | BinaryIO, rows: Sequence[Listed], heading: ListHeading) -> None:
    """Write the workbook: the list with its totals, the arithmetic of each row, and the explanation."""
    if isinstance(target, Path):
        with target.open("wb") as file:
            file.writelines(stream_list(rows, heading))
    else:
        target.writelines(stream_list(rows, heading))


def stream_list(rows: Sequence[Listed], heading: ListHeading) -> Iterator[bytes]:
    """The same in pieces, for a list of many thousands."""
    content, explained = io.BytesIO(), any(row.steps for row in rows)
    with xlsxwriter.Workbook(content, OPTIONS) as book:
        book.set_properties(
            {
                "title": _title(heading),
                "subject": f"截至 {heading.on}，规则版本 {heading.parameters.rule_version}",
                "created": datetime(heading.on.year, heading.on.month, heading.on.day, tzinfo=UTC),
            }
        )
        formats = Formats(book)
        _list_sheet(book.add_worksheet(SHEET), rows, heading, formats)
        if explained:
            _steps_sheet(book.add_worksheet(STEPS_SHEET), heading, formats)
        _notes_sheet(book.add_worksheet(NOTES_SHEET), heading, formats)
    filled: dict[int, Filled[Listed]] = {1: Filled(_FIRST_ROW, _COLUMNS, rows)} if rows else {}
    if explained:
        filled[2] = Filled(1, _STEP_COLUMNS, rows)
    return spliced(content.getvalue(), filled)


def _list_sheet(sheet: Any, rows: Sequence[Listed], heading: ListHeading, formats: Formats) -> None:
    print_setup(sheet, _footer(heading), paper=heading.paper, repeated=_FIRST_ROW - 1)
    sheet.merge_range(_TITLE_ROW, 0, _TITLE_ROW, _LAST, _title(heading), formats.title)
    sheet.set_row(_TITLE_ROW, 32)
    sheet.write_string(
        _NOTE_ROW, 0, f"截止日期：{heading.on}　规则版本：{heading.parameters.rule_version}", formats.left
    )
    sheet.write_string(_NOTE_ROW, _LAST, "单位：平方米、亩、万元", formats.right)
    _head(sheet, formats)
    if rows:
        write_empty(sheet, _FIRST_ROW, _COLUMNS, formats)
    end = _totals(sheet, rows, formats)
    sheet.write_string(end + 1, 0, SIGNATURES, formats.left)
    sheet.print_area(0, 0, end + 1, _LAST)
    sheet.freeze_panes(_FIRST_ROW, _FROZEN_COLUMNS)
    if rows:
        sheet.autofilter(_FIRST_ROW - 1, 0, _FIRST_ROW + len(rows) - 1, _LAST)


def _head(sheet: Any, formats: Formats) -> None:
    """Two heading rows: a group above its columns, a column of its own over both rows."""
    place = 0
    while place <= _LAST:
        column = _COLUMNS[place]
        sheet.set_column(place, place, column.width)
        if not column.group:
            sheet.merge_range(_GROUP_ROW, place, _GROUP_ROW + 1, place, column.title, formats.head)
            place += 1
            continue
        members = [i for i, other in enumerate(_COLUMNS) if other.group == column.group]
        sheet.merge_range(_GROUP_ROW, members[0], _GROUP_ROW, members[-1], column.group, formats.head)
        for member in members:
            sheet.set_column(member, member, _COLUMNS[member].width)
            sheet.write_string(_GROUP_ROW + 1, member, _COLUMNS[member].title, formats.head)
        place = members[-1] + 1
    sheet.set_row(_GROUP_ROW, 20)
    sheet.set_row(_GROUP_ROW + 1, 20)


def _totals(sheet: Any, rows: Sequence[Listed], formats: Formats) -> int:
    """A line of sums for each finding and one over all; returns the row below them."""
    line = _FIRST_ROW + len(rows)
    for code, title in FINDING_TITLES.items():
        members = [row for row in rows if row.finding == code]
        if members:
            _total_line(sheet, line, f"小计：{title}", members, len(rows), formats, title)
            line += 1
    _total_line(sheet, line, "总计", rows, len(rows), formats, "")
    return line + 1


def _total_line(
    sheet: Any, line: int, label: str, members: Sequence[Listed], count: int, formats: Formats, title: str
) -> None:
    counted = _once_a_contract(members)
    sheet.merge_range(line, 0, line, _LABEL_END, f"{label}（{len(members)} 宗）", formats.label)
    for place in range(_LABEL_END + 1, _LAST + 1):
        column = _COLUMNS[place]
        if not column.summed:
            sheet.write_blank(line, place, None, formats.blank)
            continue
        value = float(sum((Decimal(column.value(row) or 0) for row in counted), Decimal(0)))
        if len(counted) == len(members):
            sheet.write_formula(line, place, _sum_formula(place, count, title), formats.total, value)
        else:  # no formula over the column would leave out what a second phase repeats
            sheet.write_number(line, place, value, formats.total)
    without_area = sum(row.area_m2 is None for row in counted)
    notes = [f"{without_area} 宗无面积，未计入"] if without_area else []
    notes += ["分期合同只计一次"] if len(counted) < len(members) else []
    if notes:
        sheet.write_string(line, _LAST, "；".join(notes), formats.blank)


def _once_a_contract(members: Sequence[Listed]) -> list[Listed]:
    """One row of each contract: its area and price stand in the row of every phase."""
    keys = [(row.contract_no, row.supervision_no, row.parcel_code) for row in members]
    first = {key: row for key, row in zip(reversed(keys), reversed(members), strict=True) if any(key)}
    return [row for key, row in zip(keys, members, strict=True) if not any(key) or first[key] is row]


def _sum_formula(place: int, count: int, title: str) -> str:
    summed = _range(place, count)
    return f'=SUMIF({_range(_FINDING_COLUMN, count)},"{title}",{summed})' if title else f"=SUM({summed})"


def _range(place: int, count: int) -> str:
    letter = chr(ord("A") + place)
    return f"${letter}${_FIRST_ROW + 1}:${letter}${_FIRST_ROW + max(count, 1)}"


def _steps_sheet(sheet: Any, heading: ListHeading, formats: Formats) -> None:
    print_setup(sheet, _footer(heading), paper=heading.paper, repeated=0)
    for place, column in enumerate(_STEP_COLUMNS):
        sheet.set_column(place, place, column.width)
        sheet.write_string(0, place, column.title, formats.head)
    write_empty(sheet, 1, _STEP_COLUMNS, formats)
    sheet.freeze_panes(1, 1)


def _notes_sheet(sheet: Any, heading: ListHeading, formats: Formats) -> None:
    print_setup(sheet, _footer(heading), paper=heading.paper, repeated=None)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, _NOTES_WIDTH)
    sheet.merge_range(0, 0, 0, 1, f"{_title(heading)}说明", formats.title)
    facts = [("截止日期", str(heading.on)), ("规则版本", heading.parameters.rule_version)]
    line = 2
    for title, pairs in (
        ("依据与版本", facts),
        ("各情形的依据", basis_of_findings(heading.parameters)),
        ("计算说明", [(f"{n}", text) for n, text in enumerate(reckoning(heading.parameters), 1)]),
    ):
        sheet.merge_range(line, 0, line, 1, title, formats.head)
        for place, (left, right) in enumerate(pairs, line + 1):
            sheet.write_string(place, 0, left, formats.cell["wrapped"])
            sheet.write_string(place, 1, right, formats.cell["wrapped"])
            sheet.set_row(place, row_height([(right, _NOTES_WIDTH)]))
        line += len(pairs) + 2


def _mu(area_m2: Decimal | None) -> Decimal | None:
    return None if area_m2 is None else m2_to_mu(area_m2)


def _title(heading: ListHeading) -> str:
    return f"{heading.county}{heading.scope}疑似闲置土地清单"


def _footer(heading: ListHeading) -> str:
    return f"{heading.county}　截至 {heading.on}"
