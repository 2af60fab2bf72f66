"""What is asked of a parcel's geometry: there, valid, in the county, of a size, not lying on its neighbours.

Refuses to move a vertex: a fault is reported with its place and left to the surveyor.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from landgis.lib.issues import Issue, Severity
from layers.geometry.topology import duplicates_within, overlaps_within
from layers.geometry.transform import CGCS2000, transform_xy
from layers.geometry.validity import Limits, check_polygons, invalid_reason
from parcels.exchange.batch import Batch, Expectations

HALF_WAY_ROUND = 180.0
UNREADABLE = ("geometry_invalid", "ring_too_short", "line_unreadable")
REMEDIES = {
    "geometry_missing": "请补测或补绘界址后重新导入。",
    "geometry_empty": "请补测或补绘界址后重新导入。",
    "geometry_wrong_type": "请改为面图形。",
    "geometry_invalid": "请在制图软件中修正界线后重新导入。",
    "geometry_zero_area": "请核对界址点坐标。",
    "geometry_coordinate": "请核对坐标值。",
    "geometry_spike": "请复核该处界址点；确属实际界线的可保留。",
    "geometry_duplicate_points": "可删去重复的界址点。",
    "geometry_tiny_part": "请核对是否为编辑遗留的碎面。",
    "geometry_z_dropped": "",
}


def shapes_usable(batch: Batch, expected: Expectations) -> Iterator[Issue]:
    """Null, empty, invalid, flat, spiky or doubled: `layers.geometry.validity` in the survey's plane."""
    limits = Limits(
        duplicate_m=float(expected.parameters["geometry.duplicate_point_m"]),
        spike_deg=float(expected.parameters["geometry.spike_degrees"]),
        tiny_part_m2=float(expected.parameters["geometry.tiny_part_m2"]),
    )
    whole_is_tiny = batch.planar_area_m2 < float(expected.parameters["area.minimum_m2"])
    unreadable = {issue.row - 1 for issue in batch.issues if issue.code in UNREADABLE}
    for found in check_polygons(batch.geoms_survey, limits=limits, valid=batch.valid):
        if found.code == "geometry_tiny_part" and whole_is_tiny[found.index]:
            continue  # said once, as too small a parcel
        if found.code == "geometry_missing" and found.index in unreadable:
            continue  # there is one, which the reader has said can't be read
        message = f"{found.message}{REMEDIES.get(found.code, '')}"
        yield _issue(found.index, found.code, message, found.severity)
    yield from _sound_as_stored(batch)


def _sound_as_stored(batch: Batch) -> Iterator[Issue]:
    """A vertex on another edge of its own parcel is a hair across it once it is in degrees; the database refuses that."""
    doubtful = np.flatnonzero(~batch.valid)
    doubtful = doubtful[shapely.is_valid(batch.geoms_survey[doubtful])]
    doubtful = doubtful[np.isfinite(shapely.bounds(batch.geoms_4490[doubtful])).all(axis=1)]
    for i in doubtful[~shapely.is_valid(batch.geoms_4490[doubtful])].tolist():
        words, lon, lat = invalid_reason(shapely.is_valid_reason(batch.geoms_4490[i]))
        place = "" if lon is None or lat is None else f"，位置（经度 {lon:.8f}，纬度 {lat:.8f}）"
        message = (
            f"{words}（存储精度下）{place}。请在界线相接处让各环共用同一个界址点，或将其分开，再重新导入。"
        )
        yield _issue(i, "geometry_invalid", message)


def large_enough(batch: Batch, expected: Expectations) -> Iterator[Issue]:
    """A parcel of less than the smallest area is a leftover of drawing."""
    least_m2 = float(expected.parameters["area.minimum_m2"])
    for i in np.flatnonzero(batch.measured() & (batch.planar_area_m2 < least_m2)):
        yield _issue(
            i,
            "area_too_small",
            f"图形面积只有 {batch.planar_area_m2[i]:.2f} ㎡，小于 {least_m2:g} ㎡。请核对是否为碎面。",
        )


def inside_county(batch: Batch, expected: Expectations) -> Iterator[Issue]:
    """A shape outside the county; where its own columns are swapped or lack the zone, it says so."""
    west, south, east, north = expected.bbox_4490
    width = (east - west) % 360
    margin_x, margin_y = width * 0.01, (north - south) * 0.01
    low_x, low_y, high_x, high_y = shapely.bounds(batch.geoms_4490).T
    with np.errstate(invalid="ignore"):
        first = (
            low_x - west + margin_x
        ) % 360  # eastwards from the western edge, also across the antimeridian
        off = ~(
            (first + high_x - low_x <= width + 2 * margin_x)
            & (low_y >= south - margin_y) & (high_y <= north + margin_y)
        )  # fmt: skip
    present = ~(shapely.is_missing(batch.geoms_4490) | shapely.is_empty(batch.geoms_4490))
    for i in np.flatnonzero(off & present):
        if np.isfinite(high_x[i]) and high_x[i] - low_x[i] > HALF_WAY_ROUND:
            yield _issue(i, "out_of_county", "图形跨越 180° 经线，不能入库。请在经线处分为两宗。")
            continue
        reading = _other_reading(batch.geoms_source[i], expected)
        if reading:
            yield _issue(
                i,
                "crs_mismatch_row",
                f"坐标与本图层其他图形不一致：{reading}。请改正该图形的坐标后重新导入。",
            )
        else:
            yield _issue(i, "out_of_county", "图形不在本县范围内。请核对坐标和所属县。")
    if expected.boundary_4490 is None:
        return
    near = np.flatnonzero(~off & present & batch.measured())
    shapely.prepare(expected.boundary_4490)
    whole = shapely.contains_properly(expected.boundary_4490, batch.geoms_4490[near])
    for i in near[~whole]:
        if not shapely.intersects(expected.boundary_4490, batch.geoms_4490[i]):
            yield _issue(i, "out_of_county", "图形在县界以外。请核对坐标和所属县。")
        else:
            yield _issue(
                i,
                "crosses_county_boundary",
                "图形跨越县界。请核对权属范围；县界精度所限的可保留。",
                "warning",
            )


