"""What accepting a report writes: a record of progress, the foundation, a stoppage; and what the officer has to know before.

Refuses to invent: a figure that the report doesn't state is taken over from the record before, and that is said.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import shapely

from parcels.field_reports.models import FieldReport
from parcels.field_reports.rules import BUILDING
from parcels.supply.fact_models import Stoppage
from parcels.supply.models import ConstructionProgress
from parcels.supply.progress_actions import Built
from parcels.supply.rules import FOUNDATIONS, plain


@dataclass(frozen=True, slots=True)
class Planned:
    """What will be written: `facts` as (kind, values); `told` names each of it, `notes` is what it leaves open."""

    built: Built | None
    facts: tuple[tuple[str, dict[str, Any]], ...]
    told: tuple[str, ...]
    notes: tuple[str, ...]
    open_stoppage: Stoppage | None


def evidence_of(report: FieldReport, photos: int) -> str:
    return (
        f"现场核查报告第 {report.pk} 号（{report.visited_on} 核查，{report.filed_by} 填报，照片 {photos} 张）"
    )


def planned(report: FieldReport, photos: int) -> Planned:
    """The facts that the report brings; of a report on a parcel without a contract there are none to write."""
    if report.phase_id is None:
        note = "本报告针对宗地而不是合同分期，采纳后只存档，不写入合同事实"
        return Planned(None, (), (), (note,), None)
    notes: list[str] = []
    standing = (
        Stoppage.objects.filter(phase=report.phase_id, resumed_on=None).order_by("last_built_on").last()
    )
    built = _built(report, photos, notes)
    facts = [*_foundation(report), *_stoppage(report, standing, notes)]
    if standing and report.building in ("going", "done"):
        notes.append(
            f"该期有最后施工日期为 {standing.last_built_on} 的停工记录尚未结束；确已复工的，请填写实际复工日期"
        )
    if report.building == "done":
        notes.append("报告称已竣工；竣工日期以竣工验收材料为准，请另行登记")
    told = [*([_built_told(built)] if built else []), *(_fact_told(kind, values) for kind, values in facts)]
    evidence = evidence_of(report, photos)
    return Planned(
        built,
        tuple((kind, values | {"evidence": evidence}) for kind, values in facts),
        tuple(told),
        tuple(notes),
        standing if report.building in ("going", "done") else None,
    )


def _built(report: FieldReport, photos: int, notes: list[str]) -> Built | None:
    shape = shapely.from_wkb(bytes(report.developed_geom_4490.wkb)) if report.developed_geom_4490 else None
    invested, developed = report.invested_wan, report.developed_area_m2
    if report.building == "none" and invested is None and developed is None:
        return None
    taken: list[str] = []
    before = (
        ConstructionProgress.objects.filter(phase=report.phase_id, as_of__lt=report.visited_on)
        .order_by("as_of")
        .last()
    )
    if before and invested is None and before.invested_wan is not None:
        invested = before.invested_wan
        taken.append(f"累计已投资沿用 {before.as_of} 记录的 {plain(invested)} 万元")
    if before and developed is None and shape is None:
        developed, measured = before.developed_area_m2, before.developed_geom_4490
        shape = shapely.from_wkb(bytes(measured.wkb)) if measured else None
        area = developed if developed is not None else before.measured_area_m2
        if area is not None:
            taken.append(f"已开发范围沿用 {before.as_of} 记录的 {plain(area)} 平方米")
    notes += taken
    note = "；".join([evidence_of(report, photos), f"施工情况：{BUILDING[report.building]}", *taken])
    return Built(report.visited_on, invested, developed, shape, report.last_built_on, note)


def _foundation(report: FieldReport) -> list[tuple[str, dict[str, Any]]]:
    if not report.foundation_kind:
        return []
    values = {
        "kind": report.foundation_kind,
        "as_of": report.visited_on,
        "done": report.foundation_done,
        "total": report.foundation_total,
    }
    return [("foundation", values)]


def _stoppage(
    report: FieldReport, standing: Stoppage | None, notes: list[str]
) -> list[tuple[str, dict[str, Any]]]:
    if report.building != "stopped":
        return []
    if standing is None:
        return [("stoppage", {"last_built_on": report.last_built_on})]
    differs = "" if standing.last_built_on == report.last_built_on else "，与本报告不同，请核实后更正原记录"
    notes.append(f"该期已有最后施工日期为 {standing.last_built_on} 的停工记录{differs}；不再重复登记停工")
    return []


def _built_told(built: Built) -> str:
    parts = [f"施工进度 {built.as_of}"]
    if built.invested_wan is not None:
        parts.append(f"累计已投资 {plain(built.invested_wan)} 万元")
    if built.developed_area_m2 is not None:
        parts.append(f"已开发 {plain(built.developed_area_m2)} 平方米")
    if built.developed_4490 is not None:
        parts.append("已开发范围图形")
    parts.append(f"最后施工 {built.stopped_since}" if built.stopped_since else "未停工")
    return "，".join(parts)


def _fact_told(kind: str, values: dict[str, Any]) -> str:
    if kind == "stoppage":
        return f"停工，最后施工 {values['last_built_on']}"
    done, total = plain(values["done"]), plain(values["total"])
    return f"基础施工 {values['as_of']}，{FOUNDATIONS[values['kind']]} {done}/{total}"
