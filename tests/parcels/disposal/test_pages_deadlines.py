"""Deadlines on screen, in the top bar and in a calendar program: who sees which, and what a secret address gives away."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone, translation

from landgis.access.queries import Actor
from landgis.counties.models import County
from parcels.disposal.actions import open_case
from parcels.disposal.feeds import folded
from parcels.disposal.forms import DeadlineFilter
from parcels.disposal.models import CalendarFeed, IdleCase
from parcels.idle_land.models import IdleFinding
from tests import factories
from tests.factories import SignIn
from tests.parcels.disposal.desks import suspicion

PAGE, ICS = "/idle-land/deadlines/", "/idle-land/deadlines.ics"


@pytest.fixture
def finding(county: County, cast: dict[str, Actor]) -> IdleFinding:
    return suspicion(county, cast["idle_land_officer"])


def opened(county: County, actor: Actor, finding: IdleFinding, on: date) -> IdleCase:
    return open_case(
        county=county,
        actor=actor,
        finding_id=finding.pk,
        on=on,
        officer=actor.username,
        source="筛查",
        reason="立案",
    )


@pytest.fixture
def late(county: County, cast: dict[str, Actor], finding: IdleFinding) -> IdleCase:
    return opened(county, cast["idle_land_officer"], finding, date(2024, 3, 1))


@pytest.fixture
def fresh(county: County, cast: dict[str, Actor], finding: IdleFinding) -> IdleCase:
    return opened(county, cast["idle_land_officer"], finding, timezone.localdate())


def address(client: Client) -> str:
    page = client.post(f"{PAGE}feed").content.decode()
    found = re.search(r'value="http://testserver(/[^"]+token=[\w-]+)"', page)
    assert found, page
    return found[1]


def test_an_overdue_duty_is_listed(late: IdleCase, signed_in: SignIn) -> None:
    page = signed_in("idle_land_officer").get(PAGE).content.decode()
    assert late.case_no in page.split('id="overdue"')[1].split('id="due"')[0]
    assert late.case_no not in signed_in("leader").get(f"{PAGE}?officer=other").content.decode()
    assert late.case_no in signed_in("township_officer").get(f"{PAGE}?town=990001100&days=7").content.decode()


def test_what_is_due_in_a_month_is_not_due_in_a_week(fresh: IdleCase, signed_in: SignIn) -> None:
    client = signed_in("idle_land_officer")
    assert fresh.case_no not in client.get(f"{PAGE}?days=7").content.decode()
    assert client.get(f"{PAGE}?days=x&town=%00").status_code == 200


def test_the_feed_is_rfc_5545_and_says_case_and_step_only(fresh: IdleCase, signed_in: SignIn) -> None:
    where = address(signed_in("idle_land_officer"))
    answer = Client().get(where)
    assert answer["Content-Type"].startswith("text/calendar")
    text = answer.content.decode()
    assert text.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    unfolded = text.replace("\r\n ", "")
    assert f"SUMMARY:{fresh.case_no} 调查核实并发出调查通知书" in unfolded
    assert "示意公司" not in unfolded
    assert re.findall(r"UID:\S+", unfolded) == re.findall(
        r"UID:\S+", Client().get(where).content.decode().replace("\r\n ", "")
    )


def test_the_secret_is_kept_as_a_hash_and_can_be_taken_back(fresh: IdleCase, signed_in: SignIn) -> None:
    client = signed_in("idle_land_officer")
    first = address(client)
    assert first.split("token=")[1] not in str(list(CalendarFeed.objects.values()))
    second = address(client)
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    client.post(f"{PAGE}feed/end")
    assert Client().get(second).status_code == 404
    for wrong in ("", "?token=", "?token=x", "?token=%00"):
        assert Client().get(f"{ICS}{wrong}").status_code == 404
    assert client.get(f"{PAGE}feed").status_code == 405


def test_a_feed_ends_with_the_rights_of_its_person(
    fresh: IdleCase, signed_in: SignIn, county: County
) -> None:
    where = address(signed_in("idle_land_officer"))
    person = factories.person(county, "idle_land_officer")
    person.is_active = False
    person.save()
    assert Client().get(where).status_code == 404


def test_a_town_reads_its_own_cases_only(fresh: IdleCase, signed_in: SignIn, county: County) -> None:
    where = address(signed_in("township_officer"))
    assert fresh.case_no in Client().get(where).content.decode().replace("\r\n ", "")
    with factories.writing(county):
        IdleCase.objects.update(town_code=factories.TOWN_EAST)
    assert fresh.case_no not in Client().get(where).content.decode().replace("\r\n ", "")


def test_long_lines_fold_between_characters() -> None:
    line = "SUMMARY:" + "征缴土地闲置费决定" * 20
    pieces = list(folded(line))
    assert all(len(piece.encode()) <= 75 for piece in pieces)
    assert pieces[0] + "".join(piece[1:] for piece in pieces[1:]) == line
    assert list(folded("")) == [""]


def test_the_spans_are_told_in_the_language_of_the_page(county: County) -> None:
    told = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            told[language] = str(DeadlineFilter(county=county)["days"])
    assert "30 天内到期" in told["zh-hans"]
    assert "Due within 30 days" in told["en"]
