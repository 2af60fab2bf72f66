"""The land of every firm in a year, parcel by parcel, with the parts that it is made of.

Refuses to count ground twice between a landlord and a tenant: what one of them has, the other gave up.

A firm entered with a whole parcel was entered with what it lets: that is taken off where the tenant is evaluated apart.
A firm entered with a part was entered with what it uses itself; a tenant evaluated with it then brings its ground along.
Who rents from a tenant that is evaluated with its landlord rents from that landlord.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landgis.access.queries import Actor, territory_sql
from landgis.counties.models import County
from landgis.counties.queries import parameters
from landgis.lib.columns import FLOAT, LONG, TEXT, Columns, read_columns, read_rows
from parcels.cadastre.as_of import KNOWN_ON, REGISTER
from parcels.enterprises.queries import uscc_of
from parcels.land_use.rules import reference_day

WHOLE_COUNTY = "p.county_id = %(territory_county)s"
# Where nothing is said of a parcel that nobody uses, the others aren't even looked at.
IN_USE = """p.id IN (SELECT used.parcel_id FROM enterprises_occupancy used
                      WHERE used.county_id = %(territory_county)s
                        AND used.valid_from <= %(on)s AND (used.valid_to IS NULL OR used.valid_to > %(on)s))"""
# The share of a parcel that a piece of it makes up, on the ellipsoid. Cutting in degrees leaves edges straight in degrees, on
# which ST_Area(geography) isn't additive: between two vertices it follows the geodesic. Here the ground of a square degree
# changes evenly with the latitude (over a parcel it does), so that the pieces of a parcel add up to 1, to the last digits.
SHARE = """
    (SELECT ST_Area(piece) / ST_Area({whole})
          * (1 + (coalesce(radians(ST_Y(ST_Centroid(piece))), phi) - phi)
                 * (4 * 0.00669438002290 * sin(phi) * cos(phi) / (1 - 0.00669438002290 * sin(phi) ^ 2) - tan(phi)))
       FROM (SELECT {piece} AS piece, radians(ST_Y(ST_Centroid({whole}))) AS phi OFFSET 0) inside)"""
# What every statement on land use begins with: the parcels of the day, who uses how much of each (by area, by share, or by
# the share of the parcel under a shape), and for each use of a parcel that somebody lets whether it is evaluated apart.
USES = f"""
WITH RECURSIVE parcel AS MATERIALIZED (
    SELECT p.id, p.code, p.town_code, p.land_class_code,
           coalesce(p.registered_area_m2::float8, p.planar_area_m2) AS land_m2, p.planar_area_m2 AS drawn_m2,
           CASE WHEN p.id IN (SELECT d.parcel_id FROM enterprises_occupancy d
                               WHERE d.county_id = %(territory_county)s AND d.geom_4490 IS NOT NULL)
                THEN p.geom_4490 END AS geom_4490
      FROM {REGISTER} p
     WHERE {{territory}} AND {KNOWN_ON}),
use AS MATERIALIZED (
    SELECT o.id, o.parcel_id, o.enterprise_id, o.role, nullif(o.lessor_id, o.enterprise_id) AS lessor_id,
           o.lessor_id IS NULL AS lessor_unknown, o.geom_4490,
           CASE WHEN o.area_m2 IS NOT NULL THEN o.area_m2::float8
                WHEN o.share IS NOT NULL THEN o.share::float8 * p.land_m2
                ELSE p.land_m2 * {SHARE.format(piece="ST_Intersection(o.geom_4490, p.geom_4490)", whole="p.geom_4490")}
           END AS used_m2
      FROM enterprises_occupancy o JOIN parcel p ON p.id = o.parcel_id
     WHERE o.county_id = %(territory_county)s
       AND o.valid_from <= %(on)s AND (o.valid_to IS NULL OR o.valid_to > %(on)s)),
