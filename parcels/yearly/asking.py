"""What the lists of a year's facts ask: of which year, by whom.

Refuses to guess a year that makes no sense: the list then is of the newest returned one, and finds nothing.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest

from landgis.access.queries import Actor
from landgis.access.rules import MANAGE_EVALUATION
from landgis.counties.models import County
from parcels.returns.queries import newest_return_year


def of_year(request: HttpRequest, county: County) -> dict[str, Any]:
    """What was asked for; of the newest returned year where none was."""
    given: dict[str, Any] = request.GET.dict()
    if not given.get("year"):
        given["year"] = str(newest_return_year(county))
    return given


def year_of(asked: forms.Form, county: County) -> int:
    return int(asked.cleaned_data["year"]) if asked.is_valid() else newest_return_year(county)


def manages(actor: Actor) -> bool:
    """Whether somebody may enter and decide for the whole county."""
    return actor.may(MANAGE_EVALUATION) and actor.town_codes is None
