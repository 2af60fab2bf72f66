"""What stood before an edit: the vertices and edges that noding has to leave as they were.

Refuses to take nearness for identity: a vertex is the same by all its digits, a place lies on an edge but for rounding.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.geometry.exact import NUMERIC_M, shapes
from layers.geometry.rings import keys, rings_of
from layers.geometry.transform import Floats, Geometries

Mask = NDArray[np.bool_]
Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Former:
    """The vertices by `keys`, and the edges from `a` to `b`."""

    vertices: NDArray[np.complex128]
    a: Floats
    b: Floats

    @classmethod
    def of(cls, geoms: Geometries | None) -> Former:
        rings = rings_of(shapes([]) if geoms is None else geoms)
        return cls(keys(rings.xy), rings.xy[rings.edges], rings.xy[rings.edges + 1])

    def carries(self, points: Floats) -> Mask:
        """Which places lie on an edge."""
        on = np.zeros(len(points), dtype=bool)
        on[self._under(points)[0]] = True
        return on

    def carries_edges(self, starts: Floats, stops: Floats) -> Mask:
        """Which edges are one of these, or a part of one."""
        count = max(len(self.a), 1)
        one, other = (at * count + edge for at, edge in (self._under(starts), self._under(stops)))
        on = np.zeros(len(starts), dtype=bool)
        on[np.intersect1d(one, other) // count] = True
        return on

    def _under(self, points: Floats) -> tuple[Indices, Indices]:
        """(place, edge) of the places that lie on an edge, its ends included."""
        if not (len(points) and len(self.a)):
            return np.empty(0, np.intp), np.empty(0, np.intp)
        low, high = points.min(axis=0) - NUMERIC_M, points.max(axis=0) + NUMERIC_M
        near = np.flatnonzero(
            ((np.minimum(self.a, self.b) <= high) & (np.maximum(self.a, self.b) >= low)).all(axis=1)
        )
        lines = shapely.linestrings(np.stack([self.a[near], self.b[near]], axis=1))
        at, edge = shapely.STRtree(lines).query(
            shapely.points(points), predicate="dwithin", distance=NUMERIC_M
        )
        return at, near[edge]
