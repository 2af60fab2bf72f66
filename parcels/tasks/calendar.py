"""The tasks' due days in a person's calendar feed.

Refuses them to officers who neither report on tasks nor manage them, and a town those of another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from landgis.access.queries import Actor
from landgis.access.rules import MANAGE_CAMPAIGNS, MANAGE_IDLE_CASES
from landgis.counties.models import County
from parcels.disposal.feed_sources import Event
from parcels.tasks.models import Task
from parcels.tasks.queries import task_duties


def task_events(county: County, actor: Actor, on: date, within_days: int) -> Iterator[Event]:
    """One entry for a due day of a task: a town's own, or the county's with how many towns still owe it."""
    concerned = actor.may(MANAGE_CAMPAIGNS) or not actor.may(MANAGE_IDLE_CASES)
    if actor.town_codes is None and not concerned:
        return
    found: dict[tuple[Task, date], list[str]] = defaultdict(list)
    for due in task_duties(county, actor, on, within_days=within_days):
        if actor.town_codes is None or due.town_code:
            found[due.task, due.due_on].append(due.town_name)
    for (task, due_on), towns in found.items():
        open_towns = f"（{len(towns)} 个镇街未完成）" if actor.town_codes is None and towns[0] else ""
        yield Event(f"task-{task.pk}-{due_on:%Y%m%d}", due_on, f"{task.task_no} {task.title}{open_towns}")
