"""The files as others read them: GeoJSON by RFC 7946, GBK shapefiles, tables with codes as text, boundary points."""

import csv
import json
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pyogrio
import pytest
import python_calamine
import shapely
from django.contrib.gis.geos import MultiPolygon, Polygon
from hypothesis import given
from hypothesis import strategies as st

from landgis.access.queries import command_actor
from landgis.counties.models import County
from parcels.cadastre.models import Parcel
from parcels.exchange.export import Exported, export_collection
from parcels.exchange.fields import map_fields
from parcels.exchange.vector import read_vector
from tests import factories
from tests.factories import ORIGIN, TOWN_EAST, box

CODES = ["990001100001GB00001", "990001100001GB00002", "990001101001GB00003"]


def export(register: County, out: Path, **asked: Any) -> Exported:
    actor = command_actor("system", register)
    asked = {"collection": "parcels", "reason": "测试", **asked}
    return export_collection(county=register, actor=actor, out=out, **asked)


def document(register: County, out: Path, **asked: Any) -> dict[str, Any]:
    export(register, out, **asked)
    read: dict[str, Any] = json.loads(out.read_bytes())
    return read


class TestGeoJson:
    def test_rfc_7946_members_only_and_no_crs(self, register: County, tmp_path: Path) -> None:
        collection = document(register, tmp_path / "x.geojson")
        assert collection.keys() == {"type", "name", "features"}
        assert collection["type"] == "FeatureCollection"
        for feature in collection["features"]:
            assert feature.keys() == {"type", "id", "geometry", "properties"}
            assert feature["geometry"].keys() == {"type", "coordinates"}

    def test_features_stand_in_the_order_of_their_codes(self, register: County, tmp_path: Path) -> None:
        assert [feature["id"] for feature in document(register, tmp_path / "x.geojson")["features"]] == CODES
        first = (tmp_path / "x.geojson").read_bytes()
        export(register, tmp_path / "y.geojson")
        assert (tmp_path / "y.geojson").read_bytes() == first

    def test_chinese_stands_as_it_is_and_every_text_survives(self, register: County, tmp_path: Path) -> None:
        collection = document(register, tmp_path / "x.geojson")
        raw = (tmp_path / "x.geojson").read_text(encoding="utf-8")
        assert "示意针织有限公司" in raw
        assert "\\u" not in raw
        assert collection["features"][0]["properties"]["location"] == '甲路1号，"东"侧\n院内'

    @given(
        st.text(alphabet=st.characters(blacklist_characters="\0", blacklist_categories=["Cs"]), max_size=40)
    )
    def test_any_text_survives_in_geojson_and_csv(
        self, register: County, tmp_path_factory: pytest.TempPathFactory, text: str
    ) -> None:
        folder = tmp_path_factory.mktemp("text")
        with factories.writing(register):
            register_row = Parcel.objects.get(county=register, code=CODES[0])
            register_row.location = text
            register_row.save()
        collection = document(register, folder / "x.geojson")
        assert collection["features"][0]["properties"]["location"] == text
        export(register, folder / "x.csv")
        with (folder / "x.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        assert len(rows) == 3
        plain = text.translate({1: " ", 2: " ", 10: " ", 13: " "})
        assert rows[0]["坐落"] in (plain, f"\t{plain}")  # a tab before what Excel would take for a formula

    def test_outer_rings_run_counter_clockwise_and_holes_clockwise(
        self, register: County, tmp_path: Path
    ) -> None:
        for feature in document(register, tmp_path / "x.geojson")["features"]:
            for outer, *holes in feature["geometry"]["coordinates"]:
                assert shapely.LinearRing(outer).is_ccw
                assert not any(shapely.LinearRing(hole).is_ccw for hole in holes)

    def test_holes_and_parts_are_kept(self, register: County, tmp_path: Path) -> None:
        shape = document(register, tmp_path / "x.geojson")["features"][2]["geometry"]
        assert shape["type"] == "MultiPolygon"
        assert [len(polygon) for polygon in shape["coordinates"]] == [2, 1]

    def test_nine_decimals_stay_within_a_tenth_of_a_millimetre(
        self, register: County, tmp_path: Path
    ) -> None:
        stored = shapely.from_wkt(Parcel.objects.get(code=CODES[0]).geom_4490.wkt)
        given_ = shapely.geometry.shape(document(register, tmp_path / "x.geojson")["features"][0]["geometry"])
        assert shapely.hausdorff_distance(stored, given_) < 1e-9
        coordinates = json.dumps(shapely.geometry.mapping(given_)["coordinates"])
        assert (
            max(
                len(number.split(".")[1])
                for number in coordinates.replace("[", "").replace("]", "").split(", ")
            )
            <= 9
        )

    def test_neighbours_keep_their_common_corners(self, register: County, tmp_path: Path) -> None:
        one, two, _ = document(register, tmp_path / "x.geojson")["features"]
        corners = [{tuple(point) for point in f["geometry"]["coordinates"][0][0]} for f in (one, two)]
        assert len(corners[0] & corners[1]) == 2

    @pytest.mark.parametrize(
        "ring",
        [
            # A spike narrower than the ninth decimal, a slit, and a hole that collapses when rounded.
            [
                [
                    (0, 0),
                    (1e-4, 0),
                    (1e-4, 1e-4),
                    (5e-5 + 1e-11, 1e-4),
                    (5e-5, 2e-4),
                    (5e-5 - 1e-11, 1e-4),
                    (0, 1e-4),
                    (0, 0),
                ]
            ],
            [
                [
                    (0, 0),
                    (1e-4, 0),
                    (1e-4, 1e-4),
                    (5e-5 + 1e-11, 1e-4),
                    (5e-5, 1e-5),
                    (5e-5 - 1e-11, 1e-4),
                    (0, 1e-4),
                    (0, 0),
                ]
            ],
            [
                [(0, 0), (1e-4, 0), (1e-4, 1e-4), (0, 1e-4), (0, 0)],
                [(3e-5, 3e-5), (3e-5 + 2e-10, 3e-5), (3e-5 + 2e-10, 3e-5 + 2e-10), (3e-5, 3e-5)],
            ],
        ],
    )
    def test_a_shape_that_rounding_would_break_keeps_its_digits(
        self, register: County, tmp_path: Path, ring: list[list[tuple[float, float]]]
    ) -> None:
        x, y = ORIGIN
        rings = [[(x + 0.02 + east, y + north) for east, north in one] for one in ring]
        factories.parcel(register, "X", MultiPolygon(Polygon(*rings), srid=4490))
        shapes = [
            shapely.geometry.shape(f["geometry"])
            for f in document(register, tmp_path / "x.geojson")["features"]
        ]
        assert all(shape.is_valid for shape in shapes)
        assert shapely.normalize(shapely.MultiPolygon([(rings[0], rings[1:])])).equals_exact(
            shapely.normalize(shapes[-1]), 1e-14
        )
        assert shapely.get_num_interior_rings(shapes[-1].geoms[0]) == len(rings) - 1

    def test_lines_are_whole_features(self, register: County, tmp_path: Path) -> None:
        export(register, tmp_path / "x.geojsonl")
        lines = (tmp_path / "x.geojsonl").read_text(encoding="utf-8").splitlines()
        assert [json.loads(line)["id"] for line in lines] == CODES


@pytest.mark.parametrize("extension", ["gpkg", "fgb", "parquet"])
class TestGisFormats:
    def test_shapes_names_and_types_survive(self, register: County, tmp_path: Path, extension: str) -> None:
        out = tmp_path / f"x.{extension}"
        export(register, out)
        frame = geopandas.read_parquet(out) if extension == "parquet" else pyogrio.read_dataframe(out)
        assert frame.crs.to_epsg() == 4490
        assert frame["code"].tolist() == CODES
        assert frame["land_class_code"].tolist() == ["0601", "0601", "0604"]
        assert frame["location"].tolist()[0] == '甲路1号，"东"侧\n院内'
        assert str(frame["registered_on"][0])[:10] == "2019-04-19"
        assert frame["registered_on"].isna().tolist() == [False, True, True]
        assert np.isnan(frame["registered_area_m2"][1])
        stored = shapely.from_wkt(Parcel.objects.get(code=CODES[2]).geom_4490.wkt)
        assert frame.geometry[2].equals_exact(stored, 0)

    def test_another_crs_moves_the_shapes(self, register: County, tmp_path: Path, extension: str) -> None:
        out = tmp_path / f"x.{extension}"
        export(register, out, crs=4549)
        frame = geopandas.read_parquet(out) if extension == "parquet" else pyogrio.read_dataframe(out)
        assert frame.crs.to_epsg() == 4549
        parcel = Parcel.objects.get(code=CODES[1])
        assert frame.geometry[1].area == pytest.approx(parcel.planar_area_m2, abs=1e-3)


@pytest.mark.parametrize("extension", ["gpkg", "fgb"])
def test_the_layer_is_called_by_its_collection_and_reads_back_under_any_file_name(
    register: County, tmp_path: Path, extension: str
) -> None:
    out = tmp_path / f"宗地 2026.{extension}"
    export(register, out)
    assert pyogrio.list_layers(out)[:, 0].tolist() == ["parcels"]
    table = read_vector(out)
    assert table.text("code").tolist() == CODES
    assert map_fields(table.columns).columns["real_estate_unit_code"] == "real_estate_unit_code"


class TestShapefile:
    def test_chinese_names_and_texts_in_gbk_with_prj_and_cpg(self, register: County, tmp_path: Path) -> None:
        export(register, tmp_path / "x.zip", crs=4528)
        with zipfile.ZipFile(tmp_path / "x.zip") as archive:
            assert {Path(name).suffix for name in archive.namelist()} == {
                ".shp",
                ".shx",
                ".dbf",
                ".prj",
                ".cpg",
            }
            dbf = archive.read("parcels.dbf")
            assert archive.read("parcels.cpg") == b"GBK"
            assert b"CGCS2000" in archive.read("parcels.prj")
        assert "示意针织有限公司".encode("gbk") in dbf
        assert "宗地代码".encode("gbk") in dbf
        frame = pyogrio.read_dataframe(tmp_path / "x.zip")
        assert frame.crs.to_epsg(min_confidence=20) == 4528
        assert frame["宗地代码"].tolist() == CODES
        assert frame["地类编码"].tolist() == ["0601", "0601", "0604"]
        assert frame["宗地面积"][0] == 10000.5
        assert 40_000_000 < frame.total_bounds[0] < 41_000_000

    def test_what_a_dbf_cant_hold_is_listed_and_cut_between_characters(
        self, register: County, tmp_path: Path
    ) -> None:
        long, rare = "义" * 130, "㐂记"
        factories.parcel(register, "Y1", box(20, 0, 21, 1), location=long)
        factories.parcel(register, "Y2", box(22, 0, 23, 1), location=rare)
        issues = export(register, tmp_path / "x.zip").issues
        assert [(issue.row, issue.code, issue.field, issue.severity) for issue in issues] == [
            (4, "text_cut", "location", "warning"),
            (5, "not_in_gbk", "location", "warning"),
        ]
        assert "260" in issues[0].message
        frame = pyogrio.read_dataframe(tmp_path / "x.zip")
        assert frame["坐落"].tolist()[3:] == ["义" * 127, "〓记"]


class TestTables:
    def test_csv_opens_in_excel_with_codes_as_text_and_no_formulas(
        self, register: County, tmp_path: Path
    ) -> None:
        export(register, tmp_path / "x.csv")
        raw = (tmp_path / "x.csv").read_bytes()
        assert raw.startswith(b"\xef\xbb\xbf")
        assert raw.count(b"\r\n") == 4
        with (tmp_path / "x.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        assert rows[0]["宗地代码"] == CODES[0]
        assert rows[0]["地类编码"] == "\t0601"
        assert rows[0]["登记面积（平方米）"] == "10000.5"
        assert rows[0]["坐落"] == '甲路1号，"东"侧 院内'
        assert rows[1]["坐落"] == "\t=1+1"
        assert rows[1]["登记面积（平方米）"] == ""

    def test_xlsx_has_titles_units_codes_as_text_and_real_dates(
        self, register: County, tmp_path: Path
    ) -> None:
        export(register, tmp_path / "x.xlsx")
        book = python_calamine.CalamineWorkbook.from_path(str(tmp_path / "x.xlsx"))
        assert book.sheet_names == ["宗地", "说明"]
        heading, *rows = book.get_sheet_by_name("宗地").to_python()
        first = dict(zip(heading, rows[0], strict=True))
        assert first["宗地代码"] == CODES[0]
        assert first["地类编码"] == "0601"
        assert str(first["登记日期"]) == "2019-04-19"
        assert first["登记面积（平方米）"] == 10000.5
        assert dict(zip(heading, rows[1], strict=True))["坐落"] == "=1+1"
        assert len(rows) == 3


class TestBoundaryPoints:
    def test_the_text_is_as_the_bureaus_write_it(self, register: County, tmp_path: Path) -> None:
        export(register, tmp_path / "x.txt", where=f"code = '{CODES[1]}'")
        raw = (tmp_path / "x.txt").read_bytes()
        assert raw.count(b"\r\n") == raw.count(b"\n")
        lines = raw.decode("gbk").split("\r\n")
        assert lines[0] == "[属性描述]"
        assert "带号=40" in lines
        assert "几度分带=3" in lines
        start = lines.index("[地块坐标]")
        count, hectares, code, name, kind, _, _, land_class, end = lines[start + 1].split(",")
        assert (count, code, name, kind, land_class, end) == ("5", CODES[1], "=1+1", "面", "0601", "@")
        area = Parcel.objects.get(code=CODES[1]).planar_area_m2
        assert Decimal(hectares) == Decimal(area / 10_000).quantize(Decimal("0.0001"))
        points = [line.split(",") for line in lines[start + 2 : -1]]
        assert [point[0] for point in points] == ["J01", "J02", "J03", "J04", "J01"]
        assert points[0] == points[-1]
        xy = [(float(east), float(north)) for _, _, north, east in points]
        assert not shapely.LinearRing(xy).is_ccw
        assert xy[0] == min(xy[:-1], key=lambda point: (round(-point[1], -1), point[0]))
        assert all(40_400_000 < east < 40_600_000 and 3_200_000 < north < 3_300_000 for east, north in xy)

    def test_rings_are_numbered_and_points_go_on(self, register: County, tmp_path: Path) -> None:
        export(register, tmp_path / "x.txt", where=f"town_code = '{TOWN_EAST}'")
        lines = (tmp_path / "x.txt").read_text(encoding="gbk").splitlines()
        points = [line.split(",") for line in lines[lines.index("[地块坐标]") + 2 :]]
        rings: dict[str, list[list[str]]] = {}
        for point in points:
            rings.setdefault(point[1], []).append(point)
        assert list(rings) == ["1", "2", "3"]
        assert [[point[0] for point in ring] for ring in rings.values()] == [
            ["J01", "J02", "J03", "J04", "J01"],
            ["J05", "J06", "J07", "J05"],
            ["J08", "J09", "J10", "J11", "J08"],
        ]
        turned = [
            shapely.LinearRing([(float(east), float(north)) for _, _, north, east in ring]).is_ccw
            for ring in rings.values()
        ]
        assert turned == [False, True, False]
