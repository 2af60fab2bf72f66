"""The public page: what is disclosed, to anybody, and nothing else."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from landgis.access.queries import Actor
from landgis.counties.models import County, Parameter
from parcels.disclosure.rules import public_name
from parcels.disposal.actions import reverse_step
from parcels.disposal.models import CaseStep, IdleCase
from parcels.supply.fact_actions import enter_fact
from parcels.supply.models import SupplyContract
from tests import factories
from tests.parcels.disposal_lists.walking import TO_DISCLOSURE, TO_FINDING, enter, suspect, walk

PAGE = "/disclosure/idle-land/"


@pytest.fixture
def here(county: County, settings: Any) -> County:
    settings.LANDGIS_COUNTY = county.code
    return county


@pytest.fixture
def disclosed(here: County, cast: dict[str, Actor]) -> IdleCase:
    parcel = factories.parcel(here, "机密A1", factories.box(0, 0, 1, 1))
    found = suspect(here, "机密合1", parcel, holder_name="李小明", location="工业一路南侧")
    (case,) = walk(here, cast["idle_land_officer"], [found], TO_DISCLOSURE)
    return case


def seen(client: Client) -> str:
    answer = client.get(PAGE)
    assert answer.status_code == 200
    return answer.content.decode()


def test_anybody_reads_place_holder_idle_time_and_cause_and_nothing_more(
    disclosed: IdleCase, client: Client
) -> None:
    answer = client.get(PAGE)
    page = answer.content.decode()
    assert "工业一路南侧" in page
    assert "李*" in page
    assert "自 2021-03-01 起" in page
    assert "企业自身原因" in page
    for secret in (
        "李小明",
        "机密A1",
        "机密合1",
        disclosed.case_no,
        "王专管",
        "idle_land_officer",
        "1000",
        "/idle-land/d",
    ):
        assert secret not in page, secret
    assert "noindex" in answer["X-Robots-Tag"]
    assert not answer.cookies
    assert client.post(PAGE).status_code == 405
    for aside in ("?id=1", "?format=json", "?page=999", "?page=%00", "?town=1&fields=all"):
        assert client.get(PAGE + aside).content.decode().count("<td>") == page.count("<td>")
    for address in ("/disclosure/", "/disclosure/idle-land/1/", "/disclosure/idle-land.json"):
        assert client.get(address).status_code == 404


def test_an_undisclosed_case_isnt_shown_and_a_reversed_disclosure_neither(
    here: County, cast: dict[str, Actor], client: Client
) -> None:
    officer = cast["idle_land_officer"]
    (case,) = walk(here, officer, [suspect(here, "合1", None, location="某路")], TO_FINDING)
    assert "某路" not in seen(client)
    step = enter(here, officer, case, "disclosure", date(2024, 4, 10))
    assert "某路" in seen(client)
    reverse_step(
        county=here, actor=officer, case_id=case.pk, seq=step.seq, on=date(2026, 1, 1), reason="误登"
    )
    assert "某路" not in seen(client)


def test_a_governments_cause_names_the_body_and_another_cause_none(
    here: County, cast: dict[str, Actor], client: Client
) -> None:
    officer = cast["idle_land_officer"]
    found = suspect(here, "合2", None, location="政府路", holder_name="示意乙公司")
    enter_fact(
        "cause", county=here, actor=officer, phase_id=found.phase_id, on=date(2024, 3, 1), reason="核实",
        values={
            "cause": "G1", "valid_from": date(2021, 3, 1), "evidence": "交地记录", "verified_by": "王",
            "verified_on": date(2024, 3, 1),
        },
    )  # fmt: skip
    (case,) = walk(here, officer, [found], TO_FINDING[:5])
    enter(here, officer, case, "finding", date(2024, 4, 8), causes=["G1"])
    enter(here, officer, case, "service:finding", date(2024, 4, 9))
    enter(here, officer, case, "notice_to_government", date(2024, 4, 9), body="县建设局")
    enter(here, officer, case, "disclosure", date(2024, 4, 10))
    page = seen(client)
    assert "政府原因：未按约定或者规定交付土地" in page
    assert "县建设局" in page
    assert "示意乙公司" in page


def test_it_lasts_until_it_is_taken_down(disclosed: IdleCase, here: County, client: Client) -> None:
    """The steps that end it are written as the procedure leaves them; the page reads nothing else."""
    with factories.writing(here):
        CaseStep.objects.create(
            case=disclosed, seq=CaseStep.objects.filter(case=disclosed).count() + 1, stage="disclosure_removed",
            on=date(2025, 1, 1), by="王", person="王", rule_version="x",
        )  # fmt: skip
    assert "工业一路南侧" not in seen(client)


def test_a_county_may_switch_it_off_by_a_dated_parameter(
    disclosed: IdleCase, here: County, client: Client
) -> None:
    with factories.writing(here):
        Parameter.objects.filter(county=here, key="disclosure.enabled").update(value=False)
    answer = client.get(PAGE, headers={"accept": "text/html"})
    assert answer.status_code == 404
    assert "李*" not in answer.content.decode()


def test_the_page_is_paged_and_asks_a_fixed_number_of_times(
    here: County, cast: dict[str, Actor], client: Client, django_assert_max_num_queries: Any
) -> None:
    found = [suspect(here, f"合{i}", None) for i in range(6)]
    walk(here, cast["idle_land_officer"], found, TO_DISCLOSURE)
    with django_assert_max_num_queries(11):
        assert "共 6 宗" in seen(client)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("李明", "李*"),
        ("欧阳小明", "欧*"),
        ("李明、王小芳", "李*、王*"),
        ("李明 王小芳", "李* 王*"),
        ("示意县宏远装备科技有限公司", "示意县宏远装备科技有限公司"),
        ("示意公司、李明", "示意公司、李*"),
        ("李公司", "李*"),
        ("李集团军", "李*"),
        ("Shiyi Tools Co., Ltd", "Shiyi Tools Co., Ltd"),
        ("登记过的店", "登记过的店"),
        ("", "—"),
        ("John Smith", "J* S*"),
    ],
)
def test_natural_persons_are_masked_and_doubt_is_masked_too(name: str, shown: str) -> None:
    assert public_name(name, {"李集团军"}, {"登记过的店"}) == shown


def test_holders_that_the_register_knows_decide(disclosed: IdleCase, here: County, client: Client) -> None:
    with factories.writing(here):
        SupplyContract.objects.update(holder_name="王公司平")
    factories.holder(factories.parcel(here, "Z1", factories.box(5, 5, 6, 6)), "王公司平", "natural_person")
    page = seen(client)
    assert "王*" in page
    assert "王公司平" not in page
