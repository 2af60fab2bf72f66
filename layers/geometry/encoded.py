"""Multipolygons as the EWKB that PostGIS takes, straight from their vertices.

Refuses nothing: a shape of several rings, or of another kind, goes the long way through GEOS.
"""

from __future__ import annotations

import struct

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.geometry.transform import Floats, Geometries, with_coordinates

_WITH_SRID = 0x20000000
_VERTEX = 16  # bytes


def ewkb(geoms: Geometries, srid: int, *, xy: Floats | None = None) -> NDArray[np.object_]:
    """Shapes as EWKB; `xy`: on these vertices, which are in `srid`, instead of their own.

    Nearly every parcel is one ring: its bytes are a head, a count, and its vertices as they lie in memory.
    """
    xy = shapely.get_coordinates(geoms) if xy is None else xy
    ring = _is_one_ring(geoms)
    counts = shapely.get_num_coordinates(geoms)
    encoded = np.empty(len(geoms), dtype=object)
    if ring.all():
        encoded[:] = _rings(counts, srid, xy)
        return encoded
    of_ring = np.repeat(ring, counts)
    for at, shape in zip(np.flatnonzero(ring), _rings(counts[ring], srid, xy[of_ring]), strict=True):
        encoded[at] = shape
    others = shapely.set_srid(with_coordinates(geoms[~ring], xy[~of_ring]), srid)
    encoded[~ring] = shapely.to_wkb(others, include_srid=True, output_dimension=2)
    return encoded


def _is_one_ring(geoms: Geometries) -> NDArray[np.bool_]:
    """Whether each shape is a multipolygon of one part without holes."""
    areal = shapely.get_type_id(geoms) == shapely.GeometryType.MULTIPOLYGON
    single: NDArray[np.bool_] = areal & (shapely.get_num_geometries(geoms) == 1) & ~shapely.is_empty(geoms)
    single[single] = shapely.get_num_interior_rings(shapely.get_geometry(geoms[single], 0)) == 0
    return single


def _rings(counts: NDArray[np.integer], srid: int, xy: Floats) -> list[bytes]:
    part = struct.pack("<BII", 1, shapely.GeometryType.POLYGON, 1)
    head = struct.pack("<BIII", 1, shapely.GeometryType.MULTIPOLYGON | _WITH_SRID, srid, 1) + part
    heads = {count: head + struct.pack("<I", count) for count in np.unique(counts).tolist()}
    raw = np.ascontiguousarray(xy, dtype="<f8").tobytes()
    made, start = [], 0
    for count in counts.tolist():
        end = start + count * _VERTEX
        made.append(heads[count] + raw[start:end])
        start = end
    return made
