"""What a contract's own row and that of a phase state, and what doesn't fit together in them.

Refuses nothing by itself, like the rules of the facts that papers bring; which row an entry goes to is for the action to say.
"""

from __future__ import annotations

from typing import Any

from parcels.supply.rules import FactKind, Field, Issue, Values, later, negative

DOCUMENT = "document"

# A town reports what it saw; what was agreed, and whether the review was passed, the bureau states.
PHASE = FactKind(
    "phase",
    "交地、动工、竣工、复核验收和合同约定",
    (
        Field("actual_delivery", "实际交地日期", "date"),
        Field("actual_start", "实际动工日期", "date"),
        Field("actual_completion", "实际竣工日期", "date"),
        Field("agreed_delivery", "约定交地日期", "date"),
        Field("agreed_start", "约定动工日期", "date"),
        Field("agreed_completion", "约定竣工日期", "date"),
        Field("review_due", "复核验收期限", "date"),
        Field("review_passed_on", "复核验收通过日期", "date"),
        Field("review_passed_by", "复核验收人"),
        Field("total_investment_wan", "总投资（万元，不含地价和税费）", "number"),
        Field("land_to_develop_m2", "应开发土地面积（平方米）", "number"),
    ),
    verdict=(
        "agreed_delivery",
        "agreed_start",
        "agreed_completion",
        "review_due",
        "review_passed_on",
        "review_passed_by",
        "total_investment_wan",
        "land_to_develop_m2",
    ),
    days=("actual_delivery", "actual_start", "actual_completion", "review_passed_on"),
    checks=(
        (negative("total_investment_wan"), "total_investment_wan", "总投资不能小于 0，请核对"),
        (negative("land_to_develop_m2"), "land_to_develop_m2", "应开发面积不能小于 0，请核对"),
        (
            later("actual_start", "actual_completion", same_day=True),
            "actual_completion",
            "实际竣工日期不能早于实际动工日期，请核对",
        ),
        (
            later("agreed_start", "agreed_completion", same_day=False),
            "agreed_completion",
            "约定竣工日期应晚于约定动工日期，请核对合同",
        ),
        (
            lambda v: bool(v.get("review_passed_on")) != bool(v.get("review_passed_by")),
            "review_passed_by",
            "复核验收通过日期和复核验收人应同时填写",
        ),
        (
            later("actual_completion", "review_passed_on", same_day=True),
            "review_passed_on",
            "复核验收通过日期不能早于实际竣工日期，请核对",
        ),
    ),
)

CONTRACT = FactKind(
    "contract",
    "供地合同",
    (
        Field("holder_name", "土地使用权人"),
        Field("location", "土地位置"),
        Field("land_use", "土地用途"),
        Field("supply_mode", "供地方式"),
        Field("area_m2", "合同面积（平方米）", "number"),
        Field("price_wan", "成交价格（万元）", "number"),
        Field("signed_on", "合同签订日期", "date"),
    ),
    of_contract=True,
    verdict=("holder_name", "location", "land_use", "supply_mode", "area_m2", "price_wan", "signed_on"),
    days=("signed_on",),
    checks=(
        (
            lambda v: v.get("area_m2") is not None and v["area_m2"] <= 0,
            "area_m2",
            "合同面积应大于 0，请核对合同；不知道的请留空",
        ),
        (negative("price_wan"), "price_wan", "成交价格不能小于 0，请核对合同"),
    ),
)

OWN = {kind.code: kind for kind in (CONTRACT, PHASE)}


def undocumented(kind: FactKind, changed: Values, document: str) -> list[Issue]:
    """What was agreed or passed is stated otherwise by a paper only: the issue where none is named."""
    titles = [field.title for field in kind.fields if field.name in changed and field.name in kind.verdict]
    if not titles or document.strip():
        return []
    told = f"更正{'、'.join(titles)}须写明依据文件的名称和文号（合同、补充协议、批复、复核验收意见等）。"
    return [{"field": DOCUMENT, "message": told}]


def told_changes(before: dict[str, Any], values: Values) -> dict[str, Any]:
    """What is stated otherwise than it stands."""
    return {name: value for name, value in values.items() if value != before.get(name)}
