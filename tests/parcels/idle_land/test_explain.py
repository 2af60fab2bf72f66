"""The sentences beside a finding: an officer must be able to redo the arithmetic from them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from parcels.idle_land.explain import explain, titles_of
from parcels.idle_land.rules import Facts, Parameters, Progress

ON = date(2025, 12, 31)
PARAMETERS = Parameters("53号令/2012-07-01", 1, 1, 1, Fraction(1, 3), Fraction(1, 4), Fraction(1, 4))


def told(**facts: object) -> str:
    return "\n".join(explain(Facts(**facts), ON, PARAMETERS))  # type: ignore[arg-type]


def test_not_started_shows_both_days_the_roll_and_the_days_run() -> None:
    text = told(agreed_start=date(2021, 10, 1))
    assert "约定动工日期 2021-10-01" in text
    assert "满一年为 2022-10-01（休息日，顺延至 2022-10-08）" in text
    assert "已超过满期日 1180 日" in text
    assert "共 1552 日" in text
    assert "经调查核实应当认定" in text
    assert "规则版本 53号令/2012-07-01" in text


def test_art_22_shows_the_delivery_it_is_derived_from() -> None:
    assert "以实际交地日期 2020-02-29 起一年，即 2021-02-28" in told(actual_delivery=date(2020, 2, 29))


def test_undetermined_says_why_and_what_is_missing() -> None:
    text = told(agreed_delivery=date(2020, 1, 1))
    assert "约定交地日期不能代替实际交地日期" in text
    assert "也不能认为不闲置" in text
    assert "缺少：约定动工日期、实际交地日期" in text
    assert "仅动工是否逾期无从判断" in told(actual_start=date(2020, 1, 1))


def test_stopped_shows_both_ratios_cut_and_not_rounded() -> None:
    text = told(
        agreed_start=date(2021, 1, 1),
        actual_start=date(2021, 3, 1),
        total_investment_wan=Decimal("100000.0000"),
        land_to_develop_m2=Decimal(30000),
        progress=(Progress(date(2024, 1, 1), Decimal("24999.9000"), Decimal(10000), date(2023, 6, 1)),),
    )
    assert "已开发面积 10000 平方米，应开发面积 30000 平方米，占 33.33%，不低于 1/3" in text
    assert "已投资额 24999.9 万元，总投资额 100000 万元，占 24.99%，不足 1/4" in text
    assert "较约定晚 59 日" in text
    assert "可以认定，由承办人决定" in text
    assert "同时：建设期投资不足" in text


def test_past_the_agreed_completion_is_said() -> None:
    text = told(
        agreed_start=date(2020, 1, 1),
        actual_start=date(2020, 1, 1),
        agreed_completion=date(2022, 1, 1),
        total_investment_wan=Decimal(100),
        progress=(Progress(date(2024, 1, 1), Decimal(1)),),
    )
    assert "已过约定竣工日期 2022-01-01 仍未竣工" in text


def test_a_completed_phase_needs_one_sentence() -> None:
    steps = explain(Facts(actual_start=date(2020, 1, 1), actual_completion=date(2021, 1, 1)), ON, PARAMETERS)
    assert len(steps) == 2
    assert "已竣工" in steps[0]


def test_titles_of_missing_facts() -> None:
    assert titles_of(("agreed_start", "invested_wan")) == ("约定动工日期", "累计已投资（万元）")
