"""Stored parcels with their exact shapes, as an editor opens them.

Refuses parcels outside the actor's territory, and more than a screen of them at once.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from landgis.access.queries import Actor
from landgis.access.rules import VIEW_MAP
from landgis.counties.models import County
from landgis.lib.errors import InputError
from layers.geometry.transform import Box
from parcels.editing.pieces import sent_shapes
from parcels.editing.presence import editors_of
from parcels.editing.queries import StoredShape, around, by_code, facts
from parcels.editing.workbench import check_extent, places_3857, survey

MOST = 5_000


def exact_parcels(
    county: County, actor: Actor, *, codes: list[str], bbox_survey: Box | None
) -> dict[str, Any]:
    """The parcels in force of these codes, or in a box of the survey's plane, in three statements."""
    actor.require(VIEW_MAP)
    if bool(codes) == (bbox_survey is not None):
        raise InputError(
            "codes_or_bbox",
            "请给出宗地代码（codes）或范围（bbox），二者取一。",
            "请改正参数后重试。",
            field="codes",
        )
    rows = by_code(county, codes[: MOST + 1]) if codes else _within(county, bbox_survey)
    rows = sorted((row for row in rows if row.in_force), key=lambda row: row.code)
    truncated, rows = len(rows) > MOST, rows[:MOST]
    stored = facts([row.id for row in rows])
    if actor.town_codes is not None:
        rows = [row for row in rows if stored[row.id].values["town_code"] in actor.town_codes]
    shapes = survey(county, np.array([row.geom_4490 for row in rows], dtype=object))
    editors = editors_of(county, actor, [row.code for row in rows])
    parcels = [
        {
            "code": row.code,
            "version": row.version,
            "geometry": shape,
            "registered_area_m2": stored[row.id].registered_area_m2,
            "planar_area_m2": stored[row.id].planar_area_m2,
            "values": stored[row.id].values,
            "editors": editors.get(row.code, []),
        }
        for row, shape in zip(rows, sent_shapes(shapes), strict=True)
    ]
    return {"crs": county.survey_crs, "parcels": parcels, "truncated": truncated}


def _within(county: County, bbox_survey: Box | None) -> list[StoredShape]:
    assert bbox_survey is not None
    box = shapely.box(*bbox_survey)
    check_extent(county, [{"lines": [shapely.get_coordinates(box).tolist()]}])
    place = places_3857(county, np.array([shapely.MultiPolygon([box])], dtype=object))
    return around(county, place, margin=0.0, known=[], most=MOST + 1)
