"""How frozen inputs differ from what the register has now: which kind of fact, of which firms.

Refuses to look at where figures come from: only what a score can depend on counts.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from parcels.evaluation.rules import LAND, RETURNED
from parcels.grading.frozen import BUILDING, TEXTS, Frozen

FIGURES, FACTS, GROUPS, LANDS, FIRMS = "报送数据", "评价事项", "规上、行业、镇街", "企业用地", "参评企业增减"
Flags = NDArray[np.bool_]


def differences(kept: Frozen, now: Frozen) -> Mapping[str, list[str]]:
    """Kind of fact → the codes of the firms whose facts of that kind aren't the same any more; none where all is."""
    common, here, there = np.intersect1d(np.array(kept.uscc), np.array(now.uscc), return_indices=True)
    own = sorted(kept.figures.keys() | now.figures.keys())
    changed = {
        FIGURES: _figures(kept, now, here, there, RETURNED) | (kept.returned[here] != now.returned[there]),
        FACTS: _maps(kept, now, here, there, ("adjustments", "vetoes", "exemptions"))
        | _figures(kept, now, here, there, [name for name in own if name not in (*RETURNED, LAND, BUILDING)]),
        GROUPS: _texts(kept, now, here, there) | (kept.above_scale[here] != now.above_scale[there]),
        LANDS: _maps(kept, now, here, there, ("parcels",)) | _figures(kept, now, here, there, (BUILDING,)),
    }
    found = {kind: common[flags].tolist() for kind, flags in changed.items() if flags.any()}
    moved = sorted({*kept.uscc} ^ {*now.uscc})
    return found | ({FIRMS: moved} if moved else {})


def _figures(
    kept: Frozen,
    now: Frozen,
    here: NDArray[np.intp],
    there: NDArray[np.intp],
    names: list[str] | tuple[str, ...],
) -> Flags:
    flags = np.zeros(len(here), dtype=bool)
    for name in names:
        if name not in kept.figures or name not in now.figures:
            flags[:] = True
            continue
        was, then = kept.figures[name][here], now.figures[name][there]
        flags |= ~((was == then) | (np.isnan(was) & np.isnan(then)))
    return flags


def _texts(kept: Frozen, now: Frozen, here: NDArray[np.intp], there: NDArray[np.intp]) -> Flags:
    flags = np.zeros(len(here), dtype=bool)
    for name in TEXTS:
        if name != "name":
            flags |= np.array(kept.texts[name])[here] != np.array(now.texts[name])[there]
    return flags


def _maps(
    kept: Frozen, now: Frozen, here: NDArray[np.intp], there: NDArray[np.intp], names: tuple[str, ...]
) -> Flags:
    pairs = list(zip(here.tolist(), there.tolist(), strict=True))
    flags = np.zeros(len(here), dtype=bool)
    for name in names:
        was, then = kept.maps[name], now.maps[name]
        flags |= np.fromiter((was[a] != then[b] for a, b in pairs), dtype=bool, count=len(pairs))
    return flags
