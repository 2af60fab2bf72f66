"""The kinds of facts that are entered for a contract or a phase: their fields, and what doesn't fit together in one.

Refuses nothing by itself: it names each issue with its field and remedy, and the action turns the entry away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

FOUNDATIONS = {"deep_pit": "深基坑", "piles": "桩基", "other": "其他基础"}
ENCUMBRANCES = {"mortgage": "抵押", "seizure": "查封"}
RESULTS = {"pass": "通过", "fail": "未通过"}
CAUSES = ("G1", "G2", "G3", "G4", "G5", "G6", "FM", "E1", "E2", "E3", "M")
# What a holder's name contains that no natural person's has; a shorter Chinese name may be a person's, whatever it contains.
ORGANISATION = (
    r"公司|集团|企业|工厂|[^\s]{2}厂$|合作社|合伙|事务所|银行|医院|学校|大学|学院|研究院|研究所|设计院|中心|协会|"
    r"委员会|村委|社区|经济联合|人民政府|管委会|办事处|管理局|有限|股份|商行|经营部|Co\.|Ltd|Inc"
)
SHORTEST_ORGANISATION = 4
# In the order in which a project reaches them.
MILESTONES = {
    "delivery": "交地",
    "start": "动工",
    "completion_review": "竣工复核",
    "production": "投产",
    "full_production_review": "达产复核",
}

# What 标准地 milestones promise and measure, by the key that they are kept under.
INDICATORS = {
    "investment_intensity": "投资强度（万元/亩）",
    "plot_ratio": "容积率",
    "building_density": "建筑密度（%）",
    "green_ratio": "绿地率（%）",
    "ancillary_land_ratio": "配套用地比例（%）",
    "output_per_mu": "亩均产值（万元/亩）",
    "tax_per_mu": "亩均税收（万元/亩）",
}

FieldType = Literal["text", "date", "number", "figures", "flag", "codes"]
TYPES: dict[str, type[Any]] = {
    "text": str,
    "date": date,
    "number": Decimal,
    "figures": dict,
    "flag": bool,
    "codes": list,
}
Values = Mapping[str, Any]
Issue = dict[str, str]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a fact: its Chinese title, its type and whether an entry may do without it."""

    name: str
    title: str
    type: FieldType = "text"
    required: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FactKind:
    """A kind of fact. `verdict`: fields that only the bureau may state; `days`: fields that can't lie in the future."""

    code: str
    title: str
    fields: tuple[Field, ...]
    of_contract: bool = False
    verdict: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    checks: tuple[tuple[Callable[[Values], bool], str, str], ...] = ()

    def field(self, name: str) -> Field | None:
        return next((field for field in self.fields if field.name == name), None)


EVIDENCE = Field("evidence", "证据材料", required=True)


def later(first: str, last: str, *, same_day: bool) -> Callable[[Values], bool]:
    """Whether `last` is stated and lies before `first` (or on it, unless the same day is fine)."""

    def wrong(values: Values) -> bool:
        begin, end = values.get(first), values.get(last)
        if begin is None or end is None:
            return False
        return bool(end < begin if same_day else end <= begin)

    return wrong


def _no_part(values: Values) -> bool:
    done, total = values.get("done"), values.get("total")
    return isinstance(done, Decimal) and isinstance(total, Decimal) and not (total > 0 and 0 <= done <= total)


def negative(name: str) -> Callable[[Values], bool]:
    def wrong(values: Values) -> bool:
        stated = values.get(name)
        return isinstance(stated, Decimal) and stated < 0

    return wrong


