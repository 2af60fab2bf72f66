"""Correcting a project and ending it, on screen.

Refuses whoever doesn't manage the campaigns of the whole county; what the domain refuses is told beside what was typed.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from landgis.access.rules import MANAGE_CAMPAIGNS
from landgis.access.views import request_actor, right_required
from landgis.counties.queries import current_county
from landgis.lib.errors import LandgisError
from parcels.campaigns.project_actions import edit_project, end_project
from parcels.ledgers import queries
from parcels.ledgers.forms import EditForm, TakeBackForm
from parcels.ledgers.ground_input import given_ground
from parcels.ledgers.views import told_errors


@right_required(MANAGE_CAMPAIGNS)
@require_http_methods(["GET", "POST"])
def edit_page(request: HttpRequest, project_id: int) -> HttpResponse:
    """The project's facts in a form; its ground may change as long as nothing is credited."""
    county, actor = current_county(), request_actor(request)
    actor.require_whole_county(MANAGE_CAMPAIGNS)
    project = queries.project_in_territory(county, actor, project_id)
    begins = {
        "name": project.name, "way": project.way, "lead_unit": project.lead_unit, "person": project.person,
        "helper_units": "、".join(project.helper_units), "due_on": project.due_on, "note": project.note,
        "parcel_codes": "\n".join(project.parcel_codes),
    }  # fmt: skip
    form, status = EditForm(request.POST or None, request.FILES or None, initial=begins), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            told = dict(form.cleaned_data)
            text = told.pop("ground_text")
            told.pop("ground_file")
            try:
                ground = given_ground(request, text, county)
                edit_project(county=county, actor=actor, project_id=project_id, geom_4490=ground, **told)
            except LandgisError as error:
                form.refuse(error)
                status = error.status
            else:
                messages.success(request, _("已更改。"))
                return redirect("project", project_id=project_id)
    context = {"form": form, "project": project}
    return render(request, "parcels/ledgers/edit.html", context, status=status)


@right_required(MANAGE_CAMPAIGNS)
@require_POST
def end(request: HttpRequest, project_id: int) -> HttpResponse:
    """End a project from a day on, for a reason."""
    form = TakeBackForm(request.POST)
    if not form.is_valid():
        messages.error(request, told_errors(form))
    else:
        told = form.cleaned_data
        try:
            end_project(
                county=current_county(), actor=request_actor(request), project_id=project_id, on=told["on"],
                reason=told["reason"],
            )  # fmt: skip
        except LandgisError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("项目已终止，记录保留。"))
    return redirect("project", project_id=project_id)
