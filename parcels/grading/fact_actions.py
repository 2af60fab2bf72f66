"""What officers enter of a firm's year: bonus and deduction, veto, exemption, a scheme's own figure; corrected, withdrawn.

Refuses the same fact twice, one that the scheme doesn't know, and one without its basis; nothing entered is ever altered.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from landgis.access.queries import Actor
from landgis.access.rules import MANAGE_EVALUATION
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.lib.errors import Conflict, FieldErrors, InputError, NotFound
from parcels.cadastre.attachments import keep_evidence
from parcels.cadastre.lineage_models import Attachment
from parcels.enterprises.models import Enterprise
from parcels.grading.models import FirmFact
from parcels.schemes.definition import Definition

TITLES = {
    "adjustment": "加减分",
    "veto": "降档事项",
    "exemption": "免评事项",
    "figure": "补充数据",
}
LONGEST = 1000


@dataclass(frozen=True, slots=True)
class StatedFact:
    """A fact as an officer states it; `paper` is its evidence, a file's name and bytes."""

    uscc: str
    kind: str
    code: str
    basis: str
    amount: Decimal | None = None
    paper: tuple[str, bytes] | None = None


def enter_fact(
    *, county: County, actor: Actor, definition: Definition, year: int, stated: StatedFact, reason: str
) -> FirmFact:
    """One fact with its basis; what the definition doesn't know can't be entered under it."""
    actor.require_whole_county(MANAGE_EVALUATION)
    check_fact(definition, stated)
    firm = _firm(county, stated.uscc)
    with change(
        county_code=county.code, by=actor.username, action="evaluation_fact", reason=reason, uscc=stated.uscc, year=year,
        kind=stated.kind, code=stated.code,
    ) as running:  # fmt: skip
        made = _made(county, actor, firm, year, stated, reason)
        running.summary["fact"] = made.pk
    return made


def correct_fact(
    *, county: County, actor: Actor, definition: Definition, fact_id: int, stated: StatedFact, reason: str
) -> FirmFact:
    """The fact as it should have been entered: the wrong one is taken back and this one entered, in one change."""
    actor.require_whole_county(MANAGE_EVALUATION)
    check_fact(definition, stated)
    with change(
        county_code=county.code, by=actor.username, action="correct_evaluation_fact", reason=reason, fact=fact_id
    ) as running:  # fmt: skip
        wrong = _held(county, fact_id)
        if stated.uscc != wrong.enterprise.uscc:
            raise InputError(
                "fact_firm", "更正不能换成另一家企业。", "请撤销这条记录，再为另一家企业登记。", field="uscc"
            )
        _reverse(actor, wrong, reason)
        made = _made(county, actor, wrong.enterprise, wrong.year, stated, reason, wrong.paper)
        running.summary.update(made=made.pk, uscc=stated.uscc, kind=stated.kind, code=stated.code)
    return made


def reverse_fact(*, county: County, actor: Actor, fact_id: int, reason: str) -> FirmFact:
    """Take a wrong fact back; both stay on record."""
    actor.require_whole_county(MANAGE_EVALUATION)
    with change(
        county_code=county.code, by=actor.username, action="reverse_evaluation_fact", reason=reason, fact=fact_id
    ):  # fmt: skip
        return _reverse(actor, _held(county, fact_id), reason)


def facts_in_force(county: County, year: int, firms: Iterable[int] | None = None) -> list[FirmFact]:
    """What stands of a year: neither a reversal nor reversed; of some firms (by row id) or all."""
    found = FirmFact.objects.filter(county=county, year=year, reverses=None, reversed_by=None)
    if firms is not None:
        found = found.filter(enterprise_id__in=list(firms))
    return list(
        found.select_related("enterprise", "paper").defer("paper__content", "paper__thumbnail").order_by("pk")
    )


