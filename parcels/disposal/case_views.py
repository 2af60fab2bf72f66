"""The page of one case, and what is done on it: entering a step, taking one back, handing over, booking a receipt.

Refuses to do anything itself: each button is one action of the room, and what it refuses stands beside its form.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from landgis.access.rules import ISSUE_DOCUMENTS, MANAGE_IDLE_CASES, VIEW_DOCUMENTS, VIEW_MAP
from landgis.access.views import request_actor, right_required
from landgis.counties.queries import current_county
from landgis.lib.errors import FieldErrors, InputError, LandgisError, NotFound
from parcels.disposal.actions import StepRefused, assign_officer, enter_step, record_receipt, reverse_step
from parcels.disposal.case_page import CaseFile
from parcels.disposal.forms import AssignForm, ReasonForm, ReceiptForm, StepForm
from parcels.disposal.queries import receipts_of, reconcile
from parcels.disposal.stages import STAGES
from parcels.disposal.wording import phase_title, state_in_words
from parcels.documents.kinds import KINDS


@right_required(VIEW_MAP)
@require_GET
def case_page(request: HttpRequest, case_id: int) -> HttpResponse:
    """The case as it stands; `?on=` asks what may be entered for an earlier day."""
    return _page(request, case_id, asked_day(request.GET.get("on")))


@right_required(MANAGE_IDLE_CASES)
@require_POST
def enter(request: HttpRequest, case_id: int, stage: str) -> HttpResponse:
    """Enter a step; a refused one comes back with what was written and every reason."""
    if stage not in STAGES:
        raise NotFound(_("没有这一步骤。"), remedy=_("请在案件页面选择。"))
    county, actor, today = current_county(), request_actor(request), timezone.localdate()
    file = CaseFile(county, actor, case_id, today)
    form = _step_form(file, STAGES[stage], request.POST)
    if not form.is_valid():
        return _page(request, case_id, today, form=form, status=422)
    asked = dict(form.cleaned_data)
    try:
        made = enter_step(
            county=county,
            actor=actor,
            case_id=case_id,
            stage=stage,
            on=asked["on"],
            today=today,
            facts=form.facts(),
            person=asked["person"],
            reason=asked["reason"],
            document_no=asked.get("document_no", ""),
            document_id=int(asked["document"]) if asked.get("document") else None,
        )
    except LandgisError as error:
        refused, day = _beside(form, error), min(asked["on"], today)
        return _page(request, case_id, day, form=form, refused=refused, status=error.status)
    messages.success(
        request, _("第 %(seq)s 步“%(title)s”已登记。") % {"seq": made.seq, "title": STAGES[stage].title}
    )
    return redirect("case", case_id=case_id)


@right_required(MANAGE_IDLE_CASES)
@require_POST
def reverse(request: HttpRequest, case_id: int, seq: int) -> HttpResponse:
    """Take a step back, with its reason."""
    county, actor = current_county(), request_actor(request)
    CaseFile(county, actor, case_id, timezone.localdate())

    def act(asked: dict[str, Any]) -> str:
        reverse_step(
            county=county,
            actor=actor,
            case_id=case_id,
            seq=seq,
            on=timezone.localdate(),
            reason=asked["reason"],
        )
        return _("第 %(seq)s 步已撤销。") % {"seq": seq}

    return told(request, case_id, ReasonForm(request.POST), act)


@right_required(MANAGE_IDLE_CASES)
@require_POST
def assign(request: HttpRequest, case_id: int) -> HttpResponse:
    """Hand the case to another officer."""
    county, actor = current_county(), request_actor(request)
    CaseFile(county, actor, case_id, timezone.localdate())

    def act(asked: dict[str, Any]) -> str:
        assign_officer(county=county, actor=actor, case_id=case_id, on=timezone.localdate(), **asked)
        return _("案件已转交 %(officer)s。") % {"officer": asked["officer"]}

    return told(request, case_id, AssignForm(request.POST), act)


@right_required(MANAGE_IDLE_CASES)
@require_POST
def receipt(request: HttpRequest, case_id: int) -> HttpResponse:
    """Book a payment that the tax authority reported for the decision of this case."""
    county, actor = current_county(), request_actor(request)
    case = CaseFile(county, actor, case_id, timezone.localdate()).case

    def act(asked: dict[str, Any]) -> str:
        due = reconcile(case)
        if due is None:
            raise NotFound(_("本案没有征缴土地闲置费的决定。"), remedy=_("请先登记决定书。"))
        record_receipt(county=county, actor=actor, decision_no=due.decision_no, source=_("税务回传"), **asked)
        return _("缴费凭证 %(no)s 已入账。") % {"no": asked["receipt_no"]}

    return told(request, case_id, ReceiptForm(request.POST), act)


def told(request: HttpRequest, case_id: int, form: Any, act: Callable[[dict[str, Any]], str]) -> HttpResponse:
    """Do what a small form asks and say on the case's page how it went."""
    if not form.is_valid():
        for name, errors in form.errors.items():
            messages.error(request, f"{form.fields[name].label}：{errors[0]}")
    else:
        try:
            messages.success(request, act(form.cleaned_data))
        except LandgisError as error:
            if error.status == NotFound.status and not request_actor(request).may(VIEW_MAP):
                raise
            messages.error(request, str(error))
    return redirect("case", case_id=case_id)


