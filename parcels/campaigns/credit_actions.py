"""Crediting ground to a ledger, and taking a credit back.

Refuses ground that another credit of the ledger holds, a credit before the work is done, and a claim without evidence.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import shapely
from django.db import transaction
from django.utils import timezone

from landgis.access.queries import Actor
from landgis.access.rules import MANAGE_CAMPAIGNS
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.lib.days import not_ahead
from landgis.lib.errors import Conflict, InputError, NotFound
from parcels.campaigns import queries
from parcels.campaigns.claims import Credited, credited
from parcels.campaigns.ground import hold_ledger, project_of, sliver_m2, stored, within
from parcels.campaigns.models import Credit, Project
from parcels.campaigns.rules import LEDGERS, stage_of


def credit_ground(
    *,
    county: County,
    actor: Actor,
    project_id: int,
    on: date,
    evidence: str,
    reason: str,
    claim_4490: shapely.Geometry | None = None,
) -> Credit:
    """Credit a project's ground (or the part that is claimed) to its ledger; ground that another credit holds is left out.

    A claim of which nothing is left is refused and names the projects that hold it.
    """
    actor.require_whole_county(MANAGE_CAMPAIGNS)
    if not evidence.strip():
        raise InputError(
            "evidence_missing", "入账必须写明佐证材料。", "请填写收储协议、验收单等的编号。", field="evidence"
        )
    # One claim after the other: the second sees what the first was given.
    with transaction.atomic():
        project = project_of(county, actor, project_id)
        hold_ledger(county, project.ledger)
        with change(
            county_code=county.code,
            by=actor.username,
            action="credit_ground",
            reason=reason,
            project=project.pk,
        ) as running:
            claim, found, told = _worth(county, project, on, claim_4490)
            if found.geom_4490 is None:
                holders = "、".join(sorted({str(one["project_no"]) for one in told})) or "其他项目"
                raise Conflict(
                    f"该范围已由 {holders} 计入{LEDGERS[project.ledger]}台账，不能重复计算。",
                    code="ground_credited",
                    remedy="同一块地在同一台账只计一次；前一笔有误的，请先冲销。",
                )
            made = Credit.objects.create(
                county=county,
                project=project,
                ledger=project.ledger,
                town_code=project.town_code,
                on=on,
                claimed_4490=stored(claim),
                claimed_m2=found.claimed_m2,
                geom_4490=stored(found.geom_4490),
                area_m2=found.area_m2,
                held=told,
                evidence=evidence.strip(),
                recorded_by=actor.username,
                reason=reason,
            )
            running.summary.update(credit=made.pk, area_m2=found.area_m2, held=told)
    return made


def preview_credit(
    *, county: County, actor: Actor, project_id: int, on: date, claim_4490: shapely.Geometry | None = None
) -> tuple[Credited, list[dict[str, Any]]]:
    """What a claim would be credited now and who holds the rest of it; nothing is written."""
    actor.require_whole_county(MANAGE_CAMPAIGNS)
    with transaction.atomic():
        _, found, told = _worth(county, project_of(county, actor, project_id), on, claim_4490)
    return found, told


def reverse_credit(
    *, county: County, actor: Actor, credit_id: int, on: date, evidence: str, reason: str
) -> Credit:
    """Take a credit back from a day on; the row stays, and its ground is free for another claim from that day on."""
    actor.require_whole_county(MANAGE_CAMPAIGNS)
    if not evidence.strip():
        raise InputError(
            "evidence_missing", "冲销必须写明依据。", "请填写依据文号或者说明。", field="evidence"
        )
    not_ahead(on, timezone.localdate())
    with transaction.atomic():
        credit = Credit.objects.select_related("project").filter(county=county, pk=credit_id).first()
        if credit is None:
            raise NotFound("没有这笔入账。", remedy="请返回台账查看。")
        hold_ledger(county, credit.ledger)
        with change(
            county_code=county.code,
            by=actor.username,
            action="reverse_credit",
            reason=reason,
            credit=credit_id,
        ):
            if credit.reverses_id is not None or Credit.objects.filter(reverses=credit).exists():
                raise Conflict("这笔入账已经冲销，或者本身是冲销。", remedy="请刷新页面查看。")
            if on < credit.on:
                raise InputError(
                    "reversal_before", f"冲销日期 {on} 早于入账日期 {credit.on}。", "请核对日期。", field="on"
                )
            return Credit.objects.create(
                county=county,
                project=credit.project,
                ledger=credit.ledger,
                town_code=credit.town_code,
                on=on,
                claimed_m2=0.0,
                area_m2=-credit.area_m2,
                evidence=evidence.strip(),
                reverses=credit,
                recorded_by=actor.username,
                reason=reason,
            )


def _worth(
    county: County, project: Project, on: date, claim_4490: shapely.Geometry | None
) -> tuple[shapely.Geometry, Credited, list[dict[str, Any]]]:
    """The claim, what is left of it, and which credits hold how much of the rest."""
    _may_be_credited(project, on)
    whole = shapely.from_wkb(bytes(project.geom_4490.wkb))
    claim = whole if claim_4490 is None else within(claim_4490, whole, county, on)
    held = queries.held_near(county, project.ledger, on, claim)
    found = credited(claim, [(row.pk, shape) for row, shape in held], sliver_m2=sliver_m2(county, on))
    names = {row.pk: row.project.project_no for row, _ in held}
    return claim, found, [{"credit": n, "project_no": names[n], "area_m2": m2} for n, m2 in found.held]


def _may_be_credited(project: Project, on: date) -> None:
    not_ahead(on, timezone.localdate())
    done = queries.standing_stages(project)
    if not any((known := stage_of(project.ledger, code)) and known.credits for code in done):
        raise Conflict("项目尚未登记完成，不能入账。", remedy="请先登记完成及其佐证。")
    finished = project.steps.filter(reverses=None, reversed_by=None, stage="done").order_by("-seq").first()
    if finished is not None and on < finished.on:
        raise InputError(
            "credit_before", f"入账日期 {on} 早于完成日期 {finished.on}。", "请核对日期。", field="on"
        )
