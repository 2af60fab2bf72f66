"""Reading returns: figures with their sources, doubts that nobody has settled, rows without a firm, energy as series.

Refuses a statement a firm: a year's doubts are found by one. What one firm returned is for those cleared for it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np
from django.db.models import Max, QuerySet
from django.utils import timezone
from numpy.typing import NDArray

from landgis.access.queries import Actor, territory_sql
from landgis.access.rules import VIEW_FIRM_FIGURES
from landgis.audit.kept import kept
from landgis.counties.models import County
from landgis.counties.queries import parameters
from landgis.lib.columns import read_rows
from parcels.cadastre.queries import in_force
from parcels.enterprises.models import AnnualReturn, Enterprise, Occupancy
from parcels.enterprises.years import firms_of_year
from parcels.returns.models import EnergyMonth, ReturnRow
from parcels.returns.rules import DOUBTS, FIELDS, SIGNALS, Candidate, Idleness, Names, hints

_UNPIVOTED = ", ".join(f"('{name}', r.{name}::numeric, b.{name}::numeric)" for name in FIELDS)
# Every figure of the year beside last year's, and each kind of doubt about it; those with a decision on the same figure
# against the same thing are settled. The limits come as arrays.
#
# A first year has no last one: its energy and emissions are held, per 万元 of revenue (or of value added), against the median
# of the firms of the same division of industry in the whole county, or of all firms where the division has too few. Read once:
# folded into the one place that names it, it would be worked out anew for every such figure.
DOUBTFUL = f"""
WITH firm AS (
    SELECT e.id FROM enterprises_enterprise e WHERE {{territory}}
       AND (%(firm)s::bigint IS NULL OR e.id = %(firm)s)),
figure AS (
    SELECT r.enterprise_id, v.field, v.value, v.before
      FROM enterprises_annualreturn r
      JOIN firm ON firm.id = r.enterprise_id
      LEFT JOIN enterprises_annualreturn b ON b.enterprise_id = r.enterprise_id AND b.year = r.year - 1
     CROSS JOIN LATERAL (VALUES {_UNPIVOTED}) AS v (field, value, before)
     WHERE r.year = %(year)s AND v.value IS NOT NULL),
scaled AS (
    SELECT f.*, f.value / f.before AS ratio,
           EXISTS (SELECT FROM unnest(%(factors)s::numeric[]) AS u (factor)
                    WHERE f.value / f.before BETWEEN u.factor * (1 - %(band)s) AND u.factor * (1 + %(band)s)
                       OR f.before / nullif(f.value, 0) BETWEEN u.factor * (1 - %(band)s) AND u.factor * (1 + %(band)s)
                  ) AS by_factor
      FROM figure f WHERE f.before > 0 AND f.value >= 0),
intensity AS (
    SELECT r.enterprise_id, v.field, v.value, v.before, v.value / b.base AS per,
           left(ltrim(e.industry_code, 'ABCDEFGHIJKLMNOPQRST'), 2) AS division
      FROM enterprises_annualreturn r
      JOIN {firms_of_year()} e ON e.id = r.enterprise_id AND e.county_id = %(county)s
      LEFT JOIN enterprises_annualreturn o ON o.enterprise_id = r.enterprise_id AND o.year = r.year - 1
     CROSS JOIN LATERAL (SELECT coalesce(nullif(r.revenue_wan, 0), nullif(r.value_added_wan, 0))::numeric AS base) AS b
     CROSS JOIN LATERAL (VALUES ('energy_tce', r.energy_tce::numeric, o.energy_tce::numeric),
                                ('emission_t', r.emission_t::numeric, o.emission_t::numeric)) AS v (field, value, before)
     WHERE r.year = %(year)s AND v.value > 0 AND b.base > 0),
median AS MATERIALIZED (
    SELECT field, CASE WHEN grouping(division) = 0 THEN division END AS division, count(*) AS firms,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY per::float8)::numeric AS per
      FROM intensity GROUP BY GROUPING SETS ((field, division), (field))),
