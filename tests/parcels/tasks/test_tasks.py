"""Tasks from the plan's list to reports and reminders: pages, rights, towns, past days, and what the tables refuse."""

import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from PIL import Image
from python_calamine import CalamineWorkbook

from landgis.access.queries import Actor
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.lib.errors import Conflict, Forbidden, InputError, NotFound
from parcels.tasks.actions import file_report, load_tasks, reverse_report, save_task
from parcels.tasks.models import Task, TaskPhoto, TaskReport
from parcels.tasks.queries import overdue_by_town, task_duties
from parcels.tasks.reading import read_tasks
from tests import factories
from tests.factories import SignIn

pytestmark = pytest.mark.django_db
LISTED = Path(__file__).parents[3] / "data/counties/330782/tasks.toml"
WEST, EAST = factories.TOWN_WEST, factories.TOWN_EAST
ON = date(2022, 12, 1)


@pytest.fixture
def tasks(county: County, cast: dict[str, Actor]) -> dict[str, Task]:
    load_tasks(
        county=county, actor=cast["registrar"], listed=read_tasks(LISTED), reason="行动方案", commit=True
    )
    return {task.task_no: task for task in Task.objects.all()}


def done(county: County, actor: Actor, task: Task, town: str, day: date, on: date = ON) -> TaskReport:
    return file_report(
        county=county, actor=actor, task_id=task.pk, town_code=town, on=on, text="已完成", done_for=day
    )


def test_the_plans_list_is_read_once(county: County, cast: dict[str, Actor]) -> None:
    listed = read_tasks(LISTED)
    given: dict[str, Any] = {"county": county, "actor": cast["registrar"], "reason": "行动方案"}
    assert load_tasks(**given, listed=listed, commit=False) == (9, 0, 0)
    assert not Task.objects.exists()
    assert load_tasks(**given, listed=listed, commit=True) == (9, 0, 0)
    assert load_tasks(**given, listed=listed, commit=True) == (0, 0, 9)
    changed = [{**listed[0], "title": "改名"}, *listed[1:]]
    assert load_tasks(**given, listed=changed, commit=True) == (0, 1, 8)
    faults: list[dict[str, Any]] = [
        {"lead_units": []},
        {"basis": ""},
        {"rhythm": "daily"},
        {"due_on": None},
        {"valid_from": None},
    ]
    for wrong in faults:
        with pytest.raises(InputError):
            load_tasks(**given, listed=[{**listed[0], **wrong}], commit=True)


def test_towns_answer_each_for_itself(county: County, cast: dict[str, Actor], tasks: dict[str, Task]) -> None:
    registrar, town, day = cast["registrar"], cast["township_officer"], date(2021, 11, 30)
    assert overdue_by_town(county, registrar, ON) == {WEST: 1, EAST: 1}
    assert overdue_by_town(county, town, ON) == {WEST: 1}
    done(county, town, tasks["2-1"], WEST, day)
    assert overdue_by_town(county, registrar, ON) == {EAST: 1}
    assert overdue_by_town(county, registrar, date(2022, 11, 30)) == {WEST: 1, EAST: 1}
    with pytest.raises(Forbidden):
        done(county, town, tasks["2-1"], EAST, day)
    with pytest.raises(Forbidden):
        done(county, town, tasks["5-1"], "", date(2021, 12, 31))
    with pytest.raises(InputError, match="各镇街"):
        done(county, registrar, tasks["2-1"], "", day)
    with pytest.raises(InputError, match="牵头单位完成"):
        done(county, town, tasks["5-1"], WEST, date(2021, 12, 31))
    with pytest.raises(InputError, match="完成期限"):
        done(county, registrar, tasks["5-1"], "", date(2021, 12, 30))
    for role in ("leader", "agency", "idle_land_officer"):
        with pytest.raises(Forbidden):
            done(county, cast[role], tasks["2-1"], WEST, day)


