"""Papers with their numbers: kept as they went out, voided with a reason, found by those who may see them."""

from datetime import date
from hashlib import sha256

import pytest
from django.db import DatabaseError, transaction

from landgis.access.queries import Actor
from landgis.audit.models import AuditEvent
from landgis.counties.models import County, Parameter
from landgis.lib.errors import Conflict, Forbidden, InputError, NotFound
from parcels.documents import queries
from parcels.documents.actions import (
    issue_document,
    make_pdfs,
    restore_template,
    upload_template,
    void_document,
)
from parcels.documents.models import DocumentNumber, DocumentTemplate, IssuedDocument
from tests import factories
from tests.parcels.documents.conftest import Issue
from tests.parcels.documents.papers import text_of
from tests.parcels.documents.test_uploads import template

ON = date(2026, 3, 5)


def test_a_paper_as_it_went_out(issue: Issue, county: County, officer: Actor) -> None:
    made = issue(holder="甲公司", parcel_code="A1", subject="甲公司", town_code=factories.TOWN_WEST)
    stored = IssuedDocument.objects.get()
    assert made.number is not None
    assert made.number.text == "自然资闲认〔2026〕1号"
    assert stored.facts["number"] == made.number.text
    assert stored.facts["holder"] == "甲公司"
    assert stored.facts["reconsideration_term"] == {"amount": 60, "unit": "day"}
    assert (stored.parcel_code, stored.title) == ("A1", "闲置土地认定书")
    assert "复议机关" in stored.missing
    text = text_of(bytes(stored.docx))
    for words in ("甲公司：", "自然资闲认〔2026〕1号", "2026年3月5日", "60日内"):
        assert words in text
    assert sha256(bytes(stored.docx)).hexdigest() == stored.sha256
    assert queries.template_in_force(county, "finding", ON).sha256 == stored.template_sha256
    audit = AuditEvent.objects.get(id=stored.change_id)
    assert (audit.actor, audit.action, audit.summary["number"]) == (
        officer.username,
        "issue_document",
        made.number.text,
    )


def test_a_demo_county_says_so_on_its_papers(issue: Issue) -> None:
    made = issue("service_receipt")
    assert made.number is None
    assert made.facts["is_demo"] is True


def test_the_county_states_its_authority(issue: Issue, county: County) -> None:
    with factories.writing(county):
        Parameter.objects.create(
            county=county, key="documents.authority", value={"authority": "示意县自然资源局", "court": "示意县人民法院"},
            valid_from=date(2020, 1, 1), basis="测试",
        )  # fmt: skip
    text = text_of(bytes(issue("fee_decision", court="另一法院").docx))
    assert "示意县自然资源局" in text
    assert "另一法院" in text
    assert "示意县人民法院" not in text


def test_a_failed_paper_takes_no_number(issue: Issue) -> None:
    with pytest.raises(InputError):
        issue(price=-5)
    assert not DocumentNumber.objects.exists()
    assert issue().number.serial == 1  # type: ignore[union-attr]


@pytest.mark.parametrize("fact", ["number", "issued_on"])
def test_nobody_writes_a_number_or_date_of_their_own(issue: Issue, fact: str) -> None:
    with pytest.raises(InputError) as refused:
        issue(**{fact: "2026-01-01"})
    assert refused.value.code == "fact_reserved"


def test_a_void_paper_keeps_its_number(issue: Issue, county: County, officer: Actor) -> None:
    first = issue()
    void_document(county, officer, first.pk, on=ON, reason="权利人名称有误")
    assert issue().number.serial == 2  # type: ignore[union-attr]
    states = [
        (row["serial"], row["state"], row["note"]) for row in queries.number_register(officer, year=2026)
    ]
    assert states == [(1, "void", "权利人名称有误"), (2, "issued", "")]
    with pytest.raises(Conflict):
        void_document(county, officer, first.pk, on=ON, reason="再次作废")


@pytest.mark.parametrize(
    "values",
    [{"docx": b"x"}, {"facts": {}}, {"issued_on": date(2020, 1, 1)}, {"title": "别的"}, {"number": None}],
    ids=lambda values: next(iter(values)),
)
def test_a_paper_cannot_be_changed(issue: Issue, county: County, values: dict[str, object]) -> None:
    made = issue()
    with pytest.raises(DatabaseError), transaction.atomic(), factories.writing(county):
        IssuedDocument.objects.filter(pk=made.pk).update(**values)
    with pytest.raises(DatabaseError), transaction.atomic(), factories.writing(county):
        IssuedDocument.objects.filter(pk=made.pk).delete()


