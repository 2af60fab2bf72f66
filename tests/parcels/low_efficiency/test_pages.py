"""The list over HTTP as officers use it: candidates, filing, freezing, steps, papers, weeks; who sees what; fixed statements."""

from __future__ import annotations

import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from landgis.access.queries import Actor
from landgis.audit.models import AuditEvent
from landgis.counties.models import County
from parcels.enterprises.models import Enterprise
from parcels.low_efficiency.energy import enter_project
from parcels.low_efficiency.models import EnergyProject, LowEfficiencyFile, LowEfficiencyList
from parcels.low_efficiency.rules import REPOSSESSION
from tests.factories import SignIn
from tests.parcels.low_efficiency.making import LAST, filed, frozen, plan_of

LAST_FIRM, FIRST_FIRM = "913307820000000004", "913307820000000000"
STATEMENTS = 50  # the bulletin judges idle land at two days: the week's end and its eve


def days(n: int) -> str:
    return f"{timezone.localdate() + timedelta(n):%Y-%m-%d}"


def sheet(content: bytes) -> str:
    return str(CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python())


@pytest.fixture
def listed(county: County, graded: list[Enterprise], officer: Actor) -> LowEfficiencyFile:
    """The firm of 甲镇 with the best grade, filed by hand and listed."""
    (made,) = filed(county, officer, FIRST_FIRM, label=REPOSSESSION, text="会议纪要3号")
    frozen(county, officer)
    return made


@pytest.mark.usefixtures("graded")
def test_candidates_are_shown_filed_and_frozen(signed_in: SignIn) -> None:
    browser = signed_in("evaluation_officer")
    page = browser.get(f"/low-efficiency/candidates/?year={LAST}").content.decode()
    assert "企业4" in page
    assert "连续 2 年评价为末档（差）" in page
    form = {"year": LAST, "on": days(0), "text": "排摸", "uscc": [LAST_FIRM]}
    assert browser.post("/low-efficiency/candidates/", form | {"uscc": []}).status_code == 422
    assert browser.post("/low-efficiency/candidates/", form | {"on": days(2)}).status_code == 422
    assert browser.post("/low-efficiency/candidates/", form | {"year": "x"}).status_code == 422
    assert browser.post("/low-efficiency/candidates/", form).status_code == 302
    assert browser.post("/low-efficiency/candidates/", form).status_code == 409
    freeze = {"year": LAST, "on": days(0), "reason": "年度清单"}
    assert browser.post("/low-efficiency/lists/freeze", freeze | {"reason": ""}).status_code == 422
    assert browser.post("/low-efficiency/lists/freeze", freeze).status_code == 302
    found = LowEfficiencyList.objects.get()
    issue = browser.get(f"/low-efficiency/lists/{found.pk}/").content.decode()
    assert "核对一致" in issue
    assert found.sha256 in issue
    assert "企业4" in sheet(browser.get(f"/low-efficiency/lists/{found.pk}/list.xlsx").content)
    assert found.sha256 in browser.get("/low-efficiency/").content.decode()
    assert browser.get(f"/low-efficiency/lists/{found.pk}/list.json").status_code == 200
    assert AuditEvent.objects.filter(action="export_low_efficiency").exists()


def test_steps_papers_and_weeks_on_the_page(
    county: County, listed: LowEfficiencyFile, officer: Actor, signed_in: SignIn
) -> None:
    browser, at = signed_in("evaluation_officer"), f"/low-efficiency/{listed.pk}/"
    plan = plan_of(county, officer, listed)
    step = {
        "planned-on": days(0),
        "planned-text": "已制定",
        "planned-person": "何某",
        "planned-plan_id": plan.pk,
    }
    assert browser.post(f"{at}steps/planned", step | {"planned-plan_id": "x"}).status_code == 422
    assert (
        browser.post(
            f"{at}steps/closed",
            {"closed-on": days(0), "closed-text": "x", "closed-person": "x", "closed-evidence": "x"},
        ).status_code
        == 409
    )
    assert browser.post(f"{at}steps/nonsense", {}).status_code == 404
    assert browser.post(f"{at}steps/planned", step).status_code == 302
    paper = {"agreement-inspection": "每周检查。", "agreement-default": "限制用能。"}
    assert browser.post(f"{at}agreement", {}).status_code == 422
    assert browser.post(f"{at}agreement", paper).status_code == 302
    document = listed.steps.get(kind="agreed").document_id
    assert browser.get(f"{at}papers/{document}.docx").status_code == 200
    assert browser.get(f"{at}papers/{document}.pdf").status_code == 404
    week = {
        "week-week": days(0),
        "week-electricity_kwh": "1234.50",
        "week-progress": "30",
        "week-person": "何某",
    }
    assert browser.post(f"{at}weeks", week | {"week-progress": "300"}).status_code == 422
    assert browser.post(f"{at}weeks", week).status_code == 302
    page = browser.get(at).content.decode()
    assert "1234.50" in page
    assert plan.plan_no in page
    last = listed.steps.count()
    assert browser.post(f"{at}reverse/{last}", {"reason": "误"}).status_code == 302
    assert listed.steps.count() == last + 1
    assert browser.get(f"{at}evidence/1").status_code == 404
    assert "企业0" in sheet(browser.get("/low-efficiency/list.xlsx").content)
    for role, shown in (
        ("leader", True),
        ("township_officer", True),
        ("idle_land_officer", False),
        ("registrar", False),
    ):
        seen = signed_in(role).get(at).content.decode()
        assert ("1234.50" in seen) is shown
        assert "企业0" in seen
        assert signed_in(role).get(f"{at}papers/{document}.docx").status_code == (200 if shown else 404)
        if role != "leader":
            assert ("1234.5" in sheet(signed_in(role).get("/low-efficiency/list.xlsx").content)) is shown
    assert signed_in("agency").get(at).status_code == 403


