"""Shapefiles with parts missing, damaged or in odd letters, and zips of them (domain 9.2)."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest

from landgis.lib.errors import InputError
from parcels.exchange.shapefiles import rebuild_index
from parcels.exchange.vector import read_vector
from tests.parcels.exchange.vector_files import (
    CODES,
    HOLDERS,
    SQUARES,
    columns,
    parts,
    shapefile,
    written,
    zipped,
)

EVERY = (".shp", ".shx", ".dbf", ".prj")


def refusal(path: Path) -> InputError:
    with pytest.raises(InputError) as refused:
        read_vector(path)
    assert refused.value.message
    assert refused.value.remedy
    return refused.value


def test_a_missing_index_is_rebuilt_byte_for_byte(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    index = path.with_suffix(".shx")
    assert rebuild_index(path, tmp_path / "again.shx") == 3
    assert (tmp_path / "again.shx").read_bytes() == index.read_bytes()
    index.unlink()
    table = read_vector(path)
    assert table.columns["权利人"].tolist() == HOLDERS
    assert [issue.code for issue in table.issues] == ["shp_index_rebuilt"]


def test_an_index_that_does_not_match_is_rebuilt(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    index = path.with_suffix(".shx")
    index.write_bytes(index.read_bytes()[:-8])
    table = read_vector(path)
    assert len(table) == 3
    assert "索引" in table.notes[0]


def test_a_missing_prj_is_said(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    path.with_suffix(".prj").unlink()
    table = read_vector(path)
    assert table.crs is None
    assert [issue.code for issue in table.issues] == ["shp_without_prj"]


def test_a_missing_table_or_a_missing_shape_file_is_an_error(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    table = path.with_suffix(".dbf")
    kept = table.read_bytes()
    table.unlink()
    assert refusal(path).code == "shp_without_dbf"
    table.write_bytes(kept)
    path.unlink()
    assert refusal(table).code == "shp_missing"


def test_a_table_of_another_length_is_an_error(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    other = tmp_path / "other"
    other.mkdir()
    data = columns(宗地代码=CODES[:2], 权利人=HOLDERS[:2], 面积=[1.0, 2.0])
    shutil.copy(shapefile(other, data=data, geoms=SQUARES[:2]).with_suffix(".dbf"), path.with_suffix(".dbf"))
    refused = refusal(path)
    assert refused.code == "shp_dbf_mismatch"
    assert "3 个图形" in refused.message
    assert "2 行" in refused.message


def test_a_file_cut_off_in_copying_is_an_error(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    path.with_suffix(".shx").unlink()
    path.write_bytes(path.read_bytes()[:-20])
    assert refusal(path).code == "shp_damaged"
    path.write_bytes(b"not a shapefile")
    assert refusal(path).code == "shp_damaged"


@pytest.mark.parametrize("part", [".shp", ".dbf"])
@pytest.mark.parametrize("left", [0, 60, -20])
def test_a_copy_that_broke_off_is_refused_though_its_index_is_whole(
    tmp_path: Path, part: str, left: int
) -> None:
    path = shapefile(tmp_path)
    cut = path.with_suffix(part)
    cut.write_bytes(cut.read_bytes()[:left])
    assert refusal(path).code == f"{part[1:]}_damaged"


def test_parts_in_capitals_belong_together(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    for suffix in EVERY:
        path.with_suffix(suffix).rename(tmp_path / f"PARCELS{suffix.upper()}")
    (tmp_path / "PARCELS.DBF").rename(tmp_path / "Parcels.Dbf")
    assert read_vector(tmp_path / "PARCELS.SHP").columns["权利人"].tolist() == HOLDERS


@pytest.mark.parametrize(("names", "flag"), [("gbk", False), ("utf-8", False), ("utf-8", True)])
def test_a_zip_with_chinese_names_in_any_encoding(tmp_path: Path, names: str, flag: bool) -> None:
    path = shapefile(tmp_path)
    members = {f"义乌/宗地{suffix}": path.with_suffix(suffix) for suffix in EVERY}
    table = read_vector(zipped(tmp_path / "delivery.zip", members, names=names, flag=flag))
    assert (table.layer, table.columns["权利人"].tolist()) == ("宗地", HOLDERS)


def test_a_zip_may_hold_rubbish_of_operating_systems_but_not_two_layers(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    rubbish = {"__MACOSX/._parcels.shp": path, ".DS_Store": path}
    archive = zipped(tmp_path / "a.zip", parts(path, *EVERY) | rubbish)
    assert len(read_vector(archive)) == 3
    two = parts(path, *EVERY) | {f"second{suffix}": path.with_suffix(suffix) for suffix in EVERY}
    archive = zipped(tmp_path / "b.zip", two)
    assert "parcels、second" in refusal(archive).message
    assert len(read_vector(archive, layer="second")) == 3


def test_a_zip_never_writes_outside_its_folder(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    archive = zipped(
        tmp_path / "a.zip", parts(path, *EVERY) | {"../../escaped.shp": path, "/etc/x.shp": path}
    )
    with pytest.raises(InputError, match="x"):
        read_vector(archive)
    assert not (tmp_path.parent / "escaped.shp").exists()


@pytest.mark.parametrize("inside", ["地籍.gdb/", ""])
def test_a_zipped_filegdb_with_or_without_its_folder(tmp_path: Path, inside: str) -> None:
    folder = tmp_path / "source.gdb"
    written(folder, columns(宗地代码=CODES), driver="OpenFileGDB", layer="zd")
    members = {inside + file.name: file for file in folder.iterdir()}
    table = read_vector(zipped(tmp_path / "cadastre.gdb.zip", members))
    assert (table.driver, table.layer, table.columns["宗地代码"].tolist()) == ("OpenFileGDB", "zd", CODES)
    assert table.crs == "EPSG:4528"


def test_a_geopackage_in_a_zip(tmp_path: Path) -> None:
    path = written(tmp_path / "a.gpkg", columns(宗地代码=CODES), driver="GPKG")
    assert len(read_vector(zipped(tmp_path / "a.zip", {"数据/a.gpkg": path}))) == 3


def test_zips_that_are_damaged_locked_or_without_data(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.zip"
    damaged.write_bytes(b"PK\x03\x04 and no more")
    assert refusal(damaged).code == "zip_damaged"
    readme = tmp_path / "readme.txt"
    readme.write_text("nothing")
    assert refusal(zipped(tmp_path / "none.zip", {"readme.md": readme})).code == "zip_without_vector"
    assert refusal(zipped(tmp_path / "text.zip", {"readme.txt": readme})).code == "coordinates_missing"
    assert "DWG" in refusal(zipped(tmp_path / "cad.zip", {"plan.dwg": readme, "readme.txt": readme})).remedy
    locked = zipped(tmp_path / "locked.zip", {"a.shp": readme})
    raw = bytearray(locked.read_bytes())
    with zipfile.ZipFile(locked) as archive:
        directory = archive.start_dir
    raw[6] |= 1
    raw[directory + 8] |= 1
    locked.write_bytes(bytes(raw))
    assert refusal(locked).code == "zip_encrypted"
