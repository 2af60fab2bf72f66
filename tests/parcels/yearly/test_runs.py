"""Runs over HTTP as officers take them: drafted after a dry run, checked, published, objected to, finished; who sees what."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from landgis.access.queries import Actor
from landgis.audit.models import AuditEvent
from landgis.counties.models import County
from parcels.enterprises.models import Enterprise
from parcels.grading.actions import check_run
from parcels.grading.models import GradingRun, Objection
from parcels.grading.queries import state
from tests import factories
from tests.factories import TOWN_EAST, SignIn, box
from tests.parcels.cadastre.test_papers import photo
from tests.parcels.grading.running import DAY, YEAR, draft, grades, in_force, published, second

WEST_FIRM, EAST_FIRM = "913307820000000002", "913307820000000004"
FIGURES = ("166.67", "33.33", "税务局清册", "名次")


def text(answer: Any) -> str:
    return unescape(answer.content.decode())


def rows_of(answer: Any, sheet: int = 0) -> list[list[Any]]:
    assert answer.status_code == 200, text(answer)
    return CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(sheet).to_python()


def send(client: Client, run: GradingRun, stage: str, on: date = DAY) -> Any:
    return client.post(f"/evaluation/{run.pk}/step", {"stage": stage, "on": str(on), "reason": "按程序"})


@pytest.mark.usefixtures("firms")
def test_a_draft_is_what_was_previewed(county: County, officer: Actor, signed_in: SignIn) -> None:
    version, client = in_force(county, officer), signed_in("evaluation_officer")
    asked = {"version": version.pk, "year": YEAR, "on": str(DAY), "reason": "年度评价"}
    refused = client.post("/evaluation/new/", asked)
    assert refused.status_code == 409
    assert "还没有试算" in text(refused)
    seen = client.post("/evaluation/new/", asked | {"preview": "1"})
    assert seen.status_code == 200
    assert not GradingRun.objects.exists()
    made = client.post("/evaluation/new/", asked | {"seen": seen.context["seen"]})
    run = GradingRun.objects.get()
    assert made["Location"] == f"/evaluation/{run.pk}/"
    assert grades(run) == "好中中中差"
    page = text(client.get(made["Location"]))
    for told in ("2023 年度评价", "待复核", "年度评价", "企业0", "166.67", "1/5"):
        assert told in page, told


@pytest.mark.usefixtures("firms")
def test_faults_of_a_draft_are_told(county: County, officer: Actor, signed_in: SignIn) -> None:
    version, client = in_force(county, officer), signed_in("evaluation_officer")
    asked = {"version": version.pk, "year": YEAR, "on": str(DAY), "reason": "年度评价", "preview": "1"}
    assert "不适用于 2019 年" in text(client.post("/evaluation/new/", asked | {"year": 2019}))
    assert "没有企业年度报表" in text(client.post("/evaluation/new/", asked | {"year": 2022}))
    assert client.post("/evaluation/new/", asked | {"on": "昨天", "year": "x"}).status_code == 422
    later = timezone.localdate() + timedelta(1)
    seen = client.post("/evaluation/new/", asked).context["seen"]
    del asked["preview"]
    refused = client.post("/evaluation/new/", asked | {"on": str(later), "seen": seen})
    assert (refused.status_code, "还没有到" in text(refused)) == (409, True)


@pytest.mark.usefixtures("firms")
def test_steps_are_taken_in_order_and_never_ahead(county: County, officer: Actor, signed_in: SignIn) -> None:
    in_force(county, officer)
    run, client = draft(county, officer), signed_in("evaluation_officer")
    refused = send(client, run, "notice")
    assert refused.status_code == 409
    assert "不能“公示”" in text(refused)
    assert "还没有到" in text(send(client, run, "checked", timezone.localdate() + timedelta(1)))
    assert "须由另一人办理" in text(send(client, run, "checked"))
    check_run(county=county, actor=second(officer), run_id=run.pk, on=DAY, reason="按程序")
    assert send(client, run, "notice").status_code == 302
    assert "尚未期满" in text(send(client, run, "final", date(2024, 5, 20)))
    assert send(client, run, "final", date(2024, 5, 21)).status_code == 302
    assert state(run) == "final"
    page = text(client.get(f"/evaluation/{run.pk}/"))
    for told in (
        "1. 起草",
        "2. 复核通过",
        "3. 公示",
        "公示至 2024-05-20",
        "4. 定稿",
        "evaluation_officer",
        "按程序",
    ):
        assert told in page, told
    assert send(client, run, "nothing").status_code == 422
    assert client.post(f"/evaluation/{run.pk}/step", {"stage": "checked"}).status_code == 422


@pytest.mark.usefixtures("firms")
def test_the_list_is_narrowed_sorted_and_exported(county: County, officer: Actor, signed_in: SignIn) -> None:
    run, client = published(county, officer), signed_in("evaluation_officer")
    page = f"/evaluation/{run.pk}/"
    assert "共 5 家" in text(client.get(page))
    assert "共 3 家" in text(client.get(page, {"grade": "中"}))
    assert "共 2 家" in text(client.get(page, {"town": TOWN_EAST}))
    assert "共 1 家" in text(client.get(page, {"q": "企业4"}))
    assert "共 0 家" in text(client.get(page, {"grade": "exempt"}))
    assert "没有符合条件的企业" in text(client.get(page, {"grade": "无此档"}))
    rows = rows_of(client.get(f"{page}results.xlsx", {"town": TOWN_EAST}))
    assert [row[1] for row in rows if str(row[1]).startswith("企业") and row[0] == "全部"] == [
        "企业3",
        "企业4",
    ]
    assert AuditEvent.objects.filter(action="export_evaluation_results").exists()


def test_equal_scores_are_told_to_share_a_rank(
    county: County, officer: Actor, firms: list[Enterprise], signed_in: SignIn
) -> None:
    factories.annual_return(
        twin := factories.enterprise(county, "913307820000000009", "并列企业", above_scale=True),
        YEAR,
        tax_wan=100,
    )
    ground = factories.parcel(county, "P9", box(9, 1, 10, 2), registered_area_m2=Decimal(100_000) / 15)
    factories.occupancy(ground, twin)
    run = published(county, officer) if firms else None
    assert run is not None
    assert text(signed_in("evaluation_officer").get(f"/evaluation/{run.pk}/")).count("2 家并列") == 2


@pytest.mark.usefixtures("firms")
def test_only_what_may_be_published_is_in_the_notice_list(
    county: County, officer: Actor, signed_in: SignIn
) -> None:
    in_force(county, officer)
    run, client = draft(county, officer), signed_in("evaluation_officer")
    page = f"/evaluation/{run.pk}/notice/"
    assert client.get(page).status_code == 409
    check_run(county=county, actor=second(officer), run_id=run.pk, on=DAY, reason="复核")
    assert "尚未开始公示" in text(client.get(page))
    assert signed_in("leader").get(page).status_code == 409
    send(client, run, "notice")
    shown = text(client.get(page))
    assert "2024年5月13日 至 2024年5月20日" in shown
    for told in FIGURES:
        assert told not in shown, told
    rows = rows_of(client.get(f"/evaluation/{run.pk}/notice.xlsx"))
    assert rows[2] == ["序号", "企业名称", "统一社会信用代码", "所属镇街", "组别", "档次"]
    assert [row[5] for row in rows[3:8]] == ["好", "中", "中", "中", "差"]


def opened(run: GradingRun) -> dict[str, set[str]]:
    """Address → the roles that may see it once the notice runs."""
    seeing = {"registrar", "idle_land_officer", "evaluation_officer", "township_officer", "leader"}
    exporting = seeing - {"leader"}
    whole = seeing - {"township_officer"}
    return {
        "/evaluation/": seeing,
        f"/evaluation/{run.pk}/": seeing,
        f"/evaluation/{run.pk}/firms/{WEST_FIRM}/": seeing,
        f"/evaluation/{run.pk}/firms/{EAST_FIRM}/": whole,
        f"/evaluation/{run.pk}/notice/": seeing,
        f"/evaluation/{run.pk}/notice.xlsx": exporting,
        f"/evaluation/{run.pk}/results.xlsx": exporting,
        "/evaluation/new/": {"evaluation_officer"},
        "/evaluation/schemes/": seeing,
        "/evaluation/schemes/simple/1/": seeing,
        "/evaluation/schemes/simple/1/scheme.toml": seeing,
        "/evaluation/schemes/new/": {"evaluation_officer"},
        "/evaluation/tables/": seeing,
        "/evaluation/tables/cross/": whole,
        "/evaluation/tables/cross.xlsx": exporting - {"township_officer"},
    }


@pytest.mark.usefixtures("firms")
def test_each_of_the_cast_sees_what_is_theirs(county: County, officer: Actor, signed_in: SignIn) -> None:
    run = published(county, officer)
    for role in factories.ROLES:
        client = signed_in(role)
        for address, may in opened(run).items():
            answer = client.get(address)
            assert (answer.status_code == 200) == (role in may), (role, address, answer.status_code)
            assert answer.status_code in (200, 403, 404), (role, address, answer.status_code)
        if role != "evaluation_officer":
            assert send(client, run, "final", date(2024, 5, 21)).status_code == 403
    assert Client().get("/evaluation/").status_code == 302


@pytest.mark.usefixtures("firms")
def test_figures_stay_with_those_cleared(county: County, officer: Actor, signed_in: SignIn) -> None:
    run = published(county, officer)
    town = signed_in("township_officer")
    for client in (town, signed_in("registrar")):
        for address in (f"/evaluation/{run.pk}/", f"/evaluation/{run.pk}/firms/{WEST_FIRM}/"):
            page = text(client.get(address))
            assert "企业2" in page
            for told in ("得分</th>", "166.67", "33.33", "税务局清册"):
                assert told not in page, (address, told)
        sorted_by_score = text(client.get(f"/evaluation/{run.pk}/", {"sort": "score"}))
        assert "没有符合条件的企业" in sorted_by_score, "an order by score would tell it"
        rows = rows_of(client.get(f"/evaluation/{run.pk}/results.xlsx"))
        assert "得分" not in rows[2]
    assert "企业4" not in text(town.get(f"/evaluation/{run.pk}/"))
    assert "企业4" in text(signed_in("registrar").get(f"/evaluation/{run.pk}/"))
    again = draft(county, officer)
    for client in (town, signed_in("registrar")):
        assert client.get(f"/evaluation/{again.pk}/").status_code == 403
        assert f"/evaluation/{again.pk}/" not in text(client.get("/evaluation/"))


@pytest.mark.usefixtures("firms")
def test_a_town_objects_with_evidence_and_the_officer_decides(
    county: County, officer: Actor, signed_in: SignIn
) -> None:
    run, town = published(county, officer), signed_in("township_officer")
    page = f"/evaluation/{run.pk}/firms/{WEST_FIRM}/"
    told = {"on": "2024-05-15", "statement": "漏计退税", "evidence": "完税证明第 1 号"}
    assert "代企业提出异议" in text(town.get(page))
    assert "没有写明" in text(town.post(f"{page}objection", told | {"evidence": " "})) or "必填" in text(
        town.post(f"{page}objection", told | {"evidence": " "})
    )
    wrong = town.post(f"{page}objection", told | {"file": SimpleUploadedFile("表.exe", b"MZ")})
    assert (wrong.status_code, "不是照片或 PDF" in text(wrong)) == (422, True)
    late = town.post(f"{page}objection", told | {"on": "2024-05-21"})
    assert (late.status_code, "公示期已于" in text(late)) == (409, True)
    assert town.post(page.replace(WEST_FIRM, EAST_FIRM) + "objection", told).status_code == 404
    assert signed_in("idle_land_officer").post(f"{page}objection", told).status_code == 403
    assert not Objection.objects.exists()
    sent = SimpleUploadedFile("完税证明.jpg", photo())
    assert town.post(f"{page}objection", told | {"file": sent}).status_code == 302
    one = Objection.objects.get()
    paper = town.get(f"/evaluation/objections/{one.pk}/evidence")
    assert paper.content == bytes(one.file or b"")
    assert "漏计退税" in text(town.get(f"/evaluation/{run.pk}/"))
    assert "漏计退税" not in text(signed_in("registrar").get(f"/evaluation/{run.pk}/"))
    assert signed_in("registrar").get(f"/evaluation/objections/{one.pk}/").status_code == 404

    address = f"/evaluation/objections/{one.pk}/"
    decision = {"upheld": "1", "on": "2024-05-16", "reason": "税务局复函", "figure_tax_wan": "120"}
    assert town.post(address, decision).status_code == 403
    client = signed_in("evaluation_officer")
    assert 'placeholder="60"' in text(client.get(address))
    refused = client.post(address, decision | {"upheld": "0"})
    assert (refused.status_code, "驳回的异议不能更正数据" in text(refused)) == (422, True)
    assert client.post(address, decision).status_code == 302
    assert grades(run) == "中中好中差"
    shown = text(town.get(address))
    for words in ("采纳", "税务局复函", "税收实际贡献"):
        assert words in shown, words
    assert "税收实际贡献：120" not in shown
    assert "税收实际贡献：120" in text(client.get(address))
    assert client.post(address, decision).status_code == 200, "decided once; the page tells it"
    assert one.run.steps.filter(stage="decision").count() == 1
    assert f"税收实际贡献：异议 {one.pk}：税务局复函" in text(client.get(page))


@pytest.mark.usefixtures("firms")
def test_the_sheet_of_a_firm_tells_every_step(county: County, officer: Actor, signed_in: SignIn) -> None:
    run = published(county, officer)
    page = text(signed_in("leader").get(f"/evaluation/{run.pk}/firms/{WEST_FIRM}/"))
    for told in (
        "第 3 名，共 5 家", "税收实际贡献（万元）÷ 用地面积（亩）", "100.00", "还差", "升为 好", "/?sel=P2", "10.0000",
        "税务局清册", "2023 · 中", "<svg",
    ):  # fmt: skip
        assert told in page, told
    assert "代企业提出异议" not in page


@pytest.mark.usefixtures("firms")
def test_no_address_breaks_on_odd_numbers(county: County, officer: Actor, signed_in: SignIn) -> None:
    run, client = published(county, officer), signed_in("evaluation_officer")
    huge = 10**30
    for address in (
        f"/evaluation/{huge}/", f"/evaluation/{run.pk + 1}/", f"/evaluation/{run.pk}/firms/无/",
        f"/evaluation/objections/{huge}/",
        f"/evaluation/schemes/papers/{huge}", "/evaluation/schemes/simple/9/", f"/evaluation/{huge}/notice.xlsx",
    ):  # fmt: skip
        assert client.get(address).status_code == 404, address
    for address in (
        f"/evaluation/{run.pk}/?page=x&sort=?",
        "/evaluation/tables/?year=x&scope=y",
        "/evaluation/tables/cross/?run=x&rows=1",
    ):
        assert client.get(address).status_code == 200, address
    assert client.get("/evaluation/tables/cross.xlsx?rows=nothing").status_code == 400


def test_the_number_of_statements_stays(
    county: County,
    officer: Actor,
    firms: list[Enterprise],
    signed_in: SignIn,
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:
    run, client = published(county, officer), signed_in("evaluation_officer")
    for number in range(20):
        firm = factories.enterprise(
            county, f"9133078200000010{number:02}", f"新企业{number}", above_scale=True
        )
        factories.annual_return(firm, YEAR, tax_wan=number)
        ground = factories.parcel(county, f"N{number}", box(number, 4, number + 1, 5))
        factories.occupancy(ground, firm)
    more = draft(county, officer)
    for one in (run, more):
        for address in ("/evaluation/", f"/evaluation/{one.pk}/", f"/evaluation/{one.pk}/firms/{WEST_FIRM}/"):
            with django_assert_max_num_queries(30):
                client.get(address)
    assert firms
