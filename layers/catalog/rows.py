"""The rows of a collection for one asker: FROM, joins, territory, day and filter put together as SQL.

Refuses rows outside the actor's county and towns, and rows that weren't in force on the day.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.utils import timezone

from landgis.access.queries import Actor, territory_sql
from layers.catalog.clearance import Clearance, Column, clearance_of, columns
from layers.catalog.collection import Collection


@dataclass(slots=True)
class Condition:
    """An SQL condition, the values bound to it and the properties it reads."""

    sql: str
    values: dict[str, Any] = field(default_factory=dict)
    columns: tuple[Column, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """Who asks for which rows, as of which day; `year` None = the newest year that figures were computed for."""

    collection: Collection
    actor: Actor
    on: date
    year: int | None = None
    clearance: Clearance | None = None
    conditions: tuple[Condition, ...] = ()

    @property
    def cleared(self) -> Clearance:
        return self.clearance or clearance_of(self.actor)

    @property
    def columns(self) -> tuple[Column, ...]:
        """The properties that the asker may see, as they may see them."""
        return columns(self.collection, self.cleared)

    @property
    def past(self) -> bool:
        """Whether former states may have been in force on the day."""
        return bool(self.collection.past_table) and self.on < timezone.localdate()

    @property
    def relation(self) -> str:
        """What the rows are read from: today is never slower for there being a past."""
        return self.collection.past_table if self.past else self.collection.table


@dataclass(slots=True)
class Rows:
    """An SQL text `FROM … WHERE …` and its values."""

    sql: str
    values: dict[str, Any] = field(default_factory=dict)


def rows(
    question: Question,
    uses: Sequence[Column],
    *,
    few: bool = False,
    extra: Sequence[str] = (),
    sampled_percent: float = 0,
) -> Rows:
    """The rows that `question` asks for, with the tables that the columns in `uses` read.

    `few`: look the joined tables up row by row, which is right for a tile or a page and wrong for the whole county.
    `sampled_percent`: only the rows on so many of the table's pages, to learn quickly how they spread.
    """
    collection, actor = question.collection, question.actor
    limited = actor if collection.town_limited else replace(actor, town_codes=None)
    territory, values = territory_sql(limited, alias=collection.alias, many_towns=collection.many_towns)
    every = [*uses, *(column for condition in question.conditions for column in condition.columns)]
    joined = "\n".join(_joins(collection, every, few))
    wanted = [*extra, territory, in_force_sql(collection.alias), *(item.sql for item in question.conditions)]
    bound: dict[str, Any] = {"on": question.on, "year": question.year, **values}
    for condition in question.conditions:
        bound |= condition.values
    where = "\n   AND ".join(wanted)
    # Only a table has pages; how rows spread today tells well enough how they did.
    sample = f" TABLESAMPLE SYSTEM ({sampled_percent})" if sampled_percent else ""
    relation = collection.table if sampled_percent else question.relation
    return Rows(f"FROM {relation} AS {collection.alias}{sample}\n{joined}\n WHERE {where}", bound)


def value_sql(column: Column) -> str:
    """The column's value as it is shown: numbers rounded to the property's decimals (half up where few are kept)."""
    item = column.property
    if item.kind != "number":
        return column.sql
    if item.decimals <= 2:
        return f"round(({column.sql})::numeric, {item.decimals})::float8"
    return f"round(({column.sql}) * 1e{item.decimals}) / 1e{item.decimals}"


def in_force_sql(alias: str) -> str:
    return f"{alias}.valid_from <= %(on)s AND ({alias}.valid_to IS NULL OR {alias}.valid_to > %(on)s)"


def _joins(collection: Collection, uses: Iterable[Column], few: bool) -> Iterable[str]:
    for name in dict.fromkeys(column.property.join for column in uses if column.property.join):
        join = collection.joins[name]
        yield (join.few or join.bulk) if few else join.bulk
