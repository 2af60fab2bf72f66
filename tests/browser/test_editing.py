"""Parcels edited on the map with a mouse: split, merge, shared boundaries, strips, holes, slivers, retirement.

Refuses to trust the screen alone: what was done is read from the database, to the last digit where it matters.
"""

from datetime import date
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import expect

from landgis.counties.models import County
from parcels.cadastre.lineage_models import CadastralEvent, EventParcel, Lineage, ParcelVersion
from parcels.cadastre.models import Parcel
from tests import factories
from tests.browser.conftest import OpenDesk
from tests.browser.editing import survey, vertices
from tests.parcels.editing.conftest import PREFIX, A, B, C, D, E, rectangle, stored

pytestmark = pytest.mark.browser

SIX, SEVEN, EIGHT = (f"{PREFIX}{number:05d}" for number in (6, 7, 8))


def in_force() -> set[str]:
    return set(Parcel.objects.filter(valid_to=None).values_list("code", flat=True))


def photo() -> bytes:
    made = BytesIO()
    Image.new("RGB", (40, 30), "#0b62b8").save(made, "PNG")
    return made.getvalue()


def test_a_line_splits_a_parcel_and_its_children_stand_in_list_map_and_lineage(desk: OpenDesk) -> None:
    officer = desk().edit()
    before = Parcel.objects.get(code=A)
    officer.choose(50, 50, A)
    expect(officer.row(A)).to_have_attribute("aria-selected", "true")
    officer.tool("5", "split")
    officer.hover(60, 100)
    officer.says("snap", "edge")
    officer.click((60, 100), (60, 0))
    officer.press("Enter")
    officer.settled(1)
    officer.findings(errors=0, warnings=0)
    expect(officer.working("new")).to_have_count(2)
    expect(officer.working("ended")).to_contain_text("GB00001")
    officer.undone_and_redone(1)

    dialog = officer.open_save()
    expect(dialog.locator(".event-words")).to_contain_text(
        "分割：990001 100001 GB00001 → 2 宗（990001 100001 GB00006、990001 100001 GB00007），原代码注销。"
    )
    expect(dialog).to_contain_text("变更后共 2 宗，15.00 亩。")
    expect(dialog.locator("footer")).to_contain_text("请填写变更原因")
    dialog.locator("[data-field=reason] textarea").fill("按出让合同分宗")
    dialog.locator("[data-field=kind] select").select_option("contract")
    dialog.locator("[data-field=no] input").fill("330782-2026-A-7")
    dialog.locator("[data-field=date] input").fill("2026-05-06")
    dialog.locator("input[type=file]").set_input_files(
        {"name": "现场.png", "mimeType": "image/png", "buffer": photo()}
    )
    expect(dialog.locator(".attachment a")).to_have_text("现场.png")
    officer.confirm_save()

    expect(officer.row(SIX)).to_be_visible()
    expect(officer.row(A)).to_have_count(0)
    officer.press("e")
    expect(officer.map).not_to_have_attribute("data-edit", "on")
    officer.drawn()
    officer.hover(30, 50)
    expect(officer.map).to_have_attribute("data-hover", SIX)
    officer.hover(80, 50)
    expect(officer.map).to_have_attribute("data-hover", SEVEN)
    officer.row(SEVEN).click()
    event = officer.page.locator("#detail .timeline li[data-kind=subdivision]")
    expect(event).to_contain_text("按出让合同分宗")
    expect(event).to_contain_text("合同 330782-2026-A-7 2026-05-06")
    expect(event).to_contain_text("现场.png")
    expect(officer.page.locator("#detail .relatives")).to_contain_text("990001 100001 GB00001")

    parent = Parcel.objects.get(code=A)
    children = Parcel.objects.filter(code__in=[SIX, SEVEN])
    assert parent.valid_to is not None
    assert parent.retired_by
    assert abs(sum(child.planar_area_m2 for child in children) - before.planar_area_m2) < 0.001
    assert {line.descendant.code for line in Lineage.objects.filter(ancestor=parent)} == {SIX, SEVEN}
    happened = CadastralEvent.objects.get()
    assert (happened.kind, happened.document_kind, happened.document_date) == (
        "subdivision",
        "contract",
        date(2026, 5, 6),
    )
    assert happened.attachments.get().name == "现场.png"


