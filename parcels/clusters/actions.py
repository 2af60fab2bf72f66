"""Finding clusters and deciding on them: proposals are written anew by each finding, decisions stay.

Refuses a parcel in two clusters, a decision on a cluster that has ended, the end of one that carries a project, and a
change without its reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction

from landgis.access.queries import Actor
from landgis.access.rules import COMPUTE, MANAGE_CAMPAIGNS, VIEW_FIRM_FIGURES
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.lib.errors import Conflict, InputError, NotFound
from layers.geometry.area import ellipsoidal_area_m2
from layers.geometry.transform import CGCS2000, WEB_MERCATOR, transform_geometries
from parcels.cadastre.numbering import county_held
from parcels.clusters import queries
from parcels.clusters.grouping import Cluster as FoundCluster
from parcels.clusters.models import Cluster
from parcels.clusters.queries import Found
from parcels.clusters.rows import stored_figures, write_proposals
from parcels.clusters.rules import RULE_VERSION, WAYS

BOUNDARY_TOLERANCE_M2 = 1.0  # a parcel: a line drawn along its edge meets it to the centimetre only


@dataclass(frozen=True, slots=True)
class Finding:
    """What a finding says (product.md's keys and more), and the rows it wrote."""

    document: dict[str, Any]
    written: int = 0


def find_clusters(
    *,
    county: County,
    actor: Actor,
    year: int,
    on: date,
    reason: str,
    tolerance_m: float | None = None,
    min_mu: float | None = None,
    tax_per_mu_below: float | None = None,
    commit: bool = False,
) -> Finding:
    """Find the clusters of a day; with `commit` they take the place of the proposals on record.

    Parcels of a confirmed cluster stay in it and aren't proposed again.
    """
    actor.require_whole_county(COMPUTE)
    limits = queries.stated_limits(
        county, actor, on, tolerance_m=tolerance_m, min_mu=min_mu, tax_per_mu_below=tax_per_mu_below
    )
    if limits.tolerance_m < 0 or limits.min_mu < 0:
        raise InputError("limit_negative", "间距和起算面积不能是负数。", "请填写零或者正数。")
    if not commit:
        found = queries.found_clusters(
            county, actor, year=year, on=on, limits=limits, taken=queries.confirmed_codes(county)
        )
        return Finding(_document(county, found, actor))
    with county_held(county.code), transaction.atomic():
        found = queries.found_clusters(
            county, actor, year=year, on=on, limits=limits, taken=queries.confirmed_codes(county)
        )
        document = _document(county, found, actor)
        with change(
            county_code=county.code,
            by=actor.username,
            action="find_clusters",
            reason=reason,
            on=str(on),
            year=year,
        ) as running:
            proposals = Cluster.objects.filter(county=county, valid_to=None, confirmed_on=None)
            proposals.only("pk").delete()  # each is looked up for what refers to it: without its shapes
            written = write_proposals(county, found)
            running.summary.update(clusters=written, parcels=found.parcels, run=found.run.pk)
    return Finding(document, written)


def confirm_cluster(
    *, county: County, actor: Actor, cluster_id: int, way: str, on: date, reason: str
) -> Cluster:
    """The officer's decision: this cluster, by this way."""
    require_way(way)
    with _decided(county, actor, cluster_id, "confirm_cluster", reason) as cluster:
        if cluster.confirmed_on is not None:
            raise Conflict(
                f"连片 {cluster.cluster_no} 已于 {cluster.confirmed_on} 确认。", remedy="请刷新页面查看。"
            )
        cluster.way, cluster.confirmed_on, cluster.confirmed_by = way, on, actor.username
        cluster.save()
    return cluster


def dismiss_cluster(*, county: County, actor: Actor, cluster_id: int, on: date, reason: str) -> Cluster:
    """End a cluster, proposed or confirmed; its parcels may be proposed again. First any project on it must end."""
    with _decided(county, actor, cluster_id, "dismiss_cluster", reason) as cluster:
        # The relation is the ledgers' own: they stand above this room and hold the key to the cluster.
        running = cluster.projects.filter(valid_to=None).order_by("project_no")
        told = "、".join(f"{number}{name}" for number, name in running.values_list("project_no", "name"))
        if told:
            raise Conflict(
                f"连片 {cluster.cluster_no} 已立项，不能撤销：{told}。",
                remedy="请先在台账中终止该项目，再撤销连片。",
            )
        cluster.valid_to = max(on, cluster.valid_from)
        cluster.save()
    return cluster


def adjust_cluster(
    *,
    county: County,
    actor: Actor,
    cluster_id: int,
    parcel_codes: Iterable[str],
    boundary_4490: shapely.Geometry | None,
    on: date,
    reason: str,
) -> Cluster:
    """Give the cluster other parcels, or a drawn boundary; every figure is worked out anew."""
    codes = sorted({code.strip() for code in parcel_codes if code.strip()})
    if not codes:
        raise InputError(
            "cluster_empty",
            "连片至少要有一宗地。",
            "请保留或者加入宗地；不需要的连片请撤销。",
            field="parcel_codes",
        )
    with _decided(county, actor, cluster_id, "adjust_cluster", reason) as cluster:
        elsewhere = queries.in_other_clusters(county, codes, but=cluster.pk)
        if elsewhere:
            told = "、".join(f"{code}（{number}）" for code, number in elsewhere[:5])
            raise Conflict(
                f"{len(elsewhere)} 宗地已在其他连片中：{told}。", remedy="请先从该连片移出，再加入本连片。"
            )
        found = queries.measured(county, cluster, codes, on)
        require_known(codes, found)
        filled(cluster, found)
        if boundary_4490 is not None:
            cluster.hull_4490, cluster.hull_m2 = _boundary(boundary_4490, found)
            cluster.boundary_drawn = True
        cluster.save()
    return cluster


def require_way(way: str) -> None:
    if way not in WAYS:
        raise InputError(
            "way_unknown", f"没有“{way}”这种盘活方式。", f"请从{'、'.join(WAYS)}中选择。", field="way"
        )


def require_known(codes: Iterable[str], found: FoundCluster) -> None:
    """Every code is a parcel in force."""
    unknown = sorted(set(codes) - set(found.codes))
    if unknown:
        raise InputError(
            "parcel_unknown",
            f"没有现行宗地 {'、'.join(unknown[:5])}。",
            "请核对宗地代码。",
            field="parcel_codes",
        )


def filled(row: Cluster, found: FoundCluster) -> None:
    """Give a cluster the parcels and the figures that were found."""
    ground = np.array([found.ground_4490], dtype=object)
    row.geom_4490 = _geos(ground[0], CGCS2000)
    row.geom_3857 = _geos(transform_geometries(ground, CGCS2000, WEB_MERCATOR)[0], WEB_MERCATOR)
    row.hull_4490 = _geos(found.hull_4490, CGCS2000, parts=False)
    for name, value in stored_figures(found).items():
        setattr(row, name, value)


def _boundary(drawn_4490: shapely.Geometry, found: FoundCluster) -> tuple[Any, float]:
    """A boundary that the officer drew: one polygon that holds every parcel's ground."""
    if drawn_4490.geom_type != "Polygon" or not drawn_4490.is_valid or drawn_4490.is_empty:
        raise InputError(
            "boundary_unsound", "范围线必须是一个有效的面。", "请重新绘制，避免自相交。", field="boundary"
        )
    area_m2 = float(ellipsoidal_area_m2(np.array([drawn_4490], dtype=object))[0])
    inside = shapely.intersection(drawn_4490, found.ground_4490)
    left_m2 = found.ground_m2 - float(ellipsoidal_area_m2(np.array([inside], dtype=object))[0])
    if left_m2 > BOUNDARY_TOLERANCE_M2 * len(found.codes):
        raise InputError(
            "boundary_too_small", f"范围线没有包住全部宗地，线外还有 {left_m2:,.2f} 平方米。",
            "请扩大范围线，或者移出线外的宗地。", field="boundary",
        )  # fmt: skip
    return _geos(drawn_4490, CGCS2000, parts=False), area_m2


@contextmanager
def _decided(county: County, actor: Actor, cluster_id: int, action: str, reason: str) -> Iterator[Cluster]:
    """A cluster in force, locked, inside the change that decides on it."""
    actor.require_whole_county(MANAGE_CAMPAIGNS)
    with change(county_code=county.code, by=actor.username, action=action, reason=reason, cluster=cluster_id):
        cluster = Cluster.objects.select_for_update().filter(county=county, pk=cluster_id).first()
        if cluster is None:
            raise NotFound("没有这个连片。", remedy="它可能已被新的查找结果取代，请返回列表刷新。")
        if cluster.valid_to is not None:
            raise Conflict(f"连片 {cluster.cluster_no} 已撤销。", remedy="请返回列表查看现行连片。")
        yield cluster


def _geos(shape: shapely.Geometry, srid: int, *, parts: bool = True) -> Any:
    """For a column of multipolygons, or with `parts` false of polygons."""
    whole = shapely.MultiPolygon([shape]) if parts and shape.geom_type != "MultiPolygon" else shape
    return GEOSGeometry(memoryview(whole.wkb), srid=srid)


def _document(county: County, found: Found, actor: Actor) -> dict[str, Any]:
    names = queries.town_names(county)
    figures = actor.may(VIEW_FIRM_FIGURES)
    return {
        "on": found.on.isoformat(),
        "year": found.run.year,
        "run": found.run.pk,
        "rule_version": RULE_VERSION,
        **found.limits.as_json(),
        "inefficient_parcels": found.parcels,
        "clusters": [
            {"parcels": list(one.codes), **queries.figures_of(one, names, cleared=figures)}
            for one in found.clusters
        ],
    }
