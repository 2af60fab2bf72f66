"""The menu: everybody sees the pages that they may use, and no empty heading."""

import pytest
from django.utils.translation import gettext, override

from landgis.access.navigation import NAVIGATION, navigation, standing_at
from landgis.access.queries import Actor
from landgis.access.rules import RIGHTS
from tests.factories import ROLES, SignIn

WITHOUT_MENU = {"wall"}  # a screen of its own, with a way back instead


def of(role: str) -> Actor:
    return Actor("x", "", "990001", (role,), RIGHTS[role], None)


@pytest.mark.parametrize("role", ROLES)
def test_no_page_without_its_right_and_no_empty_heading(role: str) -> None:
    shown = navigation(of(role))
    assert all(of(role).may(entry.right) for group in shown for entry in group.entries)
    assert all(group.entries for group in shown)


def test_keys_and_addresses_are_there_once() -> None:
    entries = [entry for group in NAVIGATION for entry in group.entries]
    assert len({entry.key for entry in entries}) == len(entries) == len({entry.url for entry in entries})


def test_every_title_has_its_english() -> None:
    titles = [group.title for group in NAVIGATION if group.title]
    titles += [entry.title for group in NAVIGATION for entry in group.entries]
    with override("en"):
        assert [title for title in titles if gettext(title) == title] == []


@pytest.mark.parametrize(
    ("path", "entry"),
    [
        ("/", "/"),
        ("/idle-land/", "/idle-land/"),
        ("/idle-land/cases/7/", "/idle-land/cases/"),
        ("/campaigns/plans/", "/campaigns/"),
        ("/evaluation/areas/drawn/", "/evaluation/areas/"),
        ("/notices/", ""),
    ],
)
def test_a_page_below_an_entry_stands_under_it(path: str, entry: str) -> None:
    assert standing_at(path) == entry


@pytest.mark.django_db
def test_whoever_has_no_map_is_led_on_and_can_leave(county: object, signed_in: SignIn) -> None:
    """A refusal is no dead end: the first page of one's own where there is one, and the way out to another account."""
    for role, way in (("agency", "这个账号没有可以打开的页面"), ("system_admin", 'href="/parameters/"')):
        refused = signed_in(role).get("/", headers={"accept": "text/html"})
        told = refused.content.decode()
        assert refused.status_code == 403
        assert way in told, role
        assert 'action="/logout/"' in told, role
        assert "回到地图" not in told, role


@pytest.mark.django_db
def test_every_page_of_the_menu_opens(county: object, signed_in: SignIn) -> None:
    """For the roles that see it; the heading of the page on show is marked."""
    for role in (
        "idle_land_officer",
        "evaluation_officer",
        "registrar",
        "leader",
        "township_officer",
        "system_admin",
    ):
        client = signed_in(role)
        for group in navigation(of(role)):
            for entry in group.entries:
                answer = client.get(entry.url)
                assert answer.status_code == 200, (role, entry.url)
                marked = 'aria-current="page"' in answer.content.decode()
                assert marked is (entry.key not in WITHOUT_MENU), entry.url
