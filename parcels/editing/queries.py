"""Reading what editing works on: exact shapes by code or around a place, the register's facts, and who changed them last.

Refuses one statement a parcel: every function is a fixed number of them, whatever the number of parcels.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely

from landgis.access.models import User
from landgis.audit.models import AuditEvent
from landgis.counties.models import County
from landgis.lib.columns import read_rows
from layers.geometry.encoded import ewkb
from layers.geometry.transform import Geometries
from parcels.cadastre.lineage_models import CadastralEvent, EventParcel, ParcelVersion

WEB_MERCATOR = 3857

_SHAPE = "p.id, p.code, p.change_id, p.valid_to IS NULL, p.valid_from, ST_AsBinary(p.geom_4490)"

# Of a code that was given again by an import, the parcel in force, else the last one.
BY_CODE = f"""
SELECT DISTINCT ON (p.code) {_SHAPE}
  FROM cadastre_parcel p
 WHERE p.county_id = %(county)s AND p.code = ANY(%(codes)s)
 ORDER BY p.code, (p.valid_to IS NULL) DESC, p.id DESC
"""
# The drawing copy has the index; the distance on it is coarse, which only lets a few more in.
AROUND = f"""
SELECT {_SHAPE}
  FROM cadastre_parcel p
 WHERE p.id IN (
       SELECT near.id
         FROM unnest(%(shapes)s::text[]) AS given (hex)
        CROSS JOIN LATERAL (SELECT given.hex::geometry AS geom OFFSET 0) AS place
         JOIN cadastre_parcel near
           ON near.geom_3857 && ST_Expand(place.geom, %(margin)s)
          AND ST_DWithin(near.geom_3857, place.geom, %(margin)s)
        WHERE near.county_id = %(county)s AND near.valid_to IS NULL AND NOT near.code = ANY(%(known)s))
 LIMIT %(most)s::bigint
"""
FACTS = """
SELECT p.id, p.code, p.real_estate_unit_code, p.location, p.tenure, p.land_class_code, p.land_class_set,
       p.registered_on, p.registered_area_m2, p.note, p.aliases, p.town_code, p.planar_area_m2, h.holders
  FROM cadastre_parcel p
  LEFT JOIN LATERAL (
       SELECT json_agg(json_build_object('name', h.name, 'uscc', h.uscc, 'share', g.share)
                       ORDER BY g.share DESC, g.id) AS holders
         FROM cadastre_holding g JOIN cadastre_holder h ON h.id = g.holder_id
        WHERE g.parcel_id = p.id AND g.valid_to IS NULL) h ON true
 WHERE p.id = ANY(%(ids)s)
"""
# Who held each parcel just before a change: rows that stand since before, and what the change or a later one replaced.
HELD_BEFORE = """
SELECT s.parcel, json_agg(json_build_object('name', h.name, 'uscc', h.uscc, 'share', g.share)
                          ORDER BY g.share DESC, g.id)
  FROM unnest(%(parcels)s::bigint[], %(changes)s::bigint[]) AS s (parcel, change)
 CROSS JOIN LATERAL (
       SELECT id, holder_id, share FROM cadastre_holding
        WHERE parcel_id = s.parcel AND valid_to IS NULL AND change_id < s.change
        UNION ALL
       SELECT pgh_obj_id, holder_id, share FROM cadastre_holding_history
        WHERE parcel_id = s.parcel AND valid_to IS NULL AND change_id < s.change AND ended_by >= s.change) AS g
  JOIN cadastre_holder h ON h.id = g.holder_id
 GROUP BY s.parcel
"""
VALUES = (
    "code", "real_estate_unit_code", "location", "tenure", "land_class_code", "land_class_set",
    "registered_on", "registered_area_m2", "note", "aliases", "town_code",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StoredShape:
    """A parcel of the register with its exact shape."""

    id: int
    code: str
    version: int
    in_force: bool
    valid_from: date
    geom_4490: shapely.Geometry


@dataclass(frozen=True, slots=True)
class StoredFacts:
    """What the register says of a parcel, in the interface's words."""

    id: int
    planar_area_m2: float
    values: dict[str, Any]

    @property
    def registered_area_m2(self) -> float | None:
        area: float | None = self.values["registered_area_m2"]
        return area


