"""Any delivered vector file becomes the same table: columns, shapes, system, encoding, rows in order (domain 9.2)."""

from __future__ import annotations

import json
import shutil
import sqlite3
import struct
from pathlib import Path

import numpy as np
import pytest
import shapely

from landgis.lib.errors import InputError
from layers.geometry.crs import detect_crs
from parcels.exchange.vector import VectorTable, list_layers, read_vector
from tests.parcels.exchange.vector_files import CODES, HOLDERS, SQUARES, columns, shapefile, written

LONLAT = [shapely.box(120 + 0.01 * i, 29.2, 120.005 + 0.01 * i, 29.205) for i in range(3)]


def refusal(path: Path, **options: str) -> InputError:
    with pytest.raises(InputError) as refused:
        read_vector(path, **options)
    assert refused.value.message
    assert refused.value.remedy
    return refused.value


def assert_delivered(table: VectorTable) -> None:
    assert list(table.columns) == ["宗地代码", "权利人", "面积"]
    assert table.columns["宗地代码"].tolist() == CODES
    assert table.columns["权利人"].tolist() == HOLDERS
    assert table.columns["面积"].tolist() == [2400.0, 2400.5, 2401.25]
    assert shapely.equals(table.geoms, np.array(SQUARES)).all()


@pytest.mark.parametrize(
    ("name", "driver"),
    [("a.gpkg", "GPKG"), ("a.geojson", "GeoJSON"), ("a.gdb", "OpenFileGDB"), ("a.fgb", "FlatGeobuf")],
)
def test_other_formats_give_the_same_table_as_a_shapefile(tmp_path: Path, name: str, driver: str) -> None:
    data = columns(宗地代码=CODES, 权利人=HOLDERS, 面积=[2400.0, 2400.5, 2401.25])
    path = tmp_path / name
    if driver == "FlatGeobuf":  # its index puts rows in another order
        written(path, {k: v[:1] for k, v in data.items()}, SQUARES[:1], driver=driver)
        assert read_vector(path).columns["权利人"].tolist() == HOLDERS[:1]
        return
    table = read_vector(written(path, data, driver=driver))
    assert_delivered(table)
    assert (table.driver, table.encoding, len(table)) == (driver, "UTF-8", 3)
    assert (
        detect_crs(
            table.crs,
            shapely.get_coordinates(table.geoms),
            survey_crs=4549,
            bbox_4490=(119.7, 29, 120.3, 29.6),
        ).epsg
        == 4528
    )


def test_a_gbk_shapefile_without_cpg(tmp_path: Path) -> None:
    table = read_vector(shapefile(tmp_path))
    assert_delivered(table)
    assert (table.encoding, table.driver, table.layer) == ("GB18030", "ESRI Shapefile", "parcels")
    assert HOLDERS[0] in table.sample
    assert table.crs is not None
    assert table.crs.startswith('PROJCS["CGCS2000_3_Degree_GK_Zone_40"')
    assert table.issues == ()


def test_rows_without_a_shape_stay_in_their_place(tmp_path: Path) -> None:
    for name, driver in (("a.shp", "ESRI Shapefile"), ("b.gpkg", "GPKG"), ("c.geojson", "GeoJSON")):
        data = columns(CODE=CODES)
        table = read_vector(written(tmp_path / name, data, [SQUARES[0], None, SQUARES[2]], driver=driver))
        assert [geom is None for geom in table.geoms] == [False, True, False]
        assert table.columns["CODE"].tolist() == CODES
        assert table.issues == ()


def test_numbers_dates_and_nothing_as_texts(tmp_path: Path) -> None:
    days = np.array(["2019-04-19", "NaT", "2021-12-31"], "M8[D]")
    data = columns(NAME=["甲", None, "丙"], WHOLE=[1, 2, 3], LARGE=[1234567.125, np.nan, 0.0001])
    table = read_vector(shapefile(tmp_path, data=data | {"DAY": days}))
    assert table.columns["NAME"].tolist() == ["甲", None, "丙"]
    assert table.columns["DAY"].dtype == "M8[D]"
    assert table.text("NAME").tolist() == ["甲", "", "丙"]
    assert table.text("WHOLE").tolist() == ["1", "2", "3"]
    assert table.text("LARGE").tolist() == ["1234567.125", "", "0.0001"]
    assert table.text("DAY").tolist() == ["2019-04-19", "", "2021-12-31"]


