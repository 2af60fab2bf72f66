"""Coordinates as officers type, paste and deliver them as text: point lists and the bureaus' boundary-point TXT.

Reads rings of (first column, second column); which of the two is the north, and in which system, isn't decided here.
Refuses to guess at a line that has figures but no pair of coordinates: it is told with its number.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from landgis.lib.errors import InputError
from landgis.lib.issues import Issue

Pair = tuple[float, float]

MOST_LINES = 200_000
FEWEST_POINTS = 3
# What a coordinate of a plane is at least, in metres: smaller figures beside it are numbers of points, lengths, heights.
LEAST_PLANE_M = 10_000

_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d{1,2})?", re.IGNORECASE | re.ASCII)
_SEPARATORS = re.compile(r"[\s,;、|]+")
_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+\.\d+(?![\d,])", re.ASCII)
_AXIS = re.compile(r"(?<![A-Za-z])[XYNE]\s*[=:]\s*", re.IGNORECASE)
_HEADING = re.compile(r"点名|编号|界址点|纵|横|经度|纬度|(?<![a-z])[xyne](?![a-z])", re.IGNORECASE)
_REMARK = re.compile(r"坐标|点号|序号|面积|周长|边长|合计")
_RING = re.compile(r"内环|外环|内圈|外圈|[环圈洞孔]|hole|ring|部分", re.IGNORECASE)
_KEY = re.compile(r"([^=\s]+)=(.*)")
_RING_NUMBER = re.compile(r"\d{1,4}", re.ASCII)


@dataclass(slots=True)
class Ring:
    """Its points without the repeated first one; `line` is where it begins."""

    points: list[Pair]
    line: int


@dataclass(slots=True)
class Plot:
    """One shape as it is written: its name, and its rings in their order, outer and inner ones alike."""

    name: str
    rings: list[Ring] = field(default_factory=list)
    line: int = 0
    facts: tuple[str, ...] = ()
    """What a boundary file says of it: 点数, 面积, 地块编号, 地块名称, 图形属性, 图幅号, 地块用途, 地类编码."""
    written: int = 0
    """How many points are written, the repeated first ones too."""


@dataclass(slots=True)
class CoordinateText:
    """`declared` is the name of the coordinate system that the text states, "" where it states none."""

    plots: list[Plot]
    declared: str
    issues: list[Issue]


@dataclass(slots=True)
class _Point:
    pair: Pair
    label: str
    ring: str
    line: int
    parted: bool = False  # by words
    spaced: bool = False  # by a blank line, which may be nothing but how it was pasted


@dataclass(slots=True)
class _Block:
    name: str
    points: list[_Point] = field(default_factory=list)
    line: int = 1
    facts: tuple[str, ...] = ()


def read_coordinates(
    text: str, *, every_plot: bool = False, most_lines: float = MOST_LINES
) -> CoordinateText:
    """The plots of a text; issues name the lines (1-based) that couldn't be read.

    `every_plot` also keeps the plots of a boundary file that have no ring of three points.
    """
    blocks, declared, issues = _blocks(_lines(text, most_lines))
    plots = []
    for block in blocks:
        plot = Plot(block.name, line=block.line, facts=block.facts, written=len(block.points))
        for points in _rings(block.points):
            ring = Ring([point.pair for point in points], points[0].line)
            if len(set(ring.points)) < FEWEST_POINTS:
                told = f"第 {ring.line} 行起的一圈只有 {len(set(ring.points))} 个不同的点，至少应有 3 个。请补全。"
                issues.append(Issue(ring.line, "ring_too_short", "text", told))
            else:
                plot.rings.append(ring)
        if plot.rings or (every_plot and plot.facts):
            plots.append(plot)
    return CoordinateText(plots, declared, issues)


def _blocks(lines: list[str]) -> tuple[list[_Block], str, list[Issue]]:
    """The points in blocks of one plot each; a plot begins with its name or, in a boundary file, its line of facts."""
    blocks, declared, issues = [_Block("")], "", []
    parted = spaced = False
    for number, raw in enumerate(lines, start=1):
        line = unicodedata.normalize("NFKC", raw).strip().strip("\ufeff")
        if not line:
            spaced = True
            continue
        if line.startswith("[") and line.endswith("]"):
            continue
        if line.endswith("@"):
            facts = tuple(part.strip() for part in line.rstrip("@").split(","))
            blocks.append(_Block(_plot_name(facts), line=number, facts=facts))
            continue
        found = _point(line, number)
        if found:
            found.parted, found.spaced = parted, spaced
            blocks[-1].points.append(found)
            parted = spaced = False
        elif match := _KEY.fullmatch(line):
            if match[1].endswith("坐标系"):
                declared = match[2].strip()
        elif _REMARK.search(line):
            continue
        elif _figures(line) >= 2:
            told = f"第 {number} 行“{raw.strip()[:40]}”中找不到一对坐标。请写作“点号 X Y”。"
            issues.append(Issue(number, "line_unreadable", "text", told))
        elif _RING.search(line):
            parted = True
        elif not _HEADING.search(line) and not _figures(line):
            blocks.append(_Block(line.strip(":：,，")[:60], line=number))
    return [block for block in blocks if block.points or block.facts], declared, issues


def _lines(text: str, most: float) -> list[str]:
    lines = text.splitlines()
    if len(lines) > most:
        told = f"文字有 {len(lines)} 行，一次最多 {most} 行。"
        raise InputError("too_many_lines", told, "大批数据请用批量导入。", field="text")
    return lines


def _point(line: str, number: int) -> _Point | None:
    """Label, number of the ring and the pair, of which only the pair must be there; a length or height may follow."""
    line = _THOUSANDS.sub(lambda match: match[0].replace(",", ""), line)
    words = [word for word in _SEPARATORS.split(_AXIS.sub(" ", line)) if word]
    values = [_value(word) for word in words]
    place = _pair_at(words, values)
    if place is None:
        return None
    before = words[:place]
    ring = before.pop() if len(before) >= 2 and _RING_NUMBER.fullmatch(before[-1]) else ""
    first, second = values[place], values[place + 1]
    assert first is not None
    assert second is not None
    return _Point((first, second), before[-1] if before else "", ring, number)


def _pair_at(words: list[str], values: list[float | None]) -> int | None:
    """Where the pair begins: two figures of a plane's size, else two degrees written with a fraction."""
    plane = [value is not None and abs(value) >= LEAST_PLANE_M for value in values]
    exact = [large and "." in word for large, word in zip(plane, words, strict=True)]
    degrees = [
        value is not None and abs(value) <= 180 and "." in word
        for value, word in zip(values, words, strict=True)
    ]
    # A point's number may be as large as a coordinate; coordinates have a fraction where anything has one.
    for usable in (exact, plane, degrees):
        for place in range(len(words) - 1):
            if usable[place] and usable[place + 1]:
                return place
    return None


