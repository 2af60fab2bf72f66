"""The indicators of any polygon drawn on the map, from the parcels that it touches.

Refuses parcels outside the actor's territory, polygons that aren't any, and any figure of firms to whoever isn't cleared for
them: two shapes that differ by one firm's ground would give that firm away, and nobody remembers what was drawn before.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from landgis.access.queries import Actor, territory_sql
from landgis.access.rules import VIEW_FIRM_FIGURES
from landgis.audit.kept import kept
from landgis.counties.models import County
from landgis.lib.columns import FLOAT, LONG, Columns, read_columns, read_rows
from landgis.lib.errors import InputError
from landgis.lib.units import m2_to_mu_array
from layers.geometry.area import additive_area_m2
from parcels.cadastre.as_of import KNOWN_ON, REGISTER, SHAPE_SENT
from parcels.evaluation.apportion import DENOMINATORS, LACKS, NUMERATORS, firms_of
from parcels.evaluation.queries import RETURN_TYPES, RETURNS, newest_run, units_of_returns
from parcels.evaluation.rules import (
    CODES,
    INDICATORS,
    RULE_VERSION,
    explanation,
    last_day,
    missing_words,
    withheld,
)
from parcels.land_use.land import land_of_year

MOST_VERTICES = 10_000
WHERE_MERCATOR_IS = (-180, -85, 180, 85)  # degrees; the index is on the drawing copy
WITHHELD_DRAWN = (
    "手绘范围的指标相减可得出单个企业的数据，只向获准查阅企业数据的人员提供；请查看镇街、平台或控制线的汇总"
)
PARTS = (*NUMERATORS, *DENOMINATORS)
# The parcels as they were on the year's last day. Their drawing copy carries the index; Mercator keeps a box a box.
TOUCHED = f"""
  FROM {REGISTER} p
  LEFT JOIN evaluation_value v ON v.run_id = %(run)s AND v.scope = 'parcel' AND v.subject_code = p.code
 WHERE {{territory}} AND {KNOWN_ON}
   AND p.geom_3857 && ST_Transform(ST_MakeEnvelope(%(w)s, %(s)s, %(e)s, %(n)s, 4490), 3857)
 ORDER BY p.id
"""
NUMBERS = f"""
SELECT p.id, coalesce(p.registered_area_m2::float8, p.planar_area_m2),
       {", ".join(f"coalesce(v.{name}, 'NaN')" for name in PARTS)}
"""
SHAPES = f"SELECT {SHAPE_SENT}"


@dataclass(frozen=True, slots=True)
class OfPolygon:
    """What lies in a polygon: the parcels touched, their land inside it, and its indicators with explanations."""

    parcels: int
    land_mu: float
    firms: int
    indicators: list[dict[str, Any]]


def polygon_4490(geojson: Any, county: County) -> shapely.Geometry:
    """A GeoJSON polygon (EPSG:4490, lon lat) of the county; raises InputError with what is wrong with it."""
    if not isinstance(geojson, dict) or geojson.get("type") not in ("Polygon", "MultiPolygon"):
        raise _wrong("图形应为面（Polygon 或 MultiPolygon）。")
    try:
        shape = shapely.from_geojson(
            json.dumps({"type": geojson["type"], "coordinates": geojson["coordinates"]})
        )
    except (KeyError, TypeError, ValueError, shapely.errors.ShapelyError):
        raise _wrong("图形的坐标无法读取。") from None
    if shape is None or shape.is_empty:
        raise _wrong("图形是空的。")
    if shapely.get_num_coordinates(shape) > MOST_VERTICES:
        raise _wrong(f"图形的顶点超过 {MOST_VERTICES} 个。", "请简化图形，或分成几块分别统计。")
    if not np.isfinite(shapely.get_coordinates(shape)).all():
        raise _wrong("图形的坐标不是有效数字。")
    if not shape.is_valid:
        raise _wrong("图形自相交或重复。", "请修正图形，使边界不相交。")
    west, south, east, north = county.bbox_4490
    if not shape.intersects(shapely.box(west, south, east, north)):
        raise _wrong(f"图形不在{county.name}范围内。", "请检查坐标系是否为 CGCS2000 经纬度（经度在前）。")
    if not shapely.box(*WHERE_MERCATOR_IS).covers(shapely.box(*shape.bounds)):
        raise _wrong("图形的坐标超出经纬度的范围。", "请检查坐标系是否为 CGCS2000 经纬度（经度在前）。")
    return shapely.force_2d(shape)


def indicators_of_polygon(county: County, actor: Actor, geom_4490: shapely.Geometry, year: int) -> OfPolygon:
    """The newest run's figures of the parcels under the polygon, each by its share inside."""
    run = newest_run(county.code, year)
    numbers, inside, share = _under(actor, geom_4490, year, run.pk if run else None)
    parts = np.array([numbers[name][inside] for name in PARTS]).reshape(len(PARTS), -1)
    firms = _firms(county, numbers["id"][inside].tolist(), year) if run and len(inside) else {"firms": 0}
    sums = np.nansum(parts * share, axis=1)
    known = (~np.isnan(parts)).any(axis=1)
    return OfPolygon(
        len(inside),
        float(m2_to_mu_array((numbers["m2"][inside] * share).sum())),
        firms["firms"],
        _explained(actor, year, sums, known, firms, computed=run is not None),
    )


