"""What everybody meets: health, log-in, language, and refusals in the house's look."""

from typing import Any

import pytest
from django.test import Client

from landgis.access.models import User
from landgis.counties.models import County
from tests import factories
from tests.factories import SignIn


def test_alive_without_data_and_ready_with_it(db: None, client: Client) -> None:
    assert client.get("/healthz").content == b"ok"
    assert client.get("/readyz").status_code == 503
    factories.county()
    assert client.get("/readyz").status_code == 200


def test_pages_are_chinese_unless_english_is_chosen(county: County, client: Client) -> None:
    assert "用户名" in client.get("/login/", headers={"accept-language": "en-US"}).content.decode()
    client.post("/i18n/setlang/", {"language": "en", "next": "/login/"})
    assert "User name" in client.get("/login/").content.decode()


@pytest.mark.parametrize("address", ["/", "/idle-land/", "/idle-land/list.xlsx", "/idle-land/map.html"])
def test_a_page_needs_a_log_in(county: County, client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 302
    assert response["Location"].startswith("/login/")


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "audit_admin", "agency"])
@pytest.mark.parametrize("address", ["/", "/idle-land/"])
def test_who_has_no_business_with_land_is_refused_in_words(
    signed_in: SignIn, role: str, address: str
) -> None:
    response = signed_in(role).get(address, headers={"accept": "text/html"})
    assert response.status_code == 403
    assert "没有此项权限" in response.content.decode()


@pytest.mark.parametrize(
    ("role", "begins"),
    [
        ("registrar", "/"),
        ("leader", "/"),
        ("system_admin", "/parameters/"),
        ("agency", "/"),
        ("audit_admin", "/"),
    ],
)
def test_a_log_in_leads_to_where_the_persons_work_begins(
    county: County, client: Client, settings: Any, role: str, begins: str
) -> None:
    settings.LANDGIS_COUNTY = county.code
    factories.person(county, role)
    answer = client.post("/login/", {"username": role, "password": factories.PASSWORD})
    assert answer["Location"] == begins
    asked = client.post("/login/?next=/wall/", {"username": role, "password": factories.PASSWORD})
    assert asked["Location"] == "/wall/"


def test_a_log_in_before_there_is_a_county(db: None, client: Client, settings: Any) -> None:
    settings.LANDGIS_COUNTY = "990001"
    User.objects.create_user(username="first", password=factories.PASSWORD)
    assert client.post("/login/", {"username": "first", "password": factories.PASSWORD})["Location"] == "/"


def test_five_failures_lock_the_account(county: County, client: Client) -> None:
    """GB/T 22239-2019 level 3: locked for 30 minutes after five failures, also with the right password."""
    factories.person(county, "registrar")
    for _ in range(5):
        client.post("/login/", {"username": "registrar", "password": "wrong"})
    response = client.post("/login/", {"username": "registrar", "password": factories.PASSWORD})
    assert response.status_code == 429
    assert "锁定" in response.content.decode()


def test_a_log_in_with_the_right_password(county: County, client: Client) -> None:
    factories.person(county, "registrar")
    assert (
        client.post("/login/", {"username": "registrar", "password": factories.PASSWORD}).status_code == 302
    )


def test_no_page_asks_for_anything_from_outside(county: County, client: Client) -> None:
    policy = client.get("/login/")["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "http" not in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("address", ["/evaluation/schemes/x/%00/", "/ogc/collections/%00/items"])
def test_an_address_with_a_character_that_nothing_can_have_names_nothing(
    signed_in: SignIn, address: str
) -> None:
    assert signed_in("evaluation_officer").get(address).status_code == 404
