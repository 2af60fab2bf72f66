"""The rings of an array of polygons as one flat array of vertices: what areas and vertex checks run over.

Refuses lines and points by leaving them out; holes are told from shells by their place, never by their turn.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.geometry.transform import Floats, Geometries


@dataclass(frozen=True, slots=True)
class Rings:
    """Ring r is `xy[first[r]:first[r + 1]]`, closed; its geometry is `owner[r]`, and `outer[r]` a shell."""

    xy: Floats
    first: NDArray[np.intp]
    owner: NDArray[np.intp]
    outer: NDArray[np.bool_]

    @property
    def lengths(self) -> NDArray[np.intp]:
        return np.diff(self.first, append=len(self.xy))

    @property
    def last(self) -> NDArray[np.intp]:
        """The vertex that closes each ring, a repetition of its first."""
        return self.first + self.lengths - 1

    def __len__(self) -> int:
        return len(self.first)


def rings_of(geoms: Geometries) -> Rings:
    polygons, owner = _polygons(geoms)
    if shapely.get_num_interior_rings(polygons).any():
        rings, polygon = shapely.get_rings(polygons, return_index=True)
    else:  # a polygon without holes reads as its ring; making 100,000 ring objects takes longer than the sums
        rings, polygon = polygons, np.arange(len(polygons))
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    first = np.flatnonzero(np.diff(ring, prepend=-1))
    present = ring[first]  # an empty ring has no coordinates
    outer = np.diff(polygon, prepend=-1)[present] > 0
    return Rings(xy, first, owner[polygon[present]], outer)


def _polygons(geoms: Geometries) -> tuple[Geometries, NDArray[np.intp]]:
    kind = shapely.get_type_id(geoms)
    if (kind == shapely.GeometryType.POLYGON).all():
        return geoms, np.arange(len(geoms))
    parts, owner = shapely.get_parts(geoms, return_index=True)
    areal = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    return parts[areal], owner[areal]
