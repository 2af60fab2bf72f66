"""The business layers' cards and tiles: of the day, of the asker's towns, and with the way to each page."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from landgis.access.queries import Actor
from landgis.counties.models import County
from layers.catalog import registry
from layers.catalog.rows import Question, rows, value_sql
from parcels.balance.actions import apply_for, take_step
from parcels.balance.queries import Draft, Piece
from parcels.campaigns.actions import open_project, record_stage, reverse_stage
from parcels.campaigns.credit_actions import credit_ground
from parcels.campaigns.models import Project
from parcels.clusters.actions import confirm_cluster, find_clusters
from parcels.clusters.models import Cluster
from parcels.disposal.deadlines import deadlines
from tests import factories
from tests.factories import SignIn, box
from tests.factories_parcels import taxes
from tests.layers.tiles import mvt
from tests.layers.tiles.conftest import place
from tests.parcels.balance.conftest import shape
from tests.parcels.disposal.test_published import case
from tests.parcels.disposal.walks import PAID, Walk

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(county: County, cast: dict[str, Actor]) -> Project:
    """甲 in the west: opened 2022-01-01, plan in February, done in May, credited in June; due at the year's end."""
    officer = cast["registrar"]
    factories.parcel(county, "A", box(0, 0, 2, 2), town_code=factories.TOWN_WEST)
    made = open_project(
        county=county, actor=officer, ledger="revitalisation", name="甲", lead_unit="自规局", on=date(2022, 1, 1),
        reason="立项", parcel_codes=["A"], due_on=date(2022, 4, 30),
    )  # fmt: skip
    for stage, on in (
        ("plan", date(2022, 2, 1)),
        ("agreement", date(2022, 3, 1)),
        ("done", date(2022, 5, 1)),
    ):
        record_stage(
            county=county, actor=officer, project_id=made.pk, stage=stage, on=on, person="王", reason="登记",
            evidence="附件",
        )  # fmt: skip
    credit_ground(
        county=county,
        actor=officer,
        project_id=made.pk,
        on=date(2022, 6, 1),
        evidence="验收单",
        reason="入账",
    )
    return made


def told(question: Question, name: str) -> list[Any]:
    (column,) = [column for column in question.columns if column.property.name == name]
    found = rows(question, [column])
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {value_sql(column)} {found.sql}", found.values)
        return [value for (value,) in cursor.fetchall()]


@pytest.mark.parametrize(
    ("on", "stage", "progress", "credited"),
    [
        (date(2022, 1, 31), "立项", "open", 0),
        (date(2022, 2, 1), "制定盘活方案", "open", 0),
        (date(2022, 4, 30), "签订收储（更新）协议", "open", 0),
        (date(2022, 5, 1), "收储（更新）完成", "done", 0),
        (date(2022, 6, 1), "收储（更新）完成", "done", 1),
    ],
)
def test_a_project_stands_as_it_stood_on_the_day(
    project: Project, cast: dict[str, Actor], on: date, stage: str, progress: str, credited: int
) -> None:
    question = Question(registry.get("projects"), cast["leader"], on)
    assert told(question, "stage_title") == [stage]
    assert told(question, "progress") == [progress]
    (credited_mu,) = told(question, "credited_mu")
    assert (credited_mu > 0) is bool(credited)


def test_a_project_that_is_late_and_a_stage_taken_back_later(
    county: County, project: Project, cast: dict[str, Actor]
) -> None:
    other = open_project(
        county=county, actor=cast["registrar"], ledger="remediation", name="乙", lead_unit="自规局",
        on=date(2022, 1, 1), reason="立项", parcel_codes=["A"], due_on=date(2022, 3, 31),
    )  # fmt: skip
    step = record_stage(
        county=county, actor=cast["registrar"], project_id=other.pk, stage="plan", on=date(2022, 2, 1), person="王",
        reason="登记",
    )  # fmt: skip
    reverse_stage(
        county=county,
        actor=cast["registrar"],
        project_id=other.pk,
        seq=step.seq,
        on=date(2022, 3, 1),
        reason="误",
    )
    collection = registry.get("projects")
    assert "制定整治方案" in told(Question(collection, cast["leader"], date(2022, 2, 28)), "stage_title")
    assert "制定整治方案" not in told(Question(collection, cast["leader"], date(2022, 3, 1)), "stage_title")
    assert "overdue" in told(Question(collection, cast["leader"], date(2022, 4, 1)), "progress")