rented AS MATERIALIZED (SELECT DISTINCT parcel_id FROM use WHERE lessor_id IS NOT NULL),
lease AS MATERIALIZED (
    SELECT u.*, u.lessor_id IS NULL
             OR coalesce(t.apart, w.apart, CASE %(tenants)s WHEN 'apart' THEN true WHEN 'landlord' THEN false
                                                ELSE r.id IS NOT NULL END) AS apart
      FROM use u JOIN rented USING (parcel_id)
      LEFT JOIN land_use_tenancy t ON t.year = %(year)s AND t.parcel_id = u.parcel_id AND t.tenant_id = u.enterprise_id
      LEFT JOIN land_use_tenancy w ON w.year = %(year)s AND w.parcel_id = u.parcel_id AND w.tenant_id IS NULL
      LEFT JOIN enterprises_annualreturn r ON r.year = %(year)s AND r.enterprise_id = u.enterprise_id)"""

# Ground that nobody lets counts to whoever uses it (`unlet`).
# Above each tenant that is evaluated with its landlord, and uses nothing else of the parcel, the one that it rents most from.
# A chain of tenants ends where one is evaluated apart, or would come back to where it began. What is added up comes sorted,
# so that it is the same to the last bit; sorting inside each sum instead would sort once for each of them and each group.
LAND = (
    USES
    + """,
above AS MATERIALIZED (
    SELECT parcel_id, enterprise_id, (array_agg(lessor_id ORDER BY used_m2 DESC, id))[1] AS lessor_id
      FROM lease GROUP BY parcel_id, enterprise_id HAVING NOT bool_or(apart)),
chain AS (
    SELECT id, parcel_id, enterprise_id, lessor_id, 0 AS links FROM lease WHERE lessor_id IS NOT NULL
     UNION ALL
    SELECT c.id, c.parcel_id, c.enterprise_id, b.lessor_id, c.links + 1
      FROM chain c JOIN above b ON b.parcel_id = c.parcel_id AND b.enterprise_id = c.lessor_id
     WHERE b.lessor_id <> c.enterprise_id AND c.links < 8),
let AS MATERIALIZED (
    SELECT DISTINCT ON (c.id) l.id, l.parcel_id, l.enterprise_id, c.lessor_id, l.used_m2, l.apart
      FROM chain c JOIN lease l ON l.id = c.id ORDER BY c.id, c.links DESC),
held AS (
    SELECT parcel_id, enterprise_id, sum(used_m2) AS own_m2,
           coalesce(sum(used_m2) FILTER (WHERE role = 'owned'), 0) AS owned_m2,
           coalesce(sum(used_m2) FILTER (WHERE role = 'leased_in'), 0) AS leased_in_m2,
           coalesce(sum(used_m2) FILTER (WHERE role = 'unregistered'), 0) AS unregistered_m2,
           coalesce(sum(used_m2) FILTER (WHERE NOT apart), 0) AS with_landlord_m2
      FROM (SELECT * FROM lease ORDER BY parcel_id, enterprise_id, id) l GROUP BY parcel_id, enterprise_id),
given AS (
    SELECT parcel_id, lessor_id AS enterprise_id,
           coalesce(sum(used_m2) FILTER (WHERE apart), 0) AS apart_m2,
           coalesce(sum(used_m2) FILTER (WHERE NOT apart), 0) AS with_m2
      FROM (SELECT * FROM let ORDER BY parcel_id, lessor_id, id) l GROUP BY parcel_id, lessor_id),
parts AS (
    SELECT p.id AS parcel_id, p.code, p.town_code, enterprise_id,
           coalesce(owned_m2, 0) AS owned_m2, coalesce(leased_in_m2, 0) AS leased_in_m2,
           coalesce(unregistered_m2, 0) AS unregistered_m2, coalesce(with_landlord_m2, 0) AS with_landlord_m2,
           CASE WHEN entered_whole THEN least(own_m2 - with_landlord_m2, coalesce(apart_m2, 0)) ELSE 0 END AS let_out_m2,
           CASE WHEN entered_whole THEN 0 ELSE coalesce(with_m2, 0) END AS tenants_m2
      FROM held FULL JOIN given USING (parcel_id, enterprise_id) JOIN parcel p ON p.id = parcel_id
           -- As much as is registered, or just what was drawn where the two areas differ.
     CROSS JOIN LATERAL (SELECT own_m2 >= p.land_m2 - greatest(%(same_m2)s, %(same_ratio)s * p.land_m2)
                             OR abs(own_m2 - p.drawn_m2) <= greatest(%(same_m2)s, %(same_ratio)s * p.drawn_m2)
                                AS entered_whole) entered),
