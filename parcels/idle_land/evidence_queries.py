"""The facts of papers and evidence, gathered for the rules: one statement for each kind, whatever the number of phases.

Refuses what wasn't known on the day: a paper of a later day is left out, a period is open until its end is known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, TypedDict

from django.db.backends.utils import CursorWrapper

from parcels.idle_land.causes import Cause
from parcels.idle_land.evidence import Foundation, Permit, Stoppage, Supplement


class Evidence(TypedDict, total=False):
    """The fields of `Facts` that papers and evidence fill."""

    supplements: tuple[Supplement, ...]
    permits: tuple[Permit, ...]
    foundations: tuple[Foundation, ...]
    stoppages: tuple[Stoppage, ...]
    causes: tuple[Cause, ...]


_OF_PHASE = """
SELECT x.phase_id, {columns} FROM {table} x
  JOIN supply_phase f ON f.id = x.phase_id JOIN supply_contract c ON c.id = f.contract_id
 WHERE c.county_id = %(territory_county)s AND x.{day} <= %(on)s
   AND (%(phases)s::bigint[] IS NULL OR f.id = ANY(%(phases)s))
 ORDER BY x.phase_id, x.{day}, x.id
"""
# A supplement without a phase of its own holds for every phase of its contract.
_SUPPLEMENTS = """
SELECT f.id, x.signed_on, x.agreement_no, x.agreed_delivery, x.agreed_start, x.agreed_completion
  FROM supply_supplement x
  JOIN supply_contract c ON c.id = x.contract_id
  JOIN supply_phase f ON f.contract_id = c.id AND (x.phase_id IS NULL OR x.phase_id = f.id)
 WHERE c.county_id = %(territory_county)s AND x.signed_on <= %(on)s
   AND (%(phases)s::bigint[] IS NULL OR f.id = ANY(%(phases)s))
 ORDER BY f.id, x.signed_on, x.id
"""
_KINDS: tuple[tuple[str, str, Any], ...] = (
    ("supplements", _SUPPLEMENTS, Supplement),
    (
        "permits",
        _OF_PHASE.format(table="supply_permit", columns="issued_on, permit_no", day="issued_on"),
        Permit,
    ),
    (
        "foundations",
        _OF_PHASE.format(table="supply_foundation", columns="kind, as_of, done, total", day="as_of"),
        Foundation,
    ),
    (
        "stoppages",
        _OF_PHASE.format(table="supply_stoppage", columns="last_built_on, resumed_on", day="last_built_on"),
        Stoppage,
    ),
    (
        "causes",
        _OF_PHASE.format(
            table="supply_cause",
            columns="cause, valid_from, valid_to, coalesce(verified_on <= %(on)s, false)",
            day="valid_from",
        ),
        Cause,
    ),
)


def evidence_by_phase(cursor: CursorWrapper, values: Mapping[str, Any]) -> dict[int, Evidence]:
    """Phase → its evidence by `values["on"]`; `values["phases"]` narrows it to these phases, None takes the county."""
    found: dict[int, dict[str, list[Any]]] = defaultdict(dict)
    for name, statement, build in _KINDS:
        cursor.execute(statement, values)
        for phase_id, *fields in cursor.fetchall():
            found[phase_id].setdefault(name, []).append(build(*fields))
    return {
        phase_id: Evidence(**{name: tuple(items) for name, items in kinds.items()})  # type: ignore[typeddict-item]
        for phase_id, kinds in found.items()
    }
