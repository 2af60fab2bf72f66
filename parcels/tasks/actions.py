"""Putting tasks on record, ending them, and filing reports on them or taking one back.

Refuses a report outside the person's towns, the fulfilment of a day that isn't due, and a task without basis.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from landgis.access.queries import Actor
from landgis.access.rules import MANAGE_CAMPAIGNS, REPORT_FACTS
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.lib.days import not_ahead
from landgis.lib.errors import Conflict, Forbidden, InputError, NotFound
from parcels.cadastre.attachments import keep_evidence
from parcels.tasks.models import Task, TaskPhoto, TaskReport
from parcels.tasks.queries import schedule_of, task_in
from parcels.tasks.rules import MOST_PHOTOS, due_days

FACTS = (
    "task_no", "title", "text", "basis", "lead_units", "helper_units", "each_town", "rhythm", "due_on", "month", "day",
    "weekday", "valid_from", "valid_to",
)  # fmt: skip
# Which facts of the due day belong to which rhythm; the others are emptied.
TIMED = {"once": ("due_on",), "yearly": ("month", "day"), "weekly": ("weekday",), "standing": ()}


def save_task(
    *, county: County, actor: Actor, facts: Mapping[str, Any], reason: str, task_id: int | None = None
) -> Task:
    """Make a task, or change one; what it was stays in its history."""
    actor.require_whole_county(MANAGE_CAMPAIGNS)
    told = _sound(facts)
    with change(
        county_code=county.code, by=actor.username, action="save_task", reason=reason, task_no=told["task_no"]
    ) as running:
        task = Task(county=county) if task_id is None else task_in(county, task_id)
        same = Task.objects.filter(county=county, task_no=told["task_no"], valid_from=told["valid_from"])
        if same.exclude(pk=task.pk).exists():
            raise Conflict(
                f"任务 {told['task_no']} 自 {told['valid_from']} 起已有登记。",
                remedy="请修改原任务，或者使用新的编号。",
            )
        for name, value in told.items():
            setattr(task, name, value)
        task.save()
        running.summary["task"] = task.pk
    return task


def load_tasks(
    *, county: County, actor: Actor, listed: Sequence[Mapping[str, Any]], reason: str, commit: bool
) -> tuple[int, int, int]:
    """Tasks of a list by number and first day: how many are new, changed and the same. A dry run writes nothing."""
    actor.require_whole_county(MANAGE_CAMPAIGNS)
    told = [_sound(facts) for facts in listed]
    known = {(task.task_no, task.valid_from): task for task in Task.objects.filter(county=county)}
    made = changed = same = 0
    with transaction.atomic():
        for facts in told:
            task = known.get((facts["task_no"], facts["valid_from"]))
            if task is not None and all(getattr(task, name) == value for name, value in facts.items()):
                same += 1
                continue
            made, changed = made + (task is None), changed + (task is not None)
            if commit:
                save_task(
                    county=county, actor=actor, facts=facts, reason=reason, task_id=task.pk if task else None
                )
    return made, changed, same


def file_report(
    *,
    county: County,
    actor: Actor,
    task_id: int,
    town_code: str,
    on: date,
    text: str,
    figures: Sequence[Mapping[str, Any]] = (),
    done_for: date | None = None,
    photos: Sequence[tuple[str, bytes]] = (),
) -> TaskReport:
    """Report on a task, of a town or ("") of the county; `done_for` states that the due day is fulfilled."""
    _may_report(actor, town_code)
    not_ahead(on, timezone.localdate())
    if town_code and not county.towns.filter(code=town_code).exists():
        raise InputError("town_unknown", f"没有镇街 {town_code}。", "请从列表中选择。", field="town")
    if not text.strip():
        raise InputError("report_empty", "请填写进展情况。", "写明本周完成的工作和存在的问题。", field="text")
    if len(photos) > MOST_PHOTOS:
        told = f"一份周报最多 {MOST_PHOTOS} 份材料。"
        raise InputError("too_many_files", told, "请只保留能说明情况的材料。", field="photos")
    with change(
        county_code=county.code, by=actor.username, action="file_task_report", reason=f"任务进展：{text[:100]}",
        task=task_id, town=town_code,
    ) as running:  # fmt: skip
        task = task_in(county, task_id)
        if on < task.valid_from:
            told = f"日期 {on} 早于任务起始日 {task.valid_from}。"
            raise InputError("report_before", told, "请核对日期。", field="on")
        if done_for is not None:
            _may_be_done(task, town_code, done_for)
        report = TaskReport.objects.create(
            county=county, task=task, town_code=town_code, on=on, text=text.strip(), figures=list(figures),
            done_for=done_for, filed_by=actor.username,
        )  # fmt: skip
        for kept in keep_evidence(county, photos, by=actor.username, field="photos"):
            TaskPhoto.objects.create(report=report, attachment=kept)
        running.summary["report"] = report.pk
    return report


def reverse_report(*, county: County, actor: Actor, report_id: int, on: date, reason: str) -> TaskReport:
    """Take a report back: by whoever filed it, or by the bureau. Both stay on record."""
    with transaction.atomic():
        report = TaskReport.objects.filter(county=county, pk=report_id).first()
        if report is None or (actor.town_codes is not None and report.town_code not in actor.town_codes):
            raise NotFound("没有这份报告，或不在您的管辖范围内。", remedy="请刷新页面查看。")
        _may_report(actor, report.town_code)
        Task.objects.select_for_update().get(pk=report.task_id)
        if report.reverses_id is not None or TaskReport.objects.filter(reverses=report).exists():
            raise Conflict("这份报告已经撤销，或者本身是撤销。", remedy="请刷新页面查看。")
        if on < report.on:
            told = f"撤销日期 {on} 早于报告日期 {report.on}。"
            raise InputError("reversal_before", told, "请核对日期。", field="on")
        with change(
            county_code=county.code,
            by=actor.username,
            action="reverse_task_report",
            reason=reason,
            report=report_id,
        ):
            return TaskReport.objects.create(
                county=county, task_id=report.task_id, town_code=report.town_code, on=on, text=reason,
                reverses=report, filed_by=actor.username,
            )  # fmt: skip


def _may_report(actor: Actor, town_code: str) -> None:
    if actor.may(MANAGE_CAMPAIGNS) and actor.town_codes is None:
        return
    actor.require(REPORT_FACTS)
    if actor.town_codes is not None and town_code not in actor.town_codes:
        raise Forbidden("镇街只填报本镇街的进展。", remedy="请选择本镇街；全县任务请由县级专管员填报。")
    if actor.town_codes is None:
        raise Forbidden("进展由镇街或者攻坚专管员填报。", remedy="请由镇街经办人填报。")


def _may_be_done(task: Task, town_code: str, done_for: date) -> None:
    if task.each_town != bool(town_code):
        told = (
            "这项任务由各镇街分别完成。" if task.each_town else "这项任务由县级牵头单位完成，镇街只报进展。"
        )
        raise InputError("done_by_others", told, "请核对完成单位，或不填写“已完成”。", field="done_for")
    if done_for not in due_days(schedule_of(task), done_for):
        raise InputError(
            "not_a_due_day", f"{done_for} 不是这项任务的完成期限。", "请从列表中选择期限。", field="done_for"
        )


def _sound(facts: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: facts.get(name) for name in FACTS}
    for name in ("task_no", "title", "text", "basis"):
        told[name] = str(told[name] or "").strip()
        if not told[name]:
            raise InputError("task_incomplete", f"任务缺少“{name}”。", "请补充后重试。", field=name)
    for name in ("lead_units", "helper_units"):
        told[name] = [unit.strip() for unit in told[name] or [] if unit.strip()]
    if not told["lead_units"]:
        raise InputError(
            "task_without_lead",
            f"任务 {told['task_no']} 没有牵头单位。",
            "请填写牵头单位。",
            field="lead_units",
        )
    told["each_town"] = bool(told["each_town"])
    _time(told)
    if not isinstance(told["valid_from"], date):
        raise InputError(
            "task_without_start",
            f"任务 {told['task_no']} 没有起始日期。",
            "请填写起始日期。",
            field="valid_from",
        )
    if told["valid_to"] is not None and told["valid_to"] < told["valid_from"]:
        raise InputError("task_period", "结束日期早于起始日期。", "请核对日期。", field="valid_to")
    return told


def _time(told: dict[str, Any]) -> None:
    """The facts of the due day that belong to the rhythm; the others are emptied."""
    rhythm = told["rhythm"]
    if rhythm not in TIMED:
        raise InputError(
            "rhythm_unknown", f"任务 {told['task_no']} 的周期“{rhythm}”不可用。", f"可用的有：{'、'.join(TIMED)}。",
            field="rhythm",
        )  # fmt: skip
    for name in ("due_on", "month", "day", "weekday"):
        if name not in TIMED[rhythm]:
            told[name] = None
        elif told[name] is None:
            raise InputError(
                "task_without_due",
                f"任务 {told['task_no']} 没有写明期限。",
                "请按周期填写完成期限。",
                field=name,
            )
    for name, most in (("month", 12), ("day", 31), ("weekday", 7)):
        if told[name] is not None and not 1 <= told[name] <= most:
            raise InputError("due_out_of_range", f"“{name}”应在 1 至 {most} 之间。", "请核对。", field=name)
