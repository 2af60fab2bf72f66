"""The order of a file: 建档, 清单, 一企一策, 监管协议, 整治完成, four checks, 销号 or 关停, 回头看. Steps in, refusals out.

Refuses a step out of its order, on a day before the last one, and a closing before its public notice has ended.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

FILED, RECLASSIFIED, LISTED, PLANNED, AGREED, SIGNED = (
    "filed", "reclassified", "listed", "planned", "agreed", "signed",
)  # fmt: skip
DONE, TOWN_CHECKED, REVIEWED, APPROVED, PUBLICISED, CLOSED = (
    "done", "town_checked", "reviewed", "approved", "publicised", "closed",
)  # fmt: skip
RETURNED, SHUT, LOOKED_BACK, REOPENED, REVERSAL = "returned", "shut", "looked_back", "reopened", "reversal"
TITLES: dict[str, str] = {
    FILED: "分类建档",
    RECLASSIFIED: "调整分类",
    LISTED: "列入清单",
    PLANNED: "制定一企一策",
    AGREED: "出具监管协议",
    SIGNED: "签订监管协议",
    DONE: "整治完成",
    TOWN_CHECKED: "镇街初验",
    REVIEWED: "部门复核",
    APPROVED: "专班审批",
    PUBLICISED: "公示",
    CLOSED: "销号",
    RETURNED: "退回整改",
    SHUT: "关停退出",
    LOOKED_BACK: "回头看（无反弹）",
    REOPENED: "回头看（反弹，重新办理）",
    REVERSAL: "撤销",
}
# Where a file stands after each step: most steps are a state, the others lead back to one or change none.
LEADS_TO = {RETURNED: SIGNED, REOPENED: LISTED}
CHANGES_NOTHING = (RECLASSIFIED, LOOKED_BACK)
STATES = (
    FILED, LISTED, PLANNED, AGREED, SIGNED, DONE, TOWN_CHECKED, REVIEWED, APPROVED, PUBLICISED, CLOSED, SHUT,
)  # fmt: skip
ENDED = (CLOSED, SHUT)
CHECKS = (DONE, TOWN_CHECKED, REVIEWED, APPROVED, PUBLICISED)
ALLOWED: dict[str, tuple[str, ...]] = {
    "": (FILED,),
    FILED: (LISTED, RECLASSIFIED),
    LISTED: (PLANNED, SHUT, RECLASSIFIED),
    PLANNED: (AGREED, SHUT, RECLASSIFIED),
    AGREED: (AGREED, SIGNED, SHUT, RECLASSIFIED),
    SIGNED: (DONE, SHUT, RECLASSIFIED),
    DONE: (TOWN_CHECKED, RETURNED, SHUT),
    TOWN_CHECKED: (REVIEWED, RETURNED, SHUT),
    REVIEWED: (APPROVED, RETURNED, SHUT),
    APPROVED: (PUBLICISED, RETURNED, SHUT),
    PUBLICISED: (CLOSED, RETURNED, SHUT),
    CLOSED: (LOOKED_BACK, REOPENED),
    SHUT: (LOOKED_BACK, REOPENED),
}
# Each of these is taken by another person than the one before it, where the county has four eyes look at it.
FOUR_EYES = (DONE, TOWN_CHECKED, REVIEWED, APPROVED, CLOSED)
# What a town may enter of its own firms; the rest is the county's.
BY_TOWN = frozenset({DONE, TOWN_CHECKED})
WITH_EVIDENCE = (
    SIGNED,
    DONE,
    TOWN_CHECKED,
    REVIEWED,
    APPROVED,
    PUBLICISED,
    CLOSED,
    SHUT,
    LOOKED_BACK,
    REOPENED,
)
# Steps that other actions make together with what they stand for.
NOT_BY_HAND = (FILED, LISTED, AGREED, REVERSAL)


@dataclass(frozen=True, slots=True)
class Step:
    """A step that was taken; `reverses` is the number of the step that it takes back."""

    seq: int
    kind: str
    on: date
    until: date | None = None
    reverses: int | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    message: str
    remedy: str
    field: str = ""


def effective(steps: Sequence[Step]) -> list[Step]:
    """The steps that stand: neither reversals nor reversed, in their order."""
    undone = {step.reverses for step in steps if step.kind == REVERSAL}
    return [step for step in steps if step.kind != REVERSAL and step.seq not in undone]


def state_of(steps: Sequence[Step]) -> str:
    """Where a file stands; "" before it is filed."""
    for step in reversed(effective(steps)):
        if step.kind not in CHANGES_NOTHING:
            return LEADS_TO.get(step.kind, step.kind)
    return ""


def next_kinds(steps: Sequence[Step]) -> tuple[str, ...]:
    return ALLOWED[state_of(steps)]


def refusal(
    steps: Sequence[Step], asked: Step, *, publicity_until: date | None = None, four_eyes: bool = False
) -> Refused | None:
    """Why a step can't be taken; `publicity_until` is the first day on which a notice that begins then may end.

    `four_eyes`: nobody takes two checks in a row.
    """
    known = effective(steps)
    if asked.kind == REVERSAL:
        if not known or known[-1].seq != asked.reverses:
            return Refused("只能撤销最近一步。", "请从最近的一步开始撤销。")
        if known[-1].kind in (FILED, LISTED):
            return Refused(f"“{TITLES[known[-1].kind]}”不能撤销。", "清单有误的，请另编一期更正。")
        return (
            Refused("撤销日期早于原步骤的日期。", "请核对日期。", "on") if asked.on < known[-1].on else None
        )
    state = state_of(steps)
    if asked.kind not in ALLOWED[state]:
        allowed = "、".join(TITLES[kind] for kind in ALLOWED[state])
        return Refused(
            f"目前为“{TITLES.get(state, '未建档')}”，不能办理“{TITLES[asked.kind]}”。",
            f"现在可以：{allowed}。",
        )
    if four_eyes and (same := _same_hand(known, asked)):
        return same
    if known and asked.on < known[-1].on:
        return Refused(f"日期 {asked.on} 早于上一步的 {known[-1].on}。", "请核对日期。", "on")
    if wrong := _wrong_until(asked, publicity_until):
        return wrong
    if asked.kind == CLOSED:
        until = next(step.until for step in reversed(known) if step.kind == PUBLICISED)
        if until is not None and asked.on <= until:
            return Refused(f"公示期到 {until}，{asked.on} 尚未期满。", "请在公示期满后销号。", "on")
    return None


def _wrong_until(asked: Step, publicity_until: date | None) -> Refused | None:
    if asked.kind != PUBLICISED:
        told = f"“{TITLES[asked.kind]}”不填写公示截止日期。"
        return None if asked.until is None else Refused(told, "请清空。", "until")
    if asked.until is None:
        return Refused("请填写公示截止日期。", "公示期不少于规定的工作日。", "until")
    if publicity_until is not None and asked.until < publicity_until:
        return Refused(f"公示期不足，最早到 {publicity_until}。", "请延长公示截止日期。", "until")
    return None


def _same_hand(known: Sequence[Step], asked: Step) -> Refused | None:
    before = next((step for step in reversed(known) if step.kind in FOUR_EYES), None)
    if asked.kind not in FOUR_EYES[1:] or before is None or before.by != asked.by:
        return None
    return Refused(
        f"“{TITLES[asked.kind]}”须由另一人办理：上一环节“{TITLES[before.kind]}”也是账号 {before.by} 办理的。",
        "请由其他有权限的人员办理；人员不足的县可在规则参数中停用“审核环节换人办理”。",
    )
