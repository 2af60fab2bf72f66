"""What is corrected of a project or a task later doesn't reach back: reports, the wall and the map of a past day keep it."""

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from landgis.access.queries import Actor
from landgis.audit import change as audit_change
from landgis.counties.models import County
from layers.catalog.rows import Question, rows
from parcels.campaigns.actions import open_project, record_stage
from parcels.campaigns.credit_actions import credit_ground
from parcels.campaigns.models import Project
from parcels.campaigns.project_actions import edit_project
from parcels.campaigns.published import PROJECTS, REMEDIATION
from parcels.campaigns.queries import as_document, status_on
from parcels.ledgers.overview import overview
from parcels.ledgers.queries import changes_of
from parcels.low_efficiency.bulletin import bulletin
from parcels.reports.queries import content_on
from parcels.reports.rules import canonical
from parcels.tasks.actions import FACTS, save_task
from parcels.tasks.models import Task
from parcels.tasks.queries import task_duties
from parcels.wall.queries import wall_on
from tests import factories

pytestmark = pytest.mark.django_db
OPENED, DUE, LATER, THEN = date(2022, 1, 1), date(2022, 6, 30), date(2030, 6, 30), date(2022, 12, 31)
FIRST = factories.box(0, 0, 2, 2)

Written = Callable[[date | None], None]


@pytest.fixture
def officer(cast: dict[str, Actor]) -> Actor:
    return cast["evaluation_officer"]


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Written:
    """The day on which what follows is put on record (None: today)."""

    def on(day: date | None) -> None:
        if day is None:
            return monkeypatch.undo()
        then = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
        monkeypatch.setattr(audit_change, "timezone", SimpleNamespace(now=lambda: then))
        return None

    return on


def opened(county: County, officer: Actor) -> Project:
    factories.parcel(county, "A", FIRST, town_code=factories.TOWN_WEST)
    factories.parcel(county, "B", factories.box(4, 0, 8, 2), town_code=factories.TOWN_WEST)
    return open_project(
        county=county, actor=officer, ledger="remediation", name="原名", lead_unit="自规局", on=OPENED, reason="立项",
        parcel_codes=["A"], due_on=DUE,
    )  # fmt: skip


def put_off(county: County, officer: Actor, project: Project, **more: Any) -> None:
    told: dict[str, Any] = {
        "name": "新名",
        "lead_unit": "自规局",
        "due_on": LATER,
        "reason": "经批准延期",
    } | more
    edit_project(county=county, actor=officer, project_id=project.pk, **told)


def on_the_map(officer: Actor, on: date) -> tuple[Any, ...]:
    question = Question(PROJECTS, officer, on)
    progress = next(column for column in question.columns if column.property.name == "progress")
    found = rows(question, [progress])
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT g.name, g.due_on, {progress.sql}, round(g.area_m2) {found.sql}", found.values)
        (row,) = cursor.fetchall()
    return tuple(row)


def test_a_term_put_off_later_was_overdue_all_the_same(
    county: County, officer: Actor, written: Written
) -> None:
    written(OPENED)
    project = opened(county, officer)
    written(None)
    before = content_on(county, officer, "weekly", THEN)
    area = round(project.area_m2)
    put_off(county, officer, project, parcel_codes=["A", "B"])
    again = content_on(county, officer, "weekly", THEN)
    assert canonical(again.as_json()) == canonical(before.as_json())
    (item,) = [item for item in again.items if item.kind == "project"]
    assert (item.title, item.parts.get("overdue_tasks"), item.parcels) == ("原名", "1", ("A",))
    assert on_the_map(officer, THEN) == ("原名", DUE, "overdue", area)
    today = timezone.localdate()
    (now,) = [item for item in content_on(county, officer, "weekly", today).items if item.kind == "project"]
    assert (now.title, now.parts.get("overdue_tasks"), now.parcels) == ("新名", None, ("A", "B"))
    assert on_the_map(officer, today)[:3] == ("新名", LATER, "open")


def figures_of(county: County, actor: Actor, on: date) -> tuple[Any, ...]:
    """What every page tells by town of a day; the towns of each add up to its county."""
    status, page, week = (
        status_on(county, actor, on),
        overview(county, actor, on),
        bulletin(county, actor, on, on),
    )
    for ledger, one in status.ledgers.items():
        assert sum(one.town_projects.values()) == one.projects
        assert sum(line.projects[ledger] for line in page.towns) == page.county.projects[ledger]
        assert sum(line.stages[ledger].agreed for line in page.towns) == page.county.stages[ledger].agreed
    wall = wall_on(county, actor, on)
    # Whether a row leads to its page is a matter of what one may open today.
    overdue = [{name: told for name, told in row.items() if name != "url"} for row in wall["overdue"]]
    return (
        as_document(status),
        [asdict(line) for line in page.towns],
        week,
        wall["rows"],
        wall["map"],
        overdue,
    )


