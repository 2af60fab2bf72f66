"""Shapes for the editor from pasted coordinates and dropped files, over HTTP: exact, in the survey CRS, nothing hostile."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import pytest
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from landgis.counties.models import County
from landgis.lib import uploads
from layers.geometry.transform import transform_xy
from tests.factories import SignIn
from tests.parcels.exchange.vector_files import parts, zipped

E0, N0 = 506_800.0, 3_242_500.0
SQUARE = [[E0, N0], [E0 + 100, N0], [E0 + 100, N0 + 50], [E0, N0 + 50]]
HOLE = [[E0 + 10, N0 + 10], [E0 + 20, N0 + 10], [E0 + 20, N0 + 20], [E0 + 10, N0 + 20]]


@pytest.fixture
def client(signed_in: SignIn) -> Client:
    return signed_in("registrar")


def paste(client: Client, text: Any, **more: Any) -> Any:
    return client.post(
        "/api/editing/geometry", json.dumps({"text": text, **more}), content_type="application/json"
    )


def drop(client: Client, name: str, content: bytes, **fields: str) -> Any:
    return client.post("/api/editing/geometry", {"file": SimpleUploadedFile(name, content), **fields})


def north_east(points: list[list[float]], prefix: float = 0) -> str:
    return "\n".join(f"J{n} {y!r} {x + prefix!r}" for n, (x, y) in enumerate(points, start=1))


def shape(said: Any, at: int = 0) -> shapely.Geometry:
    geom = shapely.geometry.shape(said.json()["shapes"][at]["geometry"])
    assert said.json()["shapes"][at]["geometry"]["type"] == "MultiPolygon"
    return geom


def test_pasted_coordinates_keep_every_digit(client: Client) -> None:
    exact = [[506800.12345678912, 3242500.1], [506901.3, 3242500.2000000001], [506900.7, 3242599.9]]
    said = paste(client, north_east(exact))
    assert said.status_code == 200
    body = said.json()
    assert body["crs_detected"] == "EPSG:4549"
    (only,) = body["shapes"]
    assert only["name"] == "图形 1"
    assert only["geometry"]["coordinates"] == [[[*exact, exact[0]]]]
    assert only["planar_area_m2"] == pytest.approx(shapely.Polygon(exact).area)
    assert body["issues"] == []


def test_the_zone_before_the_easting(client: Client) -> None:
    said = paste(client, north_east(SQUARE, prefix=40_000_000))
    assert said.json()["crs_detected"] == "EPSG:4528"
    assert shape(said).bounds == (E0, N0, E0 + 100, N0 + 50)


def test_swapped_columns_are_recognised_and_told(client: Client) -> None:
    said = paste(client, "\n".join(f"{x} {y}" for x, y in SQUARE))
    assert shape(said).bounds == (E0, N0, E0 + 100, N0 + 50)
    assert [issue["code"] for issue in said.json()["issues"]] == ["axis_swapped"]


@pytest.mark.parametrize("order", [slice(None), slice(None, None, -1)])
def test_degrees_in_either_order(client: Client, order: slice) -> None:
    lonlat = transform_xy(np.array(SQUARE), 4549, 4490)[:, order]
    said = paste(client, "\n".join(f"{a!r} {b!r}" for a, b in lonlat.tolist()))
    assert shape(said).bounds == pytest.approx((E0, N0, E0 + 100, N0 + 50), abs=1e-6)


def test_a_ring_inside_is_a_hole_and_one_beside_is_a_part(client: Client) -> None:
    beside = [[x + 300, y] for x, y in SQUARE]
    island = [[E0 + 13, N0 + 13], [E0 + 16, N0 + 13], [E0 + 16, N0 + 16]]
    said = paste(client, "\n\n".join(north_east(ring) for ring in (HOLE, SQUARE, island, beside)))
    (only,) = said.json()["shapes"]
    assert sorted(len(part) for part in only["geometry"]["coordinates"]) == [1, 1, 2]
    assert only["planar_area_m2"] == pytest.approx(5000 - 100 + 4.5 + 5000)
    assert shapely.is_valid(shape(said))


def test_what_is_wrong_with_a_shape_is_told_beside_it(client: Client) -> None:
    bow = [SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]]
    said = paste(client, north_east(bow))
    assert said.status_code == 200
    assert ("geometry_invalid", "error") in [(one["code"], one["severity"]) for one in said.json()["issues"]]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "text_missing"),
        (None, "text_missing"),
        (["J1 1 2"], "text_missing"),
        ("没有坐标", "coordinates_missing"),
        (north_east(SQUARE[:2]), "coordinates_missing"),
        ("1e30 1e30\n-1e30 1e29\n1e29 -1e30", "crs_outside_county"),
        (north_east([[x + 400_000, y] for x, y in SQUARE]), "crs_outside_county"),
        ("坐标系=西安80坐标系\n" + north_east(SQUARE), "crs_old_datum"),
    ],
)
def test_text_that_cannot_be_used(client: Client, text: Any, code: str) -> None:
    said = paste(client, text)
    assert (said.status_code, said.json()["code"]) == (422, code)
    assert "--" not in said.json()["remedy"]


@pytest.mark.parametrize("body", ["", "[", "[]", "7", '{"text": {}}', "[" * 100_000])
def test_bodies_that_are_no_request(client: Client, body: str) -> None:
    said = client.post("/api/editing/geometry", body, content_type="application/json")
    assert said.status_code == 422
    assert said.json()["message"]


def test_only_who_edits_may(signed_in: SignIn, client: Client) -> None:
    for role in ("leader", "township_officer", "agency"):
        assert paste(signed_in(role), north_east(SQUARE)).status_code == 403
    assert paste(Client(), north_east(SQUARE)).status_code == 401
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert paste(strict, north_east(SQUARE)).status_code == 403


TXT = "[属性描述]\r\n坐标系=2000国家大地坐标系\r\n[地块坐标]\r\n4,0.5,330782001001GB00001,甲厂,面,,工业,0601,@\r\n"


@pytest.mark.parametrize("encoding", ["gbk", "utf-8", "utf-8-sig", "utf-16"])
def test_a_boundary_file(client: Client, encoding: str) -> None:
    lines = "\r\n".join(f"J{n},1,{y:.3f},{x + 40_000_000:.3f}" for n, (x, y) in enumerate(SQUARE, start=1))
    said = drop(client, "界址点.TXT", (TXT + lines).encode(encoding))
    assert said.json()["shapes"][0]["name"] == "330782001001GB00001"
    assert shape(said).bounds == (E0, N0, E0 + 100, N0 + 50)


def written(path: Path, driver: str, geoms: list[Any], crs: str | None, kind: str, **options: Any) -> bytes:
    names = np.array([f"甲{n}" for n in range(len(geoms))], dtype=object)
    fields, data = (["name"], [names]) if driver != "DXF" else ([], [])
    wkb = shapely.to_wkb(np.array(geoms, dtype=object))
    pyogrio.raw.write(path, wkb, data, fields, geometry_type=kind, crs=crs, driver=driver, **options)
    return path.read_bytes()


def lonlat(points: list[list[float]]) -> shapely.Geometry:
    return shapely.Polygon(transform_xy(np.array(points), 4549, 4490))


def test_a_geojson(client: Client, tmp_path: Path) -> None:
    with_hole = shapely.Polygon(
        transform_xy(np.array(SQUARE), 4549, 4490), [transform_xy(np.array(HOLE), 4549, 4490)]
    )
    content = written(tmp_path / "a.geojson", "GeoJSON", [with_hole, lonlat(HOLE)], "EPSG:4326", "Polygon")
    said = drop(client, "甲 地.geojson", content)
    assert [one["name"] for one in said.json()["shapes"]] == ["甲0", "甲1"]
    assert shape(said).area == pytest.approx(4900, abs=1e-3)
    assert len(said.json()["shapes"][0]["geometry"]["coordinates"][0]) == 2


def test_a_geopackage_and_a_zipped_shapefile(client: Client, tmp_path: Path) -> None:
    geom = shapely.Polygon([(x + 40_000_000, y) for x, y in SQUARE])
    content = written(tmp_path / "a.gpkg", "GPKG", [geom], "EPSG:4528", "Polygon")
    assert shape(drop(client, "a.gpkg", content)).bounds == (E0, N0, E0 + 100, N0 + 50)
    written(tmp_path / "a.shp", "ESRI Shapefile", [geom], "EPSG:4528", "Polygon", encoding="GBK")
    archive = zipped(tmp_path / "a.zip", parts(tmp_path / "a.shp", ".shp", ".shx", ".dbf", ".prj"))
    assert shape(drop(client, "宗地.zip", archive.read_bytes())).bounds == (E0, N0, E0 + 100, N0 + 50)


def test_closed_lines_of_a_drawing_are_areas(client: Client, tmp_path: Path) -> None:
    closed, open_line = shapely.LineString([*SQUARE, SQUARE[0]]), shapely.LineString(SQUARE)
    content = written(tmp_path / "a.dxf", "DXF", [closed, open_line], None, "LineString")
    said = drop(client, "a.dxf", content)
    assert [one["planar_area_m2"] for one in said.json()["shapes"]] == [pytest.approx(5000)]
    assert "geometry_wrong_type" in [one["code"] for one in said.json()["issues"]]


def test_a_kml(client: Client, tmp_path: Path) -> None:
    content = written(tmp_path / "a.kml", "KML", [lonlat(SQUARE)], "EPSG:4326", "Polygon")
    assert shape(drop(client, "a.kml", content)).area == pytest.approx(5000, abs=0.5)


def test_a_layer_among_several_is_named_by_the_request(client: Client, tmp_path: Path) -> None:
    path = tmp_path / "two.gpkg"
    square = [shapely.Polygon(SQUARE)]
    written(path, "GPKG", square, "EPSG:4549", "Polygon", layer="一")
    content = written(path, "GPKG", square, "EPSG:4549", "Polygon", layer="二", append=True)
    said = drop(client, "two.gpkg", content)
    assert (said.status_code, said.json()["code"]) == (422, "vector_several_layers")
    assert "--" not in said.json()["remedy"]
    assert drop(client, "two.gpkg", content, layer="二").status_code == 200


VRT = '<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>{}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'
GDALG = '{{"type": "gdal_streamed_alg", "command_line": "gdal vector read {}"}}'
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE k [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(9))
    + "]><kml><Document><name>&j;</name></Document></kml>"
)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.geojson", VRT),
        ("x.json", GDALG),
        ("x.kml", VRT),
        ("x.gpkg", VRT),
        ("x.dxf", VRT),
        ("x.json", "<OGRWFSDataSource><URL>http://127.0.0.1:9/</URL></OGRWFSDataSource>"),
    ],
)
def test_a_file_that_points_to_another_is_refused(
    client: Client, tmp_path: Path, name: str, content: str
) -> None:
    other = tmp_path / "other.geojson"
    written(other, "GeoJSON", [lonlat(SQUARE)], "EPSG:4326", "Polygon")
    for sent, as_name in (
        (content.format(other).encode(), name),
        (archive({name: content.format(other)}), "x.zip"),
    ):
        said = drop(client, as_name, sent)
        assert said.status_code == 422, said.content
        assert "甲0" not in said.content.decode()


def archive(members: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped_members:
        for name, content in members.items():
            zipped_members.writestr(name, content)
    return out.getvalue()


def huge(name: str) -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bomb,
        bomb.open(name, "w", force_zip64=True) as member,
    ):
        for _ in range(210):
            member.write(bytes(1 << 20))
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("x.shp", b"\x00\x00\x27\x0a" + bytes(96), "shapefile_parts"),
        ("x.dwg", b"AC1032", "vector_unreadable"),
        ("x.exe", b"MZ", "vector_unreadable"),
        ("x", b"{}", "vector_unreadable"),
        ("x.geojson", b"{}", "vector_unreadable"),
        ("x.geojson", b"\x00\xff" * 50, None),
        ("x.geojson", b'{"type": "FeatureCollection", "features": []}', None),
        ("x.geojson", b'{"type": "Polygon", "coordinates": [[[1e999, 0], [1, 1]]]}', None),
        ("x.geojson", b"[" * 200_000, None),
        ("x.gpkg", b"SQLite format 3\x00" + bytes(500), None),
        ("x.dxf", b"0\nSECTION\n2\nENTITIES\n0\nLWPOLYLINE\n90\n999999999\n", None),
        ("x.kml", BOMB.encode(), None),
        ("x.kml", b'<kml xmlns="http://www.opengis.net/kml/2.2"><Document/></kml>', "vector_no_geometry"),
        ("x.json", b'<kml xmlns="http://www.opengis.net/kml/2.2"><Document/></kml>', None),
        ("x.kmz", b"PK\x03\x04nothing", "zip_damaged"),
        ("x.zip", b"PK\x03\x04nothing", "zip_damaged"),
        ("x.zip", archive({"../../evil.geojson": "{}"}), "zip_without_vector"),
        ("x.zip", archive({"notes.doc": "x"}), "zip_without_vector"),
        ("x.zip", archive({f"{n}.txt": "" for n in range(1001)}), "zip_too_large"),
        ("x.zip", huge("a.geojson"), "zip_too_large"),
        ("x.kmz", huge("doc.kml"), "zip_too_large"),
        ("x.txt", bytes(range(256)), "encoding_unknown"),
        ("x.txt", b"J1 1 2", "coordinates_missing"),
        ("x.csv", b"", "file_empty"),
    ],
)
def test_files_that_cannot_be_used(client: Client, name: str, content: bytes, code: str | None) -> None:
    said = drop(client, name, content)
    assert said.status_code == 422, said.content
    assert code is None or said.json()["code"] == code
    assert any("\u4e00" <= letter <= "\u9fff" for letter in said.json()["message"])


def test_nothing_stays_on_disk(client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for name, content in (("x.zip", archive({"a.geojson": "{}"})), ("x.gpkg", b"no"), ("x.dxf", b"no")):
        assert drop(client, name, content).status_code == 422
    assert list(tmp_path.iterdir()) == []


def test_a_file_larger_than_any_may_be_is_stopped_while_it_arrives(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST_BYTES", 1 << 20)
    said = drop(client, "x.geojson", bytes(3 << 20))
    assert (said.status_code, said.json()["code"]) == (422, "file_too_large")


def test_no_file_at_all(client: Client) -> None:
    said = client.post("/api/editing/geometry", {"file": "x"})
    assert (said.status_code, said.json()["code"]) == (422, "file_missing")


def test_too_many_shapes_are_for_the_import(client: Client) -> None:
    triangles = "\n".join(f"甲{n}\n" + north_east([[x, y + n] for x, y in SQUARE[:3]]) for n in range(2001))
    said = paste(client, triangles)
    assert (said.status_code, said.json()["code"]) == (422, "too_many_shapes")


def test_the_statements_do_not_grow_with_the_shapes(
    county: County, client: Client, django_assert_num_queries: Any
) -> None:
    paste(client, north_east(SQUARE))
    with django_assert_num_queries(7) as few:
        paste(client, north_east(SQUARE))
    with django_assert_num_queries(len(few)):
        paste(client, "\n".join(f"甲{n}\n" + north_east(SQUARE) for n in range(50)))
