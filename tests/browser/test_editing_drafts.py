"""The draft while parcels are edited: taken back, brought back, kept over a crash, shared with a colleague, by keyboard alone.

Refuses to lose or overwrite anybody's work: after each journey the database holds what both sides meant.
"""

import re

import pytest
from playwright.sync_api import expect

from parcels.cadastre.lineage_models import CadastralEvent
from parcels.cadastre.models import Parcel
from tests.browser.conftest import OpenDesk
from tests.browser.editing import Desk, survey, vertices
from tests.parcels.editing.conftest import A, B, C, D

pytestmark = pytest.mark.browser


def nothing_happened() -> bool:
    return not CadastralEvent.objects.exists()


def test_points_are_taken_back_in_the_middle_of_drawing(desk: OpenDesk) -> None:
    officer = desk().edit()
    officer.tool("4", "boundary")
    officer.drag((0, 100), (-10, 94))
    officer.settled(1)
    officer.tool("2", "draw")
    officer.click((-80, 40), (-40, 40))
    officer.says("sketch", "on")
    officer.press("Control+z", "Control+z")
    officer.says("sketch", "")
    officer.says("ops", "1")
    officer.press("Control+y", "Control+Shift+z")
    officer.says("sketch", "on")
    officer.click((-40, 80), (-75, 95))
    officer.press("Control+z")
    officer.click((-80, 80))
    # An edge across the open ring is refused at once.
    officer.click((-60, 20))
    expect(officer.page.locator(".toast-line")).to_contain_text("线与自身相交")
    officer.press("Enter")
    officer.settled(2)
    expect(officer.working("new")).to_contain_text(re.compile(r"2\.4\d\d 亩（1,6\d\d\.\d\d ㎡）"))
    officer.map.focus()
    officer.press("Control+z", "Control+z")
    officer.settled(0)
    assert nothing_happened()


def test_undo_in_a_text_field_belongs_to_the_text(desk: OpenDesk) -> None:
    officer = desk().edit()
    officer.choose(50, 50, A)
    officer.tool("7", "subdivide")
    area = officer.page.locator("#edit-subdivide-area")
    area.fill("5")
    officer.press("Enter")
    officer.settled(1)
    officer.choose(150, 50, B)
    officer.tool("7", "subdivide")
    area.click()
    officer.page.keyboard.type("12")
    officer.press("Control+z")
    expect(area).to_have_value("")
    officer.says("ops", "1")
    officer.panel.locator("summary").click()
    place = officer.panel.locator("[data-field=location] input")
    place.click()
    officer.page.keyboard.type("Road 1")
    officer.press("Control+z")
    expect(place).to_have_value("")
    officer.says("ops", "1")
    place.fill("甲路2号")
    officer.press("Tab")
    officer.settled(2)
    officer.map.focus()
    officer.press("Control+z")
    officer.settled(1)
    expect(place).to_have_value("")
    officer.press("Control+y")
    officer.settled(2)
    expect(place).to_have_value("甲路2号")


def test_a_draft_outlives_its_page(desk: OpenDesk) -> None:
    officer = desk().edit()
    officer.choose(50, 50, A)
    officer.tool("5", "split")
    officer.click((40, 100), (40, 0))
    officer.press("Enter")
    officer.settled(1)
    officer.tool("4", "boundary")
    officer.drag((200, 100), (206, 108))
    officer.settled(2)
    assert nothing_happened()

    again = reopened(officer)
    expect(again.dialog.locator("h2")).to_have_text("发现未保存的草稿")
    expect(again.dialog.locator(".change-list li")).to_have_text(["分割 GB00001，1 条线", "移动 1 个界址点"])
    again.dialog.get_by_role("button", name="恢复草稿").click()
    again.settled(2)
    expect(again.working("new")).to_have_count(2)
    again.press("Control+z")
    again.settled(1)
    again.press("Control+y")
    again.settled(2)
    again.save("分宗", warnings="证书另行换发")
    assert Parcel.objects.filter(lineage_up__ancestor__code=A).count() == 2

    again.tool("4", "boundary")
    again.drag((0, -100), (-10, -94))
    again.settled(1)
    third = reopened(again)
    third.dialog.get_by_role("button", name="丢弃草稿").click()
    expect(third.dialog).to_have_count(0)
    third.says("ops", "0")
    kept = "Object.keys(localStorage).filter((name) => name.startsWith('landgis.draft'))"
    assert third.page.evaluate(kept) == []
    assert CadastralEvent.objects.count() == 2


