"""Finds what can be read in a delivered path: a file, a folder, a FileGDB, a zip of any of these; and its layers.

Refuses to choose when several layers could be meant: it names them.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyogrio
from pyogrio.errors import DataSourceError

from landgis.lib.errors import InputError
from landgis.lib.issues import Issue
from parcels.exchange.archives import unpack


@dataclass(frozen=True, slots=True)
class LayerInfo:
    """One layer of a source; `geometry_type` is None for a table without shapes."""

    name: str
    geometry_type: str | None
    path: Path


_DRIVERS = {
    ".shp": "ESRI Shapefile", ".gpkg": "GPKG", ".geojson": "GeoJSON", ".json": "GeoJSON",
    ".geojsonl": "GeoJSONSeq", ".fgb": "FlatGeobuf", ".kml": "KML", ".kmz": "KML", ".gml": "GML",
    ".tab": "MapInfo File", ".mif": "MapInfo File", ".dxf": "DXF", ".sqlite": "SQLite",
}  # fmt: skip
ONE_LAYER = {
    ".geojson",
    ".json",
    ".geojsonl",
    ".fgb",
    ".txt",
}  # listing layers would read the whole file once more
_SIDE_PARTS = {".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx"}
_CONVERT = "请先用原软件转换为 shapefile 或 GeoPackage。"
_UNPACK = "请解压后改用 zip 压缩，或直接导入其中的文件。"
_REMEDIES = {
    ".dwg": "DWG 不能直接读取：请在 CAD 中另存为 DXF，或导出为 shapefile。",
    ".mdb": "个人地理数据库（.mdb）请先导出为 FileGDB 或 shapefile。",
    ".vct": _CONVERT, ".wl": _CONVERT, ".wp": _CONVERT, ".wt": _CONVERT, ".rar": _UNPACK, ".7z": _UNPACK,
}  # fmt: skip
_AGAIN = "文件可能已损坏或没有复制完整：请重新复制，或从原软件重新导出后再导入。"
_READABLE = "可导入 shapefile（可压缩为 zip）、GeoPackage、FileGDB、GeoJSON 等矢量格式，以及界址点 TXT。"
_SHAPE_TYPES = {1: "Point", 3: "LineString", 5: "Polygon", 8: "MultiPoint"}


@contextmanager
def opened(path: Path) -> Iterator[list[Path]]:
    """The data sources in `path`; what had to be unpacked lives until the block ends."""
    if not path.exists():
        raise InputError("file_missing", f"找不到文件 {path.name}。", "请核对路径。")
    if path.is_file() and path.suffix.lower() == ".zip":
        with tempfile.TemporaryDirectory(prefix="landgis-") as folder:
            yield _inside(unpack(path, Path(folder)), path.name)
    elif path.is_dir() and path.suffix.lower() != ".gdb":
        yield _inside(path, path.name)
    elif path.suffix.lower() == ".gdbtable":
        yield [path.parent]
    elif path.suffix.lower() in _SIDE_PARTS:
        yield [_shp_beside(path)]
    else:
        yield [path]


def layers_of(sources: list[Path]) -> list[LayerInfo]:
    found: list[LayerInfo] = []
    for path in sources:
        suffix = path.suffix.lower()
        if suffix == ".shp":
            found.append(LayerInfo(path.stem, _shape_type(path), path))
        elif suffix in ONE_LAYER:
            found.append(LayerInfo(path.stem, "Unknown", path))
        else:
            try:
                found += [LayerInfo(name, kind, path) for name, kind in pyogrio.list_layers(path)]
            except DataSourceError as error:
                raise unreadable(path) from error
    return found


def choose(layers: list[LayerInfo], wanted: str | None, source: str) -> tuple[LayerInfo, list[Issue]]:
    """The layer called `wanted`; without a name the only one with shapes, or the only one of polygons."""
    named = "、".join(layer.name for layer in layers)
    if wanted:
        matching = [layer for layer in layers if wanted in (layer.name, layer.path.name)]
        if len(matching) == 1:
            return matching[0], []
        raise InputError(
            "vector_no_such_layer", f"{source} 中没有图层“{wanted}”。", f"其中的图层有：{named}。"
        )
    spatial = [layer for layer in layers if layer.geometry_type is not None]
    if not spatial:
        raise InputError("vector_no_geometry", f"{source} 中没有图形，只有属性表。", _READABLE)
    areal = [layer for layer in spatial if _may_be_areal(layer.geometry_type or "")]
    if len(spatial) == 1:
        return spatial[0], []
    if len(areal) == 1:
        told = f"{source} 有多个图层（{named}），读取其中的面图层“{areal[0].name}”。"
        return areal[0], [Issue(0, "vector_layer_chosen", "", told, "warning")]
    raise InputError(
        "vector_several_layers", f"{source} 有多个图层：{named}。", "请用 --layer 指明要导入的图层。"
    )


def unreadable(path: Path) -> InputError:
    suffix = path.suffix.lower()
    usual = _AGAIN if suffix in (*_DRIVERS, ".gdb") else _READABLE
    return InputError("vector_unreadable", f"无法读取 {path.name}。", _REMEDIES.get(suffix, usual))


def driver_of(path: Path) -> str:
    if path.suffix.lower() == ".gdb":
        return "OpenFileGDB"
    return _DRIVERS.get(path.suffix.lower()) or str(pyogrio.read_info(path)["driver"])


def _inside(folder: Path, name: str) -> list[Path]:
    every = sorted(folder.rglob("*"))
    databases = [path for path in every if path.is_dir() and path.suffix.lower() == ".gdb"]
    files = [
        path
        for path in every
        if path.is_file() and not any(database in path.parents for database in databases)
    ]
    found = databases + [path for path in files if path.suffix.lower() in _DRIVERS]
    if found:
        return found
    for path in files:
        if path.suffix.lower() in _REMEDIES:
            raise unreadable(path)
    if texts := [path for path in files if path.suffix.lower() == ".txt"]:
        return texts
    raise InputError("zip_without_vector", f"{name} 中没有可读取的矢量数据。", _READABLE)


def _shp_beside(part: Path) -> Path:
    for path in part.parent.iterdir():
        if path.stem.lower() == part.stem.lower() and path.suffix.lower() == ".shp":
            return path
    raise InputError(
        "shp_missing",
        f"{part.name} 是 shapefile 的一部分，但缺少图形文件 {part.stem}.shp。",
        "请把同名的 .shp、.shx、.dbf、.prj 一并打包导入。",
    )


def _shape_type(shp: Path) -> str:
    with shp.open("rb") as source:
        header = source.read(36)
    kind = int.from_bytes(header[32:36], "little") if len(header) == 36 else 0
    return _SHAPE_TYPES.get(kind % 10, "Unknown")


def _may_be_areal(geometry_type: str) -> bool:
    return any(word in geometry_type for word in ("Polygon", "Surface", "Unknown", "Geometry"))
