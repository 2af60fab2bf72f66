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

    @property
    def edges(self) -> NDArray[np.intp]:
        """The vertices that an edge of their ring starts at: all but the closing ones."""
        starts = np.ones(len(self.xy), dtype=bool)
        starts[self.last] = False
        return np.flatnonzero(starts)

    @property
    def ring(self) -> NDArray[np.intp]:
        """The ring of each vertex."""
        return np.repeat(np.arange(len(self)), self.lengths)

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


def with_rings(
    geoms: Geometries, rings: Rings, xy: Floats, ring: NDArray[np.intp], changed: NDArray[np.bool_]
) -> Geometries:
    """New shapes in place of the `changed` ones, on other vertices: `xy` in the order of `rings`, each of its
    `ring`, closed; a ring keeps four at least. The other shapes are the same objects. None may be empty.
    """
    taken = changed[rings.owner[ring]]
    lengths = np.bincount(ring[taken], minlength=len(rings))[changed[rings.owner]]
    which = np.flatnonzero(changed)
    if not len(which):
        return geoms.copy()
    polygons, owner = _polygons(geoms[which])
    counts = (lengths, shapely.get_num_interior_rings(polygons) + 1, np.bincount(owner, minlength=len(which)))
    offsets = tuple(np.concatenate([[0], np.cumsum(count)]) for count in counts)
    built: Geometries = shapely.from_ragged_array(shapely.GeometryType.MULTIPOLYGON, xy[taken], offsets)
    single = shapely.get_type_id(geoms[which]) == shapely.GeometryType.POLYGON
    built[single] = shapely.get_geometry(built[single], 0)
    result = geoms.copy()
    result[which] = built
    return result


def repeated(xy: Floats, ring: NDArray[np.intp], moved: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Vertices that are the next one's equal since either was `moved`; the one that closes a ring never is."""
    same = (ring[1:] == ring[:-1]) & (xy[1:] == xy[:-1]).all(axis=1) & (moved[1:] | moved[:-1])
    return np.append(same, False)


def corners(xy: Floats, ring: NDArray[np.intp], rings: int) -> NDArray[np.intp]:
    """How many different vertices each ring has."""
    once = np.unique(np.stack([ring.astype(np.float64), *xy.T], axis=1), axis=0)
    return np.bincount(once[:, 0].astype(np.intp), minlength=rings)


def keys(xy: Floats) -> NDArray[np.complex128]:
    """One number for each vertex, equal where every digit is: what vertices are looked up and told apart by."""
    return np.ascontiguousarray(xy, dtype=np.float64).view(np.complex128).ravel()


def _polygons(geoms: Geometries) -> tuple[Geometries, NDArray[np.intp]]:
    kind = shapely.get_type_id(geoms)
    if (kind == shapely.GeometryType.POLYGON).all():
        return geoms, np.arange(len(geoms))
    parts, owner = shapely.get_parts(geoms, return_index=True)
    areal = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    return parts[areal], owner[areal]
