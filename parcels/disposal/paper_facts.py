"""What a case's papers repeat from the evidence, the register and the steps, beside the header of the contract.

Refuses to choose between two holders, and to state what only a person can say: those stay gaps of the paper.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from parcels.cadastre.models import Holding
from parcels.disposal.models import IdleCase
from parcels.disposal.needs import STATUTE
from parcels.disposal.queries import YUAN_A_WAN, RuleBook, reconcile
from parcels.disposal.stages import STAGES
from parcels.disposal.state import State, Step
from parcels.disposal.wording import CHOICES, title_of
from parcels.documents.facts import chinese_date
from parcels.documents.kinds import KINDS
from parcels.enterprises.models import Enterprise
from parcels.idle_land.causes import ARTICLE_8, CAUSE_TITLES, CLASS_OF, CLASS_TITLES
from parcels.idle_land.facts import Parameters, settle
from parcels.idle_land.queries import PhaseOnRecord
from parcels.idle_land.rules import Finding, Situation, screen, situation
from parcels.supply.rules import FOUNDATIONS

# How the templates tell the findings apart; a county's own templates compare with the same words.
FOUND_AS = {"idle_not_started": "未动工", "idle_stopped": "中止开发", "not_idle": "不构成闲置"}
# A step's own facts that its paper says already: the step's field by the paper's fact.
_STATED = {
    "inquiry": {"persons": "inquirers"},
    "site_survey": {"persons": "surveyors"},
    "finding": {"statement": "facts_found", "evidence": "evidence"},
    "disclosure": {"place": "disclosed_at"},
    "notice_to_government": {"body": "government_body"},
    "mortgagee_notice": {"holder": "mortgagee"},
    "scheme": {"content": "scheme"},
    "hearing_notice": {"hearing_on": "hearing_at", "place": "hearing_place"},
    "agreement": {
        "agreement_no": "agreement_no", "new_start": "new_start", "new_completion": "new_completion",
        "temporary_from": "temporary_from", "until": "temporary_to",
    },
}  # fmt: skip
_FOUND_BY = {word: code for code, word in FOUND_AS.items()}
_ITEMS = {"G1": "一", "G2": "二", "G3": "三", "G4": "四", "G5": "五", "G6": "六"}
_FORCE_MAJEURE = "第八条第二款"
_NATURAL_RATE = 4


def by_article(text: str) -> str:
    """An article without the statute's name, which the papers write out themselves."""
    return text.replace(STATUTE, "")


