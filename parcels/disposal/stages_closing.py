"""Service, performance, remedies, enforcement, closing and what comes after: arts. 11, 12, 17, 18, 24.

Refuses enforcement before the terms for dunning and remedies have run, and closing before the disposal is carried out.
"""

from __future__ import annotations

from parcels.disposal import needs as n
from parcels.disposal.needs import Need, after, ends, holds, not_before, served, within
from parcels.disposal.stage import (
    DECIDED,
    ENFORCEMENT,
    FOUND,
    HOW,
    NO_REMEDY,
    NOT_SUSPENDED,
    PERFORMANCE_OVER,
    UNDISPOSED,
    Stage,
    article,
    choice,
    text,
)
from parcels.supply.rules import Field

_CLOSING = (
    after("finding", "闲置土地认定", article("第九条")),
    holds(
        "not_disposed",
        article("第十七条、第十八条"),
        lambda s, step, r: not s.idle or s.disposed,
        "处置尚未履行或者执行完毕",
        "请在缴费、交回、履行协议或者强制执行完毕后销号。",
    ),
    holds(
        "disclosed",
        article("第十一条"),
        lambda s, step, r: not s.idle or s.has("disclosure_removed"),
        "闲置土地信息尚未公开，或者公开后尚未撤下",
        "请先登记信息公开和撤销公开。",
    ),
    NO_REMEDY,
    Need("reviews", "行动方案：销号", n.reviews_in_order, "请补齐各环节的日期、经办人和公示。", True),
)
_REVIEWS = tuple(
    field
    for name, title in n.REVIEW_TITLES.items()
    for field in (Field(f"{name}_on", f"{title}日期", "date"), text(f"{name}_by", f"{title}经办人", False))
)

