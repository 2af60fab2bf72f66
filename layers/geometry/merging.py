"""Merges parcels into one, their outer boundary keeping every vertex and digit.

Refuses to close a slit between them without a word: a hair of ground that belongs to nobody is a fault of the
survey, which only its officer may give away.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import shapely

from landgis.lib.errors import InputError
from layers.geometry.exact import areal, digits_of, multi, require_valid, shapes, vertices
from layers.geometry.gaps import GRID_M, Gaps, gaps
from layers.geometry.noding import node_together
from layers.geometry.transform import Geometries

SLIT_M = 0.01
_NOBODY: Geometries = np.empty(0, dtype=object)


def merge(
    geoms_survey: Geometries | Sequence[shapely.Geometry],
    *,
    slit_m: float = SLIT_M,
    slits: Literal["refuse", "keep", "close"] = "refuse",
) -> shapely.MultiPolygon:
    """The ground of all; the vertices between them vanish, all others stay, also those on straight lines.

    A slit up to `slit_m` wide between two of them is refused, kept as it is, or closed; 0 doesn't look for any.
    `slits_between` tells them.
    """
    geoms = shapes(geoms_survey)
    if not len(geoms):
        raise InputError("nothing_to_merge", "没有要合并的宗地。", "请至少选择两宗地。", field="parcels")
    require_valid(geoms)
    if slits == "keep" or slit_m <= 0 or len(geoms) < 2:
        return united(geoms)
    found = slits_between(geoms, slit_m=slit_m)
    if not len(found.geometry):
        return united(geoms)
    if slits == "refuse":
        worst = int(np.argmax(found.width_m))
        at = shapely.point_on_surface(found.geometry[worst])
        raise InputError(
            "merge_leaves_slit",
            f"要合并的宗地之间有 {len(found.geometry)} 处细缝，最宽 {found.width_m[worst]:.4f} 米，"
            f"位于（{at.x:.3f}, {at.y:.3f}）。",
            "请先用“吻合相邻宗地”填补细缝，再合并。",
            field="parcels",
        )
    return filled(geoms, found.geometry)


def slits_between(geoms_survey: Geometries | Sequence[shapely.Geometry], *, slit_m: float) -> Gaps:
    """The ground up to `slit_m` wide that lies between the parcels and belongs to none of them."""
    return gaps(shapes(geoms_survey), _NOBODY, max_width_m=slit_m)


def united(geoms: Geometries) -> shapely.MultiPolygon:
    """The ground of all, boundaries that are one but for rounding taken as one."""
    noded = node_together(geoms, _NOBODY, tolerance_m=GRID_M).touched
    return multi(digits_of(areal(shapely.union_all(noded)), vertices(geoms), within_m=GRID_M))


def filled(geoms: Geometries, strips: Geometries) -> shapely.MultiPolygon:
    """The ground of all and of strips found between them, whose ends may lie on a shape's edge."""
    noded = node_together(strips, geoms, tolerance_m=10 * GRID_M)
    return united(np.concatenate([noded.beside, noded.touched]))
