"""A second opinion on the dirty delivery: a plain checker written for these tests, apart from the application's.

It refuses to know the list of faults; it looks at the files alone.
"""

import re
import struct
from datetime import date
from functools import cache

import numpy as np
import shapely
from stdnum.cn import uscc

from tests.demo.delivery import FOLDER, M2_PER_MU, layer, raw_layer

TODAY = date(2026, 1, 1)
KNOWN_CLASSES = {"0601", "0602", "0603", "0604", "0701"}
Found = dict[int, set[str]]


def raw_rings(name: str) -> list[list[np.ndarray] | None]:
    """The rings of each record as they lie in the .shp; None for a null shape."""
    raw = (FOLDER / f"{name}.shp").read_bytes()
    at = 100
    shapes: list[list[np.ndarray] | None] = []
    while at < len(raw):
        words = struct.unpack(">i", raw[at + 4 : at + 8])[0]
        body = raw[at + 8 : at + 8 + 2 * words]
        at += 8 + 2 * words
        if struct.unpack("<i", body[:4])[0] == 0:
            shapes.append(None)
            continue
        parts, points = struct.unpack("<ii", body[36:44])
        starts = np.frombuffer(body, "<i4", parts, 44)
        xy = np.frombuffer(body, "<f8", 2 * points, 44 + 4 * parts).reshape(-1, 2)
        shapes.append(np.split(xy, starts[1:]) if parts else [])
    return shapes


@cache
def second_opinion() -> Found:
    """For each data row (from 1) the codes of what is wrong with it."""
    found: Found = {row: set() for row in range(1, len(layer("parcels_dirty")[0]) + 1)}
    _check_codes(found)
    _check_texts(found)
    _check_rings(found)
    _check_places(found)
    _check_overlaps(found)
    _check_areas(found)
    return found


def _check_codes(found: Found) -> None:
    register = set(layer("parcels")[1]["宗地代码"])
    codes = [(code or "").replace(" ", "") for code in layer("parcels_dirty")[1]["宗地代码"]]
    for row, code in enumerate(codes, start=1):
        if not code:
            found[row].add("code_missing")
        elif not re.fullmatch(r"[0-9]{12}[GJZ][A-Z][0-9]{5}", code):
            found[row].add("code_malformed")
        elif not code.startswith("330782"):
            found[row].add("code_other_county")
        elif code in register:
            found[row].add("code_exists")
        if code and codes.count(code) > 1:
            found[row].add("code_duplicate_in_file")


def _check_texts(found: Found) -> None:
    columns = layer("parcels_dirty")[1]
    towns = set(layer("towns")[1]["乡镇名称"])
    for row in found:
        holder, code = (columns["权利人"][row - 1] or "").strip(), columns["统一代码"][row - 1]
        if not holder:
            found[row].add("holder_missing")
        elif _garbled(holder):
            found[row].add("text_garbled")
        if code and not uscc.is_valid(code):
            found[row].add("uscc_invalid")
        if columns["所属镇街"][row - 1] not in towns:
            found[row].add("town_unknown")
        if columns["地类编码"][row - 1] not in KNOWN_CLASSES:
            found[row].add("land_class_unknown")
        elif not columns["地类编码"][row - 1].startswith("06"):
            found[row].add("land_class_not_industrial")
        day = _day(columns["登记日期"][row - 1])
        if day is None:
            found[row].add("date_invalid")
        elif day > TODAY:
            found[row].add("date_in_future")


def _garbled(text: str) -> bool:
    if "锟斤拷" in text:
        return True
    try:
        return text.encode("gbk").decode("utf-8") != text
    except UnicodeDecodeError:
        return False


