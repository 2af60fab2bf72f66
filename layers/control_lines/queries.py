"""The control line in force on a day, and how much of a shape lies inside it.

Refuses to call a sliver a finding: below the county's limits a share is none.
"""

from datetime import date

import numpy as np
import shapely
from django.contrib.gis.geos import GEOSGeometry

from landgis.counties.models import County
from layers.areas import Areas, areas_on
from layers.control_lines.models import ControlLine
from layers.geometry.equal_area import equal_area
from layers.geometry.shares import shares


def control_lines(county: County, on: date) -> Areas:
    return areas_on(ControlLine.objects.filter(county=county), on)


def share_inside(
    geom_4490: GEOSGeometry, county: County, on: date, *, sliver_m2: float, sliver_ratio: float
) -> float | None:
    """The share of a shape (EPSG:4490) inside the control line on a day, ground under two pieces counted once.

    None where the county has no line: that isn't the same as lying outside it.
    """
    lines = ControlLine.objects.filter(county=county)
    near = areas_on(lines.filter(geom_4490__bboverlaps=geom_4490), on)
    if not len(near):
        return 0.0 if lines.exists() else None
    latitude = geom_4490.centroid.y
    shape = equal_area(np.array([shapely.from_wkb(bytes(geom_4490.wkb))]), latitude=latitude)
    inside = shapely.union_all(shapely.intersection(equal_area(near.geoms_4490, latitude=latitude), shape[0]))
    found = shares(shape, np.array([inside]), sliver_m2=sliver_m2, sliver_ratio=sliver_ratio)
    return float(found.share.sum())
