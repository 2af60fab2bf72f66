"""The inefficient parcels of a county, and which of them lie together: the database judges, arrays tie and add up.

Refuses a figure without its year: the parcels are judged by the newest indicator run of the year that is named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from typing import Any

import numpy as np
import shapely
from django.contrib.gis.db.models.functions import AsWKB
from django.db import connection

from landgis.access.queries import Actor, territory_sql
from landgis.access.rules import VIEW_FIRM_FIGURES
from landgis.counties.models import County
from landgis.counties.queries import parameters
from landgis.lib.collector import collector_paused
from landgis.lib.columns import FLOAT, LONG, Columns, read_columns, read_packed
from landgis.lib.errors import Forbidden, NotFound
from landgis.lib.packed import Packed
from landgis.lib.snapshots import one_moment
from layers.control_lines.queries import control_lines
from layers.districts.models import District
from layers.districts.queries import districts
from layers.geometry.decoded import Vertices, vertices_from_wkb
from layers.geometry.equal_area import equal_area, equal_area_xy
from layers.geometry.shares import Laid, laid_on, shares_of
from layers.geometry.transform import Geometries
from layers.geometry.tying import Survey, tied
from parcels.cadastre.as_of import SHAPE_SENT, register_on
from parcels.cadastre.models import Parcel
from parcels.clusters.grouping import Cluster, Floats, Inefficient, Longs, grouped
from parcels.clusters.models import Cluster as StoredCluster
from parcels.clusters.rules import Limits, limits_from
from parcels.enterprises.years import firms_of_year
from parcels.evaluation.models import IndicatorRun
from parcels.evaluation.queries import newest_run
from parcels.evaluation.rules import last_day

# A parcel all of whose firms were of one scale in the year is measured by that scale's threshold.
SCALE = f"""
  LEFT JOIN (SELECT o.parcel_id, bool_and(e.above_scale IS TRUE) AS above, bool_and(e.above_scale IS FALSE) AS below
               FROM enterprises_occupancy o JOIN {firms_of_year("%(used_year)s")} e ON e.id = o.enterprise_id
              WHERE o.county_id = %(territory_county)s AND o.valid_from <= %(used_on)s
                AND (o.valid_to IS NULL OR o.valid_to > %(used_on)s)
              GROUP BY o.parcel_id) scale ON scale.parcel_id = p.id"""
BY_SCALE = """CASE WHEN scale.above THEN coalesce(%(above)s, %(general)s)
                   WHEN scale.below THEN coalesce(%(below)s, %(general)s) ELSE %(general)s END"""
LOW = """
  FROM evaluation_value v JOIN {register} p ON p.county_id = %(territory_county)s AND p.code = v.subject_code{scale}
 WHERE v.run_id = %(run)s AND v.scope = 'parcel' AND {in_force} AND {territory}
   AND (p.land_class_code = '' OR p.land_class_code = ANY(%(classes)s)) AND v.tax_per_mu < {threshold}
   AND NOT p.code = ANY(%(taken)s)"""
READ = f"""SELECT p.id, coalesce(p.registered_area_m2::float8, p.planar_area_m2),
       coalesce(v.tax_per_mu_numerator, 0), coalesce(v.tax_per_mu_denominator, 0), p.code, p.town_code, {SHAPE_SENT}"""
READ_AS = {"id": LONG, "area": FLOAT, "tax": FLOAT, "mu": FLOAT}
READ_PACKED = ("code", "town", "shape")
# The parcels of an adjusted cluster: those named, with the tax of the run that the cluster was found by.
NAMED = """
  FROM cadastre_parcel p LEFT JOIN evaluation_value v ON v.run_id = %(run)s AND v.scope = 'parcel' AND v.subject_code = p.code
 WHERE p.county_id = %(territory_county)s AND p.valid_to IS NULL AND p.code = ANY(%(codes)s)"""
LAST_NUMBER = """
SELECT coalesce(max(substring(cluster_no FROM '(\\d+)号$')::int), 0)
  FROM (SELECT cluster_no FROM clusters_cluster WHERE county_id = %(county)s
         UNION ALL SELECT cluster_no FROM clusters_cluster_history WHERE county_id = %(county)s) given
 WHERE cluster_no LIKE %(like)s"""
HOLDINGS = """SELECT g.parcel_id, g.holder_id FROM cadastre_holding g JOIN cadastre_holder h ON h.id = g.holder_id
 WHERE h.county_id = %(territory_county)s AND g.valid_from <= %(on)s AND (g.valid_to IS NULL OR g.valid_to > %(on)s)"""

Holdings = tuple[Longs, Longs]


@dataclass(frozen=True, slots=True)
class Found:
    """The clusters of a day, by the run that judged the parcels, and how many parcels were judged inefficient."""

    on: date
    run: IndicatorRun
    limits: Limits
    parcels: int
    clusters: list[Cluster]


@dataclass(frozen=True, slots=True)
class _Read:
    """Parcels in the order of their ids, laid on the county's equal-area cylinder beside its control lines."""

    columns: Columns
    holdings: Holdings
    lines_projected: Geometries
    shapes_4490: Vertices
    cylinder_xy: Floats
    laid: Laid

    def inefficient(self, line_m2: Floats | None) -> Inefficient:
        return Inefficient(
            id=self.columns["id"],
            code=self.columns["code"],
            town_code=self.columns["town"],
            shapes_4490=self.shapes_4490,
            area_m2=self.columns["area"],
            ground_m2=self.laid.area_m2,
            tax_wan=self.columns["tax"],
            taxed_mu=self.columns["mu"],
            line_m2=line_m2,
        )