doubt AS (
    SELECT i.enterprise_id, i.field, i.value, 'median' AS kind,
           '行业 ' || coalesce(m.division, '全部') || ' 中位数的 ' || %(median)s::int || ' 倍' AS against
      FROM intensity i JOIN firm ON firm.id = i.enterprise_id
      JOIN LATERAL (SELECT m.division, m.per FROM median m
                     WHERE m.field = i.field AND (m.division = i.division OR m.division IS NULL) AND m.firms >= %(fewest)s
                     ORDER BY m.division IS NULL LIMIT 1) AS m ON m.per > 0
     WHERE i.before IS NULL AND (i.per >= m.per * %(median)s OR i.per * %(median)s <= m.per)
     UNION ALL
    SELECT enterprise_id, field, value, 'negative', '' FROM figure WHERE value < 0
     UNION ALL
    SELECT enterprise_id, field, value, CASE WHEN by_factor THEN 'unit' ELSE 'jump' END,
           '上年 ' || trim_scale(before)::text
      FROM scaled WHERE by_factor OR ratio >= %(jump)s OR ratio <= 1 / %(jump)s::numeric
     UNION ALL
    SELECT a.enterprise_id, a.field, a.value, 'ratio', l.under || ' ' || trim_scale(d.value)::text
      FROM unnest(%(over)s::text[], %(under)s::text[], %(most)s::numeric[]) AS l (over, under, most)
      JOIN figure a ON a.field = l.over
      JOIN figure d ON d.enterprise_id = a.enterprise_id AND d.field = l.under
     WHERE d.value > 0 AND a.value / d.value > l.most
     UNION ALL
    SELECT f.enterprise_id, f.field, f.value, 'contradiction',
           string_agg(g.authority || ' ' || trim_scale(g.value)::text, '；' ORDER BY g.authority)
      FROM figure f
      JOIN returns_figure g ON g.enterprise_id = f.enterprise_id AND g.year = %(year)s AND g.field = f.field
     GROUP BY f.enterprise_id, f.field, f.value
    HAVING bool_or(abs(g.value - f.value) > %(differs)s * greatest(abs(g.value), abs(f.value))))
SELECT e.id, e.uscc, e.name, e.town_code, d.field, d.value, d.kind, d.against
  FROM doubt d JOIN enterprises_enterprise e ON e.id = d.enterprise_id
 WHERE NOT EXISTS (SELECT FROM returns_decision s
                    WHERE s.enterprise_id = d.enterprise_id AND s.year = %(year)s AND s.field = d.field
                      AND s.doubt = d.kind AND s.value = d.value AND s.against = d.against)
 ORDER BY e.name, e.id, d.field, d.kind"""
FIGURES = f"""
SELECT e.id, e.uscc, e.name, e.town_code, {", ".join(f"r.{name}" for name in FIELDS)}, r.source,
       coalesce(g.sources, '{{{{}}}}'::jsonb)
  FROM enterprises_enterprise e
  JOIN enterprises_annualreturn r ON r.enterprise_id = e.id AND r.year = %(year)s
  LEFT JOIN LATERAL (
       SELECT jsonb_object_agg(s.field, s.authorities) AS sources
         FROM (SELECT f.field, jsonb_agg(f.authority ORDER BY f.authority) AS authorities FROM returns_figure f
                WHERE f.enterprise_id = e.id AND f.year = %(year)s GROUP BY f.field) AS s) AS g ON true
 WHERE {{territory}}
   AND (%(q)s = '' OR e.name ILIKE '%%' || %(q)s || '%%' OR e.uscc ILIKE '%%' || %(q)s || '%%')
   AND (%(source)s = '' OR EXISTS (SELECT FROM returns_figure f WHERE f.enterprise_id = e.id AND f.year = %(year)s
                                      AND f.authority = %(source)s))
 ORDER BY e.name, e.id"""
SERIES = """
SELECT m.enterprise_id, m.month, m.electricity_kwh::float8, m.water_m3::float8, m.gas_m3::float8
  FROM returns_energy_month m JOIN enterprises_enterprise e ON e.id = m.enterprise_id
 WHERE {territory}
   AND (%(firms)s::bigint[] IS NULL OR m.enterprise_id = ANY(%(firms)s))
   AND m.month > (%(month)s::date - interval '25 months') AND m.month <= %(month)s
