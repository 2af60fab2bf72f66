"""Clusters picked on the map: what is told is what is written, proposals give way, confirmed ones don't."""

from __future__ import annotations

import json
from typing import Any

import pytest
import shapely
from django.test import Client

from landgis.access.queries import Actor
from landgis.audit.models import AuditEvent
from landgis.counties.models import County
from landgis.lib.errors import Conflict, Forbidden, InputError, NotFound
from parcels.clusters.actions import confirm_cluster
from parcels.clusters.models import Cluster
from parcels.clusters.picking import form_cluster, picked
from tests.factories import SignIn
from tests.parcels.clusters.test_deciding import ON, found  # noqa: F401  a fixture

pytestmark = pytest.mark.django_db


def form(county: County, actor: Actor, *codes: str, **given: Any) -> Cluster:
    values: dict[str, Any] = {"year": 2024, "on": ON, "way": "收储", "reason": "现场核对", **given}
    return form_cluster(county=county, actor=actor, codes=codes, **values)


def test_a_proposal_that_is_picked_becomes_the_cluster_and_others_end(
    county: County,
    cast: dict[str, Actor],
    found: list[Cluster],  # noqa: F811
) -> None:
    pair, far = found
    made = form(county, cast["registrar"], "A0", "A1", "B0", "C0")
    assert made.pk == pair.pk
    assert made.cluster_no == pair.cluster_no
    assert (made.parcel_codes, made.way, made.confirmed_on) == (["A0", "A1", "B0", "C0"], "收储", ON)
    far.refresh_from_db()
    assert far.valid_to == ON
    event = AuditEvent.objects.get(action="form_cluster")
    assert event.actor == cast["registrar"].username
    assert event.summary["ended"] == [far.cluster_no]


def test_parcels_of_no_proposal_make_a_new_one_with_a_number_of_its_own(
    county: County,
    cast: dict[str, Actor],
    found: list[Cluster],  # noqa: F811
) -> None:
    made = form(county, cast["registrar"], "C0", " C0 ", "")
    assert made.parcel_codes == ["C0"]
    assert made.cluster_no not in {one.cluster_no for one in found}
    assert Cluster.objects.filter(valid_to=None).count() == len(found) + 1


def test_what_a_confirmed_cluster_holds_is_refused_and_named(
    county: County,
    cast: dict[str, Actor],
    found: list[Cluster],  # noqa: F811
) -> None:
    confirm_cluster(
        county=county, actor=cast["registrar"], cluster_id=found[0].pk, way="做地", on=ON, reason="确认"
    )
    with pytest.raises(Conflict, match=found[0].cluster_no):
        form(county, cast["registrar"], "A1", "C0")
    assert Cluster.objects.filter(parcel_codes__contains=["C0"]).count() == 0
    told = picked(county, cast["registrar"], codes=["A1", "C0"], year=2024, on=ON, tolerance_m=None)
    assert told.elsewhere == [("A1", found[0].cluster_no)]


@pytest.mark.usefixtures("found")
def test_refusals_in_words(county: County, cast: dict[str, Actor]) -> None:
    registrar = cast["registrar"]
    for wrong, given in ((InputError, ("",)), (InputError, ("A0", "没有")), (NotFound, ("没有",))):
        with pytest.raises(wrong):
            form(county, registrar, *given)
    with pytest.raises(InputError, match="盘活方式"):
        form(county, registrar, "A0", way="出让")
    with pytest.raises(NotFound, match="1999"):
        form(county, registrar, "A0", year=1999)
    for role in ("leader", "township_officer"):
        with pytest.raises(Forbidden):
            form(county, cast[role], "A0")
    assert not AuditEvent.objects.filter(action="form_cluster").exists()


@pytest.mark.usefixtures("found")
@pytest.mark.parametrize(("gap_m", "pieces"), [(0.0, 3), (5.0, 3), (15.0, 2), (2_000.0, 1)])
def test_the_pieces_that_a_tolerance_leaves(
    county: County, cast: dict[str, Actor], gap_m: float, pieces: int
) -> None:
    """A0 and A1 are a ten-thousandth of a degree apart (10 m), B0 nearly a thousand metres further."""
    told = picked(county, cast["registrar"], codes=["A0", "A1", "B0"], year=2024, on=ON, tolerance_m=gap_m)
    assert told.pieces == pieces


