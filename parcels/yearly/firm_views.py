"""The page of one firm in a run: its score step by step for those cleared, its grade for its town; filing an objection.

Refuses the figures to whoever isn't cleared, and an objection to any but the firm's own town.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from landgis.access.queries import Actor
from landgis.access.rules import REPORT_FACTS, VIEW_MAP
from landgis.access.views import request_actor, right_required
from landgis.counties.queries import current_county
from landgis.lib.errors import Forbidden, LandgisError
from landgis.lib.uploads import uploaded_file
from parcels.grading.claims import FIGURE, KINDS
from parcels.grading.objection_actions import file_objection
from parcels.grading.queries import sheet_of
from parcels.grading.rules import NOTICE
from parcels.yearly.firm_page import bars, facts, figures, lines, places, sources
from parcels.yearly.objection_effects import corrected, effect_of
from parcels.yearly.objection_forms import ObjectionForm
from parcels.yearly.queries import RunFile, row_of


@right_required(VIEW_MAP)
@require_GET
def firm_page(request: HttpRequest, run_id: int, uscc: str) -> HttpResponse:
    """One firm, ready to print."""
    return _page(request, RunFile(current_county(), request_actor(request), run_id), uscc)


@right_required(REPORT_FACTS)
@require_POST
def object_page(request: HttpRequest, run_id: int, uscc: str) -> HttpResponse:
    """File an objection with what it rests on; a PDF or photo may be added."""
    county, actor = current_county(), request_actor(request)
    if not _is_town(actor):
        raise Forbidden("异议由企业所属镇街提出。", remedy="请由该镇街的经办人登记。")
    file = RunFile(county, actor, run_id)
    form = ObjectionForm(request.POST, kind=_kind(request.POST.get("kind")), definition=file.definition)
    status = 422
    if form.is_valid():
        told = form.cleaned_data
        try:
            sent = uploaded_file(request) if request.FILES or _too_large(request) else None
            file_objection(
                county=county, actor=actor, run_id=run_id, uscc=uscc, on=told["on"], statement=told["statement"],
                evidence=told["evidence"], kind=form.kind, claim=form.claim(), file=sent.read() if sent else None,
                file_name=str(sent.name) if sent else "",
            )  # fmt: skip
            messages.success(request, _("异议已登记。"))
            return redirect("evaluation-firm", run_id=run_id, uscc=uscc)
        except LandgisError as error:
            form.refuse(error)
            status = error.status
    return _page(request, file, uscc, form=form, status=status)


def _kind(asked: str | None) -> str:
    """The kind of objection asked for; that of figures where none or an unknown one was."""
    return asked if asked in KINDS else FIGURE


def _is_town(actor: Actor) -> bool:
    return actor.may(REPORT_FACTS) and actor.town_codes is not None


def _too_large(request: HttpRequest) -> bool:
    return bool(request.META.get("landgis.upload_too_large"))


def _page(
    request: HttpRequest, file: RunFile, uscc: str, *, form: ObjectionForm | None = None, status: int = 200
) -> HttpResponse:
    row, today = row_of(file, uscc), timezone.localdate()
    may_object = file.state == NOTICE and _is_town(file.actor)
    if form is None and may_object:
        kind = _kind(request.GET.get("object"))
        form = ObjectionForm(kind=kind, definition=file.definition, initial={"on": today})
    context: dict[str, Any] = {
        "file": file,
        "row": row,
        "objections": [
            (one, KINDS[one.kind], effect_of(one, file.definition, cleared=file.cleared))
            for one in file.objections()
            if one.uscc == uscc
        ],
        "form": form,
        "kinds": list(KINDS.items()),
        "today": today,
    }
    if file.cleared:
        told = sheet_of(file.result, file.actor, uscc)
        sheet = told["sheet"]
        context |= {
            "told": told,
            "sheet": sheet,
            "upward": told["upward"],
            "bars": bars(told["course"], file.run.year, file.definition.full),
            "course": told["course"],
            "places": places(file.result, sheet["uscc"]),
            "lines": lines(file.definition, sheet),
            "facts": facts(file.definition, sheet),
            "figures": figures(file.definition, sheet),
            "parcels": sorted(sheet["parcels"].items()),
            "sources": sources(file.definition, sheet),
            "corrected": corrected(
                file.definition,
                [one for one in file.frozen_inputs.corrections if one["uscc"] == uscc],
                uscc,
                cleared=True,
            ),
            "full": file.definition.full,
        }
    return render(request, "parcels/yearly/firm.html", context, status=status)
