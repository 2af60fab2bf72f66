"""A use of land that is drawn on its parcel: how much of the parcel's land it is, and what it runs into.

Refuses to write anything. The land of a drawn use is the parcel's land by the share that lies under the drawing, as
everywhere that land use is counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from landgis.counties.models import County
from layers.geometry.area import additive_area_m2
from layers.geometry.exact import shapes
from layers.geometry.transform import CGCS2000, transform_geometries
from parcels.cadastre.sketching import guide


@dataclass(frozen=True, slots=True)
class DrawnUse:
    """㎡ of the parcel's land, ㎡ of the drawing, ㎡ of it outside the parcel, and ㎡ shared with each other drawn use."""

    used_m2: float
    drawn_m2: float
    outside_m2: float
    shared_m2: dict[int, float]


def drawn_use(
    drawn_4490: shapely.Geometry,
    parcel_4490: shapely.Geometry,
    land_m2: float,
    others_4490: Mapping[int, shapely.Geometry],
) -> DrawnUse:
    common = [shapely.intersection(drawn_4490, other) for other in others_4490.values()]
    inside = shapely.intersection(drawn_4490, parcel_4490)
    outside = shapely.difference(drawn_4490, parcel_4490)
    measured = additive_area_m2(shapes([parcel_4490, drawn_4490, inside, outside, *common]))
    whole_m2, drawn_m2, inside_m2, outside_m2, *shared = measured.tolist()
    return DrawnUse(
        land_m2 * inside_m2 / whole_m2, drawn_m2, outside_m2, dict(zip(others_4490, shared, strict=True))
    )


def in_degrees(county: County, survey_wkb: Mapping[int, bytes]) -> dict[int, shapely.Geometry]:
    """Shapes that came as WKB in the survey CRS."""
    geoms = shapely.from_wkb(np.array(list(survey_wkb.values()), dtype=object))
    return dict(zip(survey_wkb, transform_geometries(geoms, county.survey_crs, CGCS2000), strict=True))


def guides_of(
    county: County, parcel_survey: bytes, uses_survey: Mapping[int, bytes], names: Mapping[int, str]
) -> list[dict[str, Any]]:
    """The parcel and the uses that were drawn on it."""
    (ground,) = in_degrees(county, {0: parcel_survey}).values()
    held = in_degrees(county, uses_survey)
    return [guide(ground, "ground"), *(guide(shape, "held", names[pk]) for pk, shape in held.items())]
