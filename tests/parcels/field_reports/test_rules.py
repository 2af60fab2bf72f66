"""A report's own contradictions, and what is told of a photo at each boundary."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from parcels.field_reports.photo_facts import CHINA
from parcels.field_reports.rules import PhotoLimits, issues_of, photo_remarks, place_remark

TODAY = date(2024, 5, 10)
LIMITS = PhotoLimits(100, 3)
NOW = datetime(2024, 5, 10, 18, 0, tzinfo=CHINA)
GOING: dict[str, Any] = {"visited_on": TODAY, "building": "going", "invested_wan": Decimal(5)}


def refused(**values: Any) -> list[str]:
    return [issue["field"] for issue in issues_of(GOING | values, TODAY)]


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({}, []),
        ({"visited_on": TODAY + timedelta(1)}, ["visited_on"]),
        ({"visited_on": None}, ["visited_on"]),
        ({"building": "half"}, ["building"]),
        ({"building": "stopped"}, ["last_built_on"]),
        ({"building": "stopped", "last_built_on": TODAY}, []),
        ({"building": "stopped", "last_built_on": TODAY + timedelta(1)}, ["last_built_on"]),
        ({"last_built_on": TODAY}, ["last_built_on"]),
        ({"foundation_kind": "piles"}, ["foundation_total"]),
        ({"foundation_kind": "piles", "foundation_done": Decimal(3), "foundation_total": Decimal(3)}, []),
        (
            {"foundation_kind": "piles", "foundation_done": Decimal(4), "foundation_total": Decimal(3)},
            ["foundation_done"],
        ),
        (
            {"foundation_kind": "piles", "foundation_done": Decimal(0), "foundation_total": Decimal(0)},
            ["foundation_done"],
        ),
        ({"invested_wan": Decimal(-1)}, ["invested_wan"]),
        ({"invested_wan": Decimal("NaN")}, ["invested_wan"]),
        ({"developed_area_m2": Decimal("-0.01")}, ["developed_area_m2"]),
        ({"building": "none", "developed_area_m2": Decimal(1)}, ["building"]),
        ({"building": "none", "has_shape": True}, ["building"]),
        ({"invested_wan": None}, ["remarks"]),
        ({"invested_wan": None, "has_photo": True}, []),
        ({"building": "none", "invested_wan": None}, []),
    ],
)
def test_what_does_not_fit_together_names_its_field(values: dict[str, Any], fields: list[str]) -> None:
    assert refused(**values) == fields


def told(**facts: Any) -> str:
    usual: dict[str, Any] = {
        "distance_m": 0.0,
        "has_place": True,
        "shifted_m": 500.0,
        "taken_at": NOW - timedelta(hours=3),
        "visited_on": TODAY,
        "filed_at": NOW,
        "limits": LIMITS,
    }
    return "；".join(photo_remarks(**(usual | facts)))


def test_a_photo_of_the_place_and_the_day_needs_no_word() -> None:
    assert told() == ""
    assert told(distance_m=100.0) == ""
    assert told(taken_at=NOW - timedelta(days=3)) == ""


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"distance_m": 100.1}, "距宗地约 100 米，超过 100 米"),
        ({"distance_m": 520.0, "shifted_m": 100.0}, "GCJ-02"),
        ({"has_place": False, "distance_m": None}, "没有拍摄位置"),
        ({"distance_m": None}, "没有对应的登记宗地图形"),
        ({"taken_at": None}, "没有拍摄时间"),
        ({"taken_at": NOW - timedelta(days=4)}, "相差 4 日"),
        ({"taken_at": NOW + timedelta(minutes=1)}, "晚于填报时间"),
        ({"used_in": "第 3 号核查报告"}, "同一照片已用于第 3 号核查报告"),
    ],
)
def test_what_is_doubtful_of_a_photo_is_told(facts: dict[str, Any], words: str) -> None:
    assert words in told(**facts)


def test_a_shift_is_named_only_where_it_explains_the_distance() -> None:
    assert "GCJ-02" not in told(distance_m=520.0, shifted_m=101.0)


def test_the_stated_place_is_told_when_far() -> None:
    assert place_remark(100.0, LIMITS) == ()
    assert place_remark(None, LIMITS) == ()
    assert "约 250 米" in place_remark(250.2, LIMITS)[0]
