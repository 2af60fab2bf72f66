"""Neighbours share their border's vertices: T-junctions noded, near corners merged, all rounded to the mm.

It refuses to hand over a block whose lots overlap, gape or are invalid: such a block comes back empty.
"""

from collections.abc import Callable

import numpy as np
import shapely

from demo.county import round_mm
from demo.randomness import Floats

ON_EDGE_M = 0.02
MERGE_M = 0.9


def make_coverage(
    lots: list[shapely.Polygon], place: Callable[[Floats], Floats], smallest_m2: float
) -> list[shapely.Polygon]:
    """The lots of one block moved to their place in EPSG:4528, or nothing where they don't fit exactly."""
    rings = [shapely.get_coordinates(lot.exterior)[:-1] for lot in lots]
    rings = _insert_junctions(rings)
    points, merged = _merge_near(rings)
    placed = round_mm(place(points))
    shapes = [
        shapely.Polygon(placed[_without_repeats(indices)]) for indices in merged if len(set(indices)) > 3
    ]
    sound = (
        len(shapes) == len(lots)
        and all(shape.is_valid and shape.area >= smallest_m2 for shape in shapes)
        and bool(shapely.coverage_is_valid(np.array(shapes, dtype=object)))
    )
    return shapes if sound else []


def _insert_junctions(rings: list[Floats]) -> list[Floats]:
    """Every corner that lies on a neighbour's straight edge becomes a vertex of that neighbour too."""
    corners = np.unique(np.vstack(rings), axis=0)
    tree = shapely.STRtree(shapely.points(corners))
    noded: list[Floats] = []
    for ring in rings:
        following = np.roll(ring, -1, axis=0)
        edges = shapely.linestrings(np.stack([ring, following], axis=1))
        edge, corner = tree.query(edges, predicate="dwithin", distance=ON_EDGE_M)
        vector = following[edge] - ring[edge]
        length = np.hypot(vector[:, 0], vector[:, 1])
        along = ((corners[corner] - ring[edge]) * vector).sum(axis=1) / length
        between = (along > ON_EDGE_M) & (along < length - ON_EDGE_M)
        order = np.lexsort((along[between], edge[between]))
        at, add = edge[between][order], corners[corner[between][order]]
        noded.append(np.insert(ring, at + 1, add, axis=0))
    return noded


def _merge_near(rings: list[Floats]) -> tuple[Floats, list[list[int]]]:
    """Corners closer than MERGE_M become one, for all rings at once, so that no crumb of an edge remains."""
    points, index = np.unique(np.vstack(rings), axis=0, return_inverse=True)
    left, right = shapely.STRtree(shapely.points(points)).query(
        shapely.points(points), predicate="dwithin", distance=MERGE_M
    )
    leader = np.arange(len(points))
    for one, other in zip(left[left > right], right[left > right], strict=True):
        leader[one] = min(leader[one], leader[other])
    while not np.array_equal(leader, leader[leader]):
        leader = leader[leader]
    ends = np.cumsum([len(ring) for ring in rings])[:-1]
    return points, [list(leader[part]) for part in np.split(index.ravel(), ends)]


def _without_repeats(indices: list[int]) -> list[int]:
    return [
        each for each, before in zip(indices, [indices[-1], *indices[:-1]], strict=True) if each != before
    ]
