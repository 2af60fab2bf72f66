"""From suspicion to the approved scheme: arts. 5 to 14, 25.

Refuses a finding that the register's facts don't bear out, and a scheme that nobody was told of.
"""

from __future__ import annotations

from parcels.disposal import needs as n
from parcels.disposal.needs import Need, after, ends, holds, never, not_before, served
from parcels.disposal.stage import (
    CODES,
    FOUND,
    FOUND_SERVED,
    INVESTIGATED,
    UNDECIDED,
    Stage,
    article,
    choice,
    text,
)
from parcels.idle_land.causes import CAUSE_TITLES
from parcels.idle_land.routes import MODE_TITLES, RESULT_TITLES
from parcels.supply.rules import Field

_FINDING = (
    *INVESTIGATED,
    served("investigation_notice", "闲置土地调查通知书", article("第五条")),
    after("reply", "使用权人答复或者逾期未答复", article("第六条"), "no_reply"),
    after("site_survey", "现场勘测或者询问", article("第七条"), "inquiry"),
    Need(
        "facts_differ",
        article("第二条、第二十二条"),
        n.found_by_the_facts,
        "请先补正登记事实，再作认定。",
        True,
    ),
    Need(
        "cause_unverified",
        article("第八条、第十条"),
        n.cause_verified,
        "请在原因期间中核实证据，或者更正原因。",
        True,
    ),
    holds(
        "no_cause",
        article("第十条"),
        lambda s, step, r: step.fact("result") == "not_idle" or bool(step.fact("causes")),
        "认定书没有载明闲置原因",
        "请填写闲置原因。",
        of_facts=True,
    ),
)

ROWS: tuple[Stage, ...] = (
    Stage(
        "suspicion",
        "发现疑似闲置",
        article("第五条"),
        "law",
        fields=(text("source", "线索来源"),),
        documents=("tracking_card",),
    ),
    Stage(
        "investigation_notice",
        "调查通知",
        article("第五条"),
        "law",
        documents=("investigation_notice",),
        numbered=True,
        is_served=True,
    ),
    Stage(
        "reply",
        "使用权人答复",
        article("第六条"),
        "law",
        (
            *INVESTIGATED,
            served("investigation_notice", "闲置土地调查通知书", article("第六条")),
            never("no_reply", "已登记逾期未答复", article("第六条"), "请先撤销该步骤。"),
        ),
        (
            Field("claimed_causes", "主张的原因", "codes", choices=tuple(CAUSE_TITLES)),
            text("statement", "答复内容"),
        ),
    ),
    Stage(
        "no_reply",
        "逾期未答复",
        article("第六条"),
        "law",
        (
            *INVESTIGATED,
            served("investigation_notice", "闲置土地调查通知书", article("第六条")),
            never("reply", "使用权人已经答复", article("第六条"), "请核对答复记录。"),
            not_before("reply_running", article("第六条"), ends("reply", "investigation_notice"), "答复期限"),
        ),
    ),
    Stage(
        "inquiry",
        "询问",
        article("第七条"),
        "law",
        INVESTIGATED,
        (text("persons", "询问人和被询问人"), text("record", "笔录摘要")),
        ("inquiry_record",),
        repeatable=True,
    ),
    Stage(
        "site_survey",
        "现场勘测",
        article("第七条"),
        "law",
        INVESTIGATED,
        (text("persons", "勘测人"), text("evidence", "照片、影像和位置")),
        ("survey_record",),
        repeatable=True,
    ),
    Stage(
        "finding",
        "闲置土地认定",
        article("第九条、第十条"),
        "law",
        _FINDING,
        (
            choice("result", "认定结论", *RESULT_TITLES),
            CODES,
            text("statement", "认定事实"),
            text("evidence", "证据清单"),
        ),
        ("finding",),
        numbered=True,
        is_served=True,
    ),
    Stage(
        "disclosure",
        "信息公开",
        article("第十一条"),
        "know",
        FOUND_SERVED,
        (text("place", "公开网址或者位置"),),
        ("disclosure",),
    ),
    Stage(
        "notice_to_government",
        "致政府部门告知",
        article("第十一条"),
        "know",
        (
            *FOUND,
            holds(
                "no_government_cause",
                article("第十一条"),
                lambda s, step, r: r.cause(s.causes) in ("government", "mixed"),
                "认定的原因不是政府原因",
                "无需告知。",
            ),
        ),
        (text("body", "告知的部门"),),
        ("government_letter",),
        numbered=True,
        is_served=True,
        repeatable=True,
    ),
    Stage(
        "registration",
        "监测监管系统登记",
        article("第二十五条"),
        "know",
        FOUND,
        (text("registration_no", "登记编号"),),
    ),
    Stage(
        "mortgagee_notice",
        "抵押权人通知",
        article("第十三条"),
        "know",
        (*FOUND, after("scheme", "拟订处置方案", article("第十三条"))),
        (text("holder", "抵押权人"),),
        ("mortgagee_notice",),
        numbered=True,
        is_served=True,
        repeatable=True,
    ),
    Stage(
        "scheme",
        "拟订处置方案",
        article("第十二条至第十四条"),
        "law",
        (*FOUND_SERVED, UNDECIDED),
        (
            choice("mode", "处置方式", *MODE_TITLES),
            text("content", "方案内容"),
            Field("price_paid", "价款已缴清、资金已落实", "flag"),
            Field("plan_changed", "规划已依法修改", "flag"),
        ),
        ("scheme", "scheme_request"),
    ),
    Stage(
        "scheme_approval",
        "处置方案批准",
        article("第十三条、第十四条"),
        "law",
        (
            after("scheme", "拟订处置方案", article("第十三条")),
            holds(
                "mortgagee_untold",
                article("第十三条"),
                lambda s, step, r: not step.ground.mortgaged or s.has("mortgagee_notice"),
                "宗地已抵押而未书面通知抵押权人",
                "请先办理抵押权人通知。",
            ),
            Need(
                "wrong_government",
                article("第十四条第一款第二项"),
                n.approved_by_the_right_government,
                "请填写有批准权的人民政府的批准。",
                True,
            ),
        ),
        (
            choice("level", "批准机关层级", "county_government", "approving_government"),
            text("approver", "批准机关"),
            text("approval_no", "批准文号"),
        ),
    ),
)
