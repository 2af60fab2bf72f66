"""Changes of parcels for tests: what the editing room would hand to the cadastre's store, put together by hand.

Refuses to check anything: shapes are given, areas are measured.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

import numpy as np
import shapely
from django.contrib.gis.geos import MultiPolygon

from landgis.audit.change import change
from landgis.counties.models import County
from layers.geometry.area import ellipsoidal_area_m2, planar_area_m2
from layers.geometry.transform import CGCS2000, transform_geometries
from parcels.cadastre.event_actions import apply_transition
from parcels.cadastre.models import Parcel
from parcels.cadastre.parcel_rows import FACTS
from parcels.cadastre.transitions import Applied, BornParcel, ChangedParcel, Decisions, Role, Transition
from parcels.enterprises import carrying as uses
from parcels.supply import carrying as contracts

CARRIERS = (uses, contracts)
BY = "王登记"


def shape(given: MultiPolygon | shapely.Geometry) -> shapely.Geometry:
    """A GEOS shape of GeoDjango as shapely's."""
    return shapely.from_wkb(bytes(given.wkb)) if isinstance(given, MultiPolygon) else given


def areas(county: County, geom_4490: shapely.Geometry) -> tuple[float, float]:
    geoms = np.array([geom_4490], dtype=object)
    planar = planar_area_m2(transform_geometries(geoms, CGCS2000, county.survey_crs))
    return float(planar[0]), float(ellipsoidal_area_m2(geoms)[0])


def born(
    county: County,
    code: str,
    geom: MultiPolygon | shapely.Geometry,
    sources: Iterable[Parcel] = (),
    **values: Any,
) -> BornParcel:
    """A child takes over what its first source states, as the editing room has it."""
    parents = list(sources)
    facts = {name: getattr(parents[0], name) for name in FACTS} if parents else {}
    facts |= {"registered_area_m2": None, **values}
    drawn = shape(geom)
    return BornParcel(code, code, facts, drawn, *areas(county, drawn), tuple(parcel.pk for parcel in parents))


def reshaped(
    parcel: Parcel, geom: MultiPolygon | shapely.Geometry, role: Role = "adjusted", **values: Any
) -> ChangedParcel:
    drawn = shape(geom)
    return ChangedParcel(parcel.pk, values, drawn, *areas(parcel.county, drawn), role)


def applied(
    county: County,
    transition: Transition,
    *,
    decisions: Decisions | None = None,
    reason: str = "测试变更",
    by: str = BY,
) -> tuple[int, Applied]:
    """The transition in a change of its own, facts carried; returns the change's number too."""
    with change(county_code=county.code, by=by, action="edit_parcels", reason=reason) as running:
        made = apply_transition(county, transition, by=by, reason=reason, running=running)
        for room in CARRIERS:
            room.carry(made.descent, decisions or {}, transition.on)
    return running.id, made


def divided(
    county: County,
    parent: Parcel,
    on: date,
    *shapes: MultiPolygon,
    codes: Iterable[str] = (),
    decisions: Decisions | None = None,
) -> tuple[int, list[Parcel]]:
    """The parent ends, and a child stands on each shape."""
    names = list(codes) or [f"{parent.code}-{n}" for n in range(1, len(shapes) + 1)]
    children = [born(county, code, geom, [parent]) for code, geom in zip(names, shapes, strict=True)]
    number, made = applied(county, Transition(on=on, born=children, ended=[parent.pk]), decisions=decisions)
    return number, [Parcel.objects.get(pk=made.parcels[code][0]) for code in names]


def merged(
    county: County, parents: list[Parcel], code: str, on: date, geom: MultiPolygon
) -> tuple[int, Parcel]:
    child = born(county, code, geom, parents)
    number, made = applied(county, Transition(on=on, born=[child], ended=[parent.pk for parent in parents]))
    return number, Parcel.objects.get(pk=made.parcels[code][0])
