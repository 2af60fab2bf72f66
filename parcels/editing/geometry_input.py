"""Shapes for the editor from typed or pasted coordinates and from dropped files, in the county's survey CRS.

Refuses what isn't an area, and to choose a coordinate system past the county: the import's detection decides. Nothing
is stored; a dropped file is gone when its shapes are told.
"""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile

from landgis.counties.models import County
from landgis.lib.errors import InputError
from landgis.lib.issues import Issue
from layers.geometry.area import planar_area_m2
from layers.geometry.crs import DetectedCrs, detect_crs
from layers.geometry.transform import Floats, Geometries, transform_geometries, transform_xy
from layers.geometry.validity import Finding, check_polygons
from parcels.exchange.batch import Expectations
from parcels.exchange.boundary_reader import polygon_of
from parcels.exchange.coordinate_text import Plot, read_coordinates
from parcels.exchange.fields import FIELDS, normalised
from parcels.exchange.parcel_reading import expectations, open_layer
from parcels.exchange.vector import VectorTable
from parcels.exchange.vector_sources import unreadable

MOST_SHAPES, MOST_VERTICES = 2_000, 200_000
MOST_UNPACKED_BYTES, MOST_UNPACKED_FILES = 200 << 20, 1_000
LONGEST_NAME = 40
TEXT_SUFFIXES = frozenset({".txt", ".csv"})
VECTOR_SUFFIXES = frozenset({".zip", ".geojson", ".json", ".gpkg", ".kml", ".kmz", ".dxf"})
PARTS_OF_SHAPEFILES = frozenset({".shp", ".shx", ".dbf", ".prj", ".cpg"})
POLYGON, LINE = shapely.GeometryType.POLYGON, shapely.GeometryType.LINESTRING
CLOSED_POINTS = 4  # of a triangle whose first point is repeated


@dataclass(frozen=True, slots=True)
class Shapes:
    """Multipolygons in the survey CRS, side by side with their names; `epsg` is what they came in."""

    epsg: int
    names: tuple[str, ...]
    geoms_survey: Geometries
    issues: tuple[Issue, ...]

    def as_json(self) -> dict[str, Any]:
        areas_m2 = planar_area_m2(self.geoms_survey).tolist()
        shapes = [
            {"name": name, "geometry": shapely.geometry.mapping(geom), "planar_area_m2": area_m2}
            for name, geom, area_m2 in zip(self.names, self.geoms_survey, areas_m2, strict=True)
        ]
        return {
            "crs_detected": f"EPSG:{self.epsg}",
            "shapes": shapes,
            "issues": [issue.as_json() for issue in self.issues],
        }


def shapes_of_text(text: str, county: County, *, on: date, crs: int | None = None) -> Shapes:
    """Typed or pasted coordinates, northing first as surveyors write them; swapped columns are recognised."""
    expected = expectations(county, on)
    read = read_coordinates(text)
    if not read.plots:
        told = read.issues[0].message if read.issues else "文字中没有坐标。"
        raise InputError(
            "coordinates_missing",
            told,
            "请每行写一个界址点：点号 X（北） Y（东），至少三个点。",
            field="text",
        )
    rings = [np.array(ring.points)[:, ::-1] for plot in read.plots for ring in plot.rings]
    points = np.concatenate(rings)
    _check_amount(len(read.plots), len(points))
    found = _detected(crs or read.declared, points, expected)
    moved = transform_xy(
        points[:, ::-1] if found.axis_swapped else points,
        found.epsg,
        county.survey_crs,
        bbox_4490=expected.bbox_4490,
    )
    issues = [*read.issues, *_notes(found, text_order=True)]
    parts = iter(np.split(moved, np.cumsum([len(ring) for ring in rings])[:-1]))
    geoms = np.array([polygon_of([next(parts) for _ in plot.rings]) for plot in read.plots], dtype=object)
    return _judged(found.epsg, _names([plot.name for plot in read.plots]), geoms, issues, _lines(read.plots))


