"""What the desk's pages have in common: pages of rows, the year asked for, downloads, and refusals told on the page.

Refuses nothing itself: a form that isn't filled in right is told with its status.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header

from landgis.access.queries import Actor
from landgis.audit.kept import kept
from landgis.counties.models import County
from landgis.lib.errors import LandgisError, UsageError
from parcels.firm_desk.forms import Styled, told
from parcels.firm_desk.workbooks import Made
from parcels.land_use.checks import problems
from parcels.land_use.rules import Problem
from parcels.returns.queries import newest_return_year

AnyForm = TypeVar("AnyForm", bound=Styled)

PAGE_SIZE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def with_year(request: HttpRequest, county: County) -> dict[str, Any]:
    """What was asked, for the newest year with figures where none was named."""
    asked = request.GET.dict()
    if not asked.get("year"):
        asked["year"] = str(newest_return_year(county))
    return asked


def valid(form: AnyForm) -> AnyForm:
    """The form, where a file is asked for and there is no page to tell on."""
    if not form.is_valid():
        raise UsageError(told(form), remedy="请返回改正后重试。")
    return form


def paged(request: HttpRequest, rows: Sequence[Any]) -> dict[str, Any]:
    """One page of rows, and the query that its links carry on."""
    query = request.GET.copy()
    query.pop("page", None)
    return {"page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")), "query": query.urlencode()}


def download(made: Made) -> HttpResponse:
    name, content = made
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return response


def towns_of(county: County) -> dict[str, str]:
    return dict(county.towns.order_by("code").values_list("code", "name"))


def back_with(request: HttpRequest, error: LandgisError | str, where: str) -> HttpResponse:
    """Back to the page that was left, with what is wrong."""
    messages.error(request, str(error))
    return redirect(where)


def problems_of(county: County, actor: Actor, year: int) -> list[Problem]:
    """What doesn't fit in the actor's towns; one parcel's problems cost as much as all, so all are kept."""
    key = (county.code, actor.town_codes, year)
    return kept("land_use_problems", key, lambda: problems(county, actor, year))