KINDS: dict[str, FactKind] = {
    kind.code: kind
    for kind in (
        FactKind(
            "supplement",
            "补充协议",
            (
                Field("agreement_no", "协议编号", required=True),
                Field("signed_on", "签订日期", "date", required=True),
                Field("agreed_delivery", "约定交地日期", "date"),
                Field("agreed_start", "约定动工日期", "date"),
                Field("agreed_completion", "约定竣工日期", "date"),
                Field("basis", "其他约定"),
                EVIDENCE,
            ),
            of_contract=True,
            days=("signed_on",),
            checks=(
                (
                    lambda v: (
                        not any(
                            v.get(name)
                            for name in ("agreed_delivery", "agreed_start", "agreed_completion", "basis")
                        )
                    ),
                    "agreed_start",
                    "补充协议没有写明任何新的日期或约定，请填写其中一项",
                ),
                (
                    later("agreed_start", "agreed_completion", same_day=False),
                    "agreed_completion",
                    "约定竣工日期应晚于约定动工日期，请核对协议文本",
                ),
            ),
        ),
        FactKind(
            "permit",
            "施工许可证",
            (
                Field("permit_no", "许可证号", required=True),
                Field("issued_on", "发证日期", "date", required=True),
                EVIDENCE,
            ),
            days=("issued_on",),
        ),
        FactKind(
            "foundation",
            "基础施工",
            (
                Field("kind", "基础类型", required=True, choices=tuple(FOUNDATIONS)),
                Field("as_of", "查看日期", "date", required=True),
                Field("done", "已完成量", "number", required=True),
                Field("total", "总量", "number", required=True),
                EVIDENCE,
            ),
            days=("as_of",),
            checks=((_no_part, "done", "已完成量应在 0 与总量之间，总量应大于 0（百分比请以 100 为总量）"),),
        ),
        FactKind(
            "stoppage",
            "停工",
            (
                Field("last_built_on", "最后施工日期", "date", required=True),
                Field("resumed_on", "复工日期", "date"),
                EVIDENCE,
            ),
            days=("last_built_on", "resumed_on"),
            checks=(
                (
                    later("last_built_on", "resumed_on", same_day=False),
                    "resumed_on",
                    "复工日期应晚于最后施工日期，请核对",
                ),
            ),
        ),
        FactKind(
            "cause",
            "原因期间",
            (
                Field("cause", "原因", required=True, choices=CAUSES),
                Field("valid_from", "起始日期", "date", required=True),
                Field("valid_to", "截止日期", "date"),
                Field("verified_by", "核实人"),
                Field("verified_on", "核实日期", "date"),
                EVIDENCE,
            ),
            verdict=("verified_by", "verified_on"),
            days=("valid_from", "valid_to", "verified_on"),
            checks=(
                (
                    later("valid_from", "valid_to", same_day=True),
                    "valid_to",
                    "截止日期不能早于起始日期，请核对",
                ),
                (
                    lambda v: bool(v.get("verified_by")) != bool(v.get("verified_on")),
                    "verified_on",
                    "核实人和核实日期应同时填写",
                ),
            ),
        ),
        FactKind(
            "encumbrance",
            "抵押、查封",
            (
                Field("kind", "类型", required=True, choices=tuple(ENCUMBRANCES)),
                Field("holder_name", "抵押权人或查封机关", required=True),
                Field("registration_no", "登记证明号或文书号"),
                Field("valid_from", "起始日期", "date", required=True),
                Field("valid_to", "截止日期", "date"),
                EVIDENCE,
            ),
            of_contract=True,
            checks=(
                (
                    later("valid_from", "valid_to", same_day=True),
                    "valid_to",
                    "截止日期不能早于起始日期，请核对",
                ),
            ),
        ),
        FactKind(
            "registration",
            "监测监管系统登记",
            (
                Field("registration_no", "登记编号", required=True),
                Field("registered_on", "登记日期", "date", required=True),
                EVIDENCE,
            ),
            days=("registered_on",),
        ),
        FactKind(
            "milestone",
            "标准地节点",
            (
                Field("kind", "节点", required=True, choices=tuple(MILESTONES)),
                Field("planned_on", "计划日期", "date"),
                Field("actual_on", "实际日期", "date"),
                Field("promised", "承诺指标", "figures"),
                Field("actual", "实际指标", "figures"),
                Field("result", "结论", choices=tuple(RESULTS)),
                Field("judged_by", "复核人"),
                Field("remedy_until", "整改期限", "date"),
                Field("liability", "违约责任"),
                EVIDENCE,
            ),
            verdict=("result", "judged_by", "remedy_until"),
            days=("actual_on",),
            checks=(
                (
                    lambda v: not v.get("planned_on") and not v.get("actual_on"),
                    "planned_on",
                    "计划日期和实际日期至少填写一项",
                ),
                (
                    lambda v: bool(v.get("result")) != bool(v.get("judged_by")),
                    "judged_by",
                    "结论和复核人应同时填写",
                ),
                (
                    lambda v: bool(v.get("result")) and not v.get("actual_on"),
                    "actual_on",
                    "有结论的节点应填写实际日期",
                ),
            ),
        ),
        FactKind(
            "progress",
            "建设进度",
            (
                Field("as_of", "截止日期", "date", required=True),
                Field("invested_wan", "累计已投资（万元，不含地价和税费）", "number"),
                Field("developed_area_m2", "已开发土地面积（平方米）", "number"),
                Field("stopped_since", "最后施工日期（停工时填写）", "date"),
                Field("note", "说明和依据", required=True),
            ),
            days=("as_of", "stopped_since"),
            checks=(
                (negative("invested_wan"), "invested_wan", "累计已投资不能小于 0，请核对"),
                (negative("developed_area_m2"), "developed_area_m2", "已开发面积不能小于 0，请核对"),
                (
                    later("stopped_since", "as_of", same_day=True),
                    "stopped_since",
                    "最后施工日期不能晚于截止日期，请核对",
                ),
            ),
        ),
    )
}


