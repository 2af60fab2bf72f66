"""The short way answers like the whole way, and never for somebody whose rights, session or data have changed."""

from collections.abc import Callable
from datetime import timedelta
from typing import cast

import pytest
from django.conf import LazySettings
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.test import Client
from django.utils import timezone

from landgis.access.models import Assignment, User
from landgis.access.sessions import SEEN
from landgis.counties.models import County
from layers.tiles import lane
from tests import factories
from tests.factories import TOWN_WEST, box
from tests.layers.tiles.conftest import PLACES, layer

PATH = f"/ogc/collections/parcels/tiles/WebMercatorQuad/{PLACES[14]}"


@pytest.fixture
def person(mapped: County, settings: LazySettings) -> User:
    settings.LANDGIS_COUNTY = mapped.code
    settings.MIDDLEWARE = [
        "layers.tiles.lane.TileLane",
        *(m for m in settings.MIDDLEWARE if "TileLane" not in m),
    ]
    lane._known.clear()
    return factories.person(mapped, "leader")


@pytest.fixture
def client(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


class Asking:
    """Asks for the tile as the person, and says whether the short way answered."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.went_long = False
        self.answer: HttpResponse = HttpResponse()

    def __call__(self) -> bool:
        self.went_long = False
        self.answer = cast(HttpResponse, self.client.get(PATH))
        return not self.went_long


@pytest.fixture
def was_short(client: Client, monkeypatch: pytest.MonkeyPatch) -> Asking:
    asking, whole = Asking(client), lane.TileLane._the_whole_way

    def noted(self: lane.TileLane, request: HttpRequest, session: str) -> HttpResponseBase:
        asking.went_long = True
        return whole(self, request, session)

    monkeypatch.setattr(lane.TileLane, "_the_whole_way", noted)
    return asking


def test_the_second_tile_goes_the_short_way_and_is_the_same(was_short: Asking) -> None:
    assert not was_short()
    first = was_short.answer
    assert was_short()
    second = was_short.answer
    assert (second.content, second["ETag"], second["Cache-Control"]) == (
        first.content,
        first["ETag"],
        first["Cache-Control"],
    )
    assert second["X-Content-Type-Options"] == "nosniff"


def test_a_written_change_is_seen_at_once(was_short: Asking, mapped: County) -> None:
    was_short()
    assert was_short()
    factories.parcel(mapped, "P8", box(1, 2, 2, 3))
    assert not was_short()
    assert "P8" in {feature.properties["code"] for feature in layer(was_short.answer).features}
    assert was_short()


def test_a_right_that_is_taken_away_is_gone_at_once(was_short: Asking, person: User, mapped: County) -> None:
    was_short()
    assert was_short()
    with factories.writing(mapped):
        Assignment.objects.filter(user=person).update(role="registrar")
    assert not was_short()
    assert not any("tax_per_mu" in feature.properties for feature in layer(was_short.answer).features)
    with factories.writing(mapped):
        Assignment.objects.filter(user=person).update(role="township_officer", town_code=TOWN_WEST)
    was_short()
    assert {feature.properties["code"] for feature in layer(was_short.answer).features} == {"P1", "P2"}
    with factories.writing(mapped):
        Assignment.objects.filter(user=person).update(role="audit_admin", town_code="")
    was_short()
    assert was_short.answer.status_code == 403


def test_a_blocked_account_is_out_at_once(was_short: Asking, person: User) -> None:
    was_short()
    assert was_short()
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert not was_short()
    assert was_short.answer.status_code == 401


def test_a_changed_password_ends_the_session_at_once(was_short: Asking, person: User) -> None:
    was_short()
    assert was_short()
    person.set_password("another-示意-2026!")
    person.save()
    assert not was_short()
    assert was_short.answer.status_code == 401


@pytest.mark.parametrize(
    "end", [Session.objects.all().delete, lambda: Session.objects.update(expire_date=timezone.now())]
)
def test_an_ended_session_is_out_at_once(was_short: Asking, end: Callable[[], object]) -> None:
    was_short()
    assert was_short()
    end()
    assert not was_short()
    assert was_short.answer.status_code == 401


def test_logging_out_ends_the_short_way(was_short: Asking, client: Client) -> None:
    was_short()
    assert was_short()
    session = client.cookies["sessionid"].value
    client.logout()
    client.cookies["sessionid"] = session
    assert not was_short()
    assert was_short.answer.status_code == 401


def test_another_person_in_the_same_session_is_that_person(
    was_short: Asking, client: Client, mapped: County
) -> None:
    was_short()
    assert was_short()
    client.force_login(factories.person(mapped, "registrar"))
    assert not was_short()
    assert not any("tax_per_mu" in feature.properties for feature in layer(was_short.answer).features)


def test_looking_at_the_map_keeps_the_session_alive(
    was_short: Asking, client: Client, settings: LazySettings
) -> None:
    """Once a minute the whole way renews it, so that 30 minutes of panning aren't 30 idle minutes."""
    was_short()
    assert was_short()
    soon = timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE) - timedelta(minutes=2)
    session = client.session
    session[SEEN] -= 120
    session.save()
    Session.objects.update(expire_date=soon)
    assert not was_short()
    assert Session.objects.get().expire_date > soon + timedelta(minutes=1)
    assert was_short()


def test_errors_come_from_the_whole_way(was_short: Asking, client: Client) -> None:
    was_short()
    refused = client.get(PATH.replace("parcels", "unknown"))
    assert refused.status_code == 404
    assert refused.json()["code"] == "not_found"
    assert client.get(PATH.replace("/14/", "/3/")).status_code == 404


def test_a_forged_cookie_gets_nothing(client: Client, was_short: Asking) -> None:
    was_short()
    client.cookies["sessionid"] = "x' OR '1'='1"
    assert not was_short()
    assert was_short.answer.status_code == 401
