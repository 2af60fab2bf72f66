"""Making a job, checking its items, ordering its papers, and issuing them one by one, each in its own transaction.

Refuses two papers for one item, also when two windows work off the same job: an item is locked while it is dealt with.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from datetime import date

from django.db import connection, transaction
from django.utils import timezone

from landgis.access.queries import Actor
from landgis.access.rules import ISSUE_DOCUMENTS, MANAGE_IDLE_CASES, VIEW_DOCUMENTS
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.lib.errors import Conflict, InputError, LandgisError
from parcels.bulk_issue.models import IssueItem, IssueJob
from parcels.bulk_issue.queries import CASE_KINDS, judge, progress_of, unprinted
from parcels.bulk_issue.rules import MOST_ITEMS, Progress
from parcels.disposal.models import IdleCase
from parcels.disposal.papers import issue_paper
from parcels.disposal.queries import RuleBook, cases, rules_of_days
from parcels.documents.actions import make_pdfs
from parcels.documents.pdf import PdfUnavailable

CHECKED_AT_ONCE, PRINTED_AT_ONCE = 5, 5


def make_job(
    *,
    county: County,
    actor: Actor,
    case_ids: Collection[int],
    kinds: Sequence[str],
    on: date,
    today: date,
    strict: bool,
    with_pdf: bool,
    reason: str,
) -> IssueJob:
    """Store what is to be issued; nothing is issued before it was checked and ordered."""
    _require(actor)
    chosen = [kind for kind in CASE_KINDS if kind in set(kinds)]
    if not chosen:
        raise InputError("kinds_missing", "没有选择文书种类。", "请至少选择一种。", field="kinds")
    if on > today:
        raise InputError("day_ahead", f"成文日期 {on} 晚于今天 {today}。", "请更正日期。", field="on")
    found = list(cases(actor).filter(pk__in=case_ids).values_list("pk", flat=True))
    if not found:
        raise InputError("cases_missing", "没有选择案件。", "请在案件清单中勾选。", field="cases")
    if len(found) * len(chosen) > MOST_ITEMS:
        raise InputError(
            "too_many", f"一次共 {len(found) * len(chosen)} 份，超过 {MOST_ITEMS} 份。", "请分几批办理。", field="cases"
        )  # fmt: skip
    with change(
        county_code=county.code, by=actor.username, action="make_issue_job", reason=reason, kinds=chosen,
        cases=len(found),
    ) as running:  # fmt: skip
        job = IssueJob.objects.create(
            county=county, on=on, kinds=chosen, strict=strict, with_pdf=with_pdf, reason=reason, made_by=actor.username
        )  # fmt: skip
        pairs = [(case, kind) for case in found for kind in chosen]
        IssueItem.objects.bulk_create(
            [
                IssueItem(job=job, seq=seq, case_id=case, kind=kind)
                for seq, (case, kind) in enumerate(pairs, 1)
            ]
        )
        running.summary["job"] = job.pk
    return job


def confirm_job(*, county: County, actor: Actor, job: IssueJob) -> None:
    """Order the papers that the check found ready."""
    _require(actor)
    with change(
        county_code=county.code, by=actor.username, action="confirm_issue_job", reason=job.reason, job=job.pk
    ):
        progress = progress_of(job)
        if progress.phase == "checking":
            raise Conflict("核对尚未完成，不能出具。", remedy="请等核对完成。")
        if not progress.counts.get("ready"):
            raise Conflict("没有可以出具的文书。", remedy="请按提示补充后另建任务。")
        updated = IssueJob.objects.filter(pk=job.pk, confirmed_at=None).update(
            confirmed_at=timezone.now(), confirmed_by=actor.username
        )
        if not updated:
            raise Conflict("该任务已经确认出具。", remedy="请刷新页面查看进度。")


def work(*, county: County, actor: Actor, job: IssueJob, seconds: float) -> Progress:
    """Go on with the job for about so long; what another window holds is left to it."""
    _require(actor)
    until = time.monotonic() + seconds
    rules = rules_of_days(county)
    while True:
        progress = progress_of(job)
        match progress.phase:
            case "checking":
                went_on = check_some(county=county, actor=actor, job=job, rules=rules)
            case "issuing":
                went_on = issue_next(county=county, actor=actor, job=job, rules=rules) is not None
            case "pdf":
                went_on = print_some(county=county, actor=actor, job=job)
            case _:
                return progress
        if not went_on or time.monotonic() >= until:
            return progress_of(job)


def check_some(*, county: County, actor: Actor, job: IssueJob, rules: RuleBook) -> bool:
    """Judge the next items; False where another window has what is left."""
    with transaction.atomic():
        waiting = IssueItem.objects.select_for_update(skip_locked=True, of=("self",)).filter(
            job=job, state="waiting"
        )
        items = list(waiting.order_by("seq")[:CHECKED_AT_ONCE])
        if not items:
            return False
        with change(
            county_code=county.code, by=actor.username, action="check_issue_job", reason=job.reason,
            job=job.pk, items=len(items),
        ):  # fmt: skip
            for item in items:
                judged = judge(county, actor, job, item, rules)
                item.state = "refused" if judged.reasons else "ready"
                item.reasons, item.lacking = judged.reasons, judged.lacking
            IssueItem.objects.bulk_update(items, ["state", "reasons", "lacking"])
    return True


def issue_next(*, county: County, actor: Actor, job: IssueJob, rules: RuleBook) -> IssueItem | None:
    """Issue the next ready item with its number, all or nothing; None where another window has what is left."""
    number = None
    try:
        with transaction.atomic():
            ready = IssueItem.objects.select_for_update(skip_locked=True, of=("self",)).filter(
                job=job, job__confirmed_at__isnull=False, state="ready"
            )
            item = ready.order_by("seq").first()
            if item is None:
                return None
            number = item.pk
            # Two jobs with the same case wait for each other, so that the second sees the first one's paper.
            IdleCase.objects.select_for_update().get(pk=item.case_id)
            with change(
                county_code=county.code, by=actor.username, action="issue_in_bulk", reason=job.reason,
                job=job.pk, item=item.seq,
            ) as running:  # fmt: skip
                judged = judge(county, actor, job, item, rules)
                item.reasons, item.lacking = judged.reasons, judged.lacking
                if judged.file is None or judged.shown is None:
                    item.state = "refused"
                else:
                    item.document = issue_paper(
                        county, actor, judged.file.case, judged.shown, on=job.on, stated={}, reason=job.reason
                    )
                    item.state = "issued"
                    running.summary["document"] = item.document.pk
                item.save(update_fields=["state", "reasons", "lacking", "document"])
        return item
    except LandgisError as error:
        if number is None:
            raise
        return _failed(county, actor, job, number, str(error))


def print_some(*, county: County, actor: Actor, job: IssueJob) -> bool:
    """PDF beside the next papers, by one window at a time; a machine that can't is noted once and the job ends without."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('bulk_issue.pdf'), %s)", [job.pk])
                [mine] = cursor.fetchone()
            if not mine:
                return False
            make_pdfs(county, actor, list(unprinted(job).values_list("pk", flat=True)[:PRINTED_AT_ONCE]))
    except PdfUnavailable as error:
        with change(
            county_code=county.code, by=actor.username, action="issue_job_without_pdf", reason=job.reason, job=job.pk
        ):  # fmt: skip
            job.pdf_problem = str(error)
            job.save(update_fields=["pdf_problem"])
    return True


