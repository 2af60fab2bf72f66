"""The shapefile writer: what goes in comes out, sound or not."""

from pathlib import Path

import numpy as np
import pyogrio.raw
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from demo.shp import Column, rings_of, write_shapefile

ORIGIN = np.array([40_500_000.0, 3_240_000.0])


def square(x: float, y: float, side: float) -> shapely.Polygon:
    return shapely.transform(shapely.box(x, y, x + side, y + side), lambda xy: xy + ORIGIN)


def read(path: Path) -> tuple[np.ndarray, list[np.ndarray]]:
    _, _, wkb, columns = pyogrio.raw.read(path, encoding="GBK")
    return shapely.from_wkb(wkb), columns


@given(
    sides=st.lists(st.integers(1, 900), min_size=1, max_size=8),
    names=st.lists(st.text("义乌示意宗地ABC0", max_size=10), min_size=8, max_size=8),
)
def test_shapes_with_holes_and_parts_and_texts_come_back(
    tmp_path_factory: pytest.TempPathFactory, sides: list[int], names: list[str]
) -> None:
    path = tmp_path_factory.mktemp("shp") / "some.shp"
    shapes = []
    for at, side in enumerate(sides):
        holed = square(2000 * at, 0, 3 * side).difference(square(2000 * at + side, side, side))
        shapes.append(shapely.multipolygons([holed, square(2000 * at, 5000, side)]) if at % 2 else holed)
    columns = [Column("名称", 40), Column("面积", 16, decimals=2)]
    records = [[name, shape.area] for name, shape in zip(names, shapes, strict=False)]
    write_shapefile(path, columns, [rings_of(shape) for shape in shapes], records)
    back, table = read(path)
    assert shapely.equals(back, np.array(shapes, dtype=object)).all()
    assert [name or "" for name in table[0]] == [name for name, _ in records]
    assert table[1] == pytest.approx([area for _, area in records], abs=0.005)


def test_a_crossed_ring_stays_crossed_and_a_null_shape_null(tmp_path: Path) -> None:
    crossed = ORIGIN + np.array([(0, 0), (0, 100), (100, 0), (100, 100), (0, 0)], dtype=float)
    write_shapefile(tmp_path / "bad.shp", [Column("名称", 10)], [[crossed], None], [["甲"], ["乙"]])
    back, _ = read(tmp_path / "bad.shp")
    assert (shapely.get_coordinates(back[0]) == crossed).all()
    assert not back[0].is_valid
    assert back[1] is None


def test_a_text_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="longer than 10 bytes"):
        write_shapefile(tmp_path / "x.shp", [Column("名称", 10)], [None], [["六个汉字太长"]])


def test_a_field_name_of_more_than_ten_bytes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at most 10 bytes"):
        write_shapefile(tmp_path / "x.shp", [Column("控制线编号码", 10)], [], [])
