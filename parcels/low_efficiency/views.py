"""The list of files, the candidates that the rules find, freezing the year's list, and its issues.

Refuses the candidates to who may not file them; a firm's figures are shown to those cleared for them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from landgis.access.queries import Actor
from landgis.access.rules import EXPORT_DATA, MANAGE_EVALUATION, VIEW_FIRM_FIGURES, VIEW_MAP
from landgis.access.views import request_actor, right_required
from landgis.audit.kept import kept
from landgis.counties.models import County
from landgis.counties.queries import current_county
from landgis.lib.errors import LandgisError
from landgis.lib.http import XLSX, download
from landgis.lib.lists import paged
from landgis.lib.units import display_mu
from parcels.low_efficiency.actions import file_firms, freeze_list
from parcels.low_efficiency.candidates import Candidates, find_candidates
from parcels.low_efficiency.forms import FileFilter, FilingForm, FreezeForm
from parcels.low_efficiency.models import LowEfficiencyFile, LowEfficiencyList
from parcels.low_efficiency.procedure import STATES, TITLES
from parcels.low_efficiency.queries import (
    FileRow,
    file_rows,
    heading_of,
    is_intact,
    list_of,
    listed_rows,
    lists,
    may_manage,
    narrowed,
)
from parcels.low_efficiency.rules import LABELS, SCALES, canonical
from parcels.low_efficiency.workbooks import files_workbook, list_workbook
from parcels.returns.queries import hints_of_firms

PAGE_SIZE, CANDIDATES_A_PAGE = 50, 200


@right_required(VIEW_MAP)
@require_GET
def list_page(request: HttpRequest) -> HttpResponse:
    """The files of the territory, and the lists that were frozen."""
    return _list(request)


@right_required(EXPORT_DATA)
@require_GET
def list_xlsx(request: HttpRequest) -> HttpResponse:
    county, actor, on = current_county(), request_actor(request), timezone.localdate()
    _form, _rows, found = _asked(request)
    content = files_workbook(county, actor, on, found)
    return download(content, f"{county.name}高耗低效企业台账（{on:%Y-%m-%d}）.xlsx", XLSX)


@right_required(MANAGE_EVALUATION)
@require_http_methods(["GET", "POST"])
def candidates_page(request: HttpRequest) -> HttpResponse:
    """What the rules say of a year's figures, and filing those that are chosen."""
    county, actor, today = current_county(), request_actor(request), timezone.localdate()
    actor.require_whole_county(MANAGE_EVALUATION)
    year = _year(request.GET.get("year"), today)
    begins = {"year": year, "on": today}
    form, status = FilingForm(request.POST or None, initial=begins), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            told = form.cleaned_data
            try:
                made = file_firms(
                    county=county, actor=actor, data_year=told["year"], usccs=request.POST.getlist("uscc"), on=told["on"],
                    today=today, category=told["category"], text=told["text"], label=told["label"],
                )  # fmt: skip
                messages.success(request, _("已建档 %(n)s 家。") % {"n": len(made)})
                return redirect("low-efficiency")
            except LandgisError as error:
                form.refuse(error)
                status = error.status
    if form.is_bound and form.is_valid():
        year = int(form.cleaned_data["year"])
    found = kept("low_candidates", (county.code, year, today), lambda: find_candidates(county, year, today))
    shown = request.GET.get("show", "")
    again = _relapsed(county, actor, found)
    unknown = Counter(
        told for text in found.judged.unknown[found.judged.undetermined] for told in str(text).split("；")
    )
    page = Paginator(_places(found, shown, again), CANDIDATES_A_PAGE).get_page(request.GET.get("page"))
    rows = _told(found, list(page), again)
    hinted = hints_of_firms(county, actor, [row["firm"].pk for row in rows])
    context = {
        "form": form,
        "found": found,
        "rows": [(row, hinted.get(row["firm"].pk, [])) for row in rows],
        "page": page,
        "show": shown,
        "unknown": unknown.most_common(),
        "undetermined": int(found.judged.undetermined.sum()),
        "listed": int(found.judged.listed.sum()),
        "relapsed": len(again),
        "query": urlencode({"year": year, "show": shown}),
        "chosen": set(request.POST.getlist("uscc")),
        "counts": [
            (LABELS[code], int((flags & found.judged.member).sum()))
            for code, flags in found.judged.labels.items()
        ],
        "population": int(found.judged.member.sum()),
        "years": sorted(found.grades),
    }
    return render(request, "parcels/low_efficiency/candidates.html", context, status=status)


@right_required(MANAGE_EVALUATION)
@require_POST
def freeze(request: HttpRequest) -> HttpResponse:
    """Freeze the open files into the year's next list."""
    form = FreezeForm(request.POST)
    if not form.is_valid():
        return _list(request, form, 422)
    told = form.cleaned_data
    try:
        made = freeze_list(
            county=current_county(), actor=request_actor(request), data_year=told["year"], on=told["on"],
            today=timezone.localdate(), reason=told["reason"], corrects_id=told["corrects"],
        )  # fmt: skip
    except LandgisError as error:
        form.refuse(error)
        return _list(request, form, error.status)
    messages.success(request, _("已编制 %(no)s。") % {"no": made.list_no})
    return redirect("low-efficiency-list", pk=made.pk)


