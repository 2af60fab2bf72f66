"""A year's evaluation in the browser: from an early draft over freeze, notice and objection to the final; a scheme edited.

Refuses addresses and forms made up by hand: every step is taken by what the pages show.
"""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from landgis.access.queries import Actor
from landgis.counties.models import County
from parcels.enterprises.models import Enterprise
from parcels.grading.models import GradingRun
from parcels.grading.queries import state
from parcels.schemes.actions import store_scheme
from parcels.schemes.models import SchemeVersion
from tests import factories
from tests.browser.conftest import OpenAs
from tests.factories import TOWN_EAST, TOWN_WEST, box
from tests.parcels.grading.making import simple_document
from tests.parcels.grading.running import DAY, YEAR, draft, in_force

pytestmark = pytest.mark.browser


@pytest.fixture
def makers(landscape: County) -> list[Enterprise]:
    """Beside the two firms of the landscape five with 10 亩 each and 10, 8, 6, 4, 2 万元/亩; the last in 乙镇."""
    made = []
    for number in range(5):
        firm = factories.enterprise(
            landscape, f"91330782000000000{number}", f"制造{number}", above_scale=True,
            town_code=TOWN_WEST if number < 4 else TOWN_EAST,
        )  # fmt: skip
        parcel = factories.parcel(
            landscape,
            f"E{number}",
            box(number * 4, 10, number * 4 + 3, 13),
            registered_area_m2=Decimal(100_000) / 15,
        )
        factories.occupancy(parcel, firm)
        factories.annual_return(firm, YEAR, tax_wan=100 - 20 * number, source="税务局清册")
        made.append(firm)
    return made


def take(page: Page, title: str, day: str) -> None:
    """A step of the run by its form."""
    form = page.locator("details", has=page.locator("summary", has_text=title))
    if form.get_attribute("open") is None:
        form.locator("summary").click()
    form.locator("input[name=on]").fill(day)
    form.locator("input[name=reason]").fill("按程序办理")
    form.get_by_role("button", name=title).click()


def test_a_run_from_an_early_draft_to_the_final(
    open_as: OpenAs, landscape: County, makers: list[Enterprise], cast: dict[str, Actor], tmp_path: Path,
    expected_complaints: list[str],
) -> None:  # fmt: skip
    in_force(landscape, cast["evaluation_officer"])
    factories.person(landscape, "evaluation_officer", "second_officer")
    page = open_as("evaluation_officer", "/evaluation/", wait=False)
    page.get_by_role("link", name="起草评价").click()
    page.locator("[name=year]").fill(str(YEAR))
    page.locator("[name=on]").fill(str(DAY))
    page.locator("[name=reason]").fill("年度评价")
    page.get_by_role("button", name="试算").click()
    page.get_by_role("button", name="按试算结果起草").click()
    expect(page.locator("h1")).to_contain_text("待复核")
    expect(page.get_by_text("未冻结", exact=True)).to_be_visible()
    expect(page.locator("#openings")).to_contain_text("企业用地尚未冻结 1")
    run_address = page.url
    page.screenshot(path=tmp_path / "run-open.png", full_page=True)

    expected_complaints.append("409")
    take(page, "复核通过", str(DAY))
    expect(page.locator("body")).to_contain_text("须由另一人办理")
    here = run_address.removeprefix(page.url.split("/evaluation/")[0])
    checker = open_as("second_officer", here, wait=False)
    take(checker, "复核通过", str(DAY))
    page.goto(run_address)
    take(page, "开始公示", str(DAY))
    expect(page.locator("body")).to_contain_text("还有未处理的事项：企业用地尚未冻结 1 项")
    page.goto(run_address)
    page.locator("#openings a").first.click()
    page.get_by_role("link", name="请各镇街确认后冻结该年度企业用地。").click()
    page.get_by_label("提前冻结的原因").fill("测试年度，已电话核对")
    page.get_by_role("button", name="冻结用于评价").click()

    page.goto(run_address)
    expect(page.locator("#openings")).to_contain_text("早于企业用地的冻结")
    take(page, "按现有数据重新计算", str(DAY))
    expect(page.get_by_text("未冻结", exact=True)).to_have_count(0)
    checker.goto(run_address)
    take(checker, "复核通过", str(DAY))
    page.goto(run_address)
    take(page, "开始公示", str(DAY))
    expect(page.locator("h1")).to_contain_text("公示中")
    expect(page.locator("body")).to_contain_text("公示期 2024-05-13 至 2024-05-20")

    town = open_as("township_officer", here, wait=False)
    town.get_by_role("link", name="制造3").click()
    expect(town.locator("body")).not_to_contain_text("逐项计分")
    town.locator("[name=on]").fill("2024-05-15")
    town.locator("[name=statement]").fill("漏计退税")
    town.locator("[name=evidence]").fill("完税证明第 1 号")
    town.get_by_role("button", name="登记异议").click()
    expect(town.locator("body")).to_contain_text("漏计退税")

    page.reload()
    take(page, "定稿", "2024-05-21")
    expect(page.locator("body")).to_contain_text("还有 1 件异议没有处理")
    page.goto(run_address)
    page.get_by_role("link", name="制造3").first.click()
    page.locator("[name=upheld]").select_option("1")
    page.locator("[name=on]").fill("2024-05-16")
    page.locator("[name=reason]").fill("税务局复函")
    page.locator("[name=figure_tax_wan]").fill("90")
    page.get_by_role("button", name="登记处理结果").click()
    expect(page.locator("body")).to_contain_text("异议已处理")
    # The objection changed the result: who decided it isn't the one who makes it final.
    checker.goto(run_address)
    take(checker, "定稿", "2024-05-21")
    expect(checker.locator("h1")).to_contain_text("已定稿")
    page.goto(run_address)
    run = GradingRun.objects.get()
    assert state(run) == "final"

    page.locator("#firms ~ .card").get_by_role("link", name="制造3").click()
    expect(page.locator("h1")).to_contain_text("中")
    for told in ("逐项计分", "近三年", "用地（按宗地）", "E3", "冻结的数据及来源", "税务局复函"):
        expect(page.locator("body")).to_contain_text(told)
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    page.screenshot(path=tmp_path / "sheet.png", full_page=True)
    assert makers


