"""Sums of overlapping sets of firms, published side by side: which of them must go so that no fewer than three are given away.

Refuses nothing but what linear algebra can find: whatever adding and subtracting the published sums, each times any number,
makes of one firm's figure or of a sum of two. Within one table `landgis.lib.suppression` hides; this looks at all together.

A firm's figure x_i is known when e_i lies in the row space of the sums; a·x_i + b·x_j when what the projections of e_i and
e_j leave over is parallel. Firms that are in the same sums in the same way can't be told apart: they are one group, and
three of them protect each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_RANK = 1e-10  # squared singular values below this share of the largest are none
_KNOWN = 1e-7  # a squared distance to the row space below this is none
_DRAWS = 4  # random directions that tell parallel vectors from others


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums of one figure as entries: `weight` times the figure of the firm `names[firm]` goes into sum `row` of `count`."""

    names: tuple[str, ...]
    row: NDArray[np.intp]
    firm: NDArray[np.intp]
    weight: Floats
    count: int

    def only(self, shown: Flags) -> Sums:
        """Those that are shown."""
        place = np.cumsum(shown) - 1
        kept = shown[self.row]
        return Sums(
            self.names,
            place[self.row[kept]],
            self.firm[kept],
            self.weight[kept],
            int(np.count_nonzero(shown)),
        )


def still_shown_beside(told: Sequence[Sums], mine: Sums, shown: Flags, cost: Floats) -> Flags:
    """Of my sums that are shown, those that may be beside others of the same figure that are told already and stay so."""
    every = [*told, mine]
    names, place = np.unique(
        np.concatenate([np.array(one.names, dtype=str) for one in every]), return_inverse=True
    )
    starts = np.cumsum([0, *(len(one.names) for one in every)])
    above = np.cumsum([0, *(one.count for one in every)])
    row = np.concatenate([one.row + above[n] for n, one in enumerate(every)])
    firm = np.concatenate([place[starts[n] + one.firm] for n, one in enumerate(every)])
    weight = np.concatenate([one.weight for one in every])
    size = int(above[-1])
    first = above[-2]
    now = np.concatenate([np.ones(first, dtype=bool), shown])
    # Firms that are in the same sums in the same way are one group: a few random numbers a sum tell them apart.
    draws = np.random.default_rng(7).standard_normal(size)
    marks = np.bincount(firm, np.where(now[row], draws[row] * weight, 0.0), len(names)).astype(np.float64)
    lead, group, firms = grouped(marks)
    sums = np.zeros((size, len(lead)))
    one_of_all = lead[group[firm]] == firm  # one firm stands for all of its group
    sums[row[one_of_all], group[firm[one_of_all]]] = weight[one_of_all]
    dear = np.concatenate([np.full(first, np.inf), cost])
    return still_shown(sums, firms, now, dear)[first:]


def still_shown(sums: Floats, firms: NDArray[np.int64], shown: Flags, cost: Floats) -> Flags:
    """Of the sums (rows, over groups of `firms` firms each) that are shown, those that may be; the cheapest go first."""
    now = shown.copy()
    while True:
        found = list(given_away(sums[now], firms))
        if not found:
            return now
        places = np.flatnonzero(now)
        gone: set[int] = set()
        for _, weights in found:
            used = places[np.abs(weights) > 1e-6 * np.abs(weights).max()]
            if not gone.intersection(used.tolist()):
                gone.add(int(used[np.argmin(cost[used])]))
        now[list(gone)] = False


def given_away(sums: Floats, firms: NDArray[np.int64]) -> Iterator[tuple[Floats, Floats]]:
    """What these sums tell of fewer than three firms: the combination of groups, and the sums' weights that make it."""
    if not sums.size:
        return
    norms = np.linalg.norm(sums, axis=1)
    kept = norms > 0
    scaled = sums[kept] / norms[kept, None]
    values, vectors = np.linalg.eigh(scaled @ scaled.T)
    real = values > _RANK * max(values.max(initial=0.0), 1.0)
    back = vectors[:, real] / np.sqrt(values[real])  # row space's own basis → scaled sums
    basis = back.T @ scaled
    left = 1.0 - (basis**2).sum(axis=0)

    def told(groups: list[int], amounts: list[float]) -> tuple[Floats, Floats]:
        combination = np.zeros(sums.shape[1])
        combination[groups] = amounts
        weights = np.zeros(len(sums))
        weights[kept] = back @ (basis @ combination) / norms[kept]
        return combination, weights

    known = left < _KNOWN
    for group in np.flatnonzero(known & (firms < 3)).tolist():
        yield told([group], [1.0])
    for one, other in _parallel(basis, np.flatnonzero(~known & (firms == 1))):
        common = -float(basis[:, one] @ basis[:, other])
        if common**2 > (1 - _KNOWN) * left[one] * left[other]:
            yield told([one, other], [-common, float(left[one])])


def grouped(marks: Floats) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.int64]]:
    """Firms with the same mark as groups: a firm of each, each firm's group, and how many each has."""
    _, first, group, firms = np.unique(
        np.round(marks, 9), return_index=True, return_inverse=True, return_counts=True
    )
    return first, group.astype(np.intp), firms.astype(np.int64)


def _parallel(basis: Floats, singles: NDArray[np.intp]) -> Iterator[tuple[int, int]]:
    """Neighbours among the single firms whose remainders may be parallel: seen in a few random directions."""
    draws = np.random.default_rng(20_220_101).standard_normal((basis.shape[1], _DRAWS))
    seen = (draws - basis.T @ (basis @ draws))[singles]
    ratios = seen[:, 1:] / np.where(seen[:, :1] == 0, 1e-300, seen[:, :1])
    order = np.argsort(ratios[:, 0], kind="stable")
    near = np.isclose(ratios[order[1:]], ratios[order[:-1]], rtol=1e-5, atol=1e-9).all(axis=1)
    for at in np.flatnonzero(near).tolist():
        yield int(singles[order[at]]), int(singles[order[at + 1]])
