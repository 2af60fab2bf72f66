"""The inefficient parcels of a county, and which of them lie together: the database ties, arrays add up.

Refuses a figure without its year: the parcels are judged by the newest indicator run of the year that is named.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from typing import Any

import numpy as np
import shapely
from django.contrib.gis.db.models.functions import AsWKB
from django.db import connection, transaction

from landgis.access.queries import Actor, territory_sql
from landgis.counties.models import County
from landgis.counties.queries import parameters
from landgis.lib.columns import FLOAT, LONG, TEXT, read_columns, read_packed
from landgis.lib.errors import NotFound
from landgis.lib.snapshots import seeing, shared_snapshot
from layers.control_lines.queries import control_lines
from layers.districts.models import District
from layers.districts.queries import districts
from layers.geometry.decoded import shapes_from_wkb
from layers.geometry.equal_area import equal_area, equal_area_xy
from layers.geometry.shares import shares
from parcels.cadastre.as_of import register_on
from parcels.cadastre.models import Parcel
from parcels.clusters.grouping import Cluster, Floats, Inefficient, Longs, grouped
from parcels.clusters.models import Cluster as StoredCluster
from parcels.clusters.rules import Limits, limits_from
from parcels.evaluation.models import IndicatorRun
from parcels.evaluation.queries import newest_run
from parcels.evaluation.rules import last_day

# A parcel all of whose firms are of one scale is measured by that scale's threshold.
SCALE = """
  LEFT JOIN (SELECT o.parcel_id, bool_and(e.above_scale IS TRUE) AS above, bool_and(e.above_scale IS FALSE) AS below
               FROM enterprises_occupancy o JOIN enterprises_enterprise e ON e.id = o.enterprise_id
              WHERE o.county_id = %(territory_county)s AND o.valid_from <= %(used_on)s
                AND (o.valid_to IS NULL OR o.valid_to > %(used_on)s)
              GROUP BY o.parcel_id) scale ON scale.parcel_id = p.id"""
BY_SCALE = """CASE WHEN scale.above THEN coalesce(%(above)s, %(general)s)
                   WHEN scale.below THEN coalesce(%(below)s, %(general)s) ELSE %(general)s END"""
LOW = """
  FROM evaluation_value v JOIN {register} p ON p.county_id = %(territory_county)s AND p.code = v.subject_code{scale}
 WHERE v.run_id = %(run)s AND v.scope = 'parcel' AND {in_force} AND {territory}
   AND (p.land_class_code = '' OR p.land_class_code = ANY(%(classes)s)) AND v.tax_per_mu < {threshold}
   AND NOT p.code = ANY(%(taken)s)
 ORDER BY p.id"""
# A parcel of one part is sent and tied as the polygon that it is: quicker to read and to measure.
SHAPE = "CASE WHEN ST_NumGeometries(p.geom_4490) = 1 THEN ST_GeometryN(p.geom_4490, 1) ELSE p.geom_4490 END"
READ = f"""SELECT p.id, coalesce(p.registered_area_m2::float8, p.planar_area_m2),
       coalesce(v.tax_per_mu_numerator, 0), coalesce(v.tax_per_mu_denominator, 0), p.code, p.town_code, ST_AsBinary({SHAPE})"""
READ_AS = {"id": LONG, "area": FLOAT, "tax": FLOAT, "mu": FLOAT, "code": TEXT, "town": TEXT}
# `eps` is in the metres of the county's survey; a gap of just that much still ties.
TIES = f"""SELECT p.id, ST_ClusterDBSCAN(ST_Transform({SHAPE}, %(srid)s), eps := %(gap_m)s, minpoints := 1) OVER ()::bigint"""
# The parcels of an adjusted cluster: those named, with the tax of the run that the cluster was found by.
NAMED = """
  FROM cadastre_parcel p LEFT JOIN evaluation_value v ON v.run_id = %(run)s AND v.scope = 'parcel' AND v.subject_code = p.code
 WHERE p.county_id = %(territory_county)s AND p.valid_to IS NULL AND p.code = ANY(%(codes)s)
 ORDER BY p.id"""
LAST_NUMBER = """
SELECT coalesce(max(substring(cluster_no FROM '(\\d+)号$')::int), 0)
  FROM (SELECT cluster_no FROM clusters_cluster WHERE county_id = %(county)s
         UNION ALL SELECT cluster_no FROM clusters_cluster_history WHERE county_id = %(county)s) given
 WHERE cluster_no LIKE %(like)s"""
HOLDINGS = """SELECT g.parcel_id, g.holder_id FROM cadastre_holding g JOIN cadastre_holder h ON h.id = g.holder_id
 WHERE h.county_id = %(territory_county)s AND g.valid_from <= %(on)s AND (g.valid_to IS NULL OR g.valid_to > %(on)s)"""


@dataclass(frozen=True, slots=True)
class Found:
    """The clusters of a day, by the run that judged the parcels, and how many parcels were judged inefficient."""

    on: date
    run: IndicatorRun
    limits: Limits
    parcels: int
    clusters: list[Cluster]


def county_limits(county: County, on: date) -> Limits:
    return limits_from(parameters(county, on))


def judged_by(county: County, year: int) -> IndicatorRun:
    """The newest indicator run of the year; raises NotFound with the remedy."""
    run = newest_run(county.code, year)
    if run is None:
        raise NotFound(
            f"{county.name}还没有 {year} 年的亩均指标，无法判断低效宗地。",
            remedy=f"请先运行 compute_indicators --year {year} --commit。",
        )
    return run


def found_clusters(
    county: County, actor: Actor, *, year: int, on: date, limits: Limits, taken: frozenset[str] = frozenset()
) -> Found:
    """The clusters of inefficient parcels on a day; parcels under the codes of `taken` are left out.

    The database ties the parcels on one connection while their shapes are read and measured from another; both see the
    same moment.
    """
    run = judged_by(county, year)
    register, in_force, values = register_on(on)
    territory, towns = territory_sql(actor, alias="p")
    low = LOW.format(
        register=register,
        in_force=in_force,
        territory=territory,
        scale=SCALE if limits.by_scale else "",
        threshold=BY_SCALE if limits.by_scale else "%(general)s",
    )
    asked: dict[str, Any] = {
        **values, **towns, "run": run.pk, "on": on, "used_on": last_day(year), "general": limits.tax_per_mu_below,
        "above": limits.above_scale_below, "below": limits.below_scale_below, "taken": sorted(taken),
        "classes": list(limits.industrial_classes), "srid": county.survey_crs, "gap_m": limits.tolerance_m,
    }  # fmt: skip

    def tied() -> tuple[Longs, tuple[Longs, Longs]]:
        ties = read_columns(TIES + low, asked, {"id": LONG, "cluster": LONG})
        held = read_columns(HOLDINGS, asked, {"parcel": LONG, "holder": LONG})
        return ties["cluster"], (held["parcel"], held["holder"])

    latitude = (county.bbox_4490[1] + county.bbox_4490[3]) / 2
    if connection.in_atomic_block:
        labels, holdings = tied()
        parcels = _inefficient(county, low, asked, limits, latitude)
    else:
        with transaction.atomic(), ThreadPoolExecutor(1) as beside:
            snapshot = shared_snapshot()

            def ahead() -> tuple[Longs, tuple[Longs, Longs]]:
                with seeing(snapshot):
                    return tied()

            coming = beside.submit(ahead)
            parcels = _inefficient(county, low, asked, limits, latitude)
            labels, holdings = coming.result()
    return Found(
        on, run, limits, len(parcels.id), grouped(parcels, labels, holdings, limits, latitude=latitude)
    )


def measured(county: County, cluster: StoredCluster, codes: Sequence[str], on: date) -> Cluster:
    """The parcels of these codes in force on a day as one cluster, whatever their tax, with the figures of its run."""
    limits = replace(county_limits(county, on), min_mu=0.0)
    asked: dict[str, Any] = {
        "territory_county": county.code,
        "run": cluster.run_id,
        "on": on,
        "codes": list(codes),
    }
    latitude = (county.bbox_4490[1] + county.bbox_4490[3]) / 2
    parcels = _inefficient(county, NAMED, asked, limits, latitude)
    if not len(parcels.id):
        raise NotFound("这些宗地代码都不在现行登记中。", remedy="请核对宗地代码。")
    held = read_columns(HOLDINGS, asked, {"parcel": LONG, "holder": LONG})
    labels = np.zeros(len(parcels.id), dtype=np.int64)
    (made,) = grouped(parcels, labels, (held["parcel"], held["holder"]), limits, latitude=latitude)
    return made


def confirmed_codes(county: County) -> frozenset[str]:
    """The parcels that confirmed clusters hold."""
    held = StoredCluster.objects.filter(county=county, valid_to=None, confirmed_on__isnull=False)
    return frozenset(chain.from_iterable(held.values_list("parcel_codes", flat=True)))


def in_other_clusters(county: County, codes: Sequence[str], *, but: int) -> list[tuple[str, str]]:
    """Which of these parcels another cluster in force holds: (code, the cluster's number)."""
    others = StoredCluster.objects.filter(county=county, valid_to=None, parcel_codes__overlap=list(codes))
    wanted = set(codes)
    rows = others.exclude(pk=but).order_by("cluster_no").values_list("cluster_no", "parcel_codes")
    return [(code, number) for number, held in rows for code in held if code in wanted]


def last_number(county: County, year: int) -> int:
    """The highest number given in the year, also to clusters that are gone."""
    with connection.cursor() as cursor:
        cursor.execute(LAST_NUMBER, {"county": county.code, "like": f"〔{year}〕连片%号"})
        return int(cursor.fetchone()[0])


def outlines(cluster: StoredCluster, most: int) -> list[tuple[str, shapely.Geometry]]:
    """The parcels of a cluster to be drawn, the largest `most` of them."""
    rows = Parcel.objects.filter(county_id=cluster.county_id, code__in=cluster.parcel_codes)
    largest = rows.order_by("-planar_area_m2")[:most].annotate(wkb=AsWKB("geom_4490"))
    return [(code, shapely.from_wkb(bytes(wkb))) for code, wkb in largest.values_list("code", "wkb")]


def town_outline(cluster: StoredCluster) -> shapely.Geometry | None:
    towns = districts(cluster.county, District.TOWN, cluster.valid_from)
    return next(
        (g for code, g in zip(towns.codes, towns.geoms_4490, strict=True) if code == cluster.town_code), None
    )


def town_names(county: County) -> dict[str, str]:
    return dict(county.towns.values_list("code", "name"))


def _inefficient(
    county: County, low: str, asked: dict[str, Any], limits: Limits, latitude: float
) -> Inefficient:
    read, shapes = read_packed(READ + low, asked, READ_AS, ["shape"])
    shape = shapes["shape"]
    geom_4490, plane = shapes_from_wkb(
        shape.data, shape.lengths, None, lambda lonlat: equal_area_xy(lonlat, latitude=latitude)
    )
    return Inefficient(
        id=read["id"],
        code=read["code"],
        town_code=read["town"],
        geom_4490=geom_4490,
        area_m2=read["area"],
        ground_m2=np.asarray(shapely.area(plane)),
        tax_wan=read["tax"],
        taxed_mu=read["mu"],
        line_m2=_inside(county, asked["on"], plane, limits, latitude),
    )


def _inside(county: County, on: date, plane: Any, limits: Limits, latitude: float) -> Floats | None:
    """The ground of each parcel inside the control line in ㎡; None where the county has no line."""
    lines = control_lines(county, on)
    if not len(lines):
        return None
    common = shares(
        plane,
        equal_area(lines.geoms_4490, latitude=latitude),
        sliver_m2=limits.sliver_m2,
        sliver_ratio=limits.sliver_ratio,
    )
    return np.asarray(np.bincount(common.parcel, common.area_m2, len(plane)))
