"""An officer opens a case from the list of suspicions, is refused what the law doesn't allow yet, and takes a step back.

Refuses to look at pixels.
"""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenAs

pytestmark = pytest.mark.browser


def test_a_case_is_opened_refused_a_step_and_taken_back(
    open_as: OpenAs, expected_complaints: list[str]
) -> None:
    expected_complaints.append("409")
    page = open_as("idle_land_officer", "/idle-land/", wait=False)
    page.get_by_role("link", name="立案", exact=True).click()
    page.fill("#id_on", "2024-07-01")
    page.get_by_role("button", name="立案").click()
    expect(page.get_by_role("status").or_(page.locator(".messages .success"))).to_contain_text("已立案")
    expect(page.locator("#state")).to_contain_text("发现疑似闲置")
    expect(page.locator("#closed-fee_decision")).to_be_visible()

    notice = page.locator("#stage-investigation_notice")
    notice.locator("summary").click()
    notice.locator('[name="investigation_notice-on"]').fill("2024-06-01")
    notice.locator('[name="investigation_notice-document_no"]').fill("调〔2024〕1号")
    notice.get_by_role("button").click()
    expect(page.get_by_role("alert")).to_contain_text("早于立案日期")

    notice.locator('[name="investigation_notice-on"]').fill("2024-07-03")
    notice.get_by_role("button").click()
    expect(page.locator("#step-2")).to_contain_text("调〔2024〕1号")

    page.fill("#reverse-reason", "文号有误")
    page.get_by_role("button", name="撤销最后一步").click()
    expect(page.locator("#step-2")).to_have_class("undone")
    expect(page.locator("#step-3")).to_contain_text("文号有误")

    page.get_by_role("link", name="全部案件").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator(".overdue")).to_contain_text("逾期")