def test_a_project_moved_later_counts_its_past_days_where_it_lay(
    county: County, officer: Actor, cast: dict[str, Actor], written: Written
) -> None:
    written(OPENED)
    project = opened(county, officer)
    factories.parcel(county, "C", factories.box(20, 0, 28, 2), town_code=factories.TOWN_EAST)
    for stage in ("plan", "agreement"):
        record_stage(
            county=county, actor=officer, project_id=project.pk, stage=stage, on=OPENED, person="王", reason="登记",
            evidence="附件",
        )  # fmt: skip
    written(None)
    towns, places = (factories.TOWN_WEST, factories.TOWN_EAST), {}
    # The west's officer, the east's, and the county's: what each is told of the day before and after the move.
    actors = {town: replace(cast["township_officer"], town_codes=(town,)) for town in towns}
    actors["county"] = officer
    before = {who: figures_of(county, actor, THEN) for who, actor in actors.items()}
    put_off(county, officer, project, parcel_codes=["C"])
    assert {who: figures_of(county, actor, THEN) for who, actor in actors.items()} == before
    today = timezone.localdate()
    for on in (THEN, today):
        counted = status_on(county, officer, on).ledgers["remediation"].town_projects
        drawn = {code for code, actor in actors.items() if lies_on_the_map(actor, on)} - {"county"}
        (item,) = [item for item in content_on(county, officer, "weekly", on).items if item.kind == "project"]
        places[on] = (counted, drawn, item.town_code, item.parcels)
    west, east = towns
    assert places == {
        THEN: ({west: 1}, {west}, west, ("A",)),
        today: ({east: 1}, {east}, east, ("C",)),
    }
    ((_, facts),) = changes_of(Project.objects.get(pk=project.pk))
    names = dict(county.towns.values_list("code", "name"))
    assert ("镇街", names[west], names[east]) in facts


def lies_on_the_map(actor: Actor, on: date) -> bool:
    found = rows(Question(PROJECTS, actor, on), [])
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {found.sql}", found.values)
        return bool(cursor.fetchone()[0])


def test_credited_ground_of_a_past_day_keeps_its_projects_name(
    county: County, officer: Actor, written: Written
) -> None:
    written(OPENED)
    project = opened(county, officer)
    for stage in ("plan", "works", "done"):
        record_stage(
            county=county, actor=officer, project_id=project.pk, stage=stage, on=OPENED, person="王", reason="登记",
            evidence="附件",
        )  # fmt: skip
    credit_ground(
        county=county, actor=officer, project_id=project.pk, on=DUE, evidence="验收单", reason="入账"
    )
    written(None)
    put_off(county, officer, project)
    for on, name in ((THEN, "原名"), (timezone.localdate(), "新名")):
        found = rows(Question(REMEDIATION, officer, on), [])
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT g.name {found.sql}", found.values)
            assert cursor.fetchall() == [(name,)]
    titles = [
        one["properties"]["title"] for one in wall_on(county, officer, THEN)["map"]["remediation"]["features"]
    ]
    assert titles == [f"{project.project_no} 原名"]


def test_a_slip_put_right_on_its_day_is_no_state(county: County, officer: Actor) -> None:
    project = opened(county, officer)
    put_off(county, officer, project)
    (item,) = [item for item in content_on(county, officer, "weekly", THEN).items if item.kind == "project"]
    assert (item.title, item.parts.get("overdue_tasks")) == ("新名", None)
    assert on_the_map(officer, THEN)[:3] == ("新名", LATER, "open")


def test_a_tasks_term_put_off_later_too(county: County, officer: Actor, written: Written) -> None:
    facts = {
        "task_no": "T1", "title": "排摸", "text": "排摸企业", "basis": "方案", "lead_units": ["经信局"], "helper_units": [],
        "each_town": False, "rhythm": "once", "due_on": DUE, "valid_from": OPENED, "valid_to": None,
    }  # fmt: skip
    written(OPENED)
    task = save_task(county=county, actor=officer, facts=facts, reason="下达")
    written(None)
    put = {name: getattr(task, name) for name in FACTS} | {"due_on": LATER, "title": "排摸（延期）"}
    save_task(county=county, actor=officer, facts=put, reason="延期", task_id=task.pk)
    (due,) = task_duties(county, officer, THEN, within_days=-1)
    assert (due.task.title, due.due_on) == ("排摸", DUE)
    assert task_duties(county, officer, timezone.localdate(), within_days=-1) == []
    assert Task.objects.get(pk=task.pk).due_on == LATER
