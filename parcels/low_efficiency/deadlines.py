"""What the files ask for on a day: weeks that nobody followed up, looks back at firms that ended, duties of their plans.

Refuses the duties of other towns than the actor's, and a look back that was done; a missing week is told once a file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from landgis.access.queries import Actor
from landgis.access.rules import VIEW_PLANS
from landgis.counties.models import County
from landgis.counties.queries import parameters
from landgis.lib.deadlines import Counted, days_between
from landgis.lib.workdays import WorkCalendar
from parcels.disposal.terms import Term, last_day
from parcels.low_efficiency.models import LowEfficiencyFile, LowEfficiencyStep, WeeklyFollowUp
from parcels.low_efficiency.procedure import (
    CHANGES_NOTHING,
    ENDED,
    LISTED,
    LOOKED_BACK,
    PLANNED,
    REOPENED,
    TITLES,
    effective,
)
from parcels.low_efficiency.queries import FileRow, file_rows
from parcels.low_efficiency.weeks import monday
from parcels.plans.deadlines import plan_duties

LOOK_BACK = "low_efficiency.term.look_back"
WEEK, LOOK, MILESTONE = "week", "look_back", "milestone"
KINDS = {WEEK: "每周跟踪", LOOK: "回头看", MILESTONE: "一企一策事项"}
SEVEN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class FileDue(Counted):
    """One duty of one file, answered for by its town or the county; `days_left` is negative when it is overdue."""

    file: LowEfficiencyFile
    town_code: str
    town_name: str
    kind: str
    title: str
    due_on: date
    days_left: int

    @property
    def kind_title(self) -> str:
        return KINDS[self.kind]


def file_duties(
    county: County, actor: Actor, on: date, *, within_days: int, town: str = "", with_plans: bool = True
) -> list[FileDue]:
    """What is overdue or due within the days in the territory (or a town of it), the longest overdue first.

    `with_plans`: also what the files' plans ask for; pages that show all plans' duties do without.
    """
    rows = [row for row in file_rows(county, actor, on) if not town or row.file.town_code == town]
    found = own_duties(county, rows, on)
    if with_plans and actor.may(VIEW_PLANS):
        found += _milestones(county, actor, rows, on, within_days)
    return _ordered(due for due in found if due.days_left <= within_days)


def own_duties(county: County, rows: Collection[FileRow], on: date) -> list[FileDue]:
    """What the files themselves ask for, without their plans: weeks and looks back, the longest overdue first."""
    return _ordered([*_weeks(rows, on), *_looks(county, rows, on)])


def matters(dues: Iterable[FileDue]) -> list[tuple[FileDue, int]]:
    """What is told as one matter, with its number of files: a town's missing weeks together, under the oldest of them."""
    found: dict[tuple[object, ...], list[FileDue]] = {}
    for due in dues:
        alone = (due.file.pk, due.kind, due.title, due.due_on)
        found.setdefault((WEEK, due.town_code) if due.kind == WEEK else alone, []).append(due)
    return [(min(same, key=lambda due: due.due_on), len(same)) for same in found.values()]


def look_back_on(county: County, ended_on: date) -> date:
    """The last day on which a firm that ended on the day is to be looked back at."""
    stated = parameters(county, ended_on)
    term = Term(int(stated[LOOK_BACK]["amount"]), stated[LOOK_BACK]["unit"])
    return last_day(term, ended_on, WorkCalendar.from_mapping(stated)).rolled


def _ordered(found: Iterable[FileDue]) -> list[FileDue]:
    return sorted(found, key=lambda due: (due.due_on, due.file.file_no, due.kind, due.title))


def _due(row: FileRow, on: date, kind: str, title: str, due_on: date) -> FileDue:
    return FileDue(row.file, row.file.town_code, row.town_name, kind, title, due_on, days_between(on, due_on))


def _weeks(rows: Collection[FileRow], on: date) -> Iterator[FileDue]:
    """From the first whole week on the list until the file ends, each week is followed up by its Sunday."""
    running = {row.file.pk: row for row in rows if row.is_listed and row.state not in ENDED}
    told: dict[int, set[date]] = defaultdict(set)
    followed = WeeklyFollowUp.objects.filter(file_id__in=running, week_on__lte=on)
    for file_id, week in followed.values_list("file_id", "week_on").distinct():
        told[file_id].add(week)
    for file_id, row in running.items():
        since = max(
            (step.on for step in effective(row.steps) if step.kind in (LISTED, REOPENED)), default=None
        )
        if since is None:
            continue
        first = monday(since) if since == monday(since) else monday(since) + SEVEN
        weeks = (first + SEVEN * n for n in range((monday(on) - first).days // 7 + 1))
        missing = [week for week in weeks if week not in told[file_id]]
        if missing:
            late = sum(week + SEVEN <= on for week in missing)
            title = f"缺 {late} 周，最早 {missing[0]} 一周" if late else f"{missing[0]} 一周"
            yield _due(row, on, WEEK, title, missing[0] + SEVEN - timedelta(days=1))


def _looks(county: County, rows: Collection[FileRow], on: date) -> Iterator[FileDue]:
    """Each ending is looked back at once within its term."""
    until: dict[date, date] = {}
    for row in rows:
        steps = effective(row.steps)
        if row.ended_on is None:
            continue
        last = max(n for n, step in enumerate(steps) if step.kind not in CHANGES_NOTHING)
        if any(step.kind == LOOKED_BACK for step in steps[last:]):
            continue
        due_on = until.setdefault(row.ended_on, look_back_on(county, row.ended_on))
        yield _due(row, on, LOOK, f"{TITLES[row.state]}（{row.ended_on}）后回头看", due_on)


def _milestones(
    county: County, actor: Actor, rows: Collection[FileRow], on: date, within_days: int
) -> Iterator[FileDue]:
    running = {row.file.pk: row for row in rows if row.state not in ENDED}
    steps = LowEfficiencyStep.objects.filter(file_id__in=running, kind=PLANNED, reversed_by=None, on__lte=on)
    file_of_plan = {plan: file for file, plan in steps.order_by("seq").values_list("file_id", "plan_id")}
    for due in plan_duties(county, actor, on, within_days=within_days):
        if due.plan_id in file_of_plan:
            row = running[file_of_plan[due.plan_id]]
            yield _due(row, on, MILESTONE, f"{due.title}（{due.plan}，▲{due.unit} {due.person}）", due.due_on)