def shapes_of_pasted(text: str, county: County, *, on: date) -> Shapes:
    """What stands in a form's field: GeoJSON, as drawing on the map writes it, or typed coordinates."""
    if text.lstrip().startswith("{"):
        return shapes_of_file(SimpleUploadedFile("范围.geojson", text.encode()), county, on=on)
    return shapes_of_text(text, county, on=on)


def shapes_of_file(
    file: UploadedFile[bytes], county: County, *, on: date, crs: int | None = None, layer: str = ""
) -> Shapes:
    """A dropped file by its suffix: a boundary TXT or CSV as text, else whatever the import's readers can read."""
    name = Path(file.name or "")
    suffix = name.suffix.lower()
    if suffix in TEXT_SUFFIXES:
        return shapes_of_text(_decoded(file), county, on=on, crs=crs)
    if suffix in PARTS_OF_SHAPEFILES:
        told = "一个 shapefile 由几个文件组成，不能单独拖入其中之一。"
        raise InputError(
            "shapefile_parts", told, "请把同名的 .shp、.shx、.dbf、.prj 压缩为一个 zip。", field="file"
        )
    if suffix not in VECTOR_SUFFIXES:
        raise unreadable(name)
    with tempfile.TemporaryDirectory(prefix="landgis-") as folder:
        path = Path(folder) / f"{name.stem[:LONGEST_NAME]}{suffix}"
        with path.open("wb") as copy:
            for chunk in file.chunks():
                copy.write(chunk)
        if suffix in (".zip", ".kmz"):
            _check_archive(path)
        return _shapes_of_path(path, county, on, crs, layer)


def _shapes_of_path(path: Path, county: County, on: date, crs: int | None, layer: str) -> Shapes:
    expected = expectations(county, on)
    try:
        table, found = open_layer(path, expected, crs=crs, encoding=None, layer=layer)
        _check_amount(len(table), int(shapely.get_num_coordinates(table.geoms).sum()))
    except InputError as error:
        raise _for_screen(error) from error
    except (RuntimeError, ValueError, OSError) as error:  # what GDAL says of a file that only looks like one
        raise unreadable(path) from error
    rows, areas, left = _areal(table.geoms)
    if not len(rows):
        told = f"{path.name} 中没有面，也没有闭合的线。"
        raise InputError("geometry_wrong_type", told, "请导出宗地的面图层，或闭合的多段线。", field="file")
    geoms = transform_geometries(
        areas, found.epsg, county.survey_crs, bbox_4490=expected.bbox_4490, axis_swapped=found.axis_swapped
    )
    issues = [*(_said(issue) for issue in table.issues), *_notes(found, text_order=False)]
    if left:
        told = f"有 {left} 个图形不是面，也不是闭合的线，已略去。"
        issues.append(Issue(0, "geometry_wrong_type", "geometry", told, "warning"))
    titles = _titles(table)
    return _judged(found.epsg, _names([titles[row] for row in rows]), geoms, issues, (rows + 1).tolist())


def _judged(
    epsg: int, names: Iterable[str], geoms: Geometries, issues: Iterable[Issue], rows: Sequence[int]
) -> Shapes:
    """What is wrong with a shape is told beside it: drawn, it can be mended by hand; the save judges it again."""
    judged = [_issue(finding, rows) for finding in check_polygons(geoms)]
    return Shapes(epsg, tuple(names), geoms, (*issues, *judged))


def _issue(finding: Finding, rows: Sequence[int]) -> Issue:
    told = f"第 {finding.index + 1} 个图形：{finding.message}"
    return Issue(rows[finding.index], finding.code, "geometry", told, finding.severity)


def _lines(plots: Iterable[Plot]) -> list[int]:
    return [plot.rings[0].line for plot in plots]


