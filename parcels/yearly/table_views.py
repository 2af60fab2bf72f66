"""The tables of a year: indicators by area, and sums of a run by town, industry, class and grade; as pages and workbooks.

Refuses what is to be kept secret the way the core does, and a run before its notice to whoever isn't cleared.
"""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from landgis.access.queries import Actor
from landgis.access.rules import EXPORT_DATA, VIEW_MAP
from landgis.access.views import request_actor, right_required
from landgis.counties.models import County
from landgis.counties.queries import current_county
from landgis.lib.errors import UsageError
from landgis.lib.http import XLSX, download
from parcels.evaluation.rules import INDICATORS, LAND
from parcels.grading.queries import newest_result
from parcels.grading.results import figure_titles
from parcels.grading.rules import WITHDRAWN
from parcels.grading.tables import DIMENSIONS, Cross, table
from parcels.schemes.reading import read_definition
from parcels.yearly.area_tables import AreaRow, area_rows, computed_years, scopes_for
from parcels.yearly.forms import AreaForm, CrossForm
from parcels.yearly.queries import visible_runs
from parcels.yearly.wording import RUN_STATES, SCOPES
from parcels.yearly.workbooks import area_workbook, cross_workbook

PAGE_SIZE = 100


@right_required(VIEW_MAP)
@require_GET
def areas_page(request: HttpRequest) -> HttpResponse:
    """The indicators of a year by area."""
    form, rows = _areas(request)
    query = request.GET.copy()
    query.pop("page", None)
    actor = request_actor(request)
    context: dict[str, Any] = {
        "form": form,
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "restricted": any(row.restricted for row in rows),
        "indicators": INDICATORS,
        "query": query.urlencode(),
        "may_export": actor.may(EXPORT_DATA) and bool(rows),
        "may_cross": actor.town_codes is None,
        "scope": form.data.get("scope") if form is not None else "",
        "is_parcels": form is not None and form.data.get("scope") == "parcel",
    }
    return render(request, "parcels/yearly/areas.html", context)


@right_required(EXPORT_DATA)
@require_GET
def areas_xlsx(request: HttpRequest) -> HttpResponse:
    county, actor = current_county(), request_actor(request)
    actor.require(VIEW_MAP)
    form, rows = _areas(request)
    if form is None or not form.is_valid():
        raise UsageError(_("没有这张表。"), remedy=_("请返回选择年度和范围。"))
    told = form.cleaned_data
    title = f"{county.name}{told['year']}年{SCOPES[told['scope']]}亩均指标表"
    return download(area_workbook(county, actor, title, rows), f"{title}.xlsx", XLSX)


@right_required(VIEW_MAP)
@require_GET
def cross_page(request: HttpRequest) -> HttpResponse:
    """Sums and counts of a run by two dimensions."""
    county, actor = current_county(), request_actor(request)
    actor.require_whole_county(VIEW_MAP)
    form, found, unit = _cross(request, county, actor)
    context: dict[str, Any] = {"form": form, "unit": unit, "may_export": actor.may(EXPORT_DATA)}
    if found is not None:
        context |= {
            "heads": [*(name or _("未定档") for name in found.columns), _("合计")],
            "lines": _lines(found),
            "hidden": bool(found.hidden.any()),
            "query": request.GET.urlencode(),
        }
    return render(request, "parcels/yearly/cross.html", context)


@right_required(EXPORT_DATA)
@require_GET
def cross_xlsx(request: HttpRequest) -> HttpResponse:
    county, actor = current_county(), request_actor(request)
    actor.require_whole_county(VIEW_MAP)
    form, found, unit = _cross(request, county, actor)
    if form is None or found is None:
        raise UsageError(_("没有这张表。"), remedy=_("请返回选择评价、行、列和数据项。"))
    told = form.cleaned_data
    title = f"{county.name}{DIMENSIONS[told['rows']]}×{DIMENSIONS[told['columns']]}汇总表"
    return download(cross_workbook(county, actor, title, found, unit), f"{title}.xlsx", XLSX)


def _areas(request: HttpRequest) -> tuple[AreaForm | None, list[AreaRow]]:
    county, actor = current_county(), request_actor(request)
    years, scopes = computed_years(county), scopes_for(actor)
    if not years:
        return None, []
    asked = {"year": str(years[0]), "scope": scopes[0]} | request.GET.dict()
    form = AreaForm(asked, years=years, scopes=scopes)
    if not form.is_valid():
        return form, []
    return form, area_rows(county, actor, form.cleaned_data["year"], form.cleaned_data["scope"])


def _cross(request: HttpRequest, county: County, actor: Actor) -> tuple[CrossForm | None, Cross | None, str]:
    runs = [(run, state) for run, state in visible_runs(county, actor) if state != WITHDRAWN]
    if not runs:
        return None, None, ""
    asked = request.GET.copy()
    for name, begin in (
        ("run", str(runs[0][0].pk)),
        ("rows", "town"),
        ("columns", "grade"),
        ("figure", LAND),
    ):
        asked.setdefault(name, begin)
    by_pk = {str(run.pk): run for run, _state in runs}
    chosen = by_pk.get(str(asked["run"]), runs[0][0])
    titles = figure_titles(read_definition(chosen.scheme_version.definition))
    form = CrossForm(
        asked,
        runs=[(run.pk, f"{run.year} 年第 {run.number} 次（{RUN_STATES[state]}）") for run, state in runs],
        figures=[(code, f"{title}（{unit}）") for code, (title, unit) in titles.items()],
    )
    if not form.is_valid():
        return form, None, ""
    told = form.cleaned_data
    result = newest_result(chosen)
    found = table(county, actor, result, rows=told["rows"], columns=told["columns"], figure=told["figure"])
    return form, _named(county, found, told), titles[told["figure"]][1]


def _named(county: County, found: Cross, told: dict[str, Any]) -> Cross:
    """Towns by their names."""
    towns = dict(county.towns.values_list("code", "name")) | {"": _("未注明镇街")}

    def names(codes: tuple[str, ...], dimension: str) -> tuple[str, ...]:
        if dimension == "town":
            return tuple(towns.get(code, code) for code in codes)
        return tuple(code or _("未注明") for code in codes) if dimension == "industry" else codes

    return Cross(
        names(found.rows, told["rows"]),
        names(found.columns, told["columns"]),
        found.firms,
        found.sums,
        found.hidden,
    )


def _lines(found: Cross) -> list[tuple[str, list[tuple[float | None, int]]]]:
    """Each row with its sums and counts; None where the sum isn't told."""
    names = [*(name or _("未定档") for name in found.rows), _("合计")]
    sums, firms, hidden = found.sums.tolist(), found.firms.tolist(), found.hidden.tolist()
    return [
        (name, [(None if hidden[r][c] else sums[r][c], firms[r][c]) for c in range(len(firms[r]))])
        for r, name in enumerate(names)
    ]
