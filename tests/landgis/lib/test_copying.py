"""What COPY writes is what was given, whatever way a column is encoded."""

from decimal import Decimal

import numpy as np
import psycopg
import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from landgis.lib.copying import BLOCK_ROWS, Computed, copy_rows, take_ids

pytestmark = pytest.mark.django_db

FIGURES = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**14), max_value=10**14, places=4)
ANY_FIGURES = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**25), max_value=10**25)


def written(kind: str, values: object) -> list[object]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE copied (n serial, v {kind}) ON COMMIT DROP")
        copy_rows("copied", {"v": values})  # type: ignore[dict-item]
        cursor.execute("SELECT v FROM copied ORDER BY n")
        found = [row[0] for row in cursor.fetchall()]
        cursor.execute("DROP TABLE copied")
    return found


@given(
    st.lists(FIGURES, min_size=1)
    | st.lists(ANY_FIGURES, min_size=1)
    | st.lists(st.none() | FIGURES, min_size=1)
)
def test_figures_come_back_exactly(values: list[Decimal | None]) -> None:
    assert written("numeric", values) == values


@pytest.mark.parametrize("bad", [Decimal("NaN"), Decimal("Infinity")])
def test_what_is_no_figure_is_refused(bad: Decimal) -> None:
    with pytest.raises(ValueError, match="no figure"):
        written("numeric", [Decimal(1), bad, Decimal(3)])


@given(st.lists(st.none() | st.text(st.characters(exclude_characters="\0", codec="utf-8")), min_size=1))
def test_texts_come_back(values: list[str | None]) -> None:
    assert written("text", values) == values


def test_equal_values_of_many_rows_and_of_few_are_the_same_values() -> None:
    one = "甲"
    assert written("text", [one] * 7 + [None, "乙"]) == [one] * 7 + [None, "乙"]
    assert written("text", np.array([one, one, "乙"], dtype=object)) == [one, one, "乙"]
    assert written("bigint", np.arange(-2, 3)) == [-2, -1, 0, 1, 2]
    assert written("double precision", np.array([0.1, np.nan, -3.0])) == [0.1, None, -3.0]


def test_a_column_may_be_made_block_by_block() -> None:
    count = 2 * BLOCK_ROWS + 3
    asked: list[int] = []

    def numbers(rows: slice) -> list[int]:
        asked.append(rows.start)
        return list(range(count))[rows]

    assert written("integer", Computed(count, numbers)) == list(range(count))
    assert asked == [0, BLOCK_ROWS, 2 * BLOCK_ROWS]


def test_what_the_server_or_the_maker_of_a_column_refuses_is_raised() -> None:
    with pytest.raises(psycopg.errors.StringDataRightTruncation):
        written("varchar(2)", ["abc"] * 50_000)

    def fails(_: slice) -> list[str]:
        raise KeyError("the column")

    with pytest.raises(KeyError):
        written("text", Computed(5, fails))


def test_numbers_are_taken_once() -> None:
    first, second = take_ids("cadastre_parcel", 5), take_ids("cadastre_parcel", 5)
    assert len({*first.tolist(), *second.tolist()}) == 10
