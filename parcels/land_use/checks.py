"""A year's land use held against the parcels: what is over- and under-allocated, and what doesn't fit.

Refuses a statement a parcel: the whole territory is judged by one.
"""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from landgis.access.queries import Actor, territory_sql
from landgis.counties.models import County
from landgis.counties.queries import parameters
from landgis.lib.columns import read_rows
from parcels.land_use.land import LAND, asked
from parcels.land_use.rules import PROBLEMS as TITLES
from parcels.land_use.rules import Problem, reference_day

# A tenant's shape lies in its landlord's by right. Shapes that only touch share a line, which has no area.
FOUND = (
    LAND
    + """,
total AS (
    SELECT l.parcel_id, sum(l.net_m2) AS net_m2, array_agg(l.enterprise_id ORDER BY l.net_m2 DESC, l.enterprise_id) AS firms
      FROM land l GROUP BY l.parcel_id),
limits AS (
    SELECT p.*, t.net_m2, t.firms, greatest(%(tolerance_m2)s, %(tolerance_ratio)s * p.land_m2) AS allowed_m2
      FROM parcel p LEFT JOIN total t ON t.parcel_id = p.id),
found AS (
    SELECT 'over' AS kind, p.id AS parcel_id, p.net_m2 - p.land_m2 AS amount_m2, p.firms
      FROM limits p WHERE p.net_m2 > p.land_m2 + p.allowed_m2
     UNION ALL
    SELECT 'under', p.id, p.land_m2 - p.net_m2, p.firms
      FROM limits p WHERE p.net_m2 < p.land_m2 - p.allowed_m2
     UNION ALL
    SELECT 'unused', p.id, p.land_m2, '{{}}'::bigint[]
      FROM limits p WHERE p.net_m2 IS NULL AND p.land_class_code = ANY(%(industrial)s)
     UNION ALL
    SELECT 'overlap', a.parcel_id, s.shared_m2, ARRAY[a.enterprise_id, b.enterprise_id]
      FROM use a JOIN use b ON b.parcel_id = a.parcel_id AND b.id > a.id AND ST_Intersects(a.geom_4490, b.geom_4490)
      JOIN LATERAL (SELECT ST_Area(ST_Intersection(a.geom_4490, b.geom_4490)::geography) AS shared_m2) s ON true
     WHERE s.shared_m2 > %(overlap_m2)s AND a.lessor_id IS DISTINCT FROM b.enterprise_id
       AND b.lessor_id IS DISTINCT FROM a.enterprise_id
     UNION ALL
    SELECT 'outside', u.parcel_id, s.outside_m2, ARRAY[u.enterprise_id]
      FROM use u JOIN parcel p ON p.id = u.parcel_id
      JOIN LATERAL (SELECT ST_Area(ST_Difference(u.geom_4490, p.geom_4490)::geography) AS outside_m2) s ON true
     WHERE u.geom_4490 IS NOT NULL AND s.outside_m2 > %(overlap_m2)s
     UNION ALL
    SELECT 'lessor_missing', u.parcel_id, u.used_m2, ARRAY[u.enterprise_id]
      FROM use u WHERE u.role = 'leased_in' AND u.lessor_unknown
     UNION ALL
    SELECT 'lessor_without_right', u.parcel_id, u.used_m2, ARRAY[u.enterprise_id, u.lessor_id]
      FROM use u LEFT JOIN use own ON own.parcel_id = u.parcel_id AND own.enterprise_id = u.lessor_id
     WHERE u.lessor_id IS NOT NULL AND own.id IS NULL
       AND NOT EXISTS (SELECT FROM cadastre_holding h
                         JOIN cadastre_holder r ON r.id = h.holder_id AND r.uscc <> ''
                         JOIN enterprises_enterprise e ON e.id = u.lessor_id AND e.uscc = r.uscc
                        WHERE h.parcel_id = u.parcel_id AND h.valid_from <= %(on)s
                          AND (h.valid_to IS NULL OR h.valid_to > %(on)s))
     UNION ALL
    SELECT 'periods', u.parcel_id, sum(u.used_m2), ARRAY[u.enterprise_id]
      FROM use u GROUP BY u.parcel_id, u.enterprise_id, u.role HAVING count(*) > 1)
SELECT f.kind, p.id, p.code, p.town_code, p.land_m2, f.amount_m2, f.firms
  FROM found f JOIN parcel p ON p.id = f.parcel_id
 WHERE (%(parcels)s::bigint[] IS NULL OR p.id = ANY(%(parcels)s))
 ORDER BY f.amount_m2 DESC, p.code"""
)


def problems(county: County, actor: Actor, year: int, parcel_ids: list[int] | None = None) -> list[Problem]:
    """Everything that doesn't fit in the actor's towns, the largest first in each kind."""
    territory, _ = territory_sql(actor, alias="p")
    values = asked(county, actor, year) | limits(county, year) | {"parcels": parcel_ids}
    rows = read_rows(FOUND.format(territory=territory), values)
    order = list(TITLES)
    found = [
        Problem(kind, parcel, code, town, land_m2, amount_m2, tuple(firms))
        for kind, parcel, code, town, land_m2, amount_m2, firms in rows
    ]
    return sorted(found, key=lambda problem: order.index(problem.kind))


def limits(county: County, year: int) -> dict[str, Any]:
    """The county's tolerances for the year."""
    held = parameters(county, reference_day(year))
    # the code set of today says which land is industrial of years before it, too
    classes = (
        held.get("land.industrial_classes")
        or parameters(county, timezone.localdate())["land.industrial_classes"]
    )
    return {
        "tolerance_m2": float(held["land_use.tolerance_m2"]),
        "tolerance_ratio": float(held["land_use.tolerance_ratio"]),
        "overlap_m2": float(held["land_use.overlap_m2"]),
        "industrial": list(classes),
    }
