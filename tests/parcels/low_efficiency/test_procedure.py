"""The order of a file, step by step."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parcels.low_efficiency.procedure import (
    AGREED,
    ALLOWED,
    APPROVED,
    CLOSED,
    DONE,
    FILED,
    LISTED,
    LOOKED_BACK,
    PLANNED,
    PUBLICISED,
    REOPENED,
    RETURNED,
    REVERSAL,
    REVIEWED,
    SHUT,
    SIGNED,
    TITLES,
    TOWN_CHECKED,
    Step,
    refusal,
    state_of,
)

FIRST = date(2026, 1, 5)
WAY = (FILED, LISTED, PLANNED, AGREED, SIGNED, DONE, TOWN_CHECKED, REVIEWED, APPROVED, PUBLICISED, CLOSED)


def steps(*kinds: str) -> list[Step]:
    """Ten days a step; a notice ends five days on."""
    made = []
    for n, kind in enumerate(kinds):
        on = FIRST + timedelta(days=10 * n)
        made.append(Step(n + 1, kind, on, on + timedelta(days=5) if kind == PUBLICISED else None))
    return made


def after(done: list[Step], kind: str, **told: object) -> Step:
    on = done[-1].on + timedelta(days=10) if done else FIRST
    until = on + timedelta(days=5) if kind == PUBLICISED else None
    values = {"seq": len(done) + 1, "kind": kind, "on": on, "until": until} | told
    return Step(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize("reached", range(1, len(WAY)))
def test_every_step_follows_the_one_before_and_none_is_left_out(reached: int) -> None:
    done = steps(*WAY[:reached])
    assert refusal(done, after(done, WAY[reached])) is None
    for later in WAY[reached + 1 :]:
        assert refusal(done, after(done, later)) is not None


def test_a_closing_waits_for_the_end_of_the_notice() -> None:
    done = steps(*WAY[:-1])
    last_day = done[-1].on + timedelta(days=5)
    assert refusal(done, after(done, CLOSED, on=last_day)) is not None
    assert refusal(done, after(done, CLOSED, on=last_day + timedelta(days=1))) is None


def test_a_notice_may_not_be_too_short_and_needs_its_end() -> None:
    done = steps(*WAY[:-2])
    asked = after(done, PUBLICISED)
    assert asked.until is not None
    assert refusal(done, asked, publicity_until=asked.until) is None
    assert refusal(done, asked, publicity_until=asked.until + timedelta(days=1)) is not None
    assert refusal(done, after(done, PUBLICISED, until=None)) is not None


@pytest.mark.parametrize("checked", [DONE, TOWN_CHECKED, REVIEWED, APPROVED, PUBLICISED])
def test_what_isnt_good_enough_goes_back(checked: str) -> None:
    done = steps(*WAY[: WAY.index(checked) + 1], RETURNED)
    assert state_of(done) == SIGNED


@pytest.mark.parametrize("ended", [CLOSED, SHUT])
def test_a_look_back_leaves_it_closed_and_a_relapse_opens_it_again(ended: str) -> None:
    way = WAY if ended == CLOSED else (FILED, LISTED, SHUT)
    assert state_of(steps(*way, LOOKED_BACK)) == ended
    opened = steps(*way, LOOKED_BACK, REOPENED)
    assert state_of(opened) == LISTED
    assert refusal(opened, after(opened, PLANNED)) is None


def test_only_the_last_step_is_taken_back_and_never_a_listing() -> None:
    done = steps(FILED, LISTED, PLANNED)
    assert refusal(done, after(done, REVERSAL, reverses=2)) is not None
    assert refusal(done, after(done, REVERSAL, reverses=3)) is None
    undone = [*done, after(done, REVERSAL, reverses=3)]
    assert state_of(undone) == LISTED
    assert refusal(undone, after(undone, REVERSAL, reverses=2)) is not None


def test_no_step_is_earlier_than_the_last() -> None:
    done = steps(FILED, LISTED)
    assert refusal(done, after(done, PLANNED, on=FIRST)) is not None


@given(st.lists(st.sampled_from([kind for kind in TITLES if kind != REVERSAL]), max_size=40))
def test_whatever_is_tried_a_file_is_closed_only_by_the_whole_way(tried: list[str]) -> None:
    done: list[Step] = []
    for kind in tried:
        asked = after(done, kind)
        if refusal(done, asked) is None:
            done.append(asked)
    kinds = [step.kind for step in done]
    if CLOSED in kinds:
        closed = kinds.index(CLOSED)
        assert kinds[closed - 5 : closed] == [DONE, TOWN_CHECKED, REVIEWED, APPROVED, PUBLICISED]
    assert state_of(done) in ALLOWED


def test_nobody_takes_two_checks_in_a_row_where_four_eyes_look() -> None:
    done = [replace(step, by="甲") for step in steps(*WAY[: WAY.index(TOWN_CHECKED)])]
    asked = after(done, TOWN_CHECKED, by="甲")
    refused = refusal(done, asked, four_eyes=True)
    assert refused is not None
    assert "另一人" in refused.message
    assert refusal(done, asked) is None
    assert refusal(done, replace(asked, by="乙"), four_eyes=True) is None
    # Sending back needs no other person, and what was taken back no longer counts.
    assert refusal(done, after(done, RETURNED, by="甲"), four_eyes=True) is None
