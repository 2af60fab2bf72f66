"""What of a year's indicators may be told to whoever isn't cleared for firms' figures: towns, platforms, lines and industries
together, since they are published side by side.

Refuses a sum of too few firms or mostly of one, and every sum from which such a one follows by adding and subtracting the
others, over all these partitions at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landgis.counties.models import County
from landgis.counties.queries import parameters
from landgis.lib.disclosure import Sums, grouped, still_shown
from landgis.lib.suppression import dominates, hidden_parts
from parcels.evaluation.apportion import weights_of_areas
from parcels.evaluation.queries import FEWEST_FIRMS_KEY
from parcels.evaluation.results import Results
from parcels.evaluation.rules import CODES, FEWEST_FIRMS, INDICATORS, LAND, RETURN, RETURNED, last_day

ITEMS = (*CODES, *RETURNED)
WITHHELD = "withheld"  # in the kept document: part → for each of its cells the items that aren't told
DOMINANCE_KEY = "privacy.dominance_share"
# The parts of a document that have cells of their own, the parts with what lies in none as their last cell.
LANDLESS = "firms_without_land"
PARTS = ("county", "towns", "platforms", "control_lines", "industries", LANDLESS)
DEAR = {"county": 1e12}  # what all the others are read against goes last


def withheld(made: Results, net_m2: NDArray[np.float64], fewest: int, most: float) -> dict[str, Any]:
    """Part → for each cell the items that may not be told, for a minimum of firms and a largest firm's share."""
    cells = _Cells(made, net_m2)
    shown = np.ones((cells.count, len(ITEMS)), dtype=bool)
    for n in range(len(ITEMS)):
        firms, dominated = cells.firms(n), cells.dominated(n, most)
        shown[(firms > 0) & ((firms < fewest) | dominated), n] = False
        shown[cells.of(LANDLESS), n] &= n >= len(CODES)  # nothing can be divided by no land
        for part in ("towns", "platforms", "industries"):
            here, whole = cells.of(part), cells.of("county").start
            marked = np.append(dominated[here], dominated[whole])
            found, total = hidden_parts(firms[here], fewest, dominated=marked)
            shown[here, n] &= ~found
            shown[whole, n] &= ~total
    for figure in range(len(RETURNED)):
        cells.look_across(figure, shown)
    return {
        part: [[ITEMS[n] for n in np.flatnonzero(~row)] for row in shown[cells.of(part)]] for part in PARTS
    } | {"fewest": fewest, "most": most}


def withheld_for(document: Mapping[str, Any], fewest: int, most: float) -> bool:
    """Whether a kept document says what isn't told under these limits."""
    kept = document.get(WITHHELD, {})
    return (kept.get("fewest"), kept.get("most")) == (fewest, most) and LANDLESS in kept


def limits_of_secrecy(county: County, year: int) -> tuple[int, float]:
    """How few firms, and what share of one, keep a sum from being told in a year."""
    known = parameters(county, last_day(year))
    return int(known.get(FEWEST_FIRMS_KEY, FEWEST_FIRMS)), float(known.get(DOMINANCE_KEY, 1))


