"""Excel workbooks: one sheet of rows with titles and units, one that says what they are.

Refuses more rows than a sheet holds, and to let Excel read codes as numbers or text as formulas.
"""

from datetime import date, datetime

import xlsxwriter
from django.utils import timezone

from landgis.lib.errors import UsageError
from layers.catalog.collection import Kind
from parcels.exchange.writing import Export, Written, table_rows

MOST_ROWS = 1_048_575
_WIDTHS: dict[Kind, int] = {"code": 24, "text": 28, "number": 16, "integer": 10, "date": 12}


def write_xlsx(export: Export) -> Written:
    if export.crs is not None:
        raise UsageError(
            "Excel 表只含属性，不含图形，不能指定 --crs。", remedy="请去掉 --crs，或改用 gpkg、zip 等格式。"
        )
    title = export.question.collection.title
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd",
    }
    written = Written()
    with xlsxwriter.Workbook(str(export.out), options) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": "#EEF2F5"})
        number = book.add_format({"num_format": "#,##0.00##"})
        sheet = book.add_worksheet(title)
        sheet.freeze_panes(1, 1)
        for place, column in enumerate(export.columns):
            kind = column.property.kind
            sheet.set_column(place, place, _WIDTHS[kind], number if kind == "number" else None)
            sheet.write_string(0, place, column.property.heading, bold)
        for area, _, *values in table_rows(export, geometry=False):
            written.features += 1
            if written.features > MOST_ROWS:
                raise UsageError(
                    f"Excel 一张表最多 {MOST_ROWS} 行，结果超出。",
                    remedy="请用 --where 缩小范围，或导出为 csv。",
                )
            written.area_units += area
            for place, value in enumerate(values):
                if value is not None and value != "":
                    _write_cell(sheet, written.features, place, value)
        sheet.autofilter(0, 0, max(written.features, 1), len(export.columns) - 1)
        _about(book.add_worksheet("说明"), export, written)
    return written


def _write_cell(sheet: "xlsxwriter.worksheet.Worksheet", row: int, place: int, value: object) -> None:
    if isinstance(value, date):
        sheet.write_datetime(row, place, value)
    elif isinstance(value, int | float):
        sheet.write_number(row, place, value)
    else:
        sheet.write_string(row, place, str(value))


def _about(sheet: "xlsxwriter.worksheet.Worksheet", export: Export, written: Written) -> None:
    made: datetime = timezone.localtime()
    facts = (
        ("内容", export.question.collection.title),
        ("县域", f"{export.county.name}（{export.county.code}）"),
        ("数据日期", export.question.on.isoformat()),
        ("条数", str(written.features)),
        ("导出账号", export.question.actor.display_name or export.question.actor.username),
        ("导出时间", f"{made:%Y-%m-%d %H:%M}"),
    )
    sheet.set_column(0, 0, 12)
    sheet.set_column(1, 1, 40)
    for row, (name, fact) in enumerate(facts):
        sheet.write_string(row, 0, name)
        sheet.write_string(row, 1, fact)
