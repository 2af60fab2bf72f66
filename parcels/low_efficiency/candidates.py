"""Gathering the facts of all firms of a county for a year, and what the rules say of them, in a fixed number of statements.

Refuses evaluations that aren't final, and a plan's path or a cluster that nobody confirmed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from landgis.counties.models import County
from landgis.counties.queries import parameters
from landgis.lib.columns import read_rows
from parcels.clusters.rules import PURCHASE
from parcels.enterprises.models import Enterprise
from parcels.enterprises.years import of_year
from parcels.evaluation.apportion import as_groups
from parcels.evaluation.land import Land, land_of_firms
from parcels.evaluation.rules import RETURNED
from parcels.grading.finals import FinalYear, final_years
from parcels.low_efficiency.procedure import CLOSED, REVERSAL, SHUT
from parcels.low_efficiency.rules import Facts, Judged, Limits, judge
from parcels.plans.queries import entries_of
from parcels.plans.rules import CLOSING, REOPENING, effective

# Parcels of confirmed clusters that are to be bought (收储), on a day.
SCALE_CODES = {None: -1, False: 0, True: 1}
BOUGHT = """
SELECT unnest(parcel_codes), cluster_no FROM clusters_cluster
 WHERE county_id = %(county)s AND way = %(way)s AND confirmed_on <= %(on)s AND (valid_to IS NULL OR valid_to > %(on)s)
 ORDER BY cluster_no
"""
# Plans in force on a day whose path is to take the land back, with the parcel or firm that they are made for.
TAKEN_BACK = """
SELECT p.id, p.plan_no, coalesce(p.parcel_id, c.parcel_id, s.parcel_id), p.enterprise_id
  FROM plan_plan p
  JOIN LATERAL (SELECT v.paths FROM plan_version v WHERE v.plan_id = p.id AND v."on" <= %(on)s
                 ORDER BY v.seq DESC LIMIT 1) AS v ON v.paths && %(paths)s::varchar[]
  LEFT JOIN disposal_case c ON c.id = p.case_id
  LEFT JOIN supply_phase f ON f.id = p.phase_id
  LEFT JOIN supply_contract s ON s.id = f.contract_id
 WHERE p.county_id = %(county)s
 ORDER BY p.plan_no
"""
# When a firm's file was last ended (closed or shut) and not reopened.
ENDED = """
SELECT e.uscc, s."on"
  FROM low_efficiency_file f
  JOIN enterprises_enterprise e ON e.id = f.enterprise_id
  JOIN LATERAL (SELECT s.kind, s."on" FROM low_efficiency_step s
                 WHERE s.file_id = f.id AND s."on" <= %(on)s AND s.kind NOT IN (%(reversal)s, 'looked_back', 'reclassified')
                   AND NOT EXISTS (SELECT FROM low_efficiency_step r WHERE r.reverses_id = s.id)
                 ORDER BY s.seq DESC LIMIT 1) AS s ON s.kind IN (%(closed)s, %(shut)s)
 WHERE f.county_id = %(county)s
"""


@dataclass(frozen=True, slots=True)
class Candidates:
    """What the rules said of every firm; the arrays of `judged` and `facts` have a place for each of `firms`."""

    data_year: int
    on: date
    limits: Limits
    firms: list[Enterprise]
    facts: Facts
    judged: Judged
    grades: dict[int, FinalYear]


def limits_on(county: County, on: date) -> Limits:
    stated = parameters(county, on)
    return Limits(
        rule_version=str(stated["low_efficiency.rule_version"]),
        industries=frozenset(stated["low_efficiency.industries"]),
        min_land_mu=float(stated["evaluation.min_land_mu"]),
        last_grade_years=int(stated["low_efficiency.last_grade_years"]),
        unremedied_years=int(stated["low_efficiency.unremedied_years"]),
        energy_tce_min=float(stated["low_efficiency.energy_tce_min"]),
        energy_per_value_added_min=float(stated["low_efficiency.energy_per_value_added_min"]),
    )


def find_candidates(county: County, data_year: int, on: date) -> Candidates:
    """Every firm of the county by the rules of the day `on` and the figures of a year; a group stands under its head."""
    limits = limits_on(county, on)
    firms = list(Enterprise.objects.filter(county=county).order_by("uscc"))
    known = of_year(county, data_year)
    land = land_of_firms(county, data_year)
    figures, land_m2 = _of_groups(land)
    back = max(limits.last_grade_years, limits.unremedied_years + 1)
    grades = final_years(county, range(data_year - back + 1, data_year + 1), on)
    place = {number: n for n, number in enumerate(land.firm_id.tolist())}
    at = np.array([place.get(firm.pk, -1) for firm in firms], dtype=np.int64)
    reposs = _repossession(county, on, land)
    uscc = tuple(firm.uscc for firm in firms)
    last_years, missing = _years_in_last(uscc, grades, data_year, limits.last_grade_years)
    facts = Facts(
        uscc=uscc,
        industry=tuple(known[firm.pk].industry_code for firm in firms),
        above_scale=np.array([SCALE_CODES[known[firm.pk].above_scale] for firm in firms], dtype=np.int8),
        land_m2=_of_firms(land_m2, at),
        energy_tce=_of_firms(figures[:, RETURNED.index("energy_tce")], at),
        value_added_wan=_of_firms(figures[:, RETURNED.index("value_added_wan")], at),
        last_years=last_years,
        untold=missing,
        repossession=tuple(reposs.get(firm.pk, "") for firm in firms),
        remedies=_unremedied(county, on, uscc, grades, data_year, limits.unremedied_years),
        evaluated_with=_heads(firms, land),
    )
    last = (
        "、".join(dict.fromkeys(one.last for one in grades[data_year].results)) if data_year in grades else ""
    )
    return Candidates(data_year, on, limits, firms, facts, judge(facts, limits, last), grades)


def _of_groups(land: Land) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Figures and ㎡ by the places of the land's firms, a head's with its group's; others keep their own to be shown.

    A figure that a member left out makes the group's unknown, as it does in the evaluation.
    """
    place = {number: n for n, number in enumerate(land.firm_id.tolist())}
    group = np.array(
        [place[land.heads[n].id] if n in land.heads else at for n, at in place.items()], dtype=np.intp
    )
    whole = as_groups(land.figures, land.returned, group, len(group))
    own_m2 = np.bincount(land.uses.firm, land.uses.net_m2, len(group)).astype(np.float64)
    leads = np.bincount(group, minlength=len(group)) > 0
    figures = np.where(leads[:, None], np.where(whole.whole, whole.figures, np.nan), land.figures)
    return figures, np.where(leads, np.bincount(group, own_m2, len(group)), own_m2)


