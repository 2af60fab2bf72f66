"""A row of the table of stages, and the conditions that several rows share.

Refuses to list the rows: they stand in `stages_finding`, `stages_decision` and `stages_closing`.
"""

from __future__ import annotations

from dataclasses import dataclass

from parcels.disposal import needs as n
from parcels.disposal.needs import STATUTE, Need, after, ends, holds, never, not_before, served
from parcels.disposal.state import DECISIONS
from parcels.idle_land.causes import CAUSE_TITLES
from parcels.idle_land.routes import MODE_TITLES, PENALTIES, Mode
from parcels.supply.rules import Field

ENFORCEMENT = "《行政强制法》"
HEARING_RULES = "《闲置土地处置办法》第十五条；《国土资源听证规定》"
HOW = ("direct", "left", "mail", "entrusted", "agent", "public_notice")


@dataclass(frozen=True, slots=True)
class Stage:
    """One row. `numbered`: it needs the paper's number; `is_served`: a receipt may follow; `closed_too`: after closing."""

    code: str
    title: str
    article: str
    certainty: str
    needs: tuple[Need, ...] = ()
    fields: tuple[Field, ...] = ()
    documents: tuple[str, ...] = ()
    numbered: bool = False
    is_served: bool = False
    repeatable: bool = False
    closed_too: bool = False


def text(name: str, title: str, required: bool = True) -> Field:
    return Field(name, title, required=required)


def choice(name: str, title: str, *choices: str) -> Field:
    return Field(name, title, required=True, choices=choices)


def article(item: str) -> str:
    return STATUTE + item


CODES = Field("causes", "闲置原因", "codes", choices=tuple(CAUSE_TITLES))
INVESTIGATED = (after("investigation_notice", "调查通知", article("第五条")),)
IDLE = holds(
    "not_idle",
    article("第二条、第九条"),
    lambda s, step, r: s.idle,
    "没有构成闲置土地的认定",
    "请先完成认定；认定为不构成的请办理销号。",
)
FOUND = (after("finding", "闲置土地认定", article("第九条")), IDLE)
FOUND_SERVED = (*FOUND, served("finding", "闲置土地认定书", article("第九条")))
PENAL = holds(
    "no_penalty",
    HEARING_RULES,
    lambda s, step, r: s.mode in PENALTIES,
    "处置方案不是征缴土地闲置费或者无偿收回，不适用听证权利告知",
    "请核对处置方案。",
)
UNDECIDED = never(
    "decision", "已作出处置决定或者签订协议", article("第十四条"), "请先撤销原决定。", *DECISIONS
)
UNDISPOSED = never(
    "fee_paid",
    "处置已经完成",
    article("第十七条"),
    "无需办理本步骤。",
    "returned",
    "cancellation_notice",
    "performed",
    "enforced",
)
DECIDED = (
    after("fee_decision", "征缴或者收回决定", article("第十四条"), "repossession_decision"),
    served("fee_decision", "决定书", article("第十七条"), "repossession_decision"),
)
PERFORMANCE_OVER = not_before(
    "performance_running",
    article("第十七条"),
    ends("performance", "fee_decision", "repossession_decision"),
    "履行期限",
)
APPROVED = after("scheme_approval", "处置方案批准", article("第十三条、第十四条"))
HEARD = Need(
    "not_heard", HEARING_RULES, n.heard, "请送达听证权利告知书，待当事人放弃、逾期或者听证举行以后再作决定。"
)
COPIED = Need(
    "mortgagee_copy",
    article("第十四条"),
    n.copied_to_mortgagee,
    "请抄送抵押权人并勾选“已抄送抵押权人”。",
    True,
)
NOT_SUSPENDED = holds(
    "suspended",
    "《行政复议法》《行政诉讼法》停止执行",
    lambda s, step, r: not s.suspended,
    "决定已停止执行",
    "请在恢复执行后办理。",
)
NO_REMEDY = holds(
    "remedy_pending",
    ENFORCEMENT + "第五十三条",
    lambda s, step, r: not s.pending_remedy,
    "复议或者诉讼尚未终结",
    "请在登记复议、诉讼结果后办理。",
)


def decided_as(mode: Mode) -> Need:
    return holds(
        "other_mode",
        article("第十四条"),
        lambda s, step, r: s.mode == mode,
        f"经批准的处置方案不是“{MODE_TITLES[mode]}”",
        "请按批准的方案办理，或者重新拟订方案报批。",
    )
