"""What the indicators of a year are computed from, as arrays, and finding what was computed.

Refuses rows one by one: a table is read whole, in one statement.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely
from django.db import connection
from django.db.models import Max
from numpy.typing import NDArray

from landgis.counties.models import County
from landgis.counties.queries import parameters
from landgis.lib.columns import FLOAT, LONG, Columns, read_columns, read_rows
from landgis.lib.distinct import distinct
from landgis.lib.snapshots import beside
from layers.areas import Areas
from layers.control_lines.queries import control_lines
from layers.districts.models import District
from layers.districts.queries import districts
from layers.geometry.equal_area import equal_area_from_wkb
from parcels.cadastre.as_of import KNOWN_ON, REGISTER, SHAPE_SENT
from parcels.enterprises.models import AnnualReturn
from parcels.enterprises.years import firms_of_year
from parcels.evaluation.apportion import Limits, Returned, Uses, as_groups
from parcels.evaluation.models import IndicatorRun
from parcels.evaluation.rules import FEWEST_FIRMS, RETURNED, RULE_VERSION, last_day
from parcels.land_use.land import Head, land_of_year

# The parcels that a year's occupancies may lie in, as they were on its last day: also what was divided or redrawn since.
# One that was entered into the register later counts too: its occupancy says that the ground was in use.
PARCELS = f"""
    FROM {REGISTER} p
   WHERE p.county_id = %(county)s AND {KNOWN_ON}
   ORDER BY p.id
"""
PARCEL_NUMBERS = (
    """
  SELECT p.id, coalesce(p.registered_area_m2::float8, p.planar_area_m2), p.ellipsoidal_area_m2
"""
    + PARCELS
)
PARCEL_SHAPES = f"""
  SELECT {SHAPE_SENT}, p.code, p.town_code
{PARCELS}"""
# Uses of parcels that had ended by the day, or weren't there yet: land_use can't count them.
LEFT_OUT = f"""
  SELECT count(*) FROM enterprises_occupancy o
   WHERE o.county_id = %(county)s AND o.valid_from <= %(on)s AND (o.valid_to IS NULL OR o.valid_to > %(on)s)
     AND NOT EXISTS (SELECT FROM {REGISTER} p WHERE p.id = o.parcel_id AND p.county_id = %(county)s AND {KNOWN_ON})
"""
RETURNS = f"""
  SELECT r.enterprise_id, {", ".join(f"coalesce(r.{name}::float8, 'NaN')" for name in RETURNED)}
    FROM enterprises_annualreturn r
   WHERE r.county_id = %(county)s AND r.year = %(year)s
     AND (%(firms)s::bigint[] IS NULL OR r.enterprise_id = ANY(%(firms)s))
   ORDER BY r.enterprise_id
"""
RETURN_TYPES = {"id": LONG} | dict.fromkeys(RETURNED, FLOAT)
FIRM_CODES = f"""
  SELECT string_agg(e.uscc, ',' ORDER BY e.id), array_agg(e.industry_group ORDER BY e.id), array_agg(e.id ORDER BY e.id)
    FROM {firms_of_year()} e WHERE e.county_id = %(county)s
"""
# From year to earlier year by the index, without reading the rows of any.
YEARS = """
WITH RECURSIVE returned AS (
    SELECT max(r.year) AS year FROM enterprises_annualreturn r WHERE r.county_id = %(county)s
     UNION ALL
    SELECT (SELECT max(r.year) FROM enterprises_annualreturn r WHERE r.county_id = %(county)s AND r.year < returned.year)
      FROM returned WHERE returned.year IS NOT NULL)
SELECT year FROM returned WHERE year IS NOT NULL
 UNION
