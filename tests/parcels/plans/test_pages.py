"""Plans over HTTP as officers write them: made, followed, changed, issued, exported; who sees what; fixed statements."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from landgis.access.queries import Actor
from landgis.audit.models import AuditEvent
from landgis.counties.models import County
from parcels.cadastre.models import Parcel
from parcels.documents.models import IssuedDocument
from parcels.documents.pdf import program
from parcels.plans.models import Plan, PlanEntry, PlanPaper, PlanVersion
from tests import factories
from tests.factories import SignIn
from tests.parcels.cadastre.test_papers import photo
from tests.parcels.disposal.desks import Browser, suspicion
from tests.parcels.documents.papers import text_of
from tests.parcels.plans.drafting import SOUND, draft, enter

STATEMENTS = 32


def days(n: int) -> date:
    return timezone.localdate() + timedelta(n)


CONTENTS = replace(
    SOUND,
    from_on=days(-30),
    to_on=days(300),
    measures=(replace(SOUND.measures[0], due_on=days(20)), SOUND.measures[1]),
    targets=tuple(replace(item, due_on=days(300)) for item in SOUND.targets),
    milestones=(replace(SOUND.milestones[0], due_on=days(-5)), replace(SOUND.milestones[1], due_on=days(20))),
)


@pytest.fixture
def ground(county: County, cast: dict[str, Actor]) -> Parcel:
    return factories.parcel(county, "A1", factories.box(0, 0, 1, 1))


@pytest.fixture
def plan(county: County, cast: dict[str, Actor], ground: Parcel) -> Plan:
    return made(county, cast["idle_land_officer"], "parcel", ground.pk)


@pytest.fixture
def firm_plan(county: County, cast: dict[str, Actor]) -> Plan:
    firm = factories.enterprise(county, "91330782MA28D1A11X", "示意公司", town_code=factories.TOWN_WEST)
    return made(county, cast["evaluation_officer"], "enterprise", firm.pk)


def made(county: County, actor: Actor, kind: str, subject_id: int) -> Plan:
    return draft(county, actor, kind, subject_id, CONTENTS, on=days(-30), today=timezone.localdate())


def posted(**told: Any) -> dict[str, Any]:
    """The form of a plan with one milestone, one target, one measure and a row left empty."""
    return {
        "on": days(0), "from_on": days(0), "to_on": days(200), "lead_unit": "甲镇人民政府", "helpers": "经信局、资规局",
        "person": "何某", "officer": "idle_land_officer", "problem_types": ["supplied_unused"], "paths": ["start_by"],
        "problem": "未动工", "goal": "动工", "reason": "编制",
        "measures-TOTAL_FORMS": 1, "measures-INITIAL_FORMS": 0, "measures-0-text": "走访",
        "targets-TOTAL_FORMS": 1, "targets-INITIAL_FORMS": 0, "targets-0-metric": "投资", "targets-0-sense": "at_least",
        "targets-0-value": "3000", "targets-0-unit": "万元", "targets-0-due_on": days(100),
        "milestones-TOTAL_FORMS": 2, "milestones-INITIAL_FORMS": 0, "milestones-0-title": "动工",
        "milestones-0-due_on": days(90),
    } | told  # fmt: skip


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()[-2000:]
    return unescape(answer.content.decode())


def test_a_plan_is_made_from_the_page_of_a_case(
    county: County, cast: dict[str, Actor], signed_in: SignIn
) -> None:
    desk = Browser(signed_in("idle_land_officer"), suspicion(county, cast["idle_land_officer"]))
    address = f"/plans/new?case={desk.case.pk}"
    assert address in desk.text()
    assert desk.case.case_no in page(desk.client, address)
    answer = desk.client.post(address, posted())
    assert answer.status_code == 302, unescape(answer.content.decode())
    plan = Plan.objects.get(case=desk.case)
    shown = page(desk.client, answer["Location"])
    for words in (plan.plan_no, "供而未用", "限期动工", "▲ 甲镇人民政府", "经信局、资规局", "3000", "在办"):
        assert words in shown
    assert plan.plan_no in desk.text()
    assert address not in desk.text()
    assert desk.client.post(address, posted()).status_code == 409


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"paths": ["fly"]}, "fly"),
        ({"milestones-0-due_on": ""}, "请填写期限"),
        ({"milestones-0-title": "", "milestones-0-due_on": ""}, "至少填写一个节点"),
        ({"milestones-0-due_on": days(900)}, "节点第 1 行"),
        ({"to_on": days(-3)}, "完成期限应晚于起始日期"),
        ({"officer": "nobody"}, "没有可用的账号"),
        ({"on": days(3)}, "晚于今天"),
        ({"targets-0-value": "x"}, "输入一个数"),
        ({"milestones-TOTAL_FORMS": "x"}, "ManagementForm"),
        ({"measures-TOTAL_FORMS": 5000}, "40"),
    ],
)
def test_wrong_entries_come_back_with_their_message(
    ground: Parcel, signed_in: SignIn, told: dict[str, Any], said: str
) -> None:
    answer = signed_in("idle_land_officer").post(f"/plans/new?parcel={ground.code}", posted(**told))
    text = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert said in text
    assert 'value="甲镇人民政府"' in text
    assert not Plan.objects.exists()


def test_the_finder_offers_what_may_be_planned(county: County, ground: Parcel, signed_in: SignIn) -> None:
    factories.enterprise(county, "91330782MA28D1A11X", "示意公司", town_code=factories.TOWN_WEST)
    idle, firms = signed_in("idle_land_officer"), signed_in("evaluation_officer")
    assert f"?parcel={ground.pk}" in page(idle, "/plans/new?q=A1")
    assert "没有找到" in page(idle, "/plans/new?q=示意公司")
    assert "?enterprise=" in page(firms, "/plans/new?q=示意公司")
    assert page(idle, "/plans/new?parcel=none", 404)
    assert page(idle, f"/plans/new?phase={10**16}", 404)
    assert page(firms, f"/plans/new?parcel={ground.pk}", 403)


def test_a_town_reports_with_a_photo_and_the_photo_opens(
    county: County, cast: dict[str, Actor], plan: Plan, signed_in: SignIn
) -> None:
    town, address = signed_in("township_officer"), f"/plans/{plan.pk}/"
    shown = page(town, address)
    assert 'id="entry-progress"' in shown
    assert 'id="entry-closing"' not in shown
    sent = {
        "progress-on": days(0), "progress-text": "桩机进场", "progress-person": "镇某", "progress-progress": 30,
        "file": SimpleUploadedFile("现场.jpg", photo()),
    }  # fmt: skip
    assert town.post(f"{address}entries/progress", sent).status_code == 302
    shown = page(town, address)
    assert "桩机进场" in shown
    assert "30%" in shown
    tied = PlanPaper.objects.get()
    assert town.get(f"{address}evidence/{tied.attachment_id}").content == photo()
    assert town.get(f"{address}evidence/{10**19}").status_code == 404
    broken = sent | {"file": SimpleUploadedFile("x.jpg", b"no picture")}
    answer = town.post(f"{address}entries/progress", broken)
    assert answer.status_code == 422
    assert "不是照片或 PDF" in unescape(answer.content.decode())
    assert town.post(f"{address}entries/closing", {}).status_code in (403, 422)
    assert page(town, "/plans/new", 403)
    assert PlanEntry.objects.count() == 1


def test_a_plan_is_walked_to_closing_taken_back_and_reopened(plan: Plan, signed_in: SignIn) -> None:
    client, address = signed_in("idle_land_officer"), f"/plans/{plan.pk}/"
    assert "逾期" in page(client, address)

    def post(kind: str, **told: Any) -> Any:
        asked = {"on": days(0), "text": "已核实", "person": "王专管"} | told
        return client.post(
            f"{address}entries/{kind}", {f"{kind}-{name}": value for name, value in asked.items()}
        )

    refused = post("closing", evidence="销号表")
    assert refused.status_code == 409
    assert "尚未完成" in unescape(refused.content.decode())
    for number in (1, 2):
        assert post("milestone", item=number, evidence="许可证").status_code == 302
        assert post("measured", item=number, value="3000" if number == 1 else "0.3").status_code == 302
    assert "完成" in page(client, address)
    assert post("closing", evidence="销号表").status_code == 302
    assert "销号" in page(client, "/plans/?state=closed")
    assert plan.plan_no in page(client, "/plans/?state=closed").split("<tbody>")[1]
    assert post("progress").status_code == 409
    assert client.post(f"{address}reverse/5", {"reason": "填错", "person": "王"}).status_code == 302
    assert client.post(f"{address}reverse/5", {"reason": "填错", "person": "王"}).status_code == 302
    assert post("closing", evidence="销号表").status_code == 302
    assert post("reopening", due_on=days(30)).status_code == 302
    assert "回头看整改" in page(client, address)
    assert "在办" in page(client, address)
    assert PlanEntry.objects.count() == 8
    assert "截至" in page(client, f"{address}?on={days(-1)}")
    assert page(client, f"{address}?on=1999-01-01", 404)


def test_a_change_is_a_new_version_and_an_overtaken_one_is_refused(plan: Plan, signed_in: SignIn) -> None:
    client, address = signed_in("idle_land_officer"), f"/plans/{plan.pk}/"
    shown = page(client, f"{address}edit")
    assert 'name="milestones-0-number" value="1"' in shown
    sent = posted(goal="改后的目标", based_on=1, **{"milestones-0-number": 1, "targets-0-number": 1})
    assert client.post(f"{address}edit", sent).status_code == 302
    assert "改后的目标" in page(client, address)
    assert "2026年年底前动工" in page(client, f"{address}?version=1")
    assert client.post(f"{address}edit", sent).status_code == 412
    assert client.post(f"{address}edit", sent | {"based_on": "x"}).status_code == 412
    assert PlanVersion.objects.count() == 2
    assert page(client, f"{address}?version=9", 404)
    assert page(client, f"{address}?version=x", 404)


@pytest.mark.parametrize("role", ["registrar", "agency", "system_admin", "security_admin", "audit_admin"])
def test_others_are_refused(plan: Plan, signed_in: SignIn, role: str) -> None:
    client = signed_in(role)
    for address in (
        "/plans/",
        f"/plans/{plan.pk}/",
        "/plans/list.xlsx",
        "/plans/new",
        f"/plans/{plan.pk}/edit",
    ):
        assert client.get(address).status_code == 403
    assert Client().get("/plans/").status_code == 302


def test_a_leader_reads_and_writes_nothing(plan: Plan, signed_in: SignIn) -> None:
    client, address = signed_in("leader"), f"/plans/{plan.pk}/"
    assert 'id="entry-' not in page(client, address).replace('id="entry-1"', "")
    assert page(client, "/plans/")
    assert client.get("/plans/list.xlsx").status_code == 403
    sent = {"progress-on": days(0), "progress-text": "x", "progress-person": "y"}
    assert client.post(f"{address}entries/progress", sent).status_code == 403
    assert client.post(f"{address}sheets").status_code == 403
    assert client.get(f"{address}edit").status_code == 403


def test_a_town_sees_its_own_plans_only(
    county: County, cast: dict[str, Actor], plan: Plan, signed_in: SignIn
) -> None:
    other = factories.parcel(county, "B1", factories.box(5, 0, 6, 1), town_code=factories.TOWN_EAST)
    elsewhere = made(county, cast["idle_land_officer"], "parcel", other.pk)
    town = signed_in("township_officer")
    shown = page(town, "/plans/")
    assert plan.plan_no in shown
    assert elsewhere.plan_no not in shown
    assert page(town, f"/plans/{elsewhere.pk}/", 404)


def test_a_firms_figures_are_shown_to_those_cleared(
    county: County, cast: dict[str, Actor], firm_plan: Plan, signed_in: SignIn
) -> None:
    officer, address = cast["evaluation_officer"], f"/plans/{firm_plan.pk}/"
    enter(
        county, officer, firm_plan, "measured", days(0), item=1, value=Decimal("1234.5"), text="年度投资已核",
        today=timezone.localdate(),
    )  # fmt: skip
    for role, shown in (
        ("evaluation_officer", True), ("leader", True), ("township_officer", True), ("idle_land_officer", False),
    ):  # fmt: skip
        text = page(signed_in(role), address)
        assert ("1234.5" in text) is shown
        assert ("年度投资已核" in text) is shown
    books = CalamineWorkbook.from_filelike(
        io.BytesIO(signed_in("idle_land_officer").get("/plans/list.xlsx").content)
    )
    assert "1234.5" not in str([books.get_sheet_by_name(name).to_python() for name in books.sheet_names])
    evaluation = signed_in("evaluation_officer")
    assert evaluation.post(f"{address}sheets").status_code == 302
    paper = IssuedDocument.objects.get(kind="one_plan")
    assert evaluation.get(f"{address}sheets/{paper.pk}.docx").status_code == 200
    assert signed_in("idle_land_officer").get(f"{address}sheets/{paper.pk}.docx").status_code == 404


def test_the_list_is_narrowed_and_exported(
    county: County, cast: dict[str, Actor], plan: Plan, firm_plan: Plan, signed_in: SignIn
) -> None:
    client = signed_in("idle_land_officer")
    for query, found in (
        ("state=overdue", 2), ("state=closed", 0), ("kind=enterprise", 1), ("problem=supplied_unused", 2),
        ("problem=inefficient", 0),
        ("unit=县经济和信息化局", 2), ("town=990001101", 0), ("q=示意公司", 1), ("q=91330782", 1), ("state=nonsense", 0),
    ):  # fmt: skip
        assert page(client, f"/plans/?{query}").split("<tbody>")[1].count("企策〔") == found, query
    enter(
        county,
        cast["idle_land_officer"],
        plan,
        "progress",
        days(0),
        text="桩机进场",
        today=timezone.localdate(),
    )
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get("/plans/list.xlsx?kind=parcel").content))
    assert book.sheet_names == ["方案台账", "节点和指标", "跟踪记录"]
    rows, duties, followed = (book.get_sheet_by_name(name).to_python() for name in book.sheet_names)
    assert rows[3][:2] == [plan.plan_no, "宗地"]
    assert "逾期" in rows[3]
    assert len(duties) == 3 + 4
    assert "桩机进场" in followed[3]
    assert AuditEvent.objects.filter(action="export_plans").exists()


def test_the_sheet_is_issued_with_its_number_and_made_a_pdf(
    county: County, cast: dict[str, Actor], plan: Plan, signed_in: SignIn
) -> None:
    client, address = signed_in("idle_land_officer"), f"/plans/{plan.pk}/"
    enter(
        county,
        cast["idle_land_officer"],
        plan,
        "progress",
        days(0),
        text="桩机进场",
        today=timezone.localdate(),
    )
    assert client.post(f"{address}sheets").status_code == 302
    paper = IssuedDocument.objects.get(kind="one_plan")
    assert paper.number is not None
    assert "企策" in paper.number.text
    text = text_of(client.get(f"{address}sheets/{paper.pk}.docx").content)
    for words in (
        plan.plan_no,
        "A1",
        "▲甲镇人民政府",
        "固定资产投资",
        "不低于 3000 万元",
        "取得施工许可",
        "桩机进场",
        "逾期",
    ):
        assert words in text
    assert client.get(f"{address}sheets/{paper.pk}.pdf").status_code == 404
    assert client.get(f"{address}sheets/{10**17}.docx").status_code == 404
    town = signed_in("township_officer")
    assert town.get(f"{address}sheets/{paper.pk}.docx").status_code == 200
    assert town.post(f"{address}sheets/{paper.pk}/pdf").status_code == 403
    if program():
        assert client.post(f"{address}sheets/{paper.pk}/pdf").status_code == 302
        assert client.get(f"{address}sheets/{paper.pk}.pdf").content.startswith(b"%PDF")


def test_due_milestones_stand_among_the_deadlines(plan: Plan, county: County, signed_in: SignIn) -> None:
    text = page(signed_in("idle_land_officer"), "/idle-land/deadlines/?days=30")
    part = text.split('id="plans"')[1].split("</section>")[0]
    assert plan.plan_no in part
    assert "甲镇" in part
    assert part.index("取得施工许可") < part.index("动工（节点）")
    week = page(signed_in("idle_land_officer"), "/idle-land/deadlines/?days=7").split('id="plans"')[1]
    assert "动工（节点）" not in week.split("</section>")[0]
    assert 'id="plans"' not in page(signed_in("registrar"), "/idle-land/deadlines/")
    out = io.StringIO()
    call_command("check_deadlines", "--on", str(days(0)), "--county", county.code, stdout=out)
    assert f"方案 {plan.plan_no} 节点 取得施工许可" in out.getvalue()
    assert "idle_land_officer，甲镇，▲甲镇人民政府 何某" in out.getvalue()


def test_pages_take_a_fixed_number_of_statements(
    county: County, cast: dict[str, Actor], plan: Plan, firm_plan: Plan, signed_in: SignIn, django_assert_num_queries: Any,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    client, address = signed_in("idle_land_officer"), f"/plans/{plan.pk}/"
    page(client, "/plans/")
    with django_assert_max_num_queries(STATEMENTS) as few:
        page(client, "/plans/")
    with django_assert_max_num_queries(STATEMENTS) as one:
        page(client, address)
    officer, today = cast["idle_land_officer"], timezone.localdate()
    for n in range(5):
        made(county, officer, "parcel", factories.parcel(county, f"C{n}", factories.box(n, 5, n + 1, 6)).pk)
        enter(county, officer, plan, "progress", today, text=str(n), today=today)
    with django_assert_num_queries(len(few)):
        page(client, "/plans/")
    with django_assert_max_num_queries(len(one) + 1):  # the first evidence and papers are asked for together
        page(client, address)
