"""What a paper can say: every fact with its key for programs and its Chinese name, by which templates speak of it.

Refuses nothing itself; a placeholder that isn't named here has no value, and a template that uses it is turned down.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import Literal

Kind = Literal[
    "text",
    "paragraphs",
    "texts",
    "date",
    "moment",
    "money",
    "area",
    "number",
    "percent",
    "flag",
    "term",
    "picture",
    "rows",
]


@dataclass(frozen=True, slots=True)
class Fact:
    """`name` is the placeholder. Money brings 〈name〉大写 with it, an area (㎡) brings 〈name〉亩."""

    key: str
    name: str
    kind: Kind = "text"
    columns: tuple[Fact, ...] = ()

    @property
    def placeholders(self) -> tuple[str, ...]:
        second = {"money": (f"{self.name}大写",), "area": (f"{self.name}亩",)}
        return (self.name, *second.get(self.kind, ()))


def _facts(kind: Kind, /, **named: str) -> tuple[Fact, ...]:
    return tuple(Fact(key, name, kind) for key, name in named.items())


# The paper itself, the bureau, and the terms that its parameters state.
PAPER = (
    *_facts(
        "text",
        number="文号", case_no="案件编号", authority="发文机关", authority_address="机关地址",
        authority_phone="联系电话", contact_person="联系人", handler="承办人", government="本级人民政府",
        review_body="复议机关", court="管辖法院", copies_to="抄送", issue_no="期号", fact_hash="校验码",
    ),
    *_facts("date", issued_on="成文日期", as_of="截止日期"),
    *_facts("flag", letterhead="版头", is_demo="示意数据"),
    *_facts(
        "term",
        reply_term="答复期限", hearing_request_term="听证申请期限", hearing_notice_term="听证通知期限",
        performance_term="履行期限", dunning_term="催告期限", reconsideration_term="复议期限", litigation_term="诉讼期限",
        reminder_term="提醒期限", rectify_term="整改期限",
    ),
)  # fmt: skip

# The land, its holder and the contract.
LAND = (
    *_facts(
        "text",
        holder="权利人", holder_uscc="统一社会信用代码", holder_address="权利人地址", legal_representative="法定代表人",
        holder_phone="权利人电话", project="项目名称", parcel_code="宗地代码", unit_code="不动产单元号",
        supervision_no="电子监管号", contract_no="合同编号", contract_name="合同名称", supply_mode="供地方式",
        location="坐落", town="镇街", land_use="用途", certificate_no="权属证书号", plan_conditions="规划条件",
        boundaries="四至", permit_no="施工许可证号", foundation="基础施工情况",
    ),
    *_facts(
        "date",
        contract_signed_on="签订日期", agreed_delivery="约定交地日期", actual_delivery="实际交地日期",
        agreed_start="约定动工日期", actual_start="实际动工日期", agreed_completion="约定竣工日期",
        actual_completion="实际竣工日期", permit_on="施工许可日期",
    ),
    *_facts("area", area_m2="面积", area_to_develop_m2="应开发面积", developed_area_m2="已开发面积"),
    *_facts("money", price="土地价款", total_investment="总投资额", invested="已投资额"),
    *_facts("percent", developed_ratio="开发面积比例", invested_ratio="投资比例"),
    *_facts("picture", location_map="位置图"),
)  # fmt: skip

# The inquiry, the finding, and what was made known.
INQUIRY = (
    *_facts(
        "text",
        suspicion_basis="疑似依据", finding_kind="认定情形", finding_article="认定条款", cause_kind="原因类别",
        cause="闲置原因", cause_article="原因条款", investigation_no="调查通知书文号", finding_no="认定书文号",
        idle_time="闲置时间", government_body="有关部门", disclosed_at="公开渠道", inquirers="询问人",
        recorder="记录人", respondent="被询问人", respondent_identity="被询问人身份", inquiry_place="询问地点",
        surveyors="勘测人", survey_tools="勘测方法", witness="见证人", town_opinion="镇街意见",
        bureau_opinion="主管部门意见", government_opinion="政府意见",
    ),
    *_facts("paragraphs", facts_found="查明事实", statement="陈述申辩", survey_found="勘测情况", assertion_review="意见采纳情况"),
    *_facts("texts", evidence="证据", attachments="附件"),
    *_facts(
        "date",
        investigation_on="调查通知日期", finding_on="认定日期", idle_since="闲置起算日期", full_year_on="满期日",
        stopped_since="停工日期", disclosed_on="公开日期",
    ),
    *_facts("moment", inquiry_from="询问开始时间", inquiry_to="询问结束时间", surveyed_at="勘测时间"),
    *_facts("number", idle_days="闲置天数", net_idle_days="净闲置天数"),
    Fact("questions", "问答", "rows", _facts("text", question="问", answer="答")),
)  # fmt: skip

# How the case is settled: schemes, agreements, hearing, decisions, service, enforcement.
SETTLEMENT = (
    *_facts(
        "text",
        mortgagee="抵押权人", mortgage_no="抵押登记号", mode="处置方式", mode_article="处置条款", agreement_no="协议编号",
        new_use="调整后用途", temporary_use="临时用途", swap_location="置换地坐落", swap_parcel_code="置换地宗地代码",
        swap_use="置换地用途", hearing_subject="听证事项", hearing_place="听证地点", hearing_chair="听证主持人",
        hearing_clerk="听证记录人", approval_body="批准机关", approval_no="批准文号", payee_channel="缴款渠道",
        taxpayer_office="征收机关", proposed_decision="拟作决定", decision_name="决定书名称", decision_no="决定书文号",
        obligation="履行义务", served_paper="送达文书", served_no="送达文书文号", served_to="受送达人",
        served_place="送达地点", served_how="送达方式", server="送达人", closing_result="处置结果", look_back="回头看情况",
        dunning_no="催告书文号", remedies_told="救济情况",
    ),
    *_facts("paragraphs", scheme="处置方案内容", liabilities="违约责任", closing_evidence="销号依据"),
    *_facts(
        "date",
        new_start="新约定动工日期", new_completion="新约定竣工日期", temporary_from="临时使用起始日期",
        temporary_to="临时使用终止日期", hearing_right_on="听证告知日期", approved_on="批准日期", decision_on="决定日期",
        decision_served_on="决定送达日期", payment_due_on="缴款截止日期", handover_on="交地日期", performed_on="履行日期",
        closed_on="销号日期", dunning_on="催告日期", dunning_served_on="催告送达日期",
    ),
    *_facts("moment", hearing_at="听证时间", served_at="送达时间"),
    *_facts(
        "money", fee_base="计费基数", fee_amount="闲置费", unpaid="未缴金额", compensation="补偿金额",
        swap_price="置换地价款", price_difference="价款差额", amount_due="应缴金额",
    ),
    *_facts("percent", fee_rate="费率"),
    *_facts("area", swap_area_m2="置换地面积"),
)  # fmt: skip

# Patrol, one parcel one plan, lists.
FOLLOW_UP = (
    *_facts(
        "text",
        instalment="缴款期次", delivery_state="交付条件", delivered_by="交地人",
        received_by="接收人", inspectors="核查人", problem_kind="问题类型", goal="处置目标", path="处置路径",
        lead_unit="责任单位", lead_person="责任人", list_scope="清单范围", list_changes="较上期变化",
        plan_no="方案编号", plan_state="方案状态", helpers="配合单位", party_town="监管镇街", labels="高耗低效类别",
        inspection_rhythm="检查方式",
    ),
    *_facts("date", plan_from="方案起始日期", plan_to="方案完成期限"),
    *_facts("paragraphs", problem="问题情况", inspection_found="核查情况", requirements="整改要求", baseline="现状基数"),
    *_facts("moment", inspected_at="核查时间"),
    *_facts("number", listed_count="宗数"),
    *_facts("area", listed_area_m2="合计面积"),
    Fact(
        "milestones", "节点", "rows",
        (*_facts("text", name="节点名称"), *_facts("date", planned_on="约定日期", actual_on="实际日期"),
         *_facts("text", state="状态", note="备注")),
    ),
    Fact(
        "patrols", "巡查记录", "rows",
        (*_facts("date", on="巡查日期"), *_facts("text", by="巡查人", found="巡查情况", handled="处理意见")),
    ),
    Fact(
        "measures", "措施", "rows",
        (*_facts("text", measure="具体措施"), *_facts("date", due_on="完成期限"),
         *_facts("text", unit="牵头单位", person="经办人")),
    ),
    Fact(
        "targets", "指标", "rows",
        (*_facts("text", metric="指标名称", wanted="指标要求", measured="指标实绩"), *_facts("date", due_on="达标期限")),
    ),
    Fact(
        "followed", "跟踪记录", "rows",
        (*_facts("date", on="跟踪日期"), *_facts("text", what="情况", percent="进度", by="跟踪人")),
    ),
    Fact(
        "yearly", "年度指标", "rows",
        (*_facts("text", year="年度", tax_per_mu="亩均税收", value_added_per_mu="亩均增加值", grade="评价等次", note="说明"),),
    ),
    Fact(
        "listed", "清单", "rows",
        (*_facts("text", town="所在镇街", parcel_code="地块代码", contract_no="合同号", holder="使用权人", location="地块位置"),
         *_facts("area", area_m2="用地面积"), *_facts("date", agreed_start="应动工日期"),
         *_facts("number", idle_days="闲置日数"),
         *_facts("text", kind="闲置类型", cause="原因", stage="处置阶段", plan="处置意见")),
    ),
)  # fmt: skip

# The frozen reports on the two ledgers and idle land.
REPORTS = (
    *_facts("text", report_kind="通报种类", report_rules="规则版本", report_targets="目标依据", corrects_issue="更正期号"),
    *_facts("date", report_first="本期起始日期"),
    *_facts("paragraphs", report_summary="总体情况", report_gaps="未列数据说明"),
    Fact(
        "progress", "进度表", "rows",
        _facts(
            "text", row_name="列报单位", listed="清单个数", agreements="协议签订", agreement_rate="协议签订率", closed="销号个数",
            closed_rate="销号比例", new_listed="新增个数", energy="用能数", remediation_target="整治目标",
            remediation_done="整治完成", remediation_rate="整治完成率", remediation_light="整治进度",
            revitalisation_target="盘活目标", revitalisation_done="盘活完成", revitalisation_rate="盘活完成率",
            revitalisation_light="盘活进度", idle="闲置在办宗数", idle_mu="闲置在办亩数", idle_new="闲置新立案",
            idle_disposed="闲置已处置", overdue_starts="逾期未动工", overdue_tasks="逾期事项", place="名次",
        ),
    ),
    Fact(
        "supply_rows", "供地表", "rows",
        _facts("text", row_name="供地单位", supply_mu="本年出让亩数", supply_industrial_mu="工业用地亩数",
               supply_unclassified_mu="未归类亩数", supply_share="工业用地占比", line_other="线内非工业宗数",
               line_other_mu="线内非工业亩数"),
    ),
    Fact(
        "other_counts", "其他目标表", "rows",
        _facts("text", title="目标名称", target="目标数", done="完成数", rate="目标完成率", due="序时数", light="目标进度",
               outlook="目标预计"),
    ),
    Fact(
        "line_versions", "控制线变化表", "rows",
        _facts("text", on="变化日期", what="变化事项", adjustment="所属调整", came="划入亩数", left="划出亩数",
               total="变化后亩数"),
    ),
)  # fmt: skip

# An adjustment of the industrial control line.
CONTROL_LINE = (
    *_facts("text", adjustment_no="调整编号", adjustment_title="调整名称",
            adjustment_purpose="调整理由", retained_basis="保有量依据", corner_crs="界址点坐标系", ground_hash="图形校验码"),
    *_facts("date", effective_on="调整生效日期"),
    *_facts(
        "area",
        out_area_m2="调出面积", in_area_m2="调入面积", surplus_used_m2="使用结余面积", line_before_m2="调整前控制线面积",
        line_after_m2="调整后控制线面积", retained_area_m2="保有量面积",
    ),
    Fact(
        "brought_in", "调入清单", "rows",
        (*_facts("text", name="调入名称", level="调入级别", plan_class="规划分类", approval="批准文件"),
         *_facts("date", approved_on="调入批准日期"), *_facts("area", area_m2="单块面积")),
    ),
    Fact(
        "line_checks", "核验清单", "rows",
        _facts("text", title="核验事项", state="核验结果", told="核验情况", basis="核验依据"),
    ),
    Fact(
        "corners", "界址点清单", "rows",
        _facts("text", ground="所属范围", ring="圈号", corner="界址点号", north="北坐标", east="东坐标"),
    ),
    Fact(
        "line_steps", "办理清单", "rows",
        (*_facts("text", step="办理环节", person="办理人", document="办理文件"), *_facts("date", on="办理日期")),
    ),
)  # fmt: skip

FACTS: dict[str, Fact] = {
    fact.key: fact for fact in chain(PAPER, LAND, INQUIRY, SETTLEMENT, FOLLOW_UP, REPORTS, CONTROL_LINE)
}
