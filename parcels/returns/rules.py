"""Firms' names made comparable, what makes a figure doubtful, and when monthly energy hints at an idle plant.

Refuses to decide: a likeness is a candidate, a doubt is a question, a signal is a hint; unknown is never zero.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import numpy as np
from numpy.typing import NDArray

# The figures of a year, in the order of the annual return, with their titles and units.
FIELDS: dict[str, tuple[str, str]] = {
    "tax_wan": ("税收实际贡献", "万元"),
    "value_added_wan": ("工业增加值", "万元"),
    "revenue_wan": ("营业收入", "万元"),
    "employees": ("年平均职工人数", "人"),
    "energy_tce": ("综合能耗", "吨标准煤"),
    "emission_t": ("主要污染物排放量", "吨"),
    "rd_wan": ("研发经费", "万元"),
}
STATES = {"uscc": "按代码匹配", "name": "按名称确认", "open": "待匹配", "dismissed": "不采用"}
DOUBTS = {
    "negative": "负数",
    "unit": "疑似单位或小数点错误",
    "jump": "较上年突变",
    "ratio": "超出比值上限",
    "contradiction": "与部门报送不一致",
    "median": "首年数据偏离同行业",
}
SIGNALS = {
    "stop": "连续停产用电",
    "drop": "用电骤降",
    "water_stop": "停止用水",
    "water_drop": "用水骤降",
    "gas_stop": "停止用气",
    "gas_drop": "用气骤降",
    "silent": "用电数据中断",
}

_MARKS = re.compile(r"[\s·•．.,，、;；:：\"'“”‘’()\[\]{}<>《》【】〔〕「」\-_—–/\\|]+")
_NEAREST = 5
_RANKED = 25


def normal_name(name: str) -> str:
    """A firm's name for comparison: narrow letters and figures, no brackets, marks and spaces, one word for each form."""
    text = _MARKS.sub("", unicodedata.normalize("NFKC", name)).casefold()
    return text.replace("有限责任公司", "有限公司").replace("股份有限公司", "股份公司")


def core_name(name: str) -> str:
    """The name without its legal form; the whole where nothing else is left."""
    text = normal_name(name)
    return re.sub(r"(股份公司|有限公司|集团公司|公司)$", "", text) or text


@dataclass(frozen=True, slots=True)
class Candidate:
    """A firm on record whose name is like the one sought; 1 = the same but for marks and legal form."""

    firm_id: int
    likeness: float


class Names:
    """The names on record, ready to be asked which are like a given one: pairs of letters first, then letter by letter."""

    def __init__(self, ids: Sequence[int], names: Sequence[str]) -> None:
        self._ids = list(ids)
        self._cores = [core_name(name) for name in names]
        self._pairs = [_pairs(core) for core in self._cores]
        self._sizes = np.array([max(len(pairs), 1) for pairs in self._pairs], dtype=np.float64)
        index: dict[str, list[int]] = {}
        for place, pairs in enumerate(self._pairs):
            for pair in pairs:
                index.setdefault(pair, []).append(place)
        self._index = {pair: np.array(places) for pair, places in index.items()}

    def like(self, name: str, least: float) -> list[Candidate]:
        """The likest first, at most five, none below `least`."""
        core = core_name(name)
        pairs = _pairs(core)
        places = [self._index[pair] for pair in pairs if pair in self._index]
        if not core or not places:
            return []
        shared = np.bincount(np.concatenate(places), minlength=len(self._ids))
        dice = 2 * shared / (self._sizes + len(pairs))
        # the places in order of likeness, equal ones as they stand
        nearest = np.argsort(-dice, kind="stable")[:_RANKED].tolist()
        found = [
            Candidate(
                self._ids[at], round(SequenceMatcher(None, core, self._cores[at], autojunk=False).ratio(), 4)
            )
            for at in nearest
            if shared[at]
        ]
        kept = sorted((item for item in found if item.likeness >= least), key=lambda item: -item.likeness)
        return kept[:_NEAREST]


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)} or {text}


Grid = NDArray[np.float64]  # firm × month, the last month is the newest; NaN = unknown
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Idleness:
    """From which share a fall counts as a drop, below how much a month counts as stopped, and for how many months.

    `late_months`: by how many months a firm's newest figures may be late and still stand for it.
    """

    drop_ratio: float
    stop_kwh: float
    stop_months: int
    late_months: int = 0
    stop_water_m3: float = 0
    stop_gas_m3: float = 0


def signals(kwh: Grid, limits: Idleness) -> tuple[Flags, Flags]:
    """Firms (rows) that stopped and that dropped, from their months (columns, the last is the newest; NaN = unknown)."""
    return _stopped(kwh, limits.stop_kwh, limits.stop_months), _dropped(kwh, limits.drop_ratio)


def hints(kwh: Grid, water_m3: Grid, gas_m3: Grid, limits: Idleness) -> dict[str, Flags]:
    """What the months of the three media hint at, each firm by its own newest month where that isn't too late."""
    found: dict[str, Flags] = {}
    now = newest_last(kwh, limits.late_months)
    found["stop"], found["drop"] = signals(now, limits)
    for name, grid, least in (
        ("water", water_m3, limits.stop_water_m3), ("gas", gas_m3, limits.stop_gas_m3),
    ):  # fmt: skip
        months = newest_last(grid, limits.late_months)
        # Who never used it a year ago hasn't stopped using it.
        used: Flags = np.zeros(len(months), dtype=bool)
        if months.shape[1] > 12:
            used = np.asarray(months[:, -13] >= least)
        found[f"{name}_stop"] = _stopped(months, least, limits.stop_months) & used & (least > 0)
        found[f"{name}_drop"] = _dropped(months, limits.drop_ratio) & used & ~found[f"{name}_stop"]
    silent = np.isnan(now[:, -1:]).all(axis=1) & ~np.isnan(kwh).all(axis=1)
    found["silent"] = np.asarray(silent, dtype=bool)
    return {code: found[code] for code in SIGNALS}


def newest_last(grid: Grid, late_months: int) -> Grid:
    """The months moved so that each firm's newest known one stands last, where it is no more than so many months late."""
    moved = grid.copy()
    for _ in range(min(late_months, grid.shape[1])):
        late = np.isnan(moved[:, -1])
        moved[late, 1:] = moved[late, :-1]
        moved[late, 0] = np.nan
    return moved


def _stopped(grid: Grid, least: float, stop_months: int) -> Flags:
    firms, months = grid.shape
    if not 0 < stop_months <= months:
        return np.zeros(firms, dtype=bool)
    return np.asarray((grid[:, months - stop_months :] < least).all(axis=1))


def _dropped(grid: Grid, ratio: float) -> Flags:
    firms, months = grid.shape
    if months <= 12:
        return np.zeros(firms, dtype=bool)
    now, then = grid[:, -1], grid[:, -13]
    return np.asarray((then > 0) & (now <= then * (1 - ratio)))
