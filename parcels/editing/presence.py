"""Who else has a parcel open for editing, told by a heartbeat.

Refuses to remember: whoever hasn't been heard of for a minute is gone, and nothing of it is audited.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from landgis.access.queries import Actor
from landgis.access.rules import EDIT_CADASTRE
from landgis.counties.models import County
from parcels.editing.models import EditingPresence

FORGOTTEN_AFTER = timedelta(seconds=60)

# Rows that another report holds are left to the next one: two that wait for each other would both fail.
GONE = """
DELETE FROM editing_presence
 WHERE id IN (
       SELECT id FROM editing_presence
        WHERE seen_at < %(forgotten)s
           OR (county_id = %(county)s AND username = %(username)s AND NOT parcel_code = ANY(%(codes)s))
          FOR UPDATE SKIP LOCKED)
"""
HERE = """
INSERT INTO editing_presence (county_id, parcel_code, username, display_name, since, seen_at)
SELECT %(county)s, code, %(username)s, %(name)s, %(now)s, %(now)s
  FROM (SELECT DISTINCT unnest(%(codes)s::text[]) AS code ORDER BY 1) AS given
    ON CONFLICT (county_id, parcel_code, username)
    DO UPDATE SET seen_at = excluded.seen_at, display_name = excluded.display_name
"""


def report(county: County, actor: Actor, codes: Sequence[str]) -> list[dict[str, Any]]:
    """Say which parcels one has open (none = gone); the others who have any open are told."""
    actor.require_whole_county(EDIT_CADASTRE)
    now = timezone.now()
    values: dict[str, Any] = {
        "county": county.code,
        "username": actor.username,
        "name": actor.display_name or actor.username,
        "codes": list(codes),
        "now": now,
        "forgotten": now - FORGOTTEN_AFTER,
    }
    with connection.cursor() as cursor:
        cursor.execute(GONE, values)
        if codes:
            cursor.execute(HERE, values)
    return [
        {"parcel": row.parcel_code, "username": row.username, "name": row.display_name, "since": row.since}
        for row in _present(county).exclude(username=actor.username).order_by("parcel_code", "since")
    ]


def editors_of(county: County, actor: Actor, codes: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    """The others at each of the parcels."""
    found: dict[str, list[dict[str, Any]]] = {}
    rows = _present(county).exclude(username=actor.username).order_by("since")
    wanted = set(codes)
    for row in rows:
        if row.parcel_code in wanted:
            found.setdefault(row.parcel_code, []).append({"name": row.display_name, "since": row.since})
    return found


def _present(county: County) -> Any:
    return EditingPresence.objects.filter(county=county, seen_at__gte=timezone.now() - FORGOTTEN_AFTER)
