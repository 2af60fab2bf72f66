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
}
SIGNALS = {"stop": "连续停产用电", "drop": "用电骤降"}

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


@dataclass(frozen=True, slots=True)
class Idleness:
    """From which share a fall counts as a drop, below how many kWh a month counts as stopped, and for how many months."""

    drop_ratio: float
    stop_kwh: float
    stop_months: int


def signals(kwh: NDArray[np.float64], limits: Idleness) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Firms (rows) that stopped and that dropped, from their months (columns, the last is the newest; NaN = unknown)."""
    firms, months = kwh.shape
    stopped: NDArray[np.bool_] = np.zeros(firms, dtype=bool)
    dropped: NDArray[np.bool_] = np.zeros(firms, dtype=bool)
    if 0 < limits.stop_months <= months:
        stopped = np.asarray((kwh[:, months - limits.stop_months :] < limits.stop_kwh).all(axis=1))
    if months > 12:
        now, then = kwh[:, -1], kwh[:, -13]
        dropped = (then > 0) & (now <= then * (1 - limits.drop_ratio))
    return stopped, dropped
