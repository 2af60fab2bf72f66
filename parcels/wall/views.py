"""The wall map (挂图作战): its page, its figures and ground, and the version by which it learns that something changed.

Refuses figures of other towns, and to work everything out again for whoever has it already.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET

from landgis.access.rules import VIEW_MAP
from landgis.access.sessions import asked_by_itself
from landgis.access.views import request_actor, right_required
from landgis.counties.queries import current_county
from parcels.wall.forms import asked_day
from parcels.wall.queries import wall_on, wall_version


@right_required(VIEW_MAP)
@require_GET
@ensure_csrf_cookie
def wall_page(request: HttpRequest) -> HttpResponse:
    """The screen; what it shows comes from the two addresses below."""
    asked = request.GET.get("on", "")
    on = asked_day(asked, timezone.localdate())
    return render(request, "parcels/wall/wall.html", {"on": str(on) if asked else ""})


@asked_by_itself
@right_required(VIEW_MAP)
@require_GET
def wall_data(request: HttpRequest) -> HttpResponse:
    """Everything on the wall as one document."""
    on = asked_day(request.GET.get("on", ""), timezone.localdate())
    said = wall_on(current_county(), request_actor(request), on)
    return _fresh({**said, "made_at": timezone.localtime().isoformat(timespec="seconds")})


@asked_by_itself
@right_required(VIEW_MAP)
@require_GET
def wall_state(request: HttpRequest) -> HttpResponse:
    """Only the version: cheap enough to be asked for every few seconds."""
    on = asked_day(request.GET.get("on", ""), timezone.localdate())
    return _fresh({"version": wall_version(current_county(), on)})


def _fresh(said: dict[str, object]) -> JsonResponse:
    answer = JsonResponse(said, json_dumps_params={"ensure_ascii": False})
    answer["Cache-Control"] = "no-store"
    return answer