def _day(text: str) -> date | None:
    numbers = re.fullmatch(r"(\d{4})[-/年](\d{1,2})[-/月](\d{1,2})日?", text)
    if numbers is None:
        return None
    year, month, day = (int(part) for part in numbers.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _check_rings(found: Found) -> None:
    shapes, _ = layer("parcels_dirty")
    wkb, _ = raw_layer("parcels_dirty")
    for row, (shape, raw, rings) in enumerate(
        zip(shapes, wkb, raw_rings("parcels_dirty"), strict=True), start=1
    ):
        if raw is None:
            found[row].add("geometry_missing")
            continue
        assert rings
        if any((ring[0] != ring[-1]).any() for ring in rings):
            found[row].add("geometry_invalid")
        if shape is None:
            continue
        if not shape.is_valid:
            found[row].add("geometry_zero_area" if shape.area == 0 else "geometry_invalid")
            continue
        if any((np.diff(ring, axis=0) == 0).all(axis=1).any() for ring in rings):
            found[row].add("geometry_duplicate_points")
        parts = shapely.area(shapely.get_parts(shape))
        if len(parts) > 1 and parts.min() < 1:
            found[row].add("geometry_tiny_part")
        if _sharpest(rings[0]) < 0.02:
            found[row].add("geometry_spike")


def _sharpest(ring: np.ndarray) -> float:
    """The smallest angle between two edges longer than a metre, in radians."""
    corners = ring[:-1]
    before, after = np.roll(corners, 1, axis=0) - corners, np.roll(corners, -1, axis=0) - corners
    lengths = np.hypot(*before.T) * np.hypot(*after.T)
    long = lengths > 1
    if not long.any():
        return np.pi
    cosine = (before * after).sum(axis=1)[long] / lengths[long]
    return float(np.arccos(np.clip(cosine, -1, 1)).min())


def _check_places(found: Found) -> None:
    shapes, columns = layer("parcels_dirty")
    towns, town_columns = layer("towns")
    town_of = dict(zip(town_columns["乡镇名称"], towns, strict=True))
    county = shapely.coverage_union_all(towns)
    for row, shape in enumerate(shapes, start=1):
        if shape is None:
            continue
        x, y = shapely.get_coordinates(shape)[0]
        if not (40_480_000 < x < 40_530_000 and 3_200_000 < y < 3_280_000):
            found[row].add("crs_mismatch_row")
        elif not shapely.intersects(county, shapely.centroid(shape).buffer(300)):
            found[row].add("out_of_county")
        elif not shapely.contains(county, shapely.envelope(shape)):
            found[row].add("crosses_county_boundary")
        elif columns["所属镇街"][row - 1] in town_of:
            home = town_of[columns["所属镇街"][row - 1]]
            if not shapely.contains(home, shapely.centroid(shape)):
                found[row].add("town_mismatch")


def _check_overlaps(found: Found) -> None:
    shapes = np.array(
        [
            shape if shape is not None and shape.is_valid else shapely.Polygon()
            for shape in layer("parcels_dirty")[0]
        ]
    )
    register = layer("parcels")[0]
    for row, other in zip(*shapely.STRtree(shapes).query(shapes, predicate="intersects"), strict=True):
        if row != other and shapely.equals(shapes[row], shapes[other]):
            found[int(row) + 1].add("geometry_duplicate_in_file")
        elif row != other and shapely.intersection(shapes[row], shapes[other]).area > 1:
            found[int(row) + 1].add("overlap_in_file")
    for row, other in zip(*shapely.STRtree(register).query(shapes, predicate="intersects"), strict=True):
        if shapely.intersection(shapes[row], register[other]).area > 1:
            found[int(row) + 1].add("overlap_register")


def _check_areas(found: Found) -> None:
    shapes, columns = layer("parcels_dirty")
    for row, (shape, said) in enumerate(zip(shapes, columns["宗地面积"], strict=True), start=1):
        if np.isnan(said):
            found[row].add("area_missing")
        elif said <= 0:
            found[row].add("area_not_positive")
        elif shape is not None and shape.is_valid and "crs_mismatch_row" not in found[row]:
            if shape.area < 1:
                found[row].add("area_too_small")
            elif abs(shape.area - said) > max(1.0, 0.001 * said):
                found[row].add("area_mismatch")


def unit_hint(row: int) -> str:
    """Which unit the registered figure of a row looks like."""
    shapes, columns = layer("parcels_dirty")
    ratio = shapes[row - 1].area / columns["宗地面积"][row - 1]
    return "亩" if abs(ratio / M2_PER_MU - 1) < 0.01 else "公顷" if abs(ratio / 1e4 - 1) < 0.01 else ""
