"""On which changes the present state of parcels stands: the one that made it and, where that was a reversal, the one before
what it took back.

Refuses to call a parcel changed that a later change touched and a reversal has put back again.
"""

from __future__ import annotations

from collections.abc import Sequence

from landgis.lib.columns import read_rows
from landgis.lib.taking_back import TakenBack

# A reversal leaves a parcel as the change had left it that stood before the reversed one.
STANDING = """
WITH RECURSIVE standing (parcel, change) AS (
    SELECT p.id, p.change_id FROM cadastre_parcel p WHERE p.id = ANY(%(parcels)s)
     UNION
    SELECT s.parcel, before.change_id
      FROM standing s
      JOIN cadastre_event r ON r.change_id = s.change
      JOIN cadastre_event e ON e.id = r.reverses_id
      JOIN LATERAL (
           SELECT h.change_id FROM cadastre_parcel_history h
            WHERE h.pgh_obj_id = s.parcel AND h.ended_by = e.change_id AND h.change_id <> e.change_id
            ORDER BY h.pgh_id LIMIT 1) AS before ON true)
SELECT parcel, change FROM standing
"""
REVERSALS = """
SELECT DISTINCT e.change_id, r.change_id
  FROM cadastre_event r JOIN cadastre_event e ON e.id = r.reverses_id
 WHERE r.county_id = %(county)s AND r.change_id > %(since)s
"""


def standing_on(parcel_ids: Sequence[int]) -> dict[int, set[int]]:
    """For each parcel the changes that its present state stands on (one statement)."""
    found: dict[int, set[int]] = {parcel: set() for parcel in parcel_ids}
    for parcel, change in read_rows(STANDING, {"parcels": list(parcel_ids)}):
        found[parcel].add(change)
    return found


def taken_back(county_code: str, change_id: int) -> TakenBack:
    """A change with what was done and undone again since it; an undoing that was undone itself doesn't count."""
    reversed_by: dict[int, int] = dict(read_rows(REVERSALS, {"county": county_code, "since": change_id}))
    holds: dict[int, bool] = {}
    # A reversal comes after what it reverses: from the last one backwards, each knows whether it still holds.
    for reversal in sorted(reversed_by.values(), reverse=True):
        holds[reversal] = not holds.get(reversed_by.get(reversal, 0), False)
    undone = [change for change, reversal in reversed_by.items() if holds[reversal] and change > change_id]
    return TakenBack(change_id, tuple(undone), tuple(reversed_by[change] for change in undone))
