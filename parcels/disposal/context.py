"""The number in the top bar: how many of the officer's own cases are overdue or due within a week.

Refuses to reckon for pages that don't show it: it is worked out when the template asks.
"""

from functools import cache
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from landgis.access.rules import MANAGE_IDLE_CASES
from landgis.access.views import request_actor
from landgis.audit.kept import kept
from landgis.counties.queries import current_county
from landgis.lib.errors import NotFound
from parcels.disposal.case_list import SOON
from parcels.disposal.deadlines import deadlines


def notices(request: HttpRequest) -> dict[str, Any]:
    @cache  # the bar names it more than once
    def deadline_count() -> int:
        if not getattr(request, "user", None) or not request.user.is_authenticated:
            return 0
        try:
            county, actor = current_county(), request_actor(request)
        except NotFound:
            return 0
        if not actor.may(MANAGE_IDLE_CASES):
            return 0
        today = timezone.localdate()
        towns = None if actor.town_codes is None else frozenset(actor.town_codes)

        def count() -> int:
            found = deadlines(county, actor, today, within_days=SOON, officer=actor.username)
            return len(found.overdue) + sum(item.side != "window" for item in found.due)

        return kept("deadline_count", (county.code, actor.username, towns, today), count)

    return {"deadline_count": deadline_count}