def issues_of(kind: FactKind, values: Values, on: date) -> Iterator[Issue]:
    """Everything that keeps `values` from being a fact of this kind, entered on the day `on`."""
    for name in values:
        if kind.field(name) is None:
            yield _issue(name, f"{kind.title}没有“{name}”这一项，请删去")
    for field in kind.fields:
        yield from field_issues(field, values.get(field.name))
    for name in kind.days:
        day = values.get(name)
        titled = kind.field(name)
        title = titled.title if titled else name
        if isinstance(day, date) and day > on:
            yield _issue(name, f"{title} {day} 晚于登记日 {on}，尚未发生的事不能登记")
    for wrong, name, message in kind.checks:
        if wrong(values):
            yield _issue(name, message)


def field_issues(field: Field, value: Any) -> Iterator[Issue]:
    """What is wrong with the value of one field."""
    if value is None or value == "":
        if field.required:
            yield _issue(field.name, f"请填写{field.title}")
        return
    if not isinstance(value, TYPES[field.type]):
        yield _issue(field.name, f"{field.title}的值“{value}”类型不对")
    elif isinstance(value, Decimal) and not value.is_finite():
        yield _issue(field.name, f"{field.title}不是有效的数")
    elif field.choices and (unknown := set(value if isinstance(value, list) else [value]) - {*field.choices}):
        named = "、".join(sorted(map(str, unknown)))
        yield _issue(field.name, f"{field.title}没有“{named}”，可选：{'、'.join(field.choices)}")
    elif isinstance(value, str) and not value.strip():
        yield _issue(field.name, f"请填写{field.title}")


def plain(value: Decimal) -> str:
    """Without the noughts that the database keeps behind the point."""
    return format(value.normalize(), "f")


def area_contradiction(
    stated_m2: Decimal | None, measured: Decimal | None, *, tolerance_m2: Decimal, tolerance_ratio: Decimal
) -> str:
    """What an officer is told when the stated figure and the drawn shape don't agree; "" when they do."""
    if stated_m2 is None or measured is None:
        return ""
    apart = abs(stated_m2 - measured)
    if apart <= max(tolerance_m2, tolerance_ratio * measured):
        return ""
    return (
        f"填报的已开发面积 {plain(stated_m2)} 平方米与图形面积 {measured:.2f} 平方米相差 {apart:.2f} 平方米，"
        "筛查以填报面积为准，请核实"
    )


def _issue(name: str, message: str) -> Issue:
    return {"field": name, "message": f"{message}。"}
