"""The rows behind a report's figures on a day: projects and their credits, idle land, cases, terms, tasks; firms' energy.

Refuses a statement a row, rows of other towns, and a sum of energy that would tell of too few firms.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q

from landgis.access.queries import Actor, in_territory
from landgis.audit.known import known_then
from landgis.counties.models import County
from landgis.lib.columns import read_rows
from landgis.lib.units import m2_to_mu
from parcels.campaigns.models import Credit, Project, ProjectStep
from parcels.campaigns.queries import Status
from parcels.campaigns.rules import STAGES, standing
from parcels.campaigns.then import running
from parcels.disposal.deadlines import deadlines
from parcels.disposal_lists.period import cases_of_period
from parcels.enterprises.years import firms_of_year
from parcels.idle_land.queries import phases_judged
from parcels.idle_land.rules import FINDING_TITLES
from parcels.low_efficiency.deadlines import WEEK, matters, own_duties
from parcels.low_efficiency.queries import FileRow
from parcels.reports.firms import firm_items, firms_in, told_sums
from parcels.reports.framing import frame_items
from parcels.reports.rules import UNPLACED, Item, Period, counted, exact
from parcels.tasks.queries import task_duties

# By the town that each firm belonged to in the year.
ENERGY = f"""
SELECT e.town_code, sum(r.energy_tce), count(*), max(r.energy_tce)
  FROM enterprises_annualreturn r JOIN {firms_of_year()} e ON e.id = r.enterprise_id
 WHERE e.county_id = %(county)s AND r.year = %(year)s AND r.energy_tce IS NOT NULL
 GROUP BY e.town_code ORDER BY e.town_code
"""
_IDLE = ("idle_not_started", "idle_stopped")
# What is corrected of a project while it runs: a past day has it as it was then.
_CHANGING = ("name", "parcel_codes")
_Then = Mapping[int, Mapping[str, Any]]


def items_on(
    county: County, actor: Actor, status: Status, period: Period, firms: Sequence[FileRow]
) -> list[Item]:
    """Every row of the actor's territory that some figure of the day counts, by kind and key."""
    then = known_then(Project, period.last, _CHANGING)
    found = [
        *_projects(actor, period),
        *_credits(actor, status, period.last, then),
        *_phases(county, actor, period.last),
        *_cases(county, actor, period),
        *_terms(county, actor, period.last),
        *_tasks(county, actor, period.last),
        *_duties(county, firms_in(actor, firms), period.last),
        *firm_items(actor, firms, period),
        *frame_items(county, actor, period.last),
    ]
    return sorted(found, key=lambda item: (item.kind, item.key))


def energy_by_town(county: County, year: int) -> dict[str, str]:
    """Town → what its firms returned as energy used in the year (tce), the county's under WHOLE; too few firms are left out."""
    sums = read_rows(ENERGY, {"county": county.code, "year": year})
    return told_sums(county, date(year, 12, 31), sums)


def _projects(actor: Actor, period: Period) -> Iterator[Item]:
    on = period.last
    rows = running(actor, on)
    done = _standing_on([row.pk for row in rows], on)
    for row in rows:
        stages = done.get(row.pk, [])
        late = row.due_on is not None and row.due_on < on and "done" not in stages
        parts = {"overdue_tasks": late}
        if row.ledger == "remediation":
            parts |= {
                "listed": True, "agreements": "agreement" in stages, "closed": "closed" in stages,
                "new_listed": row.opened_on >= period.first,
            }  # fmt: skip
        titles = {stage.code: stage.title for stage in STAGES[row.ledger]}
        state = titles.get(stages[-1], stages[-1]) if stages else "立项"
        told = f"{state}，计划 {row.due_on} 完成已逾期" if late else state
        yield Item(
            "project", row.project_no, row.name, row.town_code, tuple(row.parcel_codes), told, counted(parts)
        )


def _standing_on(projects: Sequence[int], on: date) -> dict[int, list[str]]:
    """Project → the stages that counted on the day: one taken back later still did."""
    steps: dict[int, list[str]] = defaultdict(list)
    rows = ProjectStep.objects.filter(
        Q(reversed_by=None) | Q(reversed_by__on__gt=on), project__in=projects, reverses=None, on__lte=on
    )
    for project, stage in rows.order_by("project_id", "seq").values_list("project_id", "stage"):
        steps[project].append(stage)
    return {project: standing(stages) for project, stages in steps.items()}


