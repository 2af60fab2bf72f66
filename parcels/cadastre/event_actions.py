"""What happens to parcels, written down: the register's rows, the events, descent and rights, all in one change.

Refuses a parcel that isn't in force (or, to be restored, one that is), and a day before a parcel's present state began.
Facts that other rooms keep of a parcel are carried by those rooms, from the descent that is handed back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from django.db import IntegrityError, connection, transaction

from landgis.audit.change import Change
from landgis.counties.models import County
from landgis.lib.errors import InputError
from layers.geometry.transform import CGCS2000, transform_geometries
from parcels.cadastre.components import Planned, planned_events
from parcels.cadastre.event_rows import write_events, write_lineage, write_parts
from parcels.cadastre.holding_actions import (
    bring_back_holdings,
    end_holdings,
    inherit_holdings,
    state_holdings,
)
from parcels.cadastre.numbering import hold_county, used_codes
from parcels.cadastre.parcel_rows import (
    Stored,
    begin_parcels,
    bring_back_parcels,
    change_parcels,
    end_parcels,
    keep_states,
    locked,
)
from parcels.cadastre.transitions import Applied, Descent, EventMade, Transition

# Own uploads, and papers of the parcels concerned: nobody takes what another is preparing a change with.
TIE = """
UPDATE cadastre_attachment SET event_id = %(event)s
 WHERE county_id = %(county)s AND id = ANY(%(ids)s) AND event_id IS NULL
   AND (uploaded_by = %(by)s OR parcel_id = ANY(%(parcels)s))
