"""Crediting ground to a ledger, and taking a credit back.

Refuses ground that another credit of the ledger holds, a credit before the work is done, and a claim without evidence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
from parcels.campaigns.placing import parcels_under, split_by_town
from parcels.campaigns.rules import LEDGERS, stage_of


@dataclass(frozen=True, slots=True)
class Share:
    """The part of a claim that lies in one town ("" = in none): what it gets, and who holds the rest."""

    town_code: str
    claim_4490: shapely.Geometry
    found: Credited
    held: list[dict[str, Any]]


def credit_ground(
    *,
    county: County,
    actor: Actor,
    project_id: int,
    on: date,
    evidence: str,
    reason: str,
    claim_4490: shapely.Geometry | None = None,
) -> list[Credit]:
    """Credit a project's ground (or the part that is claimed) to its ledger, a row for each town that it lies in.

    Ground that another credit holds is left out; a claim of which nothing is left is refused and names who holds it.
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
            shares = _worth(county, project, on, claim_4490)
            if not any(share.found.area_m2 for share in shares):
                holders = "、".join(one["project_no"] for one in holders_of(shares)) or "其他项目"
                raise Conflict(
                    f"该范围已由 {holders} 计入{LEDGERS[project.ledger]}台账，不能重复计算。",
                    code="ground_credited",
                    remedy="同一块地在同一台账只计一次；前一笔有误的，请先冲销。",
                )
            sliver, given = sliver_m2(county, on), [share for share in shares if share.found.area_m2]
            # Who holds all of a town's part is told with the first row: that part has none of its own.
            lost = [one for share in shares if not share.found.area_m2 for one in share.held]
            made = [
                Credit.objects.create(
                    county=county,
                    project=project,
                    ledger=project.ledger,
                    town_code=share.town_code,
                    on=on,
                    claimed_4490=stored(share.claim_4490),
                    claimed_m2=share.found.claimed_m2,
                    geom_4490=stored(share.found.geom_4490),
                    area_m2=share.found.area_m2,
                    parcels_m2=parcels_under(county, share.found.geom_4490, sliver_m2=sliver),
                    held=[*share.held, *(lost if share is given[0] else [])],
                    evidence=evidence.strip(),
                    recorded_by=actor.username,
                    reason=reason,
                )
                for share in given
            ]
            running.summary.update(
                credits=[row.pk for row in made],
                area_m2=sum(row.area_m2 for row in made),
                held=holders_of(shares),
            )
    return made


def preview_credit(
    *, county: County, actor: Actor, project_id: int, on: date, claim_4490: shapely.Geometry | None = None
) -> list[Share]:
    """What a claim would be credited now, by town, and who holds the rest of it; nothing is written."""
    actor.require_whole_county(MANAGE_CAMPAIGNS)
    with transaction.atomic():
        return _worth(county, project_of(county, actor, project_id), on, claim_4490)


def holders_of(shares: Sequence[Share]) -> list[dict[str, Any]]:
    """Who holds how many ㎡ of a claim, over all its towns, by project."""
    sums: dict[str, float] = {}
    for one in (one for share in shares for one in share.held):
        sums[one["project_no"]] = sums.get(one["project_no"], 0.0) + one["area_m2"]
    return [{"project_no": number, "area_m2": sums[number]} for number in sorted(sums)]


def take_back_all(project: Project, *, on: date, evidence: str, reason: str, by: str) -> list[Credit]:
    """Within a running change: every credit of a project that still holds ground is taken back on the day."""
    hold_ledger(project.county, project.ledger)
    rows = project.credits.filter(reverses=None, reversed_by=None).order_by("pk")
    return [_taken_back(row, on, evidence, reason, by) for row in rows.defer("claimed_4490", "geom_4490")]


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
            return _taken_back(credit, on, evidence.strip(), reason, actor.username)


def _taken_back(credit: Credit, on: date, evidence: str, reason: str, by: str) -> Credit:
    if on < credit.on:
        raise InputError(
            "reversal_before", f"冲销日期 {on} 早于入账日期 {credit.on}。", "请核对日期。", field="on"
        )
    return Credit.objects.create(
        county_id=credit.county_id,
        project_id=credit.project_id,
        ledger=credit.ledger,
        town_code=credit.town_code,
        on=on,
        claimed_m2=0.0,
        area_m2=-credit.area_m2,
        parcels_m2={code: -part for code, part in credit.parcels_m2.items()},
        evidence=evidence,
        reverses=credit,
        recorded_by=by,
        reason=reason,
    )


def _worth(county: County, project: Project, on: date, claim_4490: shapely.Geometry | None) -> list[Share]:
    """The claim by town: what is left of each part, and which credits hold how much of the rest."""
    _may_be_credited(project, on)
    whole = shapely.from_wkb(bytes(project.geom_4490.wkb))
    claim = whole if claim_4490 is None else within(claim_4490, whole, county, on)
    held, sliver = queries.held_near(county, project.ledger, on, claim), sliver_m2(county, on)
    holding = [(row.pk, shape) for row, shape in held]
    names = {row.pk: row.project.project_no for row, _ in held}
    shares = []
    for town, part in split_by_town(county, claim, sliver_m2=sliver, otherwise=project.town_code):
        found = credited(part, holding, sliver_m2=sliver)
        told = [{"credit": n, "project_no": names[n], "area_m2": m2} for n, m2 in found.held]
        shares.append(Share(town, part, found, told))
    return shares


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
