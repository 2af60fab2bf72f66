"""Small pictures that a page draws in place: a parcel with the ground each firm uses, how it adds up, and a course of months.

Refuses to measure: lengths are of the picture; figures are said in words beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely

# Told apart by colour-blind eyes (Okabe and Ito).
COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#7f7f7f")
WIDTH, MARGIN, HIGHEST = 640.0, 12.0, 400.0
SPARK_WIDTH, SPARK_HEIGHT = 120.0, 26.0


@dataclass(frozen=True, slots=True)
class Shape:
    """A path of the picture, its colour, its number and where the number stands."""

    path: str
    colour: str
    number: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Picture:
    """A parcel and what is used of it; `width` and `height` are the view box's."""

    width: float
    height: float
    outline: str
    shapes: tuple[Shape, ...]


def picture(
    parcel_wkb: bytes, uses_wkb: Mapping[int, bytes], numbers: Mapping[int, int], colours: Mapping[int, str]
) -> Picture:
    """Shapes in the survey CRS, north up; `numbers` and `colours` are the uses' own in the tables beside it."""
    parcel = shapely.from_wkb(parcel_wkb)
    drawn = {use: shapely.from_wkb(wkb) for use, wkb in uses_wkb.items()}
    west, south, east, north = shapely.union_all([parcel, *drawn.values()]).bounds
    scale = min(
        (WIDTH - 2 * MARGIN) / max(east - west, 1e-9), (HIGHEST - 2 * MARGIN) / max(north - south, 1e-9)
    )

    def on_paper(geom: Any) -> Any:
        return shapely.transform(geom, lambda xy: (xy - (west, north)) * (scale, -scale) + MARGIN)

    shapes = []
    for use, geom in drawn.items():
        placed = on_paper(geom)
        at = shapely.point_on_surface(placed)
        shapes.append(Shape(_path(placed), colours[use], str(numbers[use]), round(at.x, 1), round(at.y, 1)))
    height = (north - south) * scale + 2 * MARGIN
    return Picture(WIDTH, round(height, 1), _path(on_paper(parcel)), tuple(shapes))


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of the sum: where it begins and how long it is, in percent of the picture."""

    start: float
    length: float
    colour: str


def bars(parts_m2: Sequence[float], land_m2: float) -> tuple[list[Bar], float]:
    """The parts one behind the other, and where the parcel's own area ends; the longer of the two fills the picture."""
    whole = max(sum(part for part in parts_m2 if part > 0), land_m2, 1e-9)
    found, start = [], 0.0
    for place, part in enumerate(parts_m2):
        length = max(part, 0.0) / whole * 100
        found.append(Bar(round(start, 3), round(length, 3), COLOURS[place % len(COLOURS)]))
        start += length
    return found, round(land_m2 / whole * 100, 3)


def sparkline(values: Sequence[float | None]) -> list[str]:
    """The course as polylines' points, broken where a month is unknown; a month alone is a short stroke."""
    known = [value for value in values if value is not None]
    if not known:
        return []
    highest, step = max(*known, 1e-9), SPARK_WIDTH / max(len(values) - 1, 1)
    lines: list[list[str]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            lines.append([])
            continue
        y = SPARK_HEIGHT - 2 - value / highest * (SPARK_HEIGHT - 4)
        lines[-1].append(f"{place * step:.1f},{y:.1f}")
    return [" ".join(points if len(points) > 1 else points * 2) for points in lines if points]


def _path(geom: Any) -> str:
    rings = [ring for part in shapely.get_parts(geom) for ring in (part.exterior, *part.interiors)]
    return "".join(
        "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in shapely.get_coordinates(ring)[:-1]) + "Z"
        for ring in rings
    )
