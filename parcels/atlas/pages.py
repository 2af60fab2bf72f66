"""The pages of the maps and of the plots, and their tables as files; what they show comes from the addresses in `views`.

Refuses everybody without the right to view the map, and a file to whoever may not export.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from landgis.access.rules import EXPORT_DATA, VIEW_MAP
from landgis.access.views import request_actor, right_required
from landgis.counties.queries import current_county
from landgis.lib.errors import InputError
from landgis.lib.http import XLSX, download
from parcels.atlas.categories import CATEGORIES, categories
from parcels.atlas.queries import asked_for, years_computed
from parcels.atlas.workbook import category_workbook, map_workbook, plot_workbook
from parcels.evaluation.rules import YEARS


@right_required(VIEW_MAP)
@require_GET
def maps_page(request: HttpRequest) -> HttpResponse:
    return render(request, "parcels/atlas/maps.html", _context(request))


@right_required(VIEW_MAP)
@require_GET
def charts_page(request: HttpRequest) -> HttpResponse:
    return render(request, "parcels/atlas/charts.html", _context(request))


@right_required(EXPORT_DATA)
@require_GET
def maps_xlsx(request: HttpRequest) -> HttpResponse:
    """The table behind the map, as the page's address asks for it."""
    county, actor, on = current_county(), request_actor(request), timezone.localdate()
    shown = request.GET.get("indicator", "tax_per_mu")
    years = [_year(text) for text in request.GET.getlist("years")]
    town = request.GET.get("town", "").replace("\x00", "")
    if shown in CATEGORIES:
        found = categories(county, actor, what=shown, years=years, town=town)
        title, content = category_workbook(county, actor, on, found)
    else:
        by = request.GET.get("by", "town")
        asked = asked_for(county, by=by, indicator=shown, years=years, town=town)
        title, content = map_workbook(county, actor, on, asked)
    return download(content, f"{title}.xlsx", XLSX)


@right_required(EXPORT_DATA)
@require_GET
def charts_xlsx(request: HttpRequest) -> HttpResponse:
    """The table behind a plot."""
    county, actor = current_county(), request_actor(request)
    text = request.GET.get("year", "")
    year = _year(text) if text else max(years_computed(county), default=YEARS[0])
    title, content = plot_workbook(
        county,
        actor,
        timezone.localdate(),
        plot=request.GET.get("plot", ""),
        year=year,
        indicator=request.GET.get("indicator", "tax_per_mu"),
    )
    return download(content, f"{title}.xlsx", XLSX)


def _context(request: HttpRequest) -> dict[str, bool]:
    return {"may_export": request_actor(request).may(EXPORT_DATA)}


def _year(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) == 4 and int(text) in YEARS):
        raise InputError(
            "year_invalid", f"“{text[:20]}”不是有效的年度。", "年度应为四位数字，例如 2025。", field="years"
        )
    return int(text)