def county_limits(county: County, on: date) -> Limits:
    return limits_from(parameters(county, on))


def stated_limits(
    county: County,
    actor: Actor,
    on: date,
    *,
    tolerance_m: float | None,
    min_mu: float | None,
    tax_per_mu_below: float | None,
) -> Limits:
    """The county's limits with what a person states for once.

    Raises Forbidden where somebody who isn't cleared for firms' figures states a tax of their own: what is found below one
    figure and not below another tells a firm's tax.
    """
    limits = county_limits(county, on)
    if tax_per_mu_below is not None and not actor.may(VIEW_FIRM_FIGURES):
        if tax_per_mu_below != limits.tax_per_mu_below:
            raise Forbidden(
                "按自定的亩均税收界限查找会反映企业的税收，您的账号没有查看企业数据的权限。",
                remedy=f"请使用县域参数的界限（{limits.tax_per_mu_below:g} 万元/亩），或由有权限的人员查找。",
            )
        tax_per_mu_below = None
    return limits.with_stated(tolerance_m=tolerance_m, min_mu=min_mu, tax_per_mu_below=tax_per_mu_below)


def judged_by(county: County, year: int) -> IndicatorRun:
    """The newest indicator run of the year; raises NotFound with the remedy."""
    run = newest_run(county.code, year)
    if run is None:
        raise NotFound(
            f"{county.name}还没有 {year} 年的亩均指标，无法判断低效宗地。",
            remedy=f"请先运行 compute_indicators --year {year} --commit。",
        )
    return run


