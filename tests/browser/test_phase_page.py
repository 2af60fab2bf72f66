"""An officer at a contract phase: a permit, a foundation and a stoppage with their papers move the finding beside them.

Refuses to write beside the page: every fact goes through its form, every paper through the file field.
"""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from landgis.counties.models import County
from parcels.supply.fact_models import FactPaper, Permit, Stoppage
from parcels.supply.models import SupplyContract
from tests import factories
from tests.browser.conftest import OpenAs

pytestmark = pytest.mark.browser


def scan(name: str) -> Any:
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(content, "PNG")
    return {"name": name, "mimeType": "image/png", "buffer": content.getvalue()}


def enter(page: Page, kind: str, paper: str = "", /, **facts: str) -> None:
    """Open the form of a kind, fill it in, hand it in with its paper."""
    form = page.locator(f"#{kind} details", has=page.locator(f'form[action$="/facts/{kind}"]')).last
    form.locator("summary").click()
    for name, value in {"reason": "现场核查补录", **facts}.items():
        field = form.locator(f'[name="{kind}-{name}"]')
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    if paper:
        form.locator('input[type="file"]').set_input_files([scan(paper)])
    form.get_by_role("button", name="登记").click()
    expect(page.locator(".messages")).to_contain_text("已登记")


def finding(page: Page, code: str) -> None:
    expect(page.locator(f"#finding .finding-{code}")).to_be_visible()


def test_facts_with_papers_are_entered_corrected_and_withdrawn_and_the_finding_follows(
    open_as: OpenAs, landscape: County, expected_complaints: list[str]
) -> None:
    parcel = factories.parcel(landscape, "Q1", factories.box(20, 20, 21, 21))
    phase = factories.contract(landscape, "示意合同9", parcel, agreed_start=date(2021, 3, 1))
    with factories.writing(landscape):
        SupplyContract.objects.filter(pk=phase.contract_id).update(
            holder_name="示意公司", price_wan=Decimal(1000)
        )
    expected_complaints.append("422")  # a refused correction comes back with what was written
    page = open_as("idle_land_officer", f"/supply/phases/{phase.pk}/", wait=False)
    finding(page, "idle_not_started")

    enter(page, "permit", "许可证.png", permit_no="施2021-1", issued_on="2021-04-01", evidence="许可证原件")
    finding(page, "idle_not_started")  # art. 30: a permit alone is no start
    enter(page, "foundation", kind="other", as_of="2021-06-01", done="40", total="100", evidence="监理月报")
    finding(page, "clear")
    with page.expect_download() as download:
        page.get_by_role("link", name="许可证.png").click()
    assert download.value.suggested_filename == "许可证.png"

    enter(page, "stoppage", "停工照片.png", last_built_on="2022-01-01", evidence="停工巡查照片")
    finding(page, "undetermined")  # a year has passed, and the figures of art. 2(2) are missing

    # The last building day was another one: corrected, with what it was kept.
    row = page.locator("#stoppage li").first
    row.get_by_role("link", name="更正").click()
    form = page.locator(f'form[action$="/facts/stoppage/{Stoppage.objects.get().pk}"]').first
    form.locator('[name="edit-stoppage-last_built_on"]').fill("2022-02-01")
    form.locator('[name="edit-stoppage-resumed_on"]').fill("2022-06-01")
    form.locator('[name="edit-stoppage-reason"]').fill("监理单位更正")
    form.get_by_role("button", name="保存更正").click()
    expect(page.locator("#stoppage")).to_contain_text("更正过 1 次")
    finding(page, "clear")  # building was resumed

    # The agreed day is stated otherwise by a paper only.
    page.locator("#phase li").first.get_by_role("link", name="更正").click()
    form = page.locator(f'form[action$="/facts/phase/{phase.pk}"]')
    form.locator('[name="edit-phase-agreed_start"]').fill("2021-05-01")
    form.locator('[name="edit-phase-reason"]').fill("核对合同原件")
    form.get_by_role("button", name="保存更正").click()
    expect(page.locator("#phase")).to_contain_text("须写明依据文件")
    page.locator('[name="edit-phase-document"]').fill("出让合同第十六条")
    page.get_by_role("button", name="保存更正").click()
    expect(page.locator("#phase")).to_contain_text("依据：出让合同第十六条")

    # The permit was another parcel's: withdrawn with its reason, and the start is gone with it.
    row = page.locator("#permit li").first
    row.locator("summary", has_text="撤销").click()
    row.locator('[name="reason"]').fill("误录到本期")
    row.get_by_role("button", name="撤销").click()
    finding(page, "idle_not_started")
    page.locator("#permit summary", has_text="已撤销 1 条").click()
    expect(page.locator("#permit")).to_contain_text("误录到本期")
    expect(page.get_by_role("link", name="许可证.png")).to_be_visible()
    assert not Permit.objects.exists()
    assert FactPaper.objects.count() == 2
