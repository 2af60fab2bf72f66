"""A delivered table (XLSX, XLS, ODS, CSV) read against its description: typed rows, and issues.

Refuses to lose a row: each data row is accepted or rejected with its reason, and what was skipped is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from landgis.lib.errors import InputError
from landgis.lib.issues import Issue
from landgis.lib.repeats import Repeats, repeat_issues, repeats_of
from parcels.exchange.columns import BASE_UNITS, DIMENSIONS, Column, TableSpec
from parcels.exchange.headings import Header, Heading, Vocabulary, find_header, is_enumeration, normalised
from parcels.exchange.sheets import Grid, read_grids
from parcels.exchange.units import Unit
from parcels.exchange.values import Parser, Problem, parser_for

_TOTAL = re.compile(r"^(?:合计|总计|小计|累计|共计|本页小计|total|sum)(?:[:(（].*|\d.*)?$")
_FOOTER = re.compile(
    r"^(?:填表人|制表人?|审核人?|复核人?|负责人|联系电话|填报单位|填报日期|制表日期|打印日期|注[:：\d]|备注[:：]|说明[:：])"
)
_SUSPECT = frozenset("合总小累共本tTsS填制审复负联打注备说")
_BLANK_CELLS = ("", None)


@dataclass(slots=True)
class TableResult:
    """What a file says. `rows` are the accepted ones; `row_numbers[i]` is the data row of `rows[i]`.

    `copies`: a row that says what an earlier one says → that one; it is accepted with it, and stands in it.
    """

    spec: TableSpec
    rows: list[dict[str, Any]] = field(default_factory=list)
    row_numbers: list[int] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    copies: dict[int, int] = field(default_factory=dict)
    total: int = 0
    issues: list[Issue] = field(default_factory=list)
    mapping: dict[str, str] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    encoding: str = ""
    sheet: str = ""
    header_row: int = 0

    @property
    def accepted(self) -> int:
        return len(self.rows) + len(self.copies)

    @property
    def rejected(self) -> int:
        return self.total - self.accepted


def read_table(
    path: Path,
    spec: TableSpec,
    *,
    encoding: str = "",
    sheet: str = "",
    mapping: Mapping[str, str] | None = None,
) -> TableResult:
    """Read `path` as the table `spec`; `mapping` (heading → field) goes before what a heading says itself.

    Raises InputError when there is no table to speak of: unreadable, no encoding fits, no heading row.
    """
    vocabulary = Vocabulary(spec, mapping)
    grid, header, others = _best_grid(read_grids(path, encoding, sheet), spec, vocabulary)
    if grid.problem:
        raise grid.problem
    body = _Body(grid, header, spec)
    result = TableResult(
        spec,
        total=len(body.indices),
        encoding=grid.encoding,
        sheet=grid.name,
        header_row=grid.lines[header.end - 1],
        mapping={heading.text: heading.column.field for heading in header.headings},
        ignored=list(body.ignored()),
    )
    result.issues += _notes(header, spec, others)
    result.issues += body.skipped
    missing = list(_missing_columns(header, spec))
    if missing:
        result.issues += missing
        return result
    columns, problems = body.parse()
    problems += _unfilled(columns, spec, body, {(issue.row, issue.field) for issue in problems})
    problems += body.shifted()
    rejected = {issue.row for issue in problems if issue.severity == "error"}
    kept = [position for position in range(len(body.indices)) if position + 1 not in rejected]
    names = [column.field for column in spec.columns]
    values = [columns[name] for name in names]
    rows = [
        dict(zip(names, row, strict=True))
        for row in zip(*([v[i] for i in kept] for v in values), strict=True)
    ]
    repeats, told = _repeats(
        {position + 1: row for position, row in zip(kept, rows, strict=True)}, spec, body
    )
    once = [at for at, position in enumerate(kept) if position + 1 not in repeats.left_out]
    result.rows = [rows[at] for at in once]
    result.row_numbers = [kept[at] + 1 for at in once]
    result.lines = [grid.lines[body.indices[kept[at]]] for at in once]
    result.copies = repeats.copies
    result.issues += sorted(problems + told, key=lambda issue: issue.row)
    return result


class _Body:
    """The data rows below a header: which rows are data, and their cells column by column."""

    def __init__(self, grid: Grid, header: Header, spec: TableSpec) -> None:
        self.grid, self.header, self.spec = grid, header, spec
        self.skipped: list[Issue] = []
        self.indices = list(self._data_rows())
        self._by_field: dict[str, list[Heading]] = {}
        for heading in sorted(header.headings, key=lambda item: (item.rank, item.index)):
            self._by_field.setdefault(heading.column.field, []).append(heading)

    def cells(self, index: int) -> list[Any]:
        """A column's raw cells, top to bottom."""
        rows = self.grid.rows
        return [row[index] if index < len(row) else "" for row in map(rows.__getitem__, self.indices)]

    def parse(self) -> tuple[dict[str, list[Any]], list[Issue]]:
        """Every field's typed values, and the problems of the cells."""
        columns: dict[str, list[Any]] = {}
        problems: list[Issue] = []
        for column in self.spec.columns:
            sources = self._by_field.get(column.field)
            if not sources:
                columns[column.field] = [column.blank] * len(self.indices)
                continue
            values, found = self._parsed(sources[0])
            for heading in sources[1:]:
                more, others = self._parsed(heading)
                found += others + list(self._disagreeing(column, sources[0], values, heading, more))
                values = [b if a == column.blank else a for a, b in zip(values, more, strict=True)]
            columns[column.field] = values
            problems += found
        return columns, problems

    def issue(self, position: int, code: str, field_name: str, words: str, severity: str = "error") -> Issue:
        message = f"{self.named(position)}{words}"
        return Issue(position + 1, code, field_name, message, "warning" if severity == "warning" else "error")

    def named(self, position: int) -> str:
        return f"第 {position + 1} 行（文件第 {self.grid.lines[self.indices[position]]} 行）"

    def ignored(self) -> Iterator[str]:
        """Headings that no field was found for, and columns with values but no heading."""
        used = {heading.index for heading in self.header.headings}
        width = max((len(self.grid.rows[index]) for index in self.indices), default=0)
        for index in range(max(width, len(self.header.texts))):
            text = self.header.texts[index] if index < len(self.header.texts) else ""
            if index in used:
                continue
            if text:
                yield text
            elif any(cell not in _BLANK_CELLS for cell in self.cells(index)):
                yield f"（第 {index + 1} 列，无表头）"

    def shifted(self) -> Iterator[Issue]:
        """Text rows longer than the heading row: an unquoted delimiter has moved the cells behind it."""
        width = len(self.header.texts)
        for position, index in enumerate(self.indices if self.grid.is_text else ()):
            if any(cell.strip() for cell in self.grid.rows[index][width:]):
                words = "的单元格比表头多，可能有未加引号的分隔符。请加引号或改存 .xlsx。"
                yield self.issue(position, "row_too_long", "", words)

    def _data_rows(self) -> Iterator[int]:
        start = self.header.end
        rows = self.grid.rows
        if start < len(rows) and is_enumeration(rows[start], self.header):
            self.skipped.append(self._skipped(start, "列号行", ""))
            start += 1
        names = {name for key in self.spec.keys for name in key}
        keyed = {
            h.index
            for h in self.header.headings
            if h.column.field in names and h.column.default is None and h.column.kind != "area"
        }  # a line of sums has an area too
        for index in range(start, len(rows)):
            label = _label(rows[index])
            if label is None:
                continue
            reason = _not_data(rows[index], label, keyed)
            if reason:
                self.skipped.append(self._skipped(index, reason, f"（{label[:20]}）"))
            else:
                yield index

    def _skipped(self, index: int, reason: str, label: str) -> Issue:
        message = f"文件第 {self.grid.lines[index]} 行是{reason}{label}，未作为数据。"
        return Issue(0, "summary_row_skipped", "", message, "warning")

    def _parsed(self, heading: Heading) -> tuple[list[Any], list[Issue]]:
        column = heading.column
        parse = parser_for(column, heading.unit or self._noted_unit(column))
        cells = self.cells(heading.index)
        read = _read_once(cells, parse) or [parse(raw) for raw in cells]
        issues = []
        for position in [i for i, value in enumerate(read) if value.__class__ is Problem]:
            problem, shown = read[position], str(cells[position]).strip()[:40]
            words = f"“{heading.text}”的值“{shown}”{problem.why}。{problem.remedy}。"
            issues.append(self.issue(position, problem.code, column.field, words, problem.severity))
            read[position] = column.blank if problem.value is None else problem.value
        return read, issues

    def _noted_unit(self, column: Column) -> Unit | None:
        dimension = DIMENSIONS.get(column.kind)
        return self.header.note_units.get(dimension) if dimension else None

    def _disagreeing(
        self, column: Column, one: Heading, values: Sequence[Any], other: Heading, more: Sequence[Any]
    ) -> Iterator[Issue]:
        if column.kind == "text":  # two places or two names may well be worded differently
            return
        for position, (a, b) in enumerate(zip(values, more, strict=True)):
            if a != b and column.blank not in (a, b):
                words = f"“{one.text}”与“{other.text}”的值不同，已用前者。请核对。"
                yield self.issue(position, "columns_disagree", column.field, words, "warning")