def _areal(geoms: Geometries) -> tuple[Any, Geometries, int]:
    """Rows that are areas, as multipolygons; closed lines count as their areas. And how many shapes were neither."""
    flat = shapely.force_2d(geoms)
    present = np.flatnonzero(~(shapely.is_missing(flat) | shapely.is_empty(flat)))
    parts, owner = shapely.get_parts(flat[present], return_index=True)
    kind = shapely.get_type_id(parts)
    size = shapely.get_num_coordinates(parts)
    closed = (kind == LINE) & shapely.is_closed(parts) & (size >= CLOSED_POINTS)
    areas: Geometries = parts.copy()
    ring = np.repeat(np.arange(int(closed.sum())), size[closed])
    areas[closed] = shapely.polygons(
        shapely.linearrings(shapely.get_coordinates(parts[closed]), indices=ring)
    )
    usable = closed | (kind == POLYGON)
    owners, first = np.unique(owner[usable], return_inverse=True)
    whole: Geometries = shapely.multipolygons(areas[usable], indices=first) if usable.any() else areas[:0]
    return present[owners], whole, len(present) - len(owners)


def _titles(table: VectorTable) -> list[str]:
    """A shape's code where the file has such a column, else its name."""
    by_name = {normalised(column): column for column in table.columns}
    for wanted in (*FIELDS["code"][1], "name", "名称"):
        column = by_name.get(normalised(wanted))
        if column is not None:
            return [str(text).strip() for text in table.text(column)]
    return [""] * len(table)


def _names(names: Sequence[str]) -> Iterator[str]:
    for number, name in enumerate(names, start=1):
        yield name[:LONGEST_NAME] or f"图形 {number}"


def _detected(stated: str | int | None, points: Floats, expected: Expectations) -> DetectedCrs:
    try:
        return detect_crs(
            stated or None, points, survey_crs=expected.survey_crs, bbox_4490=expected.bbox_4490
        )
    except InputError as error:
        raise _for_screen(error) from error


def _notes(found: DetectedCrs, *, text_order: bool) -> Iterator[Issue]:
    """What the detection noticed. In a text the north is expected first, so its order is told the other way round."""
    if found.axis_swapped and text_order:
        told = "两列坐标是东、北的顺序（与测绘的 X 北、Y 东相反），已按此读取，请核对。"
        yield Issue(0, "axis_swapped", "", told, "warning")
    for told in found.warnings:
        if text_order and told.startswith("横纵坐标"):
            continue
        yield Issue(0, "crs_note", "", told, "warning")


def _check_amount(shapes: int, vertices: int) -> None:
    if shapes > MOST_SHAPES or vertices > MOST_VERTICES:
        told = f"有 {shapes} 个图形、{vertices} 个点，一次最多 {MOST_SHAPES} 个图形、{MOST_VERTICES} 个点。"
        raise InputError("too_many_shapes", told, "大批数据请用批量导入。")


def _check_archive(path: Path) -> None:
    """Small enough to be unpacked for one request; the import's reader checks the rest."""
    try:
        with zipfile.ZipFile(path) as zipped:
            members = zipped.infolist()
    except (zipfile.BadZipFile, OSError, ValueError):
        told = f"{path.name} 不是完整的 zip 压缩包。"
        raise InputError("zip_damaged", told, "请重新压缩（zip 格式）后再试。", field="file") from None
    unpacked = sum(member.file_size for member in members)
    if len(members) > MOST_UNPACKED_FILES or unpacked > MOST_UNPACKED_BYTES:
        told = f"{path.name} 解压后超过 {MOST_UNPACKED_BYTES >> 20} MB 或 {MOST_UNPACKED_FILES} 个文件。"
        raise InputError("zip_too_large", told, "请只打包所需的图层，或用批量导入。", field="file")


def _decoded(file: UploadedFile[bytes]) -> str:
    raw: bytes = file.read()
    for encoding in ("utf-16",) if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030"):
        try:
            text: str = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    told = f"文件 {file.name} 不是文本文件。"
    raise InputError("encoding_unknown", told, "请另存为 UTF-8 或 GBK 编码的文本文件。", field="file")


def _for_screen(error: InputError) -> InputError:
    """The reader's words, which name options of a command, with the fields of the request instead."""
    if "--" not in error.remedy:
        return error
    return InputError(error.code, error.message, _without_options(error.remedy), row=error.row, field="file")


def _said(issue: Issue) -> Issue:
    return replace(issue, message=_without_options(issue.message))


def _without_options(words: str) -> str:
    return re.sub(r"\s*--(\w+)", r"参数 \1", words)