@right_required(VIEW_MAP)
@require_GET
def issue_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A frozen list with its number and hash."""
    actor = request_actor(request)
    found = list_of(actor, pk)
    rows = listed_rows(found, actor)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    cleared = actor.may(VIEW_FIRM_FIGURES)
    context = {
        "issue": found,
        "rows": [(row, display_mu(row.land_m2) if row.land_m2 else "—") for row in page.object_list],
        "page": page,
        "intact": is_intact(found),
        "figures": cleared,
        "part": actor.town_codes is not None,
        "corrected_by": getattr(found, "corrected_by", None),
        "may_freeze": may_manage(actor),
        "may_export": actor.may(EXPORT_DATA),
        "may_check": cleared and actor.may(EXPORT_DATA) and actor.town_codes is None,
    }
    return render(request, "parcels/low_efficiency/issue.html", context)


@right_required(EXPORT_DATA)
@require_GET
def issue_xlsx(request: HttpRequest, pk: int) -> HttpResponse:
    actor = request_actor(request)
    found = list_of(actor, pk)
    content = list_workbook(found, actor, listed_rows(found, actor))
    return download(content, _file_name(found, "xlsx"), XLSX)


@right_required(EXPORT_DATA)
@require_GET
def issue_json(request: HttpRequest, pk: int) -> HttpResponse:
    """The very text that the hash is taken over; it holds figures of firms."""
    actor = request_actor(request)
    actor.require_whole_county(VIEW_FIRM_FIGURES)
    found = list_of(actor, pk)
    text = canonical(heading_of(found), listed_rows(found, actor))
    return download(text.encode("utf-8"), _file_name(found, "json"), "application/json")


def _list(request: HttpRequest, freezing: FreezeForm | None = None, status: int = 200) -> HttpResponse:
    county, actor, today = current_county(), request_actor(request), timezone.localdate()
    form, rows, found = _asked(request)
    named = request.GET.get("corrects", "")
    begins: dict[str, Any] = {
        "year": today.year - 1,
        "on": today,
        "corrects": named if named.isdecimal() else None,
    }
    context: dict[str, Any] = {
        "form": form,
        "counts": [
            (state, TITLES[state], n) for state in STATES if (n := sum(row.state == state for row in rows))
        ],
        **paged(request, found, PAGE_SIZE),
        "lists": Paginator(lists(county), PAGE_SIZE).get_page(request.GET.get("lists")),
        "freeze_form": freezing or FreezeForm(initial=begins),
        "may_manage": may_manage(actor),
        "may_export": actor.may(EXPORT_DATA),
    }
    return render(request, "parcels/low_efficiency/list.html", context, status=status)


def _asked(request: HttpRequest) -> tuple[FileFilter, list[FileRow], list[FileRow]]:
    """All rows, and those asked for; a filter that makes no sense finds nothing."""
    county = current_county()
    rows = file_rows(county, request_actor(request), timezone.localdate())
    form = FileFilter(request.GET, county=county)
    return form, rows, narrowed(rows, form.cleaned_data) if form.is_valid() else []


def _relapsed(county: County, actor: Actor, found: Candidates) -> dict[int, FileRow]:
    """Place of the firm → its file: struck off or shut, and by the figures of that year or a later one listed again."""
    ended = {
        row.file.enterprise_id: row
        for row in file_rows(county, actor, found.on)
        if row.ended_on is not None and row.ended_on.year <= found.data_year
    }
    return {
        at: ended[found.firms[at].pk]
        for at in found.judged.listed.nonzero()[0].tolist()
        if found.firms[at].pk in ended
    }


def _places(found: Candidates, show: str, again: Mapping[int, FileRow]) -> list[int]:
    """The listed firms, those that ended and are listed again, or those about which something is missing."""
    if show == "relapsed":
        return list(again)
    places: list[int] = (
        (found.judged.undetermined if show == "undetermined" else found.judged.listed).nonzero()[0].tolist()
    )
    return places


def _told(found: Candidates, shown: Sequence[int], again: Mapping[int, FileRow]) -> list[dict[str, Any]]:
    """The firms of a page with their figures."""
    filed = {
        uscc: (file_no, pk)
        for uscc, file_no, pk in LowEfficiencyFile.objects.filter(
            enterprise__in=[found.firms[at].pk for at in shown]
        ).values_list("enterprise__uscc", "file_no", "pk")
    }
    judged, facts = found.judged, found.facts
    return [
        {
            "firm": found.firms[at],
            "industry_code": facts.industry[at],
            "scale": SCALES[int(facts.above_scale[at])],
            "land_mu": display_mu(float(facts.land_m2[at]))
            if facts.land_m2[at] == facts.land_m2[at]
            else "—",
            "energy": f"{facts.energy_tce[at]:,.2f}" if facts.energy_tce[at] == facts.energy_tce[at] else "—",
            "labels": [
                (LABELS[code], str(judged.reasons[code][at]))
                for code, flags in judged.labels.items()
                if flags[at]
            ],
            "unknown": str(judged.unknown[at]),
            "listed": bool(judged.listed[at]),
            "file": filed.get(found.firms[at].uscc),
            "again": again.get(at),
        }
        for at in shown
    ]


def _year(text: str | None, today: date) -> int:
    """The year asked for; the year before this one where none or none that makes sense was."""
    return (
        int(text)
        if text and text.isdecimal() and 1990 <= int(text[:4]) <= 2200 and len(text) == 4
        else today.year - 1
    )


def _file_name(found: LowEfficiencyList, ending: str) -> str:
    return f"{found.county.name}高耗低效企业清单{found.list_no}（{found.on:%Y-%m-%d}）.{ending}"
