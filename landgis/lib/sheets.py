"""Excel sheets as officers hand them on: fonts, borders, number formats, row heights, print set-up, and a table with totals.

Refuses to round what it adds up: figures are shown to two decimals and summed as they are.
"""

from __future__ import annotations

import io
import math
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Generic, Literal, TypeVar, overload

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

Kind = Literal["text", "code", "wrapped", "date", "figure", "whole"]
Paper = Literal["A3", "A4"]
Row = TypeVar("Row")

SIGNATURES = "填表人：　　　　　　　　审核人：　　　　　　　　单位负责人：　　　　　　　　填报日期：　　　　年　　月　　日"
PAPERS: dict[Paper, int] = {"A3": 8, "A4": 9}
LONGEST_TEXT = 32_000
FIRST = 3  # the line of the first row, below title, notes and heading
_EARLIEST_YEAR = 1901  # Excel knows no day before 1900 and one too many in it
_LINE_HEIGHT, _PADDING, _HIGHEST = 13.5, 5, 409  # points; Excel knows no higher row
_TITLE, _NOTE, _HEAD = 0, 1, 2
_TITLE_HEIGHT, _HEAD_HEIGHT = 32, 32
_TITLE_SIZE, _BODY_SIZE = 18, 10


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """A column: its title, its width in characters, what kind of value it shows, and whether it is summed."""

    title: str
    width: float
    kind: Kind
    value: Callable[[Row], Any]
    summed: bool = False


@dataclass(frozen=True, slots=True)
class Table(Generic[Row]):
    """A sheet: title, a line of notes on each side, columns, rows, the label of the totals and lines below them."""

    title: str
    note: str
    unit: str
    footer: str
    columns: Sequence[Column[Row]]
    rows: Sequence[Row]
    total: str = ""
    below: Sequence[str] = ()
    frozen_columns: int = 0
    paper: Paper = "A3"


class Numbered(Sequence[tuple[int, Row]]):
    """Rows with their numbers from 1, put together one by one."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[tuple[int, Row]]:
        return enumerate(self._rows, 1)

    @overload
    def __getitem__(self, place: int) -> tuple[int, Row]: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[tuple[int, Row]]: ...
    def __getitem__(self, place: int | slice) -> tuple[int, Row] | Sequence[tuple[int, Row]]:
        if isinstance(place, slice):
            numbers = range(len(self._rows))[place]
            return [(number + 1, self._rows[number]) for number in numbers]
        return range(len(self._rows))[place] + 1, self._rows[place]


class Formats:
    """The cell formats, each made once."""

    def __init__(self, book: Any) -> None:
        body = {"font_name": "宋体", "font_size": _BODY_SIZE, "valign": "vcenter"}
        grid = body | {"border": 1}
        strong = {"bold": True, "bg_color": "#F2F2F2"}
        title = {"font_name": "黑体", "font_size": _TITLE_SIZE, "align": "center", "text_wrap": True}
        self.title = book.add_format(body | title)
        self.left = book.add_format(body)
        self.words = book.add_format(body | {"text_wrap": True})
        self.right = book.add_format(body | {"align": "right"})
        self.head = book.add_format(grid | strong | {"align": "center", "text_wrap": True})
        self.label = book.add_format(grid | strong | {"align": "right"})
        self.blank = book.add_format(grid | strong)
        kinds: dict[Kind, dict[str, Any]] = {
            "text": {},
            "code": {"num_format": "@"},
            "wrapped": {"text_wrap": True},
            "date": {"num_format": "yyyy-mm-dd", "align": "center"},
            # A blank keeps the figure off the border and the words behind it; the last part is for what stands for a missing one.
            "figure": {"num_format": "#,##0.00_ ;-#,##0.00_ ;0.00_ ;@_ ", "align": "right"},
            "whole": {"num_format": "0", "align": "center"},
        }
        self.cell = {kind: book.add_format(grid | extra) for kind, extra in kinds.items()}
        self.total = book.add_format(grid | strong | kinds["figure"])
        self.total_whole = book.add_format(grid | strong | kinds["whole"] | {"num_format": "#,##0"})


def workbook_of(tables: Mapping[str, Table[Any]], properties: Mapping[str, Any] | None = None) -> bytes:
    """A workbook with a sheet for each table, by the sheet's name; `properties`: title, subject, day of its making."""
    content = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(content, options) as book:
        if properties:
            book.set_properties(dict(properties))
        formats = Formats(book)
        for name, table in tables.items():
            write_table(book.add_worksheet(name), table, formats)
    return content.getvalue()


