"""Parcels and the line: the share of each inside it, and other than industrial use inside it that no adjustment covers.

Refuses to call a sliver a finding, and to judge a parcel of unknown land class: those are counted apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely
from numpy.typing import NDArray

from landgis.access.queries import Actor
from landgis.audit.kept import kept
from landgis.counties.models import County
from landgis.counties.queries import parameters
from layers.control_lines.rules import union_of
from layers.geometry.equal_area import equal_area
from layers.geometry.exact import shapes
from layers.geometry.shares import shares_of
from parcels.balance.models import Adjustment
from parcels.balance.queries import county_limits, line_on, live, shape_of
from parcels.balance.register import Parcels, parcels_near
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


@dataclass(frozen=True, slots=True)
class Findings:
    """Other than industrial use in the line, the largest first; of how many parcels, and how many can't be judged."""

    rows: tuple[Inside, ...]
    inside: int
    unclassified: int


@dataclass(frozen=True, slots=True)
class _Measured:
    """The parcels `at` that have ground in the line, and how much."""

    read: Parcels
    at: NDArray[np.intp]
    inside_m2: NDArray[np.float64]
    share: NDArray[np.float64]
    covered_m2: NDArray[np.float64]
    industrial: NDArray[np.bool_]

    def rows(self, which: NDArray[np.bool_] | None = None) -> list[Inside]:
        keep = np.flatnonzero(np.ones(len(self.at), bool) if which is None else which)
        at, read = self.at[keep], self.read
        facts = (
            column[at].tolist()
            for column in (read.code, read.town, read.location, read.land_class, read.area_m2)
        )
        figures = (
            column[keep].tolist() for column in (self.inside_m2, self.share, self.covered_m2, self.industrial)
        )
        return [Inside(*row) for row in zip(*facts, *figures, strict=True)]


def findings(county: County, actor: Actor, on: date) -> Findings:
    """What the page shows, kept until the next change of any data."""
    towns = None if actor.town_codes is None else tuple(sorted(actor.town_codes))
    return kept("control_line_findings", (county.code, on, towns), lambda: _findings(county, actor, on))


def parcels_inside(county: County, actor: Actor, on: date) -> list[Inside]:
    """Every parcel of the actor's towns with more than a sliver inside the line on a day, by code."""
    measured = _measured(county, actor, on)
    return [] if measured is None else measured.rows()


def not_industrial(county: County, inside: list[Inside], on: date) -> list[Inside]:
    """Parcels of another use whose ground in the line no approved adjustment covers, the largest first."""
    limits = county_limits(county, on)
    found = [
        row
        for row in inside
        if row.land_class_code and not row.industrial and limits.matters(row.open_m2, row.area_m2)
    ]
    return sorted(found, key=lambda row: (-row.open_m2, row.code))


def _findings(county: County, actor: Actor, on: date) -> Findings:
    measured = _measured(county, actor, on)
    if measured is None:
        return Findings((), 0, 0)
    classed = measured.read.land_class[measured.at] != ""
    found = not_industrial(county, measured.rows(classed & ~measured.industrial), on)
    return Findings(tuple(found), len(measured.at), int((~classed).sum()))


def _measured(county: County, actor: Actor, on: date) -> _Measured | None:
    """None where there is no line, or no parcel near it."""
    line, limits = line_on(county, on), county_limits(county, on)
    if not len(line.ids):
        return None
    read = parcels_near(county, actor, on, shapely.total_bounds(line.geoms_4490).tolist())
    if not len(read):
        return None
    drawn = shapely.union_all(line.geoms_4490)
    covered = shapely.intersection(drawn, _approved_outs(county, on))
    areas = equal_area(shapes([drawn, covered]), latitude=county.middle_latitude)
    found = shares_of(read.laid, areas[:1], sliver_m2=limits.sliver_m2, sliver_ratio=limits.sliver_ratio)
    covered_m2 = np.zeros(len(read))
    if not covered.is_empty:
        common = shares_of(read.laid, areas[1:])
        covered_m2[common.parcel] = common.area_m2
    industrial = np.isin(
        read.land_class[found.parcel].astype(str), parameters(county, on)["land.industrial_classes"]
    )
    return _Measured(read, found.parcel, found.area_m2, found.share, covered_m2[found.parcel], industrial)


def _approved_outs(county: County, on: date) -> shapely.Geometry:
    """Ground that an adjustment approved by the day takes out, entered or not."""
    rows = Adjustment.objects.filter(county=county, steps__step=APPROVAL, steps__on__lte=on)
    outs = live(rows, on).exclude(out_geom_4490=None).values_list("out_geom_4490", flat=True)
    return union_of([shape_of(geom) for geom in outs])
