"""What the files ask for, due and overdue, on screen and as a workbook.

Refuses to change anything: each row leads to the file on which it is done.
"""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from landgis.access.rules import EXPORT_DATA, VIEW_MAP
from landgis.access.views import request_actor, right_required
from landgis.counties.queries import current_county
from landgis.lib.http import XLSX, download
from parcels.disposal.deadlines import SOON_DAYS
from parcels.disposal.wording import left_in_words
from parcels.low_efficiency.deadlines import KINDS, FileDue, file_duties
from parcels.low_efficiency.workbooks import duties_workbook

PAGE_SIZE = 100


@right_required(VIEW_MAP)
@require_GET
def due_page(request: HttpRequest) -> HttpResponse:
    """What is overdue and what falls due, by kind."""
    found, kind = _found(request)
    shown = [due for due in found if not kind or due.kind == kind]
    page = Paginator(shown, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(due, left_in_words(due.days_left)) for due in page],
        "counts": [(code, title, sum(due.kind == code for due in found)) for code, title in KINDS.items()],
        "overdue": sum(due.overdue for due in shown),
        "kind": kind,
        "days": SOON_DAYS,
        "query": f"kind={kind}",
        "may_export": request_actor(request).may(EXPORT_DATA),
    }
    return render(request, "parcels/low_efficiency/due.html", context)


@right_required(EXPORT_DATA)
@require_GET
def due_xlsx(request: HttpRequest) -> HttpResponse:
    county, on = current_county(), timezone.localdate()
    found, kind = _found(request)
    shown = [due for due in found if not kind or due.kind == kind]
    content = duties_workbook(county, request_actor(request), on, shown)
    return download(content, f"{county.name}高耗低效企业应办事项（{on:%Y-%m-%d}）.xlsx", XLSX)


def _found(request: HttpRequest) -> tuple[list[FileDue], str]:
    found = file_duties(current_county(), request_actor(request), timezone.localdate(), within_days=SOON_DAYS)
    kind = request.GET.get("kind", "")
    return found, kind if kind in KINDS else ""
