"""Writing many rows at once through PostgreSQL's binary COPY, column by column.

Refuses columns of unequal length and types it has no encoder for; every other check is the table's own constraints'.
"""

import json
import re
import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray
from psycopg import sql

Column = Sequence[Any] | NDArray[Any]

# A block is encoded while the server still stores the one before.
BLOCK_ROWS = 10_000
HEADER = b"PGCOPY\n\xff\r\n\0" + struct.pack("!ii", 0, 0)
TRAILER = struct.pack("!h", -1)
NULL = struct.pack("!i", -1)
EPOCH = date(2000, 1, 1).toordinal()
TEXT_OID, VARCHAR_OID = 25, 1043

_length = struct.Struct("!i").pack


def copy_rows(table: str, columns: Mapping[str, Column]) -> int:
    """COPY `columns` (name → values, all of one length) into `table`; None becomes NULL. Returns the row count.

    Geometry is given as EWKB bytes, an array as a sequence of strings.
    """
    lengths = {len(values) for values in columns.values()}
    if len(lengths) != 1:
        raise ValueError(f"columns of unequal length for {table}: {sorted(lengths)}")
    (count,) = lengths
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT binary)").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    types = column_types(table)
    encoders = [ENCODERS[re.sub(r"\(.*?\)", "", types[name])] for name in columns]
    fields = struct.pack("!h", len(columns))
    with connection.cursor() as cursor, cursor.cursor.copy(statement) as copy:
        copy.write(HEADER)
        for start in range(0, count, BLOCK_ROWS):
            block = [
                encode(values[start : start + BLOCK_ROWS])
                for encode, values in zip(encoders, columns.values(), strict=True)
            ]
            copy.write(b"".join(fields + b"".join(row) for row in zip(*block, strict=True)))
        copy.write(TRAILER)
    return count


def column_types(table: str) -> dict[str, str]:
    """Column → type as PostgreSQL writes it, `numeric(16,4)`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
            [table],
        )
        return dict(cursor.fetchall())


def _of(encode: Callable[[Any], bytes]) -> Callable[[Column], list[bytes]]:
    """An encoder of a column from one of a value; equal values in a row are encoded once."""

    def encode_all(values: Column) -> list[bytes]:
        out: list[bytes] = []
        last, done = _NEVER, b""
        for value in values:
            if value is not last:
                if value is None:
                    done = NULL
                else:
                    payload = encode(value)
                    done = _length(len(payload)) + payload
                last = value
            out.append(done)
        return out

    return encode_all


_NEVER = object()


def _fixed(kind: str, pack: str) -> Callable[[Column], list[bytes]]:
    """Numbers of one width; an array of numbers is encoded at once, its NaN as NULL."""
    one = _of(struct.Struct(pack).pack)
    width = struct.calcsize(pack)

    def encode(values: Column) -> list[bytes]:
        array = np.asarray(values)
        if array.dtype.kind not in "fiu":
            return one(values)
        raw, head = array.astype(kind).tobytes(), _length(width)
        items = [head + raw[i : i + width] for i in range(0, len(raw), width)]
        if array.dtype.kind == "f":
            for i in np.flatnonzero(np.isnan(array)).tolist():
                items[i] = NULL
        return items

    return encode


def _numeric(value: Decimal | float | str) -> bytes:
    """Sign, weight, scale and digits to the base 10,000."""
    number = value if isinstance(value, Decimal) else Decimal(str(value))
    if not number.is_finite():
        raise ValueError(f"{value} is no figure")
    whole, _, fraction = format(abs(number), "f").partition(".")
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


ENCODERS: dict[str, Callable[[Column], list[bytes]]] = {
    "text": _of(str.encode),
    "character varying": _of(str.encode),
    "date": _of(lambda day: struct.pack("!i", day.toordinal() - EPOCH)),
    "boolean": _of(lambda flag: b"\1" if flag else b"\0"),
    "smallint": _fixed(">i2", "!h"),
    "integer": _fixed(">i4", "!i"),
    "bigint": _fixed(">i8", "!q"),
    "double precision": _fixed(">f8", "!d"),
    "numeric": _of(_numeric),
    "geometry": _of(bytes),
    "text[]": _of(_array(TEXT_OID)),
    "character varying[]": _of(_array(VARCHAR_OID)),
    "jsonb": _of(lambda value: b"\1" + (value if isinstance(value, str) else json.dumps(value)).encode()),
}