def reopened(officer: Desk) -> Desk:
    """The page is gone without a word, and its person comes back."""
    context, address = officer.page.context, officer.page.url
    officer.page.close(run_before_unload=False)
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector("#map[data-ready]")
    expect(page.locator(".draft-mark")).to_have_text("草稿")
    return Desk(page).edit()


def test_two_officers_on_one_parcel_lose_nothing(desk: OpenDesk, expected_complaints: list[str]) -> None:
    expected_complaints.append("412")
    first, second = desk().edit(), desk("colleague").edit()
    with first.page.expect_response("**/api/editing/presence"):
        first.choose(50, 50, A)
    second.choose(50, 50, A)
    expect(second.panel.locator("[data-block=others]")).to_contain_text("示意registrar 正在编辑 GB00001")
    for officer in (first, second):
        officer.tool("4", "boundary")
    first.drag((0, 100), (-9, 104))
    first.settled(1)
    second.drag((100, 100), (108, 106))
    second.settled(1)
    first.save("东界测错", warnings="证书另行换发")

    second.open_save().locator("[data-field=reason] textarea").fill("西界测错")
    second.dialog.locator("[data-field=warnings_reason] textarea").fill("证书另行换发")
    second.dialog.locator("footer .btn-primary").click()
    expect(second.dialog.locator("h2")).to_have_text("他人已修改 1 宗地")
    expect(second.dialog).to_contain_text("示意registrar 于")
    expect(second.dialog).to_contain_text("东界测错")
    expect(second.dialog.locator("figure")).to_have_count(2)
    expect(second.dialog.locator("footer")).to_contain_text("还有 1 宗未选择")
    second.dialog.get_by_text("保留我的", exact=True).click()
    second.dialog.get_by_role("button", name="按所选处理").click()
    second.says("conflicts", "0")
    second.settled(1)
    second.save("西界测错", warnings="证书另行换发")
    assert len(vertices(A) & vertices(B)) == 2
    west, _, east, _ = survey(A).bounds
    assert abs(west + 9) < 1
    assert abs(east - 108) < 1

    # The first still has the older shape in hand: the next step already says so, before anything is saved.
    stands = vertices(A)
    first.drag((0, 0), (-12, 3))
    expect(first.dialog.locator("h2")).to_contain_text("他人已修改")
    expect(first.dialog).to_contain_text("示意colleague 于")
    for choice in first.dialog.get_by_text("采用对方", exact=True).all():
        choice.click()
    first.dialog.get_by_role("button", name="按所选处理").click()
    first.says("conflicts", "0")
    first.settled(0)
    first.drag((200, -100), (206, -104))
    first.settled(1)
    first.save("南界", warnings="证书另行换发")
    assert vertices(A) == stands
    assert abs(survey(D).bounds[2] - 206) < 1


def test_a_boundary_is_moved_without_a_mouse(desk: OpenDesk) -> None:
    officer = desk(more=f"&sel={A}")
    expect(officer.page.locator("#detail")).to_be_visible()
    before = vertices(A), vertices(C)
    officer.edit()
    officer.says("active", A)
    officer.tool("3", "vertices")
    officer.press("Tab", "ArrowRight", "ArrowLeft", "ArrowRight")
    officer.settled(1)
    officer.press("Control+ArrowUp")
    officer.settled(1)
    officer.press("F6")
    expect(officer.panel).to_be_focused()
    officer.press("F6", "Control+s")
    expect(officer.dialog.locator("[data-field=reason] textarea")).to_be_focused()
    officer.page.keyboard.type("测量更正")
    officer.press("Control+Enter")
    expect(officer.dialog).to_have_count(0)
    officer.says("ops", "0")
    officer.press("e")
    expect(officer.map).not_to_have_attribute("data-edit", "on")

    (gone,) = before[0] - vertices(A)
    (come,) = vertices(A) - before[0]
    assert CadastralEvent.objects.get().reason == "测量更正"
    for code, old in zip((A, C), before, strict=True):
        assert (gone in old) == (come in vertices(code))
