"""The same facts written into many parcels at once: former states kept, one event, a few statements however many.

Refuses facts that are a parcel's own (its code, its shape): those change one parcel at a time, by a transition.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection
from psycopg import sql

from landgis.audit.change import Change
from landgis.counties.models import County
from parcels.cadastre.event_rows import write_events, write_parts
from parcels.cadastre.holding_actions import state_holdings
from parcels.cadastre.parcel_rows import FACTS, keep_states
from parcels.cadastre.transitions import Document, EventMade

KIND = "attribute_change"


def change_attributes(
    county: County,
    parcel_ids: Sequence[int],
    values: Mapping[str, Any],
    holders: Sequence[Mapping[str, Any]] | None,
    *,
    on: date,
    by: str,
    reason: str,
    running: Change,
    document: Document | None = None,
) -> EventMade:
    """Write `values` (Parcel's fields), and `holders` unless None, into parcels in force, inside an open `change`.

    The caller holds the county (`numbering.hold_county`) and has seen that no present state begins after `on`.
    """
    told = {name: value for name, value in values.items() if name in FACTS}
    assert told.keys() == values.keys(), "a parcel's own facts aren't written into many"
    (event,) = write_events(
        county,
        [KIND],
        on=on,
        by=by,
        reason=reason,
        document=document or Document(),
        operations=[{"kind": "attributes", "parcels": len(parcel_ids), "fields": sorted(told)}],
    )
    keep_states(dict.fromkeys(parcel_ids, event), on)
    _write(parcel_ids, told, on)
    if holders is not None:
        state_holdings(county, dict.fromkeys(parcel_ids, holders), on)
    write_parts([(event, parcel, "changed") for parcel in parcel_ids])
    made = EventMade(event, KIND)
    running.summary["events"] = [{"id": made.id, "kind": made.kind}]
    running.summary["changed"] = len(parcel_ids)
    return made


def _write(parcel_ids: Sequence[int], values: Mapping[str, Any], on: date) -> None:
    """A change of holders alone gives the parcel a new version too."""
    assign = [sql.SQL("{} = {}").format(sql.Identifier(name), sql.Placeholder(name)) for name in values]
    statement = sql.SQL("UPDATE cadastre_parcel SET {} WHERE id = ANY({})").format(
        sql.SQL(", ").join([*assign, sql.SQL("valid_from = %(version_from)s")]), sql.Placeholder("parcel_ids")
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, {**values, "version_from": on, "parcel_ids": list(parcel_ids)})
