"""The business layers on the map: switched on with a legend, read by a click, shown as of a past day, linked with pages.

Refuses to look at pixels: a feature is found by where it lies, and read by its card.
"""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from landgis.access.models import User
from landgis.access.queries import actor_for
from landgis.counties.models import County
from parcels.campaigns.actions import open_project, record_stage
from parcels.campaigns.credit_actions import credit_ground
from parcels.campaigns.models import Project
from tests import factories
from tests.browser.conftest import OpenAs
from tests.browser.test_workspace import CLOSE, query

pytestmark = pytest.mark.browser


def finished(landscape: County) -> Project:
    """A project on P2's ground, opened on 2024-01-01 and done in March."""
    officer = actor_for(factories.person(landscape, "evaluation_officer"), landscape, date(2026, 1, 1))
    made = open_project(
        county=landscape, actor=officer, ledger="revitalisation", name="示意盘活项目", lead_unit="自规局",
        on=date(2024, 1, 1), reason="立项", parcel_codes=["P2"],
    )  # fmt: skip
    for stage in ("plan", "agreement", "done"):
        record_stage(
            county=landscape, actor=officer, project_id=made.pk, stage=stage, on=date(2024, 3, 1), person="王",
            reason="登记", evidence="附件",
        )  # fmt: skip
    return made


@pytest.fixture
def project(landscape: County) -> Project:
    """Credited on 2024-04-01."""
    made = finished(landscape)
    officer = actor_for(User.objects.get(username="evaluation_officer"), landscape, date(2026, 1, 1))
    credit_ground(
        county=landscape,
        actor=officer,
        project_id=made.pk,
        on=date(2024, 4, 1),
        evidence="验收单",
        reason="入账",
    )
    return made


def click_the_middle(page: Page) -> None:
    box = page.locator("#map").bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def switch(page: Page, layer: str) -> None:
    with page.expect_response(lambda answer: f"/collections/{layer}/tiles/" in answer.url):
        page.locator(f'input[name="overlay"][value="{layer}"]').check()
    page.wait_for_function("() => new Promise(done => setTimeout(() => done(true), 400))")


def test_a_layer_is_switched_on_read_by_a_click_and_leads_to_its_page(
    open_as: OpenAs, project: Project
) -> None:
    page = open_as("leader", CLOSE)
    expect(page.locator('[data-overlay="revitalisation"]')).to_be_hidden()
    switch(page, "revitalisation")
    expect(page.locator('[data-overlay="revitalisation"]')).to_contain_text("已入账")
    assert query(page)["show"] == "revitalisation"
    click_the_middle(page)
    card = page.locator("[data-card]")
    expect(page.locator("#detail h2")).to_have_text("示意盘活项目")
    expect(card).to_contain_text(project.project_no)
    expect(card).to_contain_text("收储（更新）完成")
    page.keyboard.press("Escape")
    expect(page.locator("#detail")).to_be_hidden()
    assert "pick" not in query(page)
    page.locator('input[name="overlay"][value="revitalisation"]').uncheck()
    click_the_middle(page)
    expect(page.locator("#map")).to_have_attribute("data-selected", "P2")


def test_a_past_day_shows_the_ledger_and_the_project_of_then(open_as: OpenAs, project: Project) -> None:
    page = open_as("leader", f"/?show=projects,revitalisation&pick=projects.{project.pk}&on=2024-02-01")
    expect(page.locator("#detail")).to_contain_text("2024-02-01 的状态")
    expect(page.locator("[data-card]")).to_contain_text("立项")
    expect(page.locator("[data-card]")).to_contain_text("0.00 亩")
    expect(page.locator(".past-banner")).to_contain_text("台账和控制线")
    page.locator(".past-banner button").click()
    expect(page.locator("[data-card]")).to_contain_text("收储（更新）完成")


def test_pages_link_to_the_map_with_their_layer_and_place(open_as: OpenAs, project: Project) -> None:
    page = open_as("leader", f"/campaigns/projects/{project.pk}/", wait=False)
    page.get_by_role("link", name="在地图上查看").click()
    page.wait_for_selector("#map[data-ready]")
    expect(page.locator("#detail h2")).to_have_text("示意盘活项目")
    expect(page.locator('input[name="overlay"][value="projects"]')).to_be_checked()
    page.wait_for_function("() => Number(new URL(location.href).searchParams.get('z')) > 14")
    page.get_by_role("link", name="打开详细页面").click()
    expect(page.locator("h1")).to_have_text("示意盘活项目")


def test_a_card_that_is_not_there_on_the_day_says_so(
    open_as: OpenAs, project: Project, expected_complaints: list[str]
) -> None:
    expected_complaints.append("404")
    page = open_as("leader", f"/?pick=projects.{project.pk}&on=2023-06-01")
    expect(page.locator("#detail")).to_contain_text("所示日期没有这一项")
