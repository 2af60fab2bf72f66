"""A plan of targets from its document to the ledgers: entered, told what doesn't add up, corrected, decided by a second person.

Refuses to write beside the pages: every figure goes through the grid that an officer sees.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from landgis.counties.models import County, Target
from tests import factories
from tests.browser.conftest import OpenAs
from tests.parcels.cadastre.test_papers import pdf

pytestmark = pytest.mark.browser
KEY, NAME = "remediation.total_mu", "示意新一轮行动方案〔1〕号"


@pytest.fixture
def ended(landscape: County) -> int:
    """The plan before runs to the end of next year; the year in which the new one takes over."""
    year = timezone.localdate().year
    with factories.writing(landscape):
        Target.objects.create(
            county=landscape, key=KEY, value=9000, unit="亩", basis="前一方案", valid_from=date(year - 2, 1, 1),
            valid_to=date(year + 1, 12, 31),
        )  # fmt: skip
    return year


def figure(page: Page, name: str, value: str) -> None:
    page.locator(f'.plan-grid input[name="{name}"]').fill(value)


def test_a_plan_is_entered_corrected_decided_by_another_and_followed(
    open_as: OpenAs, landscape: County, ended: int
) -> None:
    factories.person(landscape, "evaluation_officer", "checker")
    page = open_as("evaluation_officer", "/campaigns/plans/", wait=False)
    form = page.locator("form.case-form")
    form.locator('[name="name"]').fill(NAME)
    form.locator('[name="valid_from"]').fill(f"{ended}-01-01")
    form.locator('[name="valid_to"]').fill(f"{ended + 1}-12-31")
    scan: Any = {"name": "方案.pdf", "mimeType": "application/pdf", "buffer": pdf()}
    form.locator('[name="file"]').set_input_files([scan])
    form.locator('[name="reason"]').fill("接续前一方案")
    form.locator('[name="backdated"]').check()
    form.get_by_role("button", name="建立草案").click()
    expect(page.get_by_role("heading", name=NAME)).to_be_visible()

    towns = list(landscape.towns.order_by("code").values_list("code", "name"))
    aim = page.locator('.plan-grid input[name^="value:"][aria-label*="整治"]').first.get_attribute("name")
    assert aim is not None
    of = aim.removeprefix("value:")
    figure(page, aim, "6000")
    figure(page, f"year:{of}:{ended}", "2500")
    figure(page, f"year:{of}:{ended + 1}", "3000")
    for (code, _name), part in zip(towns, ("2000", "3900"), strict=True):
        figure(page, f"town:{of}:{code}", part)
    page.get_by_role("button", name="保存草案").click()
    told = page.locator(".alert-danger[role=alert]")
    expect(told).to_contain_text("数字还没有对上")
    expect(told.locator("li")).to_have_count(2)
    expect(page.locator("tfoot .overdue")).to_have_text("差 -100")
    expect(page.get_by_role("button", name="核定生效")).to_be_disabled()

    figure(page, f"year:{of}:{ended + 1}", "3500")
    figure(page, f"town:{of}:{towns[1][0]}", "4000")
    page.get_by_role("button", name="保存草案").click()
    expect(page.locator(".messages")).to_contain_text("已保存")
    expect(told).to_have_count(0)
    expect(page.locator("body")).to_contain_text("须由另一人核定")
    expect(page.get_by_role("button", name="核定生效")).to_be_disabled()

    site, _campaigns, plan = page.url.partition("/campaigns/plans/")
    second = open_as("checker", f"/campaigns/plans/{plan}", wait=False)
    expect(second.locator("body")).to_contain_text("9,000")
    decision = second.locator('form[action$="/decide"]')
    decision.locator('[name="reason"]').fill("市政府常务会议通过")
    decision.get_by_role("button", name="核定生效").click()
    expect(second.locator(".messages")).to_contain_text("已核定")
    expect(second.locator("body")).to_contain_text("checker")

    page.get_by_role("link", name="目标方案").first.click()
    page.get_by_role("link", name="目标分解").click()
    expect(page.locator("main")).to_contain_text(NAME)
    page.goto(site + "/campaigns/")
    expect(page.locator("main")).to_contain_text("/ 6,000 亩")
    kept = Target.objects.get(county=landscape, key=KEY, basis=NAME)
    assert (kept.value, kept.valid_from) == (Decimal(6000), date(ended, 1, 1))
    before = Target.objects.get(county=landscape, key=KEY, basis="前一方案")
    assert before.valid_to == date(ended - 1, 12, 31)
