"""Cases put together step by step for tests: three lawful walks, and the means to go on from any point of them.

Refuses nothing: whether a step is legal is asked of the procedure by the tests.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from landgis.counties.profile import national_parameters
from parcels.disposal.procedure import check, issues
from parcels.disposal.state import Ground, Refusal, Step
from parcels.disposal.terms import Rules

RULES = Rules.from_mapping({value.key: value.value for value in national_parameters()})
# Not started since 1 March 2021, two full years over on 1 March 2023; the price is 10 million 元.
NOT_STARTED = Ground(agreed_start=date(2021, 3, 1), price_yuan=Decimal("10000000"))
STOPPED = Ground(
    agreed_start=date(2021, 3, 1), started=True, stopped_since=date(2022, 6, 1), short=("invested",)
)
GOVERNMENT = replace(NOT_STARTED, verified_causes=("G1",))

FACTS: dict[str, dict[str, Any]] = {
    "suspicion": {"source": "2024年第一季度筛查"},
    "reply": {"statement": "资金困难"},
    "inquiry": {"persons": "甲、乙", "record": "笔录"},
    "site_survey": {"persons": "甲、乙", "evidence": "照片5张"},
    "finding": {"result": "idle_not_started", "causes": ["E1"], "statement": "未动工", "evidence": "照片"},
    "disclosure": {"place": "门户网站"},
    "notice_to_government": {"body": "县建设局"},
    "registration": {"registration_no": "监330"},
    "mortgagee_notice": {"holder": "示意银行"},
    "scheme": {"mode": "fee", "content": "征缴"},
    "scheme_approval": {"level": "county_government", "approver": "县人民政府", "approval_no": "政批1号"},
    "hearing_request": {"requester": "使用权人"},
    "hearing_notice": {"hearing_on": date(2024, 6, 20), "place": "二楼会议室"},
    "hearing_held": {"record": "听证笔录"},
    "hearing_waived": {},
    "fee_decision": {"base_yuan": Decimal("10000000"), "amount_yuan": Decimal("2000000.00")},
    "repossession_decision": {},
    "agreement": {"agreement_no": "补1", "new_start": date(2024, 9, 1)},
    "fee_paid": {"paid_yuan": Decimal("2000000.00"), "receipts": "税1"},
    "returned": {"certificate": "不动产权1号"},
    "performed": {"statement": "已动工", "evidence": "照片"},
    "cancellation_notice": {"place": "门户网站"},
    "reconsideration": {"body": "市政府"},
    "litigation": {"body": "法院"},
    "remedy_result": {"outcome": "upheld", "body": "法院1号"},
    "suspension": {"basis": "裁定"},
    "resumption": {"basis": "裁定"},
    "court_application": {"court": "法院"},
    "enforced": {"statement": "已执行", "evidence": "裁定"},
    "hoarding": {"basis": "会议纪要"},
    "hoarding_lifted": {"basis": "会议纪要"},
    "breach": {"statement": "未动工"},
    "look_back": {"result": "kept", "evidence": "照片"},
    "reopened": {"statement": "又停工"},
}
NUMBERED = {
    "investigation_notice", "finding", "notice_to_government", "mortgagee_notice", "hearing_right_notice",
    "hearing_notice", "fee_decision", "repossession_decision", "cancellation_notice", "dunning",
    "court_application",
}  # fmt: skip

# (stage, day) or ("service:stage", day): the lawful walk of an own-cause case to a fee that is paid.
TO_FINDING: list[tuple[str, date]] = [
    ("suspicion", date(2024, 3, 1)),
    ("investigation_notice", date(2024, 3, 11)),
    ("service:investigation_notice", date(2024, 3, 12)),
    ("reply", date(2024, 3, 25)),
    ("site_survey", date(2024, 3, 26)),
    ("finding", date(2024, 4, 8)),
    ("service:finding", date(2024, 4, 9)),
]
TO_APPROVAL = [
    *TO_FINDING,
    ("disclosure", date(2024, 4, 10)),
    ("scheme", date(2024, 4, 15)),
    ("scheme_approval", date(2024, 4, 30)),
]
TO_DECISION = [
    *TO_APPROVAL,
    ("hearing_right_notice", date(2024, 5, 6)),
    ("service:hearing_right_notice", date(2024, 5, 7)),
    ("hearing_waived", date(2024, 5, 15)),
    ("fee_decision", date(2024, 5, 20)),
    ("service:fee_decision", date(2024, 5, 21)),
]
PAID = [*TO_DECISION, ("fee_paid", date(2024, 6, 10)), ("disclosure_removed", date(2024, 6, 11))]
FORCED = [
    *TO_DECISION,
    ("dunning", date(2024, 7, 1)),
    ("service:dunning", date(2024, 7, 2)),
    ("court_application", date(2024, 12, 2)),
    ("enforced", date(2025, 3, 1)),
    ("disclosure_removed", date(2025, 3, 3)),
]
ART_12: dict[str, Any] = {
    "finding": {"causes": ["G1"]},
    "scheme": {"mode": "extend", "content": "延长"},
}
TO_AGREEMENT = [
    *TO_FINDING,
    ("registration", date(2024, 4, 10)),
    *TO_APPROVAL[len(TO_FINDING) :],
    ("agreement", date(2024, 5, 20)),
]
REPOSSESSION: dict[str, Any] = {
    "scheme": {"mode": "repossession"},
    "scheme_approval": {"level": "approving_government"},
}


def until(steps: list[tuple[str, date]], stage: str) -> list[tuple[str, date]]:
    """The steps before `stage`."""
    return steps[: [name for name, _ in steps].index(stage)]


CLOSING: dict[str, Any] = {
    "town_checked_on": date(2025, 4, 1),
    "town_checked_by": "镇甲",
    "reviewed_on": date(2025, 4, 2),
    "reviewed_by": "科乙",
    "approved_on": date(2025, 4, 3),
    "approved_by": "专班丙",
    "publicised_from": date(2025, 4, 3),
}


class Walk:
    """Steps entered one after the other; `ground` is what the register says meanwhile."""

    def __init__(self, ground: Ground = NOT_STARTED, rules: Rules = RULES) -> None:
        self.steps: list[Step] = []
        self.ground, self.rules = ground, rules

    def step(self, stage: str, on: date, **facts: Any) -> Step:
        """The next step; `service:stage` serves the last paper of that stage."""
        code, _, of = stage.partition(":")
        stated: dict[str, Any] = dict(FACTS.get(code, {}))
        if code == "service":
            target = next((s.seq for s in reversed(self.steps) if s.stage == of), 0)
            stated = {"of": Decimal(target), "how": "direct", "receiver": "使用权人", "evidence": "回证"}
        if code == "closed":
            stated = dict(CLOSING)
        number = f"〔2024〕{len(self.steps) + 1}号" if code in NUMBERED else ""
        return Step(len(self.steps) + 1, code, on, stated | facts, number, None, self.ground)

    def refused(self, stage: str, on: date, **facts: Any) -> dict[str, Refusal]:
        """Why the step can't follow; empty when it may."""
        return {why.code: why for why in check(self.steps, self.step(stage, on, **facts), self.rules)}

    def go(self, stage: str, on: date, **facts: Any) -> Walk:
        """Enter a step that has to be legal."""
        step = self.step(stage, on, **facts)
        assert not issues(step)
        assert check(self.steps, step, self.rules) == ()
        self.steps.append(step)
        return self

    def along(self, steps: list[tuple[str, date]], **facts: dict[str, Any]) -> Walk:
        """Enter several; `facts` are a stage's own."""
        for stage, on in steps:
            self.go(stage, on, **facts.get(stage, {}))
        return self

    def reverse(self, seq: int, on: date) -> Walk:
        self.steps.append(Step(len(self.steps) + 1, "reversal", on, {}, "", seq))
        return self
