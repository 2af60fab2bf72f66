"""The files that facts rest on: kept with the entry, opened from the page by whoever may, and never lost."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client
from PIL import Image

from landgis.audit.models import AuditEvent
from parcels.cadastre.lineage_models import Attachment
from parcels.supply.fact_models import FactPaper, Permit
from parcels.supply.models import ContractPhase
from tests import factories
from tests.factories import SignIn
from tests.parcels.phases.test_pages import LIST, correct, elsewhere, enter, errors, page, phase

__all__ = ["elsewhere", "phase"]
FACTS = {
    "permit-permit_no": "施1",
    "permit-issued_on": "2022-05-01",
    "permit-evidence": "原件",
    "permit-reason": "补录",
}


def photo(colour: str = "red") -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(content, "PNG")
    return content.getvalue()


def sent(client: Client, phase: ContractPhase, *files: tuple[str, bytes], **more: Any) -> Any:
    papers = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post(f"{LIST}{phase.pk}/facts/permit", {**FACTS, **more, "papers": papers})


def test_a_file_comes_with_the_entry_and_is_opened_from_the_page(
    phase: ContractPhase, signed_in: SignIn
) -> None:
    client = signed_in("idle_land_officer")
    answer = sent(client, phase, ("施工许可证.png", photo()), ("扫描件.png", photo("blue")))
    assert answer.status_code == 302, errors(answer)
    paper = FactPaper.objects.order_by("pk").first()
    assert paper is not None
    assert (paper.kind, paper.fact) == ("permit", Permit.objects.get().pk)
    text = page(client, phase)
    assert f"{LIST}{phase.pk}/papers/{paper.pk}" in text
    assert "施工许可证.png" in text
    opened = client.get(f"{LIST}{phase.pk}/papers/{paper.pk}")
    assert opened.status_code == 200
    assert opened.content == photo()
    assert opened["X-Content-Type-Options"] == "nosniff"
    assert "attachment" in opened["Content-Disposition"]
    event = AuditEvent.objects.get(action="enter_permit")
    assert event.summary["papers"] == list(
        FactPaper.objects.order_by("pk").values_list("attachment", flat=True)
    )


def test_a_correction_may_bring_papers_alone_and_a_withdrawn_fact_keeps_its_own(
    phase: ContractPhase, signed_in: SignIn
) -> None:
    client = signed_in("idle_land_officer")
    enter(client, phase, "permit")
    permit = Permit.objects.get()
    address = f"{LIST}{phase.pk}/facts/permit/{permit.pk}"
    form = {"edit-permit-" + name.removeprefix("permit-"): value for name, value in FACTS.items()}
    form |= {"edit-permit-evidence": "照片3张", "edit-permit-seen": str(permit.change_id)}
    answer = client.post(address, {**form, "papers": [SimpleUploadedFile("后补.png", photo())]})
    assert answer.status_code == 302, errors(answer)
    assert "后补.png" in page(client, phase)
    client.post(f"{address}/withdraw", {"reason": "误录"})
    assert not Permit.objects.exists()
    assert "后补.png" in page(client, phase), "what was withdrawn is still borne out"
    paper = FactPaper.objects.get()
    assert client.get(f"{LIST}{phase.pk}/papers/{paper.pk}").status_code == 200


def test_papers_of_the_contract_itself(phase: ContractPhase, signed_in: SignIn) -> None:
    client = signed_in("idle_land_officer")
    scan = SimpleUploadedFile("补充协议.png", photo())
    answer = correct(
        client, phase, "contract", phase.contract_id, price_wan="900", document="补1", papers=scan
    )
    assert answer.status_code == 422 or not FactPaper.objects.exists(), "a file field has no prefix"
    row = phase.contract
    row.refresh_from_db()
    form = {
        "edit-contract-price_wan": "900", "edit-contract-document": "补1", "edit-contract-reason": "更正",
        "edit-contract-seen": str(row.change_id), "papers": [SimpleUploadedFile("补充协议.png", photo())],
    }  # fmt: skip
    answer = client.post(f"{LIST}{phase.pk}/facts/contract/{row.pk}", form)
    assert answer.status_code == 302, errors(answer)
    assert FactPaper.objects.get().kind == "contract"


@pytest.mark.parametrize(
    ("name", "content"),
    [("坏.png", b"\x89PNG nothing"), ("页.html", b"<script>alert(1)</script>"), ("空.png", b"")],
)
def test_a_file_that_is_not_sound_keeps_the_entry_out(
    name: str, content: bytes, phase: ContractPhase, signed_in: SignIn
) -> None:
    answer = sent(signed_in("idle_land_officer"), phase, (name, content))
    assert answer.status_code in (400, 422)
    assert errors(answer)
    assert 'value="施1"' in answer.content.decode(), "what was written isn't lost"
    assert not Permit.objects.exists()
    assert not Attachment.objects.exists()


def test_too_many_files_are_refused(phase: ContractPhase, signed_in: SignIn) -> None:
    answer = sent(signed_in("idle_land_officer"), phase, *[(f"{n}.png", photo()) for n in range(11)])
    assert answer.status_code in (400, 422)
    assert "最多 10 个" in errors(answer)
    assert not Permit.objects.exists()


def test_nobody_opens_a_file_of_another_town_or_through_another_phase(
    phase: ContractPhase, elsewhere: ContractPhase, signed_in: SignIn
) -> None:
    officer = signed_in("idle_land_officer")
    sent(officer, phase, ("一.png", photo()))
    sent(officer, elsewhere, ("二.png", photo()))
    here, there = FactPaper.objects.order_by("pk")
    town = signed_in("township_officer")
    assert town.get(f"{LIST}{phase.pk}/papers/{here.pk}").status_code == 200
    assert town.get(f"{LIST}{elsewhere.pk}/papers/{there.pk}").status_code == 404
    assert town.get(f"{LIST}{phase.pk}/papers/{there.pk}").status_code == 404
    assert Client().get(f"{LIST}{phase.pk}/papers/{here.pk}").status_code in (302, 401, 403)


def test_a_file_stays_as_it_was(phase: ContractPhase, signed_in: SignIn) -> None:
    sent(signed_in("idle_land_officer"), phase, ("一.png", photo()))
    for act in (lambda: FactPaper.objects.update(fact=0), lambda: FactPaper.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic(), factories.writing(phase.contract.county):
            act()
    assert FactPaper.objects.count() == 1


def test_the_page_asks_as_often_with_many_files_as_with_one(
    phase: ContractPhase, signed_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    client = signed_in("idle_land_officer")
    for n in range(3):
        sent(
            client,
            phase,
            ("一.png", photo()),
            **{"permit-permit_no": f"施{n}", "permit-issued_on": str(date(2022, 1, 1 + n))},
        )
    with django_assert_max_num_queries(60):
        client.get(f"{LIST}{phase.pk}/")
