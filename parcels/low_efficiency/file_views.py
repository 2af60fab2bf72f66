"""The page of one file and what is done on it: steps, taking back, the agreement, weeks, papers.

Refuses to do anything itself: each button is one action of the room, and what it refuses stands on the page.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from landgis.access.rules import VIEW_MAP, VIEW_PLANS
from landgis.access.views import request_actor, right_required
from landgis.counties.queries import current_county
from landgis.lib.errors import LandgisError, NotFound
from landgis.lib.forms import Refusing
from landgis.lib.http import DOCX, download
from landgis.lib.uploads import uploaded_file
from parcels.cadastre.papers import READABLE
from parcels.documents.bundle import stem_of
from parcels.low_efficiency.actions import record_step, reverse_step
from parcels.low_efficiency.agreement import issue_agreement, make_pdf, paper_of
from parcels.low_efficiency.forms import AgreementForm, StepForm, WeekForm
from parcels.low_efficiency.models import LowEfficiencyFile, LowEfficiencyStep
from parcels.low_efficiency.procedure import (
    AGREED,
    ENDED,
    FILED,
    LISTED,
    NOT_BY_HAND,
    TITLES,
    effective,
    next_kinds,
)
from parcels.low_efficiency.queries import (
    as_rules,
    figures_shown,
    file_of,
    file_rows,
    kinds_open,
    may_manage,
    may_report,
    steps_of,
)
from parcels.low_efficiency.weeks import record_week, weeks_of
from parcels.plans.actions import Upload
from parcels.plans.models import Plan

LARGEST_PAPER = 20 << 20
AGREEMENT, WEEK = "agreement", "week"


@right_required(VIEW_MAP)
@require_GET
def file_page(request: HttpRequest, file_id: int) -> HttpResponse:
    return _page(request, file_of(request_actor(request), file_id))


@right_required(VIEW_MAP)
@require_POST
def step(request: HttpRequest, file_id: int, kind: str) -> HttpResponse:
    """One step by hand, with a photo or paper."""
    county, actor = current_county(), request_actor(request)
    of = file_of(actor, file_id)
    if kind not in TITLES or kind in NOT_BY_HAND:
        raise NotFound(_("没有这一步骤。"), remedy=_("请从档案页面办理。"))
    form = StepForm(request.POST, kind=kind, plans=_plans(of))
    if not form.is_valid():
        return _page(request, of, {kind: form}, 422)
    try:
        record_step(
            county=county,
            actor=actor,
            file_id=of.pk,
            asked=form.asked(_upload(request)),
            today=timezone.localdate(),
        )
    except LandgisError as error:
        return _refused(request, of, kind, form, error)
    messages.success(request, _("已登记“%(title)s”。") % {"title": TITLES[kind]})
    return redirect("low-efficiency-file", file_id=of.pk)


@right_required(VIEW_MAP)
@require_POST
def reverse(request: HttpRequest, file_id: int, seq: int) -> HttpResponse:
    """Take the last step back."""
    today = timezone.localdate()
    try:
        reverse_step(
            county=current_county(), actor=request_actor(request), file_id=file_id, seq=seq, on=today, today=today,
            reason=request.POST.get("reason", "")[:500],
        )  # fmt: skip
        messages.success(request, _("已撤销。"))
    except LandgisError as error:
        if error.status in (403, 404):
            raise
        messages.error(request, str(error))
    return redirect("low-efficiency-file", file_id=file_id)


@right_required(VIEW_MAP)
@require_POST
def agreement(request: HttpRequest, file_id: int) -> HttpResponse:
    """Issue the oversight agreement."""
    of = file_of(request_actor(request), file_id)
    form = AgreementForm(request.POST, prefix=AGREEMENT)
    if not form.is_valid():
        return _page(request, of, {AGREEMENT: form}, 422)
    try:
        issue_agreement(
            county=current_county(), actor=request_actor(request), file_id=of.pk, today=timezone.localdate(),
            **form.cleaned_data,
        )  # fmt: skip
    except LandgisError as error:
        return _refused(request, of, AGREEMENT, form, error)
    messages.success(request, _("已出具监管协议。"))
    return redirect("low-efficiency-file", file_id=of.pk)


@right_required(VIEW_MAP)
@require_POST
def week(request: HttpRequest, file_id: int) -> HttpResponse:
    """A week's follow-up."""
    of = file_of(request_actor(request), file_id)
    form = WeekForm(request.POST, prefix=WEEK)
    if not form.is_valid():
        return _page(request, of, {WEEK: form}, 422)
    try:
        record_week(
            county=current_county(), actor=request_actor(request), file_id=of.pk, today=timezone.localdate(),
            **form.cleaned_data,
        )  # fmt: skip
    except LandgisError as error:
        return _refused(request, of, WEEK, form, error)
    messages.success(request, _("已登记本周跟踪。"))
    return redirect("low-efficiency-file", file_id=of.pk)


