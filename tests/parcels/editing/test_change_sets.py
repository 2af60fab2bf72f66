"""Saved change sets as they are read: of a town only what is the town's, and their numbers in the order of the saves."""

import json
import threading
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from landgis.counties.models import County
from parcels.cadastre.models import Parcel
from parcels.cadastre.numbering import hold_county
from tests import factories
from tests.factories import SignIn
from tests.parcels.editing.conftest import A, E, Editor, block, rectangle, stored

ELSEWHERE = "990001101001GB00009"


@pytest.fixture
def elsewhere(county: County, parcels: dict[str, Parcel]) -> Parcel:
    return factories.parcel(
        county, ELSEWHERE, stored(rectangle(400, 0, 500, 100)), town_code=factories.TOWN_EAST
    )


@pytest.mark.usefixtures("elsewhere")
def test_of_a_change_in_two_towns_each_reads_its_own_part(registrar: Editor, signed_in: SignIn) -> None:
    holders = [{"name": "乙镇某人", "uscc": "", "share": 1.0}]
    number = registrar.save(
        {"kind": "attributes", "parcel": A, "values": {"note": "甲"}},
        {"kind": "attributes", "parcel": ELSEWHERE, "values": {"holders": holders}},
        {"kind": "retire", "parcel": ELSEWHERE},
    )["change_id"]
    officer = signed_in("township_officer")
    told = officer.get(f"/api/change-sets/{number}").json()
    assert (told["parcels"], told["parcels_total"], told["beyond"]) == ([A], 1, True)
    assert (told["operations"], told["findings"], told["warnings_reason"]) == ([], [], "")
    assert [event["kind"] for event in told["events"]] == ["attribute_change"]
    (row,) = officer.get("/api/change-sets").json()["items"]
    assert "乙镇某人" not in json.dumps([told, row], ensure_ascii=False)
    assert ELSEWHERE not in json.dumps([told, row])
    whole = registrar.client.get(f"/api/change-sets/{number}").json()
    assert (whole["parcels"], len(whole["operations"]), whole["beyond"]) == ([A, ELSEWHERE], 3, False)


@pytest.mark.usefixtures("elsewhere")
def test_a_change_of_one_s_own_is_told_whole_and_another_s_not_at_all(
    registrar: Editor, signed_in: SignIn
) -> None:
    own, other = (registrar.save({"kind": "retire", "parcel": code})["change_id"] for code in (E, ELSEWHERE))
    officer = signed_in("township_officer")
    assert len(officer.get(f"/api/change-sets/{own}").json()["operations"]) == 1
    assert officer.get(f"/api/change-sets/{other}").status_code == 404


def test_a_change_that_waits_gets_its_number_when_its_turn_comes(
    transactional_db: None, settings: Any
) -> None:
    """Versions are told apart by their numbers, so a later state never has the smaller one."""
    county = factories.county()
    settings.LANDGIS_COUNTY = county.code
    client = Client()
    client.force_login(factories.person(county, "registrar"))
    block(county)
    seen = Editor(client).versions(A)
    said: list[Any] = []

    def save() -> None:
        try:
            operation = {"kind": "attributes", "parcel": A, "values": {"note": "迟"}}
            said.append(
                Editor(client).post(
                    "/api/change-sets", {"operations": [operation], "versions": seen, "reason": "x"}
                )
            )
        finally:
            connection.close()

    late = threading.Thread(target=save)
    with transaction.atomic(), connection.cursor() as cursor:
        hold_county(county.code)
        late.start()
        waiting = False
        while not waiting and late.is_alive():
            cursor.execute(
                "SELECT EXISTS (SELECT FROM pg_locks l WHERE l.locktype = 'advisory' AND NOT l.granted"
                " AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()))"
            )
            (waiting,) = cursor.fetchone()
        cursor.execute("SELECT nextval('audit_change_id')")
        (drawn,) = cursor.fetchone()
    late.join()
    assert said[0].status_code == 201, said[0].content.decode()
    assert said[0].json()["change_id"] > drawn
