"""Reading what is to be told on a day, to whom, and a person's own notices and digests.

Refuses the notices of anybody else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from landgis.access.models import Assignment
from landgis.access.queries import Actor
from landgis.access.rules import (
    MANAGE_CAMPAIGNS,
    MANAGE_FIRM_PLANS,
    MANAGE_IDLE_CASES,
    REPORT_FACTS,
    RIGHTS,
)
from landgis.counties.models import County
from landgis.counties.queries import in_force, parameters
from landgis.lib.errors import NotFound
from parcels.disposal.deadlines import deadlines
from parcels.disposal.models import IdleCase
from parcels.low_efficiency.deadlines import MILESTONE, WEEK, FileDue, file_duties, matters
from parcels.notices.models import Digest, Notice
from parcels.notices.rules import (
    FILE,
    TASK,
    Item,
    People,
    case_key,
    file_key,
    phase_key,
    task_key,
    threshold_of,
)
from parcels.tasks.queries import REMINDERS, task_duties

THRESHOLDS = "notices.thresholds_days"


def thresholds(county: County, on: date) -> list[int]:
    """How many days ahead people are told of cases and of tasks, by the county's parameters."""
    stated = parameters(county, on)
    return sorted({int(bound) for bound in (*stated[THRESHOLDS], *stated[REMINDERS])})


def items_on(county: County, actor: Actor, on: date) -> list[Item]:
    """Everything that is overdue or due within the longest threshold; a mere right of somebody is nobody's duty."""
    return [
        *_of_idle_land(county, actor, on),
        *_of_tasks(county, actor, on),
        *items_of_files(county, actor, on),
    ]


def items_of_files(county: County, actor: Actor, on: date, town: str = "") -> list[Item]:
    """What the files of inefficient firms ask for; the weeks that a town hasn't followed up are one matter of the town."""
    bounds = [int(bound) for bound in parameters(county, on)[THRESHOLDS]]
    found = file_duties(county, actor, on, within_days=max(bounds), town=town)
    return [_of_file(due, files, bounds) for due, files in matters(found)]


def _of_file(due: FileDue, files: int, bounds: list[int]) -> Item:
    firm, weeks = due.file.enterprise.name, due.kind == WEEK
    told = f"每周跟踪：{files} 家企业还没有填报，最早 {due.due_on} 到期" if weeks else due.title
    return Item(
        key=file_key(
            due.town_code if weeks else due.file.pk,
            due.kind,
            due.due_on,
            due.title if due.kind == MILESTONE else "",
        ),
        kind=FILE,
        title=told[:200],
        subject=f"{due.town_name} {firm}等" if weeks else f"{due.file.file_no} {firm}",
        article=due.kind_title,
        due_on=due.due_on,
        days_left=due.days_left,
        officer="",
        town_code=due.town_code,
        threshold=threshold_of(due.days_left, bounds),
        file_id=None if weeks else due.file.pk,
    )


def _of_idle_land(county: County, actor: Actor, on: date) -> list[Item]:
    bounds = [int(bound) for bound in parameters(county, on)[THRESHOLDS]]
    found = deadlines(county, actor, on, within_days=max(bounds))
    items = [
        Item(
            key=case_key(due.case_id, due.step, due.from_seq, due.due_on),
            kind="deadline",
            title=due.title,
            subject=f"{due.case} {due.holder_name}".strip(),
            article=due.article,
            due_on=due.due_on,
            days_left=due.days_left,
            officer=due.officer,
            town_code=due.town_code,
            threshold=threshold_of(due.days_left, bounds),
            case_id=due.case_id,
            case_no=due.case,
        )
        for due in (*found.overdue, *found.due)
        if due.side != "window" and due.due_on is not None and due.days_left is not None
    ]
    phases = [reminder.phase_id for reminder in found.reminders]
    opened = {case.phase_id: case for case in IdleCase.objects.filter(phase_id__in=phases, closed_on=None)}
    for reminder in found.reminders:
        case = opened.get(reminder.phase_id)
        items.append(
            Item(
                key=phase_key(reminder.phase_id, reminder.kind, reminder.due_on),
                kind=reminder.kind,
                title=reminder.title,
                subject=f"{reminder.contract_no or reminder.supervision_no} {reminder.holder_name}".strip(),
                article="",
                due_on=reminder.due_on,
                days_left=reminder.days_left,
                officer=case.officer if case else "",
                town_code=reminder.town_code,
                threshold=threshold_of(reminder.days_left, bounds),
                case_id=case.pk if case else None,
                case_no=case.case_no if case else "",
            )
        )
    return items


