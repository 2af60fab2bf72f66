"""The indicators of a year by town, industry, platform, control line or parcel, as the newest computation kept them.

Refuses a parcel's figures and small cells to whoever isn't cleared, and other towns to a town's officer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from landgis.access.queries import Actor, in_territory
from landgis.access.rules import VIEW_FIRM_FIGURES, VIEW_MAP
from landgis.counties.models import County
from landgis.lib.errors import Conflict, Forbidden, NotFound
from parcels.cadastre.models import Parcel
from parcels.evaluation.models import IndicatorRun, IndicatorValue
from parcels.evaluation.queries import fewest_firms, newest_run
from parcels.evaluation.rules import CODES, INDICATORS, LAND, last_day
from parcels.evaluation.secrecy import masked
from parcels.yearly.wording import SCOPES

KEYS = {"town": "towns", "industry": "industries", "platform": "platforms", "control_line": "control_lines"}
FACTORS = tuple(indicator.factor for indicator in INDICATORS)


@dataclass(frozen=True, slots=True)
class AreaRow:
    """An area's indicators in the units that they are shown in; None = unknown or not told (`restricted`)."""

    code: str
    name: str
    firms: int | None
    land_mu: float | None
    values: tuple[float | None, ...]
    restricted: bool = False


def computed_years(county: County) -> list[int]:
    """The years whose indicators were computed, newest first."""
    years = IndicatorRun.objects.filter(county=county).order_by("-year").values_list("year", flat=True)
    return list(years.distinct())


def scopes_for(actor: Actor) -> list[str]:
    """What an actor may have a table of: a town's officer that town, a parcel's figures those cleared for firms'."""
    if actor.town_codes is not None:
        return ["town", *(["parcel"] if actor.may(VIEW_FIRM_FIGURES) else [])]
    return [scope for scope in SCOPES if scope != "parcel" or actor.may(VIEW_FIRM_FIGURES)]


def area_rows(county: County, actor: Actor, year: int, scope: str) -> list[AreaRow]:
    """The rows of a year; small cells are left out as the county's table of the whole asks for."""
    actor.require(VIEW_MAP)
    if scope not in scopes_for(actor):
        raise Forbidden(
            "这张表含有单个企业或其他镇街的数据。", remedy="请选择其他范围，或由获准查阅企业数据的人员查看。"
        )
    run = newest_run(county.code, year)
    if run is None:
        raise NotFound(f"{year} 年的亩均指标还没有计算。", remedy="请先计算该年度的指标。")
    if scope == "parcel":
        return _parcels(run, actor)
    if not {*KEYS.values(), "outside_platforms"} <= run.summary.keys():
        raise Conflict(f"{year} 年的亩均指标由旧版本计算，没有这些汇总。", remedy="请重新计算该年度的指标。")
    told: Mapping[str, Any] = run.summary
    if not actor.may(VIEW_FIRM_FIGURES):
        told = masked(run.summary, fewest_firms(county, last_day(year)))
    if scope == "county":
        return [_row("", county.name, told["county"])]
    rows = [_row(cell["code"], cell["name"], cell) for cell in told[KEYS[scope]]]
    if scope == "platform":
        rows.append(_row("", "平台以外", told["outside_platforms"]))
    if actor.town_codes is not None:
        return [row for row in rows if row.code in actor.town_codes]
    if scope == "town":
        rows.append(_row("", "镇街界线以外", told["unallocated"]["outside_towns"]))
    return rows


def _row(code: str, name: str, cell: Mapping[str, Any]) -> AreaRow:
    values = (
        None if cell[indicator] is None else cell[indicator] * factor
        for indicator, factor in zip(CODES, FACTORS, strict=True)
    )
    restricted = bool(cell.get("restricted"))
    return AreaRow(code, name, cell["firms"], cell[LAND], tuple(values), restricted)


def _parcels(run: IndicatorRun, actor: Actor) -> list[AreaRow]:
    """Parcels that firms use, of the actor's territory, by code."""
    values = IndicatorValue.objects.filter(run=run, scope="parcel")
    if actor.town_codes is not None:
        mine = in_territory(Parcel.objects.filter(valid_to=None), actor).values("code")
        values = values.filter(subject_code__in=mine)
    rows = values.order_by("subject_code").values_list("subject_code", "tax_per_mu_denominator", *CODES)
    return [
        AreaRow(code, code, None, land, tuple(
            None if value is None else value * factor for value, factor in zip(found, FACTORS, strict=True)
        ))
        for code, land, *found in rows.iterator()
    ]  # fmt: skip