def test_a_list_without_clearance_has_membership_and_no_figures(
    county: County, listed: LowEfficiencyFile, officer: Actor, signed_in: SignIn
) -> None:
    found = LowEfficiencyList.objects.get()
    at = f"/low-efficiency/lists/{found.pk}/"
    open_page = signed_in("idle_land_officer").get(at).content.decode()
    assert "企业0" in open_page
    assert "用地（亩）" not in open_page
    assert "综合能耗" not in sheet(signed_in("idle_land_officer").get(f"{at}list.xlsx").content)
    assert signed_in("idle_land_officer").get(f"{at}list.json").status_code == 403
    assert "用地（亩）" in signed_in("leader").get(at).content.decode()
    for role in ("idle_land_officer", "leader", "township_officer"):
        assert signed_in(role).get("/low-efficiency/candidates/").status_code == 403


def test_another_town_is_as_if_it_were_not_there(
    county: County, graded: list[Enterprise], officer: Actor, signed_in: SignIn
) -> None:
    (east,) = filed(county, officer, LAST_FIRM)
    frozen(county, officer)
    town = signed_in("township_officer")
    assert town.get(f"/low-efficiency/{east.pk}/").status_code == 404
    assert "企业4" not in town.get("/low-efficiency/").content.decode()
    assert (
        "企业4"
        not in town.get(f"/low-efficiency/lists/{LowEfficiencyList.objects.get().pk}/").content.decode()
    )
    assert town.post(f"/low-efficiency/{east.pk}/weeks", {"week-week": days(0)}).status_code == 404


def test_the_bulletin_and_the_energy_list(
    county: County, listed: LowEfficiencyFile, officer: Actor, signed_in: SignIn
) -> None:
    browser = signed_in("evaluation_officer")
    page = browser.get("/low-efficiency/weekly/?on=nonsense").content.decode()
    assert "甲镇" in page
    assert "合计" in page
    told = sheet(browser.get("/low-efficiency/weekly/weekly.xlsx").content)
    for column in (
        "镇街",
        "清单数",
        "签约率",
        "销号率",
        "本周新增",
        "盘活",
        "闲置",
        "逾期未动工",
        "逾期任务",
        "排名",
        "红黄绿",
    ):
        assert column in told
    project = {
        "uscc": FIRST_FIRM, "name": "熔炉", "built_year": 2019, "two_high": "on", "energy_tce": "1000", "energy_year": 2025,
        "basis": "监测",
    }  # fmt: skip
    assert browser.post("/low-efficiency/two-high/projects", project | {"uscc": "x"}).status_code == 422
    assert browser.post("/low-efficiency/two-high/projects", project).status_code == 302
    made = EnergyProject.objects.get()
    review = {"on": days(0), "result": "rectify", "text": "整改", "evidence": "报告"}
    assert (
        browser.post(f"/low-efficiency/two-high/{made.pk}/reviews", review | {"on": days(3)}).status_code
        == 422
    )
    assert browser.post(f"/low-efficiency/two-high/{made.pk}/reviews", review).status_code == 302
    assert "限期整改" in browser.get("/low-efficiency/two-high/?result=rectify").content.decode()
    assert "1000" in sheet(browser.get("/low-efficiency/two-high/two-high.xlsx").content)
    other = signed_in("idle_land_officer")
    assert "熔炉" in other.get("/low-efficiency/two-high/").content.decode()
    assert "能耗年度" not in sheet(other.get("/low-efficiency/two-high/two-high.xlsx").content)
    assert other.post("/low-efficiency/two-high/projects", project).status_code == 403
    assert browser.post(f"/low-efficiency/two-high/{made.pk}/withdraw", {"reason": "误"}).status_code == 302


@pytest.mark.parametrize(
    "address", ["/low-efficiency/", "/low-efficiency/weekly/", "/low-efficiency/two-high/"]
)
def test_a_longer_list_asks_no_more_statements(
    county: County,
    graded: list[Enterprise],
    officer: Actor,
    signed_in: SignIn,
    address: str,
    django_assert_max_num_queries: Any,
) -> None:
    filed(county, officer, LAST_FIRM)
    frozen(county, officer)

    def entered(number: int) -> None:
        enter_project(
            county=county, actor=officer, uscc=graded[number].uscc, name=f"P{number}", built_year=2019, two_high=True,
            energy_tce=Decimal(2000), energy_year=2025, basis="x",
        )  # fmt: skip

    entered(0)
    browser = signed_in("leader")
    browser.get(address)
    with django_assert_max_num_queries(STATEMENTS) as few:
        browser.get(address)
    filed(county, officer, *(firm.uscc for firm in graded[:4]), label=REPOSSESSION, on=date(2026, 2, 2))
    for number in (1, 2):
        entered(number)
    with django_assert_max_num_queries(len(few)):
        browser.get(address)
