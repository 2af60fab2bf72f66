"""The sheet of an area as a workbook: a table a page, ready to print, and what it was computed from.

Refuses what isn't on the person's screen.
"""

from __future__ import annotations

from typing import Any

from landgis.counties.models import County
from landgis.lib.sheets import Column, Table, workbook_of
from parcels.area_sheets.queries import AreaSheet
from parcels.area_sheets.tables import Line, Section, basis, heading, sections

WIDTHS = {"whole": 10, "figure": 13, "text": 9}


def sheet_workbook(county: County, sheet: AreaSheet, title: str) -> bytes:
    """A page for each table."""
    years = "、".join(str(year) for year in sheet.years)
    tables: dict[str, Table[Any]] = {
        part.title: _table(part, title, f"{heading(sheet)}　{years} 年", county.name)
        for part in sections(sheet)
    }
    tables["计算依据"] = Table(
        title=title,
        note="计算依据和缺少的数据",
        unit="",
        footer=county.name,
        columns=(
            Column("年度", 10, "whole", lambda row: row[0]),
            Column("说明", 90, "wrapped", lambda row: row[1]),
        ),
        rows=[(year, line) for year, lines in basis(sheet) for line in lines],
        paper="A4",
    )
    return workbook_of(tables)


def _table(part: Section, title: str, note: str, footer: str) -> Table[Line]:
    columns: list[Column[Line]] = [Column("项目", 26, "wrapped", lambda line: line.label)]
    if any(line.unit for line in part.lines):
        columns.append(Column("单位", 12, "text", lambda line: line.unit))
    for at, year in enumerate(part.years):
        for n, head in enumerate(part.heads):
            kind = "figure" if part.kinds[n] == "figure" else "text" if part.kinds[n] == "text" else "whole"
            columns.append(Column(f"{year} 年\n{head}", WIDTHS[kind], kind, _value(at, n)))  # type: ignore[arg-type]
    hidden = any(cell.hidden for line in part.lines for cell in line.cells)
    return Table(
        title=f"{title}：{part.title}",
        note=note + ("　空白：没有数据，或依规定不公开" if hidden else ""),
        unit="",
        footer=footer,
        columns=columns,
        rows=part.lines,
        frozen_columns=1,
    )


def _value(at: int, n: int) -> Any:
    return lambda line: line.years[at][n].value