def _credits(actor: Actor, status: Status, on: date, then: _Then) -> Iterator[Item]:
    firsts = {
        ledger: date(on.year, 1, 1) if one.period is None else one.period.first
        for ledger, one in status.ledgers.items()
    }
    rows = in_territory(Credit.objects.all(), actor).filter(on__lte=on).order_by("pk")
    for pk, ledger, town, day, area_m2, reverses, reversed_on, number, under, project, *now in rows.values_list(
        "pk", "ledger", "town_code", "on", "area_m2", "reverses_id", "reverses__on", "project__project_no",
        "parcels_m2", "project_id", *(f"project__{name}" for name in _CHANGING),
    ):  # fmt: skip
        name, codes = then[project].values() if project in then else now
        ended_on = status.ledgers[ledger].ended_on
        # Of a plan that ended, a reversal belongs to the day of what it takes back.
        counted_on = day if ended_on is None else reversed_on or day
        if counted_on < firsts[ledger]:
            continue
        figure = f"{ledger}_after_mu" if ended_on is not None and counted_on > ended_on else f"{ledger}_mu"
        told = f"{day} {f'冲销第 {reverses} 笔' if reverses else '入账'}"
        part = {figure: exact(m2_to_mu(area_m2))}
        # What was recorded before parcels were frozen with it has only its project's.
        ground = {code: exact(Decimal(str(m2))) for code, m2 in sorted(under.items())}
        parcels = tuple(ground) or tuple(codes)
        yield Item("credit", f"{number}/{pk:08d}", f"{number} {name}", town, parcels, told, part, ground)


def _phases(county: County, actor: Actor, on: date) -> Iterator[Item]:
    for record, found in phases_judged(county, actor, on):
        parts: dict[str, str] = {}
        if found.code in _IDLE:
            parts = {"suspected": "1"}
            if record.area_m2 is not None:
                parts["suspected_mu"] = exact(m2_to_mu(record.area_m2))
        elif found.code == "overdue":
            parts = {"overdue_starts": "1"}
        if parts:
            number = record.facts.contract_no or record.supervision_no
            yield Item(
                "phase",
                f"{number}/{record.facts.phase_no}/{record.phase_id:08d}",
                f"合同 {number} 第 {record.facts.phase_no} 期",
                record.town_code,
                _one(record.parcel_code),
                FINDING_TITLES[found.code],
                parts,
            )


def _cases(county: County, actor: Actor, period: Period) -> Iterator[Item]:
    for case in cases_of_period(county, actor, period.first, period.last):
        parts = counted({"idle": case.is_open, "idle_new": case.is_new, "idle_disposed": case.is_disposed})
        if case.is_open and case.area_m2:
            parts["idle_mu"] = exact(m2_to_mu(case.area_m2))
        yield Item("case", case.case_no, "处置案件", case.town_code, _one(case.parcel_code), case.told, parts)


def _terms(county: County, actor: Actor, on: date) -> Iterator[Item]:
    for due in deadlines(county, actor, on).overdue:
        yield Item(
            "term",
            f"{due.case}/{due.step}/{due.started_on}",
            f"{due.case} {due.title}",
            due.town_code,
            _one(due.parcel_code),
            f"应于 {due.due_on} 前办理",
            {"overdue_tasks": "1"},
        )


def _tasks(county: County, actor: Actor, on: date) -> Iterator[Item]:
    """A town's part holds its own tasks only: the county's own stand in the county's row."""
    for due in task_duties(county, actor, on, within_days=-1):
        if actor.town_codes is None or due.town_code:
            yield Item(
                "task",
                f"{due.task.task_no}/{due.town_code or UNPLACED}/{due.due_on}",
                f"任务 {due.task.task_no} {due.task.title}",
                due.town_code,
                (),
                f"应于 {due.due_on} 前完成",
                {"overdue_tasks": "1"},
            )


def _duties(county: County, firms: Sequence[FileRow], on: date) -> Iterator[Item]:
    """Looks back at inefficient firms by file, and of the weeks that nobody followed up one row a town."""
    for due, files in matters(due for due in own_duties(county, firms, on) if due.overdue):
        weeks = due.kind == WEEK
        yield Item(
            "weeks" if weeks else "look_back",
            f"{(due.town_code or UNPLACED) if weeks else due.file.file_no}/{due.due_on}",
            f"高耗低效企业每周跟踪 {files} 家没有填报" if weeks else f"{due.file.file_no} {due.title}",
            due.town_code,
            (),
            f"应于 {due.due_on} 前办理",
            {"overdue_tasks": "1"},
        )


def _one(code: str) -> tuple[str, ...]:
    return (code,) if code else ()
