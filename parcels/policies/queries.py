"""The versions of policy tables, and the firms that a version affects by their final grades.

Refuses grades that aren't final, and the firms of other towns than the actor's.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from landgis.access.queries import Actor, territory_sql
from landgis.access.rules import VIEW_MAP
from landgis.counties.models import County
from landgis.lib.columns import read_rows
from landgis.lib.errors import NotFound
from parcels.enterprises.years import firms_of_year
from parcels.grading.finals import final_years
from parcels.policies.models import PolicyRate, PolicyTable
from parcels.policies.rules import INSTRUMENTS, Rate

# Firms of the final results with the rate of their grade: that of the longest industry code that theirs of the year begins
# with. A firm that two schemes graded counts by the newer run (`place` 0 is the newest).
AFFECTED = """
SELECT s.table_id, s.uscc, s.name, s.town_code, w.name AS town, s.class_name, e.industry_code, s.grade,
       r.industry, r.kind, r.value, r.unit, r.note
  FROM (SELECT DISTINCT ON (t.id, g.uscc) t.id AS table_id, t.year, g.*
          FROM unnest(%(tables)s::bigint[], %(years)s::int[], %(results)s::bigint[], %(places)s::int[])
            AS t (id, year, result_id, place)
          JOIN grading_score g ON g.result_id = t.result_id AND g.grade <> ''
         ORDER BY t.id, g.uscc, t.place) AS s
  LEFT JOIN LATERAL {firms} e ON e.county_id = s.county_id AND e.uscc = s.uscc
  LEFT JOIN counties_town w ON w.county_id = s.county_id AND w.code = s.town_code
  JOIN LATERAL (
       SELECT r.industry, r.kind, r.value, r.unit, r.note FROM policies_rate r
        WHERE r.table_id = s.table_id AND r.grade = s.grade
          AND (r.industry = '' OR starts_with(ltrim(coalesce(e.industry_code, ''), 'ABCDEFGHIJKLMNOPQRST'), r.industry))
        ORDER BY length(r.industry) DESC LIMIT 1) AS r ON true
 WHERE {territory}
"""
LISTED = AFFECTED + " ORDER BY s.grade_place DESC NULLS LAST, s.town_code, s.uscc"
COUNTED = "SELECT table_id, count(*) FROM (" + AFFECTED + ") AS a GROUP BY table_id"


@dataclass(frozen=True, slots=True)
class Affected:
    """A firm with the rate that it has of a table."""

    uscc: str
    name: str
    town_code: str
    town: str
    class_name: str
    industry_code: str
    grade: str
    rate: Rate


@dataclass(frozen=True, slots=True)
class TableRow:
    """The version of an instrument's table that stands; `firms` None where the year has no final grades."""

    table: PolicyTable
    rates: list[Rate]
    firms: int | None

    @property
    def title(self) -> str:
        return INSTRUMENTS[self.table.instrument]


def versions(county: County) -> QuerySet[PolicyTable]:
    return PolicyTable.objects.filter(county=county).order_by("-year", "instrument", "-seq")


def table_of(actor: Actor, pk: int) -> PolicyTable:
    actor.require(VIEW_MAP)
    found = PolicyTable.objects.filter(county_id=actor.county_code, pk=pk).first()
    if found is None:
        raise NotFound("没有这一版政策表。", remedy="请在差别化政策页选择。")
    return found


def newest(county: County, instrument: str, year: int) -> PolicyTable | None:
    return versions(county).filter(instrument=instrument, year=year).first()


def tables(county: County, actor: Actor, on: date) -> list[TableRow]:
    """What stands of each instrument and year, with how many firms of the territory it affects (six statements)."""
    actor.require(VIEW_MAP)
    found = list(versions(county).distinct("year", "instrument"))
    rates = rates_of([table.pk for table in found])
    results = _results(county, {table.year for table in found}, on)
    graded = [table for table in found if table.year in results]
    counts = dict(_rows(COUNTED, actor, graded, results))
    return [
        TableRow(table, rates[table.pk], counts.get(table.pk, 0) if table.year in results else None)
        for table in found
    ]


def rates_of(table_ids: Collection[int]) -> dict[int, list[Rate]]:
    made: dict[int, list[Rate]] = {pk: [] for pk in table_ids}
    for row in PolicyRate.objects.filter(table_id__in=table_ids).order_by("pk"):
        made[row.table_id].append(Rate(row.grade, row.kind, row.value, row.unit, row.industry, row.note))
    return made


def affected(county: County, actor: Actor, table: PolicyTable, on: date) -> list[Affected] | None:
    """The firms of the territory that a version affects, the last grades first; None where the year isn't final."""
    actor.require(VIEW_MAP)
    results = _results(county, {table.year}, on)
    if table.year not in results:
        return None
    return [
        Affected(
            uscc,
            name,
            town_code,
            town or "",
            group,
            industry_code or "",
            grade,
            Rate(grade, kind, value, unit, industry, note),
        )
        for _id, uscc, name, town_code, town, group, industry_code, grade, industry, kind, value, unit, note in _rows(
            LISTED, actor, [table], results
        )
    ]


def grades_of(county: County, year: int, on: date) -> tuple[str, ...]:
    """The grades of the year's final schemes; none where nothing is final."""
    found = final_years(county, [year], on, usccs=())
    orders = [result.order for result in found[year].results] if year in found else []
    return tuple(dict.fromkeys(grade for order in orders for grade in order))


def _results(county: County, years: Collection[int], on: date) -> dict[int, list[int]]:
    """Year → its final results, the newest first."""
    finals = final_years(county, years, on, usccs=())
    return {year: [result.result_id for result in final.results] for year, final in finals.items()}


def _rows(
    statement: str, actor: Actor, found: Collection[PolicyTable], results: dict[int, list[int]]
) -> list[Any]:
    limit, values = territory_sql(actor, alias="s")
    pairs = [
        (table.pk, table.year, pk, place) for table in found for place, pk in enumerate(results[table.year])
    ]
    names = ("tables", "years", "results", "places")
    told: dict[str, Any] = {name: [pair[n] for pair in pairs] for n, name in enumerate(names)} | values
    return read_rows(statement.format(territory=limit, firms=firms_of_year("s.year")), told)
