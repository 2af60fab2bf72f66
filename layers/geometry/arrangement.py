"""Straight edges cut where they meet: what a parcel's boundary and cutting lines become before areas are formed.

Refuses to move a given place: edges bend, by less than the tolerance, to run through the places beside them.
Where edges cross elsewhere there is a new place, the same for all of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.geometry.rings import keys
from layers.geometry.transform import Floats, Geometries

Indices = NDArray[np.intp]

_ROUNDS = 20  # each settles what the one before bent; two or three do


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Edge e runs between the places `ends[e]` (numbers into `xy`); it is a piece of the given edge `source[e]`."""

    xy: Floats
    ends: NDArray[np.intp]
    source: Indices

    @classmethod
    def of(cls, starts: Floats, stops: Floats) -> Arrangement:
        places, number = np.unique(keys(np.concatenate([starts, stops])), return_inverse=True)
        ends = number.reshape(2, -1).T
        real = ends[:, 0] != ends[:, 1]
        return cls(places.view(np.float64).reshape(-1, 2), ends[real], np.flatnonzero(real))

    def lines(self) -> Geometries:
        drawn: Geometries = shapely.linestrings(self.xy[self.ends])
        return drawn

    def faces(self) -> Geometries:
        """The polygons that the edges enclose, each edge taken once."""
        once = np.unique(np.sort(self.ends, axis=1), axis=0)
        parts: Geometries = shapely.get_parts(shapely.polygonize(shapely.linestrings(self.xy[once])))
        return parts

    def through_places(self, within_m: float, which: NDArray[np.bool_] | None = None) -> Arrangement:
        """Edges (of the `which` sources) cut at every place that lies on them."""
        cut = np.arange(len(self.ends)) if which is None else np.flatnonzero(which[self.source])
        tree = shapely.STRtree(shapely.points(self.xy))
        edge, place = tree.query(self.lines()[cut], predicate="dwithin", distance=within_m)
        edge = cut[edge]
        a, b = self.xy[self.ends[edge, 0]], self.xy[self.ends[edge, 1]]
        t = ((self.xy[place] - a) * (b - a)).sum(axis=1) / ((b - a) ** 2).sum(axis=1)
        inside = (t > 0) & (t < 1) & (place != self.ends[edge, 0]) & (place != self.ends[edge, 1])
        return self._cut(edge[inside], place[inside], t[inside])

    def at_crossings(self, within_m: float) -> Arrangement:
        """Edges cut where they cross, but for crossings that a place beside them stands for."""
        lines = self.lines()
        i, j = shapely.STRtree(lines).query(lines)
        apart = (i < j) & ~(self.ends[i][:, :, None] == self.ends[j][:, None, :]).any(axis=(1, 2))
        i, j = i[apart], j[apart]
        if not len(i):
            return self
        a, c = self.xy[self.ends[i, 0]], self.xy[self.ends[j, 0]]
        r, s = self.xy[self.ends[i, 1]] - a, self.xy[self.ends[j, 1]] - c
        with np.errstate(divide="ignore", invalid="ignore"):
            slant = r[:, 0] * s[:, 1] - r[:, 1] * s[:, 0]
            t = ((c - a)[:, 0] * s[:, 1] - (c - a)[:, 1] * s[:, 0]) / slant
            u = ((c - a)[:, 0] * r[:, 1] - (c - a)[:, 1] * r[:, 0]) / slant
        cross = (t > 0) & (t < 1) & (u > 0) & (u < 1)
        i, j, t, u = i[cross], j[cross], t[cross], u[cross]
        if not len(i):
            return self
        found = a[cross] + t[:, None] * r[cross]
        # Three edges through one point cross at three points a rounding apart: the first stands for all.
        tree = shapely.STRtree(shapely.points(np.concatenate([self.xy, found])))
        near, place = tree.query(shapely.points(found), predicate="dwithin", distance=within_m)
        order = np.lexsort([place, near])
        standing = place[order][np.unique(near[order], return_index=True)[1]]
        taken = np.unique(standing[standing >= len(self.xy)])
        standing = np.where(
            standing < len(self.xy), standing, len(self.xy) + np.searchsorted(taken, standing)
        )
        grown = Arrangement(np.concatenate([self.xy, found[taken - len(self.xy)]]), self.ends, self.source)
        edge, where, along = (
            np.concatenate([i, j]),
            np.concatenate([standing, standing]),
            np.concatenate([t, u]),
        )
        new = (where != self.ends[edge, 0]) & (where != self.ends[edge, 1])
        return grown._cut(edge[new], where[new], along[new])

    def noded(self, within_m: float) -> Arrangement:
        """Edges that meet at their ends only."""
        now = self
        for _ in range(_ROUNDS):
            before = len(now.ends)
            now = now.through_places(within_m).at_crossings(within_m)
            if len(now.ends) == before:
                break
        return now

    def _cut(self, edge: Indices, place: Indices, along: Floats) -> Arrangement:
        if not len(edge):
            return self
        order = np.lexsort([along, edge])
        edge, place = edge[order], place[order]
        count = np.bincount(edge, minlength=len(self.ends)) + 1
        source = np.repeat(self.source, count)
        stops = np.cumsum(count) - 1
        begin, end = np.empty(len(source), np.intp), np.empty(len(source), np.intp)
        end[stops], begin[stops - count + 1] = self.ends[:, 1], self.ends[:, 0]
        inner = np.ones(len(source), dtype=bool)
        inner[stops] = False
        end[inner] = place
        begin[1:][inner[:-1]] = place
        real = begin != end
        return Arrangement(self.xy, np.stack([begin, end], axis=1)[real], source[real])
