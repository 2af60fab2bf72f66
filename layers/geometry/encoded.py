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


def ewkb(
    geoms: Geometries, srid: int, *, xy: Floats | None = None, multi: bool = False
) -> NDArray[np.object_]:
    """Shapes as EWKB; `xy`: on these vertices, which are in `srid`, instead of their own; `multi`: a polygon as a
    multipolygon of one part.

    Nearly every parcel is one ring: its bytes are a head, a count, and its vertices as they lie in memory.
    """
    xy = shapely.get_coordinates(geoms) if xy is None else xy
    ring = _is_one_ring(geoms, multi)
    counts = shapely.get_num_coordinates(geoms)
    encoded = np.empty(len(geoms), dtype=object)
    if ring.all():
        encoded[:] = _rings(counts, srid, xy)
        return encoded
    of_ring = np.repeat(ring, counts)
    for at, shape in zip(np.flatnonzero(ring), _rings(counts[ring], srid, xy[of_ring]), strict=True):
        encoded[at] = shape
    others = with_coordinates(geoms[~ring], xy[~of_ring])
    others = shapely.set_srid(multipolygons(others) if multi else others, srid)
    encoded[~ring] = shapely.to_wkb(others, include_srid=True, output_dimension=2)
    return encoded


def multipolygons(geoms: Geometries) -> Geometries:
    """Polygons as multipolygons of one part; whatever else is left as it is."""
    single = np.flatnonzero(shapely.get_type_id(geoms) == shapely.GeometryType.POLYGON)
    single = single[~shapely.is_empty(geoms[single])]
    out: Geometries = geoms.copy()
    if len(single):
        out[single] = shapely.multipolygons(geoms[single], indices=np.arange(len(single)))
    return out


def _is_one_ring(geoms: Geometries, polygons: bool) -> NDArray[np.bool_]:
    """Whether each shape is a multipolygon of one part without holes, or with `polygons` such a part itself."""
    kind = shapely.get_type_id(geoms)
    ring: NDArray[np.bool_] = (kind == shapely.GeometryType.MULTIPOLYGON) & (
        shapely.get_num_geometries(geoms) == 1
    )
    ring[ring] = shapely.get_num_interior_rings(shapely.get_geometry(geoms[ring], 0)) == 0
    if polygons:
        ring |= (kind == shapely.GeometryType.POLYGON) & (shapely.get_num_interior_rings(geoms) == 0)
    ring &= ~shapely.is_empty(geoms)
    return ring


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
