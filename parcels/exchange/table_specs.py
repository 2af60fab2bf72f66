"""The tables that officers deliver, by the name that the import command calls them.

Refuses a name that no table has: the caller tells which there are.
"""

from __future__ import annotations

from parcels.exchange.columns import TableSpec
from parcels.exchange.fact_tables import FACT_TABLES
from parcels.exchange.firm_tables import (
    ANNUAL_RETURNS,
    AUTHORITY_RETURNS,
    ENERGY_MONTHLY,
    ENTERPRISES,
    EVALUATION_FACTS,
    FIRM_YEARS,
    OCCUPANCY,
)
from parcels.exchange.supply_tables import PROGRESS, SUPPLY_CONTRACTS

TABLES: dict[str, TableSpec] = {
    spec.name: spec
    for spec in (
        ENTERPRISES,
        OCCUPANCY,
        ANNUAL_RETURNS,
        AUTHORITY_RETURNS,
        ENERGY_MONTHLY,
        EVALUATION_FACTS,
        FIRM_YEARS,
        SUPPLY_CONTRACTS,
        PROGRESS,
        *FACT_TABLES.values(),
    )
}

# What the page of tables takes. An authority's returns have a page of their own, which asks whose they are and of when.
ON_PAGE: tuple[TableSpec, ...] = tuple(spec for spec in TABLES.values() if spec is not AUTHORITY_RETURNS)
