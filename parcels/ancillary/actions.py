"""Stating projects, deciding on raising their limits, and pooling quotas.

Refuses to raise a limit whose conditions aren't all met, a second decision, a quota of a parcel twice, and the use of more
than the chosen quotas hold.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django.db import connection
from django.db.models import Sum

from landgis.access.queries import Actor
from landgis.access.rules import MANAGE_EVALUATION
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.lib.errors import Conflict, FieldErrors, InputError, NotFound
from parcels.ancillary.models import (
    AncillaryDecision,
    AncillaryPool,
    AncillaryProject,
    PooledQuota,
    PoolUse,
)
from parcels.ancillary.queries import limits_on, pool_of, pooled_on, project_of, project_rows
from parcels.ancillary.rules import CATEGORIES, FIRM, quota
from parcels.cadastre.models import Parcel
from parcels.enterprises.models import Enterprise

PLACES = Decimal("0.0001")  # as the register keeps ㎡; a quota is never rounded up
AREAS = {
    "land_m2": "总用地面积",
    "ancillary_land_m2": "配套用地面积",
    "building_m2": "总建筑面积",
    "ancillary_building_m2": "配套建筑面积",
    "dormitory_land_m2": "其中宿舍型租赁住房用地",
    "dormitory_building_m2": "其中宿舍型租赁住房建筑",
}
PARTS = (
    ("ancillary_land_m2", "land_m2"),
    ("ancillary_building_m2", "building_m2"),
    ("dormitory_land_m2", "ancillary_land_m2"),
    ("dormitory_building_m2", "ancillary_building_m2"),
)


def state_project(
    *,
    county: County,
    actor: Actor,
    name: str,
    parcel_code: str,
    uscc: str,
    category: str,
    on: date,
    today: date,
    areas_m2: Mapping[str, Decimal],
    flats: bool,
    evidence: str,
    replaces_id: int | None = None,
) -> AncillaryProject:
    """A project's areas; with `replaces_id` in place of what was stated before, which then has to be decided anew."""
    actor.require_whole_county(MANAGE_EVALUATION)
    _not_ahead(on, today)
    parcel = Parcel.objects.filter(county=county, code=parcel_code.strip(), valid_to=None).first()
    firm = Enterprise.objects.filter(county=county, uscc=uscc.strip()).first() if uscc.strip() else None
    issues = _project_issues(name, evidence, category, areas_m2)
    if parcel is None:
        issues.append(
            {"field": "parcel_code", "message": f"没有宗地代码为“{parcel_code.strip()}”的现行宗地。"}
        )
    if firm is None and (uscc.strip() or category == FIRM):
        issues.append({"field": "uscc", "message": "没有这一统一社会信用代码的企业；存量工业企业必须填写。"})
    if issues or parcel is None:
        raise FieldErrors(issues)
    with change(
        county_code=county.code, by=actor.username, action="state_ancillary_project", reason=evidence, name=name,
        parcel=parcel.code,
    ) as running:  # fmt: skip
        _hold(county)
        before = project_of(actor, replaces_id) if replaces_id else None
        made = AncillaryProject.objects.create(
            county=county, name=name.strip(), enterprise=firm, parcel=parcel, town_code=parcel.town_code,
            category=category, on=on, flats=flats, evidence=evidence.strip(), by=actor.username, replaces=before,
            **{key: areas_m2[key] for key in AREAS},
        )  # fmt: skip
        running.summary["project"] = made.pk
    return made


