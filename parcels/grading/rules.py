"""The order of a run: draft, check, notice, objections, final. Facts in, refusals out.

Refuses to know the database, and any step out of its order; what was done is never undone, only withdrawn with a reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

FOUR_EYES = "procedure.four_eyes"  # the county's parameter: who made something doesn't check it
DRAFT, RECOMPUTED, CHECKED, NOTICE = "draft", "recomputed", "checked", "notice"
OBJECTION, DECISION, FINAL, WITHDRAWN = "objection", "decision", "final", "withdrawn"
TITLES = {
    DRAFT: "起草",
    RECOMPUTED: "重新计算",
    CHECKED: "复核通过",
    NOTICE: "公示",
    OBJECTION: "提出异议",
    DECISION: "异议处理",
    FINAL: "定稿",
    WITHDRAWN: "撤回",
}
# What may follow what: the state is the last of these stages that was reached.
STATES = (DRAFT, CHECKED, NOTICE, FINAL, WITHDRAWN)
ALLOWED = {
    DRAFT: {RECOMPUTED, CHECKED, WITHDRAWN},
    CHECKED: {RECOMPUTED, NOTICE, WITHDRAWN},
    NOTICE: {OBJECTION, DECISION, FINAL, WITHDRAWN},
    FINAL: set(),
    WITHDRAWN: set(),
}
# To compute anew takes a checked draft back: what was checked isn't what would be published.
LEADS_TO = {RECOMPUTED: DRAFT}


class Done(NamedTuple):
    """A step that was taken: its stage, its day, and the day that a notice ends."""

    stage: str
    on: date
    until: date | None = None


class Refused(NamedTuple):
    code: str
    message: str
    remedy: str


def state_of(done: Sequence[Done]) -> str:
    """Where a run stands: its last step that is a state, or leads to one."""
    for step in reversed(done):
        if step.stage in LEADS_TO:
            return LEADS_TO[step.stage]
        if step.stage in STATES:
            return step.stage
    return DRAFT


def notice_until(done: Sequence[Done]) -> date | None:
    return next((step.until for step in reversed(done) if step.stage == NOTICE), None)


def check(
    done: Sequence[Done],
    stage: str,
    on: date,
    *,
    open_objections: int = 0,
    publishable: bool = True,
    why_not: str = "",
) -> Refused | None:
    """Why a step can't be taken on a day; None when it can."""
    state = state_of(done)
    if stage not in ALLOWED[state]:
        return Refused(
            "run_order", f"评价处于“{TITLES[state]}”，不能“{TITLES.get(stage, stage)}”。", _next(state)
        )
    if done and on < done[-1].on:
        return Refused("run_day", f"日期 {on} 早于上一步的 {done[-1].on}。", "请改正日期。")
    if stage == NOTICE and not publishable:
        return Refused(
            "scheme_not_publishable", f"该方案不得公示：{why_not}", "请启用补全后的方案版本，重新起草评价。"
        )
    until = notice_until(done)
    if stage == OBJECTION and until is not None and on > until:
        return Refused(
            "objection_late", f"公示期已于 {until} 结束。", "逾期的异议请按信访或复议程序另行处理。"
        )
    if stage == FINAL:
        if until is None or on <= until:
            return Refused("notice_running", f"公示期到 {until}，{on} 尚未期满。", "请在公示期满后定稿。")
        if open_objections:
            return Refused(
                "objections_open", f"还有 {open_objections} 件异议没有处理。", "请先处理全部异议。"
            )
    return None


def _next(state: str) -> str:
    allowed = "、".join(title for stage, title in TITLES.items() if stage in ALLOWED[state])
    return f"现在可以：{allowed}。" if allowed else "该评价已经办结，如须更正请另起一次评价。"
