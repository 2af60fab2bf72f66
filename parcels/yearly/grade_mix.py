"""The classes of a result as table rows: firms by grade, and the same as a bar of pieces that fill its width.

Refuses to show benchmarks: of a small class they would tell a firm's figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

FILLS = 6  # colours of the bar; more grades than that share the last


@dataclass(frozen=True, slots=True)
class Piece:
    """A grade's part of the bar, in per cent of its width."""

    fill: int
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class ClassRow:
    """A class: how many firms have each grade, in the scheme's order."""

    name: str
    counts: tuple[int, ...]
    firms: int
    unscored: int
    pieces: tuple[Piece, ...]


def class_rows(document: Mapping[str, Any]) -> list[ClassRow]:
    """The classes of a result's document, and all of them together where there are several."""
    grades = document["grade_order"]
    rows = [
        _row(one["name"], [one["grades"][grade] for grade in grades], one["unscored"])
        for one in document["groups"]
    ]
    if len(rows) < 2:
        return rows
    counts = [sum(row.counts[n] for row in rows) for n in range(len(grades))]
    return [*rows, _row("合计", counts, sum(row.unscored for row in rows))]


def _row(name: str, counts: Sequence[int], unscored: int) -> ClassRow:
    firms = sum(counts)
    pieces, before = [], 0
    for n, count in enumerate(counts):
        if count:
            pieces.append(Piece(min(n, FILLS - 1), 100 * before / firms, 100 * count / firms))
        before += count
    return ClassRow(name, tuple(counts), firms, unscored, tuple(pieces))
