"""What each parcel is living through: built long ago, under construction, stalled, never started.

It refuses dates and money; later stages write the papers that fit the situation.
"""

import numpy as np

from demo.cases import LAND_HA
from demo.parcels import Parcel

IN_CONTRACTS = 0.60
"""Share of the parcels whose contract is in the supply file."""

PROJECTS: dict[str, int] = {
    "not_started": 63,
    "not_started_by_delivery": 6,
    "not_delivered": 3,
    "overdue": 40,
    "start_ahead": 34,
    "stopped_developed": 24,
    "stopped_invested": 24,
    "stopped_both": 24,
    "stopped_but_enough": 14,
    "stopped_lately": 8,
    "underinvested": 40,
    "building": 80,
    "building_late": 24,
    "resumed": 5,
    "undetermined_start": 14,
    "undetermined_stop": 4,
    "phased": 25,
}
"""How many parcels are projects of each kind on the reference day; the rest is built, or not on file."""

NOT_BUILT_ON = frozenset(
    {
        "not_started",
        "not_started_by_delivery",
        "not_delivered",
        "overdue",
        "start_ahead",
        "undetermined_start",
    }
)


def plan_situations(parcels: list[Parcel], cases: int, rng: np.random.Generator) -> list[str]:
    """One a parcel: 'case', a key of PROJECTS, 'built' (contract on file) or 'old' (none on file)."""
    size = len(parcels)
    areas = np.array([parcel.area_m2 for parcel in parcels])
    simple = np.array([parcel.shape_4528.geom_type == "Polygon" for parcel in parcels])
    # Projects are new land: mostly middling lots, never the largest plants.
    weight = np.where((areas > 3000) & (areas < 26_000) & simple, 1.0, 0.0)
    situation = ["old"] * size
    for at in rng.choice(
        np.flatnonzero((areas > LAND_HA * 1e4 + 200) & (areas < 4.2e4) & simple), cases, replace=False
    ):
        situation[int(at)] = "case"
        weight[int(at)] = 0.0
    kinds = [kind for kind, count in PROJECTS.items() for _ in range(count)]
    order = rng.choice(size, len(kinds), replace=False, p=weight / weight.sum())
    for at, kind in zip(order, kinds, strict=True):
        situation[int(at)] = kind
    rest = [at for at in range(size) if situation[at] == "old"]
    built = round(IN_CONTRACTS * size) - len(kinds) - cases
    for at in rng.choice(rest, built, replace=False):
        situation[int(at)] = "built"
    return situation