def check_fact(definition: Definition, stated: StatedFact) -> None:
    """Raise FieldErrors with everything that is wrong with a fact under a definition."""
    among = codes_of(definition)
    faults: list[dict[str, str]] = []

    def fault(field: str, code: str, message: str) -> None:
        faults.append({"field": field, "code": code, "message": message})

    if stated.kind not in among:
        fault(
            "kind", "fact_kind", f"没有“{stated.kind}”这类评价事项，可用的有：{'、'.join(TITLES.values())}。"
        )
    else:
        if stated.code not in among[stated.kind]:
            known = "、".join(f"{code}（{title}）" for code, title in among[stated.kind].items()) or "无"
            fault("code", "fact_code", f"方案没有{TITLES[stated.kind]}“{stated.code}”，可用的有：{known}。")
        fault_of = _amount_fault(definition, stated)
        if fault_of:
            fault("amount", "fact_amount", fault_of)
    if not stated.basis.strip():
        fault("basis", "basis_missing", "没有写明依据，请填写文件名称和文号。")
    elif len(stated.basis) > LONGEST:
        fault("basis", "text_too_long", f"依据有 {len(stated.basis)} 个字，不能超过 {LONGEST} 个。")
    if faults:
        raise FieldErrors(faults)


def codes_of(definition: Definition) -> dict[str, dict[str, str]]:
    """Kind → the codes of a scheme with their titles."""
    return {
        "adjustment": {one.code: one.title for one in definition.adjustments.values()},
        "veto": {one.code: one.title for one in definition.vetoes.values()},
        "exemption": {one.code: one.title for one in definition.exemptions.values()},
        "figure": {one.code: one.title for one in definition.figures},
    }


def _amount_fault(definition: Definition, stated: StatedFact) -> str:
    title = TITLES[stated.kind]
    if stated.kind in ("veto", "exemption"):
        return "" if stated.amount is None else f"{title}没有数值，请留空。"
    if stated.amount is None:
        return f"{title}应写明数值。"
    if not stated.amount.is_finite() or abs(stated.amount) >= Decimal(10) ** 14:
        return f"{title}的数值超出范围。"
    most = definition.adjustments[stated.code].points if stated.code in definition.adjustments else None
    if stated.kind == "adjustment" and most is not None and stated.amount * Decimal(str(most)) < 0:
        return f"该项为{'加' if most > 0 else '扣'}分，数值的正负不对，请改正。"
    return ""


def _made(
    county: County, actor: Actor, firm: Enterprise, year: int, stated: StatedFact, reason: str,
    paper: Attachment | None = None,
) -> FirmFact:  # fmt: skip
    held = FirmFact.objects.filter(county=county, year=year, reverses=None, reversed_by=None)
    if held.filter(enterprise=firm, kind=stated.kind, code=stated.code).exists():
        raise Conflict(
            f"{firm.name} {year} 年已登记这项{TITLES[stated.kind]}。", remedy="如有错误，请更正原记录。"
        )
    if stated.paper is not None:
        paper = keep_evidence(county, [stated.paper], by=actor.username, field="paper")[0]
    return FirmFact.objects.create(
        county=county, enterprise=firm, year=year, kind=stated.kind, code=stated.code, amount=stated.amount,
        basis=stated.basis.strip(), reason=reason.strip(), paper=paper, entered_by=actor.username,
    )  # fmt: skip


def _held(county: County, fact_id: int) -> FirmFact:
    found = (
        FirmFact.objects.select_for_update(of=("self",))
        .select_related("enterprise")
        .filter(pk=fact_id, county=county, reverses=None)
        .first()
    )
    if found is None:
        raise NotFound("没有这条评价事项。", remedy="请在评价事项中选择。")
    if FirmFact.objects.filter(reverses=found).exists():
        raise Conflict("这条评价事项已经撤销或更正。", remedy="请刷新后重试。")
    return found


def _reverse(actor: Actor, found: FirmFact, reason: str) -> FirmFact:
    return FirmFact.objects.create(
        county_id=found.county_id, enterprise_id=found.enterprise_id, year=found.year, kind=found.kind, code=found.code,
        amount=found.amount, basis=found.basis, reason=reason.strip(), entered_by=actor.username, reverses=found,
    )  # fmt: skip


def _firm(county: County, uscc: str) -> Enterprise:
    found = Enterprise.objects.filter(county=county, uscc=uscc.strip().upper()).first()
    if found is None:
        raise InputError(
            "reference_unknown",
            f"登记库中没有企业 {uscc}。",
            "请先导入该企业，或改正统一社会信用代码。",
            field="uscc",
        )
    return found
