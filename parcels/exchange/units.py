"""The units in headings of delivered tables, and what turns a figure into ㎡, 万元, tce, 吨, 人 or a share.

Refuses to guess a unit: a heading without one says so, and the caller decides what to tell the officer.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import Literal, NamedTuple

Dimension = Literal["area", "money", "energy", "mass", "persons", "share", "electricity", "volume"]


class Unit(NamedTuple):
    """`factor` turns a figure in this unit into the dimension's base unit."""

    dimension: Dimension
    factor: Fraction
    title: str


_EXACT = Context(prec=60)
_KEPT = Decimal("0.0001")

_NAMES: tuple[tuple[Dimension, Fraction, str], ...] = (
    ("area", Fraction(1), "平方米 平米 m2 m^2 sqm squaremetre squaremeter squaremetres squaremeters"),
    ("area", Fraction(10000, 15), "亩 市亩 mu"),
    ("area", Fraction(10000), "公顷 ha hm2 hm^2 hectare hectares 万平方米 万平米 万m2"),
    ("area", Fraction(1000000), "平方公里 平方千米 km2"),
    ("money", Fraction(1), "万元 万元人民币 人民币万元 tenthousandyuan 10000yuan"),
    ("money", Fraction(1, 10000), "元 人民币元 yuan rmb cny"),
    ("money", Fraction(1, 10), "千元"),
    ("money", Fraction(10000), "亿元"),
    ("energy", Fraction(1), "吨标准煤 吨标煤 tce"),
    ("energy", Fraction(10000), "万吨标准煤 万吨标煤 万tce"),
    ("energy", Fraction(1, 1000), "千克标准煤 公斤标准煤 kgce"),
    ("mass", Fraction(1), "吨 t ton tons tonne tonnes"),
    ("mass", Fraction(10000), "万吨"),
    ("mass", Fraction(1, 1000), "千克 公斤 kg"),
    ("persons", Fraction(1), "人 个 名 persons"),
    ("persons", Fraction(10000), "万人"),
    ("electricity", Fraction(1), "千瓦时 度 kwh kw.h kw·h 千瓦小时"),
    ("electricity", Fraction(10000), "万千瓦时 万度 万kwh 万千瓦小时"),
    ("electricity", Fraction(1000), "兆瓦时 mwh"),
    ("volume", Fraction(1), "立方米 立方 方 m3 m^3 cubicmetre"),
    ("volume", Fraction(10000), "万立方米 万立方 万方 万m3"),
    ("share", Fraction(1, 100), "% 百分比 百分数 percent"),
    ("share", Fraction(1), "小数"),
)

UNITS: dict[str, Unit] = {
    name: Unit(dimension, factor, names.split()[0])
    for dimension, factor, names in _NAMES
    for name in names.split()
}
_LONGEST_FIRST = "|".join(re.escape(name) for name in sorted(UNITS, key=len, reverse=True))
_SUFFIX = re.compile(rf"^(?P<base>.+?)[_/:,，、\-]?(?P<unit>{_LONGEST_FIRST})$")
_LABEL = re.compile(r"^(?:计量)?单位[:：]?")


def unit_named(text: str) -> Unit | None:
    """The unit of a normalised text such as "公顷" or "单位:公顷"."""
    return UNITS.get(_LABEL.sub("", text))


def split_suffix(heading: str) -> tuple[str, Unit] | None:
    """A normalised heading that ends with a unit without brackets ("面积公顷", "成交价:万元"), split."""
    match = _SUFFIX.match(heading)
    return (match["base"], UNITS[match["unit"]]) if match else None


def units_of_note(text: str) -> dict[Dimension, Unit]:
    """The units that a note above the table gives for all columns: "单位:亩、万元"."""
    if not _LABEL.match(text):
        return {}
    named = (unit_named(part) for part in re.split(r"[、,，/;；]", _LABEL.sub("", text)))
    return {unit.dimension: unit for unit in named if unit}


def converter(unit: Unit | None) -> Callable[[Decimal], Decimal]:
    """What turns a figure into the base unit; a factor without an end (亩) rounds half up, to 4 places."""
    if unit is None or unit.factor == 1:
        return lambda value: value
    times, over = Decimal(unit.factor.numerator), Decimal(unit.factor.denominator)
    if unit.factor.denominator % 3 == 0:
        return lambda value: _EXACT.divide(_EXACT.multiply(value, times), over).quantize(_KEPT, ROUND_HALF_UP)
    factor = _EXACT.divide(times, over)
    return lambda value: _EXACT.multiply(value, factor)