SELECT u.year FROM evaluation_run u WHERE u.county_id = %(county)s
"""

UNNAMED = "未注明行业"
FEWEST_FIRMS_KEY = "privacy.min_enterprises_per_cell"


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything that a year's indicators depend on; firms and parcels are positions in their id arrays.

    Firms that are evaluated as one are one firm here: the head of their group.
    """

    year: int
    on: date
    parcel_id: NDArray[np.int64]
    parcel_code: NDArray[np.object_]
    parcel_town: NDArray[np.object_]
    parcel_m2: NDArray[np.float64]
    parcel_stored_m2: NDArray[np.float64]
    parcel_geoms: NDArray[np.object_]  # on the equal-area plane of `latitude`
    latitude: float
    firm_id: NDArray[np.int64]
    industries: tuple[str, ...]
    firm_industry: NDArray[np.intp]
    of_firms: Returned
    uses: Uses
    left_out: int
    towns: Areas
    lines: Areas
    platforms: Areas
    limits: Limits
    sha256: str


def inputs(county: County, year: int) -> Inputs:
    """Read a year's parcels, occupancies, returns and areas.

    The land is settled over a second connection; the shapes are projected, and later everything is digested, by threads
    while the database answers the next question.
    """
    on = last_day(year)
    wanted = {"county": county.code, "on": on, "year": year}
    latitude = county.middle_latitude
    with ThreadPoolExecutor(2) as pool, beside(lambda: land_of_year(county, year)) as settling:
        shapes = read_rows(PARCEL_SHAPES, wanted)
        projecting = pool.submit(equal_area_from_wkb, [wkb for wkb, _, _ in shapes], latitude=latitude)
        [(left_out,)] = read_rows(LEFT_OUT, wanted)
        parcels = read_columns(PARCEL_NUMBERS, wanted, {"id": LONG, "m2": FLOAT, "stored_m2": FLOAT})
        returns = read_columns(RETURNS, wanted | {"firms": None}, RETURN_TYPES)
        firm_codes, groups, everyone = _firm_codes(wanted)
        towns, lines = towns_on(county, on), control_lines(county, on)
        platforms = districts(county, District.PLATFORM, on)
        allowed = limits(county, on)
        land = settling.result()
        digesting = pool.submit(
            _fingerprint,
            f"{RULE_VERSION} {wanted} {allowed}",
            (parcels, {"unit": land.unit_id, "parcel": land.parcel_id, "net": land.net_m2}, returns),
            "\n".join([firm_codes, *groups, *(f"{member} {head.id}" for member, head in land.heads.items())]),
            shapes,
            (towns, lines, platforms),
        )
        firm_id, of_firms = units_of_returns(returns, land.unit_id, land.heads)
        industries, firm_industry = _industries(groups, everyone, firm_id)
        geoms = projecting.result()
        uses = Uses(
            np.searchsorted(parcels["id"], land.parcel_id),
            np.searchsorted(firm_id, land.unit_id),
            land.net_m2,
        )
        return Inputs(
            year=year,
            on=on,
            parcel_id=parcels["id"],
            parcel_code=np.array([code for _, code, _ in shapes], dtype=object),
            parcel_town=np.array([town for _, _, town in shapes], dtype=object),
            parcel_m2=parcels["m2"],
            parcel_stored_m2=parcels["stored_m2"],
            parcel_geoms=geoms,
            latitude=latitude,
            firm_id=firm_id,
            industries=industries,
            firm_industry=firm_industry,
            of_firms=of_firms,
            uses=uses,
            left_out=left_out,
            towns=towns,
            lines=lines,
            platforms=platforms,
            limits=allowed,
            sha256=digesting.result(),
        )


def _firm_codes(wanted: dict[str, Any]) -> tuple[str, list[str], NDArray[np.int64]]:
    """All firms' codes, their groups of industry in the year, and their numbers."""
    [(codes, groups, numbers)] = read_rows(FIRM_CODES, wanted)
    return codes or "", groups or [], np.array(numbers or [], dtype=np.int64)


def _industries(
    groups: list[str], everyone: NDArray[np.int64], firm_id: NDArray[np.int64]
) -> tuple[tuple[str, ...], NDArray[np.intp]]:
    """The groups of industry that the firms name, and each firm's; a firm that names none has one of its own kind."""
    named = np.array(groups, dtype=object)
    place = np.searchsorted(everyone, firm_id)
    inside = place < len(everyone)
    known = np.full(len(firm_id), "", dtype=object)
    inside[inside] = everyone[place[inside]] == firm_id[inside]
    known[inside] = named[place[inside]]
    names, of_firm = np.unique(known.astype(str), return_inverse=True)
    return tuple(name or UNNAMED for name in names.tolist()), of_firm.astype(np.intp)


