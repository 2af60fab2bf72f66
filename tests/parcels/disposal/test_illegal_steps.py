"""Every stage that a state doesn't allow, posted as the page would post it: refused with article and remedy, nothing stored."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from landgis.access.queries import Actor, actor_for
from landgis.audit.models import AuditEvent
from landgis.counties.models import County
from parcels.disposal.case_page import CaseFile
from parcels.disposal.models import CaseStep
from parcels.disposal.stages import TABLE
from tests import factories
from tests.parcels.disposal.desks import Browser, refusals, suspicion
from tests.parcels.disposal.walks import PAID

pytestmark = pytest.mark.django_db

WATCHED = (
    "suspicion",
    "service:investigation_notice",
    "service:finding",
    "scheme_approval",
    "service:fee_decision",
    "fee_paid",
)


@pytest.fixture
def officer(county: County) -> Actor:
    return actor_for(factories.person(county, "idle_land_officer"), county, date(2026, 1, 1))


@pytest.fixture
def desk(county: County, officer: Actor, client: Client, settings: Any) -> Browser:
    settings.LANDGIS_COUNTY = county.code
    client.force_login(factories.person(county, "idle_land_officer"))
    return Browser(client, suspicion(county, officer))


def stored() -> tuple[int, int]:
    return CaseStep.objects.count(), AuditEvent.objects.count()


def test_no_state_of_a_case_lets_in_a_stage_that_it_closes(
    county: County, officer: Actor, desk: Browser
) -> None:
    tried = 0
    for stage, on in PAID:
        if stage == "fee_paid":
            desk.client.post(
                f"{desk.address}receipts",
                {"receipt_no": "税1", "paid_on": str(on), "amount_yuan": "2000000.00", "reason": "税务回传"},
            )
        if stage != "suspicion":
            answer = desk.post(stage, on)
            assert answer.status_code == 302, (stage, refusals(answer))
        if stage not in WATCHED:
            continue
        before = stored()
        for row, why in CaseFile(county, officer, desk.case.pk, on).stages:
            if not why or row.code == "service":
                continue
            answer = desk.post(row.code, on)
            told = refusals(answer)
            assert answer.status_code in (409, 422), (stage, row.code, answer.status_code)
            if answer.status_code == 409:
                assert why[0].article in told, (stage, row.code)
                assert why[0].remedy in told, (stage, row.code)
            tried += 1
        assert stored() == before
    assert tried > 4 * len(TABLE)


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ({"investigation_notice-on": "2999-01-01"}, 422),
        ({"investigation_notice-on": "1900-01-01"}, 409),
        ({"investigation_notice-on": "2024-02-30"}, 422),
        ({"investigation_notice-on": ""}, 422),
        ({"investigation_notice-document_no": "文" * 81}, 422),
        ({"investigation_notice-document_no": ""}, 422),
        ({"investigation_notice-document": "999999"}, 302),
        ({"investigation_notice-person": "   "}, 422),
        ({"investigation_notice-person": "王\x00"}, 422),
        ({"investigation_notice-reason": "长" * 100_000}, 422),
        ({"investigation_notice-fact_unheard_of": "1"}, 302),
    ],
)
def test_what_a_forged_form_says_is_refused_or_left_aside(
    desk: Browser, facts: dict[str, str], status: int
) -> None:
    before = stored()
    sent = {
        "investigation_notice-on": "2024-03-11", "investigation_notice-person": "王", "investigation_notice-reason": "依程序",
        "investigation_notice-document_no": "调1号",
    } | facts  # fmt: skip
    answer = desk.client.post(f"{desk.address}steps/investigation_notice", sent)
    assert answer.status_code == status, refusals(answer)
    assert (stored() == before) is (status != 302)


@pytest.mark.parametrize(
    "address",
    [
        "/idle-land/cases/999999/",
        "/idle-land/cases/9223372036854775808/",
        "/idle-land/cases/99999999999999999999999/",
    ],
)
def test_a_case_that_is_not_there_is_not_found(desk: Browser, address: str) -> None:
    assert desk.client.get(address).status_code == 404
    assert desk.client.post(f"{address}steps/reply", {}).status_code == 404
    assert desk.client.post(f"{address}reverse/1", {"reason": "误"}).status_code == 404


@pytest.mark.parametrize(
    "query", ["?on=2024-13-45", "?on=0001-01-01", "?on=９９９９", "?on=" + "9" * 5000, "?on=%00"]
)
def test_the_day_of_a_page_may_be_anything(desk: Browser, query: str) -> None:
    assert desk.client.get(desk.address + query).status_code == 200


def test_no_case_is_opened_on_a_day_without_rules(county: County, officer: Actor, desk: Browser) -> None:
    sent = {
        "finding": desk.case.finding_id,
        "on": "1900-01-01",
        "officer": "idle_land_officer",
        "source": "筛查",
        "reason": "立案",
    }
    answer = desk.client.post("/idle-land/cases/open", sent)
    assert answer.status_code == 422
    assert "没有生效的处置规则" in answer.content.decode()


def test_figures_that_are_none_are_refused(desk: Browser) -> None:
    desk.along(PAID[1 : [stage for stage, _ in PAID].index("fee_decision")])
    before = stored()
    for amount in ("NaN", "Infinity", "-1", "1e400", "9" * 500, "0.001"):
        answer = desk.post("fee_decision", date(2024, 5, 20), amount_yuan=amount)
        assert answer.status_code in (409, 422), amount
    assert stored() == before
    answer = desk.client.post(
        f"{desk.address}receipts",
        {"receipt_no": "税1", "paid_on": "2024-06-01", "amount_yuan": "1e400", "reason": "税务回传"},
    )
    assert answer.status_code == 302
    assert stored() == before


def test_another_town_and_another_county_find_no_case(county: County, desk: Browser, settings: Any) -> None:
    stranger = Client()
    stranger.force_login(factories.person(county, "township_officer"))
    assert stranger.post(f"{desk.address}steps/reply", {"reply-on": "2024-03-05"}).status_code == 403
    other = factories.county("990002")
    outsider = Client()
    outsider.force_login(factories.person(other, "idle_land_officer", "outsider"))
    settings.LANDGIS_COUNTY = other.code
    before = stored()
    for answer in (
        outsider.get(desk.address),
        outsider.post(f"{desk.address}steps/investigation_notice", {"investigation_notice-on": "2024-03-05"}),
        outsider.post(f"{desk.address}reverse/1", {"reason": "误"}),
    ):
        assert answer.status_code in (403, 404) or answer["Location"].endswith(desk.address)
    assert stored() == before
