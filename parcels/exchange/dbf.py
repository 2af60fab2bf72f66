"""The text of a shapefile's table as the bytes that stand in it, a whole column at a time.

Refuses a table that isn't plain (rows marked as deleted, a header that doesn't add up): GDAL reads that one, cell by
cell, which for 100,000 parcels of ten columns takes half a second longer.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RAW = "ISO-8859-1"
"""One character a byte: text handed over so can be had back as bytes."""

MARK = "\x1f"  # behind each value: in no text, and never part of a character in the encodings at hand

_DESCRIPTION = 32  # bytes, of the table and of each of its columns
_END_OF_COLUMNS = 0x0D
_DELETED = ord("*")
_NOT_BLANK = 0xDF  # bits of which blank (0x20) and NUL, the two that cells are filled up with, have none


@dataclass(frozen=True, slots=True)
class RawColumn:
    """`joined`: the cells, each filled up with blanks and followed by a mark, `width` bytes together."""

    joined: bytes
    width: int

    def __len__(self) -> int:
        return len(self.joined) // self.width

    def decoded(self, codec: str) -> NDArray[np.object_] | None:
        """The texts, None for a blank one; None when they don't decode as one."""
        try:
            texts = self.joined.decode("ascii" if self.joined.isascii() else codec).split(MARK)
        except UnicodeError:
            return None
        if len(texts) != len(self) + 1:
            return None
        found = np.empty(len(self), dtype=object)
        found[:] = list(map(_trimmed, texts[:-1])) if b"\0" in self.joined else _stripped(texts[:-1])
        return found

    def cells(self) -> Iterator[str | None]:
        """The cells in `RAW`, None for a blank one, as far as they are asked for."""
        for start in range(0, len(self.joined), self.width):
            yield _trimmed(self.joined[start : start + self.width - 1].decode(RAW))


def text_columns(dbf: Path) -> dict[int, RawColumn]:
    """The table's text columns by their place in it; none at all from a table that GDAL had better read."""
    with dbf.open("rb") as table:
        description = table.read(_DESCRIPTION)
        rows, begin, length = struct.unpack("<IHH", description[4:12])
        columns = _columns(table.read(max(0, begin - _DESCRIPTION)))
    adds_up = sum(width for _, width in columns) + 1 == length and begin + rows * length <= dbf.stat().st_size
    if not (adds_up and rows):
        return {}
    records = np.memmap(dbf, dtype=np.uint8, mode="r", offset=begin, shape=(rows, length))
    if (records[:, 0] == _DELETED).any():
        return {}
    found, at = {}, 1
    for place, (kind, width) in enumerate(columns):
        if kind == b"C":
            found[place] = _raw_column(records[:, at : at + width])
        at += width
    return found


def _columns(descriptions: bytes) -> list[tuple[bytes, int]]:
    """Each column's kind and width."""
    columns = []
    for at in range(0, len(descriptions) - _DESCRIPTION + 1, _DESCRIPTION):
        if descriptions[at] == _END_OF_COLUMNS:
            break
        columns.append((descriptions[at + 11 : at + 12], descriptions[at + 16]))
    return columns


def _raw_column(cells: NDArray[np.uint8]) -> RawColumn:
    """Without the blanks that end every one of the cells."""
    cells = np.ascontiguousarray(cells)
    written = np.flatnonzero(np.bitwise_or.reduce(cells, axis=0) & _NOT_BLANK)
    width = int(written[-1]) + 2 if len(written) else 1
    joined = np.full((len(cells), width), ord(MARK), dtype=np.uint8)
    joined[:, :-1] = cells[:, : width - 1]
    return RawColumn(joined.tobytes(), width)


def _stripped(texts: list[str]) -> list[str | None]:
    return [text.strip(" ") or None for text in texts]


def _trimmed(text: str) -> str | None:
    """A NUL ends a text."""
    return text.partition("\0")[0].strip(" ") or None