def test_what_was_voided_stays_void(issue: Issue, county: County, officer: Actor) -> None:
    made = issue()
    void_document(county, officer, made.pk, on=ON, reason="有误")
    with pytest.raises(DatabaseError), transaction.atomic(), factories.writing(county):
        IssuedDocument.objects.filter(pk=made.pk).update(void_reason="", voided_on=None, voided_by="")


def test_numbers_and_templates_are_append_only(issue: Issue, county: County) -> None:
    issue()
    with pytest.raises(DatabaseError), transaction.atomic(), factories.writing(county):
        DocumentNumber.objects.update(serial=9)
    with pytest.raises(DatabaseError), transaction.atomic(), factories.writing(county):
        DocumentNumber.objects.all().delete()


def test_pdf_is_made_once_for_several(issue: Issue, county: County, officer: Actor) -> None:
    papers = [issue().pk, issue("service_receipt").pk]
    assert make_pdfs(county, officer, papers) == 2
    assert make_pdfs(county, officer, papers) == 0
    assert all(bytes(row.pdf or b"").startswith(b"%PDF") for row in IssuedDocument.objects.all())
    with pytest.raises(DatabaseError), transaction.atomic(), factories.writing(county):
        IssuedDocument.objects.update(pdf=b"x")


def test_who_may_issue_and_who_may_see(issue: Issue, county: County, cast: dict[str, Actor]) -> None:
    west, east = issue(town_code=factories.TOWN_WEST), issue(town_code=factories.TOWN_EAST)
    for role in ("registrar", "township_officer", "leader", "agency", "system_admin", "audit_admin"):
        with pytest.raises(Forbidden):
            issue_document(county, cast[role], "finding", {}, on=ON, reason="越权")
    assert [row["id"] for row in queries.issued(cast["township_officer"])] == [west.pk]
    assert [row["id"] for row in queries.issued(cast["leader"], kind="finding", year=2026)] == [
        east.pk,
        west.pk,
    ]
    with pytest.raises(NotFound):
        queries.document(cast["township_officer"], east.pk)
    for role in ("agency", "security_admin", "evaluation_officer"):
        with pytest.raises(Forbidden):
            queries.issued(cast[role])
    with pytest.raises(Forbidden):
        queries.number_register(cast["township_officer"], year=2026)


def test_another_county_sees_nothing(issue: Issue, officer: Actor) -> None:
    issue()
    other = Actor("x", "x", "990002", officer.roles, officer.rights, None)
    assert queries.issued(other) == []


def test_a_bureaus_own_template_from_its_day_on(issue: Issue, county: County, officer: Actor) -> None:
    own = template("本县格式：{{ 权利人 }} {{ 文号 }}")
    upload_template(
        county,
        officer,
        "finding",
        own,
        name="本县认定书.docx",
        valid_from=date(2026, 4, 1),
        reason="启用本县格式",
    )
    assert "本县格式" not in text_of(bytes(issue(holder="甲").docx))
    later = issue(holder="甲", on=date(2026, 4, 1))
    assert "本县格式：甲 自然资闲认〔2026〕2号" in text_of(bytes(later.docx))
    told = {row["kind"]: row for row in queries.templates_in_force(county, date(2026, 4, 1))}
    assert told["finding"]["own"] is True
    assert told["finding"]["name"] == "本县认定书.docx"
    assert told["fee_decision"]["own"] is False
    restore_template(county, officer, "finding", valid_from=date(2026, 5, 1), reason="恢复")
    assert not queries.template_in_force(county, "finding", date(2026, 5, 1)).own
    assert queries.template_in_force(county, "finding", date(2026, 4, 30)).own
    assert {
        row["kind"] for row in queries.templates_in_force(county, date(2026, 5, 1)) if row["own"]
    } == set()


def test_a_template_that_cannot_work_is_not_kept(county: County, officer: Actor) -> None:
    with pytest.raises(InputError):
        upload_template(
            county, officer, "finding", template("{{ 没有 }}"), name="x.docx", valid_from=ON, reason="测试"
        )
    assert not DocumentTemplate.objects.exists()


def test_an_unknown_kind(issue: Issue) -> None:
    with pytest.raises(InputError, match="没有“letter”这种文书"):
        issue("letter")
