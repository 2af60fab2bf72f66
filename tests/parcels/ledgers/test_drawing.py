"""Ground drawn for a project or a claim: what is told while drawing is what is credited, and neighbours share vertices."""

from __future__ import annotations

import json
from datetime import date

import pytest
import shapely

from landgis.access.queries import Actor
from landgis.counties.models import County
from parcels.campaigns.models import Project
from tests import factories
from tests.factories import SignIn
from tests.parcels.ledgers.test_pages import credit, finished, ground, officer  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db


def drawn(west: float, south: float, east: float, north: float) -> str:
    shape = shapely.from_wkb(bytes(factories.box(west, south, east, north).wkb))
    return str(shapely.to_geojson(shapely.get_parts(shape)[0]))


@pytest.mark.usefixtures("ground")
def test_a_new_projects_ground_is_told_with_what_the_ledger_holds_of_it(
    county: County,
    officer: Actor,  # noqa: F811
    signed_in: SignIn,
) -> None:
    held = credit(county, officer, finished(county, officer, ["A"]))
    client = signed_in("evaluation_officer")
    asked = {"ledger": "revitalisation", "ground_text": drawn(1, 0, 3, 2)}
    told = " ".join(client.post("/campaigns/projects/new/ground", asked).json()["told"])
    assert held.project.project_no in told
    assert "甲镇" in told or "—" in told
    whole = " ".join(
        client.post("/campaigns/projects/new/ground", asked | {"ledger": "remediation"}).json()["told"]
    )
    assert "已占" not in whole
    nothing = client.post("/campaigns/projects/new/ground", {"ledger": "remediation", "ground_text": ""})
    assert (nothing.status_code, nothing.json()["code"]) == (422, "ground_missing")
    for text in (
        "{",
        "[]",
        '{"type":"Point","coordinates":[120,29]}',
        "一二三",
        '{"type":"Polygon","coordinates":[[]]}',
    ):
        answer = client.post("/campaigns/projects/new/ground", asked | {"ground_text": text})
        assert answer.status_code == 422, text
        assert answer.json()["message"]
    assert signed_in("leader").post("/campaigns/projects/new/ground", asked).status_code == 403
    assert signed_in("township_officer").post("/campaigns/projects/new/ground", asked).status_code == 403


@pytest.mark.usefixtures("ground")
def test_a_claim_is_told_as_it_is_credited(county: County, officer: Actor, signed_in: SignIn) -> None:  # noqa: F811
    credit(county, officer, finished(county, officer, ["A"]))
    made = finished(county, officer, ["A", "B"])
    client = signed_in("evaluation_officer")
    asked = {"on": "2022-03-02", "ground_text": drawn(1, 0, 3, 2), "evidence": "验收单"}
    told = client.post(f"/campaigns/projects/{made.pk}/ground", asked).json()["told"]
    sent = client.post(f"/campaigns/projects/{made.pk}/credit", asked | {"commit": "1"})
    assert sent.status_code == 302
    given = made.credits.get()
    assert f"（{given.area_m2:,.2f} ㎡）" in told[1]
    assert f"（{given.claimed_m2:,.2f} ㎡）" in told[0]
    outside = client.post(f"/campaigns/projects/{made.pk}/ground", asked | {"ground_text": drawn(0, 5, 1, 6)})
    assert outside.status_code == 422
    assert "在项目范围之外" in outside.json()["message"]
    assert client.post("/campaigns/projects/99999/ground", asked).status_code == 404


@pytest.mark.usefixtures("ground")
def test_a_drawn_project_shares_vertices_with_its_neighbours(county: County, signed_in: SignIn) -> None:
    shape = json.loads(drawn(2, 0, 3, 2))
    # As a browser hands it on: a digit short.
    shape["coordinates"] = [[[x + 2e-9, y - 1e-9] for x, y in ring] for ring in shape["coordinates"]]
    form = {
        "ledger": "remediation", "name": "画出来的项目", "lead_unit": "自规局", "on": "2022-01-01", "reason": "立项",
        "ground_text": json.dumps(shape), "parcel_codes": "", "helper_units": "", "person": "", "note": "", "way": "",
    }  # fmt: skip
    assert signed_in("evaluation_officer").post("/campaigns/projects/new", form).status_code == 302
    made = Project.objects.get(name="画出来的项目")
    assert made.valid_from == date(2022, 1, 1)
    own = {tuple(xy) for xy in shapely.get_coordinates(shapely.from_wkb(bytes(made.geom_4490.wkb))).tolist()}
    edge = shapely.from_wkb(bytes(factories.box(0, 0, 2, 2).wkb))
    shared = own & {tuple(xy) for xy in shapely.get_coordinates(edge).tolist()}
    assert len(shared) == 2
    page = signed_in("leader").get(f"/campaigns/projects/{made.pk}/")
    assert "data-draw" not in page.content.decode()


@pytest.mark.usefixtures("ground")
def test_the_pages_offer_the_drawing_with_the_shapes_beside_it(
    county: County,
    officer: Actor,  # noqa: F811
    signed_in: SignIn,
) -> None:
    client = signed_in("evaluation_officer")
    new = client.get("/campaigns/projects/new").content.decode()
    assert 'data-draw="id_ground_text"' in new
    assert 'data-preview="/campaigns/projects/new/ground"' in new
    first = finished(county, officer, ["A"])
    credit(county, officer, first)
    page = client.get(f"/campaigns/projects/{first.pk}/").content.decode()
    assert f'data-preview="/campaigns/projects/{first.pk}/ground"' in page
    assert page.count('"kind": "held"') == 1
    assert page.count('"kind": "ground"') == 1