def by_code(county: County, codes: Collection[str]) -> list[StoredShape]:
    """The parcels of these codes, ended ones too."""
    if not codes:
        return []
    return _shapes(read_rows(BY_CODE, {"county": county.code, "codes": list(codes)}))


def around(
    county: County, places_3857: Geometries, *, margin: float, known: Collection[str], most: int | None = None
) -> list[StoredShape]:
    """The parcels in force within `margin` (in the drawing's units) of the places, `known` ones left out."""
    if not len(places_3857):
        return []
    values = {
        "county": county.code,
        "shapes": [shape.hex() for shape in ewkb(places_3857, WEB_MERCATOR)],
        "margin": margin,
        "known": list(known),
        "most": most,
    }
    return _shapes(read_rows(AROUND, values))


def facts(ids: Collection[int]) -> dict[int, StoredFacts]:
    """What the register says of these parcels, by id."""
    if not ids:
        return {}
    found = {}
    for number, *columns, planar_m2, holders in read_rows(FACTS, {"ids": list(ids)}):
        values = dict(zip(VALUES, columns, strict=True))
        values["registered_on"] = _day(values["registered_on"])
        values["registered_area_m2"] = _number(values["registered_area_m2"])
        values["aliases"] = list(values["aliases"])
        values["holders"] = holders or []
        found[number] = StoredFacts(number, planar_m2, values)
    return found


def roles_in(events: Collection[int]) -> dict[str, str]:
    """Code → the parcel's part in these events."""
    return dict(EventParcel.objects.filter(event__in=events).values_list("parcel__code", "role"))


@dataclass(frozen=True, slots=True)
class LastChange:
    """Who made the version of a row that stands now."""

    by: str
    at: Any
    reason: str
    kind: str


def last_changes(change_ids: Collection[int]) -> dict[int, LastChange]:
    """The authors of changes, by change; a change that made no event is named by its action (an import)."""
    kinds = dict(
        CadastralEvent.objects.filter(change_id__in=change_ids)
        .order_by("-id")
        .values_list("change_id", "kind")
    )
    rows = list(
        AuditEvent.objects.filter(id__in=change_ids).values_list("id", "actor", "at", "reason", "action")
    )
    names = names_of(actor for _, actor, *_ in rows)
    return {
        number: LastChange(names.get(actor, actor), at, reason, kinds.get(number, action))
        for number, actor, at, reason, action in rows
    }


def names_of(usernames: Iterable[str]) -> dict[str, str]:
    """Account → the person's name."""
    rows = User.objects.filter(username__in=set(usernames)).values_list("username", "display_name")
    return {username: name or username for username, name in rows}


def former_versions(seen: Mapping[int, int]) -> dict[int, tuple[shapely.Geometry, dict[str, Any]]]:
    """Parcel id → shape (4490) and facts in the version that somebody saw, where it was followed by another."""
    found = {}
    rows = ParcelVersion.objects.filter(parcel_id__in=seen, was_change_id__in=set(seen.values()))
    followed = [
        row
        for row in rows.select_related("ended_by").defer("geom_3857")
        if seen[row.parcel_id] == row.was_change_id
    ]
    ends = {
        "parcels": [row.parcel_id for row in followed],
        "changes": [row.ended_by.change_id for row in followed],
    }
    held = dict(read_rows(HELD_BEFORE, ends)) if followed else {}
    for row in followed:
        values = {name: getattr(row, name) for name in VALUES}
        values["registered_on"] = _day(values["registered_on"])
        values["registered_area_m2"] = _number(values["registered_area_m2"])
        values["holders"] = held.get(row.parcel_id, [])
        found[row.parcel_id] = (shapely.from_wkb(bytes(row.geom_4490.wkb)), values)
    return found


def _shapes(rows: Sequence[tuple[Any, ...]]) -> list[StoredShape]:
    geoms = shapely.from_wkb(np.array([bytes(row[5]) for row in rows], dtype=object))
    return [
        StoredShape(row[0], row[1], row[2], row[3], row[4], geom)
        for row, geom in zip(rows, geoms, strict=True)
    ]


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
