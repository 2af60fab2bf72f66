"""Lines made by the database and streamed to a file: a large export on two connections, which see one moment.

Refuses to tell two moments as one: the second connection reads the snapshot of the first, and an export inside a
transaction, whose changes no other connection sees, stays on one. Memory doesn't grow with the county.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, wait
from itertools import chain, islice
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from psycopg import Cursor

from landgis.lib.snapshots import beside
from layers.catalog.rows import rows
from parcels.exchange.writing import Export, Written, area_sql, roomy

LINES_AT_ONCE = 500
SAMPLED_PERCENT = 4.0
FEWEST_SAMPLED = 200  # fewer rows than this in the sample aren't worth a second connection
COPIED_AT_ONCE = 1 << 20
AGAIN_AFTER_S = 0.01

Buffer = bytes | bytearray | memoryview
_Put = Callable[[bytes], Any]
# How PostgreSQL sends a row of a text and a bigint in binary: two bytes that count the fields, and each field after its
# length in four. Text format would cost the server a look at each character for what has to be quoted.
_LINE, _AREA = slice(6, -12), slice(-8, None)
_HEADER, _END = 19, 2  # bytes before the first row and instead of a row after the last
# Which rows of the order a connection reads; a row without a key is in the second half like any that sorts last.
_FIRST, _SECOND = "({key} < %(middle)s)", "({key} < %(middle)s) IS NOT TRUE"


def write_lines(
    export: Export, line_sql: str, *, between: bytes, closing: bytes, opening: bytes = b""
) -> Written:
    """The file of all rows, each the line that `line_sql` makes of it, and the fingerprint.

    A line passes as it is, whatever it holds.
    """
    fingerprint = hashlib.sha256()
    with export.out.open("wb") as file:

        def put(data: bytes) -> None:
            file.write(data)
            fingerprint.update(data)

        put(opening)
        middle = None if connection.in_atomic_block else _middle(export)
        if middle is None:
            with transaction.atomic():
                written = _copied(export, line_sql, put, between)
        else:
            written = _in_halves(export, line_sql, put, between, middle)
        if written.features or opening:
            put(closing)
    written.sha256 = fingerprint.hexdigest()
    return written


def _in_halves(export: Export, line_sql: str, put: _Put, between: bytes, middle: str) -> Written:
    """The first half goes to the file while a thread keeps the second half beside it, to be appended."""
    rest = export.out.with_name(f"{export.out.name}.rest")
    values = {"middle": middle}
    key = export.question.collection.key

    def second() -> Written:
        with rest.open("wb") as file:
            return _copied(export, line_sql, file.write, between, _SECOND.format(key=key), values)

    try:
        with beside(second) as coming:
            written = _copied(export, line_sql, put, between, _FIRST.format(key=key), values)
            for n, data in enumerate(_growing(rest, coming)):
                put(between + data if n == 0 and written.features else data)
            more = coming.result()
    finally:
        rest.unlink(missing_ok=True)
    return Written(written.features + more.features, written.area_units + more.area_units)


def _growing(path: Path, writing: Future[Any]) -> Iterator[bytes]:
    """What stands in the file and what is still being written to it, until the writing is over."""
    while not path.exists() and not writing.done():
        wait([writing], timeout=AGAIN_AFTER_S)
    if not path.exists():
        return
    with path.open("rb", buffering=0) as file:
        while True:
            over = writing.done()
            if data := file.read(COPIED_AT_ONCE):
                yield data
            elif over:
                return
            else:
                wait([writing], timeout=AGAIN_AFTER_S)


def _copied(
    export: Export,
    line_sql: str,
    put: _Put,
    between: bytes,
    part: str = "",
    values: Mapping[str, Any] | None = None,
) -> Written:
    """The rows in order, or the `part` of them, read with COPY and given on some at a time."""
    found = rows(export.question, export.columns, extra=(part,) if part else ())
    statement = (
        f"COPY (SELECT {line_sql}, coalesce({area_sql(export)}, 0) {found.sql}"
        f" ORDER BY {export.question.collection.order}) TO STDOUT (FORMAT BINARY)"
    )
    written = Written()
    roomy()
    with (
        Cursor(connection.connection) as cursor,
        cursor.copy(statement.encode(), {**found.values, **(values or {})}) as copy,
    ):
        sent = chain([_without_header(copy.read())], copy)
        while some := [block for block in islice(sent, LINES_AT_ONCE) if len(block) > _END]:
            put((between if written.features else b"") + between.join([block[_LINE] for block in some]))
            written.features += len(some)
            written.area_units += sum([int.from_bytes(block[_AREA], "big") for block in some])
    return written


def _without_header(block: Buffer) -> Buffer:
    """The first row comes behind the header of the format, in one block or in one of its own."""
    return block[_HEADER:]


def _middle(export: Export) -> str | None:
    """The key that has about half of the rows before it, by a sample; None where there are too few to part."""
    collection = export.question.collection
    if collection.order.split(",")[0] != collection.key:
        return None
    found = rows(export.question, (), few=True, sampled_percent=SAMPLED_PERCENT)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*), percentile_disc(0.5) WITHIN GROUP (ORDER BY {collection.key}) {found.sql}",
            found.values,
        )
        sampled, middle = cursor.fetchone()
    return middle if sampled >= FEWEST_SAMPLED else None
