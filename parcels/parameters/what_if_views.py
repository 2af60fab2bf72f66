"""What would come out otherwise under other parameters, on screen and as a workbook; nothing is stored.

Refuses what lies outside the actor's towns, and values that the parameters' own kinds refuse.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from landgis.access.rules import EXPORT_DATA, VIEW_MAP
from landgis.access.views import request_actor, right_required
from landgis.counties.queries import current_county
from landgis.lib.errors import LandgisError, UsageError
from landgis.lib.http import XLSX, download
from landgis.lib.lists import paged
from parcels.parameters.forms import TriedForm, told
from parcels.parameters.otherwise import compare
from parcels.parameters.queries import listed
from parcels.parameters.rules import is_tried
from parcels.parameters.workbooks import otherwise_workbook

PAGE_SIZE = 50


@right_required(VIEW_MAP)
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The values that may be tried, and what they would change."""
    county, actor, form = current_county(), request_actor(request), _form(request)
    found, status = None, 200
    if not form.is_valid():
        messages.error(request, told(form))
        status = 422
    elif form.otherwise:
        try:
            found = compare(county, actor, form.day, form.otherwise, form.cleaned_data["since"] or date.min)
        except LandgisError as error:
            messages.error(request, str(error))
            status = error.status
    context: dict[str, Any] = {
        "form": form,
        "found": found,
        **paged(request, found.rows if found else [], PAGE_SIZE),
        "may_export": actor.may(EXPORT_DATA) and found is not None,
    }
    return render(request, "parcels/parameters/what_if.html", context, status=status)


@right_required(EXPORT_DATA)
@require_GET
def page_xlsx(request: HttpRequest) -> HttpResponse:
    """The same as a workbook."""
    county, actor, form = current_county(), request_actor(request), _form(request)
    actor.require(VIEW_MAP)
    if not form.is_valid():
        raise UsageError(told(form), remedy=_("请返回改正后重试。"))
    found = compare(county, actor, form.day, form.otherwise, form.cleaned_data["since"] or date.min)
    content = otherwise_workbook(county, actor, found)
    return download(content, f"{county.name}规则参数变更影响表（{found.on}）.xlsx", XLSX)


def _form(request: HttpRequest) -> TriedForm:
    asked = request.GET.dict()
    asked["on"] = asked.get("on") or f"{timezone.localdate():%Y-%m-%d}"
    rows = [
        row
        for row in listed(current_county(), timezone.localdate())
        if row.item.kind and is_tried(row.item.key)
    ]
    return TriedForm(asked, rows=rows)
