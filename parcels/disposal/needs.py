"""What has to be so before a step: small conditions that the table of stages is put together from.

Refuses in words: each condition that doesn't hold names its article and what to do about it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from landgis.lib.deadlines import FullTerm, full_years_on
from parcels.disposal.state import Refusal, State, Step
from parcels.disposal.terms import Rules
from parcels.idle_land.causes import ARTICLE_8, CAUSE_TITLES, CLASS_OF
from parcels.idle_land.routes import MODE_TITLES, PENALTIES, RouteFacts, fee, option

STATUTE = "《闲置土地处置办法》"
Why = str | None
Judge = Callable[[State, Step, Rules], Why]


@dataclass(frozen=True, slots=True)
class Need:
    """A condition: `judge` answers None when it holds, else why it doesn't. `of_facts`: it reads the step's own facts."""

    code: str
    article: str
    judge: Judge
    remedy: str
    of_facts: bool = False

    def refusal(self, state: State, step: Step, rules: Rules) -> Refusal | None:
        why = self.judge(state, step, rules)
        return Refusal(self.code, self.article, why, self.remedy) if why else None


def after(stage: str, title: str, article: str, *others: str) -> Need:
    """The stage (or one of `others`) was done, not later than the step's own day."""

    def judge(state: State, step: Step, rules: Rules) -> Why:
        found = state.last(stage, *others)
        if found is None:
            return f"尚未办理“{title}”"
        return f"“{title}”的日期 {found.on} 晚于本步骤的日期 {step.on}" if found.on > step.on else None

    return Need(f"{stage}_missing", article, judge, f"请先办理“{title}”，再办理本步骤。")


def served(stage: str, title: str, article: str, *others: str) -> Need:
    """The stage's paper was served, not later than the step's own day."""

    def judge(state: State, step: Step, rules: Rules) -> Why:
        day = state.served_on(stage, *others)
        if day is None:
            return f"“{title}”尚未送达，期限自送达回证的日期起算"
        return f"“{title}”的送达日期 {day} 晚于本步骤的日期 {step.on}" if day > step.on else None

    return Need(f"{stage}_unserved", article, judge, f"请先登记“{title}”的送达回证。")


def never(stage: str, why: str, article: str, remedy: str, *others: str) -> Need:
    """The stage was not done yet."""
    return Need(f"{stage}_done", article, lambda s, step, r: why if s.has(stage, *others) else None, remedy)


def holds(
    code: str,
    article: str,
    test: Callable[[State, Step, Rules], bool],
    why: str,
    remedy: str,
    *,
    of_facts: bool = False,
) -> Need:
    return Need(code, article, lambda s, step, r: None if test(s, step, r) else why, remedy, of_facts)


def not_before(code: str, article: str, due: Callable[[State, Step, Rules], date | None], what: str) -> Need:
    """The step comes after the last day of a term."""

    def judge(state: State, step: Step, rules: Rules) -> Why:
        last = due(state, step, rules)
        if last is None or step.on > last:
            return None
        return f"{what}至 {last} 届满，{step.on} 尚未届满"

    return Need(code, article, judge, "请在期限届满的次日以后办理。")


def within(
    code: str, article: str, due: Callable[[State, Step, Rules], date | None], what: str, remedy: str
) -> Need:
    """The step comes not later than the last day of a term."""

    def judge(state: State, step: Step, rules: Rules) -> Why:
        last = due(state, step, rules)
        return None if last is None or step.on <= last else f"{what}已于 {last} 届满"

    return Need(code, article, judge, remedy)


def ends(term: str, *stages: str) -> Callable[[State, Step, Rules], date | None]:
    """The last day of a term that runs from the service of a stage's paper."""

    def due(state: State, step: Step, rules: Rules) -> date | None:
        day = state.served_on(*stages)
        return rules.ends(term, day).rolled if day else None

    return due


def court_window(state: State, rules: Rules) -> tuple[date, FullTerm] | None:
    """《行政强制法》 art. 53: three months from the end of the appeal term, or from the result of what was pending."""
    served_on = state.served_on("fee_decision", "repossession_decision")
    if served_on is None or state.pending_remedy:
        return None
    begins, result = rules.ends("litigation", served_on).rolled, state.last("remedy_result")
    begins = max(begins, result.on) if result else begins
    return begins, rules.ends("court_application", begins)


