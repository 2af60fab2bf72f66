"""Plots of the land bureaus' boundary-point TXT (界址点坐标成果) as a layer: one row a plot, X north and Y east.

Refuses to mend: a line without coordinates, a ring left open and a count or zone that doesn't fit are told by the plot.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from math import inf
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from landgis.lib.errors import InputError
from landgis.lib.issues import Issue
from layers.geometry.transform import Floats
from parcels.exchange.coordinate_text import CoordinateText, Plot, read_coordinates
from parcels.exchange.encodings import decode_bytes

SUFFIX = ".txt"
COLUMNS = {"地块编号": 2, "地块名称": 3, "图形属性": 4, "图幅号": 5, "地块用途": 6, "地类编码": 7}
AREA = "面积（公顷）"
SQUARE_METRES = re.compile(r"(?:平方米|平米|m2|㎡)$", re.IGNORECASE)
_ZONE = re.compile(r"^\s*带号\s*=\s*(\d{1,3})\s*$", re.MULTILINE)
_PREFIX = 1_000_000  # the zone's number stands before six digits of easting
_LEAST_PREFIXED = 13_000_000  # that of China's westernmost zone; a northing is less

Layer = tuple[dict[str, NDArray[Any]], NDArray[np.object_], str, str, list[Issue]]


def read_boundary_points(path: Path, encoding: str | None) -> Layer:
    """Columns, shapes (easting, northing), the coordinate system's name, the encoding and what was noticed."""
    text, used = _decoded(path, encoding)
    read = read_coordinates(text, every_plot=True, most_lines=inf)
    if not read.plots:
        told = read.issues[0].message if read.issues else f"{path.name} 中没有界址点坐标。"
        raise InputError(
            "coordinates_missing",
            told,
            "应为界址点成果 TXT：每个地块一行属性（以 @ 结尾），其后每行一个界址点。",
        )
    columns: dict[str, NDArray[Any]] = {
        name: _texts(_fact(plot, place) for plot in read.plots) for name, place in COLUMNS.items()
    }
    columns["地块编号"] = _texts(_fact(plot, 2) or plot.name for plot in read.plots)
    columns[AREA] = _texts(_hectares(_fact(plot, 1)) for plot in read.plots)
    geoms = np.empty(len(read.plots), dtype=object)
    for row, plot in enumerate(read.plots):
        geoms[row] = (
            polygon_of([np.array(ring.points)[:, ::-1] for ring in plot.rings]) if plot.rings else None
        )
    stated = _ZONE.search(text)
    issues = [*_unreadable(read), *_told(read.plots, int(stated[1]) if stated else None)]
    return columns, geoms, read.declared, used, issues


def polygon_of(rings: Sequence[Floats]) -> shapely.MultiPolygon:
    """Rings by how they lie in each other: one inside an odd number of others is a hole in the smallest of them."""
    areas = np.array([shapely.Polygon(ring) for ring in rings], dtype=object)
    order = np.argsort(-shapely.area(areas), kind="stable")
    areas = areas[order]
    inside, around = shapely.STRtree(areas).query(areas, predicate="within")
    larger = around < inside  # twins lie in each other: the later one counts as inside
    inside, around = inside[larger], around[larger]
    depth = np.bincount(inside, minlength=len(areas))
    holes: dict[int, list[Any]] = {place: [] for place in np.flatnonzero(depth % 2 == 0).tolist()}
    for place in np.flatnonzero(depth % 2).tolist():
        holes[int(around[inside == place].max())].append(areas[place].exterior)
    return shapely.MultiPolygon(
        [shapely.Polygon(areas[shell].exterior, inner) for shell, inner in holes.items()]
    )


def _decoded(path: Path, encoding: str | None) -> tuple[str, str]:
    raw = path.read_bytes()
    if encoding is None:
        return decode_bytes(raw)
    try:
        return raw.decode(encoding), encoding
    except (UnicodeDecodeError, LookupError):
        raise InputError(
            "encoding_wrong",
            f"{path.name} 不能按 {encoding} 读出文字。",
            "请改用 --encoding GB18030 或 UTF-8。",
        ) from None


def _texts(values: Iterator[str]) -> NDArray[Any]:
    return np.array([value or None for value in values], dtype=object)


def _fact(plot: Plot, place: int) -> str:
    return plot.facts[place] if place < len(plot.facts) else ""


def _hectares(text: str) -> str:
    """The area of a plot's line, in hectares where it doesn't say otherwise."""
    if found := SQUARE_METRES.search(text):
        bare = text[: found.start()].strip()
        return f"{float(bare) / 10_000:.8f}" if re.fullmatch(r"\d+(?:\.\d+)?", bare, re.ASCII) else text
    return re.sub(r"(?:公顷|ha|hm2)$", "", text, flags=re.IGNORECASE).strip()


def _unreadable(read: CoordinateText) -> Iterator[Issue]:
    """A line that can't be read spoils the plot that it stands in."""
    begins = [plot.line for plot in read.plots]
    for issue in read.issues:
        row = max(1, bisect_right(begins, issue.row))
        told = f"第 {row} 行（地块 {read.plots[row - 1].name}）：文件{issue.message}"
        yield Issue(row, issue.code, "geometry", told)


def _told(plots: Sequence[Plot], zone: int | None) -> Iterator[Issue]:
    for row, plot in enumerate(plots, start=1):
        points = sum(len(ring.points) for ring in plot.rings)
        closing = plot.written - points
        if plot.rings and closing < len(plot.rings):
            told = (
                f"有 {len(plot.rings) - closing} 圈界址点没有回到起点，已按闭合读取。请核对是否漏了界址点。"
            )
            yield _issue(row, "ring_not_closed", told)
        said = _fact(plot, 0)
        if said.isdigit() and int(said) not in (points, plot.written, points + len(plot.rings)):
            told = f"属性行写明 {said} 个点，实有 {plot.written} 个。请核对是否漏了或多了界址点。"
            yield _issue(row, "point_count_mismatch", told)
        zones = {
            int(east // _PREFIX) for ring in plot.rings for _, east in ring.points if east >= _LEAST_PREFIXED
        }
        if zone is not None and zones - {zone}:
            told = f"坐标的带号是 {'、'.join(map(str, sorted(zones)))}，文件写明带号 {zone}。请核对。"
            yield _issue(row, "zone_mismatch", told)


def _issue(row: int, code: str, told: str) -> Issue:
    return Issue(row, code, "geometry", f"第 {row} 行：{told}", "warning")
