"""The facts of contract phases as officers deliver them: supplements, permits, foundations, stoppages, causes,
encumbrances, registrations and 标准地 milestones, with the headings that bureaus give them.

Refuses likenesses: dates of the original contract are no supplement's, and a planned day is no agreed one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from parcels.exchange.columns import Column, Refused, TableSpec
from parcels.exchange.wordings import (
    ACTUAL,
    AGREED,
    COMPLETION,
    CONTRACT,
    DELIVERY,
    EVIDENCE,
    PARCEL,
    PHASE,
    START,
    SUPERVISION,
    ZERO,
    dates,
    names,
)
from parcels.idle_land.causes import CAUSE_TITLES
from parcels.supply.fact_deliveries import IDENTITY
from parcels.supply.rules import ENCUMBRANCES, FOUNDATIONS, INDICATORS, MILESTONES, RESULTS

_LARGEST = Decimal(10) ** 10 - 1
_NEW = f"{AGREED} 变更后 变更后约定 调整后 调整后约定 延期后 延长后 展期后 新 新约定 补充协议约定"
_REFERENCES = ("supervision_no", "contract_no", "parcel_code")
# How officers call the indicators; a figure in brackets behind them is their unit.
_INDICATOR_WORDS = {
    "investment_intensity": "投资强度 固定资产投资强度",
    "plot_ratio": "容积率",
    "building_density": "建筑密度 建筑系数",
    "green_ratio": "绿地率",
    "ancillary_land_ratio": "配套用地比例 行政办公及生活服务设施用地比例 配套比例",
    "output_per_mu": "亩均产值 亩产值",
    "tax_per_mu": "亩均税收 亩产税收",
}


def _told(titles: Mapping[str, str], **more: str) -> dict[str, str]:
    """What a cell may say for each code: the code, its title, both together, and other words."""
    words = {
        spelt: code
        for code, title in titles.items()
        for spelt in (title, code, f"{code}{title}", f"{code} {title}", *more.get(code, "").split())
    }
    return {unicodedata.normalize("NFKC", word).lower(): code for word, code in words.items()}


def _spec(
    kind_code: str, name: str, title: str, *columns: Column, refused: tuple[Refused, ...] = ()
) -> TableSpec:
    """A table of facts: the numbers that lead to the phase, the kind's own columns and the evidence."""
    # A supplement without a phase holds for the whole contract; an encumbrance always does.
    phase = Column("phase_no", "分期", "phase", PHASE, default=None if kind_code == "supplement" else 1)
    by_phase = () if kind_code == "encumbrance" else (phase,)
    identity = (*(column.field for column in by_phase), *IDENTITY[kind_code])
    return TableSpec(
        name=name,
        title=title,
        keys=tuple((reference, *identity) for reference in _REFERENCES),
        any_of=(_REFERENCES,),
        refused=refused,
        columns=(
            Column("supervision_no", "电子监管号", "code", SUPERVISION),
            Column("contract_no", "合同编号", "code", CONTRACT),
            Column("parcel_code", "宗地代码", "code", PARCEL),
            *by_phase,
            *columns,
            Column("evidence", "证据材料", "text", EVIDENCE),
        ),
    )


def _day(field: str, title: str, words: str, *, required: bool = False, open_words: bool = False) -> Column:
    blank = ("至今", "未复工", "未解除", "长期", "停工中", "持续") if open_words else ()
    return Column(field, title, "date", names(words), required=required, blank_words=blank)


_INDICATORS = tuple(
    Column(
        f"{side}_{code}",
        f"{prefix.split()[0]}{INDICATORS[code]}",
        "decimal",
        tuple(f"{before}{word}" for before in prefix.split() for word in words.split()),
        minimum=ZERO,
        maximum=_LARGEST,
    )
    for side, prefix in (("promised", "承诺 约定 合同约定 出让"), ("actual", "实际 达到 实测 复核"))
    for code, words in _INDICATOR_WORDS.items()
)

