"""The per-mu indicators as a table: what is divided by what, in which units, and on whose word.

Refuses to know thresholds, grades or the database, and never reads a missing figure as zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

RULE_VERSION = "亩均指标 2025.2（浙政发〔2018〕5号口径）"

LAND, RETURN = "land_mu", "return"
YEARS = range(1990, 2201)

# Where a county's parameter `privacy.min_enterprises_per_cell` says nothing: the stricter reading of the statistics act.
FEWEST_FIRMS = 3


@dataclass(frozen=True, slots=True)
class Figure:
    """What an indicator is made of: its Chinese title, its unit, and where it comes from."""

    title: str
    unit: str
    source: str


_RETURNS = "企业年度报表"

FIGURES: dict[str, Figure] = {
    "tax_wan": Figure("税收实际贡献", "万元", _RETURNS),
    "value_added_wan": Figure("工业增加值", "万元", _RETURNS),
    "revenue_wan": Figure("营业收入", "万元", _RETURNS),
    "employees": Figure("年平均职工人数", "人", _RETURNS),
    "energy_tce": Figure("综合能耗", "吨标准煤", _RETURNS),
    "emission_t": Figure("主要污染物排放量", "吨", _RETURNS),
    "rd_wan": Figure("研发经费", "万元", _RETURNS),
    LAND: Figure(
        "用地面积",
        "亩",
        "企业用地记录（宗地面积以登记面积为准，无登记面积的以图形面积为准；关联企业合并，承租户按该年度的评价方式）",
    ),
}

RETURNED = tuple(name for name in FIGURES if name != LAND)


@dataclass(frozen=True, slots=True)
class Indicator:
    """`value = numerator / denominator`; shown times `factor` in `unit`."""

    code: str
    title: str
    unit: str
    numerator: str
    denominator: str
    factor: int = 1

    @property
    def formula(self) -> str:
        above, below = FIGURES[self.numerator], FIGURES[self.denominator]
        times = " × 100%" if self.factor == 100 else ""
        return f"{self.title} = {above.title}（{above.unit}） ÷ {below.title}（{below.unit}）{times}"

    @property
    def source(self) -> str:
        return "；".join(dict.fromkeys(FIGURES[name].source for name in (self.numerator, self.denominator)))


INDICATORS: tuple[Indicator, ...] = (
    Indicator("tax_per_mu", "亩均税收", "万元/亩", "tax_wan", LAND),
    Indicator("value_added_per_mu", "亩均增加值", "万元/亩", "value_added_wan", LAND),
    Indicator("labour_productivity", "全员劳动生产率", "万元/人", "value_added_wan", "employees"),
    Indicator("value_added_per_tce", "单位能耗增加值", "万元/吨标准煤", "value_added_wan", "energy_tce"),
    Indicator("value_added_per_emission", "单位排放增加值", "万元/吨", "value_added_wan", "emission_t"),
    Indicator("rd_share", "研发经费占营业收入比重", "%", "rd_wan", "revenue_wan", factor=100),
)

CODES = tuple(indicator.code for indicator in INDICATORS)


def partly(name: str) -> str:
    """What a group lacks when one of its members that returned something didn't return this figure."""
    return f"{name}_partly"


def last_day(year: int) -> date:
    """The day whose occupancies are the land of the year: 31 December."""
    return date(year, 12, 31)


def quotient(numerator: float | None, denominator: float | None) -> float | None:
    """Their ratio; None where either isn't known or there is nothing to divide by."""
    if numerator is None or denominator is None or denominator == 0:
        return None
    return numerator / denominator


def explanation(
    indicator: Indicator,
    numerator: float | None,
    denominator: float | None,
    *,
    year: int,
    missing: Sequence[str] = (),
    rule_version: str = RULE_VERSION,
) -> dict[str, Any]:
    """Everything a number has to say about itself."""
    value = quotient(numerator, denominator)
    reasons = list(missing)
    if value is None and not reasons:
        reasons = [f"{FIGURES[indicator.denominator].title}为零" if denominator == 0 else "没有可计算的数据"]
    return {
        "indicator": indicator.code,
        "title": indicator.title,
        "value": None if value is None else value * indicator.factor,
        "unit": indicator.unit,
        "numerator": numerator,
        "denominator": denominator,
        "numerator_title": FIGURES[indicator.numerator].title,
        "denominator_title": FIGURES[indicator.denominator].title,
        "numerator_unit": FIGURES[indicator.numerator].unit,
        "denominator_unit": FIGURES[indicator.denominator].unit,
        "formula": indicator.formula,
        "year": year,
        "as_of": last_day(year).isoformat(),
        "source": indicator.source,
        "rule_version": rule_version,
        "missing": reasons,
        "restricted": False,
    }


def withheld(
    indicator: Indicator, *, year: int, reason: str, rule_version: str = RULE_VERSION
) -> dict[str, Any]:
    """The same without the figures, for somebody who may not see them; `reason` says why."""
    shown = explanation(indicator, None, None, year=year, missing=[reason], rule_version=rule_version)
    return shown | {"restricted": True}


def missing_words(missing: Mapping[str, int], indicator: Indicator) -> list[str]:
    """What kept firms out of an indicator's sums, in words."""
    words = []
    for name in (RETURN, indicator.numerator, indicator.denominator):
        if count := missing.get(name, 0):
            lacked = {RETURN: "没有当年年度报表", LAND: "没有用地占用记录"}.get(
                name
            ) or f"未填报{FIGURES[name].title}"
            words.append(f"{count} 家企业{lacked}，未计入")
        if count := missing.get(partly(name), 0):
            words.append(f"{count} 组合并评价的企业有成员未填报{FIGURES[name].title}，未计入")
    return words
