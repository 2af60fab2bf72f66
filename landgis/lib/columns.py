"""Whole columns between PostgreSQL and numpy, in the database's binary formats.

Refuses NULL: the statement says what a missing value is (`coalesce(x, 'NaN')`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any, cast

import numpy as np
import psycopg
from django.db import connection
from numpy.typing import NDArray
from psycopg import sql

from landgis.lib.packed import Packed, at_bytes

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

_ARRAY_HEADER = 20  # dimensions, flag of NULLs, type, length, lower bound: four bytes each
_COPY_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)  # eleven bytes of magic, no flags, no extension
_COPY_END = b"\xff\xff"


def read_columns(statement: str, parameters: Parameters, types: Mapping[str, str]) -> Columns:
    """The statement's columns, in order, as arrays named and typed by `types` (WHOLE, LONG, FLOAT or TEXT).

    Each column is sent as one value: a row at a time would cost a turn of the interpreter for each.
    """
    wrapped = sql.SQL("SELECT {} FROM ({}) AS t ({})").format(
        sql.SQL(", ").join(
            (TEXT_SENT if kind == TEXT else NUMBER_SENT).format(sql.Identifier(name))
            for name, kind in types.items()
        ),
        sql.SQL(cast(Any, statement)),
        sql.SQL(", ").join(map(sql.Identifier, types)),
    )
    with psycopg.Cursor(_connection()) as cursor:
        cursor.execute(wrapped, parameters, binary=True)
        if cursor.pgresult is None:
            raise ValueError("the statement returned nothing to read")
        sent = [cursor.pgresult.get_value(0, i) for i in range(cursor.pgresult.nfields)]
    return {name: _column(raw, kind) for raw, (name, kind) in zip(sent, types.items(), strict=True)}


def read_packed(
    statement: str, parameters: Parameters, types: Mapping[str, str], packed: Sequence[str]
) -> tuple[Columns, dict[str, Packed]]:
    """The same, and behind these columns those of bytea, or of text for later, that `packed` names.

    Rows come by COPY and are taken apart all at once: the server puts a long value into a row in a quarter of the time that
    it takes to add it to a single one.
    """
    copied = sql.SQL("COPY ({}) TO STDOUT (FORMAT BINARY)").format(sql.SQL(cast(Any, statement)))
    sent = BytesIO()
    with psycopg.Cursor(_connection()) as cursor, cursor.copy(copied, parameters) as copy:
        sizes = list(map(sent.write, copy))  # a row each, the header before the first one; the end mark
    ends = np.cumsum(sizes)[:-1]
    fields = _Fields(sent.getvalue(), np.concatenate([[len(_COPY_HEADER)], ends[:-1]])[: len(ends)])
    columns = {
        name: fields.packed().texts() if kind == TEXT else fields.numbers(kind)
        for name, kind in types.items()
    }
    runs = {name: fields.packed() for name in packed}
    if not np.array_equal(fields.at, ends):
        raise ValueError("the statement has other columns than those named")
    return columns, runs


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


class _Fields:
    """The fields of rows as COPY sends them, column after column: each after its width, which is -1 for NULL."""

    def __init__(self, data: bytes, rows: NDArray[np.int64]) -> None:
        self._data = data
        self.at = rows + 2  # behind the number of fields

    def numbers(self, kind: str) -> Column:
        starts, widths = self._next()
        if (widths != np.dtype(kind).itemsize).any():
            raise ValueError("a column holds NULL, or is of another type than the one named")
        return self._numbers(starts, kind)

    def packed(self) -> Packed:
        starts, widths = self._next()
        if (widths < 0).any():
            raise ValueError("a column holds NULL, or is of another type than the one named")
        return Packed(self._data, starts, widths)

    def _next(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        widths = self._numbers(self.at, WHOLE).astype(np.int64)
        starts = self.at + 4
        self.at = starts + np.maximum(widths, 0)
        return starts, widths

    def _numbers(self, starts: NDArray[np.int64], kind: str) -> Column:
        number = np.dtype(kind)
        return at_bytes(self._data, starts, number).astype(number.newbyteorder("="))


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


def _connection() -> psycopg.Connection[Any]:
    connection.ensure_connection()
    return cast("psycopg.Connection[Any]", connection.connection)
