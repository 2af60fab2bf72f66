"""The parcels' own rows: former states kept, states changed, parcels begun, ended and brought back, many at once.

Refuses to change a state without keeping the one before, and to touch a byte of a shape that stays.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from landgis.counties.models import County
from landgis.lib.columns import read_rows
from landgis.lib.copying import take_ids
from layers.geometry.encoded import ewkb
from layers.geometry.transform import CGCS2000, WEB_MERCATOR, transform_geometries
from parcels.cadastre.transitions import BornParcel, ChangedParcel

# What an officer states of a parcel; JSON in, the table's own types out.
FACTS: Mapping[str, Any] = {
    "real_estate_unit_code": "",
    "aliases": [],
    "location": "",
    "town_code": "",
    "land_class_code": "",
    "land_class_set": "",
    "tenure": "",
    "registered_on": None,
    "registered_area_m2": None,
    "note": "",
}
MEASURED = ("planar_area_m2", "ellipsoidal_area_m2")
# What a former state keeps of the row, in both tables under the same names.
STATE = (
    "county_id",
    "code",
    *FACTS,
    *MEASURED,
    "source",
    "retired_by",
    "geom_4490",
    "geom_3857",
    "valid_from",
)

LOCKED = """
SELECT p.id, p.code, p.town_code, p.valid_from, p.valid_to, p.change_id, p.planar_area_m2,
       CASE WHEN p.id = ANY(%(shapes)s) THEN ST_AsBinary(p.geom_4490) END
  FROM cadastre_parcel p
 WHERE p.county_id = %(county)s AND p.id = ANY(%(ids)s)
 ORDER BY p.id FOR UPDATE
"""
KEEP = f"""
INSERT INTO cadastre_parcel_version ({", ".join(STATE)}, valid_to, parcel_id, ended_by_id, was_change_id)
SELECT {", ".join(f"p.{name}" for name in STATE)}, coalesce(p.valid_to, %(on)s), p.id, g.event, p.change_id
  FROM unnest(%(ids)s::bigint[], %(events)s::bigint[]) AS g (id, event)
  JOIN cadastre_parcel p ON p.id = g.id
"""
CHANGE = f"""
UPDATE cadastre_parcel p
   SET ({", ".join(FACTS)}) = (SELECT {", ".join(f"r.{name}" for name in FACTS)}
                                 FROM jsonb_populate_record(p, g.facts) AS r),
       geom_4490 = coalesce(ST_GeomFromEWKB(g.shape), p.geom_4490),
       geom_3857 = coalesce(ST_GeomFromEWKB(g.drawn), p.geom_3857),
       planar_area_m2 = coalesce(g.planar, p.planar_area_m2),
       ellipsoidal_area_m2 = coalesce(g.ellipsoidal, p.ellipsoidal_area_m2),
       valid_from = %(on)s
  FROM unnest(%(ids)s::bigint[], %(facts)s::text[]::jsonb[], %(shapes)s::bytea[], %(drawn)s::bytea[],
              %(planar)s::float8[], %(ellipsoidal)s::float8[]) AS g (id, facts, shape, drawn, planar, ellipsoidal)
 WHERE p.id = g.id
"""
BEGIN = f"""
INSERT INTO cadastre_parcel (id, county_id, code, {", ".join(FACTS)}, {", ".join(MEASURED)}, source, retired_by,
                             geom_4490, geom_3857, valid_from)
SELECT g.id, %(county)s, g.code, {", ".join(f"r.{name}" for name in FACTS)}, g.planar, g.ellipsoidal, %(source)s, '',
       ST_GeomFromEWKB(g.shape), ST_GeomFromEWKB(g.drawn), %(on)s
  FROM unnest(%(ids)s::bigint[], %(codes)s::text[], %(facts)s::text[]::jsonb[], %(shapes)s::bytea[],
              %(drawn)s::bytea[], %(planar)s::float8[], %(ellipsoidal)s::float8[])
       AS g (id, code, facts, shape, drawn, planar, ellipsoidal)
  CROSS JOIN LATERAL jsonb_populate_record(NULL::cadastre_parcel, g.facts) AS r
"""
END = "UPDATE cadastre_parcel SET valid_to = %(on)s, retired_by = %(by)s WHERE id = ANY(%(ids)s)"
BRING_BACK = """
UPDATE cadastre_parcel SET valid_from = %(on)s, valid_to = NULL, retired_by = '' WHERE id = ANY(%(ids)s)
"""
# As it was before the change: every fact and every byte of the shapes.
PUT_BACK = f"""
UPDATE cadastre_parcel p
   SET ({", ".join(STATE)}) = ROW({", ".join("%(on)s" if name == "valid_from" else f"v.{name}" for name in STATE)})
  FROM cadastre_parcel_version v JOIN cadastre_event e ON e.id = v.ended_by_id
 WHERE e.change_id = %(change)s AND v.parcel_id = p.id AND p.id = ANY(%(ids)s)
