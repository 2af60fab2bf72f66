"""Tasks among what is told of a day: notices and digests by person, settled by the report, the page, the feed, the command."""

from __future__ import annotations

import json
from datetime import date, timedelta
from html import unescape
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from landgis.access.queries import Actor
from landgis.counties.models import County
from parcels.notices.actions import send_digest
from parcels.notices.models import Digest, Notice
from parcels.tasks.actions import file_report, reverse_report, save_task
from parcels.tasks.models import Task
from tests import factories
from tests.factories import SignIn

pytestmark = pytest.mark.django_db
DUE = date(2024, 4, 1)
WEST, EAST = factories.TOWN_WEST, factories.TOWN_EAST
Told = dict[str, list[tuple[str, int, str, str]]]


def made(county: County, actor: Actor, number: str, due_on: date = DUE, *, each_town: bool = False) -> Task:
    facts = {
        "task_no": number, "title": f"任务{number}", "text": "内容", "basis": "行动方案 五",
        "lead_units": ["自规局"], "each_town": each_town, "rhythm": "once", "due_on": due_on,
        "valid_from": date(2021, 1, 1),
    }  # fmt: skip
    return save_task(county=county, actor=actor, facts=facts, reason="行动方案")


@pytest.fixture
def tasks(county: County, cast: dict[str, Actor]) -> tuple[Task, Task]:
    """One of the county, one that each town answers for itself."""
    manager = cast["registrar"]
    return made(county, manager, "1"), made(county, manager, "2", each_town=True)


def told(county: County, cast: dict[str, Actor], on: date) -> Told:
    """Person → what stands open before them after the run of the day: task, threshold, scope, town."""
    send_digest(county=county, actor=cast["idle_land_officer"], on=on, today=date(2026, 1, 1), commit=True)
    found: Told = {}
    for row in Notice.objects.filter(settled_on=None).select_related("task", "user").order_by("key"):
        assert row.task is not None
        entry = (row.task.task_no, row.threshold, row.scope, row.town_code)
        found.setdefault(row.user.username, []).append(entry)
    return found


def test_towns_are_told_their_own_and_managers_the_countys_and_what_is_late(
    county: County, cast: dict[str, Actor], tasks: tuple[Task, Task]
) -> None:
    assert told(county, cast, DUE - timedelta(days=31)) == {}
    own = [("1", 30, "county", "")]
    assert told(county, cast, DUE - timedelta(days=30)) == {
        "registrar": own, "evaluation_officer": own, "township_officer": [("2", 30, "town", WEST)],
    }  # fmt: skip
    late = told(county, cast, DUE + timedelta(days=1))
    assert late["township_officer"] == [("2", -1, "town", WEST)]
    assert late["registrar"] == [
        ("1", -1, "county", ""), ("2", -1, "county", WEST), ("2", -1, "county", EAST)
    ]  # fmt: skip
    assert "idle_land_officer" not in late
    (digest,) = Digest.objects.filter(user__username="registrar", on=DUE + timedelta(days=1))
    assert digest.counts["overdue"] == 3
    assert {row["task_id"] for row in digest.rows} == {task.pk for task in tasks}


def test_a_report_settles_at_once_and_taken_back_it_is_told_again(
    county: County, cast: dict[str, Actor], tasks: tuple[Task, Task]
) -> None:
    town = cast["township_officer"]
    told(county, cast, DUE)
    report = file_report(
        county=county, actor=town, task_id=tasks[1].pk, town_code=WEST, on=DUE, text="已完成", done_for=DUE
    )
    assert list(Notice.objects.filter(task=tasks[1]).values_list("settled_why", flat=True)) == ["done"]
    assert not Notice.objects.filter(task=tasks[0]).exclude(settled_on=None).exists()
    assert "township_officer" not in told(county, cast, DUE)
    reverse_report(county=county, actor=town, report_id=report.pk, on=DUE, reason="误")
    assert told(county, cast, DUE)["township_officer"] == [("2", 0, "town", WEST)]


def test_the_page_shows_notices_and_duties_with_links(
    county: County, cast: dict[str, Actor], tasks: tuple[Task, Task], signed_in: SignIn
) -> None:
    told(county, cast, DUE + timedelta(days=1))
    client = signed_in("township_officer")
    for address in ("/notices/", "/notices/?kind=task", f"/notices/digests/{DUE + timedelta(days=1)}/"):
        page = unescape(client.get(address).content.decode())
        assert f'href="/tasks/{tasks[1].pk}/"' in page, address
        assert f'href="/tasks/{tasks[0].pk}/"' not in page
    assert "任务2" not in client.get("/notices/?kind=deadline").content.decode()
    assert client.get("/notices/list.xlsx?state=all").status_code == 200

    def listed(who: Client, asked: str = "") -> list[str]:
        page = unescape(who.get(f"/idle-land/deadlines/{asked}").content.decode())
        section = page.partition('id="tasks"')[2].partition("</section>")[0]
        return [row.partition("</a>")[0].rpartition(">")[2] for row in section.split("<tr>")[2:]]

    assert listed(client) == ["1 任务1", "2 任务2"]
    leader = signed_in("leader")
    assert listed(leader) == ["1 任务1", "2 任务2", "2 任务2"]
    assert listed(leader, f"?days=30&town={EAST}") == ["2 任务2"]
    assert listed(leader, "?days=30&officer=idle_land_officer") == []


def test_the_calendar_holds_the_persons_tasks(
    county: County, cast: dict[str, Actor], signed_in: SignIn
) -> None:
    soon = timezone.localdate() + timedelta(days=20)
    own = made(county, cast["registrar"], "1", soon)
    towns = made(county, cast["registrar"], "2", soon, each_town=True)
    told = {}
    for role in ("township_officer", "leader", "idle_land_officer"):
        page = signed_in(role).post("/idle-land/deadlines/feed").content.decode()
        token = page.partition("?token=")[2].partition('"')[0]
        told[role] = Client().get(f"/idle-land/deadlines.ics?token={token}").content.decode()
    assert f"UID:task-{towns.pk}-{soon:%Y%m%d}@" in told["township_officer"]
    assert f"UID:task-{own.pk}-" not in told["township_officer"]
    assert f"UID:task-{own.pk}-" in told["leader"]
    assert "SUMMARY:2 任务2（2 个镇街未完成）" in told["leader"]
    assert told["leader"].count("BEGIN:VEVENT") == 2
    assert "UID:task-" not in told["idle_land_officer"]


def test_the_command_lists_tasks(county: County, tasks: tuple[Task, Task], settings: object) -> None:
    settings.LANDGIS_COUNTY = county.code  # type: ignore[attr-defined]
    out = StringIO()
    call_command("check_deadlines", on=DUE + timedelta(days=2), as_json=True, stdout=out)
    found = json.loads(out.getvalue())["tasks"]
    assert [(one["task"], one["town_code"], one["days_left"]) for one in found] == [
        ("1", "", -2), ("2", WEST, -2), ("2", EAST, -2)
    ]  # fmt: skip
    out = StringIO()
    call_command("check_deadlines", on=DUE, town=EAST, stdout=out)
    assert "攻坚任务 1 项" in out.getvalue()
    assert "任务 2 任务2 2024-04-01" in out.getvalue()
