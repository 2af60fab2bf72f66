"""The ledgers' pages: overview on any day, projects, stages with papers, credits tried dry, targets, and who is refused."""

import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image
from python_calamine import CalamineWorkbook

from landgis.access.queries import Actor
from landgis.counties.models import County, Target
from parcels.campaigns.actions import open_project, record_stage
from parcels.campaigns.count_actions import credit_count
from parcels.campaigns.credit_actions import credit_ground, reverse_credit
from parcels.campaigns.models import CountEntry, Credit, Project, StepPaper, TownTarget
from parcels.ledgers.overview import overview
from tests import factories
from tests.factories import SignIn

pytestmark = pytest.mark.django_db
FIRST = date(2022, 1, 1)


@pytest.fixture
def officer(cast: dict[str, Actor]) -> Actor:
    return cast["evaluation_officer"]


@pytest.fixture
def ground(county: County) -> None:
    for code, x, town in (
        ("A", 0, factories.TOWN_WEST),
        ("B", 2, factories.TOWN_WEST),
        ("C", 4, factories.TOWN_EAST),
    ):
        factories.parcel(county, code, factories.box(x, 0, x + 2, 2), town_code=town)
    with factories.writing(county):
        for key, value in (
            ("remediation.total_mu", 9000), ("revitalisation.yearly_mu", 1000), ("remediation.phased_out_enterprises", 45),
        ):  # fmt: skip
            Target.objects.create(
                county=county, key=key, value=value, unit="亩", basis="行动方案", valid_from=date(2021, 1, 1),
                valid_to=date(2023, 12, 31),
            )  # fmt: skip


def finished(
    county: County, officer: Actor, codes: list[str], ledger: str = "revitalisation", **given: Any
) -> Project:
    made = open_project(
        county=county, actor=officer, ledger=ledger, name=f"示意{'、'.join(codes)}", lead_unit="自规局", on=FIRST,
        reason="立项", parcel_codes=codes, **given,
    )  # fmt: skip
    for stage in ("plan", "works" if ledger == "remediation" else "agreement", "done"):
        record_stage(
            county=county, actor=officer, project_id=made.pk, stage=stage, on=date(2022, 2, 1), person="王",
            reason="登记", evidence="附件1",
        )  # fmt: skip
    return made


def credit(county: County, officer: Actor, made: Project, on: date = date(2022, 3, 1)) -> Credit:
    (row,) = credit_ground(
        county=county, actor=officer, project_id=made.pk, on=on, evidence="验收单1号", reason="入账"
    )
    return row


