"""The two verbs of editing: preview a change set, and save it whole or not at all.

Refuses to save over somebody else's change, what breaks a rule, a warning without its reason, and a tied fact unanswered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import shapely
from django.utils import timezone

from landgis.access.queries import Actor
from landgis.access.rules import EDIT_CADASTRE
from landgis.counties.models import County
from landgis.lib.errors import InputError, NotFound
from landgis.lib.units import m2_to_mu
from parcels.cadastre.components import Planned, planned_events
from parcels.cadastre.event_actions import apply_transition
from parcels.cadastre.lineage_models import EVENT_KINDS
from parcels.cadastre.numbering import cadastre_change, new_codes
from parcels.cadastre.reversal import reverse_change
from parcels.cadastre.transitions import Applied, Document
from parcels.editing import facts as tied_facts
from parcels.editing.conflicts import check_versions, require_versions
from parcels.editing.operations import Tolerances
from parcels.editing.outcome import Outcome, document_of, work_out
from parcels.editing.pieces import Piece, sent_shapes, shapes
from parcels.editing.queries import by_code, roles_in
from parcels.editing.rules import blocking, needs_reason, rulebook
from parcels.editing.schemas import ChangeSetIn, DocumentIn, ParcelPatchIn, stated
from parcels.editing.workbench import lay_out
from parcels.exchange.parcel_reading import expectations

ACTION = "change_set"
# What a parcel's part in a reversal comes to.
STATES = {
    "restored": "restored",
    "retired": "ended",
    "densified": "densified",
    "adjusted": "changed",
    "changed": "changed",
}


class RulesBroken(InputError):
    """Rules are broken, or warnings stand without the reason for accepting them; the findings are told."""

    def __init__(self, code: str, message: str, remedy: str, findings: list[dict[str, Any]]) -> None:
        super().__init__(code, message, remedy, field="warnings_reason" if code == "reason_needed" else "")
        self.findings = findings

    def as_json(self) -> dict[str, object]:
        return super().as_json() | {"findings": self.findings}


@dataclass(frozen=True, slots=True)
class Saved:
    """A change set as it was written."""

    change_id: int
    body: dict[str, Any]


def preview(county: County, actor: Actor, sent: ChangeSetIn) -> dict[str, Any]:
    """What the change set would come to, with everything that stands in its way; nothing is written."""
    actor.require_whole_county(EDIT_CADASTRE)
    outcome = _worked_out(county, sent, operations=stated(sent)["operations"])
    _give_codes(county, outcome)
    codes = {born.key: born.code for born in outcome.transition.born}
    tied = tied_facts.tied(outcome)
    states = _states(outcome)
    keys = {row.id: code for code, row in outcome.laid.stored.items()}
    born = [child.key for child in outcome.transition.born]
    events = [_event_told(plan, keys, born) for plan in planned_events(outcome.transition)]
    return {
        "crs": county.survey_crs,
        "on": outcome.on,
        "parcels": [
            _told(outcome, state, piece, codes.get(piece.key, piece.key), drawn)
            for (state, piece), drawn in zip(
                states, sent_shapes(shapes(piece for _, piece in states)), strict=True
            )
        ],
        "findings": [finding.as_json() for finding in outcome.findings],
        "facts": tied,
        "events": events,
        "can_save": bool(events) and not blocking(outcome.findings),
    }


def save(county: County, actor: Actor, sent: ChangeSetIn) -> Saved:
    """Do it: one transaction, one audit row, judged on the state that nobody else can change meanwhile."""
    actor.require_whole_county(EDIT_CADASTRE)
    _require_reason(sent.reason)
    operations = stated(sent)["operations"]
    with cadastre_change(
        county_code=county.code, by=actor.username, action=ACTION, reason=sent.reason
    ) as running:
        outcome = _worked_out(county, sent, operations=operations)
        require_versions(outcome.laid, sent.versions)
        _check_savable(outcome, sent)
        tied_facts.check(sent.facts, tied_facts.tied(outcome))
        _give_codes(county, outcome)
        transition = outcome.transition
        transition.document = document_of(sent.document)
        transition.attachments = tuple(sent.attachments)
        transition.findings = [finding.as_json() for finding in outcome.findings]
        transition.warnings_reason = sent.warnings_reason if transition.findings else ""
        transition.operations = operations
        applied = apply_transition(county, transition, by=actor.username, reason=sent.reason, running=running)
        tied_facts.carry(sent.facts, applied, outcome.on)
        running.summary["on"] = outcome.on.isoformat()
        running.summary["operations"] = len(operations)
    return Saved(running.id, _saved(outcome, applied, running.id))


def patch(county: County, actor: Actor, code: str, sent: ParcelPatchIn, *, seen: Sequence[int]) -> Saved:
    """A change set of one parcel, seen in one of the versions that were stated."""
    actor.require_whole_county(EDIT_CADASTRE)
    said = {**stated(sent), "operations": []}
    for name in ("geometry", "values"):
        value = said.pop(name, None)
        if value is not None:
            kind = "reshape" if name == "geometry" else "attributes"
            said["operations"].append({"kind": kind, "parcel": code, name: value})
    if not said["operations"]:
        raise InputError("nothing_changed", "请求没有写明要修改的属性或图形。", "请填写 values 或 geometry。")
    row = next(iter(by_code(county, [code])), None)
    if row is None:
        raise NotFound(f"没有宗地 {code}。", remedy="请核对宗地代码。")
    version = row.version if row.version in seen else seen[0]
    return save(county, actor, ChangeSetIn.model_validate({**said, "versions": {code: version}}))


def reverse(
    county: County, actor: Actor, change_id: int, *, reason: str, document: DocumentIn | None, on: date | None
) -> Saved:
    """Take a saved change back by a change of its own."""
    actor.require_whole_county(EDIT_CADASTRE)
    _require_reason(reason)
    applied = reverse_change(
        county,
        actor,
        change_id,
        reason=reason,
        on=on,
        document=document_of(document) if document else Document(),
        carriers=tied_facts.CARRIERS,
    )
    number = next(version for _, _, version in applied.parcels.values())
    roles = roles_in([event.id for event in applied.events])
    parcels = [
        {"key": code, "code": code, "state": STATES[roles[code]], "version": version}
        for _, code, version in applied.parcels.values()
    ]
    body = {
        "change_id": number,
        "on": on or timezone.localdate(),
        "events": _events(applied),
        "parcels": parcels,
        "findings": [],
    }
    return Saved(number, body)


def _require_reason(reason: str) -> None:
    if not reason:
        raise InputError("reason_missing", "没有填写变更原因。", "请填写变更原因后再保存。", field="reason")


def _worked_out(county: County, sent: ChangeSetIn, *, operations: list[dict[str, Any]]) -> Outcome:
    on = _day(sent.on)
    expected = expectations(county, timezone.localdate())
    book = rulebook(expected.parameters)
    tolerances = Tolerances(
        on_line_m=float(expected.parameters["edit.node_tolerance_m"]), gap_m=book["gap"].limits["width_m"]
    )
    laid = lay_out(
        county,
        operations,
        seen=list(sent.versions),
        tolerances=tolerances,
        before_replay=lambda laid: check_versions(county, laid, sent.versions),
    )
    outcome = work_out(county, laid, expected, book, on=on, how=sent.how)
    _check_day(outcome)
    return outcome


def _day(asked: date | None) -> date:
    today = timezone.localdate()
    if asked is not None and asked > today:
        raise InputError(
            "on_in_future", f"生效日期 {asked} 晚于今天。", "请填写今天或以前的日期。", field="on"
        )
    return asked or today


def _check_day(outcome: Outcome) -> None:
    """Not before the present version of a parcel began; the parcels' own rows are asked again when it is written."""
    concerned = [*outcome.laid.net.changed, *outcome.laid.net.ended, *outcome.laid.densified]
    late = [row for piece in concerned if (row := outcome.laid.stored[piece.key]).valid_from > outcome.on]
    if late:
        raise InputError(
            "on_too_early",
            f"生效日期 {outcome.on} 早于宗地 {late[0].code} 现状的起始日期 {late[0].valid_from}。",
            f"请填写 {max(row.valid_from for row in late)} 或以后的日期。",
            field="on",
        )


