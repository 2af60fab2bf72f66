"""A person's notices with their filters, marking them read, the workbook, and the digest of a day to be printed.

Refuses the notices of anybody else: every address is that of the person who asks.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from landgis.access.models import User
from landgis.access.rules import EXPORT_DATA, VIEW_MAP
from landgis.access.views import request_actor, right_required
from landgis.counties.queries import current_county
from landgis.lib.errors import NotFound
from landgis.lib.http import XLSX, download
from landgis.lib.lists import paged
from parcels.disposal.wording import left_in_words
from parcels.notices.actions import mark_read, record_export
from parcels.notices.files import notices_workbook
from parcels.notices.forms import NoticeFilter
from parcels.notices.models import Notice
from parcels.notices.queries import digest_of, digests_of, notices_of, thresholds
from parcels.notices.rules import KIND_TITLES, SCOPE_TITLES, WHY_TITLES, threshold_title

PAGE_SIZE = 50
MOST_DIGESTS = 31


@right_required(VIEW_MAP)
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The notices that the filters ask for, and the last digests."""
    form, rows = _asked(request)
    shown = paged(request, rows, PAGE_SIZE)
    today, person = timezone.localdate(), _person(request)
    context: dict[str, Any] = {
        "form": form,
        **shown,
        "rows": [
            (
                notice,
                threshold_title(notice.threshold),
                KIND_TITLES.get(notice.kind, notice.kind),
                SCOPE_TITLES[notice.scope],
                WHY_TITLES.get(notice.settled_why, ""),
                left_in_words((notice.due_on - today).days),
            )
            for notice in shown["page"]
        ],
        "digests": digests_of(person.pk, current_county().code)[:MOST_DIGESTS],
        "may_export": request_actor(request).may(EXPORT_DATA),
    }
    return render(request, "parcels/notices/notices.html", context)


@right_required(VIEW_MAP)
@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Mark those chosen, or all that are open, as read."""
    numbers = [int(text) for text in request.POST.getlist("notice") if text.isdecimal() and len(text) < 19]
    marked = mark_read(
        county=current_county(),
        actor=request_actor(request),
        user=_person(request),
        numbers=None if request.POST.get("all") else numbers,
    )
    messages.success(request, _("%(n)s 条通知已标记为已读。") % {"n": marked})
    return redirect("notices")


@right_required(EXPORT_DATA)
@require_GET
def xlsx(request: HttpRequest) -> HttpResponse:
    """The same notices as a workbook."""
    county, actor, on = current_county(), request_actor(request), timezone.localdate()
    actor.require(VIEW_MAP)
    _form, rows = _asked(request)
    found = list(rows)
    record_export(county, actor, len(found))
    content = notices_workbook(county, actor.display_name or actor.username, on, found)
    return download(content, f"{county.name}办理期限通知（{on:%Y-%m-%d}）.xlsx", XLSX)


@right_required(VIEW_MAP)
@require_GET
def digest(request: HttpRequest, on: str) -> HttpResponse:
    """The digest of a day as it was written, ready to print."""
    try:
        day = date.fromisoformat(on)
    except ValueError:
        raise NotFound(_("日期有误。"), remedy=_("请在通知页面选择日期。")) from None
    county = current_county()
    found = digest_of(_person(request).pk, county.code, day)
    names = dict(county.towns.values_list("code", "name"))
    context = {
        "digest": found,
        "rows": [
            {
                **row,
                "threshold_title": threshold_title(row["threshold"]),
                "scope_title": SCOPE_TITLES[row["scope"]],
                "town": names.get(row["town_code"], ""),
                "left": left_in_words(row["days_left"]),
            }
            for row in found.rows
        ],
    }
    return render(request, "parcels/notices/digest.html", context)


def _asked(request: HttpRequest) -> tuple[NoticeFilter, Any]:
    person, county = _person(request), current_county()
    form = NoticeFilter(request.GET, bounds=thresholds(county, timezone.localdate()))
    # A filter that makes no sense finds nothing instead of everything.
    rows = notices_of(person.pk, county.code, form.cleaned_data) if form.is_valid() else Notice.objects.none()
    return form, rows


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
