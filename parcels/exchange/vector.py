"""Reads any vector file that GDAL opens into plain columns and shapes, rows in their order.

Refuses to repair a shape, to pick among several layers, and to show text of a doubtful encoding: each is an
error or an issue with its remedy. What a coordinate system means is `layers.geometry.crs`' business.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from dataclasses import field as with_default
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pyogrio.raw
import shapely
from numpy.typing import NDArray
from pyogrio.errors import DataLayerError, DataSourceError

from landgis.lib.errors import InputError
from landgis.lib.issues import Issue
from layers.geometry.parallel import in_slices
from layers.geometry.validity import invalid_reason
from parcels.exchange.boundary_reader import SUFFIX, read_boundary_points
from parcels.exchange.dbf import RAW, text_columns
from parcels.exchange.encodings import Column, Undecoded, decode_text
from parcels.exchange.shapefiles import stage
from parcels.exchange.vector_sources import (
    ONE_LAYER,
    LayerInfo,
    choose,
    driver_of,
    layers_of,
    opened,
    unreadable,
)
from parcels.exchange.vector_text import as_texts, loses_digits, utf8_json, without_midnight

Geometries = NDArray[np.object_]

_SLICE = 16_384
_RICH = {"OpenFileGDB", "GPKG"}  # their columns may carry a title beside the name, their shapes arcs
_CHORDS = "界线含圆弧，已按每 4° 一段的折线读取，面积会略有出入。请核对，或先在制图软件中转为折线。"


@dataclass(frozen=True, slots=True)
class VectorTable:
    """Row r of the file (1-based) is index r - 1 of every column and of `geoms`.

    Text columns are object arrays of str or None; numbers, booleans and dates keep numpy's types, with NaN or
    NaT for nothing. `geoms` holds None where there is no shape, or no readable one (then an issue says why).
    """

    columns: dict[str, Column]
    geoms: Geometries
    crs: str | None
    """WKT, the text of the .prj, or "EPSG:4549"; None when the file says nothing."""
    encoding: str
    driver: str
    layer: str
    aliases: dict[str, str] = with_default(default_factory=dict)
    """Titles that the file gives to its columns (FileGDB, GeoPackage), by column."""
    issues: tuple[Issue, ...] = ()
    sample: tuple[str, ...] = ()
    """A few texts with characters beyond ASCII, for a person to judge the encoding by."""

    def __len__(self) -> int:
        return len(self.geoms)

    @property
    def notes(self) -> list[str]:
        """What was noticed about the file as a whole, in Chinese."""
        return [issue.message for issue in self.issues if issue.row == 0]

    def text(self, column: str) -> NDArray[np.object_]:
        """A column as texts: "" for nothing, numbers without an exponent, dates as 2019-04-19."""
        return as_texts(self.columns[column])


def read_vector(path: Path | str, *, layer: str | None = None, encoding: str | None = None) -> VectorTable:
    """Reads one layer: `layer` names it where the source has several; `encoding` is that of a DBF's text."""
    path = Path(path)
    with opened(path) as sources, tempfile.TemporaryDirectory(prefix="landgis-") as folder:
        chosen, issues = choose(layers_of(sources), layer, path.name)
        suffix = chosen.path.suffix.lower()
        if suffix == ".shp":
            table = _read_shapefile(chosen, Path(folder), encoding)
        elif suffix == SUFFIX:
            table = _read_boundary_points(chosen, encoding)
        elif suffix in (".geojson", ".json"):
            table = _read_json(chosen, Path(folder), encoding)
        else:
            table = _read_other(chosen)
    return replace(table, issues=(*issues, *table.issues))


def list_layers(path: Path | str) -> list[LayerInfo]:
    with opened(Path(path)) as sources:
        return layers_of(sources)


def _read_shapefile(layer: LayerInfo, folder: Path, encoding: str | None) -> VectorTable:
    parts = stage(layer.path, folder)
    names, columns, wkb, meta = _undecoded(parts.path, layer.path)
    text = decode_text(names, columns, given=encoding, cpg=parts.cpg or None)
    table = _table(dict(zip(text.names, text.columns, strict=True)), wkb, meta, layer)
    issues = (*parts.issues, *text.issues, *table.issues)
    return replace(table, crs=parts.prj or None, encoding=text.encoding, issues=issues, sample=text.sample)


def _undecoded(
    path: Path, delivered: Path
) -> tuple[list[str], list[Undecoded], NDArray[Any], dict[str, Any]]:
    """Names and columns of a shapefile, text as its bytes: from the table itself where it is plain, else from GDAL."""
    try:
        names = pyogrio.read_info(path, encoding=RAW)["fields"].tolist()
    except (DataSourceError, DataLayerError) as error:
        raise unreadable(delivered) from error
    texts = text_columns(path.with_suffix(".dbf"))
    others = [name for place, name in enumerate(names) if place not in texts]
    meta, wkb, columns = _raw(path, delivered, encoding=RAW, columns=others)
    if len(columns) != len(others):  # doubled or empty names can't be asked for
        meta, wkb, columns = _raw(path, delivered, encoding=RAW)
        return names, [*columns], wkb, meta
    rest = iter(columns)
    return names, [texts[place] if place in texts else next(rest) for place in range(len(names))], wkb, meta


def _read_json(layer: LayerInfo, folder: Path, encoding: str | None) -> VectorTable:
    file = utf8_json(layer.path, folder, encoding)
    meta, wkb, columns = _raw(file.path, layer.path)
    table = _table(dict(zip(meta["fields"], columns, strict=True)), wkb, meta, layer)
    return replace(table, encoding=file.encoding, crs=table.crs if file.states_crs else None)


