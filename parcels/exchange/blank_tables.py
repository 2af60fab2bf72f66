"""An empty table for officers to fill in: the headings that the import knows, and what belongs under each of them.

Refuses headings of its own: they are those of the table's description, so that a filled one is read without a mapping.
"""

from __future__ import annotations

import io

import xlsxwriter

from parcels.exchange.columns import BASE_UNITS, DIMENSIONS, Column, TableSpec

_KINDS = {
    "text": "文字", "code": "编号（按文本填写）", "uscc": "18 位统一社会信用代码", "date": "日期，如 2026-01-31",
    "decimal": "数字", "area": "数字", "money": "数字", "energy": "数字", "mass": "数字", "persons": "整数",
    "share": "百分数或小数", "year": "四位年份", "month": "年月，如 2024-03",
    "electricity": "千瓦时", "volume": "立方米", "phase": "1、2、3……，不分期的留空", "flag": "是 或 否", "choice": "",
}  # fmt: skip
_LONGEST_LIST = 255  # characters that Excel takes for a list in a cell


def blank_table(spec: TableSpec) -> bytes:
    """A workbook with one heading row to fill in below, and a sheet that explains the columns."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        head = book.add_format({"bold": True, "bg_color": "#F2F2F2", "border": 1, "text_wrap": True})
        body = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
        looks = {
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            "": book.add_format({"num_format": "@"}),
        }
        sheet = book.add_worksheet(spec.title.replace("/", "、")[:31])
        for place, column in enumerate(spec.columns):
            titled = heading(column)
            as_text = column.kind in ("text", "code", "uscc", "choice", "phase")
            look = looks["date"] if column.kind == "date" else looks[""] if as_text else None
            sheet.set_column(place, place, max(12, 2 * len(titled) + 2), look)
            sheet.write_string(0, place, titled, head)
            options = _options(column)
            if (
                options
                and len(",".join(options)) < _LONGEST_LIST
                and not any("," in word for word in options)
            ):
                sheet.data_validation(1, place, 5000, place, {"validate": "list", "source": options})
        sheet.freeze_panes(1, 0)
        notes = book.add_worksheet("填表说明")
        notes.set_column(0, 0, 28)
        notes.set_column(1, 1, 30)
        notes.set_column(2, 2, 60)
        notes.write_row(0, 0, ("列", "是否必填", "怎样填写"), head)
        for line, column in enumerate(spec.columns, 1):
            notes.write_row(line, 0, (heading(column), _needed(spec, column), _how(column)), body)
    return content.getvalue()


def heading(column: Column) -> str:
    """The title with its unit; an asterisk where a row can't do without."""
    dimension = DIMENSIONS.get(column.kind)
    unit = BASE_UNITS[dimension] if dimension else ""
    titled = column.title if not unit or "（" in column.title else f"{column.title}（{unit}）"
    return f"{titled}*" if column.required else titled


def _needed(spec: TableSpec, column: Column) -> str:
    if column.required:
        return "必填"
    group = next((names for names in spec.any_of if column.field in names), ())
    return f"{spec.titles(group)}至少填一项" if group else "没有的留空"


def _how(column: Column) -> str:
    options = _options(column)
    how = f"可填：{'、'.join(options)}" if options else _KINDS[column.kind]
    return f"{how}；也可填：{'、'.join(column.blank_words)}" if column.blank_words else how


def _options(column: Column) -> list[str]:
    """The first wording of each choice."""
    first: dict[str, str] = {}
    for word, code in (column.choices or {}).items():
        first.setdefault(code, word)
    return list(first.values())
