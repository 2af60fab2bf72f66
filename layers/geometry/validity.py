"""Judges polygons before they enter the register: what is wrong with each and where, in an officer's words.

Refuses to repair: a moved vertex is a changed boundary, which only a surveyor may decide. What it calls a
warning (spikes, double points, a height) can stand in a register; an error can't.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from landgis.lib.issues import Severity
from layers.geometry.parallel import in_slices
from layers.geometry.rings import Rings, rings_of
from layers.geometry.transform import Box, Floats, Geometries

_SLICE = 4096
_AREAL = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


@dataclass(frozen=True, slots=True)
class Limits:
    """Tolerances in the plane of the survey, all our own; the county's parameters may say otherwise."""

    duplicate_m: float = 0.001
    """Consecutive vertices this close are one point written twice."""
    spike_deg: float = 1.0
    spike_m: float = 0.05
    """A vertex where the boundary turns back at less than `spike_deg`, both edges at least `spike_m` long."""
    tiny_part_m2: float = 1.0
    """A part (or a whole parcel) smaller than this is a sliver left over from editing."""
    zero_area_m2: float = 0.0001
    """No area at all."""


@dataclass(frozen=True, slots=True)
class Finding:
    """`index` counts from 0 in the given array; `x`, `y` are in its coordinates. One per code and shape."""

    index: int
    code: str
    message: str
    severity: Severity = "error"
    x: float | None = None
    y: float | None = None


def check_polygons(
    geoms_projected: Geometries,
    *,
    limits: Limits | None = None,
    extent: Box | None = None,
    valid: NDArray[np.bool_] | None = None,
) -> list[Finding]:
    """All findings by index, the graver first. `extent` (west, south, east, north) bounds the coordinates.

    `valid`: which shapes GEOS has called valid already; the others are asked about.
    """
    geoms = np.asarray(geoms_projected, dtype=object)
    limits = limits or Limits()

    sound = np.zeros(len(geoms), dtype=bool) if valid is None else valid

    def judge(part: Geometries, at: NDArray[np.intp], sound: NDArray[np.bool_]) -> list[Finding]:
        return list(_judge(part, at, sound, limits, extent))

    slices = in_slices(judge, [geoms, np.arange(len(geoms)), sound], size=_SLICE) if len(geoms) else []
    return sorted((one for part in slices for one in part), key=_gravity)


def sound_shapes(geoms: Geometries) -> NDArray[np.bool_]:
    """Which shapes are there, not empty, and valid as GEOS sees it."""

    def judge(part: Geometries) -> NDArray[np.bool_]:
        return np.asarray(shapely.is_valid(part) & ~shapely.is_empty(part) & ~shapely.is_missing(part))

    return np.concatenate([np.zeros(0, dtype=bool), *in_slices(judge, [geoms], size=_SLICE)])


def invalid_reason(geos_reason: str) -> tuple[str, float | None, float | None]:
    """GEOS' words (`Self-intersection[506800.1 3242522.8]`) as a Chinese reason and the place it names."""
    found = re.fullmatch(r"\s*(.*?)\s*(?:\[\s*(\S+)\s+(\S+?)(?:\s+\S+)?\s*\])?\s*", geos_reason, re.DOTALL)
    words = found[1] if found else geos_reason
    x, y = (_number(found[2]), _number(found[3])) if found else (None, None)
    return _REASONS.get(words.lower(), f"图形无效（{words}）"), x, y


# By GEOS' words in lower case, of its newer and its older versions.
_REASONS = {
    "self-intersection": "边界自相交",
    "ring self-intersection": "界线在一点上与自身相接（环自相交）",
    "hole lies outside shell": "内环位于外环之外",
    "hole is outside shell": "内环位于外环之外",
    "nested holes": "内环套内环",
    "holes are nested": "内环套内环",
    "nested shells": "一个部分套在另一个部分之内",
    "duplicate rings": "有重复的环",
    "interior is disconnected": "内部被环切断，不连通",
    "too few points in geometry component": "环的点数不足（少于 3 个不同的点）",
    "too few distinct points in geometry component": "环的点数不足（少于 3 个不同的点）",
    "invalid coordinate": "坐标不是有效数值",
    "ring is not closed": "环没有闭合",
    "repeated point": "有重复点",
    "topology validation error": "拓扑错误",
}