def _value(word: str) -> float | None:
    if not _NUMBER.fullmatch(word) or len(word) > 40:
        return None
    value = float(word)
    return value if math.isfinite(value) else None


def _figures(line: str) -> int:
    return sum(_value(word) is not None for word in _SEPARATORS.split(line) if word)


def _plot_name(facts: tuple[str, ...]) -> str:
    """The number or name that a boundary file's line gives."""
    return next((part for part in facts[2:4] if part), "")[:60]


def _rings(points: list[_Point]) -> Iterator[list[_Point]]:
    """By the ring's number where one is written; else by words, blank lines, closing points and numbers that restart."""
    if all(point.ring for point in points):
        numbered = [list(group) for _, group in groupby(points, key=lambda point: point.ring)]
        if all(len(group) >= FEWEST_POINTS for group in numbered):
            for group in numbered:
                yield from _closed(group)
            return
    parts = list(_parted(points, blank=True))
    if any(len(part) < FEWEST_POINTS for part in parts):
        parts = list(_parted(points, blank=False))
    for part in parts:
        yield from _closed(part)


def _parted(points: Iterable[_Point], *, blank: bool) -> Iterator[list[_Point]]:
    part: list[_Point] = []
    for point in points:
        if part and (point.parted or (blank and point.spaced)):
            yield part
            part = []
        part.append(point)
    if part:
        yield part


def _closed(points: Iterable[_Point]) -> Iterator[list[_Point]]:
    """A ring ends where it comes back to its first point, or where the numbers begin again."""
    ring: list[_Point] = []
    for point in points:
        if len(ring) >= FEWEST_POINTS:
            if point.pair == ring[0].pair:
                yield ring
                ring = []
                continue
            if point.label and point.label == ring[0].label:
                yield ring
                ring = []
        ring.append(point)
    if ring:
        yield ring
