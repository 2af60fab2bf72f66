"""The page of one phase, and what is done on it: entering, correcting and withdrawing a fact, verifying a cause.

Refuses to decide who may do what: each form is one action of `parcels.supply`, and what it refuses stands beside the form.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from landgis.access.rules import REPORT_FACTS, VIEW_DOCUMENTS, VIEW_MAP
from landgis.access.views import request_actor, right_required
from landgis.counties.queries import current_county
from landgis.lib.errors import FieldErrors, InputError, LandgisError, NotFound, Outdated
from landgis.lib.http import download
from landgis.lib.uploads import MEBIBYTE, uploaded_files
from parcels.disposal.case_views import asked_day
from parcels.disposal.forms import ReasonForm
from parcels.disposal.queries import cases
from parcels.phases.forms import REASON, SEEN, WHOLE, FactForm, VerifyForm
from parcels.phases.phase_page import PhaseFile
from parcels.phases.queries import Fact
from parcels.supply.contract_actions import correct_contract, correct_phase
from parcels.supply.contract_rules import DOCUMENT, OWN, PHASE
from parcels.supply.fact_actions import correct_fact, enter_fact, withdraw_fact
from parcels.supply.fact_papers import FIELD, MOST_PAPERS, Papers, paper_of
from parcels.supply.rules import KINDS

MOST_A_PAPER = 20 * MEBIBYTE


@right_required(VIEW_MAP)
@require_GET
def phase_page(request: HttpRequest, phase_id: int) -> HttpResponse:
    """The phase as known today; `?on=` asks for the finding of an earlier day, `?edit=kind-number` opens a fact."""
    file = _file(request, phase_id, request.GET.get("on"))
    form = None
    kind_code, _dash, number = (request.GET.get("edit") or "").rpartition("-")
    if file.may_report and kind_code and number.isascii() and number.isdigit() and len(number) < 18:
        form = _form(file, file.fact(kind_code, int(number)))
    return _page(request, file, form, f"{kind_code}-{number}" if form else "")


@right_required(REPORT_FACTS)
@require_POST
def enter(request: HttpRequest, phase_id: int, kind: str) -> HttpResponse:
    """Enter one more fact; a refused one comes back with what was written and every reason."""
    file = _file(request, phase_id)
    if kind not in KINDS:
        raise NotFound(_("没有这类事实。"), remedy=_("请在合同分期页面选择。"))
    form = FactForm(request.POST, kind=KINDS[kind], may_judge=file.may_judge)

    def act() -> str:
        enter_fact(
            kind,
            county=file.county,
            actor=file.actor,
            phase_id=phase_id,
            values={name: value for name, value in form.values().items() if value not in (None, "", {})},
            on=file.on,
            reason=form.cleaned_data[REASON],
            whole_contract=bool(form.cleaned_data.get(WHOLE)),
            papers=_papers(request),
        )
        return _("%(title)s已登记。") % {"title": form.fact_kind.title}

    return _done(request, file, form, kind, act)


@right_required(REPORT_FACTS)
@require_POST
def correct(request: HttpRequest, phase_id: int, kind: str, fact_id: int) -> HttpResponse:
    """State a fact otherwise; what was there stays in its history."""
    file = _file(request, phase_id)
    fact = file.fact(kind, fact_id)
    form = _form(file, fact, request.POST)

    def act() -> str:
        if form.cleaned_data[SEEN] != fact.row.change_id:
            told = _("这条事实在您打开之后已被%(by)s更正。") % {"by": fact.author.by}
            raise Outdated(told, remedy=_("请重新打开更正表单，核对后再提交。"))
        changes, papers = form.changes(), _papers(request)
        if not changes and not papers:
            return _("内容没有变化，未作更正。")
        told_of: dict[str, Any] = {"county": file.county, "actor": file.actor, "on": file.on}
        told_of |= {"values": changes, "reason": form.cleaned_data[REASON], "papers": papers}
        if kind in OWN:
            restate = correct_phase if kind == PHASE.code else correct_contract
            restate(phase_id=phase_id, document=form.cleaned_data.get(DOCUMENT, ""), **told_of)
        else:
            correct_fact(kind, fact_id=fact_id, **told_of)
        return _("%(title)s已更正，原记录留在历史中。") % {"title": form.fact_kind.title}

    return _done(request, file, form, f"{kind}-{fact_id}", act)


@right_required(REPORT_FACTS)
@require_POST
def withdraw(request: HttpRequest, phase_id: int, kind: str, fact_id: int) -> HttpResponse:
    """Take a fact out with its reason."""
    file = _file(request, phase_id)
    fact = file.fact(kind, fact_id)

    def act(asked: dict[str, Any]) -> str:
        withdraw_fact(
            kind, county=file.county, actor=file.actor, fact_id=fact_id, on=file.on, reason=asked[REASON]
        )
        return _("%(title)s已撤销，原记录留在历史中。") % {"title": fact.kind.title}

    return _told(request, phase_id, ReasonForm(request.POST), act)


@right_required(REPORT_FACTS)
@require_POST
def verify(request: HttpRequest, phase_id: int, fact_id: int) -> HttpResponse:
    """Verify a cause, or (`undo`) take the verification back."""
    file = _file(request, phase_id)
    file.fact("cause", fact_id)
    undo = "undo" in request.POST

    def act(asked: dict[str, Any]) -> str:
        if undo:
            values: dict[str, Any] = {"verified_by": "", "verified_on": None}
        else:
            values = {"verified_by": file.actor.username, "verified_on": asked["verified_on"]}
        correct_fact(
            "cause", county=file.county, actor=file.actor, fact_id=fact_id, values=values, on=file.on,
            reason=asked[REASON],
        )  # fmt: skip
        return _("已撤回核实。") if undo else _("原因已核实。")

    return _told(request, phase_id, (ReasonForm if undo else VerifyForm)(request.POST), act)


@right_required(VIEW_DOCUMENTS)
@require_GET
def paper(request: HttpRequest, phase_id: int, number: int) -> HttpResponse:
    """A file that a fact of the phase rests on, as it was uploaded."""
    file = _file(request, phase_id)
    found = paper_of(file.actor, file.phase, number)
    response = download(bytes(found.content), found.name, found.media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _papers(request: HttpRequest) -> Papers:
    files = uploaded_files(request, most_files=MOST_PAPERS, most_bytes=MOST_A_PAPER, field=FIELD)
    return [(file.name or "附件", file.read()) for file in files]


def _file(request: HttpRequest, phase_id: int, on: str | None = None) -> PhaseFile:
    return PhaseFile(current_county(), request_actor(request), phase_id, asked_day(on))


def _form(file: PhaseFile, fact: Fact, data: Any = None) -> FactForm:
    return FactForm(data, kind=fact.kind, may_judge=file.may_judge, kept=fact.values, seen=fact.row.change_id)


def _done(
    request: HttpRequest, file: PhaseFile, form: FactForm, tried: str, act: Callable[[], str]
) -> HttpResponse:
    """Do what a form asks; where it is refused, the page comes back with the form as it was written."""
    if not form.is_valid():
        return _page(request, file, form, tried, status=422)
    try:
        messages.success(request, act())
    except LandgisError as error:
        _beside(form, error)
        return _page(request, file, form, tried, status=error.status)
    return redirect("phase", phase_id=file.phase.pk)


def _told(
    request: HttpRequest, phase_id: int, form: ReasonForm, act: Callable[[dict[str, Any]], str]
) -> HttpResponse:
    """Do what a small form asks and say on the page how it went; a right that is missing is refused outright."""
    if not form.is_valid():
        for name, errors in form.errors.items():
            messages.error(request, f"{form.fields[name].label}：{errors[0]}")
        return redirect("phase", phase_id=phase_id)
    try:
        messages.success(request, act(form.cleaned_data))
    except InputError as error:
        messages.error(request, str(error))
    return redirect("phase", phase_id=phase_id)


def _beside(form: FactForm, error: LandgisError) -> None:
    """What was refused, beside the fields that it is about."""
    issues = error.issues if isinstance(error, FieldErrors) else [{"field": "", "message": str(error)}]
    for issue in issues:
        form.add_error(form.own_field(issue["field"]), issue["message"])


def _page(
    request: HttpRequest, file: PhaseFile, form: FactForm | None, tried: str, status: int = 200
) -> HttpResponse:
    new = {
        code: form if form is not None and tried == code else FactForm(kind=kind, may_judge=file.may_judge)
        for code, kind in KINDS.items()
        if file.may_report
    }
    context = {
        "file": file,
        "phase": file.phase,
        "contract": file.contract,
        "sections": [(section, new.get(section.kind.code)) for section in file.sections],
        "tried": tried,
        "paper_mb": MOST_A_PAPER // MEBIBYTE,
        "edit_form": form if form is not None and tried not in new else None,
        "cases": list(cases(file.actor).filter(phase=file.phase)),
        "today": timezone.localdate(),
    }
    return render(request, "parcels/phases/phase.html", context, status=status)
