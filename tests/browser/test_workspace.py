"""The map workspace as its users meet it: map, list and detail are one, and the address bar holds the view.

Refuses to look at pixels: what is asserted is text, attributes and addresses.
"""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenAs

pytestmark = pytest.mark.browser

CLOSE = "/?z=16&lon=120.0055&lat=29.3015"


def query(page: Page) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(urlsplit(page.url).query).items()}


def row(page: Page, code: str) -> Locator:
    return page.locator(f'#list tr[data-code="{code}"]')


def test_the_county_opens_with_its_totals_and_its_list(open_as: OpenAs) -> None:
    page = open_as("leader")
    expect(page.locator('[data-total="parcels"] b')).to_have_text("4")
    expect(page.locator('[data-total="idle"] b')).to_have_text("1")
    expect(page.locator("#list tbody tr")).to_have_count(4)
    expect(page.locator(".demo-badge")).to_be_visible()
    expect(page.locator('[data-total="tax"] .unit')).to_have_text("万元/亩")


def test_the_countys_totals_say_what_they_mean(open_as: OpenAs) -> None:
    page = open_as("leader")
    page.get_by_role("button", name="数字含义").click()
    panel = page.locator("#detail")
    expect(panel).to_contain_text("以登记面积为准")
    expect(panel).to_contain_text("筛查结论为“未动工”或“中止”")
    tax = panel.locator('[data-indicator="tax_per_mu"]')
    tax.locator("summary").click()
    for part in ("公式", "用地面积", "来源", "规则版本"):
        expect(tax).to_contain_text(part)
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()


def test_a_row_opens_its_parcel_with_areas_and_what_each_figure_means(open_as: OpenAs) -> None:
    page = open_as("leader")
    row(page, "P1").click()
    detail = page.locator("#detail")
    expect(detail.locator("h2")).to_have_text("示意企业1")
    expect(detail.locator('[data-section="areas"]')).to_contain_text("在允许误差内")
    card = detail.locator('[data-indicator="tax_per_mu"]')
    card.locator("summary").click()
    expect(card.locator("dl")).to_contain_text("税收实际贡献")
    expect(card.locator("dl")).to_contain_text("4,000.00 万元")
    expect(card.locator("dl")).to_contain_text("2023-12-31")
    assert query(page)["sel"] == "P1"


def test_an_idle_parcel_shows_its_clock_and_the_steps(open_as: OpenAs) -> None:
    page = open_as("leader", "/?sel=P2")
    idle = page.locator('[data-section="idle"]')
    expect(idle).to_contain_text("疑似闲置")
    expect(idle.locator("time").first).to_have_text("2020-01-01")
    assert idle.locator(".step-list li").count() > 1
    expect(idle).to_contain_text("不是认定书")


def test_a_link_reopens_place_theme_filter_and_selection(open_as: OpenAs) -> None:
    page = open_as("leader", f"{CLOSE}&theme=idle&town=990001100&sel=P1&base=grid")
    expect(page.locator('input[name="theme"][value="idle"]')).to_be_checked()
    expect(page.locator('input[name="base"][value="grid"]')).to_be_checked()
    expect(page.locator("select[name=town]")).to_have_value("990001100")
    expect(page.locator("#detail h2")).to_have_text("示意企业1")
    expect(page.locator("#list tbody tr")).to_have_count(3)
    assert query(page)["z"] == "16"


def test_back_undoes_a_choice_and_forward_redoes_it(open_as: OpenAs) -> None:
    page = open_as("leader", CLOSE)
    row(page, "P1").click()
    expect(page.locator("#detail h2")).to_have_text("示意企业1")
    page.go_back()
    expect(page.locator("#detail")).to_be_hidden()
    page.go_forward()
    expect(page.locator("#detail h2")).to_have_text("示意企业1")


def test_map_and_list_light_up_together(open_as: OpenAs) -> None:
    page = open_as("leader", CLOSE)
    row(page, "P2").hover()
    expect(page.locator("#map")).to_have_attribute("data-hover", "P2")
    box = page.locator("#map").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator("#map")).to_have_attribute("data-hover", "P2")
    expect(row(page, "P2")).to_have_class(re.compile("is-hover"))
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator("#map")).to_have_attribute("data-selected", "P2")
    expect(row(page, "P2")).to_have_attribute("aria-selected", "true")


def test_filters_and_legend_apply_to_the_list_and_to_the_address(open_as: OpenAs) -> None:
    page = open_as("leader", "/?theme=idle")
    page.select_option("select[name=town]", "990001101")
    expect(page.locator("#list tbody tr")).to_have_count(1)
    page.get_by_role("button", name="清除").click()
    page.locator('button[data-class="idle_not_started"]').click()
    expect(page.locator("#list tbody tr")).to_have_count(1)
    expect(row(page, "P2")).to_be_visible()
    assert query(page)["finding"] == "idle_not_started"
    expect(page.locator("select[name=finding]")).to_have_value("idle_not_started")