def decide(
    *,
    county: County,
    actor: Actor,
    project_id: int,
    approved: bool,
    on: date,
    today: date,
    text: str,
    evidence: str,
) -> AncillaryDecision:
    """An officer's word on raising a project's limit; what the rules said is kept beside it."""
    actor.require_whole_county(MANAGE_EVALUATION)
    _not_ahead(on, today)
    issues = [
        {"field": name, "message": f"请填写{title}。"}
        for name, title, given in (("text", "审核意见", text), ("evidence", "依据材料", evidence))
        if not given.strip()
    ]
    if issues:
        raise FieldErrors(issues)
    with change(
        county_code=county.code, by=actor.username, action="decide_ancillary", reason=text, project=project_id, approved=approved
    ):  # fmt: skip
        _hold(county)
        project = project_of(actor, project_id)
        row = project_rows(county, actor, on, [project])[0]
        if row.decision is not None:
            raise Conflict("该项目已经审核。", remedy="项目有变化的，请更正项目数据后重新审核。")
        if on < project.on:
            raise InputError(
                "day_before_project", f"审核日期早于项目日期 {project.on}。", "请核对日期。", field="on"
            )
        if not row.verdict.needs_raising:
            raise Conflict("项目在原上限以内，不需要提高。", remedy="请核对配套用地和建筑面积。")
        if approved and not row.verdict.may_be_raised:
            failing = "；".join(
                f"{check.title}：{check.told}" for check in row.verdict.checks[2:-1] if check.met is not True
            )
            raise Conflict(f"不符合提高条件：{failing}。", remedy="请在条件具备后审核，或者登记不予提高。")
        return AncillaryDecision.objects.create(
            project=project, approved=approved, on=on, text=text.strip(), evidence=evidence.strip(), by=actor.username,
            findings=[asdict(check) for check in row.verdict.checks],
        )  # fmt: skip


def open_pool(
    *, county: County, actor: Actor, name: str, town_code: str, on: date, today: date, basis: str
) -> AncillaryPool:
    """A park whose projects pool their quotas."""
    actor.require_whole_county(MANAGE_EVALUATION)
    _not_ahead(on, today)
    issues = []
    if not name.strip() or not basis.strip():
        issues.append({"field": "name" if not name.strip() else "basis", "message": "请填写园区名称和依据。"})
    if town_code and not county.towns.filter(code=town_code).exists():
        issues.append({"field": "town_code", "message": f"没有代码为 {town_code} 的镇街。"})
    if AncillaryPool.objects.filter(county=county, name=name.strip()).exists():
        issues.append({"field": "name", "message": f"园区“{name.strip()}”已经登记。"})
    if issues:
        raise FieldErrors(issues)
    with change(
        county_code=county.code, by=actor.username, action="open_ancillary_pool", reason=basis, name=name
    ):
        return AncillaryPool.objects.create(
            county=county,
            name=name.strip(),
            town_code=town_code,
            made_on=on,
            basis=basis.strip(),
            by=actor.username,
        )


def give_quota(
    *, county: County, actor: Actor, pool_id: int, project_id: int, on: date, today: date, evidence: str
) -> PooledQuota:
    """Put the whole ordinary quota of a project's parcel into a pool; the project itself then has none left."""
    actor.require_whole_county(MANAGE_EVALUATION)
    _not_ahead(on, today)
    if not evidence.strip():
        raise InputError("evidence_missing", "请填写依据材料。", "例如园区协议文号。", field="evidence")
    with change(
        county_code=county.code, by=actor.username, action="give_ancillary_quota", reason=evidence, pool=pool_id,
        project=project_id,
    ) as running:  # fmt: skip
        _hold(county)
        pool, project = pool_of(county, pool_id), project_of(actor, project_id)
        if known := pooled_on([project.parcel_id]).get(project.parcel_id):
            raise Conflict(
                f"宗地 {project.parcel.code} 的指标已归集到“{known.pool.name}”。",
                remedy="每宗指标只能使用一次。",
            )
        if project.ancillary_land_m2 or project.ancillary_building_m2:
            raise Conflict("该项目自身已有配套设施，指标不能归集。", remedy="请核对项目数据。")
        land_m2, building_m2 = quota(project.land_m2, project.building_m2, limits_on(county, on))
        running.summary.update(land_m2=str(land_m2), building_m2=str(building_m2))
        return PooledQuota.objects.create(
            pool=pool, parcel=project.parcel, on=on, evidence=evidence.strip(),
            land_m2=land_m2.quantize(PLACES, ROUND_DOWN), building_m2=building_m2.quantize(PLACES, ROUND_DOWN),
        )  # fmt: skip