@right_required(VIEW_MAP)
@require_GET
def paper(request: HttpRequest, file_id: int, number: int, ending: str) -> HttpResponse:
    """An agreement as it was issued."""
    actor = request_actor(request)
    found = paper_of(actor, file_of(actor, file_id), number)
    stem = stem_of(found.number.text if found.number else "", found.title, found.subject)
    if ending == "docx":
        return download(bytes(found.docx), f"{stem}.docx", DOCX)
    if found.pdf is None:
        raise NotFound(_("这份文书还没有 PDF。"), remedy=_("请先在档案页面生成 PDF。"))
    return download(bytes(found.pdf), f"{stem}.pdf", "application/pdf")


@right_required(VIEW_MAP)
@require_POST
def paper_pdf(request: HttpRequest, file_id: int, number: int) -> HttpResponse:
    """Make the PDF beside an agreement."""
    actor = request_actor(request)
    try:
        make_pdf(current_county(), actor, file_of(actor, file_id), number)
        messages.success(request, _("已生成 PDF。"))
    except LandgisError as error:
        if error.status in (403, 404):
            raise
        messages.error(request, str(error))
    return redirect("low-efficiency-file", file_id=file_id)


@right_required(VIEW_MAP)
@require_GET
def evidence(request: HttpRequest, file_id: int, seq: int) -> HttpResponse:
    """The photo or paper of a step, for who is cleared for the firm."""
    actor = request_actor(request)
    of = file_of(actor, file_id)
    found = (
        LowEfficiencyStep.objects.filter(file=of, seq=seq, paper__isnull=False)
        .select_related("paper")
        .first()
    )
    if found is None or found.paper is None or not figures_shown(actor, of):
        raise NotFound(_("档案没有这份材料。"), remedy=_("请刷新页面。"))
    return download(bytes(found.paper.content), found.paper.name, found.paper.media_type)


def _page(
    request: HttpRequest, of: LowEfficiencyFile, tried: dict[str, Refusing] | None = None, status: int = 200
) -> HttpResponse:
    county, actor, today = current_county(), request_actor(request), timezone.localdate()
    rows = file_rows(county, actor, today, [of])
    if not rows:
        raise NotFound(_("这份档案从以后的日期开始。"), remedy=_("请核对日期。"))
    row, attempts = rows[0], tried or {}
    steps = steps_of([of.pk])[of.pk]
    stands = effective(as_rules(steps))
    begins = {"on": today, "week": today, "person": actor.display_name or actor.username}
    kinds = list(kinds_open(actor, row))
    # A refused step shows why, also where it couldn't be taken.
    kinds += [kind for kind in attempts if kind in TITLES and kind not in kinds]
    shown_forms = [
        attempts.get(kind)
        or StepForm(
            kind=kind, plans=_plans(of), labels=row.labels, initial=begins | {"category": row.category}
        )
        for kind in kinds
    ]
    last = stands[-1]
    context: dict[str, Any] = {
        "row": row,
        "file": of,
        "steps": [
            {
                "row": item,
                "title": TITLES[item.kind],
                "undone": getattr(item, "reversed_by", None),
                "may_undo": may_manage(actor) and item.seq == last.seq and item.kind not in (FILED, LISTED),
            }
            for item in reversed(steps)
        ],
        "forms": shown_forms,
        "tried": next(iter(attempts), ""),
        "agreement_form": (
            attempts.get(AGREEMENT)
            or AgreementForm(prefix=AGREEMENT, initial={"address": of.enterprise.address})
        )
        if may_manage(actor) and AGREED in next_kinds(row.steps)
        else None,
        "week_form": (attempts.get(WEEK) or WeekForm(prefix=WEEK, initial=begins))
        if may_report(actor, of) and row.state not in ENDED
        else None,
        "weeks": weeks_of(of),
        "figures": figures_shown(actor, of),
        "may_manage": may_manage(actor),
        "may_plan": actor.may(VIEW_PLANS),
        "readable": READABLE,
    }
    return render(request, "parcels/low_efficiency/file.html", context, status=status)


def _refused(
    request: HttpRequest, of: LowEfficiencyFile, kind: str, form: Refusing, error: LandgisError
) -> HttpResponse:
    if error.status in (403, 404):
        raise error
    form.refuse(error)
    return _page(request, of, {kind: form}, error.status)


def _plans(of: LowEfficiencyFile) -> list[tuple[int, str]]:
    rows = Plan.objects.filter(enterprise=of.enterprise_id).order_by("-year", "-number")
    return list(rows.values_list("pk", "plan_no"))


def _upload(request: HttpRequest) -> Upload | None:
    if "file" not in request.FILES and not request.META.get("landgis.upload_too_large"):
        return None
    file = uploaded_file(request, most_bytes=LARGEST_PAPER)
    return Upload(file.name or "", file.read())
