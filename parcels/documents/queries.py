"""Finding templates, numbers and papers.

Refuses to show a paper of another county or town, or with a firm's figures to whoever isn't cleared for them, and the
bytes of papers where a list is asked for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from landgis.access.queries import Actor, in_territory
from landgis.access.rules import REPORT_FACTS, VIEW_DOCUMENTS, VIEW_FIRM_FIGURES
from landgis.counties.models import County
from landgis.counties.queries import Parameters
from landgis.lib.errors import NotFound
from parcels.documents.kinds import KINDS, OF_FIRMS, OF_FIRMS_OR_PARCELS, file_name, title_of
from parcels.documents.models import DocumentNumber, DocumentTemplate, IssuedDocument

AUTHORITY, TERMS = "documents.authority", "documents.terms"
# What lists say of a paper: all but its bytes and its facts.
TOLD = (
    "id", "kind", "number__text", "title", "subject", "town_code", "parcel_code", "missing", "sha256", "issued_on", "issued_by",
    "recorded_at", "voided_on", "voided_by", "void_reason",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Template:
    """The template of a kind that is in force; `own` where the bureau replaced the shipped one."""

    kind: str
    content: bytes
    sha256: str
    own: bool


def template_in_force(county: County, kind: str, on: date) -> Template:
    """The bureau's latest template that is valid on the day, or the shipped one."""
    title_of(kind)
    rows = DocumentTemplate.objects.filter(county=county, kind=kind, valid_from__lte=on)
    row = rows.order_by("-valid_from", "-id").first()
    if row is not None and row.content is not None:
        return Template(kind, bytes(row.content), row.sha256, own=True)
    return _shipped(kind)


def templates_in_force(county: County, on: date) -> list[dict[str, Any]]:
    """Every kind with whether its template is the bureau's own, its name and its days; one statement."""
    rows = DocumentTemplate.objects.filter(county=county, valid_from__lte=on).order_by(
        "kind", "-valid_from", "-id"
    )
    told = ("kind", "name", "sha256", "valid_from", "uploaded_by", "uploaded_at")
    own = {row["kind"]: row for row in rows.distinct("kind").values(*told) if row["sha256"]}
    return [
        {
            "kind": kind,
            "title": title,
            "own": kind in own,
            **{key: own.get(kind, {}).get(key) for key in told[1:]},
        }
        for kind, title in KINDS.items()
    ]


def standing_facts(stated: Parameters) -> dict[str, Any]:
    """What the county's parameters say in every paper: the terms, and the authority with its government and court."""
    terms = {fact: stated[key] for fact, key in stated.get(TERMS, {}).items() if key in stated}
    return {**terms, **stated.get(AUTHORITY, {})}


def visible(actor: Actor) -> QuerySet[IssuedDocument]:
    """Papers of the actor's county; of towns only those of their land.

    What tells a firm's figures is for those cleared for them, and for the town that reports them.
    """
    actor.require(VIEW_DOCUMENTS)
    rows = in_territory(IssuedDocument.objects.all(), actor)
    if actor.may(VIEW_FIRM_FIGURES) or (actor.may(REPORT_FACTS) and actor.town_codes is not None):
        return rows
    return rows.exclude(Q(kind=OF_FIRMS) | Q(kind=OF_FIRMS_OR_PARCELS, parcel_code=""))


def issued(
    actor: Actor,
    *,
    kind: str = "",
    parcel_code: str = "",
    year: int | None = None,
    numbers: Collection[int] = (),
) -> list[dict[str, Any]]:
    """Papers as lists tell them, newest first; one statement."""
    rows = visible(actor)
    if kind:
        rows = rows.filter(kind=kind)
    if parcel_code:
        rows = rows.filter(parcel_code=parcel_code)
    if year is not None:
        rows = rows.filter(issued_on__year=year)
    if numbers:
        rows = rows.filter(pk__in=numbers)
    rows = rows.annotate(has_pdf=Q(pdf__isnull=False)).order_by("-issued_on", "-pk")
    return [
        {("number" if key == "number__text" else key): value for key, value in row.items()}
        for row in rows.values(*TOLD, "has_pdf")
    ]


def document(actor: Actor, number: int) -> IssuedDocument:
    """One paper with its bytes; raises NotFound where there is none for this person."""
    found = visible(actor).select_related("number").filter(pk=number).first()
    if found is None:
        raise NotFound(f"没有编号为 {number} 的文书，或不在您的管辖范围内。", remedy="请刷新页面后重试。")
    return found


def number_register(actor: Actor, *, year: int) -> list[dict[str, Any]]:
    """发文登记: every number of a year with the paper that bears it, or why none does."""
    actor.require_whole_county(VIEW_DOCUMENTS)
    rows = DocumentNumber.objects.filter(county_id=actor.county_code, year=year).order_by("series", "serial")
    return [
        {
            "series": row["series"], "serial": row["serial"], "number": row["text"], "document": row["document__id"],
            "title": row["document__title"] or "", "subject": row["document__subject"] or "",
            "issued_on": row["document__issued_on"], "state": _state(row),
            "note": row["note"] or row["document__void_reason"] or "",
        }
        for row in rows.values(
            "series", "serial", "text", "note", "document__id", "document__title", "document__subject",
            "document__issued_on", "document__void_reason",
        )
    ]  # fmt: skip


def _state(row: Mapping[str, Any]) -> str:
    if row["document__id"] is None:
        return "unused"
    return "void" if row["document__void_reason"] else "issued"


@lru_cache(maxsize=64)
def _shipped(kind: str) -> Template:
    path = settings.BASE_DIR / "data" / "templates" / "documents" / file_name(kind)
    content = path.read_bytes()
    return Template(kind, content, hashlib.sha256(content).hexdigest(), own=False)
