"""The open things of a run on screen: listed with links, accepted by an officer, exported; kept from everybody else."""

from __future__ import annotations

from decimal import Decimal

import pytest

from landgis.access.queries import Actor
from landgis.audit.models import AuditEvent
from landgis.counties.models import County
from parcels.cadastre.models import Parcel
from parcels.enterprises.models import Enterprise
from parcels.grading.actions import check_run, draft_run
from parcels.grading.models import Acceptance
from parcels.grading.readiness import openings
from parcels.schemes.queries import find_scheme
from tests import factories
from tests.factories import SignIn
from tests.parcels.grading.running import DAY, YEAR, draft, in_force, second
from tests.parcels.yearly.test_runs import rows_of, send, text


@pytest.mark.usefixtures("firms")
def test_a_draft_of_open_land_says_so_and_where_to_go(
    county: County, officer: Actor, signed_in: SignIn
) -> None:
    in_force(county, officer)
    found = find_scheme(county, "simple", YEAR)
    run = draft_run(county=county, actor=officer, found=found, year=YEAR, on=DAY, reason="起草")
    client = signed_in("evaluation_officer")
    page = text(client.get(f"/evaluation/{run.pk}/"))
    assert "未冻结" in page
    assert "企业用地尚未冻结 1" in page
    listed = text(client.get(f"/evaluation/{run.pk}/open/"))
    assert f"/land-use/confirmations/?year={YEAR}" in listed
    assert 'name="keys"' not in listed, "nobody's word replaces the freeze"
    check_run(county=county, actor=second(officer), run_id=run.pk, on=DAY, reason="复核")
    refused = send(client, run, "notice")
    assert refused.status_code == 409
    assert "企业用地尚未冻结 1 项" in text(refused)


def test_doubts_are_accepted_on_screen_and_exported(
    county: County, officer: Actor, firms: list[Enterprise], signed_in: SignIn
) -> None:
    in_force(county, officer)
    factories.annual_return(firms[0], YEAR - 1, tax_wan=10)
    ground = Parcel.objects.get(code="P3")
    factories.occupancy(ground, firms[4], area_m2=Decimal(5000))
    run, client = draft(county, officer), signed_in("evaluation_officer")
    page = f"/evaluation/{run.pk}/open/"
    listed = text(client.get(page))
    assert f"/returns/doubts/?year={YEAR}&q={firms[0].uscc}" in listed
    assert f"/land-use/parcels/{ground.pk}/?year={YEAR}" in listed
    assert client.get(f"/land-use/parcels/{ground.pk}/?year={YEAR}").status_code == 200
    assert text(client.get(page, {"kind": "over"})).count('name="keys"') == 1
    keys = [one.key for one in openings(county, officer, run, "draft")]
    assert client.post(f"{page}accept", {"keys": keys}).status_code == 422
    assert client.post(f"{page}accept", {"reason": "x", "keys": ["x"]}).status_code == 412
    assert client.post(f"{page}accept", {"reason": "已核", "keys": keys}).status_code == 302
    assert Acceptance.objects.count() == 2
    assert "认可：已核" in text(client.get(page))
    assert "已认可 2 项" in text(client.get(f"/evaluation/{run.pk}/"))
    rows = rows_of(client.get(f"/evaluation/{run.pk}/open.xlsx"))
    assert any("宗地 P3" in str(cell) for row in rows for cell in row)
    assert AuditEvent.objects.filter(action="export_evaluation_open").exists()


@pytest.mark.usefixtures("firms")
@pytest.mark.parametrize("role", ["township_officer", "leader", "registrar", "agency"])
def test_others_are_refused(county: County, officer: Actor, signed_in: SignIn, role: str) -> None:
    in_force(county, officer)
    run, client = draft(county, officer), signed_in(role)
    for address in (f"/evaluation/{run.pk}/open/", f"/evaluation/{run.pk}/open.xlsx"):
        assert client.get(address).status_code == 403
    assert client.post(f"/evaluation/{run.pk}/open/accept", {"reason": "x", "keys": ["x"]}).status_code == 403
