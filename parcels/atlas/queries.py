"""The areas of a map with their figures of several years side by side: parcels, towns, platforms, control lines.

Refuses a parcel's figures to whoever isn't cleared for firms', and to them also whatever an area's could be worked out from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from landgis.access.queries import Actor, territory_sql
from landgis.access.rules import VIEW_FIRM_FIGURES, VIEW_MAP
from landgis.counties.models import County
from landgis.lib.columns import read_rows
from landgis.lib.errors import Forbidden, InputError
from parcels.cadastre.as_of import KNOWN_ON, REGISTER
from parcels.evaluation.models import IndicatorRun
from parcels.evaluation.queries import fewest_firms
from parcels.evaluation.results import PARCELS_MU
from parcels.evaluation.rules import INDICATORS, Indicator, last_day
from parcels.evaluation.secrecy import masked, plain

PARCEL, TOWN, PLATFORM, LINE = "parcel", "town", "platform", "control_line"
KINDS = {PARCEL: "宗地", TOWN: "镇街", PLATFORM: "平台", LINE: "工业用地控制线"}
# What a run's document calls the areas of a kind, and what lies in none of them.
LISTED = {TOWN: "towns", PLATFORM: "platforms", LINE: "control_lines"}
MOST_YEARS = 3
MOST_PARCELS = 20_000  # more shapes than a screen can show, or a browser should hold

# A parcel's land is the register's of the year's last day, its figures those of the newest run.
PARCELS = f"""
SELECT p.code, coalesce(t.name, p.town_code), coalesce(p.registered_area_m2::float8, p.planar_area_m2) * 15 / 10000,
       v.{{indicator}}_numerator, v.{{indicator}}_denominator, v.{{indicator}}
  FROM {REGISTER} p
  LEFT JOIN counties_town t ON t.county_id = p.county_id AND t.code = p.town_code
  LEFT JOIN evaluation_value v ON v.run_id = %(run)s AND v.scope = 'parcel' AND v.subject_code = p.code
 WHERE {{territory}} AND {KNOWN_ON} AND (%(town)s = '' OR p.town_code = %(town)s)
 ORDER BY p.code
 LIMIT {MOST_PARCELS + 1}
"""


@dataclass(frozen=True, slots=True)
class Cell:
    """An area in a year. `restricted`: there is a value, but it isn't told; no value and not restricted: none is known."""

    value: float | None
    numerator: float | None
    denominator: float | None
    land_mu: float
    firms: int | None
    restricted: bool


@dataclass(frozen=True, slots=True)
class Row:
    """An area with its cells, one a year; None where the area isn't there in that year. Code "" is what lies in none."""

    code: str
    name: str
    town: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a map shows: the kind of area, the indicator, the years with the runs behind them (None = not computed)."""

    by: str
    indicator: Indicator
    years: tuple[int, ...]
    runs: tuple[IndicatorRun | None, ...]
    town: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """The rows of a map, and the county as a whole for whoever may see it."""

    asked: Asked
    rows: tuple[Row, ...]
    county: tuple[Cell | None, ...] | None


def indicator_of(code: str) -> Indicator:
    found = next((indicator for indicator in INDICATORS if indicator.code == code), None)
    if found is None:
        raise InputError(
            "indicator_unknown",
            f"没有指标“{code}”。",
            f"可用的有：{'、'.join(i.code for i in INDICATORS)}。",
            field="indicator",
        )
    return found


def years_computed(county: County) -> list[int]:
    return list(
        IndicatorRun.objects.filter(county=county).order_by("year").values_list("year", flat=True).distinct()
    )


def asked_for(county: County, *, by: str, indicator: str, years: Sequence[int], town: str = "") -> Asked:
    """The question with its runs; without years, the last three computed (two statements)."""
    if by not in KINDS:
        raise InputError("kind_unknown", f"不能按“{by}”制图。", f"可用的有：{'、'.join(KINDS)}。", field="by")
    wanted = beside_each_other(years) or tuple(years_computed(county)[-MOST_YEARS:])
    return Asked(by, indicator_of(indicator), wanted, runs_of(county, wanted), town)


def beside_each_other(years: Sequence[int]) -> tuple[int, ...]:
    """The years in their order, each once; more than a sheet has room for are refused."""
    wanted = tuple(sorted(dict.fromkeys(years)))
    if len(wanted) > MOST_YEARS:
        raise InputError(
            "too_many_years", f"一次最多比较 {MOST_YEARS} 个年度。", "请减少年度。", field="years"
        )
    return wanted


def runs_of(county: County, years: Sequence[int]) -> tuple[IndicatorRun | None, ...]:
    """The newest run of each year, in one statement."""
    found = {
        run.year: run
        for run in IndicatorRun.objects.filter(county=county, year__in=list(years))
        .order_by("year", "-id")
        .distinct("year")
    }
    return tuple(found.get(year) for year in years)


def areas(county: County, actor: Actor, asked: Asked) -> Shown:
    """The figures of a map: one statement a year for parcels, none beyond the runs for any other area."""
    actor.require(VIEW_MAP)
    require_kind(actor, asked.by)
    if asked.by == PARCEL:
        rows = _side_by_side([_parcels(actor, asked, at) for at in range(len(asked.years))])
    else:
        rows = _side_by_side(
            [_listed(county, actor, asked, at) for at in range(len(asked.years))], last=("",)
        )
    if actor.town_codes is not None:
        return Shown(asked, rows, None)
    whole = [
        None if run is None else _cell(actor, asked, told(county, actor, run)["county"]) for run in asked.runs
    ]
    return Shown(asked, rows, tuple(whole))


def require_kind(actor: Actor, by: str) -> None:
    """Parcels stand for firms; platforms and lines reach over several towns."""
    if by == PARCEL and not actor.may(VIEW_FIRM_FIGURES):
        raise Forbidden(
            "逐宗的指标等于企业的数据，本账号无权查看。", remedy="请按镇街、平台或控制线查看汇总。"
        )
    if by in (PLATFORM, LINE) and actor.town_codes is not None:
        raise Forbidden("平台和控制线跨镇街，镇街账号不能查看其汇总。", remedy="请按镇街查看。")


def told(county: County, actor: Actor, run: IndicatorRun) -> dict[str, Any]:
    """The run's document as far as the actor may know it; runs of before there were platforms have none."""
    document: dict[str, Any] = {
        "platforms": [],
        "outside_platforms": run.summary["county"],
        "industries": [],
    } | run.summary
    if actor.may(VIEW_FIRM_FIGURES):
        return plain(document)
    return masked(document, fewest_firms(county, last_day(run.year)))


