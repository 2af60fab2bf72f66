"""Fourteen invented town polygons that tile the county: shared borders have identical vertices.

It refuses to pass for the real township boundaries, which have no usable publication.
"""

import numpy as np
import shapely

from demo.county import County, round_mm, to_grid
from demo.randomness import Floats, SmoothField, stream
from demo.yiwu import HINTS

CELL_M = 380.0
SMOOTHING_M = 170.0
SEAT_TO_BORDER_M = 500.0


def draw_towns(county: County, seed: int) -> list[shapely.Polygon]:
    """One polygon a town, in the order of the profile."""
    rng = stream(seed, "towns")
    seats = to_grid(np.array([HINTS[town.code].seat for town in county.towns]))
    wanted_m2 = np.array([HINTS[town.code].area_km2 for town in county.towns]) * 1e6
    cells, centres = _cells(county.outline_4528, rng)
    inside = shapely.contains_xy(county.outline_4528, centres)
    owner = _assign(centres, inside, seats, wanted_m2, rng)
    regions = [shapely.coverage_union_all(cells[owner == index]) for index in range(len(seats))]
    regions = list(
        shapely.coverage_simplify(np.array(regions, dtype=object), SMOOTHING_M, simplify_boundary=True)
    )
    return _clip(county.outline_4528, regions)


def _cells(outline: shapely.Polygon, rng: np.random.Generator) -> tuple[np.ndarray, Floats]:
    west, south, east, north = outline.buffer(3 * CELL_M).bounds
    xs, ys = np.meshgrid(np.arange(west, east, CELL_M), np.arange(south, north, CELL_M))
    points = np.column_stack([xs.ravel(), ys.ravel()])
    points = points + rng.uniform(-0.45, 0.45, points.shape) * CELL_M
    voronoi = shapely.voronoi_polygons(shapely.multipoints(points), ordered=True)
    return np.array(shapely.get_parts(voronoi), dtype=object), points


def _assign(
    centres: Floats, inside: np.ndarray, seats: Floats, wanted_m2: Floats, rng: np.random.Generator
) -> np.ndarray:
    """Nearest seat in a gently bent space, with weights moved until each town has about its real size."""
    bent = np.vstack([centres, seats])
    for field in (SmoothField(rng, 700, 5200), SmoothField(rng, 260, 1500)):
        bent = field.displace(bent)
    bent, seats = bent[: len(centres)], bent[len(centres) :]
    squared = ((bent[:, None, :] - seats[None, :, :]) ** 2).sum(axis=2)
    apart = np.hypot(*(seats[:, None, :] - seats[None, :, :]).T)
    weights = np.zeros(len(seats))
    wanted = wanted_m2 / wanted_m2.sum()
    for step in range(400):
        owner = np.argmin(squared - weights, axis=1)
        got = np.bincount(owner[inside], minlength=len(seats)) / inside.sum()
        weights += (wanted - got) * 4e8 / (1 + step / 60)
        # A border keeps its distance from both seats, or a seat would end up in the neighbour's town.
        excess = weights[None, :] - weights[:, None] - (apart**2 - 2 * apart * SEAT_TO_BORDER_M)
        np.fill_diagonal(excess, 0)
        push = np.clip(excess, 0, None) / 2
        weights += push.max(axis=1) - push.max(axis=0)
    return np.asarray(np.argmin(squared - weights, axis=1))


def _clip(outline: shapely.Polygon, regions: list[shapely.Geometry]) -> list[shapely.Polygon]:
    """Cut along the county line by one noded linework: both sides of every border get the same vertices."""
    lines = [outline.exterior, *(shapely.boundary(region) for region in regions)]
    faces = shapely.get_parts(shapely.polygonize([shapely.union_all(lines, grid_size=0.001)]))
    faces = faces[shapely.contains(outline, shapely.point_on_surface(faces))]
    middle = shapely.point_on_surface(faces)
    owner = np.array([_owner(regions, point) for point in middle])
    owner = _join_stray_faces(faces, owner)
    towns = [shapely.coverage_union_all(faces[owner == index]) for index in range(len(regions))]
    return [shapely.transform(town, round_mm) for town in towns]


def _owner(regions: list[shapely.Geometry], point: shapely.Point) -> int:
    return int(np.argmin(shapely.distance(np.array(regions, dtype=object), point)))


def _join_stray_faces(faces: np.ndarray, owner: np.ndarray) -> np.ndarray:
    """A face cut off from its town goes to the neighbour with most common border: towns stay in one piece."""
    joined = owner.copy()
    size = shapely.area(faces)
    settled = {int(np.argmax(np.where(owner == town, size, 0))) for town in np.unique(owner)}
    while len(settled) < len(faces):
        for face in sorted(set(range(len(faces))) - settled, key=lambda index: -float(size[index])):
            borders = {
                other: shapely.intersection(faces[face], faces[other]).length
                for other in settled
                if shapely.touches(faces[face], faces[other])
            }
            if borders:
                same = [other for other in borders if joined[other] == owner[face]]
                joined[face] = joined[max(same or borders, key=lambda other: borders[other])]
                settled.add(face)
                break
    return joined
