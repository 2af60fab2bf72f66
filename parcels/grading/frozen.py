"""What a year is evaluated on, frozen: every firm with all its figures and land, where they come from, one text, one hash.

Refuses to read anything but itself: whoever holds the text can score again and gets the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parcels.evaluation.rules import LAND

FORMAT = "landgis.evaluation-inputs.1"
BUILDING = "building_mu"  # land inside its building period, part of LAND
Floats = NDArray[np.float64]
TEXTS = ("uscc", "name", "town_code", "industry_code", "industry_group", "founded_on", "head")
# Per firm: adjustment → points, veto → basis, exemption → basis, figure → where it comes from, parcel → 亩 used.
MAPS = ("adjustments", "vetoes", "exemptions", "sources", "parcels")


@dataclass(frozen=True, slots=True)
class Frozen:
    """Firms as columns, in the order of their codes; NaN = unknown. `above_scale`: 1, 0, or -1 for unknown."""

    county: str
    year: int
    on: str
    definition: str  # sha256 of the scheme's definition
    texts: Mapping[str, tuple[str, ...]]
    above_scale: NDArray[np.int8]
    returned: NDArray[np.bool_]
    figures: Mapping[str, Floats]
    maps: Mapping[str, tuple[Mapping[str, Any], ...]]
    corrections: tuple[Mapping[str, Any], ...] = field(default=())
    # What stood behind the land when it was taken: its freeze by the towns' word, the choices for tenants. Empty in the
    # texts of runs before it was kept, which have to stay as they were to the byte.
    decided: Mapping[str, Any] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.texts["uscc"])

    @property
    def uscc(self) -> tuple[str, ...]:
        return self.texts["uscc"]

    def at(self, uscc: str) -> int | None:
        place = int(np.searchsorted(np.array(self.uscc), uscc)) if len(self) else 0
        return place if place < len(self) and self.uscc[place] == uscc else None

    def text(self) -> str:
        """The inputs as JSON with sorted keys and no blanks: what the hash is taken over."""
        whole = {
            "format": FORMAT,
            "county": self.county,
            "year": self.year,
            "on": self.on,
            "definition": self.definition,
            "texts": {name: list(self.texts[name]) for name in TEXTS},
            "above_scale": self.above_scale.tolist(),
            "returned": self.returned.tolist(),
            "figures": {name: _nullable(values) for name, values in self.figures.items()},
            "maps": {name: list(self.maps[name]) for name in MAPS},
            "corrections": list(self.corrections),
        } | ({"decided": dict(self.decided)} if self.decided else {})
        return json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)

    @property
    def sha256(self) -> str:
        return digest(self.text())

    @classmethod
    def from_text(cls, text: str) -> Frozen:
        kept = json.loads(text)
        if kept.get("format") != FORMAT:
            raise ValueError(f"not frozen inputs: {kept.get('format')}")
        return cls(
            kept["county"],
            kept["year"],
            kept["on"],
            kept["definition"],
            {name: tuple(kept["texts"][name]) for name in TEXTS},
            np.array(kept["above_scale"], dtype=np.int8),
            np.array(kept["returned"], dtype=np.bool_),
            {
                name: np.array([np.nan if v is None else v for v in values], dtype=np.float64)
                for name, values in kept["figures"].items()
            },
            {name: tuple(kept["maps"][name]) for name in MAPS},
            tuple(kept["corrections"]),
            kept.get("decided", {}),
        )

    def corrected(self, uscc: str, figures: Mapping[str, float | None], *, because: str) -> Frozen:
        """The next version: some figures of one firm replaced, and what they were before kept with the reason."""
        place = self.at(uscc)
        if place is None or not figures.keys() <= self.figures.keys():
            raise KeyError(uscc if place is None else sorted(figures.keys() - self.figures.keys())[0])
        changed = dict(self.figures)
        said = []
        for name, value in sorted(figures.items()):
            column = changed[name].copy()
            before = None if np.isnan(column[place]) else float(column[place])
            column[place] = np.nan if value is None else float(value)
            changed[name] = column
            said.append({"uscc": uscc, "figure": name, "before": before, "after": value, "because": because})
        sources = list(self.maps["sources"])
        sources[place] = {**sources[place], **dict.fromkeys(figures, because)}
        maps = {**self.maps, "sources": tuple(sources)}
        return replace(self, figures=changed, maps=maps, corrections=(*self.corrections, *said))


def digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def merged(found: Frozen) -> Frozen:
    """Firms with a head become part of it: land and figures add up, facts are those of all.

    A member that returned nothing brings land only; one that returned something and lacks a figure leaves the
    sum unknown, since a missing figure is never zero.
    """
    heads = np.array([head or uscc for head, uscc in zip(found.texts["head"], found.uscc, strict=True)])
    names, first = np.unique(heads, return_inverse=True)
    if len(names) == len(found):
        return found
    place = {uscc: n for n, uscc in enumerate(found.uscc)}
    leading = [place[name] for name in names.tolist()]
    size = len(names)
    figures = {}
    for name, values in found.figures.items():
        counts = np.ones(len(found), dtype=bool) if name in (LAND, BUILDING) else found.returned
        unknown = np.bincount(first, counts & np.isnan(values), size) > 0
        known = counts & ~np.isnan(values)
        sums = np.bincount(first, np.where(known, values, 0.0), size)
        none = np.bincount(first, known, size) == 0
        figures[name] = np.where(unknown | none, np.nan, sums)
    for name in (LAND, BUILDING):  # land of a member that isn't known is no land
        figures[name] = np.bincount(first, np.nan_to_num(found.figures[name]), size)
    maps: dict[str, tuple[Mapping[str, Any], ...]] = {}
    for name in MAPS:
        gathered: list[dict[str, Any]] = [{} for _ in range(size)]
        every = list(zip(found.maps[name], first.tolist(), strict=True))
        if name == "sources":  # where members and head differ, the sheet tells the head's
            every += [(found.maps[name][at], group) for group, at in enumerate(leading)]
        for own, group in every:
            for key, value in own.items():
                add = name in ("adjustments", "parcels") and key in gathered[group]
                gathered[group][key] = gathered[group][key] + value if add else value
        maps[name] = tuple(gathered)
    return replace(
        found,
        texts={name: tuple(found.texts[name][n] for n in leading) for name in TEXTS},
        above_scale=found.above_scale[leading],
        returned=np.bincount(first, found.returned, size) > 0,
        figures=figures,
        maps=maps,
    )


def members(found: Frozen) -> dict[str, list[str]]:
    """Head → the firms that are evaluated with it."""
    groups: dict[str, list[str]] = {}
    for uscc, head in zip(found.uscc, found.texts["head"], strict=True):
        if head and head != uscc:
            groups.setdefault(head, []).append(uscc)
    return groups


def frozen(
    *,
    county: str,
    year: int,
    on: str,
    definition: str,
    texts: Mapping[str, Sequence[str]],
    above_scale: Sequence[int],
    returned: Sequence[bool],
    figures: Mapping[str, Sequence[float] | Floats],
    maps: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
    decided: Mapping[str, Any] | None = None,
) -> Frozen:
    """Firms in any order, put in the order of their codes; texts and maps that aren't given are empty."""
    size = len(texts["uscc"])
    order = sorted(range(size), key=lambda n: texts["uscc"][n])
    pick = itemgetter(*order) if size > 1 else tuple
    blank = [""] * size
    given = {name: texts.get(name, blank) for name in TEXTS}
    facts = {name: (maps or {}).get(name, [{}] * size) for name in MAPS}
    numbers = {BUILDING: np.zeros(size), **figures}
    return Frozen(
        county,
        year,
        on,
        definition,
        {name: pick(values) for name, values in given.items()},
        np.array(above_scale, dtype=np.int8)[order],
        np.array(returned, dtype=np.bool_)[order],
        {name: np.asarray(values, dtype=np.float64)[order] for name, values in sorted(numbers.items())},
        {name: pick(values) for name, values in facts.items()},
        decided=decided or {},
    )


def _nullable(values: Floats) -> list[float | None]:
    listed = values.astype(object)
    listed[np.isnan(values)] = None
    return list(listed)
