"""The control line in force on a day, how much of a shape lies inside it, and how much of it the county must keep.

Refuses to call a sliver a finding: below the county's limits a share is none.
"""

from datetime import date

import numpy as np
import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.db.models import Q, Sum

from landgis.counties.models import County, Target
from landgis.lib.units import display_mu, mu_to_m2
from layers.areas import Areas, areas_on, standing_on
from layers.control_lines.models import ControlLine
from layers.control_lines.rules import Retained
from layers.geometry.equal_area import equal_area
from layers.geometry.shares import shares

RETAINED = "control_line.retained_mu"
RETAINED_REMEDY = "请先补划控制线；确经批准核减的，请先登记新的保有量指标及其依据。"


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


def retained(county: County, on: date) -> list[Retained]:
    """保有量 on the day and on every later one that is known."""
    rows = Target.objects.filter(Q(valid_to=None) | Q(valid_to__gte=on), county=county, key=RETAINED)
    return [
        Retained(max(row.valid_from, on), float(mu_to_m2(row.value)), row.basis)
        for row in rows.order_by("valid_from")
    ]


def line_m2(county: County, on: date) -> float:
    """The line in force on a day, as its versions were measured."""
    pieces = ControlLine.objects.filter(standing_on(on), county=county)
    return float(pieces.aggregate(total=Sum("area_m2"))["total"] or 0.0)


def shortfall(county: County, on: date, before_m2: float) -> str:
    """What a change that has taken effect on a day breaks, in words; '' where the line didn't shrink or keeps enough.

    `before_m2`: the line of that day without the change.
    """
    after_m2 = line_m2(county, on)
    if after_m2 >= before_m2:
        return ""
    broken = [one for one in retained(county, on) if after_m2 < one.area_m2]
    return "；".join(
        f"{on} 起控制线只剩 {display_mu(after_m2)} 亩，低于自 {one.since} 起的保有量"
        f" {display_mu(one.area_m2)} 亩（{one.basis}）"
        for one in broken
    )
