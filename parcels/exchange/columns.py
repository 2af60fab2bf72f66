"""How a delivered table is described: its columns, their headings, and what makes a row one row.

Refuses nothing itself: readers hold a file against these descriptions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from parcels.exchange.units import Dimension

Kind = Literal[
    "text", "code", "uscc", "date", "decimal", "area", "money", "energy", "mass", "persons", "share",
    "electricity", "volume", "year", "month", "phase", "flag", "choice",
]  # fmt: skip

DIMENSIONS: dict[Kind, Dimension] = {
    "area": "area",
    "money": "money",
    "energy": "energy",
    "mass": "mass",
    "persons": "persons",
    "share": "share",
    "electricity": "electricity",
    "volume": "volume",
}
BASE_UNITS: dict[Dimension, str] = {
    "area": "平方米",
    "money": "万元",
    "energy": "吨标准煤",
    "mass": "吨",
    "persons": "人",
    "share": "%",
    "electricity": "千瓦时",
    "volume": "立方米",
}
TEXTUAL: frozenset[Kind] = frozenset({"text", "code", "uscc", "choice"})


@dataclass(frozen=True, slots=True)
class Column:
    """One field of a table. `headings` are in order of trust: if two columns claim the field, the first wins.

    A figure's `kind` is its dimension; it is delivered in the unit of its heading and kept in the base unit.
    """

    field: str
    title: str
    kind: Kind
    headings: tuple[str, ...]
    required: bool = False
    default: Any = None
    minimum: Decimal | None = None
    positive: bool = False
    maximum: Decimal = Decimal(10) ** 12
    choices: Mapping[str, str] | None = None
    blank_words: tuple[str, ...] = ()

    @property
    def blank(self) -> Any:
        """What a missing or blank cell becomes; a figure or date is None, which is never zero."""
        return "" if self.default is None and self.kind in TEXTUAL else self.default


@dataclass(frozen=True, slots=True)
class Refused:
    """A heading like a column's that means something else or can't be told: left aside, with the reason."""

    pattern: str
    reason: str


@dataclass(frozen=True, slots=True)
class TableSpec:
    """A table that officers deliver.

    `keys` are alternatives: the first whose leading field is filled identifies the row within the file.
    `any_of` are groups of columns of which a row needs at least one.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    keys: tuple[tuple[str, ...], ...]
    any_of: tuple[tuple[str, ...], ...] = ()
    refused: tuple[Refused, ...] = ()

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.field == name)

    def titles(self, fields: tuple[str, ...]) -> str:
        return "、".join(self.column(name).title for name in fields)
