"""What is still open before a run's grades may be published: the list with links, an officer's word on it, the export.

Refuses everybody but who manages the evaluation: the list holds figures of single firms.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from landgis.access.rules import EXPORT_DATA, MANAGE_EVALUATION
from landgis.access.views import request_actor, right_required
from landgis.audit.change import change
from landgis.counties.queries import current_county
from landgis.lib.errors import LandgisError
from landgis.lib.http import XLSX, download
from landgis.lib.sheets import Column, Table, workbook_of
from parcels.grading.readiness import (
    DOUBT,
    OUTDATED,
    OVER,
    ROW,
    STALE,
    TITLES,
    Open,
    accept,
    counted,
    openings,
    still_open,
)
from parcels.yearly.queries import RunFile

PAGE_SIZE = 100
COLUMNS: tuple[Column[Open], ...] = (
    Column("事项", 24, "text", lambda row: row.title),
    Column("内容", 60, "wrapped", lambda row: row.told),
    Column("处理办法", 40, "wrapped", lambda row: row.remedy),
    Column("认可人", 16, "text", lambda row: row.accepted.accepted_by if row.accepted else ""),
    Column("认可理由", 40, "wrapped", lambda row: row.accepted.reason if row.accepted else ""),
)


@right_required(MANAGE_EVALUATION)
@require_GET
def open_page(request: HttpRequest, run_id: int) -> HttpResponse:
    """Everything open of the run's year, with where each is settled."""
    return _page(request, RunFile(current_county(), request_actor(request), run_id))


@right_required(MANAGE_EVALUATION)
@require_POST
def accept_open(request: HttpRequest, run_id: int) -> HttpResponse:
    """An officer stands for what was ticked."""
    county, actor = current_county(), request_actor(request)
    try:
        count = accept(
            county=county, actor=actor, run_id=run_id, keys=request.POST.getlist("keys"),
            reason=request.POST.get("reason", "")[:1000],
        )  # fmt: skip
    except LandgisError as error:
        messages.error(request, str(error))
        return _page(request, RunFile(county, actor, run_id), status=error.status)
    messages.success(request, _("已认可 %(n)s 项。") % {"n": count})
    return redirect("evaluation-open", run_id=run_id)


@right_required(EXPORT_DATA)
@require_GET
def open_xlsx(request: HttpRequest, run_id: int) -> HttpResponse:
    """The list as it was filtered."""
    file = RunFile(current_county(), request_actor(request), run_id)
    rows = _chosen(request, openings(file.county, file.actor, file.run, file.state))
    title = f"{file.county.name}{file.run.year}年度评价未决事项"
    table = Table(
        title=title, note=f"第 {file.run.number} 次评价，{file.state_title}，共 {len(rows)} 项", unit="",
        footer=file.county.name, columns=COLUMNS, rows=rows,
    )  # fmt: skip
    with change(
        county_code=file.county.code, by=file.actor.username, action="export_evaluation_open", reason=f"导出{title}",
        run=run_id, rows=len(rows),
    ):  # fmt: skip
        content = workbook_of({"未决事项": table})
    return download(content, f"{title}.xlsx", XLSX)


def where(one: Open, year: int, run_id: int) -> str:
    """The page on which an open thing is settled."""
    if one.kind in (STALE, OUTDATED):
        return reverse("evaluation", args=[run_id])
    if one.kind == ROW:
        return f"{reverse('return-unmatched')}?{urlencode({'year': year})}"
    if one.kind == DOUBT:
        return f"{reverse('return-doubts')}?{urlencode({'year': year, 'q': one.where})}"
    if one.kind == OVER:
        return f"{reverse('land-use-parcel', args=[int(one.where)])}?{urlencode({'year': year})}"
    return f"{reverse('land-use-confirmations')}?{urlencode({'year': year})}"


def _page(request: HttpRequest, file: RunFile, status: int = 200) -> HttpResponse:
    found = openings(file.county, file.actor, file.run, file.state)
    kind = request.GET.get("kind", "")
    page = Paginator(_chosen(request, found), PAGE_SIZE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "file": file,
        "kinds": [(key, TITLES[key], count) for key, count in counted(found)],
        "kind": kind,
        "waiting": len(still_open(found)),
        "page": page,
        "rows": [(one, where(one, file.run.year, file.run.pk)) for one in page],
        "query": urlencode({"kind": kind}) if kind else "",
        "may_export": file.actor.may(EXPORT_DATA),
    }
    return render(request, "parcels/yearly/open.html", context, status=status)


def _chosen(request: HttpRequest, found: list[Open]) -> list[Open]:
    """Those of the kind asked for, what nobody stands for first."""
    kind = request.GET.get("kind", "")
    return sorted(
        (one for one in found if not kind or one.kind == kind), key=lambda one: one.accepted is not None
    )
