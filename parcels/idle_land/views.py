"""The idle-land list on screen, as a workbook and as a stand-alone map, and the button that screens anew.

Refuses anything outside the actor's towns; what the list shows is what the workbook and the map hold.
"""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from landgis.access.queries import Actor
from landgis.access.rules import EXPORT_DATA, SCREEN_IDLE, VIEW_MAP
from landgis.access.views import request_actor, right_required
from landgis.counties.models import County
from landgis.counties.queries import current_county
from landgis.lib.errors import NotFound, UsageError
from landgis.lib.http import XLSX, download, streamed_download
from landgis.lib.units import display_mu
from parcels.idle_land.actions import record_screening, screen_idle
from parcels.idle_land.forms import ListFilter, ScreeningForm
from parcels.idle_land.listing import list_map, list_workbook
from parcels.idle_land.models import IdleFinding, IdleScreening
from parcels.idle_land.queries import (
    TITLES,
    findings_of,
    latest_screening,
    listed_counts,
    listed_findings,
)
from parcels.returns.queries import hints_of_parcels

PAGE_SIZE = 50


@right_required(VIEW_MAP)
@require_GET
def list_page(request: HttpRequest) -> HttpResponse:
    """The newest screening's findings, filtered and paged, with the arithmetic behind each."""
    county, actor = current_county(), request_actor(request)
    screening = latest_screening(county.code)
    form = ListFilter(request.GET, county=county)
    screening_form = ScreeningForm(initial={"on": timezone.localdate()})
    context: dict[str, Any] = {
        "form": form,
        "screening_form": screening_form,
        "screening": screening,
        "active": "idle-land",
        "may_export": actor.may(EXPORT_DATA),
    }
    if screening is not None:
        counted = listed_counts(screening, actor)
        page = Paginator(_asked_for(form, screening, actor), PAGE_SIZE).get_page(request.GET.get("page"))
        # whether the suspicion is a case already
        rows = list(findings_of(list(page)).prefetch_related("phase__cases"))
        parcels = {row.phase.contract.parcel_id for row in rows if row.phase.contract.parcel_id}
        hinted = hints_of_parcels(county, actor, parcels, timezone.localdate())
        context |= {
            "page": page,
            "rows": [
                (row, TITLES[row.finding], _mu(row), hinted.get(row.phase.contract.parcel_id or 0, []))
                for row in rows
            ],
            "counts": [
                (code, title, counted.get(code, 0)) for code, title in TITLES.items() if code != "clear"
            ],
            "query": _query_without_page(request),
        }
    return render(request, "parcels/idle_land/list.html", context)


@right_required(EXPORT_DATA)
@require_GET
def list_xlsx(request: HttpRequest) -> HttpResponseBase:
    """The same list as the workbook that is sent upward."""
    county, actor, screening, rows = _asked(request)
    pieces = list_workbook(county=county, actor=actor, screening=screening, rows=rows)
    name = f"{county.name}疑似闲置土地清单（{screening.on:%Y-%m-%d}）.xlsx"
    return streamed_download(pieces, name, XLSX)


@right_required(EXPORT_DATA)
@require_GET
def list_map_page(request: HttpRequest) -> HttpResponse:
    """The same list as one HTML file with a map that works without network."""
    county, actor, screening, rows = _asked(request)
    content = list_map(county=county, actor=actor, screening=screening, rows=rows)
    return download(
        content.encode(), f"{county.name}疑似闲置土地分布图（{screening.on:%Y-%m-%d}）.html", "text/html"
    )


@right_required(SCREEN_IDLE)
@require_POST
def screen_now(request: HttpRequest) -> HttpResponse:
    """Screen the county as of a day and keep the result."""
    form = ScreeningForm(request.POST)
    if not form.is_valid():
        messages_ = "；".join(
            f"{form.fields[name].label}：{errors[0]}" for name, errors in form.errors.items()
        )
        raise UsageError(messages_, remedy=_("请返回补充后重试。"))
    county, actor = current_county(), request_actor(request)
    actor.require_whole_county(SCREEN_IDLE)
    screened = screen_idle(county=county, actor=actor, on=form.cleaned_data["on"])
    record_screening(screened, county=county, by=actor.username, reason=form.cleaned_data["reason"])
    return redirect("idle-land")


def _asked(request: HttpRequest) -> tuple[County, Actor, IdleScreening, QuerySet[IdleFinding]]:
    county, actor = current_county(), request_actor(request)
    screening = latest_screening(county.code)
    if screening is None:
        raise NotFound(_("还没有筛查结果。"), remedy=_("请先发起一次筛查。"))
    numbers = _asked_for(ListFilter(request.GET, county=county), screening, actor)
    return county, actor, screening, findings_of(numbers)


def _asked_for(form: ListFilter, screening: IdleScreening, actor: Actor) -> list[int]:
    """What the filters ask for; a filter that makes no sense finds nothing instead of everything."""
    if not form.is_valid():
        return []
    asked = form.cleaned_data
    return listed_findings(
        screening, actor, finding=asked["finding"], town=asked["town"], text=asked["q"].strip()
    )


def _mu(row: IdleFinding) -> str | None:
    area_m2 = row.area_m2  # type: ignore[attr-defined]
    return None if area_m2 is None else display_mu(area_m2)


def _query_without_page(request: HttpRequest) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()