def sheets(content: bytes) -> list[list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return [book.get_sheet_by_index(n).to_python() for n in range(len(book.sheet_names))]


def photo() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(content, "JPEG")
    return content.getvalue()


def test_the_overview_of_any_day(county: County, officer: Actor, ground: None, signed_in: SignIn) -> None:
    first = credit(county, officer, finished(county, officer, ["A"]))
    reverse_credit(
        county=county, actor=officer, credit_id=first.pk, on=date(2022, 9, 1), evidence="文", reason="误"
    )
    client = signed_in("leader")
    page = client.get("/campaigns/?on=2022-06-30").content.decode()
    shown = f"{first.area_m2 * 15 / 10000:,.2f}"
    assert shown in page
    assert shown not in client.get("/campaigns/?on=2022-12-31").content.decode()
    assert "截至 2022-06-30" in page
    for odd in ("2022-13-45", "x", "9999-01-01"):
        assert client.get(f"/campaigns/?on={odd}").status_code == 200


def test_towns_add_up_and_ranks_share_ties(county: County, officer: Actor, ground: None) -> None:
    for codes in (["A"], ["C"]):
        credit(county, officer, finished(county, officer, codes))
    with factories.writing(county):
        for town in (factories.TOWN_WEST, factories.TOWN_EAST):
            TownTarget.objects.create(
                county=county, key="revitalisation.yearly_mu", town_code=town, value=500, unit="亩", basis="分解",
                valid_from=date(2021, 1, 1), valid_to=date(2023, 12, 31),
            )  # fmt: skip
    found = overview(county, officer, date(2022, 12, 31))
    done = [line.progress["revitalisation"].done for line in found.towns]
    assert sum(done) == found.county.progress["revitalisation"].done
    assert sum(line.projects["revitalisation"] for line in found.towns) == 2
    ranks = {line.code: line.ranks.get("revitalisation") for line in found.towns}
    assert ranks[factories.TOWN_WEST] is not None
    nothing = overview(county, officer, date(2022, 1, 15))
    assert {line.ranks["revitalisation"] for line in nothing.towns} == {1}


def test_the_workbook_has_the_reports_columns(
    county: County, officer: Actor, ground: None, signed_in: SignIn
) -> None:
    credit(county, officer, finished(county, officer, ["A"]))
    contract = factories.contract(county, "HT1").contract
    with factories.writing(county):
        type(contract).objects.filter(pk=contract.pk).update(
            signed_on=date(2022, 5, 1), area_m2=20000, land_use="工业用地", supply_mode="挂牌出让"
        )
    towns, counts, supply, behind = sheets(
        signed_in("registrar").get("/campaigns/overview.xlsx?on=2022-12-31").content
    )
    heads = [str(cell).replace("\n", "") for cell in towns[2]]
    for wanted in (
        "镇街",
        "清单数",
        "签约率（%）",
        "腾出用能",
        "盘活排名",
        "低效用地红黄绿",
        "闲置宗数",
        "逾期未动工",
        "逾期任务",
    ):
        assert wanted in heads
    assert any("淘汰落后产能企业" in row for row in counts)
    assert supply[3][:4] == [2022, 1, 30, 30]
    assert (behind[3][2], behind[3][7:9]) == ("HT1", [30, "工业用地"])
    assert signed_in("leader").get("/campaigns/overview.xlsx").status_code == 403


def test_projects_are_filtered_and_exported(
    county: County, officer: Actor, ground: None, signed_in: SignIn
) -> None:
    late = open_project(
        county=county, actor=officer, ledger="remediation", name="逾期项目", lead_unit="经信局", on=FIRST, reason="立项",
        parcel_codes=["A"], due_on=date(2022, 6, 1),
    )  # fmt: skip
    soon = open_project(
        county=county, actor=officer, ledger="remediation", name="临期项目", lead_unit="经信局", on=FIRST, reason="立项",
        parcel_codes=["C"], due_on=timezone.localdate() + timedelta(days=5),
    )  # fmt: skip
    client = signed_in("registrar")
    at = "/campaigns/remediation/"
    for query, names in (
        ("", {"逾期项目", "临期项目"}),
        ("?overdue=on", {"逾期项目"}),
        ("?light=yellow", {"临期项目"}),
        ("?light=green", set()),
        (f"?town={factories.TOWN_EAST}", {"临期项目"}),
        ("?stage=opened", {"逾期项目", "临期项目"}),
        ("?stage=closed", set()),
        (f"?q={late.project_no[-3:]}", {"逾期项目"}),
        ("?q=C", {"临期项目"}),
    ):
        page = client.get(at + query).content.decode()
        assert {name for name in ("逾期项目", "临期项目") if name in page} == names, query
    assert client.get(at + "?light=purple").status_code == 422
    (rows,) = sheets(client.get(at + "projects.xlsx?overdue=on").content)
    assert late.project_no in rows[3]
    assert not any(soon.project_no in row for row in rows)


def test_a_project_from_its_opening_to_its_credit_and_back(
    county: County, ground: None, signed_in: SignIn, cast: dict[str, Actor]
) -> None:
    client = signed_in("evaluation_officer")
    given = {
        "ledger": "revitalisation", "name": "示意项目", "lead_unit": "自规局", "helper_units": "经信局、建设局",
        "on": "2022-01-01", "reason": "会议纪要", "parcel_codes": "A B",
    }  # fmt: skip
    assert client.get("/campaigns/projects/new").status_code == 200
    wrong = client.post("/campaigns/projects/new", {**given, "parcel_codes": "Z9"})
    assert wrong.status_code == 422
    assert "Z9" in wrong.content.decode()
    assert client.post("/campaigns/projects/new", {**given, "ground_text": "{"}).status_code == 422
    assert client.post("/campaigns/projects/new", given).status_code == 302
    made = Project.objects.get()
    at = f"/campaigns/projects/{made.pk}/"
    assert client.get(at + "map.png").content.startswith(b"\x89PNG")
    stage = {"on": "2022-02-01", "person": "王", "evidence": "验收单"}
    assert client.post(at + "stages", {**stage, "stage": "done"}).status_code == 409
    bad = SimpleUploadedFile("x.jpg", b"nothing")
    assert client.post(at + "stages", {**stage, "stage": "plan", "papers": bad}).status_code == 422
    for code in ("plan", "agreement", "done"):
        paper = SimpleUploadedFile("现场.jpg", photo(), "image/jpeg")
        assert client.post(at + "stages", {**stage, "stage": code, "papers": paper}).status_code == 302
    kept = StepPaper.objects.first()
    assert kept is not None
    assert client.get(f"{at}papers/{kept.pk}").content.startswith(b"\xff\xd8")
    tried = client.post(at + "credit", {"on": "2022-03-01"})
    assert "试算" in tried.content.decode()
    assert not Credit.objects.exists()
    part = '{"type":"Polygon","coordinates":[[[120,29.3],[120.002,29.3],[120.002,29.302],[120,29.302],[120,29.3]]]}'
    told = {"on": "2022-03-01", "evidence": "收储协议1号", "ground_text": part}
    assert client.post(at + "credit", {**told, "commit": "1"}).status_code == 302
    rest = client.post(at + "credit", {"on": "2022-03-01"}).content.decode()
    assert f"{made.project_no} 已占" in rest
    outside = part.replace("120,29.3", "119.99,29.3")
    assert client.post(at + "credit", {**told, "ground_text": outside}).status_code == 422
    credited = Credit.objects.get()
    back = {"on": "2022-04-01", "evidence": "文", "reason": "误"}
    assert client.post(f"{at}credits/999999/reverse", back).status_code == 404
    assert client.post(f"{at}credits/{credited.pk}/reverse", {**back, "on": ""}).status_code == 422
    assert client.post(f"{at}credits/{credited.pk}/reverse", back).status_code == 302
    newest = made.steps.order_by("-seq")[0]
    assert client.post(f"{at}stages/{newest.seq}/reverse", back).status_code == 302
    page = client.get(at).content.decode()
    for word in ("已冲销", "撤销“收储（更新）完成”", "现场.jpg"):
        assert word in page


def test_ground_may_be_pasted_or_uploaded(county: County, ground: None, signed_in: SignIn) -> None:
    client = signed_in("registrar")
    given = {
        "ledger": "remediation",
        "name": "手绘",
        "lead_unit": "经信局",
        "on": "2022-01-01",
        "reason": "会议",
    }
    part = '{"type":"Polygon","coordinates":[[[120,29.3],[120.002,29.3],[120.002,29.302],[120,29.302],[120,29.3]]]}'
    file = SimpleUploadedFile("范围.geojson", part.encode())
    both = client.post("/campaigns/projects/new", {**given, "ground_text": part, "ground_file": file})
    assert both.status_code == 422
    file = SimpleUploadedFile("范围.geojson", part.encode())
    assert client.post("/campaigns/projects/new", {**given, "ground_file": file}).status_code == 302
    assert Project.objects.get().area_m2 == pytest.approx(194.4 * 221.7, rel=0.01)
    assert client.post("/campaigns/projects/new", given).status_code == 422


def test_targets_are_handed_down_on_the_page(county: County, ground: None, signed_in: SignIn) -> None:
    client = signed_in("registrar")
    at = "/campaigns/targets/remediation.total_mu/"
    given = {
        "on_day": "2022-01-01",
        "on": "2022-01-01",
        "basis": "分解方案",
        "reason": "会议",
        factories.TOWN_WEST: "4000",
    }
    assert "相差" in client.post(at, given).content.decode()
    assert client.post(at, {**given, factories.TOWN_EAST: "5000"}).status_code == 302
    anew = {**given, factories.TOWN_WEST: "3000", factories.TOWN_EAST: "6000", "backdated": "on"}
    assert client.post(at, anew).status_code == 302
    page = client.get("/campaigns/targets/?on=2022-01-01").content.decode()
    assert "6000" in page
    assert "分解历史" in page
    assert client.get("/campaigns/targets/").status_code == 200
    assert (
        "6000" not in signed_in("township_officer").get("/campaigns/targets/?on=2022-01-01").content.decode()
    )


def test_other_counts_are_credited_and_reversed(county: County, ground: None, signed_in: SignIn) -> None:
    client = signed_in("evaluation_officer")
    given = {
        "key": "remediation.phased_out_enterprises", "town": factories.TOWN_WEST, "value": "3", "on": "2022-05-01",
        "evidence": "关停文件",
    }  # fmt: skip
    for wrong in ({"value": "0"}, {"value": "1.5"}, {"key": "x"}, {"town": "x"}, {"evidence": ""}):
        assert client.post("/campaigns/counts/", {**given, **wrong}).status_code == 422, wrong
    assert client.post("/campaigns/counts/", given).status_code == 302
    entry = CountEntry.objects.get()
    back = {"on": "2022-07-01", "evidence": "文", "reason": "重复"}
    assert (
        client.post(f"/campaigns/counts/{entry.pk}/reverse", {**back, "on": "2022-01-01"}).status_code == 422
    )
    assert client.post(f"/campaigns/counts/{entry.pk}/reverse", back).status_code == 302
    assert client.post(f"/campaigns/counts/{entry.pk}/reverse", back).status_code == 409
    assert client.post("/campaigns/counts/999999/reverse", back).status_code == 404


def test_counts_on_a_past_day(county: County, officer: Actor, ground: None) -> None:
    for day in (date(2022, 5, 1), date(2022, 8, 1)):
        credit_count(
            county=county, actor=officer, key="remediation.phased_out_enterprises", town_code=factories.TOWN_WEST,
            value=Decimal(2), on=day, evidence="关停文件", reason="登记",
        )  # fmt: skip
    done = [
        overview(county, officer, on).counts[0].progress.done for on in (date(2022, 6, 1), date(2022, 9, 1))
    ]
    assert done == [2, 4]


def test_a_town_sees_and_records_its_own(
    county: County, officer: Actor, ground: None, signed_in: SignIn
) -> None:
    own, foreign = (
        finished(county, officer, ["A"], "remediation"),
        finished(county, officer, ["C"], "remediation"),
    )
    client = signed_in("township_officer")
    page = client.get("/campaigns/remediation/").content.decode()
    assert own.project_no in page
    assert foreign.project_no not in page
    for path in ("", "map.png"):
        assert client.get(f"/campaigns/projects/{foreign.pk}/{path}").status_code == 404
    stage = {"on": "2022-03-01", "person": "李", "evidence": "照片", "stage": "town_check"}
    assert client.post(f"/campaigns/projects/{foreign.pk}/stages", stage).status_code == 404
    assert client.post(f"/campaigns/projects/{own.pk}/stages", stage).status_code == 302
    refused = client.post(f"/campaigns/projects/{own.pk}/stages", {**stage, "stage": "department_check"})
    assert refused.status_code == 403
    for path in ("credit", "stages/1/reverse", "credits/1/reverse"):
        assert client.post(f"/campaigns/projects/{own.pk}/{path}", {}).status_code == 403
    assert client.get("/campaigns/").status_code == 200
    assert client.get("/campaigns/projects/new").status_code == 403


def test_who_is_refused(county: County, ground: None, signed_in: SignIn) -> None:
    for role in ("agency", "security_admin", "system_admin", "audit_admin"):
        for path in ("", "remediation/", "targets/"):
            assert signed_in(role).get(f"/campaigns/{path}").status_code == 403
    for role in ("leader", "idle_land_officer", "township_officer"):
        client = signed_in(role)
        assert client.post("/campaigns/counts/", {}).status_code == 403
        assert client.post("/campaigns/targets/remediation.total_mu/", {}).status_code == 403
        assert client.get("/campaigns/projects/new").status_code == 403
    assert Client().get("/campaigns/").status_code == 302


def test_pages_ask_as_often_for_many_as_for_few(
    county: County, officer: Actor, ground: None, signed_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    client = signed_in("leader")
    made = finished(county, officer, ["A"], "remediation")
    pages = (
        "/campaigns/",
        "/campaigns/remediation/",
        "/campaigns/targets/",
        f"/campaigns/projects/{made.pk}/",
    )
    few = [_statements(client, page) for page in pages]
    for code in ("A", "B", "C"):
        finished(county, officer, [code], "remediation")
    credit(county, officer, made)
    assert [_statements(client, page) for page in pages] <= [few[0], few[1], few[2], few[3] + 1]
    with django_assert_max_num_queries(41):  # of a plan that has ended, of parts by year and counts
        client.get("/campaigns/")


def _statements(client: Client, page: str) -> int:
    client.get(page)
    with CaptureQueriesContext(connection) as asked:
        client.get(page)
    return len(asked)
