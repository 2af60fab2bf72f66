"""The register around the map: coordinates and files that become parcels, facts in forms, former days, reversals, rights.

Refuses to let the past be edited, and those edit who may only look.
"""

import json
from datetime import date

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from landgis.access.models import User
from landgis.counties.models import County
from parcels.cadastre.lineage_models import CadastralEvent, ParcelVersion
from parcels.cadastre.models import Holding, Parcel
from tests import factories, factories_cadastre
from tests.browser.conftest import OpenAs, OpenDesk
from tests.browser.editing import Desk, survey
from tests.parcels.editing.conftest import EAST, NORTH, PREFIX, A, B, C, D, E, rectangle, stored

pytestmark = pytest.mark.browser

NEW, NEWER = f"{PREFIX}00021", f"{PREFIX}00022"

# A real file held over the map and let go: what the browser does with one from a folder.
DROP = """([name, text]) => {
    const data = new DataTransfer();
    data.items.add(new File([text], name, { type: "application/geo+json" }));
    const map = document.getElementById("map");
    for (const type of ["dragenter", "dragover", "drop"]) {
        map.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
    }
}"""


def named(officer: Desk, code: str, steps: int) -> None:
    """The new parcel in hand gets its code."""
    field = officer.panel.locator("[data-field=code] input")
    field.fill(code)
    officer.press("Tab")
    officer.settled(steps)


def test_pasted_coordinates_and_a_dropped_file_become_parcels(desk: OpenDesk) -> None:
    officer = desk().edit()
    corners = [(-90, 20), (-30, 20), (-30, 80), (-90, 80)]
    officer.press("c")
    text = officer.dialog.locator("textarea")
    text.click()
    officer.page.keyboard.insert_text(
        "\n".join(f"J{n} {NORTH + y:.3f} {40_000_000 + EAST + x:.3f}" for n, (x, y) in enumerate(corners, 1))
    )
    expect(officer.dialog.locator(".coordinates-crs")).to_contain_text("1 个图形")
    officer.dialog.get_by_role("button", name="采用").click()
    expect(officer.dialog).to_have_count(0)
    officer.settled(1)
    expect(officer.working("new")).to_contain_text("5.400 亩（3,600.00 ㎡）")
    named(officer, NEW, 2)

    shape = json.loads(stored(rectangle(-90, -90, -30, -30)).geojson)
    feature = {"type": "Feature", "properties": {}, "geometry": shape}
    officer.page.evaluate(
        DROP, ["新地.geojson", json.dumps({"type": "FeatureCollection", "features": [feature]})]
    )
    expect(officer.dialog).to_contain_text("新地.geojson")
    expect(officer.dialog.locator(".coordinates-crs")).to_contain_text("1 个图形")
    officer.dialog.get_by_role("button", name="采用").click()
    expect(officer.dialog).to_have_count(0)
    officer.settled(3)
    named(officer, NEWER, 4)
    officer.save("勘测定界")
    assert [round(side, 3) for side in survey(NEW).bounds] == [-90, 20, -30, 80]
    assert [round(side, 3) for side in survey(NEWER).bounds] == [-90, -90, -30, -30]
    assert CadastralEvent.objects.get().kind == "registration"


def test_facts_are_changed_in_a_form_that_says_what_is_wrong_where(
    desk: OpenDesk, county: County, expected_complaints: list[str]
) -> None:
    expected_complaints += ["422", "412"]
    officer = desk(more=f"&sel={A}")
    page = officer.page
    detail = page.locator("#detail")
    detail.get_by_role("button", name="修改登记信息").click()
    detail.locator("[data-field=location] input").fill("甲路1号")
    detail.get_by_role("button", name="添加权利人").click()
    detail.locator("[data-field=holders] input").first.fill("示意企业")
    detail.locator("[data-field=holders] input").nth(1).fill("91330782MA2TEST01A")
    detail.locator("[data-field=reason] textarea").fill("核对证书")
    save = detail.get_by_role("button", name="保存登记信息")
    save.click()
    expect(detail.locator("[data-field=holders] .field-error")).to_contain_text("含有不允许的字符")
    detail.locator("[data-field=holders] input").nth(1).fill("")

    colleague = Client()
    colleague.force_login(factories.person(county, "registrar", "colleague"))
    version = Parcel.objects.get(code=A).change_id
    answer = colleague.patch(
        f"/api/parcels/{A}",
        json.dumps({"values": {"note": "抵押中"}, "reason": "补登"}),
        content_type="application/json",
        headers={"If-Match": f'"{version}"'},
    )
    assert answer.status_code == 200, answer.content
    save.click()
    expect(officer.dialog.locator("h2")).to_contain_text("他人已修改")
    expect(officer.dialog).to_contain_text("抵押中")
    officer.dialog.get_by_text("保留我的", exact=True).click()
    officer.dialog.get_by_role("button", name="按所选处理").click()
    expect(detail.locator("[data-field=note] textarea")).to_have_value("抵押中")
    expect(detail.locator("[data-field=location] input")).to_have_value("甲路1号")
    detail.locator("[data-field=reason] textarea").fill("核对证书")
    save.click()
    expect(detail.locator("h2")).to_have_text("示意企业")
    parcel = Parcel.objects.get(code=A)
    assert (parcel.location, parcel.note) == ("甲路1号", "抵押中")
    assert Holding.objects.get(parcel=parcel, valid_to=None).holder.name == "示意企业"
    assert ParcelVersion.objects.filter(parcel=parcel).count() == 2


