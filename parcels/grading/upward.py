"""What a firm would need for the next grade: by each indicator alone, everything else as it is.

Refuses to promise: benchmarks and all other firms are held still, and what a cap makes unreachable is said to be so.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from parcels.evaluation.rules import LAND
from parcels.grading.ranking import least_shown, places_of
from parcels.grading.results import Scored
from parcels.grading.scoring import LEFT_OUT, NO_BENCHMARK, NOT_ASKED

HELD = "其他企业的得分和基准值不变时"


@dataclass(frozen=True, slots=True)
class Step:
    """One indicator alone: the value that lifts the total to the mark, or why no value does."""

    indicator: str
    title: str
    unit: str
    value: float | None
    needed: float | None
    numerator_needed: float | None  # at today's denominator
    why_not: str


@dataclass(frozen=True, slots=True)
class Upward:
    """The next grade, the score that reaches it, what is lacking, and the ways there; `why_not` where there is none."""

    grade: str | None
    score: Decimal | None
    lacking: Decimal | None
    steps: tuple[Step, ...]
    why_not: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "grade": self.grade,
            "score": None if self.score is None else str(self.score),
            "lacking": None if self.lacking is None else str(self.lacking),
            "held": HELD,
            "why_not": self.why_not,
            "steps": [{name: getattr(step, name) for name in Step.__slots__} for step in self.steps],
        }


def upward(made: Scored, at: int) -> Upward:
    """What lifts the firm at a place to the grade above the one that its score has cut it."""
    cut, grade = int(made.grading.cut[at]), int(made.grading.grade[at])
    if cut < 0:
        return Upward(None, None, None, (), "未评分，没有档次。")
    if grade != cut:
        known = made.definition.vetoes
        reasons = "、".join(known[code].title for code in made.firms.maps["vetoes"][at] if code in known)
        return Upward(None, None, None, (), f"因“{reasons}”降档，须先消除该事项。")
    if cut == 0:
        return Upward(None, None, None, (), "已是最高档。")
    mark = _mark(made, at, cut)
    if mark is None:
        return Upward(made.definition.grades[cut - 1], None, None, (), "上一档没有名额。")
    goal = Decimal(mark).scaleb(-made.definition.places)
    score = made.score(at) or Decimal(0)
    steps = tuple(_step(made, code, at, float(goal)) for code in _asked(made, at))
    return Upward(made.definition.grades[_grade_at(made, at, mark)], goal, goal - score, steps)


def _mark(made: Scored, at: int, cut: int) -> int | None:
    """The least shown score that gives a better grade."""
    cutoffs = made.definition.groups[int(made.people.of_group[at])].cutoffs
    if cutoffs.kind == "score":
        return least_shown(cutoffs.limits[cut - 1], made.definition.places)
    peers = np.flatnonzero((made.people.of_class == made.people.of_class[at]) & made.totals.scored)
    # The last place of the best grade that has any and stands above: who reaches its holder's score shares it.
    for above in range(cut - 1, -1, -1):
        places = places_of(cutoffs, len(peers))[above]
        if not places:
            continue
        others = np.sort(made.totals.shown[peers[peers != at]])[::-1]
        last = int(others[places - 1])
        shared = made.definition.ties == "better" and not made.definition.tie_break
        return last if shared else last + 1
    return None


def _grade_at(made: Scored, at: int, mark: int) -> int:
    """The grade that a shown score would have in the firm's class."""
    group = made.definition.groups[int(made.people.of_group[at])]
    if group.cutoffs.kind == "score":
        limits = [least_shown(limit, made.definition.places) for limit in group.cutoffs.limits]
        return sum(mark < limit for limit in limits)
    peers = np.flatnonzero((made.people.of_class == made.people.of_class[at]) & made.totals.scored)
    others = made.totals.shown[peers[peers != at]]
    better, equal = int((others > mark).sum()), int((others == mark).sum())
    shared = made.definition.ties == "better" and not made.definition.tie_break
    rank = better + 1 if shared else better + 1 + equal
    places = places_of(group.cutoffs, len(peers))
    return next(n for n, last in enumerate(places) if rank <= last)


def _asked(made: Scored, at: int) -> list[str]:
    return [code for code, one in made.totals.items.items() if one.note[at] != NOT_ASKED]


def _step(made: Scored, code: str, at: int, goal: float) -> Step:
    indicator, one = made.definition.indicators[code], made.totals.items[code]
    value = float(one.value[at])
    told = None if np.isnan(value) else value

    def step(needed: float | None, more: float | None, why_not: str) -> Step:
        return Step(code, indicator.title, indicator.unit, told, needed, more, why_not)

    if one.note[at] in (LEFT_OUT, NO_BENCHMARK):
        return step(None, None, "该项未计入，补报数据后重新计算。")
    lift = (goal - float(made.totals.total[at])) / float(made.totals.factor[at])
    if made.totals.total[at] == 0 and made.totals.adjusted[at] < 0:
        return step(None, None, "扣分后总分为零，无法按单项折算。")
    ratio = (float(one.score[at]) + lift) / float(one.points[at])
    if indicator.cap is not None and ratio > indicator.cap:
        return step(None, None, f"该项封顶 {indicator.cap:g} 倍，单靠该项达不到。")
    benchmark = float(one.benchmark[at])
    if indicator.direction == "lower":
        if ratio <= 0:
            return step(None, None, "该项无须改进。")
        return step(benchmark / ratio, None, "")
    needed = ratio * benchmark
    figures = {**made.firms.figures, LAND: made.people.land_mu}
    below = float(figures[indicator.denominator][at])
    return step(needed, None if np.isnan(below) else needed * below, "")