def test_two_parcels_become_one(desk: OpenDesk) -> None:
    officer = desk().edit()
    officer.choose(50, 50, A)
    officer.tool("6", "merge")
    officer.click((50, -50))
    expect(officer.page.locator(".edit-bar")).to_contain_text("合并 2 宗")
    officer.press("Enter")
    officer.settled(1)
    officer.findings(errors=0, warnings=0)
    officer.undone_and_redone(1)
    officer.save("合并登记")
    expect(officer.row(SIX)).to_be_visible()

    made = Parcel.objects.get(code=SIX)
    parents = Parcel.objects.filter(code__in=[A, C])
    assert in_force() == {B, D, E, SIX}
    assert abs(made.planar_area_m2 - sum(parent.planar_area_m2 for parent in parents)) < 0.001
    assert set(Lineage.objects.filter(descendant=made).values_list("ancestor__code", flat=True)) == {A, C}
    assert CadastralEvent.objects.get().kind == "consolidation"


def test_a_shared_boundary_moves_for_all_who_share_it(desk: OpenDesk) -> None:
    officer = desk().edit()
    untouched = vertices(A) & vertices(C)
    officer.tool("4", "boundary")
    officer.drag((100, 100), (112, 94))
    officer.settled(1)
    expect(officer.working("changed")).to_have_count(2)
    officer.undone_and_redone(1)
    # The whole edge between C and D: its upper end is A's and B's too.
    officer.drag((100, -50), (109, -50))
    officer.settled(2)
    expect(officer.working("changed")).to_have_count(4)
    officer.undone_and_redone(2)
    officer.findings(errors=0, warnings=4)
    officer.open_save().locator("[data-field=reason] textarea").fill("界址调整")
    expect(officer.dialog.locator("footer")).to_contain_text("请说明保留提示的理由")
    officer.dialog.locator("[data-field=warnings_reason] textarea").fill("证书另行换发")
    officer.confirm_save()

    (top,) = vertices(A) & vertices(B) - vertices(D)
    (middle,) = vertices(A) & vertices(B) & vertices(C) & vertices(D)
    (foot,) = vertices(C) & vertices(D) - vertices(A)
    assert len({top, middle, foot}) == 3
    assert len(untouched & vertices(A) & vertices(C)) == 1
    assert abs(survey(A).bounds[2] - 112) < 1
    assert abs(survey(C).bounds[2] - 109) < 1
    event = CadastralEvent.objects.get()
    assert (event.kind, event.warnings_reason) == ("boundary_adjustment", "证书另行换发")
    assert set(EventParcel.objects.values_list("parcel__code", "role")) == {
        (code, "adjusted") for code in (A, B, C, D)
    }
    assert ParcelVersion.objects.count() == 4


def test_the_end_of_a_split_is_moved_in_the_same_change(desk: OpenDesk) -> None:
    officer = desk().edit()
    officer.choose(150, 50, B)
    officer.tool("5", "split")
    officer.click((150, 100), (150, 0))
    officer.press("Enter")
    officer.settled(1)
    officer.tool("4", "boundary")
    officer.drag((150, 0), (158, -12))
    officer.settled(2)
    expect(officer.working("changed")).to_contain_text("GB00004")
    officer.undone_and_redone(2)
    officer.save("分宗并调整界址", warnings="证书另行换发")

    (moved,) = vertices(SIX) & vertices(SEVEN) & vertices(D)
    assert moved not in vertices(A) | vertices(C)
    assert abs(survey(D).area - (10_000 - 100 * 12 / 2)) < 100
    assert set(CadastralEvent.objects.values_list("kind", flat=True)) == {
        "subdivision",
        "boundary_adjustment",
    }
    assert len(set(CadastralEvent.objects.values_list("change_id", flat=True))) == 1