def test_a_card_tells_the_day_and_leads_to_its_page(project: Project, signed_in: SignIn) -> None:
    client = signed_in("leader")
    said = client.get(f"/api/map/cards/projects/{project.pk}", {"on": "2022-02-15"}).json()
    assert (said["title"], said["kind"]) == ("甲", "攻坚项目")
    assert said["page"] == reverse("project", args=[project.pk])
    facts = {fact["title"]: fact["value"] for fact in said["facts"]}
    assert (facts["所处阶段"], facts["已入账面积"], facts["完成期限"]) == (
        "制定盘活方案",
        "0.00 亩",
        "2022-04-30",
    )
    assert said["geometry"]["type"] == "MultiPolygon"
    credit = project.credits.get()
    on_ledger = client.get(f"/api/map/cards/revitalisation/{credit.pk}").json()
    assert on_ledger["page"] == said["page"]
    assert client.get(f"/api/map/cards/revitalisation/{credit.pk}", {"on": "2022-05-31"}).status_code == 404
    assert client.get(f"/api/map/cards/projects/{project.pk}", {"on": "2999-01-01"}).status_code == 422
    assert (
        client.get(f"/api/map/cards/projects/{project.pk}", {"on": "2100-01-01"}).json()
        == client.get(f"/api/map/cards/projects/{project.pk}").json()
    )  # ahead is today


def test_a_card_is_one_statement_beside_the_session(project: Project, signed_in: SignIn) -> None:
    client = signed_in("leader")
    client.get(f"/api/map/cards/projects/{project.pk}")
    with CaptureQueriesContext(connection) as asked:
        client.get(f"/api/map/cards/projects/{project.pk}")
    assert sum("campaigns_project" in query["sql"] for query in asked.captured_queries) == 1


def test_cards_of_other_towns_and_unknown_ones_are_not_found(
    county: County, cast: dict[str, Actor], project: Project, signed_in: SignIn
) -> None:
    factories.parcel(county, "E", box(60, 0, 62, 2), town_code=factories.TOWN_EAST)
    east = open_project(
        county=county, actor=cast["registrar"], ledger="remediation", name="东", lead_unit="自规局",
        on=date(2022, 1, 1), reason="立项", parcel_codes=["E"],
    )  # fmt: skip
    town = signed_in("township_officer")
    assert town.get(f"/api/map/cards/projects/{project.pk}").status_code == 200
    assert town.get(f"/api/map/cards/projects/{east.pk}").status_code == 404
    leader = signed_in("leader")
    assert leader.get(f"/api/map/cards/projects/{east.pk}").status_code == 200
    for path in ("projects/999999", "parcels/1", "rainbows/1"):
        assert leader.get(f"/api/map/cards/{path}").status_code == 404
    assert leader.get("/api/map/cards/projects/-1").status_code == 422
    assert signed_in("agency").get(f"/api/map/cards/projects/{project.pk}").status_code == 403


def test_tiles_carry_the_number_that_the_card_is_asked_for_by(project: Project, signed_in: SignIn) -> None:
    client = signed_in("leader")
    answer = client.get(f"/ogc/collections/projects/tiles/WebMercatorQuad/{place(14, 120.001, 29.301)}")
    layer = mvt.read(answer.content)["projects"]
    assert [(f.properties["id"], f.properties["progress"]) for f in layer.features] == [(project.pk, "done")]


