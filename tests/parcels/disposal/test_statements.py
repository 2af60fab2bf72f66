"""The pages of idle land ask the database as often for many cases and contracts as for a few, before and after a change."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from landgis.access.queries import Actor
from landgis.counties.models import County
from tests import factories
from tests.factories import SignIn
from tests.parcels.disposal.many import opened_cases

MOST = 40
PAGES = (
    "/idle-land/",
    "/idle-land/?q=示意",
    "/idle-land/cases/",
    "/idle-land/deadlines/",
    "/idle-land/services/",
    "/idle-land/disposal-lists/",
    "/land-states/",
    "/land-states/?list=unreviewed&unknown=on",
    "/supply/phases/",
)
FILES = (
    "/idle-land/list.xlsx",
    "/land-states/list.xlsx",
    "/supply/phases/list.xlsx",
    "/idle-land/cases/list.xlsx",
)


@pytest.mark.parametrize("address", [*PAGES, *FILES])
def test_as_many_statements_for_many_as_for_few(
    address: str, county: County, cast: dict[str, Actor], signed_in: SignIn
) -> None:
    client = signed_in("idle_land_officer")
    opened_cases(county, cast["idle_land_officer"], 2)
    few = _after_a_change(client, county, address)
    opened_cases(county, cast["idle_land_officer"], 9)
    many = _after_a_change(client, county, address)
    assert many <= few
    assert many <= MOST


def _after_a_change(client: Client, county: County, address: str) -> int:
    client.get(address).getvalue()
    with factories.writing(county):
        pass
    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = client.get(address)
        assert answer.status_code == 200
        answer.getvalue()
    return len(asked)
