"""The wall's document: figures and ground of a day, a town's own part, the version, constant statements, no broken input."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from landgis.access.queries import Actor
from landgis.counties.models import County
from parcels.campaigns.credit_actions import reverse_credit
from parcels.campaigns.models import Credit
from parcels.reports.rules import Item
from parcels.wall.queries import longest_overdue, wall_on
from tests import factories
from tests.factories import TOWN_EAST, TOWN_WEST, SignIn, box
from tests.parcels.reports.test_issues import ON, credited, ledgers, officer

__all__ = ["ledgers", "officer"]  # fixtures of the reports
pytestmark = pytest.mark.django_db


@pytest.fixture
def towns(county: County) -> None:
    factories.district(county, TOWN_WEST, "甲镇", box(-10, -10, 40, 40))
    factories.district(county, TOWN_EAST, "乙镇", box(40, -10, 90, 40))


def test_figures_and_ground_are_of_one_day(
    county: County, officer: Actor, ledgers: list[Credit], towns: None
) -> None:
    reverse_credit(
        county=county, actor=officer, credit_id=ledgers[0].pk, on=date(2023, 1, 1), evidence="文", reason="冲销"
    )  # fmt: skip
    for on, pieces in ((date(2022, 6, 30), 3), (ON, 2), (date(2022, 2, 1), 0)):
        said = wall_on(county, officer, on)
        assert len(said["map"]["remediation"]["features"]) == pieces
        assert [row["code"] for row in said["rows"]] == ["", TOWN_WEST, TOWN_EAST]
        assert (float(said["rows"][0]["figures"]["remediation_mu"]) > 0) is (pieces > 0)
        assert len(said["map"]["towns"]["features"]) == 2


def test_a_town_gets_its_own_ground_and_figures(
    ledgers: list[Credit], towns: None, signed_in: SignIn
) -> None:
    said = signed_in("township_officer").get("/wall/data/?on=2023-06-30").json()
    assert [row["code"] for row in said["rows"]] == [TOWN_WEST]
    for name in ("towns", "remediation"):
        found = {feature["properties"]["town_code"] for feature in said["map"][name]["features"]}
        assert found == {TOWN_WEST}


def test_the_version_changes_with_what_is_written_and_costs_little(
    county: County, officer: Actor, ledgers: list[Credit], towns: None, signed_in: SignIn
) -> None:
    client = signed_in("leader")
    before = client.get("/wall/version/?on=2023-06-30").json()["version"]
    assert client.get("/wall/data/?on=2023-06-30").json()["version"] == before
    with CaptureQueriesContext(connection) as cheap:
        assert client.get("/wall/version/?on=2023-06-30").json()["version"] == before
    assert len(cheap) <= 6
    factories.parcel(county, "D", box(6, 0, 8, 2))
    credited(county, officer, "D", date(2022, 5, 1))
    assert client.get("/wall/version/?on=2023-06-30").json()["version"] != before


def test_the_number_of_statements_does_not_grow(
    county: County, officer: Actor, ledgers: list[Credit], towns: None
) -> None:
    with CaptureQueriesContext(connection) as few:
        wall_on(county, officer, ON)
    for n in range(4):
        factories.parcel(county, f"X{n}", box(20 + 2 * n, 0, 22 + 2 * n, 2))
        credited(county, officer, f"X{n}", date(2022, 5, 1))
    with CaptureQueriesContext(connection) as many:
        wall_on(county, officer, ON)
    assert len(many) == len(few)


@pytest.mark.parametrize("asked", ["x", "2023-02-30", "2999-01-01", "0001-01-01", "%00", "9" * 300])
@pytest.mark.parametrize("page", ["", "data/", "version/"])
def test_no_day_breaks_it(county: County, signed_in: SignIn, page: str, asked: str) -> None:
    assert signed_in("leader").get(f"/wall/{page}?on={asked}").status_code < 500


def test_who_may_not_see_the_map_sees_no_wall(county: County, signed_in: SignIn) -> None:
    client = signed_in("agency")
    assert {client.get(f"/wall/{page}").status_code for page in ("", "data/", "version/")} == {403}


def test_every_town_with_something_overdue_is_told_what() -> None:
    """Sixty terms of one town, all older, don't push the only one of another off the wall."""

    def overdue(kind: str, n: int, town: str, since: str) -> Item:
        return Item(kind, f"{kind}{n}", f"{kind}{n}", town, (), f"逾期（{since}）", {"overdue_tasks": "1"})

    many = [overdue("term", n, TOWN_WEST, f"2020-01-{n % 28 + 1:02}") for n in range(60)]
    project = overdue("project", 1, TOWN_WEST, "2024-05-01")
    lone = overdue("term", 99, TOWN_EAST, "2025-01-01")
    other = Item("term", "due", "due", TOWN_EAST, (), "2019-01-01", {})
    shown = longest_overdue([*many, project, lone, other])
    assert [item.key for item in shown[:2]] == ["term0", "project1"]
    assert [item.key for item in shown if item.town_code == TOWN_EAST] == ["term99"]
    assert len(shown) == 4
