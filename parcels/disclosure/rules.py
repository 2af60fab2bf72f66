"""What the public reads of one idle parcel: five texts, and how a natural person's name is masked.

Refuses to name a person in full where it isn't certain that the name is a firm's.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

UNKNOWN = "—"
# What a name contains that no natural person's has.
_ORGANISATION = re.compile(
    r"公司|集团|企业|工厂|[^\s]{2}厂$|合作社|合伙|事务所|银行|医院|学校|大学|学院|研究院|研究所|设计院|中心|协会|"
    r"委员会|村委|社区|经济联合|人民政府|管委会|办事处|管理局|有限|股份|商行|经营部|Co\.|Ltd|Inc",
    re.IGNORECASE,
)
_JOINED, _SPACED = re.compile(r"([、，,；;]+)"), re.compile(r"([/／\s]+)")
_SHORTEST = 4  # characters: a shorter Chinese name may be a person's, whatever it contains


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
    return (len(name) >= _SHORTEST or name.isascii()) and bool(_ORGANISATION.search(name))


def _masked(names: str) -> str:
    return "".join(
        part if not part or _SPACED.fullmatch(part) else part[0] + "*" for part in _SPACED.split(names)
    )