"""
MONTHS = 25  # the newest month with the same month of the two years before


class Doubt(NamedTuple):
    """A figure that somebody has to confirm or correct; `against` is what it was held against."""

    firm_id: int
    uscc: str
    firm: str
    town_code: str
    field: str
    value: Decimal
    kind: str
    against: str

    @property
    def title(self) -> str:
        return DOUBTS[self.kind]

    @property
    def shown(self) -> str:
        return shown(self.value)

    @property
    def field_title(self) -> str:
        return "（".join(FIELDS[self.field]) + "）"

    @property
    def told(self) -> str:
        """What it was held against, with the figure's own name where it is one of the return's."""
        code, _, rest = self.against.partition(" ")
        return f"{FIELDS[code][0]} {rest}" if code in FIELDS else self.against


class Returned(NamedTuple):
    """A firm's figures of a year; `sources` names the authorities of each figure, `source` the file where none is known."""

    firm_id: int
    uscc: str
    firm: str
    town_code: str
    tax_wan: Decimal | None
    value_added_wan: Decimal | None
    revenue_wan: Decimal | None
    employees: Decimal | None
    energy_tce: Decimal | None
    emission_t: Decimal | None
    rd_wan: Decimal | None
    source: str
    sources: dict[str, list[str]]

    @property
    def cells(self) -> list[tuple[str, str]]:
        """Each figure as it is shown ("" = unknown), and the authorities that gave it."""
        return [(shown(getattr(self, name)), "、".join(self.sources.get(name, []))) for name in FIELDS]

    @property
    def lacks(self) -> bool:
        return any(getattr(self, name) is None for name in FIELDS)


def shown(value: Decimal | float | None) -> str:
    """A figure with its thousands apart and no noughts behind; "" where it is unknown."""
    return "" if value is None else f"{Decimal(str(value)).normalize():,f}"


def doubts(county: County, actor: Actor, year: int, firm_id: int | None = None) -> list[Doubt]:
    """What nobody has settled yet of a year's figures; of a whole year kept until something changes."""
    actor.require(VIEW_FIRM_FIGURES)
    if firm_id is None:
        key = (county.code, actor.town_codes, year)
        return list(kept("return_doubts", key, lambda: _doubts(county, actor, year, None)))
    return _doubts(county, actor, year, firm_id)


def _doubts(county: County, actor: Actor, year: int, firm_id: int | None) -> list[Doubt]:
    held = parameters(county, date(year, 12, 31))
    ratios = list(held["returns.ratio_limits"])
    territory, values = territory_sql(actor, alias="e")
    rows = read_rows(
        DOUBTFUL.format(territory=territory),
        {
            **values,
            "year": year,
            "firm": firm_id,
            "factors": [Decimal(str(factor)) for factor in held["returns.unit_factors"]],
            "band": Decimal(str(held["returns.unit_factor_band"])),
            "jump": Decimal(str(held["returns.jump_ratio"])),
            "over": [limit["over"] for limit in ratios],
            "under": [limit["under"] for limit in ratios],
            "most": [Decimal(str(limit["most"])) for limit in ratios],
            "county": county.code,
            "median": int(held["returns.class_median_ratio"]),
            "fewest": int(held["returns.class_fewest"]),
            "differs": Decimal(str(held["returns.contradiction_ratio"])),
        },
    )
    return [Doubt(*row) for row in rows]


def figures(county: County, actor: Actor, year: int, *, q: str = "", source: str = "") -> list[Returned]:
    """The figures of a year's firms with where each came from."""
    actor.require(VIEW_FIRM_FIGURES)
    territory, values = territory_sql(actor, alias="e")
    asked = {**values, "year": year, "q": q, "source": source}
    return [Returned(*row) for row in read_rows(FIGURES.format(territory=territory), asked)]


def open_rows(county: County, year: int | None = None) -> QuerySet[ReturnRow]:
    """Delivered rows that no firm was found for yet."""
    rows = ReturnRow.objects.filter(delivery__county=county, state="open").select_related("delivery")
    return (rows if year is None else rows.filter(year=year)).order_by("name", "id")


def candidates(county: County, rows: Sequence[ReturnRow]) -> dict[int, list[tuple[Candidate, str, str]]]:
    """For each row the firms whose names are like its own, with name and USCC, the likest first."""
    least = float(parameters(county, timezone.localdate())["returns.name_similarity"])
    if not rows:
        return {}
    names, told = kept("firm_names", county.code, lambda: _names(county))
    return {row.pk: [(item, *told[item.firm_id]) for item in names.like(row.name, least)] for row in rows}


def _names(county: County) -> tuple[Names, dict[int, tuple[str, str]]]:
    firms = list(Enterprise.objects.filter(county=county).order_by("id").values_list("id", "name", "uscc"))
    names = Names([pk for pk, _, _ in firms], [name for _, name, _ in firms])
    return names, {pk: (name, uscc) for pk, name, uscc in firms}


def newest_return_year(county: County) -> int:
    """The year to show: the newest with returns, else last year."""
    found = AnnualReturn.objects.filter(county=county).aggregate(year=Max("year"))["year"]
    return int(found or timezone.localdate().year - 1)


