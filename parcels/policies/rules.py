"""What a version of a policy table may say, what a firm has of it and on how much, and the rows of a frozen list.

Refuses a bill: an amount is reckoned where a rate per unit meets a known quantity, for the authority to go by; it is never due.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from landgis.lib.units import mu_to_m2

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
# What an instrument is reckoned on: the figure, its title, its unit.
BASES: dict[str, tuple[str, str, str]] = {
    "land_use_tax": ("land_mu", "评价用地", "亩"),
    "electricity": ("electricity_kwh", "年用电量", "千瓦时"),
    "water": ("water_m3", "年用水量", "立方米"),
    "gas": ("gas_m3", "年用气量", "立方米"),
    "emission": ("emission_t", "年排放量", "吨"),
    "energy": ("energy_tce", "年综合能耗", "吨标准煤"),
}
# How many of a rate's unit make one of the quantity's.
PER: dict[str, dict[str, Decimal]] = {
    "亩": {"亩": Decimal(1), "平方米": mu_to_m2(1), "㎡": mu_to_m2(1), "公顷": mu_to_m2(1) / 10_000},
    "千瓦时": {"千瓦时": Decimal(1), "度": Decimal(1), "万千瓦时": Decimal("0.0001")},
    "立方米": {"立方米": Decimal(1), "方": Decimal(1), "万立方米": Decimal("0.0001")},
    "吨": {"吨": Decimal(1), "千克": Decimal(1000), "公斤": Decimal(1000)},
    "吨标准煤": {"吨标准煤": Decimal(1), "吨标煤": Decimal(1)},
}
MONEY = {"元": Decimal(1), "万元": Decimal(10_000)}
FORMAT = "landgis-policy-list-1"
_CENT = Decimal("0.01")
_UNIT = re.compile(r"(?P<money>万?元)/(?P<per>[^/·]+)([/·]年)?")
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


@dataclass(frozen=True, slots=True)
class Quantity:
    """What a firm's rate is reckoned on in a year; `amount` None with the reason in `gap` where it isn't known."""

    amount: Decimal | None = None
    unit: str = ""
    gap: str = ""


def money_of(rate: Rate, quantity: Quantity) -> Decimal | None:
    """The amount in 元 that a rate per unit comes to on a quantity, to the cent; None for a factor or an unknown unit."""
    unit = _UNIT.fullmatch(rate.unit.replace(" ", ""))
    if rate.kind != AMOUNT or quantity.amount is None or unit is None:
        return None
    per = PER.get(quantity.unit, {}).get(unit["per"])
    if per is None:
        return None
    return (rate.value * MONEY[unit["money"]] * quantity.amount * per).quantize(_CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class ListedFirm:
    """A firm of a frozen list. Figures are texts of decimals, None where unknown; they are told to who is cleared for them."""

    uscc: str
    name: str
    town_code: str
    town: str
    class_name: str
    industry_code: str
    grade: str
    kind: str
    value: str
    unit: str
    note: str
    told: str
    quantity: str | None
    quantity_unit: str
    gap: str
    amount_yuan: str | None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> ListedFirm:
        return cls(**kept)


def canonical(heading: Mapping[str, Any], rows: Sequence[ListedFirm]) -> str:
    """What the hash of a frozen list is taken over: JSON with sorted keys, no blanks, the rows in their order."""
    whole = {"format": FORMAT, **heading, "rows": [row.as_json() for row in rows]}
    return json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fingerprint(heading: Mapping[str, Any], rows: Sequence[ListedFirm]) -> str:
    return hashlib.sha256(canonical(heading, rows).encode("utf-8")).hexdigest()


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
