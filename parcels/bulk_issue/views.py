"""Choosing what to issue for many cases, watching a job, working it off in small requests, and its files.

Refuses to work for long in one request: the page asks again until nothing is left, and can be left and opened again.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    QueryDict,
    StreamingHttpResponse,
)
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from landgis.access.rules import ISSUE_DOCUMENTS, VIEW_DOCUMENTS
from landgis.access.views import request_actor, right_required
from landgis.counties.queries import current_county
from landgis.lib.errors import LandgisError, NotFound
from landgis.lib.http import XLSX, download
from parcels.bulk_issue.actions import confirm_job, make_job, record_download, retry_failed, work
from parcels.bulk_issue.files import result_workbook
from parcels.bulk_issue.forms import JobForm
from parcels.bulk_issue.queries import filed, items_of, job_of, jobs, progress_of
from parcels.bulk_issue.rules import STATE_TITLES
from parcels.disposal.case_list import case_list, officers
from parcels.disposal.forms import CaseFilter
from parcels.documents.bundle import bundle
from parcels.documents.kinds import KINDS

PAGE_SIZE = 50
WORKED_S = 2.0


@right_required(ISSUE_DOCUMENTS)
@require_GET
def jobs_page(request: HttpRequest) -> HttpResponse:
    """The county's jobs."""
    actor = request_actor(request)
    actor.require_whole_county(ISSUE_DOCUMENTS)
    page = Paginator(jobs(actor), PAGE_SIZE).get_page(request.GET.get("page"))
    shown = [(job, [KINDS[kind] for kind in job.kinds]) for job in page]
    return render(request, "parcels/bulk_issue/jobs.html", {"page": page, "rows": shown})


@right_required(ISSUE_DOCUMENTS)
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """What to issue for the cases that were ticked, or for all that match the list's filters."""
    request_actor(request).require_whole_county(ISSUE_DOCUMENTS)
    chosen = _chosen(request)
    if not chosen:
        messages.error(request, _("没有选择案件。请在案件清单中勾选，或者选择全部符合条件的案件。"))
        return redirect("cases")
    form = JobForm(initial={"on": timezone.localdate(), "reason": _("批量出具文书")})
    return _form(request, form, chosen)


@right_required(ISSUE_DOCUMENTS)
@require_POST
def create(request: HttpRequest) -> HttpResponse:
    """Store the job; its page checks it."""
    county, actor = current_county(), request_actor(request)
    chosen = _numbers(request.POST.get("cases", "").split(","))
    form = JobForm(request.POST)
    if not form.is_valid():
        return _form(request, form, chosen, 422)
    try:
        job = make_job(
            county=county, actor=actor, case_ids=chosen, today=timezone.localdate(), **form.cleaned_data
        )
    except LandgisError as error:
        messages.error(request, str(error))
        return _form(request, form, chosen, error.status)
    return redirect("bulk-job", pk=job.pk)


@right_required(ISSUE_DOCUMENTS)
@require_GET
def job_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the job stands and what was found for each item."""
    actor = request_actor(request)
    actor.require_whole_county(ISSUE_DOCUMENTS)
    job = job_of(actor, pk)
    progress = progress_of(job)
    state = request.GET.get("state", "")
    state = state if state in STATE_TITLES else ""
    page = Paginator(items_of(job, state), PAGE_SIZE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "job": job,
        "kinds": [KINDS[kind] for kind in job.kinds],
        "progress": progress,
        "counts": [(code, title, progress.counts.get(code, 0)) for code, title in STATE_TITLES.items()],
        "ready": progress.counts.get("ready", 0),
        "page": page,
        "rows": [(item, KINDS.get(item.kind, item.kind), STATE_TITLES[item.state]) for item in page],
        "state": state,
        "query": f"state={state}" if state else "",
        "issued": progress.counts.get("issued", 0),
    }
    return render(request, "parcels/bulk_issue/job.html", context)


@right_required(ISSUE_DOCUMENTS)
@require_POST
def go_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Work for a moment and tell how far it is; a browser without scripts comes back to the page."""
    county, actor = current_county(), request_actor(request)
    progress = work(county=county, actor=actor, job=job_of(actor, pk), seconds=WORKED_S)
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse(progress.as_json())
    return redirect("bulk-job", pk=pk)


@right_required(ISSUE_DOCUMENTS)
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Order the papers."""
    county, actor = current_county(), request_actor(request)
    try:
        confirm_job(county=county, actor=actor, job=job_of(actor, pk))
    except NotFound:
        raise
    except LandgisError as error:
        if error.status == 403:
            raise
        messages.error(request, str(error))
    return redirect("bulk-job", pk=pk)


@right_required(ISSUE_DOCUMENTS)
@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Try what failed once more."""
    actor = request_actor(request)
    retry_failed(county=current_county(), actor=actor, job=job_of(actor, pk))
    return redirect("bulk-job", pk=pk)


@right_required(VIEW_DOCUMENTS)
@require_GET
def job_zip(request: HttpRequest, pk: int) -> HttpResponseBase:
    """All papers of the job as one archive, written while it is sent."""
    county, actor = current_county(), request_actor(request)
    actor.require_whole_county(VIEW_DOCUMENTS)
    job = job_of(actor, pk)
    count = items_of(job, "issued").count()
    if not count:
        raise NotFound(_("该任务还没有出具文书。"), remedy=_("请先确认出具。"))
    record_download(county, actor, job, "zip", count)
    response = StreamingHttpResponse(bundle(filed(job)), content_type="application/zip")
    name = f"{county.name}批量文书（任务{job.pk}）.zip"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return response


@right_required(VIEW_DOCUMENTS)
@require_GET
def job_xlsx(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of every item."""
    county, actor = current_county(), request_actor(request)
    actor.require_whole_county(VIEW_DOCUMENTS)
    job = job_of(actor, pk)
    rows = list(items_of(job))
    record_download(county, actor, job, "xlsx", len(rows))
    return download(result_workbook(job, rows), f"{county.name}批量出具结果（任务{job.pk}）.xlsx", XLSX)


def _form(request: HttpRequest, form: JobForm, chosen: list[int], status: int = 200) -> HttpResponse:
    context = {"form": form, "chosen": ",".join(map(str, chosen)), "count": len(chosen)}
    return render(request, "parcels/bulk_issue/choose.html", context, status=status)


def _chosen(request: HttpRequest) -> list[int]:
    """The ticked cases, or all that the list's filters find."""
    if not request.POST.get("all"):
        return _numbers(request.POST.getlist("case"))
    county, actor, on = current_county(), request_actor(request), timezone.localdate()
    found = case_list(county, actor, on)
    asked = QueryDict(request.POST.get("query", ""))
    form = CaseFilter(asked, county=county, officers=officers(found.rows), stages=found.stages)
    shown = found.narrowed(form.cleaned_data if form.is_valid() else None)
    return [row.case.pk for row in shown.rows]


def _numbers(texts: list[str]) -> list[int]:
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 18]
