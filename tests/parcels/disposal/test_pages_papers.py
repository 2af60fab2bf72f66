"""The papers of a case over HTTP: previewed with their gaps, issued with their number, tied to a step, voided, packed."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from html import unescape

import pytest

from landgis.access.queries import Actor
from landgis.audit.models import AuditEvent
from landgis.counties.models import County
from parcels.disposal.models import CaseStep
from parcels.documents.models import IssuedDocument
from parcels.idle_land.models import IdleFinding
from tests import factories
from tests.factories import SignIn
from tests.parcels.disposal.desks import Browser, suspicion
from tests.parcels.disposal.walks import TO_DECISION, until

NOTICE = "issue/investigation_notice"


@pytest.fixture
def finding(county: County, cast: dict[str, Actor]) -> IdleFinding:
    return suspicion(county, cast["idle_land_officer"])


@pytest.fixture
def desk(signed_in: SignIn, finding: IdleFinding) -> Browser:
    return Browser(signed_in("idle_land_officer"), finding)


def issued(desk: Browser, kind: str = "investigation_notice", **facts: str) -> IssuedDocument:
    answer = desk.client.post(
        f"{desk.address}issue/{kind}", {"on": "2024-03-11", "reason": "依程序出具", **facts}
    )
    assert answer.status_code == 302, answer.content.decode()
    return IssuedDocument.objects.latest("pk")


def test_a_preview_tells_the_known_facts_and_the_gaps(desk: Browser) -> None:
    page = desk.text(f"{desk.address}{NOTICE}?on=2024-03-11")
    assert "示意公司" in page
    assert "2021-03-01" in page
    assert "下列要素尚无资料" in page
    assert "权利人地址" in page
    assert not IssuedDocument.objects.exists()


def test_a_paper_is_issued_with_its_number_and_carries_the_step(desk: Browser) -> None:
    paper = issued(desk, holder_address="甲路1号")
    assert paper.number is not None
    assert paper.facts["case_no"] == desk.case.case_no
    assert paper.facts["holder_address"] == "甲路1号"
    assert paper.facts["location_map"]
    assert paper.number.text in desk.text()
    answer = desk.post("investigation_notice", date(2024, 3, 11), document=paper.pk)
    assert answer.status_code == 302
    step = CaseStep.objects.get(stage="investigation_notice")
    assert (step.document_id, step.document_no) == (paper.pk, paper.number.text)


def test_a_fee_decision_states_the_sum_of_the_books(desk: Browser) -> None:
    desk.along(until(TO_DECISION, "fee_decision")[1:])
    paper = issued(desk, "fee_decision")
    assert paper.facts["fee_amount"] == "2000000.00"
    assert paper.facts["fee_rate"] == "0.20"
    assert paper.facts["finding_no"] == CaseStep.objects.get(stage="finding").document_no


def test_word_files_and_the_archive_of_all_papers(desk: Browser) -> None:
    paper, other = issued(desk), issued(desk, "tracking_card")
    answer = desk.client.get(f"{desk.address}papers/{paper.pk}.docx")
    assert answer.content == bytes(paper.docx)
    assert desk.client.get(f"{desk.address}papers/{paper.pk}.pdf").status_code == 404
    desk.client.post(f"{desk.address}papers/{other.pk}/void", {"reason": "填写有误"})
    archive = desk.client.get(f"{desk.address}papers.zip")
    names = zipfile.ZipFile(io.BytesIO(b"".join(archive.streaming_content))).namelist()  # type: ignore[attr-defined]
    assert len(names) == 2
    assert any("作废" in name for name in names)
    assert AuditEvent.objects.filter(action="export_case_papers").exists()


def test_a_void_paper_is_struck_and_carries_no_step(desk: Browser) -> None:
    paper = issued(desk)
    desk.client.post(f"{desk.address}papers/{paper.pk}/void", {"reason": "填写有误"})
    assert "已作废" in desk.text()
    assert desk.post("investigation_notice", date(2024, 3, 11), document=paper.pk).status_code == 422
    desk.client.post(f"{desk.address}papers/{paper.pk}/void", {"reason": "再次"})
    assert "已经作废" in desk.text()


def test_a_paper_of_another_case_or_kind_is_not_there(desk: Browser, county: County) -> None:
    assert desk.client.get(f"{desk.address}papers/1.docx").status_code == 404
    assert desk.client.get(f"{desk.address}issue/party").status_code == 404
    assert desk.client.get(f"{desk.address}issue/disposal_list").status_code == 404
    paper = issued(desk)
    factories.contract(county, "合9")
    assert desk.client.get(f"/idle-land/cases/{desk.case.pk + 1}/papers/{paper.pk}.docx").status_code == 404


def test_a_wrong_fact_is_told_beside_its_field(desk: Browser) -> None:
    answer = desk.client.post(f"{desk.address}{NOTICE}", {"on": "2024-03-11", "reason": ""})
    assert answer.status_code == 422
    assert 'class="field-error"' in answer.content.decode()
    assert not IssuedDocument.objects.exists()


@pytest.mark.parametrize(("role", "status"), [("leader", 200), ("evaluation_officer", 403)])
def test_papers_are_read_by_those_who_may(desk: Browser, signed_in: SignIn, role: str, status: int) -> None:
    paper = issued(desk)
    client = signed_in(role)
    assert client.get(f"{desk.address}papers/{paper.pk}.docx").status_code == status
    assert client.post(f"{desk.address}papers/{paper.pk}/void", {"reason": "x"}).status_code == 403
    shown = unescape(client.get(desk.address).content.decode())
    assert (f"papers/{paper.pk}.docx" in shown) == (status == 200)
