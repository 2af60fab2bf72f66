"""The causes of art. 8 as intervals: which days of an idle time they cover, and what kind of cause a case rests on.

Refuses to move any clock: the days of a cause are shown beside the gross days and decide nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

CauseClass = Literal["own", "government", "force_majeure", "preparatory", "mixed", ""]

CAUSE_TITLES = {
    "G1": "未按约定或者规定交付土地",
    "G2": "土地利用总体规划、城乡规划依法修改",
    "G3": "国家出台政策，需要调整规划和建设条件",
    "G4": "处置土地上相关群众信访事项",
    "G5": "军事管制、文物保护",
    "G6": "政府、政府有关部门的其他行为",
    "FM": "自然灾害等不可抗力",
    "E1": "使用权人自身原因",
    "E2": "司法查封",
    "E3": "动工开发必需的前期工作",
    "M": "多种原因并存",
}
CLASS_TITLES: dict[str, str] = {
    "own": "企业自身原因",
    "government": "政府原因",
    "force_majeure": "不可抗力",
    "preparatory": "动工开发必需的前期工作",
    "mixed": "混合原因",
}
# Art. 8 names the G* and treats force majeure alike; the others are local additions, so a county may say otherwise.
CLASS_OF: dict[str, CauseClass] = {
    **dict.fromkeys(("G1", "G2", "G3", "G4", "G5", "G6"), "government"),
    "FM": "force_majeure",
    "E1": "own",
    "E2": "own",
    "E3": "preparatory",
    "M": "mixed",
}
ARTICLE_8 = frozenset({"government", "force_majeure"})
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Cause:
    """Days under a cause, both ends included; without an end it goes on. Only what the bureau verified counts."""

    code: str
    begins: date
    ends: date | None = None
    verified: bool = False


def merged(causes: Iterable[Cause], after: date, until: date) -> list[tuple[date, date]]:
    """The days after `after` up to `until` that verified causes of art. 8 cover, as spans that share no day."""
    spans = sorted(
        (max(c.begins, after + _DAY), min(c.ends or until, until))
        for c in causes
        if c.verified and CLASS_OF.get(c.code, "") in ARTICLE_8
    )
    found: list[tuple[date, date]] = []
    for first, last in spans:
        if first > last:
            continue
        if found and first <= found[-1][1] + _DAY:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


def covered_days(causes: Iterable[Cause], after: date, until: date) -> int:
    """How many days of the idle time (the day `after` itself not counted) lie under verified causes of art. 8."""
    return sum((last - first).days + 1 for first, last in merged(causes, after, until))


def class_of(codes: Iterable[str], classes: Mapping[str, str] = CLASS_OF) -> CauseClass:
    """The kind of cause that codes amount to together: several kinds are a mixed cause, none is none."""
    found = {classes.get(code, CLASS_OF.get(code, "")) for code in codes} - {""}
    if not found:
        return ""
    if len(found) > 1:
        return "mixed"
    (only,) = found
    return next(cause for cause in CLASS_OF.values() if cause == only)