def _heads(firms: list[Enterprise], land: Land) -> tuple[str, ...]:
    """The name of whom each firm is evaluated with, empty where it stands for itself."""
    names = {firm.pk: firm.name for firm in firms}
    return tuple(names.get(land.heads[firm.pk].id, "") if firm.pk in land.heads else "" for firm in firms)


def _of_firms(values: NDArray[np.float64], at: NDArray[np.int64]) -> NDArray[np.float64]:
    """Values by the places of the land's firms, as those of all firms; NaN where a firm isn't among them."""
    return np.append(values, np.nan)[at]


def _years_in_last(
    uscc: tuple[str, ...], grades: dict[int, FinalYear], data_year: int, needed: int
) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """How many years in a row, from the list's year backwards, a firm had the last grade; and what is missing to tell it.

    A year is missing for a firm where nothing final has it, nor is the scheme final that graded it in the list's year.
    """
    running = dict.fromkeys(uscc, 0)
    count, missing = dict.fromkeys(uscc, 0), dict.fromkeys(uscc, "")
    newest = grades.get(data_year)
    for year in range(data_year, min(grades, default=data_year) - 2, -1):
        final = grades.get(year)
        last = final.in_last() if final else {}
        for firm in list(running):
            own = newest.result_of(firm) if newest else None
            if firm in last:
                count[firm] += 1
                continue
            told = final is not None and (
                own is None or year == data_year or final.tells(firm, own.scheme_id)
            )
            if not told and count[firm] < needed:
                missing[firm] = f"缺少 {year} 年定稿的评价"
            del running[firm]
    return np.array([count[firm] for firm in uscc], dtype=np.int64), tuple(missing[firm] for firm in uscc)


def _unremedied(
    county: County, on: date, uscc: tuple[str, ...], grades: dict[int, FinalYear], data_year: int, years: int
) -> tuple[str, ...]:
    """Firms that had the last grade in one of the years before, and weren't struck off since that year's end."""
    told = {"county": county.code, "on": on, "reversal": REVERSAL, "closed": CLOSED, "shut": SHUT}
    ended = dict(read_rows(ENDED, told))
    found: dict[str, str] = {}
    for year in range(data_year - years, data_year):  # the latest year's words stay
        for firm, last in (grades[year].in_last() if year in grades else {}).items():
            done = ended.get(firm)
            if done is None or done <= date(year, 12, 31):
                found[firm] = f"{year} 年评价为末档（{last}），此后没有完成整治销号"
    return tuple(found.get(firm, "") for firm in uscc)


def _repossession(county: County, on: date, land: Land) -> dict[int, str]:
    """Firm → what of its land is to be taken back, by confirmed clusters and by plans that aren't closed."""
    wanted = {"county": county.code, "on": on, "way": PURCHASE}
    by_parcel: dict[int, str] = {}
    number_of = dict(zip(land.parcel_code, land.parcel_id.tolist(), strict=True))
    for code, cluster in read_rows(BOUGHT, wanted):
        if code in number_of:
            by_parcel[number_of[code]] = f"用地在收储连片 {cluster} 内"
    paths = list(parameters(county, on)["low_efficiency.repossession_paths"])
    plans = read_rows(TAKEN_BACK, {"county": county.code, "on": on, "paths": paths})
    closed = _closed_plans([row[0] for row in plans], on)
    by_firm: dict[int, str] = {}
    for number, plan_no, parcel, enterprise in plans:
        if number not in closed:
            if enterprise is not None:
                by_firm[enterprise] = f"一企一策方案 {plan_no} 拟收回用地"
            elif parcel is not None:
                by_parcel[parcel] = f"一企一策方案 {plan_no} 拟收回宗地"
    if by_parcel:
        hit = np.isin(land.parcel_id[land.uses.parcel], list(by_parcel))
        pairs = zip(
            land.firm_id[land.uses.firm[hit]].tolist(),
            land.parcel_id[land.uses.parcel[hit]].tolist(),
            strict=True,
        )
        for firm, parcel in pairs:
            by_firm.setdefault(firm, by_parcel[parcel])
    for firm in [firm for firm in by_firm if firm in land.heads]:
        by_firm.setdefault(land.heads[firm].id, by_firm[firm])
    return by_firm


def _closed_plans(numbers: list[int], on: date) -> set[int]:
    found = set()
    for number, entries in entries_of(numbers).items():
        turns = [e for e in effective(e for e in entries if e.on <= on) if e.kind in (CLOSING, REOPENING)]
        if turns and turns[-1].kind == CLOSING:
            found.add(number)
    return found
