"""The firms of a year one by one, with what each returned, its land as land_use settles it, and whom it is evaluated with.

Refuses to measure land itself: the indicators and the grades take the same rows of `land_of_year`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landgis.counties.models import County
from landgis.lib.columns import read_columns
from landgis.lib.distinct import distinct
from parcels.evaluation.apportion import Uses, as_groups
from parcels.evaluation.queries import RETURN_TYPES, RETURNS
from parcels.evaluation.rules import RETURNED
from parcels.land_use.land import Head, land_of_year


@dataclass(frozen=True, slots=True)
class Land:
    """Firms and parcels are positions in their arrays; members of a group stand apart, `heads` says whose they are."""

    firm_id: NDArray[np.int64]
    returned: NDArray[np.bool_]
    figures: NDArray[np.float64]  # firm × RETURNED, NaN = not returned
    parcel_id: NDArray[np.int64]
    parcel_code: tuple[str, ...]
    uses: Uses
    heads: Mapping[int, Head]


def land_of_firms(county: County, year: int) -> Land:
    """Everybody who returned something, uses land or lets it, and the heads of their groups (a few statements)."""
    returns = read_columns(RETURNS, {"county": county.code, "year": year, "firms": None}, RETURN_TYPES)
    land = land_of_year(county, year)
    heads = land.heads
    known = distinct(np.concatenate([returns["id"], land.enterprise_id]))
    leading = [heads[n].id for n in known.tolist() if n in heads]
    firm_id = distinct(np.concatenate([known, np.array(leading, dtype=np.int64)]))
    found = as_groups(
        np.column_stack([returns[name] for name in RETURNED]),
        np.ones(len(returns["id"]), dtype=bool),
        np.searchsorted(firm_id, returns["id"]),
        len(firm_id),
    )
    parcel_id, first, of_parcel = np.unique(land.parcel_id, return_index=True, return_inverse=True)
    uses = Uses(of_parcel.astype(np.intp), np.searchsorted(firm_id, land.enterprise_id), land.net_m2)
    codes = tuple(land.parcel_code[first].tolist())
    return Land(firm_id, found.returned, found.figures, parcel_id, codes, uses, heads)
