"""The list of contract phases as a workbook ready to print.

Refuses to leave unrecorded: the file that goes out has its audit row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from landgis.access.queries import Actor
from landgis.access.rules import EXPORT_DATA
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.lib.sheet_stream import streamed
from landgis.lib.sheets import Column, Table
from landgis.lib.units import m2_to_mu
from parcels.phases.queries import PhaseRow

COLUMNS: tuple[Column[PhaseRow], ...] = (
    Column("所属镇街", 11, "text", lambda row: row.record.town_name),
    Column("宗地代码", 22, "code", lambda row: row.record.parcel_code),
    Column("合同编号", 20, "code", lambda row: row.settled.contract_no),
    Column("电子监管号", 20, "code", lambda row: row.record.supervision_no),
    Column("分期", 5, "whole", lambda row: row.settled.phase_no),
    Column("土地使用权人", 24, "wrapped", lambda row: row.record.holder_name),
    Column("土地位置", 24, "wrapped", lambda row: row.record.location),
    Column(
        "合同面积\n（亩）",
        10,
        "figure",
        lambda row: None if row.record.area_m2 is None else m2_to_mu(row.record.area_m2),
    ),
    Column("实际交地", 11.5, "date", lambda row: row.settled.actual_delivery),
    Column("约定动工", 11.5, "date", lambda row: row.finding.agreed_start),
    Column("实际动工", 11.5, "date", lambda row: row.settled.actual_start),
    Column("约定竣工", 11.5, "date", lambda row: row.settled.agreed_completion),
    Column("实际竣工", 11.5, "date", lambda row: row.settled.actual_completion),
    Column("满期日", 11.5, "date", lambda row: row.finding.full_year_on),
    Column("当日判断", 12, "wrapped", lambda row: row.title),
    Column("缺少资料", 24, "wrapped", lambda row: "、".join(row.missing)),
)


def phases_workbook(county: County, actor: Actor, on: date, rows: Sequence[PhaseRow]) -> Iterator[bytes]:
    """The rows as judged on the day, in pieces."""
    actor.require(EXPORT_DATA)
    table = Table(
        title=f"{county.name}供地合同分期台账",
        note=f"截至 {on}，共 {len(rows)} 期；约定日期以最后签订的补充协议为准，动工日期以证据为准",
        unit="单位：亩",
        footer=f"{county.name}　截至 {on}",
        columns=COLUMNS,
        rows=rows,
        frozen_columns=3,
    )
    recorded = change(
        county_code=county.code, by=actor.username, action="export_phases", reason="导出供地合同分期台账",
        on=str(on), rows=len(rows),
    )  # fmt: skip
    with recorded:
        return streamed({"合同分期": table})