unlet AS (
    SELECT parcel_id, enterprise_id, coalesce(sum(used_m2) FILTER (WHERE role = 'owned'), 0) AS owned_m2,
           coalesce(sum(used_m2) FILTER (WHERE role = 'leased_in'), 0) AS leased_in_m2,
           coalesce(sum(used_m2) FILTER (WHERE role = 'unregistered'), 0) AS unregistered_m2
      FROM (SELECT * FROM use WHERE parcel_id NOT IN (SELECT parcel_id FROM rented)
             ORDER BY parcel_id, enterprise_id, id) in_order
     GROUP BY parcel_id, enterprise_id),
land AS MATERIALIZED (
    SELECT parts.*,
           greatest(0, owned_m2 + leased_in_m2 + unregistered_m2 - with_landlord_m2 - let_out_m2 + tenants_m2) AS net_m2
      FROM parts
     UNION ALL
    SELECT p.id, p.code, p.town_code, enterprise_id, owned_m2, leased_in_m2, unregistered_m2, 0, 0, 0,
           owned_m2 + leased_in_m2 + unregistered_m2
      FROM unlet JOIN parcel p ON p.id = parcel_id)"""
)
COLUMNS = (
    "owned_m2, leased_in_m2, unregistered_m2, with_landlord_m2, let_out_m2, tenants_m2, net_m2"  # of FirmLand
)
UNIT = """
  LEFT JOIN land_use_affiliation a ON a.member_id = l.enterprise_id
        AND a.valid_from <= %(on)s AND (a.valid_to IS NULL OR a.valid_to >= %(on)s)"""
BY_PARCEL = f"""{LAND}
SELECT coalesce(a.head_id, l.enterprise_id), l.enterprise_id, l.parcel_id, l.code, l.town_code, {COLUMNS}
  FROM land l {UNIT}
 WHERE (%(firms)s::bigint[] IS NULL OR coalesce(a.head_id, l.enterprise_id) = ANY(%(firms)s)
                                    OR l.enterprise_id = ANY(%(firms)s))
 ORDER BY l.enterprise_id, l.code"""
WHOLE_YEAR = f"""{LAND}
SELECT l.enterprise_id, coalesce(a.head_id, 0), l.parcel_id, l.code, l.net_m2,
       coalesce(w.lessor_id, 0), (r.id IS NOT NULL)::int::bigint
  FROM land l {UNIT}
  LEFT JOIN (SELECT DISTINCT ON (parcel_id, enterprise_id) parcel_id, enterprise_id, lessor_id
               FROM let WHERE NOT apart ORDER BY parcel_id, enterprise_id, used_m2 DESC, id) w
         ON w.parcel_id = l.parcel_id AND w.enterprise_id = l.enterprise_id
  LEFT JOIN enterprises_annualreturn r ON r.year = %(year)s AND r.enterprise_id = l.enterprise_id
 ORDER BY l.enterprise_id, l.code, l.parcel_id"""
HEADS = """
SELECT a.member_id, a.head_id, h.uscc, a.basis
  FROM land_use_affiliation a JOIN enterprises_enterprise h ON h.id = a.head_id
 WHERE a.county_id = %(county)s AND a.valid_from <= %(on)s AND (a.valid_to IS NULL OR a.valid_to >= %(on)s)
 ORDER BY a.member_id"""
BY_UNIT = f"""{LAND}
SELECT coalesce(a.head_id, l.enterprise_id), {", ".join(f"sum({name.strip()})" for name in COLUMNS.split(","))}
  FROM land l {UNIT}
 GROUP BY 1 ORDER BY 1"""


@dataclass(frozen=True, slots=True)
class Parts:
    """What makes up land in ㎡: net = owned + leased in + unregistered − with the landlord − let out + of tenants."""

    owned_m2: float
    leased_in_m2: float
    unregistered_m2: float
    with_landlord_m2: float  # of the leased: counted to the landlord, since this tenant isn't evaluated apart
    let_out_m2: float  # of the firm's own: used by tenants that are evaluated themselves
    tenants_m2: float  # used by tenants that are evaluated with the firm, beyond what it was entered with
    net_m2: float


@dataclass(frozen=True, slots=True)
class FirmLand:
    """A firm's land on one parcel; `unit_id` is the head of its group, or the firm itself."""

    unit_id: int
    enterprise_id: int
    parcel_id: int
    parcel_code: str
    town_code: str
    parts: Parts


