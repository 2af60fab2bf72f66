"""The clusters on record: the list with its filters, one cluster's parcels, and the workbook.

Refuses what lies outside the actor's towns, and a cluster's tax where it would tell fewer firms than may be told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from landgis.access.queries import Actor
from landgis.access.rules import EXPORT_DATA, VIEW_FIRM_FIGURES
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.lib.sheets import SIGNATURES, Column, Table, codes_told, workbook_of
from landgis.lib.units import m2_to_mu
from parcels.clusters.models import Cluster

PARCELS = """
SELECT p.code, coalesce(t.name, p.town_code), p.location, coalesce(p.registered_area_m2::float8, p.planar_area_m2),
       (SELECT string_agg(CASE WHEN h.kind = 'natural_person' THEN left(h.name, 1) || '*' ELSE h.name END, '、' ORDER BY h.name)
          FROM cadastre_holding g JOIN cadastre_holder h ON h.id = g.holder_id
         WHERE g.parcel_id = p.id AND g.valid_to IS NULL),
       v.tax_per_mu, p.valid_to
  FROM cadastre_parcel p
  LEFT JOIN counties_town t ON t.county_id = p.county_id AND t.code = p.town_code
  LEFT JOIN evaluation_value v ON v.run_id = %(run)s AND v.scope = 'parcel' AND v.subject_code = p.code
 WHERE p.county_id = %(county)s AND p.code = ANY(%(codes)s)
 ORDER BY p.code
"""


@dataclass(frozen=True, slots=True)
class ParcelRow:
    """A parcel of a cluster; `ended` when the register has ended it since."""

    code: str
    town: str
    location: str
    area_m2: float
    holders: str
    tax_per_mu: float | None
    ended: bool


def clusters(
    county: County, actor: Actor, *, state: str = "", town: str = "", text: str = ""
) -> QuerySet[Cluster]:
    """The clusters in force, or in `state`; a township officer sees those that reach into the own town."""
    rows = (
        Cluster.objects.filter(county=county)
        .select_related("run")
        .defer("geom_4490", "geom_3857", "hull_4490")
    )
    if actor.town_codes is not None:
        rows = rows.filter(town_codes__overlap=list(actor.town_codes))
    limits = {
        "": Q(valid_to=None),
        "proposed": Q(valid_to=None, confirmed_on=None),
        "confirmed": Q(valid_to=None, confirmed_on__isnull=False),
        "dismissed": Q(valid_to__isnull=False),
    }
    rows = rows.filter(limits[state])
    if town:
        rows = rows.filter(town_codes__contains=[town])
    if text:
        rows = rows.filter(Q(cluster_no__icontains=text) | Q(parcel_codes__contains=[text]))
    return rows.order_by("-net_m2", "pk")


def parcels_of(cluster: Cluster) -> list[ParcelRow]:
    with connection.cursor() as cursor:
        cursor.execute(
            PARCELS, {"run": cluster.run_id, "county": cluster.county_id, "codes": cluster.parcel_codes}
        )
        return [
            ParcelRow(code, town, location, area_m2, holders, tax_per_mu, ended is not None)
            for code, town, location, area_m2, holders, tax_per_mu, ended in cursor.fetchall()
        ]


def workbook(county: County, actor: Actor, on: date, rows: Sequence[Cluster]) -> bytes:
    """The list as a workbook that is ready to print."""
    actor.require(EXPORT_DATA)
    towns = dict(county.towns.values_list("code", "name"))
    columns: list[Column[Cluster]] = [
        Column("连片编号", 18, "code", lambda row: row.cluster_no),
        Column(
            "所在镇街", 20, "wrapped", lambda row: "、".join(towns.get(code, code) for code in row.town_codes)
        ),
        Column("宗数", 8, "whole", lambda row: len(row.parcel_codes), summed=True),
        Column("净面积（亩）", 14, "figure", lambda row: m2_to_mu(row.net_m2), summed=True),
        Column("范围面积（亩）", 14, "figure", lambda row: m2_to_mu(row.hull_m2)),
        Column("密集度", 9, "figure", lambda row: row.ground_m2 / row.hull_m2),
        Column("权利人数", 9, "whole", lambda row: row.holders),
        Column("控制线内占比", 12, "figure", lambda row: row.line_share),
        Column("建议方式", 12, "text", lambda row: row.suggested_way),
        Column("确认方式", 12, "text", lambda row: row.way),
        Column("确认日期", 11.5, "date", lambda row: row.confirmed_on),
        Column("宗地代码", 68, "wrapped", lambda row: codes_told(row.parcel_codes)),
    ]
    if actor.may(VIEW_FIRM_FIGURES):
        columns.insert(8, Column("亩均税收（万元/亩）", 12, "figure", lambda row: row.tax_per_mu))
    table: Table[Any] = Table(
        title=f"{county.name}连片低效工业用地清单",
        note=f"截至 {on}，共 {len(rows)} 片",
        unit="面积单位：亩",
        footer=f"{county.name}　截至 {on}",
        columns=columns,
        rows=rows,
        total="合计",
        below=[SIGNATURES],
        frozen_columns=1,
    )
    recorded = change(
        county_code=county.code, by=actor.username, action="export_clusters", reason="导出连片低效用地清单",
        on=str(on), rows=len(rows),
    )  # fmt: skip
    with recorded:
        return workbook_of({"连片低效用地": table})
