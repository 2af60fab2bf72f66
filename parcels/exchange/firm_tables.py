"""Firms, the land they use and their yearly returns as officers deliver them, with their headings.

Refuses nothing itself: the reader holds a file against these descriptions.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from parcels.exchange.columns import Column, TableSpec
from parcels.exchange.wordings import FIRM, PARCEL, TOWN, USCC, ZERO, names

_ROLES = {
    **dict.fromkeys(names("自有 自用 自有土地 登记 已登记 owned"), "owned"),
    **dict.fromkeys(names("租入 租用 租赁 承租 leased_in"), "leased_in"),
    **dict.fromkeys(names("未登记 未办证 无证 unregistered"), "unregistered"),
}


ENTERPRISES = TableSpec(
    name="enterprises",
    title="企业",
    keys=(("uscc",),),
    columns=(
        Column("uscc", "统一社会信用代码", "uscc", USCC, required=True),
        Column("name", "企业名称", "text", FIRM, required=True),
        Column(
            "industry_code",
            "行业代码",
            "code",
            names("行业代码 国民经济行业代码 行业小类代码 行业中类代码 hydm gb/t4754代码 industrycode"),
        ),
        Column(
            "industry_group",
            "行业类别",
            "text",
            names("行业类别 行业分类 行业门类 所属行业 行业 评价行业 hylb industry"),
        ),
        Column(
            "above_scale",
            "是否规上",
            "flag",
            names("是否规上 是否规上企业 规上企业 规模以上 是否规模以上 规上/规下 规上规下 企业规模 sfgs"),
        ),
        Column(
            "founded_on",
            "成立日期",
            "date",
            names("成立日期 成立时间 注册日期 注册时间 登记日期 开业日期 clrq"),
        ),
        Column("town", "所属镇街", "text", TOWN),
        Column(
            "address",
            "地址",
            "text",
            names("地址 企业地址 生产经营地址 经营地址 注册地址 住所 详细地址 dz address"),
        ),
    ),
)

# What a firm was in one year: the register keeps what it is today.
FIRM_YEARS = TableSpec(
    name="firm-years",
    title="企业年度信息",
    keys=(("uscc", "year"),),
    columns=(
        Column("year", "年度", "year", names("年度 年份 评价年度 数据年度 year"), required=True),
        Column("uscc", "统一社会信用代码", "uscc", USCC, required=True),
        Column("enterprise_name", "企业名称", "text", FIRM),
        *(ENTERPRISES.column(name) for name in ("above_scale", "industry_code", "industry_group", "town")),
        Column("basis", "依据", "text", names("依据 依据文件 文件文号 依据文号 文号 basis"), required=True),
    ),
    any_of=(("above_scale", "industry_code", "industry_group", "town"),),
)

OCCUPANCY = TableSpec(
    name="occupancy",
    title="企业用地",
    keys=(("parcel_code", "uscc", "role", "valid_from"),),
    columns=(
        Column("parcel_code", "宗地代码", "code", PARCEL, required=True),
        Column("uscc", "统一社会信用代码", "uscc", USCC, required=True),
        Column("enterprise_name", "企业名称", "text", FIRM),
        Column(
            "role",
            "使用方式",
            "choice",
            names("使用方式 用地方式 土地使用方式 使用类型"),
            required=True,
            choices=_ROLES,
        ),
        Column(
            "lessor_uscc",
            "出租方统一社会信用代码",
            "uscc",
            names(
                "出租方统一社会信用代码 出租方信用代码 出租人统一社会信用代码 出租企业统一社会信用代码 "
                "出租方代码"
            ),
        ),
        Column(
            "area_m2",
            "占用面积",
            "area",
            names("占用面积 使用面积 用地面积 实际用地面积 占地面积 租用面积 租赁面积 面积"),
            positive=True,
        ),
        Column(
            "share",
            "占用比例",
            "share",
            names("占用比例 使用比例 用地比例 份额 比例 分摊比例"),
            positive=True,
            maximum=Decimal(1),
        ),
        Column(
            "valid_from",
            "起始日期",
            "date",
            names("起始日期 开始日期 起始时间 开始时间 起租日期 使用起始日期 起始日"),
            required=True,
        ),
        Column(
            "valid_to",
            "终止日期",
            "date",
            names("终止日期 结束日期 终止时间 结束时间 到期日期 使用终止日期 终止日"),
            blank_words=("长期", "至今", "永久", "不限", "无期限"),
        ),
    ),
)

ANNUAL_RETURNS = TableSpec(
    name="annual-returns",
    title="企业年度数据",
    keys=(("uscc", "year"),),
    columns=(
        Column(
            "year",
            "年度",
            "year",
            names("年度 年份 数据年度 评价年度 统计年度 所属年度 nd year"),
            required=True,
        ),
        Column("uscc", "统一社会信用代码", "uscc", USCC, required=True),
        Column("enterprise_name", "企业名称", "text", FIRM),
        Column(
            "tax_wan",
            "税收实际贡献",
            "money",
            names(
                "税收实际贡献 实际贡献税收 税收贡献 实缴税收 实缴税金 税收合计 税收总额 入库税收 税收 税金 "
                "tax"
            ),
        ),
        Column(
            "value_added_wan",
            "工业增加值",
            "money",
            names("工业增加值 增加值 工业增加值总额 规上工业增加值 valueadded"),
        ),
        Column(
            "revenue_wan",
            "营业收入",
            "money",
            names("营业收入 主营业务收入 销售收入 营业总收入 revenue"),
            minimum=ZERO,
        ),
        Column(
            "employees",
            "年平均职工人数",
            "persons",
            names(
                "年平均职工人数 年平均用工人数 平均用工人数 从业人员平均人数 职工人数 平均职工人数 "
                "年平均职工 从业人员 employees"
            ),
            minimum=ZERO,
            maximum=Decimal(10) ** 8,
        ),
        Column(
            "energy_tce",
            "综合能耗",
            "energy",
            names("综合能耗 能源消费量 综合能源消费量 总能耗 能耗 用能 energy"),
            minimum=ZERO,
        ),
        Column(
            "emission_t",
            "主要污染物排放量",
            "mass",
            names("主要污染物排放量 污染物排放量 排放量 主要污染物排放当量 emission"),
            minimum=ZERO,
        ),
        Column(
            "rd_wan",
            "研发经费",
            "money",
            names("研发经费 研发费用 研发投入 r&d经费 r&d经费支出 研究与试验发展经费 研究开发费用 rd"),
            minimum=ZERO,
        ),
    ),
)

# What one authority delivers: some of the figures, by code or by name. A figure below zero is a question to be asked, and a
# code with a wrong digit is matched by a person: neither makes a row that is turned away.
AUTHORITY_RETURNS = TableSpec(
    name="authority-returns",
    title="部门报送的企业年度数据",
    keys=(("uscc", "year"), ("enterprise_name", "year")),
    columns=(
        replace(ANNUAL_RETURNS.column("year"), required=False),
        replace(ANNUAL_RETURNS.column("uscc"), kind="code", required=False),
        *(
            column if column.kind == "text" else replace(column, minimum=None)
            for column in ANNUAL_RETURNS.columns
            if column.field not in ("year", "uscc")
        ),
    ),
    any_of=(("uscc", "enterprise_name"),),
)

ENERGY_MONTHLY = TableSpec(
    name="energy-monthly",
    title="企业月度用能",
    keys=(("uscc", "month"),),
    columns=(
        Column(
            "month",
            "月份",
            "month",
            names("月份 年月 数据月份 所属月份 用能月份 抄表月份 month"),
            required=True,
        ),
        Column("uscc", "统一社会信用代码", "uscc", USCC, required=True),
        Column("enterprise_name", "企业名称", "text", FIRM),
        Column(
            "electricity_kwh",
            "用电量",
            "electricity",
            names("用电量 电量 工业用电量 本月用电量 当月用电量 电力消费量 electricity"),
            minimum=ZERO,
        ),
        Column(
            "water_m3",
            "用水量",
            "volume",
            names("用水量 水量 工业用水量 本月用水量 当月用水量 water"),
            minimum=ZERO,
        ),
        Column(
            "gas_m3",
            "用气量",
            "volume",
            names("用气量 气量 天然气用量 天然气用气量 本月用气量 当月用气量 gas"),
            minimum=ZERO,
        ),
    ),
    any_of=(("electricity_kwh", "water_m3", "gas_m3"),),
)

_FACT_KINDS = {
    **dict.fromkeys(names("加减分 加分 减分 扣分 加分项 减分项 adjustment"), "adjustment"),
    **dict.fromkeys(names("降档事项 降档 一票否决 否决 veto"), "veto"),
    **dict.fromkeys(names("免评事项 免评 豁免 不参评 exemption"), "exemption"),
    **dict.fromkeys(names("补充数据 补充指标 数据 figure"), "figure"),
}

EVALUATION_FACTS = TableSpec(
    name="evaluation-facts",
    title="评价事项",
    keys=(("uscc", "year", "kind", "code"),),
    columns=(
        Column("year", "年度", "year", names("年度 年份 评价年度 数据年度 year"), required=True),
        Column("uscc", "统一社会信用代码", "uscc", USCC, required=True),
        Column("enterprise_name", "企业名称", "text", FIRM),
        Column(
            "kind",
            "事项类别",
            "choice",
            names("事项类别 类别 事项类型 kind"),
            required=True,
            choices=_FACT_KINDS,
        ),
        Column("code", "事项代码", "text", names("事项代码 方案代码 项目代码 code"), required=True),
        Column("amount", "数值", "decimal", names("数值 分值 加减分值 数量 amount")),
        Column("basis", "依据", "text", names("依据 依据文件 文件文号 依据文号 文号 basis"), required=True),
    ),
)
