"""The page on which one case is replayed: what the rules of each day said, and what today's would say.

Refuses a case outside the actor's towns, and to offer any button that changes the case.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from landgis.access.rules import EXPORT_DATA, VIEW_MAP
from landgis.access.views import request_actor, right_required
from landgis.counties.queries import current_county
from landgis.lib.http import XLSX, download
from parcels.disposal.replay_workbook import replay_workbook
from parcels.disposal.replaying import replayed


@right_required(VIEW_MAP)
@require_GET
def replay_page(request: HttpRequest, case_id: int) -> HttpResponse:
    """Every step in force with its rules then and today's, the differences marked."""
    actor = request_actor(request)
    found = replayed(current_county(), actor, case_id, timezone.localdate())
    context = {"found": found, "case": found.file.case, "may_export": actor.may(EXPORT_DATA)}
    return render(request, "parcels/disposal/replay.html", context)


@right_required(EXPORT_DATA)
@require_GET
def replay_xlsx(request: HttpRequest, case_id: int) -> HttpResponse:
    """The same as a workbook."""
    county, actor = current_county(), request_actor(request)
    actor.require(VIEW_MAP)
    found = replayed(county, actor, case_id, timezone.localdate())
    return download(replay_workbook(county, actor, found), f"{found.file.case.case_no}规则复核.xlsx", XLSX)