def towns_on(county: County, on: date) -> Areas:
    """The towns with their boundaries; where none is drawn yet, the county's towns by name alone."""
    drawn = districts(county, District.TOWN, on)
    if len(drawn):
        return drawn
    names = dict(county.towns.order_by("code").values_list("code", "name"))
    return Areas(tuple(names), tuple(names.values()), np.empty(0, dtype=object), on)


def limits(county: County, on: date) -> Limits:
    """The parameters of areas and overlays on a day."""
    known = parameters(county, on)
    return Limits(
        tolerance_m2=float(known["area.tolerance_m2"]),
        tolerance_ratio=float(known["area.tolerance_ratio"]),
        sliver_m2=float(known["overlay.sliver_m2"]),
        sliver_ratio=float(known["overlay.sliver_ratio"]),
    )


def fewest_firms(county: County, on: date) -> int:
    """How many firms a cell needs for its figures to be shown to everybody."""
    return int(parameters(county, on).get(FEWEST_FIRMS_KEY, FEWEST_FIRMS))


def newest_run(county_code: str, year: int) -> IndicatorRun | None:
    return IndicatorRun.objects.filter(county_id=county_code, year=year).order_by("-id").first()


def years_on_record(county_code: str) -> list[int]:
    """The years with returns or computed indicators."""
    with connection.cursor() as cursor:
        cursor.execute(YEARS, {"county": county_code})
        return sorted(year for (year,) in cursor.fetchall())


def newest_year(county_code: str) -> int | None:
    """The year to show: the newest computed, else the newest with returns."""
    computed = IndicatorRun.objects.filter(county_id=county_code).aggregate(year=Max("year"))["year"]
    if computed is not None:
        return int(computed)
    year: int | None = AnnualReturn.objects.filter(county_id=county_code).aggregate(year=Max("year"))["year"]
    return year


def units_of_returns(
    returns: Columns, units: NDArray[np.int64], heads: Mapping[int, Head]
) -> tuple[NDArray[np.int64], Returned]:
    """Who is evaluated, `units` (with land) and whoever returned something, each group as its head; and what they returned."""
    unit = np.array([heads[n].id if n in heads else n for n in returns["id"].tolist()], dtype=np.int64)
    firm_id = distinct(np.concatenate([unit, units]))
    figures = np.column_stack([returns[name] for name in RETURNED])
    everyone = np.ones(len(unit), dtype=bool)
    return firm_id, as_groups(figures, everyone, np.searchsorted(firm_id, unit), len(firm_id))


def _fingerprint(
    asked: str,
    columns: Iterable[Columns],
    firm_codes: str,
    shapes: list[tuple[Any, ...]],
    areas: Iterable[Areas],
) -> str:
    """A digest of everything read, so that the same inputs are known to give the same run."""
    digest = hashlib.sha256(asked.encode())
    for table in columns:
        for column in table.values():
            digest.update(np.ascontiguousarray(column).data)
    digest.update(firm_codes.encode())
    digest.update("\n".join([f"{code} {town}" for _, code, town in shapes]).encode())
    digest.update(b"".join([wkb for wkb, _, _ in shapes]))
    for area in areas:
        digest.update(f"{area.codes} {area.names}".encode())
        for geom in area.geoms_4490:
            digest.update(geom.wkb)
    return digest.hexdigest()


def differing_areas(found: Inputs) -> dict[str, int]:
    """The stored ellipsoidal areas measured again: how many parcels differ by more than the county tolerates."""
    measured = shapely.area(
        found.parcel_geoms
    )  # true areas: the plane is the ellipsoid's equal-area cylinder
    differs = np.abs(measured - found.parcel_stored_m2) > found.limits.tolerance(measured)
    return {"parcels": len(measured), "differing": int(differs.sum())}
