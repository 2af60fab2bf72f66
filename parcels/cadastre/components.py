"""Which events a transition is made of: what hangs together in descent is one event, everything else one for its kind.

Refuses to write anything, and an ended parcel's ground in two events. Pure; no Django.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import shapely

from parcels.cadastre.transitions import ChangedParcel, Transition


@dataclass(slots=True)
class Planned:
    """An event to be: `stored` are ids with their roles, `born` places in the transition's list with theirs."""

    kind: str
    stored: list[tuple[int, str]] = field(default_factory=list)
    born: list[tuple[int, str]] = field(default_factory=list)


def planned_events(transition: Transition) -> list[Planned]:
    """The events in the order in which they are told: descent, new parcels, shapes, facts, ends, returns."""
    ended = set(transition.ended)
    structural = _descents(transition, ended)
    parents = {parcel for event in structural for parcel, _ in event.stored}
    unsourced = [at for at, parcel in enumerate(transition.born) if not ended.intersection(parcel.sources)]
    adjusted = [parcel for parcel in transition.changed if parcel.role == "adjusted"]
    densified = [parcel for parcel in transition.changed if parcel.role == "densified"]
    facts = [parcel for parcel in transition.changed if parcel.role == "changed"]
    events = [
        *structural,
        Planned("registration", born=[(at, "registered") for at in unsourced]),
        Planned(transition.how, stored=[(parcel.parcel_id, parcel.role) for parcel in adjusted]),
        Planned("attribute_change", stored=[(parcel.parcel_id, parcel.role) for parcel in facts]),
        Planned(
            "retirement", stored=[(parcel, "retired") for parcel in transition.ended if parcel not in parents]
        ),
        Planned("restoration", stored=[(parcel, "restored") for parcel in transition.restored]),
    ]
    events = [event for event in events if event.stored or event.born]
    _with_neighbours(events, transition, densified)
    return events


def _descents(transition: Transition, ended: set[int]) -> list[Planned]:
    """One event for each group of ended parents and new children that share ground."""
    group: dict[int, int] = {parcel: parcel for parcel in ended}

    def root(parcel: int) -> int:
        while group[parcel] != parcel:
            group[parcel] = parcel = group[group[parcel]]
        return parcel

    sources = [sorted(ended.intersection(parcel.sources)) for parcel in transition.born]
    for mine in sources:
        for other in mine[1:]:
            group[root(other)] = root(mine[0])
    children: dict[int, list[int]] = {}
    for at, mine in enumerate(sources):
        if mine:
            children.setdefault(root(mine[0]), []).append(at)
    events = []
    for first, places in children.items():
        parents = [parcel for parcel in transition.ended if root(parcel) == first]
        events.append(
            Planned(
                _kind(len(parents), len(places)),
                [(parcel, "parent") for parcel in parents],
                [(at, "child") for at in places],
            )
        )
    return events


def _kind(parents: int, children: int) -> str:
    """One parent that becomes one child was divided as well: the rest of its ground is no parcel any more."""
    if parents == 1:
        return "subdivision"
    return "consolidation" if children == 1 else "reallotment"


def _with_neighbours(
    events: list[Planned], transition: Transition, densified: Iterable[ChangedParcel]
) -> None:
    """A neighbour that only took over vertices belongs to the event whose shapes lie nearest to it."""
    neighbours = list(densified)
    if not neighbours:
        return
    shapes: list[shapely.Geometry] = []
    of_event: list[Planned] = []
    by_id = {parcel.parcel_id: parcel.geom_4490 for parcel in transition.changed}
    for event in events:
        mine = [transition.born[at].geom_4490 for at, _ in event.born]
        mine += [by_id.get(parcel) for parcel, _ in event.stored]
        drawn = [shape for shape in mine if shape is not None]
        shapes += drawn
        of_event += [event] * len(drawn)
    if not shapes:
        events.append(Planned(transition.how, [(parcel.parcel_id, parcel.role) for parcel in neighbours]))
        return
    nearest = shapely.STRtree(np.array(shapes, dtype=object)).nearest([n.geom_4490 for n in neighbours])
    for parcel, at in zip(neighbours, nearest.tolist(), strict=True):
        of_event[at].stored.append((parcel.parcel_id, parcel.role))
