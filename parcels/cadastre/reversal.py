"""A change of parcels taken back by a new event: the same bytes of shape, the same facts and rights, from a day on.

Refuses when anything that the change made was changed since, and names those changes; what it undid stays on record, so
that a reversal can itself be reversed. Refuses to leave facts of other rooms behind: their carriers are handed in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from django.utils import timezone

from landgis.access.queries import Actor
from landgis.access.rules import EDIT_CADASTRE
from landgis.audit.models import AuditEvent
from landgis.counties.models import County
from landgis.counties.queries import parameters
from landgis.lib.columns import read_rows
from landgis.lib.errors import Conflict, Forbidden, InputError, NotFound
from landgis.lib.taking_back import DatedRows, TakenBack
from parcels.cadastre.as_of import REGISTER
from parcels.cadastre.event_rows import write_events, write_parts
from parcels.cadastre.lineage_models import REVERSAL, CadastralEvent, EventParcel
from parcels.cadastre.numbering import cadastre_change
from parcels.cadastre.parcel_rows import (
    Stored,
    bring_back_parcels,
    end_parcels,
    keep_states,
    locked,
    put_back_states,
)
from parcels.cadastre.standing import standing_on, taken_back
from parcels.cadastre.transitions import Applied, Document, EventMade

HOLDINGS = DatedRows("cadastre_holding", "parcel_id")

# What a part in an event becomes when the event is taken back.
TAKEN_BACK = {
    "parent": "restored",
    "retired": "restored",
    "child": "retired",
    "registered": "retired",
    "restored": "retired",
    "adjusted": "adjusted",
    "densified": "densified",
    "changed": "changed",
}

# Ground that comes back and was meanwhile given to others.
TAKEN = """
SELECT DISTINCT b.change_id
  FROM cadastre_parcel a
  JOIN cadastre_parcel b ON b.county_id = a.county_id AND b.valid_to IS NULL AND b.change_id > %(change)s
       AND NOT b.change_id = ANY(%(passed)s) AND NOT b.id = ANY(%(touched)s)
       AND b.geom_3857 && a.geom_3857 AND ST_Intersects(a.geom_4490, b.geom_4490)
 WHERE a.id = ANY(%(back)s)
   AND ST_Area(ST_Intersection(a.geom_4490, b.geom_4490)::geography) >= %(least)s
"""
# Ground that comes back on a day that is over, and was somebody's for a time since.
TAKEN_THEN = f"""
SELECT b.code, max(b.valid_to)
  FROM cadastre_parcel a
  JOIN {REGISTER} b ON b.county_id = a.county_id AND b.valid_to > %(on)s AND b.valid_to > b.valid_from
       AND NOT b.id = ANY(%(touched)s) AND b.geom_3857 && a.geom_3857 AND ST_Intersects(a.geom_4490, b.geom_4490)
 WHERE a.id = ANY(%(back)s)
   AND ST_Area(ST_Intersection(a.geom_4490, b.geom_4490)::geography) >= %(least)s
 GROUP BY b.code ORDER BY max(b.valid_to) DESC LIMIT 1
"""


class Carrier(Protocol):
    """What a room with facts of parcels offers: `parcels.enterprises.carrying` and `parcels.supply.carrying`."""

    def later_changes(
        self, taken: TakenBack, parcel_ids: Sequence[int], ending: Sequence[int], on: date
    ) -> set[int]:
        """Changes that have since replaced what the change wrote, or tied a fact to a parcel that is to end."""

    def carry_back(
        self, taken: TakenBack, parcel_ids: Sequence[int], ending: Sequence[int], on: date
    ) -> None:
        """Undo from `on` what the change did to the parcels' facts."""


@dataclass(frozen=True, slots=True)
class LaterChange:
    """A change that stands in the way of a reversal."""

    change_id: int
    at: datetime | None
    by: str
    action: str
    reason: str


class LaterChanges(Conflict):
    """The change can't be taken back any more: what it made was changed since."""

    code = "later_changes"

    def __init__(self, changes: Sequence[LaterChange]) -> None:
        told = "、".join(f"{item.change_id}（{item.by}：{item.reason}）" for item in changes[:5])
        super().__init__(
            f"此变更之后又有 {len(changes)} 次变更涉及同一宗地或事项：{told}。",
            remedy="请先撤销后来的变更，或另行办理一次变更。",
        )
        self.changes = list(changes)

    def as_json(self) -> dict[str, object]:
        listed = [
            {
                "change_id": item.change_id,
                "at": item.at.isoformat() if item.at else None,
                "by": item.by,
                "action": item.action,
                "reason": item.reason,
            }
            for item in self.changes
        ]
        return super().as_json() | {"changes": listed}


@dataclass(frozen=True, slots=True)
class _Parts:
    """The parcels of a change by what becomes of them now, with the roles that they get."""

    roles: list[tuple[int, int, str]]  # event taken back, parcel, new role

    def ids(self, *roles: str) -> list[int]:
        return sorted({parcel for _, parcel, role in self.roles if role in roles})

    @property
    def ending(self) -> list[int]:
        return self.ids("retired")

    @property
    def returning(self) -> list[int]:
        return self.ids("restored")

    @property
    def put_back(self) -> list[int]:
        return self.ids("adjusted", "densified", "changed")

    @property
    def every(self) -> list[int]:
        return sorted({parcel for _, parcel, _ in self.roles})


