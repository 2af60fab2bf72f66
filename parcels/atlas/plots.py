"""The figures behind each plot of a year: grades, firms, inequality, towns in order, the distribution.

Refuses anything of one firm to whoever isn't cleared: they get classes of firms, and no marks that would be a firm's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landgis.access.queries import Actor, territory_sql
from landgis.access.rules import VIEW_FIRM_FIGURES, VIEW_MAP
from landgis.counties.models import County
from landgis.counties.queries import parameters
from landgis.lib.columns import read_rows
from landgis.lib.disclosure import Sums, still_shown_beside
from landgis.lib.errors import NotFound
from parcels.atlas import rules
from parcels.atlas.categories import shown_results
from parcels.atlas.queries import TOWN, Asked, Cell, Row, areas, indicator_of, runs_of
from parcels.enterprises.years import firms_of_year
from parcels.evaluation.queries import fewest_firms
from parcels.evaluation.rules import LAND, last_day
from parcels.evaluation.secrecy import DOMINANCE_KEY
from parcels.grading.models import GradingResult, GradingRun
from parcels.grading.tables import Cross, sums_told, table

CLASS, GRADE = "class", "grade"
FIRMS = """
SELECT e.uscc, e.name, coalesce(t.name, e.town_code), e.industry_group,
       v.tax_per_mu_numerator, v.tax_per_mu_denominator, v.{indicator}
  FROM evaluation_value v
  JOIN {firms} e ON e.uscc = v.subject_code AND {territory}
  LEFT JOIN counties_town t ON t.county_id = e.county_id AND t.code = e.town_code
 WHERE v.run_id = %(run)s AND v.scope = 'enterprise'
 ORDER BY e.uscc
"""
GRADES = """
SELECT s.uscc, s.grade FROM grading_score s WHERE s.result_id = %(result)s AND s.grade <> ''
"""


@dataclass(frozen=True, slots=True)
class Firm:
    """A firm of a year; figures that it didn't return are None."""

    uscc: str
    name: str
    town: str
    industry: str
    tax_wan: float | None
    land_mu: float | None
    value: float | None
    grade: str = ""


@dataclass(frozen=True, slots=True)
class Firms:
    """The firms of a year, and the grades that there are, the best first."""

    firms: list[Firm]
    grades: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Curves:
    """Lorenz curves by name, and how many firms they are drawn from; `by_tenths` where no single firm is shown."""

    firms: int
    curves: dict[str, rules.Lorenz]
    by_tenths: bool


@dataclass(frozen=True, slots=True)
class Distribution:
    """A histogram of the firms' own values; marks and mean for those cleared for firms' figures."""

    firms: int
    histogram: rules.Histogram
    quantiles: list[tuple[float, float]] | None


@dataclass(frozen=True, slots=True)
class Ranking:
    """Towns with their places, and the county beside them for whoever may see it."""

    places: list[tuple[int | None, Row]]
    county: Cell | None


def firms_of(county: County, actor: Actor, year: int) -> Firms:
    """The firms of the actor's territory in the newest run of a year, with their grades (a fixed number of statements)."""
    actor.require(VIEW_FIRM_FIGURES)
    found = _firms(county, actor, year, "tax_per_mu")
    result = graded(county, actor, year)
    grades = dict(read_rows(GRADES, {"result": result.pk})) if result else {}
    firms = [
        Firm(uscc, name, town, industry, tax, land, value, grades.get(uscc, ""))
        for uscc, name, town, industry, tax, land, value in found
    ]
    return Firms(firms, tuple(result.document["grade_order"]) if result else ())


