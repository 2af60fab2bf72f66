"""The disposal lists on screen: what a list of today would hold, the issues that were frozen, and their files.

Refuses rows of other towns; what the law or the register objects to is said on the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from landgis.access.queries import Actor
from landgis.access.rules import EXPORT_DATA, ISSUE_DOCUMENTS, MANAGE_IDLE_CASES, VIEW_DOCUMENTS, VIEW_MAP
from landgis.access.views import request_actor, right_required
from landgis.counties.queries import current_county
from landgis.lib.errors import LandgisError
from landgis.lib.http import DOCX, XLSX
from landgis.lib.units import display_mu
from parcels.disposal_lists.actions import freeze_list, record_sending
from parcels.disposal_lists.files import map_sheet, workbook
from parcels.disposal_lists.forms import FreezeForm, ListForm, told
from parcels.disposal_lists.models import DisposalList
from parcels.disposal_lists.queries import (
    Filters,
    changes_of,
    heading_of,
    is_intact,
    issue,
    issues,
    listed_on,
    rows_of,
    scope_told,
)
from parcels.disposal_lists.rules import FINDING_TITLES, ListedCase, canonical

PAGE_SIZE = 50


@right_required(VIEW_MAP)
@require_GET
def lists_page(request: HttpRequest) -> HttpResponse:
    """The issues, and what a list with these filters would hold."""
    return _lists(request, ListForm(_asked(request), county=current_county()))


@right_required(MANAGE_IDLE_CASES)
@require_POST
def freeze(request: HttpRequest) -> HttpResponse:
    """Freeze the list under the next number; a refusal is told on the page with what was typed in."""
    county, actor = current_county(), request_actor(request)
    form = FreezeForm(request.POST, county=county)
    if not form.is_valid():
        messages.error(request, told(form))
        return _lists(request, form, 422)
    try:
        made = freeze_list(
            county=county,
            actor=actor,
            on=form.cleaned_data["on"],
            today=timezone.localdate(),
            filters=form.filters(),
            reason=form.cleaned_data["reason"],
            corrects_id=form.cleaned_data["corrects"],
        )
    except LandgisError as error:
        messages.error(request, str(error))
        return _lists(request, form, error.status)
    messages.success(request, _("已编制 %(issue)s。") % {"issue": made.issue_no})
    return redirect("disposal-list", pk=made.pk)


@right_required(VIEW_MAP)
@require_GET
def issue_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One issue: its rows as frozen, its number and hash, and what changed since the one before."""
    county, actor = current_county(), request_actor(request)
    found = issue(actor, pk)
    rows = rows_of(found, actor)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "issue": found,
        "scope": scope_told(county, found.filters),
        "rows": _shown(page.object_list),
        **_summed(rows),
        "page": page,
        "changes": changes_of(found, actor),
        "intact": is_intact(found),
        "part": actor.town_codes is not None,
        "corrected_by": getattr(found, "corrected_by", None),
        "may_freeze": _may_freeze(actor),
        "may_export": actor.may(EXPORT_DATA),
        "may_read_paper": _may_read_paper(actor),
    }
    return render(request, "parcels/disposal_lists/issue.html", context)


@right_required(EXPORT_DATA)
@require_GET
def issue_xlsx(request: HttpRequest, pk: int) -> HttpResponse:
    """The issue as the workbook that is sent upward; a town's part says that it is one."""
    actor, found, rows = _rows(request, pk)
    record_sending(found.county, actor, found, "xlsx", len(rows))
    part = "、".join(sorted({row.town for row in rows})) if actor.town_codes is not None else ""
    return _download(workbook(found, rows, changes_of(found, actor), part), found, "xlsx", XLSX)


@right_required(EXPORT_DATA)
@require_GET
def issue_map(request: HttpRequest, pk: int) -> HttpResponse:
    """The issue as one HTML file with a map."""
    actor, found, rows = _rows(request, pk)
    record_sending(found.county, actor, found, "html", len(rows))
    return _download(map_sheet(found.county, found, rows).encode(), found, "html", "text/html")


