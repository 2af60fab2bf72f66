"""What drawing ground on a form's map stands on: the shapes shown beside it, and vertices shared with the register.

Refuses to move anything but what a coordinate loses on its way through a browser: a vertex is put onto a stored one only
where the two are the same place.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import shapely
from django.contrib.gis.db.models.functions import AsWKB
from django.contrib.gis.geos import GEOSGeometry

from landgis.counties.models import County
from layers.geometry.exact import nearest
from layers.geometry.transform import CGCS2000, Floats
from parcels.cadastre.models import Parcel

HAIR_DEG = 1e-8  # a millimetre on the ground


def guide(shape_4490: shapely.Geometry, kind: str, label: str = "") -> dict[str, Any]:
    """A shape beside the drawing, as GeoJSON: `kind` is parcel, ground (what is drawn in) or held (what others hold)."""
    return {
        "type": "Feature",
        "geometry": json.loads(shapely.to_geojson(shape_4490)),
        "properties": {"kind": kind, "label": label},
    }


def settled(county: County, drawn_4490: shapely.Geometry) -> shapely.Geometry:
    """The drawn ground with the register's own vertices where it was drawn onto them, so that neighbours share them."""
    near = GEOSGeometry(
        memoryview(shapely.box(*shapely.buffer(drawn_4490, HAIR_DEG).bounds).wkb), srid=CGCS2000
    )
    rows = Parcel.objects.filter(county=county, valid_to=None, geom_4490__bboverlaps=near)
    stored = [bytes(wkb) for wkb in rows.annotate(wkb=AsWKB("geom_4490")).values_list("wkb", flat=True)]
    return onto_vertices(
        drawn_4490, shapely.get_coordinates(shapely.from_wkb(np.array(stored, dtype=object)))
    )


def onto_vertices(drawn_4490: shapely.Geometry, known: Floats) -> shapely.Geometry:
    """The shape with each vertex that is one of the known places given its digits."""

    def onto(xy: Floats) -> Floats:
        at, target = nearest(xy, known, HAIR_DEG)
        moved = xy.copy()
        moved[at] = known[target]
        return moved

    made = shapely.transform(drawn_4490, onto)
    return made if made.is_valid else drawn_4490