def _check_savable(outcome: Outcome, sent: ChangeSetIn) -> None:
    if not len(outcome.laid.net):
        raise InputError(
            "nothing_changed", "这些操作没有改变任何宗地。", "请先修改，再保存。", field="operations"
        )
    findings = [finding.as_json() for finding in outcome.findings]
    if blocking(outcome.findings):
        first = next(finding for finding in outcome.findings if finding.severity == "error")
        count = sum(finding.severity == "error" for finding in outcome.findings)
        more = f"（共 {count} 处错误）" if count > 1 else ""
        raise RulesBroken("rules_broken", f"{first.message}{more}", first.remedy, findings)
    if needs_reason(outcome.findings) and not sent.warnings_reason:
        raise RulesBroken(
            "reason_needed",
            f"有 {len(findings)} 处提示，保存前须说明理由：{outcome.findings[0].message}",
            "请逐条核对，确认无误后填写接受理由。",
            findings,
        )


def _give_codes(county: County, outcome: Outcome) -> None:
    """New parcels without a code get the next free one beside the largest parcel that they come from."""
    born = outcome.transition.born
    areas = {number: fact.planar_area_m2 for number, fact in outcome.facts.items()}
    wanting = [child for child in born if not child.code and child.sources]
    codes = {row.id: row.code for row in outcome.laid.stored.values()}
    beside = [codes[max(child.sources, key=lambda source: areas[source])] for child in wanting]
    given = [child.code for child in born if child.code]
    if wanting:
        for child, code in zip(wanting, new_codes(county, beside, given=given), strict=True):
            child.code = code