def neighbours(batch: Batch, rows: NDArray[np.intp], expected: Expectations) -> list[Issue]:
    """One shape under two codes, and two parcels on one ground, among `rows`; may run beside the other checks.

    An overlap below the tolerance is nothing, a sliver is pointed out, more is refused: nobody but the officer can
    say which of the two is right.
    """
    shapes, codes = batch.geoms_survey[rows], batch.text("code")
    issues: list[Issue] = []
    first, second = duplicates_within(shapes)
    twins = set(zip(rows[first].tolist(), rows[second].tolist(), strict=True))
    for i, j in sorted(twins):
        if codes[i] == codes[j]:
            continue  # said as a repeated code
        for a, b in ((i, j), (j, i)):
            message = f"图形与第 {b + 1} 行（{codes[b]}）完全相同。请只保留正确的一行。"
            issues.append(_issue(a, "geometry_duplicate_in_file", message))
    least_m2 = float(expected.parameters["geometry.overlap_tolerance_m2"])
    first, second, area_m2 = overlaps_within(shapes, least_m2)
    for i, j, shared_m2 in zip(rows[first].tolist(), rows[second].tolist(), area_m2.tolist(), strict=True):
        if (i, j) in twins or codes[i] == codes[j] != "":
            continue
        for a, b in ((i, j), (j, i)):
            issues.append(
                overlap_issue(a, "overlap_in_file", f"第 {b + 1} 行（{codes[b]}）", shared_m2, expected)
            )
    return issues


def town_by_ground(batch: Batch, expected: Expectations) -> Iterator[Issue]:
    """A town that the row names but the ground contradicts; the ground decides."""
    names = {code: name for name, code in expected.towns.items()}
    for i, (said, code) in enumerate(zip(batch.text("town"), batch.town_codes, strict=True)):
        if said and code and said in expected.towns and expected.towns[said] != code:
            message = f"第 {i + 1} 行：所属镇街填为“{said}”，图形位于{names.get(code, code)}。已按图形归属，请核对。"
            yield Issue(i + 1, "town_mismatch", "town", message, "warning")


CHECKS = (shapes_usable, inside_county, large_enough, town_by_ground)


def overlap_issue(index: int, code: str, other: str, area_m2: float, expected: Expectations) -> Issue:
    """An overlap as an issue: a sliver is a warning, more is an error."""
    warn_m2 = float(expected.parameters["geometry.overlap_warning_m2"])
    severity: Severity = "warning" if area_m2 <= warn_m2 else "error"
    words = "细碎重叠，可能是界线未吻合" if severity == "warning" else "一地不能两属"
    return _issue(index, code, f"与{other}重叠 {area_m2:.2f} ㎡，{words}。请核对双方界址。", severity)


def _other_reading(geom: shapely.Geometry, expected: Expectations) -> str:
    """Whether the row's own coordinates fit when read otherwise."""
    xy = shapely.get_coordinates(geom)
    west, south, east, north = expected.bbox_4490
    survey = expected.survey_crs
    for words, points, epsg in (
        ("横纵坐标颠倒", xy[:, ::-1], survey),
        ("横纵坐标颠倒且缺少或多出带号", _zone_toggled(xy[:, ::-1]), survey),
        ("缺少带号或坐标系不同", xy, survey),
        ("带号与图层不一致", _zone_toggled(xy), survey),
        ("是经纬度坐标", xy, CGCS2000),
    ):
        if epsg == survey and np.abs(points).max() < 361:
            continue
        lonlat = transform_xy(points, epsg, CGCS2000, bbox_4490=expected.bbox_4490)
        if not np.isfinite(lonlat).all():
            continue
        lon, lat = lonlat.T
        if ((lon - west) % 360 <= (east - west) % 360).all() and ((south <= lat) & (lat <= north)).all():
            return words
    return ""


def _zone_toggled(xy: np.ndarray) -> np.ndarray:
    """Eastings without their zone prefix (40,520,986 → 520,986)."""
    moved = xy.astype(np.float64).copy()
    moved[:, 0] %= 1_000_000
    return moved


def _issue(index: int | np.integer[Any], code: str, message: str, severity: Severity = "error") -> Issue:
    row = int(index) + 1
    return Issue(row, code, "geometry", f"第 {row} 行：{message}", severity)
