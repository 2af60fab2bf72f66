"""The number on the bell in the top bar.

Refuses to reckon for pages that don't show it: it is asked for when the template does, in one statement.
"""

from typing import Any

from django.http import HttpRequest

from landgis.access.rules import VIEW_MAP
from landgis.access.views import request_actor
from landgis.lib.errors import NotFound
from parcels.notices.queries import unread_count


def bell(request: HttpRequest) -> dict[str, Any]:
    def unread_notices() -> int | None:
        """None where the person has no bell."""
        user = getattr(request, "user", None)
        if not user or not user.is_authenticated:
            return None
        try:
            actor = request_actor(request)
        except NotFound:
            return None
        return unread_count(user.pk, actor.county_code) if actor.may(VIEW_MAP) else None

    return {"unread_notices": unread_notices}
