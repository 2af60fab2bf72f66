"""Handing a target down to towns and to years.

Refuses parts that don't add up, a part without basis, and any rewriting of past days that nobody asked for (`backdated`):
new parts hold from their day on.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from landgis.access.queries import Actor
from landgis.access.rules import MANAGE_CAMPAIGNS
from landgis.audit.change import change
from landgis.counties.models import County, Dated, Target
from landgis.counties.queries import in_force
from landgis.lib.errors import Conflict, InputError
from parcels.campaigns.models import TownTarget, YearTarget
from parcels.campaigns.rules import YEARLY_KEYS, hand_down_problem, years_problem
from parcels.campaigns.targets import target_of, target_titles


def hand_down(
    *,
    county: County,
    actor: Actor,
    key: str,
    parts: Mapping[str, Decimal],
    basis: str,
    on: date,
    reason: str,
    backdated: bool = False,
) -> list[TownTarget]:
    """Hand the target in force on a day down to towns from that day on; the parts have to add up to it."""
    actor.require_whole_county(MANAGE_CAMPAIGNS)
    with transaction.atomic():
        target = _target(county, key, on)
        towns = set(county.towns.values_list("code", flat=True))
        unknown = sorted(set(parts) - towns)
        if unknown:
            raise InputError(
                "town_unknown", f"没有镇街 {'、'.join(unknown)}。", "请核对镇街代码。", field="town_code"
            )
        problem = hand_down_problem(target.value, parts)
        if problem:
            raise InputError(
                "target_not_handed_down", f"{problem}。", "各镇街之和必须等于全县目标。", field="value"
            )
        _require_basis(basis)
        with change(
            county_code=county.code, by=actor.username, action="hand_down_target", reason=reason, key=key, on=str(on)
        ):  # fmt: skip
            _end_before(TownTarget.objects.filter(county=county, key=key), target, on, backdated)
            return TownTarget.objects.bulk_create(
                TownTarget(
                    county=county, key=key, unit=target.unit, town_code=code, value=value, basis=basis.strip(),
                    valid_from=on, valid_to=target.valid_to,
                )
                for code, value in sorted(parts.items())
            )  # fmt: skip


def divide_by_year(
    *,
    county: County,
    actor: Actor,
    key: str,
    parts: Mapping[int, Decimal],
    basis: str,
    on: date,
    reason: str,
    backdated: bool = False,
) -> list[YearTarget]:
    """State the years' parts of a term's target from a day on; schedules follow them instead of the straight line."""
    actor.require_whole_county(MANAGE_CAMPAIGNS)
    with transaction.atomic():
        target = _target(county, key, on)
        if key in YEARLY_KEYS or target.term_end is None:
            raise Conflict("该目标本身按年度考核或者没有终期，不分年度。", remedy="请选择有起止日期的目标。")
        problem = years_problem(target.value, parts, target.valid_from, target.term_end)
        if problem:
            raise InputError(
                "years_do_not_add_up", f"{problem}。", "各年度之和必须等于全县目标。", field="value"
            )
        _require_basis(basis)
        with change(
            county_code=county.code, by=actor.username, action="divide_target_by_year", reason=reason, key=key, on=str(on)
        ):  # fmt: skip
            _end_before(YearTarget.objects.filter(county=county, key=key), target, on, backdated)
            return YearTarget.objects.bulk_create(
                YearTarget(
                    county=county, key=key, unit=target.unit, year=year, value=value, basis=basis.strip(),
                    valid_from=on, valid_to=target.valid_to,
                )
                for year, value in sorted(parts.items())
            )  # fmt: skip


def _target(county: County, key: str, on: date) -> Target:
    """The target to be divided, held until the end of the transaction: one division after the other."""
    titles = target_titles(county, on)
    if key not in titles:
        raise InputError("target_unknown", f"没有目标“{key}”。", "请从列表中选择。", field="key")
    found = target_of(county, key, on)
    if found is None:
        raise Conflict(
            f"{on} 没有现行的{titles[key]}目标，无法分解。", remedy="请先拟定目标方案，写明目标及其依据。"
        )
    return Target.objects.select_for_update().get(pk=found.pk)


def _require_basis(basis: str) -> None:
    if not basis.strip():
        raise InputError("basis_missing", "分解必须写明依据文件。", "请填写文件名称或文号。", field="basis")


def _end_before(
    rows: QuerySet[TownTarget] | QuerySet[YearTarget], target: Target, on: date, backdated: bool
) -> None:
    """What holds until now ends on the eve; what began on the very day is replaced. What it was stays in its history."""
    if not backdated and on < timezone.localdate() and rows.filter(in_force(on)).exists():
        raise InputError(
            "parts_backdated",
            f"{on} 早于今天，当日已有分解，重新分解会改变以前日期的目标和进度（已编发的通报不变）。",
            "请改用今天或者以后的日期；确需追溯的，请勾选“追溯施行”。",
            field="backdated",
        )
    later = rows.filter(valid_from__gt=on)
    if target.valid_to is not None:
        later = later.filter(valid_from__lte=target.valid_to)
    first: Dated | None = later.order_by("valid_from").first()
    if first is not None:
        raise Conflict(
            f"自 {first.valid_from} 起已有新的分解，不能改写以前的日期。",
            remedy=f"请以 {first.valid_from} 或者以后的日期重新分解。",
        )
    rows.filter(valid_from=on).delete()
    rows.filter(in_force(on)).update(valid_to=on - timedelta(days=1))
