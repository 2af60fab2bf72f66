"""The tool for clusters on the map: found with a person's own limits, picked by click and by code, confirmed, made a project.

Refuses to look at pixels: a parcel is clicked where it lies, and what was picked is read in the panel.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from landgis.counties.models import County
from parcels.clusters.models import Cluster
from tests.browser.conftest import OpenAs
from tests.browser.test_map_layers import click_the_middle
from tests.browser.test_workspace import CLOSE, query

pytestmark = pytest.mark.browser


def begin(page: Page) -> None:
    page.locator("#map").focus()
    page.keyboard.press("3")
    expect(page.locator("#detail h2")).to_have_text("选定连片")


def codes(page: Page) -> list[str]:
    return page.locator(".cluster-codes li .mono").all_inner_texts()


def test_a_cluster_is_found_changed_confirmed_and_made_a_project(open_as: OpenAs, landscape: County) -> None:
    page = open_as("evaluation_officer", CLOSE)
    begin(page)
    page.fill("[name=tolerance_m]", "100")
    page.fill("[name=min_mu]", "1")
    page.fill("[name=tax_per_mu_below]", "5")
    page.get_by_role("button", name="查找").click()
    rows = page.locator(".cluster-row")
    expect(rows).to_have_count(1)
    rows.first.click()
    expect(page.locator("[data-figures]")).to_contain_text("1 宗")
    assert codes(page) == ["P4"]
    # A parcel that isn't there is told, and doesn't stop the work.
    page.get_by_role("button", name="全部去掉").click()
    page.fill("[name=code]", "P1、P2")
    page.get_by_role("button", name="加入", exact=True).click()
    figures = page.locator("[data-figures]")
    expect(figures).to_contain_text("2 宗")
    expect(page.locator(".cluster-warning")).to_have_count(0)
    page.locator(".cluster-codes button").first.click()
    expect(figures).to_contain_text("1 宗")
    page.select_option(".cluster-confirm [name=way]", "做地")
    page.fill(".cluster-confirm [name=reason]", "现场核对")
    page.get_by_role("button", name="确认连片").click()
    expect(page.locator("[data-confirmed]")).to_contain_text("已确认")
    made = Cluster.objects.get()
    assert (made.parcel_codes, made.way) == (["P2"], "做地")
    expect(page.locator('input[name="overlay"][value="clusters"]')).to_be_checked()
    assert query(page)["show"] == "clusters"
    page.get_by_role("link", name="立项").click()
    expect(page.locator("#id_name")).to_have_value(f"连片{made.cluster_no}")


def test_parcels_are_picked_by_a_click_and_escape_leaves(open_as: OpenAs, landscape: County) -> None:
    page = open_as("evaluation_officer", CLOSE)
    begin(page)
    page.wait_for_timeout(500)  # the panel takes its room, and the map its new size
    click_the_middle(page)
    expect(page.locator(".cluster-codes li")).to_have_count(1)
    first = codes(page)
    page.wait_for_timeout(400)
    click_the_middle(page)
    expect(page.locator(".cluster-codes li")).to_have_count(0)
    assert first
    page.keyboard.press("Escape")
    expect(page.locator("#detail")).to_be_hidden()
    click_the_middle(page)
    expect(page.locator("#detail h2")).to_contain_text("示意企业")


def test_others_have_no_such_tool(open_as: OpenAs, landscape: County) -> None:
    page = open_as("township_officer", CLOSE)
    expect(page.get_by_role("button", name="选定连片")).to_have_count(0)
    page.keyboard.press("3")
    expect(page.locator("#map")).to_have_attribute("data-tool", "select")
