"""Who holds which parcel: firms with one plot or several, public platforms, project companies, a few persons.

It refuses a firm without land to produce on: everyone holds or rents at least one built parcel.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from demo.county import County
from demo.model import Firm, Holder
from demo.names import GROUPS, firm_names, platform_names, project_names
from demo.parcels import Parcel
from demo.randomness import stream
from demo.situation import NOT_BUILT_ON
from demo.uscc import invented_uscc

FIRMS = 2075
LANDOWNERS = 1800
SEVERAL_PLOTS = 166
SEVERAL_USERS = 0.12
PLATFORM_PARCELS = 80
PERSONS = 8
OUTSIDE_LIST = 60


@dataclass(frozen=True)
class Ownership:
    firms: list[Firm]
    holders: list[Holder]
    use: list[str]
    """How each parcel is used: own, several (owner and tenants), empty, outside (by somebody unlisted)."""
    tenants: list[int]
    """Firms that hold no land and rent."""


def share_out(county: County, parcels: list[Parcel], situations: list[str], seed: int) -> Ownership:
    """Holders for all parcels and the list of firms."""
    rng = stream(seed, "ownership")
    use = _uses(situations, rng)
    firms = _firms(county, seed)
    unlisted = _unlisted(county, seed)
    holders: list[Holder | None] = [None] * len(parcels)

    built = [at for at, kind in enumerate(use) if kind in ("own", "several")]
    built = [built[at] for at in rng.permutation(len(built))]
    platform_at = [at for at in built if use[at] == "several"][:PLATFORM_PARCELS]
    for at in platform_at:
        holders[at] = unlisted["platform"][
            parcels[at].town + (len(county.towns) if rng.random() < 0.4 else 0)
        ]
    own = [at for at in built if holders[at] is None]
    first, extra = own[:LANDOWNERS], own[LANDOWNERS:]
    for firm, at in enumerate(first):
        holders[at] = Holder(firms[firm].name, firms[firm].uscc, firm)
        firms[firm].town = parcels[at].town
    empty = [at for at, kind in enumerate(use) if kind == "empty"]
    extra += [at for at in empty if rng.random() < 0.35]
    _add_second_plots(parcels, first, extra, holders, firms, rng)

    for serial, at in enumerate(at for at in range(len(parcels)) if holders[at] is None):
        if use[at] == "outside" and serial % (OUTSIDE_LIST // PERSONS) == 0:
            holders[at] = Holder(f"示意自然人{'甲乙丙丁戊己庚辛壬癸'[serial % 10]}", "")
        else:
            holders[at] = unlisted["project"][serial]
    tenants = list(range(LANDOWNERS, FIRMS))
    return Ownership(firms, [holder for holder in holders if holder is not None], use, tenants)


def _uses(situations: list[str], rng: np.random.Generator) -> list[str]:
    use = ["own"] * len(situations)
    for at, kind in enumerate(situations):
        if kind in NOT_BUILT_ON or (kind not in ("old", "built") and rng.random() < 0.45):
            use[at] = "empty"
    standing = [at for at, kind in enumerate(situations) if kind in ("old", "built")]
    picked = rng.choice(standing, round(SEVERAL_USERS * len(situations)) + OUTSIDE_LIST, replace=False)
    for at in picked[OUTSIDE_LIST:]:
        use[int(at)] = "several"
    for at in picked[:OUTSIDE_LIST]:
        use[int(at)] = "outside"
    return use


def _add_second_plots(
    parcels: list[Parcel],
    first: list[int],
    extra: list[int],
    holders: list[Holder | None],
    firms: list[Firm],
    rng: np.random.Generator,
) -> None:
    """A firm grows next door: second plots go to firms of the zone, then of the town, four plots at most."""
    plots = dict.fromkeys(range(len(first)), 1)
    for at in extra:
        zone = [firm for firm, own in enumerate(first) if parcels[own].zone == parcels[at].zone]
        town = [firm for firm, own in enumerate(first) if parcels[own].town == parcels[at].town]
        grown = [firm for firm, count in plots.items() if count > 1]
        full = len(grown) >= SEVERAL_PLOTS
        for pool in (zone, town, list(plots)):
            fitting = [firm for firm in pool if plots[firm] < 4 and (plots[firm] > 1 or not full)]
            if fitting:
                firm = int(fitting[int(rng.integers(len(fitting)))])
                plots[firm] += 1
                holders[at] = Holder(firms[firm].name, firms[firm].uscc, firm)
                break


def _firms(county: County, seed: int) -> list[Firm]:
    rng = stream(seed, "firms")
    groups = list(GROUPS)
    weights = np.array([GROUPS[group][0] for group in groups])
    drawn = [groups[at] for at in rng.choice(len(groups), FIRMS, p=weights / weights.sum())]
    trades = [GROUPS[group][1][int(rng.integers(len(GROUPS[group][1])))] for group in drawn]
    names = firm_names(rng, county.name, [word for _, word in trades])
    firms = []
    for serial, (group, (code, _), name) in enumerate(zip(drawn, trades, names, strict=True)):
        founded = date(1994, 3, 1) + timedelta(days=int(365.25 * 28.5 * rng.beta(2.2, 1.9)))
        if rng.random() < 0.02:
            founded = date(2024, 1, 5) + timedelta(days=int(rng.integers(0, 480)))
        town = int(rng.integers(len(county.towns)))
        firms.append(Firm(invented_uscc(county.code, serial + 1), name, code, group, founded, town, ""))
    return firms


def _unlisted(county: County, seed: int) -> dict[str, list[Holder]]:
    rng = stream(seed, "unlisted holders")
    platforms = platform_names(county.name, [town.name for town in county.towns])
    projects = project_names(rng, 700)
    return {
        "platform": [
            Holder(name, invented_uscc(county.code, 8000 + at)) for at, name in enumerate(platforms)
        ],
        "project": [Holder(name, invented_uscc(county.code, 9000 + at)) for at, name in enumerate(projects)],
    }
