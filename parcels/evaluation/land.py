"""The land that each firm uses on a year's last day, net of what its tenants are evaluated on, without any overlay.

Refuses to measure anew what `inputs` measures: the same occupancies, the same parcels, the same net areas.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landgis.counties.models import County
from landgis.lib.columns import read_columns, read_rows
from layers.geometry.equal_area import equal_area_from_wkb
from parcels.cadastre.as_of import KNOWN_ON, REGISTER
from parcels.evaluation.apportion import Uses, net_of_leases
from parcels.evaluation.queries import (
    OCCUPANCIES,
    OCCUPANCY_TYPES,
    OCCUPIED_SHAPES,
    RETURN_TYPES,
    RETURNS,
    firms_of_returns,
    limits,
    uses_of,
)
from parcels.evaluation.rules import last_day

# Only parcels in use, and of those only the shapes on which a use was drawn.
USED = f"""
SELECT p.id, coalesce(p.registered_area_m2::float8, p.planar_area_m2), p.code,
       CASE WHEN p.id = ANY(%(drawn)s) THEN ST_AsBinary(p.geom_4490) END
  FROM {REGISTER} p
 WHERE p.county_id = %(county)s AND {KNOWN_ON} AND p.id = ANY(%(parcels)s)
 ORDER BY p.id
"""


@dataclass(frozen=True, slots=True)
class Land:
    """Firms and parcels are positions in their arrays; `net_m2` stands beside each use."""

    firm_id: NDArray[np.int64]
    returned: NDArray[np.bool_]
    figures: NDArray[np.float64]  # firm × RETURNED, NaN = not returned
    parcel_id: NDArray[np.int64]
    parcel_code: tuple[str, ...]
    uses: Uses
    net_m2: NDArray[np.float64]


def land_of_firms(county: County, year: int) -> Land:
    """Read the returns of a year and who uses which land on its last day (four statements)."""
    on = last_day(year)
    wanted = {"county": county.code, "on": on, "year": year}
    occupied = read_columns(OCCUPANCIES, wanted, OCCUPANCY_TYPES)
    shapes = read_rows(OCCUPIED_SHAPES, wanted)
    returns = read_columns(RETURNS, wanted, RETURN_TYPES)
    firm_id, figures, returned = firms_of_returns(returns, occupied)
    drawn = {number for number, _ in shapes}
    on_shapes = occupied["parcel"][np.isin(occupied["id"], list(drawn))]
    parcels = read_rows(
        USED, wanted | {"parcels": sorted(set(occupied["parcel"].tolist())), "drawn": on_shapes.tolist()}
    )
    parcel_id = np.array([row[0] for row in parcels], dtype=np.int64)
    parcel_m2 = np.array([row[1] for row in parcels], dtype=np.float64)
    latitude = (county.bbox_4490[1] + county.bbox_4490[3]) / 2
    geoms = np.full(len(parcels), None, dtype=object)
    with_shape = [n for n, row in enumerate(parcels) if row[3] is not None]
    if with_shape:
        geoms[with_shape] = equal_area_from_wkb([parcels[n][3] for n in with_shape], latitude=latitude)
    uses, _ = uses_of(occupied, shapes, {"id": parcel_id, "m2": parcel_m2}, geoms, firm_id, latitude)
    whole = parcel_m2 - limits(county, on).tolerance(parcel_m2)
    net = net_of_leases(uses, whole, returned)
    codes = tuple(row[2] for row in parcels)
    return Land(firm_id, returned, figures, parcel_id, codes, uses, net)
