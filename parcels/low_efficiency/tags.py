"""The section that the page of deadlines shows of the 高耗低效 files.

Refuses to show them under an officer's name: files are answered for by towns and the county, their plans stand apart.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template

from landgis.access.rules import VIEW_MAP
from landgis.access.views import request_actor
from landgis.counties.queries import current_county
from parcels.disposal.wording import left_in_words
from parcels.low_efficiency.deadlines import file_duties

register = template.Library()


@register.inclusion_tag("parcels/low_efficiency/due_section.html", takes_context=True)
def low_efficiency_due(context: dict[str, Any], on: date, days: int, form: Any) -> dict[str, Any]:
    """What files have to do within the days, by the town of the page's filter."""
    actor = request_actor(context["request"])
    if not actor.may(VIEW_MAP) or not form.is_valid() or form.cleaned_data["officer"]:
        return {"shown": False}
    found = file_duties(
        current_county(), actor, on, within_days=days, town=form.cleaned_data["town"], with_plans=False
    )
    return {"shown": True, "duties": [(due, left_in_words(due.days_left)) for due in found], "days": days}