def _states(outcome: Outcome) -> list[tuple[str, Piece]]:
    """Every parcel that the change set concerns, with what becomes of it."""
    net, changed = outcome.laid.net, {piece.key for piece in outcome.laid.net.changed}
    return [
        *(("new", piece) for piece in net.born),
        *(("changed", piece) for piece in net.changed),
        *(("restored", piece) for piece in net.restored),
        *(("densified", piece) for piece in outcome.laid.densified if piece.key not in changed),
        *(("ended", piece) for piece in net.ended),
    ]


def _event_told(plan: Planned, keys: dict[int, str], born: list[str]) -> dict[str, Any]:
    """What ends and what comes of it; neighbours that only take over vertices are told where nothing else changes."""
    parents = [keys[parcel] for parcel, role in plan.stored if role in ("parent", "retired")]
    beside = [keys[parcel] for parcel, role in plan.stored if role == "densified"]
    others = [keys[parcel] for parcel, _ in plan.stored if keys[parcel] not in (*parents, *beside)]
    children = [*others, *(born[at] for at, _ in plan.born)]
    return {
        "kind": plan.kind,
        "title": EVENT_KINDS[plan.kind],
        "parents": parents,
        "children": children if parents or children else beside,
    }


def _told(outcome: Outcome, state: str, piece: Piece, code: str, drawn: dict[str, Any]) -> dict[str, Any]:
    values = outcome.values[piece.key]
    planar_m2 = float(shapely.area(piece.geom))
    registered = values.get("registered_area_m2")
    return {
        "key": piece.key,
        "code": code,
        "state": state,
        "version": outcome.laid.stored[piece.key].version if piece.stored else None,
        "sources": [] if state == "densified" else sorted(piece.sources),
        "geometry": None if state == "ended" else drawn,
        "planar_area_m2": planar_m2,
        "area_mu": float(m2_to_mu(planar_m2 if registered is None else registered)),
        "registered_area_m2": registered,
        "values": {**values, "code": code},
    }


def _saved(outcome: Outcome, applied: Applied, change_id: int) -> dict[str, Any]:
    parcels = []
    for state, piece in _states(outcome):
        _, code, version = applied.parcels[piece.key]
        parcels.append({"key": piece.key, "code": code, "state": state, "version": version})
    return {
        "change_id": change_id,
        "on": outcome.on,
        "events": _events(applied),
        "parcels": parcels,
        "findings": [finding.as_json() for finding in outcome.findings],
    }


def _events(applied: Applied) -> list[dict[str, Any]]:
    return [
        {"id": event.id, "kind": event.kind, "title": EVENT_KINDS[event.kind]} for event in applied.events
    ]
