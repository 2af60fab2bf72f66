"""The task list as a workbook: tasks with their units, what is overdue, and the reports.

Refuses to leave unrecorded: the file that goes out has its audit row.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from landgis.access.queries import Actor
from landgis.access.rules import EXPORT_DATA
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.lib.sheets import SIGNATURES, Column, Table, workbook_of
from parcels.tasks.models import TaskReport
from parcels.tasks.queries import TaskDue, TaskState, reports_of
from parcels.tasks.rules import figures_in_words

TASKS: list[Column[TaskState]] = [
    Column("编号", 8, "code", lambda row: row.task.task_no),
    Column("任务", 26, "wrapped", lambda row: row.task.title),
    Column("内容", 60, "wrapped", lambda row: row.task.text),
    Column("▲牵头单位", 16, "wrapped", lambda row: "、".join(row.task.lead_units)),
    Column("配合单位", 22, "wrapped", lambda row: "、".join(row.task.helper_units)),
    Column("完成时间", 12, "text", lambda row: row.when),
    Column("下一期限", 11.5, "date", lambda row: row.next_due),
    Column("逾期数", 8, "whole", lambda row: row.overdue),
    Column("最近进展", 11.5, "date", lambda row: row.reported_on),
    Column("依据", 40, "wrapped", lambda row: row.task.basis),
]
DUES: list[Column[TaskDue]] = [
    Column("编号", 8, "code", lambda row: row.task.task_no),
    Column("任务", 32, "wrapped", lambda row: row.task.title),
    Column("责任单位", 20, "wrapped", lambda row: row.town_name or "、".join(row.task.lead_units)),
    Column("完成期限", 11.5, "date", lambda row: row.due_on),
    Column("逾期天数", 10, "whole", lambda row: -row.days_left),
]


def tasks_workbook(county: County, actor: Actor, on: date, states: Sequence[TaskState]) -> bytes:
    """The tasks as they stand on the day, on three sheets."""
    actor.require(EXPORT_DATA)
    towns = dict(county.towns.values_list("code", "name"))
    reports = list(reports_of(actor).filter(task__in=[state.task for state in states], on__lte=on))
    columns: list[Column[TaskReport]] = [
        Column("编号", 8, "code", lambda row: row.task.task_no),
        Column("任务", 26, "wrapped", lambda row: row.task.title),
        Column("镇街", 12, "text", lambda row: towns.get(row.town_code, row.town_code) or "全县"),
        Column("截至日期", 11.5, "date", lambda row: row.on),
        Column("进展", 60, "wrapped", lambda row: ("撤销：" if row.reverses_id else "") + row.text),
        Column("数据", 30, "wrapped", lambda row: figures_in_words(row.figures)),
        Column("已完成的期限", 12, "date", lambda row: row.done_for),
        Column("材料数", 8, "whole", lambda row: len(row.photos.all())),
        Column("填报人", 12, "text", lambda row: row.filed_by),
        Column("状态", 8, "text", lambda row: "已撤销" if hasattr(row, "reversed_by") else ""),
    ]
    note, footer = f"截至 {on}", f"{county.name}　截至 {on}"
    overdue = [due for state in states for due in state.dues if due.overdue]
    with change(
        county_code=county.code,
        by=actor.username,
        action="export_tasks",
        reason="导出任务清单",
        on=str(on),
        rows=len(states),
    ):
        return workbook_of({
            "任务清单": Table(
                title=f"{county.name}攻坚任务清单", note=f"{note}，共 {len(states)} 项", unit="▲为牵头单位",
                footer=footer, columns=TASKS, rows=states, below=[SIGNATURES], frozen_columns=2,
            ),
            "逾期任务": Table(
                title=f"{county.name}逾期任务", note=note, unit="", footer=footer, columns=DUES, rows=overdue, paper="A4",
            ),
            "进展报告": Table(
                title=f"{county.name}任务进展报告", note=note, unit="", footer=footer, columns=columns, rows=reports,
            ),
        })  # fmt: skip