def test_reminders_come_in_steps(county: County, cast: dict[str, Actor], tasks: dict[str, Task]) -> None:
    leader, registrar = cast["leader"], cast["registrar"]

    def marks(on: date) -> set[int | None]:
        found = task_duties(county, leader, on, within_days=40)
        return {due.mark for due in found if due.task.task_no == "5-1"}

    done(county, registrar, tasks["5-1"], "", date(2021, 12, 31), on=date(2021, 12, 30))
    assert marks(date(2022, 11, 30)) == {None}
    assert marks(date(2022, 12, 1)) == {30}
    assert marks(date(2022, 12, 24)) == {7}
    assert marks(date(2022, 12, 31)) == {0}
    assert marks(date(2023, 1, 1)) == {-1}
    dues = task_duties(county, leader, date(2022, 12, 24), within_days=7)
    assert [due.due_on for due in dues] == sorted(due.due_on for due in dues)


def test_a_report_taken_back_opens_its_day_again(
    county: County, cast: dict[str, Actor], tasks: dict[str, Task]
) -> None:
    town = cast["township_officer"]
    filed = done(county, town, tasks["2-1"], WEST, date(2021, 11, 30))
    other = done(county, cast["registrar"], tasks["2-1"], EAST, date(2021, 11, 30))
    with pytest.raises(NotFound):
        reverse_report(county=county, actor=town, report_id=other.pk, on=ON, reason="误")
    with pytest.raises(InputError):
        reverse_report(county=county, actor=town, report_id=filed.pk, on=date(2022, 1, 1), reason="误")
    back = date(2022, 12, 10)
    reverse_report(county=county, actor=town, report_id=filed.pk, on=back, reason="误")
    with pytest.raises(Conflict):
        reverse_report(county=county, actor=town, report_id=filed.pk, on=back, reason="误")
    assert overdue_by_town(county, town, date(2022, 12, 9)) == {}
    assert overdue_by_town(county, town, back) == {WEST: 1}


def test_reports_can_not_be_rewritten(county: County, cast: dict[str, Actor], tasks: dict[str, Task]) -> None:
    done(county, cast["registrar"], tasks["2-1"], WEST, date(2021, 11, 30))
    for attack in ("UPDATE tasks_report SET text = 'x'", "DELETE FROM tasks_report"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(attack)
        with (
            pytest.raises(DatabaseError),
            change(county_code=county.code, by="x", action="x", reason="x"),
            connection.cursor() as cursor,
        ):
            cursor.execute(attack)


def test_a_town_reports_on_the_page(county: County, tasks: dict[str, Task], signed_in: SignIn) -> None:
    client, at = signed_in("township_officer"), f"/tasks/{tasks['2-1'].pk}/"
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(content, "JPEG")
    given = {
        "town": WEST,
        "on": "2022-12-01",
        "text": "已签约",
        "figures": "签约企业 = 12 家",
        "done_for": "2021-11-30",
    }
    for wrong in (
        {"figures": "12 家"},
        {"on": "x"},
        {"town": EAST},
        {"text": ""},
        {"done_for": "2021-01-01"},
    ):
        assert client.post(at + "reports", {**given, **wrong}).status_code == 422, wrong
    broken = SimpleUploadedFile("x.jpg", b"nothing")
    assert client.post(at + "reports", {**given, "photos": broken}).status_code == 422
    assert not TaskReport.objects.exists()
    shot = SimpleUploadedFile("现场.jpg", content.getvalue(), "image/jpeg")
    assert client.post(at + "reports", {**given, "photos": shot}).status_code == 302
    photo = TaskPhoto.objects.get()
    shown = f"/tasks/reports/{photo.report_id}/photos/{photo.pk}"
    assert client.get(shown).content.startswith(b"\xff\xd8")
    assert client.get(f"/tasks/reports/{photo.report_id}/photos/999999").status_code == 404
    page = client.get(at).content.decode()
    for word in ("签约企业 12 家", "现场.jpg", "已签约"):
        assert word in page
    taken = f"{at}reports/{photo.report_id}/reverse"
    assert client.post(taken, {"reason": ""}).status_code == 422
    assert client.post(taken, {"reason": "误报"}).status_code == 302
    assert "已撤销" in client.get(at).content.decode()


def test_the_list_its_filters_and_its_workbook(
    county: County, tasks: dict[str, Task], signed_in: SignIn
) -> None:
    client = signed_in("registrar")
    page = client.get("/tasks/?on=2022-12-20").content.decode()
    for word in ("每年12月底", "▲ 经信局", "已逾期", "甲镇", "乙镇"):
        assert word in page
    assert "乙镇" not in signed_in("township_officer").get("/tasks/?on=2022-12-20").content.decode()
    weekly = client.get("/tasks/?due=weekly").content.decode()
    assert "每周五" in weekly
    assert "每年12月底" not in weekly
    assert "发改局" in client.get("/tasks/?unit=发改局").content.decode()
    assert client.get("/tasks/?due=x").status_code == 422
    assert client.get("/tasks/?on=9999-99-99").status_code == 200
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get("/tasks/list.xlsx?on=2022-12-20").content))
    assert book.sheet_names == ["任务清单", "逾期任务", "进展报告"]
    assert any("乙镇" in row for row in book.get_sheet_by_name("逾期任务").to_python())


