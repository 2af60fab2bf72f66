"""Workbooks of many rows, handed on while they are written: xlsxwriter makes the frame, the rows are put into it one by one.

Refuses to hold the rows as cells: a county has a hundred thousand of them, all in memory before the first would leave.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, cast

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from landgis.lib.sheets import (
    FIRST,
    LONGEST_TEXT,
    Column,
    Formats,
    Row,
    Table,
    known_day,
    row_height,
    write_table,
)

OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
CHUNK = 256 * 1024
_COMPRESSION = 3  # half the time of the usual one, for a tenth more bytes
_BEFORE_ANY_DAY = date(1899, 12, 30)
_SECONDS_A_DAY = 86_400
_PIXEL = 0.75  # of a point; Excel knows no other heights
_SHEET = "xl/worksheets/sheet{}.xml"
_STYLE = re.compile(rb'<c r="[A-Z]+\d+" s="(\d+)"')
_MARKUP = re.compile(r"[&<>]")
_MARKUP_AS = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
# What XML can't hold, and what reads like the way in which a workbook tells of it.
_UNTOLD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


@dataclass(frozen=True, slots=True)
class Filled(Generic[Row]):
    """What goes into a sheet's frame from the line `first` on (counted from 0), where the frame has one line of empty cells."""

    first: int
    columns: Iterable[Column[Row]]
    rows: Iterable[Row]


def streamed(tables: Mapping[str, Table[Any]]) -> Iterator[bytes]:
    """The workbook of `workbook_of`, in pieces."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, OPTIONS) as book:
        formats = Formats(book)
        for name, table in tables.items():
            write_table(book.add_worksheet(name), table, formats, frame_only=True)
    filled = {
        number: Filled(FIRST, table.columns, table.rows)
        for number, table in enumerate(tables.values(), 1)
        if table.rows
    }
    return spliced(content.getvalue(), filled)


def spliced(frame: bytes, filled: Mapping[int, Filled[Any]]) -> Iterator[bytes]:
    """The frame with the rows in it: `filled` by the number of the sheet, from 1."""
    sent = _Sent()
    bodies = {_SHEET.format(number): body for number, body in filled.items()}
    with (
        zipfile.ZipFile(io.BytesIO(frame)) as source,
        zipfile.ZipFile(cast(Any, sent), "w", zipfile.ZIP_DEFLATED, compresslevel=_COMPRESSION) as target,
    ):
        for part in source.infolist():
            content = source.read(part)
            with target.open(part.filename, "w") as out:
                for piece in (
                    _with_rows(content, bodies[part.filename]) if part.filename in bodies else [content]
                ):
                    out.write(piece)
                    if sent.size > CHUNK:
                        yield sent.taken()
    yield sent.taken()


class _Sent(io.RawIOBase):
    """Where the archive is written to: what has come is taken away, so it can't be gone back in."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self._pieces.append(bytes(piece))
        self.size += len(piece)
        return len(piece)

    def taken(self) -> bytes:
        found, self._pieces, self.size = b"".join(self._pieces), [], 0
        return found


def _with_rows(sheet: bytes, body: Filled[Any]) -> Iterator[bytes]:
    """The sheet's text with the rows in the place of the frame's empty line."""
    begins = sheet.index(b'<row r="%d"' % (body.first + 1))
    ends = sheet.index(b"</row>", begins) + len(b"</row>")
    styles = [int(style) for style in _STYLE.findall(sheet[begins:ends])]
    columns = list(body.columns)
    cells = [
        _cell(column, place, style) for place, (column, style) in enumerate(zip(columns, styles, strict=True))
    ]
    values = [column.value for column in columns]
    wraps = [(place, column.width) for place, column in enumerate(columns) if column.kind == "wrapped"]
    yield sheet[:begins]
    for line, row in enumerate(body.rows, body.first + 1):
        stated = [value(row) for value in values]
        height = (
            round(row_height([(str(stated[place] or ""), width) for place, width in wraps]) / _PIXEL) * _PIXEL
        )
        told = "".join([cell(line, value) for cell, value in zip(cells, stated, strict=True)])
        yield f'<row r="{line}" ht="{height:g}" customHeight="1">{told}</row>'.encode()
    yield sheet[ends:]


def _cell(column: Column[Any], place: int, style: int) -> Callable[[int, Any], str]:
    """How a column's values are written; like `write_cell`, nothing is taken for a formula."""
    begin = f'<c r="{xl_col_to_name(place)}'
    empty, number, text = (
        f'" s="{style}"/>',
        f'" s="{style}"><v>',
        f'" s="{style}" t="inlineStr"><is><t xml:space="preserve">',
    )

    def told(line: int, value: Any) -> str:
        if value is None or value == "":
            return f"{begin}{line}{empty}"
        if isinstance(value, date) and known_day(value):
            return f"{begin}{line}{number}{_serial(value)}</v></c>"
        if isinstance(value, Decimal | int | float):
            return f"{begin}{line}{number}{float(value)!r}</v></c>"
        return f"{begin}{line}{text}{_escaped(str(value)[:LONGEST_TEXT])}</t></is></c>"

    return told


def _serial(day: date) -> str:
    """Excel's number of a day."""
    whole = date(day.year, day.month, day.day) - _BEFORE_ANY_DAY
    if isinstance(day, datetime):
        part = (day.hour * 60 + day.minute) * 60 + day.second
        return repr(whole.days + part / _SECONDS_A_DAY)
    return str(whole.days)


def _escaped(text: str) -> str:
    if _UNTOLD.search(text):
        text = _UNTOLD.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    return _MARKUP.sub(lambda found: _MARKUP_AS[found[0]], text) if _MARKUP.search(text) else text
