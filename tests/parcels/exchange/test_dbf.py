"""A table's text as whole columns: what GDAL reads cell by cell, and the tables that are left to it."""

from pathlib import Path

import numpy as np
import pyogrio.raw
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parcels.exchange.dbf import RAW, RawColumn, text_columns
from tests.parcels.exchange.vector_files import raw_dbf

CELLS = st.lists(st.binary(max_size=6).filter(lambda cell: b"\x1f" not in cell), min_size=1, max_size=8)


def table(folder: Path, rows: list[tuple[bytes, bytes]]) -> Path:
    raw_dbf(folder / "layer.dbf", [(b"A", 6), ("名称".encode("gbk"), 12)], rows)
    return folder / "layer.dbf"


def by_gdal(dbf: Path) -> list[list[str | None]]:
    _, _, _, columns = pyogrio.raw.read(dbf, encoding=RAW, read_geometry=False)
    return [column.tolist() for column in columns]


@given(cells=CELLS)
def test_every_cell_is_what_gdal_reads(cells: list[bytes], tmp_path_factory: pytest.TempPathFactory) -> None:
    dbf = table(tmp_path_factory.mktemp("dbf"), [(cell, b"x") for cell in cells])
    assert [list(column.cells()) for column in text_columns(dbf).values()] == by_gdal(dbf)


def test_a_column_is_decoded_at_once_or_not_at_all(tmp_path: Path) -> None:
    rows = [(b"1", "示意".encode("gbk")), (b"", b""), (b" 2 \x003", "示".encode("gbk")[:1])]
    first, second = text_columns(table(tmp_path, rows)).values()
    decoded = first.decoded("utf-8")
    assert decoded is not None
    assert decoded.tolist() == ["1", None, "2"]
    assert second.decoded("gb18030") is None
    assert second.decoded("cp437") is not None


def test_a_blank_column_has_nothing(tmp_path: Path) -> None:
    column = text_columns(table(tmp_path, [(b"", b"x"), (b" ", b"y")]))[0]
    decoded = column.decoded("gb18030")
    assert decoded is not None
    assert len(column) == 2
    assert decoded.tolist() == [None, None]


def test_a_mark_in_a_cell_is_no_end_of_it() -> None:
    column = RawColumn(b"a\x1fb\x1fcde\x1f", 4)
    assert column.decoded("gb18030") is None
    assert list(column.cells()) == ["a\x1fb", "cde"]


@pytest.mark.parametrize("damage", ["deleted", "short", "no rows"])
def test_what_is_not_plain_is_left_to_gdal(tmp_path: Path, damage: str) -> None:
    dbf = table(tmp_path, [(b"1", b"x"), (b"2", b"y")])
    raw = np.fromfile(dbf, dtype=np.uint8)
    begin = int(raw[8]) + 256 * int(raw[9])
    if damage == "deleted":
        raw[begin] = ord("*")
    if damage == "no rows":
        raw[4:8] = 0
    dbf.write_bytes(raw[:-9].tobytes() if damage == "short" else raw.tobytes())
    assert text_columns(dbf) == {}
