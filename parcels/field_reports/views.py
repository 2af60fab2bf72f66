"""Field reports on screen: the list, the form of a new one, and one report with its photos, drawing and answers.

Refuses what lies outside the actor's towns; a refusal of the domain is told beside its field with what was typed in.
"""

from __future__ import annotations

from typing import Any

import shapely
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from landgis.access.queries import Actor
from landgis.access.rules import EXPORT_DATA, MANAGE_IDLE_CASES, REPORT_FACTS, VIEW_MAP
from landgis.access.views import request_actor, right_required
from landgis.counties.queries import current_county
from landgis.lib.errors import LandgisError, NotFound
from landgis.lib.http import XLSX, download
from landgis.lib.lists import paged
from landgis.lib.uploads import MEBIBYTE
from parcels.field_reports.accepting import planned
from parcels.field_reports.actions import file_report
from parcels.field_reports.files import code_of, contract_of, foundation_of, workbook
from parcels.field_reports.forms import OutcomeForm, ReportFilter, ReportForm
from parcels.field_reports.handed_in import LARGEST_PHOTO, filed_from
from parcels.field_reports.models import FieldReport
from parcels.field_reports.queries import (
    choices,
    parcel_in_territory,
    photos_of,
    report_of,
    reports,
    town_of,
)
from parcels.field_reports.rules import BUILDING, FILED, STATES
from parcels.field_reports.sketch import sketch
from parcels.supply.queries import phase_in_territory, shape_of

PAGE_SIZE = 50


@right_required(VIEW_MAP)
@require_GET
def list_page(request: HttpRequest) -> HttpResponse:
    """The reports of the territory; a filter that makes no sense finds nothing."""
    county, actor = current_county(), request_actor(request)
    form = ReportFilter(request.GET, county=county)
    rows = reports(actor, form.filters()) if form.is_valid() else reports(actor).none()
    shown = paged(request, rows, PAGE_SIZE)
    context = {
        "form": form,
        **shown,
        "rows": [_row(report) for report in shown["page"]],
        "may_report": actor.may(REPORT_FACTS),
        "may_export": actor.may(EXPORT_DATA),
    }
    return render(request, "parcels/field_reports/list.html", context, status=200 if form.is_valid() else 422)


@right_required(EXPORT_DATA)
@require_GET
def list_xlsx(request: HttpRequest) -> HttpResponse:
    """The same list as a workbook."""
    county, actor, on = current_county(), request_actor(request), timezone.localdate()
    actor.require(VIEW_MAP)
    form = ReportFilter(request.GET, county=county)
    rows = list(reports(actor, form.filters())) if form.is_valid() else []
    return download(
        workbook(county, actor, on, rows), f"{county.name}现场核查报告（{on:%Y-%m-%d}）.xlsx", XLSX
    )


@right_required(REPORT_FACTS)
@require_http_methods(["GET", "POST"])
def new_page(request: HttpRequest) -> HttpResponse:
    """The form for a phase or a parcel; without either, a search for what is to be reported on."""
    asked = request.GET
    if not asked.get("phase") and not asked.get("parcel"):
        return _choose(request)
    county, actor = current_county(), request_actor(request)
    phase_id, parcel_code = _number(asked.get("phase")), "" if asked.get("phase") else asked["parcel"]
    subject = _subject(actor, phase_id, parcel_code)
    begins = {"visited_on": timezone.localdate(), "replaces": _number(asked.get("replaces")) or None}
    form = ReportForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        initial=begins,
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                filed = filed_from(request, form, county, phase_id, parcel_code)
                made = file_report(county=county, actor=actor, filed=filed, now=timezone.localtime())
            except LandgisError as error:
                form.refuse(error)
                status = error.status
            else:
                messages.success(request, _("已提交第 %(n)s 号现场核查报告。") % {"n": made.pk})
                return redirect("field-report", number=made.pk)
    context = {
        "form": form,
        "subject": subject,
        "photo_mb": LARGEST_PHOTO // MEBIBYTE,
        "again": begins["replaces"],
    }
    return render(request, "parcels/field_reports/new.html", context, status=status)


@right_required(VIEW_MAP)
@require_GET
def report_page(request: HttpRequest, number: int) -> HttpResponse:
    """One report as it was filed, its photos and where they were taken, and what can be done with it."""
    return show_report(request, number, OutcomeForm())


def show_report(request: HttpRequest, number: int, form: OutcomeForm, status: int = 200) -> HttpResponse:
    county, actor = current_county(), request_actor(request)
    report = report_of(actor, number)
    photos = photos_of(report)
    waiting = report.state == FILED  # type: ignore[attr-defined]
    decides = waiting and actor.may(MANAGE_IDLE_CASES) and actor.town_codes is None
    developed = report.developed_geom_4490
    places = [
        (photo.place_4490.x, photo.place_4490.y, str(n))
        for n, photo in enumerate(photos, 1)
        if photo.place_4490
    ]
    if report.place_4490 and report.place_source == "typed":
        places.append((report.place_4490.x, report.place_4490.y, _("位")))
    context: dict[str, Any] = {
        "report": report,
        "row": _row(report),
        "photos": photos,
        "sketch": sketch(
            shape_of(report.parcel),
            shapely.from_wkb(bytes(developed.wkb)) if developed else None,
            places,
            county.survey_crs,
        ),
        "form": form,
        "plan": planned(report, len(photos)) if decides else None,
        "may_decide": decides,
        "may_add": waiting and actor.may(REPORT_FACTS),
        "may_file_again": report.state == "returned"  # type: ignore[attr-defined]
        and actor.may(REPORT_FACTS)
        and not hasattr(report, "replaced_by"),
        "photo_mb": LARGEST_PHOTO // MEBIBYTE,
    }
    return render(request, "parcels/field_reports/report.html", context, status=status)


def _row(report: FieldReport) -> dict[str, Any]:
    """A report in the words of the list."""
    return {
        "report": report,
        "code": code_of(report),
        "contract": contract_of(report),
        "state": STATES[report.state],  # type: ignore[attr-defined]
        "building": BUILDING[report.building],
        "foundation": foundation_of(report),
    }


def _subject(actor: Actor, phase_id: int, parcel_code: str) -> dict[str, str]:
    """What is reported on, as the head of the form says it."""
    county = current_county()
    if parcel_code:
        parcel = parcel_in_territory(actor, parcel_code)
        return {"title": parcel.code, "holder": "", "location": parcel.location, "town": parcel.town_code}
    phase = phase_in_territory(county, actor, phase_id)
    if phase is None:
        raise NotFound(_("没有这一合同分期，或者不在本账号的范围内。"), remedy=_("请核对合同编号和分期。"))
    contract = phase.contract
    title = f"{contract}" + (_(" 第 %(n)s 期") % {"n": phase.phase_no} if phase.phase_no > 1 else "")
    return {
        "title": title,
        "holder": contract.holder_name,
        "location": contract.location or contract.parcel_code,
        "town": town_of(phase),
    }


def _choose(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:60]
    found = choices(current_county(), request_actor(request), text)
    return render(request, "parcels/field_reports/choose.html", {"q": text, "phases": found})


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 18 else 0
