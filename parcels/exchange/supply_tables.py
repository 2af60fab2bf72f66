"""Supply contracts and building progress as officers deliver them, with the headings of published results.

Refuses likenesses that mean something else: a planned start is no agreed one, floor area is no land area.
"""

from __future__ import annotations

from parcels.exchange.columns import Column, Refused, TableSpec
from parcels.exchange.wordings import (
    ACTUAL,
    AGREED,
    COMPLETION,
    CONTRACT,
    DELIVERY,
    PARCEL,
    PHASE,
    START,
    SUPERVISION,
    TOWN,
    ZERO,
    dates,
    names,
)


def _phase() -> Column:
    return Column("phase_no", "分期", "phase", PHASE, default=1)


SUPPLY_CONTRACTS = TableSpec(
    name="supply-contracts",
    title="供地合同",
    keys=(
        ("supervision_no", "phase_no"),
        ("contract_no", "phase_no"),
        ("parcel_code", "holder_name", "location", "signed_on", "area_m2", "phase_no"),
        ("holder_name", "location", "signed_on", "area_m2", "phase_no"),
        ("location", "signed_on", "area_m2", "phase_no"),
    ),
    any_of=(("contract_no", "supervision_no", "parcel_code", "holder_name", "location"),),
    refused=(
        Refused(r"^(?:拟|计划|预计|预定)(?:交地|动工|开工|竣工|投产)", "计划或预计的日期不是合同约定的日期"),
        Refused(r"^(?:交地|动工|开工|竣工)(?:时间|日期|年月)?$", "没有写明是约定的还是实际的，请在表头注明"),
        Refused(r"^(?!.*不含).*投资.*含.*(?:地价|土地|税费)", "总投资应不含土地价款和税费（第三十条）"),
        Refused(r"建筑面积", "三分之一按土地面积计算，建筑面积不能代替"),
    ),
    columns=(
        Column("supervision_no", "电子监管号", "code", SUPERVISION),
        Column("contract_no", "合同编号", "code", CONTRACT),
        Column("parcel_code", "宗地代码", "code", PARCEL),
        Column(
            "holder_name",
            "土地使用权人",
            "text",
            names(
                "土地使用权人 使用权人 土地使用者 受让人 受让单位 受让方 竞得人 竞得单位 用地单位 权利人 "
                "土地使用权人(受让人) 土地竞得人 使用权人名称 企业名称 tdsyqr srr Landuserightholder "
                "LanduserightholderRow1 LanduserightholderRow2 受让人名称 受让单位名称 竞得人名称 竞得者 土地受让人 "
                "取得单位 用地者 用地单位名称 建设用地单位 土地使用单位 受让人/使用权人"
            ),
        ),
        Column(
            "location",
            "土地位置",
            "text",
            names(
                "土地位置 宗地位置 土地坐落 坐落 宗地坐落 地块位置 项目位置 位置 tdwz zl Projectlocation "
                "Landlocation 座落 土地座落 宗地座落 坐落位置 地块坐落 地块座落 宗地坐落位置 土地坐落位置 地理位置 项目坐落"
            ),
        ),
        Column("town", "所属镇街", "text", TOWN),
        Column(
            "land_use",
            "土地用途",
            "text",
            names(
                "土地用途 用途 规划用途 宗地用途 批准用途 出让用途 土地使用用途 土地规划用途 二级用途 地块用途 tdyt "
                "Landutilisation Landuse"
            ),
        ),
        Column(
            "area_m2",
            "面积",
            "area",
            names(
                "供地面积 出让面积 宗地面积 土地面积 供应面积 合同面积 用地面积 成交面积 出让土地面积 面积 "
                "供地总面积 供应土地面积 实际供地面积 成交土地面积 宗地总面积 出让宗地面积 土地总面积 受让面积 地块面积 gdmj Area"
            ),
            minimum=ZERO,
        ),
        Column(
            "price_wan",
            "成交价格",
            "money",
            names(
                "成交价格 成交价 成交价款 出让价款 合同价款 出让金 土地出让金 土地价款 价款 出让价格 "
                "合同金额 成交总价 成交总价款 成交金额 成交总额 土地成交价 土地成交价款 "
                "土地出让价款 出让总价 出让总价款 Transactionprice"
            ),
            minimum=ZERO,
        ),
        Column(
            "supply_mode",
            "供地方式",
            "text",
            names(
                "供地方式 供应方式 土地供应方式 出让方式 取得方式 土地取得方式 供给方式 交易方式 土地出让方式 "
                "gdfs Landsupplymethod"
            ),
        ),
        Column(
            "signed_on",
            "合同签订日期",
            "date",
            names(
                "合同签订日期 合同签订时间 签订日期 签订时间 合同日期 签约日期 合同或决定书签订日期 "
                "划拨决定书日期 出让合同签订日期 出让合同签订时间 合同签定日期 合同签定时间 签约时间 qdrq Contractsigningdate"
            ),
        ),
        Column(
            "agreed_delivery", "约定交地日期", "date", dates(AGREED, DELIVERY, "Agreed land delivery time")
        ),
        Column("agreed_start", "约定动工日期", "date", dates(AGREED, START, "Agreed start time")),
        Column(
            "agreed_completion",
            "约定竣工日期",
            "date",
            dates(AGREED, COMPLETION, "Agreed completion time"),
        ),
        Column(
            "actual_delivery",
            "实际交地日期",
            "date",
            dates(ACTUAL, DELIVERY, "交地确认书日期", "交地确认日期", "Actual land delivery time"),
        ),
        Column("actual_start", "实际动工日期", "date", dates(ACTUAL, START, "Actual start time")),
        Column(
            "actual_completion",
            "实际竣工日期",
            "date",
            dates(ACTUAL, COMPLETION, "Actual completion time"),
        ),
        _phase(),
        Column(
            "total_investment_wan",
            "总投资",
            "money",
            names(
                "总投资 总投资额 项目总投资 投资总额 约定总投资 合同约定总投资 项目投资总额 约定投资总额 "
                "totalinvestment"
            ),
            minimum=ZERO,
        ),
        Column(
            "land_to_develop_m2",
            "应开发面积",
            "area",
            names(
                "应开发面积 应动工开发面积 应动工开发建设用地总面积 应动工开发用地面积 应开发用地面积 应开发建设用地面积 "
                "应动工开发建设用地面积 应开发土地面积"
            ),
            minimum=ZERO,
        ),
        Column(
            "review_due",
            "复核验收期限",
            "date",
            names("复核验收期限 约定复核验收时间 约定复核时间 复核期限 应复核日期"),
        ),
        Column(
            "review_passed_on",
            "复核验收通过日期",
            "date",
            names("复核验收通过日期 复核验收时间 复核验收日期 复核通过日期"),
        ),
    ),
)