def masked(document: dict[str, Any], fewest: int) -> dict[str, Any]:
    """The document without what may not be told; in one that was kept without its list each partition is looked at alone."""
    kept: Mapping[str, Any] = document.get(WITHHELD, {})
    listed = kept.get("fewest") == fewest

    def parts(part: str, cells: Sequence[dict[str, Any]], *, add_up: bool = True) -> list[dict[str, Any]]:
        without = [set(items) for items in kept.get(part, [()] * len(cells))]
        for item in () if listed else ITEMS:
            counts = [_known(cell, item) for cell in cells]
            few = [0 < count < fewest for count in counts]
            found = hidden_parts(counts, fewest)[0] if add_up else np.array(few, dtype=bool)
            for i in np.flatnonzero(found).tolist():
                without[i].add(item)
        return [_without(cell, items) for cell, items in zip(cells, without, strict=True)]

    *towns, outside = parts("towns", [*document["towns"], document["unallocated"]["outside_towns"]])
    none_of_them = document.get("outside_platforms", document["county"])  # of before there were platforms
    *platforms, elsewhere = parts("platforms", [*document.get("platforms", []), none_of_them])
    landless = document["unallocated"][LANDLESS]
    few = {name for name in RETURNED if 0 < _known(landless, name) < fewest}
    untold = few.union(kept[LANDLESS][0]) & set(RETURNED) if listed and LANDLESS in kept else few
    if untold:
        landless = landless | dict.fromkeys(untold) | {"restricted": True}
    return plain(
        document
        | {
            "county": parts("county", [document["county"]], add_up=False)[0],
            "towns": towns,
            "control_lines": parts("control_lines", document["control_lines"], add_up=False),
            "industries": parts("industries", document.get("industries", [])),
            "platforms": platforms,
            "outside_platforms": elsewhere,
            "unallocated": {LAND: outside[LAND], "outside_towns": outside, LANDLESS: landless},
        }
    )


def told_sums(
    made: Results, net_m2: NDArray[np.float64], document: Mapping[str, Any], names: tuple[str, ...]
) -> dict[str, Sums]:
    """Figure → the sums that a masked document of the year tells of it, over the firms by `names`."""
    cells = _Cells(made, net_m2)
    found, unallocated = made.inputs, document["unallocated"]

    told: dict[int, Mapping[str, Any]] = {
        cells.of("county").start: document["county"],
        cells.of("towns").stop - 1: unallocated["outside_towns"],
        cells.of("platforms").stop - 1: document["outside_platforms"],
        cells.of(LANDLESS).start: unallocated[LANDLESS] | {"indicators": {}},
    }

    def at(part: str, codes: Sequence[str], listed: Sequence[Mapping[str, Any]]) -> None:
        by_code = {cell["code"]: cell for cell in listed}
        for n, code in enumerate(codes):
            if code in by_code:
                told[cells.of(part).start + n] = by_code[code]

    at("towns", found.towns.codes, document["towns"])
    at("platforms", found.platforms.codes, document["platforms"])
    at("control_lines", found.lines.codes, document["control_lines"])
    at("industries", found.industries, document["industries"])
    made_of = {}
    for name in RETURNED:
        row, firm, weight, count = [], [], [], 0
        for item in cells.items_of(name):
            told_of = np.zeros(cells.count, dtype=bool)
            code = ITEMS[item]
            for place, cell in told.items():
                told_of[place] = code in cell["indicators"] if item < len(CODES) else cell[code] is not None
            mine = told_of[cells.cell] & cells.knows(item)[cells.firm]
            row.append(cells.cell[mine] + count)
            firm.append(cells.firm[mine])
            weight.append(cells.weight[mine])
            count += cells.count
        made_of[name] = Sums(names, np.concatenate(row), np.concatenate(firm), np.concatenate(weight), count)
    return made_of


def plain(document: dict[str, Any]) -> dict[str, Any]:
    """The document for whoever is cleared: what others aren't told is no part of it."""
    return {name: value for name, value in document.items() if name != WITHHELD}


