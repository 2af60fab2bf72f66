"""The page and the files of an area's sheet: of a known area, and of a polygon drawn on the map.

Refuses everybody without the right to view the map; what of a sheet may be told is decided in `queries`.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from landgis.access.rules import EXPORT_DATA, VIEW_FIRM_FIGURES, VIEW_MAP
from landgis.access.views import request_actor, right_required
from landgis.counties.queries import current_county
from landgis.lib.errors import InputError
from landgis.lib.http import DOCX, XLSX, download
from parcels.area_sheets.actions import hand_over
from parcels.area_sheets.forms import AreaChoice, Drawn
from parcels.area_sheets.ground import COUNTY, PARCEL, TOWN
from parcels.area_sheets.queries import AreaSheet, area_sheet, choices, drawn_sheet
from parcels.area_sheets.tables import bars, basis, heading, sections
from parcels.atlas.queries import years_computed
from parcels.evaluation.polygon import polygon_4490


@right_required(VIEW_MAP)
@require_GET
def sheet_page(request: HttpRequest) -> HttpResponse:
    """The sheet of a town, industry, platform, line, level, parcel or of the county, ready to print."""
    county, actor = current_county(), request_actor(request)
    if not years_computed(county):
        return render(request, "parcels/area_sheets/sheet.html", {})
    sheet = _asked(request)
    offered = choices(county, actor)
    if sheet.kind == PARCEL:
        offered.append((PARCEL, [(sheet.code, sheet.code)]))
    form = AreaChoice({"area": f"{sheet.kind}:{sheet.code}"}, choices=offered)
    return _page(request, sheet, {"form": form, "query": request.GET.urlencode()})


@right_required(EXPORT_DATA)
@require_GET
def sheet_xlsx(request: HttpRequest) -> HttpResponse:
    return _file(request, _asked(request), "xlsx")


@right_required(EXPORT_DATA)
@require_GET
def sheet_docx(request: HttpRequest) -> HttpResponse:
    return _file(request, _asked(request), "docx")


@right_required(VIEW_MAP)
@require_POST
def drawn_page(request: HttpRequest) -> HttpResponse:
    """The sheet of a polygon; it is nowhere kept, so its page sends it on to the files."""
    sheet, form = _drawn(request)
    return _page(request, sheet, {"drawn": form.data.get("geometry", ""), "drawn_name": form.cleaned_data["name"]})  # fmt: skip


@right_required(EXPORT_DATA)
@require_POST
def drawn_xlsx(request: HttpRequest) -> HttpResponse:
    sheet, _form = _drawn(request)
    return _file(request, sheet, "xlsx")


@right_required(EXPORT_DATA)
@require_POST
def drawn_docx(request: HttpRequest) -> HttpResponse:
    sheet, _form = _drawn(request)
    return _file(request, sheet, "docx")


def _asked(request: HttpRequest) -> AreaSheet:
    """`area=kind:code`; nothing asked for is the county, or a town officer's own town."""
    county, actor = current_county(), request_actor(request)
    actor.require(VIEW_MAP)
    mine = actor.town_codes
    first = f"{COUNTY}:" if mine is None else f"{TOWN}:{mine[0] if mine else ''}"
    kind, _colon, code = request.GET.get("area", first).replace("\x00", "").partition(":")
    return area_sheet(county, actor, kind=kind, code=code)


def _drawn(request: HttpRequest) -> tuple[AreaSheet, Drawn]:
    county, actor = current_county(), request_actor(request)
    actor.require(VIEW_MAP)
    form = Drawn(request.POST)
    if not form.is_valid():
        raise InputError(
            "geometry_invalid", _("图形的坐标无法读取。"), _("请在地图上重新绘制。"), field="geometry"
        )
    shape = polygon_4490(form.cleaned_data["geometry"], county)
    return drawn_sheet(county, actor, shape, name=form.cleaned_data["name"].replace("\x00", "")), form


def _page(request: HttpRequest, sheet: AreaSheet, more: dict[str, Any]) -> HttpResponse:
    actor = request_actor(request)
    context = {
        "sheet": sheet,
        "heading": heading(sheet),
        "sections": sections(sheet),
        "bars": bars(sheet),
        "basis": basis(sheet),
        "restricted": not actor.may(VIEW_FIRM_FIGURES),
        "may_export": actor.may(EXPORT_DATA),
    }
    return render(request, "parcels/area_sheets/sheet.html", context | more)


def _file(request: HttpRequest, sheet: AreaSheet, form: str) -> HttpResponse:
    name, content = hand_over(current_county(), request_actor(request), sheet, form)
    return download(content, name, XLSX if form == "xlsx" else DOCX)