def asked_day(text: str | None) -> date:
    """A day up to today; today where none or none that makes sense was asked for."""
    today = timezone.localdate()
    try:
        day = parse_date(text or "")
    except ValueError:
        day = None
    return min(day, today) if day else today


def _page(
    request: HttpRequest,
    case_id: int,
    on: date,
    *,
    form: StepForm | None = None,
    refused: tuple[Any, ...] = (),
    status: int = 200,
) -> HttpResponse:
    actor = request_actor(request)
    file = CaseFile(current_county(), actor, case_id, on)
    may_act = actor.may(MANAGE_IDLE_CASES) and actor.town_codes is None
    forms = [
        (stage, form if form is not None and form.stage.code == stage.code else _step_form(file, stage))
        for stage, closed in file.stages
        if may_act and (not closed or (form is not None and form.stage.code == stage.code))
    ]
    context = {
        "file": file,
        "case": file.case,
        "contract": file.case.phase.contract,
        "town_name": dict(file.county.towns.values_list("code", "name")).get(file.case.town_code, ""),
        "phase_title": phase_title(file.state),
        "in_words": state_in_words(file.state),
        "forms": forms,
        "tried": form.stage.code if form is not None else "",
        "refused": refused,
        "closed": [(stage, why) for stage, why in file.stages if why],
        "open_titles": [stage.title for stage, why in file.stages if not why],
        "reason_form": ReasonForm(),
        "assign_form": AssignForm(),
        "receipt_form": ReceiptForm(initial={"paid_on": on}),
        "booked": reconcile(file.case),
        "receipts": receipts_of(file.case),
        "kinds": [(kind, KINDS[kind], stage.title) for kind, stage in file.kinds],
        "may_act": may_act,
        "may_issue": actor.may(ISSUE_DOCUMENTS) and actor.town_codes is None,
        "may_see_papers": actor.may(VIEW_DOCUMENTS),
        "today": timezone.localdate(),
    }
    return render(request, "parcels/disposal/case.html", context, status=status)


def _step_form(file: CaseFile, stage: Any, data: Any = None) -> StepForm:
    return StepForm(
        data, stage=stage, state=file.state, papers=file.papers_for(stage), initial=file.initial(stage)
    )


def _beside(form: StepForm, error: LandgisError) -> tuple[Any, ...]:
    """Put what was refused beside the fields that it is about; the procedure's reasons are told above the form."""
    if isinstance(error, StepRefused):
        return error.refusals
    issues = error.issues if isinstance(error, FieldErrors) else [{"field": "", "message": str(error)}]
    if isinstance(error, InputError) and not isinstance(error, FieldErrors):
        issues = [{"field": error.field, "message": str(error)}]
    for issue in issues:
        form.add_error(form.own_field(issue["field"]), issue["message"])
    return ()
