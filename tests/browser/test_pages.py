"""The quiet pages around the map: signing in, what is not there, and a session that ended.

Refuses to look at pixels.
"""

import re

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from landgis.counties.models import County
from tests import factories
from tests.browser.conftest import OpenAs
from tests.factories import PASSWORD

pytestmark = pytest.mark.browser


@pytest.fixture
def stranger(browser: Browser, live_server: LiveServer, landscape: County) -> Page:
    """Nobody yet: a page without a session, at the address of the site."""
    page = browser.new_page(base_url=live_server.url, locale="zh-CN")
    factories.person(landscape, "leader")
    return page


def test_signing_in_leads_to_the_page_that_was_asked_for(stranger: Page) -> None:
    stranger.goto("/?theme=idle&z=15&lon=120.0055&lat=29.3015")
    expect(stranger.get_by_role("heading", name="登录")).to_be_visible()
    stranger.fill("#id_username", "leader")
    stranger.fill("#id_password", "wrong")
    stranger.get_by_role("button", name="登录").click()
    expect(stranger.get_by_role("alert")).to_contain_text("用户名或密码不正确")
    expect(stranger.locator("#id_username")).to_have_value("leader")
    stranger.fill("#id_password", PASSWORD)
    stranger.get_by_role("button", name="登录").click()
    stranger.wait_for_selector("#map[data-ready]")
    expect(stranger.locator('input[name="theme"][value="idle"]')).to_be_checked()
    assert "z=15" in stranger.url


def test_signing_out_ends_at_the_log_in_page(open_as: OpenAs) -> None:
    page = open_as("leader")
    page.locator(".user-menu summary").click()
    page.get_by_role("button", name="退出登录").click()
    expect(page.locator("#id_username")).to_be_visible()


def test_a_page_that_is_not_there_says_so_in_chinese(stranger: Page) -> None:
    answer = stranger.goto("/nowhere/")
    assert answer is not None
    assert answer.status == 404
    expect(stranger.get_by_role("heading")).to_have_text("没有这个页面")
    expect(stranger.get_by_role("link", name="回到地图")).to_be_visible()


def test_a_session_that_ended_leads_back_through_the_log_in(
    open_as: OpenAs, expected_complaints: list[str]
) -> None:
    page = open_as("leader", "/?theme=idle")
    expected_complaints.append("401")
    page.context.clear_cookies()
    page.select_option("select[name=town]", "990001100")
    page.wait_for_url("**/login/?next=**")
    expect(page.locator('input[name="next"]')).to_have_value(re.compile(r"^/\?.*theme=idle.*town=990001100"))