def test_moments_that_are_all_midnight_are_dates_others_keep_their_time(tmp_path: Path) -> None:
    midnight = np.array(["2019-04-19", "NaT", "2021-12-31"], "M8[ms]")
    moments = np.array(["2019-04-19T10:30:00", "NaT", "2021-12-31"], "M8[ms]")
    path = written(tmp_path / "a.gpkg", {"day": midnight, "at": moments}, driver="GPKG")
    table = read_vector(path)
    assert table.text("day").tolist() == ["2019-04-19", "", "2021-12-31"]
    assert table.text("at").tolist() == ["2019-04-19 10:30:00", "", "2021-12-31 00:00:00"]
    yes = written(tmp_path / "b.gpkg", {"yes": np.array([True, False, True])}, driver="GPKG")
    assert read_vector(yes).text("yes").tolist() == ["是", "否", "是"]


def test_codes_kept_as_numbers_are_noticed_when_their_last_digits_are_gone(tmp_path: Path) -> None:
    data = columns(CODE=[3.3078200100100012e18, 1.0, 2.0], FINE=[330782001.0, 1.5, 2.0])
    table = read_vector(written(tmp_path / "a.gpkg", data, driver="GPKG"))
    assert [(issue.code, issue.field) for issue in table.issues] == [("number_inexact", "CODE")]


def test_titles_of_columns_come_along(tmp_path: Path) -> None:
    path = written(tmp_path / "a.gpkg", columns(ZDDM=CODES), driver="GPKG")
    assert read_vector(path).aliases == {}
    with sqlite3.connect(path) as database:
        database.execute(
            "CREATE TABLE gpkg_data_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT,"
            " title TEXT, description TEXT, mime_type TEXT, constraint_name TEXT,"
            " CONSTRAINT pk PRIMARY KEY (table_name, column_name))"
        )
        database.execute(
            "INSERT INTO gpkg_data_columns VALUES ('a', 'ZDDM', '宗地代码', NULL, NULL, NULL, NULL)"
        )
        database.execute(
            "INSERT INTO gpkg_extensions VALUES ('gpkg_data_columns', NULL, 'gpkg_schema', 'x', 'read-write')"
        )
    assert read_vector(path).aliases == {"ZDDM": "宗地代码"}


def test_a_source_of_several_layers_is_not_chosen_from(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    written(path, columns(CODE=CODES), driver="GPKG", layer="宗地")
    written(path, columns(CODE=CODES[:1]), SQUARES[:1], driver="GPKG", layer="控制线", append=True)
    assert [(layer.name, layer.geometry_type) for layer in list_layers(path)] == [
        ("宗地", "Polygon"), ("控制线", "Polygon"),
    ]  # fmt: skip
    refused = refusal(path)
    assert refused.code == "vector_several_layers"
    assert "宗地、控制线" in refused.message
    assert len(read_vector(path, layer="控制线")) == 1
    assert refusal(path, layer="道路").code == "vector_no_such_layer"


def test_the_only_layer_of_polygons_is_taken_and_said(tmp_path: Path) -> None:
    path = tmp_path / "a.gdb"
    written(path, columns(CODE=CODES), driver="OpenFileGDB", layer="zd")
    points = [shapely.Point(40_506_000, 3_242_000)]
    written(
        path,
        columns(NAME=["界址点"]),
        points,
        driver="OpenFileGDB",
        layer="jzd",
        append=True,
        geometry_type="Point",
    )
    table = read_vector(path)
    assert (table.layer, len(table)) == ("zd", 3)
    assert table.issues[0].code == "vector_layer_chosen"
    assert "jzd" in table.notes[0]


def test_geojson_without_a_crs_says_nothing_about_it(tmp_path: Path) -> None:
    path = written(tmp_path / "a.geojson", columns(CODE=CODES), LONLAT, driver="GeoJSON", crs="EPSG:4326")
    text = json.loads(path.read_text())
    text.pop("crs", None)
    path.write_text(json.dumps(text))
    assert read_vector(path).crs is None
    text["crs"] = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}
    path.write_text(json.dumps(text))
    assert read_vector(path).crs == "EPSG:4490"