def _best_grid(grids: list[Grid], spec: TableSpec, vocabulary: Vocabulary) -> tuple[Grid, Header, list[str]]:
    found = [(grid, header) for grid in grids if (header := find_header(grid.rows, vocabulary))]
    if not found:
        broken = next((grid.problem for grid in grids if grid.problem), None)
        if broken:
            raise broken
        expected = "、".join(column.headings[0] for column in spec.columns)
        raise InputError("header_not_found", f"没有找到“{spec.title}”的表头。", f"表头应含：{expected}。")
    grid, header = max(found, key=lambda pair: pair[1].score)
    others = [g.name for g, h in found if g is not grid and h.score == header.score and not g.is_text]
    return grid, header, others


def _notes(header: Header, spec: TableSpec, other_sheets: list[str]) -> Iterator[Issue]:
    for text, reason in header.refused.items():
        yield Issue(0, "heading_refused", "", f"列“{text}”未采用：{reason}。", "warning")
    for heading in header.headings:
        dimension = DIMENSIONS.get(heading.column.kind)
        if (
            not dimension
            or heading.unit
            or dimension in header.note_units
            or dimension in ("persons", "share")
        ):
            continue
        words = f"列“{heading.text}”未注明单位，按{BASE_UNITS[dimension]}读取。单位不同的请在表头注明。"
        yield Issue(0, "unit_assumed", heading.column.field, words, "warning")
    for name in other_sheets:
        words = f"工作表“{name}”也像“{spec.title}”，本次未读取。需要的请另行指定工作表导入。"
        yield Issue(0, "sheet_not_read", "", words, "warning")


