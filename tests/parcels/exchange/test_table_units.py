"""Units in headings and notes, and their exact conversion."""

from __future__ import annotations

from decimal import Decimal

import pytest

from parcels.exchange.units import UNITS, converter, split_suffix, unit_named, units_of_note


@pytest.mark.parametrize(
    ("unit", "figure", "base"),
    [
        ("公顷", "5.292804", "52928.04"),
        ("平方米", "1.23456", "1.23456"),
        ("亩", "15", "10000.0000"),
        ("亩", "1", "666.6667"),
        ("亩", "0.01", "6.6667"),
        ("万平方米", "1.5", "15000"),
        ("元", "12345.67", "1.234567"),
        ("亿元", "0.5", "5000"),
        ("千克", "1", "0.001"),
        ("万吨标准煤", "2", "20000"),
        ("%", "35.5", "0.355"),
    ],
)
def test_a_figure_is_converted_exactly(unit: str, figure: str, base: str) -> None:
    assert converter(UNITS[unit])(Decimal(figure)) == Decimal(base)


def test_without_a_unit_a_figure_stays() -> None:
    assert converter(None)(Decimal("1.5")) == Decimal("1.5")


def test_a_unit_at_the_end_of_a_heading() -> None:
    assert split_suffix("面积公顷") == ("面积", UNITS["公顷"])
    assert split_suffix("成交价格_万元") == ("成交价格", UNITS["万元"])
    assert split_suffix("面积") is None


def test_a_note_gives_the_units_of_the_whole_table() -> None:
    units = units_of_note("单位:亩、万元")
    assert {name: unit.title for name, unit in units.items()} == {"area": "亩", "money": "万元"}
    assert units_of_note("单位负责人:张三") == {}
    assert units_of_note("亩") == {}


def test_a_label_before_a_unit() -> None:
    assert unit_named("单位:公顷") == UNITS["公顷"]
    assert unit_named("受让人") is None
