"""Stating a milestone's days and indicators, and confirming or withholding its pass.

Refuses a verdict by whoever may only report, one against the rule's own arithmetic, and figures for indicators that the
county's parameters don't know at this milestone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from landgis.access.queries import Actor
from landgis.access.rules import MANAGE_IDLE_CASES, REPORT_FACTS
from landgis.counties.models import County
from landgis.lib.errors import FieldErrors, NotFound
from parcels.milestones.queries import of_phase, phase_of, recorded, rules_on
from parcels.milestones.rules import verdict_issues
from parcels.supply.fact_actions import correct_fact, enter_fact
from parcels.supply.rules import MILESTONES, RESULTS


def state_milestone(
    *,
    county: County,
    actor: Actor,
    phase_id: int,
    kind: str,
    values: Mapping[str, Any],
    on: date,
    reason: str,
) -> None:
    """Enter the milestone or correct what stands of it: days, promised and actual indicators, liability, evidence."""
    actor.require(REPORT_FACTS)
    phase = phase_of(county, actor, phase_id)
    if kind not in MILESTONES:
        raise NotFound(f"没有“{kind}”这个节点。", remedy=f"可选：{'、'.join(MILESTONES.values())}。")
    known = {i.code for i in rules_on(county, on).indicators if kind in i.milestones}
    for name in ("promised", "actual"):
        unknown = set(values.get(name) or {}) - known
        if unknown:
            told = f"{MILESTONES[kind]}没有指标“{'、'.join(sorted(unknown))}”，请核对参数 milestones.indicators。"
            raise FieldErrors([{"field": name, "message": told}])
    before = of_phase(phase).get(kind)
    if before is None:
        enter_fact(
            "milestone",
            county=county,
            actor=actor,
            phase_id=phase_id,
            values={"kind": kind, **values},
            on=on,
            reason=reason,
        )
        return
    correct_fact(
        "milestone", county=county, actor=actor, fact_id=before.pk, values=values, on=on, reason=reason
    )


def confirm_verdict(
    *,
    county: County,
    actor: Actor,
    phase_id: int,
    kind: str,
    result: str,
    remedy_until: date | None,
    on: date,
    reason: str,
) -> str:
    """Record the officer's verdict on a milestone that was reached; returns it in words."""
    actor.require_whole_county(MANAGE_IDLE_CASES)
    phase = phase_of(county, actor, phase_id)
    row = of_phase(phase).get(kind)
    if row is None:
        raise NotFound("该期还没有登记这个节点。", remedy="请先登记计划日期或实际日期。")
    indicators = rules_on(county, on).indicators
    if found := list(verdict_issues(recorded(row), result, remedy_until, on, indicators)):
        raise FieldErrors(found)
    correct_fact(
        "milestone",
        county=county,
        actor=actor,
        fact_id=row.pk,
        values={"result": result, "judged_by": actor.username, "remedy_until": remedy_until},
        on=on,
        reason=reason,
    )
    return f"{MILESTONES[kind]}：{RESULTS[result]}"
