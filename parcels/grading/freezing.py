"""Reading a year's firms, their figures, land and facts from the register, and freezing them.

Refuses rows one by one: every table is read whole, and a firm without any land or return isn't in it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from landgis.counties.models import County
from landgis.lib.columns import LONG, TEXT, WHOLE, listed, read_columns, read_rows
from landgis.lib.errors import Conflict
from landgis.lib.units import m2_to_mu_array
from parcels.evaluation.apportion import tally
from parcels.evaluation.land import Land, land_of_firms
from parcels.evaluation.rules import LAND, RETURNED, last_day
from parcels.grading.frozen import BUILDING, TEXTS, Frozen, frozen
from parcels.schemes.definition import Definition
from parcels.schemes.queries import Chosen

FIRMS = """
SELECT e.id, e.uscc, e.name, e.town_code, e.industry_code, e.industry_group,
       coalesce(e.above_scale::int, -1), coalesce(e.founded_on::text, ''), coalesce(r.source, '')
  FROM enterprises_enterprise e
  LEFT JOIN enterprises_annualreturn r ON r.enterprise_id = e.id AND r.year = %(year)s
 WHERE e.county_id = %(county)s AND e.id = ANY(%(firms)s::bigint[])
 ORDER BY e.id
"""
FIRM_TYPES = {"id": LONG, **dict.fromkeys(("uscc", "name", "town_code", "industry_code", "industry_group"), TEXT)} | {
    "above_scale": WHOLE, "founded_on": TEXT, "source": TEXT,
}  # fmt: skip
FACTS = """
SELECT f.enterprise_id, f.kind, f.code, f.amount::float8, f.head_id, f.basis
  FROM grading_fact f
 WHERE f.county_id = %(county)s AND f.year = %(year)s AND f.reverses_id IS NULL
   AND NOT EXISTS (SELECT FROM grading_fact r WHERE r.reverses_id = f.id)
 ORDER BY f.id
"""
# Parcels on which building is under way within its term: none of their phases is finished or overdue by the day. The
# latest supplement signed by then says the term anew.
BUILDING_PARCELS = """
SELECT c.parcel_id
  FROM supply_phase p
  JOIN supply_contract c ON c.id = p.contract_id
  LEFT JOIN LATERAL (
       SELECT s.agreed_completion FROM supply_supplement s
        WHERE s.contract_id = c.id AND (s.phase_id = p.id OR s.phase_id IS NULL) AND s.signed_on <= %(on)s
          AND s.agreed_completion IS NOT NULL
        ORDER BY s.signed_on DESC, s.id DESC LIMIT 1) latest ON true
 WHERE c.county_id = %(county)s AND c.parcel_id = ANY(%(parcels)s::bigint[])
 GROUP BY c.parcel_id
HAVING bool_and(coalesce(p.actual_completion > %(on)s, true)
                AND coalesce(coalesce(latest.agreed_completion, p.agreed_completion) >= %(on)s, false))
"""


def freeze(county: County, found: Chosen, year: int) -> Frozen:
    """The year as the register has it now, under a definition."""
    land = land_of_firms(county, year)
    on = last_day(year)
    wanted = {"county": county.code, "year": year, "on": on, "firms": listed(land.firm_id)}
    facts = read_rows(FACTS, wanted)
    _in_land(facts, land)
    firms = read_columns(FIRMS, wanted, FIRM_TYPES)
    building = {
        parcel for (parcel,) in read_rows(BUILDING_PARCELS, wanted | {"parcels": listed(land.parcel_id)})
    }
    size = len(firms["id"])
    # A firm of another county on this county's ground has no place here.
    keep = np.searchsorted(land.firm_id, firms["id"])
    used = np.maximum(land.net_m2, 0.0)
    in_building = (
        np.isin(land.parcel_id, list(building))[land.uses.parcel] if len(used) else np.zeros(0, dtype=bool)
    )
    total = len(land.firm_id)
    figures = {name: land.figures[keep, n] for n, name in enumerate(RETURNED)}
    figures[LAND] = m2_to_mu_array(tally(land.uses.firm, used, total))[keep]
    figures[BUILDING] = m2_to_mu_array(tally(land.uses.firm, np.where(in_building, used, 0.0), total))[keep]
    place = {firm: n for n, firm in enumerate(firms["id"].tolist())}
    maps, heads = _facts(found.definition, facts, place, figures, size)
    maps["parcels"] = _parcels(land, used, place)
    used_by = {LAND: f"占用记录（{on}）"}
    maps["sources"] = [
        {"return": source} | used_by | known
        for source, known in zip(firms["source"].tolist(), maps["sources"], strict=True)
    ]
    texts = {name: firms[name].tolist() for name in FIRM_TYPES if name in TEXTS}
    texts["head"] = [""] * size
    for n, head in heads.items():
        texts["head"][n] = texts["uscc"][head]
    return frozen(
        county=county.code,
        year=year,
        on=on.isoformat(),
        definition=found.sha256,
        texts=texts,
        above_scale=firms["above_scale"].tolist(),
        returned=land.returned[keep].tolist(),
        figures=figures,
        maps=maps,
    )


def _in_land(facts: list[tuple[Any, ...]], land: Land) -> None:
    """A head that neither returned nor uses anything would take its members out of the evaluation."""
    known = set(land.firm_id.tolist())
    for enterprise, kind, _, _, head, _ in facts:
        if kind == "merged" and enterprise in known and head not in known:
            raise Conflict(
                "合并评价的牵头企业当年既无年度报表也无用地。",
                remedy="请在评价事项中改正牵头企业，或补录其数据。",
            )


def _facts(
    definition: Definition,
    rows: list[tuple[Any, ...]],
    place: dict[int, int],
    figures: dict[str, Any],
    size: int,
) -> tuple[dict[str, list[dict[str, Any]]], dict[int, int]]:
    """What officers entered, as maps; the scheme's own figures become columns."""
    maps: dict[str, list[dict[str, Any]]] = {
        name: [{} for _ in range(size)]
        for name in ("adjustments", "vetoes", "exemptions", "sources", "parcels")
    }
    for figure in definition.figures:
        figures[figure.code] = np.full(size, np.nan)
    heads: dict[int, int] = {}
    into = {"adjustment": "adjustments", "veto": "vetoes", "exemption": "exemptions"}
    for enterprise, kind, code, amount, head, basis in rows:
        at = place.get(enterprise)
        if at is None:
            continue
        if kind == "merged":
            heads[at] = place[head]
        elif kind == "figure":
            if code in figures and code not in RETURNED:
                figures[code][at] = amount
                maps["sources"][at][code] = basis
        else:
            maps[into[kind]][at][code] = amount if kind == "adjustment" else basis
            maps["sources"][at][f"{kind}:{code}"] = basis
    return maps, heads


def _parcels(land: Land, used: Any, place: dict[int, int]) -> list[dict[str, float]]:
    """Each firm's parcels with the 亩 that it uses on each."""
    found: list[dict[str, float]] = [{} for _ in place]
    ids = land.firm_id.tolist()
    for firm, parcel, mu in zip(
        land.uses.firm.tolist(), land.uses.parcel.tolist(), m2_to_mu_array(used).tolist(), strict=True
    ):
        at = place.get(ids[firm])
        if at is not None:
            code = land.parcel_code[parcel]
            found[at][code] = found[at].get(code, 0.0) + mu
    return found
