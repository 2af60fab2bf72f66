"""The section that the page of deadlines shows of the campaigns' tasks.

Refuses to show them under an officer's name: tasks are answered for by towns and units.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template
from django.http import HttpRequest

from landgis.access.views import request_actor
from landgis.counties.queries import current_county
from parcels.tasks.queries import task_duties

register = template.Library()


@register.inclusion_tag("parcels/tasks/due.html", takes_context=True)
def tasks_due(context: dict[str, Any], on: date, days: int, form: Any) -> dict[str, Any]:
    """The tasks that are overdue or due within the days, by the town of the page's filter."""
    request: HttpRequest = context["request"]
    if not form.is_valid() or form.cleaned_data["officer"]:
        return {"shown": False}
    found = task_duties(
        current_county(), request_actor(request), on, within_days=days, town=form.cleaned_data["town"]
    )
    return {"shown": True, "dues": found, "days": days}