PROGRESS = TableSpec(
    name="progress",
    title="建设进度",
    keys=(("supervision_no", "phase_no", "as_of"), ("contract_no", "phase_no", "as_of")),
    any_of=(("contract_no", "supervision_no"),),
    refused=(
        Refused(r"建筑面积", "三分之一按土地面积计算，建筑面积不能代替"),
        Refused(r"(?:本年|当年|本月|当月|本期|本季)", "当期数不是累计数"),
        Refused(r"^(?!.*不含).*投资.*含.*(?:地价|土地|税费)", "已投资应不含土地价款和税费（第三十条）"),
    ),
    columns=(
        Column("contract_no", "合同编号", "code", CONTRACT),
        Column("supervision_no", "电子监管号", "code", SUPERVISION),
        _phase(),
        Column(
            "as_of",
            "截止日期",
            "date",
            names(
                "截止日期 截至日期 截止时间 截至时间 数据日期 核查日期 巡查日期 检查日期 统计日期 填报日期 "
                "asof"
            ),
            required=True,
        ),
        Column(
            "invested_wan",
            "累计已投资",
            "money",
            names(
                "累计已投资 累计投资 累计投资额 累计完成投资 累计完成投资额 已投资额 已投资 已完成投资 "
                "已投资总额 累计实际投资 实际投资额 完成投资 invested"
            ),
            minimum=ZERO,
        ),
        Column(
            "developed_area_m2",
            "已开发面积",
            "area",
            names(
                "已开发面积 已动工开发面积 已动工开发用地面积 已开发用地面积 已开发建设用地面积 已动工开发建设用地面积 "
                "开发建设用地面积 已开发土地面积 累计开发面积 developedarea"
            ),
            minimum=ZERO,
        ),
        Column(
            "stopped_since",
            "最后施工日期",
            "date",
            names(
                "最后施工日期 最后施工时间 停工日期 停工时间 停建日期 停工起始日期 停工起始时间 "
                "中止开发建设日期 中止建设日期 lastbuildingday"
            ),
            blank_words=("正常施工", "正常", "施工中", "未停工"),
        ),
        Column("note", "说明", "text", names("说明 备注 情况说明 进展情况 note")),
    ),
)
