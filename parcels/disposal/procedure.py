"""The procedure: whether a step may be entered, whether one may be taken back, and what other rules would have said.

Refuses every step that the table of stages doesn't allow in the state that the case is in, by article and with the remedy.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from parcels.disposal.clocks import Clock, clocks
from parcels.disposal.needs import STATUTE, route_refusals
from parcels.disposal.stage import Stage
from parcels.disposal.stages import STAGES, TABLE
from parcels.disposal.state import REVERSAL, Refusal, State, Step, effective, fold, follow
from parcels.disposal.terms import Rules, RulesOfDay
from parcels.supply.rules import Issue, field_issues

_ROUTED = ("scheme", "fee_decision", "repossession_decision", "agreement")


class Judged(NamedTuple):
    """A step of a replay and why it would be refused; nothing when it is legal."""

    step: Step
    refusals: tuple[Refusal, ...]


class Differences(NamedTuple):
    """How a case comes out under other rules: steps judged otherwise, and clocks that end on other days.

    `newly_refused` with what the other rules object to, `newly_allowed` with what the case's own rules objected to.
    """

    newly_refused: tuple[Judged, ...]
    newly_allowed: tuple[Judged, ...]
    clocks: tuple[tuple[Clock, Clock | None], ...]

    @property
    def any(self) -> bool:
        return bool(self.newly_refused or self.newly_allowed or self.clocks)


def check(steps: Iterable[Step], step: Step, rules: Rules) -> tuple[Refusal, ...]:
    """Why `step` can't follow `steps`; empty when it may. A reversal is checked by `check_reversal`."""
    return refusals(fold(steps), step, rules)


def refusals(state: State, step: Step, rules: Rules) -> tuple[Refusal, ...]:
    """The same for a state that was folded already."""
    stage = STAGES.get(step.stage)
    if stage is None:
        return (Refusal("stage_unknown", STATUTE, f"没有“{step.stage}”这一步骤", "请从步骤表中选择。"),)
    found = list(_of_the_case(state, stage, step))
    found += [why for need in stage.needs if (why := need.refusal(state, step, rules))]
    if step.stage in _ROUTED and not found:
        found += route_refusals(_mode(state, step), state, step, rules)
    return tuple(found)


def issues(step: Step) -> list[Issue]:
    """What is wrong with the facts of a step by the fields of its stage, and the paper's number where it needs one."""
    stage = STAGES[step.stage]
    known = {field.name for field in stage.fields}
    found = [
        {"field": name, "message": f"“{stage.title}”没有“{name}”这一项，请删去。"}
        for name in step.facts
        if name not in known
    ]
    for field in stage.fields:
        found += field_issues(field, step.facts.get(field.name))
    if stage.numbered and not step.document_no.strip():
        found.append({"field": "document_no", "message": f"“{stage.title}”应填写文号。"})
    return found


def open_stages(state: State, template: Step, rules: Rules) -> list[tuple[Stage, tuple[Refusal, ...]]]:
    """Every stage with what closes it on the day and ground of `template`, whatever the step's own facts will be."""
    found = []
    for stage in TABLE:
        step = Step(template.seq, stage.code, template.on, {}, "", None, template.ground)
        closed = [*_of_the_case(state, stage, step)]
        closed += [
            why for need in stage.needs if not need.of_facts and (why := need.refusal(state, step, rules))
        ]
        if stage.code in _ROUTED and stage.code != "scheme" and not closed:
            closed += route_refusals(_mode(state, step), state, step, rules)
        found.append((stage, tuple(closed)))
    return found


