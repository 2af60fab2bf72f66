"""Crediting figures to the plan's other counts (firms phased out, tce freed, …), and taking one back.

Refuses a figure without evidence, a part of a firm, a firm a second time, and a count that the plan doesn't know.
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
from landgis.lib.turns import wait_for_turn
from parcels.campaigns.models import CountEntry
from parcels.campaigns.targets import counts_of
from parcels.enterprises.models import Enterprise


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
    uscc: str = "",
) -> CountEntry:
    """Credit a figure of a town ("" = the county as a whole) on a day; `uscc` names the firm that it counts.

    A firm stands once in a count; without a town it counts in its own.
    """
    actor.require_whole_county(MANAGE_CAMPAIGNS)
    not_ahead(on, timezone.localdate())
    count = counts_of(county, on).get(key)
    if count is None:
        raise InputError("count_unknown", f"没有计数目标“{key}”。", "请从列表中选择。", field="key")
    if town_code and not county.towns.filter(code=town_code).exists():
        raise InputError("town_unknown", f"没有镇街 {town_code}。", "请从列表中选择。", field="town")
    if value <= 0:
        raise InputError("count_not_positive", "数值必须大于零。", "减少的请冲销原来的登记。", field="value")
    if count.whole and value != value.to_integral_value():
        raise InputError("count_not_whole", f"{count.title}必须是整数。", "请核对数值。", field="value")
    if uscc.strip() and count.kind != "firms":
        raise InputError(
            "count_of_no_firms", f"{count.title}不按企业登记。", "请不要填写企业。", field="uscc"
        )
    if not evidence.strip():
        raise InputError(
            "evidence_missing", "登记必须写明佐证材料。", "请填写验收、关停等文件的编号。", field="evidence"
        )
    with change(
        county_code=county.code, by=actor.username, action="credit_count", reason=reason, key=key
    ) as running:
        firm = _firm(county, key, uscc, value) if uscc.strip() else None
        if firm is not None and not town_code and county.towns.filter(code=firm.town_code).exists():
            town_code = firm.town_code
        made = CountEntry.objects.create(
            county=county, key=key, enterprise=firm, town_code=town_code, value=value, on=on, evidence=evidence.strip(),
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
        wait_for_turn("campaigns_count_entry", entry_id)
        entry = CountEntry.objects.filter(county=county, pk=entry_id).first()
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
                county=county, key=entry.key, enterprise_id=entry.enterprise_id, town_code=entry.town_code,
                value=-entry.value, on=on,
                evidence=evidence.strip(), note=reason, reverses=entry, recorded_by=actor.username,
            )  # fmt: skip


def _firm(county: County, key: str, uscc: str, value: Decimal) -> Enterprise:
    """The firm by its code, if it doesn't stand in the count already; the database holds the same (`firm_once`)."""
    firm = Enterprise.objects.filter(county=county, uscc=uscc.strip().upper()).first()
    if firm is None:
        raise InputError(
            "firm_unknown",
            f"没有统一社会信用代码为 {uscc.strip()} 的企业。",
            "请核对代码，或先登记企业。",
            field="uscc",
        )
    if value != 1:
        raise InputError("firm_is_one", "逐家登记的企业数值为 1。", "请每家登记一次。", field="value")
    wait_for_turn("campaigns_countentry", f"{key}/{firm.pk}")
    earlier = CountEntry.objects.filter(key=key, enterprise=firm, reverses=None, reversed_by=None).first()
    if earlier is not None:
        raise Conflict(
            f"{firm.name} 已于 {earlier.on} 计入（{earlier.evidence}），不能重复计算。",
            code="firm_counted",
            remedy="同一企业在同一指标只计一次；原登记有误的，请先冲销。",
        )
    return firm
