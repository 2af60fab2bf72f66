"""Where a parcel comes from and what became of it: ancestors, descendants, events, former states, days with events.

Refuses parcels outside the actor's territory; the number of statements is fixed, however long the story.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from landgis.access.queries import Actor, territory_sql
from parcels.cadastre.standing import standing_on

FARTHEST = 50  # generations
MOST_PARTS = 500  # parcels of one event

# Nearest first; a parcel that is reached in two ways stands in the nearer generation.
_WALK = """
WITH RECURSIVE walk (id, generation) AS (
    SELECT {to}_id, 1 FROM cadastre_lineage WHERE {since}_id = %(parcel)s
     UNION
    SELECT l.{to}_id, walk.generation + 1
      FROM walk JOIN cadastre_lineage l ON l.{since}_id = walk.id
     WHERE walk.generation < %(farthest)s)
SELECT p.id, p.code, p.valid_from, p.valid_to, min(walk.generation), ST_AsGeoJSON(p.geom_4490, 9)
  FROM walk JOIN cadastre_parcel p ON p.id = walk.id
 WHERE {territory}
 GROUP BY p.id
 ORDER BY min(walk.generation), p.code
"""
ANCESTORS = _WALK.replace("{to}", "ancestor").replace("{since}", "descendant")
DESCENDANTS = _WALK.replace("{to}", "descendant").replace("{since}", "ancestor")

# The first day of a parcel is that of its oldest state.
SINCE = """
SELECT v.parcel_id, min(v.valid_from) FROM cadastre_parcel_version v WHERE v.parcel_id = ANY(%(ids)s) GROUP BY 1
"""

EVENTS = """
SELECT e.id, e.change_id, e.kind, e."on", e.recorded_at, e."by", e.reason, e.document_kind, e.document_no, e.document_date,
       (SELECT max(f.warnings_reason) FROM cadastre_event f WHERE f.change_id = e.change_id),
       r.change_id AS reversed_by, t.change_id AS reverses
  FROM cadastre_event e
  LEFT JOIN cadastre_event r ON r.reverses_id = e.id
  LEFT JOIN cadastre_event t ON t.id = e.reverses_id
 WHERE e.county_id = %(county)s
   AND e.id IN (SELECT m.event_id FROM cadastre_event_parcel m WHERE m.parcel_id = %(parcel)s)
 ORDER BY e.id DESC
"""
# Of an event of everything that matched a filter the first parcels are told, not a county of them.
PARTS = """
SELECT e.id, m.role, m.code
  FROM unnest(%(events)s::bigint[]) AS e (id)
 CROSS JOIN LATERAL (
       SELECT m.role, p.code FROM cadastre_event_parcel m JOIN cadastre_parcel p ON p.id = m.parcel_id
        WHERE m.event_id = e.id AND {territory}
        ORDER BY m.role = 'changed', m.parcel_id LIMIT %(most)s) AS m
"""
# What was changed again since: surely, where something else than a reversal came last; else it depends on what was reversed.
TOUCHED = """
SELECT e.change_id, bool_or(r.id IS NULL), array_agg(p.id) FILTER (WHERE r.id IS NOT NULL)
  FROM cadastre_event e
  JOIN cadastre_event_parcel m ON m.event_id = e.id
  JOIN cadastre_parcel p ON p.id = m.parcel_id AND p.change_id <> e.change_id
  LEFT JOIN LATERAL (
       SELECT r.id FROM cadastre_event r
        WHERE r.change_id = p.change_id AND r.reverses_id IS NOT NULL LIMIT 1) AS r ON true
 WHERE e.change_id = ANY(%(changes)s)
 GROUP BY e.change_id
"""
# Each state with the kind of event that it began with: the present one too, so that the story has no hole.
# A state of another town is that town's business.
VERSIONS = """
SELECT s.valid_from, s.valid_to, s.version, s.planar_area_m2, began.kind, ST_AsGeoJSON(s.geom_4490, 9)
  FROM (SELECT p.valid_from, p.valid_to, p.was_change_id AS version, p.planar_area_m2, p.geom_4490
          FROM cadastre_parcel_version p WHERE p.parcel_id = %(parcel)s AND {territory}
         UNION ALL
        SELECT p.valid_from, p.valid_to, p.change_id, p.planar_area_m2, p.geom_4490
          FROM cadastre_parcel p WHERE p.id = %(parcel)s AND {territory}) AS s
  LEFT JOIN LATERAL (
       SELECT e.kind FROM cadastre_event_parcel m JOIN cadastre_event e ON e.id = m.event_id
        WHERE m.parcel_id = %(parcel)s AND m.role NOT IN ('parent', 'retired')
          AND e."on" = s.valid_from AND e.change_id <= s.version  -- an ended row has the number of what ended it
        ORDER BY e.id DESC LIMIT 1) AS began ON true
 ORDER BY s.version
"""
DAYS = """
SELECT e."on", count(DISTINCT e.id)
  FROM cadastre_event e
  JOIN cadastre_event_parcel m ON m.event_id = e.id
  JOIN cadastre_parcel p ON p.id = m.parcel_id
 WHERE {territory}
 GROUP BY e."on" ORDER BY e."on"
