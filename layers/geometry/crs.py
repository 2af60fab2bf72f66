"""Finds a delivered layer's coordinate system from what the file declares and where its coordinates fall.

Refuses to guess past the county: a system counts only when it brings most points into the county's box, and
a declaration that its own data contradicts is an error that names both readings, never a silent repair.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NoReturn

import numpy as np
from numpy.typing import NDArray

from landgis.lib.errors import InputError
from layers.geometry.datum_shifts import known_crs
from layers.geometry.declared import CrsError, read_declared
from layers.geometry.transform import (
    CGCS2000,
    GAUSS_KRUGER,
    WEB_MERCATOR,
    WGS84,
    Box,
    Floats,
    GaussKruger,
    accuracy_m,
    is_cgcs2000,
    transform_xy,
)


@dataclass(frozen=True, slots=True)
class DetectedCrs:
    """`confidence` is the share of points that fall into the county's box.

    `axis_swapped`: the first column holds the northing (or latitude). The sentences are Chinese.
    """

    epsg: int
    how: Literal["declared", "inferred"]
    axis_swapped: bool
    confidence: float
    reasons: tuple[str, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Reading:
    epsg: int
    swapped: bool
    inside: float

    def __str__(self) -> str:
        swapped = "，且横纵坐标互换" if self.swapped else ""
        return f"EPSG:{self.epsg}（{known_crs(self.epsg).name}{swapped}）"


_SAMPLE = 4000  # points looked at
_FITS = 0.5  # a reading fits when it brings half of them into the county's box
_MARGIN = 0.1  # of the box's width and height, on each side
_LEAST_MARGIN_DEG = 0.01
_CENTIMETRES = 0.1
_BEYOND_ZONE_DEG = 0.75  # how far a county may reach over the edge of the zone it is surveyed in
_UTM_NORTH = 32600


def detect_crs(declared: str | int | None, xy: Floats, *, survey_crs: int, bbox_4490: Box) -> DetectedCrs:
    """`declared`: WKT, .prj text, PROJJSON or an EPSG code; `xy`: the vertices as they stand in the file."""
    points = _sample(xy)
    said = read_declared(declared, survey_crs=survey_crs, bbox_4490=bbox_4490)
    if said is not None:
        for swapped in (False, True):
            reading = _read(points, said.epsg, swapped, bbox_4490)
            if reading.inside >= _FITS:
                reasons = [said.note] if said.note else []
                reasons.append(f"文件声明为 {reading}，{reading.inside:.0%} 的点落在本县范围内。")
                return _detected(reading, "declared", reasons, bbox_4490)
    if said is not None:
        _refuse_declared(
            f"EPSG:{said.epsg}（{said.name}）", _fitting(points, survey_crs, bbox_4490, wide=True)
        )
    fitting = _fitting(points, survey_crs, bbox_4490)
    if not fitting:
        _refuse_undeclared(points, _fitting(points, survey_crs, bbox_4490, wide=True), survey_crs)
    best = fitting[0]
    others = [other for other in fitting[1:] if not _same_plane(best.epsg, other.epsg)]
    if others and best.epsg not in (survey_crs, CGCS2000, WGS84):
        raise CrsError(
            "crs_ambiguous",
            f"文件没有坐标系说明：按 {best}或 {others[0]}解释都落在本县，两者相差可达一公里。",
            "请向数据提供单位核实坐标系，补上 .prj，或用 --crs 指明。",
        )
    reasons = [f"文件没有坐标系说明；按 {best}解释时 {best.inside:.0%} 的点落在本县范围内。"]
    return _detected(best, "inferred", reasons, bbox_4490)


def _detected(
    reading: _Reading, how: Literal["declared", "inferred"], reasons: list[str], bbox: Box
) -> DetectedCrs:
    warnings = []
    if reading.swapped:
        warnings.append("横纵坐标的顺序颠倒：第一列是北坐标（或纬度），读取时已按东、北顺序理解。")
    if reading.inside < 1:
        warnings.append(f"有 {1 - reading.inside:.1%} 的点落在本县范围之外，请核对这些图形。")
    zone = GAUSS_KRUGER.get(reading.epsg)
    if zone and not _zone_reaches(zone, bbox):
        warnings.append(f"EPSG:{reading.epsg} 的中央经线 {zone.central_meridian}° 不是本县所在分带，请核对。")
    if reading.epsg == WGS84:
        warnings.append("坐标系为 WGS 84：与 CGCS2000 相差厘米级，按 CGCS2000 入库。")
    elif reading.epsg == WEB_MERCATOR:
        warnings.append("坐标系为 Web 墨卡托：多为互联网地图数据，请确认位置未经加偏、精度满足要求。")
    else:
        accuracy = accuracy_m(reading.epsg, bbox_4490=bbox)
        if accuracy > _CENTIMETRES:
            warnings.append(f"EPSG:{reading.epsg} 转换到 CGCS2000 的公开参数精度约 {accuracy:g} 米。")
    confidence = round(reading.inside, 4)
    return DetectedCrs(reading.epsg, how, reading.swapped, confidence, tuple(reasons), tuple(warnings))


def _refuse_declared(said: str, fitting: list[_Reading]) -> NoReturn:
    if fitting:
        raise CrsError(
            "crs_mismatch",
            f"文件声明为 {said}，但按此坐标落在本县范围之外；按 {fitting[0]}解释则落在本县。",
            f"请核对来源：若确为后者，请更正 .prj，或指明 --crs {fitting[0].epsg}。",
        )
    raise CrsError(
        "crs_outside_county",
        f"文件声明为 {said}，但按此坐标落在本县范围之外，按其他已知坐标系也不在本县。",
        "请确认数据属于本县、坐标没有平移或加密，并核对坐标系说明。",
    )


def _refuse_undeclared(points: Floats, far: list[_Reading], survey_crs: int) -> NoReturn:
    low, high = points.min(axis=0), points.max(axis=0)
    reach = f"坐标（{low[0]:.3f}, {low[1]:.3f}）至（{high[0]:.3f}, {high[1]:.3f}）"
    if far:
        raise CrsError(
            "crs_ambiguous",
            f"文件没有坐标系说明，{reach}只有按 {far[0]}解释才落在本县，但那不是本县所在的分带。",
            f"请核实；若确实如此，请用 --crs {far[0].epsg} 指明。",
        )
    raise CrsError(
        "crs_outside_county",
        f"文件没有坐标系说明，且{reach}按任何已知坐标系都不在本县范围内。",
        f"请补上 .prj，或指明坐标系，例如 --crs {survey_crs}；并确认数据属于本县。",
    )


def _fitting(points: Floats, survey_crs: int, bbox: Box, *, wide: bool = False) -> list[_Reading]:
    """Every reading that fits, the likeliest first: most points inside, not swapped, the county's own."""
    readings = [
        _read(points, epsg, swapped, bbox)
        for swapped in (False, True)
        for epsg in _candidates(points[:, ::-1] if swapped else points, survey_crs, bbox, wide)
    ]
    fitting = [reading for reading in readings if reading.inside >= _FITS]
    return sorted(fitting, key=lambda r: (-round(r.inside, 2), r.swapped, r.epsg != survey_crs))  # stable


