"""Two officers: versions, both states in the answer, If-Match, and who else is here."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from landgis.access.actions import open_account
from landgis.counties.models import County
from parcels.cadastre.models import Parcel
from parcels.editing.models import EditingPresence
from tests import factories
from tests.parcels.editing.conftest import A, B, E, Editor, at, rectangle, shape

Body = dict[str, Any]


@pytest.fixture
def colleague(county: County, registrar: Editor) -> Editor:
    user = open_account(
        county=county, username="colleague", display_name="示意同事", password=factories.PASSWORD,
        role="registrar", by="测试员", on=timezone.localdate(), reason="测试账号",
    )  # fmt: skip
    client = Client()
    client.force_login(user)
    return Editor(client)


def test_the_second_to_save_is_told_both_states(registrar: Editor, colleague: Editor) -> None:
    factories.holder(Parcel.objects.get(code=E), "甲公司")
    seen = registrar.exact(E)[E]
    colleague.save(
        {"kind": "reshape", "parcel": E, "geometry": shape(rectangle(220, 0, 305, 100))},
        {"kind": "attributes", "parcel": E, "values": {"location": "同事改的", "holders": [{"name": "乙公司"}]}},
        reason="同事的原因", warnings_reason="x",
    )  # fmt: skip
    mine = {"kind": "reshape", "parcel": E, "geometry": shape(rectangle(220, 0, 290, 100))}
    for path in ("/api/editing/preview", "/api/change-sets"):
        answer = registrar.post(
            path,
            {
                "operations": [mine],
                "versions": {E: seen["version"]},
                "reason": "我的",
                "warnings_reason": "x",
            },
        )
        assert answer.status_code == 412
        refused = answer.json()
        assert (refused["code"], "示意同事" in refused["message"]) == ("version_conflict", True)
        (conflict,) = refused["conflicts"]
        assert (conflict["parcel"], conflict["yours"]) == (E, seen["version"])
        now = registrar.exact(E)[E]
        current = conflict["current"]
        assert (current["version"], current["geometry"]) == (now["version"], now["geometry"])
        assert (current["in_force"], current["by"], current["reason"], current["kind"]) == (
            True, "示意同事", "同事的原因", "边界调整",
        )  # fmt: skip
        assert (current["values"]["location"], current["at"][:4].isdigit()) == ("同事改的", True)
        assert conflict["base"]["geometry"] == seen["geometry"]
        assert conflict["base"]["values"] == seen["values"]
        assert [held["name"] for held in current["values"]["holders"]] == ["乙公司"]
    assert Parcel.objects.get(code=E).planar_area_m2 == pytest.approx(8500, abs=1e-3)


def test_a_parcel_that_ended_meanwhile(registrar: Editor, colleague: Editor) -> None:
    versions = registrar.versions(A)
    colleague.save({"kind": "split", "parcel": A, "lines": [[at(50, -1), at(50, 101)]]})
    changed = {"kind": "attributes", "parcel": A, "values": {"note": "x"}}
    (conflict,) = registrar.preview(changed, versions=versions, status=412)["conflicts"]
    assert (conflict["current"]["in_force"], conflict["current"]["kind"]) == (False, "分割")


def test_another_parcel_s_change_is_no_conflict(registrar: Editor, colleague: Editor) -> None:
    versions = registrar.versions(E)
    colleague.save({"kind": "attributes", "parcel": A, "values": {"note": "x"}})
    registrar.save({"kind": "attributes", "parcel": E, "values": {"note": "y"}}, versions=versions)


def test_every_parcel_that_is_changed_must_have_been_seen(registrar: Editor) -> None:
    moved = {"from": registrar.vertex(A, 100, 0), "to": at(101, 1)}
    operation = {"kind": "move_vertices", "moves": [moved], "parcels": None}
    refused = registrar.save(operation, versions=registrar.versions(A), warnings_reason="x", status=422)
    assert (refused["code"], B in refused["parcels"]) == ("version_missing", True)


def test_a_parcel_that_stays_as_it_was_need_not_have_been_seen(registrar: Editor) -> None:
    """What the preview names is enough to save, also where an operation named more."""
    cut = {"kind": "split", "parcel": A, "lines": [[at(50, -5), at(50, 105)]]}
    joined = {"kind": "merge", "parcels": ["#1.1", "#1.2"]}
    saved = registrar.save(cut, joined, {"kind": "attributes", "parcel": E, "values": {"note": "z"}})
    assert [item["code"] for item in saved["parcels"]] == [E]


def test_rules_hold_on_the_locked_state(registrar: Editor, colleague: Editor) -> None:
    """Two officers draw on the same free ground: the second is told of the overlap, though no version differs."""
    ground = {"kind": "draw", "geometry": shape(rectangle(0, 100, 100, 200))}
    first, second = ({**ground, "values": {"code": f"X-{n}"}} for n in (1, 2))
    assert registrar.preview(second)["can_save"]
    colleague.save(first)
    refused = registrar.save(second, versions={}, status=422)
    assert refused["findings"][0]["rule"] == "overlap"


def patch(editor: Editor, code: str, body: Body, **headers: str) -> Any:
    return editor.client.patch(
        f"/api/parcels/{code}", json.dumps(body), content_type="application/json", headers=headers
    )


def test_patch_with_if_match(registrar: Editor) -> None:
    shown = registrar.client.get(f"/api/parcels/{E}")
    etag = shown["ETag"]
    assert etag == f'"{shown.json()["version"]}"'
    body = {"values": {"location": "新址"}, "reason": "更正坐落"}
    assert patch(registrar, E, body).status_code == 428
    assert patch(registrar, E, body, **{"If-Match": "*"}).status_code == 428
    assert patch(registrar, E, body, **{"If-Match": f"W/{etag}"}).status_code == 428
    done = patch(registrar, E, body, **{"If-Match": etag})
    assert done.status_code == 200, done.content.decode()
    assert done["ETag"] == f'"{done.json()["change_id"]}"'
    assert registrar.client.get(f"/api/parcels/{E}")["ETag"] == done["ETag"]
    again = patch(registrar, E, body, **{"If-Match": etag})
    assert (again.status_code, again.json()["conflicts"][0]["current"]["version"]) == (
        412, done.json()["change_id"],
    )  # fmt: skip
    either = patch(
        registrar, E, {"values": {"note": "二"}, "reason": "x"}, **{"If-Match": f"{etag}, {done['ETag']}"}
    )
    assert either.status_code == 200


def test_patch_with_a_shape(registrar: Editor) -> None:
    etag = registrar.client.get(f"/api/parcels/{E}")["ETag"]
    body = {
        "geometry": shape(rectangle(220, 0, 310, 100)), "values": {"registered_area_m2": 9000},
        "reason": "重测", "how": "resurvey",
    }  # fmt: skip
    done = patch(registrar, E, body, **{"If-Match": etag})
    assert done.status_code == 200, done.content.decode()
    assert done.json()["events"][0]["kind"] == "resurvey"


def test_patch_of_nothing_and_of_nobody(registrar: Editor) -> None:
    assert patch(registrar, E, {"reason": "x"}, **{"If-Match": '"1"'}).json()["code"] == "nothing_changed"
    assert (
        patch(
            registrar, "nowhere", {"values": {"note": "x"}, "reason": "x"}, **{"If-Match": '"1"'}
        ).status_code
        == 404
    )


def test_who_else_is_here(registrar: Editor, colleague: Editor) -> None:
    assert colleague.post("/api/editing/presence", {"parcels": [A, B]}).json() == {"editors": []}
    said = registrar.post("/api/editing/presence", {"parcels": [A]}).json()["editors"]
    assert [(one["parcel"], one["name"]) for one in said] == [(A, "示意同事"), (B, "示意同事")]
    since = said[0]["since"]
    colleague.post("/api/editing/presence", {"parcels": [A]})
    (one,) = registrar.post("/api/editing/presence", {"parcels": [A]}).json()["editors"]
    assert one["since"] == since
    assert registrar.exact(A)[A]["editors"] == [{"name": "示意同事", "since": since}]
    assert registrar.exact(B)[B]["editors"] == []
    colleague.post("/api/editing/presence", {"parcels": []})
    assert registrar.post("/api/editing/presence", {"parcels": [A]}).json() == {"editors": []}


def test_whoever_falls_silent_is_forgotten(registrar: Editor, colleague: Editor) -> None:
    colleague.post("/api/editing/presence", {"parcels": [A]})
    EditingPresence.objects.update(seen_at=timezone.now() - timedelta(seconds=61))
    assert registrar.post("/api/editing/presence", {"parcels": [B]}).json() == {"editors": []}
    assert list(EditingPresence.objects.values_list("username", flat=True)) == ["registrar"]
