"""Correcting what a contract's own row or that of a phase states: agreed days, price, area, the review and its author.

Refuses to state what was agreed otherwise without the paper that says so, and by anybody but the bureau; what was there
before stays in the history.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from landgis.access.queries import Actor
from landgis.counties.models import County
from landgis.lib.errors import FieldErrors
from parcels.supply.contract_rules import CONTRACT, PHASE, told_changes, undocumented
from parcels.supply.fact_actions import checked, reported_phase, told_values, writing
from parcels.supply.fact_papers import Papers, keep_papers
from parcels.supply.models import ContractPhase, SupplyContract
from parcels.supply.rules import FactKind


def correct_phase(
    *,
    county: County,
    actor: Actor,
    phase_id: int,
    values: Mapping[str, Any],
    on: date,
    reason: str,
    document: str = "",
    papers: Papers = (),
) -> None:
    """State days, the review, investment or area of a phase otherwise; the others stay as they are."""
    phase = reported_phase(county, actor, phase_id)
    _correct(PHASE, phase, phase, county, actor, values, on, reason, document, papers)


def correct_contract(
    *,
    county: County,
    actor: Actor,
    phase_id: int,
    values: Mapping[str, Any],
    on: date,
    reason: str,
    document: str = "",
    papers: Papers = (),
) -> None:
    """State holder, place, use, area, price or day of the contract of a phase otherwise; it holds for all its phases."""
    phase = reported_phase(county, actor, phase_id)
    _correct(CONTRACT, phase.contract, phase, county, actor, values, on, reason, document, papers)


def _correct(
    kind: FactKind,
    row: ContractPhase | SupplyContract,
    phase: ContractPhase,
    county: County,
    actor: Actor,
    values: Mapping[str, Any],
    on: date,
    reason: str,
    document: str,
    papers: Papers,
) -> None:
    before = {field.name: getattr(row, field.name) for field in kind.fields}
    changed = told_changes(before, values)
    checked(kind, before | dict(values), actor, on, touched=dict.fromkeys(changed, True))
    if found := undocumented(kind, changed, document):
        raise FieldErrors(found)
    # The paper stands with the reason, so that it is read wherever the change is told.
    told = f"{reason}（依据：{document.strip()}）" if document.strip() else reason
    with writing(county, actor, f"correct_{kind.code}", told, phase, kind) as running:
        for name, value in values.items():
            setattr(row, name, value)
        row.save(update_fields=list(values))
        kept = keep_papers(county, actor, phase.contract, kind.code, row.pk, papers)
        running.summary.update(values=told_values(changed), papers=kept)
