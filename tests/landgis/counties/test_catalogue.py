"""Every parameter has its words and its kind; every value in use fits its kind and reads back as it was written."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landgis.counties.catalogue import OTHER, described, groups, known_keys
from landgis.counties.profile import DatedValue, national_parameters, read_profile
from landgis.counties.value_kinds import MOST_OF_A_TERM, Kind, Unfit
from landgis.lib.workdays import WorkCalendar

PROFILES = sorted(Path("data/counties").glob("*/profile.toml"))
STATED: list[DatedValue] = [
    *national_parameters(),
    *(value for profile in PROFILES for value in read_profile(profile).parameters),
]


@pytest.mark.parametrize("stated", STATED, ids=lambda value: value.key)
def test_every_parameter_has_a_chinese_title_and_a_meaning(stated: DatedValue) -> None:
    item = described(stated.key)
    assert item.title != stated.key
    assert item.meaning
    assert item.group in groups()


def test_every_parameter_of_every_shipped_profile_is_in_the_catalogue_under_the_name_that_the_rules_read() -> (
    None
):
    """The old name of the fee's rate is gone: who changed it on screen would have changed nothing."""
    keys = {stated.key for stated in STATED}
    assert PROFILES
    assert {key for key in keys if described(key).group == OTHER} == set()
    assert "idle_land.fee_rate" in {
        stated.key for path in PROFILES for stated in read_profile(path).parameters
    }
    assert described("idle_land.fee_ratio").group == OTHER


@pytest.mark.parametrize("stated", STATED, ids=lambda value: value.key)
def test_every_value_in_use_fits_its_kind_and_reads_back(stated: DatedValue) -> None:
    kind = described(stated.key).kind
    if kind is None:
        assert "备查" in described(stated.key).title
        return
    read = kind.read(kind.write(stated.value))
    if kind.name in ("ratio", "decimal"):
        assert Fraction(str(read)) == Fraction(str(stated.value))
    else:
        assert read == stated.value


def test_each_known_key_is_described_once_and_an_unknown_one_by_its_key() -> None:
    assert len(set(known_keys())) == len(known_keys())
    unknown = described("x.y")
    assert (unknown.title, unknown.kind) == ("x.y", None)
    assert described("calendar.2027").title == "2027 年节假日安排"


