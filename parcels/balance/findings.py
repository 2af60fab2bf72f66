"""Parcels and the line: the share of each inside it, and other than industrial use inside it that no adjustment covers.

Refuses to call a sliver a finding, and to judge a parcel of unknown land class: those are counted apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely

from landgis.access.queries import Actor
from landgis.counties.models import County
from landgis.counties.queries import parameters
from layers.control_lines.rules import union_of
from layers.geometry.equal_area import equal_area
from layers.geometry.exact import shapes
from layers.geometry.shares import shares
from parcels.balance.models import Adjustment
from parcels.balance.queries import county_limits, line_on, live, shape_of
from parcels.balance.register import latitude_of, parcels_near
from parcels.balance.steps import APPROVAL


@dataclass(frozen=True, slots=True)
class Inside:
    """A parcel with ground inside the line: ㎡ and share, and ㎡ of it that an approved adjustment is about to take out."""

    code: str
    town: str
    location: str
    land_class_code: str
    area_m2: float
    inside_m2: float
    share: float
    covered_m2: float
    industrial: bool

    @property
    def open_m2(self) -> float:
        return self.inside_m2 - self.covered_m2


def parcels_inside(county: County, actor: Actor, on: date) -> list[Inside]:
    """Every parcel of the actor's towns with more than a sliver inside the line on a day, by code."""
    line, limits = line_on(county, on), county_limits(county, on)
    if not len(line.ids):
        return []
    industrial = set(parameters(county, on)["land.industrial_classes"])
    read = parcels_near(county, actor, on, shapely.total_bounds(line.geoms_4490).tolist())
    if not len(read):
        return []
    drawn = shapely.union_all(line.geoms_4490)
    covered = shapely.intersection(drawn, _approved_outs(county, on))
    areas = equal_area(shapes([drawn, covered]), latitude=latitude_of(county))
    found = shares(read.plane, areas[:1], sliver_m2=limits.sliver_m2, sliver_ratio=limits.sliver_ratio)
    pairs = shares(read.plane[found.parcel], areas[1:]) if not covered.is_empty else None
    covered_m2 = np.zeros(len(found.parcel))
    if pairs is not None:
        covered_m2[pairs.parcel] = pairs.area_m2
    at = found.parcel
    facts = zip(
        *(column[at].tolist() for column in (read.code, read.town, read.location, read.land_class)),
        strict=True,
    )
    figures = zip(
        *(column.tolist() for column in (read.area_m2[at], found.area_m2, found.share, covered_m2)),
        strict=True,
    )
    return [
        Inside(
            code, town, location, land_class, area_m2, inside_m2, share, held_m2, industrial=land_class in industrial
        )
        for (code, town, location, land_class), (area_m2, inside_m2, share, held_m2) in zip(facts, figures, strict=True)
    ]  # fmt: skip


def not_industrial(county: County, inside: list[Inside], on: date) -> list[Inside]:
    """Parcels of another use whose ground in the line no approved adjustment covers, the largest first."""
    limits = county_limits(county, on)
    found = [
        row
        for row in inside
        if row.land_class_code and not row.industrial and limits.matters(row.open_m2, row.area_m2)
    ]
    return sorted(found, key=lambda row: (-row.open_m2, row.code))


def unclassified(inside: list[Inside]) -> int:
    """How many parcels in the line have no land class, so that nothing can be said of them."""
    return sum(not row.land_class_code for row in inside)


def _approved_outs(county: County, on: date) -> shapely.Geometry:
    """Ground that an adjustment approved by the day takes out, entered or not."""
    rows = Adjustment.objects.filter(county=county, steps__step=APPROVAL, steps__on__lte=on)
    outs = live(rows, on).exclude(out_geom_4490=None).values_list("out_geom_4490", flat=True)
    return union_of([shape_of(geom) for geom in outs])
