"""The plan's horizon on screen: its figures with what stands now, by industry, and by town and platform.

Refuses whoever answers for a part of the county only: a horizon is the county's.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from landgis.access.queries import Actor
from landgis.access.rules import EXPORT_DATA, VIEW_MAP
from landgis.access.views import request_actor, right_required
from landgis.counties.models import County
from landgis.counties.queries import current_county
from landgis.lib.http import XLSX, download
from layers.districts.queries import platform_types
from parcels.disposal.case_views import asked_day
from parcels.ledgers.horizon import horizon, named_districts, named_industries
from parcels.ledgers.horizon_areas import area_lines, computed, industry_lines
from parcels.ledgers.horizon_workbook import horizon_workbook


@right_required(VIEW_MAP)
@require_GET
def horizon_page(request: HttpRequest) -> HttpResponse:
    """The horizon on a day."""
    county, actor = current_county(), request_actor(request)
    context = _found(county, actor, request) | {
        "today": timezone.localdate(),
        "may_export": actor.may(EXPORT_DATA),
    }
    return render(request, "parcels/ledgers/horizon.html", context)


@right_required(EXPORT_DATA)
@require_GET
def horizon_xlsx(request: HttpRequest) -> HttpResponse:
    """The same as a workbook."""
    county, actor = current_county(), request_actor(request)
    content = horizon_workbook(county, actor, **(found := _found(county, actor, request)))
    return download(content, f"{county.name}规划展望（{found['on']:%Y-%m-%d}）.xlsx", XLSX)


def _found(county: County, actor: Actor, request: HttpRequest) -> dict[str, Any]:
    actor.require_whole_county(VIEW_MAP)
    on = asked_day(request.GET.get("on"))
    found = computed(county, actor, on)
    lines = horizon(county, actor, on, found)
    return {
        "on": on,
        "lines": lines,
        "industries": industry_lines(county, actor, found, named_industries(lines)),
        "areas": area_lines(found, named_districts(lines), platform_types(county, on)),
        "found": found,
    }