def _judge(
    geoms: Geometries, at: NDArray[np.intp], sound: NDArray[np.bool_], limits: Limits, extent: Box | None
) -> Iterator[Finding]:
    missing, empty = shapely.is_missing(geoms), shapely.is_empty(geoms)
    kind = shapely.get_type_id(geoms)
    areal = np.isin(kind, _AREAL)
    for i in np.flatnonzero(missing).tolist():
        yield Finding(int(at[i]), "geometry_missing", "没有图形。")
    for i in np.flatnonzero(empty).tolist():
        yield Finding(int(at[i]), "geometry_empty", "图形为空，没有任何坐标。")
    for i in np.flatnonzero(~areal & ~missing & ~empty).tolist():
        name = _KINDS.get(int(kind[i]), "集合")
        yield Finding(int(at[i]), "geometry_wrong_type", f"图形类型是{name}，应为面（多边形）。")

    judged = np.flatnonzero(areal & ~empty)
    geoms, at, sound = geoms[judged], at[judged], sound[judged]
    rings = rings_of(geoms)
    owner, corner = np.repeat(rings.owner, rings.lengths), np.ones(len(rings.xy), dtype=bool)
    corner[rings.last] = False
    broken = ~np.isfinite(rings.xy).all(axis=1)
    for i, n, _ in _first_of_each(owner, broken & corner):
        yield Finding(int(at[i]), "geometry_coordinate", f"有 {n} 个坐标不是有效数值。")
    if extent is not None:
        beyond = corner & ~broken & ((rings.xy < extent[:2]) | (rings.xy > extent[2:])).any(axis=1)
        for i, n, v in _first_of_each(owner, beyond):
            text = f"有 {n} 个点超出允许范围，首个在{_place(rings.xy[v])}。"
            yield _finding(at[i], "geometry_out_of_range", text, "error", rings.xy[v])

    if broken.any():
        whole = np.ones(len(geoms), dtype=bool)
        whole[owner[broken]] = False
        geoms, at, sound = geoms[whole], at[whole], sound[whole]
        rings = rings_of(geoms)
    valid = sound.copy()
    valid[~sound] = shapely.is_valid(geoms[~sound])
    yield from _invalid(geoms, at, valid)
    yield from _small(geoms, at, valid, limits)
    yield from _vertices(rings, at, limits)
    for i in np.flatnonzero(shapely.has_z(geoms)).tolist():
        text = "图形带有高程（Z）值，只取平面坐标。"
        yield Finding(int(at[i]), "geometry_z_dropped", text, "warning")


_KINDS = {0: "点", 1: "线", 2: "线环", 4: "多点", 5: "多线", 7: "集合"}


def _invalid(geoms: Geometries, at: NDArray[np.intp], valid: NDArray[np.bool_]) -> Iterator[Finding]:
    bad = np.flatnonzero(~valid)
    for i, reason in zip(bad.tolist(), shapely.is_valid_reason(geoms[bad]), strict=True):
        words, x, y = invalid_reason(reason)
        place = "" if x is None or y is None else f"，位置{_place((x, y))}"
        yield Finding(int(at[i]), "geometry_invalid", f"{words}{place}。", "error", x, y)


def _small(
    geoms: Geometries, at: NDArray[np.intp], valid: NDArray[np.bool_], limits: Limits
) -> Iterator[Finding]:
    area_m2 = shapely.area(geoms)
    flat = area_m2 < limits.zero_area_m2
    loops = np.flatnonzero(flat & ~valid)  # those of a figure of eight cancel out, but its hull is wide
    flat[loops] = shapely.area(shapely.convex_hull(geoms[loops])) < limits.zero_area_m2
    for i in np.flatnonzero(flat).tolist():
        yield Finding(int(at[i]), "geometry_zero_area", "图形面积为零。")
    parts, owner = geoms, np.arange(len(geoms))
    if (shapely.get_num_geometries(geoms) != 1).any():
        parts, owner = shapely.get_parts(geoms, return_index=True)
        area_m2 = shapely.area(parts)
    tiny = (area_m2 < limits.tiny_part_m2) & (valid & ~flat)[owner]
    for i, n, p in _first_of_each(owner, tiny):
        where = shapely.get_coordinates(parts[p])[0]
        text = f"有 {n} 个小于 {limits.tiny_part_m2:g} ㎡ 的碎部分，首个在{_place(where)}。"
        yield _finding(at[i], "geometry_tiny_part", text, "warning", where)


