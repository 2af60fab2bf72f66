"""Supply contracts when the parcels under them are divided, put together, or a change of them is taken back.

Refuses to rewrite a contract: its own parcel code stays what the paper says, only the parcel it is tied to moves on. A
retired parcel without descendants keeps its contracts.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection

from landgis.lib.columns import read_rows
from landgis.lib.taking_back import TakenBack
from parcels.cadastre.transitions import Decisions, Descent, TiedFact

FACT = "contract:"

TIED = """
SELECT c.id, c.parcel_id, coalesce(nullif(c.contract_no, ''), c.supervision_no)
  FROM supply_contract c WHERE c.parcel_id = ANY(%(parcels)s)
 ORDER BY c.parcel_id, c.id
"""
MOVE = """
WITH decided AS (
    SELECT * FROM unnest(%(contracts)s::bigint[], %(chosen)s::bigint[]) AS d (contract, child)),
usual AS (
    SELECT * FROM unnest(%(parents)s::bigint[], %(largest)s::bigint[]) AS g (parent, child)),
target AS (
    SELECT c.id, coalesce(d.child, g.child) AS child
      FROM usual g
      JOIN supply_contract c ON c.parcel_id = g.parent
      LEFT JOIN decided d ON d.contract = c.id)
UPDATE supply_contract c SET parcel_id = p.id, town_code = p.town_code
  FROM target t JOIN cadastre_parcel p ON p.id = t.child
 WHERE c.id = t.id
"""
# As the change found it: the oldest state that it replaced.
MOVE_BACK = """
UPDATE supply_contract c SET parcel_id = h.parcel_id, town_code = h.town_code
  FROM (SELECT DISTINCT ON (h.id) h.id, h.parcel_id, h.town_code
          FROM supply_contract_history h
         WHERE h.parcel_id = ANY(%(parcels)s) AND h.ended_by = %(change)s AND h.change_id <> %(change)s
         ORDER BY h.id, h.pgh_id) h
 WHERE c.id = h.id AND c.change_id = ANY(%(ours)s)
"""
LATER = """
SELECT h.ended_by FROM supply_contract_history h
 WHERE h.parcel_id = ANY(%(parcels)s) AND h.change_id = ANY(%(ours)s) AND NOT h.ended_by = ANY(%(passed)s)
 UNION
SELECT c.change_id FROM supply_contract c WHERE c.parcel_id = ANY(%(ending)s) AND c.change_id > %(change)s
   AND NOT c.change_id = ANY(%(passed)s)
"""


def tied(parcel_ids: Sequence[int], on: date) -> list[TiedFact]:
    """The contracts of these parcels: with several descendants the officer says which one has it."""
    return [
        TiedFact(f"{FACT}{number}", "contract", f"合同 {name}", parcel, asked=True, divisible=False)
        for number, parcel, name in read_rows(TIED, {"parcels": list(parcel_ids)})
    ]


def carry(descent: Descent, decisions: Decisions, on: date) -> int:
    """Tie the contracts of ended parcels to a descendant: the one decided, else the one with most of the ground."""
    largest = {parent: max(parts, key=lambda part: part[1])[0] for parent, parts in descent.items() if parts}
    if not largest:
        return 0
    decided = {
        int(fact.removeprefix(FACT)): child
        for fact, child in decisions.items()
        if fact.startswith(FACT) and isinstance(child, int)
    }
    with connection.cursor() as cursor:
        cursor.execute(
            MOVE,
            {
                "parents": list(largest),
                "largest": list(largest.values()),
                "contracts": list(decided),
                "chosen": list(decided.values()),
            },
        )
        return int(cursor.rowcount)


def later_changes(taken: TakenBack, parcel_ids: Sequence[int], ending: Sequence[int], on: date) -> set[int]:
    """Changes that have since replaced contracts that the change moved, or tied one to a parcel that is to end."""
    values = {
        "change": taken.change_id,
        "ours": taken.ours,
        "passed": taken.passed,
        "parcels": list(parcel_ids),
        "ending": list(ending),
    }
    return {number for (number,) in read_rows(LATER, values)}


def carry_back(taken: TakenBack, parcel_ids: Sequence[int], ending: Sequence[int], on: date) -> None:
    """Tie contracts again to the parcels that a change took them from."""
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"change": taken.change_id, "ours": taken.ours, "parcels": list(parcel_ids)}
        cursor.execute(MOVE_BACK, values)