@collector_paused()  # what a hundred thousand parcels leave all stays
def found_clusters(
    county: County, actor: Actor, *, year: int, on: date, limits: Limits, taken: frozenset[str] = frozenset()
) -> Found:
    """The clusters of inefficient parcels on a day; parcels under the codes of `taken` are left out."""
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
        **values, **towns, "run": run.pk, "on": on, "used_on": last_day(year), "used_year": year,
        "general": limits.tax_per_mu_below, "above": limits.above_scale_below,
        "below": limits.below_scale_below, "taken": sorted(taken),
        "classes": list(limits.industrial_classes),
    }  # fmt: skip
    read = _read(county, low, asked)
    west, south, east, north = county.bbox_4490
    # The clusters and the ground in the control line don't need each other: each has a core of its own.
    with ThreadPoolExecutor(1) as beside:
        inside = beside.submit(_inside, read, limits)
        labels = tied(
            read.shapes_4490,
            read.cylinder_xy,
            latitude=county.middle_latitude,
            gap_m=limits.reach_m,
            survey=Survey(county.survey_crs, (west, south, east, north)),
        )
    parcels = read.inefficient(inside.result())
    clusters = grouped(parcels, labels, read.holdings, limits, latitude=county.middle_latitude)
    return Found(on, run, limits, len(parcels.id), clusters)


def measured(county: County, cluster: StoredCluster, codes: Sequence[str], on: date) -> Cluster:
    """The parcels of these codes in force on a day as one cluster, whatever their tax, with the figures of its run."""
    limits = replace(county_limits(county, on), min_mu=0.0)
    asked: dict[str, Any] = {
        "territory_county": county.code,
        "run": cluster.run_id,
        "on": on,
        "codes": list(codes),
    }
    read = _read(county, NAMED, asked)
    parcels = read.inefficient(_inside(read, limits))
    if not len(parcels.id):
        raise NotFound("这些宗地代码都不在现行登记中。", remedy="请核对宗地代码。")
    labels = np.zeros(len(parcels.id), dtype=np.int64)
    (made,) = grouped(parcels, labels, read.holdings, limits, latitude=county.middle_latitude)
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


def figures_of(one: Cluster, names: Mapping[str, str], *, cleared: bool) -> dict[str, Any]:
    """A cluster's figures as they are told; its tax only to who is `cleared` for firms' figures."""
    return {
        "net_mu": one.net_mu,
        "hull_mu": one.hull_mu,
        "compactness": one.compactness,
        "holders": one.holders,
        "towns": [names.get(code, code) for code in one.town_codes],
        "line_share": one.line_share,
        "suggested_way": one.suggested_way,
        **({"tax_per_mu": one.tax_per_mu} if cleared else {}),
    }


def _read(county: County, low: str, asked: dict[str, Any]) -> _Read:
    """The parcels and what their figures come from, of one moment; they are laid on the cylinder while more is read."""

    def lay(shape: Packed) -> tuple[Vertices, Floats, Laid]:
        vertices = vertices_from_wkb(shape.data, shape.starts, shape.lengths)
        cylinder_xy = equal_area_xy(vertices.xy, latitude=latitude)
        return vertices, cylinder_xy, laid_on(vertices, cylinder_xy)

    latitude = county.middle_latitude
    with one_moment(), ThreadPoolExecutor(1) as beside:
        columns, packed = read_packed(READ + low, asked, READ_AS, READ_PACKED)
        # Ordered here: the database would move the shapes about for it.
        order = np.argsort(columns["id"])
        laying = beside.submit(lay, packed["shape"][order])
        texts = {name: packed[name][order].texts() for name in ("code", "town")}
        held = read_columns(HOLDINGS, asked, {"parcel": LONG, "holder": LONG})
        lines = control_lines(county, asked["on"])
        lines_projected = equal_area(lines.geoms_4490, latitude=latitude)
        numbers = {name: column[order] for name, column in columns.items()}
        return _Read(numbers | texts, (held["parcel"], held["holder"]), lines_projected, *laying.result())


def _inside(read: _Read, limits: Limits) -> Floats | None:
    """The ground of each parcel inside the control line in ㎡; None where the county has no line."""
    if not len(read.lines_projected):
        return None
    common = shares_of(
        read.laid, read.lines_projected, sliver_m2=limits.sliver_m2, sliver_ratio=limits.sliver_ratio
    )
    return np.asarray(np.bincount(common.parcel, common.area_m2, len(read.laid.area_m2)))
