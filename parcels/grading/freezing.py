"""Reading a year's firms, their figures, land and facts from the register, and freezing them.

Refuses rows one by one: every table is read whole, and a firm without any land or return isn't in it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from landgis.audit.kept import kept
from landgis.counties.models import County
from landgis.lib.columns import LONG, TEXT, WHOLE, listed, read_columns, read_rows
from landgis.lib.units import m2_to_mu_array
from parcels.enterprises.years import firms_of_year
from parcels.evaluation.apportion import tally
from parcels.evaluation.land import Land, land_of_firms
from parcels.evaluation.rules import LAND, RETURNED, last_day
from parcels.grading.frozen import BUILDING, TEXTS, Frozen, frozen
from parcels.land_use.queries import decided_of_year
from parcels.schemes.definition import Definition
from parcels.schemes.queries import Chosen

FIRMS = f"""
SELECT e.id, e.uscc, e.name, e.town_code, e.industry_code, e.industry_group,
       coalesce(e.above_scale::int, -1), coalesce(e.founded_on::text, ''), coalesce(r.source, ''), e.source
  FROM {firms_of_year()} e
  LEFT JOIN enterprises_annualreturn r ON r.enterprise_id = e.id AND r.year = %(year)s
 WHERE e.county_id = %(county)s AND e.id = ANY(%(firms)s::bigint[])
 ORDER BY e.id
"""
FIRM_TYPES = {"id": LONG, **dict.fromkeys(("uscc", "name", "town_code", "industry_code", "industry_group"), TEXT)} | {
    "above_scale": WHOLE, "founded_on": TEXT, "source": TEXT, "firm": TEXT,
}  # fmt: skip
FACTS = """
SELECT f.enterprise_id, f.kind, f.code, f.amount::float8, f.basis
  FROM grading_fact f
 WHERE f.county_id = %(county)s AND f.year = %(year)s AND f.reverses_id IS NULL
   AND NOT EXISTS (SELECT FROM grading_fact r WHERE r.reverses_id = f.id)
 ORDER BY f.id
"""
# A year of the monthly series counts when every month is there; else it is said which ones aren't.
ELECTRICITY, MONTHS = "electricity_wan_kwh", 12
POWER = """
SELECT m.enterprise_id, (sum(m.electricity_kwh) / 10000)::float8, count(m.electricity_kwh),
       array_agg(extract(month FROM m.month)::int ORDER BY m.month) FILTER (WHERE m.electricity_kwh IS NOT NULL)
  FROM returns_energy_month m
 WHERE m.county_id = %(county)s AND m.month BETWEEN make_date(%(year)s, 1, 1) AND %(on)s
 GROUP BY m.enterprise_id
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
    decided, on = decisions(county, year), last_day(year)
    wanted = {"county": county.code, "year": year, "on": on, "firms": listed(land.firm_id)}
    facts = read_rows(FACTS, wanted)
    firms = read_columns(FIRMS, wanted, FIRM_TYPES)
    building = {
        parcel for (parcel,) in read_rows(BUILDING_PARCELS, wanted | {"parcels": listed(land.parcel_id)})
    }
    size = len(firms["id"])
    # A firm of another county on this county's ground has no place here.
    keep = np.searchsorted(land.firm_id, firms["id"])
    used = land.uses.net_m2
    in_building = (
        np.isin(land.parcel_id, list(building))[land.uses.parcel] if len(used) else np.zeros(0, dtype=bool)
    )
    total = len(land.firm_id)
    figures = {name: land.figures[keep, n] for n, name in enumerate(RETURNED)}
    figures[LAND] = m2_to_mu_array(tally(land.uses.firm, used, total))[keep]
    figures[BUILDING] = m2_to_mu_array(tally(land.uses.firm, np.where(in_building, used, 0.0), total))[keep]
    place = {firm: n for n, firm in enumerate(firms["id"].tolist())}
    maps = _facts(found.definition, facts, place, figures, size)
    if ELECTRICITY in {figure.code for figure in found.definition.figures}:
        _electricity(figures[ELECTRICITY], maps["sources"], place, read_rows(POWER, wanted))
    heads = {place[n]: head for n, head in land.heads.items() if n in place}
    maps["parcels"] = _parcels(land, used, place)
    used_by = {LAND: f"企业用地（{on}）"}
    maps["sources"] = [
        {"return": source, "firm": firm} | used_by | ({"head": heads[n].basis} if n in heads else {}) | known
        for n, (source, firm, known) in enumerate(
            zip(firms["source"].tolist(), firms["firm"].tolist(), maps["sources"], strict=True)
        )
    ]
    texts = {name: firms[name].tolist() for name in FIRM_TYPES if name in TEXTS}
    texts["head"] = [""] * size
    for n, head in heads.items():
        texts["head"][n] = head.uscc
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
        decided=decided,
    )


def decisions(county: County, year: int) -> dict[str, Any]:
    """What was decided of the year's land, as the frozen inputs carry it."""
    return kept("land_decided", (county.code, year), lambda: decided_of_year(county, year))


def _facts(
    definition: Definition,
    rows: list[tuple[Any, ...]],
    place: dict[int, int],
    figures: dict[str, Any],
    size: int,
) -> dict[str, list[dict[str, Any]]]:
    """What officers entered, as maps; the scheme's own figures become columns."""
    maps: dict[str, list[dict[str, Any]]] = {
        name: [{} for _ in range(size)]
        for name in ("adjustments", "vetoes", "exemptions", "sources", "parcels")
    }
    for figure in definition.figures:
        figures[figure.code] = np.full(size, np.nan)
    into = {"adjustment": "adjustments", "veto": "vetoes", "exemption": "exemptions"}
    for enterprise, kind, code, amount, basis in rows:
        at = place.get(enterprise)
        if at is None:
            continue
        if kind == "figure":
            if code in figures and code not in RETURNED:
                figures[code][at] = amount
                maps["sources"][at][code] = basis
        else:
            maps[into[kind]][at][code] = amount if kind == "adjustment" else basis
            maps["sources"][at][f"{kind}:{code}"] = basis
    return maps


def _electricity(
    column: NDArray[np.float64],
    sources: list[dict[str, Any]],
    place: dict[int, int],
    rows: list[tuple[Any, ...]],
) -> None:
    """The year's electricity from its months where no officer entered a figure; what is missing is said beside the firm."""
    series = {place[firm]: told for firm, *told in rows if firm in place}
    for at, said in enumerate(sources):
        if ELECTRICITY in said:
            continue
        wan_kwh, count, months = series.get(at, (None, 0, []))
        if count == MONTHS:
            column[at] = wan_kwh
            said[ELECTRICITY] = "月度用电 12 个月合计"
        elif count:
            lacking = "、".join(str(month) for month in range(1, MONTHS + 1) if month not in months)
            said[ELECTRICITY] = f"缺：月度用电只有 {count} 个月，没有 {lacking} 月"
        else:
            said[ELECTRICITY] = "缺：没有月度用电"


def _parcels(land: Land, used: Any, place: dict[int, int]) -> list[dict[str, float]]:
    """Each firm's parcels with the 亩 that it uses on each."""
    found: list[dict[str, float]] = [{} for _ in place]
    own = [found[place[firm]] if firm in place else None for firm in land.firm_id.tolist()]
    codes = [land.parcel_code[parcel] for parcel in land.uses.parcel.tolist()]
    for firm, code, mu in zip(land.uses.firm.tolist(), codes, m2_to_mu_array(used).tolist(), strict=True):
        mine = own[firm]
        if mine is not None:
            mine[code] = mine[code] + mu if code in mine else mu
    return found
