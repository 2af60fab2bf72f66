"""The tasks on a day with what is still to be done, what is due or overdue, and the reports of the territory.

Refuses to show a town what another town has to do or reported; the county's own tasks everybody sees.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Prefetch, Q, QuerySet

from landgis.access.queries import Actor
from landgis.audit.known import known_then
from landgis.counties.models import County
from landgis.counties.queries import parameters
from landgis.lib.deadlines import Counted
from landgis.lib.errors import NotFound
from parcels.cadastre.lineage_models import Attachment
from parcels.tasks.models import Task, TaskPhoto, TaskReport
from parcels.tasks.rules import Schedule, mark, outstanding, when_in_words

REMINDERS = "tasks.reminder_days"
# What is corrected of a task while it runs.
CHANGING = ("title", "lead_units", "helper_units", "each_town", "rhythm", "due_on", "month", "day", "weekday")


@dataclass(frozen=True, slots=True)
class TaskDue(Counted):
    """One due day of one task, of a town or ("") of the county; `mark` is the reminder that has come, -1 = overdue."""

    task: Task
    town_code: str
    town_name: str
    due_on: date
    days_left: int
    mark: int | None

    @property
    def who(self) -> str:
        """The town that answers for it, or the county's lead units."""
        return self.town_name or "▲ " + "、".join(self.task.lead_units)


@dataclass(frozen=True, slots=True)
class TaskState:
    """A task with its next open due days and its newest report."""

    task: Task
    when: str
    dues: tuple[TaskDue, ...]
    reported_on: date | None

    @property
    def overdue(self) -> int:
        return sum(due.overdue for due in self.dues)

    @property
    def next_due(self) -> date | None:
        return min((due.due_on for due in self.dues if not due.overdue), default=None)


def schedule_of(task: Task) -> Schedule:
    return Schedule(
        task.rhythm, task.valid_from, task.valid_to, task.due_on, task.month, task.day, task.weekday
    )


def tasks_of(county: County, *, unit: str = "", text: str = "") -> QuerySet[Task]:
    rows = Task.objects.filter(county=county)
    if unit:
        rows = rows.filter(Q(lead_units__contains=[unit]) | Q(helper_units__contains=[unit]))
    if text:
        rows = rows.filter(Q(title__icontains=text) | Q(text__icontains=text) | Q(task_no__icontains=text))
    return rows.order_by("task_no", "valid_from")


def states_on(county: County, actor: Actor, on: date, tasks: Iterable[Task]) -> list[TaskState]:
    """Each task as it was then, with its open due days up to its next one; a fixed number of statements for all of them."""
    found = _as_known(tasks, on)
    towns = _towns(county, actor)
    marks = [int(one) for one in parameters(county, on)[REMINDERS]]
    reports = _live(actor, on).filter(task__in=found).order_by("on")
    done: dict[tuple[int, str], set[date]] = defaultdict(set)
    newest: dict[int, date] = {}
    for task_id, town, day, done_for in reports.values_list("task", "town_code", "on", "done_for"):
        newest[task_id] = day
        if done_for is not None:
            done[task_id, town].add(done_for)
    states = []
    for task in found:
        schedule = schedule_of(task)
        answerable = towns if task.each_town else {"": ""}
        dues = tuple(
            TaskDue(task, code, name, day, (day - on).days, mark((day - on).days, marks))
            for code, name in answerable.items()
            for day in _up_to_next(
                outstanding(schedule, on, done[task.pk, code], on + timedelta(days=366)), on
            )
            if task.valid_from <= on
        )
        states.append(TaskState(task, when_in_words(schedule), dues, newest.get(task.pk)))
    return states


def task_duties(county: County, actor: Actor, on: date, *, within_days: int, town: str = "") -> list[TaskDue]:
    """What is overdue or due within the days in the territory (or a town of it), the longest overdue first."""
    states = states_on(county, actor, on, tasks_of(county))
    asked = (
        due
        for state in states
        for due in state.dues
        if due.days_left <= within_days and (not town or due.town_code == town)
    )
    return sorted(asked, key=lambda due: (due.due_on, due.task.task_no, due.town_code))


def overdue_by_town(county: County, actor: Actor, on: date) -> dict[str, int]:
    """How many due days each town has let pass; the county's own tasks aren't a town's."""
    states = states_on(county, actor, on, tasks_of(county).filter(each_town=True))
    return dict(Counter(due.town_code for state in states for due in state.dues if due.overdue))


def task_in(county: County, task_id: int) -> Task:
    found = Task.objects.filter(county=county, pk=task_id).first()
    if found is None:
        raise NotFound("没有这项任务。", remedy="请返回任务清单查看。")
    return found


def reports_of(actor: Actor, *, task: Task | None = None, town: str = "") -> QuerySet[TaskReport]:
    """The reports that the actor may read with their photos, newest first."""
    photos = TaskPhoto.objects.select_related("attachment").defer(
        "attachment__content", "attachment__thumbnail"
    )
    rows = _visible(actor).select_related("task", "reverses", "reversed_by")
    if task is not None:
        rows = rows.filter(task=task)
    if town:
        rows = rows.filter(town_code=town)
    return rows.prefetch_related(Prefetch("photos", queryset=photos)).order_by("-on", "-pk")


def photo_of(actor: Actor, report_id: int, photo_id: int) -> Attachment:
    """A photo of a report that the actor may read, with its bytes."""
    found = TaskPhoto.objects.filter(pk=photo_id, report=report_id, report__in=_visible(actor))
    photo = found.select_related("attachment").first()
    if photo is None:
        raise NotFound("没有这份材料，或不在您的管辖范围内。", remedy="请返回任务页面查看。")
    return photo.attachment


def _as_known(tasks: Iterable[Task], on: date) -> list[Task]:
    """The tasks with what was asked on a day that is over: a term that was put off later was overdue all the same."""
    then, found = known_then(Task, on, CHANGING), []
    for task in tasks:
        told = copy(task)
        for name, value in then.get(task.pk, {}).items():
            setattr(told, name, value)
        found.append(told)
    return found


def _visible(actor: Actor) -> QuerySet[TaskReport]:
    rows = TaskReport.objects.filter(county_id=actor.county_code)
    if actor.town_codes is None:
        return rows
    return rows.filter(town_code__in=["", *actor.town_codes])


def _live(actor: Actor, on: date) -> QuerySet[TaskReport]:
    """Reports that stood on the day: filed by then and not taken back by then."""
    return _visible(actor).filter(Q(reversed_by=None) | Q(reversed_by__on__gt=on), reverses=None, on__lte=on)


def _towns(county: County, actor: Actor) -> dict[str, str]:
    towns = dict(county.towns.order_by("code").values_list("code", "name"))
    if actor.town_codes is not None:
        towns = {code: name for code, name in towns.items() if code in actor.town_codes}
    return towns


def _up_to_next(days: list[date], on: date) -> list[date]:
    """What is overdue, and the next due day."""
    late = [day for day in days if day < on]
    return [*late, *[day for day in days if day >= on][:1]]
