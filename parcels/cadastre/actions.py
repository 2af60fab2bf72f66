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

GIVEN = """
CREATE TEMP TABLE cadastre_holding_given (code text, name text, uscc text, kind text) ON COMMIT DROP
"""

HOLDINGS = """
INSERT INTO cadastre_holding (parcel_id, holder_id, share, valid_from)
SELECT p.id, h.id, 1, p.valid_from
  FROM cadastre_holding_given given
  JOIN cadastre_parcel p ON p.county_id = %(county)s AND p.code = given.code AND p.valid_to IS NULL
  JOIN cadastre_holder h ON h.county_id = %(county)s AND h.name = given.name AND h.uscc = given.uscc
"""

HOLDERS = """
INSERT INTO cadastre_holder (county_id, name, uscc, kind)
SELECT DISTINCT ON (name, uscc) %(county)s, name, uscc, kind
  FROM cadastre_holding_given
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
    """Enter parcels (columns: Parcel's fields, geometry as EWKB), inside a declared change.

    A parcel is in force from the day of its registration, or from `on` where that isn't known. `holders` and
    `usccs` run beside the columns; '' = no holder. Returns how many parcels were entered.
    """
    count = len(columns["code"])
    valid_from = [day or on for day in columns["registered_on"]]
    copy_rows("cadastre_parcel", {**columns, "county_id": [county.code] * count, "valid_from": valid_from})
    held = [(c, n, u) for c, n, u in zip(columns["code"], holders, usccs, strict=True) if n]
    if held:
        codes, names, numbers = (list(part) for part in zip(*held, strict=True))
        kinds = [holder_kind(name, uscc) for name, uscc in zip(names, numbers, strict=True)]
        with connection.cursor() as cursor:
            cursor.execute(GIVEN)
            copy_rows(
                "cadastre_holding_given", {"code": codes, "name": names, "uscc": numbers, "kind": kinds}
            )
            for statement in (HOLDERS, HOLDINGS):
                cursor.execute(statement, {"county": county.code})
            cursor.execute("DROP TABLE cadastre_holding_given")
    return count
