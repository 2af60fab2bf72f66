"""Handing the sheet of an area over, as a workbook or as a Word paper.

Refuses whoever may not export; that it was done is kept.
"""

from __future__ import annotations

from landgis.access.queries import Actor
from landgis.access.rules import EXPORT_DATA
from landgis.audit.change import change
from landgis.counties.models import County
from parcels.area_sheets.paper import sheet_paper
from parcels.area_sheets.queries import AreaSheet
from parcels.area_sheets.workbook import sheet_workbook

FORMS = {"xlsx": sheet_workbook, "docx": sheet_paper}


def hand_over(county: County, actor: Actor, sheet: AreaSheet, form: str) -> tuple[str, bytes]:
    """The file's name and content; `form` is one of FORMS."""
    actor.require(EXPORT_DATA)
    title = f"{county.name}{sheet.title}" if sheet.name != county.name else sheet.title
    with change(
        county_code=county.code, by=actor.username, action="export_area_sheet", reason=f"导出{sheet.title}",
        kind=sheet.kind, area=sheet.code, form=form,
    ):  # fmt: skip
        return f"{title}.{form}", FORMS[form](county, sheet, title)
