"""A browser on the running site: the machine's Chromium, signed in as one of the cast, and a small county to look at.

Refuses requests to other hosts and errors on the console: a test that meets one fails.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from django.conf import LazySettings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect
from pytest_django.live_server_helper import LiveServer

from landgis.access.models import User
from landgis.access.queries import actor_for
from landgis.counties.models import County
from parcels.cadastre.models import Parcel
from parcels.evaluation.actions import compute_indicators
from parcels.idle_land.actions import record_screening, screen_idle
from tests import factories
from tests.browser.door import Door
from tests.browser.editing import OVER_THE_BLOCK, Desk
from tests.factories import TOWN_EAST, TOWN_WEST, box
from tests.parcels.editing.conftest import block as survey_block

ON = date(2024, 6, 30)
LONGEST_ANSWER_S = 60
LONGEST_WAIT_FOR_PAGES_S = 5
# How fast a page answers is the bench's business; on a loaded machine a test waits for what it expects.
expect.set_options(timeout=20_000)

OpenAs = Callable[..., Page]
OpenDesk = Callable[..., Desk]


@pytest.fixture(scope="session")
def door(live_server: LiveServer) -> Door:
    """Stands before the site for the whole run."""
    server = live_server.thread.httpd
    site = server.get_app()
    assert site
    door = Door(site)
    server.set_app(door)
    return door


@pytest.fixture(autouse=True)
def answered_before_the_tables_are_emptied(door: Door, transactional_db: None) -> Iterator[None]:
    """Taken first of a test's own, so given back after its pages are closed and before its rows go."""
    door.open()
    yield
    door.shut(LONGEST_ANSWER_S)


@pytest.fixture
def landscape(live_server: LiveServer, county: County, settings: LazySettings) -> County:
    """甲镇 west with parcels P1-P3, 乙镇 east with P4; P1 pays well, P2 is idle, P3 has no return."""
    settings.LANDGIS_COUNTY = county.code
    factories.district(county, TOWN_WEST, "甲镇", box(-10, -10, 40, 40))
    factories.district(county, TOWN_EAST, "乙镇", box(40, -10, 90, 40))
    factories.control_line(county, "KZX001", box(-1, -1, 12, 4))
    west = [
        factories.parcel(county, f"P{n}", box(4 * n - 4, 0, 4 * n - 1, 3), location=f"甲路{n}号")
        for n in (1, 2, 3)
    ]
    east = factories.parcel(county, "P4", box(50, 0, 53, 3), town_code=TOWN_EAST, location="乙路1号")
    for n, parcel in enumerate([*west, east], start=1):
        factories.holder(parcel, f"示意企业{n}")
    for n, tax in ((1, "4000"), (4, "500")):
        firm = factories.enterprise(county, f"91330782MA2TEST0{n}X", f"示意企业{n}")
        factories.occupancy([*west, east][n - 1], firm)
        factories.annual_return(firm, 2023, tax_wan=Decimal(tax), value_added_wan=Decimal(tax) * 5)
    factories.contract(county, "HT-2", west[1], agreed_start=date(2020, 1, 1))
    operator = actor_for(factories.person(county, "registrar"), county, date(2026, 1, 1))
    compute_indicators(county=county, actor=operator, year=2023, reason="测试", commit=True)
    screened = screen_idle(county=county, actor=operator, on=ON)
    record_screening(screened, county=county, by="测试员", reason="测试")
    return county


@pytest.fixture
def expected_complaints() -> list[str]:
    """Parts of console messages that a test provokes on purpose."""
    return []


@pytest.fixture
def open_as(
    browser: Browser, live_server: LiveServer, landscape: County, expected_complaints: list[str]
) -> Iterator[OpenAs]:
    """`open_as("leader", "/?theme=idle")`: a page at 1280 × 800 with the map drawn."""
    with _pages(browser, live_server, landscape, expected_complaints) as open_page:
        yield open_page


@pytest.fixture
def block(live_server: LiveServer, county: County, settings: LazySettings) -> dict[str, Parcel]:
    """Five parcels on a metric grid, nothing else: `tests.parcels.editing.conftest` draws it."""
    settings.LANDGIS_COUNTY = county.code
    return survey_block(county)


@pytest.fixture
def desk(
    browser: Browser,
    live_server: LiveServer,
    county: County,
    block: dict[str, Parcel],
    expected_complaints: list[str],
) -> Iterator[OpenDesk]:
    """`desk()`: a registrar's page over the block; `desk("second")` is a colleague's in another browser."""
    with _pages(browser, live_server, county, expected_complaints) as open_page:

        def open_desk(username: str = "registrar", more: str = "") -> Desk:
            factories.person(county, "registrar", username)
            return Desk(open_page(username, OVER_THE_BLOCK + more))

        yield open_desk


@contextmanager
def _pages(
    browser: Browser, live_server: LiveServer, county: County, expected_complaints: list[str]
) -> Iterator[OpenAs]:
    contexts: list[BrowserContext] = []
    strangers: list[str] = []
    complaints: list[str] = []
    waiting: set[Request] = set()

    def on_request(request: Request) -> None:
        waiting.add(request)
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https") and parts.netloc != urlsplit(live_server.url).netloc:
            strangers.append(request.url)

    def on_answer(request: Request) -> None:
        waiting.discard(request)

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    def open_page(username: str, path: str = "/", *, wait: bool = True) -> Page:
        client = Client()
        person = User.objects.filter(username=username).first() or factories.person(county, username)
        client.force_login(person)
        context = browser.new_context(
            viewport={"width": 1280, "height": 800}, locale="zh-CN", timezone_id="Asia/Shanghai"
        )
        contexts.append(context)
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        # Also of pages that are opened later in the same browser.
        context.on("request", on_request)
        context.on("requestfinished", on_answer)
        context.on("requestfailed", on_answer)
        context.on("console", on_console)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        page = context.new_page()
        page.goto(live_server.url + path)
        if wait:
            page.wait_for_selector("#map[data-ready]")
        return page

    yield open_page
    _let_finish(contexts, waiting)
    for context in contexts:
        context.close()
    assert not strangers
    assert not [text for text in complaints if not any(part in text for part in expected_complaints)]


def _let_finish(contexts: list[BrowserContext], waiting: set[Request]) -> None:
    """What the pages asked for reaches them, so that a complaint about it is heard; endless asking isn't waited for."""
    until = time.monotonic() + LONGEST_WAIT_FOR_PAGES_S
    pages = [page for context in contexts for page in context.pages]
    while pages and waiting and time.monotonic() < until:
        pages[0].wait_for_timeout(10)
