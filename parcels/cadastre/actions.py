"""Entering parcels and their holders into the register.

Refuses to overwrite: a parcel already in force under a code is the business of an event, not of a delivery.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection

from landgis.counties.models import County
from landgis.lib.copying import copy_rows
from parcels.cadastre.rules import holder_kind

HOLDINGS = """
INSERT INTO cadastre_holding (parcel_id, holder_id, share, valid_from)
SELECT p.id, h.id, 1, p.valid_from
  FROM unnest(%(codes)s::text[], %(names)s::text[], %(usccs)s::text[]) AS given(code, name, uscc)
  JOIN cadastre_parcel p ON p.county_id = %(county)s AND p.code = given.code AND p.valid_to IS NULL
  JOIN cadastre_holder h ON h.county_id = %(county)s AND h.name = given.name AND h.uscc = given.uscc
"""

HOLDERS = """
INSERT INTO cadastre_holder (county_id, name, uscc, kind)
SELECT %(county)s, given.name, given.uscc, given.kind
  FROM unnest(%(names)s::text[], %(usccs)s::text[], %(kinds)s::text[]) AS given(name, uscc, kind)
    ON CONFLICT (county_id, name, uscc) DO NOTHING
"""


def register_parcels(
    county: County,
    columns: Mapping[str, Sequence[Any]],
    *,
    holders: Sequence[str],
    usccs: Sequence[str],
    on: date,
) -> int:
    """Enter parcels (columns: Parcel's fields, geometry as hexadecimal EWKB), inside a declared change.

    A parcel is in force from the day of its registration, or from `on` where that isn't known. `holders` and `usccs` run beside the columns; '' = no holder. Returns how many parcels were entered.
    """
    count = len(columns["code"])
    valid_from = [day or on for day in columns["registered_on"]]
    copy_rows("cadastre_parcel", {**columns, "county_id": [county.code] * count, "valid_from": valid_from})
    held = [(c, n, u) for c, n, u in zip(columns["code"], holders, usccs, strict=True) if n]
    if held:
        known = sorted({(name, uscc) for _, name, uscc in held})
        with connection.cursor() as cursor:
            cursor.execute(
                HOLDERS,
                {
                    "county": county.code,
                    "names": [name for name, _ in known],
                    "usccs": [uscc for _, uscc in known],
                    "kinds": [holder_kind(name, uscc) for name, uscc in known],
                },
            )
            codes, names, numbers = (list(part) for part in zip(*held, strict=True))
            cursor.execute(
                HOLDINGS, {"county": county.code, "codes": codes, "names": names, "usccs": numbers}
            )
    return count
