"""The boundary file beside a county's profile: GeoJSON of one area or several, in degrees.

Refuses what isn't an area, isn't sound, or isn't in longitude and latitude, and says which.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import mapping, shape

from landgis.lib.errors import InputError

MOST_LON, MOST_LAT = 180, 90


def read_boundary(file: Path) -> tuple[dict[str, Any], bytes]:
    """A GeoJSON MultiPolygon (EPSG:4490, lon lat) and the file's bytes; areas that touch are one."""
    try:
        raw = file.read_bytes()
        document = json.loads(raw.decode("utf-8-sig"))
    except (OSError, ValueError) as error:
        raise _error(f"边界文件 {file.name} 无法读取：{error}") from None
    areas = [_area(stated, file) for stated in _geometries(document)]
    if not areas:
        raise _error("边界文件中没有图形。")
    whole = areas[0] if len(areas) == 1 else shapely.union_all(areas)
    parts = [part for part in shapely.get_parts(whole) if part.geom_type == "Polygon"]
    drawn: dict[str, Any] = mapping(shapely.MultiPolygon(parts))
    return drawn, raw


def _geometries(document: Any) -> list[Any]:
    if not isinstance(document, dict):
        return [document]
    kind = document.get("type")
    if kind == "FeatureCollection" and isinstance(document.get("features"), list):
        return [stated for feature in document["features"] for stated in _geometries(feature)]
    if kind == "GeometryCollection" and isinstance(document.get("geometries"), list):
        return [*document["geometries"]]
    return [document.get("geometry")] if kind == "Feature" else [document]


def _area(stated: Any, file: Path) -> shapely.Geometry:
    if not isinstance(stated, dict) or stated.get("type") not in ("Polygon", "MultiPolygon"):
        raise _error("边界文件中应只有面（Polygon 或 MultiPolygon）。")
    try:
        area = shapely.force_2d(shape(stated))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, shapely.GEOSException) as error:
        raise _error(f"边界文件 {file.name} 中有图形无法读取：{error}") from None
    if area.is_empty:
        raise _error("边界文件中没有图形。")
    west, south, east, north = area.bounds
    if not (-MOST_LON <= west <= east <= MOST_LON and -MOST_LAT <= south <= north <= MOST_LAT):
        raise _error("边界文件的坐标应为经度、纬度（度），不能是投影坐标，也不能先纬后经。")
    if not area.is_valid:
        raise _error(f"县域边界图形无效：{shapely.is_valid_reason(area)}")
    return area


def _error(message: str) -> InputError:
    return InputError("profile_invalid", message, "请修正边界文件后重新载入。", field="boundary")
