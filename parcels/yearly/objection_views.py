"""The page of an objection: what was said, on what evidence, and its decision with the corrected figures.

Refuses a decision to whoever doesn't manage the evaluation, and another town's objection to a town;
to keep anything of a decision that is only tried out.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from landgis.access.queries import Actor
from landgis.access.rules import EXPORT_DATA, MANAGE_EVALUATION, VIEW_FIRM_FIGURES, VIEW_MAP
from landgis.access.views import request_actor, right_required
from landgis.counties.models import County
from landgis.counties.queries import current_county
from landgis.lib.errors import LandgisError, NotFound
from landgis.lib.http import XLSX, download
from landgis.lib.upsert import rehearsed
from parcels.evaluation.rules import LAND
from parcels.grading.claims import FIGURE, LAND_USE, claim_lines
from parcels.grading.frozen import Frozen
from parcels.grading.models import Objection, ObjectionDecision
from parcels.grading.objection_actions import decide_objection
from parcels.grading.queries import newest_input
from parcels.grading.results import figure_titles
from parcels.schemes.reading import read_definition
from parcels.yearly.asking import manages
from parcels.yearly.objection_effects import corrected, effect_of
from parcels.yearly.objection_forms import DecisionForm
from parcels.yearly.queries import RunFile, objection_of
from parcels.yearly.workbooks import objections_workbook


@right_required(VIEW_MAP)
@require_http_methods(["GET", "POST"])
def one_page(request: HttpRequest, number: int) -> HttpResponse:
    """One objection; posted, it is decided, or its decision is tried out and taken back."""
    county, actor = current_county(), request_actor(request)
    found = objection_of(county, actor, number)
    decision = getattr(found, "decision", None)
    cleared = actor.may(VIEW_FIRM_FIGURES)  # a town is told what was corrected, not to which figure
    managing = manages(actor)
    definition = read_definition(found.run.scheme_version.definition)
    titles = figure_titles(definition)
    form, status, tried = None, 200, None
    if request.method == "POST":
        actor.require_whole_county(MANAGE_EVALUATION)
    if managing and decision is None:
        form = DecisionForm(
            request.POST or None, kind=found.kind, definition=definition, claim=found.claim,
            figures=_figures(found, titles) if found.kind == FIGURE else {}, initial={"on": timezone.localdate()},
        )  # fmt: skip
    if request.method == "POST" and form is not None:
        status = 422
        if form.is_valid():
            try:
                if "preview" not in request.POST:
                    _decide(county, actor, found, form)
                    messages.success(request, _("异议已处理。"))
                    return redirect("evaluation-objection", number=found.pk)
                tried, status = _tried(county, actor, found, form), 200
            except LandgisError as error:
                form.refuse(error)
                status = error.status
    context: dict[str, Any] = {
        "one": found,
        "kind": found.kind_title,
        "claim": claim_lines(found.kind, found.claim, definition),
        "decision": decision,
        "corrections": [
            (titles.get(name, (name, ""))[0], value if cleared else None)
            for name, value in (decision.corrections if decision else {}).items()
        ],
        "changes": corrected(definition, decision.changes, found.uscc, cleared=cleared) if decision else [],
        "effect": effect_of(found, definition, cleared=cleared, others=True),
        "tried": tried,
        "cleared": cleared,
        "form": form,
        "of_land": found.kind == LAND_USE,
    }
    return render(request, "parcels/yearly/objection.html", context, status=status)


@right_required(EXPORT_DATA)
@require_GET
def list_xlsx(request: HttpRequest, run_id: int) -> HttpResponse:
    """A run's objections that the actor may see, with their decisions."""
    file = RunFile(current_county(), request_actor(request), run_id)
    name = f"{file.county.name}{file.run.year}年度评价第{file.run.number}次异议.xlsx"
    return download(objections_workbook(file), name, XLSX)


@right_required(VIEW_MAP)
@require_GET
def evidence(request: HttpRequest, number: int) -> HttpResponse:
    """The file that came with an objection."""
    found = objection_of(current_county(), request_actor(request), number)
    if found.file is None:
        raise NotFound("这件异议没有附件。", remedy="请查看其依据说明。")
    return download(bytes(found.file), found.file_name, found.file_type)


def _decide(county: County, actor: Actor, found: Objection, form: DecisionForm) -> ObjectionDecision:
    told = form.cleaned_data
    return decide_objection(
        county=county, actor=actor, objection_id=found.pk, upheld=told["upheld"], on=told["on"], reason=told["reason"],
        corrections=form.corrections(), claim=form.claim() if found.kind != FIGURE else None,
    )  # fmt: skip


def _tried(county: County, actor: Actor, found: Objection, form: DecisionForm) -> dict[str, Any]:
    """What the decision would change: it is made for real, and taken back."""
    definition = read_definition(found.run.scheme_version.definition)
    told: dict[str, Any] = {}
    with rehearsed(commit=False):
        decision = _decide(county, actor, found, form)
        told["changes"] = corrected(definition, decision.changes, found.uscc, cleared=True)
        told["effect"] = effect_of(decision.objection, definition, cleared=True, others=True)
    return told


def _figures(found: Objection, titles: Any) -> dict[str, tuple[str, str]]:
    """The firm's frozen figures that may be corrected: title with unit, and what they are now."""
    inputs = Frozen.from_text(newest_input(found.run).text)
    at = inputs.at(found.uscc)
    if at is None:
        return {}
    return {
        name: (f"{titles[name][0]}（{titles[name][1]}）", _now(values[at]))
        for name, values in inputs.figures.items()
        if name in titles and name != LAND
    }


def _now(value: float) -> str:
    return "缺" if value != value else f"{value:.10g}"
