"""The sheet of an area as a Word paper: the tables of the page on an official sheet, and what they were computed from.

Refuses a figure that the page doesn't show.
"""

from __future__ import annotations

from landgis.counties.models import County
from parcels.area_sheets.queries import AreaSheet
from parcels.area_sheets.tables import Cell, Section, basis, heading, sections
from parcels.documents.building.paper import Paper
from parcels.documents.facts import printable

LABEL, UNIT = 32.0, 20.0
YEAR, REMARK = 20.0, 227.0
WIDTHS = {"whole": 14.0, "figure": 19.0, "text": 13.0}
APPORTIONED = (
    "企业的税收等数据按其在范围内的用地占其全部用地的比例分摊；宗地只有一部分在范围内的，按该部分的份额计入。"
)


def sheet_paper(county: County, sheet: AreaSheet, title: str) -> bytes:
    """A landscape paper, the years side by side."""
    paper = Paper(printable(title), landscape=True, invented=county.is_demo)
    paper.head(printable(title), numbered=False)
    paper.flush(f"{printable(heading(sheet))}　　{'、'.join(str(year) for year in sheet.years)} 年")
    for part in sections(sheet):
        paper.caption(part.title)
        _table(paper, part)
    paper.caption("计算依据和缺少的数据")
    told = [[f"{year} 年", printable(line)] for year, lines in basis(sheet) for line in lines]
    paper.figures(
        [("年度", ()), ("说明", ())], [["各年", APPORTIONED], *told], (YEAR, REMARK), together=False
    )
    return paper.docx()


def _table(paper: Paper, part: Section) -> None:
    units = any(line.unit for line in part.lines)
    groups: list[tuple[str, tuple[str, ...]]] = [("项目", ())]
    widths = [LABEL]
    if units:
        groups.append(("单位", ()))
        widths.append(UNIT)
    groups += [(f"{year} 年", part.heads) for year in part.years]
    widths += [WIDTHS[kind] for kind in part.kinds] * len(part.years)
    rows = [
        [line.label, *([line.unit] if units else []), *(_told(cell) for cell in line.cells)]
        for line in part.lines
    ]
    paper.figures(groups, rows, widths)


def _told(cell: Cell) -> str:
    return "不公开" if cell.hidden else cell.text or "—"
