"""The rights in parcels when the parcels change: inherited, stated anew, ended, brought back.

Refuses to lose or to invent a part of a right: the shares of a child add up to what its parents' shares come to by ground.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection

from landgis.counties.models import County
from parcels.cadastre.rules import holder_kind

Edges = Sequence[tuple[int, int, float | None]]  # ancestor, descendant, common ground in ㎡

# Shares by ground; of a holder of several parents they add up. What rounding leaves goes to the largest.
INHERIT = """
WITH edge AS (
    SELECT g.parent, g.child, greatest(coalesce(g.area_m2, 0), 1e-6)::numeric AS area_m2
      FROM unnest(%(parents)s::bigint[], %(children)s::bigint[], %(areas)s::float8[]) AS g (parent, child, area_m2)),
part AS (
    SELECT w.child, g.holder_id, sum(g.share * w.weight) AS exact
      FROM (SELECT parent, child, area_m2 / sum(area_m2) OVER (PARTITION BY child) AS weight FROM edge) AS w
      JOIN cadastre_holding g ON g.parcel_id = w.parent AND g.valid_to IS NULL
     GROUP BY w.child, g.holder_id),
rounded AS (
    SELECT child, holder_id, round(exact, 8) AS share,
           round(sum(exact) OVER (PARTITION BY child), 8) - sum(round(exact, 8)) OVER (PARTITION BY child) AS over,
           row_number() OVER (PARTITION BY child ORDER BY exact DESC, holder_id) AS place
      FROM part)
INSERT INTO cadastre_holding (parcel_id, holder_id, share, valid_from)
SELECT child, holder_id, least(1, greatest(1e-8, share + CASE WHEN place = 1 THEN over ELSE 0 END)), %(on)s
  FROM rounded
"""
NEW_HOLDERS = """
INSERT INTO cadastre_holder (county_id, name, uscc, kind)
SELECT %(county)s, g.name, g.uscc, g.kind
  FROM unnest(%(names)s::text[], %(usccs)s::text[], %(kinds)s::text[]) AS g (name, uscc, kind)
    ON CONFLICT (county_id, name, uscc) DO NOTHING
"""
WANTED = """
WITH wanted AS (
    SELECT g.parcel, h.id AS holder, least(1, sum(g.share)) AS share
      FROM unnest(%(parcels)s::bigint[], %(names)s::text[], %(usccs)s::text[], %(shares)s::numeric(9,8)[])
           AS g (parcel, name, uscc, share)
      JOIN cadastre_holder h ON h.county_id = %(county)s AND h.name = g.name AND h.uscc = g.uscc
     GROUP BY g.parcel, h.id)
"""
END_OTHERS = (
    WANTED
    + """
UPDATE cadastre_holding g SET valid_to = greatest(g.valid_from, %(on)s)
 WHERE g.parcel_id = ANY(%(stated)s) AND g.valid_to IS NULL
   AND NOT EXISTS (SELECT FROM wanted w
                    WHERE w.parcel = g.parcel_id AND w.holder = g.holder_id AND w.share = g.share)
"""
)
ENTER = (
    WANTED
    + """
INSERT INTO cadastre_holding (parcel_id, holder_id, share, valid_from)
SELECT w.parcel, w.holder, w.share, %(on)s
  FROM wanted w
 WHERE NOT EXISTS (SELECT FROM cadastre_holding g
                    WHERE g.parcel_id = w.parcel AND g.holder_id = w.holder AND g.valid_to IS NULL)
"""
)
END = """
UPDATE cadastre_holding SET valid_to = greatest(valid_from, %(on)s)
 WHERE parcel_id = ANY(%(ids)s) AND valid_to IS NULL
"""
# Who held the parcel to its end holds it again: the change that ended the parcel ended those holdings too.
BRING_BACK = """
INSERT INTO cadastre_holding (parcel_id, holder_id, share, valid_from)
SELECT g.parcel_id, g.holder_id, g.share, %(on)s
  FROM cadastre_holding g JOIN cadastre_parcel p ON p.id = g.parcel_id
 WHERE g.parcel_id = ANY(%(ids)s) AND g.change_id = p.change_id AND g.valid_to IS NOT NULL
"""


def inherit_holdings(edges: Edges, on: date) -> None:
    """Children are held by whom their parents were held; before the parents' own holdings end."""
    if edges:
        parents, children, areas = (list(side) for side in zip(*edges, strict=True))
        _run(INHERIT, parents=parents, children=children, areas=areas, on=on)


def end_holdings(parcel_ids: Sequence[int], on: date) -> None:
    if parcel_ids:
        _run(END, ids=list(parcel_ids), on=on)


def bring_back_holdings(parcel_ids: Sequence[int], on: date) -> None:
    """Before the parcels themselves come back: the change that ended them says which holdings ended with them."""
    if parcel_ids:
        _run(BRING_BACK, ids=list(parcel_ids), on=on)


def state_holdings(county: County, stated: Mapping[int, Sequence[Mapping[str, Any]]], on: date) -> None:
    """From `on`, each parcel is held by the holders stated (name, uscc, share) and nobody else."""
    if not stated:
        return
    rows = [(parcel, holder) for parcel, holders in stated.items() for holder in holders]
    names = [str(holder["name"]) for _, holder in rows]
    usccs = [str(holder.get("uscc") or "") for _, holder in rows]
    given = {
        "county": county.code,
        "stated": list(stated),
        "parcels": [parcel for parcel, _ in rows],
        "names": names,
        "usccs": usccs,
        "kinds": [holder_kind(name, uscc) for name, uscc in zip(names, usccs, strict=True)],
        "shares": [str(holder.get("share") or 1) for _, holder in rows],
        "on": on,
    }
    for statement in (NEW_HOLDERS, END_OTHERS, ENTER):
        _run(statement, **given)


def _run(statement: str, **values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