def test_geojson_in_gbk_is_read_and_a_broken_one_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "a.geojson", columns(权利人=HOLDERS), driver="GeoJSON")
    original = path.read_text(encoding="utf-8")
    path.write_bytes(original.encode("gb18030"))
    table = read_vector(path)
    assert (table.encoding, table.columns["权利人"].tolist()) == ("GB18030", HOLDERS)
    assert table.crs == "EPSG:4528"
    path.write_bytes(original.encode("utf-8") + b" \xff\xff")
    assert refusal(path).code == "encoding_wrong"
    path.write_bytes(b"\xef\xbb\xbf" + original.encode("utf-8"))
    assert read_vector(path).columns["权利人"].tolist() == HOLDERS


def test_an_open_ring_is_told_and_not_closed(tmp_path: Path) -> None:
    ring = [[120.0, 29.2], [120.1, 29.2], [120.1, 29.3], [120.0, 29.25]]
    features = [
        {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [shape]}}
        for shape in ([*ring, ring[0]], ring, ring[:2])
    ]
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    with pytest.warns(RuntimeWarning, match="Non closed ring"):
        table = read_vector(path)
    assert [geom is None for geom in table.geoms] == [False, True, True]
    assert [(issue.row, issue.code) for issue in table.issues] == [
        (2, "geometry_invalid"), (3, "geometry_invalid"),
    ]  # fmt: skip
    assert "没有闭合" in table.issues[0].message


def test_shapes_are_delivered_as_they_stand(tmp_path: Path) -> None:
    bow_tie = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    high = shapely.force_3d(SQUARES[1], 12.0)
    path = written(
        tmp_path / "a.gpkg",
        columns(CODE=CODES),
        [bow_tie, high, SQUARES[2]],
        driver="GPKG",
        geometry_type="Unknown",
    )
    table = read_vector(path)
    assert not table.geoms[0].is_valid
    assert shapely.equals_exact(table.geoms[0], bow_tie)
    assert table.geoms[1].has_z


def test_arcs_are_read_as_chords_and_said(tmp_path: Path) -> None:
    path = written(tmp_path / "a.gpkg", columns(CODE=CODES), [None, *SQUARES[1:]], driver="GPKG")
    points = [(0, 0), (1, 1), (2, 0), (1, -1), (0, 0)]
    arc = struct.pack("<BII", 1, 8, 5) + b"".join(struct.pack("<dd", *point) for point in points)
    curve = struct.pack("<BII", 1, 10, 1) + arc
    with sqlite3.connect(path) as database:
        for (trigger,) in database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            database.execute(f'DROP TRIGGER "{trigger}"')
        blob = b"GP" + bytes([0, 1]) + struct.pack("<i", 4528) + curve
        database.execute("UPDATE a SET geom = ? WHERE CODE = ?", (blob, CODES[1]))
        database.execute("UPDATE gpkg_geometry_columns SET geometry_type_name = 'CURVEPOLYGON'")
    table = read_vector(path)
    assert shapely.area(table.geoms[1]) == pytest.approx(np.pi, abs=0.01)
    assert shapely.area(table.geoms[2]) == 2400
    assert [(issue.row, issue.code) for issue in table.issues] == [(2, "geometry_linearised")]


@pytest.mark.parametrize(
    "name", ["plan.dwg", "data.vct", "old.mdb", "all.rar", "notes.doc", "a.wp", "broken.gpkg"]
)
def test_what_cannot_be_read_comes_with_what_to_do(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"\x00\x01 nothing that GDAL knows")
    assert refusal(tmp_path / name).code == "vector_unreadable"


def test_a_missing_file_a_table_without_shapes_and_an_empty_folder(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.shp").code == "file_missing"
    (tmp_path / "folder").mkdir()
    assert refusal(tmp_path / "folder").code == "zip_without_vector"
    csv = tmp_path / "table.csv"
    csv.write_text("a,b\n1,2\n")
    assert refusal(csv).code == "vector_no_geometry"


def test_a_folder_with_one_shapefile_and_a_part_of_it_name_the_same_layer(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    assert_delivered(read_vector(tmp_path))
    assert_delivered(read_vector(path.with_suffix(".dbf")))
    assert_delivered(read_vector(str(path)))
    shutil.copytree(tmp_path, tmp_path / "copy")
    assert refusal(tmp_path).code == "vector_several_layers"


def test_nothing_is_written_beside_the_delivered_file(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    path.with_suffix(".shx").unlink()
    before = {file.name: file.stat().st_mtime_ns for file in tmp_path.iterdir()}
    read_vector(path)
    assert {file.name: file.stat().st_mtime_ns for file in tmp_path.iterdir()} == before
