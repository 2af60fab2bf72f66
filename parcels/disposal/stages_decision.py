"""Hearing and decision or agreement: arts. 12, 14, 15.

Refuses a decision before the holder could be heard, and an agreement in place of a decision.
"""

from __future__ import annotations

from parcels.disposal import needs as n
from parcels.disposal.needs import Need, after, ends, holds, never, not_before, served, within
from parcels.disposal.stage import (
    APPROVED,
    COPIED,
    FOUND_SERVED,
    HEARD,
    HEARING_RULES,
    PENAL,
    UNDECIDED,
    Stage,
    article,
    decided_as,
    text,
)
from parcels.idle_land.routes import ART_12_MODES
from parcels.supply.rules import Field

ROWS: tuple[Stage, ...] = (
    Stage(
        "hearing_right_notice",
        "听证权利告知",
        HEARING_RULES,
        "know",
        (*FOUND_SERVED, after("scheme", "拟订处置方案", HEARING_RULES), PENAL, UNDECIDED),
        documents=("hearing_right",),
        numbered=True,
        is_served=True,
    ),
    Stage(
        "hearing_request",
        "申请听证",
        HEARING_RULES,
        "know",
        (
            served("hearing_right_notice", "听证权利告知书", HEARING_RULES),
            never("hearing_waived", "已放弃听证", HEARING_RULES, "请核对记录。"),
            UNDECIDED,
            within(
                "hearing_request_late",
                HEARING_RULES,
                ends("hearing_request", "hearing_right_notice"),
                "听证申请期限",
                "请登记逾期未申请（视为放弃）。",
            ),
        ),
        (text("requester", "申请人"),),
    ),
    Stage(
        "hearing_notice",
        "听证通知",
        HEARING_RULES,
        "know",
        (
            after("hearing_request", "申请听证", HEARING_RULES),
            never("hearing_waived", "已撤回听证申请", HEARING_RULES, "请核对记录。"),
            holds(
                "hearing_past",
                HEARING_RULES,
                lambda s, step, r: step.fact("hearing_on") is not None and step.fact("hearing_on") > step.on,
                "听证日期应晚于通知日期",
                "请更正听证日期。",
                of_facts=True,
            ),
        ),
        (Field("hearing_on", "听证日期", "date", required=True), text("place", "听证地点")),
        ("hearing_notice",),
        numbered=True,
        is_served=True,
    ),
    Stage(
        "hearing_held",
        "举行听证",
        HEARING_RULES,
        "know",
        (
            served("hearing_notice", "听证通知书", HEARING_RULES),
            never("hearing_waived", "已撤回听证申请", HEARING_RULES, "请核对记录。"),
            not_before(
                "hearing_notice_short",
                HEARING_RULES,
                ends("hearing_notice", "hearing_notice"),
                "听证通知的提前期",
            ),
            holds(
                "hearing_early",
                HEARING_RULES,
                lambda s, step, r: (
                    (notice := s.last("hearing_notice")) is not None and step.on >= notice.fact("hearing_on")
                ),
                "早于通知的听证日期",
                "请核对听证日期。",
            ),
        ),
        (text("record", "听证笔录摘要"),),
    ),
    Stage(
        "hearing_waived",
        "放弃听证",
        HEARING_RULES,
        "know",
        (
            served("hearing_right_notice", "听证权利告知书", HEARING_RULES),
            never("hearing_held", "听证已经举行", HEARING_RULES, "无需登记放弃。"),
            Need(
                "waiver_unwritten",
                HEARING_RULES,
                lambda s, step, r: (
                    None
                    if step.fact("written")
                    or (
                        not s.has("hearing_request")
                        and (d := ends("hearing_request", "hearing_right_notice")(s, step, r)) is not None
                        and step.on > d
                    )
                    else "听证申请期限尚未届满（或已申请听证），又无书面放弃"
                ),
                "请提供书面放弃，或者在申请期限届满后登记。",
                True,
            ),
        ),
        (Field("written", "有书面放弃", "flag"),),
    ),
    Stage(
        "fee_decision",
        "征缴土地闲置费决定",
        article("第十四条第一款第一项"),
        "law",
        (
            APPROVED,
            decided_as("fee"),
            HEARD,
            UNDECIDED,
            Need(
                "fee_amount",
                article("第十四条第一款第一项；财税〔2021〕8号"),
                n.fee_adds_up,
                "请按登记的价款和比例重新计算。",
                True,
            ),
            COPIED,
        ),
        (
            Field("base_yuan", "计费基数（元）", "number", required=True),
            Field("amount_yuan", "应缴金额（元）", "number", required=True),
            Field("copied_to_mortgagee", "已抄送抵押权人", "flag"),
        ),
        ("fee_decision",),
        numbered=True,
        is_served=True,
    ),
    Stage(
        "repossession_decision",
        "收回国有建设用地使用权决定",
        article("第十四条第一款第二项"),
        "law",
        (APPROVED, decided_as("repossession"), HEARD, UNDECIDED, COPIED),
        (Field("copied_to_mortgagee", "已抄送抵押权人", "flag"),),
        ("repossession_decision",),
        numbered=True,
        is_served=True,
    ),
    Stage(
        "agreement",
        "签订协议",
        article("第十二条"),
        "law",
        (
            APPROVED,
            UNDECIDED,
            holds(
                "not_art_12",
                article("第十二条"),
                lambda s, step, r: s.mode in ART_12_MODES,
                "处置方案不是第十二条的方式",
                "请作出相应的决定。",
            ),
            Need(
                "agreement_limits",
                article("第十二条第一款"),
                n.agreement_within_limits,
                "请更正协议的日期。",
                True,
            ),
        ),
        (
            text("agreement_no", "协议编号"),
            Field("new_start", "新的动工开发日期", "date"),
            Field("new_completion", "新的竣工日期", "date"),
            Field("temporary_from", "临时使用起始日期", "date"),
            Field("until", "延长或者临时使用的截止日期", "date"),
        ),
        ("supplement", "temporary_use", "paid_return", "swap"),
    ),
)
