"""A delivered table file as grids of raw cells: XLSX, XLS, ODS by content, else UTF-8, UTF-16 or GB18030.

Refuses a text whose encoding or quoting isn't certain: a lost quote would swallow rows without a trace.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import python_calamine

from landgis.lib.errors import InputError

DELIMITERS = ",;\t|"
_WORKBOOK_MAGIC = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_FIELD_LIMIT = 1 << 20


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet, or one way of cutting a text into cells; `lines` are the file's own line numbers.

    `problem` says why cutting stopped early: fatal only if this turns out to be the table.
    """

    name: str
    rows: list[list[Any]]
    lines: list[int]
    encoding: str
    is_text: bool
    problem: InputError | None = None


def read_grids(path: Path, encoding: str = "", sheet: str = "") -> list[Grid]:
    """Every visible sheet of a workbook, or a text cut at each delimiter that occurs in it."""
    try:
        raw = path.read_bytes()
    except OSError:
        raise InputError("file_unreadable", f"文件 {path.name} 无法读取。", "请检查路径和权限。") from None
    if not raw.strip():
        raise InputError("file_empty", f"文件 {path.name} 是空的。", "请重新导出后再试。")
    if raw.startswith(_WORKBOOK_MAGIC):
        return _workbook(path, raw, sheet)
    return list(_texts(path, raw, encoding))


def _workbook(path: Path, raw: bytes, sheet: str) -> list[Grid]:
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
        visible = python_calamine.SheetVisibleEnum.Visible
        names = [item.name for item in book.sheets_metadata if item.visible is visible]
        if sheet and sheet not in book.sheet_names:
            known = "、".join(book.sheet_names)
            raise InputError("sheet_missing", f"没有名为“{sheet}”的工作表。", f"文件中有：{known}。")
        grids = []
        for name in [sheet] if sheet else names:
            rows: list[list[Any]] = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            grids.append(Grid(name, rows, list(range(1, len(rows) + 1)), "", False))
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        message = f"文件 {path.name} 不是可读的电子表格（{error}）。"
        raise InputError("file_unreadable", message, "有密码的请先取消密码，并另存为 .xlsx。") from None
    return grids


def _texts(path: Path, raw: bytes, encoding: str) -> Iterator[Grid]:
    text, encoding = _decoded(path, raw, encoding)
    if "<table" in text[:20000].lower() or text.lstrip()[:9].lower().startswith(("<html", "<!doctype")):
        message = f"文件 {path.name} 是网页，不是电子表格。"
        raise InputError("file_is_html", message, "请用 WPS 或 Excel 打开后另存为 .xlsx。")
    if "\0" in text:
        raise InputError("file_unreadable", f"文件 {path.name} 不是文本文件。", "请另存为 .xlsx 或 CSV。")
    head = "\n".join(text.split("\n", 40)[:40])
    csv.field_size_limit(_FIELD_LIMIT)
    for delimiter in [mark for mark in DELIMITERS if mark in head] or [","]:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        rows: list[list[Any]] = []
        lines: list[int] = []
        line, problem = 1, None
        try:
            for row in reader:
                rows.append(row)
                lines.append(line)
                line = reader.line_num + 1
        except csv.Error as error:
            problem = InputError(
                "csv_malformed",
                f"文件第 {line} 行起的引号不成对（{error}）。",
                "请补齐或删去引号，或另存为 .xlsx。",
            )
        yield Grid("", rows, lines, encoding, True, problem)


def _decoded(path: Path, raw: bytes, encoding: str) -> tuple[str, str]:
    """The text and its encoding. GB18030 comes last: it decodes much that was never written in it."""
    marked = next((name for bom, name in _BOMS if raw.startswith(bom)), "")
    for name in [encoding] if encoding else [marked] if marked else ["utf-8", "gb18030"]:
        try:
            return raw.decode(name), name
        except UnicodeDecodeError:
            continue
        except LookupError:
            raise InputError(
                "encoding_unknown", f"没有名为 {encoding} 的编码。", "常用：utf-8、gb18030。"
            ) from None
    raise InputError(
        "encoding_unknown",
        f"文件 {path.name} 的文字不是 {encoding or marked or 'UTF-8，也不是 GB18030（GBK）'}。",
        "请用 --encoding 指明编码，或另存为 .xlsx。",
    )
