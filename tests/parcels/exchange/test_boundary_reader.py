"""The bureaus' boundary-point TXT as an import: what it says is read, and what doesn't fit is told by its plot."""

import zipfile
from pathlib import Path

import pytest

from landgis.counties.models import County
from parcels.cadastre.models import Parcel
from parcels.exchange.vector import read_vector
from tests.parcels.exchange.parcel_files import EAST, NORTH, codes, run

HEADER = """[属性描述]
格式版本号=1.01版本
数据产生单位=示意测绘院
坐标系={system}
几度分带=3
投影类型=高斯克吕格
计量单位=米
带号={zone}
精度=0.001
转换参数=0,0,0,0,0,0,0
[地块坐标]
"""
E = int(EAST) + 40_000_000
N = int(NORTH)


def ring(
    east: float, north: float, size: float, *, number: int = 1, first: int = 1, closed: bool = True
) -> list[str]:
    corners = [(north + size, east), (north + size, east + size), (north, east + size), (north, east)]
    lines = [f"J{first + i:02d},{number},{x:.3f},{y:.3f}" for i, (x, y) in enumerate(corners)]
    return lines + [lines[0]] * closed


def plot(i: int, *lines: str, points: int = 5, area: str = "1.0000", rest: str = "面,,,0601,@") -> list[str]:
    return [f"{points},{area},990001001001GB{i:05d},地块{i},{rest}", *(lines or ring(E + 200 * i, N, 100))]


def written(
    folder: Path, *plots: list[str], encoding: str = "gbk", system: str = "2000国家大地坐标系", zone: int = 40
) -> Path:
    path = folder / "界址点.txt"
    body = "\r\n".join(line for lines in plots for line in lines)
    path.write_bytes((HEADER.format(system=system, zone=zone) + body).encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["gbk", "utf-8", "utf-8-sig"])
def test_plots_become_parcels_with_their_holes_and_stated_areas(
    county: County, tmp_path: Path, encoding: str
) -> None:
    hole = ring(E + 420, N + 20, 10, number=2, first=5)
    file = written(
        tmp_path, plot(1), plot(2, *ring(E + 400, N, 100), *hole, points=10, area="0.9900"), encoding=encoding
    )
    result = run(county, file, commit=True)
    assert (result.rows, result.accepted, result.issues) == (2, 2, [])
    assert result.crs == "EPSG:4528"
    parcel = Parcel.objects.get(code="990001001001GB00002")
    assert parcel.registered_area_m2 == 9900
    assert parcel.planar_area_m2 == pytest.approx(9900, abs=1e-3)
    assert parcel.land_class_code == "0601"
    assert parcel.geom_4490[0].num_interior_rings == 1
    assert run(county, file, commit=True).unchanged == 2


def test_columns_the_other_way_round_and_without_the_zone_are_understood(
    county: County, tmp_path: Path
) -> None:
    def turned(line: str) -> str:
        label, number, x, y = line.split(",")
        return f"{label},{number},{y},{x}"

    swapped = run(county, written(tmp_path, plot(1, *map(turned, ring(E, N, 100)))))
    assert (swapped.accepted, swapped.issues) == (1, [])
    assert any("颠倒" in note for note in swapped.notes)
    bare = run(county, written(tmp_path, plot(1, *ring(EAST, N, 100))))
    assert (bare.accepted, bare.crs) == (1, "EPSG:4549")


@pytest.mark.parametrize("area", ["1公顷", "10000㎡", "10000平方米", "1.0000"])
def test_areas_with_their_unit_behind_them(county: County, tmp_path: Path, area: str) -> None:
    run(county, written(tmp_path, plot(1, area=area)), commit=True)
    assert Parcel.objects.get().registered_area_m2 == 10000


def test_what_does_not_fit_is_told_by_the_plot_and_the_others_load(county: County, tmp_path: Path) -> None:
    file = written(
        tmp_path,
        plot(1, points=7),
        plot(2, *ring(E + 400, N, 100, closed=False), points=4),
        plot(3, area="2.0000"),
        plot(4, *ring(E + 800, N, 100)[:2], points=2),
        plot(5, "J01,1,3241000.0,坏 1 2", *ring(E + 1000, N, 100)),
        plot(6, *ring(E + 1200, N + 3_000_000, 100)),
    )
    result = run(county, file, commit=True)
    assert codes(result, 1) == {"point_count_mismatch"}
    assert codes(result, 2) == {"ring_not_closed"}
    assert codes(result, 3) == {"area_mismatch"}
    assert codes(result, 4) == {"ring_too_short"}
    assert "line_unreadable" in codes(result, 5)
    assert "out_of_county" in codes(result, 6)
    assert sorted(Parcel.objects.values_list("code", flat=True)) == [
        f"990001001001GB{i:05d}" for i in (1, 2, 3)
    ]


def test_another_zone_than_stated_is_told(county: County, tmp_path: Path) -> None:
    assert codes(run(county, written(tmp_path, plot(1), zone=39))) == {"zone_mismatch"}


@pytest.mark.parametrize(
    "system", ["1980西安坐标系", "1954年北京坐标系", "北京54坐标系", "1980国家大地坐标系"]
)
def test_old_datums_are_refused_by_the_name_in_the_header(
    county: County, tmp_path: Path, system: str
) -> None:
    result = run(county, written(tmp_path, plot(1), system=system))
    assert codes(result) == {"crs_old_datum"}


def test_a_text_without_points_and_a_zip_with_one_text(county: County, tmp_path: Path) -> None:
    empty = tmp_path / "说明.txt"
    empty.write_text("交付说明", encoding="gbk")
    assert codes(run(county, empty)) == {"coordinates_missing"}
    packed = tmp_path / "成果.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(written(tmp_path, plot(1)), "成果/界址点.txt")
    assert read_vector(packed).text("地块编号").tolist() == ["990001001001GB00001"]
