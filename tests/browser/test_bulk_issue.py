"""An officer issues a paper for all cases of the list, leaves the page in the middle, and finds it done.

Refuses to look at pixels.
"""

import pytest
from playwright.sync_api import expect

from landgis.access.queries import actor_for
from landgis.counties.models import County
from parcels.documents.models import DocumentNumber
from tests import factories
from tests.browser.conftest import OpenAs
from tests.parcels.disposal.many import TODAY, opened_cases

pytestmark = pytest.mark.browser
CASES = 4


def test_papers_are_checked_ordered_and_issued_also_when_the_page_is_closed(
    open_as: OpenAs, landscape: County, expected_complaints: list[str]
) -> None:
    officer = actor_for(factories.person(landscape, "idle_land_officer"), landscape, TODAY)
    opened_cases(landscape, officer, CASES)
    # A request that is broken off by leaving the page is told by the browser.
    expected_complaints.append("ERR_")
    page = open_as("idle_land_officer", "/idle-land/cases/", wait=False)
    page.get_by_role("button", name="批量出具", exact=False).last.click()
    page.get_by_label("闲置土地调查通知书").check()
    page.get_by_role("button", name="开始核对").click()
    expect(page.locator('#job[data-phase="checked"]')).to_be_visible(timeout=60_000)
    assert not DocumentNumber.objects.exists()
    page.get_by_role("button", name="份并编号").click()
    expect(page.locator('#job:not([data-phase="checked"])')).to_be_visible(timeout=60_000)
    # The page moves on by itself when a phase ends: closing it in the middle is what an officer may do at
    # any moment, while a second reload would race with the page's own.
    job, browser = page.url, page.context
    page.close()
    page = browser.new_page()
    page.goto(job)
    expect(page.locator('#job[data-phase="finished"]')).to_be_visible(timeout=120_000)
    issued = int(page.locator('[data-count="issued"]').inner_text())
    assert issued >= CASES
    assert DocumentNumber.objects.count() == issued
    with page.expect_download() as download:
        page.get_by_role("link", name="下载文书").click()
    assert download.value.suggested_filename.endswith(".zip")
