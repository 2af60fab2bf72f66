"""Whole columns between PostgreSQL and numpy, in the database's binary formats.

Refuses NULL: the statement says what a missing value is (`coalesce(x, 'NaN')`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import psycopg
from django.db import connection
from numpy.typing import NDArray
from psycopg import sql

Parameters = Mapping[str, Any]
Column = NDArray[Any]
Columns = dict[str, Column]

# The widths that PostgreSQL sends for int4, int8 and float8; the statement has to cast to them.
WHOLE, LONG, FLOAT = ">i4", ">i8", ">f8"
# Of varying width: text as an array of str, bytea as `Packed`.
TEXT, BYTES = "text", "bytea"

# No text that people write holds it; one that does would be seen as two, and the columns as of unequal length.
MARK = "\x1f"
NUMBER_SENT = sql.SQL("array_agg({0})")
TEXT_SENT = sql.SQL("string_agg(E'\\x1f' || {0}, '')")
BYTES_SENT = sql.SQL("string_agg({0}, ''::bytea), array_agg(length({0})::bigint)")

_ARRAY_HEADER = 20  # dimensions, flag of NULLs, type, length, lower bound: four bytes each
_COPY_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)  # eleven bytes of magic, no flags, no extension
_COPY_END = b"\xff\xff"


@dataclass(frozen=True, slots=True)
class Packed:
    """A column of bytea as one run of bytes, and how long each value is."""

    data: bytes
    lengths: NDArray[np.int64]


def read_columns(statement: str, parameters: Parameters, types: Mapping[str, str]) -> Columns:
    """The statement's columns, in order, as arrays named and typed by `types` (WHOLE, LONG, FLOAT or TEXT).

    Each column is sent as one value: a row at a time would cost a turn of the interpreter for each.
    """
    columns, _ = read_packed(statement, parameters, types, ())
    return columns


def read_packed(
    statement: str, parameters: Parameters, types: Mapping[str, str], packed: Sequence[str]
) -> tuple[Columns, dict[str, Packed]]:
    """The same, and behind these columns those of bytea that `packed` names."""
    names = [sql.Identifier(name) for name in (*types, *packed)]
    sent_as = [
        *(TEXT_SENT if kind == TEXT else NUMBER_SENT for kind in types.values()),
        *([BYTES_SENT] * len(packed)),
    ]
    wrapped = sql.SQL("SELECT {} FROM ({}) AS t ({})").format(
        sql.SQL(", ").join(way.format(name) for way, name in zip(sent_as, names, strict=True)),
        sql.SQL(cast(Any, statement)),
        sql.SQL(", ").join(names),
    )
    with psycopg.Cursor(_connection()) as cursor:
        cursor.execute(wrapped, parameters, binary=True)
        if cursor.pgresult is None:
            raise ValueError("the statement returned nothing to read")
        sent = [cursor.pgresult.get_value(0, i) for i in range(cursor.pgresult.nfields)]
    columns = {name: _column(raw, kind) for raw, (name, kind) in zip(sent, types.items(), strict=False)}
    runs = iter(sent[len(types) :])
    return columns, {
        name: Packed(next(runs) or b"", _column(next(runs), LONG).astype(np.int64)) for name in packed
    }


def write_columns(table: str, columns: Mapping[str, Column], types: Mapping[str, str]) -> int:
    """COPY arrays of one length into `table`; returns the row count."""
    fields: list[tuple[str, str]] = [("_fields", ">i2")]
    for name, kind in types.items():
        fields += [(f"_{name}", ">i4"), (name, kind)]
    count = len(next(iter(columns.values())))
    rows = np.zeros(count, dtype=fields)
    rows["_fields"] = len(types)
    for name, kind in types.items():
        rows[f"_{name}"] = np.dtype(kind).itemsize
        rows[name] = columns[name]
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, types))
    )
    with psycopg.ClientCursor(_connection()).copy(statement) as copy:
        copy.write(_COPY_HEADER)
        copy.write(rows.tobytes())
        copy.write(_COPY_END)
    return count


def listed(numbers: Column) -> str:
    """Whole numbers as PostgreSQL writes an array, for `%(name)s::bigint[]`: a list would be sent number by number."""
    return "{" + ",".join(map(str, numbers.tolist())) + "}"


def read_rows(statement: str, parameters: Parameters) -> list[tuple[Any, ...]]:
    """The statement's rows, sent in binary: quicker than text for geometry (as WKB) and numbers."""
    with psycopg.Cursor(_connection()) as cursor:
        cursor.execute(cast(Any, statement), parameters, binary=True)
        return cursor.fetchall()


def _column(sent: bytes | None, kind: str) -> Column:
    """A one-dimensional array as PostgreSQL sends it: each element after its width in bytes; texts between marks."""
    if kind == TEXT:
        return np.array([] if sent is None else sent.decode().split(MARK)[1:], dtype=object)
    native = np.dtype(kind).newbyteorder("=")
    if sent is None:
        return np.empty(0, dtype=native)
    element = np.dtype([("width", ">i4"), ("value", kind)])
    if (len(sent) - _ARRAY_HEADER) % element.itemsize:
        raise ValueError("a column holds NULL, or is of another type than the one named")
    elements = np.frombuffer(sent, dtype=element, offset=_ARRAY_HEADER)
    if (elements["width"] != np.dtype(kind).itemsize).any():
        raise ValueError("a column holds NULL, or is of another type than the one named")
    return elements["value"].astype(native)


def _connection() -> "psycopg.Connection[Any]":
    connection.ensure_connection()
    return cast("psycopg.Connection[Any]", connection.connection)
