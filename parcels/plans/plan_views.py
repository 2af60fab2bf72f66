"""The page of one plan, and what is done on it: changing it, recording, taking back, issuing and opening its sheet.

Refuses to do anything itself: each button is one action of the room, and what it refuses stands on the page.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from landgis.access.rules import VIEW_PLANS
from landgis.access.views import request_actor, right_required
from landgis.counties.queries import current_county
from landgis.lib.errors import FieldErrors, InputError, LandgisError, NotFound
from landgis.lib.http import DOCX, download
from landgis.lib.uploads import uploaded_file
from parcels.cadastre.papers import READABLE
from parcels.disposal.case_views import asked_day
from parcels.documents.bundle import stem_of
from parcels.plans.actions import Upload, record_entry, revise_plan
from parcels.plans.forms import EntryForm, PlanForms, ReverseForm
from parcels.plans.models import PlanPaper
from parcels.plans.papers import issue_sheet, make_sheet_pdf, sheet_of
from parcels.plans.plan_page import PlanFile
from parcels.plans.rules import ENTRIES, REVERSAL, right_to_manage
from parcels.plans.views import beside

LARGEST_PAPER = 20 << 20


@right_required(VIEW_PLANS)
@require_GET
def plan_page(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The plan as it stands; `?on=` shows an earlier day, `?version=` an earlier text."""
    on, seq = asked_day(request.GET.get("on")), request.GET.get("version", "")
    file = PlanFile(current_county(), request_actor(request), plan_id, on)
    if seq:
        if not (seq.isascii() and seq.isdigit() and len(seq) < 10):
            raise NotFound(_("没有这一版本。"), remedy=_("请在方案页面的版本记录中选择。"))
        version, contents, titles = file.version(int(seq))
        context = {"file": file, "version": version, "contents": contents, **titles}
        return render(request, "parcels/plans/version.html", context)
    return _page(request, file)