def court_deadline(state: State, step: Step, rules: Rules) -> date | None:
    window = court_window(state, rules)
    return window[1].rolled if window else None


# --- the finding ----------------------------------------------------------------------------------------------


def found_by_the_facts(state: State, step: Step, rules: Rules) -> Why:
    """Art. 2: what is found has to be what the register's facts amount to on the day."""
    result, ground, on, working = step.fact("result"), step.ground, step.on, rules.working
    if result == "idle_not_started":
        if ground.started:
            return "登记事实表明已经动工，不能认定为满期未动工"
        if ground.agreed_start is None:
            return "约定动工日期和实际交地日期都没有，动工日期无从确定（第二十二条）"
        last = full_years_on(ground.agreed_start, rules.not_started_years, True, working).rolled
        return None if on > last else f"约定动工 {ground.agreed_start}，满期日 {last}，{on} 尚未满期"
    if result == "idle_stopped":
        if not ground.started or ground.stopped_since is None:
            return "登记事实没有动工后停工的记载，不能认定为中止建设"
        last = full_years_on(ground.stopped_since, rules.stopped_years, True, working).rolled
        if on <= last:
            return f"最后施工 {ground.stopped_since}，满期日 {last}，{on} 尚未满期"
        return (
            None
            if ground.short
            else "已开发面积不少于三分之一且已投资不少于百分之二十五，或者数据缺失，不能认定"
        )
    return None


def cause_verified(state: State, step: Step, rules: Rules) -> Why:
    """Arts. 8, 10: a cause of art. 8 is the bureau's own verified record, not the holder's word."""
    claimed = [code for code in step.fact("causes") or () if CLASS_OF.get(code) in ARTICLE_8]
    unproved = [code for code in claimed if code not in step.ground.verified_causes]
    return (
        f"原因 {'、'.join(f'{c} {CAUSE_TITLES[c]}' for c in unproved)} 尚无经核实的期间" if unproved else None
    )


# --- scheme and decision --------------------------------------------------------------------------------------


def route_facts(state: State, step: Step, rules: Rules) -> RouteFacts:
    """What the table of results reads; a start agreed anew since the finding counts, for it restarts the clock."""
    finding, scheme = state.finding, step if step.stage == "scheme" else state.last("scheme")
    return RouteFacts(
        on=step.on,
        result=finding.fact("result") if finding else "not_idle",
        cause=rules.cause(state.causes),
        agreed_start=step.ground.agreed_start or (finding.ground.agreed_start if finding else None),
        registered=step.ground.registered or state.has("registration"),
        mortgaged=step.ground.mortgaged,
        seized=step.ground.seized,
        price_paid=scheme.fact("price_paid") if scheme else None,
        plan_changed=scheme.fact("plan_changed") if scheme else None,
    )


def route_refusals(mode: str, state: State, step: Step, rules: Rules) -> list[Refusal]:
    """Why the law doesn't leave this result open; empty when it does."""
    found = option(mode, route_facts(state, step, rules), rules.routes)
    if found is None:
        return [
            Refusal("mode_unknown", STATUTE, f"没有“{mode}”这种处置方式", f"可选：{'、'.join(MODE_TITLES)}。")
        ]
    return [Refusal(*why) for why in found.closed]


def heard(state: State, step: Step, rules: Rules) -> Why:
    """Art. 15: the right to a hearing was told in writing, and the hearing held or given up."""
    if state.mode not in PENALTIES:
        return None
    if state.served_on("hearing_right_notice") is None:
        return "尚未书面告知听证权利并送达，不得作出决定"
    if state.has("hearing_held", "hearing_waived"):
        return None
    return (
        "当事人已申请听证，听证尚未举行"
        if state.has("hearing_request")
        else "听证申请期限内既未放弃也未届满登记"
    )


