"""Under which issue a week stands frozen, for the pages of rooms below.

Refuses the button that freezes to whoever may not.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template
from django.http import HttpRequest

from landgis.access.rules import MANAGE_CAMPAIGNS
from landgis.access.views import request_actor
from parcels.reports.queries import issues

register = template.Library()


@register.inclusion_tag("parcels/reports/of_week.html", takes_context=True)
def issue_of_week(context: dict[str, Any], first: date, last: date) -> dict[str, Any]:
    """The weekly report whose cut-off lies in the week and that nothing corrected, or how to make it."""
    request: HttpRequest = context["request"]
    actor = request_actor(request)
    standing = (
        issues(actor, "weekly").filter(on__range=(first, last), corrected_by=None).order_by("-on", "-id")
    )
    may_freeze = actor.may(MANAGE_CAMPAIGNS) and actor.town_codes is None
    return {"issue": standing.first(), "last": last, "may_freeze": may_freeze}
