"""What a parcel is of: the grade, or the place on the 高耗低效 list, of the firm that uses most of it in a year.

Refuses figures altogether, a result before its notice to whoever isn't cleared, and what firms of other towns are of.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from landgis.access.queries import Actor, territory_sql
from landgis.access.rules import VIEW_FIRM_FIGURES, VIEW_MAP
from landgis.counties.models import County
from landgis.lib.columns import read_rows
from landgis.lib.errors import InputError
from parcels.atlas.queries import MOST_PARCELS, MOST_YEARS, beside_each_other, too_many
from parcels.grading.models import GradingResult
from parcels.grading.queries import runs_with_state
from parcels.grading.rules import FINAL, NOTICE, TITLES, WITHDRAWN
from parcels.land_use.land import LAND, asked
from parcels.low_efficiency.models import LowEfficiencyList
from parcels.low_efficiency.procedure import ENDED
from parcels.low_efficiency.queries import file_rows, visible

GRADE, LOW = "grade", "low_efficiency"
CATEGORIES = {GRADE: "评价档次", LOW: "高耗低效清单"}
UNGRADED, LISTED, CLOSED, UNLISTED = "", "listed", "closed", "unlisted"
UNGRADED_TITLE = "未评价"
LIST_TITLES = {LISTED: "在列", CLOSED: "已销号", UNLISTED: "未列入"}
# Of equal parts the firm with the lower code: the same on every day. Ground that nobody uses net stands without a firm.
PARCELS = f"""{LAND}
SELECT p.code, coalesce(t.name, p.town_code), p.land_m2 * 15 / 10000,
       coalesce(m.uscc, ''), coalesce(m.name, ''), coalesce(m.mine, true)
  FROM parcel p
  LEFT JOIN counties_town t ON t.county_id = %(territory_county)s AND t.code = p.town_code
  LEFT JOIN (SELECT DISTINCT ON (l.parcel_id) l.parcel_id, e.uscc, e.name, ({{firm_territory}}) AS mine
               FROM land l JOIN enterprises_enterprise e ON e.id = l.enterprise_id
              WHERE l.net_m2 > 0 ORDER BY l.parcel_id, l.net_m2 DESC, e.uscc) m ON m.parcel_id = p.id
 ORDER BY p.code
 LIMIT {MOST_PARCELS + 1}
"""
SCORES = "SELECT s.result_id, s.uscc, s.grade FROM grading_score s WHERE s.result_id = ANY(%(results)s) AND s.grade <> ''"


@dataclass(frozen=True, slots=True)
class Spot:
    """A parcel in a year: the key of what it is of, and its firm. `restricted`: the firm belongs to another town."""

    key: str
    firm: str
    land_mu: float
    restricted: bool


@dataclass(frozen=True, slots=True)
class ParcelRow:
    """A parcel with its spots, one a year; None where it isn't there in that year."""

    code: str
    town: str
    cells: tuple[Spot | None, ...]


@dataclass(frozen=True, slots=True)
class Basis:
    """What a year's colours rest on, in words; "" = there is no result or list that the actor may see."""

    year: int
    told: str


@dataclass(frozen=True, slots=True)
class Categories:
    """The parcels of a map, with the classes that there are: key → title, the best first, what is of none last."""

    what: str
    years: tuple[Basis, ...]
    titles: dict[str, str]
    rows: tuple[ParcelRow, ...]


@dataclass(frozen=True, slots=True)
class _Year:
    """What a year rests on, and firm → key."""

    told: str
    keys: dict[str, str]


def categories(
    county: County, actor: Actor, *, what: str, years: Sequence[int], town: str = ""
) -> Categories:
    """The parcels of the actor's territory, by years; without years the last three on record (a fixed number of statements)."""
    actor.require(VIEW_MAP)
    if what not in CATEGORIES:
        raise InputError(
            "category_unknown",
            f"不能按“{what}”制图。",
            f"可用的有：{'、'.join(CATEGORIES)}。",
            field="what",
        )
    wanted = beside_each_other(years)
    found, titles = (
        _grades(county, actor, wanted) if what == GRADE else (_listed(county, actor, wanted), LIST_TITLES)
    )
    shown = wanted or tuple(sorted(found)[-MOST_YEARS:])
    other = UNGRADED if what == GRADE else UNLISTED
    there = [_parcels(county, actor, year, town, found.get(year), other) for year in shown]
    codes = sorted({code for year in there for code in year})
    rows = []
    for code in codes:
        known = [year.get(code) for year in there]
        name = next(one[0] for one in reversed(known) if one is not None)
        rows.append(ParcelRow(code, name, tuple(one[1] if one else None for one in known)))
    bases = tuple(Basis(year, found[year].told if year in found else "") for year in shown)
    return Categories(what, bases, titles, tuple(rows))


