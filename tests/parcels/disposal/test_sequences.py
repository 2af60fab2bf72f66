"""Steps in any order: whatever the procedure lets through never reaches a state that the law doesn't know."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from parcels.disposal.clocks import clocks
from parcels.disposal.procedure import check, check_reversal, fold, issues, replay
from parcels.disposal.stages import TABLE
from parcels.disposal.state import Ground, State, Step, effective
from parcels.idle_land.routes import ART_12_MODES, MODE_TITLES, PENALTIES
from tests.parcels.disposal.walks import GOVERNMENT, NOT_STARTED, RULES, STOPPED, Walk

GROUNDS = [
    NOT_STARTED,
    GOVERNMENT,
    STOPPED,
    replace(NOT_STARTED, mortgaged=True),
    replace(GOVERNMENT, registered=True),
    replace(NOT_STARTED, agreed_start=date(2022, 12, 1)),
]
CHOICES: dict[str, dict[str, list[Any]]] = {
    "finding": {
        "result": ["idle_not_started", "idle_stopped", "not_idle"],
        "causes": [["E1"], ["G1"], ["E1", "G1"]],
    },
    "scheme": {"mode": [*MODE_TITLES, "fee", "repossession"], "price_paid": [True], "plan_changed": [True]},
    "scheme_approval": {"level": ["county_government", "approving_government"]},
    "hearing_waived": {"written": [True, False]},
    "remedy_result": {"outcome": ["upheld", "revoked"]},
    "look_back": {"result": ["kept", "relapsed"]},
    "fee_decision": {
        "amount_yuan": [Decimal("2000000.00"), Decimal("2000000.00"), Decimal(1)],
        "copied_to_mortgagee": [True, False],
    },
    "repossession_decision": {"copied_to_mortgagee": [True]},
}


def wandered(seed: int, ground: Ground, steps: int, reversals: bool = False) -> Walk:
    """A walk that tries steps at random and enters those that are legal; days only go on."""
    chance, walk, day = random.Random(seed), Walk(ground), date(2024, 3, 1)
    for _ in range(steps):
        day += timedelta(days=chance.choice([0, 0, 1, 3, 9, 40, 100]))
        if reversals and walk.steps and chance.random() < 0.1:
            seq = chance.randint(1, len(walk.steps))
            if not check_reversal(walk.steps, seq, lambda on: RULES):
                walk.reverse(seq, day)
            continue
        for step in chance.sample(offered := offers(walk, chance, day), min(15, len(offered))):
            if not issues(step) and not check(walk.steps, step, RULES):
                walk.steps.append(step)
                break
    return walk


def offers(walk: Walk, chance: random.Random, day: date) -> list[Step]:
    unserved = [s for s in fold(walk.steps).steps if s.document_no]
    codes = [f"service:{s.stage}" for s in unserved] + [s.code for s in TABLE if s.code != "service"]
    done, found = {s.stage for s in walk.steps}, []
    for code in codes:
        if (
            code in done and code != "hearing_held" and chance.random() < 0.9
        ):  # new ground rather than the same again
            continue
        chosen = {name: chance.choice(values) for name, values in CHOICES.get(code, {}).items()}
        if code == "hearing_notice":
            chosen["hearing_on"] = day + timedelta(days=chance.choice([5, 20]))
        if code == "agreement":
            chosen |= {
                "new_start": day + timedelta(days=30),
                "temporary_from": day,
                "until": day + timedelta(days=90),
            }
        if code == "closed":
            days = ("town_checked_on", "reviewed_on", "approved_on", "publicised_from")
            chosen |= dict.fromkeys(days, day - timedelta(days=12))
        found.append(walk.step(code, day, **chosen))
    return found


def lawful(state: State, ground: Ground) -> None:
    """What must hold in every state, told plainly from the statute and not from the table."""
    decision, finding = state.decision, state.finding
    if decision is not None:
        assert finding is not None
        assert state.has("scheme_approval")
        assert state.served_on("finding") is not None
        penal = decision.stage != "agreement"
        if penal:
            assert finding.fact("result") == "idle_not_started"
            assert finding.fact("causes") == ["E1"]
            assert state.served_on("hearing_right_notice") is not None
            assert state.has("hearing_held", "hearing_waived")
            years = 1 if decision.stage == "fee_decision" else 2
            start = finding.ground.agreed_start
            assert start is not None
            assert decision.on > start.replace(year=start.year + years)
            assert state.mode in PENALTIES
        else:
            assert state.mode in ART_12_MODES
            assert ground.registered or state.has("registration")
            assert finding.fact("result") == "idle_stopped" or finding.fact("causes") != ["E1"]
        if ground.mortgaged:
            assert state.has("mortgagee_notice")
            assert not penal or decision.fact("copied_to_mortgagee")
    if state.has("court_application"):
        assert state.served_on("dunning") is not None
        assert not state.pending_remedy
    if state.closed:
        assert finding is not None
        if state.idle:
            assert state.disposed
            assert state.has("disclosure_removed")
    receipts = [s.fact("of") for s in state.steps if s.stage == "service"]
    assert len(receipts) == len(set(receipts))


@settings(max_examples=60)
@given(st.integers(0, 10**9), st.sampled_from(GROUNDS))
def test_random_steps_never_reach_a_state_that_the_law_does_not_know(seed: int, ground: Ground) -> None:
    walk = wandered(seed, ground, 40)
    for n in range(len(walk.steps) + 1):
        lawful(fold(walk.steps[:n]), ground)
    assert all(not judged.refusals for judged in replay(walk.steps, lambda day: RULES))


def test_the_random_walks_reach_every_kind_of_end() -> None:
    """The property above would be empty if chance never came to a decision."""
    reached = {s.stage for seed in range(250) for s in wandered(seed, GROUNDS[seed % len(GROUNDS)], 40).steps}
    assert {"fee_decision", "repossession_decision", "agreement", "closed", "hearing_held"} <= reached


@settings(max_examples=40)
@given(st.integers(0, 10**9), st.sampled_from(GROUNDS))
def test_with_reversals_between_them_the_steps_in_force_stay_lawful(seed: int, ground: Ground) -> None:
    walk = wandered(seed, ground, 40, reversals=True)
    lawful(fold(walk.steps), ground)
    assert all(not judged.refusals for judged in replay(walk.steps, lambda day: RULES))
    assert {s.stage for s in effective(walk.steps)}.isdisjoint({"reversal"})


@settings(max_examples=40)
@given(st.integers(0, 10**9), st.sampled_from(GROUNDS))
def test_the_fold_is_the_same_whatever_the_order_of_the_rows(seed: int, ground: Ground) -> None:
    walk = wandered(seed, ground, 25, reversals=True)
    shuffled = random.Random(seed).sample(walk.steps, len(walk.steps))
    assert fold(shuffled) == fold(walk.steps)
    assert clocks(fold(shuffled), lambda day: RULES) == clocks(fold(walk.steps), lambda day: RULES)


@settings(max_examples=40)
@given(st.integers(0, 10**9), st.sampled_from(GROUNDS))
def test_entering_a_step_and_reversing_it_returns_to_the_state_before(seed: int, ground: Ground) -> None:
    walk = wandered(seed, ground, 25)
    if walk.steps:
        before, last = fold(walk.steps[:-1]), walk.steps[-1]
        assert check_reversal(walk.steps, last.seq, lambda day: RULES) == ()
        assert fold(walk.reverse(last.seq, last.on).steps) == before
