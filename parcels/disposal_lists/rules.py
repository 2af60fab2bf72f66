"""A disposal list as facts: its rows, the text that its hash is taken over, and what differs between two issues.

Refuses to hash anything but that text, so that whoever holds the rows can reckon the same hash.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

FORMAT = "landgis.disposal-list.1"
SUSPECTED = "suspected"
FINDING_TITLES = {
    SUSPECTED: "疑似闲置（尚未认定）",
    "idle_not_started": "满一年未动工",
    "idle_stopped": "中止建设满一年",
}
FIELD_TITLES = {
    "holder": "使用权人",
    "parcel_code": "宗地代码",
    "area_m2": "面积（平方米）",
    "agreed_start": "应动工日期",
    "finding": "闲置类型",
    "cause": "原因",
    "stage": "处置阶段",
    "mode": "处置意见",
}


@dataclass(frozen=True, slots=True)
class ListedCase:
    """One case on a list; days and figures are exact texts, so that the frozen row is the row that was hashed."""

    case_no: str
    phase_id: int
    phase_no: int
    town_code: str
    town: str
    parcel_code: str
    contract_no: str
    supervision_no: str
    holder: str
    location: str
    land_use: str
    area_m2: str | None
    agreed_start: str | None
    gross_idle_days: int | None
    net_idle_days: int | None
    finding: str
    article: str
    causes: tuple[str, ...]
    cause: str
    stage: str
    stage_on: str
    mode: str
    officer: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"causes": list(self.causes)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> ListedCase:
        return cls(**{**kept, "causes": tuple(kept["causes"])})


class Difference(NamedTuple):
    """A row of both issues and what differs: (title, before, after) of each fact."""

    row: ListedCase
    facts: tuple[tuple[str, str, str], ...]


class Changes(NamedTuple):
    """What an issue has that the former hadn't, what it no longer has, and what changed."""

    new: tuple[ListedCase, ...] = ()
    gone: tuple[ListedCase, ...] = ()
    changed: tuple[Difference, ...] = ()

    @property
    def told(self) -> str:
        return f"新增 {len(self.new)} 宗，移出 {len(self.gone)} 宗，变化 {len(self.changed)} 宗"


def canonical(heading: Mapping[str, Any], rows: Sequence[ListedCase]) -> str:
    """The list as JSON with sorted keys, no blanks and its rows in their order: what the hash is taken over."""
    whole = {"format": FORMAT, **heading, "rows": [row.as_json() for row in rows]}
    return json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fingerprint(heading: Mapping[str, Any], rows: Sequence[ListedCase]) -> str:
    """SHA-256 of the canonical text in UTF-8, in hexadecimal digits."""
    return hashlib.sha256(canonical(heading, rows).encode("utf-8")).hexdigest()


def compare(before: Sequence[ListedCase], after: Sequence[ListedCase]) -> Changes:
    """What changed between two issues by contract phase; the idle days, which change every day, don't count."""
    former, latter = {row.phase_id: row for row in before}, {row.phase_id: row for row in after}
    both = ((former[key], row) for key, row in latter.items() if key in former)
    differing = (Difference(row, _differences(old, row)) for old, row in both)
    return Changes(
        tuple(row for key, row in latter.items() if key not in former),
        tuple(row for key, row in former.items() if key not in latter),
        tuple(found for found in differing if found.facts),
    )


def _differences(old: ListedCase, new: ListedCase) -> tuple[tuple[str, str, str], ...]:
    pairs = ((name, getattr(old, name), getattr(new, name)) for name in FIELD_TITLES)
    return tuple(
        (FIELD_TITLES[name], _told(name, was), _told(name, now)) for name, was, now in pairs if was != now
    )


def _told(name: str, value: Any) -> str:
    if name == "finding":
        return FINDING_TITLES.get(str(value), str(value))
    return str(value) if value not in (None, "") else "—"
