"""What could be brought in for ground that is to leave the line: banked surplus, and industrial parcels outside it.

Refuses to promise: whether a parcel is planned industrial isn't in the register, so that check stays open until it is stated.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import shapely

from landgis.access.queries import Actor
from landgis.counties.models import County
from landgis.counties.queries import parameters
from layers.control_lines.rules import union_of
from layers.geometry.area import ellipsoidal_area_m2
from layers.geometry.equal_area import equal_area
from layers.geometry.exact import shapes
from layers.geometry.shares import shares_of
from parcels.balance.models import Adjustment, Inclusion
from parcels.balance.queries import Draft, county_limits, gathered, line_on, shape_of, surpluses
from parcels.balance.register import parcels_of_class
from parcels.balance.rules import Check, Facts, Incoming, Limits, Surplus, judged
from parcels.balance.steps import CLOSED

MOST = 20


@dataclass(frozen=True, slots=True)
class Candidate:
    """A parcel with its ㎡ and the checks of an adjustment in which it alone comes in."""

    code: str
    town: str
    location: str
    area_m2: float
    geom_4490: shapely.Geometry
    checks: list[Check]

    @property
    def against(self) -> list[Check]:
        return [check for check in self.checks if check.state == "fail"]


@dataclass(frozen=True, slots=True)
class Offers:
    """What would do for a 调出: banked surplus by adjustment, and parcels, those that suffice first."""

    banked: list[tuple[Adjustment, Surplus]]
    parcels: list[Candidate]


def offers(county: County, actor: Actor, draft: Draft, on: date) -> Offers:
    """Banked surplus, and the parcels that come nearest to what the 调出 needs, each judged alone."""
    limits = county_limits(county, on)
    alone = gathered(county, Draft(draft.out_4490), limits, on=on).facts
    banked = surpluses(county, limits) if limits.bank_surplus else []
    return Offers(banked, _parcels(county, actor, alone, limits, on))


def _parcels(county: County, actor: Actor, alone: Facts, limits: Limits, on: date) -> list[Candidate]:
    """Industrial parcels off the line that no adjustment under way or in force brings in."""
    read = parcels_of_class(county, actor, on, parameters(county, on)["land.industrial_classes"])
    if not len(read):
        return []
    live = Inclusion.objects.filter(adjustment__county=county).exclude(adjustment__steps__step__in=CLOSED)
    brought_in = [shape_of(geom) for geom in live.values_list("geom_4490", flat=True)]
    held = equal_area(
        shapes([union_of([*line_on(county).geoms_4490, *brought_in])]), latitude=county.middle_latitude
    )
    taken = shares_of(read.laid, held, sliver_m2=limits.sliver_m2, sliver_ratio=limits.sliver_ratio)
    free = np.ones(len(read), dtype=bool)
    free[taken.parcel] = False
    areas = read.laid.area_m2
    order = np.lexsort([read.code, np.abs(areas - alone.out_m2), areas < alone.out_m2])
    nearest = order[free[order]][:MOST]
    out_levels = [level for level in limits.levels if level in alone.out_levels]
    grounds = read.shapes_4490.shapes(at=nearest)
    measured = ellipsoidal_area_m2(grounds).tolist()
    found = []
    for at, area_m2, ground in zip(nearest.tolist(), measured, grounds, strict=True):
        piece = Incoming(
            name=str(read.code[at]),
            drawn_m2=area_m2,
            area_m2=area_m2,
            level=out_levels[0] if out_levels else "",
            plan_class_code=limits.planned_classes[0] if limits.planned_classes else "",
            approved_on=None,
        )
        checks = judged(replace(alone, incoming=(piece,)), limits)
        found.append(
            Candidate(str(read.code[at]), str(read.town[at]), str(read.location[at]), area_m2, ground, checks)
        )
    return found
