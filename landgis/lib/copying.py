"""Writing many rows at once through PostgreSQL's binary COPY, column by column.

Refuses columns of unequal length and types it has no encoder for; every other check is the table's own constraints'.
"""

import json
import re
import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, Inexact, localcontext
from itertools import chain
from operator import add
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray
from psycopg import sql
from psycopg.copy import QueuedLibpqWriter

from landgis.lib.columns import LONG, read_columns

Values = Sequence[Any] | NDArray[Any]


@dataclass(frozen=True, slots=True)
class Computed:
    """A column whose values are made when their block is due, so that never all of them are held."""

    count: int
    of: Callable[[slice], Values]

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, rows: slice) -> Values:
        return self.of(rows)


Column = Values | Computed
Cells = list[bytes] | NDArray[np.uint8]
"""A block of a column as it is sent: each cell by itself, or cells of one width as the rows of a matrix."""

# A block is encoded while another thread sends the ones before, and the server stores them.
BLOCK_ROWS = 2_500
HEADER = b"PGCOPY\n\xff\r\n\0" + struct.pack("!ii", 0, 0)
TRAILER = struct.pack("!h", -1)
NULL = struct.pack("!i", -1)
EPOCH = date(2000, 1, 1).toordinal()
TEXT_OID, VARCHAR_OID = 25, 1043

NUMERIC_BASE, NUMERIC_GROUPS = 10_000, 5
MOST_AT_ONCE = 10**18
NUMERIC_CELL = np.dtype(
    [
        ("length", ">i4"), ("groups", ">i2"), ("weight", ">i2"), ("sign", ">u2"), ("scale", ">u2"),
        ("digits", ">i2", NUMERIC_GROUPS),
    ]
)  # fmt: skip

_length = struct.Struct("!i").pack


def copy_rows(table: str, columns: Mapping[str, Column]) -> int:
    """COPY `columns` (name → values, all of one length) into `table`; None becomes NULL. Returns the row count.

    Geometry is given as EWKB bytes, an array as a sequence of strings.
    """
    lengths = {len(values) for values in columns.values()}
    if len(lengths) != 1:
        raise ValueError(f"columns of unequal length for {table}: {sorted(lengths)}")
    (count,) = lengths
    types = column_types(table)
    encoders = {name: ENCODERS[re.sub(r"\(.*?\)", "", types[name])] for name in columns}

    def block(start: int) -> dict[str, Cells]:
        return {name: encode(columns[name][start : start + BLOCK_ROWS]) for name, encode in encoders.items()}

    cells = block(0)
    # Side by side, cells of one width need no pasting together.
    order = sorted(columns, key=lambda name: isinstance(cells[name], list))
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT binary)").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, order))
    )
    with (
        connection.cursor() as cursor,
        cursor.cursor.copy(statement, writer=QueuedLibpqWriter(cursor.cursor)) as copy,
    ):
        copy.write(HEADER)
        for start in range(0, count, BLOCK_ROWS):
            cells = block(start) if start else cells
            copy.write(_rows([cells[name] for name in order], min(BLOCK_ROWS, count - start)))
        copy.write(TRAILER)
    return count


def _rows(columns: Sequence[Cells], count: int) -> bytes:
    """Rows one after the other: the number of their columns, then their cells."""
    beside = [_repeated(struct.pack("!h", len(columns)), count)]
    pieces: list[list[bytes]] = []
    for cells in columns:
        if isinstance(cells, list):
            if beside:
                pieces.append(_pieces(np.concatenate(beside, axis=1)))
                beside = []
            pieces.append(cells)
        else:
            beside.append(cells)
    if beside:
        pieces.append(_pieces(np.concatenate(beside, axis=1)))
    return b"".join(chain.from_iterable(zip(*pieces, strict=True)))


def _repeated(cell: bytes, count: int) -> NDArray[np.uint8]:
    return np.broadcast_to(np.frombuffer(cell, dtype=np.uint8), (count, len(cell)))


def _matrix(cells: NDArray[Any]) -> NDArray[np.uint8]:
    return cells.view(np.uint8).reshape(len(cells), cells.dtype.itemsize)


def _pieces(matrix: NDArray[np.uint8]) -> list[bytes]:
    raw, width = matrix.tobytes(), matrix.shape[1]
    return [raw[i : i + width] for i in range(0, len(raw), width)]


def take_ids(table: str, count: int) -> NDArray[np.int64]:
    """Numbers for `count` new rows from the sequence of the table's `id`, before the rows are written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
        (sequence,) = cursor.fetchone()
    statement = "SELECT nextval(%(sequence)s::regclass) FROM generate_series(1, %(count)s)"
    taken = read_columns(statement, {"sequence": sequence, "count": count}, {"id": LONG})
    return taken["id"]


def column_types(table: str) -> dict[str, str]:
    """Column → type as PostgreSQL writes it, `numeric(16,4)`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
            [table],
        )
        return dict(cursor.fetchall())


def _each(encode: Callable[[Any], bytes]) -> Callable[[Values], list[bytes]]:
    """An encoder of a column from one of a value."""

    def cells(values: Values) -> list[bytes]:
        every = values.tolist() if isinstance(values, np.ndarray) else list(values)
        if None in every:
            return [NULL if value is None else _cell(encode(value)) for value in every]
        payloads = list(map(encode, every))
        return list(map(add, map(_length, map(len, payloads)), payloads))

    return cells


