"""The sheet of an area as a Word paper: the page's figures, what is not told, and names of any characters."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from docx import Document

from landgis.access.queries import Actor
from landgis.audit.models import AuditEvent
from landgis.counties.models import County
from parcels.area_sheets.ground import TOWN
from parcels.area_sheets.paper import sheet_paper
from parcels.area_sheets.queries import area_sheet
from parcels.area_sheets.tables import sections
from tests.factories import TOWN_WEST, SignIn, box

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ground")]
PAGE = "/evaluation/areas/"
DRAWN = {"geometry": json.dumps(json.loads(box(0, 0, 3.5, 10).geojson))}


def read(content: bytes) -> Any:
    return Document(io.BytesIO(content))


def cells_of(table: Any) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_the_paper_says_what_the_page_says(county: County, officer: Actor, signed_in: SignIn) -> None:
    sheet = area_sheet(county, officer, kind=TOWN, code=TOWN_WEST)
    answer = signed_in("evaluation_officer").get(f"{PAGE}sheet.docx", {"area": f"town:{TOWN_WEST}"})
    assert answer.status_code == 200
    paper = read(answer.content)
    made = sections(sheet)
    *tables, told_of = paper.tables
    for part, table in zip(made, tables, strict=True):
        rows = cells_of(table)
        assert len(rows) == len(part.lines) + 2
        for line, told in zip(part.lines, rows[2:], strict=True):
            assert told[0] == line.label
            assert told[-len(line.cells) :] == [cell.text or "—" for cell in line.cells]
    words = "\n".join(line.text for line in paper.paragraphs)
    assert "甲镇亩均评价情况表" in words
    assert sheet.found[0] is not None
    assert [f"{sheet.found[0].year} 年", sheet.found[0].basis[0]] in cells_of(told_of)
    assert AuditEvent.objects.get(action="export_area_sheet").summary["form"] == "docx"


def test_a_drawn_area_of_any_name_and_what_is_not_told_of_it(signed_in: SignIn) -> None:
    asked = DRAWN | {"name": "北区 {{ 版头 }}{% if %}\x01\u2028<b>"}
    whole = signed_in("evaluation_officer").post(f"{PAGE}drawn/sheet.docx", asked)
    assert whole.status_code == 200
    assert any("{{ 版头 }}{% if %}" in line.text for line in read(whole.content).paragraphs)
    hidden = read(signed_in("registrar").post(f"{PAGE}drawn/sheet.docx", DRAWN).content)
    assert "不公开" in {text for row in cells_of(hidden.tables[1]) for text in row}
    assert signed_in("leader").get(f"{PAGE}sheet.docx").status_code == 403
    assert signed_in("agency").post(f"{PAGE}drawn/sheet.docx", DRAWN).status_code == 403


def test_only_a_demo_says_on_every_page_that_it_is_invented(county: County, officer: Actor) -> None:
    sheet = area_sheet(county, officer, kind=TOWN, code=TOWN_WEST)
    headers = []
    for county.is_demo in (True, False):
        paper = read(sheet_paper(county, sheet, sheet.title))
        headers.append(paper.sections[0].header.paragraphs[0].text)
    assert headers == ["示意数据　不具法律效力", ""]


def test_the_same_sheet_is_the_same_paper(county: County, officer: Actor) -> None:
    sheet = area_sheet(county, officer, kind=TOWN, code=TOWN_WEST)
    assert sheet_paper(county, sheet, "表") == sheet_paper(county, sheet, "表")
