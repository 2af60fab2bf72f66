"""Whether lines, towns or platforms lie where they belong: against the county's outline, and what stands in the register.

Refuses a layer that was shifted as a whole; a county with neither outline nor register is told nothing.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from django.contrib.gis.db.models.functions import AsWKB
from django.contrib.gis.geos import GEOSGeometry
from django.db.models import QuerySet

from landgis.counties.models import County
from layers.control_lines.models import ControlLine
from layers.districts.models import District
from layers.geometry.alignment import check_aligned
from layers.geometry.gcj02 import check_not_shifted, check_outline_not_shifted
from layers.geometry.transform import Geometries
from parcels.cadastre.models import Parcel

MOST_PARCELS = 10_000
_AROUND_DEG = 0.02  # farther than GCJ-02 and BD-09 shift


def check_position(
    county: County, drawn_4490: Geometries, *, boundary_4490: shapely.Geometry | None, whole_county: bool
) -> None:
    """Raises `crs_shifted` or `crs_meridian` with what was measured; `whole_county`: together the shapes are the county."""
    if boundary_4490 is not None and whole_county:
        check_outline_not_shifted(drawn_4490, boundary_4490=boundary_4490)
    elif boundary_4490 is not None:
        check_not_shifted(drawn_4490, boundary_4490=boundary_4490)
    near = shapely.box(*(shapely.total_bounds(drawn_4490) + np.array([-1, -1, 1, 1]) * _AROUND_DEG))
    plots = Parcel.objects.filter(
        geom_4490__bboverlaps=GEOSGeometry(memoryview(near.wkb), srid=4490), **_standing(county)
    )
    others: list[QuerySet[Any]] = [
        ControlLine.objects.filter(**_standing(county)),
        District.objects.filter(**_standing(county)),
    ]
    check_aligned(
        drawn_4490,
        parcels_4490=_shapes(plots.order_by("id")[:MOST_PARCELS]),
        edges_4490=np.concatenate([_shapes(rows) for rows in others]),
    )


def _standing(county: County) -> dict[str, Any]:
    return {"county": county, "valid_to": None}


def _shapes(rows: QuerySet[Any]) -> Geometries:
    wkb = rows.annotate(wkb=AsWKB("geom_4490")).values_list("wkb", flat=True)
    found: Geometries = shapely.from_wkb(np.array([bytes(one) for one in wkb], dtype=object))
    return found
