"""A plan of targets as a workbook: the county's figures with their years, and the towns' parts.

Refuses to leave unrecorded: the file that goes out has its audit row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from landgis.access.queries import Actor
from landgis.access.rules import EXPORT_DATA
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.lib.sheets import SIGNATURES, Column, Table, workbook_of
from parcels.campaigns.models import TargetPlan
from parcels.campaigns.plan_rules import STATES, Aim


def plan_workbook(
    county: County, actor: Actor, plan: TargetPlan, aims: Sequence[Aim], towns: Mapping[str, str]
) -> bytes:
    """Two sheets: 全县目标 and 镇街分解."""
    actor.require(EXPORT_DATA)
    footer = f"{plan.name}　{STATES[plan.state]}"
    note = f"{plan.valid_from} 至 {plan.valid_to}　{STATES[plan.state]}"
    years = sorted({year for aim in aims for year in aim.years})
    parted = [aim for aim in aims if aim.parted]
    lines = [(name, [aim.towns.get(code) for aim in parted]) for code, name in towns.items()]
    lines.append(("合计", [sum(aim.towns.values(), Decimal(0)) if aim.towns else None for aim in parted]))
    tables: dict[str, Table[Any]] = {
        "全县目标": Table(
            title=f"{county.name}目标方案", note=note, unit="", footer=footer, columns=_aim_columns(years), rows=aims,
            below=[f"依据：{plan.name}", SIGNATURES],
        ),
        "镇街分解": Table(
            title=f"{county.name}目标分解到镇街", note=note, unit="", footer=footer, columns=_town_columns(parted),
            rows=lines, below=[SIGNATURES], frozen_columns=1,
        ),
    }  # fmt: skip
    with change(
        county_code=county.code, by=actor.username, action="export_target_plan", reason="导出目标方案", plan=plan.pk,
        rows=len(aims),
    ):  # fmt: skip
        return workbook_of(tables)


def _aim_columns(years: Sequence[int]) -> list[Column[Aim]]:
    return [
        Column("目标", 30, "wrapped", lambda aim: aim.told),
        Column("单位", 14, "text", lambda aim: aim.unit),
        Column("起", 11.5, "date", lambda aim: aim.first),
        Column("止", 11.5, "date", lambda aim: aim.last),
        # As it is stated: a share of 0.0277 isn't 0.03.
        Column(
            "全县目标", 14, "text", lambda aim: "" if aim.value is None else f"{aim.value.normalize():,f}"
        ),
        *(Column(f"{year} 年", 12, "figure", _of_year(year)) for year in years),
    ]


def _of_year(year: int) -> Any:
    return lambda aim: aim.years.get(year)


def _town_columns(aims: Sequence[Aim]) -> list[Column[tuple[str, list[Decimal | None]]]]:
    return [
        Column("镇街", 14, "text", lambda row: row[0]),
        *(Column(f"{aim.told}\n（{aim.unit}）", 14, "figure", _at(at)) for at, aim in enumerate(aims)),
    ]


def _at(place: int) -> Any:
    return lambda row: row[1][place]