def _candidates(points: Floats, survey_crs: int, bbox: Box, wide: bool) -> list[int]:
    """Systems that coordinates of this size can be written in; `wide`: also of zones far from the county."""
    x, y = (float(value) for value in np.median(points, axis=0))
    if abs(x) <= 360 and abs(y) <= 90:
        return [CGCS2000 if is_cgcs2000(survey_crs) else WGS84, survey_crs]
    found = [survey_crs]
    if is_cgcs2000(survey_crs):
        # The zone stands before the easting (8 digits), or the easting is counted from 500 km (6 digits).
        zone = x // 1e6
        for row in sorted(GAUSS_KRUGER.values(), key=lambda row: (row.width, row.epsg)):
            if row.false_easting // 1e6 == zone and (wide or _zone_reaches(row, bbox)):
                found.append(row.epsg)
                if row.width == 6 and not zone:  # UTM has the same meridians: 0.04 % smaller, 1 km apart
                    found.append(_UTM_NORTH + (row.central_meridian + 183) // 6)
    return [*dict.fromkeys(found), WEB_MERCATOR]


def _zone_reaches(zone: GaussKruger, bbox: Box) -> bool:
    west, _, east, _ = bbox
    middle = west + ((east - west) % 360) / 2
    return abs(middle - zone.central_meridian) <= zone.width / 2 + _BEYOND_ZONE_DEG


def _read(points: Floats, epsg: int, swapped: bool, bbox: Box) -> _Reading:
    lonlat = transform_xy(points[:, ::-1] if swapped else points, epsg, CGCS2000, bbox_4490=bbox)
    return _Reading(epsg, swapped, float(_inside(lonlat, bbox).mean()))


def _inside(lonlat: Floats, bbox: Box) -> NDArray[np.bool_]:
    west, south, east, north = bbox
    width = (east - west) % 360
    side, up = max(width * _MARGIN, _LEAST_MARGIN_DEG), max((north - south) * _MARGIN, _LEAST_MARGIN_DEG)
    with np.errstate(invalid="ignore"):
        across = (lonlat[:, 0] - (west - side)) % 360
        inside = (across <= width + 2 * side) & (lonlat[:, 1] >= south - up) & (lonlat[:, 1] <= north + up)
    return np.asarray(inside & np.isfinite(lonlat).all(axis=1))


def _sample(xy: Floats) -> Floats:
    points = np.asarray(xy, dtype=np.float64).reshape(-1, 2)
    step = max(1, len(points) // _SAMPLE)
    points = points[::step]
    points = points[np.isfinite(points).all(axis=1)]
    if not len(points):
        raise InputError(
            "crs_no_coordinates", "文件中没有可用的坐标，无法判断坐标系。", "请确认图形文件（.shp）不是空的。"
        )
    return points


def _same_plane(one: int, other: int) -> bool:
    """A 3-degree and a 6-degree zone may share their meridian: two codes, the same coordinates."""
    a, b = GAUSS_KRUGER.get(one), GAUSS_KRUGER.get(other)
    if a is None or b is None:
        return one == other
    return a.central_meridian == b.central_meridian and a.false_easting == b.false_easting
