"""Reading a year's land use: the uses on a parcel with their shapes, what the towns confirmed, and how they stand.

Refuses parcels outside the actor's towns, and calls a confirmation current only while every row is as it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max
from django.utils import timezone

from landgis.access.queries import Actor, territory_sql
from landgis.counties.models import County
from landgis.counties.queries import in_force, parameters
from landgis.lib.columns import read_rows
from landgis.lib.errors import NotFound
from parcels.cadastre.as_of import KNOWN_ON, REGISTER
from parcels.enterprises.models import Enterprise, Occupancy
from parcels.land_use.models import Affiliation, LandUseConfirmation, LandUseFreeze
from parcels.land_use.rules import Difference, UseRow, differences, fingerprint, reference_day

PARCEL = f"""
SELECT p.id, p.code, p.town_code, p.location, coalesce(p.registered_area_m2::float8, p.planar_area_m2),
       p.registered_area_m2::float8, p.planar_area_m2, ST_AsBinary(ST_Transform(p.geom_4490, %(srid)s))
  FROM {REGISTER} p WHERE {{territory}} AND p.id = %(parcel)s AND {KNOWN_ON} ORDER BY p.valid_from DESC LIMIT 1
"""
SHAPES = """
SELECT o.id, ST_AsBinary(ST_Transform(o.geom_4490, %(srid)s))
  FROM enterprises_occupancy o WHERE o.id = ANY(%(ids)s) AND o.geom_4490 IS NOT NULL
"""
# What a town confirms: every use of its parcels on the day, in text, with what the parcel's land counts as.
CONFIRMED = f"""
SELECT p.town_code, p.code, round(coalesce(p.registered_area_m2, p.planar_area_m2::numeric), 4)::text, e.uscc, e.name, o.role,
       coalesce(l.uscc, ''),
       CASE WHEN o.area_m2 IS NOT NULL THEN o.area_m2::text || ' ㎡'
            WHEN o.share IS NOT NULL THEN '份额 ' || trim_scale(o.share)::text
            ELSE '图形 ' || round(ST_Area(o.geom_4490::geography)::numeric, 2)::text || ' ㎡ '
                         || left(md5(ST_AsBinary(o.geom_4490)), 8) END,
       o.valid_from::text, coalesce(o.valid_to::text, ''),
       CASE coalesce(t.apart, w.apart) WHEN true THEN '单独' WHEN false THEN '随出租方' ELSE '' END
  FROM enterprises_occupancy o
  JOIN {REGISTER} p ON p.id = o.parcel_id
  JOIN enterprises_enterprise e ON e.id = o.enterprise_id
  LEFT JOIN enterprises_enterprise l ON l.id = o.lessor_id
  LEFT JOIN land_use_tenancy t ON t.year = %(year)s AND t.parcel_id = o.parcel_id AND t.tenant_id = o.enterprise_id
  LEFT JOIN land_use_tenancy w ON w.year = %(year)s AND w.parcel_id = o.parcel_id AND w.tenant_id IS NULL
                              AND o.lessor_id IS NOT NULL
 WHERE {{territory}} AND {KNOWN_ON} AND o.county_id = %(territory_county)s
   AND o.valid_from <= %(on)s AND (o.valid_to IS NULL OR o.valid_to > %(on)s)
 ORDER BY p.code, e.uscc, o.role, o.valid_from
"""
# What was decided of a year beside the uses themselves: tenants, by parcel ("" = all of the parcel's), and groups of firms.
CHOICES = """
SELECT p.code, coalesce(e.uscc, ''), t.apart
  FROM land_use_tenancy t JOIN cadastre_parcel p ON p.id = t.parcel_id
  LEFT JOIN enterprises_enterprise e ON e.id = t.tenant_id
 WHERE t.county_id = %(county)s AND t.year = %(year)s
 ORDER BY p.code, coalesce(e.uscc, '')
"""
GROUPS = """
SELECT m.uscc, h.uscc, a.basis
  FROM land_use_affiliation a
  JOIN enterprises_enterprise m ON m.id = a.member_id
  JOIN enterprises_enterprise h ON h.id = a.head_id
 WHERE a.county_id = %(county)s AND a.valid_from <= %(on)s AND (a.valid_to IS NULL OR a.valid_to >= %(on)s)
 ORDER BY m.uscc
"""
OPEN, CHANGED, FROZEN = "open", "changed", "frozen"


@dataclass(frozen=True, slots=True)
class ParcelGround:
    """A parcel as it was on a year's reference day; `shape_survey` is WKB in the county's survey CRS."""

    id: int
    code: str
    town_code: str
    location: str
    land_m2: float
    registered_area_m2: float | None
    planar_area_m2: float
    shape_survey: bytes


def parcel_ground(county: County, actor: Actor, parcel_id: int, year: int) -> ParcelGround:
    """The parcel in the actor's towns; NotFound else."""
    territory, values = territory_sql(actor, alias="p")
    rows = read_rows(
        PARCEL.format(territory=territory),
        {**values, "parcel": parcel_id, "on": reference_day(year), "srid": county.survey_crs},
    )
    if not rows:
        raise NotFound(f"{year} 年没有这宗地，或不在您的管辖范围内。", remedy="请从企业用地页面重新选择。")
    return ParcelGround(*rows[0])


