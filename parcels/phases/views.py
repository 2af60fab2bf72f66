"""The list of contract phases with their derived dates, on screen and as a workbook.

Refuses what lies outside the actor's towns; what the workbook holds is what the list shows.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from landgis.access.rules import EXPORT_DATA, IMPORT_DATA, VIEW_MAP
from landgis.access.views import request_actor, right_required
from landgis.counties.queries import current_county
from landgis.lib.http import XLSX, streamed_download
from landgis.lib.lists import paged
from landgis.lib.units import display_mu
from parcels.phases.forms import PhaseFilter
from parcels.phases.listing import phases_workbook
from parcels.phases.queries import JudgedPhases, phase_rows, phases_asked_for

PAGE_SIZE = 50


@right_required(VIEW_MAP)
@require_GET
def list_page(request: HttpRequest) -> HttpResponse:
    """One page of phases, each judged as of today."""
    county, actor, on = current_county(), request_actor(request), timezone.localdate()
    form, found = _asked(request)
    shown = paged(request, found, PAGE_SIZE)
    rows = phase_rows(county, actor, on, list(shown["page"]))
    context: dict[str, Any] = {
        "form": form,
        **shown,
        "rows": [
            (row, "—" if row.record.area_m2 is None else display_mu(row.record.area_m2)) for row in rows
        ],
        "on": on,
        "may_export": actor.may(EXPORT_DATA),
        "may_import": actor.may(IMPORT_DATA) and actor.town_codes is None,
    }
    return render(request, "parcels/phases/list.html", context)


@right_required(EXPORT_DATA)
@require_GET
def list_xlsx(request: HttpRequest) -> HttpResponseBase:
    """The same list, all pages of it."""
    county, actor, on = current_county(), request_actor(request), timezone.localdate()
    actor.require(VIEW_MAP)
    _form, found = _asked(request)
    rows = JudgedPhases(county, actor, on, found)
    pieces = phases_workbook(county, actor, on, rows)
    return streamed_download(pieces, f"{county.name}供地合同分期台账（{on:%Y-%m-%d}）.xlsx", XLSX)


def _asked(request: HttpRequest) -> tuple[PhaseFilter, list[int]]:
    """What the filter asks for; a filter that makes no sense finds nothing instead of everything."""
    county, actor = current_county(), request_actor(request)
    form = PhaseFilter(request.GET, county=county)
    if not form.is_valid():
        return form, []
    asked = form.cleaned_data
    return form, phases_asked_for(
        county, actor, town=asked["town"], text=asked["q"].strip(), year=asked["year"]
    )
