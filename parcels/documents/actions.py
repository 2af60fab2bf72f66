"""Issuing papers with their numbers, voiding them, making their PDF, and replacing templates.

Refuses to give a number without its paper, to issue by somebody's own number, and to change what went out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db.models import QuerySet

from landgis.access.queries import Actor
from landgis.access.rules import ISSUE_DOCUMENTS
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.counties.queries import parameters
from landgis.lib.errors import Conflict, InputError
from parcels.documents import numbering
from parcels.documents.facts import as_kept
from parcels.documents.kinds import title_of
from parcels.documents.models import DocumentNumber, DocumentTemplate, IssuedDocument
from parcels.documents.pdf import to_pdf
from parcels.documents.queries import document, standing_facts, template_in_force, visible
from parcels.documents.rendering import render
from parcels.documents.uploads import checked_template

OURS = ("number", "issued_on", "is_demo")  # facts that the issuing itself states


def issue_document(
    county: County,
    actor: Actor,
    kind: str,
    facts: Mapping[str, Any],
    *,
    on: date,
    reason: str,
    subject: str = "",
    town_code: str = "",
    pictures: Mapping[str, bytes] | None = None,
    right: str = ISSUE_DOCUMENTS,
) -> IssuedDocument:
    """A paper with the next number of its kind. `facts` by the keys of the vocabulary; `pictures`: PNG by picture fact.

    What the county's parameters state (authority, terms) stands in the paper unless `facts` says otherwise.
    `right`: what a room asks for whose papers aren't the idle-land office's.
    """
    actor.require_whole_county(right)
    title, stated = title_of(kind), parameters(county, on)
    if given := [key for key in OURS if facts.get(key)]:
        raise InputError(
            "fact_reserved",
            f"文书要素“{given[0]}”由系统填写。",
            "请不要另行填写文号和成文日期。",
            field=given[0],
        )
    template = template_in_force(county, kind, on)
    kept = as_kept({**standing_facts(stated), **_stated(facts), "issued_on": on, "is_demo": county.is_demo})
    with change(
        county_code=county.code, by=actor.username, action="issue_document", reason=reason, kind=kind
    ) as running:
        number = numbering.next_number(county, kind, stated)
        if number is not None:
            kept["number"] = number.text
        rendered = render(template.content, kept, pictures)
        for key, png in (pictures or {}).items():
            kept[key] = hashlib.sha256(png).hexdigest()
        made = IssuedDocument.objects.create(
            county=county,
            kind=kind,
            number=number,
            title=title,
            subject=subject,
            town_code=town_code,
            parcel_code=str(kept.get("parcel_code", "")),
            facts=kept,
            missing=list(rendered.missing),
            docx=rendered.docx,
            sha256=rendered.sha256,
            template_sha256=template.sha256,
            issued_on=on,
            issued_by=actor.username,
        )
        running.summary |= {
            "document": made.pk, "number": number.text if number else "", "sha256": rendered.sha256,
        }  # fmt: skip
    return made


def void_document(county: County, actor: Actor, number: int, *, on: date, reason: str) -> IssuedDocument:
    """The paper and its number stay on record as void; the number is never given out again."""
    actor.require_whole_county(ISSUE_DOCUMENTS)
    found = document(actor, number)
    with change(
        county_code=county.code, by=actor.username, action="void_document", reason=reason, document=number,
        number=found.number.text if found.number else "",
    ):  # fmt: skip
        updated = IssuedDocument.objects.filter(pk=number, void_reason="").update(
            void_reason=reason, voided_on=on, voided_by=actor.username
        )
        if not updated:
            raise Conflict(
                f"文书“{found.title}”已经作废。", code="document_void", remedy="如需重新出具，请另行办理。"
            )
    return document(actor, number)


def make_pdfs(county: County, actor: Actor, numbers: Collection[int]) -> int:
    """PDF beside those of the papers that have none yet, in one run of LibreOffice; how many were made."""
    return add_pdfs(county, actor, visible(actor).filter(pk__in=numbers))


def add_pdfs(county: County, actor: Actor, rows: QuerySet[IssuedDocument]) -> int:
    """The same for papers that a room has found by its own rights."""
    rows = rows.filter(pdf=None).order_by("pk")
    papers = [(pk, bytes(docx)) for pk, docx in rows.values_list("pk", "docx")]
    pdfs = to_pdf([docx for _, docx in papers])
    if not papers:
        return 0
    with change(
        county_code=county.code, by=actor.username, action="make_pdfs", reason="生成 PDF",
        documents=[pk for pk, _ in papers],
    ):  # fmt: skip
        for (pk, _), pdf in zip(papers, pdfs, strict=True):
            IssuedDocument.objects.filter(pk=pk, pdf=None).update(pdf=pdf)
    return len(papers)


def set_aside_numbers(
    county: County, actor: Actor, kind: str, *, on: date, up_to: int, reason: str
) -> list[DocumentNumber]:
    """Record the numbers of the year that were used on paper before, so that the next one follows them."""
    actor.require_whole_county(ISSUE_DOCUMENTS)
    with change(
        county_code=county.code, by=actor.username, action="set_aside_numbers", reason=reason, kind=kind, up_to=up_to
    ):  # fmt: skip
        return numbering.set_aside(county, kind, parameters(county, on), up_to=up_to, note=reason)


def upload_template(
    county: County, actor: Actor, kind: str, content: bytes, *, name: str, valid_from: date, reason: str
) -> DocumentTemplate:
    """The bureau's own template of a kind from a day on; papers that went out keep theirs."""
    actor.require_whole_county(ISSUE_DOCUMENTS)
    title_of(kind)
    checked_template(content)
    sha256 = hashlib.sha256(content).hexdigest()
    return _add_template(
        county, actor, kind, reason, content=content, sha256=sha256, name=name, valid_from=valid_from
    )


def restore_template(
    county: County, actor: Actor, kind: str, *, valid_from: date, reason: str
) -> DocumentTemplate:
    """The shipped template of a kind again, from a day on."""
    actor.require_whole_county(ISSUE_DOCUMENTS)
    title_of(kind)
    return _add_template(county, actor, kind, reason, name="系统自带模板", valid_from=valid_from)


def _add_template(county: County, actor: Actor, kind: str, reason: str, **values: Any) -> DocumentTemplate:
    with change(
        county_code=county.code, by=actor.username, action="replace_template", reason=reason, kind=kind,
        sha256=values.get("sha256", ""),
    ):  # fmt: skip
        return DocumentTemplate.objects.create(county=county, kind=kind, uploaded_by=actor.username, **values)


def _stated(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Without the empty ones, so that they don't blot out what the parameters state."""
    return {key: value for key, value in facts.items() if value is not None and value != ""}