def _listed(county: County, actor: Actor, asked: Asked, at: int) -> dict[str, tuple[str, str, Cell]]:
    """Code → name, town and cell of a year's areas; what lies in none of them is shown where there is anything."""
    run = asked.runs[at]
    if run is None:
        return {}
    document = told(county, actor, run)
    listed = document[LISTED[asked.by]]
    if asked.by == TOWN and actor.town_codes is not None:
        listed = [area for area in listed if area["code"] in actor.town_codes]
    found = {area["code"]: (area["name"] or area["code"], "", _cell(actor, asked, area)) for area in listed}
    outside = {TOWN: document["unallocated"]["outside_towns"], PLATFORM: document["outside_platforms"]}
    rest = outside.get(asked.by) if actor.town_codes is None else None
    if rest and found and (rest["firms"] or rest[PARCELS_MU] >= 0.005):
        found[""] = (f"不在任何{KINDS[asked.by]}内", "", _cell(actor, asked, rest))
    return found


def _cell(actor: Actor, asked: Asked, area: dict[str, Any]) -> Cell:
    """Whoever isn't cleared gets the ratio alone: parts of two indicators differ by the firms that lack a figure."""
    parts = area["indicators"].get(asked.indicator.code)
    if parts is None:
        return Cell(None, None, None, area[PARCELS_MU], area["firms"], True)
    value = None if parts["value"] is None else parts["value"] * asked.indicator.factor
    if actor.may(VIEW_FIRM_FIGURES):
        return Cell(value, parts["numerator"], parts["denominator"], area[PARCELS_MU], parts["firms"], False)
    return Cell(
        None if value is None else round(value, 2), None, None, area[PARCELS_MU], parts["firms"], False
    )


def _parcels(actor: Actor, asked: Asked, at: int) -> dict[str, tuple[str, str, Cell]]:
    run = asked.runs[at]
    territory, values = territory_sql(actor, alias="p")
    wanted = {**values, "run": run.pk if run else -1, "on": last_day(asked.years[at]), "town": asked.town}
    rows = read_rows(PARCELS.format(territory=territory, indicator=asked.indicator.code), wanted)
    if len(rows) > MOST_PARCELS:
        raise too_many()
    factor = asked.indicator.factor
    return {
        code: (
            code,
            town,
            Cell(None if value is None else value * factor, above, below, land_mu, None, False),
        )
        for code, town, land_mu, above, below, value in rows
    }


def too_many() -> InputError:
    return InputError(
        "too_many_parcels", f"宗地超过 {MOST_PARCELS} 宗，不能一次显示。", "请先选择镇街。", field="town"
    )


def _side_by_side(
    years: Sequence[dict[str, tuple[str, str, Cell]]], last: tuple[str, ...] = ()
) -> tuple[Row, ...]:
    """The years' areas as rows in the order of their codes, those of `last` at the end; the newest name counts."""
    codes = sorted({code for year in years for code in year}, key=lambda code: (code in last, code))
    rows = []
    for code in codes:
        there = [year.get(code) for year in years]
        name, town, _ = next(found for found in reversed(there) if found is not None)
        rows.append(Row(code, name, town, tuple(found[2] if found else None for found in there)))
    return tuple(rows)
