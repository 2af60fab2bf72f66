"""The list of field reports as a workbook.

Refuses to leave unrecorded: every file that goes out has its audit row.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from landgis.access.queries import Actor
from landgis.access.rules import EXPORT_DATA
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.lib.sheets import SIGNATURES, Column, Table, workbook_of
from parcels.field_reports.models import FieldReport
from parcels.field_reports.rules import BUILDING, STATES
from parcels.supply.rules import FOUNDATIONS, plain


def code_of(report: FieldReport) -> str:
    return (
        report.parcel.code if report.parcel else (report.phase.contract.parcel_code if report.phase else "")
    )


def contract_of(report: FieldReport) -> str:
    if report.phase is None:
        return ""
    return report.phase.contract.contract_no or report.phase.contract.supervision_no


def foundation_of(report: FieldReport) -> str:
    if not report.foundation_kind or report.foundation_done is None or report.foundation_total is None:
        return ""
    done, total = plain(report.foundation_done), plain(report.foundation_total)
    return f"{FOUNDATIONS[report.foundation_kind]} {done}/{total}"


_COLUMNS: tuple[Column[FieldReport], ...] = (
    Column("报告号", 7, "whole", lambda r: r.pk),
    Column("所属镇街", 12, "wrapped", lambda r: r.town_name or ""),  # type: ignore[attr-defined]
    Column("宗地代码", 24, "wrapped", code_of),
    Column("合同编号", 22, "code", contract_of),
    Column("分期", 5, "whole", lambda r: r.phase.phase_no if r.phase else None),
    Column("土地使用权人", 24, "wrapped", lambda r: r.phase.contract.holder_name if r.phase else ""),
    Column("核查日期", 11, "date", lambda r: r.visited_on),
    Column("施工情况", 9, "wrapped", lambda r: BUILDING[r.building]),
    Column("最后施工日期", 11, "date", lambda r: r.last_built_on),
    Column("基础施工", 14, "wrapped", foundation_of),
    Column("累计已投资\n（万元）", 12, "figure", lambda r: r.invested_wan),
    Column("已开发面积\n（平方米，填报）", 13, "figure", lambda r: r.developed_area_m2),
    Column("已开发面积\n（平方米，图形）", 13, "figure", lambda r: r.measured_area_m2),
    Column("照片", 6, "whole", lambda r: r.photo_count),  # type: ignore[attr-defined]
    Column("需核实的事项", 36, "wrapped", lambda r: "\n".join(r.told)),
    Column("现场情况说明", 36, "wrapped", lambda r: r.remarks),
    Column("填报人", 10, "wrapped", lambda r: r.filed_by),
    Column("办理情况", 10, "wrapped", lambda r: STATES[r.state]),  # type: ignore[attr-defined]
    Column("办理意见", 30, "wrapped", lambda r: r.outcome.reason if hasattr(r, "outcome") else ""),
)


def workbook(county: County, actor: Actor, on: date, rows: Sequence[FieldReport]) -> bytes:
    """The reports as listed, one a row."""
    actor.require(EXPORT_DATA)
    title = f"{county.name}现场核查报告"
    table = Table(
        title=title,
        note=f"导出日期：{on}　共 {len(rows)} 份；未采纳的报告不作为认定依据",
        unit="单位：平方米、万元",
        footer=f"{title}　{on}",
        columns=_COLUMNS,
        rows=rows,
        below=(SIGNATURES,),
        frozen_columns=4,
    )
    with (
        change(
            county_code=county.code,
            by=actor.username,
            action="export_field_reports",
            reason="导出现场核查报告（xlsx）",
            rows=len(rows),
        ),
    ):
        return workbook_of({"核查报告": table})
