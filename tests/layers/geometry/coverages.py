"""Random cadastres for the tests of editing: parcels that share every vertex, with holes, islands and parts."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import strategies as st

from layers.geometry.exact import areal, multi, shapes
from layers.geometry.transform import Floats, Geometries
from tests.layers.geometry.shapes import covering

YIWU = (506_800.0, 3_242_500.0)


def cadastre(seed: int, *, size: int = 4) -> Geometries:
    """Some 8 to 20 parcels; the first is in two parts, the second has an island, the third a courtyard."""
    rng = np.random.default_rng(seed)
    tiles = (
        covering(size, size, seed=seed, steps=1 + seed % 3, origin=YIWU) if seed % 2 else _cells(rng, size)
    )
    tiles = tiles[np.argsort(-shapely.area(tiles), kind="stable")]
    inner = [_courtyard(tile, rng) for tile in tiles[1:3]]
    holed = [
        shapely.Polygon(tile.exterior, [yard.exterior.coords])
        for tile, yard in zip(tiles[1:3], inner, strict=True)
    ]
    apart = shapely.disjoint(tiles[3:], tiles[0])
    second = 3 + int(np.flatnonzero(apart)[0]) if apart.any() else None
    twofold = shapes([multi(tiles[[0, second]]) if second else multi(tiles[:1])])
    rest = np.delete(tiles[3:], second - 3) if second else tiles[3:]
    return np.concatenate([twofold, shapes([multi(shapes([one])) for one in [*holed, inner[0], *rest]])])


def sound(parcels: Geometries) -> None:
    """Valid, without overlaps, and neighbours have the same vertices where they touch."""
    parts = np.concatenate([areal(one) for one in parcels])
    assert shapely.is_valid(parcels).all()
    assert shapely.coverage_is_valid(parts)


def corner_set(parcels: Geometries) -> set[tuple[float, float]]:
    return set(map(tuple, shapely.get_coordinates(parcels).tolist()))


def total(parcels: Geometries) -> float:
    return float(shapely.area(parcels).sum())


def same_ground(a: shapely.Geometry, b: shapely.Geometry, *, within_m2: float = 1e-4) -> bool:
    return bool(shapely.area(shapely.symmetric_difference(a, b)) <= within_m2)


def seeds() -> st.SearchStrategy[int]:
    return st.integers(0, 10_000)


def lines_over(parcel: shapely.Geometry, rng: np.random.Generator, count: int) -> list[Floats]:
    """Bent lines from beyond one side of the parcel's box to beyond another, some through a vertex."""
    west, south, east, north = shapely.bounds(parcel)
    corners = shapely.get_coordinates(parcel)
    lines = []
    for n in range(count):
        y = rng.uniform(south, north, 2)
        x = rng.uniform(west, east, 2)
        ends = [(west - 5, y[0]), (east + 5, y[1])] if n % 2 else [(x[0], south - 5), (x[1], north + 5)]
        centre = shapely.get_coordinates(shapely.point_on_surface(parcel))[0]
        middle = centre + rng.uniform(-1, 1, 2) if rng.random() < 0.6 else corners[rng.integers(len(corners))]
        lines.append(np.array([ends[0], middle, ends[1]]))
    return lines


def _cells(rng: np.random.Generator, size: int) -> Geometries:
    points = rng.uniform(0, 60 * size, (3 * size * size, 2)) + YIWU
    cells: Geometries = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(points)))
    cells = shapely.transform(cells, lambda xy: np.round(xy, 4))
    centre = shapely.Point(np.array(YIWU) + 30 * size)
    near = np.argsort(shapely.distance(cells, centre), kind="stable")[: size * size]
    middle: Geometries = cells[near]
    return middle


def _courtyard(tile: shapely.Polygon, rng: np.random.Generator) -> shapely.Polygon:
    ring = shapely.maximum_inscribed_circle(tile)
    (x, y), radius = ring.coords[0], ring.length * rng.uniform(0.3, 0.7)
    angle = rng.uniform(0, 2 * np.pi) + np.linspace(0, 2 * np.pi, 6, endpoint=False)
    corners = np.column_stack([x + radius * np.cos(angle), y + radius * np.sin(angle)])
    return shapely.Polygon(np.round(corners, 3))


def neighbours_of(parcels: Geometries, at: int) -> list[int]:
    """Parcels that share an edge with this one."""
    others = np.delete(np.arange(len(parcels)), at)
    shared = shapely.length(
        shapely.intersection(shapely.boundary(parcels[others]), shapely.boundary(parcels[at]))
    )
    return [int(n) for n in others[shared > 0.01]]
