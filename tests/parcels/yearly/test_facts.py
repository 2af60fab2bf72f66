"""Firms' facts on screen: entered with evidence, corrected, withdrawn, listed, exported; who may see and change them."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from landgis.access.queries import Actor
from landgis.audit.models import AuditEvent
from landgis.counties.models import County
from parcels.enterprises.models import Enterprise
from parcels.grading.models import FirmFact
from tests.factories import SignIn
from tests.parcels.cadastre.test_papers import pdf
from tests.parcels.grading.running import YEAR, in_force
from tests.parcels.yearly.test_runs import rows_of, text

PAGE = "/evaluation/facts/"


def asked(firm: Enterprise, **more: Any) -> dict[str, Any]:
    told = {"uscc": firm.uscc, "item": "adjustment:standard", "amount": "3", "basis": "标〔2024〕1号"}
    return told | {"reason": "企业申报"} | more


def test_a_fact_is_entered_corrected_and_withdrawn(
    county: County, officer: Actor, firms: list[Enterprise], signed_in: SignIn
) -> None:
    in_force(county, officer)
    client, of_year = signed_in("evaluation_officer"), f"{PAGE}?year={YEAR}"
    assert "没有符合条件的评价事项" in text(client.get(of_year))
    paper = SimpleUploadedFile("证书.pdf", pdf(), "application/pdf")
    made = client.post(of_year, asked(firms[0], paper=paper))
    assert made["Location"] == of_year
    fact = FirmFact.objects.get()
    assert (fact.paper and fact.paper.name, fact.reason, fact.year) == ("证书.pdf", "企业申报", YEAR)
    assert "标〔2024〕1号" in text(client.get(of_year))
    assert client.get(f"{PAGE}{fact.pk}/paper").content.startswith(b"%PDF")
    assert client.post(of_year, asked(firms[0])).status_code == 409

    one = f"{PAGE}{fact.pk}/"
    assert 'value="3"' in text(client.get(one))
    assert client.post(one, asked(firms[0], amount="-3")).status_code == 422
    assert client.post(one, asked(firms[0], amount="4", reason="误填")).status_code == 302
    page = text(client.get(of_year))
    assert "已由 evaluation_officer 撤销或更正：误填" in page
    assert "共 2 条" in page
    newer = FirmFact.objects.get(reverses=None, reversed_by=None)
    client.post(f"{PAGE}{newer.pk}/withdraw", {"reason": ""})
    assert FirmFact.objects.filter(reverses=None, reversed_by=None).exists()
    client.post(f"{PAGE}{newer.pk}/withdraw", {"reason": "申报撤回"})
    assert not FirmFact.objects.filter(reverses=None, reversed_by=None).exists()
    assert "共 0 条" in text(client.get(f"{of_year}&state=standing"))
    rows = rows_of(client.get(f"{PAGE}list.xlsx?year={YEAR}&q=企业0"))
    assert sum("标〔2024〕1号" in row for row in rows) == 2
    assert AuditEvent.objects.filter(action="export_evaluation_facts").exists()


def test_what_is_wrong_stands_beside_its_field(
    county: County, officer: Actor, firms: list[Enterprise], signed_in: SignIn
) -> None:
    in_force(county, officer)
    client, of_year = signed_in("evaluation_officer"), f"{PAGE}?year={YEAR}"
    for more, words in (
        ({"uscc": "9" * 18}, "登记库中没有企业"),
        ({"item": "veto:idle_land"}, "没有数值，请留空"),
        ({"amount": ""}, "应写明数值"),
        ({"item": "veto:other", "amount": ""}, ""),
        ({"basis": " "}, ""),
        ({"paper": SimpleUploadedFile("a.exe", b"MZ")}, "不是照片或 PDF"),
    ):
        answer = client.post(of_year, asked(firms[0], **more))
        assert answer.status_code == 422, more
        assert words in text(answer)
    assert client.get(PAGE, {"year": "x"}).status_code == 422
    assert client.get(f"{PAGE}list.xlsx", {"year": "x"}).status_code == 400
    assert client.get(f"{PAGE}99999/").status_code == 404
    assert not FirmFact.objects.exists()


@pytest.mark.usefixtures("firms")
def test_rights(county: County, officer: Actor, signed_in: SignIn) -> None:
    in_force(county, officer)
    for role in ("township_officer", "registrar", "agency"):
        assert signed_in(role).get(PAGE).status_code == 403, role
    leader = signed_in("leader")
    assert "登记 " not in text(leader.get(f"{PAGE}?year={YEAR}"))
    assert leader.post(f"{PAGE}?year={YEAR}", {}).status_code == 403
    assert leader.get(f"{PAGE}list.xlsx").status_code == 403
