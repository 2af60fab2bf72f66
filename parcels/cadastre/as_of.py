"""The register as of a day: the parcels' present states and their former ones as one relation.

Refuses to mix days: whoever reads it limits the rows to those in force on one day, and then each parcel is there once.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from layers.catalog.rows import in_force_sql
from parcels.cadastre.parcel_rows import STATE

_COLUMNS = ", ".join(STATE)

# The columns of cadastre_parcel that are read anywhere, under its names; PostgreSQL looks into both tables by their indexes.
REGISTER = f"""(
    SELECT id, {_COLUMNS}, valid_to, change_id FROM cadastre_parcel
     UNION ALL
    SELECT parcel_id, {_COLUMNS}, valid_to, was_change_id FROM cadastre_parcel_version)"""


# The shape of a parcel `p` to be sent away: plain, without the system that all have.
SHAPE_SENT = "ST_AsBinary(p.geom_4490)"


# Of REGISTER `p`, what is known of a day that is over, each parcel once: those in force on the day as they were, and those
# that a delivery entered only later, as they were first, since their ground lay there all the same. What an event made
# later is the ground of those that it came from, and isn't counted twice. Needs %(on)s.
KNOWN_ON = """(p.valid_to IS NULL OR p.valid_to > %(on)s) AND (
        p.valid_from <= %(on)s
     OR (NOT EXISTS (SELECT FROM cadastre_parcel_version v WHERE v.parcel_id = p.id)
         OR NOT EXISTS (SELECT FROM cadastre_parcel_version v
                         WHERE v.parcel_id = p.id AND (v.valid_from, v.was_change_id) < (p.valid_from, p.change_id)))
        AND NOT EXISTS (SELECT FROM cadastre_event_parcel m
                         WHERE m.parcel_id = p.id AND m.role IN ('child', 'registered')))"""


def register_on(on: date | None) -> tuple[str, str, dict[str, Any]]:
    """What to read the parcels `p` of a day from, the condition for it, and its values; None = the present state."""
    if on is None or on >= timezone.localdate():
        return "cadastre_parcel", "p.valid_to IS NULL", {}
    return REGISTER, in_force_sql("p"), {"on": on}
