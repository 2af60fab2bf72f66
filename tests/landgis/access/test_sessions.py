"""A session lives while its person works, and ends under a screen that asks by itself with nobody before it."""

from __future__ import annotations

import time

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from landgis.access.sessions import RENEWED_AFTER_S, SEEN
from landgis.counties.models import County
from tests.factories import SignIn

pytestmark = pytest.mark.django_db
POLLED = ("/wall/version/", "/wall/data/")


def aged(client: Client, seconds: int = RENEWED_AFTER_S + 1) -> int:
    """The session as it is some time after its last use."""
    session = client.session
    session[SEEN] = seen = int(time.time()) - seconds
    session.save()
    return seen


def seen(client: Client) -> int:
    return int(client.session[SEEN])


@pytest.mark.parametrize("address", POLLED)
def test_a_screen_alone_keeps_no_session_alive(county: County, signed_in: SignIn, address: str) -> None:
    client = signed_in("leader")
    before = aged(client)
    ends = Session.objects.get().expire_date
    assert client.get(address).status_code == 200
    assert seen(client) == before
    assert Session.objects.get().expire_date == ends
    assert client.get(address, headers={"X-Landgis-Attended": "1"}).status_code == 200
    assert seen(client) > before
    assert Session.objects.get().expire_date > ends


def test_a_page_that_somebody_opens_does(county: County, signed_in: SignIn) -> None:
    client = signed_in("leader")
    before = aged(client)
    client.get("/wall/")
    assert seen(client) > before
    fresh = seen(client)
    client.get("/wall/")
    assert seen(client) == fresh  # renewed at most once a minute


@pytest.mark.parametrize("address", POLLED)
def test_an_ended_session_is_told_as_such(county: County, signed_in: SignIn, address: str) -> None:
    client = signed_in("leader")
    assert settings.SESSION_COOKIE_AGE == 30 * 60
    Session.objects.all().delete()
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/login/")