def _of_tasks(county: County, actor: Actor, on: date) -> list[Item]:
    """The tasks under the reminder that has come for them, which has a parameter of its own."""
    widest = max((int(one) for one in parameters(county, on)[REMINDERS]), default=0)
    return [
        Item(
            key=task_key(due.task.pk, due.town_code, due.due_on),
            kind=TASK,
            title=due.task.title,
            subject=f"{due.task.task_no} {due.who}",
            article=due.task.basis,
            due_on=due.due_on,
            days_left=due.days_left,
            officer="",
            town_code=due.town_code,
            threshold=due.mark,
            task_id=due.task.pk,
        )
        for due in task_duties(county, actor, on, within_days=widest)
    ]


def people_on(county: County, on: date) -> People:
    """Who holds office on the day: the county's idle-land officers and managers, and those who answer for a town."""
    rows = Assignment.objects.filter(in_force(on), county=county, user__is_active=True)
    officers: dict[str, int] = {}
    towns: dict[str, list[int]] = defaultdict(list)
    managers: list[int] = []
    planners: list[int] = []
    for role, town, user, name in rows.order_by("user_id").values_list(
        "role", "town_code", "user_id", "user__username"
    ):
        rights = RIGHTS.get(role, frozenset())
        if not town and MANAGE_IDLE_CASES in rights:
            officers[name] = user
        if not town and MANAGE_CAMPAIGNS in rights:
            managers.append(user)
        if not town and MANAGE_FIRM_PLANS in rights:
            planners.append(user)
        if town and REPORT_FACTS in rights:
            towns[town].append(user)
    return People(officers, towns, managers, planners)


def unread_count(user_id: int, county_code: str) -> int:
    """The number on the bell, in one statement that an index answers."""
    return Notice.objects.filter(
        user_id=user_id, county_id=county_code, read_at=None, settled_on=None
    ).count()


def notices_of(user_id: int, county_code: str, asked: Mapping[str, Any]) -> QuerySet[Notice]:
    """A person's notices. `asked`: state (open, unread, settled, all), kind, threshold, scope and q."""
    rows = Notice.objects.filter(user_id=user_id, county_id=county_code).select_related(
        "case", "task", "file"
    )
    match asked.get("state") or "open":
        case "unread":
            rows = rows.filter(read_at=None, settled_on=None)
        case "settled":
            rows = rows.exclude(settled_on=None)
        case "open":
            rows = rows.filter(settled_on=None)
        case _:
            pass
    for name in ("kind", "scope"):
        if asked.get(name):
            rows = rows.filter(**{name: asked[name]})
    if asked.get("threshold") not in (None, ""):
        rows = rows.filter(threshold=int(asked["threshold"]))
    if text := str(asked.get("q") or "").strip():
        rows = rows.filter(Q(subject__icontains=text) | Q(title__icontains=text))
    return rows.order_by("due_on", "-written_on", "pk")


def digests_of(user_id: int, county_code: str) -> QuerySet[Digest]:
    return Digest.objects.filter(user_id=user_id, county_id=county_code).defer("rows").order_by("-on")


def digest_of(user_id: int, county_code: str, on: date) -> Digest:
    """A person's digest of a day; raises NotFound where none was written."""
    found = Digest.objects.filter(user_id=user_id, county_id=county_code, on=on).first()
    if found is None:
        raise NotFound(f"没有 {on} 的每日摘要。", remedy="请在通知页面选择日期。")
    return found
