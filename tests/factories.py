"""Small, honest pieces of a county for tests, written through the same doors as real data.

Refuses to bypass the audit: every row is written in a declared change.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import numpy as np
import shapely
from django.contrib.gis.gdal import CoordTransform, SpatialReference
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.test import Client

from landgis.access.actions import open_account
from landgis.access.models import User
from landgis.audit.change import Change, change
from landgis.counties.actions import load_county
from landgis.counties.models import County
from landgis.counties.profile import Profile
from layers.control_lines.models import ControlLine
from layers.districts.models import District
from layers.geometry.area import ellipsoidal_area_m2
from parcels.cadastre.models import Holder, Holding, Parcel
from parcels.enterprises.models import AnnualReturn, Enterprise, Occupancy
from parcels.supply.models import ConstructionProgress, ContractPhase, SupplyContract

SignIn = Callable[[str], Client]

ROLES = (
    "registrar",
    "idle_land_officer",
    "evaluation_officer",
    "township_officer",
    "leader",
    "agency",
    "system_admin",
    "security_admin",
    "audit_admin",
)
TOWN_WEST, TOWN_EAST = "990001100", "990001101"
PASSWORD = "示意-test-2026!"
# 0.001° near 29.3° N: about 97 m west to east and 111 m south to north.
ORIGIN = (120.0, 29.3)


@contextmanager
def writing(county: County) -> Iterator[Change]:
    with change(county_code=county.code, by="测试员", action="test", reason="测试数据") as running:
        yield running


def box(west: float, south: float, east: float, north: float) -> MultiPolygon:
    """A rectangle in thousandths of a degree from ORIGIN, EPSG:4490."""
    x, y = ORIGIN
    ring = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return MultiPolygon(Polygon([(x + e / 1000, y + n / 1000) for e, n in ring], srid=4490), srid=4490)


def _drawn(shape: MultiPolygon) -> MultiPolygon:
    return _placed(shape, 3857)


def _placed(shape_4490: MultiPolygon, epsg: int) -> MultiPolygon:
    placed = shape_4490.transform(_between(4490, epsg), clone=True)
    assert isinstance(placed, MultiPolygon)
    return placed


@cache
def _between(source: int, target: int) -> CoordTransform:
    """GDAL takes a thirtieth of a second to find the way between two systems, and tests have thousands of shapes."""
    return CoordTransform(SpatialReference(source), SpatialReference(target))


def county(code: str = "990001", survey_crs: int = 4549) -> County:
    x, y = ORIGIN
    load_county(
        Profile(
            code=code,
            name="示意县",
            survey_crs=survey_crs,
            bbox_4490=(x - 0.05, y - 0.05, x + 0.15, y + 0.15),
            boundary=None,
            towns=((TOWN_WEST, "甲镇"), (TOWN_EAST, "乙镇")),
            parameters=(),
            targets=(),
            recipients=(),
            parcel_code_pattern=r"^\S{1,40}$",
            is_demo=True,
            sha256=code.rjust(64, "0"),
        ),
        by="测试员",
        reason="测试数据",
        commit=True,
    )
    return County.objects.get(code=code)


def person(county: County, role: str, username: str = "") -> User:
    """The person of a role, or a second one under another name; made at the first call."""
    return open_account(
        county=county,
        username=username or role,
        display_name=f"示意{username or role}",
        password=PASSWORD,
        role=role,
        town_code=TOWN_WEST if role == "township_officer" else "",
        by="测试员",
        on=date(2020, 1, 1),
        reason="测试账号",
    )


def parcel(county: County, code: str, shape: MultiPolygon, **facts: Any) -> Parcel:
    """A parcel; its registered area is its planar area unless given."""
    planar = _placed(shape, county.survey_crs).area
    drawn = _drawn(shape)
    facts.setdefault("registered_area_m2", Decimal(str(round(planar, 4))))
    facts.setdefault("valid_from", date(2015, 1, 1))
    facts.setdefault("town_code", TOWN_WEST)
    facts.setdefault("land_class_code", "0601")
    facts.setdefault("ellipsoidal_area_m2", planar)
    with writing(county):
        return Parcel.objects.create(
            county=county, code=code, geom_4490=shape, geom_3857=drawn, planar_area_m2=planar, **facts
        )


def holder(parcel: Parcel, name: str, kind: str = "enterprise", uscc: str = "") -> Holder:
    with writing(parcel.county):
        made, _ = Holder.objects.get_or_create(
            county=parcel.county, name=name, uscc=uscc, defaults={"kind": kind}
        )
        Holding.objects.create(parcel=parcel, holder=made, valid_from=parcel.valid_from)
    return made


def district(county: County, code: str, name: str, shape: MultiPolygon) -> District:
    with writing(county):
        return District.objects.create(
            county=county,
            code=code,
            name=name,
            geom_4490=shape,
            geom_3857=_drawn(shape),
            valid_from=date(2010, 1, 1),
        )


def control_line(county: County, code: str, shape: MultiPolygon, **facts: Any) -> ControlLine:
    with writing(county):
        return ControlLine.objects.create(
            county=county,
            code=code,
            name=code,
            geom_4490=shape,
            geom_3857=_drawn(shape),
            area_m2=float(ellipsoidal_area_m2(np.array([shapely.from_wkb(bytes(shape.wkb))]))[0]),
            valid_from=date(2010, 1, 1),
            **facts,
        )


def enterprise(county: County, uscc: str, name: str, **facts: Any) -> Enterprise:
    with writing(county):
        return Enterprise.objects.create(county=county, uscc=uscc, name=name, **facts)


def occupancy(parcel: Parcel, firm: Enterprise, **facts: Any) -> Occupancy:
    facts.setdefault("role", "owned")
    facts.setdefault("valid_from", date(2015, 1, 1))
    if not {"area_m2", "share", "geom_4490"} & facts.keys():
        facts["share"] = Decimal(1)
    with writing(parcel.county):
        return Occupancy.objects.create(county=parcel.county, parcel=parcel, enterprise=firm, **facts)


def annual_return(firm: Enterprise, year: int, **figures: Any) -> AnnualReturn:
    with writing(firm.county):
        return AnnualReturn.objects.create(county=firm.county, enterprise=firm, year=year, **figures)


def contract(
    county: County, contract_no: str, parcel: Parcel | None = None, phase_no: int = 1, **facts: Any
) -> ContractPhase:
    """A contract with one phase; `facts` are the phase's."""
    with writing(county):
        made, _ = SupplyContract.objects.get_or_create(
            county=county,
            contract_no=contract_no,
            defaults={
                "parcel": parcel,
                "parcel_code": parcel.code if parcel else "",
                "town_code": parcel.town_code if parcel else "",
            },
        )
        return ContractPhase.objects.create(contract=made, phase_no=phase_no, **facts)


def progress(phase: ContractPhase, as_of: date, **facts: Any) -> ConstructionProgress:
    with writing(phase.contract.county):
        return ConstructionProgress.objects.create(phase=phase, as_of=as_of, **facts)
