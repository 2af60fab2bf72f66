"""The ground of projects and claims: from parcels or a drawn shape to what the tables hold, and the wait for a ledger.

Refuses ground that isn't a sound area, parcels that aren't in force, and a claim outside its project.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import shapely
from django.contrib.gis.db.models.functions import AsWKB
from django.contrib.gis.geos import GEOSGeometry

from landgis.access.queries import Actor, in_territory
from landgis.counties.models import County
from landgis.counties.queries import parameters
from landgis.lib.errors import Conflict, InputError, NotFound
from landgis.lib.turns import wait_for_turn
from landgis.lib.units import display_mu
from layers.geometry.area import additive_area_m2
from layers.geometry.transform import CGCS2000, WEB_MERCATOR, box_shape, transform_geometries
from parcels.cadastre.models import Parcel
from parcels.campaigns.claims import area_m2
from parcels.campaigns.models import Project

MOST_NAMED = 3


def hold_ledger(county: County, ledger: str) -> None:
    """Wait for the ledger's other writers, until the transaction ends: what is found free then still is."""
    wait_for_turn("campaigns", f"{county.code}/{ledger}")


def project_of(county: County, actor: Actor, project_id: int) -> Project:
    """A project in the actor's territory that hasn't been given up, locked; raises NotFound."""
    rows = in_territory(Project.objects.select_for_update(of=("self",)), actor)
    project = rows.filter(county=county, pk=project_id, valid_to=None).first()
    if project is None:
        raise NotFound("没有这个项目，或者项目已终止。", remedy="请返回台账查看。")
    return project


def ground_of(county: County, codes: Sequence[str], drawn_4490: shapely.Geometry | None) -> shapely.Geometry:
    """The ground of a project: the drawn shape, or the parcels' together."""
    rows = list(
        Parcel.objects.filter(county=county, code__in=codes, valid_to=None)
        .annotate(wkb=AsWKB("geom_4490"))
        .values_list("code", "wkb")
    )
    unknown = sorted(set(codes) - {code for code, _ in rows})
    if unknown:
        raise InputError(
            "parcel_unknown",
            f"没有现行宗地 {'、'.join(unknown[:5])}。",
            "请核对宗地代码。",
            field="parcel_codes",
        )
    if drawn_4490 is not None:
        return sound(drawn_4490, "geometry")
    if not rows:
        raise InputError(
            "project_without_ground",
            "项目没有用地范围。",
            "请填写宗地代码、选择连片或者绘制范围。",
            field="parcel_codes",
        )
    return shapely.union_all(shapely.from_wkb(np.array([bytes(wkb) for _, wkb in rows], dtype=object)))


def look_around(
    county: County,
    ledger: str,
    ground_4490: shapely.Geometry,
    sliver_m2: float,
    *,
    despite: bool,
    but: int | None = None,
) -> None:
    """Refuses ground outside the county; ground that crosses its boundary, or that another running project of the ledger
    has, is refused with the name of the other unless somebody looked at it (`despite`)."""
    inside = shapely.intersection(ground_4490, _county_ground(county))
    outside_m2 = area_m2(ground_4490) - (0.0 if inside.is_empty else area_m2(inside))
    if inside.is_empty:
        raise InputError(
            "ground_outside_county", f"范围不在{county.name}内。", "请核对坐标和坐标系。", field="geometry"
        )
    if despite:
        return
    if outside_m2 >= sliver_m2:
        raise Conflict(
            f"范围有 {display_mu(outside_m2)} 亩在{county.name}以外。",
            code="ground_crosses_county",
            remedy="请核对范围；确认无误的，请勾选“已核对，仍然继续”。",
        )
    box = GEOSGeometry(memoryview(shapely.box(*ground_4490.bounds).wkb), srid=CGCS2000)
    rows = Project.objects.filter(county=county, ledger=ledger, valid_to=None, geom_4490__bboverlaps=box)
    if but is not None:
        rows = rows.exclude(pk=but)
    found = list(
        rows.annotate(wkb=AsWKB("geom_4490")).order_by("pk").values_list("project_no", "name", "wkb")
    )
    shapes = shapely.from_wkb(np.array([bytes(wkb) for *_, wkb in found], dtype=object))
    common_m2 = additive_area_m2(shapely.intersection(shapes, ground_4490))
    others = [
        f"{number} {name}（{display_mu(m2)} 亩）"
        for (number, name, _), m2 in zip(found, common_m2, strict=True)
        if m2 >= sliver_m2
    ]
    if others:
        more = f"等 {len(others)} 个项目" if len(others) > MOST_NAMED else ""
        raise Conflict(
            f"范围与同一台账的 {'、'.join(others[:MOST_NAMED])}{more} 重叠。",
            code="project_overlaps",
            remedy="同一块地在同一台账只入账一次；确需另立项目的，请勾选“已核对，仍然继续”。",
        )


def _county_ground(county: County) -> shapely.Geometry:
    if county.boundary_4490 is not None:
        return shapely.from_wkb(bytes(county.boundary_4490.wkb))
    west, south, east, north = county.bbox_4490
    return box_shape((west, south, east, north))


def sound(shape_4490: shapely.Geometry, field: str) -> shapely.Geometry:
    """A valid, non-empty area; raises InputError otherwise."""
    areal = shape_4490.geom_type in ("Polygon", "MultiPolygon")
    if not areal or shape_4490.is_empty or not shape_4490.is_valid:
        raise InputError("geometry_unsound", "范围必须是有效的面。", "请重新绘制，避免自相交。", field=field)
    west, south, east, north = shape_4490.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise InputError(
            "geometry_not_degrees", "范围的坐标不是经纬度。", "请使用 CGCS2000 经纬度。", field=field
        )
    return shape_4490


def within(
    claim_4490: shapely.Geometry, project_4490: shapely.Geometry, county: County, on: date
) -> shapely.Geometry:
    """A claim on a part of the project's ground; what lies outside by more than a sliver is refused."""
    claim = sound(claim_4490, "claim")
    outside = shapely.difference(claim, project_4490)
    outside_m2 = 0.0 if outside.is_empty else area_m2(outside)
    if outside_m2 >= sliver_m2(county, on):
        raise InputError(
            "claim_outside", f"入账范围有 {display_mu(outside_m2)} 亩（{outside_m2:,.2f} 平方米）在项目范围之外。",
            "请在项目范围内绘制。", field="claim",
        )  # fmt: skip
    return claim


def sliver_m2(county: County, on: date) -> float:
    return float(parameters(county, on)["overlay.sliver_m2"])


def stored(shape: shapely.Geometry, srid: int = CGCS2000) -> Any:
    """For a column of multipolygons."""
    whole = shape if shape.geom_type == "MultiPolygon" else shapely.MultiPolygon([shape])
    return GEOSGeometry(memoryview(whole.wkb), srid=srid)


def drawn(shape_4490: shapely.Geometry) -> Any:
    """The copy for drawing."""
    (moved,) = transform_geometries(np.array([shape_4490], dtype=object), CGCS2000, WEB_MERCATOR)
    return stored(moved, WEB_MERCATOR)