def test_a_calendar_is_typed_in_lines() -> None:
    kind = described("calendar.2027").kind
    assert kind is not None
    read = kind.read("放假 = 2027-01-01、2027-02-06\n调休上班 =\n整年安排 = 是")
    assert read == {"rest": ["2027-01-01", "2027-02-06"], "work": [], "whole": True}
    assert kind.read(kind.write(read)) == read
    spans = kind.read("放假 = 2027-02-06至2027-02-12\n调休上班 = 2027-02-05\n整年安排 = 否")
    assert spans["rest"] == ["2027-02-06/2027-02-12"]
    calendar = WorkCalendar.from_mapping({"calendar.2027": spans})
    assert not calendar.works(date(2027, 2, 9))
    with pytest.raises(Unfit, match="起止日期"):
        kind.read("放假 = 2027-02-12至2027-02-06\n调休上班 =\n整年安排 = 是")


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("idle_land.not_started_years", "2", 2),
        ("idle_land.not_started_years", "１０", 10),
        ("idle_land.developed_ratio_min", "25%", "1/4"),
        ("idle_land.developed_ratio_min", "1 / 3", "1/3"),
        ("idle_land.developed_ratio_min", "1", "1"),
        ("idle_land.fee_rate", "20%", "0.2"),
        ("disposal.term.reply", "5个工作日", {"amount": 5, "unit": "workday"}),
        ("disposal.term.reply", "30 天", {"amount": 30, "unit": "day"}),
        ("disposal.term.reply", "3 个月", {"amount": 3, "unit": "month"}),
        ("idle_land.roll_over_rest_days", "否", False),
        ("map.tax_per_mu_classes", "3，6.5, 10", [3, 6.5, 10]),
        ("land.industrial_classes", "0601、0602", ["0601", "0602"]),
        ("disposal.closing_reviews", "镇街初验、专班审批", ["town_checked", "approved"]),
        ("edit.rule.gap", "处理方式 = 提示\n缝宽（米） = 0.3", {"severity": "warning", "width_m": 0.3}),
        ("disposal.cause_classes", "司法查封 = 政府原因", {"E2": "government"}),
        ("disposal.case_number", "{year}第{number:03d}号", "{year}第{number:03d}号"),
    ],
)
def test_what_is_typed_becomes_the_value(key: str, text: str, value: Any) -> None:
    kind = described(key).kind
    assert kind is not None
    assert kind.read(text) == value


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("idle_land.not_started_years", "0"),
        ("idle_land.not_started_years", "11"),
        ("idle_land.not_started_years", "1.5"),
        ("idle_land.not_started_years", "一年"),
        ("idle_land.not_started_years", ""),
        ("idle_land.not_started_years", "1e3"),
        ("idle_land.not_started_years", "NaN"),
        ("idle_land.developed_ratio_min", "0"),
        ("idle_land.developed_ratio_min", "4/3"),
        ("idle_land.developed_ratio_min", "1/0"),
        ("idle_land.developed_ratio_min", "-1/3"),
        ("idle_land.fee_rate", "1.01"),
        ("idle_land.fee_rate", "200%"),
        ("disposal.term.reply", "0 日"),
        ("disposal.term.reply", "30"),
        ("disposal.term.reply", "30 小时"),
        ("disposal.term.reply", "9999 年"),
        ("idle_land.roll_over_rest_days", "true"),
        ("map.tax_per_mu_classes", "3、2"),
        ("map.tax_per_mu_classes", "3、3"),
        ("land.industrial_classes", "工业"),
        ("land.industrial_classes", ""),
        ("disposal.closing_reviews", "领导审批"),
        ("edit.rule.gap", "处理方式 = 提示"),
        ("edit.rule.gap", "处理方式 = 忽略\n缝宽（米） = 0.3"),
        ("edit.rule.overlap", "处理方式 拦截"),
        ("disposal.cause_classes", "E9 = 政府原因"),
        ("disposal.case_number", "{year}{number.__class__}"),
        ("disposal.case_number", "{year"),
        ("disposal.case_number", "{0}{year}{number}"),
        ("documents.number_pattern", "{agency:03d}{series}{year}{serial}"),
        ("documents.terms", "reply_term = idle_land.fee_rate"),
        ("idle_land.rule_version", "x" * 61),
        ("idle_land.rule_version", "甲\u0000"),
        ("calendar.2027", "放假 = 2027-02-30\n调休上班 =\n整年安排 = 是"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(key: str, text: str) -> None:
    kind = described(key).kind
    assert kind is not None
    with pytest.raises(Unfit, match=r"[\u4e00-\u9fff]"):
        kind.read(text)


@given(st.text(max_size=60), st.sampled_from(known_keys()))
def test_no_text_breaks_a_kind(text: str, key: str) -> None:
    kind = described(key).kind
    assert kind is not None
    try:
        value = kind.read(text)
    except Unfit:
        return
    assert kind.read(kind.write(value)) == value


@given(st.integers(-5, 4000), st.sampled_from(["日", "个工作日", "个月", "年"]))
def test_a_term_holds_its_bounds(amount: int, unit: str) -> None:
    kind, bound = Kind("term"), {"日": "day", "个工作日": "workday", "个月": "month", "年": "year"}[unit]
    if 1 <= amount <= MOST_OF_A_TERM[bound]:
        assert kind.read(f"{amount} {unit}") == {"amount": amount, "unit": bound}
    else:
        with pytest.raises(Unfit):
            kind.read(f"{amount} {unit}")


@given(st.lists(st.dates(date(2027, 1, 1), date(2027, 12, 31)), unique=True, max_size=20))
def test_days_are_sorted_and_read_back(days: list[date]) -> None:
    kind = Kind("days")
    read = kind.read("、".join(map(str, days)))
    assert read == sorted(map(str, days))
    assert kind.read(kind.write(read)) == read