FACT_TABLES: dict[str, TableSpec] = {
    "supplement": _spec(
        "supplement",
        "supplements",
        "补充协议",
        Column(
            "agreement_no",
            "协议编号",
            "text",
            names("协议编号 补充协议编号 补充协议号 补充合同编号 补充合同号 变更协议编号 协议号"),
            required=True,
        ),
        _day(
            "signed_on", "签订日期", "签订日期 签订时间 签约日期 协议签订日期 补充协议签订日期 补充协议签订时间"
        ),
        Column("agreed_delivery", "约定交地日期", "date", dates(_NEW, DELIVERY)),
        Column("agreed_start", "约定动工日期", "date", dates(_NEW, START)),
        Column("agreed_completion", "约定竣工日期", "date", dates(_NEW, COMPLETION)),
        Column("basis", "其他约定", "text", names("其他约定 协议内容 变更内容 主要内容 变更事项 补充内容")),
        refused=(
            Refused(r"^原", "这是原合同的约定，本表只填补充协议的新约定"),
            Refused(r"^(?:拟|计划|预计|预定)", "计划或预计的日期不是协议约定的日期"),
            Refused(r"^(?:交地|动工|开工|竣工)(?:时间|日期|年月)?$", "没有写明是约定的还是实际的，请在表头注明"),
        ),
    ),
    "permit": _spec(
        "permit",
        "permits",
        "施工许可证",
        Column(
            "permit_no",
            "许可证号",
            "text",
            names("许可证号 施工许可证号 施工许可证编号 建筑工程施工许可证编号 许可证编号 施工许可编号 sgxkzh"),
            required=True,
        ),
        _day("issued_on", "发证日期", "发证日期 发证时间 核发日期 颁发日期 施工许可证发证日期 取得施工许可证日期 许可日期"),
    ),
    "foundation": _spec(
        "foundation",
        "foundations",
        "基础施工",
        Column(
            "kind",
            "基础类型",
            "choice",
            names("基础类型 基础形式 基础类别 基础"),
            required=True,
            choices=_told(
                FOUNDATIONS,
                deep_pit="基坑 深基坑开挖 深基坑工程",
                piles="桩基础 打桩 使用桩基",
                other="其他 浅基础 独立基础 条形基础 筏板基础 天然基础",
            ),
        ),
        _day("as_of", "查看日期", "查看日期 核查日期 巡查日期 检查日期 现场核查日期 截止日期 截至日期", required=True),
        Column(
            "done", "已完成量", "decimal", names("已完成量 完成量 已完成 已打桩数 已完成桩数 完成桩数 已开挖量"),
            minimum=ZERO, maximum=_LARGEST,
        ),
        Column(
            "total", "总量", "decimal", names("总量 设计总量 工程总量 总桩数 设计桩数 总开挖量"),
            positive=True, maximum=_LARGEST,
        ),
        Column(
            "share", "完成比例", "share", names("完成比例 完成率 基础完成比例 完成进度 形象进度"),
            minimum=ZERO, maximum=Decimal(1),
        ),
    ),
    "stoppage": _spec(
        "stoppage",
        "stoppages",
        "停工",
        _day(
            "last_built_on",
            "最后施工日期",
            "最后施工日期 最后施工时间 停工日期 停工时间 停建日期 停工起始日期 停工起始时间 中止建设日期 中止开发建设日期",
            required=True,
        ),
        _day("resumed_on", "复工日期", "复工日期 复工时间 恢复施工日期 恢复建设日期 停工截止日期 停工结束日期", open_words=True),
    ),
    "cause": _spec(
        "cause",
        "causes",
        "原因期间",
        Column(
            "cause",
            "原因",
            "choice",
            names("原因 闲置原因 原因类型 原因代码 造成原因 原因类别 延期原因"),
            required=True,
            choices=_told(
                CAUSE_TITLES,
                G1="未按约定交付土地 未交地 政府未交地",
                G2="规划修改 规划调整",
                G3="政策调整",
                G4="群众信访 信访",
                G5="军事管制 文物保护",
                G6="政府其他行为 政府其他原因",
                FM="不可抗力 自然灾害",
                E1="企业自身原因 企业原因 自身原因",
                E2="查封",
                E3="前期工作",
                M="混合原因 多种原因",
            ),
        ),
        _day("valid_from", "起始日期", "起始日期 开始日期 起始时间 开始时间 原因起始日期", required=True),
        _day("valid_to", "截止日期", "截止日期 结束日期 终止日期 截止时间 结束时间 原因截止日期 消除日期", open_words=True),
        Column("verified_by", "核实人", "text", names("核实人 核定人 认定人 核实人员")),
        _day("verified_on", "核实日期", "核实日期 核定日期 认定日期 核实时间"),
    ),
    "encumbrance": _spec(
        "encumbrance",
        "encumbrances",
        "抵押、查封",
        Column(
            "kind",
            "类型",
            "choice",
            names("类型 权利限制类型 限制类型 抵押或查封 他项权利类型 登记类型"),
            required=True,
            choices=_told(ENCUMBRANCES, mortgage="抵押权 抵押登记 一般抵押 最高额抵押", seizure="司法查封 查封登记 轮候查封"),
        ),
        Column(
            "holder_name",
            "抵押权人或查封机关",
            "text",
            names("抵押权人或查封机关 抵押权人/查封机关 抵押权人 查封机关 权利人或查封机关 他项权利人"),
            required=True,
        ),
        Column(
            "registration_no",
            "登记证明号或文书号",
            "text",
            names("登记证明号或文书号 登记证明号 不动产登记证明号 他项权证号 文书号 查封文号 裁定书号"),
        ),
        _day("valid_from", "起始日期", "起始日期 登记日期 抵押登记日期 查封日期 开始日期 起始时间 查封起始日期", required=True),
        _day("valid_to", "截止日期", "截止日期 注销日期 解除日期 解封日期 终止日期 结束日期 到期日期 截止时间", open_words=True),
    ),
    "registration": _spec(
        "registration",
        "registrations",
        "监测监管系统登记",
        Column(
            "registration_no",
            "登记编号",
            "text",
            names("登记编号 系统登记编号 监测监管登记编号 监管系统编号 登记号 系统编号 入库编号"),
            required=True,
        ),
        _day("registered_on", "登记日期", "登记日期 登记时间 录入日期 上网登记日期 入库日期 填报日期"),
    ),
    "milestone": _spec(
        "milestone",
        "milestones",
        "标准地节点",
        Column(
            "kind",
            "节点",
            "choice",
            names("节点 节点名称 监管节点 阶段 里程碑 事项"),
            required=True,
            choices=_told(
                MILESTONES,
                delivery="交付土地 土地交付",
                start="开工",
                completion_review="竣工验收 竣工复核验收 竣工复核 竣工",
                full_production_review="达产 达产验收 达产复核验收",
            ),
        ),
        _day("planned_on", "计划日期", "计划日期 计划时间 约定日期 约定时间 应完成日期 计划完成日期 期限"),
        Column(
            "actual_on", "实际日期", "date",
            (*names("实际日期 实际时间 完成日期 完成时间 实际完成日期 实际完成时间"), *dates(ACTUAL, "复核 验收")),
        ),
        *_INDICATORS,
        Column(
            "result", "结论", "choice", names("结论 复核结论 验收结论 结果 是否通过 复核结果 验收结果"),
            choices=_told(RESULTS, **{"pass": "合格 是 达标 已通过", "fail": "不合格 否 不达标 不通过"}),
        ),
        Column("judged_by", "复核人", "text", names("复核人 验收人 复核单位 验收单位")),
        _day("remedy_until", "整改期限", "整改期限 整改截止日期 整改到期日 限期整改日期"),
        Column("liability", "违约责任", "text", names("违约责任 违约处理 违约情况")),
    ),
}  # fmt: skip


def as_facts(kind_code: str, rows: Sequence[tuple[int, dict[str, Any]]]) -> list[tuple[int, dict[str, Any]]]:
    """Rows in the fields of their kind: a share of a foundation in hundredths, indicators together."""
    change = {"foundation": _parts_of_whole, "milestone": _figures}.get(kind_code)
    return [(number, change(facts) if change else facts) for number, facts in rows]


def _parts_of_whole(facts: dict[str, Any]) -> dict[str, Any]:
    share = facts["share"]
    if share is None or facts["done"] is not None or facts["total"] is not None:
        return facts
    return {**facts, "done": share * 100, "total": Decimal(100)}


def _figures(facts: dict[str, Any]) -> dict[str, Any]:
    gathered = {
        side: {
            code: f"{facts[f'{side}_{code}'].normalize():f}"
            for code in INDICATORS
            if facts[f"{side}_{code}"] is not None
        }
        for side in ("promised", "actual")
    }
    return {**facts, **gathered}
