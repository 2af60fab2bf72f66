"""The sections that pages of lower rooms show of plans: those of a case, and what is due.

Refuses to show anything to whoever may not see plans; the rooms below know the tags' names and nothing else of plans.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template
from django.http import HttpRequest
from django.utils import timezone

from landgis.access.rules import VIEW_PLANS
from landgis.access.views import request_actor
from landgis.counties.queries import current_county
from parcels.disposal.models import IdleCase
from parcels.disposal.wording import left_in_words
from parcels.plans.deadlines import plan_duties
from parcels.plans.queries import plan_rows, visible
from parcels.plans.rules import right_to_manage
from parcels.plans.subjects import same_phase

register = template.Library()


@register.inclusion_tag("parcels/plans/of_case.html", takes_context=True)
def plans_of_case(context: dict[str, Any], case: IdleCase) -> dict[str, Any]:
    """The plans of a case or its phase, and the button that makes one."""
    request: HttpRequest = context["request"]
    actor = request_actor(request)
    if not actor.may(VIEW_PLANS):
        return {"shown": False}
    plans = visible(actor).filter(same_phase([case.phase_id]))
    rows = plan_rows(current_county(), actor, timezone.localdate(), plans)
    may_make = actor.may(right_to_manage("case")) and actor.town_codes is None
    none_open = all(row.standing.state == "closed" for row in rows)
    return {"shown": True, "rows": rows, "case": case, "may_make": may_make and none_open}


@register.inclusion_tag("parcels/plans/due.html", takes_context=True)
def plans_due(context: dict[str, Any], on: date, days: int, form: Any) -> dict[str, Any]:
    """What plans have to do within the days, by the officer and town of the page's filter."""
    request: HttpRequest = context["request"]
    actor = request_actor(request)
    if not actor.may(VIEW_PLANS) or not form.is_valid():
        return {"shown": False}
    asked = form.cleaned_data
    found = plan_duties(
        current_county(), actor, on, within_days=days, officer=asked["officer"], town=asked["town"]
    )
    return {"shown": True, "duties": [(due, left_in_words(due.days_left)) for due in found], "days": days}
