"""Whole columns of numbers between PostgreSQL and numpy, through COPY in its binary format.

Refuses NULL and columns of varying width: the statement says what a missing number is (`coalesce(x, 'NaN')`), and text
or geometry goes through `texts` and `geometries`.
"""

from collections.abc import Mapping
from typing import Any, cast

import numpy as np
import psycopg
import shapely
from django.db import connection
from numpy.typing import NDArray
from psycopg import sql

Parameters = Mapping[str, Any]
Column = NDArray[Any]
Columns = dict[str, Column]

_SIGNATURE = b"PGCOPY\n\xff\r\n\0" + bytes(8)  # eleven bytes of magic, no flags, no header extension
_END = b"\xff\xff"
# The widths that PostgreSQL sends for int4, int8 and float8; the statement has to cast to them.
WHOLE, LONG, FLOAT = ">i4", ">i8", ">f8"


def read_columns(statement: str, parameters: Parameters, types: Mapping[str, str]) -> Columns:
    """The statement's columns, in order, as arrays named and typed by `types` (WHOLE, LONG or FLOAT)."""
    layout = _layout(types)
    received = bytearray()
    with psycopg.ClientCursor(_connection()).copy(
        sql.SQL("COPY ({}) TO STDOUT (FORMAT BINARY)").format(sql.SQL(cast(Any, statement))), parameters
    ) as copy:
        for block in copy:
            received += block
    rows = np.frombuffer(received, dtype=layout, offset=len(_SIGNATURE), count=_count(received, layout))
    if (rows["_fields"] != len(types)).any() or any(
        (rows[f"_{name}"] != np.dtype(kind).itemsize).any() for name, kind in types.items()
    ):
        raise ValueError(f"a column is NULL or not of the type named: {dict(types)}")
    return {name: rows[name].astype(np.dtype(kind).newbyteorder("=")) for name, kind in types.items()}


def write_columns(table: str, columns: Mapping[str, Column], types: Mapping[str, str]) -> int:
    """COPY arrays of one length into `table`; returns the row count."""
    layout = _layout(types)
    count = len(next(iter(columns.values())))
    rows = np.zeros(count, dtype=layout)
    rows["_fields"] = len(types)
    for name, kind in types.items():
        rows[f"_{name}"] = np.dtype(kind).itemsize
        rows[name] = columns[name]
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, types))
    )
    with psycopg.ClientCursor(_connection()).copy(statement) as copy:
        copy.write(_SIGNATURE)
        copy.write(rows.tobytes())
        copy.write(_END)
    return count


def read_rows(statement: str, parameters: Parameters) -> list[tuple[Any, ...]]:
    """The statement's rows, sent in PostgreSQL's binary format: quicker than text for geometry (as WKB) and numbers."""
    with psycopg.Cursor(_connection()) as cursor:
        cursor.execute(cast(Any, statement), parameters, binary=True)
        return cursor.fetchall()


def geometries(wkb: list[bytes]) -> NDArray[np.object_]:
    """Shapely geometries from `ST_AsBinary` values."""
    made: NDArray[np.object_] = shapely.from_wkb(np.array(wkb, dtype=object))
    return made


def _connection() -> "psycopg.Connection[Any]":
    connection.ensure_connection()
    return cast("psycopg.Connection[Any]", connection.connection)


def _layout(types: Mapping[str, str]) -> np.dtype[Any]:
    fields: list[tuple[str, str]] = [("_fields", ">i2")]
    for name, kind in types.items():
        fields += [(f"_{name}", ">i4"), (name, kind)]
    return np.dtype(fields)


def _count(received: bytearray, layout: np.dtype[Any]) -> int:
    body = len(received) - len(_SIGNATURE) - len(_END)
    if not received.startswith(_SIGNATURE) or body % layout.itemsize:
        raise ValueError("a column is NULL or of another width than the one named")
    return body // layout.itemsize