def stated_in(stage: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """What a step's form begins with from the facts of its paper, by the form's field."""
    begins: dict[str, Any] = {}
    for name, key in _STATED.get(stage, {}).items():
        if (value := facts.get(key)) is not None:
            begins[f"fact_{name}"] = "\n".join(value) if isinstance(value, list) else value
    if stage == "finding" and facts.get("finding_kind") in _FOUND_BY:
        begins["fact_result"] = _FOUND_BY[facts["finding_kind"]]
    if "fact_hearing_on" in begins:
        begins["fact_hearing_on"] = str(begins["fact_hearing_on"])[:10]
    return begins


def of_evidence(record: PhaseOnRecord, on: date, rules: RuleBook) -> dict[str, Any]:
    """What was found on the ground by the day: idle time, permits, foundation, investment and developed land."""
    parameters = Parameters.from_mapping(rules.values(on))
    settled = settle(record.facts, on, parameters)
    judged, case = screen(record.facts, on, parameters), situation(settled, on, parameters)
    since = case.stopped_since if judged.code == "idle_stopped" else judged.agreed_start
    permits = [permit for permit in record.facts.permits if permit.issued_on <= on]
    permit = max(permits, key=lambda each: each.issued_on, default=None)
    return {
        "as_of": on,
        "finding_article": by_article(judged.article),
        "full_year_on": judged.full_year_on,
        "idle_since": since if judged.gross_idle_days else None,
        "idle_days": judged.gross_idle_days,
        "net_idle_days": judged.net_idle_days,
        "idle_time": _idle_time(since, judged, on),
        "stopped_since": case.stopped_since,
        "actual_start": settled.facts.actual_start,
        "permit_no": permit.permit_no if permit else "",
        "permit_on": permit.issued_on if permit else None,
        "foundation": _foundation(record, on),
        "developed_area_m2": case.developed_area_m2,
        "developed_ratio": _ratio(case.developed_area_m2, case.land_to_develop_m2),
        "invested": case.invested_wan * YUAN_A_WAN if case.invested_wan is not None else None,
        "invested_ratio": _ratio(case.invested_wan, case.total_investment_wan),
    }


def proposed(record: PhaseOnRecord, state: State, on: date, rules: RuleBook) -> dict[str, Any]:
    """What the officer may begin a finding with where none is entered yet: the register's verdict, claims and evidence."""
    if state.finding is not None:
        return {}
    parameters = Parameters.from_mapping(rules.values(on))
    judged = screen(record.facts, on, parameters)
    surveys = [step for step in state.steps if step.stage in ("site_survey", "inquiry")]
    reply = state.last("reply")
    claimed = list(reply.fact("claimed_causes") or ()) if reply else []
    evidence = [
        f"{chinese_date(s.on)}{title_of(s.stage)}：{s.fact('evidence') or s.fact('record')}" for s in surveys
    ]
    return {
        "finding_kind": FOUND_AS.get(judged.code, ""),
        "facts_found": _found_in_words(
            judged, situation(settle(record.facts, on, parameters), on, parameters), on
        ),
        "evidence": "\n".join(evidence),
        "cause": "、".join(CAUSE_TITLES[code] for code in claimed if code in CAUSE_TITLES),
        "cause_kind": CLASS_TITLES.get(rules(on).cause(claimed), "") if claimed else "",
        "cause_article": "、".join(filter(None, map(_cause_article, claimed))),
    }


def of_register(record: PhaseOnRecord, case: IdleCase, on: date) -> dict[str, Any]:
    """The unit's code and who the holder is by the register, where its holder of the day bears the contract's name."""
    known: dict[str, Any] = {"contract_name": _contract_name(case.phase.contract.supply_mode)}
    if case.parcel is None:
        return known
    known["unit_code"] = case.parcel.real_estate_unit_code
    held = Holding.objects.filter(parcel=case.parcel, valid_from__lte=on, holder__name=record.holder_name)
    codes = {code for code in held.values_list("holder__uscc", flat=True) if code}
    if len(codes) == 1:
        known["holder_uscc"] = codes.pop()
        firm = Enterprise.objects.filter(county_id=case.county_id, uscc=known["holder_uscc"]).first()
        known["holder_address"] = firm.address if firm else ""
    return known


def of_procedure(case: IdleCase, state: State) -> dict[str, Any]:
    """Causes by their items of art. 8, the paper that waits for its receipt, what is owed, and how the case ended."""
    articles = [article for code in state.causes if (article := _cause_article(code))]
    return {
        "cause_article": "、".join(dict.fromkeys(articles)),
        **_waiting_for_receipt(state, case),
        **_owed(case, state),
        **_ended(state),
    }


def _found_in_words(judged: Finding, case: Situation, on: date) -> str:
    """What the register says of the start or the stoppage, as the finding tells it."""
    last = chinese_date(judged.full_year_on) if judged.full_year_on else ""
    if judged.code == "idle_not_started" and judged.agreed_start:
        begins = chinese_date(judged.agreed_start)
        return (
            f"该宗地约定（规定）的动工开发日期为{begins}，至{last}满一年；截至{chinese_date(on)}未动工开发。"
        )
    if judged.code == "idle_stopped" and case.stopped_since:
        begins = chinese_date(case.stopped_since)
        return f"该宗地已动工开发，最后施工日期为{begins}，至{last}中止开发建设满一年；截至{chinese_date(on)}未复工。"
    return ""


def _contract_name(mode: str) -> str:
    if "划拨" in mode:
        return "国有建设用地划拨决定书"
    if "租赁" in mode:
        return "国有建设用地使用权租赁合同"
    return "国有建设用地使用权出让合同" if mode else ""


def _idle_time(since: date | None, judged: Finding, on: date) -> str:
    if since is None or judged.gross_idle_days is None:
        return ""
    return f"自{chinese_date(since)}起至{chinese_date(on)}，共{judged.gross_idle_days}日"


def _foundation(record: PhaseOnRecord, on: date) -> str:
    seen = [each for each in record.facts.foundations if each.as_of <= on]
    last = max(seen, key=lambda each: each.as_of, default=None)
    if last is None:
        return ""
    return f"{FOUNDATIONS.get(last.kind, last.kind)}，{chinese_date(last.as_of)}已完成{last.done:f}/{last.total:f}"


def _ratio(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    return round(part / whole, _NATURAL_RATE) if part is not None and whole else None


def _cause_article(code: str) -> str:
    if code in _ITEMS:
        return f"第八条第一款第{_ITEMS[code]}项"
    return _FORCE_MAJEURE if CLASS_OF.get(code) in ARTICLE_8 else ""


def _waiting_for_receipt(state: State, case: IdleCase) -> dict[str, Any]:
    """The last paper that is to be served; before its receipt is entered, the receipt's form is printed for it."""
    papers = [step for step in state.steps if step.stage in STAGES and STAGES[step.stage].is_served]
    if not papers:
        return {}
    last = next((step for step in reversed(papers) if state.service_of(step) is None), papers[-1])
    receipt = state.service_of(last)
    titles = [KINDS[kind] for kind in STAGES[last.stage].documents]
    return {
        "served_paper": titles[0] if titles else title_of(last.stage),
        "served_no": last.document_no,
        "served_to": receipt.fact("receiver") if receipt else _addressee(last, case),
        "served_how": CHOICES["how"].get(receipt.fact("how"), "") if receipt else "",
    }


def _addressee(step: Step, case: IdleCase) -> str:
    told = {"notice_to_government": "body", "mortgagee_notice": "holder"}
    return str(step.fact(told[step.stage])) if step.stage in told else case.phase.contract.holder_name


def _owed(case: IdleCase, state: State) -> dict[str, Any]:
    decision = state.decision
    if decision is None or decision.stage == "agreement":
        return {}
    if decision.stage == "repossession_decision":
        return {"obligation": "办理国有建设用地使用权注销登记，交回权属证书和土地"}
    due = reconcile(case)
    unpaid = max(due.due_yuan - due.paid_yuan, Decimal(0)) if due else None
    return {"obligation": "缴清土地闲置费", "unpaid": unpaid or None}


def _ended(state: State) -> dict[str, Any]:
    end = state.last("fee_paid", "returned", "cancellation_notice", "performed", "enforced")
    back = state.last("look_back")
    known = {
        "look_back": f"{chinese_date(back.on)}：{CHOICES['result'].get(back.fact('result'), '')}"
        if back
        else ""
    }
    if end is None:
        return known
    told = {
        "fee_paid": lambda: f"缴清土地闲置费{end.fact('paid_yuan'):,.2f}元，缴费凭证：{end.fact('receipts')}",
        "returned": lambda: f"已注销登记并交回不动产权证书（{end.fact('certificate')}）",
        "cancellation_notice": lambda: f"已公告注销（{end.document_no}，{end.fact('place')}）",
        "performed": lambda: f"协议履行完毕：{end.fact('statement')}",
        "enforced": lambda: f"强制执行完毕：{end.fact('statement')}",
    }
    return known | {
        "performed_on": end.on,
        "closing_result": told[end.stage](),
        "closing_evidence": str(end.fact("evidence") or ""),
    }
