"""The developed area as a shape: its area on the ellipsoid, and whether it lies in the phase's parcel.

Refuses a shape that isn't sound or leaves the parcel by more than the tolerance, and a parcel that has no shape to lie in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import shapely

from landgis.lib.errors import InputError
from layers.geometry.area import ellipsoidal_area_m2
from layers.geometry.transform import transform_geometries

FIELD = "developed"
POLYGON = shapely.GeometryType.POLYGON
PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far a surveyed line may lie beside the parcel's, in metres, and what of it outside is no finding, in ㎡."""

    beside_m: float
    sliver_m2: float

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any]) -> Tolerance:
        return cls(float(values["supply.developed_beside_m"]), float(values["overlay.sliver_m2"]))


def measured_m2(geom_4490: shapely.Geometry) -> Decimal:
    """The area in ㎡ on the CGCS2000 ellipsoid."""
    area_m2 = float(ellipsoidal_area_m2(np.array([geom_4490], dtype=object))[0])
    return Decimal(repr(area_m2)).quantize(PLACES)


def developed_shape(
    geoms_survey: Any, ground_4490: shapely.Geometry | None, *, survey_crs: int, tolerance: Tolerance
) -> shapely.MultiPolygon:
    """What was drawn as one shape in EPSG:4490; raises InputError when it can't be the developed area of the ground."""
    drawn = np.array([shape for shape in geoms_survey if not shapely.is_empty(shape)], dtype=object)
    if not len(drawn) or not shapely.is_valid(drawn).all():
        reason = next((shapely.is_valid_reason(s) for s in drawn if not shapely.is_valid(s)), "")
        raise InputError(
            "developed_unsound",
            "已开发范围的图形自相交或不完整" + (f"（{reason}）" if reason else "") + "。",
            "请核对界址点的顺序后重新提交。",
            field=FIELD,
        )
    whole = shapely.union_all(drawn)
    refuse_outside(whole, ground_4490, survey_crs=survey_crs, tolerance=tolerance)
    shape = transform_geometries(np.array([whole], dtype=object), survey_crs, 4490)[0]
    parts = [part for part in shapely.get_parts(shape) if shapely.get_type_id(part) == POLYGON]
    return shapely.MultiPolygon(parts)


def refuse_outside(
    geom_survey: shapely.Geometry,
    ground_4490: shapely.Geometry | None,
    *,
    survey_crs: int,
    tolerance: Tolerance,
) -> None:
    """Raises InputError, with the figures, for a shape that leaves the ground."""
    if ground_4490 is None:
        raise InputError(
            "developed_without_ground",
            "该期没有对应的登记宗地图形，无法核对已开发范围是否在宗地内。",
            "请先登记宗地并关联合同，或只填写已开发面积。",
            field=FIELD,
        )
    beyond = outside_m2(geom_survey, ground_4490, survey_crs=survey_crs, tolerance=tolerance)
    if beyond > tolerance.sliver_m2:
        raise InputError(
            "developed_outside",
            f"已开发范围有 {beyond:.1f} 平方米在宗地以外（允许偏差 {tolerance.beside_m:g} 米）。",
            "请核对坐标系和界址点，只提交本宗地内的部分；宗地界线有误的请先更正宗地。",
            field=FIELD,
        )


def outside_m2(
    geom_survey: shapely.Geometry, ground_4490: shapely.Geometry, *, survey_crs: int, tolerance: Tolerance
) -> float:
    """How much of the shape lies further outside the parcel than the tolerance, in ㎡ of the survey's plane."""
    ground = transform_geometries(np.array([ground_4490], dtype=object), 4490, survey_crs)[0]
    around = shapely.buffer(ground, tolerance.beside_m, join_style="mitre")
    return float(shapely.area(shapely.difference(geom_survey, around)))