def shown_results(county: County, actor: Actor) -> dict[int, list[tuple[GradingResult, str]]]:
    """Year → each scheme's result and where it stands: the final one, else the newest; the first holds (three statements).

    Before its notice a result is for those cleared.
    """
    best: dict[tuple[int, int], tuple[bool, int, int, str]] = {}
    for run, where in runs_with_state(county):
        if where == WITHDRAWN or not (actor.may(VIEW_FIRM_FIGURES) or where in (NOTICE, FINAL)):
            continue
        key, one = (run.year, run.scheme_version.scheme_id), (where == FINAL, run.number, run.pk, where)
        if key not in best or one[:2] > best[key][:2]:
            best[key] = one
    results = {
        result.input.run_id: result
        for result in GradingResult.objects.filter(input__run__in=[run for _, _, run, _ in best.values()])
        .select_related("input__run__scheme_version__scheme")
        .defer("input__text")
        .order_by("input__version")
    }
    found: dict[int, list[tuple[GradingResult, str]]] = {}
    for (year, _), (_, _, run_id, where) in sorted(best.items(), key=lambda one: one[1][:2], reverse=True):
        if run_id in results:
            found.setdefault(year, []).append((results[run_id], where))
    return found


def _grades(county: County, actor: Actor, years: tuple[int, ...]) -> tuple[dict[int, _Year], dict[str, str]]:
    """The years' grades by firm, and the names of all of them in the order of the schemes, the newest first."""
    known = shown_results(county, actor)
    held = {year: known[year] for year in years or sorted(known)[-MOST_YEARS:] if year in known}
    ids = [result.pk for results in held.values() for result, _ in results]
    of_result: dict[int, dict[str, str]] = {}
    for result_id, uscc, grade in read_rows(SCORES, {"results": ids}):
        of_result.setdefault(result_id, {})[uscc] = grade
    found, names = {}, []
    for year in sorted(held, reverse=True):
        keys: dict[str, str] = {}
        for result, _ in reversed(held[year]):
            keys |= of_result.get(result.pk, {})
        names += [name for result, _ in held[year] for name in result.document["grade_order"]]
        found[year] = _Year("；".join(_result_told(result, where) for result, where in held[year]), keys)
    return found, {name: name for name in names if name} | {UNGRADED: UNGRADED_TITLE}


def _result_told(result: GradingResult, where: str) -> str:
    run = result.input.run
    return f"{run.scheme_version.scheme.name}（第 {run.number} 次，{TITLES[where]}）"


def _listed(county: County, actor: Actor, years: tuple[int, ...]) -> dict[int, _Year]:
    """The firms of the newest list of each year of data, and whether their files are closed by today."""
    wanted = LowEfficiencyList.objects.filter(county=county)
    if years:
        wanted = wanted.filter(data_year__in=years)
    newest = list(wanted.order_by("-data_year", "-year", "-number").distinct("data_year")[:MOST_YEARS])
    firms = {row["uscc"] for one in newest for row in one.rows}
    files = visible(actor).filter(enterprise__uscc__in=firms)
    closed = _closed(file_rows(county, actor, timezone.localdate(), files))
    return {
        one.data_year: _Year(
            f"{one.list_no}（{one.on} 冻结）",
            {row["uscc"]: CLOSED if row["uscc"] in closed else LISTED for row in one.rows},
        )
        for one in newest
    }


def _closed(rows: Iterable[Any]) -> set[str]:
    return {row.file.enterprise.uscc for row in rows if row.state in ENDED}


def _parcels(
    county: County, actor: Actor, year: int, town: str, known: _Year | None, other: str
) -> dict[str, tuple[str, Spot]]:
    """Code → town and spot of a year's parcels, in the actor's territory."""
    if known is None:
        return {}
    territory, _ = territory_sql(actor, alias="p")
    firm_territory, _ = territory_sql(actor, alias="e")
    statement = PARCELS.format(
        territory=f"{territory} AND (%(town)s = '' OR p.town_code = %(town)s)", firm_territory=firm_territory
    )
    rows = read_rows(statement, asked(county, actor, year) | {"town": town})
    if len(rows) > MOST_PARCELS:
        raise too_many()
    return {
        code: (
            town_name,
            Spot(known.keys.get(uscc, other), firm, land_mu, False)
            if mine
            else Spot(other, "", land_mu, True),
        )
        for code, town_name, land_mu, uscc, firm, mine in rows
    }
