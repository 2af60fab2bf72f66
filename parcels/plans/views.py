"""The list of plans on screen and as a workbook, and the pages that find a subject and make a plan of it.

Refuses a plan outside the actor's towns; what the action refuses is told on the page where it was asked for.
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
from landgis.access.rules import EXPORT_DATA, VIEW_PLANS
from landgis.access.views import request_actor, right_required
from landgis.counties.queries import current_county
from landgis.lib.errors import FieldErrors, Forbidden, InputError, LandgisError, NotFound
from landgis.lib.http import XLSX, download
from landgis.lib.lists import paged
from parcels.cadastre.models import Parcel
from parcels.plans.actions import make_plan
from parcels.plans.forms import PlanFilter, PlanForms
from parcels.plans.queries import PlanRow, narrowed, plan_rows
from parcels.plans.rules import STATES, SUBJECTS, right_to_manage
from parcels.plans.subjects import Named, find_subjects, subject
from parcels.plans.workbook import plans_workbook

PAGE_SIZE = 50


@right_required(VIEW_PLANS)
@require_GET
def list_page(request: HttpRequest) -> HttpResponse:
    """The plans of the territory with their state and what is due next."""
    form, rows, found = _asked(request)
    actor = request_actor(request)
    context: dict[str, Any] = {
        "form": form,
        "counts": [
            (state, title, sum(row.standing.state == state for row in rows))
            for state, title in STATES.items()
        ],
        **paged(request, found, PAGE_SIZE),
        "may_export": actor.may(EXPORT_DATA),
        "may_make": _may_make(actor),
    }
    return render(request, "parcels/plans/list.html", context)


@right_required(EXPORT_DATA)
@require_GET
def list_xlsx(request: HttpRequest) -> HttpResponse:
    """The same list as a workbook: plans, milestones and targets, follow-up."""
    county, actor, on = current_county(), request_actor(request), timezone.localdate()
    actor.require(VIEW_PLANS)
    _form, _rows, found = _asked(request)
    return download(
        plans_workbook(county, actor, on, found), f"{county.name}一企一策方案台账（{on:%Y-%m-%d}）.xlsx", XLSX
    )


@right_required(VIEW_PLANS)
@require_http_methods(["GET", "POST"])
def new_page(request: HttpRequest) -> HttpResponse:
    """The form for a plan of `?case=`, `?phase=`, `?parcel=` or `?enterprise=`; without one, a search for it."""
    county, actor, today = current_county(), request_actor(request), timezone.localdate()
    if not _may_make(actor):
        raise Forbidden(_("没有编制方案的权限。"), remedy=_("请由闲置土地专管员或者亩均评价专管员编制。"))
    of = _subject(request, actor)
    if of is None:
        return _finder(request, actor)
    actor.require_whole_county(right_to_manage(of.kind))
    begins = {
        "on": today, "from_on": today, "officer": actor.username, "person": actor.display_name,
        "reason": _("编制一企一策方案"),
    }  # fmt: skip
    forms = PlanForms(request.POST or None, county=county, on=today, initial=begins)
    refused, status = None, 200
    if request.method == "POST":
        status = 422
        if forms.is_valid():
            try:
                made = make_plan(
                    county=county, actor=actor, kind=of.kind, subject_id=of.pk, contents=forms.contents(),
                    on=forms.head.cleaned_data["on"], today=today, reason=forms.head.cleaned_data["reason"],
                )  # fmt: skip
                messages.success(request, _("已编制方案 %(no)s。") % {"no": made.plan_no})
                return redirect("plan", plan_id=made.pk)
            except LandgisError as error:
                refused, status = beside(forms, error), error.status
    context = {"forms": forms, "subject": of, "refused": refused}
    return render(request, "parcels/plans/edit.html", context, status=status)


def beside(forms: PlanForms, error: LandgisError) -> LandgisError | None:
    """Put what was refused beside its fields; what belongs to none is told above the form."""
    if isinstance(error, FieldErrors):
        forms.refuse(error.issues)
    elif isinstance(error, InputError) and error.field:
        forms.refuse([{"field": error.field, "message": str(error)}])
    else:
        return error
    return None


def _finder(request: HttpRequest, actor: Actor) -> HttpResponse:
    asked = request.GET.get("q", "")[:100]
    found = [of for of in find_subjects(actor, asked) if actor.may(right_to_manage(of.kind))]
    context = {"q": asked, "found": found}
    return render(request, "parcels/plans/find.html", context)


def _subject(request: HttpRequest, actor: Actor) -> Named | None:
    """The subject that the address names; a parcel may be named by its code."""
    kind = next((name for name in SUBJECTS if request.GET.get(name)), None)
    if kind is None:
        return None
    text = request.GET[kind]
    if kind == "parcel":
        by_code = Parcel.objects.filter(county_id=actor.county_code, code=text, valid_to=None).first()
        text = str(by_code.pk) if by_code else text
    if not (text.isascii() and text.isdigit() and len(text) < 18):
        raise NotFound(_("没有这一方案对象。"), remedy=_("请在一企一策页面查找后选择。"))
    return subject(actor, kind, int(text))


def _may_make(actor: Actor) -> bool:
    return actor.town_codes is None and any(actor.may(right_to_manage(kind)) for kind in SUBJECTS)


def _asked(request: HttpRequest) -> tuple[PlanFilter, list[PlanRow], list[PlanRow]]:
    """All rows, and those that were asked for; a filter that makes no sense finds nothing instead of everything."""
    county, actor, on = current_county(), request_actor(request), timezone.localdate()
    rows = plan_rows(county, actor, on)
    form = PlanFilter(request.GET, county=county, rows=rows)
    return form, rows, narrowed(rows, form.cleaned_data) if form.is_valid() else []
