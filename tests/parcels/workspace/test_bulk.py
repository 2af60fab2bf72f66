"""The same facts for all that match the list's filter: previewed, done to exactly that set, told when it has changed."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from landgis.audit.models import AuditEvent
from landgis.counties.models import County
from parcels.cadastre.lineage_models import CadastralEvent, EventParcel, ParcelVersion
from parcels.cadastre.models import Holding, Parcel
from tests import factories
from tests.factories import TOWN_EAST, TOWN_WEST, SignIn, box

P1, P2 = "990001100001GB00001", "990001100001GB00002"
P3, P4 = "990001101001GB00003", "990001101001GB00004"


def ask(client: Client, filter_: dict[str, Any], values: dict[str, Any], **more: Any) -> Any:
    body = {"filter": filter_, "values": values, **more}
    return client.post("/api/parcels/attributes", json.dumps(body), content_type="application/json")


def done(client: Client, filter_: dict[str, Any], values: dict[str, Any], reason: str = "批量更正") -> Any:
    token = ask(client, filter_, values).json()["token"]
    return ask(client, filter_, values, reason=reason, token=token)


@pytest.mark.usefixtures("known")
def test_a_preview_shows_how_many_and_what_and_writes_nothing(signed_in: SignIn) -> None:
    client = signed_in("registrar")
    before = AuditEvent.objects.count()
    said = ask(client, {"town": TOWN_WEST}, {"tenure": "出让", "location": "甲镇"})
    assert said.status_code == 200
    body = said.json()
    assert (body["count"], body["unchanged"], body["changed"], body["change_id"]) == (2, 0, 0, None)
    assert body["area_mu"] == pytest.approx(45.0)
    assert body["sample"] == [
        {
            "code": code,
            "before": {"tenure": "", "location": f"甲镇工业路{n}号"},
            "after": {"tenure": "出让", "location": "甲镇"},
        }
        for n, code in enumerate((P1, P2), start=1)
    ]
    assert len(body["token"]) == 64
    assert AuditEvent.objects.count() == before


def test_what_was_previewed_is_done_to_all_of_them_in_one_change(known: County, signed_in: SignIn) -> None:
    old = dict(Parcel.objects.filter(county=known).values_list("code", "change_id"))
    said = done(
        signed_in("registrar"), {"town": TOWN_WEST}, {"tenure": "出让", "registered_on": "2019-04-19"}
    )
    assert said.status_code == 200, said.content
    body = said.json()
    assert (body["count"], body["changed"], body["token"]) == (2, 2, "")
    rows = {row.code: row for row in Parcel.objects.filter(county=known)}
    today = timezone.localdate()
    for code in (P1, P2):
        row = rows[code]
        assert (row.tenure, row.registered_on) == ("出让", date(2019, 4, 19))
        assert (row.valid_from, row.change_id) == (today, body["change_id"])
        (version,) = ParcelVersion.objects.filter(parcel=row)
        assert (version.tenure, version.valid_from, version.valid_to) == ("", date(2015, 1, 1), today)
        assert version.was_change_id == old[code]
        assert version.geom_4490.wkb == row.geom_4490.wkb
    assert rows[P3].change_id == old[P3]
    (event,) = CadastralEvent.objects.filter(change_id=body["change_id"])
    assert (event.kind, event.reason, event.by, event.on) == (
        "attribute_change",
        "批量更正",
        "registrar",
        today,
    )
    parts = EventParcel.objects.filter(event=event).values_list("parcel__code", "role")
    assert sorted(parts) == [(P1, "changed"), (P2, "changed")]
    audit = AuditEvent.objects.get(id=body["change_id"])
    assert (audit.actor, audit.action, audit.summary["changed"]) == ("registrar", "change_attributes", 2)


@pytest.mark.usefixtures("known")
def test_what_says_so_already_is_left_alone(signed_in: SignIn) -> None:
    client = signed_in("registrar")
    assert done(client, {"q": P1}, {"tenure": "出让"}).json()["changed"] == 1
    preview = ask(client, {"town": TOWN_WEST}, {"tenure": "出让"}).json()
    assert (preview["count"], preview["unchanged"]) == (2, 1)
    assert [row["code"] for row in preview["sample"]] == [P2]
    assert done(client, {"town": TOWN_WEST}, {"tenure": "出让"}).json()["changed"] == 1
    again = done(client, {"town": TOWN_WEST}, {"tenure": "出让"})
    assert (again.status_code, again.json()["code"]) == (422, "nothing_to_change")
    assert ParcelVersion.objects.filter(parcel__code=P1).count() == 1


@pytest.mark.usefixtures("known")
def test_the_filter_is_the_list_s(signed_in: SignIn) -> None:
    client = signed_in("evaluation_officer")
    registrar = signed_in("registrar")
    for filter_ in ({}, {"town": TOWN_EAST}, {"q": "示意电子"}, {"q": "100%"}, {"land_class": "0604"},
                    {"finding": "idle_not_started"}, {"bbox": "120.0,29.3,120.0025,29.31"}):  # fmt: skip
        total = client.get("/api/parcels", filter_).json()
        found = ask(registrar, filter_, {"note": "批注"}).json()
        assert (found["count"], found["area_mu"]) == (total["total"], pytest.approx(total["area_mu"]))
        assert found["count"] > 0


def changed_tenure(county: County) -> None:
    with factories.writing(county):
        Parcel.objects.filter(county=county, code=P2).update(location="别处")


def another_parcel(county: County) -> None:
    factories.parcel(county, "990001100001GB00009", box(6, 1, 7, 2))


def moved_away(county: County) -> None:
    with factories.writing(county):
        Parcel.objects.filter(county=county, code=P2).update(town_code=TOWN_EAST)


@pytest.mark.parametrize("meanwhile", [changed_tenure, another_parcel, moved_away])
def test_a_set_that_has_changed_since_is_not_touched(
    known: County, signed_in: SignIn, meanwhile: Any
) -> None:
    client = signed_in("registrar")
    token = ask(client, {"town": TOWN_WEST}, {"tenure": "出让"}).json()["token"]
    meanwhile(known)
    audits = AuditEvent.objects.count()
    said = ask(client, {"town": TOWN_WEST}, {"tenure": "出让"}, reason="批量", token=token)
    assert (said.status_code, said.json()["code"]) == (412, "selection_changed")
    assert not Parcel.objects.filter(county=known, tenure="出让").exists()
    assert AuditEvent.objects.count() == audits


@pytest.mark.usefixtures("known")
def test_a_token_stands_for_its_values(signed_in: SignIn) -> None:
    client = signed_in("registrar")
    token = ask(client, {"town": TOWN_WEST}, {"tenure": "出让"}).json()["token"]
    for filter_, values, sent in (
        ({"town": TOWN_WEST}, {"tenure": "划拨"}, token),
        ({"town": TOWN_EAST}, {"tenure": "出让"}, token),
        ({"town": TOWN_WEST}, {"tenure": "出让"}, "0" * 64),
    ):
        assert ask(client, filter_, values, reason="批量", token=sent).status_code == 412


def test_holders_of_many(known: County, signed_in: SignIn) -> None:
    held = {"holders": [{"name": "示意控股有限公司", "share": 0.75}, {"name": "李小明", "share": 0.25}]}
    client = signed_in("registrar")
    preview = ask(client, {"town": TOWN_WEST}, held).json()
    assert preview["sample"][0]["before"]["holders"] == [
        {"name": "示意纺织有限公司", "uscc": "913307820000000001", "share": 1}
    ]
    assert done(client, {"town": TOWN_WEST}, held).json()["changed"] == 2
    now = Holding.objects.filter(parcel__county=known, valid_to=None, parcel__town_code=TOWN_WEST)
    assert sorted(now.values_list("parcel__code", "holder__name", "holder__kind")) == sorted(
        (code, name, kind)
        for code in (P1, P2)
        for name, kind in (("示意控股有限公司", "enterprise"), ("李小明", "natural_person"))
    )
    assert ask(client, {"town": TOWN_WEST}, held).json()["unchanged"] == 2


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"code": "X"}, "code", "field_of_one"),
        ({"registered_area_m2": 5}, "registered_area_m2", "field_of_one"),
        ({"real_estate_unit_code": "x"}, "real_estate_unit_code", "field_of_one"),
        ({}, "values", "values_missing"),
        ({"town_code": "330782001"}, "town_code", "town_unknown"),
        ({"registered_on": "2199-01-01"}, "registered_on", "date_invalid"),
        ({"holders": [{"name": "甲", "uscc": "913307820000000002"}]}, "holders", "uscc_invalid"),
    ],
)
@pytest.mark.usefixtures("known")
def test_values_that_are_refused(signed_in: SignIn, values: Any, field: str, code: str) -> None:
    said = ask(signed_in("registrar"), {}, values)
    assert said.status_code == 422
    issues = said.json().get("issues") or [said.json()]
    assert (issues[0]["field"], issues[0]["code"]) == (field, code)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"filter": {}},
        {"filter": {}, "values": {"tenure": 5}},
        {"filter": {}, "values": {"unknown": 1}},
        {"filter": {"twon": TOWN_WEST}, "values": {"tenure": "出让"}},
        {"filter": {"bbox": "1,2"}, "values": {"tenure": "出让"}},
        {"filter": {"finding": "none"}, "values": {"tenure": "出让"}},
        {"filter": {}, "values": {"tenure": "出让"}, "token": "zz"},
        {"filter": {}, "values": {"tenure": "出让"}, "document": {"kind": "novel"}},
        [],
        "x",
    ],
)
@pytest.mark.usefixtures("known")
def test_requests_that_are_none(signed_in: SignIn, body: Any) -> None:
    said = signed_in("registrar").post(
        "/api/parcels/attributes", json.dumps(body), content_type="application/json"
    )
    assert said.status_code == 422, said.content
    assert said.json()["message"]


@pytest.mark.usefixtures("known")
def test_it_needs_a_reason(signed_in: SignIn) -> None:
    said = done(signed_in("registrar"), {}, {"tenure": "出让"}, reason=" ")
    assert (said.status_code, said.json()["field"]) == (422, "reason")


@pytest.mark.usefixtures("known")
def test_a_present_state_that_begins_later_stops_all(known: County, signed_in: SignIn) -> None:
    later = timezone.localdate() + timedelta(days=3)
    factories.parcel(known, "990001100001GB00009", box(6, 1, 7, 2), valid_from=later)
    client = signed_in("registrar")
    preview = ask(client, {"town": TOWN_WEST}, {"tenure": "出让"}).json()
    assert [issue["code"] for issue in preview["issues"]] == ["on_too_early"]
    said = ask(client, {"town": TOWN_WEST}, {"tenure": "出让"}, reason="批量", token=preview["token"])
    assert (said.status_code, said.json()["issues"][0]["code"]) == (422, "on_too_early")


@pytest.mark.usefixtures("known")
def test_only_who_edits_the_cadastre_may(signed_in: SignIn) -> None:
    for role in ("leader", "township_officer", "evaluation_officer", "agency", "audit_admin"):
        assert ask(signed_in(role), {}, {"tenure": "出让"}).status_code == 403
    assert ask(Client(), {}, {"tenure": "出让"}).status_code == 401
    # Figures of firms can't be learned by filtering on them either.
    assert ask(signed_in("registrar"), {"min_tax_per_mu": 1}, {"tenure": "出让"}).status_code == 403


def test_the_statements_do_not_grow_with_the_parcels(known: County, signed_in: SignIn) -> None:
    client = signed_in("registrar")
    held = {"tenure": "出让", "holders": [{"name": "示意控股有限公司"}]}
    counts = []
    for number, wish in enumerate((held, {**held, "tenure": "划拨"})):
        token = ask(client, {"town": TOWN_WEST}, wish).json()["token"]
        with CaptureQueriesContext(connection) as written:
            assert ask(client, {"town": TOWN_WEST}, wish, reason="批量", token=token).status_code == 200
        counts.append(len(written))
        for n in range(20 * (1 - number)):
            made = factories.parcel(known, f"990001100001GB1{n:04d}", box(20 + n, 1, 20.5 + n, 2))
            factories.holder(made, f"户{n}")
    assert counts[0] == counts[1]
