"""What was found as rows: a finding's proposals are written at once, by COPY.

Refuses to touch a cluster on record: whoever writes proposals has taken the former ones away first.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from landgis.counties.models import County
from landgis.lib.copying import copy_rows
from layers.geometry.encoded import ewkb
from layers.geometry.parallel import in_slices
from layers.geometry.transform import CGCS2000, WEB_MERCATOR, Geometries, transform_geometries
from parcels.clusters.grouping import Cluster as FoundCluster
from parcels.clusters.models import Cluster
from parcels.clusters.queries import Found, last_number
from parcels.clusters.rules import RULE_VERSION

_UNIONS = 256  # clusters at a time


def stored_figures(found: FoundCluster) -> dict[str, Any]:
    """The parcels and figures of a cluster, by the model's names; its shapes aren't among them."""
    return {
        "parcel_codes": list(found.codes),
        "town_codes": list(found.town_codes),
        "town_code": found.main_town,
        "boundary_drawn": False,
        "net_m2": found.net_m2,
        "ground_m2": found.ground_m2,
        "hull_m2": found.hull_m2,
        "holders": found.holders,
        "tax_per_mu": found.tax_per_mu,
        "line_share": found.line_share,
        "suggested_way": found.suggested_way,
    }


def write_proposals(county: County, found: Found) -> int:
    """Write the clusters under new numbers, in their order; returns how many."""
    count = len(found.clusters)
    if not count:
        return 0
    ground = _ground(found.clusters)
    figures = [stored_figures(one) for one in found.clusters]
    first = last_number(county, found.on.year) + 1
    same = {
        "county_id": county.code,
        "run_id": found.run.pk,
        "limits": json.dumps(found.limits.as_json()),
        "rule_version": RULE_VERSION,
        "valid_from": found.on,
        "source": f"{found.run.year} 年亩均指标第 {found.run.pk} 次计算",
        "way": "",
        "confirmed_by": "",
    }
    columns: dict[str, Any] = {
        **{name: [value] * count for name, value in same.items()},
        **{name: [one[name] for one in figures] for name in figures[0]},
        "cluster_no": [f"〔{found.on.year}〕连片{n:03}号" for n in range(first, first + count)],
        "geom_4490": ewkb(ground, CGCS2000),
        "geom_3857": ewkb(transform_geometries(ground, CGCS2000, WEB_MERCATOR), WEB_MERCATOR),
        "hull_4490": ewkb(np.array([one.hull_4490 for one in found.clusters], dtype=object), CGCS2000),
    }
    return copy_rows(Cluster._meta.db_table, columns)


def _ground(clusters: list[FoundCluster]) -> Geometries:
    """The parcels of each cluster as one multipolygon."""

    def united(some: list[FoundCluster]) -> NDArray[np.object_]:
        return np.array([one.ground_4490 for one in some], dtype=object)

    parts, of = shapely.get_parts(
        np.concatenate(in_slices(united, [clusters], size=_UNIONS)), return_index=True
    )
    whole: Geometries = shapely.multipolygons(parts, indices=of)
    return whole
