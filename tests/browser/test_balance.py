"""The map beside an adjustment of the control line: drawn, pasted, taken from the keyboard, tried, filled from what is offered.

Refuses to look at pixels.
"""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenAs

pytestmark = pytest.mark.browser
OUT = {
    "type": "Polygon",
    "coordinates": [[[120.001, 29.301], [120.002, 29.301], [120.002, 29.302], [120.001, 29.301]]],
}


def open_form(open_as: OpenAs) -> Page:
    page = open_as("registrar", "/control-line/adjustments/new", wait=False)
    page.wait_for_selector("#ground-map[data-ready]")
    return page


def test_what_is_pasted_and_drawn_is_tried_and_answered_on_the_map(open_as: OpenAs) -> None:
    page = open_form(open_as)
    ground, said = page.locator("#ground-map"), page.locator("#ground-drawing [role=status]")
    expect(ground).to_have_attribute("data-shown", "")
    page.fill("#id_text", json.dumps(OUT))
    page.locator("#id_text").blur()
    expect(ground).to_have_attribute("data-shown", "out")
    page.get_by_role("button", name="显示全部").click()
    page.wait_for_timeout(300)
    page.get_by_role("button", name="绘制").click()
    box = ground.bounding_box()
    assert box is not None
    for across, down in ((0.2, 0.2), (0.3, 0.2), (0.3, 0.3)):
        page.mouse.click(box["x"] + box["width"] * across, box["y"] + box["height"] * down)
        page.wait_for_timeout(300)
    page.get_by_role("button", name="完成").click()
    expect(said).to_contain_text("已加入“调出”，共 2 块")
    assert len(json.loads(page.input_value("#id_text"))["coordinates"]) == 2
    page.get_by_role("button", name="清除此范围").click()
    expect(page.locator("#id_text")).to_have_value("")
    page.fill("#id_text", json.dumps(OUT))
    page.locator("[form=adjustment-form]").click()
    page.wait_for_selector("#checks")
    page.wait_for_selector("#ground-map[data-ready]")
    expect(ground).to_have_attribute("data-shown", "candidate out")
    page.locator("button[data-use=P4]").click()
    expect(page.locator("#id_in-0-parcel_codes")).to_have_value("P4")
    expect(ground).to_have_attribute("data-shown", "in out")
    expect(said).to_contain_text("P4")


def test_the_keyboard_takes_the_view_and_typed_coordinates_are_left_alone(open_as: OpenAs) -> None:
    page = open_form(open_as)
    said = page.locator("#ground-drawing [role=status]")
    page.locator("#ground-into").select_option(label="调入 1")
    page.get_by_role("button", name="取当前视野").focus()
    page.keyboard.press("Enter")
    expect(said).to_contain_text("已加入“调入 1”，共 1 块")
    expect(page.locator("#ground-map")).to_have_attribute("data-shown", "in")
    page.get_by_role("button", name="绘制").click()
    expect(page.get_by_role("button", name="停止绘制")).to_be_visible()
    page.locator("#ground-map").press("Escape")
    expect(page.get_by_role("button", name="绘制", exact=True)).to_be_visible()
    page.locator("#ground-into").select_option(label="调出")
    page.fill("#id_text", "3242000 506000")
    page.get_by_role("button", name="取当前视野").press("Enter")
    expect(said).to_contain_text("不能和绘制的图形合并")
    expect(page.locator("#id_text")).to_have_value("3242000 506000")
