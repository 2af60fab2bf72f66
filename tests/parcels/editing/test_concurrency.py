"""Fifty officers at once on their own connections: no update is lost, and the register holds at every turn."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import shapely
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from landgis.counties.models import County
from parcels.cadastre.lineage_models import CadastralEvent, ParcelVersion
from parcels.cadastre.models import Parcel
from parcels.editing.models import EditingPresence
from tests import factories
from tests.parcels.editing.conftest import A, B, Editor, at, block, rectangle, shape

WRITERS, AT_ONCE = 50, 10
Body = dict[str, Any]


@pytest.fixture
def officer(transactional_db: None, settings: Any) -> Iterator[Editor]:
    """A registrar in a register that is really written, so that other connections see it."""
    county = factories.county()
    settings.LANDGIS_COUNTY = county.code
    client = Client()
    client.force_login(factories.person(county, "registrar"))
    block(county)
    yield Editor(client)
    assert County.objects.filter(code=county.code).exists()


def all_at_once(officer: Editor, work: Callable[[Client, int], Any]) -> list[Any]:
    """Each writer with a client and a connection of its own."""

    def alone(number: int) -> Any:
        try:
            client = Client()
            client.cookies = officer.client.cookies
            return work(client, number)
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as writers:
        return list(writers.map(alone, range(WRITERS)))


def post(client: Client, path: str, body: Body) -> Any:
    return client.post(path, json.dumps(body), content_type="application/json")


def read(client: Client, code: str) -> Body:
    return dict(client.get("/api/editing/parcels", {"codes": code}).json()["parcels"][0])


def test_no_update_of_one_parcel_is_lost(officer: Editor) -> None:
    """Everybody adds a line to one note: what stands in the end is every accepted line, each exactly once."""

    def add(client: Client, number: int) -> tuple[int, int]:
        refused = 0
        while True:
            seen = read(client, A)
            answer = post(
                client,
                "/api/change-sets",
                {
                    "operations": [
                        {
                            "kind": "attributes",
                            "parcel": A,
                            "values": {"note": f"{seen['values']['note']};{number}".strip(";")},
                        }
                    ],
                    "versions": {A: seen["version"]},
                    "reason": f"第 {number} 人",
                },
            )
            if answer.status_code == 201:
                return answer.json()["change_id"], refused
            assert answer.status_code == 412, answer.content.decode()
            (conflict,) = answer.json()["conflicts"]
            assert conflict["current"]["version"] != seen["version"]
            refused += 1
            if refused == 3:
                return 0, refused

    before = Parcel.objects.get(code=A)
    done = all_at_once(officer, add)
    accepted = {change for change, _ in done if change}
    assert len(accepted) >= 1
    assert sum(refused for _, refused in done) > 0, "they never met, which proves nothing"
    lines = Parcel.objects.get(code=A).note.split(";")
    assert len(lines) == len(set(lines)) == len(accepted)
    assert ParcelVersion.objects.filter(parcel=before).count() == len(accepted)
    assert set(CadastralEvent.objects.values_list("change_id", flat=True)) == accepted
    kept = set(ParcelVersion.objects.filter(parcel=before).values_list("was_change_id", flat=True))
    assert kept | {Parcel.objects.get(code=A).change_id} == accepted | {before.change_id}


def test_one_piece_of_ground_is_given_once(officer: Editor) -> None:
    """Everybody draws on the same free ground, with a code of their own and no version that could differ."""

    def draw(client: Client, number: int) -> tuple[int, Body]:
        drawn = {
            "kind": "draw",
            "geometry": shape(rectangle(0, 100, 100, 200)),
            "values": {"code": f"W-{number}"},
        }
        answer = post(client, "/api/change-sets", {"operations": [drawn], "versions": {}, "reason": "登记"})
        return answer.status_code, answer.json()

    done = all_at_once(officer, draw)
    assert [status for status, _ in done].count(201) == 1
    assert {body["findings"][0]["rule"] for status, body in done if status == 422} == {"overlap"}
    assert Parcel.objects.filter(code__startswith="W-").count() == 1


def test_splits_of_one_parcel_number_their_children_once(officer: Editor) -> None:
    """Half of them split A and half B, as it stood at the start: one of each succeeds, no code is given twice."""
    versions = officer.versions(A, B)

    def split(client: Client, number: int) -> int:
        code, x = ((A, 0.0), (B, 100.0))[number % 2]
        line = [at(x + 20 + number, -1), at(x + 20 + number, 101)]
        operation = {"kind": "split", "parcel": code, "lines": [line]}
        body = {"operations": [operation], "versions": {code: versions[code]}, "reason": "分割"}
        return int(post(client, "/api/change-sets", body).status_code)

    done = all_at_once(officer, split)
    assert (done.count(201), set(done)) == (2, {201, 412})
    codes = list(Parcel.objects.values_list("code", flat=True))
    assert len(codes) == len(set(codes)) == 9
    ground = [
        shapely.from_wkb(bytes(geom.wkb))
        for geom in Parcel.objects.filter(valid_to=None).values_list("geom_4490", flat=True)
    ]
    assert shapely.area(shapely.union_all(ground)) == pytest.approx(sum(map(shapely.area, ground)), rel=1e-9)


def test_a_report_waits_for_nobody_s_forgotten_rows(officer: Editor) -> None:
    """Two reports that each wait for rows of the other would both fail: what another holds is cleared up later."""
    officer.post("/api/editing/presence", {"parcels": [A]})
    county = County.objects.get()
    EditingPresence.objects.update(username="somebody", seen_at=timezone.now() - timedelta(hours=1))

    def report(_: int) -> int:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '2s'")
            client = Client()
            client.cookies = officer.client.cookies
            return int(post(client, "/api/editing/presence", {"parcels": [B]}).status_code)
        finally:
            connection.close()

    with transaction.atomic(), ThreadPoolExecutor(1) as other:
        list(EditingPresence.objects.filter(county=county).select_for_update())
        assert other.submit(report, 0).result() == 200
    assert report(0) == 200
    assert list(EditingPresence.objects.values_list("parcel_code", flat=True)) == [B]