class _Cells:
    """Every cell of every part, one after the other, with the firms whose figures fall to it and by which share."""

    def __init__(self, made: Results, net_m2: NDArray[np.float64]) -> None:
        self.made, uses = made, made.inputs.uses
        landed = np.flatnonzero(made.firms.land_m2 > 0)
        whole = np.ones(len(landed))
        landless = np.flatnonzero(made.inputs.of_firms.returned & ~(made.firms.land_m2 > 0))
        towns, lines, platforms = made.covers
        areas = {
            "county": (1, (np.zeros(len(landed), dtype=np.intp), landed, whole)),
            "towns": (towns.areas, weights_of_areas(uses, net_m2, made.firms, towns)),
            "platforms": (platforms.areas, weights_of_areas(uses, net_m2, made.firms, platforms)),
            "control_lines": (lines.areas, weights_of_areas(uses, net_m2, made.firms, lines)),
            "industries": (
                len(made.inputs.industries),
                (made.inputs.firm_industry[landed], landed, whole),
            ),
            LANDLESS: (1, (np.zeros(len(landless), dtype=np.intp), landless, np.ones(len(landless)))),
        }
        self.parts: dict[str, slice] = {}
        self.count = 0
        for part, (size, _) in areas.items():
            self.parts[part] = slice(self.count, self.count + size)
            self.count += size
        found = [areas[part][1] for part in PARTS]
        self.cell = np.concatenate(
            [area + self.of(part).start for part, (area, _, _) in zip(PARTS, found, strict=True)]
        )
        self.firm = np.concatenate([firm for _, firm, _ in found])
        self.weight = np.concatenate([weight for _, _, weight in found])

    def of(self, part: str) -> slice:
        return self.parts[part]

    def knows(self, item: int) -> NDArray[np.bool_]:
        """Which firms an item of a cell is made up of."""
        if item < len(CODES):
            return np.asarray(self.made.firms.both[:, item], dtype=np.bool_)
        return ~np.isnan(self.made.firms.figures[:, item - len(CODES)])

    def firms(self, item: int) -> NDArray[np.int64]:
        return np.bincount(self.cell[self.knows(item)[self.firm]], minlength=self.count).astype(np.int64)

    def dominated(self, item: int, most: float) -> NDArray[np.bool_]:
        """Where one firm makes up more than `most` of an item's sum, above or below the line."""
        sides = [self.made.firms.figures[:, item - len(CODES)]]
        if item < len(CODES):
            sides = [self.made.firms.above[:, item], self.made.firms.below[:, item]]
        mine = self.knows(item)[self.firm]
        cell = self.cell[mine]
        found = np.zeros(self.count, dtype=bool)
        for side in sides:
            amounts = side[self.firm[mine]] * self.weight[mine]
            largest = np.zeros(self.count)
            np.maximum.at(largest, cell, np.abs(amounts))
            found |= (largest > 0) & dominates(largest, np.bincount(cell, amounts, self.count), most)
        return found

    def items_of(self, name: str) -> list[int]:
        """The items that tell of a figure: the indicators that it is part of, and itself."""
        own = [n for n, i in enumerate(INDICATORS) if name in (i.numerator, i.denominator)]
        return [*own, ITEMS.index(name)]

    def look_across(self, figure: int, shown: NDArray[np.bool_]) -> None:
        """Hide of the sums that tell of one figure those that would give fewer than three firms away together."""
        items = self.items_of(RETURNED[figure])
        draws = np.random.default_rng(7).standard_normal((len(items), self.count))
        marks = np.zeros(len(self.made.firms.returned))
        for draw, item in zip(draws, items, strict=True):
            own = np.bincount(self.firm, draw[self.cell] * self.weight, len(marks))
            marks += np.where(self.knows(item), own, 0.0)
        first, group, firms = grouped(marks)
        lead = first[group[self.firm]] == self.firm  # one firm stands for all of its group
        sums = np.zeros((len(items), self.count, len(first)))
        for n, item in enumerate(items):
            mine = lead & self.knows(item)[self.firm]
            sums[n, self.cell[mine], group[self.firm[mine]]] = self.weight[mine]
        cost = np.array([self.firms(item) for item in items], dtype=np.float64)
        cost[:, self.of("county")] += DEAR["county"]
        before = shown[:, items].T
        after = still_shown(
            sums.reshape(-1, len(first)), firms, before.reshape(-1), cost.reshape(-1)
        ).reshape(before.shape)
        shown[:, items] = after.T


def _known(cell: Mapping[str, Any], item: str) -> int:
    """How many firms make up a cell's indicator or figure."""
    if item in CODES:
        return int(cell["indicators"][item]["firms"])
    return int(cell["firms"] - cell["missing"].get(RETURN, 0) - cell["missing"].get(item, 0))


def _without(cell: dict[str, Any], items: set[str]) -> dict[str, Any]:
    kept = {code: figures for code, figures in cell["indicators"].items() if code not in items}
    return cell | dict.fromkeys(items) | {"indicators": kept} | ({"restricted": True} if items else {})
