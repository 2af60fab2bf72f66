"""The large plain county: the asked number of parcels, tiled, in the same schema as the demo."""

from pathlib import Path

import pyogrio.raw
import pytest
import shapely

from demo.bench import write_bench
from demo.county import load_county
from demo.uscc import invented_uscc
from tests.demo.delivery import PROFILE, layer

COUNT = 1500


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("bench")
    write_bench(load_county(PROFILE), COUNT, 1, out)
    return out


def test_parcels_have_nineteen_vertices_and_share_them(folder: Path) -> None:
    meta, _, wkb, columns = pyogrio.raw.read(folder / "parcels.shp", encoding="GBK")
    shapes = shapely.from_wkb(wkb)
    assert len(shapes) == COUNT == len(set(columns[0]))
    assert list(meta["fields"]) == list(layer("parcels")[1])
    assert (shapely.get_num_coordinates(shapes) == 19).all()
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)
    assert (shapely.area(shapes) > 2000).all()


def test_control_lines_are_eighteen_with_fifteen_thousand_vertices(folder: Path) -> None:
    _, _, wkb, _ = pyogrio.raw.read(folder / "control_lines.shp", encoding="GBK")
    shapes = shapely.from_wkb(wkb)
    assert len(shapes) == 18
    assert 14_000 < shapely.get_num_coordinates(shapes).sum() < 17_000
    assert shapely.is_valid(shapes).all()


@pytest.mark.parametrize(
    ("name", "lines"),
    [("enterprises", 1 + 1200), ("occupancy", 1 + COUNT), ("annual_returns", 1 + 3 * 1200)],
)
def test_firms_and_figures_are_tables_of_text(folder: Path, name: str, lines: int) -> None:
    assert len((folder / f"{name}.csv").read_text(encoding="utf-8-sig").splitlines()) == lines


def test_credit_codes_never_repeat_beyond_five_digits() -> None:
    serials = [*range(99_990, 100_100), *range(1_000_000, 1_000_050)]
    assert len({invented_uscc("330782", serial) for serial in serials}) == len(serials)