@right_required(EXPORT_DATA)
@require_GET
def issue_json(request: HttpRequest, pk: int) -> HttpResponse:
    """The very text that the hash is taken over, so that anybody can reckon it again."""
    actor, found, rows = _rows(request, pk)
    actor.require_whole_county(EXPORT_DATA)
    record_sending(found.county, actor, found, "json", len(rows))
    return _download(canonical(heading_of(found), rows).encode("utf-8"), found, "json", "application/json")


@right_required(VIEW_DOCUMENTS)
@require_GET
def issue_docx(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper as it was issued with the list; it holds the whole county."""
    actor, found, rows = _rows(request, pk)
    actor.require_whole_county(VIEW_DOCUMENTS)
    actor.require(EXPORT_DATA)
    record_sending(found.county, actor, found, "docx", len(rows))
    return _download(bytes(found.document.docx), found, "docx", DOCX)


def _lists(request: HttpRequest, form: ListForm, status: int = 200) -> HttpResponse:
    county, actor = current_county(), request_actor(request)
    rows: list[ListedCase] = []
    form.is_valid()
    if not {"on", *Filters._fields} & set(form.errors):  # a missing reason keeps nobody from seeing the rows
        rows = listed_on(county, actor, form.cleaned_data["on"], form.filters())
    elif status == 200:
        messages.error(request, told(form))
    frozen = Paginator(issues(actor), PAGE_SIZE).get_page(request.GET.get("issues"))
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context: dict[str, Any] = {
        "form": form,
        "rows": _shown(page.object_list),
        **_summed(rows),
        "page": page,
        "query": query.urlencode(),
        "issues": frozen,
        "may_freeze": _may_freeze(actor),
        "reason": request.POST.get("reason", ""),
        "corrects": _corrected(request, actor),
    }
    return render(request, "parcels/disposal_lists/list.html", context, status=status)


def _asked(request: HttpRequest) -> dict[str, Any]:
    asked = request.GET.dict()
    if not asked.get("on"):
        asked["on"] = f"{timezone.localdate():%Y-%m-%d}"
    return asked


def _corrected(request: HttpRequest, actor: Actor) -> DisposalList | None:
    """The issue that is about to be corrected, where one was named."""
    named = request.POST.get("corrects") or request.GET.get("corrects") or ""
    return issues(actor).filter(pk=int(named)).first() if named.isdecimal() and len(named) < 19 else None


def _rows(request: HttpRequest, pk: int) -> tuple[Actor, DisposalList, list[ListedCase]]:
    actor = request_actor(request)
    found = issue(actor, pk)
    return actor, found, rows_of(found, actor)


def _shown(rows: Any) -> list[tuple[ListedCase, str, str]]:
    return [
        (row, FINDING_TITLES[row.finding], display_mu(row.area_m2) if row.area_m2 else "—") for row in rows
    ]


def _summed(rows: Sequence[ListedCase]) -> dict[str, Any]:
    """The area of all rows, not of the page's; a row without one is counted, never taken for nothing."""
    known = [Decimal(row.area_m2) for row in rows if row.area_m2]
    return {"total_mu": display_mu(sum(known, Decimal(0))), "unmeasured": len(rows) - len(known)}


def _may_freeze(actor: Actor) -> bool:
    return actor.may(MANAGE_IDLE_CASES) and actor.may(ISSUE_DOCUMENTS) and actor.town_codes is None


def _may_read_paper(actor: Actor) -> bool:
    return actor.may(VIEW_DOCUMENTS) and actor.may(EXPORT_DATA) and actor.town_codes is None


def _download(content: bytes, found: DisposalList, kind: str, content_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    name = f"{found.county.name}闲置土地处置清单{found.issue_no}（{found.on:%Y-%m-%d}）.{kind}"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return response