def test_all_that_match_are_changed_at_once(desk: OpenDesk) -> None:
    officer = desk()
    page, dialog = officer.page, officer.dialog
    page.get_by_role("button", name="批量修改").click()
    expect(dialog).to_contain_text("清单中符合筛选条件的 5 宗")
    dialog.locator("input[value=tenure]").check()
    dialog.locator("[data-field=tenure] input").fill("出让")
    dialog.locator("[data-field=tenure] input").press("Tab")
    dialog.get_by_role("button", name="预览").click()
    expect(dialog.locator(".bulk-sum")).to_contain_text("将修改 5 宗，72.00 亩。")
    dialog.locator("[data-field=reason] textarea").fill("补登权利性质")
    dialog.get_by_role("button", name="全部修改").click()
    expect(dialog).to_have_count(0)
    expect(page.locator(".toast-line")).to_have_text("已修改 5 宗。")
    assert set(Parcel.objects.values_list("tenure", flat=True)) == {"出让"}
    assert CadastralEvent.objects.get().parcels.count() == 5


def test_a_past_day_is_seen_everywhere_and_edited_nowhere(
    desk: OpenDesk, county: County, block: dict[str, Parcel]
) -> None:
    west, east = stored(rectangle(0, 0, 50, 100)), stored(rectangle(50, 0, 100, 100))
    _, (left, right) = factories_cadastre.divided(county, block[A], date(2024, 5, 1), west, east)
    officer = desk()
    page = officer.page
    expect(officer.row(left.code)).to_be_visible()
    officer.hover(25, 50)
    expect(officer.map).to_have_attribute("data-hover", left.code)

    officer.press("d")
    page.get_by_role("button", name="上一个变更日").click()
    expect(page.locator(".past-banner")).to_contain_text("正在显示 2024-05-01 的登记状态")
    page.locator(".date-bar input[type=date]").fill("2024-04-30")
    expect(page.locator(".past-banner")).to_contain_text("2024-04-30")
    expect(officer.row(A)).to_be_visible()
    expect(officer.row(left.code)).to_have_count(0)
    officer.drawn()
    officer.hover(75, 50)
    expect(officer.map).to_have_attribute("data-hover", A)
    page.mouse.click(*officer.pixel(75, 50))
    expect(page.locator("#detail .mono").first).to_have_text("990001 100001 GB00001")
    officer.map.focus()
    officer.press("e")
    expect(page.locator(".toast-line")).to_contain_text("回到今天才能编辑")
    expect(officer.map).not_to_have_attribute("data-edit", "on")
    page.get_by_role("button", name="批量修改").hover()
    expect(page.get_by_role("button", name="批量修改")).to_have_attribute("aria-disabled", "true")

    page.get_by_role("button", name="回到今天", exact=True).click()
    expect(officer.row(right.code)).to_be_visible()
    officer.row(right.code).click()
    page.locator("#detail").get_by_role("button", name="撤销此变更").click()
    expect(officer.dialog).to_contain_text("恢复：990001 100001 GB00001")
    officer.dialog.locator("textarea").fill("分割有误")
    officer.dialog.locator("footer .btn-danger").click()
    expect(officer.dialog).to_have_count(0)
    expect(officer.row(A)).to_be_visible()
    expect(officer.row(right.code)).to_have_count(0)
    expect(page.locator("#detail .former")).to_contain_text("已注销")
    assert set(Parcel.objects.filter(valid_to=None).values_list("code", flat=True)) == {A, B, C, D, E}
    assert CadastralEvent.objects.filter(kind="reversal", reverses__kind="subdivision").count() == 1


@pytest.mark.parametrize("role", ["township_officer", "leader"])
def test_who_may_only_look_meets_no_editing(open_as: OpenAs, role: str) -> None:
    page: Page = open_as(role, "/?sel=P1")
    expect(page.locator("#detail h2")).to_have_text("示意企业1")
    page.locator("#map").focus()
    page.keyboard.press("e")
    expect(page.locator("#map")).not_to_have_attribute("data-edit", "on")
    for words in ("编辑宗地", "批量修改", "修改登记信息", "撤销此变更", "选择文件"):
        expect(page.get_by_role("button", name=words)).to_have_count(0)
    client = Client()
    client.force_login(User.objects.get(username=role))
    refused = client.post(
        "/api/editing/preview",
        json.dumps({"operations": [{"kind": "retire", "parcel": "P1"}]}),
        content_type="application/json",
    )
    assert refused.status_code == 403