def _read_boundary_points(layer: LayerInfo, encoding: str | None) -> VectorTable:
    columns, geoms, crs, used, issues = read_boundary_points(layer.path, encoding)
    return VectorTable(columns, geoms, crs or None, used, "TXT", layer.name, issues=tuple(issues))


def _read_other(layer: LayerInfo) -> VectorTable:
    # A file of one layer needs no name of it, and carries one that its own name says nothing about.
    named = {} if layer.path.suffix.lower() in ONE_LAYER else {"layer": layer.name}
    meta, wkb, columns = _raw(layer.path, layer.path, **named)
    table = _table(dict(zip(meta["fields"], columns, strict=True)), wkb, meta, layer)
    if table.driver not in _RICH:
        return table
    titles, curved = _titles_and_curves(layer)
    issues = [
        Issue(row, "geometry_linearised", "geometry", f"第 {row} 行：{_CHORDS}", "warning") for row in curved
    ]
    return replace(table, aliases=titles, issues=(*table.issues, *issues))


def _raw(path: Path, delivered: Path, **options: Any) -> tuple[dict[str, Any], NDArray[Any], list[Column]]:
    try:
        meta, _, wkb, columns = pyogrio.raw.read(path, **options)
    except (DataSourceError, DataLayerError, IndexError) as error:  # the last: a file without a layer
        raise unreadable(delivered) from error
    except UnicodeDecodeError as error:
        raise InputError(
            "encoding_wrong", f"{delivered.name} 中的文字不是 UTF-8 编码。", "请从原软件重新导出后再导入。"
        ) from error
    if wkb is None:
        raise InputError(
            "vector_no_geometry", f"{delivered.name} 中没有图形，只有属性表。", "请导入带图形的图层。"
        )
    return meta, wkb, [without_midnight(column) for column in columns]


def _table(
    columns: dict[str, Column], wkb: NDArray[Any], meta: dict[str, Any], layer: LayerInfo
) -> VectorTable:
    geoms, issues = _shapes(wkb)
    for name, column in columns.items():
        if loses_digits(column):
            told = f"“{name}”是数值列，其中的长数字已丢失末位；编码类字段请改为文本后重新导出。"
            issues.append(Issue(0, "number_inexact", name, told, "warning"))
    crs = meta["crs"] or None
    return VectorTable(columns, geoms, crs, "UTF-8", driver_of(layer.path), layer.name, issues=tuple(issues))


def _shapes(wkb: NDArray[Any]) -> tuple[Geometries, list[Issue]]:
    """Shapes as they stand; what GEOS can't even hold (an open ring) becomes None and an issue."""

    def read(part: NDArray[Any]) -> Geometries:
        shapes: Geometries = shapely.from_wkb(part, on_invalid="ignore")
        return shapes

    geoms = np.concatenate([np.empty(0, dtype=object), *in_slices(read, [wkb], size=_SLICE)])
    issues = []
    for at in np.flatnonzero(shapely.is_missing(geoms)).tolist():
        if wkb[at] is not None:
            told = f"第 {at + 1} 行：图形无法读取（{_why(wkb[at])}）。请在制图软件中修正后重新导出。"
            issues.append(Issue(at + 1, "geometry_invalid", "geometry", told))
    return geoms, issues


def _why(wkb: bytes) -> str:
    try:
        shapely.from_wkb(wkb)
    except shapely.GEOSException as error:
        said = str(error)
        if "closed" in said:
            return invalid_reason("Ring is not closed")[0]
        if "number of points" in said:
            return invalid_reason("Too few points in geometry component")[0]
        return said
    return "未知原因"


def _titles_and_curves(layer: LayerInfo) -> tuple[dict[str, str], list[int]]:
    """What only the Arrow stream tells: titles of columns, and the rows whose shape has arcs."""
    titles: dict[str, str] = {}
    curved: list[NDArray[np.intp]] = []
    start = 0
    with pyogrio.raw.open_arrow(layer.path, layer=layer.name, use_pyarrow=True) as (_, reader):
        for column in reader.schema:
            if title := (column.metadata or {}).get(b"GDAL:OGR:alternative_name", b"").decode():
                titles[column.name] = title
    with pyogrio.raw.open_arrow(layer.path, layer=layer.name, columns=[], use_pyarrow=True) as (meta, reader):
        shape = meta["geometry_name"] or "wkb_geometry"
        for batch in reader:
            curved.append(np.flatnonzero(_is_curved(batch.column(shape))) + start + 1)
            start += batch.num_rows
    return titles, np.concatenate([np.empty(0, np.intp), *curved]).tolist()


def _is_curved(wkb: Any) -> NDArray[np.bool_]:
    """By the type that each WKB (an Arrow array) begins with: 8-12 have arcs, as have 1008, 2008, 3008…"""
    whole = wkb.filter(wkb.is_valid())
    _, offsets, data = whole.buffers()
    curved = np.zeros(len(wkb), dtype=bool)
    if len(whole):
        starts = np.frombuffer(offsets, np.int32)[whole.offset :][: len(whole)]
        octets = np.frombuffer(data, np.uint8)
        kind = octets[starts + 1] + 256 * octets[starts + 2].astype(np.int64)
        curved[np.asarray(wkb.is_valid())] = (kind % 1000 >= 8) & (kind % 1000 <= 12)
    return curved
