"""Crediting figures to the plan's other counts (firms phased out, tce freed, …), and taking one back.

Refuses a figure without evidence, a part of a firm, and a count that the plan doesn't know.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from landgis.access.queries import Actor
from landgis.access.rules import MANAGE_CAMPAIGNS
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.lib.days import not_ahead
from landgis.lib.errors import Conflict, InputError, NotFound
from parcels.campaigns.models import CountEntry
from parcels.campaigns.rules import COUNTS, WHOLE_COUNTS


def credit_count(
    *,
    county: County,
    actor: Actor,
    key: str,
    town_code: str,
    value: Decimal,
    on: date,
    evidence: str,
    reason: str,
    note: str = "",
) -> CountEntry:
    """Credit a figure of a town ("" = the county as a whole) on a day."""
    actor.require_whole_county(MANAGE_CAMPAIGNS)
    not_ahead(on, timezone.localdate())
    if key not in COUNTS:
        raise InputError("count_unknown", f"没有计数目标“{key}”。", "请从列表中选择。", field="key")
    if town_code and not county.towns.filter(code=town_code).exists():
        raise InputError("town_unknown", f"没有镇街 {town_code}。", "请从列表中选择。", field="town")
    if value <= 0:
        raise InputError("count_not_positive", "数值必须大于零。", "减少的请冲销原来的登记。", field="value")
    if key in WHOLE_COUNTS and value != value.to_integral_value():
        raise InputError("count_not_whole", "企业数必须是整数。", "请核对数值。", field="value")
    if not evidence.strip():
        raise InputError(
            "evidence_missing", "登记必须写明佐证材料。", "请填写验收、关停等文件的编号。", field="evidence"
        )
    with change(
        county_code=county.code, by=actor.username, action="credit_count", reason=reason, key=key
    ) as running:
        made = CountEntry.objects.create(
            county=county, key=key, town_code=town_code, value=value, on=on, evidence=evidence.strip(),
            note=note.strip(), recorded_by=actor.username,
        )  # fmt: skip
        running.summary.update(entry=made.pk, value=str(value))
    return made


def reverse_count(
    *, county: County, actor: Actor, entry_id: int, on: date, evidence: str, reason: str
) -> CountEntry:
    """Take a figure back from a day on; both rows stay."""
    actor.require_whole_county(MANAGE_CAMPAIGNS)
    not_ahead(on, timezone.localdate())
    if not evidence.strip():
        raise InputError(
            "evidence_missing", "冲销必须写明依据。", "请填写依据文号或者说明。", field="evidence"
        )
    with transaction.atomic():
        entry = CountEntry.objects.filter(county=county, pk=entry_id).select_for_update().first()
        if entry is None:
            raise NotFound("没有这笔登记。", remedy="请返回总览查看。")
        if entry.reverses_id is not None or CountEntry.objects.filter(reverses=entry).exists():
            raise Conflict("这笔登记已经冲销，或者本身是冲销。", remedy="请刷新页面查看。")
        if on < entry.on:
            told = f"冲销日期 {on} 早于登记日期 {entry.on}。"
            raise InputError("reversal_before", told, "请核对日期。", field="on")
        with change(
            county_code=county.code,
            by=actor.username,
            action="reverse_count",
            reason=reason,
            entry=entry_id,
        ):
            return CountEntry.objects.create(
                county=county, key=entry.key, town_code=entry.town_code, value=-entry.value, on=on,
                evidence=evidence.strip(), note=reason, reverses=entry, recorded_by=actor.username,
            )  # fmt: skip
