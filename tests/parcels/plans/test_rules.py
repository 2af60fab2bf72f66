"""How a plan stands on a day: every state and its borders, what an entry may not do, and what stays with a row."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parcels.plans.rules import Entry, Milestone, effective, faults, numbered, refusal, standing
from tests.parcels.plans.drafting import NUMBERED, SOUND

BEFORE = date(2026, 3, 1)
DONE = [
    Entry(1, "milestone", date(2026, 4, 1), item=1),
    Entry(2, "milestone", date(2026, 6, 1), item=2),
    Entry(3, "measured", date(2026, 6, 2), item=1, value=Decimal("3000")),
    Entry(4, "measured", date(2026, 6, 2), item=2, value=Decimal("0.35")),
]
CLOSED = [*DONE, Entry(5, "closing", date(2026, 6, 10))]
REOPENED = [*CLOSED, Entry(6, "reopening", date(2026, 8, 1), due_on=date(2026, 9, 1))]


@pytest.mark.parametrize(
    ("entries", "on", "state"),
    [
        ([], BEFORE, "running"),
        ([], date(2026, 4, 30), "running"),
        ([], date(2026, 5, 1), "overdue"),
        (DONE[:1], date(2026, 9, 30), "running"),
        (DONE[:1], date(2026, 10, 1), "overdue"),
        (DONE[:2], date(2026, 12, 31), "running"),
        (DONE[:2], date(2027, 1, 1), "overdue"),
        (DONE, date(2026, 6, 1), "running"),
        (DONE, date(2026, 6, 2), "complete"),
        (DONE, date(2030, 1, 1), "complete"),
        (CLOSED, date(2026, 6, 9), "complete"),
        (CLOSED, date(2026, 6, 10), "closed"),
        (REOPENED, date(2026, 7, 31), "closed"),
        (REOPENED, date(2026, 8, 1), "running"),
        (REOPENED, date(2026, 9, 1), "running"),
        (REOPENED, date(2026, 9, 2), "overdue"),
        ([*REOPENED, Entry(7, "closing", date(2026, 8, 20))], date(2026, 9, 2), "closed"),
        ([*CLOSED, Entry(6, "reversal", date(2026, 6, 20), reverses=5)], date(2026, 6, 15), "closed"),
        ([*CLOSED, Entry(6, "reversal", date(2026, 6, 20), reverses=5)], date(2026, 6, 20), "complete"),
    ],
)
def test_the_state_of_a_day(entries: list[Entry], on: date, state: str) -> None:
    assert standing(NUMBERED, entries, on).state == state


def test_a_target_that_is_no_longer_met_opens_the_plan_again() -> None:
    relapsed = [*DONE, Entry(5, "measured", date(2026, 6, 20), item=2, value=Decimal("0.36"))]
    assert standing(NUMBERED, relapsed, date(2026, 6, 19)).state == "complete"
    assert standing(NUMBERED, relapsed, date(2026, 6, 20)).state == "running"


def test_duties_come_by_their_days_and_end_with_closing() -> None:
    assert [duty[1] for duty in standing(NUMBERED, [], BEFORE).duties] == [
        "取得施工许可",
        "动工",
        "单位能耗",
        "固定资产投资",
    ]
    assert standing(NUMBERED, CLOSED, date(2026, 6, 10)).duties == ()
    assert [duty[0] for duty in standing(NUMBERED, REOPENED, date(2026, 8, 1)).duties] == ["reopening"]


def test_progress_is_the_latest_days_word() -> None:
    entries = [
        Entry(1, "progress", date(2026, 3, 1), progress=40),
        Entry(2, "progress", date(2026, 2, 1), progress=10),
    ]
    assert standing(NUMBERED, entries, BEFORE).progress == 40
    assert standing(NUMBERED, entries, date(2026, 2, 15)).progress == 10


@pytest.mark.parametrize(
    ("entries", "asked", "said"),
    [
        ([], Entry(0, "closing", BEFORE), "节点“取得施工许可”尚未完成"),
        (DONE[:2], Entry(0, "closing", BEFORE), "指标“固定资产投资”尚未达到"),
        (DONE, Entry(0, "closing", date(2026, 6, 1)), "早于最近一次记录"),
        (CLOSED, Entry(0, "progress", date(2026, 6, 11)), "已经销号"),
        (DONE, Entry(0, "reopening", date(2026, 6, 11), due_on=date(2026, 7, 1)), "没有销号"),
        (CLOSED, Entry(0, "reopening", date(2026, 6, 9), due_on=date(2026, 7, 1)), "早于上一次"),
        (DONE, Entry(0, "milestone", date(2026, 6, 9), item=1), "已于 2026-04-01 完成"),
        (DONE, Entry(0, "milestone", date(2026, 6, 9), item=9), "没有这个节点"),
        (DONE, Entry(0, "measured", date(2026, 6, 9), item=9, value=Decimal(1)), "没有这项指标"),
        (CLOSED, Entry(0, "reversal", date(2026, 6, 11), reverses=1), "已经销号"),
        (CLOSED, Entry(0, "reversal", date(2026, 6, 11), reverses=9), "没有这条记录"),
        (REOPENED, Entry(0, "reversal", date(2026, 8, 11), reverses=5), "最近一次销号"),
        (DONE, Entry(0, "reversal", date(2026, 3, 1), reverses=1), "早于原记录"),
    ],
)
def test_what_can_not_be_entered_says_why(entries: list[Entry], asked: Entry, said: str) -> None:
    refused = refusal(standing(NUMBERED, entries, date(2026, 12, 1)), asked)
    assert refused is not None
    assert said in refused[0]
    assert refused[1]


@pytest.mark.parametrize(
    ("entries", "asked"),
    [
        (DONE, Entry(0, "closing", date(2026, 6, 10))),
        (CLOSED, Entry(0, "reopening", date(2026, 6, 10), due_on=date(2026, 7, 1))),
        (CLOSED, Entry(0, "reversal", date(2026, 6, 10), reverses=5)),
        (REOPENED, Entry(0, "reversal", date(2026, 8, 10), reverses=6)),
        (DONE, Entry(0, "reversal", date(2026, 6, 10), reverses=2)),
    ],
)
def test_what_can_be_entered(entries: list[Entry], asked: Entry) -> None:
    assert refusal(standing(NUMBERED, entries, date(2026, 12, 1)), asked) is None


def test_a_sound_plan_has_no_faults_and_each_gap_is_named() -> None:
    codes, paths = {"supplied_unused"}, {"start_by", "invest_more"}
    assert faults(SOUND, codes, paths) == []
    bad = replace(
        SOUND,
        problem=" ",
        problem_types=(),
        paths=("fly",),
        to_on=SOUND.from_on,
        milestones=(),
        targets=(replace(SOUND.targets[0], due_on=date(2099, 1, 1)),),
        measures=(),
    )
    found = {(issue["field"], issue["message"][:8]) for issue in faults(bad, codes, paths)}
    assert {field for field, _ in found} == {
        "problem", "problem_types", "paths", "to_on", "milestones", "targets",
    }  # fmt: skip


def test_rows_keep_their_numbers_and_new_ones_follow_the_last_ever_given() -> None:
    first = numbered(None, SOUND, {}, None)
    assert first == NUMBERED
    changed = replace(first, milestones=(first.milestones[1], Milestone("竣工", date(2026, 12, 1))))
    after = numbered(first, changed, {"targets": 2, "milestones": 5}, None)
    assert [item.number for item in after.milestones] == [2, 6]


def test_rows_can_not_take_a_strange_number_and_done_ones_stay() -> None:
    with pytest.raises(ValueError, match="序号"):
        numbered(NUMBERED, replace(NUMBERED, milestones=(Milestone("x", BEFORE, 9),)), {}, None)
    twice = replace(NUMBERED, milestones=(NUMBERED.milestones[0],) * 2)
    with pytest.raises(ValueError, match="序号"):
        numbered(NUMBERED, twice, {}, None)
    now = standing(NUMBERED, DONE, date(2026, 6, 30))
    with pytest.raises(ValueError, match="取得施工许可"):
        numbered(NUMBERED, replace(NUMBERED, milestones=NUMBERED.milestones[1:]), {}, now)


@given(st.lists(st.integers(0, 400), max_size=12), st.integers(0, 500))
def test_what_comes_after_a_day_never_changes_how_it_stood(days: list[int], asked: int) -> None:
    start = date(2026, 1, 10)
    entries = [
        Entry(seq, "progress", start + timedelta(day), progress=day % 101) for seq, day in enumerate(days, 1)
    ]
    on = start + timedelta(asked)
    known = [entry for entry in entries if entry.on <= on]
    assert standing(NUMBERED, entries, on) == standing(NUMBERED, known, on)
    assert effective(entries) == tuple(entries)