def test_the_lines_adjustments_by_their_steps(
    county: County, cast: dict[str, Actor], signed_in: SignIn
) -> None:
    factories.control_line(county, "KX1", box(0, 0, 10, 10), level="一级")
    today = date(2026, 6, 30)
    made = apply_for(
        county=county, actor=cast["registrar"], title="示意调整", purpose="城市更新", planned_on=date(2024, 6, 1),
        draft=Draft(shape(0, 0, 2, 2), (Piece("调入一", shape(10, 0, 13, 3), "一级", "100102", "规划"),), ()),
        on=date(2024, 1, 2), person="王", document="申请书", today=today,
    )  # fmt: skip
    take_step(
        county=county, actor=cast["registrar"], number=made.pk, step="withdrawn", on=date(2024, 3, 1), person="王",
        document="撤回", today=today,
    )  # fmt: skip
    collection = registry.get("line-adjustments")

    def sides(on: date) -> list[str]:
        return sorted(told(Question(collection, cast["leader"], on), "side"))

    assert sides(date(2024, 1, 1)) == []
    assert sides(date(2024, 2, 1)) == ["in", "out"]
    assert sides(date(2024, 3, 1)) == []
    client = signed_in("township_officer")
    out = client.get(f"/api/map/cards/line-adjustments/{made.pk}00000", {"on": "2024-02-01"}).json()
    assert out["page"] == reverse("adjustment", args=[made.pk])
    facts = {fact["title"]: fact["value"] for fact in out["facts"]}
    assert (facts["调整方向"], facts["办理步骤"]) == ("调出", "申请")
    into = client.get(f"/api/map/cards/line-adjustments/{made.pk}00001", {"on": "2024-02-01"}).json()
    assert {fact["title"]: fact["value"] for fact in into["facts"]}["地块名称"] == "调入一"


def test_overdue_cases_of_a_day(county: County, cast: dict[str, Actor], signed_in: SignIn) -> None:
    for number in range(1, len(PAID)):
        case(county, number, Walk().along(PAID[:number]).steps, town=factories.TOWN_EAST)
    client, late = signed_in("leader"), date(2026, 1, 1)
    expected = sorted({due.case for due in deadlines(county, cast["leader"], late).overdue})
    assert expected
    asked = {"on": late.isoformat()}
    assert client.get("/api/map/overdue-cases", asked).json() == {"on": "2026-01-01", "cases": expected}
    assert client.get("/api/map/overdue-cases", {"on": "2024-03-01"}).json()["cases"] == []
    assert signed_in("township_officer").get("/api/map/overdue-cases", asked).json()["cases"] == []
    assert signed_in("agency").get("/api/map/overdue-cases").status_code == 403
    assert client.get("/api/map/overdue-cases", {"on": "gestern"}).status_code == 422


def test_the_days_of_the_slider_hold_credits_and_the_line(
    county: County, project: Project, signed_in: SignIn
) -> None:
    factories.control_line(county, "KX9", box(0, 0, 3, 3))
    days = {day["on"] for day in signed_in("leader").get("/api/cadastre/dates").json()["days"]}
    assert "2022-06-01" in days
    assert len(days) == 2


def test_a_cluster_is_proposed_until_the_day_it_was_confirmed(county: County, cast: dict[str, Actor]) -> None:
    for number in (1, 2):
        factories.parcel(county, f"K{number}", box(number, 0, number + 1, 1))
    taxes(county, 2023, {"K1": 1.0, "K2": 2.0})
    find_clusters(
        county=county, actor=cast["evaluation_officer"], year=2023, on=date(2024, 1, 1), reason="查找", min_mu=1,
        tax_per_mu_below=10, commit=True,
    )  # fmt: skip
    cluster = Cluster.objects.get()
    confirm_cluster(
        county=county,
        actor=cast["registrar"],
        cluster_id=cluster.pk,
        way="收储",
        on=date(2024, 5, 1),
        reason="确认",
    )
    collection = registry.get("clusters")
    assert told(Question(collection, cast["leader"], date(2024, 4, 30)), "state") == ["proposed"]
    assert told(Question(collection, cast["leader"], date(2024, 5, 1)), "state") == ["confirmed"]