def test_strip_hole_and_sliver(desk: OpenDesk, county: County) -> None:
    beside = factories.parcel(county, EIGHT, stored(rectangle(300.3, 0, 340, 100)))
    officer = desk().edit()
    officer.choose(50, 50, A)
    officer.tool("7", "subdivide")
    officer.page.fill("#edit-subdivide-area", "5")
    officer.press("Enter")
    officer.settled(1)
    expect(officer.working("new").first).to_contain_text("5.000 亩（3,333.33 ㎡）")
    officer.map.focus()
    officer.undone_and_redone(1)

    officer.choose(150, 50, B)
    officer.tool("8", "hole")
    officer.click((130, 30), (170, 30), (170, 70), (130, 70))
    officer.press("Enter")
    officer.settled(2)
    expect(officer.working("new")).to_have_count(4)
    officer.undone_and_redone(2)

    officer.choose(320, 50, EIGHT)
    officer.tool("a", "adjust")
    officer.page.get_by_role("button", name="填补缝隙").click()
    officer.settled(3)
    expect(officer.working("changed")).to_contain_text("GB00008")
    officer.map.focus()
    officer.undone_and_redone(3)
    officer.save("分宗、挖空与吻合", warnings="证书另行换发")

    strip = Parcel.objects.get(valid_to=None, planar_area_m2__range=(3333.3323, 3333.3343))
    assert Lineage.objects.get(descendant=strip).ancestor.code == A
    inner = Parcel.objects.get(valid_to=None, planar_area_m2__lt=1700)
    outer = Parcel.objects.exclude(pk=inner.pk).get(lineage_up__ancestor__code=B)
    assert (
        abs(inner.planar_area_m2 + outer.planar_area_m2 - Parcel.objects.get(code=B).planar_area_m2) < 0.001
    )
    assert vertices(inner.code) <= vertices(outer.code)
    now = Parcel.objects.get(pk=beside.pk)
    assert abs(now.planar_area_m2 - beside.planar_area_m2 - 30) < 0.1
    assert len(vertices(EIGHT) & vertices(E)) == 2


def test_an_overlap_blocks_saving_until_it_is_given_up(desk: OpenDesk) -> None:
    officer = desk().edit()
    officer.tool("2", "draw")
    officer.click((-60, -30), (12, -30), (12, -75), (-60, -75))
    officer.press("Enter")
    officer.settled(1)
    officer.findings(errors=2, warnings=0)
    code = officer.panel.locator("[data-field=code] input")
    code.fill("990001 100001 GB00042")
    code.press("Tab")
    officer.settled(2)
    officer.findings(errors=1, warnings=0)
    expect(officer.panel.locator("footer")).to_contain_text("有 1 项错误，改正后才能保存")
    officer.panel.get_by_role("button", name="让出重叠部分").click()
    officer.settled(3)
    officer.findings(errors=0, warnings=0)
    officer.map.focus()
    officer.undone_and_redone(3)
    officer.save("新增宗地")

    (made,) = in_force() - {A, B, C, D, E}
    assert made == f"{PREFIX}00042"
    assert abs(survey(made).bounds[2]) < 1e-6
    assert CadastralEvent.objects.get().kind == "registration"


def test_a_parcel_is_retired_and_comes_back(desk: OpenDesk) -> None:
    officer = desk().edit()
    officer.choose(260, 50, E)
    officer.press("r")
    officer.settled(1)
    officer.says("active", "")
    officer.undone_and_redone(1)
    officer.save("土地灭失")
    expect(officer.row(E)).to_have_count(0)
    assert in_force() == {A, B, C, D}

    officer.press("t")
    officer.page.fill("#edit-restore-code", E)
    officer.press("Enter")
    officer.settled(1)
    expect(officer.working("restored")).to_contain_text("GB00005")
    officer.undone_and_redone(1)
    officer.save("注销有误")
    expect(officer.row(E)).to_be_visible()
    assert in_force() == {A, B, C, D, E}
    assert list(CadastralEvent.objects.order_by("id").values_list("kind", flat=True)) == [
        "retirement",
        "restoration",
    ]
