"""What stays of the line's pieces when ground is taken out of them, whole arrays at a time.

Refuses dust: parts under a square centimetre are what overlaying leaves behind, and no ground.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.geometry.area import ellipsoidal_area_m2
from layers.geometry.exact import areal, multi, shapes
from layers.geometry.transform import Geometries

DUST_M2 = 1e-4


@dataclass(frozen=True, slots=True)
class Retained:
    """保有量 from a day on, in ㎡, and the document it rests on."""

    since: date
    area_m2: float
    basis: str


@dataclass(frozen=True, slots=True)
class Cut:
    """`at`: which pieces lose ground; `rest_4490` what stays of each (None: nothing), `lost_m2` by how much each shrinks."""

    at: NDArray[np.intp]
    rest_4490: tuple[shapely.MultiPolygon | None, ...]
    lost_m2: NDArray[np.float64]


def cut_out(pieces_4490: Geometries, taken_4490: shapely.Geometry) -> Cut:
    """The pieces that `taken` reaches into. Loss is measured as the line itself is: area before less area after."""
    if not len(pieces_4490) or taken_4490.is_empty:
        return Cut(np.empty(0, np.intp), (), np.empty(0))
    reached = np.flatnonzero(shapely.intersects(pieces_4490, taken_4490))
    common = shapely.intersection(pieces_4490[reached], taken_4490)
    reached = reached[[ground(shape) is not None for shape in common]]
    rest = [ground(shape) for shape in shapely.difference(pieces_4490[reached], taken_4490)]
    before = ellipsoidal_area_m2(pieces_4490[reached])
    after = np.array([0.0 if shape is None else area_m2(shape) for shape in rest])
    return Cut(reached, tuple(rest), before - after)


def ground(shape: shapely.Geometry) -> shapely.MultiPolygon | None:
    """The polygons of an overlay's result as one shape; None where there is but dust."""
    parts = areal(shape)
    if len(parts):
        parts = parts[ellipsoidal_area_m2(parts) > DUST_M2]
    return multi(parts) if len(parts) else None


def area_m2(shape_4490: shapely.Geometry | None) -> float:
    """The ellipsoidal area; 0 where there is no shape."""
    return 0.0 if shape_4490 is None else float(ellipsoidal_area_m2(shapes([shape_4490]))[0])


def union_of(geoms_4490: Sequence[shapely.Geometry | None]) -> shapely.Geometry:
    """Everything together; an empty polygon where there is nothing."""
    return shapely.union_all(shapes([geom for geom in geoms_4490 if geom is not None]))
