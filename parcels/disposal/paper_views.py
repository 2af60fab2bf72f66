"""The papers of a case: what one would say and lacks, issuing and voiding it, its files, and all of them as one archive.

Refuses a paper of another case or county, and to change one that went out.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from landgis.access.rules import ISSUE_DOCUMENTS, MANAGE_IDLE_CASES, VIEW_DOCUMENTS
from landgis.access.views import request_actor, right_required
from landgis.audit.change import change
from landgis.counties.queries import current_county
from landgis.lib.errors import LandgisError, NotFound
from landgis.lib.http import DOCX, download
from parcels.disposal.case_page import CaseFile
from parcels.disposal.case_views import asked_day, told
from parcels.disposal.forms import PaperForm, ReasonForm
from parcels.disposal.papers import filed, issue_paper, papers_of, preview
from parcels.documents.actions import make_pdfs, void_document
from parcels.documents.bundle import bundle, stem_of
from parcels.documents.kinds import title_of
from parcels.documents.models import IssuedDocument
from parcels.documents.queries import document


@right_required(ISSUE_DOCUMENTS)
@require_http_methods(["GET", "POST"])
def issue_page(request: HttpRequest, case_id: int, kind: str) -> HttpResponse:
    """What the paper would say, what it lacks, and the button that issues it with its number."""
    county, actor = current_county(), request_actor(request)
    actor.require_whole_county(MANAGE_IDLE_CASES)
    on = asked_day((request.POST if request.method == "POST" else request.GET).get("on"))
    file = CaseFile(county, actor, case_id, on)
    if kind not in {code for stage, _why in file.stages for code in stage.documents} | {"tracking_card"}:
        raise NotFound(_("案件没有这种文书。"), remedy=_("请在案件页面选择。"))
    shown = preview(county, actor, file.case, file.state, kind, on, file.rules)
    form = PaperForm(
        request.POST if request.method == "POST" else None,
        lacking=shown.lacking,
        initial={**shown.proposed, "reason": _("办理案件 %(no)s") % {"no": file.case.case_no}},
    )
    refused, status = None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = issue_paper(
                    county,
                    actor,
                    file.case,
                    shown,
                    on=on,
                    stated=form.facts(),
                    reason=form.cleaned_data["reason"],
                )
                messages.success(request, _("已出具%(paper)s。") % {"paper": _named(made)})
                return redirect("case", case_id=case_id)
            except LandgisError as error:
                refused, status = error, error.status
    context = {
        "case": file.case, "shown": shown, "title": title_of(kind), "form": form, "refused": refused, "on": on,
    }  # fmt: skip
    return render(request, "parcels/disposal/paper.html", context, status=status)


@right_required(VIEW_DOCUMENTS)
@require_GET
def paper_file(request: HttpRequest, case_id: int, number: int, ending: str) -> HttpResponse:
    """The paper as Word, or as PDF where one was made."""
    paper = _paper(request, case_id, number)
    if ending == "docx":
        return download(bytes(paper.docx), f"{_stem(paper)}.docx", DOCX)
    if paper.pdf is None:
        raise NotFound(_("这份文书还没有 PDF。"), remedy=_("请先在案件页面生成 PDF。"))
    return download(bytes(paper.pdf), f"{_stem(paper)}.pdf", "application/pdf")


@right_required(ISSUE_DOCUMENTS)
@require_POST
def paper_pdf(request: HttpRequest, case_id: int, number: int) -> HttpResponse:
    """Make the PDF beside a paper."""
    paper = _paper(request, case_id, number)
    try:
        make_pdfs(current_county(), request_actor(request), [paper.pk])
        messages.success(request, _("已生成 PDF。"))
    except LandgisError as error:
        messages.error(request, str(error))
    return redirect("case", case_id=case_id)


@right_required(ISSUE_DOCUMENTS)
@require_POST
def paper_void(request: HttpRequest, case_id: int, number: int) -> HttpResponse:
    """Declare a paper void, with its reason; its number isn't given out again."""
    paper = _paper(request, case_id, number)

    def act(asked: dict[str, Any]) -> str:
        on: date = timezone.localdate()
        void_document(current_county(), request_actor(request), paper.pk, on=on, reason=asked["reason"])
        return _("%(paper)s 已作废。") % {"paper": _named(paper)}

    return told(request, case_id, ReasonForm(request.POST), act)


@right_required(VIEW_DOCUMENTS)
@require_GET
def papers_zip(request: HttpRequest, case_id: int) -> HttpResponseBase:
    """All papers of the case as one archive, written while it is sent."""
    county, actor = current_county(), request_actor(request)
    case = CaseFile(county, actor, case_id, timezone.localdate()).case
    count = papers_of(actor, case).count()
    if not count:
        raise NotFound(_("本案还没有文书。"), remedy=_("请先出具文书。"))
    with change(
        county_code=county.code, by=actor.username, action="export_case_papers", reason="下载案件全部文书",
        case=case.case_no, papers=count,
    ):  # fmt: skip
        pass
    response = StreamingHttpResponse(bundle(filed(actor, case)), content_type="application/zip")
    name = f"{case.case_no}文书.zip"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return response


def _paper(request: HttpRequest, case_id: int, number: int) -> IssuedDocument:
    """A paper of this case; another case's paper isn't there."""
    actor = request_actor(request)
    case = CaseFile(current_county(), actor, case_id, timezone.localdate()).case
    if not papers_of(actor, case).filter(pk=number).exists():
        raise NotFound(_("本案没有这份文书。"), remedy=_("请刷新案件页面。"))
    return document(actor, number)


def _named(paper: IssuedDocument) -> str:
    return f"{paper.title} {paper.number.text if paper.number else ''}".strip()


def _stem(paper: IssuedDocument) -> str:
    return stem_of(paper.number.text if paper.number else "", paper.title, paper.subject)