class Corners(NamedTuple):
    """Vertices by their place in the rings' `xy`: edges too short to be one, and the corners between all others."""

    length_m: Floats
    """Of the edge that starts at each vertex; a ring's closing vertex starts none, which is infinite."""
    double: NDArray[np.intp]
    at: NDArray[np.intp]
    cosine: Floats
    """Of the angle inside each corner `at`: 1 where the boundary turns back on itself."""
    shorter_m: Floats
    """The shorter of its two edges; 0 where they are one and the same."""


def corners_of(rings: Rings, duplicate_m: float) -> Corners:
    """What stands out at the vertices of closed rings, double points left out of the angles."""
    # Column by column and in the order of memory: rows of two numbers take numpy three times as long.
    east, north = (np.diff(column, append=column[-1:]) for column in rings.xy.T.copy())
    length = np.sqrt(east * east + north * north)
    edge = np.ones(len(length), dtype=bool)
    edge[rings.last] = False  # the step from one ring's closing vertex to the next ring is no edge
    double = edge & (length <= duplicate_m)
    # The edges that are left, each with the edge before it in its ring; the first edge follows the last.
    kept = np.flatnonzero(edge & ~double)
    start = np.flatnonzero(np.diff(rings.ring[kept], prepend=-1))
    end = np.append(start[1:], len(kept))[: len(start)] - 1

    def before(values: NDArray[Any]) -> NDArray[Any]:
        previous = np.roll(values, 1)
        previous[start] = values[end]
        return previous

    east, north, kept_m = east[kept], north[kept], length[kept]
    into_m = before(kept_m)
    cosine = -(before(east) * east + before(north) * north) / (into_m * kept_m)
    shorter = np.where(before(kept) != kept, np.minimum(into_m, kept_m), 0.0)
    return Corners(np.where(edge, length, np.inf), np.flatnonzero(double), kept, cosine, shorter)


def _vertices(rings: Rings, at: NDArray[np.intp], limits: Limits) -> Iterator[Finding]:
    if not len(rings):
        return
    corners = corners_of(rings, limits.duplicate_m)
    owner = np.repeat(rings.owner, rings.lengths)
    double = np.zeros(len(owner), dtype=bool)
    double[corners.double] = True
    for i, n, v in _first_of_each(owner, double):
        text = f"有 {n} 处相邻点重复（相距不超过 {limits.duplicate_m:g} 米），首处在{_place(rings.xy[v])}。"
        yield _finding(at[i], "geometry_duplicate_points", text, "warning", rings.xy[v])

    spiky = (corners.cosine > np.cos(np.radians(limits.spike_deg))) & (corners.shorter_m >= limits.spike_m)
    for i, n, v in _first_of_each(owner[corners.at], spiky):
        where = rings.xy[corners.at[v]]
        text = f"有 {n} 处尖刺（夹角小于 {limits.spike_deg:g}°），首处在{_place(where)}。"
        yield _finding(at[i], "geometry_spike", text, "warning", where)


def _first_of_each(owner: NDArray[np.intp], wrong: NDArray[np.bool_]) -> Iterator[tuple[int, int, int]]:
    """(owner, how many of its elements are wrong, the first of them)."""
    at = np.flatnonzero(wrong)
    owners, first, counts = np.unique(owner[at], return_index=True, return_counts=True)
    yield from zip(owners.tolist(), counts.tolist(), at[first].tolist(), strict=True)


def _gravity(finding: Finding) -> tuple[int, bool]:
    return finding.index, finding.severity != "error"


def _finding(index: np.intp, code: str, text: str, severity: Severity, where: Floats) -> Finding:
    return Finding(int(index), code, text, severity, float(where[0]), float(where[1]))


def _place(where: Floats | tuple[float, float]) -> str:
    return f"（{where[0]:.3f}, {where[1]:.3f}）"


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None