"""


@dataclass(frozen=True, slots=True)
class Stored:
    """A parcel's row as it stands, locked until the transaction ends; the shape only where it was asked for."""

    id: int
    code: str
    town_code: str
    valid_from: date
    valid_to: date | None
    version: int
    planar_area_m2: float
    geom_4490: shapely.Geometry | None


def locked(county: County, ids: Sequence[int], *, shapes: Sequence[int] = ()) -> dict[int, Stored]:
    """The rows of these parcels, by id; nobody else changes them until the transaction ends."""
    if not ids:
        return {}
    rows = read_rows(LOCKED, {"county": county.code, "ids": list(ids), "shapes": list(shapes)})
    return {row[0]: Stored(*[*row[:7], None if row[7] is None else shapely.from_wkb(row[7])]) for row in rows}


def keep_states(events: Mapping[int, int], on: date) -> None:
    """Keep the present state of each parcel (id → the event that ends it) before another takes its place."""
    _run(KEEP, bool(events), ids=list(events), events=list(events.values()), on=on)


def change_parcels(changed: Sequence[ChangedParcel], on: date) -> None:
    shapes = np.array([parcel.geom_4490 for parcel in changed], dtype=object)
    stored, drawn = _encoded(shapes)
    _run(
        CHANGE,
        bool(changed),
        ids=[parcel.parcel_id for parcel in changed],
        facts=[_facts(parcel.values) for parcel in changed],
        shapes=stored,
        drawn=drawn,
        planar=[parcel.planar_area_m2 for parcel in changed],
        ellipsoidal=[parcel.ellipsoidal_area_m2 for parcel in changed],
        on=on,
    )


def begin_parcels(county: County, born: Sequence[BornParcel], on: date, *, source: str) -> list[int]:
    """Enter new parcels; returns their ids in order."""
    if not born:
        return []
    ids: list[int] = take_ids("cadastre_parcel", len(born)).tolist()
    stored, drawn = _encoded(np.array([parcel.geom_4490 for parcel in born], dtype=object))
    _run(
        BEGIN,
        ids=ids,
        county=county.code,
        codes=[parcel.code for parcel in born],
        facts=[_facts({**FACTS, **parcel.values}) for parcel in born],
        shapes=stored,
        drawn=drawn,
        planar=[parcel.planar_area_m2 for parcel in born],
        ellipsoidal=[parcel.ellipsoidal_area_m2 for parcel in born],
        source=source,
        on=on,
    )
    return ids


def end_parcels(ids: Sequence[int], on: date, *, by: str) -> None:
    _run(END, bool(ids), ids=list(ids), on=on, by=by)


def bring_back_parcels(ids: Sequence[int], on: date) -> None:
    """Ended parcels come into force again, as they were; their former time has to be kept first."""
    _run(BRING_BACK, bool(ids), ids=list(ids), on=on)


def put_back_states(ids: Sequence[int], change_id: int, on: date) -> None:
    """The states that a change put an end to, in force again from a day on."""
    _run(PUT_BACK, bool(ids), ids=list(ids), change=change_id, on=on)


def _run(statement: str, needed: bool = True, /, **values: Any) -> None:
    if needed:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)


def _facts(values: Mapping[str, Any]) -> str:
    stated = {name: value for name, value in values.items() if name in FACTS}
    return json.dumps(stated, cls=DjangoJSONEncoder)


def _encoded(geoms_4490: Any) -> tuple[list[bytes | None], list[bytes | None]]:
    """The shapes as EWKB for storing and for drawing; None where the shape stays."""
    there = np.flatnonzero(~shapely.is_missing(geoms_4490))
    stored: list[bytes | None] = [None] * len(geoms_4490)
    drawn: list[bytes | None] = [None] * len(geoms_4490)
    if len(there):
        shapes = _multi(geoms_4490[there])
        moved = transform_geometries(shapes, CGCS2000, WEB_MERCATOR)
        for at, exact, copy in zip(
            there.tolist(), ewkb(shapes, CGCS2000), ewkb(moved, WEB_MERCATOR), strict=True
        ):
            stored[at], drawn[at] = exact, copy
    return stored, drawn


def _multi(geoms: Any) -> Any:
    single = shapely.get_type_id(geoms) == shapely.GeometryType.POLYGON
    if single.any():
        geoms = geoms.copy()
        geoms[single] = [shapely.MultiPolygon([shape]) for shape in geoms[single]]
    return geoms
