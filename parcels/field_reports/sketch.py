"""A small drawing of the ground, the developed part and where the photos were taken, as figures for an SVG.

Refuses coordinates: it shows how places lie to each other, in metres from the middle. What is far off is told, not drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from layers.geometry.transform import transform_geometries

SIDE = 320
LEAST_M = 60.0
MARGIN = 1.3
# Up to so many times the ground's own extent a place is drawn; beyond, the ground would become a dot.
FAR = 4.0


@dataclass(frozen=True, slots=True)
class Sketch:
    """Paths and marks in a square of SIDE units; `bar` is a round length in metres and its length drawn."""

    ground: str
    developed: str
    marks: tuple[tuple[float, float, str], ...]
    beyond: tuple[str, ...]
    bar: tuple[str, float]
    side: int = SIDE


def sketch(
    ground_4490: shapely.Geometry | None,
    developed_4490: shapely.Geometry | None,
    places: Sequence[tuple[float, float, str]],
    survey_crs: int,
) -> Sketch | None:
    """None where there is no ground to draw; `places` are longitude, latitude and their label."""
    if ground_4490 is None:
        return None
    shapes: list[Any] = [ground_4490, developed_4490 or shapely.MultiPolygon()]
    shapes += [shapely.Point(lon, lat) for lon, lat, _ in places]
    ground, developed, *points = transform_geometries(np.array(shapes, dtype=object), 4490, survey_crs)
    west, south, east, north = shapely.bounds(ground)
    middle = ((west + east) / 2, (south + north) / 2)
    half = max(east - west, north - south, LEAST_M) / 2
    near, beyond = [], []
    for point, (_, _, label) in zip(points, places, strict=True):
        away = max(abs(point.x - middle[0]), abs(point.y - middle[1]))
        if np.isfinite(away) and away <= half * FAR:
            near.append((point.x, point.y, label, away))
        else:
            beyond.append(label)
    half = max([half, *(away for *_, away in near)]) * MARGIN
    scale = SIDE / 2 / half

    def xy(x: float, y: float) -> tuple[float, float]:
        return round(SIDE / 2 + (x - middle[0]) * scale, 1), round(SIDE / 2 - (y - middle[1]) * scale, 1)

    def path(shape: shapely.Geometry) -> str:
        rings = [shapely.get_coordinates(ring) for ring in shapely.get_rings(shapely.get_parts(shape))]
        return " ".join("M" + " L".join("{},{}".format(*xy(x, y)) for x, y in ring) + "Z" for ring in rings)

    metres = _round_length(half / 2)
    return Sketch(
        path(ground),
        path(developed),
        tuple((*xy(x, y), label) for x, y, label, _ in near),
        tuple(beyond),
        (f"{metres:g} 米", round(metres * scale, 1)),
    )


def _round_length(most: float) -> float:
    """1, 2 or 5 times a power of ten, not above `most`."""
    power = 10.0 ** np.floor(np.log10(most))
    return float(max(step * power for step in (1, 2, 5) if step * power <= most))
