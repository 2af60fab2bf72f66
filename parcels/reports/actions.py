"""Freezing an issue of a report: its text, number, hash and paper are written together or not at all.

Refuses a day ahead, a second issue of a cut-off that says the same, and a change that doesn't name the issue it corrects.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Max

from landgis.access.queries import Actor
from landgis.access.rules import EXPORT_DATA, MANAGE_CAMPAIGNS
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.counties.queries import parameters
from landgis.lib.days import not_ahead
from landgis.lib.errors import Conflict, InputError, NotFound
from landgis.lib.turns import wait_for_turn
from parcels.documents.actions import add_pdfs, issue_document
from parcels.documents.models import IssuedDocument
from parcels.reports.models import ReportIssue
from parcels.reports.papers import paper_facts
from parcels.reports.queries import Content, content_on, standing_issue
from parcels.reports.rules import KINDS, canonical, fingerprint

NUMBER_PATTERNS = "reports.number_"


@dataclass(frozen=True, slots=True)
class Prepared:
    """The text that an issue of a day would freeze, and the issue that holds for the day, where there is one."""

    content: Content
    body: str
    sha256: str
    standing: ReportIssue | None

    @property
    def is_the_same(self) -> bool:
        return self.standing is not None and self.standing.body == self.body


def prepare_issue(*, county: County, actor: Actor, kind: str, on: date, today: date) -> Prepared:
    """What would be frozen; writes nothing."""
    actor.require_whole_county(MANAGE_CAMPAIGNS)
    if kind not in KINDS:
        told = "、".join(f"{code}（{title}）" for code, title in KINDS.items())
        raise InputError("kind_unknown", f"没有“{kind}”这种通报。", f"可用的有：{told}。", field="kind")
    not_ahead(on, today)
    content = content_on(county, actor, kind, on)
    body = canonical(content.as_json())
    return Prepared(content, body, fingerprint(body), standing_issue(county, kind, on))


def freeze_issue(
    *,
    county: County,
    actor: Actor,
    kind: str,
    on: date,
    today: date,
    reason: str,
    corrects_id: int | None = None,
) -> ReportIssue:
    """Freeze the report of a day under the next number of its kind in the day's year."""
    actor.require_whole_county(MANAGE_CAMPAIGNS)
    with transaction.atomic():
        _one_at_a_time(county)
        prepared = prepare_issue(county=county, actor=actor, kind=kind, on=on, today=today)
        corrected = _corrected(county, prepared, kind, on, corrects_id)
        with change(
            county_code=county.code, by=actor.username, action="freeze_report", reason=reason, kind=kind, on=str(on)
        ) as running:  # fmt: skip
            number = _last_number(county, kind, on.year) + 1
            issue_no = str(parameters(county, on)[NUMBER_PATTERNS + kind]).format(year=on.year, number=number)
            facts = paper_facts(
                prepared.content, issue_no, prepared.sha256, corrected.issue_no if corrected else ""
            )
            paper = issue_document(
                county, actor, "progress_report", facts, on=today, reason=reason, subject=issue_no,
                right=MANAGE_CAMPAIGNS,
            )  # fmt: skip
            made = ReportIssue.objects.create(
                county=county,
                kind=kind,
                year=on.year,
                number=number,
                issue_no=issue_no,
                on=on,
                rule_version="；".join(
                    f"{name} {version}"
                    for name, version in sorted(prepared.content.heading["rule_versions"].items())
                ),
                body=prepared.body,
                row_count=len(prepared.content.items),
                sha256=prepared.sha256,
                corrects=corrected,
                document=paper,
                frozen_by=actor.username,
                reason=reason,
            )
            running.summary.update(issue_no=issue_no, rows=made.row_count, sha256=made.sha256)
    return made


def make_pdf(county: County, actor: Actor, found: ReportIssue) -> bytes:
    """The paper as PDF, made once and kept beside the Word file."""
    actor.require(EXPORT_DATA)
    add_pdfs(county, actor, IssuedDocument.objects.filter(pk=found.document_id))
    return bytes(IssuedDocument.objects.values_list("pdf", flat=True).get(pk=found.document_id) or b"")


def record_sending(county: County, actor: Actor, kind: str, rows: int, **told: str) -> None:
    """A file of a report that goes out has its audit row."""
    actor.require(EXPORT_DATA)
    with change(
        county_code=county.code, by=actor.username, action="export_report", reason=f"导出通报（{kind}）",
        rows=rows, **told,
    ):  # fmt: skip
        pass


def _corrected(
    county: County, prepared: Prepared, kind: str, on: date, corrects_id: int | None
) -> ReportIssue | None:
    """The issue that is corrected: it must be the one that holds for this cut-off, and state something else."""
    standing = prepared.standing
    if standing is not None and prepared.is_the_same:
        raise Conflict(
            f"{standing.issue_no} 的截止日期也是 {on}，内容逐字节相同，无须另编。",
            code="report_unchanged",
            remedy="请直接使用该期。",
        )
    if corrects_id is None:
        if standing is not None:
            raise Conflict(
                f"{standing.issue_no} 的截止日期也是 {on}，但现有数据已有变化。",
                code="report_differs",
                remedy=f"如需更正，请指明更正 {standing.issue_no}，另编一期。",
            )
        return None
    named = ReportIssue.objects.filter(pk=corrects_id, county=county).first()
    if named is None:
        raise NotFound("没有要更正的这一期通报。", remedy="请在通报页选择。")
    if standing is None or named.pk != standing.pk:
        raise Conflict(
            f"{named.issue_no} 不是 {on} {KINDS[kind]}现行的一期。",
            code="report_not_standing",
            remedy="请按同一种通报、同一截止日期，更正最近的一期。",
        )
    return named


def _last_number(county: County, kind: str, year: int) -> int:
    rows = ReportIssue.objects.filter(county=county, kind=kind, year=year)
    return int(rows.aggregate(last=Max("number"))["last"] or 0)


def _one_at_a_time(county: County) -> None:
    wait_for_turn("report_issue", county.code)