def inequality(county: County, actor: Actor, year: int) -> Curves:
    """How evenly tax is raised from land: of all firms, or in tenths of them where single firms may not be shown."""
    actor.require(VIEW_MAP)
    rows = _firms(county, actor, year, "tax_per_mu")
    rows = [row for row in rows if row[4] is not None and row[5]]
    pairs = np.array([row[4:6] for row in rows], dtype=np.float64)
    tax, land = pairs.reshape(-1, 2).T
    if actor.may(VIEW_FIRM_FIGURES):
        one = np.ones(len(tax))
        found = {
            "tax_over_land": rules.lorenz(tax, land),
            "tax": rules.lorenz(tax, one),
            "land": rules.lorenz(land, one),
        }
        shown = {name: rules.thinned(curve) for name, curve in found.items() if curve}
        return Curves(len(tax), shown, by_tenths=False)
    on = last_day(year)
    curve = rules.lorenz_in_tenths(
        tax,
        land,
        fewest=fewest_firms(county, on),
        most=float(parameters(county, on).get(DOMINANCE_KEY, 1)),
    )
    if curve and not _tenths_may_be_told(county, year, [row[0] for row in rows], tax, land):
        curve = None
    return Curves(len(tax), {"tax_over_land": curve} if curve else {}, by_tenths=True)


def distribution(county: County, actor: Actor, year: int, indicator: str) -> Distribution:
    """How many firms have how much of an indicator."""
    actor.require(VIEW_MAP)
    factor = indicator_of(indicator).factor
    rows = _firms(county, actor, year, indicator)
    values: NDArray[np.float64] = (
        np.array([row[6] for row in rows if row[6] is not None], dtype=np.float64) * factor
    )
    if actor.may(VIEW_FIRM_FIGURES):
        return Distribution(len(values), rules.histogram(values), rules.quantiles(values))
    return Distribution(
        len(values), rules.histogram(values, fewest=fewest_firms(county, last_day(year))), None
    )


def ranking(county: County, actor: Actor, year: int, indicator: str) -> Ranking:
    """The actor's towns by an indicator, the highest first; towns without a value that may be told come last."""
    asked = Asked(TOWN, indicator_of(indicator), (year,), runs_of(county, (year,)))
    found = areas(county, actor, asked)
    rows = [row for row in found.rows if row.code]
    values = [row.cells[0].value if row.cells[0] else None for row in rows]
    places = rules.ranked(values)
    order = sorted(range(len(rows)), key=lambda n: (places[n] is None, places[n] or 0, rows[n].code))
    return Ranking([(places[n], rows[n]) for n in order], found.county[0] if found.county else None)


def mosaic(county: County, actor: Actor, year: int) -> tuple[GradingRun, Cross] | None:
    """Groups by grades, with firms and land: of the result that holds, or that was published; None where none may be seen."""
    actor.require_whole_county(VIEW_MAP)
    result = graded(county, actor, year)
    if result is None:
        return None
    run = GradingRun.objects.select_related("scheme_version__scheme").get(inputs__result=result)
    return run, table(county, actor, result, rows=CLASS, columns=GRADE, figure=LAND)


def graded(county: County, actor: Actor, year: int) -> GradingResult | None:
    """The grades of a year: the final ones, else the newest; before their notice only for those cleared."""
    found = shown_results(county, actor).get(year)
    return found[0][0] if found else None


def _tenths_may_be_told(
    county: County, year: int, uscc: list[str], tax: NDArray[np.float64], land: NDArray[np.float64]
) -> bool:
    """Whether each tenth's tax, beside all that is told of the year's tax already, gives nobody away."""
    steps = rules.tenths(tax, land)
    mine = Sums(
        tuple(uscc),
        np.repeat(np.arange(len(steps)), [len(step) for step in steps]),
        np.concatenate(steps),
        np.ones(len(tax)),
        len(steps),
    )
    told = sums_told(county, year, "tax_wan")
    every = np.ones(len(steps), dtype=bool)
    return bool(still_shown_beside(told, mine, every, np.ones(len(steps))).all())


def _firms(county: County, actor: Actor, year: int, indicator: str) -> list[tuple[Any, ...]]:
    [run] = runs_of(county, (year,))
    if run is None:
        raise NotFound(f"{year} 年的指标尚未计算。", remedy="请选择其他年度，或由评价专管员先计算指标。")
    territory, values = territory_sql(actor, alias="e")
    statement = FIRMS.format(
        indicator=indicator_of(indicator).code, territory=territory, firms=firms_of_year()
    )
    return read_rows(statement, {**values, "run": run.pk, "year": year})
