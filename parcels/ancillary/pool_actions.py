"""Parks that pool their projects' quotas: opening one, giving a quota, taking it out unused, building with it.

Refuses a project's quota twice or more of it than its limit leaves, a use that isn't dormitories, and more than the chosen
quotas hold.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from landgis.access.queries import Actor
from landgis.access.rules import MANAGE_EVALUATION
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.lib.days import not_ahead
from landgis.lib.errors import Conflict, FieldErrors, InputError, NotFound
from parcels.ancillary.actions import AREAS, hold
from parcels.ancillary.models import AncillaryPool, PooledQuota, PoolUse
from parcels.ancillary.queries import limits_on, pool_of, project_of, project_rows
from parcels.ancillary.rules import judge_use


def open_pool(
    *, county: County, actor: Actor, name: str, town_code: str, on: date, today: date, basis: str
) -> AncillaryPool:
    """A park whose projects pool their quotas."""
    actor.require_whole_county(MANAGE_EVALUATION)
    not_ahead(on, today)
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
    """Put what the project stated for it into a pool, as far as its limit (ordinary, or raised and approved) leaves it."""
    actor.require_whole_county(MANAGE_EVALUATION)
    not_ahead(on, today)
    if not evidence.strip():
        raise InputError("evidence_missing", "请填写依据材料。", "例如园区协议文号。", field="evidence")
    with change(
        county_code=county.code, by=actor.username, action="give_ancillary_quota", reason=evidence, pool=pool_id,
        project=project_id,
    ) as running:  # fmt: skip
        hold(county)
        pool = pool_of(county, pool_id)
        row = project_rows(county, actor, on, [project_of(actor, project_id)])[0]
        project = row.project
        if row.quota is not None:
            raise Conflict(
                f"项目“{project.name}”的指标已归集到“{row.quota.pool.name}”。",
                remedy="每个项目的指标只能归集一次。",
            )
        if not project.pooled_land_m2 and not project.pooled_building_m2:
            raise Conflict(
                f"项目“{project.name}”没有拟归集的面积，指标不能归集。", remedy="请更正项目数据，填写拟归集的用地和建筑面积。"
            )  # fmt: skip
        if not row.verdict.within:
            failing = "；".join(f"{c.title}：{c.told}" for c in row.verdict.checks if c.met is not True)
            raise Conflict(
                f"项目加上拟归集的面积不在上限以内：{failing}。",
                remedy="请减少拟归集的面积，或者先审核提高上限。",
            )
        if row.retired:
            raise Conflict(f"宗地 {row.retired[0]} 已注销。", remedy="请先把项目更正到现行宗地。")
        running.summary.update(
            land_m2=str(project.pooled_land_m2), building_m2=str(project.pooled_building_m2)
        )
        return PooledQuota.objects.create(
            pool=pool, project=project, parcel=project.parcel, on=on, evidence=evidence.strip(),
            land_m2=project.pooled_land_m2, building_m2=project.pooled_building_m2,
        )  # fmt: skip


def withdraw_quota(*, county: County, actor: Actor, quota_id: int, on: date, reason: str) -> None:
    """Take an unused quota out of its pool."""
    actor.require_whole_county(MANAGE_EVALUATION)
    with change(
        county_code=county.code, by=actor.username, action="withdraw_ancillary_quota", reason=reason, quota=quota_id
    ):  # fmt: skip
        hold(county)
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
    dormitory_land_m2: Decimal,
    dormitory_building_m2: Decimal,
    flats: bool,
    evidence: str,
) -> PoolUse:
    """Build dormitories with whole quotas of a pool; what they hold together isn't exceeded, and none is used again."""
    actor.require_whole_county(MANAGE_EVALUATION)
    not_ahead(on, today)
    issues = []
    for field, title, given in (("name", "项目名称", name), ("evidence", "依据材料", evidence)):
        if not given.strip():
            issues.append({"field": field, "message": f"请填写{title}。"})
    if land_m2 < 0 or building_m2 < 0 or land_m2 + building_m2 == 0:
        issues.append({"field": "land_m2", "message": "请填写用地和建筑面积，不能为负。"})
    for field, part, whole in (
        ("dormitory_land_m2", dormitory_land_m2, land_m2),
        ("dormitory_building_m2", dormitory_building_m2, building_m2),
    ):
        if not 0 <= part <= whole:
            issues.append({"field": field, "message": f"{AREAS[field]}大于总面积或者为负。"})
    if not quota_ids:
        issues.append({"field": "quotas", "message": "请选择所用的指标。"})
    if issues:
        raise FieldErrors(issues)
    share = limits_on(county, on).pool_dormitory_share
    checks = judge_use(land_m2, building_m2, dormitory_land_m2, dormitory_building_m2, share, flats=flats)
    if failing := "；".join(f"{check.title}：{check.told}" for check in checks if not check.met):
        raise Conflict(
            f"不符合归集指标的用途：{failing}。", remedy="归集的指标统一建设宿舍型保障性租赁住房。"
        )
    with change(
        county_code=county.code, by=actor.username, action="use_ancillary_quotas", reason=evidence, pool=pool_id,
        quotas=sorted(quota_ids),
    ):  # fmt: skip
        hold(county)
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
            pool=pool, name=name.strip(), on=on, land_m2=land_m2, building_m2=building_m2,
            dormitory_land_m2=dormitory_land_m2, dormitory_building_m2=dormitory_building_m2, evidence=evidence.strip(),
            by=actor.username,
        )  # fmt: skip
        rows.update(use=made)
    return made
