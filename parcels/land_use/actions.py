"""Entering, correcting and ending uses of land, choosing how tenants are evaluated, and putting firms into groups.

Refuses a use outside the actor's towns or outside its parcel's ground, and a change of what somebody else changed meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.gis.geos import MultiPolygon
from django.db import IntegrityError, transaction
from django.db.models import Q

from landgis.access.queries import Actor, in_territory
from landgis.access.rules import COMPUTE, EDIT_LAND_USE
from landgis.audit.change import Change
from landgis.counties.models import County
from landgis.lib.errors import Conflict, FieldErrors, InputError, NotFound, Outdated
from parcels.cadastre.models import Parcel
from parcels.cadastre.numbering import cadastre_change
from parcels.enterprises.models import Enterprise, Occupancy
from parcels.land_use.models import Affiliation, TenancyChoice
from parcels.land_use.rules import ROLES, require_year

CLASHES = {
    "occupancy_once": "该企业在本宗地已有同一使用方式、同一起始日期的记录，请更正原记录。",
    "affiliation_one_group_a_day": "该企业在这段时间已属于另一个关联组，请先终止原来的归组。",
}


@dataclass(frozen=True, slots=True)
class Stated:
    """A use as an officer states it: by exactly one of area, share and geometry (EPSG:4490)."""

    uscc: str
    role: str
    lessor_uscc: str
    valid_from: date
    valid_to: date | None
    area_m2: Decimal | None = None
    share: Decimal | None = None
    geom_4490: MultiPolygon | None = None


def enter_use(*, county: County, actor: Actor, parcel_id: int, stated: Stated, reason: str) -> Occupancy:
    """One more use of a parcel."""
    with _writing(county, actor, "enter_land_use", reason) as running:
        parcel = _parcel(actor, parcel_id)
        made = Occupancy.objects.create(county=county, parcel=parcel, **_checked(county, parcel, stated))
        running.summary.update(parcel=parcel.code, occupancy=made.pk, firm=stated.uscc, role=stated.role)
    return made


def correct_use(*, county: County, actor: Actor, use_id: int, seen: int, stated: Stated, reason: str) -> None:
    """State a use otherwise; without a measure its land stays as it was. `seen`: the change the officer looked at."""
    with _writing(county, actor, "correct_land_use", reason) as running:
        use = _use(actor, use_id, seen)
        measured = any(item is not None for item in (stated.area_m2, stated.share, stated.geom_4490))
        for name, value in _checked(county, use.parcel, stated, measured=measured).items():
            setattr(use, name, value)
        use.save()
        running.summary.update(parcel=use.parcel.code, occupancy=use.pk, firm=stated.uscc, role=stated.role)


def end_use(*, county: County, actor: Actor, use_id: int, seen: int, on: date, reason: str) -> None:
    """A firm uses the land no longer from the day on."""
    with _writing(county, actor, "end_land_use", reason) as running:
        use = _use(actor, use_id, seen)
        if on < use.valid_from:
            raise InputError(
                "period_invalid",
                f"终止日期 {on} 早于起始日期 {use.valid_from}。",
                "请改正终止日期。",
                field="on",
            )
        use.valid_to = on
        use.save(update_fields=["valid_to"])
        running.summary.update(parcel=use.parcel.code, occupancy=use.pk, on=str(on))


def choose_tenancy(
    *,
    county: County,
    actor: Actor,
    parcel_id: int,
    tenant_id: int | None,
    year: int,
    apart: bool | None,
    reason: str,
) -> None:
    """For a year: a tenant of the parcel (None = all its tenants) is evaluated apart, or not; None takes the choice back."""
    require_year(year)
    with _writing(county, actor, "choose_tenancy", reason, right=COMPUTE) as running:
        parcel = _parcel(actor, parcel_id)
        if tenant_id is not None and not parcel.occupancies.filter(enterprise_id=tenant_id).exists():
            raise NotFound("该企业没有使用这宗地。", remedy="请在宗地用地页面选择承租企业。")
        chosen = TenancyChoice.objects.filter(county=county, year=year, parcel=parcel, tenant_id=tenant_id)
        if apart is None:
            chosen.delete()
        elif not chosen.update(apart=apart):
            TenancyChoice.objects.create(
                county=county, year=year, parcel=parcel, tenant_id=tenant_id, apart=apart
            )
        running.summary.update(parcel=parcel.code, tenant=tenant_id, year=year, apart=apart)


def affiliate(
    *,
    county: County,
    actor: Actor,
    head_uscc: str,
    member_uscc: str,
    valid_from: date,
    valid_to: date | None,
    basis: str,
    reason: str,
) -> Affiliation:
    """A firm is evaluated as one with the head of its group."""
    actor.require_whole_county(COMPUTE)
    if not basis.strip():
        raise InputError(
            "basis_missing", "没有写明关联的依据。", "请填写股权、合并申请等依据。", field="basis"
        )
    if valid_to is not None and valid_to < valid_from:
        raise InputError("period_invalid", "终止日期早于起始日期。", "请改正日期。", field="valid_to")
    with _writing(county, actor, "affiliate", reason, right=COMPUTE) as running:
        head, member = _firm(county, head_uscc, "head_uscc"), _firm(county, member_uscc, "member_uscc")
        if head == member:
            raise InputError("same_firm", "企业不能归入自己。", "请填写另一家企业。", field="member_uscc")
        still = Affiliation.objects.filter(Q(valid_to=None) | Q(valid_to__gte=valid_from), county=county)
        if still.filter(member=head).exists():
            raise Conflict(f"{head.name} 自己已归入其他企业。", remedy="请填写最上一级的企业。")
        if still.filter(head=member).exists():
            raise Conflict(f"{member.name} 名下已有关联企业。", remedy="请先终止其名下的关联。")
        made = Affiliation.objects.create(
            county=county,
            head=head,
            member=member,
            valid_from=valid_from,
            valid_to=valid_to,
            basis=basis.strip(),
        )
        running.summary.update(head=head_uscc, member=member_uscc, valid_from=str(valid_from))
    return made


def end_affiliation(*, county: County, actor: Actor, affiliation_id: int, on: date, reason: str) -> None:
    """The last day on which two firms are evaluated as one."""
    actor.require_whole_county(COMPUTE)
    with _writing(county, actor, "end_affiliation", reason, right=COMPUTE) as running:
        found = Affiliation.objects.filter(county=county, pk=affiliation_id).first()
        if found is None:
            raise NotFound("没有这条关联。", remedy="请刷新页面。")
        if on < found.valid_from:
            raise InputError("period_invalid", "终止日期早于起始日期。", "请改正日期。", field="on")
        found.valid_to = on
        found.save(update_fields=["valid_to"])
        running.summary.update(affiliation=found.pk, on=str(on))


@contextmanager
def _writing(
    county: County, actor: Actor, action: str, reason: str, *, right: str = EDIT_LAND_USE
) -> Iterator[Change]:
    """A change that no division of a parcel overtakes; what the database refuses is told in words."""
    actor.require(right)
    opened: AbstractContextManager[Change] = cadastre_change(
        county_code=county.code, by=actor.username, action=action, reason=reason
    )
    with opened as running:
        try:
            with transaction.atomic():
                yield running
        except IntegrityError as error:
            told = next((words for name, words in CLASHES.items() if name in str(error)), "")
            if not told:
                raise
            raise Conflict(told) from error


def _parcel(actor: Actor, parcel_id: int) -> Parcel:
    found = in_territory(Parcel.objects.all(), actor).filter(pk=parcel_id).first()
    if found is None:
        raise NotFound("没有这宗地，或不在您的管辖范围内。", remedy="请从企业用地页面重新选择。")
    return found


def _use(actor: Actor, use_id: int, seen: int) -> Occupancy:
    rows = in_territory(Occupancy.objects.all(), actor, field="parcel__town_code")
    found = rows.select_related("parcel").filter(pk=use_id).first()
    if found is None:
        raise NotFound("没有这条用地记录，或不在您的管辖范围内。", remedy="请刷新页面。")
    if found.change_id != seen:
        raise Outdated("这条用地记录已被他人修改。", remedy="请刷新页面，核对后重新填写。")
    return found


def _checked(county: County, parcel: Parcel, stated: Stated, *, measured: bool = True) -> dict[str, Any]:
    """The columns of a use; every fault is told with its field."""
    faults: list[dict[str, str]] = []

    def fault(field: str, message: str) -> None:
        faults.append({"field": field, "code": "value_invalid", "message": message})

    firms = {
        firm.uscc: firm
        for firm in Enterprise.objects.filter(county=county, uscc__in=[stated.uscc, stated.lessor_uscc])
    }
    if stated.uscc not in firms:
        fault("uscc", f"登记库中没有企业 {stated.uscc}，请先导入该企业或改正代码。")
    if stated.lessor_uscc and stated.lessor_uscc not in firms:
        fault("lessor_uscc", f"登记库中没有出租方 {stated.lessor_uscc}，请先导入该企业或改正代码。")
    if stated.lessor_uscc and stated.lessor_uscc == stated.uscc:
        fault("lessor_uscc", "出租方不能是企业自己。")
    if stated.role not in ROLES:
        fault("role", f"使用方式应为{'、'.join(ROLES.values())}之一。")
    if stated.valid_to is not None and stated.valid_to < stated.valid_from:
        fault("valid_to", "终止日期早于起始日期。")
    if parcel.valid_to is not None and (stated.valid_to is None or stated.valid_to > parcel.valid_to):
        fault("valid_to", f"该宗地已于 {parcel.valid_to} 注销，使用不能晚于该日。")
    if measured:
        _check_measure(parcel, stated, fault)
    if faults:
        raise FieldErrors(faults)
    columns: dict[str, Any] = {
        "enterprise": firms[stated.uscc],
        "role": stated.role,
        "lessor": firms.get(stated.lessor_uscc),
        "valid_from": stated.valid_from,
        "valid_to": stated.valid_to,
    }
    if measured:
        columns |= {"area_m2": stated.area_m2, "share": stated.share, "geom_4490": stated.geom_4490}
    return columns


def _check_measure(parcel: Parcel, stated: Stated, fault: Any) -> None:
    given = [item for item in (stated.area_m2, stated.share, stated.geom_4490) if item is not None]
    if len(given) != 1:
        fault("measure", "面积、份额、图形应填写且只填写一项。")
    elif stated.area_m2 is not None and stated.area_m2 <= 0:
        fault("area_m2", "面积应大于 0。")
    elif stated.share is not None and not 0 < stated.share <= 1:
        fault("share", "份额应大于 0，不超过 100%。")
    elif stated.geom_4490 is not None and not stated.geom_4490.intersects(parcel.geom_4490):
        fault("geometry", "图形与该宗地没有重叠，请核对坐标系和坐标顺序。")


def _firm(county: County, uscc: str, field: str) -> Enterprise:
    found = Enterprise.objects.filter(county=county, uscc=uscc).first()
    if found is None:
        raise InputError(
            "reference_unknown", f"登记库中没有企业 {uscc}。", "请先导入该企业，或改正代码。", field=field
        )
    return found
