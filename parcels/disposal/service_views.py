"""The page of services (送达) of all cases with its filters, and the workbook.

Refuses cases of other towns.
"""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from landgis.access.rules import EXPORT_DATA, VIEW_MAP
from landgis.access.views import request_actor, right_required
from landgis.audit.kept import kept
from landgis.counties.queries import current_county
from landgis.lib.http import XLSX, download
from parcels.disposal.forms import ServiceFilter
from parcels.disposal.services import ServiceRow, narrowed, service_rows, services_workbook
from parcels.disposal.views import PAGE_SIZE


@right_required(VIEW_MAP)
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """What was served and what waits."""
    form, every, rows = _asked(request)
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "query": query.urlencode(),
        "waiting": sum(row.state == "waiting" for row in every),
        "may_export": request_actor(request).may(EXPORT_DATA),
    }
    return render(request, "parcels/disposal/services.html", context)


@right_required(EXPORT_DATA)
@require_GET
def xlsx(request: HttpRequest) -> HttpResponse:
    """The same rows as a workbook."""
    county, actor, on = current_county(), request_actor(request), timezone.localdate()
    actor.require(VIEW_MAP)
    _form, _every, rows = _asked(request)
    content = services_workbook(county, actor, on, rows)
    return download(content, f"{county.name}闲置土地文书送达台账（{on:%Y-%m-%d}）.xlsx", XLSX)


def _asked(request: HttpRequest) -> tuple[ServiceFilter, list[ServiceRow], list[ServiceRow]]:
    """The filters, all rows, and those asked for; filters that make no sense find nothing."""
    county, actor, on = current_county(), request_actor(request), timezone.localdate()
    towns = None if actor.town_codes is None else frozenset(actor.town_codes)
    every = kept("services", (county.code, towns, on), lambda: service_rows(county, actor, on))
    form = ServiceFilter(request.GET, county=county)
    return form, every, narrowed(every, form.cleaned_data) if form.is_valid() else []
