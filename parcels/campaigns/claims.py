"""What a claim on ground is still worth: its shape without what other credits of the ledger hold already.

Refuses to count ground twice: the credited shapes of a ledger never overlap, so their areas add up to the area of their
union.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from layers.geometry.area import additive_area_m2


@dataclass(frozen=True, slots=True)
class Credited:
    """The ground that a claim gets (None: nothing), its ㎡, and which earlier credits hold how many ㎡ of the rest."""

    geom_4490: shapely.Geometry | None
    area_m2: float
    claimed_m2: float
    held: tuple[tuple[int, float], ...]


def credited(
    claim_4490: shapely.Geometry, held_4490: Sequence[tuple[int, shapely.Geometry]], *, sliver_m2: float
) -> Credited:
    """`held_4490`: the credits in force by their numbers. A common ground under `sliver_m2` isn't told as a conflict,
    but is taken off all the same; less than that left is nothing."""
    claimed_m2 = area_m2(claim_4490)
    near = [(number, shape) for number, shape in held_4490 if shape.intersects(claim_4490)]
    if not near:
        return Credited(areal(claim_4490), claimed_m2, claimed_m2, ())
    shapes = np.array([shape for _, shape in near], dtype=object)
    common_m2 = additive_area_m2(shapely.intersection(claim_4490, shapes))
    held = tuple(
        (number, float(common))
        for (number, _), common in zip(near, common_m2, strict=True)
        if common >= sliver_m2
    )
    rest = areal(shapely.difference(claim_4490, shapely.union_all(shapes)))
    left_m2 = 0.0 if rest is None else area_m2(rest)
    if rest is None or left_m2 < sliver_m2:
        return Credited(None, 0.0, claimed_m2, held)
    return Credited(rest, left_m2, claimed_m2, held)


def area_m2(shape_4490: shapely.Geometry) -> float:
    """㎡ on the ellipsoid between edges that are straight in degrees, so that parts add up to the whole."""
    return float(additive_area_m2(np.array([shape_4490], dtype=object))[0])


def areal(shape: shapely.Geometry) -> shapely.Geometry | None:
    """The polygons of a result as one multipolygon; lines and points that a difference leaves are no ground."""
    parts = shapely.get_parts(shapely.get_parts(np.array([shape], dtype=object)))
    polygons = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    polygons = polygons[shapely.area(polygons) > 0]
    return shapely.multipolygons(polygons) if len(polygons) else None
