"""The ledger of plans (一企一策台账) as a workbook: plans, what is to be done until when, and what was recorded.

Refuses to leave unrecorded: the file that goes out has its audit row; a firm's figures stay out where they aren't cleared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from landgis.access.queries import Actor
from landgis.access.rules import EXPORT_DATA
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.lib.sheets import Column, Table, workbook_of
from landgis.lib.units import m2_to_mu
from parcels.plans.models import PlanEntry
from parcels.plans.queries import PlanRow
from parcels.plans.rules import ENTRIES, SENSES


@dataclass(frozen=True, slots=True)
class Duty:
    """A milestone or target of a plan, for its own sheet."""

    row: PlanRow
    kind: str
    title: str
    wanted: str
    due_on: date
    done_on: date | None
    value: Decimal | None
    state: str


PLANS: tuple[Column[PlanRow], ...] = (
    Column("方案编号", 17, "code", lambda row: row.plan.plan_no),
    Column("对象类别", 12, "text", lambda row: row.subject.kind_title),
    Column("对象", 22, "wrapped", lambda row: row.subject.title),
    Column("所属镇街", 10, "text", lambda row: row.town_name),
    Column("宗地代码", 21, "code", lambda row: row.subject.parcel_code),
    Column("权利人（企业）", 24, "wrapped", lambda row: row.subject.holder),
    Column("面积\n（亩）", 10, "figure", lambda row: m2_to_mu(row.subject.area_m2) if row.subject.area_m2 else None, summed=True),
    Column("问题类型", 16, "wrapped", lambda row: "、".join(row.problem_titles)),
    Column("目标", 26, "wrapped", lambda row: row.contents.goal),
    Column("处置路径", 16, "wrapped", lambda row: "、".join(row.path_titles)),
    Column("▲牵头单位", 16, "wrapped", lambda row: row.contents.lead_unit),
    Column("配合单位", 18, "wrapped", lambda row: "、".join(row.contents.helpers)),
    Column("责任人", 10, "text", lambda row: row.contents.person),
    Column("完成期限", 11.5, "date", lambda row: row.contents.to_on),
    Column("状态", 8, "text", lambda row: row.state_title),
    Column("进度\n（%）", 7, "whole", lambda row: row.standing.progress),
    Column("节点完成", 9, "text", lambda row: f"{row.standing.done}/{len(row.standing.milestones)}"),
    Column("下一事项", 20, "wrapped", lambda row: row.next_duty[1] if row.next_duty else ""),
    Column("事项期限", 11.5, "date", lambda row: row.next_duty[2] if row.next_duty else None),
    Column("最近跟踪", 11.5, "date", lambda row: row.standing.followed_on),
    Column("销号日期", 11.5, "date", lambda row: row.standing.closed_on),
)  # fmt: skip
DUTIES: tuple[Column[Duty], ...] = (
    Column("方案编号", 17, "code", lambda duty: duty.row.plan.plan_no),
    Column("所属镇街", 10, "text", lambda duty: duty.row.town_name),
    Column("权利人（企业）", 26, "wrapped", lambda duty: duty.row.subject.holder),
    Column("类别", 8, "text", lambda duty: duty.kind),
    Column("事项", 26, "wrapped", lambda duty: duty.title),
    Column("要求", 20, "wrapped", lambda duty: duty.wanted),
    Column("期限", 11.5, "date", lambda duty: duty.due_on),
    Column("完成日期", 11.5, "date", lambda duty: duty.done_on),
    Column("实绩", 12, "figure", lambda duty: duty.value),
    Column("状态", 9, "text", lambda duty: duty.state),
    Column("▲牵头单位", 18, "wrapped", lambda duty: duty.row.contents.lead_unit),
    Column("责任人", 10, "text", lambda duty: duty.row.contents.person),
)
ENTRY_COLUMNS: tuple[Column[PlanEntry], ...] = (
    Column("方案编号", 17, "code", lambda entry: entry.plan.plan_no),
    Column("序号", 6, "whole", lambda entry: entry.seq),
    Column("日期", 11.5, "date", lambda entry: entry.on),
    Column("类别", 12, "text", lambda entry: ENTRIES[entry.kind]),
    Column("情况", 60, "wrapped", lambda entry: entry.text),
    Column("进度\n（%）", 7, "whole", lambda entry: entry.progress),
    Column("依据材料", 30, "wrapped", lambda entry: entry.evidence),
    Column("记录人", 10, "text", lambda entry: entry.person),
    Column("登记账号", 14, "text", lambda entry: entry.by),
    Column("备注", 10, "text", lambda entry: "已撤销" if hasattr(entry, "reversed_by") else ""),
)


def plans_workbook(county: County, actor: Actor, on: date, rows: Sequence[PlanRow]) -> bytes:
    """The plans as they stand on the day, on three sheets."""
    actor.require(EXPORT_DATA)
    footer = f"{county.name}　截至 {on}"
    entries = PlanEntry.objects.filter(
        plan__in=[row.plan.pk for row in rows if row.figures_shown], on__lte=on
    )
    entries = entries.select_related("plan", "reversed_by").order_by("-plan__year", "-plan__number", "seq")
    plans = Table(
        title=f"{county.name}一企一策方案台账",
        note=f"截至 {on}，共 {len(rows)} 件",
        unit="▲为牵头单位",
        footer=footer,
        columns=PLANS,
        rows=rows,
        total=f"合计（{len(rows)} 件）",
        frozen_columns=3,
    )
    duties = Table(
        title=f"{county.name}一企一策节点和指标", note=f"截至 {on}", unit="", footer=footer, columns=DUTIES,
        rows=[duty for row in rows for duty in _duties(row)], paper="A4",
    )  # fmt: skip
    followed = Table(
        title=f"{county.name}一企一策跟踪记录", note=f"截至 {on}", unit="", footer=footer, columns=ENTRY_COLUMNS,
        rows=list(entries), paper="A4",
    )  # fmt: skip
    with change(
        county_code=county.code, by=actor.username, action="export_plans", reason="导出一企一策台账", on=str(on),
        rows=len(rows),
    ):  # fmt: skip
        return workbook_of({"方案台账": plans, "节点和指标": duties, "跟踪记录": followed})


def _duties(row: PlanRow) -> list[Duty]:
    found = [
        Duty(
            row, "节点", item.milestone.title, "", item.milestone.due_on, item.done_on, None,
            "已完成" if item.done_on else "逾期" if item.late else "未到期",
        )
        for item in row.standing.milestones
    ]  # fmt: skip
    if not row.figures_shown:
        return found
    return found + [
        Duty(
            row, "指标", item.target.metric,
            f"{SENSES[item.target.sense]} {item.target.value.normalize():f} {item.target.unit}",
            item.target.due_on, item.measured_on if item.reached else None, item.value,
            "已达到" if item.reached else "逾期" if item.late else "未到期",
        )
        for item in row.standing.targets
    ]  # fmt: skip
