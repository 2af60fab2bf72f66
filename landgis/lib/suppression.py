"""Which cells of a table may not be shown, so that no sum of too few firms can be read or worked out from the rest.

Refuses to trust what is blank: whatever adds or subtracts to a sum of fewer firms counts as shown. The counts of firms
themselves are taken to be public, and so are cells without any firm.

A table with totals is a graph: its rows and columns (the totals among them) are nodes, a hidden cell is an edge between
its row and its column. What can be worked out are the sums of equations, and each such sum is a cut of this graph: the
hidden cells that leave a set of nodes, less those that enter it. Where nothing enters, the leaving cells' sum is plain to
see. So a cell is safe when every such cut through it has enough firms: when enough flows from its row to its column.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Flags = NDArray[np.bool_]
_MUCH = 1 << 40


@dataclass(frozen=True, slots=True)
class Hidden:
    """What isn't shown: cells, totals of rows, totals of columns, the total of all. One-way tables have one row."""

    cells: Flags
    rows: Flags
    columns: Flags
    total: bool


def hidden(counts: ArrayLike, fewest: int, *, dominated: ArrayLike | None = None) -> Hidden:
    """The cells and totals of a two-way table (rows × columns of firm counts) that may not be shown.

    `dominated`: the same table with its totals as last row and column, true where one firm makes up most of the sum.
    """
    inner = np.atleast_2d(np.asarray(counts, dtype=np.int64))
    whole = np.block([[inner, inner.sum(axis=1)[:, None]], [inner.sum(axis=0)[None, :], inner.sum()]])
    marked = np.zeros(whole.shape, dtype=bool) if dominated is None else np.asarray(dominated, dtype=bool)
    found = _protected(_Table.two_way(whole, marked), fewest).reshape(whole.shape)
    return Hidden(found[:-1, :-1], found[:-1, -1], found[-1, :-1], bool(found[-1, -1]))


def hidden_parts(counts: ArrayLike, fewest: int, *, dominated: ArrayLike | None = None) -> tuple[Flags, bool]:
    """The same of parts that add up to one published total: which parts, and whether the total, may not be shown."""
    parts = np.asarray(counts, dtype=np.int64)
    whole = np.append(parts, parts.sum())
    marked = np.zeros(whole.shape, dtype=bool) if dominated is None else np.asarray(dominated, dtype=bool)
    found = _protected(_Table.one_way(whole, marked), fewest)
    return found[:-1], bool(found[-1])


def dominates(largest: ArrayLike, total: ArrayLike, most: float) -> Flags:
    """Where one firm's figure is more than `most` of the sum; negative figures count by their size."""
    share = np.abs(np.asarray(largest, dtype=np.float64)), np.abs(np.asarray(total, dtype=np.float64))
    return np.asarray(share[0] > most * share[1], dtype=np.bool_)


@dataclass(frozen=True, slots=True)
class _Table:
    """Edges, one a cell: finite capacity from `tail` to `head` (its firms), the other way it mixes signs and is free."""

    tail: NDArray[np.int64]
    head: NDArray[np.int64]
    firms: NDArray[np.int64]
    dominated: Flags
    cost: NDArray[np.int64]
    nodes: int

    @classmethod
    def two_way(cls, whole: NDArray[np.int64], dominated: Flags) -> _Table:
        rows, columns = whole.shape
        row, column = np.divmod(np.arange(whole.size), columns)
        # Totals stand on the other side of an equation: their edges point the other way, the grand total's back again.
        turned = (row == rows - 1) != (column == columns - 1)
        tail, head = np.where(turned, rows + column, row), np.where(turned, row, rows + column)
        dear = (row == rows - 1) | (column == columns - 1)
        firms = whole.ravel()
        cost = firms + np.where(dear, firms.sum() + 1, 0)
        return cls(tail, head, firms, dominated.ravel(), cost, rows + columns)

    @classmethod
    def one_way(cls, whole: NDArray[np.int64], dominated: Flags) -> _Table:
        last = np.arange(len(whole)) == len(whole) - 1
        cost = whole + np.where(last, whole.sum() + 1, 0)
        return cls(np.where(last, 1, 0), np.where(last, 0, 1), whole, dominated, cost, 2)


def _protected(table: _Table, fewest: int) -> Flags:
    """Hide what is small or dominated, then for each cut with too few firms the cheapest cell that mends it."""
    some = table.firms > 0
    hidden_now = some & ((table.firms < fewest) | table.dominated)
    # A dominated cell is worth one firm, however many it has: with others it takes as many as a single firm would.
    worth = np.where(table.dominated, 1, table.firms)
    asked = deque(np.flatnonzero(hidden_now & (worth < fewest)).tolist())
    while asked:
        edge = asked[0]
        side = _thin_cut(table, hidden_now, worth, edge, fewest)
        if side is None:
            asked.popleft()
            continue
        crossing = some & ~hidden_now & (side[table.tail] != side[table.head])
        candidates = np.flatnonzero(crossing)
        if not len(candidates):  # counts that don't add up can't be protected by parts
            return some
        hidden_now[candidates[np.argmin(table.cost[candidates])]] = True
    return _without_loose_ends(table, hidden_now, worth >= fewest)


def _without_loose_ends(table: _Table, hidden_now: Flags, enough: Flags) -> Flags:
    """Show what is alone in its row or column after all: it follows from its total, protects nobody, and has firms enough."""
    while True:
        ends = np.concatenate([table.tail[hidden_now], table.head[hidden_now]])
        alone = np.bincount(ends, minlength=table.nodes)
        loose = hidden_now & enough & ((alone[table.tail] == 1) | (alone[table.head] == 1))
        if not loose.any():
            return hidden_now
        hidden_now = hidden_now & ~loose


def _thin_cut(
    table: _Table, hidden_now: Flags, worth: NDArray[np.int64], edge: int, fewest: int
) -> Flags | None:
    """The nodes on the near side of a cut through `edge` that fewer than `fewest` firms leave; None where there is none."""
    start, goal = int(table.tail[edge]), int(table.head[edge])
    flow: dict[tuple[int, int], int] = {}
    around: list[list[int]] = [[] for _ in range(table.nodes)]
    for n in np.flatnonzero(hidden_now).tolist():
        tail, head = int(table.tail[n]), int(table.head[n])
        flow[tail, head] = flow.get((tail, head), 0) + int(worth[n])
        flow[head, tail] = flow.get((head, tail), 0) + _MUCH
        around[tail].append(head)
        around[head].append(tail)
    flowed = 0
    while flowed < fewest:
        came: dict[int, int] = {start: start}
        queue = deque([start])
        while queue and goal not in came:
            node = queue.popleft()
            for other in around[node]:
                if other not in came and flow.get((node, other), 0) > 0:
                    came[other] = node
                    queue.append(other)
        if goal not in came:
            side = np.zeros(table.nodes, dtype=bool)
            side[list(came)] = True
            return side
        path = [goal]
        while path[-1] != start:
            path.append(came[path[-1]])
        steps = list(zip(path[1:], path[:-1], strict=True))
        pushed = min(flow[step] for step in steps)
        for tail, head in steps:
            flow[tail, head] -= pushed
            flow[head, tail] = flow.get((head, tail), 0) + pushed
        flowed += pushed
    return None
