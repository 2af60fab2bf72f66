"""One case with every fact stated, for the tests of papers.

Holds invented data only.
"""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Any

from docx import Document
from docx.oxml.ns import qn

from parcels.documents.vocabulary import FACTS, Fact

DAYS_30 = {"amount": 30, "unit": "day"}
FULL: dict[str, Any] = {
    "party_town": "甲镇人民政府", "labels": "连续末档", "inspection_rhythm": "甲方每周检查一次。",
    "baseline": "2025 年度：综合能耗1200吨标准煤。",
    "number": "示自然资闲认〔2026〕12号", "case_no": "〔2026〕闲置003", "authority": "示意县自然资源和规划局",
    "authority_address": "示意县人民路1号", "authority_phone": "0579-80000000", "contact_person": "王某",
    "handler": "王某、赵某", "government": "示意县人民政府", "review_body": "示意县人民政府", "court": "示意县人民法院",
    "copies_to": "示意县人民政府办公室，示意县税务局，甲镇人民政府。", "issue_no": "2026年第3期",
    "fact_hash": "9f2c41ab", "issued_on": date(2026, 3, 5), "as_of": date(2026, 3, 1), "letterhead": False, "is_demo": True,
    "reply_term": DAYS_30, "hearing_request_term": {"amount": 5, "unit": "workday"},
    "hearing_notice_term": {"amount": 7, "unit": "workday"}, "performance_term": DAYS_30,
    "dunning_term": {"amount": 10, "unit": "day"}, "reconsideration_term": {"amount": 60, "unit": "day"},
    "litigation_term": {"amount": 6, "unit": "month"}, "reminder_term": DAYS_30, "rectify_term": {"amount": 15,
    "unit": "day"},
    "holder": "示意县宏远<智能>装备&科技有限公司", "holder_uscc": "91330782MA28E0000X",
    "holder_address": "示意县甲镇工业一路8号",
    "legal_representative": "李某", "holder_phone": "0579-81111111", "project": "年产5万台智能缝制设备项目",
    "parcel_code": "990001001001GB00017", "unit_code": "990001001001GB00017W00000000", "supervision_no": "9900012020B00123",
    "contract_no": "9900012020A21045", "contract_name": "国有建设用地使用权出让合同", "supply_mode": "挂牌出让",
    "location": "示意县甲镇工业一路南侧、纬三路东侧", "town": "甲镇", "land_use": "工业用地（0601）",
    "certificate_no": "浙（2020）示意县不动产权第0012345号", "plan_conditions": "容积率不小于1.8，建筑密度不小于40%",
    "boundaries": "东至规划绿地，南至纬四路，西至纬三路，北至工业一路", "permit_no": "990001202101150101",
    "foundation": "桩基，已打入基础桩12根，占设计总数的8%", "contract_signed_on": date(2020, 2, 10),
    "agreed_delivery": date(2020, 3, 1), "actual_delivery": date(2020, 2, 28), "agreed_start": date(2021, 3, 1),
    "actual_start": date(2021, 5, 6), "agreed_completion": date(2023, 3, 1), "actual_completion": date(2023, 6, 30),
    "permit_on": date(2021, 1, 15), "area_m2": Decimal("22866.67"), "area_to_develop_m2": Decimal("22866.67"),
    "developed_area_m2": Decimal("5120.5"), "price": Decimal("17150000"), "total_investment": Decimal("120000000"),
    "invested": Decimal("21500000.5"), "developed_ratio": Decimal("0.2239"), "invested_ratio": Decimal("0.1792"),
    "suspicion_basis": "动态巡查发现该宗地超过约定动工开发日期满一年未动工开发", "finding_kind": "未动工",
    "finding_article": "第二条第一款", "cause_kind": "自身原因", "cause": "企业资金安排不到位，未办理施工许可手续",
    "cause_article": "《闲置土地处置办法》第十四条", "investigation_no": "示自然资闲调〔2026〕3号",
    "finding_no": "示自然资闲认〔2026〕12号", "idle_time": "2021年3月1日至今", "government_body": "甲镇人民政府",
    "disclosed_at": "示意县人民政府门户网站", "inquirers": "王某（执法证号1234）、赵某（执法证号5678）", "recorder": "孙某",
    "respondent": "李某", "respondent_identity": "法定代表人", "inquiry_place": "示意县自然资源和规划局201室",
    "surveyors": "周某、吴某", "survey_tools": "RTK测量、无人机航拍", "witness": "郑某（甲镇人民政府）",
    "town_opinion": "情况属实，同意销号。", "bureau_opinion": "复核无误，同意销号。", "government_opinion": "同意。",
    "facts_found": "约定动工开发日期为2021年3月1日，自次日起算，满一年之日为2022年3月1日。\n"
    "截至2026年3月1日，该宗地未取得施工许可证，未进行基础施工，现场仅有围墙和临时用房。\n该宗地共闲置1826日。",
    "statement": "当事人称因资金紧张推迟建设，对闲置的事实没有异议。",
    "survey_found": "现场为平整的空地，四周有围墙，西北角有临时用房两间。",
    "assertion_review": "当事人所述情况不属于政府原因或者不可抗力，不予采纳。",
    "evidence": ["国有建设用地使用权出让合同及交地确认书", "现场勘测笔录和照片12张", "询问笔录"],
    "attachments": ["现场照片", "影像截图"], "investigation_on": date(2026, 1, 8), "finding_on": date(2026, 2, 10),
    "idle_since": date(2021, 3, 2), "full_year_on": date(2022, 3, 1), "stopped_since": date(2022, 1, 1),
    "disclosed_on": date(2026, 2, 12), "inquiry_from": "2026-01-12T09:05", "inquiry_to": "2026-01-12T10:30",
    "surveyed_at": "2026-01-13T14:00", "idle_days": 1826, "net_idle_days": 1700,
    "questions": [
        {"question": "该宗地何时交付？", "answer": "2020年2月28日交付，当时已经三通一平。"},
        {"question": "为什么没有按期动工？", "answer": "公司资金没有到位，设计方案又改过两次。"},
    ],
    "mortgagee": "示意县农村商业银行股份有限公司", "mortgage_no": "浙（2020）示意县不动产证明第0004567号",
    "mode": "延长动工开发期限", "mode_article": "第十二条第一款第（一）项", "agreement_no": "示闲协2026-005",
    "new_use": "工业用地（容积率不小于2.0）", "temporary_use": "建筑材料堆场", "swap_location": "示意县乙镇工业三路北侧",
    "swap_parcel_code": "990001002002GB00031", "swap_use": "工业用地", "hearing_subject": "拟征缴土地闲置费",
    "hearing_place": "示意县自然资源和规划局听证室", "hearing_chair": "冯某", "hearing_clerk": "陈某",
    "approval_body": "示意县人民政府", "approval_no": "示政函〔2026〕18号", "payee_channel": "电子税务局或者办税服务厅",
    "taxpayer_office": "国家税务总局示意县税务局", "proposed_decision": "征缴土地闲置费3430000.00元",
    "decision_name": "征缴土地闲置费决定书", "decision_no": "示自然资闲费〔2026〕2号",
    "dunning_no": "示自然资闲催〔2026〕1号",
    "remedies_told": "在法定期限内未申请行政复议、未提起行政诉讼",
    "dunning_on": date(2026, 4, 8), "dunning_served_on": date(2026, 4, 9),
    "obligation": "缴纳土地闲置费3430000.00元",
    "served_paper": "闲置土地认定书", "served_no": "示自然资闲认〔2026〕12号", "served_to": "示意县宏远装备科技有限公司",
    "served_place": "示意县甲镇工业一路8号", "served_how": "直接送达", "server": "王某、赵某",
    "closing_result": "已签订补充协议并按新约定动工", "look_back": "2026年12月回访，正常施工。",
    "scheme": "将动工开发日期延长至2026年9月1日，竣工日期相应延长至2028年9月1日。\n由甲镇人民政府督促企业办理施工许可手续。",
    "liabilities": "乙方未按照新的约定动工开发的，每延期一日，向甲方支付土地价款总额千分之一的违约金。",
    "closing_evidence": "施工许可证、基础施工照片、现场核查记录。", "new_start": date(2026, 9, 1),
    "new_completion": date(2028, 9, 1),
    "temporary_from": date(2026, 4, 1), "temporary_to": date(2028, 3, 31), "hearing_right_on": date(2026, 2, 20),
    "approved_on": date(2026, 3, 2), "decision_on": date(2026, 3, 5), "decision_served_on": date(2026, 3, 6),
    "payment_due_on": date(2026, 4, 5), "handover_on": date(2020, 2, 28), "performed_on": date(2026, 9, 1),
    "closed_on": date(2026, 10, 8), "hearing_at": "2026-03-01T09:30", "served_at": "2026-03-06T15:20",
    "fee_base": Decimal("17150000"), "fee_amount": Decimal("3430000"), "unpaid": Decimal("3430000"),
    "compensation": Decimal("15000000"), "swap_price": Decimal("17200000"), "price_difference": Decimal("50000"),
    "amount_due": Decimal("8575000"), "fee_rate": Decimal("0.2"), "swap_area_m2": Decimal("22900"),
    "instalment": "第二期", "delivery_state": "通水、通电、通路，场地平整", "delivered_by": "王某",
    "received_by": "李某", "inspectors": "周某、吴某", "problem_kind": "供而未用（未动工）", "goal": "2026年9月1日前动工",
    "path": "延长动工开发期限，签订补充协议，按月督促", "lead_unit": "甲镇人民政府", "lead_person": "何某",
    "plan_no": "企策〔2026〕001 第 1 版", "plan_state": "在办", "helpers": "示意县经济和信息化局",
    "plan_from": date(2026, 1, 1), "plan_to": date(2026, 12, 31),
    "list_scope": "全县", "list_changes": "新增1宗，销号2宗", "problem": "企业资金不足，项目停滞。",
    "inspection_found": "现场未动工，仅有围墙。", "requirements": "限期办理施工许可，按期动工。",
    "inspected_at": "2026-01-06T10:00", "listed_count": 2, "listed_area_m2": Decimal("45733.34"),
    "milestones": [
        {"name": "交地", "planned_on": date(2020, 3, 1), "actual_on": date(2020, 2, 28), "state": "完成"},
        {"name": "动工", "planned_on": date(2021, 3, 1), "state": "逾期", "note": "未取得施工许可"},
    ],
    "patrols": [{"on": date(2021, 3, 5), "by": "周某", "found": "未动工", "handled": "发动工提醒书"}],
    "measures": [
        {"measure": "签订补充协议", "due_on": date(2026, 4, 30), "unit": "示意县自然资源和规划局", "person": "王某"},
        {"measure": "办理施工许可", "due_on": date(2026, 8, 15), "unit": "甲镇人民政府", "person": "何某"},
    ],
    "targets": [
        {"metric": "亩均税收", "wanted": "不低于 15 万元/亩", "due_on": date(2026, 12, 31), "measured": "9.8（2026-06-30）"}
    ],
    "followed": [{"on": date(2026, 3, 10), "what": "跟踪记录：已提交施工图。", "percent": "20%", "by": "何某"}],
    "yearly": [{"year": "2025", "tax_per_mu": "3.12", "value_added_per_mu": "20.5", "grade": "D", "note": "示意"}],
    "adjustment_no": "控调〔2026〕001", "adjustment_title": "示意更新地块", "adjustment_purpose": "城市更新",
    "retained_basis": "示意文件", "effective_on": date(2026, 4, 1), "out_area_m2": Decimal("1000.00"),
    "in_area_m2": Decimal("1200.50"), "surplus_used_m2": Decimal("10"), "line_before_m2": Decimal("500000"),
    "line_after_m2": Decimal("500200.50"), "retained_area_m2": Decimal("400000"),
    "brought_in": [{"name": "调入一", "level": "一级", "plan_class": "100102", "approval": "示意批〔2026〕1号",
                    "approved_on": date(2026, 3, 20), "area_m2": Decimal("1200.50")}],
    "line_checks": [{"title": "改一补一", "state": "符合", "told": "调入不少于调出", "basis": "行动方案"}],
    "corner_crs": "EPSG:4549（CGCS2000），界址点共 4 个", "ground_hash": "ab12",
    "corners": [{"ground": "调出", "ring": "1", "corner": "J01", "north": "3245000.123", "east": "500123.456"}],
    "line_steps": [{"step": "批准", "person": "王某", "document": "示意批〔2026〕1号", "on": date(2026, 3, 20)}],
    "listed": [
        {"town": "甲镇", "parcel_code": "990001001001GB00017", "contract_no": "9900012020A21045",
         "holder": "示意县宏远装备科技有限公司",
         "location": "甲镇工业一路南侧", "area_m2": Decimal("22866.67"), "agreed_start": date(2021, 3, 1), "idle_days": 1826,
         "kind": "未动工", "cause": "自身原因", "stage": "处置方案", "plan": "延期动工"},
        {"town": "乙镇", "parcel_code": "990001002002GB00002", "contract_no": "9900012019A21007",
         "holder": "示意县长风电子有限公司",
         "location": "乙镇工业三路北侧", "area_m2": Decimal("22866.67"), "agreed_start": date(2020, 6, 1), "idle_days": 2099,
         "kind": "中止开发", "cause": "规划调整", "stage": "认定", "plan": "有偿收回"},
    ],
    "report_kind": "周通报", "report_rules": "campaigns-2026-11", "report_targets": "行动方案（2021-2023 年）",
    "corrects_issue": "〔2023〕周通报第25期", "report_first": date(2023, 6, 24),
    "report_summary": "低效用地整治提升完成 3,210.50 亩。\n闲置土地在办 12 宗。", "report_gaps": "用能：尚无数据。",
    "progress": [
        {"row_name": "甲镇", "listed": "8", "agreements": "6", "agreement_rate": "75.00%", "closed": "2",
         "closed_rate": "25.00%", "new_listed": "1", "energy": "—", "remediation_target": "600.00",
         "remediation_done": "420.31", "remediation_rate": "70.05%", "remediation_light": "黄",
         "revitalisation_target": "120.00", "revitalisation_done": "61.00", "revitalisation_rate": "50.83%",
         "revitalisation_light": "绿", "idle": "3", "idle_mu": "120.55", "idle_new": "1", "idle_disposed": "0",
         "overdue_starts": "2", "overdue_tasks": "1", "place": "2"},
    ],
    "other_counts": [
        {"title": "淘汰落后产能企业（家）", "target": "45", "done": "32", "rate": "71.11%", "due": "37.48", "light": "黄",
         "outlook": "难以按期完成，预计2024年6月1日"},
    ],
    "supply_rows": [
        {"row_name": "甲镇", "supply_mu": "320.00", "supply_industrial_mu": "120.00", "supply_unclassified_mu": "0.00",
         "supply_share": "37.50%", "line_other": "3", "line_other_mu": "21.60"},
    ],
    "line_versions": [
        {"on": "2022-06-30", "what": "期初", "adjustment": "—", "came": "63,535.34", "left": "0.00", "total": "63,535.34"},
    ],
}  # fmt: skip


def text_of(docx: bytes) -> str:
    """All text of a Word file, tables and footers included."""
    opened: Any = Document(io.BytesIO(docx))
    parts = [opened.element.body, *(section.footer._element for section in opened.sections)]
    lines = [
        "".join(node.text or "" for node in paragraph.iter(qn("w:t")))
        for part in parts
        for paragraph in part.iter(qn("w:p"))
    ]
    return "\n".join(lines)


def every_fact() -> list[Fact]:
    return [fact for fact in FACTS.values() if fact.kind != "picture"]