ROWS: tuple[Stage, ...] = (
    Stage(
        "service",
        "送达",
        "送达回证",
        "law",
        (Need("service", "送达回证", n.service_fits, "请核对所送达的文书和日期。", True),),
        (
            Field("of", "文书对应的步骤", "number", required=True),
            choice("how", "送达方式", *HOW),
            text("receiver", "受送达人"),
            text("evidence", "回证或者公告材料"),
            Field("announced_on", "公告日期", "date"),
        ),
        ("service_receipt",),
        repeatable=True,
    ),
    Stage(
        "fee_paid",
        "缴清土地闲置费",
        article("第十七条"),
        "know",
        (
            after("fee_decision", "征缴土地闲置费决定", article("第十四条")),
            served("fee_decision", "决定书", article("第十七条")),
            UNDISPOSED,
            holds(
                "underpaid",
                "财税〔2021〕8号",
                lambda s, step, r: (
                    (d := s.last("fee_decision")) is not None
                    and step.fact("paid_yuan") is not None
                    and step.fact("paid_yuan") >= d.fact("amount_yuan")
                ),
                "税务部门回传的缴费金额少于应缴金额",
                "请核对缴费回执，缴清后再登记。",
                of_facts=True,
            ),
        ),
        (Field("paid_yuan", "实缴金额（元）", "number", required=True), text("receipts", "缴费凭证号")),
    ),
    Stage(
        "returned",
        "注销登记并交回",
        article("第十七条"),
        "know",
        (
            after("repossession_decision", "收回决定", article("第十四条")),
            served("repossession_decision", "决定书", article("第十七条")),
            UNDISPOSED,
        ),
        (text("certificate", "注销的不动产权证书号"),),
    ),
    Stage(
        "performed",
        "协议履行完毕",
        article("第十二条"),
        "law",
        (after("agreement", "签订协议", article("第十二条")), UNDISPOSED),
        (text("statement", "履行情况"), text("evidence", "履行证据")),
    ),
    Stage(
        "cancellation_notice",
        "公告注销",
        article("第十八条"),
        "know",
        (
            after("repossession_decision", "收回决定", article("第十四条")),
            served("repossession_decision", "决定书", article("第十七条")),
            PERFORMANCE_OVER,
            NOT_SUSPENDED,
            UNDISPOSED,
        ),
        (text("place", "公告位置"),),
        ("cancellation_notice",),
        numbered=True,
    ),
    Stage(
        "reconsideration",
        "申请行政复议",
        "《行政复议法》",
        "know",
        (
            *DECIDED,
            within(
                "reconsideration_late",
                "《行政复议法》",
                ends("reconsideration", "fee_decision", "repossession_decision"),
                "复议申请期限",
                "期限已过，请由复议机关决定是否受理。",
            ),
        ),
        (text("body", "复议机关"), text("case_no", "案号", False)),
        repeatable=True,
    ),
    Stage(
        "litigation",
        "提起行政诉讼",
        "《行政诉讼法》第四十六条",
        "know",
        (
            *DECIDED,
            within(
                "litigation_late",
                "《行政诉讼法》第四十六条",
                ends("litigation", "fee_decision", "repossession_decision"),
                "起诉期限",
                "期限已过，请由人民法院决定是否受理。",
            ),
        ),
        (text("body", "人民法院"), text("case_no", "案号", False)),
        repeatable=True,
    ),
    Stage(
        "remedy_result",
        "复议、诉讼结果",
        "《行政复议法》《行政诉讼法》",
        "know",
        (
            after("reconsideration", "复议或者诉讼", "《行政复议法》《行政诉讼法》", "litigation"),
            holds(
                "no_remedy",
                "《行政复议法》《行政诉讼法》",
                lambda s, step, r: s.pending_remedy,
                "没有待结的复议或者诉讼",
                "请先登记复议或者诉讼。",
            ),
        ),
        (choice("outcome", "结果", "upheld", "revoked"), text("body", "机关和文书号")),
        repeatable=True,
    ),
    Stage(
        "suspension",
        "停止执行",
        "《行政复议法》《行政诉讼法》停止执行",
        "know",
        (*DECIDED, NOT_SUSPENDED, UNDISPOSED),
        (text("basis", "停止执行的依据"),),
        repeatable=True,
    ),
    Stage(
        "resumption",
        "恢复执行",
        "《行政复议法》《行政诉讼法》停止执行",
        "know",
        (
            after("suspension", "停止执行", "《行政复议法》《行政诉讼法》停止执行"),
            holds(
                "not_suspended",
                "《行政复议法》《行政诉讼法》停止执行",
                lambda s, step, r: s.suspended,
                "决定没有停止执行",
                "无需恢复。",
            ),
        ),
        (text("basis", "恢复执行的依据"),),
        repeatable=True,
    ),
    Stage(
        "dunning",
        "催告",
        ENFORCEMENT + "第五十四条",
        "know",
        (*DECIDED, PERFORMANCE_OVER, NOT_SUSPENDED, UNDISPOSED),
        documents=("dunning",),
        numbered=True,
        is_served=True,
    ),
    Stage(
        "court_application",
        "申请强制执行",
        ENFORCEMENT + "第五十三条、第五十四条；" + article("第十八条"),
        "know",
        (
            *DECIDED,
            served("dunning", "催告书", ENFORCEMENT + "第五十四条"),
            not_before("dunning_running", ENFORCEMENT + "第五十四条", ends("dunning", "dunning"), "催告期限"),
            not_before(
                "remedies_open",
                ENFORCEMENT + "第五十三条",
                ends("litigation", "fee_decision", "repossession_decision"),
                "起诉期限",
            ),
            within(
                "court_window_over",
                ENFORCEMENT + "第五十三条",
                n.court_deadline,
                "申请强制执行的期限",
                "期限已过，请由人民法院决定是否受理，并写入案件说明。",
            ),
            NO_REMEDY,
            NOT_SUSPENDED,
            UNDISPOSED,
        ),
        (text("court", "人民法院"),),
        ("court_application",),
        numbered=True,
    ),
    Stage(
        "enforced",
        "执行完毕",
        article("第十八条"),
        "know",
        (after("court_application", "申请强制执行", ENFORCEMENT + "第五十三条"), UNDISPOSED),
        (text("statement", "执行情况"), text("evidence", "执行文书")),
    ),
    Stage(
        "disclosure_removed",
        "撤销公开",
        article("第十一条"),
        "know",
        (
            after("disclosure", "信息公开", article("第十一条")),
            holds(
                "still_idle",
                article("第十一条"),
                lambda s, step, r: s.disposed,
                "闲置土地处置完毕前应当持续公开",
                "请在处置完毕后撤销公开。",
            ),
        ),
    ),
    Stage(
        "hoarding",
        "恶意囤地、炒地",
        article("第二十四条"),
        "know",
        (
            *FOUND,
            holds(
                "hoarding_set",
                article("第二十四条"),
                lambda s, step, r: (
                    (m := s.last("hoarding", "hoarding_lifted")) is None or m.stage != "hoarding"
                ),
                "已作出标记",
                "无需重复。",
            ),
        ),
        (text("basis", "认定依据"),),
        repeatable=True,
    ),
    Stage(
        "hoarding_lifted",
        "解除囤地标记",
        article("第二十四条"),
        "know",
        (
            after("hoarding", "恶意囤地、炒地", article("第二十四条")),
            holds(
                "hoarding_not_set",
                article("第二十四条"),
                lambda s, step, r: (
                    (m := s.last("hoarding", "hoarding_lifted")) is not None and m.stage == "hoarding"
                ),
                "没有标记",
                "无需解除。",
            ),
        ),
        (text("basis", "解除依据"),),
        repeatable=True,
    ),
    Stage(
        "breach",
        "未履行协议",
        article("第十二条"),
        "know",
        (
            after("agreement", "签订协议", article("第十二条")),
            UNDISPOSED,
            holds(
                "not_due",
                article("第十二条"),
                lambda s, step, r: (
                    (a := s.last("agreement")) is not None
                    and (a.fact("new_start") or a.fact("until") or a.on) < step.on
                ),
                "协议约定的日期尚未到期",
                "请在约定日期以后登记。",
            ),
        ),
        (text("statement", "未履行的情况"),),
    ),
    Stage(
        "closed",
        "销号",
        "行动方案：销号",
        "plan",
        _CLOSING,
        (*_REVIEWS, Field("publicised_from", "公示起始日期", "date")),
        ("closing",),
    ),
    Stage(
        "look_back",
        "回头看",
        "行动方案：回头看",
        "plan",
        (after("closed", "销号", "行动方案：回头看"),),
        (choice("result", "结论", "kept", "relapsed"), text("evidence", "核查材料")),
        repeatable=True,
        closed_too=True,
    ),
    Stage(
        "reopened",
        "重新立案",
        "行动方案：回头看",
        "plan",
        (
            after("closed", "销号", "行动方案：回头看"),
            holds(
                "no_relapse",
                "行动方案：回头看",
                lambda s, step, r: (b := s.last("look_back")) is not None and b.fact("result") == "relapsed",
                "回头看没有发现反弹",
                "请先登记回头看的结论。",
            ),
        ),
        (text("statement", "反弹情况"),),
        closed_too=True,
    ),
)
