"""Promises of at least and at most, at their boundary, and what is missing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from landgis.counties.models import County
from landgis.counties.queries import parameters
from parcels.supply.indicators import PARAMETER, Indicator, compare, indicators_of

RATIO = Indicator("plot_ratio", "容积率", "", "at_least", ("completion_review",))
GREEN = Indicator("green_ratio", "绿地率", "", "at_most", ("completion_review",))
TAX = Indicator("tax_per_mu", "亩均税收", "万元/亩", "at_least", ("full_production_review",), True)


@pytest.mark.parametrize(
    ("indicator", "promised", "actual", "kept"),
    [
        (RATIO, "1.5", "1.4999", False),
        (RATIO, "1.5", "1.5", True),
        (RATIO, 1.5, 2, True),
        (GREEN, "0.15", "0.15", True),
        (GREEN, "0.15", "0.1501", False),
        (RATIO, "1.5", None, None),
        (RATIO, None, "1.5", None),
        (RATIO, "1.5", "高", None),
        (RATIO, "1.5", "NaN", None),
        (RATIO, "1.5", "-1", None),
        (RATIO, "1.5", True, None),
    ],
)
def test_a_promise_is_kept_at_its_own_figure(
    indicator: Indicator, promised: Any, actual: Any, kept: bool | None
) -> None:
    found = compare("completion_review", {indicator.code: promised}, {indicator.code: actual}, [indicator])
    assert [item.kept for item in found] == [kept]


def test_an_indicator_is_looked_at_only_at_its_own_milestones_and_when_stated() -> None:
    figures = {"tax_per_mu": 1}
    assert compare("completion_review", figures, figures, [RATIO, TAX]) == ()
    assert compare("full_production_review", figures, figures, [RATIO, TAX])[0].kept


def test_a_firms_own_figure_can_be_told_without_it() -> None:
    short, unknown = (
        compare("full_production_review", {"tax_per_mu": 25}, actual, [TAX])[0]
        for actual in ({"tax_per_mu": "20.50"}, {})
    )
    assert short.told == "亩均税收20.5万元/亩，承诺不低于 25万元/亩"
    assert (short.told_openly, unknown.told_openly) == ("亩均税收未达承诺", "亩均税收资料不全")
    green = compare("completion_review", {"green_ratio": "0.15"}, {"green_ratio": "0.2"}, [GREEN])[0]
    assert green.told_openly == green.told == "绿地率0.2，承诺不高于 0.15"
    assert green.promised == Decimal("0.15")


def test_every_countys_parameter_can_be_read(county: County) -> None:
    found = indicators_of(parameters(county, date(2024, 1, 1))[PARAMETER])
    assert {"plot_ratio", "green_ratio", "tax_per_mu"} <= {indicator.code for indicator in found}
    assert {i.code for i in found if i.direction == "at_most"} == {
        "green_ratio",
        "ancillary_land_ratio",
        "ancillary_building_ratio",
    }


def test_a_direction_that_is_none_names_its_indicator() -> None:
    entry = {"code": "x", "title": "x", "direction": "about", "milestones": []}
    with pytest.raises(ValueError, match="x: direction about"):
        indicators_of([entry])
