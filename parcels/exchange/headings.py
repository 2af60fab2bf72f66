"""Finding a table's heading row and what each heading means, below titles and notes and over one or two rows.

Refuses a heading it doesn't know: such a column is reported as ignored, never read as its nearest likeness.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from parcels.exchange.columns import DIMENSIONS, Column, Refused, TableSpec
from parcels.exchange.units import Dimension, Unit, split_suffix, unit_named, units_of_note

Cells = Sequence[Any]

LOOKED_AT = 30
LEAST_FIELDS = 2
LEAST_NUMBERED = 3

_BRACKETS = str.maketrans("[]{}【】〔〕<>", "()()()()()")
_DROPPED = re.compile(r"[\s*＊#]+")
_IN_BRACKETS = re.compile(r"\(([^()]*)\)")
_NOTE_ENDS = re.compile(r"[,;、]")
_STEMS = ("甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸")


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of the file that a field was found for; a lower `rank` is more trusted."""

    index: int
    text: str
    column: Column
    unit: Unit | None
    rank: int


@dataclass(frozen=True, slots=True)
class Header:
    """Where the headings stand (`first` and `rows` count from the sheet's top) and what they mean."""

    first: int
    rows: int
    headings: tuple[Heading, ...]
    texts: tuple[str, ...]
    refused: dict[str, str]
    note_units: dict[Dimension, Unit] = field(default_factory=dict)

    @property
    def score(self) -> int:
        return len({heading.column.field for heading in self.headings})

    @property
    def end(self) -> int:
        return self.first + self.rows


class Vocabulary:
    """The headings that a table's description knows, normalised once."""

    def __init__(self, spec: TableSpec, chosen: Mapping[str, str] | None = None) -> None:
        self._refused = [(re.compile(item.pattern), item) for item in spec.refused]
        self._known: dict[str, tuple[int, Column]] = {}
        for column in spec.columns:
            for rank, text in enumerate((*column.headings, column.title, column.field)):
                self._known.setdefault(_without_brackets(normalised(text)), (rank, column))
                self._known.setdefault(normalised(text), (rank, column))
        for text, name in (chosen or {}).items():
            self._known[normalised(text)] = (-1, spec.column(name))

    def refusal(self, heading: str) -> Refused | None:
        text = normalised(heading)
        if self._known.get(text, (0, None))[0] < 0:  # what a person chose wins
            return None
        return next((item for pattern, item in self._refused if pattern.search(text)), None)

    def find(self, index: int, heading: str) -> Heading | None:
        """The field of a heading: as written, without its brackets, without a unit at its end."""
        text = normalised(heading)
        if not text:
            return None
        bare = _without_brackets(text)
        notes = (note for inner in _IN_BRACKETS.findall(text) for note in _NOTE_ENDS.split(inner))
        unit = next(filter(None, map(unit_named, notes)), None)
        found = self._known.get(text) or self._known.get(bare)
        if found is None and (parts := split_suffix(bare)):
            found, unit = self._known.get(parts[0]), parts[1]
        if found is None:
            return None
        rank, column = found
        if unit and DIMENSIONS.get(column.kind) != unit.dimension:
            unit = None
        return Heading(index, heading, column, unit, rank)


def normalised(text: Any) -> str:
    """A heading without width, case, spaces, line breaks, required marks and kinds of brackets."""
    plain = unicodedata.normalize("NFKC", str(text)).lower().translate(_BRACKETS)
    return _DROPPED.sub("", plain).rstrip(":")


def find_header(rows: Sequence[Cells], vocabulary: Vocabulary) -> Header | None:
    """The best heading row, or pair of rows with merged headings, near the top; None when there is none."""
    candidates = [
        _header(rows, first, count, vocabulary)
        for count in (1, 2)
        for first in range(min(LOOKED_AT, len(rows)) - count + 1)
    ]
    best = max(candidates, key=lambda header: (header.score, -header.rows, -header.first), default=None)
    if best is None or best.score < LEAST_FIELDS:
        return None
    units: dict[Dimension, Unit] = {}
    for cell in (cell for row in rows[: best.first] for cell in row if isinstance(cell, str)):
        units |= units_of_note(normalised(cell).strip("()"))
    return Header(best.first, best.rows, best.headings, best.texts, best.refused, units)


def is_enumeration(row: Cells, header: Header) -> bool:
    """Whether a row numbers every column (1, 2, 3 … or 甲, 乙, 1 …), as printed forms do below their headings."""
    titled = [index for index, text in enumerate(header.texts) if text]
    cells = [_plain(row[index]) if index < len(row) else "" for index in titled]
    numbers = [cell.split("=")[0].strip("()") for cell in cells if cell not in _STEMS]
    stems = cells[: len(cells) - len(numbers)]
    in_order = stems == list(_STEMS[: len(stems)]) and numbers == [str(n + 1) for n in range(len(numbers))]
    return len(cells) >= LEAST_NUMBERED and in_order


def _plain(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return normalised(cell)


def _header(rows: Sequence[Cells], first: int, count: int, vocabulary: Vocabulary) -> Header:
    texts = _single(rows[first]) if count == 1 else _combined(rows[first], rows[first + 1], vocabulary)
    headings, refused = [], {}
    for index, text in enumerate(texts):
        if refusal := vocabulary.refusal(text):
            refused[text] = refusal.reason
        elif heading := vocabulary.find(index, text):
            headings.append(heading)
    return Header(first, count, tuple(headings), tuple(texts), refused)


def _single(row: Cells) -> list[str]:
    return [_one_line(cell) for cell in row]


def _combined(upper: Cells, lower: Cells, vocabulary: Vocabulary) -> list[str]:
    # A heading merged over several columns stands in the first of them only.
    width = max(len(upper), len(lower))
    above = _single(upper) + [""] * (width - len(upper))
    below = _single(lower) + [""] * (width - len(lower))
    texts, group = [], ""
    for over, under in zip(above, below, strict=True):
        group = over or (group if under else "")
        joined = f"{group}{under}" if under else over
        known = next(
            (t for t in (joined, under) if t and (vocabulary.find(0, t) or vocabulary.refusal(t))), None
        )
        texts.append(known or joined)
    return texts


def _one_line(cell: Any) -> str:
    return re.sub(r"\s+", " ", cell).strip() if isinstance(cell, str) else ("" if cell is None else str(cell))


def _without_brackets(text: str) -> str:
    return _IN_BRACKETS.sub("", text) or text
