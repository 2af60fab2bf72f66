"""Firms' use of land when parcels are divided, put together, retired, or a change of them is taken back.

Refuses to leave a use on a parcel that has ended: its row ends on the day, and goes on from the day on the descendants.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import shapely
from django.db import connection

from landgis.lib.columns import read_rows
from landgis.lib.copying import copy_rows
from landgis.lib.taking_back import DatedRows, TakenBack
from layers.geometry.encoded import ewkb
from parcels.cadastre.transitions import Decisions, Descent, TiedFact
from parcels.enterprises.rules import Ground, Use, carried

OCCUPANCIES = DatedRows("enterprises_occupancy", "parcel_id")
ROLES = {"owned": "自有", "leased_in": "租入", "unregistered": "未登记使用"}
CGCS2000 = 4490

TIED = """
SELECT o.id, o.parcel_id, e.name, o.role, o.area_m2, o.share, o.geom_4490 IS NOT NULL
  FROM enterprises_occupancy o JOIN enterprises_enterprise e ON e.id = o.enterprise_id
 WHERE o.parcel_id = ANY(%(parcels)s) AND (o.valid_to IS NULL OR o.valid_to > %(on)s)
 ORDER BY o.parcel_id, o.role, o.id
"""
USES = """
SELECT o.id, o.parcel_id, o.enterprise_id, o.role, o.lessor_id, o.area_m2, o.share, ST_AsBinary(o.geom_4490),
       o.valid_from, o.valid_to, o.county_id
  FROM enterprises_occupancy o
 WHERE o.parcel_id = ANY(%(parcels)s) AND (o.valid_to IS NULL OR o.valid_to > %(on)s)
 ORDER BY o.id FOR UPDATE
"""
GROUNDS = """
SELECT p.id, p.planar_area_m2, coalesce(p.registered_area_m2::float8, p.planar_area_m2),
       CASE WHEN p.id = ANY(%(drawn)s) THEN ST_AsBinary(p.geom_4490) END
  FROM cadastre_parcel p WHERE p.id = ANY(%(parcels)s)
"""
END = "UPDATE enterprises_occupancy SET valid_to = greatest(valid_from, %(on)s) WHERE id = ANY(%(ids)s)"


def tied(parcel_ids: Sequence[int], on: date) -> list[TiedFact]:
    """The uses of these parcels that a change on the day would move."""
    rows = read_rows(TIED, {"parcels": list(parcel_ids), "on": on})
    return [
        TiedFact(
            fact=f"occupancy:{number}",
            kind="occupancy",
            title=f"{name} {ROLES.get(role, role)} {_measure(area_m2, share)}",
            parcel_id=parcel,
            asked=not drawn,
            divisible=not drawn,
        )
        for number, parcel, name, role, area_m2, share, drawn in rows
    ]


def carry(descent: Descent, decisions: Decisions, on: date) -> int:
    """Move the uses of ended parcels to their descendants, inside the change that ended them; returns the new rows."""
    values = {"parcels": list(descent), "on": on}
    rows = read_rows(USES, values)
    if not rows:
        return 0
    uses = [Use(*[*row[:7], _shape(row[7]), *row[8:10]]) for row in rows]
    children = {child for parts in descent.values() for child, _ in parts}
    drawn = sorted(children) if any(use.geom_4490 is not None for use in uses) else []
    grounds = {
        parcel: Ground(planar, land, _shape(shape))
        for parcel, planar, land, shape in read_rows(
            GROUNDS, {"parcels": sorted(children | descent.keys()), "drawn": drawn}
        )
    }
    made = carried(uses, descent, grounds, decisions, on)
    with connection.cursor() as cursor:
        cursor.execute(END, {"ids": [use.id for use in uses], "on": on})
    if made:
        copy_rows("enterprises_occupancy", _columns(made, county_code=rows[0][10]))
    return len(made)


def later_changes(taken: TakenBack, parcel_ids: Sequence[int], ending: Sequence[int], on: date) -> set[int]:
    """Changes that have since replaced uses that the change wrote, or entered one on a parcel that is to end."""
    return OCCUPANCIES.later_changes(taken, parcel_ids, ending, on)


def carry_back(taken: TakenBack, parcel_ids: Sequence[int], ending: Sequence[int], on: date) -> None:
    """Undo from `on` what `carry` did in a change."""
    OCCUPANCIES.take_back(taken, parcel_ids, ending, on)


def _columns(uses: Sequence[Use], *, county_code: str) -> dict[str, Any]:
    plain = ("parcel_id", "enterprise_id", "role", "lessor_id", "area_m2", "share", "valid_from", "valid_to")
    columns: dict[str, Any] = {name: [getattr(use, name) for use in uses] for name in plain}
    shapes: list[bytes | None] = [None] * len(uses)
    drawn = [at for at, use in enumerate(uses) if use.geom_4490 is not None]
    if drawn:
        geoms = np.array([uses[at].geom_4490 for at in drawn], dtype=object)
        for at, shape in zip(drawn, ewkb(geoms, CGCS2000), strict=True):
            shapes[at] = shape
    return {"county_id": [county_code] * len(uses), **columns, "geom_4490": shapes}


def _measure(area_m2: Any, share: Any) -> str:
    if area_m2 is not None:
        return f"{area_m2:.2f} ㎡"
    if share is not None:
        return "整宗" if share == 1 else f"{float(share):.2%}"
    return "按图形"


def _shape(wkb: bytes | None) -> Any:
    return None if wkb is None else shapely.from_wkb(wkb)