def uses_of(parcel_id: int) -> list[Occupancy]:
    """Every use of a parcel that was ever entered, the newest first."""
    rows = Occupancy.objects.filter(parcel_id=parcel_id).select_related("enterprise", "lessor")
    return list(rows.defer("geom_4490").order_by("-valid_from", "enterprise__name", "id"))


def shapes_of(county: County, occupancy_ids: Sequence[int]) -> dict[int, bytes]:
    """The drawn uses among these, as WKB in the survey CRS."""
    return dict(read_rows(SHAPES, {"ids": list(occupancy_ids), "srid": county.survey_crs}))


def groups_on(county: County, on: date) -> list[Affiliation]:
    """The affiliations in force on a day, group by group."""
    rows = Affiliation.objects.filter(in_force(on), county=county).select_related("head", "member")
    return list(rows.order_by("head__name", "head_id", "member__name"))


def firm_names(ids: Sequence[int]) -> dict[int, str]:
    return dict(Enterprise.objects.filter(id__in=set(ids)).values_list("id", "name"))


@dataclass(frozen=True, slots=True)
class TownState:
    """How a town stands: what it confirmed last, and what changed since (None = never confirmed)."""

    code: str
    name: str
    uses: tuple[UseRow, ...]
    confirmation: LandUseConfirmation | None
    since: Difference | None

    @property
    def state(self) -> str:
        if self.confirmation is None:
            return "missing"
        return (
            "outdated"
            if self.since and (self.since.added or self.since.removed or self.since.changed)
            else "current"
        )

    @property
    def title(self) -> str:
        return {"missing": "未确认", "outdated": "确认后有变化", "current": "已确认"}[self.state]


def town_states(county: County, actor: Actor, year: int) -> list[TownState]:
    """Every town of the actor's with its uses of the year and its confirmation."""
    uses = uses_by_town(county, actor, year)
    newest = (
        LandUseConfirmation.objects.filter(county=county, year=year)
        .values("town_code")
        .annotate(last=Max("id"))
        .values("last")
    )
    confirmed = {item.town_code: item for item in LandUseConfirmation.objects.filter(pk__in=newest)}
    found = []
    for code, name in county.towns.order_by("code").values_list("code", "name"):
        if actor.town_codes is not None and code not in actor.town_codes:
            continue
        rows, word = tuple(uses.get(code, ())), confirmed.get(code)
        since = None
        if word is not None and word.sha256 != fingerprint(code, year, rows):
            since = differences([UseRow(*row) for row in word.uses], rows)
        found.append(TownState(code, name, rows, word, since))
    return found


def uses_by_town(county: County, actor: Actor, year: int) -> dict[str, list[UseRow]]:
    """The uses that the towns confirm, town by town."""
    return _uses(year, *territory_sql(actor, alias="p"))


def _uses(year: int, territory: str, values: Mapping[str, Any]) -> dict[str, list[UseRow]]:
    rows = read_rows(
        CONFIRMED.format(territory=territory), {**values, "on": reference_day(year), "year": year}
    )
    found: dict[str, list[UseRow]] = {}
    for town, *row in rows:
        found.setdefault(town, []).append(UseRow(*row))
    return found


def newest_freeze(county: County, year: int) -> LandUseFreeze | None:
    return LandUseFreeze.objects.filter(county=county, year=year).order_by("-id").first()


def land_state(county: County, year: int) -> str:
    """Whether a year is frozen by the towns' word and stands as it was frozen: `open`, `changed` since, or `frozen`."""
    last = newest_freeze(county, year)
    if last is None:
        return OPEN
    uses = _uses(year, "p.county_id = %(territory_county)s", {"territory_county": county.code})
    towns = [
        {"code": code, "sha256": fingerprint(code, year, tuple(uses.get(code, ())))}
        for code in county.towns.order_by("code").values_list("code", flat=True)
    ]
    return FROZEN if freeze_hash(towns, year) == last.sha256 else CHANGED


def decided_of_year(county: County, year: int) -> dict[str, Any]:
    """What stands behind a year's land: its freeze with who closed it and why, the choices for tenants, the groups."""
    last, on = newest_freeze(county, year), reference_day(year)
    asked = {"county": county.code, "year": year, "on": on}
    freeze = {} if last is None else {
        "sha256": last.sha256, "by": last.frozen_by, "on": str(timezone.localdate(last.frozen_at)),
        "override": last.override,
    }  # fmt: skip
    return {
        "land": land_state(county, year),
        "freeze": freeze,
        "tenants": str(parameters(county, on)["land_use.tenants"]),
        "tenancies": [list(row) for row in read_rows(CHOICES, asked)],
        "groups": [list(row) for row in read_rows(GROUPS, asked)],
    }


def freeze_hash(towns: Sequence[dict[str, Any]], year: int) -> str:
    """The hash of the whole county's year, from its towns' hashes."""
    return fingerprint("", year, [UseRow(t["code"], t["sha256"], *[""] * 8) for t in towns])
