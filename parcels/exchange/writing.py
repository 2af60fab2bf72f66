"""What every writer of an export gets and gives back, and how rows reach it as values.

Refuses to leave a half-written file: writers write beside the destination, `export.py` moves the finished file there.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from landgis.counties.models import County
from landgis.lib.issues import Issue
from layers.catalog.clearance import Column
from layers.catalog.rows import Question, rows, value_sql

AREA_UNITS = 10_000  # areas are summed in whole ten-thousandths of a square metre, so that sums are exact
READ_AT_ONCE = 5_000


@dataclass(slots=True)
class Export:
    """What to write: the rows asked for, the properties that may be given, where to, and in which CRS."""

    county: County
    question: Question
    columns: tuple[Column, ...]
    out: Path
    crs: int | None
    decimals: int = 9
    issues: list[Issue] = field(default_factory=list)


@dataclass(slots=True)
class Written:
    """How many features a writer wrote, their land in ten-thousandths of a square metre, and the file's fingerprint.

    A writer that streams works the fingerprint out on the way; else it is "" and the finished file is read for it.
    """

    features: int = 0
    area_units: int = 0
    sha256: str = ""


def area_sql(export: Export) -> str:
    return f"round(({export.question.collection.area_m2}) * {AREA_UNITS})::bigint"


def table_rows(export: Export, *, geometry: bool) -> Iterator[tuple[Any, ...]]:
    """Each row as values in the order of the columns, after its area and (if wanted) its EPSG:4490 shape as WKB."""
    found = rows(export.question, export.columns)
    shape = f"ST_AsBinary({export.question.collection.geom_4490})" if geometry else "NULL::bytea"
    values = ", ".join([area_sql(export), shape, *(value_sql(column) for column in export.columns)])
    statement = f"SELECT {values} {found.sql} ORDER BY {export.question.collection.order}"
    with transaction.atomic():
        roomy()
        assert connection.connection is not None
        with connection.connection.cursor(name="export", binary=True) as cursor:
            cursor.itersize = READ_AT_ONCE
            cursor.execute(statement, found.values)
            yield from cursor


def roomy() -> None:
    """Sorting a county's rows in memory halves the time of a bulk read.

    Parallel workers would each put all holders together again and leave the text to one process: dearer than none.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'; SET LOCAL max_parallel_workers_per_gather = 0")
