"""Fits a parcel to its neighbours: gives up ground that they hold, or takes the sliver that lies between them.

Refuses to move a neighbour: the parcel's new boundary runs through the neighbours' own vertices.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely

from landgis.lib.errors import InputError
from layers.geometry.exact import areal, digits_of, multi, require_valid, shapes, vertices
from layers.geometry.gaps import GRID_M, narrow_ground
from layers.geometry.merging import filled
from layers.geometry.noding import node_together
from layers.geometry.transform import Geometries

_NOTHING_M2 = 1e-6
_CRUMB_M = 0.0005  # a part left over that is narrower is no ground


def give_way(
    geom_survey: shapely.MultiPolygon, neighbours_survey: Geometries | Sequence[shapely.Geometry]
) -> shapely.MultiPolygon:
    """The parcel without the ground that a neighbour holds as well."""
    parcel, neighbours = shapes([geom_survey]), shapes(neighbours_survey)
    require_valid(parcel)
    require_valid(neighbours, whose="邻宗")
    noded = node_together(parcel, neighbours, tolerance_m=GRID_M)
    meeting = noded.beside[shapely.intersects(noded.beside, noded.touched[0])]
    rest = areal(shapely.difference(noded.touched[0], shapely.union_all(meeting)))
    rest = rest[2 * shapely.area(rest) > _CRUMB_M * shapely.length(rest)]
    if not len(rest):
        raise InputError(
            "nothing_left",
            "宗地完全落在邻宗之内，让出重叠部分后没有剩余。",
            "如该宗地已不存在，请改用“注销”；否则请核对邻宗的界线。",
            field="parcel",
        )
    if shapely.area(parcel[0]) - shapely.area(rest).sum() < _NOTHING_M2:
        raise InputError(
            "no_overlap", "宗地与所选邻宗没有重叠。", "请核对所选的宗地和邻宗。", field="neighbours"
        )
    known = vertices(np.concatenate([neighbours, parcel]))
    return _fitted(multi(digits_of(rest, known, within_m=GRID_M)), neighbours)


def take_gap(
    geom_survey: shapely.MultiPolygon,
    neighbours_survey: Geometries | Sequence[shapely.Geometry],
    *,
    max_width_m: float,
) -> shapely.MultiPolygon:
    """The parcel with the ground between it and its neighbours, where that is up to `max_width_m` wide."""
    parcel, neighbours = shapes([geom_survey]), shapes(neighbours_survey)
    require_valid(parcel)
    require_valid(neighbours, whose="邻宗")
    _, strips = narrow_ground(parcel, neighbours, max_width_m=max_width_m)
    if not len(strips):
        raise InputError(
            "no_gap",
            f"宗地与所选邻宗之间没有宽度在 {max_width_m:g} 米以内的缝隙。",
            "请核对所选的邻宗，或放宽缝隙宽度。",
            field="neighbours",
        )
    return _fitted(filled(parcel, strips), neighbours)


def _fitted(parcel: shapely.MultiPolygon, neighbours: Geometries) -> shapely.MultiPolygon:
    """With the neighbours' vertices in the new boundary, also where they stand in the middle of an edge."""
    fitted: shapely.MultiPolygon = node_together(shapes([parcel]), neighbours, tolerance_m=GRID_M).touched[0]
    return fitted