def test_the_scheme_editor_previews_and_saves(
    open_as: OpenAs, landscape: County, makers: list[Enterprise], cast: dict[str, Actor], tmp_path: Path
) -> None:
    officer = cast["evaluation_officer"]
    in_force(landscape, officer)
    draft(landscape, officer)
    store_scheme(
        county=landscape,
        actor=officer,
        document=simple_document(version="2", years={"from": 2021}),
        reason="草稿",
    )
    page = open_as("evaluation_officer", "/evaluation/schemes/simple/2/edit/", wait=False)
    page.locator("[name=new_grade]").fill("最差")
    page.get_by_role("button", name="加入档次").click()
    page.locator("[id='groups[1].cutoffs[2]']").fill("0.3")
    page.locator("[id='groups[1].cutoffs[3]']").fill("0.2")
    page.locator("[id='groups[1].cutoffs[4]']").fill("0.3")
    page.locator("[id='groups[1].cutoffs[4]']").press("Enter")  # previews, and takes nothing out
    expect(page.locator("#preview")).to_contain_text("改动的影响（尚未保存）")
    expect(page.locator("#preview thead").first).to_have_text(re.compile(r"好\s*中\s*差\s*最差"))
    expect(page.locator("#preview .moved-list")).to_contain_text("制造4")
    page.screenshot(path=tmp_path / "editor.png", full_page=True)
    page.locator("#edit-indicators [name='new_indicator.code']").fill("staff")
    page.locator("#edit-indicators [name='new_indicator.title']").fill("人均税收")
    page.locator("#edit-indicators [name='new_indicator.unit']").fill("万元/人")
    page.locator("#edit-indicators [name='new_indicator.denominator']").select_option("employees")
    page.get_by_role("button", name="加入指标").click()
    expect(page.get_by_role("button", name="移除 人均税收")).to_be_visible()
    page.get_by_role("button", name="移除 人均税收").click()
    page.locator("[name=reason]").fill("增设一档")
    page.get_by_role("button", name="保存草稿").click()
    expect(page.locator("body")).to_contain_text("草稿已保存")
    assert SchemeVersion.objects.get(version="2").definition["grades"] == ["好", "中", "差", "最差"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    assert makers
