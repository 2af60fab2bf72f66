"""The wall map in a browser: linked map and figures, keyboard, freshness, two screens, and paper.

Refuses to look at pixels: that the signs, the links and the sizes are there is what it checks.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pypdfium2
import pytest
from django.conf import LazySettings
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from landgis.access.queries import actor_for
from landgis.counties.models import County, Target
from parcels.campaigns.actions import open_project, record_stage
from parcels.campaigns.credit_actions import credit_ground
from parcels.campaigns.target_actions import hand_down
from parcels.wall.queries import wall_version
from tests import factories
from tests.browser.conftest import OpenAs
from tests.factories import TOWN_EAST, TOWN_WEST

pytestmark = pytest.mark.browser
PAST = "/wall/?on=2023-06-30"


@pytest.fixture
def ledgers(landscape: County) -> County:
    """Targets handed down to both towns; P1 of 甲镇 is credited to remediation."""
    with factories.writing(landscape):
        Target.objects.create(
            county=landscape, key="remediation.total_mu", value=9000, unit="亩", basis="行动方案",
            valid_from=date(2021, 1, 1), valid_to=date(2023, 12, 31),
        )  # fmt: skip
    officer = actor_for(factories.person(landscape, "evaluation_officer"), landscape, date(2026, 1, 1))
    hand_down(
        county=landscape, actor=officer, key="remediation.total_mu", parts={TOWN_WEST: Decimal(160), TOWN_EAST: Decimal(8840)},
        basis="分解", on=date(2022, 1, 1), reason="分解",
    )  # fmt: skip
    made = open_project(
        county=landscape, actor=officer, ledger="remediation", name="甲路地块", lead_unit="自规局",
        on=date(2022, 1, 1), reason="立项", parcel_codes=["P1"],
    )  # fmt: skip
    for stage in ("plan", "works", "done"):
        record_stage(
            county=landscape, actor=officer, project_id=made.pk, stage=stage, on=date(2022, 3, 1), person="王",
            reason="登记", evidence="附件",
        )  # fmt: skip
    credit_ground(
        county=landscape, actor=officer, project_id=made.pk, on=date(2022, 3, 1), evidence="验收单", reason="入账"
    )  # fmt: skip
    return landscape


def opened(open_as: OpenAs, width: int, height: int) -> Page:
    page = open_as("leader", PAST)
    page.set_viewport_size({"width": width, "height": height})
    expect(page.locator("#main")).to_have_attribute("aria-busy", "false")
    return page


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (3840, 2160)])
def test_everything_is_in_sight_and_large_enough(
    open_as: OpenAs, ledgers: County, width: int, height: int
) -> None:
    page = opened(open_as, width, height)
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    smallest = page.evaluate(
        "Math.min(...[...document.querySelectorAll('.tiles *, .towns td, .towns th')]"
        ".filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))"
        ".map((one) => parseFloat(getComputedStyle(one).fontSize)))"
    )
    assert smallest >= height / 54  # 20 pixels of 1080: above 15 mm on a screen of 1.8 m
    for tile in page.locator(".tile").all():
        assert tile.evaluate("(one) => one.scrollHeight <= one.clientHeight + 1")
    # No column of the table is cut off, and no name runs into the next one.
    assert page.locator(".table-box").evaluate("(one) => one.scrollWidth <= one.clientWidth")
    for name in page.locator(".towns th").all():
        assert name.evaluate("(one) => one.scrollWidth <= one.clientWidth + 1")


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (3840, 2160)])
def test_a_long_title_has_two_lines_as_far_as_the_panel_has_room(
    open_as: OpenAs, ledgers: County, width: int, height: int
) -> None:
    """The longest overdue come first; of three long ones the last stays on one line, and nothing runs out of the panel."""
    officer = actor_for(factories.person(ledgers, "evaluation_officer"), ledgers, date(2026, 1, 1))
    for month in (1, 2, 3):
        open_project(
            county=ledgers, actor=officer, ledger="remediation", name=f"北苑街道老旧工业区块整治提升第{month}期工程",
            lead_unit="自规局", on=date(2022, 1, 1), due_on=date(2023, month, 1), reason="立项", parcel_codes=["P1"],
        )  # fmt: skip
    page = opened(open_as, width, height)
    late = page.locator(".tile:has(.late)")
    expect(late.locator("li b")).to_have_text(["逾期 180 天", "逾期 149 天", "逾期 121 天"])
    lines = late.locator("li span").evaluate_all(
        "(all) => all.map((one) => Math.round(one.clientHeight / parseFloat(getComputedStyle(one).lineHeight)))"
    )
    assert lines == [2, 2, 1]
    whole = late.locator("li span").evaluate_all(
        "(all) => all.map((one) => one.scrollWidth <= one.clientWidth + 1)"
    )
    assert whole == [True, True, False]
    assert late.evaluate("(one) => one.scrollHeight <= one.clientHeight")


def test_figures_and_map_point_at_each_other_and_lead_to_the_rows(open_as: OpenAs, ledgers: County) -> None:
    page = opened(open_as, 1920, 1080)
    west = page.locator(f'tr[data-town="{TOWN_WEST}"]')
    expect(west).to_contain_text("能完成")
    box = page.locator("#map").bounding_box()
    assert box is not None
    seen = set()
    for share in (0.5, 0.58, 0.66, 0.74, 0.82, 0.9):
        page.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] / 2)
        page.wait_for_timeout(60)
        seen |= set(
            page.locator("tr.is-hovered").evaluate_all("(rows) => rows.map((row) => row.dataset.town)")
        )
    assert seen >= {TOWN_WEST, TOWN_EAST}
    west.hover()
    expect(west).to_have_class("is-hovered")

    page.keyboard.press("ArrowDown")
    expect(west).to_have_class("is-hovered is-chosen")
    expect(page.locator("header .day")).to_contain_text("甲镇")
    page.keyboard.press("Escape")
    expect(page.locator("header .day")).to_contain_text("全县")
    west.locator("td a").first.click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("link", name="P1").click()
    page.wait_for_selector("#map[data-ready]")
    assert "sel=P1" in page.url


def test_it_keeps_itself_fresh_and_says_when_it_can_not(
    open_as: OpenAs, ledgers: County, expected_complaints: list[str], settings: LazySettings
) -> None:
    expected_complaints.append("ERR_")
    page = opened(open_as, 1920, 1080)
    expect(page.locator(".status")).to_contain_text("数据时间")
    before = page.locator("#main").get_attribute("data-version")
    with factories.writing(ledgers):
        Target.objects.filter(county=ledgers).update(basis="行动方案（修订）")
    assert wall_version(ledgers, date(2023, 6, 30)) != before
    expect(page.locator(".basis")).to_contain_text("修订", timeout=15_000)
    page.context.set_offline(True)
    expect(page.locator(".status")).to_have_attribute("data-state", "offline")
    expect(page.locator(".status")).to_contain_text("网络中断")
    page.context.set_offline(False)
    expect(page.locator(".status")).to_have_attribute("data-state", "live")


def test_the_end_of_the_session_is_told_calmly_beside_what_was_last_known(
    open_as: OpenAs, ledgers: County
) -> None:
    page = opened(open_as, 1920, 1080)
    expect(page.locator(".status")).to_contain_text("数据时间")
    figure = page.locator(".tile .big").first.inner_text()
    Session.objects.all().delete()
    status = page.locator(".status")
    expect(status).to_have_attribute("data-state", "signed_out", timeout=15_000)
    expect(status).to_contain_text(re.compile(r"登录已过期，显示的是 \d{4}-\d\d-\d\d \d\d:\d\d 的数据"))
    expect(page.get_by_role("link", name="重新登录")).to_have_attribute("href", re.compile("/login/"))
    assert page.locator(".tile .big").first.inner_text() == figure
    assert page.url.endswith(PAST)


@pytest.mark.parametrize(("paper", "width_mm", "height_mm"), [("A3", 420, 297), ("A0", 1189, 841)])
def test_it_prints_on_one_sheet(
    open_as: OpenAs, ledgers: County, paper: str, width_mm: int, height_mm: int
) -> None:
    page = opened(open_as, 1920, 1080)
    page.evaluate("window.print = () => undefined")
    page.get_by_role("button", name=f"打印 {paper}").click()
    page.wait_for_selector(f'html[data-paper="{paper}"][data-sheet="ready"]')
    assert page.locator(".table-box").evaluate("(one) => one.scrollWidth <= one.clientWidth")
    printed = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True, print_background=True))
    assert len(printed) == 1
    assert [round(side / 72 * 25.4) for side in printed[0].get_size()] == [width_mm, height_mm]
    assert "挂图作战" in printed[0].get_textpage().get_text_bounded()
