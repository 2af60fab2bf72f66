"""Vector tiles of the published collections over HTTP.

Refuses anyone who isn't signed in (401) or lacks the map (403); shows only the actor's towns, and firms' figures only
to those with the right.
"""

import hashlib
import re
from datetime import date

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from landgis.access.queries import Actor
from landgis.access.rules import VIEW_MAP
from landgis.access.views import request_actor
from landgis.lib.errors import NotFound, UsageError
from layers.catalog import registry
from layers.catalog.rows import Question
from layers.tiles.detail import detail_tile
from layers.tiles.grid import Tile, tile
from layers.tiles.overview import grouped_tile
from layers.tiles.statements import one_row

CONTENT_TYPE = "application/vnd.mapbox-vector-tile"
FORM = 2  # raised when tiles look different for the same data, so that browsers don't keep the old ones

DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

_VERSION = "SELECT hash FROM audit_event WHERE county_code = %(county)s ORDER BY sequence DESC LIMIT 1"


@require_safe
def vector_tile(request: HttpRequest, collection_id: str, zoom: str, row: str, column: str) -> HttpResponse:
    """One tile, for whoever is signed in and may see the map."""
    if not request.user.is_authenticated:
        return JsonResponse(
            {"code": "not_signed_in", "message": _("请先登录。"), "remedy": _("登录后刷新地图。")},
            status=401,
            json_dumps_params={"ensure_ascii": False},
        )
    actor = request_actor(request)
    return tile_response(
        request, actor, collection_id, zoom, row, column, version=data_version(actor.county_code)
    )


def tile_response(
    request: HttpRequest, actor: Actor, collection_id: str, zoom: str, row: str, column: str, *, version: str
) -> HttpResponse:
    """The tile as `actor` may see it; what the browser already has is answered with 304 before anything is drawn."""
    actor.require(VIEW_MAP)
    wanted = _tile(zoom, row, column)
    question = Question(registry.get(collection_id), actor, _on(request), _year(request))
    tag = _tag(question, version)
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(_drawn(question, wanted, version), content_type=CONTENT_TYPE)
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def data_version(county_code: str) -> str:
    """The fingerprint of the county's last change: whatever is written makes another."""
    row = one_row(_VERSION, {"county": county_code})
    return str(row[0]) if row else ""


def _drawn(question: Question, wanted: Tile, version: str) -> bytes:
    drawing = question.collection.drawing
    if drawing.groups and wanted.zoom < drawing.detail_zoom:
        return grouped_tile(question, wanted, version=version)
    return detail_tile(question, wanted)


def _tile(*numbers: str) -> Tile:
    if not all(number.isascii() and number.isdigit() and len(number) < 10 for number in numbers):
        raise NotFound(
            _("瓦片的级别、行号和列号应为非负整数。"), remedy=_("地址形如 …/WebMercatorQuad/14/6793/13655。")
        )
    return tile(*map(int, numbers))


def _year(request: HttpRequest) -> int | None:
    text = request.GET.get("year", "")
    if text and not (text.isascii() and text.isdigit() and len(text) == 4):
        raise UsageError(_("年度应为四位数字。"), remedy=_("例如 year=2022。"))
    return int(text) if text else None


def _on(request: HttpRequest) -> date:
    """The day whose state is shown: today unless a past one is named."""
    text, today = request.GET.get("on", ""), timezone.localdate()
    if not text:
        return today
    try:
        day = date.fromisoformat(text) if DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None or day > today:
        raise UsageError(_("日期应为不晚于今天的年-月-日。"), remedy=_("例如 on=2021-06-30。"))
    return day


def _tag(question: Question, version: str) -> str:
    """What the bytes depend on besides the address: data, day, what the actor may see, and where."""
    actor = question.actor
    seen = (actor.county_code, sorted(actor.rights), actor.town_codes)
    facts = (FORM, question.collection.id, version, question.on.isoformat(), seen)
    return f'"{hashlib.sha256(repr(facts).encode()).hexdigest()[:32]}"'
