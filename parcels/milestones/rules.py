"""Where a milestone stands on a day, what the rule says of its indicators, and what keeps a verdict from being given.

Refuses to pass a review whose promises are broken or whose figures are missing, and to fail one without a day to remedy it by.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple

from parcels.supply.indicators import Compared, Indicator, compare
from parcels.supply.rules import MILESTONES

# The milestones that are a review: they are over only with a verdict. The others are over once they were reached.
REVIEWS = frozenset({"completion_review", "full_production_review"})
Status = Literal["passed", "done", "judge", "remedy", "remedy_over", "failed", "overdue", "soon", "planned"]
STATUS_TITLES: dict[Status, str] = {
    "passed": "通过",
    "done": "已完成",
    "judge": "待判定",
    "remedy": "整改期内",
    "remedy_over": "整改期满未通过",
    "failed": "未通过",
    "overdue": "逾期",
    "soon": "临期",
    "planned": "未到期",
}
OPEN = frozenset({"judge", "remedy", "remedy_over", "failed", "overdue", "soon"})

Issue = dict[str, str]


@dataclass(frozen=True, slots=True)
class Recorded:
    """A milestone as it stands in the register."""

    kind: str
    planned_on: date | None = None
    actual_on: date | None = None
    promised: Mapping[str, Any] | None = None
    actual: Mapping[str, Any] | None = None
    result: str = ""
    remedy_until: date | None = None


class Standing(NamedTuple):
    """What a milestone amounts to on a day: `days` late (positive) or left (negative); None where no day is agreed."""

    status: Status
    days: int | None
    compared: tuple[Compared, ...]
    verdict: bool | None

    @property
    def title(self) -> str:
        return STATUS_TITLES[self.status]

    @property
    def days_told(self) -> str:
        """How late it is or was, or how many days are left."""
        if (
            self.days is None
            or self.days == 0
            or (self.days < 0 and self.status not in ("soon", "planned", "remedy"))
        ):
            return ""
        return f"超 {self.days} 日" if self.days > 0 else f"余 {-self.days} 日"


def standing(milestone: Recorded, on: date, indicators: Iterable[Indicator], *, soon_days: int) -> Standing:
    """As of the day: what happened later isn't known yet, and a day itself is still in time."""
    reached = milestone.actual_on is not None and milestone.actual_on <= on
    compared = compare(milestone.kind, milestone.promised, milestone.actual if reached else None, indicators)
    verdict = verdict_of(compared)
    if reached:
        return Standing(_reached_status(milestone, on), _days(milestone, on), compared, verdict)
    if milestone.planned_on is None:
        return Standing("planned", None, compared, None)
    late = (on - milestone.planned_on).days
    status: Status = "overdue" if late > 0 else "soon" if -late <= soon_days else "planned"
    return Standing(status, late, compared, None)


def verdict_of(compared: Iterable[Compared]) -> bool | None:
    """What the rule says: a broken promise fails, a missing figure leaves it open, and nothing promised is no verdict."""
    kept = [item.kept for item in compared if item.promised is not None]
    if False in kept:
        return False
    return None if not kept or None in kept else True


def verdict_issues(
    milestone: Recorded, result: str, remedy_until: date | None, on: date, indicators: Iterable[Indicator]
) -> Iterator[Issue]:
    """What keeps the officer from confirming this verdict on the day."""
    title = MILESTONES[milestone.kind]
    if milestone.actual_on is None:
        yield _issue("actual_on", f"{title}没有实际日期，请先登记实际日期和依据再判定")
        return
    if milestone.actual_on > on:
        yield _issue(
            "actual_on", f"{title}的实际日期 {milestone.actual_on} 晚于判定日 {on}，尚未发生的事不能判定"
        )
    if result == "pass":
        if remedy_until is not None:
            yield _issue("remedy_until", "判定通过的不填写整改期限，请删去")
        if milestone.kind in REVIEWS:
            yield from _unproven(milestone, title, indicators)
    elif result == "fail":
        if remedy_until is None:
            yield _issue("remedy_until", "判定未通过的请填写整改期限")
        elif remedy_until <= milestone.actual_on:
            yield _issue("remedy_until", f"整改期限应晚于复核日期 {milestone.actual_on}，请核对")
    else:
        yield _issue("result", "请选择通过或未通过")


def _unproven(milestone: Recorded, title: str, indicators: Iterable[Indicator]) -> Iterator[Issue]:
    compared = compare(milestone.kind, milestone.promised, milestone.actual, indicators)
    promised = [item for item in compared if item.promised is not None]
    if not promised:
        yield _issue("result", f"{title}没有登记承诺指标，不能判定通过；请先登记合同或监管协议的承诺指标")
    if broken := [item.told for item in promised if item.kept is False]:
        yield _issue("result", f"{'；'.join(broken)}，不能判定通过；指标有误的请先更正并写明依据")
    if missing := [item.indicator.title for item in promised if item.kept is None]:
        yield _issue("result", f"{'、'.join(missing)}没有实际指标，不能判定通过；请补充后再判定")


def _reached_status(milestone: Recorded, on: date) -> Status:
    if milestone.result == "pass":
        return "passed"
    if milestone.result == "fail":
        if milestone.remedy_until is None:
            return "failed"
        return "remedy" if on <= milestone.remedy_until else "remedy_over"
    return "judge" if milestone.kind in REVIEWS else "done"


def _days(milestone: Recorded, on: date) -> int | None:
    """Of a failed one against the day to remedy it by, else the day it was reached against the day it was planned for."""
    if milestone.result == "fail" and milestone.remedy_until is not None:
        return (on - milestone.remedy_until).days
    if milestone.planned_on is None or milestone.actual_on is None:
        return None
    return (milestone.actual_on - milestone.planned_on).days


def _issue(name: str, message: str) -> Issue:
    return {"field": name, "message": f"{message}。"}
