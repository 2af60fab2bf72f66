"""Whose duties stand in a person's calendar feed: each room's own source, known from the start.

Refuses to know how a duty is found or how a feed is written: this is read whenever Django starts, also by commands that
open no calendar.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from landgis.access.queries import Actor
from landgis.counties.models import County


@dataclass(frozen=True, slots=True)
class Event:
    """A duty in the calendar on its last day; the same `uid` is the same entry."""

    uid: str
    on: date
    title: str


Source = Callable[[County, Actor, date, int], Iterable[Event]]
_SOURCES: list[Source] = []


def add_source(source: Source) -> None:
    """Rooms above give their duties to the same feed; called once, when Django is ready."""
    if source not in _SOURCES:
        _SOURCES.append(source)


def sources() -> list[Source]:
    return list(_SOURCES)
