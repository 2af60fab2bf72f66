"""What an edited parcel is held against: county, towns, control line, and who had the ground since a day that is over.

Refuses to load what lies elsewhere: only areas whose boxes meet the edited shapes are read. All in the survey's plane.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from django.contrib.gis.geos import Polygon
from django.db.models import QuerySet
from django.utils import timezone

from landgis.counties.models import County
from landgis.lib.columns import read_rows
from layers.areas import areas_on
from layers.control_lines.models import ControlLine
from layers.districts.models import District
from layers.geometry.encoded import ewkb
from layers.geometry.transform import WEB_MERCATOR, Geometries, box_shape
from parcels.cadastre.as_of import REGISTER
from parcels.editing.measuring import Former
from parcels.editing.workbench import NONE, places_3857, survey
from parcels.exchange.batch import Expectations

DEGREE_STEPS = 0.01  # a box's sides are straight in degrees and bent in the plane

# States that were in force for a time since the day, and aren't any more.
OVER = f"""
SELECT p.code, p.valid_from, p.valid_to, ST_AsBinary(p.geom_4490)
  FROM unnest(%(shapes)s::text[]) AS given (hex)
 CROSS JOIN LATERAL (SELECT given.hex::geometry AS geom OFFSET 0) AS place
  JOIN {REGISTER} p ON p.geom_3857 && place.geom
 WHERE p.county_id = %(county)s AND p.valid_to > %(on)s AND p.valid_to > p.valid_from
 GROUP BY p.id, p.code, p.valid_from, p.valid_to, p.geom_4490
"""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`ground` holds the county's shape."""

    ground: Geometries
    towns: Geometries
    town_codes: Sequence[str]
    town_names: Sequence[str]
    control_line: shapely.Geometry | None
    former: Sequence[Former] = ()
    former_geoms: Geometries = field(default_factory=lambda: NONE)  # of `former`


def load(county: County, expected: Expectations, edited_survey: Geometries, on: date) -> Surroundings:
    """What lies around the edited shapes, in two statements; three where the day is over."""
    edited = edited_survey[~shapely.is_empty(edited_survey)] if len(edited_survey) else edited_survey
    ground = NONE if not len(edited) else _ground(county, expected)
    if not len(edited):
        return Surroundings(ground, NONE, (), (), None)
    box = Polygon.from_bbox(shapely.total_bounds(places_3857(county, edited)).tolist())
    box.srid = 3857
    towns = areas_on(_near(District.objects.filter(county=county, kind=District.TOWN), box), on)
    lines = areas_on(_near(ControlLine.objects.filter(county=county), box), on)
    parts = survey(county, lines.geoms_4490)
    line = shapely.union_all(parts[shapely.is_valid(parts)]) if len(parts) else None
    former, former_4490 = _former(county, edited, on)
    in_plane = survey(county, towns.geoms_4490)
    return Surroundings(ground, in_plane, towns.codes, towns.names, line, former, survey(county, former_4490))


def _former(county: County, edited_survey: Geometries, on: date) -> tuple[list[Former], Geometries]:
    """States that had edited ground between `on` and today; what still stands lies beside the edited shapes anyway."""
    if on >= timezone.localdate():
        return [], NONE
    shapes = [shape.hex() for shape in ewkb(places_3857(county, edited_survey), WEB_MERCATOR)]
    rows = read_rows(OVER, {"county": county.code, "on": on, "shapes": shapes})
    geoms = shapely.from_wkb(np.array([bytes(row[3]) for row in rows], dtype=object))
    kept = np.flatnonzero(shapely.is_valid(geoms)).tolist() if rows else []
    return [Former(*rows[i][:3]) for i in kept], geoms[kept]


def _near(shapes: QuerySet[Any], box: Polygon) -> QuerySet[Any]:
    return shapes.filter(geom_3857__bboverlaps=box)


def _ground(county: County, expected: Expectations) -> Geometries:
    """The county's boundary, or its box where it states none."""
    boundary = expected.boundary_4490
    west, south, east, north = county.bbox_4490
    if boundary is None:
        boundary = shapely.segmentize(box_shape((west, south, east, north)), DEGREE_STEPS)
    return _in_plane(county.code, county.survey_crs, tuple(county.bbox_4490), shapely.to_wkb(boundary))


@lru_cache(maxsize=4)
def _in_plane(code: str, survey_crs: int, bbox: tuple[float, ...], boundary_4490: bytes) -> Geometries:
    county = County(code=code, survey_crs=survey_crs, bbox_4490=list(bbox))
    return survey(county, np.array([shapely.from_wkb(boundary_4490)], dtype=object))
