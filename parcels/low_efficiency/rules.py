"""Which firms are candidates for the 高耗低效 list, and why: arrays of facts in, labels and reasons out.

Refuses grade letters and a missing figure read as zero: the last grade is the last of its scheme's order, and a firm whose
label hangs on an unknown figure is told as undetermined. A reason names the rule, never a firm's own figure.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landgis.lib.units import mu_to_m2

REPOSSESSION, LAST_GRADES, UNREMEDIED, ENERGY = "repossession", "last_grades", "unremedied", "energy"
LABELS: dict[str, str] = {
    REPOSSESSION: "拟收回低效用地",
    LAST_GRADES: "连续末档",
    UNREMEDIED: "未完成整治末档",
    ENERGY: "高耗能",
}
SCALES = {1: "规上", 0: "规下", -1: "未注明"}
FORMAT = "landgis-low-efficiency-list-1"
_PLACES = 4  # the register keeps ㎡ to four decimals: 3 亩 entered as 2000 ㎡ is 3 亩

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
Texts = NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Limits:
    """The thresholds of a day. Land counts from its least area on, energy from its least amount, intensity above its own."""

    rule_version: str
    industries: frozenset[str]
    min_land_mu: float
    last_grade_years: int
    unremedied_years: int
    energy_tce_min: float
    energy_per_value_added_min: float

    @property
    def least_m2(self) -> float:
        return round(float(mu_to_m2(self.min_land_mu)), _PLACES)


@dataclass(frozen=True, slots=True)
class Facts:
    """One place a firm: what the registers say at the end of the year. `above_scale`: 1, 0, or -1 where nobody stated it.

    `repossession` and `remedies` are texts, empty where there is nothing: what is to be taken back, what is not remedied.
    `last_years`: for how many years in a row, counted back from the list's year, the firm had the last grade; `untold`: which
    final evaluation is missing to tell whether there were more, empty where none is. `evaluated_with`: the head of the group
    whose figures and grade are the firm's too, empty for a firm by itself and for the head, which stands for its group.
    """

    uscc: tuple[str, ...]
    industry: tuple[str, ...]
    above_scale: NDArray[np.int8]
    land_m2: Floats
    energy_tce: Floats
    value_added_wan: Floats
    last_years: NDArray[np.int64]
    untold: tuple[str, ...]
    repossession: tuple[str, ...]
    remedies: tuple[str, ...]
    evaluated_with: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """Labels by code as flags, their reasons, whether the firm is in the population at all, and what is not known."""

    labels: dict[str, Flags]
    reasons: dict[str, Texts]
    member: Flags
    unknown: Texts  # "" where everything that decides is known

    @property
    def listed(self) -> Flags:
        some = np.logical_or.reduce(list(self.labels.values()))
        return np.asarray(self.member & some, dtype=np.bool_)

    @property
    def undetermined(self) -> Flags:
        return np.asarray(self.unknown != "", dtype=np.bool_) & ~self.listed


def judge(facts: Facts, limits: Limits, last_grade: str) -> Judged:
    """Every firm by the rules of a day; `last_grade` is what the scheme calls its last grade, for the words only."""
    size = len(facts.uscc)
    division = np.array([_division(code) for code in facts.industry], dtype=object)
    known_industry = np.asarray(division != "", dtype=np.bool_)
    of_industry = np.isin(division.astype(str), list(limits.industries))
    enough = np.round(np.nan_to_num(facts.land_m2), _PLACES) >= limits.least_m2
    alone = ~_filled(facts.evaluated_with)
    member = of_industry & ((facts.above_scale == 1) | enough) & alone
    high = facts.energy_tce >= limits.energy_tce_min  # NaN is not
    positive = facts.value_added_wan > 0
    intensity = np.divide(facts.energy_tce, facts.value_added_wan, out=np.full(size, np.inf), where=positive)
    stated = ~np.isnan(facts.value_added_wan)
    energy = high & stated & (intensity > limits.energy_per_value_added_min)
    reposs, unremedied = _filled(facts.repossession), _filled(facts.remedies)
    in_last = facts.last_years >= limits.last_grade_years
    reasons = {
        REPOSSESSION: np.array(facts.repossession, dtype=object),
        LAST_GRADES: np.where(in_last, f"连续 {limits.last_grade_years} 年评价为末档（{last_grade}）", ""),
        UNREMEDIED: np.array(facts.remedies, dtype=object),
        ENERGY: np.where(
            energy,
            f"年综合能耗达到 {limits.energy_tce_min:g} 吨标准煤，且单位增加值能耗超过 "
            f"{limits.energy_per_value_added_min:g} 吨标准煤/万元",
            "",
        ),
    }
    unknown = np.full(size, "", dtype=object)
    some = reposs | in_last | unremedied | high
    inside = ((facts.above_scale == 1) | enough) & alone
    for gap, told in (
        (~known_industry & some & inside, "缺少行业代码"),
        (of_industry & (facts.above_scale < 0) & ~enough & alone, "未注明规上或规下"),
        (member & high & ~stated, "能耗达到界限，缺少工业增加值"),
        (member & np.isnan(facts.energy_tce), "缺少综合能耗"),
    ):
        unknown[gap] = _and(unknown[gap], told)
    for at in np.flatnonzero(member & ~in_last & _filled(facts.untold)).tolist():
        unknown[at] = "；".join(filter(None, (unknown[at], facts.untold[at])))
    labels = {REPOSSESSION: reposs, LAST_GRADES: in_last, UNREMEDIED: unremedied, ENERGY: energy}
    return Judged(labels, {key: value.astype(object) for key, value in reasons.items()}, member, unknown)


@dataclass(frozen=True, slots=True)
class ListedFirm:
    """A firm of a frozen list. Figures are texts of decimals, None where unknown; they are told to who is cleared for them."""

    file_no: str
    uscc: str
    name: str
    town_code: str
    town: str
    industry_code: str
    scale: str
    labels: tuple[str, ...]
    reasons: tuple[str, ...]
    category: str
    land_m2: str | None
    energy_tce: str | None
    value_added_wan: str | None

    @property
    def label_titles(self) -> str:
        return "、".join(LABELS[label] for label in self.labels)

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"labels": list(self.labels), "reasons": list(self.reasons)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> ListedFirm:
        return cls(**{**kept, "labels": tuple(kept["labels"]), "reasons": tuple(kept["reasons"])})


def canonical(heading: Mapping[str, Any], rows: Sequence[ListedFirm]) -> str:
    """What the hash of a frozen list is taken over: JSON with sorted keys, no blanks, the rows in their order."""
    whole = {"format": FORMAT, **heading, "rows": [row.as_json() for row in rows]}
    return json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fingerprint(heading: Mapping[str, Any], rows: Sequence[ListedFirm]) -> str:
    return hashlib.sha256(canonical(heading, rows).encode("utf-8")).hexdigest()


def _division(code: str) -> str:
    """The first two digits of a code of GB/T 4754: C1711 and 1711 are both 17."""
    digits = code.strip().lstrip("ABCDEFGHIJKLMNOPQRST")
    return digits[:2] if digits[:2].isdigit() and len(digits) > 1 else ""


def _and(texts: Texts, told: str) -> Texts:
    return np.array([f"{text}；{told}" if text else told for text in texts], dtype=object)


def _filled(texts: Sequence[str]) -> Flags:
    return np.array([bool(text) for text in texts], dtype=np.bool_)