def test_tasks_are_made_and_changed_by_the_bureau(county: County, signed_in: SignIn) -> None:
    client = signed_in("evaluation_officer")
    given = {
        "task_no": "专1", "title": "专项", "lead_units": "经信局、自规局", "rhythm": "yearly", "month": "12", "day": "31",
        "valid_from": "2026-01-01", "text": "内容", "basis": "会议纪要", "reason": "部署",
    }  # fmt: skip
    assert client.get("/tasks/new").status_code == 200
    assert client.post("/tasks/new", {**given, "month": ""}).status_code == 422
    assert client.post("/tasks/new", {**given, "lead_units": "、"}).status_code == 422
    assert client.post("/tasks/new", given).status_code == 302
    assert client.post("/tasks/new", given).status_code == 409
    made = Task.objects.get()
    assert made.lead_units == ["经信局", "自规局"]
    assert client.get(f"/tasks/{made.pk}/edit").status_code == 200
    assert client.post(f"/tasks/{made.pk}/edit", {**given, "title": "改"}).status_code == 302
    assert client.get("/tasks/999999/").status_code == 404


def test_who_is_refused(tasks: dict[str, Task], signed_in: SignIn) -> None:
    at = f"/tasks/{tasks['2-1'].pk}/"
    for role in ("agency", "security_admin", "system_admin", "audit_admin"):
        assert signed_in(role).get("/tasks/").status_code == 403
        assert signed_in(role).get(at).status_code == 403
    for role in ("leader", "township_officer", "idle_land_officer"):
        assert signed_in(role).get("/tasks/new").status_code == 403
        assert signed_in(role).post(at + "edit", {}).status_code == 403
    assert signed_in("leader").get("/tasks/list.xlsx").status_code == 403
    given = {"town": WEST, "on": "2022-12-01", "text": "x"}
    assert signed_in("leader").post(at + "reports", given).status_code == 403


def test_the_list_asks_as_often_for_many_as_for_few(
    county: County, cast: dict[str, Actor], tasks: dict[str, Task], signed_in: SignIn,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    client = signed_in("leader")
    client.get("/tasks/")
    for day in (2021, 2022):
        done(county, cast["registrar"], tasks["5-1"], "", date(day, 12, 31))
    with django_assert_max_num_queries(14):
        client.get("/tasks/")


def test_a_task_that_is_due_next_year_may_be_fulfilled_early(
    county: County, cast: dict[str, Actor], signed_in: SignIn
) -> None:
    due = timezone.localdate().replace(year=timezone.localdate().year + 2, month=12, day=31)
    task = save_task(
        county=county, actor=cast["registrar"], reason="下达",
        facts={
            "task_no": "T9", "title": "培育", "text": "培育企业", "basis": "方案", "lead_units": ["经信局"], "helper_units": [],
            "each_town": False, "rhythm": "once", "due_on": due, "valid_from": date(2022, 1, 1), "valid_to": None,
        },
    )  # fmt: skip
    client = signed_in("registrar")
    assert f'value="{due}"' in client.get(f"/tasks/{task.pk}/").content.decode()
    told = {
        "town": "",
        "on": str(timezone.localdate()),
        "text": "已完成",
        "figures": "",
        "done_for": str(due),
    }
    assert client.post(f"/tasks/{task.pk}/reports", told).status_code == 302
    assert task_duties(county, cast["registrar"], due, within_days=366) == []
