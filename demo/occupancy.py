"""Who uses how much of which parcel, since when: own plots, leases, land used without registration.

It refuses more land in use than a parcel has on any day, but for three parcels named in the data's README.
"""

from datetime import date, timedelta

import numpy as np

from demo.model import Firm, Holder, Occupancy
from demo.ownership import Ownership
from demo.parcels import Parcel
from demo.randomness import stream

OVERFULL = (1.04, 1.12, 1.35)
"""How much of three parcels is claimed to be in use."""
UNREGISTERED = 25


def occupy(
    parcels: list[Parcel], owned: Ownership, areas_m2: list[float], seed: int
) -> tuple[list[Occupancy], list[int]]:
    """All occupancies in the order of the parcels, and the parcels that are overfull."""
    rng = stream(seed, "occupancy")
    by_town: dict[int, list[int]] = {}
    for index, landowner in enumerate(owned.firms[: len(owned.firms) - len(owned.tenants)]):
        by_town.setdefault(landowner.town, []).append(index)
    several = [at for at, use in enumerate(owned.use) if use == "several"]
    overfull = [int(at) for at in rng.choice(several, len(OVERFULL), replace=False)]
    unregistered = _some(rng, [at for at, use in enumerate(owned.use) if use == "outside"], UNREGISTERED)

    rows: list[Occupancy] = []
    counts = [int(count) for count in rng.choice([1, 2, 3, 4], len(several), p=[0.45, 0.3, 0.17, 0.08])]
    # Every firm without land of its own gets a place; the places left go to neighbours that need more room.
    places = list(rng.permutation([*owned.tenants, *[-1] * (sum(counts) - len(owned.tenants))]))
    for at, parcel in enumerate(parcels):
        use, holder, area = owned.use[at], owned.holders[at], areas_m2[at]
        if use == "own" and holder.firm is not None:
            rows.append(_alone(at, holder.firm, area, owned.firms[holder.firm], rng))
        elif use == "several":
            drawn = [int(places.pop()) for _ in range(counts.pop())]
            firms = [firm if firm >= 0 else _neighbour(by_town, parcel.town, holder, rng) for firm in drawn]
            for firm in firms:
                owned.firms[firm].town = parcel.town if firm in owned.tenants else owned.firms[firm].town
            firms = [firm for firm in dict.fromkeys(firms) if firm != holder.firm]
            full = OVERFULL[overfull.index(at)] if at in overfull else None
            rows += _shared(at, holder, firms, area, full, owned.firms, rng)
        elif at in unregistered:
            firm = _neighbour(by_town, parcel.town, holder, rng)
            used = round(area * rng.uniform(0.15, 0.8), 2)
            rows.append(Occupancy(at, firm, "未登记", None, used, None, _since(owned.firms[firm], rng)))
    return rows, overfull


def _some(rng: np.random.Generator, pool: list[int], count: int) -> set[int]:
    return {int(at) for at in rng.choice(pool, count, replace=False)}


def _neighbour(by_town: dict[int, list[int]], town: int, holder: Holder, rng: np.random.Generator) -> int:
    pool = [firm for firm in by_town[town] if firm != holder.firm]
    return int(pool[int(rng.integers(len(pool)))])


def _since(firm: Firm, rng: np.random.Generator) -> date:
    early = max(firm.registered_on, date(2006, 1, 1))
    span = max((date(2021, 12, 31) - early).days, 30)
    return early + timedelta(days=int(rng.integers(0, span)))


def _alone(at: int, firm: int, area: float, record: Firm, rng: np.random.Generator) -> Occupancy:
    since = _since(record, rng)
    if rng.random() < 0.15:
        return Occupancy(at, firm, "自有", None, None, 100.0, since)
    return Occupancy(at, firm, "自有", None, area, None, since)


def _shared(
    at: int,
    holder: Holder,
    tenants: list[int],
    area: float,
    full: float | None,
    firms: list[Firm],
    rng: np.random.Generator,
) -> list[Occupancy]:
    """The owner keeps a part, if it is a producing firm; the tenants take turns where a lease ran out."""
    weights = rng.uniform(0.6, 1.4, len(tenants) + 1)
    weights[0] *= 1.5 if holder.firm is not None else 0.0
    used = (
        full
        if full is not None
        else rng.uniform(0.9, 1.0)
        if holder.firm is not None
        else rng.uniform(0.82, 1.0)
    )
    shares = np.floor(weights / weights.sum() * used * 1e4) / 1e4
    by_share = full is None and rng.random() < 0.25
    rows = []
    for position, (firm, share) in enumerate(zip([holder.firm, *tenants], shares, strict=True)):
        if firm is None:
            continue
        role, lessor = ("自有", None) if position == 0 else ("租入", holder.firm)
        amount = None if by_share else round(float(share) * area - 0.005, 2)
        percent = round(float(share) * 100, 2) if by_share else None
        since = _since(firms[firm], rng)
        if role == "租入" and rng.random() < 0.12:
            changed = date(int(rng.integers(2022, 2025)), int(rng.choice([3, 6, 9])), 30)
            rows.append(Occupancy(at, firm, role, lessor, amount, percent, changed + timedelta(days=1)))
            before = [other for other in tenants if other != firm and firms[other].registered_on.year < 2019]
            if before:
                rows.append(
                    Occupancy(
                        at, before[0], role, lessor, amount, percent, date(2019, 1 + position, 1), changed
                    )
                )
            continue
        rows.append(Occupancy(at, firm, role, lessor, amount, percent, since))
    return rows