def approved_by_the_right_government(state: State, step: Step, rules: Rules) -> Why:
    """Arts. 13, 14: repossession needs the government that may approve it, everything else the bureau's own."""
    level = step.fact("level")
    if state.mode == "repossession" and level != "approving_government":
        return "无偿收回须报经有批准权的人民政府批准"
    return None


def fee_adds_up(state: State, step: Step, rules: Rules) -> Why:
    """Art. 14(1): the amount is the price times the rate, to the 分."""
    base, price, amount = step.fact("base_yuan"), step.ground.price_yuan, step.fact("amount_yuan")
    if price is None:
        return "合同没有登记土地价款，无从计征"
    if base != price:
        return f"计费基数 {base} 元与登记的土地价款 {price} 元不一致"
    if not base or base <= 0:
        return "计费基数应大于 0"
    due = fee(base, rules.routes.fee_rate)
    return (
        None
        if amount == due.amount_yuan
        else f"{base} 元 × {due.rate} = {due.amount_yuan} 元，与填写的 {amount} 元不一致"
    )


def copied_to_mortgagee(state: State, step: Step, rules: Rules) -> Why:
    return (
        "宗地已抵押，决定书应当抄送抵押权人"
        if step.ground.mortgaged and not step.fact("copied_to_mortgagee")
        else None
    )


def agreement_within_limits(state: State, step: Step, rules: Rules) -> Why:
    """Art. 12: an extension of a year at most, a temporary use of two; what restarts the clock names its new start."""
    if state.mode in PENALTIES:
        return "处置方案不是第十二条的方式，不能签订协议"
    start, last = step.fact("new_start"), step.fact("until")
    if state.mode == "temporary":
        begins = step.fact("temporary_from")
        if begins is None or last is None:
            return "临时使用应写明起止日期"
        latest = full_years_on(begins, rules.routes.temporary_years, False).unrolled
        return f"临时使用期限最长至 {latest}，协议写明至 {last}" if last > latest else None
    if state.mode == "paid_return":
        return None
    if start is None:
        return "协议没有写明新的动工开发日期，重新起算无从确定"
    if start < step.on:
        return f"新的动工开发日期 {start} 早于协议日期 {step.on}"
    if state.mode == "extend":
        latest = full_years_on(start, rules.routes.extension_years, False).unrolled
        if last is not None and last > latest:
            return f"自约定动工 {start} 起延长最长至 {latest}，协议写明至 {last}"
    return None


# --- service and closing --------------------------------------------------------------------------------------


def service_fits(state: State, step: Step, rules: Rules) -> Why:
    """A receipt belongs to one paper that is served, on or after its day; a public notice takes its full term."""
    target = next((s for s in state.steps if s.seq == step.fact("of")), None)
    if target is None:
        return "送达回证没有对应的有效步骤"
    if state.service_of(target) is not None:
        return "该文书已登记送达回证"
    if step.on < target.on:
        return f"送达日期 {step.on} 早于文书日期 {target.on}"
    if step.fact("how") == "public_notice":
        announced = step.fact("announced_on")
        if announced is None:
            return "公告送达应填写公告日期"
        last = rules.ends("public_service", announced).unrolled
        return f"公告送达自 {announced} 起至 {last} 期满，期满后才视为送达" if step.on <= last else None
    return None


def reviews_in_order(state: State, step: Step, rules: Rules) -> Why:
    """销号: each review with its day and its person, one after the other, then the public notice to its end."""
    if not state.idle:
        return None
    since = date.min
    for name in rules.closing_reviews:
        day, person = step.fact(f"{name}_on"), step.fact(f"{name}_by")
        if day is None or not person:
            return f"销号缺少“{REVIEW_TITLES.get(name, name)}”的日期或经办人"
        if day < since or day > step.on:
            return f"“{REVIEW_TITLES.get(name, name)}”的日期 {day} 顺序不对"
        since = day
    begins = step.fact("publicised_from")
    if begins is None or begins < since:
        return "销号应在审批之后公示，并填写公示起始日期"
    last = rules.ends("closing_publicity", begins).rolled
    return f"销号公示至 {last} 届满，{step.on} 尚未届满" if step.on <= last else None


REVIEW_TITLES = {"town_checked": "镇街初验", "reviewed": "部门复核", "approved": "专班审批"}