@right_required(VIEW_PLANS)
@require_http_methods(["GET", "POST"])
def edit_page(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The plan's text for its next version."""
    county, actor, today = current_county(), request_actor(request), timezone.localdate()
    file = PlanFile(county, actor, plan_id, today)
    actor.require_whole_county(right_to_manage(file.plan.subject))
    forms = PlanForms(
        request.POST or None, county=county, on=today, initial={"on": today}, contents=file.row.contents
    )
    based_on = request.POST.get("based_on", "") if request.method == "POST" else str(file.row.version.seq)
    refused, status = None, 200
    if request.method == "POST":
        status = 422
        if forms.is_valid():
            try:
                made = revise_plan(
                    county=county, actor=actor, plan_id=plan_id, contents=forms.contents(),
                    based_on=int(based_on) if based_on.isascii() and based_on.isdigit() and len(based_on) < 10 else 0,
                    on=forms.head.cleaned_data["on"], today=today, reason=forms.head.cleaned_data["reason"],
                )  # fmt: skip
                messages.success(request, _("已修订为第 %(seq)s 版。") % {"seq": made.seq})
                return redirect("plan", plan_id=plan_id)
            except LandgisError as error:
                refused, status = beside(forms, error), error.status
    context = {
        "forms": forms, "subject": file.row.subject, "plan": file.plan, "based_on": based_on, "refused": refused,
    }  # fmt: skip
    return render(request, "parcels/plans/edit.html", context, status=status)


@right_required(VIEW_PLANS)
@require_POST
def enter(request: HttpRequest, plan_id: int, kind: str) -> HttpResponse:
    """Record what happened, with its papers; a refused entry comes back with what was written."""
    county, actor, today = current_county(), request_actor(request), timezone.localdate()
    if kind not in ENTRIES or kind == REVERSAL:
        raise NotFound(_("没有这种记录。"), remedy=_("请在方案页面选择。"))
    file = PlanFile(county, actor, plan_id, today)
    form = EntryForm(request.POST, kind=kind, standing=file.row.standing)
    if not form.is_valid():
        return _page(request, file, form=form, status=422)
    try:
        papers = _uploads(request)
        made = record_entry(
            county=county, actor=actor, plan_id=plan_id, kind=kind, today=today, papers=papers, **form.told()
        )
    except LandgisError as error:
        _beside(form, error)
        return _page(request, file, form=form, status=error.status)
    messages.success(request, _("第 %(seq)s 条“%(title)s”已登记。") % {"seq": made.seq, "title": form.title})
    return redirect("plan", plan_id=plan_id)


@right_required(VIEW_PLANS)
@require_POST
def reverse(request: HttpRequest, plan_id: int, seq: int) -> HttpResponse:
    """Take an entry back, with its reason."""
    county, actor, today = current_county(), request_actor(request), timezone.localdate()
    form = ReverseForm(request.POST)
    if not form.is_valid():
        for name, errors in form.errors.items():
            messages.error(request, f"{form.fields[name].label}：{errors[0]}")
        return redirect("plan", plan_id=plan_id)
    try:
        record_entry(
            county=county, actor=actor, plan_id=plan_id, kind=REVERSAL, on=today, today=today, reverses=seq,
            text=form.cleaned_data["reason"], person=form.cleaned_data["person"],
        )  # fmt: skip
        messages.success(request, _("第 %(seq)s 条记录已撤销。") % {"seq": seq})
    except LandgisError as error:
        if error.status in (403, 404):
            raise
        messages.error(request, str(error))
    return redirect("plan", plan_id=plan_id)


@right_required(VIEW_PLANS)
@require_POST
def issue(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Issue the sheet of the plan as it stands today."""
    file = PlanFile(current_county(), request_actor(request), plan_id, timezone.localdate())
    try:
        made = issue_sheet(file)
        number = made.document.number.text if made.document.number else made.document.title
        messages.success(request, _("已出具%(paper)s。") % {"paper": number})
    except LandgisError as error:
        if error.status == 403:
            raise
        messages.error(request, str(error))
    return redirect("plan", plan_id=plan_id)


@right_required(VIEW_PLANS)
@require_GET
def sheet_file(request: HttpRequest, plan_id: int, number: int, ending: str) -> HttpResponse:
    """A sheet as Word, or as PDF where one was made."""
    file = PlanFile(current_county(), request_actor(request), plan_id, timezone.localdate())
    paper = sheet_of(file, number)
    stem = stem_of(paper.number.text if paper.number else "", paper.title, paper.subject)
    if ending == "docx":
        return download(bytes(paper.docx), f"{stem}.docx", DOCX)
    if paper.pdf is None:
        raise NotFound(_("这份文书还没有 PDF。"), remedy=_("请先在方案页面生成 PDF。"))
    return download(bytes(paper.pdf), f"{stem}.pdf", "application/pdf")


@right_required(VIEW_PLANS)
@require_POST
def sheet_pdf(request: HttpRequest, plan_id: int, number: int) -> HttpResponse:
    """Make the PDF beside a sheet."""
    file = PlanFile(current_county(), request_actor(request), plan_id, timezone.localdate())
    try:
        make_sheet_pdf(file, number)
        messages.success(request, _("已生成 PDF。"))
    except LandgisError as error:
        if error.status in (403, 404):
            raise
        messages.error(request, str(error))
    return redirect("plan", plan_id=plan_id)


@right_required(VIEW_PLANS)
@require_GET
def evidence(request: HttpRequest, plan_id: int, number: int) -> HttpResponse:
    """A photo or paper that an entry of this plan rests on; seen by whoever sees the plan and its figures."""
    file = PlanFile(current_county(), request_actor(request), plan_id, timezone.localdate())
    tied = PlanPaper.objects.filter(entry__plan=file.plan, attachment=number).select_related("attachment")
    found = tied.first() if file.row.figures_shown else None
    if found is None:
        raise NotFound(_("方案没有这份材料。"), remedy=_("请刷新页面。"))
    return download(bytes(found.attachment.content), found.attachment.name, found.attachment.media_type)


def _page(
    request: HttpRequest, file: PlanFile, *, form: EntryForm | None = None, status: int = 200
) -> HttpResponse:
    begins = {"on": timezone.localdate(), "person": file.actor.display_name or file.actor.username}
    today = file.on == timezone.localdate()
    kinds = list(file.kinds) if today else []
    if form is not None and form.kind not in kinds:
        kinds.append(form.kind)  # a refused entry shows why, also where it couldn't be entered
    context: dict[str, Any] = {
        "file": file,
        "row": file.row,
        "plan": file.plan,
        "forms": [
            form
            if form is not None and form.kind == kind
            else EntryForm(kind=kind, standing=file.row.standing, initial=begins)
            for kind in kinds
        ],
        "tried": form.kind if form is not None else "",
        "reverse_form": ReverseForm(initial=begins),
        "readable": READABLE,
        "is_today": today,
        "today": timezone.localdate(),
    }
    return render(request, "parcels/plans/plan.html", context, status=status)


def _uploads(request: HttpRequest) -> list[Upload]:
    """The one file beside an entry, where one was sent."""
    if "file" not in request.FILES and not request.META.get("landgis.upload_too_large"):
        return []
    file = uploaded_file(request, most_bytes=LARGEST_PAPER)
    return [Upload(file.name or "", file.read())]


def _beside(form: EntryForm, error: LandgisError) -> None:
    issues = error.issues if isinstance(error, FieldErrors) else [{"field": "", "message": str(error)}]
    if isinstance(error, InputError) and not isinstance(error, FieldErrors):
        issues = [{"field": error.field, "message": str(error)}]
    for issue in issues:
        form.add_error(issue["field"] if issue["field"] in form.fields else None, issue["message"])
