"""The pages of maps and charts: drawn at two sizes without a complaint, steered by their address, printable.

Refuses to judge beauty: the pictures are kept for people to look at, where the run keeps its files.
"""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from landgis.access.queries import actor_for
from landgis.counties.models import County
from tests import factories
from tests.browser.conftest import OpenAs
from tests.parcels.grading.running import DAY, published
from tests.parcels.low_efficiency.making import filed, frozen

pytestmark = pytest.mark.browser
SIZES = [(1280, 800), (1920, 1080)]
READY = "#atlas[data-state=ready]"


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_both_pages_are_drawn(open_as: OpenAs, tmp_path: Path, width: int, height: int) -> None:
    page = open_as("evaluation_officer", "/evaluation/maps/", wait=False)
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_selector(f"{READY} .atlas-map[data-ready]")
    expect(page.locator(".atlas-table tbody tr")).to_have_count(2)
    page.select_option("select >> nth=2", "quantile")
    expect(page).to_have_url(re.compile("method=quantile"))
    assert len(page.screenshot(path=tmp_path / f"maps-{width}.png")) > 10_000
    page.goto(page.url.split("/evaluation/")[0] + "/evaluation/charts/?weight=firms")
    page.wait_for_selector(READY)
    for plot in ("scatter", "lorenz", "ranking", "histogram"):
        expect(page.locator(f"[data-plot={plot}] svg")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert len(page.screenshot(path=tmp_path / f"charts-{width}.png", full_page=True)) > 10_000


def test_whoever_is_not_cleared_sees_no_firm_and_no_parcel(open_as: OpenAs) -> None:
    page = open_as("registrar", "/evaluation/maps/?by=parcel", wait=False)
    page.wait_for_selector(READY)
    assert page.locator("select").first.locator("option").all_inner_texts() == [
        "镇街",
        "平台",
        "工业用地控制线",
    ]
    expect(page.locator(".atlas-table tbody")).to_contain_text("不公开")
    page.goto(page.url.split("/evaluation/")[0] + "/evaluation/charts/")
    page.wait_for_selector(READY)
    expect(page.locator("[data-plot=scatter]")).to_have_count(0)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_grades_and_the_list_are_drawn_for_all_who_view_the_map(
    open_as: OpenAs, landscape: County, tmp_path: Path, width: int, height: int
) -> None:
    officer = actor_for(factories.person(landscape, "evaluation_officer"), landscape, DAY)
    published(landscape, officer)
    filed(landscape, officer, "91330782MA2TEST01X", label="energy")
    frozen(landscape, officer)
    page = open_as("registrar", "/evaluation/maps/", wait=False)
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_selector(f"{READY} .atlas-map[data-ready]")
    for label, address, legend in (
        ("评价档次", "grade", ["好", "中", "差", "未评价"]),
        ("高耗低效清单", "low_efficiency", ["在列", "已销号", "未列入"]),
    ):
        page.get_by_label("指标").select_option(label)
        expect(page).to_have_url(re.compile(f"indicator={address}"))
        page.wait_for_selector(f"{READY} .atlas-map[data-ready]")
        expect(page.get_by_label("制图单元").locator("option")).to_have_text(["宗地"])
        expect(page.locator(".atlas-legend tbody td:nth-child(2)")).to_have_text(legend)
        expect(page.locator(".atlas-table tbody tr")).to_have_count(4)
        expect(page.locator(".atlas-table tbody tr").first).to_contain_text("示意企业1")
        expect(page.get_by_role("link", name="导出 Excel")).to_have_attribute("href", re.compile(address))
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert len(page.screenshot(path=tmp_path / f"maps-{address}-{width}.png")) > 10_000
    page.get_by_label("指标").select_option("亩均税收")
    expect(page.get_by_label("制图单元")).to_have_value("town")


def test_a_sheet_for_paper_and_back(open_as: OpenAs) -> None:
    page = open_as("leader", "/evaluation/maps/?paper=A3", wait=False)
    page.wait_for_selector(f"{READY} .atlas-map[data-ready]")
    page.evaluate("window.print = () => undefined")
    page.get_by_role("button", name="打印").click()
    page.wait_for_selector("body.is-paper.is-a3[data-paper=ready]")
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(page.locator("body.is-paper")).to_have_count(0)
