"""Saved change sets: the list, newest first, and one with all that was sent and accepted.

Refuses those that concern nothing of the actor's territory.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Max, QuerySet

from landgis.access.queries import Actor
from landgis.counties.models import County
from landgis.lib.errors import NotFound
from parcels.cadastre.lineage_models import EVENT_KINDS, CadastralEvent, EventParcel
from parcels.editing.queries import names_of


def change_sets(
    county: County, actor: Actor, *, page: int, page_size: int, parcel: str = ""
) -> dict[str, Any]:
    """A page of change sets, those of one parcel if it is named, in five statements."""
    events = _visible(county, actor)
    if parcel:
        events = events.filter(parcels__parcel__code=parcel)
    grouped = events.order_by().values("change_id").annotate(newest=Max("id"))
    start = (page - 1) * page_size
    numbers = [row["change_id"] for row in grouped.order_by("-newest")[start : start + page_size]]
    return {"total": grouped.count(), "page": page, "items": _rows(county, numbers)}


def change_set(county: County, actor: Actor, change_id: int) -> dict[str, Any]:
    """One change set with its operations and the warnings that were accepted."""
    if not _visible(county, actor).filter(change_id=change_id).exists():
        raise NotFound(
            f"没有编号为 {change_id} 的宗地变更，或不在您的管辖范围内。", remedy="请核对变更编号。"
        )
    (row,) = _rows(county, [change_id])
    first = CadastralEvent.objects.filter(county=county, change_id=change_id).order_by("id")[0]
    return row | {
        "operations": first.operations,
        "findings": first.findings,
        "warnings_reason": first.warnings_reason,
    }


def _visible(county: County, actor: Actor) -> QuerySet[CadastralEvent]:
    events = CadastralEvent.objects.filter(county=county)
    if actor.town_codes is not None:
        within = EventParcel.objects.filter(parcel__town_code__in=actor.town_codes).values("event_id")
        events = events.filter(id__in=within)
    return events


def _rows(county: County, numbers: Sequence[int]) -> list[dict[str, Any]]:
    events = list(
        CadastralEvent.objects.filter(county=county, change_id__in=numbers)
        .defer("operations", "findings")
        .select_related("reversed_by")
        .order_by("id")
    )
    codes = _codes([event.pk for event in events])
    names = names_of({event.by for event in events})
    rows = []
    for number in numbers:
        mine = [event for event in events if event.change_id == number]
        first = mine[0]
        taken_back = [other.change_id for event in mine if (other := getattr(event, "reversed_by", None))]
        rows.append(
            {
                "change_id": number,
                "on": first.on,
                "recorded_at": first.recorded_at,
                "by": names.get(first.by, first.by),
                "reason": first.reason,
                "document": {
                    "kind": first.document_kind, "no": first.document_no, "date": first.document_date,
                },
                "events": [
                    {"id": event.pk, "kind": event.kind, "title": EVENT_KINDS[event.kind]} for event in mine
                ],
                "parcels": sorted({code for event in mine for code in codes.get(event.pk, ())}),
                "reversed_by": taken_back[0] if taken_back else None,
            }
        )  # fmt: skip
    return rows


def _codes(events: Collection[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for event, code in EventParcel.objects.filter(event__in=events).values_list("event_id", "parcel__code"):
        found.setdefault(event, []).append(code)
    return found
