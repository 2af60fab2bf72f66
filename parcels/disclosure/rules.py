"""What the public reads of one idle parcel: five texts, and how a natural person's name is masked.

Refuses to name a person in full where it isn't certain that the name is a firm's.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

from parcels.supply.rules import ORGANISATION, SHORTEST_ORGANISATION

UNKNOWN = "—"
_ORGANISATION = re.compile(ORGANISATION, re.IGNORECASE)
_JOINED, _SPACED = re.compile(r"([、，,；;]+)"), re.compile(r"([/／\s]+)")


class Disclosed(NamedTuple):
    """All that is public of a parcel (art. 11); `body` only where the cause is a government's."""

    place: str
    holder: str
    idle_time: str
    cause: str
    body: str


def public_name(name: str, natural_persons: Collection[str], organisations: Collection[str]) -> str:
    """The holder's name for the public; of several joined names each natural person's is masked."""
    name = name.strip()
    if not name or name in organisations:
        return name or UNKNOWN

    def told(part: str) -> str:
        known = part.strip() in organisations
        return part if known or _is_organisation(part, natural_persons) else _masked(part)

    return "".join(
        told(part) if part and not _JOINED.fullmatch(part) else part for part in _JOINED.split(name)
    )


def _is_organisation(name: str, natural_persons: Collection[str]) -> bool:
    name = name.strip()
    if name in natural_persons:
        return False
    return (len(name) >= SHORTEST_ORGANISATION or name.isascii()) and bool(_ORGANISATION.search(name))


def _masked(names: str) -> str:
    return "".join(
        part if not part or _SPACED.fullmatch(part) else part[0] + "*" for part in _SPACED.split(names)
    )