def parcels_under(
    actor: Actor, geom_4490: shapely.Geometry, year: int
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """The parcels of the actor's territory that a polygon touched on the year's last day: row id, land in ㎡, share inside."""
    numbers, inside, share = _under(actor, geom_4490, year, None)
    return numbers["id"][inside], numbers["m2"][inside], share


def _under(
    actor: Actor, geom_4490: shapely.Geometry, year: int, run: int | None
) -> tuple[Columns, NDArray[np.intp], NDArray[np.float64]]:
    """The parcels near a polygon with the parts that a run kept of them; which of them it touches, and by what share."""
    territory, values = territory_sql(actor, alias="p")
    wanted = {
        **values,
        **dict(zip("wsen", geom_4490.bounds, strict=True)),
        "run": run,
        "on": last_day(year),
    }
    touched = TOUCHED.format(territory=territory)
    numbers = read_columns(NUMBERS + touched, wanted, {"id": LONG, "m2": FLOAT} | dict.fromkeys(PARTS, FLOAT))
    shapes_4490 = shapely.from_wkb(
        np.array([wkb for (wkb,) in read_rows(SHAPES + touched, wanted)], dtype=object)
    )
    share = _shares_inside(shapes_4490, geom_4490)
    inside = np.flatnonzero(share > 0)
    return numbers, inside, share[inside]


def _shares_inside(parcels_4490: NDArray[np.object_], geom_4490: shapely.Geometry) -> NDArray[np.float64]:
    """The share of each parcel inside a polygon; of polygons that tile the ground the shares add up to 1.

    All edges are straight in degrees, where shapes drawn side by side meet, also at a corner of one on an edge of another.
    """
    shapely.prepare(geom_4490)
    share: NDArray[np.float64] = shapely.covers(geom_4490, parcels_4490).astype(np.float64)
    border = np.flatnonzero(shapely.intersects(geom_4490, parcels_4490) & (share == 0))
    cut = parcels_4490[border]
    share[border] = additive_area_m2(shapely.intersection(cut, geom_4490)) / additive_area_m2(cut)
    return share


def _firms(county: County, parcels: list[int], year: int) -> dict[str, int]:
    """How many firms have land on the parcels, groups as one, how many lack what, and how many enter each indicator."""
    land = kept("land_of_year", (county.code, year), lambda: land_of_year(county, year))
    units = np.unique(land.unit_id[(land.net_m2 > 0) & np.isin(land.parcel_id, parcels)])
    inside = set(units.tolist())
    everyone = [*inside, *(member for member, head in land.heads.items() if head.id in inside)]
    returns = read_columns(RETURNS, {"county": county.code, "year": year, "firms": everyone}, RETURN_TYPES)
    firms = firms_of(units_of_returns(returns, units, land.heads)[1], np.ones(len(units)))
    lacking = dict(zip(LACKS, firms.lacks.sum(axis=0).tolist(), strict=True))
    entered = dict(zip(CODES, firms.both.sum(axis=0).tolist(), strict=True))
    return {"firms": len(units)} | lacking | entered


def _explained(
    actor: Actor,
    year: int,
    sums: Any,
    known: Any,
    firms: dict[str, int],
    *,
    computed: bool,
) -> list[dict[str, Any]]:
    if not actor.may(VIEW_FIRM_FIGURES):
        return [withheld(indicator, year=year, reason=WITHHELD_DRAWN) for indicator in INDICATORS]
    shown = []
    for n, indicator in enumerate(INDICATORS):
        missing = missing_words(firms, indicator) if computed else [f"{year} 年指标尚未计算"]
        above, below = (float(sums[i]) if known[i] else None for i in (n, n + len(INDICATORS)))
        shown.append(
            explanation(indicator, above, below, year=year, missing=missing, rule_version=RULE_VERSION)
        )
    return shown


def _wrong(message: str, remedy: str = "请重新绘制图形。") -> InputError:
    return InputError("geometry_invalid", message, remedy, field="geometry")
