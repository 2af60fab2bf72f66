"""The public page of idle land: no account, no session, nothing but what article 11 makes public.

Refuses every parameter but the page's number, and search engines: what was taken down shall not live on elsewhere.
"""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from landgis.counties.queries import current_county
from landgis.lib.errors import NotFound
from parcels.disclosure.queries import disclosed_on, is_enabled

PAGE_SIZE = 50


@require_safe
def disclosure_page(request: HttpRequest) -> HttpResponse:
    """Place, holder, idle time and cause of what is disclosed today."""
    county, today = current_county(), timezone.localdate()
    if not is_enabled(county, today):
        raise NotFound(_("本县没有在此公开闲置土地信息。"), remedy=_("请向县自然资源和规划局查询。"))
    page = Paginator(disclosed_on(county, today), PAGE_SIZE).get_page(request.GET.get("page"))
    response = render(request, "parcels/disclosure/page.html", {"page": page, "on": today})
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Cache-Control"] = "no-cache"
    return response
