"""Which contract phases changes may have touched: in their own facts, their contract, or the parcel under them.

Refuses to look into audit texts: the rows themselves, and what history kept of them, say which change wrote them.
"""

from __future__ import annotations

from django.db import connection

# What every phase is judged by, or told with: a change there touches them all.
_EVERYWHERE = ("counties_county", "counties_parameter", "counties_town")
_FACTS = ("progress", "permit", "foundation", "stoppage", "cause", "milestone")

_OF_ALL = " OR ".join(
    f"EXISTS (SELECT 1 FROM {table} WHERE change_id = ANY(%(changes)s))"
    f" OR EXISTS (SELECT 1 FROM {table}_history WHERE ended_by = ANY(%(changes)s))"
    for table in _EVERYWHERE
)
_OF_FACTS = "\n UNION ".join(
    f"SELECT phase_id FROM supply_{name} WHERE change_id = ANY(%(changes)s)"
    f" UNION SELECT phase_id FROM supply_{name}_history WHERE ended_by = ANY(%(changes)s)"
    for name in _FACTS
)
# A supplement without a phase is of every phase; a parcel is a contract's by its code or by the tie.
TOUCHED = f"""
WITH contracts AS MATERIALIZED (
    SELECT id FROM supply_contract WHERE change_id = ANY(%(changes)s)
     UNION SELECT id FROM supply_contract_history WHERE ended_by = ANY(%(changes)s)
     UNION SELECT contract_id FROM supply_supplement WHERE change_id = ANY(%(changes)s)
     UNION SELECT contract_id FROM supply_supplement_history WHERE ended_by = ANY(%(changes)s)),
parcels AS MATERIALIZED (
    SELECT id, code FROM cadastre_parcel WHERE change_id = ANY(%(changes)s)
     UNION SELECT id, code FROM cadastre_parcel_history WHERE ended_by = ANY(%(changes)s))
SELECT id FROM supply_phase WHERE change_id = ANY(%(changes)s)
 UNION SELECT id FROM supply_phase_history WHERE ended_by = ANY(%(changes)s)
 UNION {_OF_FACTS}
 UNION SELECT f.id FROM supply_phase f JOIN contracts c ON c.id = f.contract_id
 UNION SELECT f.id FROM supply_phase f JOIN supply_contract c ON c.id = f.contract_id JOIN parcels p ON p.id = c.parcel_id
 UNION SELECT f.id FROM supply_phase f JOIN supply_contract c ON c.id = f.contract_id
         JOIN parcels p ON p.code = c.parcel_code
        WHERE c.parcel_code <> ''
"""


def phases_touched(changes: list[int]) -> list[int] | None:
    """The numbers of the phases; None: all of them, by the county's rules, towns or itself."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_OF_ALL}", {"changes": changes})
        (everywhere,) = cursor.fetchone()
        if everywhere:
            return None
        cursor.execute(TOUCHED, {"changes": changes})
        return [phase_id for (phase_id,) in cursor.fetchall()]
