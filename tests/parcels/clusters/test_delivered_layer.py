"""Clusters of a whole delivered layer against distances in the delivered file's own coordinates.

It refuses to share a step with what it checks: no database, no projection, no grid; only pairs and who reaches whom.
"""

from collections import defaultdict
from datetime import date

import numpy as np
import pytest
import shapely

from landgis.access.queries import command_actor
from landgis.counties.models import County
from parcels.clusters.queries import county_limits, found_clusters
from parcels.exchange.parcel_import import import_parcels
from tests import factories_parcels
from tests.demo.delivery import FOLDER, layer

ON = date(2026, 11, 22)
SURE_M = 0.01  # metres: no pair of the layer is so near to a tolerance that rounding could decide

pytestmark = pytest.mark.django_db


def by_reach(codes: list[str], shapes: np.ndarray, gap_m: float) -> set[frozenset[str]]:
    """Every pair within the gap in the survey's plane, then union-find."""
    leader = list(range(len(codes)))

    def lead(n: int) -> int:
        while leader[n] != n:
            leader[n] = leader[leader[n]]
            n = leader[n]
        return n

    one, other = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=gap_m)
    for a, b in zip(one.tolist(), other.tolist(), strict=True):
        leader[lead(a)] = lead(b)
    groups: dict[int, set[str]] = defaultdict(set)
    for n, code in enumerate(codes):
        groups[lead(n)].add(code)
    return {frozenset(group) for group in groups.values()}


def test_clusters_of_the_delivered_parcels_are_those_of_all_pairs(yiwu: County) -> None:
    actor = command_actor("system", yiwu)
    import_parcels(
        county=yiwu, actor=actor, file=FOLDER / "parcels.shp", on=ON, commit=True, reason="整县入库"
    )
    shapes, table = layer("parcels")
    codes = [str(code) for code in table["宗地代码"]]
    rng = np.random.default_rng(20251231)
    low = rng.random(len(codes)) < 0.6  # gaps between the inefficient, as in a real county
    for judged in (np.ones(len(codes), dtype=bool), low):
        taxes = {code: 1.0 if is_low else 50.0 for code, is_low in zip(codes, judged, strict=True)}
        factories_parcels.taxes(yiwu, 2025, dict(taxes))
        there, names = shapes[judged], [code for code in codes if taxes[code] == 1.0]
        for gap_m in (10.0, 30.0):
            limits = county_limits(yiwu, ON).with_stated(tolerance_m=gap_m, min_mu=0, tax_per_mu_below=5)
            found = found_clusters(yiwu, actor, year=2025, on=ON, limits=limits)
            expected = by_reach(names, there, gap_m)
            assert by_reach(names, there, gap_m - SURE_M) == by_reach(names, there, gap_m + SURE_M)
            assert found.parcels == len(names)
            assert {frozenset(one.codes) for one in found.clusters} == expected
            assert 1 < len(expected) < len(names)