@dataclass(frozen=True, slots=True)
class Head:
    """Whom a firm is evaluated with, and on what paper."""

    id: int
    uscc: str
    basis: str


@dataclass(frozen=True, slots=True)
class YearLand:
    """Everybody's land of a year in the whole county, a place for each firm on each parcel; nothing is below 0 ㎡.

    `heads`: the firms that are evaluated with another, by a paper, or as tenants that returned figures and whose land is
    all counted to one landlord.
    """

    enterprise_id: NDArray[np.int64]
    unit_id: NDArray[np.int64]
    parcel_id: NDArray[np.int64]
    parcel_code: NDArray[np.object_]
    net_m2: NDArray[np.float64]
    heads: dict[int, Head]


def land_of_year(county: County, year: int) -> YearLand:
    """What every computation of the county's year takes its land from; rights are its callers' to hold."""
    types = {
        "firm": LONG,
        "head": LONG,
        "parcel": LONG,
        "code": TEXT,
        "net": FLOAT,
        "landlord": LONG,
        "returned": LONG,
    }
    found = read_columns(
        WHOLE_YEAR.format(territory=f"{WHOLE_COUNTY} AND {IN_USE}"), _whole(county, year), types
    )
    rows = read_rows(HEADS, {"county": county.code, "on": reference_day(year)})
    heads = {member: Head(*head) for member, *head in rows}
    heads |= _landlords(found, heads)
    unit = np.array([heads[n].id if n in heads else n for n in found["firm"].tolist()], dtype=np.int64)
    return YearLand(found["firm"], unit, found["parcel"], found["code"], found["net"], heads)


def land_of_firms(county: County, actor: Actor, year: int, firms: list[int] | None = None) -> list[FirmLand]:
    """Who has how much of which parcel, in the actor's towns; `firms`: of these firms and their groups only."""
    rows = read_rows(
        BY_PARCEL.format(territory=_territory(actor)), asked(county, actor, year) | {"firms": firms}
    )
    return [
        FirmLand(unit, firm, parcel, code, town, Parts(*parts))
        for unit, firm, parcel, code, town, *parts in rows
    ]


def land_of_units(county: County, actor: Actor, year: int) -> dict[int, Parts]:
    """The land of each firm that is evaluated, its group's together, by the row id of the firm or the group's head."""
    rows = read_rows(BY_UNIT.format(territory=_territory(actor)), asked(county, actor, year))
    return {row[0]: Parts(*row[1:]) for row in rows}


def _landlords(found: Columns, heads: dict[int, Head]) -> dict[int, Head]:
    """Tenants that returned figures while all their land is counted to one landlord: its figures without them would be half."""
    landed = set(found["firm"][(found["net"] > 0) | (found["returned"] == 0)].tolist())
    let = (found["net"] <= 0) & (found["returned"] != 0) & (found["landlord"] != 0)
    with_whom: dict[int, set[int]] = {}
    for firm, landlord in zip(found["firm"][let].tolist(), found["landlord"][let].tolist(), strict=True):
        with_whom.setdefault(firm, set()).add(landlord)
    one = {
        firm: whom.pop()
        for firm, whom in with_whom.items()
        if firm not in landed | heads.keys() and len(whom) == 1
    }
    led = {head.id for head in heads.values()}
    one = {firm: whom for firm, whom in one.items() if whom not in one and firm not in led}
    leading = {firm: heads[whom].id if whom in heads else whom for firm, whom in one.items()}
    uscc = uscc_of(set(leading.values())) if leading else {}
    return {firm: Head(whom, uscc[whom], "随出租方评价") for firm, whom in leading.items() if whom != firm}


def asked(county: County, actor: Actor, year: int) -> dict[str, Any]:
    """The values that every statement on a year's land use needs."""
    return _whole(county, year) | territory_sql(actor, alias="p")[1]


def _whole(county: County, year: int) -> dict[str, Any]:
    on = reference_day(year)
    held = parameters(county, on)
    return {
        "on": on,
        "year": year,
        "tenants": str(held["land_use.tenants"]),
        "same_m2": float(held["area.tolerance_m2"]),
        "same_ratio": float(held["area.tolerance_ratio"]),
        "territory_county": county.code,
    }


def _territory(actor: Actor) -> str:
    return f"{territory_sql(actor, alias='p')[0]} AND {IN_USE}"