@dataclass(frozen=True, slots=True)
class Series:
    """A firm's months up to the one asked for, oldest first, and what its electricity, water and gas hint at."""

    firm_id: int
    uscc: str
    firm: str
    town_code: str
    kwh: tuple[float | None, ...]
    water_m3: tuple[float | None, ...]
    gas_m3: tuple[float | None, ...]
    signals: tuple[str, ...]

    @property
    def signal_titles(self) -> list[str]:
        return [SIGNALS[code] for code in self.signals]

    @property
    def change(self) -> float | None:
        """This month's electricity against the same month last year, as a share."""
        now, then = self.kwh[-1], self.kwh[-13]
        return None if now is None or not then else now / then - 1


def newest_month(county: County) -> date | None:
    month: date | None = EnergyMonth.objects.filter(county=county).aggregate(month=Max("month"))["month"]
    return month


def energy(
    county: County, actor: Actor, month: date, firm_ids: Collection[int] | None = None
) -> list[Series]:
    """The series of every firm, or of those named, up to a month, those with signals first.

    Those of all firms are kept until something changes.
    """
    actor.require(VIEW_FIRM_FIGURES)
    if firm_ids is not None:
        return _energy(county, actor, month, firm_ids)
    key = (county.code, actor.town_codes, month)
    return list(kept("energy_series", key, lambda: _energy(county, actor, month, None)))


def _energy(county: County, actor: Actor, month: date, firm_ids: Collection[int] | None) -> list[Series]:
    held = parameters(county, month)
    limits = Idleness(
        float(held["energy.drop_ratio"]),
        float(held["energy.stop_kwh"]),
        int(held["energy.stop_months"]),
        int(held["energy.late_months"]),
        float(held["energy.stop_water_m3"]),
        float(held["energy.stop_gas_m3"]),
    )
    territory, values = territory_sql(actor, alias="e")
    rows = read_rows(
        SERIES.format(territory=territory),
        {**values, "month": month, "firms": None if firm_ids is None else list(firm_ids)},
    )
    ids = sorted({row[0] for row in rows})
    place = {pk: at for at, pk in enumerate(ids)}
    grids = [np.full((len(ids), MONTHS), np.nan) for _ in range(3)]
    for pk, on, *used in rows:
        back = (month.year - on.year) * 12 + month.month - on.month
        for grid, value in zip(grids, used, strict=True):
            grid[place[pk], MONTHS - 1 - back] = np.nan if value is None else value
    hinted = hints(grids[0], grids[1], grids[2], limits)
    firms: Mapping[int, Any] = {
        pk: told
        for pk, *told in Enterprise.objects.filter(id__in=ids).values_list("id", "uscc", "name", "town_code")
    }
    found = [
        Series(
            firm_id=pk,
            uscc=firms[pk][0],
            firm=firms[pk][1],
            town_code=firms[pk][2],
            kwh=_values(grids[0][at]),
            water_m3=_values(grids[1][at]),
            gas_m3=_values(grids[2][at]),
            signals=tuple(code for code, hit in hinted.items() if hit[at]),
        )
        for at, pk in enumerate(ids)
    ]
    return sorted(
        found, key=lambda item: (not item.signals, "stop" not in item.signals, item.firm, item.firm_id)
    )


def hints_of_firms(county: County, actor: Actor, firm_ids: Collection[int]) -> dict[int, list[str]]:
    """Firm → the titles of what its newest months hint at; nothing for who isn't cleared for firms' figures."""
    month = newest_month(county) if firm_ids and actor.may(VIEW_FIRM_FIGURES) else None
    if month is None:
        return {}
    return {
        item.firm_id: item.signal_titles for item in energy(county, actor, month, firm_ids) if item.signals
    }


def hints_of_parcels(
    county: County, actor: Actor, parcel_ids: Collection[int], on: date
) -> dict[int, list[str]]:
    """Parcel → what the newest months of the firms on it hint at, as "firm：hint"; a hint is never a finding."""
    uses = Occupancy.objects.filter(in_force(on), county=county, parcel_id__in=list(parcel_ids))
    rows = list(
        uses.order_by("parcel_id", "enterprise__name")
        .values_list("parcel_id", "enterprise_id", "enterprise__name")
        .distinct()
    )
    by_firm = hints_of_firms(county, actor, {firm_id for _, firm_id, _ in rows})
    found: dict[int, list[str]] = {}
    for parcel_id, firm_id, name in rows:
        if firm_id in by_firm:
            found.setdefault(parcel_id, []).append(f"{name}：{'、'.join(by_firm[firm_id])}")
    return found


def _values(row: NDArray[np.float64]) -> tuple[float | None, ...]:
    return tuple(None if np.isnan(value) else float(value) for value in row)
