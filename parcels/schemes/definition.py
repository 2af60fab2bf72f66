"""A scheme as plain facts: what is measured, in which groups, against what, and where the grades are cut.

Refuses to know any county's numbers, grade names or years: they all come from the definition that was read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

Direction = Literal["higher", "lower"]
Missing = Literal["group_average", "zero", "reweigh", "unscored"]
MISSING_TITLES: dict[str, str] = {
    "group_average": "取本组平均得分",
    "zero": "记零分",
    "reweigh": "不计该项，其余各项按比例折算",
    "unscored": "不评分",
}


@dataclass(frozen=True, slots=True)
class Benchmark:
    """What a value is measured against; `over` says whose firms make an average or percentile: group or class."""

    kind: Literal["ratio_of_sums", "mean_of_ratios", "fixed", "percentile"]
    value: float | None = None
    percent: float | None = None
    over: Literal["group", "class"] = "group"


@dataclass(frozen=True, slots=True)
class FigureDef:
    """A figure that a scheme needs beside the annual return's."""

    code: str
    title: str
    unit: str


@dataclass(frozen=True, slots=True)
class IndicatorDef:
    code: str
    title: str
    unit: str
    numerator: str
    denominator: str
    direction: Direction
    cap: float | None  # of value/benchmark; None = uncapped
    floor: float
    missing: Missing
    benchmark: Benchmark


@dataclass(frozen=True, slots=True)
class Weight:
    """The points of an indicator in a group, and the benchmark where the group has its own."""

    indicator: str
    points: float
    benchmark: Benchmark


@dataclass(frozen=True, slots=True)
class UnknownPoints:
    """Points that the basis gives to something that wasn't seen: they are named, never given to anything."""

    points: float
    note: str


@dataclass(frozen=True, slots=True)
class Where:
    """Which firms a predicate takes; what isn't stated doesn't matter."""

    above_scale: bool | None = None
    land_mu_min: float | None = None
    prefixes: tuple[str, ...] = ()
    industry_groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cutoffs:
    """Best grade first. `share`: cumulative shares of the ranked firms; `score`: the least score of each but the last."""

    kind: Literal["share", "score"]
    limits: tuple[Decimal, ...]
    rounding: Literal["half_up", "down", "up"] = "half_up"
    certainty: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    where: Where
    by_industry: bool
    weights: tuple[Weight, ...]
    unknown: tuple[UnknownPoints, ...]
    cutoffs: Cutoffs

    @property
    def known_points(self) -> float:
        return sum(weight.points for weight in self.weights)


@dataclass(frozen=True, slots=True)
class Industry:
    """A class of industries that firms are ranked within; `other` takes what no other takes."""

    name: str
    where: Where
    other: bool = False


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A bonus (points above 0) or deduction (below 0) by fact; `points` is the most that one firm gets of it."""

    code: str
    title: str
    points: float


@dataclass(frozen=True, slots=True)
class Veto:
    """A reason that lowers the grade: to a grade, or by a number of grades."""

    code: str
    title: str
    to: str = ""
    down: int = 0


@dataclass(frozen=True, slots=True)
class Exemption:
    """Why a firm isn't evaluated. Without an automatic test it is claimed with evidence and granted by an officer."""

    code: str
    title: str
    prefixes: tuple[str, ...] = ()
    registered_less_than_years: int | None = None
    building_land: Literal["", "deducted", "firm"] = ""


@dataclass(frozen=True, slots=True)
class Publication:
    """How long the notice lasts, and whether results may be published at all."""

    allowed: bool
    why_not: str
    notice_days: int
    notice_kind: Literal["calendar", "working"]


@dataclass(frozen=True, slots=True)
class Definition:
    code: str
    name: str
    version: str
    basis: str
    certainty: str
    note: str
    year_from: int
    year_to: int | None
    full: float
    unknown: Literal["scale", "as_is"]
    places: int
    ties: Literal["better", "worse"]
    tie_break: tuple[str, ...]
    most_adjusted: float | None
    grades: tuple[str, ...]
    figures: tuple[FigureDef, ...]
    indicators: Mapping[str, IndicatorDef]
    industries: tuple[Industry, ...]
    groups: tuple[Group, ...]
    adjustments: Mapping[str, Adjustment] = field(default_factory=dict)
    vetoes: Mapping[str, Veto] = field(default_factory=dict)
    exemptions: Mapping[str, Exemption] = field(default_factory=dict)
    publication: Publication = field(default_factory=lambda: Publication(True, "", 7, "calendar"))

    def covers(self, year: int) -> bool:
        return self.year_from <= year and (self.year_to is None or year <= self.year_to)

    @property
    def unknown_points(self) -> dict[str, float]:
        """Group → points that the basis states and that weren't seen."""
        return {group.name: sum(u.points for u in group.unknown) for group in self.groups if group.unknown}

    def reservations(self) -> list[str]:
        """What anybody who reads a result of this scheme has to be told."""
        said = [self.publication.why_not] if not self.publication.allowed else []
        for group in self.groups:
            if group.unknown:
                treated = (
                    f"已知 {group.known_points:g} 分折算为 {self.full:g} 分"
                    if self.unknown == "scale"
                    else f"按已知 {group.known_points:g} 分计，未折算"
                )
                missing = "；".join(f"{u.points:g} 分（{u.note}）" for u in group.unknown)
                said.append(f"{group.name}：权重未知 {missing}，{treated}。")
            if group.cutoffs.certainty == "ours":
                said.append(f"{group.name}：分档界限为本系统设定。{group.cutoffs.note}")
        return said
