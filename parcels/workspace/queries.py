"""What the map's frame shows of a county: its places, its totals and the state of its data.

Refuses figures that fewer firms make up than may be shown; every count is of the actor's own territory.
"""

from __future__ import annotations

import json
from typing import Any

from django.contrib.gis.db.models.functions import AsGeoJSON
from django.db import connection
from django.utils import timezone

from landgis.access.queries import Actor, in_territory, territory_sql
from landgis.access.rules import VIEW_FIRM_FIGURES
from landgis.audit.models import AuditEvent
from landgis.counties.models import County, Town
from landgis.counties.queries import in_force, parameters
from landgis.lib.errors import NotFound
from layers.districts.models import District
from layers.districts.queries import KINDS
from parcels.cadastre.codes import land_class
from parcels.enterprises.models import Enterprise
from parcels.evaluation.models import IndicatorRun
from parcels.evaluation.queries import FEWEST_FIRMS_KEY, newest_run, newest_year, years_on_record
from parcels.evaluation.rules import FEWEST_FIRMS, INDICATORS, explanation, withheld
from parcels.evaluation.secrecy import masked
from parcels.idle_land.models import FINDINGS
from parcels.idle_land.queries import latest_screening
from parcels.workspace.listing import AREA_M2

SHOWN_OF_COUNTY = ("tax_per_mu", "value_added_per_mu")
TAX_CLASSES = "map.tax_per_mu_classes"
TOO_FEW = "没有可以公开的企业数据：尚未计算，或企业太少，按保密要求不显示"
DISPLAY_DECIMALS = 7  # of a degree: a centimetre

LAND = f"""
SELECT p.land_class_set, p.land_class_code, count(*), sum({AREA_M2}) * 15 / 10000
  FROM cadastre_parcel p
 WHERE {{territory}} AND p.valid_to IS NULL
 GROUP BY 1, 2
 ORDER BY 1, 2
"""
# Each parcel once, under its gravest finding, so that a count is that of the list behind it.
IDLE = """
WITH found AS (
    SELECT f.parcel_id, min(array_position(%(findings)s::text[], f.finding::text)) AS place
      FROM idle_land_finding f
     WHERE f.screening_id = %(screening)s AND f.parcel_id IS NOT NULL
     GROUP BY f.parcel_id)
SELECT (%(findings)s::text[])[found.place], count(*)
  FROM cadastre_parcel p JOIN found ON found.parcel_id = p.id
 WHERE {territory} AND p.valid_to IS NULL
 GROUP BY 1
"""


def workspace(county: County, actor: Actor) -> dict[str, Any]:
    """All that the map needs before its first tile, in a fixed number of statements."""
    year = newest_year(county.code)
    run = newest_run(county.code, year) if year is not None else None
    screening = latest_screening(county.code)
    limits = parameters(county, timezone.localdate())
    land = _rows(LAND, actor)
    found = (
        {"screening": screening.pk, "findings": list(FINDINGS), "county": county.code} if screening else None
    )
    towns = Town.objects.filter(county=county).order_by("code")
    if actor.town_codes is not None:
        towns = towns.filter(code__in=actor.town_codes)
    return {
        "county": _county(county),
        "actor": {
            "name": actor.display_name or actor.username,
            "roles": list(actor.roles),
            "role_titles": actor.role_titles(),
            "rights": sorted(actor.rights),
            "town_codes": None if actor.town_codes is None else list(actor.town_codes),
        },
        "years": years_on_record(county.code),
        "year": year,
        "screened_on": screening.on if screening else None,
        "towns": list(towns.values("code", "name")),
        "totals": {
            "parcels": sum(count for _, _, count, _ in land),
            "area_mu": float(sum(area_mu for _, _, _, area_mu in land)),
            "enterprises": in_territory(Enterprise.objects.all(), actor).count(),
            **_indicators(run, actor, int(limits.get(FEWEST_FIRMS_KEY, FEWEST_FIRMS))),
            "idle": {}
            if found is None
            else {finding: count for finding, count in _rows(IDLE, actor, **found) if count},
        },
        "land_classes": _land_classes(land),
        "tax_per_mu_classes": limits.get(TAX_CLASSES, []),
        "data_version": _data_version(county),
    }


