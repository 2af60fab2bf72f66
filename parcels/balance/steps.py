"""The order of an adjustment's steps: which may follow, and on which day.

Refuses a step out of its order, before the one that it follows, in the future, or while the public notice still runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from landgis.lib.errors import Conflict

APPLICATION, ARGUMENT, OPINION, REVIEW, PUBLICITY, APPROVAL, ENTRY = (
    "application", "argument", "opinion", "review", "publicity", "approval", "entry"
)  # fmt: skip
WITHDRAWN, REVERSED = "withdrawn", "reversed"
STEPS: dict[str, str] = {
    APPLICATION: "申请",
    ARGUMENT: "论证",
    OPINION: "意见",
    REVIEW: "审查",
    PUBLICITY: "公示",
    APPROVAL: "批准",
    ENTRY: "入库",
    WITHDRAWN: "撤回",
    REVERSED: "冲销",
}
ORDER = (APPLICATION, ARGUMENT, OPINION, REVIEW, PUBLICITY, APPROVAL, ENTRY)
CLOSED = frozenset({WITHDRAWN, REVERSED})
# Steps that may be taken only while nothing speaks against the adjustment.
JUDGED = frozenset({APPLICATION, REVIEW, APPROVAL, ENTRY})


def next_steps(taken: Sequence[str]) -> tuple[str, ...]:
    """The steps that may follow those taken: the next of the order, and closing where it is still open."""
    if CLOSED & set(taken):
        return ()
    if ENTRY in taken:
        return (REVERSED,)
    return (ORDER[len(taken)], WITHDRAWN) if taken else (APPLICATION,)


def require_step(
    step: str, on: date, taken: Sequence[tuple[str, date]], *, today: date, publicity_days: int
) -> None:
    """Raise Conflict unless `step` may be taken on the day after those in `taken`."""
    allowed = next_steps([code for code, _ in taken])
    if step not in allowed:
        told = "、".join(STEPS[code] for code in allowed) or "（已办结）"
        raise Conflict(
            f"现在不能办理“{STEPS.get(step, step)}”。", code="step_order", remedy=f"下一步应为：{told}。"
        )
    if on > today:
        raise Conflict(f"日期 {on} 晚于今天。", code="step_in_future", remedy="请在办理之后再登记。")
    last, last_on = taken[-1] if taken else (APPLICATION, on)
    if on < last_on:
        raise Conflict(
            f"日期 {on} 早于上一步“{STEPS[last]}”的日期 {last_on}。",
            code="step_before_last",
            remedy="请核对日期。",
        )
    ends = last_on + timedelta(days=publicity_days)
    if last == PUBLICITY and step == APPROVAL and on < ends:
        raise Conflict(
            f"公示自 {last_on} 起不少于 {publicity_days} 日，{on} 尚未届满。",
            code="publicity_running",
            remedy=f"请在 {ends} 或以后办理批准。",
        )
