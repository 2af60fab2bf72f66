"""The parcels of the map's list: filtered, sorted and paged in the database, over all of them.

Refuses parcels outside the actor's territory, and lets nobody without the right learn a firm's figures by filtering or
sorting on them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from landgis.access.queries import Actor, territory_sql
from landgis.access.rules import VIEW_FIRM_FIGURES
from landgis.lib.boxes import Box
from landgis.lib.errors import Forbidden, InputError
from layers.catalog.rows import in_force_sql
from parcels.cadastre.as_of import register_on
from parcels.editing.bulk import Selection
from parcels.idle_land.models import FINDINGS

Parameters = dict[str, Any]

AREA_M2 = "coalesce(p.registered_area_m2::float8, p.planar_area_m2)"
SORTS = {"code": "p.code", "area_mu": AREA_M2, "town": "p.town_code"}
BY_TAX = "tax_per_mu"

VALUES = """
  LEFT JOIN evaluation_value v ON v.run_id = %(run)s AND v.scope = 'parcel' AND v.subject_code = p.code
"""
TOTALS = "SELECT count(*), coalesce(sum({area}), 0) * 15 / 10000, {ids} {matching}"
ALL = " FROM {register} p WHERE {where}"
CUT = """
SELECT p.id
  FROM {register} p {values}
 WHERE {where}
 ORDER BY {order}
 LIMIT %(rows)s OFFSET %(offset)s
"""
# By tax per mu the page is read off the index of the values; parcels without a value come after all others.
VALUED = """
  FROM evaluation_value v
  JOIN {register} p ON p.county_id = %(county)s AND p.code = v.subject_code AND {in_force}
 WHERE v.run_id = %(run)s AND v.scope = 'parcel' AND v.tax_per_mu IS NOT NULL AND {where}
"""
# Names, findings and boxes are fetched for the page's rows only.
PAGE = """
SELECT p.code, p.town_code, t.name AS town_name, p.location, {area} * 15 / 10000 AS area_mu, p.land_class_code,
       p.land_class_set, h.holder, v.tax_per_mu, f.finding,
       ST_XMin(p.geom_4490), ST_YMin(p.geom_4490), ST_XMax(p.geom_4490), ST_YMax(p.geom_4490)
  FROM unnest(%(page)s::bigint[]) WITH ORDINALITY AS cut (id, place)
  JOIN {register} p ON p.id = cut.id AND {in_force} {values}
  LEFT JOIN counties_town t ON t.county_id = p.county_id AND t.code = p.town_code
  LEFT JOIN LATERAL (
       SELECT string_agg(h.name, '、' ORDER BY g.share DESC, g.id) AS holder
         FROM cadastre_holding g JOIN cadastre_holder h ON h.id = g.holder_id
        WHERE g.parcel_id = p.id AND {held}) h ON true
  LEFT JOIN LATERAL (
       SELECT f.finding FROM idle_land_finding f
        WHERE f.parcel_id = p.id AND f.screening_id = %(screening)s
        ORDER BY array_position(%(findings)s::text[], f.finding::text) LIMIT 1) f ON true
 ORDER BY cut.place
"""
OF_FINDING = """
    p.id IN (SELECT f.parcel_id FROM idle_land_finding f
              WHERE f.screening_id = %(screening)s AND f.parcel_id IS NOT NULL
              GROUP BY f.parcel_id
             HAVING min(array_position(%(findings)s::text[], f.finding::text))
                    = array_position(%(findings)s::text[], %(finding)s))
"""
HELD = """
SELECT g.parcel_id FROM cadastre_holder h JOIN cadastre_holding g ON g.holder_id = h.id
 WHERE h.county_id = %(county)s AND h.name LIKE %(anywhere)s AND {held}
"""
# So many of a name's parcels are handed back to the database as a list, which lets it use its indexes for all three
# parts of the search; of more, an index would be of no use.
FEW = 2000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the officer asked for; empty = no limit."""

    q: str = ""
    town: str = ""
    finding: str = ""
    land_class: str = ""
    min_tax_per_mu: float | None = None
    max_tax_per_mu: float | None = None
    bbox_4490: Box | None = None
    sort: str = "code"
    page: int = 1
    page_size: int = 50
    on: date | None = None  # the register as of a day; None = as it stands


