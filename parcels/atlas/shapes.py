"""The outlines of a map's areas as they were at the end of a year, simplified for a sheet of paper.

Refuses exact geometry: what is measured is asked for elsewhere.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from landgis.access.queries import Actor, territory_sql
from landgis.access.rules import VIEW_MAP
from landgis.counties.models import County
from landgis.lib.columns import read_rows
from layers.control_lines.queries import control_lines
from layers.districts.models import District
from layers.districts.queries import districts
from parcels.atlas.queries import LINE, MOST_PARCELS, PARCEL, TOWN, require_kind, too_many
from parcels.cadastre.as_of import KNOWN_ON, REGISTER
from parcels.evaluation.rules import last_day

AREA_DETAIL = 1e-4  # degrees: some ten metres, a third of a millimetre on a county's A3 sheet
PARCEL_DETAIL = 1e-5
DECIMALS = 6
PARCELS = f"""
SELECT p.code, ST_AsBinary(p.geom_4490)
  FROM {REGISTER} p
 WHERE {{territory}} AND {KNOWN_ON} AND (%(town)s = '' OR p.town_code = %(town)s)
 ORDER BY p.code
 LIMIT {MOST_PARCELS + 1}
"""


def outlines(
    county: County, actor: Actor, *, by: str, year: int, town: str = "", figures: bool = True
) -> dict[str, Any]:
    """A GeoJSON FeatureCollection (EPSG:4490, lon lat) of the areas of a kind, in one statement.

    Without `figures` they are to show no indicator, and parcels may be seen by all who may see the map.
    """
    actor.require(VIEW_MAP)
    if figures or by != PARCEL:
        require_kind(actor, by)
    on = last_day(year)
    if by == PARCEL:
        territory, values = territory_sql(actor, alias="p")
        rows = read_rows(PARCELS.format(territory=territory), {**values, "on": on, "town": town})
        if len(rows) > MOST_PARCELS:
            raise too_many()
        codes = names = [code for code, _ in rows]
        shapes = shapely.from_wkb(np.array([wkb for _, wkb in rows], dtype=object))
        return _collection(codes, names, shapely.simplify(shapes, PARCEL_DETAIL))
    found = control_lines(county, on) if by == LINE else districts(county, by, on)
    mine = np.array([by != TOWN or actor.covers(code) for code in found.codes], dtype=bool)
    geoms = found.geoms_4490
    # Neighbouring towns keep one boundary between them.
    simple = (
        shapely.coverage_simplify(geoms, AREA_DETAIL)
        if by == District.TOWN
        else shapely.simplify(geoms, AREA_DETAIL)
    )
    kept = np.flatnonzero(mine).tolist()
    return _collection([found.codes[n] for n in kept], [found.names[n] for n in kept], simple[mine])


def _collection(codes: list[str], names: list[str], shapes: NDArray[np.object_]) -> dict[str, Any]:
    rounded = shapely.transform(shapes, lambda xy: xy.round(DECIMALS))
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": code,
                "properties": {"code": code, "name": name},
                "geometry": json.loads(text),
            }
            for code, name, text in zip(codes, names, shapely.to_geojson(rounded).tolist(), strict=True)
        ],
    }
