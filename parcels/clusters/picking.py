"""A cluster as the officer picks it on the map: found with the tolerances of the moment, its parcels chosen, then confirmed.

Refuses parcels that a confirmed cluster holds. A proposal whose parcels are picked becomes the cluster and keeps its
number; others that lose parcels to it end, since what they proposed is no longer to be had.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely
from django.db import transaction

from landgis.access.queries import Actor
from landgis.access.rules import MANAGE_CAMPAIGNS
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.lib.errors import Conflict, InputError
from layers.geometry.transform import CGCS2000, transform_geometries
from parcels.cadastre.numbering import county_held
from parcels.clusters import queries
from parcels.clusters.actions import filled, require_known, require_way
from parcels.clusters.grouping import Cluster as FoundCluster
from parcels.clusters.models import Cluster
from parcels.clusters.queries import Found
from parcels.clusters.rules import RULE_VERSION, reach_of

MOST_TOLD = 5


@dataclass(frozen=True, slots=True)
class Picked:
    """Picked parcels as one cluster, in how many pieces they lie, and which confirmed clusters hold some of them."""

    found: FoundCluster
    pieces: int
    elsewhere: list[tuple[str, str]]


def found_now(
    county: County,
    actor: Actor,
    *,
    year: int,
    on: date,
    tolerance_m: float | None,
    min_mu: float | None,
    tax_per_mu_below: float | None,
) -> Found:
    """The clusters with these limits; nothing is written."""
    actor.require_whole_county(MANAGE_CAMPAIGNS)
    limits = queries.stated_limits(
        county, actor, on, tolerance_m=tolerance_m, min_mu=min_mu, tax_per_mu_below=tax_per_mu_below
    )
    taken = queries.confirmed_codes(county)
    return queries.found_clusters(county, actor, year=year, on=on, limits=limits, taken=taken)


def picked(
    county: County, actor: Actor, *, codes: Iterable[str], year: int, on: date, tolerance_m: float | None
) -> Picked:
    """The figures of the parcels as one cluster; nothing is written."""
    actor.require_whole_county(MANAGE_CAMPAIGNS)
    wanted = _wanted(codes)
    run = queries.judged_by(county, year)
    found = queries.measured(county, Cluster(county=county, run=run), wanted, on)
    require_known(wanted, found)
    gap_m = queries.county_limits(county, on).tolerance_m if tolerance_m is None else tolerance_m
    confirmed = Cluster.objects.filter(
        county=county, valid_to=None, confirmed_on__isnull=False, parcel_codes__overlap=wanted
    )
    return Picked(found, _pieces(county, found, gap_m), _held(wanted, list(confirmed.order_by("cluster_no"))))


def form_cluster(
    *, county: County, actor: Actor, codes: Iterable[str], year: int, on: date, way: str, reason: str
) -> Cluster:
    """Confirm a cluster of just these parcels."""
    actor.require_whole_county(MANAGE_CAMPAIGNS)
    require_way(way)
    wanted = _wanted(codes)
    run = queries.judged_by(county, year)
    with county_held(county.code), transaction.atomic():
        overlapping = list(
            Cluster.objects.select_for_update().filter(
                county=county, valid_to=None, parcel_codes__overlap=wanted
            )
        )
        _require_free(wanted, [one for one in overlapping if one.confirmed_on is not None])
        proposals = sorted(overlapping, key=lambda one: (-len(set(one.parcel_codes) & set(wanted)), one.pk))
        with change(
            county_code=county.code, by=actor.username, action="form_cluster", reason=reason, on=str(on)
        ) as running:
            row = proposals[0] if proposals else _numbered(county, on)
            row.run, row.limits = run, queries.county_limits(county, on).as_json()
            row.rule_version = RULE_VERSION
            row.source = f"{run.year} 年亩均指标第 {run.pk} 次计算，在地图上选定"
            found = queries.measured(county, row, wanted, on)
            require_known(wanted, found)
            filled(row, found)
            row.way, row.confirmed_on, row.confirmed_by = way, on, actor.username
            row.save()
            for other in proposals[1:]:
                other.valid_to = max(on, other.valid_from)
                other.save()
            running.summary.update(
                cluster=row.pk, parcels=len(wanted), ended=[other.cluster_no for other in proposals[1:]]
            )
    return row


def _wanted(codes: Iterable[str]) -> list[str]:
    wanted = sorted({code.strip() for code in codes if code.strip()})
    if not wanted:
        raise InputError(
            "cluster_empty", "还没有选择宗地。", "请在地图上单击宗地，或填写宗地代码。", field="codes"
        )
    return wanted


def _require_free(wanted: Sequence[str], confirmed: Sequence[Cluster]) -> None:
    held = _held(wanted, confirmed)
    if held:
        told = "、".join(f"{code}（{number}）" for code, number in held[:MOST_TOLD])
        raise Conflict(
            f"{len(held)} 宗地已在已确认的连片中：{told}。", remedy="请去掉这些宗地，或先调整该连片。"
        )


def _held(wanted: Sequence[str], clusters: Sequence[Cluster]) -> list[tuple[str, str]]:
    among = set(wanted)
    return [(code, one.cluster_no) for one in clusters for code in one.parcel_codes if code in among]


def _numbered(county: County, on: date) -> Cluster:
    number = queries.last_number(county, on.year) + 1
    return Cluster(county=county, cluster_no=f"〔{on.year}〕连片{number:03}号", valid_from=on)


def _pieces(county: County, found: FoundCluster, gap_m: float) -> int:
    """How many pieces stay when ground that is no further apart than the tolerance counts as joined."""
    parts: Any = shapely.get_parts(found.ground_4490)
    plane = transform_geometries(parts, CGCS2000, county.survey_crs)
    label = np.arange(len(plane))
    one, other = shapely.STRtree(plane).query(plane, predicate="dwithin", distance=reach_of(gap_m))
    while True:
        lowest = label.copy()
        np.minimum.at(lowest, one, label[other])
        if (lowest == label).all():
            return len(np.unique(label))
        label = lowest