def parcels_page(
    actor: Actor, wanted: Wanted, *, run_id: int | None, screening_id: int | None
) -> tuple[int, float, list[dict[str, Any]]]:
    """How many parcels match, their land in 亩, and the page's rows (three to five statements, whatever the rows)."""
    _check_sort(actor, wanted.sort)
    with connection.cursor() as cursor:
        where, values, by_tax = _where(cursor, actor, wanted, run_id, screening_id)
        day = _day(wanted.on)
        matching = (VALUED if by_tax else ALL).format(where=where, **day)
        # What a search found is kept where it is little, rather than searched for again.
        ids = f"(array_agg(p.id))[1:{FEW + 1}]" if wanted.q else "NULL"
        cursor.execute(TOTALS.format(area=AREA_M2, ids=ids, matching=matching), values)
        total, area_mu, found = cursor.fetchone()
        offset = (wanted.page - 1) * wanted.page_size
        if offset >= total:
            return total, float(area_mu), []
        if wanted.q and total <= FEW:
            where, values["found"] = f"p.id = ANY(%(found)s) AND {day['in_force']}", found
        if wanted.sort.removeprefix("-") == BY_TAX:
            page = _cut_by_tax(cursor, where, values, wanted, offset)
        else:
            order = _order(wanted.sort)
            page = _cut(
                cursor,
                CUT.format(values=VALUES if by_tax else "", where=where, order=order, **day),
                values,
                wanted.page_size,
                offset,
            )
        cursor.execute(PAGE.format(area=AREA_M2, values=VALUES, **day), {**values, "page": page})
        rows = [_item(row, actor) for row in cursor.fetchall()]
    return total, float(area_mu), rows


def matching_parcels(
    actor: Actor, wanted: Wanted, *, run_id: int | None, screening_id: int | None
) -> Selection:
    """All parcels that the list would show for the same wish, page and order aside."""
    with connection.cursor() as cursor:
        where, values, by_tax = _where(cursor, actor, wanted, run_id, screening_id)
    return Selection(
        "SELECT p.id" + (VALUED if by_tax else ALL).format(where=where, **_day(wanted.on)), values
    )


def _where(
    cursor: Any, actor: Actor, wanted: Wanted, run_id: int | None, screening_id: int | None
) -> tuple[str, Parameters, bool]:
    """The conditions, their values, and whether they are on figures of the evaluation."""
    where, values = _conditions(actor, wanted)
    values |= {"run": run_id, "screening": screening_id, "findings": list(FINDINGS)}
    if wanted.q:
        where += f" AND ({_search(cursor, wanted.q, values, _day(wanted.on)['held'])})"
    return where, values, wanted.min_tax_per_mu is not None or wanted.max_tax_per_mu is not None


def _cut(cursor: Any, statement: str, values: Parameters, rows: int, offset: int) -> list[int]:
    cursor.execute(statement, {**values, "rows": rows, "offset": offset})
    return [parcel for (parcel,) in cursor.fetchall()]


def _cut_by_tax(cursor: Any, where: str, values: Parameters, wanted: Wanted, offset: int) -> list[int]:
    day = _day(wanted.on)
    valued = VALUED.format(where=where, **day)
    direction = "DESC" if wanted.sort.startswith("-") else ""
    first = f"SELECT p.id {valued} ORDER BY v.tax_per_mu {direction}, p.code LIMIT %(rows)s OFFSET %(offset)s"
    page = _cut(cursor, first, values, wanted.page_size, offset)
    if len(page) == wanted.page_size:
        return page
    cursor.execute(f"SELECT count(*) {valued}", values)
    (before,) = cursor.fetchone()
    rest = CUT.format(values=VALUES, where=f"{where} AND v.tax_per_mu IS NULL", order="p.code", **day)
    return page + _cut(cursor, rest, values, wanted.page_size - len(page), max(0, offset - before))


