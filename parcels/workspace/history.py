"""The story of a parcel as its panel and the map tell it: events with their papers, relatives, former states; the slider's days.

Refuses parcels outside the actor's territory; ended ones have a story too.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from typing import Any

from django.db.models import Count

from landgis.access.queries import Actor, in_territory
from landgis.counties.models import County
from landgis.lib.errors import NotFound
from layers.control_lines.models import ControlLine
from parcels.cadastre.attachments import attachments_by_event
from parcels.cadastre.lineage import (
    Relative,
    Story,
    ancestors,
    days_with_events,
    descendants,
    events_of,
    versions_of,
)
from parcels.cadastre.lineage_models import EVENT_KINDS
from parcels.cadastre.models import Parcel
from parcels.campaigns.models import Credit
from parcels.editing.queries import names_of


def lineage_of(county: County, actor: Actor, code: str) -> dict[str, Any]:
    """Everything that is on record of how the parcel came about and what became of it; a fixed number of statements."""
    row = in_territory(Parcel.objects.filter(county=county, code=code), actor).values("id").first()
    if row is None:
        raise NotFound(f"没有宗地 {code}，或不在您的管辖范围内。", remedy="请核对宗地代码。")
    number = row["id"]
    stories = events_of(actor, number)
    papers = attachments_by_event(actor, [story.id for story in stories])
    names = names_of(story.by for story in stories)
    return {
        "code": code,
        "events": [_event(story, papers.get(story.id, []), names) for story in stories],
        "ancestors": [_relative(one) for one in ancestors(actor, number)],
        "descendants": [_relative(one) for one in descendants(actor, number)],
        "versions": [_with_geometry(asdict(state)) for state in versions_of(actor, number)],
    }


def map_days(actor: Actor) -> dict[str, Any]:
    """The days on which what the map shows changed: events of the register, credits of the ledgers, versions of the line."""
    first, last, days = days_with_events(actor)
    told = Counter(dict(days))
    credits = in_territory(Credit.objects.filter(county=actor.county_code), actor)
    told.update(dict(credits.values_list("on").annotate(n=Count("pk")).order_by()))
    versions = ControlLine.objects.filter(county=actor.county_code)
    for field in ("valid_from", "valid_to"):
        days_of = versions.exclude(**{field: None}).values_list(field).annotate(n=Count("pk")).order_by()
        told.update(dict(days_of))
    bounds = [day for day in (first, last, *told) if day is not None]
    return {
        "first": min(bounds, default=None),
        "last": max(bounds, default=None),
        "days": [{"on": on, "events": told[on]} for on in sorted(told)],
    }


def _event(story: Story, papers: list[dict[str, Any]], names: dict[str, str]) -> dict[str, Any]:
    return {
        "id": story.id,
        "change_id": story.change_id,
        "kind": story.kind,
        "title": EVENT_KINDS[story.kind],
        "on": story.on,
        "recorded_at": story.recorded_at,
        "by": names.get(story.by, story.by),
        "reason": story.reason,
        "document": {"kind": story.document_kind, "no": story.document_no, "date": story.document_date},
        "parents": list(story.parents),
        "children": list(story.children),
        "others": list(story.others),
        "warnings_reason": story.warnings_reason,
        "attachments": papers,
        "reversible": story.reversible,
        "reversed_by": story.reversed_by,
    }


def _relative(one: Relative) -> dict[str, Any]:
    told = _with_geometry(asdict(one))
    del told["id"]
    return told


def _with_geometry(told: dict[str, Any]) -> dict[str, Any]:
    return told | {"geometry": json.loads(told.pop("geometry_4490"))}
