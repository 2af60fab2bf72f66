"""Stating projects with their ground, and deciding on raising their limits.

Refuses more ground of a parcel than it has, to raise a limit whose conditions aren't all met, and a second decision.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from decimal import Decimal

from landgis.access.queries import Actor
from landgis.access.rules import MANAGE_EVALUATION
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.lib.days import not_ahead
from landgis.lib.errors import Conflict, FieldErrors, InputError
from landgis.lib.turns import wait_for_turn
from parcels.ancillary.models import (
    AncillaryDecision,
    AncillaryGround,
    AncillaryProject,
)
from parcels.ancillary.queries import (
    pooled_of,
    project_of,
    project_rows,
    standing_grounds,
)
from parcels.ancillary.rules import CATEGORIES, FIRM, PLACES
from parcels.cadastre.lineage import ancestors
from parcels.cadastre.models import Parcel
from parcels.enterprises.models import Enterprise

AREAS = {
    "land_m2": "总用地面积",
    "ancillary_land_m2": "配套用地面积",
    "building_m2": "总建筑面积",
    "ancillary_building_m2": "配套建筑面积",
    "dormitory_land_m2": "其中宿舍型租赁住房用地",
    "dormitory_building_m2": "其中宿舍型租赁住房建筑",
    "pooled_land_m2": "拟归集用地面积",
    "pooled_building_m2": "拟归集建筑面积",
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
    more_ground_m2: Mapping[str, Decimal] | None = None,
) -> AncillaryProject:
    """A project's areas; with `replaces_id` in place of what was stated before, which then has to be decided anew.

    `more_ground_m2`: what it has of other parcels by their codes; the rest of `land_m2` lies on `parcel_code`.
    """
    actor.require_whole_county(MANAGE_EVALUATION)
    not_ahead(on, today)
    more = dict(more_ground_m2 or {})
    known = Parcel.objects.filter(county=county, code__in=[parcel_code.strip(), *more], valid_to=None)
    found = {item.code: item for item in known.defer("geom_4490", "geom_3857")}
    parcel = found.get(parcel_code.strip())
    firm = Enterprise.objects.filter(county=county, uscc=uscc.strip()).first() if uscc.strip() else None
    issues = _project_issues(name, evidence, category, areas_m2)
    issues += _ground_issues(parcel_code.strip(), more, found, areas_m2["land_m2"])
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
        hold(county)
        before = project_of(actor, replaces_id) if replaces_id else None
        grounds = {parcel: areas_m2["land_m2"] - sum(more.values(), Decimal(0))}
        grounds |= {found[code]: area_m2 for code, area_m2 in more.items()}
        _check_ground(actor, grounds, before)
        if before is not None:
            _check_pooled(before, grounds, areas_m2)
        made = AncillaryProject.objects.create(
            county=county, name=name.strip(), enterprise=firm, parcel=parcel, town_code=parcel.town_code,
            category=category, on=on, flats=flats, evidence=evidence.strip(), by=actor.username, replaces=before,
            **{key: areas_m2[key] for key in AREAS},
        )  # fmt: skip
        AncillaryGround.objects.bulk_create(
            AncillaryGround(project=made, parcel=item, land_m2=area_m2) for item, area_m2 in grounds.items()
        )
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
    not_ahead(on, today)
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
        hold(county)
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
    for part, own, whole in (
        ("pooled_land_m2", "ancillary_land_m2", "land_m2"),
        ("pooled_building_m2", "ancillary_building_m2", "building_m2"),
    ):
        if areas_m2[part] + areas_m2[own] > areas_m2[whole]:
            issues.append({"field": part, "message": f"{AREAS[part]}和{AREAS[own]}之和大于{AREAS[whole]}。"})
    return issues


def _ground_issues(
    main: str, more: Mapping[str, Decimal], found: Mapping[str, Parcel], land_m2: Decimal
) -> list[dict[str, str]]:
    issues = []
    for code, area_m2 in more.items():
        if code == main:
            issues.append({"field": "more", "message": f"宗地 {code} 已填在“宗地代码”中。"})
        elif code not in found:
            issues.append({"field": "more", "message": f"没有宗地代码为“{code}”的现行宗地。"})
        if area_m2 <= 0:
            issues.append({"field": "more", "message": f"宗地 {code} 的用地面积应大于 0。"})
    if more and sum(more.values()) >= land_m2:
        issues.append(
            {"field": "more", "message": f"其他宗地的用地之和不小于总用地，宗地 {main} 上没有用地。"}
        )
    return issues


def _check_ground(actor: Actor, grounds: Mapping[Parcel, Decimal], before: AncillaryProject | None) -> None:
    """The projects that stand have together no more of each parcel than it has."""
    held: dict[int, list[AncillaryGround]] = {}
    for ground in standing_grounds([parcel.pk for parcel in grounds]):
        if before is None or ground.project_id != before.pk:
            held.setdefault(ground.parcel_id, []).append(ground)
    issues = []
    for n, (parcel, land_m2) in enumerate(grounds.items()):
        field = "land_m2" if n == 0 else "more"
        whole_m2 = parcel.registered_area_m2 or Decimal(str(parcel.planar_area_m2)).quantize(PLACES)
        others = held.get(parcel.pk, [])
        taken_m2 = sum((ground.land_m2 for ground in others), Decimal(0))
        if taken_m2 + land_m2 > whole_m2:
            named = "、".join(
                f"“{ground.project.name}”{ground.land_m2.normalize():f} ㎡" for ground in others
            )
            told = f"，其中已登记 {named}" if others else ""
            issues.append(
                {
                    "field": field,
                    "message": f"宗地 {parcel.code} 面积 {whole_m2.normalize():f} ㎡{told}，本项目最多 "
                    f"{max(whole_m2 - taken_m2, Decimal(0)).normalize():f} ㎡，现填 {land_m2.normalize():f} ㎡。",
                }
            )
        # What was stated on ground that has since been divided or merged still holds its share of it.
        gone = [relative.id for relative in ancestors(actor, parcel.pk)]
        for ground in standing_grounds(gone):
            if before is None or ground.project_id != before.pk:
                issues.append(
                    {
                        "field": field,
                        "message": f"宗地 {parcel.code} 由 {ground.parcel.code} 变更而来，其上的项目“{ground.project.name}”"
                        "还没有更正到现行宗地，请先更正该项目。",
                    }
                )
    if issues:
        raise FieldErrors(issues)


def _check_pooled(
    before: AncillaryProject, grounds: Mapping[Parcel, Decimal], areas_m2: Mapping[str, Decimal]
) -> None:
    """What is in a pool is neither moved to other ground nor made another amount by a correction."""
    quota = pooled_of([before.pk]).get(before.pk)
    if quota is None:
        return
    stated = (areas_m2["pooled_land_m2"], areas_m2["pooled_building_m2"])
    if stated != (quota.land_m2, quota.building_m2) or quota.parcel_id not in {item.pk for item in grounds}:
        raise Conflict(
            f"该项目的指标已归集到“{quota.pool.name}”（用地 {quota.land_m2.normalize():f} ㎡、建筑 "
            f"{quota.building_m2.normalize():f} ㎡，宗地 {quota.parcel.code}），更正时不能改变。",
            remedy="未使用的请先退出归集；已使用的不能改变。",
        )


def hold(county: County) -> None:
    wait_for_turn("ancillary", county.code)
