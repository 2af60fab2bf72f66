"""The list of cases on screen and as a workbook, and the page that opens a case of a suspicion.

Refuses a case outside the actor's towns; a refusal of the domain is told on the page where it was asked for.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from landgis.access.rules import EXPORT_DATA, ISSUE_DOCUMENTS, MANAGE_IDLE_CASES, VIEW_MAP
from landgis.access.views import request_actor, right_required
from landgis.counties.queries import current_county
from landgis.lib.errors import LandgisError
from landgis.lib.http import XLSX, download
from parcels.disposal.actions import open_case
from parcels.disposal.case_list import CaseList, case_list, officers
from parcels.disposal.case_workbook import cases_workbook
from parcels.disposal.forms import CaseFilter, OpenForm
from parcels.idle_land.models import IdleFinding
from parcels.idle_land.queries import TITLES

PAGE_SIZE = 50


@right_required(VIEW_MAP)
@require_GET
def list_page(request: HttpRequest) -> HttpResponse:
    """The cases of the territory with their stage and what is due next."""
    actor = request_actor(request)
    form, found = _asked(request)
    query = request.GET.copy()
    query.pop("page", None)
    context: dict[str, Any] = {
        "form": form,
        "counts": [
            ("open", _("未销号"), found.counts["open"]),
            ("overdue", _("已逾期"), found.counts["overdue"]),
            ("soon", _("7 天内到期"), found.counts["soon"]),
            ("closed", _("已销号"), found.counts["closed"]),
        ],
        "page": Paginator(found.rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "query": query.urlencode(),
        "may_export": actor.may(EXPORT_DATA),
        "may_issue": actor.may(ISSUE_DOCUMENTS) and actor.town_codes is None,
    }
    return render(request, "parcels/disposal/cases.html", context)


@right_required(EXPORT_DATA)
@require_GET
def list_xlsx(request: HttpRequest) -> HttpResponse:
    """The same list as a workbook that is ready to print."""
    county, actor, on = current_county(), request_actor(request), timezone.localdate()
    actor.require(VIEW_MAP)
    _form, found = _asked(request)
    content = cases_workbook(county, actor, on, found.rows)
    return download(content, f"{county.name}闲置土地处置案件台账（{on:%Y-%m-%d}）.xlsx", XLSX)


@right_required(MANAGE_IDLE_CASES)
@require_http_methods(["GET", "POST"])
def open_page(request: HttpRequest) -> HttpResponse:
    """A suspicion with the form that makes a case of it; why it can't be one stands beside the form."""
    county, actor = current_county(), request_actor(request)
    finding = get_object_or_404(
        IdleFinding.objects.select_related("phase__contract", "screening").filter(screening__county=county),
        pk=_number((request.POST if request.method == "POST" else request.GET).get("finding")),
    )
    begins = {
        "finding": finding.pk,
        "on": timezone.localdate(),
        "officer": actor.username,
        "source": _("%(on)s 筛查") % {"on": finding.screening.on},
        "reason": _("立案调查"),
    }
    form = OpenForm(request.POST if request.method == "POST" else None, initial=begins)
    status, refused = 200, None
    if request.method == "POST":
        status = 422
        if form.is_valid():
            asked = dict(form.cleaned_data)
            asked["finding_id"] = asked.pop("finding")
            try:
                if asked["on"] > timezone.localdate():
                    form.add_error("on", _("日期晚于今天，尚未发生的事不能登记。"))
                else:
                    case = open_case(county=county, actor=actor, **asked)
                    messages.success(request, _("已立案 %(no)s。") % {"no": case.case_no})
                    return redirect("case", case_id=case.pk)
            except LandgisError as error:
                refused, status = error, error.status
    context = {"form": form, "finding": finding, "title": TITLES[finding.finding], "refused": refused}
    return render(request, "parcels/disposal/open.html", context, status=status)


def _asked(request: HttpRequest) -> tuple[CaseFilter, CaseList]:
    """What the filters ask for; a filter that makes no sense finds nothing instead of everything."""
    county, actor, on = current_county(), request_actor(request), timezone.localdate()
    found = case_list(county, actor, on)
    form = CaseFilter(request.GET, county=county, officers=officers(found.rows), stages=found.stages)
    return form, found.narrowed(form.cleaned_data) if form.is_valid() else found.narrowed(None)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 18 else 0