def test_search_finds_by_holder_and_opens_by_keyboard(open_as: OpenAs) -> None:
    page = open_as("leader")
    page.keyboard.press("/")
    page.keyboard.type("企业4")
    expect(page.locator("#search-list [role=option]")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#detail h2")).to_have_text("示意企业4")


def test_rows_can_be_walked_and_opened_without_a_mouse(open_as: OpenAs) -> None:
    page = open_as("leader")
    row(page, "P1").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#detail h2")).to_have_text("示意企业2")
    page.keyboard.press("Escape")
    expect(page.locator("#detail")).to_be_hidden()


def test_the_polygon_tool_sums_up_what_it_encloses(open_as: OpenAs) -> None:
    page = open_as("leader", CLOSE)
    page.keyboard.press("2")
    expect(page.locator("#map")).to_have_attribute("data-tool", "polygon")
    page.get_by_role("button", name="统计当前图幅").click()
    result = page.locator("#detail")
    expect(result.locator('[data-result="polygon"] b').last).to_have_text("3")
    expect(result.locator('[data-indicator="tax_per_mu"]')).to_contain_text("万元/亩")
    page.keyboard.press("Escape")
    expect(result).to_be_hidden()


def test_a_polygon_is_drawn_corner_by_corner_and_taken_back(open_as: OpenAs) -> None:
    page = open_as("leader", CLOSE)
    box = page.locator("#map").bounding_box()
    assert box
    page.get_by_role("button", name="圈选统计").click()
    for across, down in ((0.3, 0.25), (0.75, 0.25), (0.75, 0.8), (0.1, 0.9)):
        page.mouse.click(box["x"] + box["width"] * across, box["y"] + box["height"] * down)
        page.wait_for_timeout(300)  # two clicks within a double-click's time would end the drawing
    page.keyboard.press("Control+z")
    page.mouse.click(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.8)
    page.keyboard.press("Enter")
    expect(page.locator('#detail [data-result="polygon"]')).to_be_visible()
    expect(page.locator("#map")).to_have_attribute("data-tool", "select")


def test_a_polygon_in_hand_tells_its_edge_and_area_and_brings_back_what_was_taken(open_as: OpenAs) -> None:
    page = open_as("leader", CLOSE)
    surface, beside = page.locator("#map"), page.locator("#map .edit-readout")
    box = surface.bounding_box()
    assert box

    def to(across: float, down: float, click: bool = True) -> None:
        page.mouse.move(box["x"] + box["width"] * across, box["y"] + box["height"] * down)
        if click:
            page.mouse.click(box["x"] + box["width"] * across, box["y"] + box["height"] * down)
            page.wait_for_timeout(300)  # two clicks within a double-click's time would end the drawing

    page.get_by_role("button", name="圈选统计").click()
    for across, down in ((0.3, 0.3), (0.7, 0.3), (0.7, 0.8)):
        to(across, down)
    to(0.3, 0.8, click=False)
    expect(beside).to_contain_text("米")
    expect(beside).to_contain_text("亩")
    # A bow tie is red at once, and Enter refuses to close it without losing a corner.
    to(0.5, 0.1)
    expect(beside).to_contain_text("自相交")
    page.keyboard.press("Enter")
    expect(page.locator("#map")).to_have_attribute("data-tool", "polygon")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+y")
    to(0.3, 0.8)
    page.keyboard.press("Enter")
    expect(page.locator('#detail [data-result="polygon"]')).to_be_visible()
    expect(beside).to_be_hidden()


def test_question_mark_lists_the_keys_but_not_while_typing(open_as: OpenAs) -> None:
    page = open_as("leader")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("圈选统计")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("2?")
    expect(page.locator("#map")).to_have_attribute("data-tool", "select")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_who_may_not_see_firms_figures_is_told_why(open_as: OpenAs) -> None:
    page = open_as("registrar", "/?sel=P1&theme=tax")
    expect(page.locator('input[name="theme"][value="tax"]')).to_be_disabled()
    expect(page.locator('label:has(input[value="tax"])')).to_have_attribute("title", re.compile("权限"))
    expect(page.locator('input[name="theme"][value="idle"]')).to_be_checked()
    expect(page.locator(".col-tax")).to_have_count(0)
    expect(page.locator('[data-section="indicators"]')).to_contain_text("没有“查看企业数据”权限")


def test_a_township_officer_meets_the_own_town_only(open_as: OpenAs) -> None:
    page = open_as("township_officer")
    expect(page.locator('[data-total="parcels"] b')).to_have_text("3")
    expect(page.locator("#list tbody tr")).to_have_count(3)
    expect(page.locator("#totals")).to_have_attribute("aria-label", "本人辖区合计")


def test_the_printed_sheet_has_title_legend_scale_north_and_date(open_as: OpenAs) -> None:
    page = open_as("leader", CLOSE)
    page.evaluate("window.print = () => { document.body.dataset.printed = 'yes' }")
    page.keyboard.press("Control+p")
    page.wait_for_selector("body[data-printed]")
    sheet = page.locator("#sheet")
    for words in ("示意县产业用地图", "图例", "示意数据", "北", "制图日期", "1 : "):
        expect(sheet).to_contain_text(words)
    expect(page.locator(".topbar")).to_be_hidden()


def test_a_server_that_does_not_answer_is_met_calmly(open_as: OpenAs, expected_complaints: list[str]) -> None:
    page = open_as("leader")
    expected_complaints.append("503")
    page.route("**/api/parcels?*", lambda route: route.fulfill(status=503, body="down"))
    page.select_option("select[name=town]", "990001100")
    expect(page.locator("#list .notice")).to_contain_text("503")
    page.unroute_all()
    page.get_by_role("button", name="重试").click()
    expect(page.locator("#list tbody tr")).to_have_count(3)