def withdraw_quota(*, county: County, actor: Actor, quota_id: int, on: date, reason: str) -> None:
    """Take an unused quota out of its pool."""
    actor.require_whole_county(MANAGE_EVALUATION)
    with change(
        county_code=county.code, by=actor.username, action="withdraw_ancillary_quota", reason=reason, quota=quota_id
    ):  # fmt: skip
        _hold(county)
        rows = PooledQuota.objects.filter(pk=quota_id, pool__county=county, withdrawn_on=None)
        if not rows.exists():
            raise NotFound("没有这项归集的指标。", remedy="请刷新页面。")
        if not rows.filter(use=None).update(withdrawn_on=on):
            raise Conflict("这项指标已经使用，不能退出。", remedy="每宗指标只能使用一次。")


def use_quotas(
    *,
    county: County,
    actor: Actor,
    pool_id: int,
    quota_ids: Collection[int],
    name: str,
    on: date,
    today: date,
    land_m2: Decimal,
    building_m2: Decimal,
    evidence: str,
) -> PoolUse:
    """Build with whole quotas of a pool; what they hold together isn't exceeded, and none is used again."""
    actor.require_whole_county(MANAGE_EVALUATION)
    _not_ahead(on, today)
    issues = []
    for field, title, given in (("name", "项目名称", name), ("evidence", "依据材料", evidence)):
        if not given.strip():
            issues.append({"field": field, "message": f"请填写{title}。"})
    if land_m2 < 0 or building_m2 < 0 or land_m2 + building_m2 == 0:
        issues.append({"field": "land_m2", "message": "请填写用地和建筑面积，不能为负。"})
    if not quota_ids:
        issues.append({"field": "quotas", "message": "请选择所用的指标。"})
    if issues:
        raise FieldErrors(issues)
    with change(
        county_code=county.code, by=actor.username, action="use_ancillary_quotas", reason=evidence, pool=pool_id,
        quotas=sorted(quota_ids),
    ):  # fmt: skip
        _hold(county)
        pool = pool_of(county, pool_id)
        rows = PooledQuota.objects.filter(pool=pool, pk__in=quota_ids, use=None, withdrawn_on=None)
        if rows.count() != len(set(quota_ids)):
            raise Conflict(
                "所选指标中有已经使用或者退出的。", remedy="每宗指标只能使用一次，请刷新页面后重选。"
            )
        held: dict[str, Any] = rows.aggregate(land=Sum("land_m2"), building=Sum("building_m2"))
        if land_m2 > held["land"] or building_m2 > held["building"]:
            raise Conflict(
                f"所选指标合计用地 {held['land']:f} ㎡、建筑 {held['building']:f} ㎡，不足。",
                remedy="请增选指标或者减少面积。",
            )
        made = PoolUse.objects.create(
            pool=pool, name=name.strip(), on=on, land_m2=land_m2, building_m2=building_m2, evidence=evidence.strip(),
            by=actor.username,
        )  # fmt: skip
        rows.update(use=made)
    return made


def _project_issues(
    name: str, evidence: str, category: str, areas_m2: Mapping[str, Decimal]
) -> list[dict[str, str]]:
    issues = []
    for field, title, given in (("name", "项目名称", name), ("evidence", "依据材料", evidence)):
        if not given.strip():
            issues.append({"field": field, "message": f"请填写{title}。"})
    if category and category not in CATEGORIES:
        issues.append({"field": "category", "message": f"没有“{category}”这类项目。"})
    for key, title in AREAS.items():
        if areas_m2[key] < 0 or (key in ("land_m2", "building_m2") and areas_m2[key] == 0):
            issues.append({"field": key, "message": f"{title}应大于 0。"})
    for part, whole in PARTS:
        if areas_m2[part] > areas_m2[whole]:
            issues.append({"field": part, "message": f"{AREAS[part]}大于{AREAS[whole]}。"})
    return issues


def _not_ahead(on: date, today: date) -> None:
    if on > today:
        raise InputError("day_ahead", f"日期 {on} 晚于今天 {today}。", "请核对日期。", field="on")


def _hold(county: County) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('ancillary.' || %s))", [county.code])
