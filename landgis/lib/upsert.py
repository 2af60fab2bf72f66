"""Storing delivered rows by their key: new ones are made, changed ones updated, equal ones left alone.

Refuses to erase: a blank in a later delivery leaves the known fact as it is.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from psycopg import sql

from landgis.lib.copying import copy_rows

STAGING = "landgis_staging"


@dataclass(frozen=True, slots=True)
class Stored:
    """How many rows a delivery made, changed and left alone."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0

    def __add__(self, other: "Stored") -> "Stored":
        return Stored(
            self.created + other.created, self.updated + other.updated, self.unchanged + other.unchanged
        )


class _Rehearsed(Exception):
    """Ends a rehearsal."""


@contextmanager
def rehearsed(*, commit: bool) -> Iterator[None]:
    """Do the work for real in a transaction, and take it back at the end unless `commit`."""
    try:
        with transaction.atomic():
            yield
            if not commit:
                raise _Rehearsed
    except _Rehearsed:
        pass


def upsert(table: str, columns: Mapping[str, Sequence[Any]], *, key: Sequence[str]) -> Stored:
    """Store `columns` (name → values) in `table` by the unique `key`, in one statement inside a declared change."""
    total = len(next(iter(columns.values())))
    if not total:
        return Stored()
    names = {name: sql.Identifier(name) for name in columns}
    facts = [names[name] for name in columns if name not in key]
    listed = sql.SQL(", ").join(names.values())
    target, staging = sql.Identifier(table), sql.Identifier(STAGING)
    assign = sql.SQL(", ").join(
        sql.SQL("{0} = coalesce(nullif(excluded.{0}::text, '')::{1}, t.{0})").format(fact, kind)
        for fact, kind in zip(facts, _types(table, [n for n in columns if n not in key]), strict=True)
    )
    differs = sql.SQL(" OR ").join(
        sql.SQL(
            "(nullif(excluded.{0}::text, '') IS NOT NULL AND excluded.{0} IS DISTINCT FROM t.{0})"
        ).format(fact)
        for fact in facts
    )
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("CREATE TEMP TABLE {} ON COMMIT DROP AS SELECT {} FROM {} WITH NO DATA").format(
                staging, listed, target
            )
        )
        copy_rows(STAGING, columns)
        cursor.execute(
            sql.SQL(
                "INSERT INTO {0} AS t ({1}) SELECT {1} FROM {2} ON CONFLICT ({3}) {4} RETURNING (xmax = 0)"
            ).format(
                target,
                listed,
                staging,
                sql.SQL(", ").join(names[name] for name in key),
                sql.SQL("DO UPDATE SET {} WHERE {}").format(assign, differs)
                if facts
                else sql.SQL("DO NOTHING"),
            )
        )
        made = [new for (new,) in cursor.fetchall()]
        cursor.execute(sql.SQL("DROP TABLE {}").format(staging))
    return Stored(sum(made), len(made) - sum(made), total - len(made))


def _types(table: str, columns: Sequence[str]) -> list[sql.SQL]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = %s::regclass",
            [table],
        )
        types = dict(cursor.fetchall())
    return [sql.SQL(types[column]) for column in columns]
