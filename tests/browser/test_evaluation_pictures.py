"""The pages of maps and charts: drawn at two sizes without a complaint, steered by their address, printable.

Refuses to judge beauty: the pictures are kept for people to look at, where the run keeps its files.
"""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenAs

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


def test_a_sheet_for_paper_and_back(open_as: OpenAs) -> None:
    page = open_as("leader", "/evaluation/maps/?paper=A3", wait=False)
    page.wait_for_selector(f"{READY} .atlas-map[data-ready]")
    page.evaluate("window.print = () => undefined")
    page.get_by_role("button", name="打印").click()
    page.wait_for_selector("body.is-paper.is-a3[data-paper=ready]")
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(page.locator("body.is-paper")).to_have_count(0)