def write_table(sheet: Any, table: Table[Row], formats: Formats, *, frame_only: bool = False) -> None:
    """The whole sheet: title, notes, heading row, rows, totals where asked for, and the print set-up.

    `frame_only`: one line of empty cells stands for all rows; the rest is where it is with them.
    """
    last = len(table.columns) - 1
    print_setup(sheet, table.footer, repeated=_HEAD, paper=table.paper)
    lines = _lines(table.title, sum(column.width for column in table.columns) * _BODY_SIZE / _TITLE_SIZE)
    sheet.merge_range(_TITLE, 0, _TITLE, last, table.title, formats.title)
    sheet.set_row(_TITLE, _TITLE_HEIGHT * lines)
    _across(sheet, _NOTE, table.note, table.columns[:-1] if table.unit else table.columns, formats)
    if table.unit:
        sheet.write_string(_NOTE, last, table.unit, formats.right)
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(_HEAD, place, column.title, formats.head)
    heading = row_height([(column.title, column.width) for column in table.columns])
    sheet.set_row(_HEAD, max(heading, _HEAD_HEIGHT))
    if frame_only and table.rows:
        write_empty(sheet, FIRST, table.columns, formats)
    else:
        _write_rows(sheet, table, formats)
    end = FIRST + len(table.rows)
    if table.total:
        _total(sheet, end, table, formats)
        end += 1
    for text in table.below:
        _across(sheet, end, text, table.columns, formats)
        end += 1
    sheet.print_area(0, 0, end, last)
    sheet.freeze_panes(FIRST, table.frozen_columns)
    if table.rows:
        sheet.autofilter(_HEAD, 0, FIRST + len(table.rows) - 1, last)


def _across(sheet: Any, line: int, text: str, columns: Sequence[Column[Any]], formats: Formats) -> None:
    """A line of words over the columns, as high as it takes."""
    if len(columns) > 1:
        sheet.merge_range(line, 0, line, len(columns) - 1, text, formats.words)
    else:
        sheet.write_string(line, 0, text, formats.words)
    sheet.set_row(line, row_height([(text, sum(column.width for column in columns))]))


def _write_rows(sheet: Any, table: Table[Row], formats: Formats) -> None:
    for line, row in enumerate(table.rows, FIRST):
        values = [column.value(row) for column in table.columns]
        for place, (column, value) in enumerate(zip(table.columns, values, strict=True)):
            write_cell(sheet, line, place, value, column.kind, formats)
        wrapped = [
            (str(value or ""), column.width)
            for column, value in zip(table.columns, values, strict=True)
            if column.kind == "wrapped"
        ]
        sheet.set_row(line, row_height(wrapped))


def print_setup(sheet: Any, footer: str, *, repeated: int | None, paper: Paper) -> None:
    """Landscape, one page wide, the heading rows up to `repeated` on every page, its footer with page numbers."""
    sheet.set_paper(PAPERS[paper])
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.center_horizontally()
    sheet.set_footer(f"&L{footer.replace('&', '&&')}&R第 &P 页　共 &N 页")
    sheet.hide_gridlines(2)
    if repeated is not None:
        sheet.repeat_rows(0, repeated)


def write_cell(sheet: Any, row: int, place: int, value: Any, kind: Kind, formats: Formats) -> None:
    """A value as its kind shows it; nothing is taken for a formula."""
    cell = formats.cell[kind]
    if value is None or value == "":
        sheet.write_blank(row, place, None, cell)
    elif isinstance(value, date):
        if known_day(value):
            sheet.write_datetime(row, place, value, cell)
        else:
            sheet.write_string(row, place, str(value), cell)
    elif isinstance(value, Decimal | int | float):
        sheet.write_number(row, place, float(value), cell)
    else:
        sheet.write_string(row, place, str(value)[:LONGEST_TEXT], cell)


def write_empty(sheet: Any, line: int, columns: Sequence[Column[Any]], formats: Formats) -> None:
    """A line of empty cells that says how each column looks."""
    for place, column in enumerate(columns):
        write_cell(sheet, line, place, None, column.kind, formats)


def known_day(day: date) -> bool:
    """Whether Excel can count the day; another is told as a text."""
    return day.year >= _EARLIEST_YEAR


def codes_told(codes: Iterable[str]) -> str:
    """Codes one after the other with a blank between: not every program breaks a line after 、 and none may break a code."""
    return "、 ".join(codes)


def row_height(texts: Sequence[tuple[str, float]]) -> float:
    """The height of a row whose cells wrap: not every program reckons it when it opens the file."""
    lines = max((sum(_lines(part, width) for part in text.split("\n")) for text, width in texts), default=1)
    return min(lines * _LINE_HEIGHT + _PADDING, _HIGHEST)


def _total(sheet: Any, line: int, table: Table[Row], formats: Formats) -> None:
    label_end = next((i for i, column in enumerate(table.columns) if column.summed), len(table.columns)) - 1
    sheet.merge_range(line, 0, line, max(label_end, 1), table.total, formats.label)
    for place in range(label_end + 1, len(table.columns)):
        column = table.columns[place]
        if not column.summed:
            sheet.write_blank(line, place, None, formats.blank)
            continue
        name = xl_col_to_name(place)
        summed = f"=SUM(${name}${FIRST + 1}:${name}${FIRST + max(len(table.rows), 1)})"
        value = sum((Decimal(column.value(row) or 0) for row in table.rows), Decimal(0))
        shown = formats.total_whole if column.kind == "whole" else formats.total
        sheet.write_formula(line, place, summed, shown, float(value))


def _lines(text: str, width: float) -> int:
    return max(1, math.ceil(sum(map(_WIDTHS.__getitem__, text)) / (width - 1.5)))


class _Widths(dict[str, int]):
    """Sign → how wide it is, each looked up once: tables ask for millions."""

    def __missing__(self, mark: str) -> int:
        self[mark] = 2 if unicodedata.east_asian_width(mark) in "WF" else 1
        return self[mark]


_WIDTHS = _Widths()