def _of(encode: Callable[[Any], bytes]) -> Callable[[Values], Cells]:
    """The same where a value may stand in many rows: it is encoded once."""
    cells = _each(encode)

    def encode_all(values: Values) -> Cells:
        every = values.tolist() if isinstance(values, np.ndarray) else list(values)
        at = list(map(id, every))
        distinct = dict(zip(at, every, strict=True))
        if len(distinct) == 1:
            return _repeated(cells(every[:1])[0], len(every))
        if len(distinct) > len(every) / 2:
            return cells(every)
        known = dict(zip(distinct, cells(list(distinct.values())), strict=True))
        return [known[number] for number in at]

    return encode_all


def _cell(payload: bytes) -> bytes:
    return _length(len(payload)) + payload


def _fixed(kind: str, pack: str) -> Callable[[Values], Cells]:
    """Numbers of one width; an array of numbers is encoded at once, its NaN as NULL."""
    one = _of(struct.Struct(pack).pack)

    def encode(values: Values) -> Cells:
        array = np.asarray(values)
        if array.dtype.kind not in "fiu":
            return one(values)
        cells = np.empty(len(array), dtype=[("length", ">i4"), ("value", kind)])
        cells["length"], cells["value"] = np.dtype(kind).itemsize, array
        matrix = _matrix(cells)
        if array.dtype.kind != "f" or not np.isnan(array).any():
            return matrix
        items = _pieces(matrix)
        for i in np.flatnonzero(np.isnan(array)).tolist():
            items[i] = NULL
        return items

    return encode


def _numerics(values: Values) -> Cells:
    """Figures of at most four decimals at once, others one by one."""
    every = values.tolist() if isinstance(values, np.ndarray) else list(values)
    if len(set(map(id, every))) < len(every) / 2 or not all(value.__class__ is Decimal for value in every):
        return _any_numerics(every)
    try:
        with localcontext() as exact:
            exact.traps[Inexact] = True
            scaled = [value * NUMERIC_BASE for value in every]
            whole = list(map(int, scaled))
    except (ArithmeticError, ValueError):  # rounded, infinite, or no number
        return _any_numerics(every)
    if whole != scaled or max(map(abs, whole), default=0) > MOST_AT_ONCE:
        return _any_numerics(every)
    rest = np.array(whole, dtype=np.int64)
    cells = np.empty(len(rest), dtype=NUMERIC_CELL)
    cells["length"] = NUMERIC_CELL.itemsize - 4
    cells["groups"], cells["weight"] = NUMERIC_GROUPS, NUMERIC_GROUPS - 2
    cells["sign"] = np.where(rest < 0, 0x4000, 0)
    cells["scale"] = 4
    rest = np.abs(rest)
    for group in range(NUMERIC_GROUPS - 1, -1, -1):
        rest, cells["digits"][:, group] = np.divmod(rest, NUMERIC_BASE)
    return _matrix(cells)


def _numeric(value: Decimal | float | str) -> bytes:
    """Sign, weight, scale and digits to the base 10,000."""
    number = value if isinstance(value, Decimal) else Decimal(str(value))
    if not number.is_finite():
        raise ValueError(f"{value} is no figure")
    whole, _, fraction = format(number.copy_abs(), "f").partition(".")
    whole = whole.zfill(-(-len(whole) // 4) * 4)
    digits = whole + fraction.ljust(-(-len(fraction) // 4) * 4, "0")
    groups = [int(digits[i : i + 4]) for i in range(0, len(digits), 4)]
    sign = 0x4000 if number < 0 else 0
    head = (len(groups), len(whole) // 4 - 1, sign, len(fraction))
    return struct.pack(f"!hhHH{len(groups)}h", *head, *groups)


def _array(oid: int) -> Callable[[Iterable[str]], bytes]:
    def encode(items: Iterable[str]) -> bytes:
        texts = [item.encode() for item in items]
        if not texts:
            return struct.pack("!iii", 0, 0, oid)
        return struct.pack("!iiiii", 1, 0, oid, len(texts), 1) + b"".join(_length(len(t)) + t for t in texts)

    return encode


_any_numerics = _of(_numeric)

ENCODERS: dict[str, Callable[[Values], Cells]] = {
    "text": _of(str.encode),
    "character varying": _of(str.encode),
    "date": _of(lambda day: struct.pack("!i", day.toordinal() - EPOCH)),
    "boolean": _of(lambda flag: b"\1" if flag else b"\0"),
    "smallint": _fixed(">i2", "!h"),
    "integer": _fixed(">i4", "!i"),
    "bigint": _fixed(">i8", "!q"),
    "double precision": _fixed(">f8", "!d"),
    "numeric": _numerics,
    "geometry": _each(bytes),
    "text[]": _of(_array(TEXT_OID)),
    "character varying[]": _of(_array(VARCHAR_OID)),
    "jsonb": _of(lambda value: b"\1" + (value if isinstance(value, str) else json.dumps(value)).encode()),
}
