"""A workbook in pieces says what the same workbook in one says, and nothing in a cell breaks it."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from landgis.lib.sheet_stream import CHUNK, streamed
from landgis.lib.sheets import Column, Numbered, Table, workbook_of

COLUMNS: tuple[Column[tuple[int, tuple[Any, ...]]], ...] = (
    Column("序号", 5, "whole", lambda row: row[0]),
    Column("名称", 20, "wrapped", lambda row: row[1][0]),
    Column("编号", 20, "code", lambda row: row[1][1]),
    Column("日期", 12, "date", lambda row: row[1][2]),
    Column("面积", 12, "figure", lambda row: row[1][3], summed=True),
)
ROWS: list[tuple[Any, ...]] = [
    ("示意公司", "330782001001GB00002", date(2024, 2, 29), Decimal("12.3456")),
    ("=1+1", "007", date(1901, 1, 1), 0),
    ("甲 & 乙 <丙>\n第二行 ", "", None, None),
    ("响铃\x07和_x0041_", "@x", date(1899, 1, 1), -1.5),
    ("字" * 40_000, "1e5", date(9999, 12, 31), Decimal("1E+3")),
]


def table(rows: list[tuple[Any, ...]], total: str = "合计") -> Table[Any]:
    return Table(
        title="清单", note="说明", unit="单位", footer="脚", columns=COLUMNS, rows=Numbered(rows), total=total,
        below=("签字",), frozen_columns=2,
    )  # fmt: skip


def read(content: bytes) -> dict[str, Any]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def test_the_pieces_say_what_the_whole_says() -> None:
    tables = {"清单": table(ROWS), "空表": table([]), "再一张": table(ROWS[:1], total="")}
    content = b"".join(streamed(tables))
    assert read(content) == read(workbook_of(tables))
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None


def test_heights_filters_frozen_panes_and_totals_stand_where_they_do_in_the_whole() -> None:
    tables = {"清单": table(ROWS)}
    whole, pieces = (_sheet(content) for content in (workbook_of(tables), b"".join(streamed(tables))))
    for name in ("autoFilter", "mergeCells", "sheetViews", "cols", "dimension", "pageSetup"):
        assert [ElementTree.tostring(x) for x in whole.iter(_named(name))] == [
            ElementTree.tostring(x) for x in pieces.iter(_named(name))
        ], name
    rows = [
        [(row.get("r"), float(row.get("ht", 0))) for row in sheet.iter(_named("row"))]
        for sheet in (whole, pieces)
    ]
    assert rows[0] == rows[1]
    styles = [
        [(cell.get("r"), cell.get("s")) for cell in sheet.iter(_named("c"))] for sheet in (whole, pieces)
    ]
    assert styles[0] == styles[1]
    assert [x.text for x in whole.iter(_named("f"))] == [x.text for x in pieces.iter(_named("f"))]


def test_a_long_list_leaves_before_it_is_finished() -> None:
    asked: list[int] = []

    class Rows(list[tuple[Any, ...]]):
        def __iter__(self) -> Any:
            for number in range(len(self)):
                asked.append(number)
                yield self[number]

    # Every text is another one, or the archive would make a few bytes of all of them.
    rows = Rows([(f"{n * 7919 % 99991}公司{n * n}", str(n), None, n) for n in range(30_000)])
    pieces = streamed({"清单": table(rows, total="")})
    first = next(pieces)
    assert len(first) < 2 * CHUNK
    assert len(asked) < len(rows)
    assert len(read(first + b"".join(pieces))["清单"]) == 3 + len(rows) + 1


@given(st.text(max_size=60))
def test_any_text_comes_back_as_it_was(text: str) -> None:
    """Excel's own way of telling what XML can't hold is read back by Excel; here the file has to be sound."""
    content = b"".join(streamed({"清单": table([(text, "", None, None)], total="")}))
    (cell,) = [c for c in _sheet(content).iter(_named("c")) if c.get("r") == "B4"]
    told = "".join(cell.itertext())
    if text.isprintable() and "_x" not in text:
        assert told == text


def _sheet(content: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml"))


def _named(name: str) -> str:
    return f"{{http://schemas.openxmlformats.org/spreadsheetml/2006/main}}{name}"
