"""The indicators' table: what each divides, what it says of itself, and which cells stay hidden."""

import pytest

from parcels.evaluation.rules import (
    FIGURES,
    INDICATORS,
    explanation,
    missing_words,
    quotient,
    withheld,
)

BY_CODE = {indicator.code: indicator for indicator in INDICATORS}


@pytest.mark.parametrize(
    ("code", "numerator", "denominator", "unit"),
    [
        ("tax_per_mu", "tax_wan", "land_mu", "万元/亩"),
        ("value_added_per_mu", "value_added_wan", "land_mu", "万元/亩"),
        ("labour_productivity", "value_added_wan", "employees", "万元/人"),
        ("value_added_per_tce", "value_added_wan", "energy_tce", "万元/吨标准煤"),
        ("value_added_per_emission", "value_added_wan", "emission_t", "万元/吨"),
        ("rd_share", "rd_wan", "revenue_wan", "%"),
    ],
)
def test_formulas_of_zhejiang_2018_5(code: str, numerator: str, denominator: str, unit: str) -> None:
    indicator = BY_CODE[code]
    assert (indicator.numerator, indicator.denominator, indicator.unit) == (numerator, denominator, unit)
    assert FIGURES[numerator].title in indicator.formula
    assert FIGURES[denominator].unit in indicator.formula


@pytest.mark.parametrize(
    ("above", "below", "value"), [(10.0, 4.0, 2.5), (None, 4.0, None), (10.0, None, None), (10.0, 0.0, None)]
)
def test_what_is_missing_is_never_zero(above: float | None, below: float | None, value: float | None) -> None:
    assert quotient(above, below) == value


def test_a_number_says_where_it_comes_from() -> None:
    said = explanation(BY_CODE["tax_per_mu"], 120.0, 10.0, year=2023)
    assert said["value"] == 12.0
    assert said["formula"] == "亩均税收 = 税收实际贡献（万元） ÷ 用地面积（亩）"
    assert (said["as_of"], said["year"], said["missing"]) == ("2023-12-31", 2023, [])
    assert "年度报表" in said["source"]
    assert "登记面积" in said["source"]


def test_a_share_is_shown_in_percent() -> None:
    said = explanation(BY_CODE["rd_share"], 281.0, 10_000.0, year=2023)
    assert said["value"] == pytest.approx(2.81)
    assert (said["unit"], said["numerator"]) == ("%", 281.0)


def test_a_missing_number_says_why() -> None:
    assert explanation(BY_CODE["rd_share"], 1.0, 0.0, year=2023)["missing"] == ["营业收入为零"]
    assert explanation(BY_CODE["rd_share"], None, None, year=2023)["missing"] == ["没有可计算的数据"]
    words = missing_words({"tax_wan": 2, "return": 1, "employees": 9}, BY_CODE["tax_per_mu"])
    assert words == ["1 家企业没有当年年度报表，未计入", "2 家企业未填报税收实际贡献，未计入"]


def test_a_withheld_number_holds_no_figure() -> None:
    said = withheld(BY_CODE["tax_per_mu"], year=2023, reason="无权查看")
    assert (said["value"], said["numerator"], said["denominator"]) == (None, None, None)
    assert said["restricted"] is True
    assert said["missing"] == ["无权查看"]