"""
_NEARLY_ALL = 1e-4  # what is lacking is the sagitta of long edges, not ground

Edge = tuple[int, int, float | None]  # ancestor, descendant, common ground in ㎡


def apply_transition(
    county: County, transition: Transition, *, by: str, reason: str, running: Change
) -> Applied:
    """Write a transition inside an open `change`: a fixed number of statements, whatever the number of parcels."""
    hold_county(county.code)
    sources = sorted({parcel for born in transition.born for parcel in born.sources})
    changed = [parcel.parcel_id for parcel in transition.changed]
    touched = sorted({*sources, *changed, *transition.ended, *transition.restored})
    stored = locked(county, touched, shapes=sources)
    _check(transition, stored, touched)
    planned = planned_events(transition)
    events = write_events(
        county,
        [event.kind for event in planned],
        on=transition.on,
        by=by,
        reason=reason,
        document=transition.document,
        findings=transition.findings,
        warnings_reason=transition.warnings_reason,
        operations=transition.operations,
    )
    born = _write_parcels(county, transition, planned, events, by=by, source=f"变更 {running.id}")
    edges = _common_ground(county, transition, stored, born)
    write_parts(
        [
            (event, parcel, role)
            for event, plan in zip(events, planned, strict=True)
            for parcel, role in [*plan.stored, *((born[at], role) for at, role in plan.born)]
        ]
    )
    _write_lineage(planned, events, born, edges)
    _write_holdings(county, transition, born, edges)
    _tie_attachments(county, transition.attachments, events, touched, by=by)
    made = [EventMade(event, plan.kind) for event, plan in zip(events, planned, strict=True)]
    parcels = {
        stored[parcel].code: (parcel, stored[parcel].code, running.id) for parcel in _written(transition)
    }
    parcels |= {
        parcel.key: (number, parcel.code, running.id)
        for parcel, number in zip(transition.born, born, strict=True)
    }
    running.summary["events"] = [{"id": event.id, "kind": event.kind} for event in made]
    running.summary["parcels"] = sorted({code for _, code, _ in parcels.values()})
    return Applied(made, parcels, _descent(transition, stored, edges))


def _written(transition: Transition) -> list[int]:
    changed = [parcel.parcel_id for parcel in transition.changed]
    return [*changed, *transition.ended, *transition.restored]


def _check(transition: Transition, stored: Mapping[int, Stored], touched: Sequence[int]) -> None:
    if missing := [parcel for parcel in touched if parcel not in stored]:
        raise InputError("parcel_unknown", f"登记库中没有编号为 {missing[0]} 的宗地。", "请刷新后重试。")
    written = _written(transition)
    if len(set(written)) < len(written):
        raise ValueError("a parcel is changed twice in one transition")
    restored = set(transition.restored)
    for parcel in map(stored.__getitem__, touched):
        if parcel.id in restored:
            if parcel.valid_to is None:
                raise InputError(
                    "parcel_in_force", f"宗地 {parcel.code} 仍在册，不需恢复。", "请刷新后重试。"
                )
        elif parcel.valid_to is not None:
            raise InputError(
                "parcel_ended", f"宗地 {parcel.code} 已于 {parcel.valid_to} 失效。", "请刷新后改用现行宗地。"
            )
        since = parcel.valid_to or parcel.valid_from
        if transition.on < since:
            raise InputError(
                "on_too_early",
                f"生效日期 {transition.on} 早于宗地 {parcel.code} 现状的起始日期 {since}。",
                f"请填写 {since} 或以后的日期。",
                field="on",
            )


def _write_parcels(
    county: County,
    transition: Transition,
    planned: Sequence[Planned],
    events: Sequence[int],
    *,
    by: str,
    source: str,
) -> list[int]:
    """The register's rows; returns the ids of the new parcels, in the transition's order."""
    event_of = {
        parcel: event for event, plan in zip(events, planned, strict=True) for parcel, _ in plan.stored
    }
    replaced = [*(parcel.parcel_id for parcel in transition.changed), *transition.restored]
    bring_back_holdings(transition.restored, transition.on)
    keep_states({parcel: event_of[parcel] for parcel in replaced}, transition.on)
    change_parcels(transition.changed, transition.on)
    end_parcels(transition.ended, transition.on, by=by)
    bring_back_parcels(transition.restored, transition.on)
    try:
        with transaction.atomic():
            return begin_parcels(county, transition.born, transition.on, source=source)
    except IntegrityError as error:
        if "parcel_code_once" not in str(error):
            raise
        given = [parcel.code for parcel in transition.born]
        known = sorted(used_codes(county, given))
        raise InputError(
            "code_used",
            f"宗地代码 {'、'.join(known)} 已被使用过，不能再用。",
            "请改用新的宗地代码；失效宗地的代码也不得重复使用。",
            field="code",
        ) from None


def _common_ground(
    county: County, transition: Transition, stored: Mapping[int, Stored], born: Sequence[int]
) -> list[Edge]:
    """Each new parcel with each of its sources, and the ground that they share, in the survey CRS."""
    pairs = [(parcel, at) for at, child in enumerate(transition.born) for parcel in child.sources]
    if not pairs:
        return []
    ids = sorted({parcel for parcel, _ in pairs})
    old = np.array([stored[parcel].geom_4490 for parcel in ids], dtype=object)
    new = np.array([child.geom_4490 for child in transition.born], dtype=object)
    planar = transform_geometries(np.concatenate([old, new]), CGCS2000, county.survey_crs)
    place = {parcel: at for at, parcel in enumerate(ids)}
    of_old = planar[[place[parcel] for parcel, _ in pairs]]
    of_new = planar[[len(ids) + at for _, at in pairs]]
    common = shapely.area(shapely.intersection(of_old, of_new)).tolist()
    return [(parcel, born[at], area or None) for (parcel, at), area in zip(pairs, common, strict=True)]


def _write_lineage(
    planned: Sequence[Planned], events: Sequence[int], born: Sequence[int], edges: Sequence[Edge]
) -> None:
    event_of = {born[at]: event for event, plan in zip(events, planned, strict=True) for at, _ in plan.born}
    write_lineage([(event_of[child], parent, child, area) for parent, child, area in edges])


def _write_holdings(
    county: County, transition: Transition, born: Sequence[int], edges: Sequence[Edge]
) -> None:
    """Stated holders go before inherited ones."""
    on = transition.on
    stated = {
        parcel.parcel_id: parcel.values["holders"]
        for parcel in transition.changed
        if "holders" in parcel.values
    }
    stated |= {
        number: child.values["holders"]
        for child, number in zip(transition.born, born, strict=True)
        if "holders" in child.values
    }
    ended = set(transition.ended)
    inherit_holdings([edge for edge in edges if edge[1] not in stated and edge[0] in ended], on)
    end_holdings(transition.ended, on)
    state_holdings(county, stated, on)


def _tie_attachments(
    county: County, attachments: Sequence[int], events: Sequence[int], parcels: Sequence[int], *, by: str
) -> None:
    if not attachments or not events:
        return
    wanted = sorted(set(attachments))
    with connection.cursor() as cursor:
        values: dict[str, Any] = {
            "event": events[0],
            "county": county.code,
            "ids": wanted,
            "by": by,
            "parcels": list(parcels),
        }
        cursor.execute(TIE, values)
        if cursor.rowcount != len(wanted):
            raise InputError(
                "attachment_unknown",
                "附件不存在、由他人上传且不属于所涉宗地，或已用于另一变更。",
                "请自行上传附件后再保存。",
                field="attachments",
            )


def _descent(transition: Transition, stored: Mapping[int, Stored], edges: Sequence[Edge]) -> Descent:
    descent: Descent = {parcel: [] for parcel in transition.ended}
    for parent, child, area in edges:
        if parent in descent:
            descent[parent].append((child, (area or 0.0) / stored[parent].planar_area_m2))
    for parent, parts in descent.items():
        whole = sum(part for _, part in parts)
        if abs(whole - 1) < _NEARLY_ALL:
            descent[parent] = [(child, part / whole) for child, part in parts]
    return descent
