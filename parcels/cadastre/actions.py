"""Entering parcels and their holders into the register.

Refuses to overwrite: a parcel already in force under a code is the business of an event, not of a delivery.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
from django.db import connection

from landgis.counties.models import County
from landgis.lib.columns import read_rows
from landgis.lib.copying import Column, copy_rows, take_ids
from parcels.cadastre.models import Holder
from parcels.cadastre.rules import holder_kind

GIVEN = """
CREATE TEMP TABLE cadastre_holder_given (name text, uscc text) ON COMMIT DROP
"""

KNOWN_HOLDERS = """
SELECT h.name, h.uscc, h.id
  FROM cadastre_holder_given given
  JOIN cadastre_holder h ON h.county_id = %(county)s AND h.name = given.name AND h.uscc = given.uscc
"""

# Nobody else enters a holder until this change has ended, so that one who isn't known now isn't known then either.
ALONE = "LOCK TABLE cadastre_holder IN SHARE ROW EXCLUSIVE MODE"

WHOLE = Decimal(1)


def register_parcels(
    county: County,
    columns: Mapping[str, Any],
    *,
    holders: Sequence[str],
    usccs: Sequence[str],
    on: date,
) -> int:
    """Enter parcels (columns: Parcel's fields, geometry as EWKB), inside a declared change.

    A parcel is in force from the day of its registration, or from `on` where that isn't known. `holders` and
    `usccs` run beside the columns; '' = no holder. Returns how many parcels were entered.
    """
    count = len(columns["code"])
    ids = take_ids("cadastre_parcel", count)
    valid_from = [day or on for day in columns["registered_on"]]
    own: dict[str, Column] = {"id": ids, "county_id": [county.code] * count, "valid_from": valid_from}
    copy_rows("cadastre_parcel", {**columns, **own})
    held = np.flatnonzero([name != "" for name in holders])
    if len(held):
        named = [(holders[i], usccs[i]) for i in held.tolist()]
        known = _holder_ids(county, list(dict.fromkeys(named)))
        copy_rows(
            "cadastre_holding",
            {
                "parcel_id": ids[held],
                "holder_id": np.array([known[holder] for holder in named], dtype=np.int64),
                "share": [WHOLE] * len(held),
                "valid_from": [valid_from[i] for i in held.tolist()],
            },
        )
    return count


def _holder_ids(county: County, holders: Sequence[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """The number of each holder (name, USCC; each once), entered where the register didn't know it."""
    with connection.cursor() as cursor:
        cursor.execute(ALONE)
    # A county's first delivery knows nobody.
    found = _known_holders(county, holders) if Holder.objects.filter(county=county).exists() else {}
    fresh = [holder for holder in holders if holder not in found]
    if fresh:
        names, usccs = zip(*fresh, strict=True)
        ids = take_ids("cadastre_holder", len(fresh))
        new: dict[str, Column] = {
            "id": ids,
            "county_id": [county.code] * len(fresh),
            "name": names,
            "uscc": usccs,
            "kind": [holder_kind(name, uscc) for name, uscc in fresh],
        }
        copy_rows("cadastre_holder", new)
        found.update(zip(fresh, ids.tolist(), strict=True))
    return found


def _known_holders(county: County, holders: Sequence[tuple[str, str]]) -> dict[tuple[str, str], int]:
    names, usccs = zip(*holders, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(GIVEN)
        copy_rows("cadastre_holder_given", {"name": names, "uscc": usccs})
        rows = read_rows(KNOWN_HOLDERS, {"county": county.code})
        cursor.execute("DROP TABLE cadastre_holder_given")
    return {(name, uscc): number for name, uscc, number in rows}
