"""The kinds of papers: their titles, and the file that each one's shipped template is in.

Refuses an unknown kind by name; whether a kind is numbered, and under which word, is a parameter of the county.
"""

from __future__ import annotations

from landgis.lib.errors import InputError

KINDS: dict[str, str] = {
    # 动态巡查
    "tracking_card": "国有建设用地项目跟踪管理卡",
    "payment_reminder": "土地价款缴纳提醒书",
    "start_reminder": "项目动工提醒书",
    "completion_reminder": "项目竣工提醒书",
    "handover_confirmation": "国有建设用地交地确认书",
    "site_inspection": "现场核查记录",
    # 调查认定
    "investigation_notice": "闲置土地调查通知书",
    "inquiry_record": "询问笔录",
    "survey_record": "现场勘测笔录",
    "finding": "闲置土地认定书",
    "disclosure": "闲置土地信息公开表",
    "government_letter": "关于告知闲置土地有关情况的函",
    # 处置方案
    "mortgagee_notice": "闲置土地抵押权人告知书",
    "scheme": "闲置土地处置方案",
    "scheme_request": "关于报批闲置土地处置方案的请示",
    "supplement": "国有建设用地使用权有偿使用合同补充协议",
    "temporary_use": "闲置土地临时使用协议",
    "paid_return": "国有建设用地使用权协议有偿收回协议",
    "swap": "国有建设用地置换协议",
    # 听证与决定
    "hearing_right": "听证权利告知书",
    "hearing_notice": "听证通知书",
    "fee_decision": "征缴土地闲置费决定书",
    "repossession_decision": "收回国有建设用地使用权决定书",
    "service_receipt": "送达回证",
    "cancellation_notice": "注销国有建设用地使用权公告",
    "dunning": "履行行政决定催告书",
    "court_application": "强制执行申请书",
    "closing": "闲置土地处置销号表",
    # 清单与一企一策
    "one_plan": "一企一策处置整治方案",
    "disposal_list": "闲置土地处置清单",
    # 通报
    "progress_report": "低效用地整治提升和存量盘活进展通报",
    "oversight_agreement": "高耗低效企业整治提升监管协议",
    # 工业用地控制线
    "balance_proof": "工业用地控制线占补平衡证明",
}

# These tell a firm's own figures: the agreement always, the plan where it isn't about a parcel but about a firm.
OF_FIRMS, OF_FIRMS_OR_PARCELS = "oversight_agreement", "one_plan"


def title_of(kind: str) -> str:
    """The Chinese title of a kind; raises InputError when there is none."""
    if kind not in KINDS:
        known = "、".join(KINDS.values())
        raise InputError("document_kind", f"没有“{kind}”这种文书。", f"可用的文书有：{known}。", field="kind")
    return KINDS[kind]


def file_name(kind: str) -> str:
    return f"{kind}.docx"