def retry_failed(*, county: County, actor: Actor, job: IssueJob) -> int:
    """Put failed items, and PDFs that couldn't be made, to work again."""
    _require(actor)
    with change(
        county_code=county.code, by=actor.username, action="retry_issue_job", reason=job.reason, job=job.pk
    ):
        if job.pdf_problem:
            job.pdf_problem = ""
            job.save(update_fields=["pdf_problem"])
        return job.items.filter(state="failed").update(state="ready", reasons=[])


def record_download(county: County, actor: Actor, job: IssueJob, kind: str, rows: int) -> None:
    """Files that go out have their audit row."""
    actor.require(VIEW_DOCUMENTS)
    with change(
        county_code=county.code, by=actor.username, action="export_issue_job", reason="下载批量出具结果",
        job=job.pk, kind=kind, rows=rows,
    ):  # fmt: skip
        pass


def _failed(county: County, actor: Actor, job: IssueJob, number: int, told: str) -> IssueItem:
    with change(
        county_code=county.code,
        by=actor.username,
        action="issue_in_bulk_failed",
        reason=job.reason,
        job=job.pk,
    ):
        item = IssueItem.objects.select_for_update().get(pk=number)
        if item.state == "ready":
            item.state, item.reasons = "failed", [told]
            item.save(update_fields=["state", "reasons"])
    return item


def _require(actor: Actor) -> None:
    actor.require_whole_county(ISSUE_DOCUMENTS)
    actor.require(MANAGE_IDLE_CASES)
