"""Columns to and from the database: exact, in order, and never with a NULL taken for a number."""

import math

import numpy as np
import pytest
from django.db import connection

from landgis.lib.columns import FLOAT, LONG, TEXT, WHOLE, read_columns, read_packed, read_rows, write_columns

pytestmark = pytest.mark.django_db


def test_numbers_arrive_exactly_and_in_order() -> None:
    found = read_columns(
        "SELECT i, i::int8 * 10000000000, 1.0::float8 / i FROM generate_series(1, %(last)s) i ORDER BY i DESC",
        {"last": 3},
        {"n": WHOLE, "big": LONG, "part": FLOAT},
    )
    assert found["n"].tolist() == [3, 2, 1]
    assert found["big"].tolist() == [30_000_000_000, 20_000_000_000, 10_000_000_000]
    assert found["part"].tolist() == [1 / 3, 1 / 2, 1.0]
    assert found["n"].dtype == np.int32
    assert found["part"].dtype.isnative


def test_no_rows_are_empty_columns() -> None:
    found = read_columns("SELECT 1::float8 WHERE false", {}, {"x": FLOAT})
    assert len(found["x"]) == 0
    assert found["x"].dtype == np.float64


def test_an_unknown_number_is_nan_where_the_statement_says_so() -> None:
    found = read_columns("SELECT coalesce(NULL::float8, 'NaN')", {}, {"x": FLOAT})
    assert math.isnan(found["x"][0])


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT NULL::float8",
        "SELECT unnest(ARRAY[1, NULL]::float8[])",
        "SELECT 1::int4",
        "SELECT 'text'::text",
    ],
)
def test_null_and_other_types_are_refused(statement: str) -> None:
    with pytest.raises(ValueError, match="NULL"):
        read_columns(statement, {}, {"x": FLOAT})


def test_what_is_written_is_read_again() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE kept (id int8, x float8, n int4) ON COMMIT DROP")
    columns = {"id": np.array([2, 1]), "x": np.array([0.1, math.inf]), "n": np.array([-5, 7])}
    assert write_columns("kept", columns, {"id": LONG, "x": FLOAT, "n": WHOLE}) == 2
    assert read_rows("SELECT * FROM kept ORDER BY id", {}) == [(1, math.inf, 7), (2, 0.1, -5)]


def test_rows_with_long_values_arrive_as_they_are() -> None:
    found, runs = read_packed(
        "SELECT i::int8, i / 2.0::float8, repeat('义乌', i - 1), decode(repeat('0aff', i), 'hex'), ''::bytea"
        " FROM generate_series(1, %(last)s) i ORDER BY i DESC",
        {"last": 3},
        {"n": LONG, "half": FLOAT, "word": TEXT},
        ["bytes", "none"],
    )
    assert found["n"].tolist() == [3, 2, 1]
    assert found["half"].tolist() == [1.5, 1.0, 0.5]
    assert found["word"].tolist() == ["义乌义乌", "义乌", ""]
    run = runs["bytes"][np.array([2, 0])]
    values = [run.data[at : at + size] for at, size in zip(run.starts, run.lengths, strict=True)]
    assert values == [b"\x0a\xff", b"\x0a\xff" * 3]
    assert runs["none"].lengths.tolist() == [0, 0, 0]


def test_no_rows_with_long_values_are_empty_columns() -> None:
    found, runs = read_packed(
        "SELECT 1::float8, 'x', ''::bytea WHERE false", {}, {"x": FLOAT, "t": TEXT}, ["b"]
    )
    assert len(found["x"]) == len(found["t"]) == len(runs["b"].starts) == 0


@pytest.mark.parametrize(
    "row",
    ["NULL::float8, 'x'::bytea", "1.0::float8, NULL::bytea", "1::int4, 'x'::bytea", "1.0::float8, 'x', 1"],
)
def test_null_and_other_columns_are_refused_beside_long_values(row: str) -> None:
    with pytest.raises(ValueError, match=r"NULL|other columns"):
        read_packed(f"SELECT {row}", {}, {"x": FLOAT}, ["b"])
