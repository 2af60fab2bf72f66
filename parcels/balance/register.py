"""Parcels of the register beside the line, as arrays: what both the findings and the what-if read.

Refuses parcels of other towns than the actor's, and those that weren't in force on the day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landgis.access.queries import Actor, territory_sql
from landgis.counties.models import County
from landgis.lib.columns import FLOAT, TEXT, read_packed
from layers.geometry.decoded import Vertices, vertices_from_wkb
from layers.geometry.equal_area import equal_area_xy
from layers.geometry.shares import Laid, laid_on
from parcels.cadastre.as_of import SHAPE_SENT, register_on

READ = """
SELECT coalesce(p.registered_area_m2::float8, p.planar_area_m2), p.code, coalesce(t.name, p.town_code), p.location,
       p.land_class_code, {shape}
  FROM {register} p LEFT JOIN counties_town t ON t.county_id = p.county_id AND t.code = p.town_code
 WHERE {territory} AND {in_force} AND {wanted}
 ORDER BY p.code"""
READ_AS = {"area": FLOAT, "code": TEXT, "town": TEXT, "location": TEXT, "land_class": TEXT}
NEAR = "p.geom_4490 && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4490)"
OF_CLASS = "p.land_class_code = ANY(%(classes)s)"


@dataclass(frozen=True, slots=True)
class Parcels:
    """Parcels side by side; `laid` on the equal-area cylinder of the county, shapes made only where they are needed."""

    area_m2: NDArray[np.float64]
    code: NDArray[Any]
    town: NDArray[Any]
    location: NDArray[Any]
    land_class: NDArray[Any]
    shapes_4490: Vertices
    laid: Laid

    def __len__(self) -> int:
        return len(self.code)


def parcels_near(county: County, actor: Actor, on: date, bounds: Sequence[float]) -> Parcels:
    """The parcels whose boxes meet a box in degrees."""
    west, south, east, north = bounds
    return _read(county, actor, on, NEAR, {"west": west, "south": south, "east": east, "north": north})


def parcels_of_class(county: County, actor: Actor, on: date, classes: Sequence[str]) -> Parcels:
    return _read(county, actor, on, OF_CLASS, {"classes": list(classes)})


def _read(county: County, actor: Actor, on: date, wanted: str, asked: dict[str, Any]) -> Parcels:
    register, in_force, values = register_on(on)
    territory, towns = territory_sql(actor, alias="p")
    statement = READ.format(
        shape=SHAPE_SENT, register=register, territory=territory, in_force=in_force, wanted=wanted
    )
    read, packed = read_packed(statement, {**values, **towns, **asked}, READ_AS, ["shape"])
    shape, latitude = packed["shape"], county.middle_latitude
    vertices = vertices_from_wkb(shape.data, shape.starts, shape.lengths)
    laid = laid_on(vertices, equal_area_xy(vertices.xy, latitude=latitude))
    return Parcels(
        read["area"], read["code"], read["town"], read["location"], read["land_class"], vertices, laid
    )
