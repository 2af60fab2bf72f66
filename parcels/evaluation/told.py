"""What a year's indicators tell everybody, as sums over the firms: what else is told of these figures is looked at beside it.

Refuses to say anything of a year that wasn't computed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

import numpy as np

from landgis.audit.kept import kept
from landgis.counties.models import County
from landgis.lib.disclosure import Sums
from parcels.enterprises.queries import uscc_of
from parcels.evaluation.models import IndicatorRun
from parcels.evaluation.queries import fewest_firms, inputs, newest_run
from parcels.evaluation.results import Results, results
from parcels.evaluation.rules import last_day
from parcels.evaluation.secrecy import masked, told_sums

# Of runs of before these were computed there is nothing to tell.
LATER: dict[str, list[Any]] = {"platforms": [], "industries": []}


@dataclass(frozen=True, slots=True)
class Told:
    """The run that tells, and for each figure its sums; `key` changes whenever they may."""

    key: tuple[int, int, str]
    sums: Mapping[str, Sums]


def results_of_year(county: County, year: int) -> Results:
    """A year's results as the data stand, remembered until they change; without the parcels' shapes, the heaviest of it."""
    return kept(
        "results_of_year", (county.code, year), lambda: _without_shapes(results(inputs(county, year)))
    )


def told_of_year(county: County, year: int) -> Told | None:
    """The sums of the newest run by the land of firms; None where the year's indicators weren't computed."""
    run = newest_run(county.code, year)
    if run is None:
        return None
    return _told(county, run.pk, run.computed_at, fewest_firms(county, last_day(year)))


def _without_shapes(made: Results) -> Results:
    return replace(made, inputs=replace(made.inputs, parcel_geoms=np.empty(0, object)))


# The run doesn't change, and the land when it is first asked about is nearer to what it was computed with than any later one.
@lru_cache(maxsize=3)
def _told(county: County, run_id: int, computed_at: datetime, fewest: int) -> Told:
    run = IndicatorRun.objects.get(pk=run_id, computed_at=computed_at)
    made = results_of_year(county, run.year)
    found = made.inputs
    codes = uscc_of(found.firm_id.tolist())
    names = tuple(codes.get(n, "") for n in found.firm_id.tolist())
    document = LATER | {"outside_platforms": run.summary["county"]} | run.summary
    told = told_sums(made, found.uses.net_m2, masked(document, fewest), names)
    return Told((run.pk, fewest, found.sha256), told)
