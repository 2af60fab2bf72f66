"""What all tests share: a cast of people, a small county, and a database that may be emptied between tests.

Refuses nothing and mocks nothing: the database is a real PostGIS.
"""

import os
from collections.abc import Iterator
from datetime import date

import pytest
from django.conf import settings as conf
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.test import Client
from django.test.utils import override_settings
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, sync_playwright

from landgis.access.queries import Actor, actor_for
from landgis.audit.server_role import grant
from landgis.counties.models import County
from tests import factories
from tests.template_db import template_of

# Playwright's own event loop runs in the test's thread; Django would refuse the database there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

CHROMIUM = os.environ.get("LANDGIS_CHROMIUM") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]

# The gate says the same of the same tree: its examples follow from each test's text. `--hypothesis-profile hunt` looks for
# others, and what it finds becomes an example of the test.
SHARED = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
}
settings.register_profile("landgis", max_examples=50, derandomize=True, **SHARED)  # type: ignore[arg-type]
settings.register_profile("hunt", max_examples=500, **SHARED)  # type: ignore[arg-type]
settings.load_profile("landgis")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Test databases are copies of one that was migrated once."""
    settings = connection.settings_dict
    settings["TEST"]["TEMPLATE"] = template_of(settings)


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Hashing takes a quarter of a second by design; a cast of nine would spend most of a test's time on it."""
    with override_settings(PASSWORD_HASHERS=["tests.quick_hasher.QuickArgon2", *conf.PASSWORD_HASHERS]):
        yield


@pytest.fixture(scope="session", autouse=True)
def emptying_allowed() -> Iterator[None]:
    """Only a test database may be emptied: the triggers otherwise refuse TRUNCATE."""

    def allow(connection: BaseDatabaseWrapper, **_: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET landgis.maintenance = 'on'")

    connection_created.connect(allow)
    yield
    connection_created.disconnect(allow)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's own Chromium; one for the whole run, since two playwrights can't live in one thread."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def county(db: None) -> County:
    """示意县 (990001, EPSG:4549) with the towns 甲镇 (990001100, west) and 乙镇 (990001101, east)."""
    return factories.county()


@pytest.fixture
def cast(county: County) -> dict[str, Actor]:
    """One person for each role; the township officer answers for 甲镇 only."""
    people = {role: factories.person(county, role) for role in factories.ROLES}
    return {role: actor_for(user, county, date(2026, 1, 1)) for role, user in people.items()}


@pytest.fixture
def server_role(county: County) -> str:
    """A database role that owns nothing, as the manual gives one to a bureau's server; not yet granted anything."""
    role = f"landgis_app_{connection.settings_dict['NAME']}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {role}")
    return role


@pytest.fixture
def as_the_server(server_role: str) -> Iterator[str]:
    """What the test does is done as the role of the server, with just its rights."""
    grant(server_role)
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {server_role}")
    yield server_role
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


@pytest.fixture
def signed_in(county: County, settings: object) -> "factories.SignIn":
    """`signed_in("registrar")` gives a browser-like client of that person."""
    settings.LANDGIS_COUNTY = county.code  # type: ignore[attr-defined]

    def sign_in(role: str) -> Client:
        client = Client()
        client.force_login(factories.person(county, role))
        return client

    return sign_in
