"""Names made comparable, and when monthly energy hints at an idle plant: exact boundaries, unknown is never zero."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parcels.returns.rules import Idleness, Names, core_name, hints, normal_name, signals

LIMITS = Idleness(drop_ratio=0.5, stop_kwh=500, stop_months=3)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("义乌市甲乙工贸有限公司", "义乌市甲乙工贸有限责任公司"),
        ("义乌市甲乙（集团）有限公司", "义乌市甲乙(集团)有限公司"),
        ("ＡＢＣ　科技 有限公司", "abc科技有限公司"),
        ("浙江·华丰股份有限公司", "浙江华丰股份公司"),
    ],
)
def test_ways_of_writing_one_name_are_the_same(one: str, other: str) -> None:
    assert normal_name(one) == normal_name(other)


def test_a_name_that_is_only_a_form_stays() -> None:
    assert core_name("有限公司") == "有限公司"
    assert core_name("") == ""


def test_the_likest_come_first_and_the_unlike_not_at_all() -> None:
    names = Names([7, 8, 9], ["义乌市恒丰针织有限公司", "义乌市恒丰针织厂", "金华市大地机械有限公司"])
    found = names.like("义乌市恒丰针织有限责任公司", 0.6)
    assert [(item.firm_id, item.likeness) for item in found] == [(7, 1.0), (8, found[1].likeness)]
    assert 0.6 <= found[1].likeness < 1
    assert names.like("", 0.6) == []
    assert names.like("上海某某", 0.6) == []


def test_no_names_no_candidates() -> None:
    assert Names([], []).like("义乌市恒丰针织有限公司", 0.1) == []


@settings(max_examples=60)
@given(st.lists(st.text("甲乙丙丁戊有限公司厂", min_size=1, max_size=10), min_size=1, max_size=20))
def test_every_name_finds_itself(names: list[str]) -> None:
    book = Names(list(range(len(names))), names)
    for name in names:
        found = book.like(name, 0.5)
        assert found
        assert found[0].likeness == 1
        assert len(found) <= 5


def course(*newest: float, before: float = 1000, months: int = 25) -> np.ndarray:
    return np.array([[before] * (months - len(newest)) + list(newest)])


@pytest.mark.parametrize(
    ("newest", "stopped", "dropped"),
    [
        ((499.9, 499.9, 499.9), True, True),
        ((500.0, 499.9, 499.9), False, True),
        ((1000.0, 499.9, 499.9), False, True),
        ((500.0,), False, True),
        ((500.1,), False, False),
        ((np.nan,), False, False),
        ((0.0, np.nan, 0.0), False, True),
    ],
)
def test_the_boundaries_of_stop_and_drop(newest: tuple[float, ...], stopped: bool, dropped: bool) -> None:
    stop, drop = signals(course(*newest), LIMITS)
    assert (bool(stop[0]), bool(drop[0])) == (stopped, dropped)


def test_what_isnt_known_of_last_year_is_no_drop() -> None:
    grid = course(10.0)
    grid[0, -13] = np.nan
    assert not signals(grid, LIMITS)[1].any()
    grid[0, -13] = 0
    assert not signals(grid, LIMITS)[1].any()
    assert not signals(np.array([[1.0, 1.0]]), LIMITS)[0].any()
    assert signals(np.empty((0, 25)), LIMITS)[0].shape == (0,)


FULL = Idleness(0.5, 500, 3, late_months=2, stop_water_m3=5, stop_gas_m3=10)
NOTHING = np.full((1, 25), np.nan)


def told(kwh: np.ndarray, water: np.ndarray = NOTHING, gas: np.ndarray = NOTHING) -> list[str]:
    return [code for code, hit in hints(kwh, water, gas, FULL).items() if hit[0]]


def test_a_missing_newest_month_hides_no_signal_while_it_is_not_too_late() -> None:
    assert told(course(0.0, 0.0, 0.0)) == ["stop", "drop"]
    assert told(course(0.0, 0.0, 0.0, np.nan)) == ["stop", "drop"]
    assert told(course(0.0, 0.0, 0.0, np.nan, np.nan)) == ["stop", "drop"]
    # Too late to stand for the firm: then the silence itself is the hint.
    assert told(course(0.0, 0.0, 0.0, np.nan, np.nan, np.nan)) == ["silent"]
    assert told(course(np.nan, np.nan, np.nan)) == ["silent"]
    assert told(NOTHING) == []


def test_water_and_gas_hint_too_and_who_never_used_them_has_not_stopped() -> None:
    steady = course(1000.0)
    assert told(steady, course(4.9, 4.9, 4.9, before=100)) == ["water_stop"]
    assert told(steady, course(50.0, before=100)) == ["water_drop"]
    assert told(steady, course(50.1, before=100)) == []
    assert told(steady, course(0.0, 0.0, 0.0, before=0)) == []
    assert told(steady, gas=course(0.0, 0.0, 0.0, np.nan, before=100)) == ["gas_stop"]
    assert told(steady, gas=course(1.0, before=100)) == ["gas_drop"]
    empty = np.empty((0, 25))
    assert all(len(hit) == 0 for hit in hints(empty, empty, empty, FULL).values())
