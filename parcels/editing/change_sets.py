"""Saved change sets: the list, newest first, and one with all that was sent and accepted.

Refuses those that concern nothing of the actor's territory, and of the others what lies beyond it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Max, QuerySet

from landgis.access.queries import Actor, territory_sql
from landgis.counties.models import County
from landgis.lib.columns import read_rows
from landgis.lib.errors import NotFound
from parcels.cadastre.lineage_models import EVENT_KINDS, CadastralEvent, EventParcel
from parcels.editing.queries import names_of

MOST_CODES = 200  # told of one change; a change of everything that matches a filter has as many as the county
# The parcels of each change: how many, some of them, and whether others lie beyond the territory.
CONCERNED = """
SELECT t.change_id, t.parcels, t.beyond,
       ARRAY(SELECT p.code
               FROM cadastre_event e
               JOIN cadastre_event_parcel m ON m.event_id = e.id
               JOIN cadastre_parcel p ON p.id = m.parcel_id
              WHERE e.change_id = t.change_id AND {territory}
              ORDER BY m.parcel_id LIMIT %(most)s)
  FROM (SELECT e.change_id, count(DISTINCT p.id) FILTER (WHERE {territory}) AS parcels,
               bool_or(NOT ({territory})) AS beyond
          FROM cadastre_event e
          JOIN cadastre_event_parcel m ON m.event_id = e.id
          JOIN cadastre_parcel p ON p.id = m.parcel_id
         WHERE e.county_id = %(county)s AND e.change_id = ANY(%(changes)s)
         GROUP BY e.change_id) AS t
"""


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
    return {"total": grouped.count(), "page": page, "items": _rows(county, actor, numbers)}


def change_set(county: County, actor: Actor, change_id: int) -> dict[str, Any]:
    """One change set with its operations and the warnings that were accepted, unless they are about other towns too."""
    if not _visible(county, actor).filter(change_id=change_id).exists():
        raise NotFound(
            f"没有编号为 {change_id} 的宗地变更，或不在您的管辖范围内。", remedy="请核对变更编号。"
        )
    (row,) = _rows(county, actor, [change_id])
    first = CadastralEvent.objects.filter(county=county, change_id=change_id).order_by("id")[0]
    told = not row["beyond"]
    return row | {
        "operations": first.operations if told else [],
        "findings": first.findings if told else [],
        "warnings_reason": first.warnings_reason if told else "",
    }


def _visible(county: County, actor: Actor) -> QuerySet[CadastralEvent]:
    events = CadastralEvent.objects.filter(county=county)
    if actor.town_codes is not None:
        within = EventParcel.objects.filter(parcel__town_code__in=actor.town_codes).values("event_id")
        events = events.filter(id__in=within)
    return events


def _rows(county: County, actor: Actor, numbers: Sequence[int]) -> list[dict[str, Any]]:
    events = list(
        _visible(county, actor)
        .filter(change_id__in=numbers)
        .defer("operations", "findings")
        .select_related("reversed_by")
        .order_by("id")
    )
    concerned = _concerned(county, actor, numbers)
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
                **concerned[number],
                "reversed_by": taken_back[0] if taken_back else None,
            }
        )  # fmt: skip
    return rows


def _concerned(county: County, actor: Actor, numbers: Sequence[int]) -> dict[int, dict[str, Any]]:
    territory, values = territory_sql(actor, alias="p")
    rows = read_rows(
        CONCERNED.format(territory=territory),
        {"county": county.code, "changes": list(numbers), "most": MOST_CODES, **values},
    )
    return {
        change: {"parcels": sorted(set(codes)), "parcels_total": count, "beyond": beyond}
        for change, count, beyond, codes in rows
    }
