"""The weekly bulletin and the 两高 review list, on screen and as workbooks.

Refuses writing to who may not manage the evaluation; what an action refuses stands beside its form.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from landgis.access.rules import EXPORT_DATA, MANAGE_EVALUATION, VIEW_FIRM_FIGURES, VIEW_MAP
from landgis.access.views import request_actor, right_required
from landgis.counties.queries import current_county
from landgis.lib.errors import LandgisError
from landgis.lib.forms import Refusing
from landgis.lib.http import XLSX, download
from landgis.lib.lists import paged
from parcels.disposal.case_views import asked_day
from parcels.low_efficiency.bulletin import bulletin
from parcels.low_efficiency.energy import (
    energy_limits,
    energy_rows,
    enter_project,
    review_project,
    withdraw_project,
)
from parcels.low_efficiency.forms import EnergyFilter, ProjectForm, ReviewForm
from parcels.low_efficiency.queries import may_manage
from parcels.low_efficiency.workbooks import bulletin_workbook, energy_workbook

PAGE_SIZE = 50


@right_required(VIEW_MAP)
@require_GET
def weekly_page(request: HttpRequest) -> HttpResponse:
    """The bulletin of the week that `?on=` lies in."""
    actor, today = request_actor(request), timezone.localdate()
    found = bulletin(current_county(), actor, asked_day(request.GET.get("on")), today)
    context = {
        "found": found,
        "rows": [*found.towns, found.total],
        "before": found.week_on - timedelta(days=7),
        "after": found.week_on + timedelta(days=7) if found.week_on + timedelta(days=7) <= today else None,
        "today": today,
        "may_export": actor.may(EXPORT_DATA),
    }
    return render(request, "parcels/low_efficiency/weekly.html", context)


@right_required(EXPORT_DATA)
@require_GET
def weekly_xlsx(request: HttpRequest) -> HttpResponse:
    county, actor = current_county(), request_actor(request)
    found = bulletin(county, actor, asked_day(request.GET.get("on")), timezone.localdate())
    name = f"{county.name}高耗低效整治每周通报（{found.week_on:%Y-%m-%d}至{found.until:%Y-%m-%d}）.xlsx"
    return download(bulletin_workbook(county, actor, found), name, XLSX)


@right_required(VIEW_MAP)
@require_GET
def energy_page(request: HttpRequest) -> HttpResponse:
    """The projects that the rule of today names, with their assessments."""
    return _energy(request)


@right_required(EXPORT_DATA)
@require_GET
def energy_xlsx(request: HttpRequest) -> HttpResponse:
    county, actor, on = current_county(), request_actor(request), timezone.localdate()
    form = EnergyFilter(request.GET, county=county)
    rows = energy_rows(county, actor, on, form.cleaned_data) if form.is_valid() else []
    return download(
        energy_workbook(county, actor, on, rows),
        f"{county.name}两高项目评估检查清单（{on:%Y-%m-%d}）.xlsx",
        XLSX,
    )


@right_required(MANAGE_EVALUATION)
@require_POST
def energy_project(request: HttpRequest) -> HttpResponse:
    """Enter a project, or put the right one in place of a wrong one."""
    form = ProjectForm(request.POST)
    if not form.is_valid():
        return _energy(request, project=form, status=422)
    told = dict(form.cleaned_data)
    replaces = told.pop("replaces")
    try:
        enter_project(county=current_county(), actor=request_actor(request), replaces_id=replaces, **told)
    except LandgisError as error:
        return _refused(request, "project", form, error)
    messages.success(request, _("已登记项目。"))
    return redirect("two-high")


@right_required(MANAGE_EVALUATION)
@require_POST
def energy_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """A project that was entered by mistake."""
    try:
        withdraw_project(
            county=current_county(), actor=request_actor(request), project_id=pk,
            reason=request.POST.get("reason", "")[:500],
        )  # fmt: skip
        messages.success(request, _("已撤销。"))
    except LandgisError as error:
        if error.status in (403, 404):
            raise
        messages.error(request, str(error))
    return redirect("two-high")


@right_required(MANAGE_EVALUATION)
@require_POST
def energy_review(request: HttpRequest, pk: int) -> HttpResponse:
    """The assessment of a project."""
    form = ReviewForm(request.POST, auto_id=f"review-{pk}-%s")
    if not form.is_valid():
        return _energy(request, review=(pk, form), status=422)
    try:
        review_project(
            county=current_county(), actor=request_actor(request), project_id=pk, today=timezone.localdate(),
            **form.cleaned_data,
        )  # fmt: skip
    except LandgisError as error:
        return _refused(request, "review", form, error, pk)
    messages.success(request, _("已登记评估结论。"))
    return redirect("two-high")


def _energy(
    request: HttpRequest,
    *,
    project: Refusing | None = None,
    review: tuple[int, Refusing] | None = None,
    status: int = 200,
) -> HttpResponse:
    county, actor, today = current_county(), request_actor(request), timezone.localdate()
    form = EnergyFilter(request.GET, county=county)
    rows = energy_rows(county, actor, today, form.cleaned_data) if form.is_valid() else []
    shown = paged(request, rows, PAGE_SIZE)
    context: dict[str, Any] = {
        "form": form,
        "limits": energy_limits(county, today),
        **shown,
        "rows": [
            (
                row,
                review[1]
                if review and review[0] == row.project.pk
                else ReviewForm(auto_id=f"review-{row.project.pk}-%s", initial={"on": today}),
                bool(review and review[0] == row.project.pk),
            )
            for row in shown["page"]
        ],
        "project_form": project or ProjectForm(initial={"energy_year": today.year - 1}),
        "project_tried": project is not None,
        "figures": actor.may(VIEW_FIRM_FIGURES),
        "may_manage": may_manage(actor),
        "may_export": actor.may(EXPORT_DATA),
    }
    return render(request, "parcels/low_efficiency/energy.html", context, status=status)


def _refused(
    request: HttpRequest, what: str, form: Refusing, error: LandgisError, pk: int = 0
) -> HttpResponse:
    if error.status in (403, 404):
        raise error
    form.refuse(error)
    if what == "project":
        return _energy(request, project=form, status=error.status)
    return _energy(request, review=(pk, form), status=error.status)