def _conditions(actor: Actor, wanted: Wanted) -> tuple[str, Parameters]:
    limit, territory = territory_sql(actor, alias="p")
    _, in_force, day = register_on(wanted.on)
    conditions = [limit, in_force]
    values: Parameters = {"county": actor.county_code, **territory, **day}

    def add(condition: str, **given: Any) -> None:
        conditions.append(condition)
        values.update(given)

    if wanted.town:
        add("p.town_code = %(town)s", town=wanted.town)
    if wanted.land_class:
        add("p.land_class_code = %(land_class)s", land_class=wanted.land_class)
    if wanted.finding:
        add(OF_FINDING, finding=wanted.finding)
    if wanted.min_tax_per_mu is not None or wanted.max_tax_per_mu is not None:
        _require_figures(actor, "筛选")
    if wanted.min_tax_per_mu is not None:
        add("v.tax_per_mu >= %(min_tax)s", min_tax=wanted.min_tax_per_mu)
    if wanted.max_tax_per_mu is not None:
        add("v.tax_per_mu < %(max_tax)s", max_tax=wanted.max_tax_per_mu)
    if wanted.bbox_4490 is not None:
        # The drawing copy carries the index; Mercator keeps a box a box.
        add("p.geom_3857 && ST_Transform(ST_MakeEnvelope(%(w)s, %(s)s, %(e)s, %(n)s, 4490), 3857)")
        values["w"], values["s"], values["e"], values["n"] = wanted.bbox_4490
    return " AND ".join(conditions), values


def _day(on: date | None) -> dict[str, str]:
    """What the statements read the parcels of a day from, and the conditions for them and for their holders."""
    register, in_force, values = register_on(on)
    held = in_force_sql("g") if values else "g.valid_to IS NULL"
    return {"register": register, "in_force": in_force, "held": held}


def _search(cursor: Any, text: str, values: Parameters, in_force: str) -> str:
    """A condition for the beginning of a code, or a part of the location or of a holder's name."""
    code = re.sub(r"\s", "", text).upper()
    values["beginning"] = (
        _like(code[:19] if len(code) == 28 else code) + "%"
    )  # a unit code begins with its parcel's
    values["anywhere"] = f"%{_like(text)}%"
    by_name = HELD.format(held=in_force)
    cursor.execute(f"{by_name} LIMIT {FEW + 1}", values)
    held = [parcel for (parcel,) in cursor.fetchall()]
    by_holder = f"p.id IN ({by_name})"
    if len(held) <= FEW:
        by_holder, values["held"] = "p.id = ANY(%(held)s)", held
    return f"p.code LIKE %(beginning)s OR p.location LIKE %(anywhere)s OR {by_holder}"


def _like(text: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", text)


def _check_sort(actor: Actor, sort: str) -> None:
    key = sort.removeprefix("-")
    if key == BY_TAX:
        _require_figures(actor, "排序")
    elif key not in SORTS:
        raise InputError(
            "sort_unknown",
            f"不能按“{key}”排序。",
            f"可用的排序：{'、'.join((*SORTS, BY_TAX))}，前加“-”为降序。",
            field="sort",
        )


def _order(sort: str) -> str:
    key, direction = sort.removeprefix("-"), "DESC" if sort.startswith("-") else ""
    return f"{SORTS[key]} {direction}" if key == "code" else f"{SORTS[key]} {direction}, p.code"


def _require_figures(actor: Actor, what: str) -> None:
    if not actor.may(VIEW_FIRM_FIGURES):
        raise Forbidden(
            f"没有查看企业数据的权限，不能按亩均税收{what}。",
            remedy="请去掉该条件，或联系安全保密管理员授权。",
        )


def _item(row: tuple[Any, ...], actor: Actor) -> dict[str, Any]:
    (
        code,
        town_code,
        town_name,
        location,
        area_mu,
        land_class,
        code_set,
        holder,
        tax,
        finding,
        *bbox,
    ) = row
    seen = actor.may(VIEW_FIRM_FIGURES)
    return {
        "code": code,
        "holder": holder,
        "town_code": town_code,
        "town_name": town_name,
        "location": location,
        "area_mu": area_mu,
        "land_class_code": land_class,
        "land_class_set": code_set,
        "tax_per_mu": tax if seen else None,
        "restricted": not seen,
        "finding": finding,
        "bbox": bbox,
    }
