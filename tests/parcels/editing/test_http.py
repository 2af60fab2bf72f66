"""Who may, and what can't be sent: rights, tokens, limits, numbers that are no places, and a fixed number of statements."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from landgis.access.models import User
from landgis.counties.models import County
from parcels.cadastre.models import Parcel
from parcels.editing import answers
from tests import factories
from tests.factories import SignIn
from tests.parcels.editing.conftest import A, B, D, E, Editor, at, rectangle, shape, stored

Body = dict[str, Any]
RETIRE = {"operations": [{"kind": "retire", "parcel": E}], "reason": "x"}
WRITES = [
    ("/api/editing/preview", RETIRE),
    ("/api/change-sets", RETIRE),
    ("/api/editing/presence", {"parcels": [A]}),
    ("/api/change-sets/1/reverse", {"reason": "x"}),
]


@pytest.mark.parametrize("role", [role for role in factories.ROLES if role != "registrar"])
@pytest.mark.usefixtures("parcels")
def test_nobody_but_the_registrar_edits(signed_in: SignIn, role: str) -> None:
    editor = Editor(signed_in(role))
    for path, body in WRITES:
        answer = editor.post(path, body)
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden"), path
    patched = editor.client.patch(
        f"/api/parcels/{E}", json.dumps({"reason": "x"}), content_type="application/json"
    )
    assert patched.status_code == 403


@pytest.mark.usefixtures("parcels")
def test_a_registrar_of_one_town_is_none_of_the_county(county: County, signed_in: SignIn) -> None:
    client = signed_in("registrar")
    with factories.writing(county):
        User.objects.get(username="registrar").assignments.update(town_code=factories.TOWN_WEST)
    answer = Editor(client).post("/api/editing/preview", RETIRE)
    assert answer.status_code == 403


def test_exact_shapes_are_of_one_s_territory(signed_in: SignIn, county: County, parcels: Body) -> None:
    factories.parcel(county, "EAST", stored(rectangle(400, 0, 500, 100)), town_code=factories.TOWN_EAST)
    assert set(Editor(signed_in("township_officer")).exact(A, "EAST")) == {A}
    assert set(Editor(signed_in("leader")).exact(A, "EAST")) == {A, "EAST"}
    assert signed_in("agency").get("/api/editing/parcels", {"codes": A}).status_code == 403


def test_exact_shapes_in_a_box(registrar: Editor) -> None:
    west, south = at(-10, 10)
    east, north = at(150, 90)
    said = registrar.client.get("/api/editing/parcels", {"bbox": f"{west},{south},{east},{north}"}).json()
    assert ([parcel["code"] for parcel in said["parcels"]], said["crs"], said["truncated"]) == (
        [A, B],
        4549,
        False,
    )


@pytest.mark.parametrize(
    "query",
    [{}, {"bbox": "1,2,3"}, {"bbox": "a,b,c,d"}, {"bbox": "2,2,1,1"}, {"bbox": "nan,0,1,1"}, {"bbox": "0,0,9e9,1"},
     {"bbox": "0,0,1,1"}, {"codes": A, "bbox": "0,0,1,1"}, {"codes": "a\x00"}],
)  # fmt: skip
def test_exact_shapes_asked_for_wrongly(registrar: Editor, query: dict[str, str]) -> None:
    answer = registrar.client.get("/api/editing/parcels", query)
    assert (answer.status_code, bool(answer.json()["remedy"])) == (422, True)


@pytest.mark.usefixtures("parcels")
def test_a_write_needs_the_token(signed_in: SignIn) -> None:
    signed_in("registrar")
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(username="registrar"))
    for path, body in WRITES:
        answer = client.post(path, json.dumps(body), content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (403, "csrf")


POINTS = [
    "NaN",
    "Infinity",
    "-Infinity",
    "1e999",
    "1e300",
    "-1e12",
    '"500000"',
    "true",
    "null",
    "1" + "0" * 400,
]


@pytest.mark.parametrize("number", POINTS)
def test_numbers_that_are_no_coordinates(registrar: Editor, number: str) -> None:
    ring = f"[[{number},3243000],[500100,3243000],[500100,3243100]]"
    for operation in (
        f'{{"kind":"draw","values":{{}},"geometry":{{"type":"MultiPolygon","coordinates":[[{ring}]]}}}}',
        f'{{"kind":"split","parcel":"{A}","lines":[[[{number},1],[2,3]]]}}',
        f'{{"kind":"delete_vertex","at":[{number},1]}}',
        f'{{"kind":"move_vertices","moves":[{{"from":[1,1],"to":[{number},1]}}]}}',
        f'{{"kind":"subdivide","parcel":"{A}","area_m2":5,"edge":[[1,1],[{number},2]]}}',
    ):
        answer = registrar.client.post(
            "/api/editing/preview", f'{{"operations":[{operation}]}}', content_type="application/json"
        )
        assert answer.status_code == 422, (operation, answer.content)


@pytest.mark.parametrize(
    "far", [[0.0, 0.0], [1e8, 3_243_000], [500_000, 9_900_000], [40_500_000, 3_243_000], [3_243_000, 500_000]]
)
def test_places_far_from_the_county(registrar: Editor, far: list[float]) -> None:
    ring = [far, [far[0] + 100, far[1]], [far[0], far[1] + 100]]
    drawn = {"kind": "draw", "geometry": shape(ring), "values": {"code": "X"}}
    refused = registrar.preview({"kind": "retire", "parcel": E}, drawn, status=422)
    assert (refused["code"], refused["operation"]) == ("coordinate_out_of_range", 2)


@pytest.mark.parametrize(
    "ring",
    [[at(0, 0), at(1, 1)], [at(0, 0), at(1, 1), at(0, 0)], [at(0, 0)] * 5, [at(0, 0), at(1, 1), at(1, 1)]],
)
def test_rings_that_are_none(registrar: Editor, ring: list[list[float]]) -> None:
    for operation in (
        {"kind": "reshape", "parcel": E, "geometry": shape(ring)},
        {"kind": "cut_hole", "parcel": E, "geometry": shape(ring), "keep": True},
    ):
        assert registrar.post("/api/editing/preview", {"operations": [operation]}).status_code == 422


def test_a_flat_ring_is_a_finding_and_no_accident(registrar: Editor) -> None:
    flat = [at(220, 0), at(260, 0), at(300, 0)]
    for geometry in (
        shape(flat),
        {"type": "MultiPolygon", "coordinates": [[rectangle(0, 0, 9, 9)], [rectangle(0, 0, 9, 9)]]},
    ):
        said = registrar.preview({"kind": "reshape", "parcel": E, "geometry": geometry})
        assert (said["can_save"], said["findings"][0]["rule"]) == (False, "self_intersection")


@pytest.mark.parametrize(
    "body",
    [
        {"operations": []},
        {"operations": [{"kind": "explode", "parcel": E}]},
        {"operations": [{"parcel": E}]},
        {"operations": [{"kind": "retire"}]},
        {"operations": [{"kind": "retire", "parcel": E, "sure": True}]},
        {"operations": [{"kind": "attributes", "parcel": E, "values": {"colour": "red"}}]},
        {"operations": [{"kind": "attributes", "parcel": E, "values": {"note": "a\x00"}}]},
        {"operations": [{"kind": "retire", "parcel": E}], "on": "2026-13-01"},
        {"operations": [{"kind": "retire", "parcel": E}], "on": "0001-01-01"},
        {"operations": [{"kind": "retire", "parcel": E}], "how": "subdivision"},
        {"operations": [{"kind": "retire", "parcel": E}], "versions": {E: "x"}},
        {"operations": [{"kind": "retire", "parcel": E}], "versions": {E: 10**30}},
        {"operations": [{"kind": "retire", "parcel": E}] * 501},
        {"operations": {"kind": "retire"}},
        [],
        "x",
    ],
)
def test_bodies_that_mean_nothing(registrar: Editor, body: Any) -> None:
    answer = registrar.post("/api/editing/preview", body)
    assert (answer.status_code, bool(answer.json()["remedy"])) == (422, True), answer.content


@pytest.mark.parametrize(
    "raw", ["", "{", '"\\ud800"', "[" * 100_000, '{"operations": [{"kind": "retire", "parcel": "\\ud800"}]}']
)
def test_what_is_no_json(registrar: Editor, raw: str) -> None:
    answer = registrar.client.post("/api/editing/preview", raw, content_type="application/json")
    assert answer.status_code == 422


def test_too_many_vertices(registrar: Editor) -> None:
    ring = [at(220 + i / 1e4, (i % 2) / 10) for i in range(200_001)]
    refused = registrar.preview({"kind": "reshape", "parcel": E, "geometry": shape(ring)}, status=422)
    assert refused["code"] == "too_many_vertices"


def test_too_many_parcels(registrar: Editor) -> None:
    operations = [{"kind": "merge", "parcels": [f"P{i}-{k}" for k in range(300)]} for i in range(2)]
    assert registrar.preview(*operations, status=422)["code"] == "too_many_parcels"


def test_days(registrar: Editor) -> None:
    today = timezone.localdate()
    operation = {"kind": "retire", "parcel": E}
    assert registrar.preview(operation)["on"] == today.isoformat()
    assert registrar.preview(operation, on="2020-05-01")["on"] == "2020-05-01"
    tomorrow = (today + timedelta(days=1)).isoformat()
    assert registrar.preview(operation, on=tomorrow, status=422)["code"] == "on_in_future"
    early = registrar.preview(operation, on="2014-12-31", status=422)
    assert (early["code"], "2015-01-01" in early["remedy"]) == ("on_too_early", True)
    registrar.save(operation, on="2020-05-01")
    assert Parcel.objects.get(code=E).valid_to.isoformat() == "2020-05-01"  # type: ignore[union-attr]


def test_a_reason_is_needed(registrar: Editor) -> None:
    answer = registrar.post("/api/change-sets", {**RETIRE, "reason": "  ", "versions": registrar.versions(E)})
    assert (answer.status_code, answer.json()["code"]) == (422, "reason_missing")


def test_unknown_attachments_leave_nothing_behind(registrar: Editor) -> None:
    refused = registrar.save({"kind": "retire", "parcel": E}, attachments=[987_654], status=422)
    assert refused["field"] == "attachments"
    assert Parcel.objects.get(code=E).valid_to is None


def test_a_reversal_over_http(registrar: Editor) -> None:
    saved = registrar.save({"kind": "retire", "parcel": E})
    path = f"/api/change-sets/{saved['change_id']}/reverse"
    assert registrar.post(path, {}).status_code == 422
    done = registrar.post(path, {"reason": "误注销", "document": {"kind": "approval", "no": "撤1"}})
    assert (done.status_code, done.json()["events"][0]["title"]) == (201, "撤销变更")
    assert done["ETag"] == f'"{done.json()["change_id"]}"'
    assert [(one["code"], one["state"]) for one in done.json()["parcels"]] == [(E, "restored")]
    assert registrar.post(path, {"reason": "再撤"}).status_code == 409
    told = registrar.client.get(f"/api/change-sets/{saved['change_id']}").json()
    assert told["reversed_by"] == done.json()["change_id"]
    assert registrar.post("/api/change-sets/99999/reverse", {"reason": "x"}).status_code == 404


def test_later_changes_stand_in_the_way(registrar: Editor) -> None:
    first = registrar.save({"kind": "attributes", "parcel": E, "values": {"note": "一"}})
    second = registrar.save({"kind": "attributes", "parcel": E, "values": {"note": "二"}})
    answer = registrar.post(f"/api/change-sets/{first['change_id']}/reverse", {"reason": "x"})
    assert (answer.status_code, answer.json()["code"]) == (409, "later_changes")
    assert [change["change_id"] for change in answer.json()["changes"]] == [second["change_id"]]


def test_statements_are_as_many_for_one_parcel_as_for_ten(registrar: Editor, county: County) -> None:
    for k in range(10):
        factories.parcel(county, f"R{k}", stored(rectangle(110 * k, 300, 110 * k + 100, 400)))

    def counted(codes: list[str], path: str, shift: float) -> int:
        operations = [
            {
                "kind": "move_vertices",
                "moves": [
                    {"from": registrar.vertex(code, 110 * k + 100, 400), "to": at(110 * k + 100, 400 + shift)}
                ],
                "parcels": None,
            }
            for k, code in enumerate(codes)
        ]
        body = {
            "operations": operations,
            "reason": "x",
            "warnings_reason": "x",
            "versions": registrar.versions(*codes),
        }
        with CaptureQueriesContext(connection) as queries:
            answer = registrar.post(path, body)
        assert answer.status_code in (200, 201), answer.content.decode()
        return len(queries)

    every = [f"R{k}" for k in range(10)]
    for path in ("/api/editing/preview", "/api/change-sets"):
        assert counted(every[:1], path, 2) == counted(every, path, 3)


def test_answers_are_as_documented(registrar: Editor, county: County, parcels: dict[str, Parcel]) -> None:
    factories.occupancy(parcels[A], factories.enterprise(county, "913307820000000001", "示意企业1"))
    registrar.post("/api/editing/presence", {"parcels": [B]})
    split = {"kind": "split", "parcel": A, "lines": [[at(50, -1), at(50, 99.9999), at(51, 101)]]}
    speck = {"kind": "draw", "geometry": shape(rectangle(500, 0, 500.5, 1)), "values": {}}
    bow = {
        "kind": "reshape",
        "parcel": E,
        "geometry": shape([at(220, 0), at(300, 100), at(300, 0), at(220, 100)]),
    }
    retired = {"kind": "retire", "parcel": D}
    said = registrar.preview(split, speck, bow, retired)
    assert {parcel["state"] for parcel in said["parcels"]} == {"new", "changed", "densified", "ended"}
    assert said["findings"]
    assert said["facts"]
    for body, schema in (
        (said, answers.ChangeSetOut),
        (registrar.client.get("/api/editing/parcels", {"codes": f"{A},{B}"}).json(), answers.ExactParcelsOut),
    ):
        read = schema.model_validate(body).model_dump(mode="json")
        assert set(read) == set(body)
        assert [set(one) for one in read["parcels"]] == [set(one) for one in body["parcels"]]


def test_a_screen_of_parcels_is_three_statements(registrar: Editor) -> None:
    def counted(*codes: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            registrar.exact(*codes)
        return len(queries)

    assert counted(A) == counted(A, B, E)


def test_a_paper_of_tomorrow(registrar: Editor) -> None:
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    refused = registrar.save(
        {"kind": "retire", "parcel": E}, document={"kind": "approval", "date": tomorrow}, status=422
    )
    assert (refused["code"], refused["field"]) == ("document_in_future", "document.date")


def test_a_request_that_is_too_large_is_told_so(registrar: Editor) -> None:
    answer = registrar.client.post("/api/change-sets", " " * (17 << 20), content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (413, "request_too_large")
    assert answer.json()["remedy"]
