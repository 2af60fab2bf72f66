"""What a case is called on screen and in lists: its state, its choices, and the arithmetic of its clocks.

Refuses to decide anything: it puts into words what the procedure and the clocks have found.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from parcels.disposal.clocks import Clock
from parcels.disposal.stages import STAGES
from parcels.disposal.state import REVERSAL, State, Step
from parcels.disposal.terms import Rules
from parcels.idle_land.causes import CAUSE_TITLES
from parcels.idle_land.routes import MODE_TITLES, RESULT_TITLES

HOW_TITLES = {
    "direct": "直接送达",
    "left": "留置送达",
    "mail": "邮寄送达",
    "entrusted": "委托送达",
    "agent": "转交送达",
    "public_notice": "公告送达",
}
# The codes that the stages' fields choose from, by the field's name.
CHOICES: dict[str, Mapping[str, str]] = {
    "result": {
        **{str(code): title for code, title in RESULT_TITLES.items()},
        "kept": "保持处置成果",
        "relapsed": "出现反弹",
    },
    "mode": {str(code): title for code, title in MODE_TITLES.items()},
    "how": HOW_TITLES,
    "level": {"county_government": "本级人民政府", "approving_government": "有批准权的人民政府"},
    "outcome": {"upheld": "维持", "revoked": "撤销"},
    "causes": CAUSE_TITLES,
    "claimed_causes": CAUSE_TITLES,
}
SIDES = {"bureau": "本机关", "holder": "使用权人", "window": "权利期限"}
UNOPENED = "尚未立案"


def title_of(stage: str) -> str:
    return "撤销步骤" if stage == REVERSAL else STAGES[stage].title if stage in STAGES else stage


def state_in_words(state: State) -> str:
    """What the binding steps amount to, in one sentence."""
    if not state.steps:
        return UNOPENED
    parts = [f"目前办至“{title_of(state.steps[-1].stage)}”"]
    if state.closed:
        parts = ["已销号"]
    if state.result:
        parts.append(f"认定为{RESULT_TITLES.get(state.result, state.result)}")  # type: ignore[call-overload]
    if state.causes:
        parts.append("原因：" + "、".join(f"{code} {CAUSE_TITLES.get(code, '')}" for code in state.causes))
    if state.mode:
        parts.append("处置方式：" + str(CHOICES["mode"].get(state.mode, state.mode)))
    if state.decision is not None:
        parts.append(f"{state.decision.on} 已{title_of(state.decision.stage)}")
    if state.suspended:
        parts.append("决定停止执行")
    if state.pending_remedy:
        parts.append("复议或者诉讼未结")
    if state.disposed and not state.closed:
        parts.append("处置已履行或者执行完毕，待销号")
    return "；".join(parts) + "。"


def phase_title(state: State) -> str:
    """The last binding step but receipts, as lists show it."""
    last = next((step for step in reversed(state.steps) if step.stage != "service"), None)
    return title_of(last.stage) if last else UNOPENED


def facts_in_words(stage: str, facts: Mapping[str, Any], steps: Iterable[Step] = ()) -> list[tuple[str, str]]:
    """Title and text of each fact of a step."""
    fields = {field.name: field for field in STAGES[stage].fields} if stage in STAGES else {}
    papers = {step.seq: step for step in steps}
    told = []
    for name, value in facts.items():
        title = fields[name].title if name in fields else name
        if name == "of" and (paper := papers.get(int(value))) is not None:
            text = f"第 {paper.seq} 步 {title_of(paper.stage)} {paper.document_no}".strip()
        else:
            text = _in_words(name, value)
        told.append((title, text))
    return told


def arithmetic(clock: Clock, state: State, rules: Rules) -> list[str]:
    """How the last day of a clock was reckoned, step by step; `rules` are those of the day on which it started."""
    source = next((step for step in state.steps if step.seq == clock.from_seq), None)
    title = title_of(source.stage) if source else clock.title
    if clock.term == "约定日期":
        return [f"“{title}”约定的日期为 {clock.due_on}"]
    origin = f"“{title}”的日期" if source and source.on == clock.started_on else f"“{title}”的送达日期"
    if clock.name == "court_application":
        origin = "起诉期限届满或者复议、诉讼终结之日"
    said = [f"{origin} {clock.started_on}，当日不计，期限 {clock.term}"]
    said += [
        f"{begins} 起中止" + (f"，{ends} 恢复" if ends else "，尚未恢复，期限暂停计算")
        for begins, ends in clock.pauses
    ]
    if clock.due_on is None:
        return said
    if not clock.pauses and clock.name in rules.terms:
        counted = rules.ends(clock.name, clock.started_on)
        said.append(f"满期日 {counted.unrolled}")
        if counted.rolled != counted.unrolled:
            said.append(f"{counted.unrolled} 为休息日，顺延至 {counted.rolled}")
    said.append(f"最后一日 {clock.due_on}")
    if not clock.covered:
        said.append("该年度节假日安排尚未公布，工作日为推算")
    return said


def left_in_words(days: int | None) -> str:
    """How long a term still runs, in the page's language."""
    if days is None:
        return _("暂停")
    if days < 0:
        return _("逾期 %(n)s 天") % {"n": -days}
    return _("今天到期") if days == 0 else _("剩 %(n)s 天") % {"n": days}


def _in_words(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list | tuple):
        return "、".join(_in_words(name, item) for item in value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:,f}"
    known = CHOICES.get(name, {})
    return (
        f"{value} {known[value]}"
        if name.endswith("causes") and value in known
        else str(known.get(value, value))
    )