"""
DAYS_OF_COUNTY = """
SELECT e."on", count(*) FROM cadastre_event e WHERE e.county_id = %(territory_county)s GROUP BY 1 ORDER BY 1
"""
BOUNDS = """
SELECT least(min(p.valid_from), (SELECT min(p.valid_from) FROM cadastre_parcel_version p WHERE {territory})),
       max(greatest(p.valid_from, p.valid_to))
  FROM cadastre_parcel p WHERE {territory}
"""


@dataclass(frozen=True, slots=True)
class Relative:
    """An ancestor or descendant: its first day, its last (exclusive), and how many generations away it stands."""

    id: int
    code: str
    valid_from: date
    valid_to: date | None
    generation: int
    geometry_4490: str


@dataclass(frozen=True, slots=True)
class Story:
    """An event as it is told of a parcel; `others` took over vertices or changed beside it."""

    id: int
    change_id: int
    kind: str
    on: date
    recorded_at: datetime
    by: str
    reason: str
    document_kind: str
    document_no: str
    document_date: date | None
    warnings_reason: str
    reversed_by: int | None
    reverses: int | None
    parents: tuple[str, ...]
    children: tuple[str, ...]
    others: tuple[str, ...]
    reversible: bool


TOLD = tuple(Story.__dataclass_fields__)[:13]  # what EVENTS reads, in its order
REVERSED_BY = TOLD.index("reversed_by")


@dataclass(frozen=True, slots=True)
class State:
    """What the parcel was or is, with the kind of event that it began with ("" = entered by a delivery)."""

    valid_from: date
    valid_to: date | None
    version: int
    planar_area_m2: float
    event_kind: str
    geometry_4490: str


def ancestors(actor: Actor, parcel_id: int) -> list[Relative]:
    return _relatives(ANCESTORS, actor, parcel_id)


def descendants(actor: Actor, parcel_id: int) -> list[Relative]:
    return _relatives(DESCENDANTS, actor, parcel_id)


def events_of(actor: Actor, parcel_id: int) -> list[Story]:
    """What happened to the parcel, the newest first (four statements)."""
    rows = _rows(EVENTS, county=actor.county_code, parcel=parcel_id)
    ids = [row[0] for row in rows]
    territory, values = territory_sql(actor, alias="p")
    parts = _by_event(_rows(PARTS.format(territory=territory), events=ids, most=MOST_PARTS, **values))
    touched = _changed_since([row[1] for row in rows if row[REVERSED_BY] is None])
    return [_story(row, parts.get(row[0], ()), touched) for row in rows]


def versions_of(actor: Actor, parcel_id: int) -> list[State]:
    """The parcel's states from the first to the present one."""
    territory, values = territory_sql(actor, alias="p")
    rows = _rows(VERSIONS.format(territory=territory), parcel=parcel_id, **values)
    return [State(*[*row[:4], row[4] or "", row[5]]) for row in rows]


def days_with_events(actor: Actor) -> tuple[date | None, date | None, list[tuple[date, int]]]:
    """The first and last day on which the register changed, and each day with how many events (two statements)."""
    territory, values = territory_sql(actor, alias="p")
    [(first, last)] = _rows(BOUNDS.format(territory=territory), **values)
    every = DAYS_OF_COUNTY if actor.town_codes is None else DAYS.format(territory=territory)
    days = [(day, count) for day, count in _rows(every, **values)]
    return first, last, days


def _relatives(statement: str, actor: Actor, parcel_id: int) -> list[Relative]:
    territory, values = territory_sql(actor, alias="p")
    rows = _rows(statement.format(territory=territory), parcel=parcel_id, farthest=FARTHEST, **values)
    since = dict(_rows(SINCE, ids=[row[0] for row in rows]))
    return [
        Relative(row[0], row[1], min(row[2], since.get(row[0], row[2])), row[3], row[4], row[5])
        for row in rows
    ]


def _story(row: tuple[Any, ...], parts: Sequence[tuple[Any, ...]], touched: Collection[int]) -> Story:
    def codes(*roles: str) -> tuple[str, ...]:
        return tuple(sorted({code for role, code in parts if role in roles}))

    # A reversal ends what it takes back and brings back what that had ended: told as parents and children too.
    return Story(
        **dict(zip(TOLD, row, strict=True)),
        parents=codes("parent", "retired"),
        children=codes("child", "registered", "restored"),
        others=codes("adjusted", "densified", "changed"),
        reversible=row[REVERSED_BY] is None and row[1] not in touched,
    )


def _changed_since(changes: Sequence[int]) -> set[int]:
    """Changes of which a parcel was changed again since; facts of other rooms are asked when one is taken back."""
    found, open_questions = set(), {}
    for change, surely, parcels in _rows(TOUCHED, changes=list(changes)):
        if surely:
            found.add(change)
        else:
            open_questions[change] = parcels
    standing = standing_on([parcel for parcels in open_questions.values() for parcel in parcels])
    unlike = (
        change for change, ids in open_questions.items() if any(change not in standing[id] for id in ids)
    )
    return found | set(unlike)


def _by_event(rows: Sequence[tuple[Any, ...]]) -> dict[int, list[tuple[Any, ...]]]:
    grouped: dict[int, list[tuple[Any, ...]]] = {}
    for event, *rest in rows:
        grouped.setdefault(event, []).append(tuple(rest))
    return grouped


def _rows(statement: str, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
