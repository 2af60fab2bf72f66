"""What some firms were in past years: below 规上 before they rose, in another trade before they changed, in another town
before they moved.

It refuses to state what the register says anyway: a row differs from what the firm is today.
"""

from collections.abc import Iterator
from datetime import date

import numpy as np
import shapely

from demo.county import County
from demo.ground import Ground
from demo.model import AnnualReturn, Firm, FirmYear, Occupancy
from demo.names import GROUPS
from demo.parcels import Parcel
from demo.randomness import stream
from demo.returns import LARGE_REVENUE_WAN

PAST = (2023, 2024)
ROSE, CHANGED = 18, 6
NEAREST_M = 6000.0
"""A firm moves into a town from one that isn't far."""


def state_years(
    county: County,
    ground: Ground,
    parcels: list[Parcel],
    firms: list[Firm],
    occupancies: list[Occupancy],
    returns: list[AnnualReturn],
    seed: int,
) -> list[FirmYear]:
    """All statements, by year and in the order of the firms; no firm has two kinds of them."""
    rng = stream(seed, "firm years")
    told = {(row.year, row.firm): row for row in returns}
    came = _came(firms, occupancies)
    free = [firm for firm in range(len(firms)) if firm not in came]
    scale = list(_scale(firms, free, told, rng))
    free = sorted(set(free) - {row.firm for row in scale})
    rows = [*scale, *_trades(firms, free, told, rng), *_moves(county, ground, parcels, firms, came)]
    return sorted(rows, key=lambda row: (row.year, row.firm))


def _scale(
    firms: list[Firm], free: list[int], told: dict[tuple[int, int], AnnualReturn], rng: np.random.Generator
) -> Iterator[FirmYear]:
    """By the year's own revenue: some firms rose past the threshold since, and whoever fell below it had been above."""
    revenue = {key: row.revenue_wan for key, row in told.items() if row.revenue_wan is not None}
    small = {
        firm: [year for year in PAST if revenue.get((year, firm), LARGE_REVENUE_WAN) < LARGE_REVENUE_WAN]
        for firm in free
        if firms[firm].above_scale
    }
    rose = [firm for firm, years in small.items() if years]
    for firm in sorted(int(at) for at in rng.choice(rose, ROSE, replace=False)):
        last = max(small[firm])
        for year in small[firm]:
            yield FirmYear(
                year,
                firm,
                above_scale=False,
                basis=f"示意：{year}年规模以上工业单位名录，{last + 1}年起纳入",
            )
    for firm in free:
        for year in PAST:
            if not firms[firm].above_scale and revenue.get((year, firm), 0) >= LARGE_REVENUE_WAN:
                yield FirmYear(
                    year, firm, above_scale=True, basis=f"示意：{year}年规模以上工业单位名录，其后退出"
                )


def _trades(
    firms: list[Firm], free: list[int], told: dict[tuple[int, int], AnnualReturn], rng: np.random.Generator
) -> Iterator[FirmYear]:
    """Makers of lamps and solar cells that had made plain goods."""
    new = [firm for firm in free if firms[firm].industry_code in ("C3825", "C3874", "C3976", "C3985")]
    new = [firm for firm in new if all((year, firm) in told for year in PAST)]
    for firm in sorted(int(at) for at in rng.choice(new, CHANGED, replace=False)):
        trades = GROUPS["日用品"][1]
        code, word = trades[int(rng.integers(len(trades)))]
        until = int(rng.choice(PAST))
        for year in PAST:
            if year <= until:
                yield FirmYear(
                    year,
                    firm,
                    industry_code=code,
                    industry_group="日用品",
                    basis=f"示意：{until + 1}年变更登记，此前主营{word}",
                )


def _came(firms: list[Firm], occupancies: list[Occupancy]) -> dict[int, Occupancy]:
    """Firms older than their first ground in the county's books, and what that was."""
    first: dict[int, Occupancy] = {}
    for row in occupancies:
        if row.firm not in first or row.since < first[row.firm].since:
            first[row.firm] = row
    return {
        firm: row
        for firm, row in sorted(first.items())
        if row.since > date(PAST[0], 12, 31) and firms[firm].registered_on < date(2020, 1, 1)
    }


def _moves(
    county: County, ground: Ground, parcels: list[Parcel], firms: list[Firm], came: dict[int, Occupancy]
) -> Iterator[FirmYear]:
    """Whoever rents a first place in the county's books came from the nearest other town."""
    towns = np.array(ground.towns, dtype=object)
    for firm, row in came.items():
        away = shapely.distance(towns, parcels[row.parcel].shape_4528.centroid)
        away[firms[firm].town] = np.inf
        before = int(np.argmin(away))
        if away[before] > NEAREST_M:
            continue
        for year in PAST:
            if year < row.since.year:
                into = f"由{county.towns[before].name}迁入{county.towns[firms[firm].town].name}"
                yield FirmYear(
                    year,
                    firm,
                    town=before,
                    basis=f"示意：{row.since.year}年{row.since.month}月属地变更，{into}",
                )
