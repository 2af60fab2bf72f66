"""Rows of one delivery that speak of the same thing: a copy is taken once, and of those that differ none.

Refuses to choose: which of two rows is right, only whoever delivered them can say. Rows that agree but for the piece of ground
that each is of don't contradict each other: the first is taken and the others are told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from landgis.lib.issues import Issue

DIFFERS, COPY = "duplicate_in_file", "repeated_in_file"
_MOST_TOLD = 4
_BLANK: tuple[Any, ...] = (None, "", {})

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Pieces:
    """What may differ between rows that are each of another piece of one thing: `piece` itself does, `others` may."""

    piece: str
    others: frozenset[str]
    remedy: str


@dataclass(frozen=True, slots=True)
class Differing:
    """A row, another one that speaks of the same thing, and the fields in which they differ."""

    row: int
    other: int
    fields: tuple[str, ...]


@dataclass(slots=True)
class Repeats:
    """`copies`: a row → the earlier one that says the same; `differing`: every row that another one contradicts; `pieces`:
    a row that is of another piece of what an earlier one is of."""

    copies: dict[int, int] = field(default_factory=dict)
    differing: list[Differing] = field(default_factory=list)
    pieces: list[Differing] = field(default_factory=list)

    @property
    def left_out(self) -> set[int]:
        return {*self.copies, *(one.row for one in [*self.differing, *self.pieces])}


def repeats_of(
    rows: Iterable[tuple[int, Hashable, Row]], *, but: Iterable[str] = (), pieces: Pieces | None = None
) -> Repeats:
    """What rows with their numbers and keys repeat of each other, `but` some fields aside; None is no key."""
    told, found, beside = defaultdict[Hashable, list[tuple[int, Row]]](list), Repeats(), frozenset(but)
    for number, key, row in rows:
        if key is not None:
            told[key].append((number, row))
    for same in told.values():
        if len(same) < 2:
            continue
        (first, as_first), *others = same
        off = {number: _differing(as_first, row, beside) for number, row in others}
        against = next((number for number, fields in off.items() if fields), None)
        if pieces is not None and all(
            _is_another(pieces, as_first, row, off[number]) for number, row in others if off[number]
        ):
            found.pieces += [Differing(number, first, fields) for number, fields in off.items() if fields]
            found.copies |= {number: first for number, fields in off.items() if not fields}
            continue
        if against is None:
            found.copies |= dict.fromkeys(off, first)
            continue
        found.differing.append(Differing(first, against, off[against]))
        # A copy of the first row is contradicted by what contradicts the first.
        found.differing += [
            Differing(number, first if fields else against, fields or off[against])
            for number, fields in off.items()
        ]
    return found


def repeat_issues(
    found: Repeats,
    rows: Mapping[int, Row],
    *,
    same: Callable[[int], tuple[str, str]],
    titles: Mapping[str, str],
    named: Callable[[int], str] = "第 {} 行".format,
    pieces: Pieces | None = None,
) -> list[Issue]:
    """An issue for each row that is left out, with the other row and what differs; `same`: what makes a row one with others
    ("的“年度”相同"), and the field that it is of."""
    issues = [
        Issue(
            copy, COPY, same(copy)[1], f"{named(copy)}与{named(first)}说的完全一样，只采用一次。", "warning"
        )
        for copy, first in found.copies.items()
    ]
    told = [(one, "两行都未采用。请核实后只留正确的一行。") for one in found.differing]
    told += [(one, f"已采用那一行，本行未采用。{pieces.remedy if pieces else ''}") for one in found.pieces]
    for one, outcome in told:
        mine, others = rows[one.row], rows[one.other]
        fields = "、".join(
            f"{titles.get(name, name)}（本行{_shown(mine.get(name))}，那一行{_shown(others.get(name))}）"
            for name in one.fields[:_MOST_TOLD]
        )
        more = f"等 {len(one.fields)} 项" if len(one.fields) > _MOST_TOLD else ""
        what, at = same(one.row)
        words = f"{named(one.row)}与{named(one.other)}{what}，但{fields}{more}不同，{outcome}"
        issues.append(Issue(one.row, DIFFERS, at, words))
    return sorted(issues, key=lambda issue: issue.row)


def _differing(one: Row, other: Row, but: frozenset[str]) -> tuple[str, ...]:
    names = dict.fromkeys([*one, *other])
    return tuple(
        name for name in names if name not in but and _plain(one.get(name)) != _plain(other.get(name))
    )


def _is_another(pieces: Pieces, one: Row, other: Row, fields: tuple[str, ...]) -> bool:
    named = one.get(pieces.piece) not in _BLANK and other.get(pieces.piece) not in _BLANK
    return named and pieces.piece in fields and set(fields) <= {pieces.piece, *pieces.others}


def _plain(value: Any) -> Any:
    return None if value in _BLANK else value


def _shown(value: Any) -> str:
    if value in _BLANK:
        return "为空"
    if isinstance(value, bool):
        return "为“是”" if value else "为“否”"
    if isinstance(value, Decimal):
        return f" {value:,f}"
    return f" {value}" if isinstance(value, int | date) else f"“{str(value)[:30]}”"
