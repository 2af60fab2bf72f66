"""A plan of targets as figures: which rows it has, in what parts, and what doesn't add up in it.

Refuses to know the database; figures are exact decimals, days include both ends.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from parcels.campaigns.rules import YEARLY_KEYS, hand_down_problem, years_problem

DRAFT, IN_FORCE, DROPPED = "draft", "in_force", "dropped"
STATES: dict[str, str] = {DRAFT: "草案", IN_FORCE: "已生效", DROPPED: "已作废"}
LONGEST_YEARS = 15
# Stated as a part of one, as they are reckoned: 0.3, never 30.
SHARES = frozenset({
    "supply.industrial_share_min", "evaluation.rd_ratio", "evaluation.energy_per_gdp_yearly_change",
    "horizon.investment_growth",
})  # fmt: skip


COUNTED = ("家", "个", "宗")  # units of what has no halves


@dataclass(frozen=True, slots=True)
class Aim:
    """A target of a plan: the county's figure, its parts by year and by town; `parted`: whether it may have parts.

    A target that is asked anew each year has an aim for each year, with the towns' parts of that year.
    """

    key: str
    title: str
    unit: str
    first: date
    last: date
    parted: bool
    value: Decimal | None = None
    years: Mapping[int, Decimal] = field(default_factory=dict)
    towns: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return f"{self.key}@{self.first.year}" if self.key in YEARLY_KEYS else self.key

    @property
    def told(self) -> str:
        return f"{self.first.year}年{self.title}" if self.key in YEARLY_KEYS else self.title

    @property
    def year_columns(self) -> tuple[int, ...]:
        """The years that it may be divided by: those of a term, none of a single year."""
        if not self.parted or self.key in YEARLY_KEYS or self.first.year == self.last.year:
            return ()
        return tuple(range(self.first.year, self.last.year + 1))

    @property
    def problems(self) -> list[str]:
        """What keeps the aim from entering into force, each in a sentence without its end."""
        if self.value is None:
            return [f"{self.told}：有分解数而没有全县目标"] if self.years or self.towns else []
        if self.key in SHARES and abs(self.value) >= 1:
            return [f"{self.told}：请按小数填写（百分之三十填 0.3）"]
        if self.unit in COUNTED and any(
            part % 1 for part in (self.value, *self.years.values(), *self.towns.values())
        ):
            return [f"{self.told}：以“{self.unit}”计的目标应为整数"]
        if self.parted and self.value <= 0:
            return [f"{self.told}：全县目标必须大于零"]
        towns = hand_down_problem(self.value, self.towns) if self.towns else ""
        years = years_problem(self.value, self.years, self.first, self.last) if self.years else ""
        return [f"{self.told}：{problem}" for problem in (years, towns) if problem]

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "key": self.key,
            "title": self.title,
            "unit": self.unit,
            "first": str(self.first),
            "last": str(self.last),
            "value": None if self.value is None else f"{self.value:f}",
            "years": {str(year): f"{part:f}" for year, part in sorted(self.years.items())},
            "towns": {code: f"{part:f}" for code, part in sorted(self.towns.items())},
        }

    def filled(self, kept: Mapping[str, Any]) -> Aim:
        """The same aim with the figures that a draft keeps of it."""
        return replace(
            self,
            unit=kept["unit"],
            value=None if kept["value"] is None else Decimal(kept["value"]),
            years={int(year): Decimal(part) for year, part in kept["years"].items()},
            towns={code: Decimal(part) for code, part in kept["towns"].items()},
        )


def blank_aims(
    titles: Mapping[str, str], units: Mapping[str, str], parted: frozenset[str], first: date, last: date
) -> list[Aim]:
    """What a plan of these days may state, in the order of the titles."""
    found = []
    for key, title in titles.items():
        spans = [(first, last)]
        if key in YEARLY_KEYS:
            spans = [
                (max(first, date(year, 1, 1)), min(last, date(year, 12, 31)))
                for year in range(first.year, last.year + 1)
            ]
        found += [Aim(key, title, units.get(key, ""), *span, key in parted) for span in spans]
    return found


def days_problem(first: date, last: date) -> str:
    """What is wrong with the days of a plan; "" when nothing is."""
    if last < first:
        return f"终止日期 {last} 早于起始日期 {first}"
    if last.year - first.year >= LONGEST_YEARS:
        return f"方案最长 {LONGEST_YEARS} 年"
    return ""