def check_reversal(steps: Sequence[Step], seq: int, rules_of_day: RulesOfDay) -> tuple[Refusal, ...]:
    """Why step `seq` can't be taken back: it isn't in force, or a later step wouldn't be legal without it."""
    target = next((step for step in effective(steps) if step.seq == seq), None)
    if target is None:
        return (Refusal("not_in_force", "撤销", f"第 {seq} 步不存在或者已经撤销", "请核对步骤编号。"),)
    rest = [step for step in effective(steps) if step.seq != seq]
    before = {judged.step.seq for judged in replay(steps, rules_of_day) if judged.refusals}
    for judged in replay(rest, rules_of_day):
        if judged.refusals and judged.step.seq not in before:
            title = STAGES[judged.step.stage].title
            return (
                Refusal(
                    "later_steps_rest_on_it",
                    judged.refusals[0].article,
                    f"第 {judged.step.seq} 步“{title}”以此步骤为前提：{judged.refusals[0].reason}",
                    f"请先撤销第 {judged.step.seq} 步“{title}”。",
                ),
            )
    return ()


def replay(steps: Iterable[Step], rules_of_day: RulesOfDay) -> list[Judged]:
    """Each step in force judged again in its turn under the rules of its own day; a refused one is followed all the same."""
    state, found = State(), []
    for step in effective(steps):
        found.append(Judged(step, refusals(state, step, rules_of_day(step.on))))
        state = follow(state, step)
    return found


def what_if(steps: Sequence[Step], rules_of_day: RulesOfDay, other: RulesOfDay) -> Differences:
    """What `other` rules would have said of the same steps; a day on which both are the same isn't judged again."""
    refused, allowed = [], []
    state, any_differs = State(), False
    for step in effective(steps):
        ours, theirs = rules_of_day(step.on), other(step.on)
        if ours != theirs:
            any_differs = True
            before, after = refusals(state, step, ours), refusals(state, step, theirs)
            if after and not before:
                refused.append(Judged(step, after))
            if before and not after:
                allowed.append(Judged(step, before))
        state = follow(state, step)
    if not any_differs:  # clocks run from days of steps, too
        return Differences((), (), ())
    others = {(clock.name, clock.from_seq): clock for clock in clocks(state, other)}
    moved = tuple(
        (clock, others.get((clock.name, clock.from_seq)))
        for clock in clocks(state, rules_of_day)
        if (found := others.get((clock.name, clock.from_seq))) is None or found.due_on != clock.due_on
    )
    return Differences(tuple(refused), tuple(allowed), moved)


def before_opening(on: date, opened_on: date) -> Refusal:
    """Nothing of a case happens before the case."""
    return Refusal(
        "before_opening", STATUTE + "第五条", f"日期 {on} 早于立案日期 {opened_on}", "请更正日期。"
    )


def _of_the_case(state: State, stage: Stage, step: Step) -> Iterable[Refusal]:
    opened = state.opened
    if step.stage == "suspicion":
        if state.steps:
            yield Refusal("case_open", STATUTE + "第五条", "案件已经立案", "一期只立一案，请在原案中办理。")
    elif opened is None:
        yield Refusal("not_opened", STATUTE + "第五条", "案件尚未立案", "请先登记发现疑似闲置。")
    elif step.on < opened.on:
        yield before_opening(step.on, opened.on)
    if state.closed and not stage.closed_too:
        yield Refusal("case_closed", "行动方案：销号", "案件已经销号", "请先登记回头看；确有反弹的重新立案。")
    if not stage.repeatable and step.stage != "scheme" and state.has(step.stage):
        yield Refusal(
            "once_only", stage.article, f"“{stage.title}”已经办理", "如原步骤有误，请先撤销并写明原因。"
        )


def _mode(state: State, step: Step) -> str:
    """The disposal result that the step stands for."""
    if step.stage == "scheme":
        return str(step.fact("mode"))
    return {"fee_decision": "fee", "repossession_decision": "repossession"}.get(step.stage, state.mode)


__all__ = [
    "REVERSAL",
    "Differences",
    "Judged",
    "before_opening",
    "check",
    "check_reversal",
    "fold",
    "issues",
    "open_stages",
    "refusals",
    "replay",
    "what_if",
]
