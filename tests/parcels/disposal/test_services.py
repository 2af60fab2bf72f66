"""The table of services: what was served how, when and by whom, what waits, what need no longer be served."""

from __future__ import annotations

from datetime import date
from html import unescape

import pytest

from landgis.access.queries import Actor
from landgis.counties.models import County
from parcels.disposal.models import IdleCase
from parcels.disposal.services import service_rows
from tests.factories import SignIn
from tests.parcels.disposal.many import entered, opened_cases, walked
from tests.parcels.disposal.walks import TO_FINDING, until


@pytest.fixture
def served(county: County, cast: dict[str, Actor]) -> list[IdleCase]:
    officer = cast["idle_land_officer"]
    found = opened_cases(county, officer, 2)
    walked(county, officer, found[0], until(TO_FINDING, "service:finding"))
    entered(county, officer, found[1], "investigation_notice", date(2024, 3, 11))
    return found


def test_what_waits_longest_comes_first(
    county: County, cast: dict[str, Actor], served: list[IdleCase], django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(4):  # type: ignore[operator]
        rows = service_rows(county, cast["idle_land_officer"], date(2024, 4, 20))
    assert [(row.case.pk, row.state, row.waiting_days) for row in rows] == [
        (served[1].pk, "waiting", 40),
        (served[0].pk, "waiting", 12),
        (served[0].pk, "served", None),
    ]
    assert (rows[2].how_title, rows[2].server, rows[2].fact("evidence")) == ("直接送达", "王专管", "回证")


def test_the_page_its_filters_and_the_workbook(served: list[IdleCase], signed_in: SignIn) -> None:
    client = signed_in("idle_land_officer")
    page = unescape(client.get("/idle-land/services/").content.decode())
    assert "尚有 2 份文书未送达" in page
    assert "直接送达" in page
    assert "共 1 份" in client.get("/idle-land/services/?state=served&how=direct").content.decode()
    assert "共 0 份" in client.get("/idle-land/services/?how=party").content.decode()
    assert client.get("/idle-land/services/list.xlsx?state=waiting").status_code == 200
    assert signed_in("leader").get("/idle-land/services/list.xlsx").status_code == 403
    assert signed_in("agency").get("/idle-land/services/").status_code == 403


def test_a_town_sees_its_own_only(county: County, served: list[IdleCase], signed_in: SignIn) -> None:
    assert "共 3 份" in signed_in("township_officer").get("/idle-land/services/").content.decode()
