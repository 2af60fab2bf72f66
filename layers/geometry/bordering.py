"""Which of many boxes may meet one of others, or a boundary of large areas, told by a grid laid over them.

Refuses to miss one: it may name a box that another only comes near to, and whoever asked looks at that one closely.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.geometry.transform import Floats, Geometries

_CELLS = 1024  # along the longer side: some 50 m in a county, less than a parcel
_APART = 1e-6  # of a cell: what cutting an edge in pieces may round away


def bordered(bounds: Floats, areas: Geometries) -> NDArray[np.bool_]:
    """For each box (west, south, east, north) whether a boundary of `areas` may meet it."""
    return touched(bounds, _edges(areas))


def touched(bounds: Floats, others: Floats) -> NDArray[np.bool_]:
    """For each box of `bounds` whether one of `others` may meet it."""
    found = np.zeros(len(bounds), dtype=bool)
    if not len(others) or not len(bounds):
        return found
    corner = others[:, :2].min(axis=0)
    side = max(float((others[:, 2:].max(axis=0) - corner).max()) / _CELLS, 1e-12)
    marked = _marked_before(_cells(others, corner, side, apart=_APART))
    known = np.isfinite(bounds).all(axis=1)
    west, south, east, north = _cells(bounds[known], corner, side).T
    there = (
        marked[east + 1, north + 1] - marked[west, north + 1] - marked[east + 1, south] + marked[west, south]
    )
    # A box beside the grid lies in no cell of it, though it was moved to the outermost.
    reach = corner + side * (_CELLS + 1)
    beside = (bounds[known, :2] > reach).any(axis=1) | (bounds[known, 2:] < corner - side).any(axis=1)
    found[known] = (there > 0) & ~beside
    return found


def _edges(areas: Geometries) -> Floats:
    """The boxes of the boundaries' edges, long ones in pieces, so that a slanting edge doesn't fill the grid."""
    lines = shapely.get_parts(shapely.boundary(areas))
    lines = lines[~shapely.is_empty(lines)]
    if not len(lines):
        return np.empty((0, 4))
    box = shapely.total_bounds(lines)
    longest = max(float(np.max(box[2:] - box[:2])), 1e-9) / _CELLS * 2
    xy, line = shapely.get_coordinates(shapely.segmentize(lines, longest), return_index=True)
    of_one = line[1:] == line[:-1]
    here, there = xy[:-1][of_one], xy[1:][of_one]
    return np.hstack([np.minimum(here, there), np.maximum(here, there)])


def _cells(boxes: Floats, corner: Floats, side: float, *, apart: float = 0.0) -> NDArray[np.int64]:
    """The first and the last column and row that each box reaches, kept inside the grid."""
    low = np.floor((boxes[:, :2] - corner) / side - apart)
    high = np.floor((boxes[:, 2:] - corner) / side + apart)
    return np.asarray(np.clip(np.hstack([low, high]), 0, _CELLS), dtype=np.int64)


def _marked_before(cells: NDArray[np.int64]) -> NDArray[np.int32]:
    """How many of the cells that these boxes reach lie before each corner of the grid, in both directions."""
    west, south, east, north = cells.T
    steps = np.zeros((_CELLS + 2, _CELLS + 2), dtype=np.int32)
    for sign, x, y in (
        (1, west, south),
        (-1, east + 1, south),
        (-1, west, north + 1),
        (1, east + 1, north + 1),
    ):
        np.add.at(steps, (x, y), sign)
    reached = steps.cumsum(axis=0, dtype=np.int32).cumsum(axis=1, dtype=np.int32)[:-1, :-1] > 0
    before = np.zeros((_CELLS + 2, _CELLS + 2), dtype=np.int32)
    before[1:, 1:] = reached.cumsum(axis=0, dtype=np.int32).cumsum(axis=1, dtype=np.int32)
    return before