def reverse_change(
    county: County,
    actor: Actor,
    change_id: int,
    *,
    reason: str,
    on: date | None = None,
    document: Document | None = None,
    carriers: Collection[Carrier],
) -> Applied:
    """Take back a change of parcels as a change of its own, whole or not at all."""
    actor.require(EDIT_CADASTRE)
    day = on or timezone.localdate()
    with cadastre_change(
        county_code=county.code, by=actor.username, action="reverse_change", reason=reason, reverses=change_id
    ) as running:
        events = _events(county, change_id, day)
        parts = _parts(events)
        stored = locked(county, parts.every)
        _check_territory(actor, stored.values())
        _check_day(stored.values(), day)
        taken = taken_back(county.code, change_id)
        _check_untouched(taken, parts, carriers, day)
        made = write_events(
            county,
            [REVERSAL] * len(events),
            on=day,
            by=actor.username,
            reason=reason,
            document=document or Document(),
            reverses=[event.pk for event in events],
        )
        event_of = dict(zip([event.pk for event in events], made, strict=True))
        roles = [(event_of[event], parcel, role) for event, parcel, role in parts.roles]
        write_parts(roles)
        replaced = {*parts.returning, *parts.put_back}
        keep_states({parcel: event for event, parcel, _ in roles if parcel in replaced}, day)
        put_back_states(parts.put_back, change_id, day)
        end_parcels(parts.ending, day, by=actor.username)
        bring_back_parcels(parts.returning, day)
        HOLDINGS.take_back(taken, parts.every, parts.ending, day)
        for carrier in carriers:
            carrier.carry_back(taken, parts.every, parts.ending, day)
        _check_ground(county, taken, parts, day)
        running.summary["events"] = [{"id": event, "kind": REVERSAL} for event in made]
        running.summary["parcels"] = sorted(parcel.code for parcel in stored.values())
    parcels = {row.code: (row.id, row.code, running.id) for row in stored.values()}
    return Applied([EventMade(event, REVERSAL) for event in made], parcels, {})


def _events(county: County, change_id: int, on: date) -> list[CadastralEvent]:
    events = list(
        CadastralEvent.objects.filter(county=county, change_id=change_id)
        .select_related("reversed_by")
        .order_by("id")
    )
    if not events:
        raise NotFound(f"没有编号为 {change_id} 的宗地变更。", remedy="请核对变更编号。")
    for event in events:
        if reversal := getattr(event, "reversed_by", None):
            raise Conflict(
                f"此变更已由变更 {reversal.change_id} 撤销（{reversal.on}）。",
                code="already_reversed",
                remedy="如需恢复，请撤销该撤销。",
            )
        if on < event.on:
            raise _too_early(on, "变更的生效日期", event.on)
    return events


def _parts(events: Iterable[CadastralEvent]) -> _Parts:
    rows = EventParcel.objects.filter(event__in=list(events)).order_by("id")
    told = rows.values_list("event_id", "parcel_id", "role")
    return _Parts([(event, parcel, TAKEN_BACK[role]) for event, parcel, role in told])


def _check_territory(actor: Actor, parcels: Iterable[Stored]) -> None:
    towns = actor.town_codes
    if towns is not None and any(parcel.town_code not in towns for parcel in parcels):
        raise Forbidden("此变更涉及您管辖范围以外的宗地。", remedy="请由县级登记员办理。")


def _check_day(parcels: Iterable[Stored], on: date) -> None:
    """A state of the past can't be put before what is on record since."""
    for parcel in parcels:
        since = parcel.valid_to or parcel.valid_from
        if on < since:
            raise _too_early(on, f"宗地 {parcel.code} 现状的起始日期", since)


def _too_early(on: date, what: str, since: date) -> InputError:
    return InputError(
        "on_too_early",
        f"撤销日期 {on} 早于{what} {since}。",
        f"请填写 {since} 或以后的日期。",
        field="on",
    )


def _check_untouched(taken: TakenBack, parts: _Parts, carriers: Iterable[Carrier], on: date) -> None:
    """Newest first, a series of changes can be undone: what was undone since doesn't stand in the way."""
    later = {max(changes) for changes in standing_on(parts.every).values() if taken.change_id not in changes}
    later |= HOLDINGS.later_changes(taken, parts.every, parts.ending, on)
    for carrier in carriers:
        later |= carrier.later_changes(taken, parts.every, parts.ending, on)
    _refuse(later)


def _check_ground(county: County, taken: TakenBack, parts: _Parts, on: date) -> None:
    """Another parcel may have been drawn where ground comes back."""
    back = [*parts.returning, *parts.put_back]
    if not back:
        return
    values: dict[str, Any] = {
        "change": taken.change_id,
        "passed": taken.passed,
        "touched": parts.every,
        "back": back,
        "least": float(parameters(county, on)["geometry.overlap_tolerance_m2"]),
    }
    _refuse({number for (number,) in read_rows(TAKEN, values)})
    if on < timezone.localdate():
        for code, until in read_rows(TAKEN_THEN, {**values, "on": on}):
            raise _too_early(on, f"该地块上宗地 {code} 旧状态的终止日期", until)


def _refuse(later: Collection[int]) -> None:
    if not later:
        return
    known = {event.pk: event for event in AuditEvent.objects.filter(pk__in=later)}
    changes = []
    for number in sorted(later):
        event = known.get(number)
        changes.append(
            LaterChange(number, event.at, event.actor, event.action, event.reason)
            if event
            else LaterChange(number, None, "", "", "")
        )
    raise LaterChanges(changes)
