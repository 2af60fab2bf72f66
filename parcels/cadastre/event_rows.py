"""Writing events, who took part in them, and descent: a few statements however many there are.

Refuses nothing: the tables' own constraints and triggers do.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from landgis.counties.models import County
from landgis.lib.copying import copy_rows, take_ids
from parcels.cadastre.transitions import Document


def write_events(
    county: County,
    kinds: Sequence[str],
    *,
    on: date,
    by: str,
    reason: str,
    document: Document,
    findings: Sequence[dict[str, Any]] = (),
    warnings_reason: str = "",
    operations: Sequence[dict[str, Any]] = (),
    reverses: Sequence[int | None] | None = None,
) -> list[int]:
    """Enter the events of one change; returns their ids. What was sent and accepted stands once, with the first."""
    count = len(kinds)
    if not count:
        return []
    ids: list[int] = take_ids("cadastre_event", count).tolist()
    rest: list[list[Any]] = [[]] * (count - 1)
    copy_rows(
        "cadastre_event",
        {
            "id": ids,
            "county_id": [county.code] * count,
            "kind": list(kinds),
            "on": [on] * count,
            "by": [by] * count,
            "reason": [reason] * count,
            "document_kind": [document.kind] * count,
            "document_no": [document.no] * count,
            "document_date": [document.date] * count,
            "findings": [list(findings), *rest],
            "warnings_reason": [warnings_reason] * count,
            "operations": [list(operations), *rest],
            "reverses_id": list(reverses or [None] * count),
        },
    )
    return ids


def write_parts(parts: Sequence[tuple[int, int, str]]) -> None:
    """(event, parcel, role), each once."""
    if parts:
        events, parcels, roles = zip(*parts, strict=True)
        copy_rows("cadastre_event_parcel", {"event_id": events, "parcel_id": parcels, "role": roles})


def write_lineage(lines: Sequence[tuple[int, int, int, float | None]]) -> None:
    """(event, ancestor, descendant, common ground in ㎡)."""
    if lines:
        events, ancestors, descendants, areas = zip(*lines, strict=True)
        copy_rows(
            "cadastre_lineage",
            {"event_id": events, "ancestor_id": ancestors, "descendant_id": descendants, "area_m2": areas},
        )
