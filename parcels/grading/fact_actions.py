"""What officers enter of a firm's year: bonus and deduction, veto, exemption, a scheme's own figure, merging with a head.

Refuses the same fact twice, one that the scheme doesn't know, and a firm merged with itself or with one that is merged.
"""

from __future__ import annotations

from decimal import Decimal

from landgis.access.queries import Actor
from landgis.access.rules import MANAGE_EVALUATION
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.lib.errors import Conflict, InputError, NotFound
from parcels.enterprises.models import Enterprise
from parcels.grading.models import FirmFact
from parcels.schemes.definition import Definition

TITLES = {
    "adjustment": "加减分",
    "veto": "降档事项",
    "exemption": "免评事项",
    "figure": "补充数据",
    "merged": "合并评价",
}


def enter_fact(
    *,
    county: County,
    actor: Actor,
    definition: Definition,
    uscc: str,
    year: int,
    kind: str,
    code: str = "",
    amount: Decimal | None = None,
    head_uscc: str = "",
    basis: str,
) -> FirmFact:
    """One fact with its basis; what the definition doesn't know can't be entered under it."""
    actor.require_whole_county(MANAGE_EVALUATION)
    _known(definition, kind, code, amount)
    firm = _firm(county, uscc)
    head = _firm(county, head_uscc) if kind == "merged" else None
    with change(
        county_code=county.code,
        by=actor.username,
        action="evaluation_fact",
        reason=basis,
        uscc=uscc,
        year=year,
        kind=kind,
        code=code,
    ) as running:
        held = FirmFact.objects.filter(county=county, year=year, reverses=None, reversed_by=None)
        if held.filter(enterprise=firm, kind=kind, code=code).exists():
            raise Conflict(
                f"{firm.name} {year} 年已登记这项{TITLES[kind]}。", remedy="如须更正，请先撤销原记录。"
            )
        if head is not None:
            merged = held.filter(kind="merged")
            if head == firm or merged.filter(enterprise=head).exists() or merged.filter(head=firm).exists():
                raise Conflict(
                    "牵头企业不能是本企业，也不能再并入其他企业。", remedy="请将各企业都并入同一家牵头企业。"
                )
        made = FirmFact.objects.create(
            county=county, enterprise=firm, year=year, kind=kind, code=code, amount=amount, head=head,
            basis=basis, entered_by=actor.username,
        )  # fmt: skip
        running.summary["fact"] = made.pk
    return made


def reverse_fact(*, county: County, actor: Actor, fact_id: int, reason: str) -> FirmFact:
    """Take a wrong fact back; both stay on record."""
    actor.require_whole_county(MANAGE_EVALUATION)
    with change(
        county_code=county.code,
        by=actor.username,
        action="reverse_evaluation_fact",
        reason=reason,
        fact=fact_id,
    ):
        found = FirmFact.objects.select_for_update().filter(pk=fact_id, county=county, reverses=None).first()
        if found is None:
            raise NotFound("没有这条评价事项。", remedy="请在评价事项中选择。")
        if FirmFact.objects.filter(reverses=found).exists():
            raise Conflict("这条评价事项已经撤销。", remedy="请刷新后重试。")
        return FirmFact.objects.create(
            county=county, enterprise_id=found.enterprise_id, year=found.year, kind=found.kind, code=found.code,
            amount=found.amount, head_id=found.head_id,
            basis=reason, entered_by=actor.username, reverses=found,
        )  # fmt: skip


def _known(definition: Definition, kind: str, code: str, amount: Decimal | None) -> None:
    among = {
        "adjustment": set(definition.adjustments),
        "veto": set(definition.vetoes),
        "exemption": set(definition.exemptions),
        "figure": {figure.code for figure in definition.figures},
        "merged": {""},
    }
    if kind not in among:
        raise InputError(
            "fact_kind",
            f"没有“{kind}”这类评价事项。",
            f"可用的有：{'、'.join(TITLES.values())}。",
            field="kind",
        )
    if code not in among[kind]:
        known = "、".join(sorted(filter(None, among[kind]))) or "无"
        raise InputError(
            "fact_code", f"方案没有{TITLES[kind]}“{code}”。", f"可用的有：{known}。", field="code"
        )
    if (kind in ("adjustment", "figure")) != (amount is not None):
        message = f"{TITLES[kind]}应写明数值。" if amount is None else f"{TITLES[kind]}没有数值。"
        raise InputError("fact_amount", message, "请改正后重试。", field="amount")


def _firm(county: County, uscc: str) -> Enterprise:
    found = Enterprise.objects.filter(county=county, uscc=uscc).first()
    if found is None:
        raise NotFound(f"登记库中没有企业 {uscc}。", remedy="请先导入该企业，或改正统一社会信用代码。")
    return found
