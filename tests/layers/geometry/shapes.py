"""Shapes for the geometry tests: coverings with shared vertices, and polygons of any form."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import strategies as st
from numpy.typing import NDArray

from layers.geometry.transform import Floats, Geometries

SURVEY_ORIGIN = (506_000.0, 3_242_000.0)  # in EPSG:4549, in the middle of Yiwu
YIWU = (119.75, 29.0, 120.3, 29.55)
PRAGUE = (14.2, 49.9, 14.7, 50.2)


def covering(
    columns: int,
    rows: int,
    *,
    width: float = 40.0,
    height: float = 60.0,
    steps: int = 4,
    jitter: float = 1.5,
    origin: tuple[float, float] = SURVEY_ORIGIN,
    seed: int = 0,
) -> Geometries:
    """columns × rows polygons that tile the ground with wavy boundaries of `steps` edges a side, shared exactly."""
    rng = np.random.default_rng(seed)
    x, y = np.meshgrid(np.arange(columns * steps + 1) / steps, np.arange(rows * steps + 1) / steps)
    x = np.round(origin[0] + x * width + rng.uniform(-jitter, jitter, x.shape), 4)
    y = np.round(origin[1] + y * height + rng.uniform(-jitter, jitter, y.shape), 4)
    low, high, walk = np.zeros(steps, int), np.full(steps, steps), np.arange(steps)
    to_x = np.concatenate([walk, high, steps - walk, low])
    to_y = np.concatenate([low, walk, high, steps - walk])
    at_x, at_y = (part.ravel() * steps for part in np.meshgrid(np.arange(columns), np.arange(rows)))
    i, j = at_y[:, None] + to_y, at_x[:, None] + to_x
    tiles: Geometries = shapely.polygons(np.stack([x[i, j], y[i, j]], axis=-1))
    return tiles


def star(centre: tuple[float, float], radii: NDArray[np.float64]) -> shapely.Polygon:
    """A simple polygon round a point, a vertex for each radius."""
    angle = np.linspace(0, 2 * np.pi, len(radii), endpoint=False)
    return shapely.Polygon(np.column_stack([np.cos(angle), np.sin(angle)]) * radii[:, None] + centre)


def scattered(lonlat: Floats, size_m: float, vertices: int, rng: np.random.Generator) -> Geometries:
    """A star-shaped polygon of about `size_m` round each longitude/latitude, in degrees."""
    angle = np.sort(rng.uniform(0, 2 * np.pi, (len(lonlat), vertices)), axis=1)
    radius = size_m * rng.uniform(0.4, 1, (len(lonlat), vertices)) / 111_195
    lat = lonlat[:, 1:] + radius * np.sin(angle)
    lon = lonlat[:, :1] + radius * np.cos(angle) / np.cos(np.radians(lonlat[:, 1:]))
    polygons: Geometries = shapely.polygons(np.stack([lon, lat], axis=-1))
    valid: Geometries = polygons[shapely.is_valid(polygons)]
    return valid


def stars(spread: float = 100.0, size: float = 30.0) -> st.SearchStrategy[shapely.Polygon]:
    """Polygons on a plane of whole tenths of a metre near the survey's origin, so that boundaries often meet."""
    centres = st.tuples(st.integers(0, int(spread)), st.integers(0, int(spread)))
    radii = st.lists(st.integers(1, int(size)), min_size=3, max_size=9)

    def build(centre: tuple[int, int], radius: list[int]) -> shapely.Polygon:
        at = (SURVEY_ORIGIN[0] + centre[0], SURVEY_ORIGIN[1] + centre[1])
        return shapely.transform(star(at, np.array(radius, float)), lambda xy: np.round(xy, 1))

    return st.builds(build, centres, radii).filter(lambda shape: shape.is_valid and shape.area > 0.5)