def _missing_columns(header: Header, spec: TableSpec) -> Iterator[Issue]:
    found = {heading.column.field for heading in header.headings}
    for column in spec.columns:
        if column.required and column.field not in found:
            words = f"缺少列“{column.title}”，全部行未采用。请补上该列，表头写作“{column.headings[0]}”。"
            yield Issue(0, "column_missing", column.field, words)
    for group in spec.any_of:
        if not found.intersection(group):
            words = f"缺少列“{spec.titles(group)}”（至少一列），全部行未采用。请补上。"
            yield Issue(0, "column_missing", group[0], words)


def _unfilled(
    columns: dict[str, list[Any]], spec: TableSpec, body: _Body, told: set[tuple[int, str]]
) -> Iterator[Issue]:
    """Rows without what they need; a cell that already has a problem isn't called blank as well."""
    needed = [(column.field,) for column in spec.columns if column.required] + list(spec.any_of)
    for group in needed:
        title = spec.titles(group)
        words = f"“{title}”都是空的。请至少补填一项。" if len(group) > 1 else f"没有“{title}”。请补填。"
        blanks = [spec.column(name).blank for name in group]
        for position, values in enumerate(zip(*(columns[name] for name in group), strict=True)):
            if list(values) == blanks and not any((position + 1, name) in told for name in group):
                yield body.issue(position, "value_missing", group[0], words)


def _repeats(rows: dict[int, dict[str, Any]], spec: TableSpec, body: _Body) -> tuple[Repeats, list[Issue]]:
    """What rows of one key repeat of each other, and how it is told."""

    # Rows that name one thing by different numbers are told apart or together by whoever knows the register.
    names = dict.fromkeys(key[0] for key in spec.keys if spec.column(key[0]).kind == "code")

    def key_of(row: dict[str, Any]) -> tuple[str, ...]:
        return next((key for key in spec.keys if row[key[0]] not in _BLANK_CELLS), ())

    def identity(row: dict[str, Any]) -> tuple[Any, ...] | None:
        key = key_of(row)
        return (key, *(row[name] for name in [*key, *names])) if key else None

    def same(number: int) -> tuple[str, str]:
        key = key_of(rows[number])
        return f"的“{spec.titles(key)}”相同", key[0]

    found = repeats_of((number, identity(row), row) for number, row in rows.items())
    titles = {column.field: column.title for column in spec.columns}
    return found, repeat_issues(
        found, rows, same=same, titles=titles, named=lambda number: body.named(number - 1)
    )


def _label(row: Sequence[Any]) -> str | None:
    """A row's first words, "" where it has figures only, None where it is blank."""
    filled = False
    for cell in row:
        if isinstance(cell, str):
            if text := cell.strip():
                return text
        elif cell is not None:
            filled = True
    return "" if filled else None


def _not_data(row: Sequence[Any], label: str, keyed: set[int]) -> str:
    """Why a filled row isn't data: a sum, or a note or signature below the table, whose keys are blank."""
    if label[:1] not in _SUSPECT:
        return ""
    keys = [str(row[index]).strip() for index in keyed if index < len(row) and row[index] not in _BLANK_CELLS]
    if any(key not in ("", label) for key in keys):
        return ""
    text = normalised(label)
    return "合计行" if _TOTAL.match(text) else "表尾说明" if _FOOTER.match(text) else ""


def _read_once(cells: list[Any], parse: Parser) -> list[Any]:
    """Each different cell read once; nothing where True occurs, which is one dictionary key with 1."""
    if bool in set(map(type, cells)):
        return []
    known = {raw: parse(raw) for raw in set(cells)}
    return [known[raw] for raw in cells]
