"""The states of supplied land on screen: the plan's lists and each state as of a day, with what explains every row.

Refuses what lies outside the actor's towns; what the files hold is what the page shows.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from landgis.access.rules import EXPORT_DATA, VIEW_MAP
from landgis.access.views import request_actor, right_required
from landgis.counties.queries import current_county
from landgis.lib.errors import LandgisError, UsageError
from landgis.lib.http import XLSX, download, streamed_download
from landgis.lib.lists import paged
from landgis.lib.units import display_mu
from parcels.states.forms import StatesFilter
from parcels.states.listing import map_sheet, title_of, workbook
from parcels.states.rules import STATE_TITLES
from parcels.states.selection import LISTS, Asked, Selected, select

PAGE_SIZE = 50
DEFAULT = "b"


@right_required(VIEW_MAP)
@require_GET
def states_page(request: HttpRequest) -> HttpResponse:
    """One list as of a day, filtered and paged; a refusal is told on the page."""
    county, actor = current_county(), request_actor(request)
    form, found, status = _form(request), Selected([]), 200
    if form.is_valid():
        try:
            found = select(county, actor, _asked(form))
        except LandgisError as error:
            messages.error(request, str(error))
            status = error.status
    else:
        messages.error(request, _told(form))
        status = 422
    shown = paged(request, found.rows, PAGE_SIZE)
    asked_list = form.cleaned_data.get("list") or DEFAULT
    context: dict[str, Any] = {
        "form": form,
        "title": LISTS.get(asked_list, ""),
        **shown,
        "rows": [(row, "—" if row.area_m2 is None else display_mu(row.area_m2)) for row in shown["page"]],
        "counts": [(state, title, found.counted.get(state, 0)) for state, title in STATE_TITLES.items()]
        if found.counted
        else [],
        "unknown": found.unknown,
        "asked_list": asked_list,
        "may_export": actor.may(EXPORT_DATA) and status == 200,
    }
    return render(request, "parcels/states/list.html", context, status=status)


@right_required(EXPORT_DATA)
@require_GET
def states_xlsx(request: HttpRequest) -> HttpResponseBase:
    """The same list as a workbook."""
    county, actor, asked, found = _selected(request)
    pieces = workbook(county, actor, asked, found)
    return streamed_download(pieces, f"{county.name}{title_of(asked)}（{asked.on:%Y-%m-%d}）.xlsx", XLSX)


@right_required(EXPORT_DATA)
@require_GET
def states_map(request: HttpRequest) -> HttpResponse:
    """The same list as one HTML file with a map."""
    county, actor, asked, found = _selected(request)
    content = map_sheet(county, actor, asked, found)
    return download(
        content.encode(), f"{county.name}{title_of(asked)}（{asked.on:%Y-%m-%d}）.html", "text/html"
    )


def _form(request: HttpRequest) -> StatesFilter:
    asked = request.GET.dict()
    asked["on"] = asked.get("on") or f"{timezone.localdate():%Y-%m-%d}"
    asked["list"] = asked.get("list") or DEFAULT
    return StatesFilter(asked, county=current_county())


def _asked(form: StatesFilter) -> Asked:
    stated = form.cleaned_data
    return Asked(stated["list"], stated["on"], stated["town"], stated["unknown"], stated["q"].strip())


def _selected(request: HttpRequest) -> tuple[Any, Any, Asked, Selected]:
    county, actor, form = current_county(), request_actor(request), _form(request)
    actor.require(VIEW_MAP)
    if not form.is_valid():
        raise UsageError(_told(form), remedy="请返回改正后重试。")
    asked = _asked(form)
    return county, actor, asked, select(county, actor, asked)


def _told(form: StatesFilter) -> str:
    return "；".join(f"{form.fields[name].label}：{errors[0]}" for name, errors in form.errors.items())
