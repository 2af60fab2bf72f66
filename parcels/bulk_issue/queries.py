"""Reading jobs, and judging one item: whether law and facts allow this paper for this case now.

Refuses to issue anything; every job is its county's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from landgis.access.queries import Actor
from landgis.counties.models import County
from landgis.lib.errors import LandgisError, NotFound
from parcels.bulk_issue.models import IssueItem, IssueJob
from parcels.bulk_issue.rules import OPTIONAL, Progress, absent
from parcels.disposal.case_page import CaseFile
from parcels.disposal.papers import Preview, papers_of, preview
from parcels.disposal.queries import RuleBook
from parcels.disposal.stages import STAGES, TABLE
from parcels.documents.bundle import Filed, stem_of
from parcels.documents.kinds import KINDS
from parcels.documents.models import IssuedDocument
from parcels.documents.vocabulary import FACTS

OPENING = STAGES["suspicion"].documents
CASE_KINDS: dict[str, str] = {
    kind: title
    for kind, title in KINDS.items()
    if kind in OPENING or any(kind in stage.documents for stage in TABLE)
}


@dataclass(frozen=True, slots=True)
class Judged:
    """Why a paper can't be issued (nothing: it can), what it would leave blank, and what it would say."""

    reasons: list[str]
    lacking: list[str]
    file: CaseFile | None = None
    shown: Preview | None = None


def judge(county: County, actor: Actor, job: IssueJob, item: IssueItem, rules: RuleBook) -> Judged:
    """The procedure's word on the stages that make this paper, papers issued before, and the facts."""
    try:
        file = CaseFile(county, actor, item.case_id, job.on)
        file.rules = rules
        reasons = [*_by_law(file, item.kind), *_issued_before(file, actor, job, item.kind)]
        if reasons:
            return Judged(reasons, [])
        shown = preview(county, actor, file.case, file.state, item.kind, job.on, rules)
    except LandgisError as error:
        return Judged([str(error)], [])
    lacking = [fact.name for fact in shown.lacking if fact.key not in OPTIONAL]
    missing = [FACTS[key].name for key in absent(item.kind, shown.facts)]
    if job.strict:
        missing += [name for name in lacking if name not in missing]
    if missing:
        told = f"缺少要素：{'、'.join(missing)}。请先补充登记，或者在案件页面逐件出具并填写。"
        return Judged([told], lacking)
    return Judged([], lacking, file, shown)


def jobs(actor: Actor) -> QuerySet[IssueJob]:
    """The county's jobs, newest first, with how many papers each issued."""
    rows = IssueJob.objects.filter(county_id=actor.county_code).annotate(
        item_count=Count("items"),
        issued_count=Count("items", filter=Q(items__state="issued")),
    )
    return rows.order_by("-pk")


def job_of(actor: Actor, pk: int) -> IssueJob:
    found = IssueJob.objects.filter(county_id=actor.county_code, pk=pk).first()
    if found is None:
        raise NotFound("没有这一批量出具任务。", remedy="请在案件清单中重新选择。")
    return found


def progress_of(job: IssueJob) -> Progress:
    """Where the job stands, in one or two statements."""
    rows = job.items.values("state").annotate(n=Count("pk")).order_by()
    counts = {row["state"]: row["n"] for row in rows}
    wants_pdf = job.with_pdf and not job.pdf_problem and counts.get("issued", 0)
    return Progress(counts, job.confirmed_at is not None, unprinted(job).count() if wants_pdf else 0)


def unprinted(job: IssueJob) -> QuerySet[IssuedDocument]:
    """The papers of a job that have no PDF yet."""
    return IssuedDocument.objects.filter(issue_item__job=job, pdf=None, void_reason="").order_by("pk")


def items_of(job: IssueJob, state: str = "") -> QuerySet[IssueItem]:
    rows = job.items.select_related("case__phase__contract", "document__number")
    rows = rows.defer("document__docx", "document__pdf", "document__facts")
    return (rows.filter(state=state) if state else rows).order_by("seq")


def filed(job: IssueJob) -> Iterator[Filed]:
    """The papers of a job for one archive; void ones say so in their name."""
    rows = IssuedDocument.objects.filter(issue_item__job=job).select_related("number")
    for paper in rows.order_by("issue_item__seq").iterator(20):
        title = f"（作废）{paper.title}" if paper.void_reason else paper.title
        stem = stem_of(paper.number.text if paper.number else "", title, paper.subject)
        yield Filed(stem, bytes(paper.docx), bytes(paper.pdf) if paper.pdf is not None else None)


def _by_law(file: CaseFile, kind: str) -> list[str]:
    if kind in OPENING:
        return []
    told: list[str] = []
    for stage, closed in file.stages:
        if kind in stage.documents:
            if not closed:
                return []
            told += [f"{why.reason}（{why.article}）。{why.remedy}" for why in closed]
    return told


def _issued_before(file: CaseFile, actor: Actor, job: IssueJob, kind: str) -> list[str]:
    """A paper that stands already; papers of stages that repeat, and of none, only hinder on the same day."""
    papers: Any = papers_of(actor, file.case).filter(kind=kind, void_reason="")
    if kind in OPENING or any(kind in stage.documents and stage.repeatable for stage in TABLE):
        papers = papers.filter(issued_on=job.on)
    found = papers.last()
    if found is None:
        return []
    number = f" {found.number.text}" if found.number else ""
    return [f"已于 {found.issued_on} 出具{found.title}{number}，请使用该文书；确需重新出具的，请先作废。"]
