"""Three years of annual returns: a few firms pay most of the tax, many pay little, some figures are missing.

It refuses to write nought for what is not known: a missing figure is None.
"""

from dataclasses import dataclass

import numpy as np

from demo.county import M2_PER_MU
from demo.model import REFERENCE_DAY, AnnualReturn, Firm, Occupancy
from demo.randomness import Floats, lognormal, stream

YEARS = {2023: 0.90, 2024: 0.955, 2025: 1.0}
TAX_PER_MU, VALUE_ADDED_PER_MU = 25.0, 158.0
"""County-wide 万元/亩 of the land in use in the last year: near the plan's 25 and 170, and below them."""
LARGE_REVENUE_WAN = 2000.0


@dataclass(frozen=True)
class Economy:
    """One value a firm, for the last year."""

    tax: Floats
    value_added: Floats
    revenue: Floats
    employees: Floats
    energy: Floats
    emission: Floats
    rd: Floats


def report_years(
    firms: list[Firm], occupancies: list[Occupancy], areas_m2: list[float], seed: int
) -> list[AnnualReturn]:
    """The returns of all years; also marks the firms above scale, by the last year's revenue."""
    rng = stream(seed, "returns")
    land_mu = land_of_firms(len(firms), occupancies, areas_m2) / M2_PER_MU
    base = _economy(land_mu, rng)
    for firm, revenue in zip(firms, base.revenue, strict=True):
        firm.above_scale = bool(revenue >= LARGE_REVENUE_WAN)
    rows: list[AnnualReturn] = []
    for year, level in YEARS.items():
        wobble = lognormal(rng, 1.0, 0.0 if level == 1.0 else 0.1, len(firms))
        for index, firm in enumerate(firms):
            if firm.registered_on.year > year or (year < 2025 and firm.registered_on.year == year):
                continue
            if rng.random() < 0.025:
                continue
            rows.append(_return(year, index, firm, base, level * wobble[index], rng))
    return rows


def land_of_firms(firms: int, occupancies: list[Occupancy], areas_m2: list[float]) -> Floats:
    """Land in use on the reference day, in square metres."""
    land_m2 = np.zeros(firms)
    for row in occupancies:
        if row.until is None or row.until >= REFERENCE_DAY:
            whole = areas_m2[row.parcel]
            land_m2[row.firm] += (
                row.area_m2 if row.area_m2 is not None else whole * (row.share_percent or 0) / 100
            )
    return land_m2


def _economy(land_mu: Floats, rng: np.random.Generator) -> Economy:
    size = len(land_mu)
    # The best ground pays well, not absurdly: the tail ends at some hundred 万元 an 亩.
    tax_per_mu = np.minimum(lognormal(rng, 6.0, 1.65, size), 260.0)
    tax = tax_per_mu * land_mu
    tax *= TAX_PER_MU * land_mu.sum() / tax.sum()
    tax[rng.random(size) < 0.012] = 0.0
    worth = np.maximum(tax, 0.3 * land_mu)
    value_added = worth**0.97 * lognormal(rng, 7.0, 0.38, size)
    value_added *= VALUE_ADDED_PER_MU * land_mu.sum() / value_added.sum()
    revenue = value_added / np.clip(rng.normal(0.25, 0.045, size), 0.13, 0.42)
    employees = np.maximum(np.round(value_added / lognormal(rng, 19.0, 0.36, size)), 3.0)
    employees *= value_added.sum() / 20.3 / employees.sum()
    energy = value_added / lognormal(rng, 4.0, 0.75, size)
    emission = value_added / lognormal(rng, 7600.0, 0.9, size)
    rd = revenue * lognormal(rng, 0.022, 0.6, size)
    return Economy(tax, value_added, revenue, np.maximum(np.round(employees), 3.0), energy, emission, rd)


def _return(
    year: int, index: int, firm: Firm, base: Economy, level: float, rng: np.random.Generator
) -> AnnualReturn:
    """Large firms report nearly everything, small ones little more than tax and turnover."""
    large = firm.above_scale

    def known(value: float, missing_large: float, missing_small: float, digits: int) -> float | None:
        missing = rng.random() < (missing_large if large else missing_small)
        return None if missing else round(float(value) * level, digits)

    employees = known(base.employees[index], 0.005, 0.05, 0)
    return AnnualReturn(
        year=year,
        firm=index,
        tax_wan=known(base.tax[index], 0.0, 0.01, 2),
        value_added_wan=known(base.value_added[index], 0.004, 0.18, 2),
        revenue_wan=known(base.revenue[index], 0.0, 0.02, 2),
        employees=None if employees is None else max(int(employees), 1),
        energy_tce=known(base.energy[index], 0.02, 0.30, 2),
        emission_t=known(base.emission[index], 0.22, 0.60, 4),
        rd_wan=known(base.rd[index] * 1.16, 0.05, 0.85, 2),
    )
