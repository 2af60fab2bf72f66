"""Ranks and grades: who stands where in a class, where the grades are cut, and what a veto takes away.

Refuses to decide by more than is shown: equal shown scores share a rank, unless the scheme names indicators that part them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

import numpy as np
from numpy.typing import NDArray

from parcels.grading.frozen import Frozen
from parcels.grading.population import Population
from parcels.grading.scoring import Totals
from parcels.schemes.definition import Cutoffs, Definition

Whole = NDArray[np.int64]
_ROUNDING = {"half_up": ROUND_HALF_UP, "down": ROUND_FLOOR, "up": ROUND_CEILING}


@dataclass(frozen=True, slots=True)
class Grading:
    """Rank in the class (0 = none), how many share it, how many are ranked; grades as places in the scheme's order.

    `cut` is the grade before vetoes, `grade` after them; -1 = not graded.
    """

    rank: Whole
    sharing: Whole
    of: Whole
    cut: Whole
    grade: Whole


def graded(definition: Definition, firms: Frozen, people: Population, scores: Totals) -> Grading:
    size = len(firms)
    rank, sharing, of = (np.zeros(size, dtype=np.int64) for _ in range(3))
    cut = np.full(size, -1, dtype=np.int64)
    keys = _keys(definition, scores)
    for at, known in enumerate(people.classes):
        mine = np.flatnonzero((people.of_class == at) & scores.scored)
        if not len(mine):
            continue
        rank[mine], sharing[mine] = _ranks(keys[:, mine])
        of[mine] = len(mine)
        cutoffs = definition.groups[known.group].cutoffs
        if cutoffs.kind == "score":
            cut[mine] = by_score(scores.shown[mine], cutoffs, definition.places)
        else:
            cut[mine] = by_share(rank[mine], sharing[mine], cutoffs, definition.ties)
    return Grading(rank, sharing, of, cut, _vetoed(definition, firms, cut))


def places_of(cutoffs: Cutoffs, firms: int) -> list[int]:
    """How many of so many firms stand in each grade or a better one, by the scheme's shares and rounding."""
    return [
        min(firms, int((limit * firms).quantize(Decimal(1), _ROUNDING[cutoffs.rounding])))
        for limit in cutoffs.limits
    ]


def by_share(rank: Whole, sharing: Whole, cutoffs: Cutoffs, ties: str) -> Whole:
    """Firms that share a rank share a grade: the better one, or with `worse` that of their last place."""
    last = rank if ties == "better" else rank + sharing - 1
    return np.searchsorted(np.array(places_of(cutoffs, len(rank))), last, side="left").astype(np.int64)


def by_score(shown: Whole, cutoffs: Cutoffs, places: int) -> Whole:
    """The first grade whose least score is reached; the last grade takes the rest."""
    limits = np.array([least_shown(limit, places) for limit in cutoffs.limits], dtype=np.int64)
    grade: Whole = (shown[:, None] < limits[None, :]).sum(axis=1).astype(np.int64)
    return grade


def least_shown(limit: Decimal, places: int) -> int:
    """The smallest shown score that reaches a limit."""
    return math.ceil(limit * Decimal(10) ** places)


def _keys(definition: Definition, scores: Totals) -> NDArray[np.float64]:
    """What firms are compared by, the first first; larger is better, unknown is last."""
    keys = [scores.shown.astype(np.float64)]
    for code in definition.tie_break:
        value = scores.items[code].value
        better = value if definition.indicators[code].direction == "higher" else -value
        keys.append(np.where(np.isnan(better), -np.inf, better))
    return np.array(keys)


def _ranks(keys: NDArray[np.float64]) -> tuple[Whole, Whole]:
    """Competition ranks (1, 2, 2, 4) and how many share each."""
    order = np.lexsort(keys[::-1])[::-1]
    ordered = keys[:, order]
    new = np.ones(len(order), dtype=bool)
    new[1:] = (ordered[:, 1:] != ordered[:, :-1]).any(axis=0)
    block = np.cumsum(new) - 1
    first = np.flatnonzero(new)
    rank, sharing = np.empty(len(order), dtype=np.int64), np.empty(len(order), dtype=np.int64)
    rank[order] = first[block] + 1
    sharing[order] = np.bincount(block)[block]
    return rank, sharing


def _vetoed(definition: Definition, firms: Frozen, cut: Whole) -> Whole:
    """The grade after vetoes: never better than before, the places of others stay as they were cut."""
    grade, worst = cut.copy(), len(definition.grades) - 1
    for at, reasons in enumerate(firms.maps["vetoes"]):
        if not reasons or cut[at] < 0:
            continue
        for code in reasons:
            veto = definition.vetoes.get(code)
            if veto is None:
                continue
            to = definition.grades.index(veto.to) if veto.to else min(worst, int(cut[at]) + veto.down)
            grade[at] = max(grade[at], to)
    return grade
