"""What is to become of parcels, and what became of them: the words between the editing room and the cadastre's store.

Refuses to know how a state came about: a transition is the net result, intermediate shapes never reach it. No Django.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

import shapely

Role = Literal["adjusted", "densified", "changed"]
How = Literal["boundary_adjustment", "resurvey", "correction"]
PROPORTIONAL: Literal["proportional"] = "proportional"
Day = date  # `date` is also the name of a field


@dataclass(frozen=True, slots=True)
class Document:
    """The paper that a change rests on."""

    kind: str = ""
    no: str = ""
    date: Day | None = None


@dataclass(slots=True)
class BornParcel:
    """A new parcel: `sources` are the ids of the stored parcels whose ground it lies on."""

    key: str
    code: str
    values: dict[str, Any]
    geom_4490: shapely.Geometry
    planar_area_m2: float
    ellipsoidal_area_m2: float
    sources: tuple[int, ...] = ()


@dataclass(slots=True)
class ChangedParcel:
    """A parcel that stays itself: `values` are only the facts that change; without geometry the shape stays."""

    parcel_id: int
    values: dict[str, Any]
    geom_4490: shapely.Geometry | None = None
    planar_area_m2: float | None = None
    ellipsoidal_area_m2: float | None = None
    role: Role = "changed"


@dataclass(slots=True)
class Transition:
    """Everything that one change does to the cadastre; `how` is the kind of event of shapes changed in place."""

    on: date
    how: How = "boundary_adjustment"
    born: list[BornParcel] = field(default_factory=list)
    changed: list[ChangedParcel] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)
    restored: list[int] = field(default_factory=list)
    document: Document = Document()
    attachments: tuple[int, ...] = ()
    findings: list[dict[str, Any]] = field(default_factory=list)
    warnings_reason: str = ""
    operations: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class EventMade:
    """An event as it was written."""

    id: int
    kind: str


Descent = dict[int, list[tuple[int, float]]]
"""Ended parcel's id → its descendants' ids, each with its share of the ended parcel's ground; [] = retired."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What was written: `parcels` by key (a stored parcel's key is its code) → id, code, version."""

    events: list[EventMade]
    parcels: dict[str, tuple[int, str, int]]
    descent: Descent


@dataclass(frozen=True, slots=True)
class TiedFact:
    """A fact tied to a parcel that ends: where it goes is `asked` only when the parcel has several descendants.

    `divisible`: it may also be shared out in proportion to the ground (`PROPORTIONAL`), which is then the default.
    """

    fact: str  # "occupancy:12"
    kind: Literal["holding", "occupancy", "contract"]
    title: str
    parcel_id: int
    asked: bool
    divisible: bool


Decisions = Mapping[str, int | Literal["proportional"]]
"""Fact → the descendant (by id) that it goes to, or `PROPORTIONAL`; a fact not named goes its default way."""
