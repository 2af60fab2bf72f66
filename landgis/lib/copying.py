"""Writing many rows at once through PostgreSQL's COPY, column by column.

Refuses columns of unequal length; leaves every check to the table's own constraints and triggers.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray
from psycopg import sql

BLOCK_ROWS = 20_000


Column = Sequence[Any] | NDArray[Any]


def copy_rows(table: str, columns: Mapping[str, Column]) -> int:
    """COPY `columns` (name → values, all of one length) into `table`; None becomes NULL. Returns the row count.

    Text, dates and numbers go by their `str`; geometry as hexadecimal EWKB.
    """
    lengths = {len(values) for values in columns.values()}
    if len(lengths) != 1:
        raise ValueError(f"columns of unequal length for {table}: {sorted(lengths)}")
    (count,) = lengths
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    texts = [_texts(values) for values in columns.values()]
    with connection.cursor() as cursor, cursor.cursor.copy(statement) as copy:
        for start in range(0, count, BLOCK_ROWS):
            block = zip(*(column[start : start + BLOCK_ROWS] for column in texts), strict=True)
            copy.write("\n".join(map("\t".join, block)) + "\n")
    return count


def _texts(values: Column) -> Sequence[str]:
    """A column as COPY's text format; a numeric array needs no escaping and is rendered at full precision."""
    if isinstance(values, np.ndarray) and values.dtype.kind in "fiu":
        return ["\\N" if text == "nan" else text for text in map(repr, values.tolist())]
    return [_text(value) for value in values]


def _text(value: Any) -> str:
    if value is None:
        return "\\N"
    if value is True or value is False:
        return "t" if value else "f"
    text = value if isinstance(value, str) else str(value)
    if "\\" in text or "\t" in text or "\n" in text or "\r" in text:
        for plain, escaped in (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r")):
            text = text.replace(plain, escaped)
    return text


def array_literal(items: Iterable[str]) -> str:
    """A text[] value for COPY."""
    quoted = ('"' + item.replace("\\", "\\\\").replace('"', '\\"') + '"' for item in items)
    return "{" + ",".join(quoted) + "}"
