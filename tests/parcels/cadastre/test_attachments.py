"""Papers and photos over HTTP: kept by what they are, shown safely, only within the territory, never lost once relied on."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from landgis.audit.models import AuditEvent
from landgis.counties.models import County
from landgis.lib.errors import InputError
from parcels.cadastre.lineage_models import Attachment
from parcels.cadastre.models import Parcel
from parcels.cadastre.transitions import Transition
from parcels.editing import file_views
from tests import factories
from tests.factories import TOWN_EAST, SignIn, box
from tests.factories_cadastre import applied, divided, reshaped
from tests.parcels.cadastre.test_papers import pdf, photo

WEST, EAST = "990001100001GB00001", "990001101001GB00002"


@pytest.fixture
def parcels(county: County) -> tuple[Parcel, Parcel]:
    return (
        factories.parcel(county, WEST, box(0, 0, 1, 1)),
        factories.parcel(county, EAST, box(15, 0, 16, 1), town_code=TOWN_EAST),
    )


def send(client: Client, name: str = "现场.jpg", content: bytes | None = None, **fields: str) -> Any:
    file = SimpleUploadedFile(name, photo() if content is None else content, content_type="text/html")
    return client.post("/api/attachments", {"file": file, "kind": "photo", **fields})


@pytest.mark.usefixtures("parcels")
def test_a_photo_of_a_parcel(signed_in: SignIn) -> None:
    client = signed_in("registrar")
    said = send(client, note="东南角界址点", parcel=WEST)
    assert said.status_code == 201, said.content
    body = said.json()
    stored = Attachment.objects.get(pk=body["id"])
    assert body == {
        "id": stored.pk,
        "name": "现场.jpg",
        "media_type": "image/jpeg",
        "bytes": len(photo()),
        "sha256": stored.sha256,
        "kind": "photo",
        "note": "东南角界址点",
        "uploaded_by": "registrar",
        "uploaded_at": body["uploaded_at"],
        "thumbnail": True,
    }
    audit = AuditEvent.objects.get(id=stored.change_id)
    assert (audit.actor, audit.action, audit.summary["sha256"]) == (
        "registrar",
        "add_attachment",
        body["sha256"],
    )
    shown = client.get(f"/api/attachments/{body['id']}")
    assert shown.content == photo()
    assert shown["Content-Type"] == "image/jpeg"
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert shown["Content-Disposition"] == "inline; filename*=utf-8''%E7%8E%B0%E5%9C%BA.jpg"
    assert "private" in shown["Cache-Control"]
    assert (
        client.get(f"/api/attachments/{body['id']}", headers={"If-None-Match": shown["ETag"]}).status_code
        == 304
    )
    small = client.get(f"/api/attachments/{body['id']}/thumbnail")
    assert small["Content-Type"] == "image/png"
    assert small.content.startswith(b"\x89PNG")
    assert client.get(f"/api/parcels/{WEST}/attachments").json() == [body]


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("页面.html", photo("PNG"), "image/png"),
        ("图.svg", photo(), "image/jpeg"),
        ("合同", pdf(), "application/pdf"),
        ('a"b\r\nSet-Cookie: x=1.pdf', pdf(), "application/pdf"),
        ("..\\..\\合同.pdf", pdf(), "application/pdf"),
        ("长" * 250 + ".pdf", pdf(), "application/pdf"),
        ("a\u202efdp.exe", pdf(), "application/pdf"),
    ],
)
@pytest.mark.usefixtures("county")
def test_the_type_is_what_it_is_and_not_what_it_is_called(
    signed_in: SignIn, name: str, content: bytes, media_type: str
) -> None:
    client = signed_in("registrar")
    body = send(client, name, content).json()
    assert body["media_type"] == media_type
    assert len(body["name"]) <= 200
    assert not set("\r\n\u202e/\\") & set(body["name"])
    shown = client.get(f"/api/attachments/{body['id']}")
    assert shown["Content-Type"] == media_type
    assert "Set-Cookie" not in shown
    assert shown["Content-Disposition"].startswith("inline; filename")


@pytest.mark.parametrize(
    ("fields", "content", "code"),
    [
        ({}, b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "attachment_type"),
        ({}, b"<html><script>alert(1)</script></html>", "attachment_type"),
        ({}, b"\xff\xd8\xff" + bytes(50), "attachment_damaged"),
        ({}, b"", "file_empty"),
        ({"kind": "novel"}, None, "attachment_kind"),
        ({"note": "x" * 301}, None, "text_too_long"),
    ],
)
@pytest.mark.usefixtures("county")
def test_what_is_refused(signed_in: SignIn, fields: dict[str, str], content: bytes | None, code: str) -> None:
    said = send(signed_in("registrar"), content=content, **fields)
    assert (said.status_code, said.json()["code"]) == (422, code)
    assert not Attachment.objects.exists()


@pytest.mark.usefixtures("county")
def test_a_file_of_more_than_twenty_megabytes(signed_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    assert file_views.LARGEST_ATTACHMENT == 20 << 20
    monkeypatch.setattr(file_views, "LARGEST_ATTACHMENT", 1 << 20)
    said = send(signed_in("registrar"), content=photo() + bytes(1 << 20))
    assert (said.status_code, said.json()["code"]) == (422, "file_too_large")


@pytest.mark.usefixtures("parcels")
def test_who_may_do_what(signed_in: SignIn) -> None:
    registrar = signed_in("registrar")
    for role in ("leader", "township_officer", "idle_land_officer", "agency", "audit_admin"):
        assert send(signed_in(role)).status_code == 403
    assert send(Client()).status_code == 401
    west = send(registrar, parcel=WEST).json()["id"]
    east = send(registrar, parcel=EAST).json()["id"]
    loose = send(registrar).json()["id"]
    leader, officer = signed_in("leader"), signed_in("township_officer")
    assert [leader.get(f"/api/attachments/{n}").status_code for n in (west, east, loose)] == [200, 200, 404]
    assert registrar.get(f"/api/attachments/{loose}").status_code == 200
    for path in ("", "/thumbnail"):
        found = [officer.get(f"/api/attachments/{n}{path}").status_code for n in (west, east, loose)]
        assert found == [200, 404, 404]
    assert officer.get(f"/api/parcels/{WEST}/attachments").status_code == 200
    assert officer.get(f"/api/parcels/{EAST}/attachments").status_code == 404
    assert signed_in("agency").get(f"/api/attachments/{west}").status_code == 403
    assert Client().get(f"/api/attachments/{west}").status_code == 401
    assert leader.delete(f"/api/attachments/{west}?reason=x").status_code == 403
    assert send(registrar, parcel="nowhere").status_code == 404
    assert registrar.get("/api/attachments/999999999").status_code == 404
    assert registrar.get("/api/attachments/0").status_code == 422


@pytest.mark.usefixtures("parcels")
def test_taking_one_back_needs_a_reason_and_is_kept_in_history(signed_in: SignIn) -> None:
    client = signed_in("registrar")
    number = send(client, parcel=WEST).json()["id"]
    for reason in ("", "?reason=", "?reason=%20"):
        assert client.delete(f"/api/attachments/{number}{reason}").status_code == 422
    assert client.delete(f"/api/attachments/{number}?reason=传错了").status_code == 204
    assert client.get(f"/api/attachments/{number}").status_code == 404
    assert client.delete(f"/api/attachments/{number}?reason=传错了").status_code == 404
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sha256 FROM cadastre_attachment_history WHERE id = %s", [number])
        ((name, sha256),) = cursor.fetchall()
    audit = AuditEvent.objects.get(action="remove_attachment")
    assert (name, audit.reason, audit.summary["sha256"]) == ("现场.jpg", "传错了", sha256)


def test_what_an_event_rests_on_stays(
    county: County, parcels: tuple[Parcel, Parcel], signed_in: SignIn
) -> None:
    client = signed_in("registrar")
    number = send(client, "分割合同.pdf", pdf(), kind="contract").json()["id"]
    transition = Transition(on=date(2024, 5, 1), ended=[parcels[0].pk], attachments=(number,))
    applied(county, transition, by="registrar")
    said = client.delete(f"/api/attachments/{number}?reason=传错了")
    assert (said.status_code, said.json()["code"]) == (409, "attachment_tied")
    # The parcel has ended; its papers are found under its code all the same, by its town's officer too.
    for role in ("registrar", "township_officer"):
        found = signed_in(role).get(f"/api/parcels/{WEST}/attachments").json()
        assert [row["id"] for row in found] == [number]
    assert signed_in("township_officer").get(f"/api/attachments/{number}").status_code == 200


def test_nobody_rests_a_change_on_what_another_uploaded_for_one(
    county: County, parcels: tuple[Parcel, Parcel], signed_in: SignIn
) -> None:
    client = signed_in("registrar")
    own, of_west = (
        send(client, "合同.pdf", pdf(), kind="contract", **about).json()["id"]
        for about in ({}, {"parcel": WEST})
    )
    for taken in (own, of_west):
        with pytest.raises(InputError, match="由他人上传"):
            applied(county, Transition(on=date(2024, 5, 1), ended=[parcels[1].pk], attachments=(taken,)))
    # What lies with a parcel is there for whoever changes that parcel.
    applied(county, Transition(on=date(2024, 5, 1), ended=[parcels[0].pk], attachments=(of_west,)))
    assert Attachment.objects.get(pk=of_west).event is not None
    assert Attachment.objects.get(pk=own).event is None


def test_papers_of_a_neighbour_are_not_a_town_s_own(
    county: County, parcels: tuple[Parcel, Parcel], signed_in: SignIn
) -> None:
    """The town's parcel only took over vertices of another town's change."""
    west, east = parcels
    number = send(signed_in("registrar"), "合同.pdf", pdf(), kind="contract", parcel=EAST).json()["id"]
    change = Transition(
        on=date(2024, 5, 1),
        changed=[
            reshaped(east, box(15, 0, 16, 1.1)),
            reshaped(west, box(0, 0, 1, 1), role="densified"),
        ],
        attachments=(number,),
    )
    applied(county, change)
    officer = signed_in("township_officer")
    assert officer.get(f"/api/attachments/{number}").status_code == 404
    assert officer.get(f"/api/parcels/{WEST}/attachments").json() == []
    assert [
        event["attachments"] for event in officer.get(f"/api/parcels/{WEST}/lineage").json()["events"]
    ] == [[]]


def test_the_statements_do_not_grow_with_the_papers(
    county: County, parcels: tuple[Parcel, Parcel], signed_in: SignIn, django_assert_num_queries: Any
) -> None:
    client = signed_in("registrar")
    send(client, parcel=WEST)
    divided(county, parcels[0], date(2024, 5, 1), box(0, 0, 0.5, 1), box(0.5, 0, 1, 1))
    client.get(f"/api/parcels/{WEST}/attachments")
    with django_assert_num_queries(6):
        assert len(client.get(f"/api/parcels/{WEST}/attachments").json()) == 1
    with factories.writing(county):
        row = Attachment.objects.get()
        for _ in range(20):
            row.pk = None
            row.save()
    with django_assert_num_queries(6) as captured:
        assert len(client.get(f"/api/parcels/{WEST}/attachments").json()) == 21
    assert not any('"content"' in query["sql"] for query in captured.captured_queries)