def ask(client: Client, what: str, status: int = 200, **form: Any) -> dict[str, Any]:
    answer = client.post(f"/clusters/map/{what}", form)
    assert answer.status_code == status, answer.content.decode()[:300]
    said: dict[str, Any] = answer.json()
    return said


def test_the_tool_from_finding_to_a_confirmed_cluster(signed_in: SignIn, found: list[Cluster]) -> None:  # noqa: F811
    client = signed_in("evaluation_officer")
    begun = client.get("/clusters/map/begin").json()
    assert begun["ways"] == ["有机更新", "收储", "做地"]
    assert begun["limits"]["tolerance_m"] > 0
    wide = ask(client, "find", year=2024, tolerance_m=2000, min_mu=1, tax_per_mu_below=10)
    assert [(one["parcels"], sorted(one["codes"])) for one in wide["clusters"]] == [(3, ["A0", "A1", "B0"])]
    assert shapely.from_geojson(json.dumps(wide["clusters"][0]["hull"])).is_valid
    narrow = ask(client, "find", year=2024, tolerance_m=1, min_mu=1, tax_per_mu_below=10)
    assert [one["parcels"] for one in narrow["clusters"]] == [1, 1, 1]
    assert narrow["inefficient_parcels"] == 3
    told = ask(client, "measure", codes="A0,A1 C0", year=2024, tolerance_m=20)
    assert (told["parcels"], told["pieces"]) == (3, 1)
    assert told["tax_per_mu"] == pytest.approx((1 + 2 + 50) / 3)
    assert told["elsewhere"] == []  # a proposal gives way
    made = ask(client, "confirm", codes="A0,A1 C0", year=2024, way="收储", reason="核对")
    row = Cluster.objects.get(pk=made["id"])
    assert row.net_m2 * 15 / 10000 == pytest.approx(told["net_mu"])
    assert row.tax_per_mu == pytest.approx(told["tax_per_mu"])
    assert client.get(made["page"]).status_code == 200
    assert client.get(made["project"]).status_code == 200
    again = ask(client, "measure", codes="A0", year=2024)
    assert again["elsewhere"] == [{"code": "A0", "cluster_no": made["cluster_no"]}]
    ask(client, "confirm", 409, codes="A0", year=2024, way="收储", reason="核对")


@pytest.mark.usefixtures("found")
def test_the_tool_keeps_firms_figures_and_its_rights(signed_in: SignIn) -> None:
    registrar = signed_in("registrar")
    assert "tax_per_mu" not in ask(registrar, "measure", codes="A0", year=2024)
    assert "tax_per_mu" not in ask(registrar, "find", year=2024, min_mu=1)["clusters"][0]
    # What is found below one figure and not below another would tell a firm's tax.
    begun = registrar.get("/clusters/map/begin").json()
    own = begun["limits"]["tax_per_mu_below"]
    assert begun["may_state_tax"] is False
    for figure in (own + 0.001, own - 0.001, 1e6, 0):
        assert (
            "企业的税收"
            in ask(registrar, "find", 403, year=2024, min_mu=0, tax_per_mu_below=figure)["message"]
        )
    as_stated = ask(registrar, "find", year=2024, min_mu=0, tax_per_mu_below=own)
    assert as_stated == ask(registrar, "find", year=2024, min_mu=0)
    assert signed_in("evaluation_officer").get("/clusters/map/begin").json()["may_state_tax"] is True
    for wrong in (
        {},
        {"codes": "A0", "year": "x"},
        {"codes": "", "year": 2024},
        {"codes": "A0", "year": 2024, "tolerance_m": -1},
    ):
        said = ask(registrar, "measure", 422, **wrong)
        assert said["message"]
    assert ask(registrar, "confirm", 422, codes="A0", year=2024, way="收储", reason="")["field"] == "reason"
    for what in ("find", "measure", "confirm"):
        for role in ("leader", "township_officer", "agency"):
            ask(signed_in(role), what, 403, codes="A0", year=2024, way="收储", reason="核对")
    assert signed_in("leader").get("/clusters/map/begin").status_code == 403