def districts_geojson(actor: Actor, kind: str) -> dict[str, Any]:
    """The towns or platforms in force as a GeoJSON FeatureCollection (EPSG:4490, lon lat), in one statement."""
    if kind not in KINDS:
        raise NotFound(f"没有“{kind}”这类区域。", remedy=f"可用的类别：{'、'.join(KINDS)}。")
    rows = District.objects.filter(in_force(timezone.localdate()), county_id=actor.county_code, kind=kind)
    if kind == District.TOWN and actor.town_codes is not None:
        rows = rows.filter(code__in=actor.town_codes)
    shapes = rows.order_by("code").values_list(
        "code", "name", "platform_type", AsGeoJSON("geom_4490", precision=DISPLAY_DECIMALS)
    )
    features = [
        {
            "type": "Feature",
            "id": code,
            "properties": {"code": code, "name": name}
            | ({"type": sort} if kind == District.PLATFORM else {}),
            "geometry": json.loads(geometry),
        }
        for code, name, sort, geometry in shapes
    ]
    return {"type": "FeatureCollection", "features": features}


def _rows(statement: str, actor: Actor, **values: Any) -> list[tuple[Any, ...]]:
    territory, limits = territory_sql(actor, alias="p")
    values.update(limits)
    with connection.cursor() as cursor:
        cursor.execute(statement.format(territory=territory), values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _county(county: County) -> dict[str, Any]:
    shape = County.objects.filter(pk=county.pk).values_list(
        AsGeoJSON("boundary_4490", precision=DISPLAY_DECIMALS)
    )
    ((boundary,),) = shape
    return {
        "code": county.code,
        "name": county.name,
        "survey_crs": county.survey_crs,
        "bbox": county.drawn_bbox_4490,
        "boundary": json.loads(boundary) if boundary else None,
        "is_demo": county.is_demo,
    }


def _indicators(run: IndicatorRun | None, actor: Actor, fewest: int) -> dict[str, Any]:
    """The county's indicators, or those of the actor's towns together, from the newest run, and what each means."""
    if run is None:
        return {**dict.fromkeys(SHOWN_OF_COUNTY), "indicators": []}
    told = run.summary if actor.may(VIEW_FIRM_FIGURES) else masked(run.summary, fewest)
    mine = actor.town_codes
    areas = [told["county"]] if mine is None else [town for town in told["towns"] if town["code"] in mine]
    year, rules = run.year, run.rule_version
    shown = []
    for indicator in INDICATORS:
        if indicator.code not in SHOWN_OF_COUNTY:
            continue
        sums = _together([area["indicators"].get(indicator.code) for area in areas], actor, fewest)
        shown.append(
            explanation(indicator, *sums, year=year, rule_version=rules)
            if sums
            else withheld(indicator, year=year, reason=TOO_FEW, rule_version=rules)
        )
    return {**{one["indicator"]: one["value"] for one in shown}, "indicators": shown}


def _together(
    known: list[dict[str, Any] | None], actor: Actor, fewest: int
) -> tuple[float | None, float | None] | None:
    """Both sides of several areas; none where one of them isn't told, since the others would be told in its place."""
    parts = [part for part in known if part is not None]
    if len(parts) < len(known):
        return None
    # A firm may have land in several towns: of all the towns' firms there are at least as many as in the largest.
    firms = max((part["firms"] for part in parts), default=0)
    if not firms or (firms < fewest and not actor.may(VIEW_FIRM_FIGURES)):
        return None
    above, below = (
        sum(part[side] for part in parts if part[side] is not None) for side in ("numerator", "denominator")
    )
    return above, below


def _land_classes(land: list[tuple[Any, ...]]) -> list[dict[str, str]]:
    found = {code: land_class(code, code_set) for code_set, code, _, _ in land if code}
    return [
        {
            "code": code,
            "name": found[code].name or code,
            "colour": found[code].colour,
            "set": found[code].code_set,
        }
        for code in sorted(found)
    ]


def _data_version(county: County) -> str:
    """Changes with every change of the county's data."""
    newest = (
        AuditEvent.objects.filter(county_code=county.code)
        .order_by("-at")
        .values_list("id", flat=True)
        .first()
    )
    return str(newest or 0)
