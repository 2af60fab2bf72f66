"""What a version of a policy table may say, and the words for what a firm has of it.

Refuses a bill: a factor or an amount per unit is told, never an amount due.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

FACTOR, AMOUNT = "factor", "amount"
KINDS: dict[str, str] = {FACTOR: "倍数", AMOUNT: "单位金额"}
INSTRUMENTS: dict[str, str] = {
    "land_use_tax": "城镇土地使用税差别化减免",
    "electricity": "差别电价",
    "water": "差别水价",
    "gas": "差别气价",
    "sewage": "差别化污水处理费",
    "emission": "差别化排污权",
    "energy": "差别化用能",
    "other": "其他差别化政策",
}
_INDUSTRY = re.compile(r"([0-9]{2,4})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Rate:
    """What a grade has: times `value` of the ordinary rate, or `value` more (less, where negative) per `unit`."""

    grade: str
    kind: str
    value: Decimal
    unit: str = ""
    industry: str = ""
    note: str = ""

    @property
    def told(self) -> str:
        figure = f"{self.value.normalize():f}"
        if self.kind == FACTOR:
            return f"按 {figure} 倍"
        return f"{'加收' if self.value > 0 else '减收' if self.value < 0 else '不加不减'} {figure.lstrip('-')} {self.unit}"


def issues(rates: Sequence[Rate], grades: Sequence[str]) -> list[Mapping[str, str]]:
    """What keeps a version from being recorded, each by its row; `grades` of the year's final scheme, () where unknown."""
    found: list[Mapping[str, str]] = []
    seen: set[tuple[str, str]] = set()
    for row, rate in enumerate(rates, 1):
        told = f"第 {row} 行："
        if not rate.grade:
            found.append({"field": "rates", "message": f"{told}请填写档次。"})
        elif grades and rate.grade not in grades:
            found.append(
                {
                    "field": "rates",
                    "message": f"{told}该年评价方案没有“{rate.grade}”档，可用的有：{'、'.join(grades)}。",
                }
            )
        if rate.kind not in KINDS:
            found.append({"field": "rates", "message": f"{told}请选择倍数或者单位金额。"})
        if rate.kind == FACTOR and rate.unit:
            found.append({"field": "rates", "message": f"{told}倍数不填写计量单位。"})
        if rate.kind == FACTOR and rate.value < 0:
            found.append({"field": "rates", "message": f"{told}倍数不能为负。"})
        if rate.kind == AMOUNT and not rate.unit:
            found.append({"field": "rates", "message": f"{told}请填写计量单位，例如“元/千瓦时”。"})
        if not _INDUSTRY.fullmatch(rate.industry):
            found.append(
                {"field": "rates", "message": f"{told}行业请填写 2 至 4 位数字代码，全部行业的留空。"}
            )
        if (rate.grade, rate.industry) in seen:
            found.append({"field": "rates", "message": f"{told}同一档次、行业重复。"})
        seen.add((rate.grade, rate.industry))
    return found
