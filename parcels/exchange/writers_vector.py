"""GIS formats: GeoPackage, FlatGeobuf, GeoParquet and the zipped GBK shapefile that bureaus exchange.

Refuses to cut or replace text in silence: what a DBF field can't hold is listed as a warning with its row.
"""

import json
import tempfile
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyogrio
import shapely
from numpy.typing import NDArray
from pyarrow import parquet

from landgis.lib.issues import Issue
from layers.catalog.clearance import Column
from layers.geometry.datum_shifts import known_crs
from layers.geometry.transform import CGCS2000, transform_geometries
from parcels.exchange.writing import Export, Written, table_rows

DBF_BYTES = 254
NOT_IN_GBK = "〓"


def write_gpkg(export: Export) -> Written:
    table, written = _read(export)
    _write(table, export.out, export, driver="GPKG", layer=export.question.collection.id)
    return written


def write_fgb(export: Export) -> Written:
    """In the order of the codes: an index inside the file would reorder the rows."""
    table, written = _read(export)
    layer = export.question.collection.id
    _write(table, export.out, export, driver="FlatGeobuf", layer=layer, SPATIAL_INDEX="NO")
    return written


def write_parquet(export: Export) -> Written:
    """GeoParquet 1.0: WKB with the CRS as PROJJSON in the file's own metadata."""
    table, written = _read(export)
    columns = {column.property.name: pa.array(values, from_pandas=True) for column, values in table.columns}
    columns["geometry"] = pa.array(table.wkb, type=pa.binary())
    geometry: dict[str, Any] = {
        "encoding": "WKB",
        "geometry_types": ["MultiPolygon"],
        "crs": known_crs(table.crs).to_json_dict(),
    }
    if any(shape is not None for shape in table.wkb):
        geometry["bbox"] = shapely.total_bounds(shapely.from_wkb(table.wkb)).tolist()
    geo = {"version": "1.0.0", "primary_column": "geometry", "columns": {"geometry": geometry}}
    stored = pa.table(columns).replace_schema_metadata({"geo": json.dumps(geo)})
    parquet.write_table(stored, export.out, compression="zstd")
    return written


def write_shapefile(export: Export) -> Written:
    """Shapefile in a zip: GBK, Chinese field names of at most 10 bytes, .prj and .cpg beside it."""
    table, written = _read(export)
    for column, values in table.columns:
        if column.property.kind in ("text", "code"):
            _fit_dbf(column, values, export.issues)
    name = export.question.collection.id
    with tempfile.TemporaryDirectory(dir=export.out.parent, prefix=".landgis-") as folder:
        path = Path(folder) / f"{name}.shp"
        _write(table, path, export, driver="ESRI Shapefile", names="alias", encoding="GBK")
        path.with_suffix(".cpg").write_text("GBK", encoding="ascii")
        with zipfile.ZipFile(export.out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            for part in sorted(path.parent.iterdir()):
                archive.write(part, part.name)
    return written


class _Table:
    """All rows of an export, column by column."""

    def __init__(
        self, wkb: NDArray[np.object_], columns: list[tuple[Column, NDArray[Any]]], crs: int
    ) -> None:
        self.wkb, self.columns, self.crs = wkb, columns, crs


def _read(export: Export) -> tuple[_Table, Written]:
    crs = export.crs or CGCS2000
    known_crs(crs)
    listed = list(table_rows(export, geometry=True))
    areas, shapes, *values = zip(*listed, strict=True) if listed else ([], [], *([] for _ in export.columns))
    wkb = np.array([None if shape is None else bytes(shape) for shape in shapes], dtype=object)
    if crs != CGCS2000 and len(wkb):
        bbox = tuple(export.county.bbox_4490)
        geoms = transform_geometries(shapely.from_wkb(wkb), CGCS2000, crs, bbox_4490=bbox)  # type: ignore[arg-type]
        wkb = shapely.to_wkb(geoms)
    columns = [(column, _array(column, part)) for column, part in zip(export.columns, values, strict=True)]
    return _Table(wkb, columns, crs), Written(len(listed), sum(areas))


def _array(column: Column, values: Sequence[Any]) -> NDArray[Any]:
    match column.property.kind:
        case "number":
            return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
        case "date":
            return np.array([_day(value) for value in values], dtype="datetime64[D]")
        case "integer" if None not in values:
            return np.array(values, dtype=np.int32)
    return np.array(values, dtype=object)


def _day(value: date | None) -> np.datetime64:
    return np.datetime64("NaT") if value is None else np.datetime64(value)


def _write(
    table: _Table, path: Path, export: Export, *, driver: str, names: str = "name", **options: Any
) -> None:
    fields = [getattr(column.property, names) or column.property.name for column, _ in table.columns]
    pyogrio.raw.write(
        str(path),
        table.wkb,
        [values for _, values in table.columns],
        fields,
        geometry_type="MultiPolygon",
        crs=f"EPSG:{table.crs}",
        driver=driver,
        **options,
    )


def _fit_dbf(column: Column, values: NDArray[Any], issues: list[Issue]) -> None:
    """Make every text fit its field, and list each one that had to be changed."""
    title = column.property.title
    for place, value in enumerate(values):
        if not value or (value.isascii() and len(value) <= DBF_BYTES):
            continue
        raw = value.encode("gbk", errors="replace")
        if b"?" in raw and value != raw.decode("gbk"):
            value = "".join(mark if _in_gbk(mark) else NOT_IN_GBK for mark in value)
            message = f"“{title}”中有 GBK 没有的字，已代以“{NOT_IN_GBK}”。"
            issues.append(Issue(place + 1, "not_in_gbk", column.property.name, message, "warning"))
            raw = value.encode("gbk")
        if len(raw) > DBF_BYTES:
            message = f"“{title}”长 {len(raw)} 字节，DBF 最多存 {DBF_BYTES} 字节，已截短；完整内容请用 gpkg 或 xlsx。"
            issues.append(Issue(place + 1, "text_cut", column.property.name, message, "warning"))
            value = raw[:DBF_BYTES].decode("gbk", errors="ignore")
        values[place] = value


def _in_gbk(mark: str) -> bool:
    try:
        mark.encode("gbk")
    except UnicodeEncodeError:
        return False
    return True
