"""《闲置土地处置办法》 as a procedure: lawful walks go through, and every illegal step is refused by its article."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from parcels.disposal.procedure import check_reversal, fold, issues, open_stages, replay, what_if
from parcels.disposal.stages import STAGES, TABLE
from parcels.disposal.state import Step
from parcels.disposal.terms import Term
from parcels.documents.kinds import KINDS
from tests.parcels.disposal.walks import (
    ART_12,
    FACTS,
    FORCED,
    GOVERNMENT,
    NOT_STARTED,
    PAID,
    REPOSSESSION,
    RULES,
    TO_AGREEMENT,
    TO_APPROVAL,
    TO_DECISION,
    TO_FINDING,
    Walk,
    until,
)

# --- lawful walks ---------------------------------------------------------------------------------------------


def test_a_fee_case_goes_from_suspicion_to_closing() -> None:
    walk = Walk().along(PAID).go("closed", date(2025, 4, 30)).go("look_back", date(2025, 10, 1))
    assert fold(walk.steps).closed
    assert all(not judged.refusals for judged in replay(walk.steps, lambda day: RULES))


def test_a_repossession_case_ends_with_the_certificate_given_back() -> None:
    steps = [*until(TO_DECISION, "fee_decision"), ("repossession_decision", date(2024, 5, 20))]
    walk = Walk().along(steps, **REPOSSESSION).go("service:repossession_decision", date(2024, 5, 21))
    assert fold(walk.go("returned", date(2024, 6, 1)).steps).disposed


def test_a_government_cause_ends_in_an_agreement_that_is_performed() -> None:
    walk = Walk(GOVERNMENT).along(TO_AGREEMENT, **ART_12).go("notice_to_government", date(2024, 5, 21))
    walk.go("performed", date(2024, 9, 1)).go("disclosure_removed", date(2024, 9, 2)).go(
        "closed", date(2025, 4, 30)
    )
    assert fold(walk.steps).closed


def test_a_refusing_holder_is_enforced_against() -> None:
    assert fold(Walk().along(FORCED).go("closed", date(2025, 4, 30)).steps).closed


def test_land_that_is_not_idle_is_closed_without_a_disposal() -> None:
    walk = Walk().along(TO_FINDING, finding={"result": "not_idle", "causes": []})
    walk.go("closed", date(2024, 5, 1), town_checked_on=None)
    assert fold(walk.steps).closed


# --- illegal steps, one by one --------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", [stage.code for stage in TABLE if stage.code != "suspicion"])
def test_art_5_nothing_comes_before_the_suspicion(stage: str) -> None:
    refused = Walk().refused(stage, date(2024, 3, 1))
    assert "not_opened" in refused


@pytest.mark.parametrize(
    "stage", sorted({stage.split(":")[0] for stage, _ in PAID} - {"service", "scheme", "site_survey"})
)
def test_a_step_that_was_done_is_not_done_twice(stage: str) -> None:
    code = "case_open" if stage == "suspicion" else "once_only"
    assert code in Walk().along(PAID).refused(stage, date(2024, 6, 12))


@pytest.mark.parametrize("stage", [s.code for s in TABLE if not s.closed_too])
def test_nothing_follows_the_closing_but_the_look_back(stage: str) -> None:
    walk = Walk().along(PAID).go("closed", date(2025, 4, 30))
    assert "case_closed" in walk.refused(stage, date(2025, 5, 1))


@pytest.mark.parametrize(
    ("steps", "stage", "on", "code", "article"),
    [
        (TO_FINDING[:2], "reply", date(2024, 3, 25), "investigation_notice_unserved", "第六条"),
        (TO_FINDING[:3], "no_reply", date(2024, 4, 11), "reply_running", "第六条"),
        (TO_FINDING[:1], "site_survey", date(2024, 3, 2), "investigation_notice_missing", "第五条"),
        (TO_FINDING[:3], "finding", date(2024, 4, 8), "reply_missing", "第六条"),
        (TO_FINDING[:4], "finding", date(2024, 4, 8), "site_survey_missing", "第七条"),
        (TO_FINDING[:5], "disclosure", date(2024, 4, 10), "finding_missing", "第九条"),
        (TO_FINDING[:6], "disclosure", date(2024, 4, 10), "finding_unserved", "第九条"),
        (TO_FINDING[:6], "scheme", date(2024, 4, 15), "finding_unserved", "第九条"),
        (TO_FINDING, "scheme_approval", date(2024, 4, 30), "scheme_missing", "第十三条"),
        (TO_FINDING, "hearing_right_notice", date(2024, 4, 30), "scheme_missing", "第十五条"),
        (TO_APPROVAL, "fee_decision", date(2024, 5, 20), "not_heard", "第十五条"),
        (TO_DECISION[:-4], "fee_decision", date(2024, 5, 20), "not_heard", "第十五条"),
        (TO_DECISION[:-3], "fee_decision", date(2024, 5, 20), "not_heard", "第十五条"),
        (TO_APPROVAL[:-1], "fee_decision", date(2024, 5, 20), "scheme_approval_missing", "第十三条"),
        (TO_APPROVAL, "repossession_decision", date(2024, 5, 20), "other_mode", "第十四条"),
        (TO_APPROVAL, "agreement", date(2024, 5, 20), "not_art_12", "第十二条"),
        (TO_DECISION[:-3], "hearing_waived", date(2024, 5, 13), "waiver_unwritten", "第十五条"),
        (TO_DECISION[:-3], "hearing_request", date(2024, 5, 14), "hearing_request_late", "第十五条"),
        (TO_DECISION[:-1], "fee_paid", date(2024, 6, 1), "fee_decision_unserved", "第十七条"),
        (TO_DECISION, "returned", date(2024, 6, 1), "repossession_decision_missing", "第十四条"),
        (TO_DECISION, "dunning", date(2024, 6, 20), "performance_running", "第十七条"),
        (TO_DECISION, "court_application", date(2024, 12, 2), "dunning_unserved", "第五十四条"),
        (FORCED[:-3], "court_application", date(2024, 7, 12), "dunning_running", "第五十四条"),
        (FORCED[:-3], "court_application", date(2024, 11, 21), "remedies_open", "第五十三条"),
        (FORCED[:-3], "court_application", date(2025, 2, 22), "court_window_over", "第五十三条"),
        (FORCED[:-3], "enforced", date(2025, 2, 22), "court_application_missing", "第五十三条"),
        (TO_DECISION, "reconsideration", date(2024, 7, 23), "reconsideration_late", "复议"),
        (TO_DECISION, "litigation", date(2024, 11, 22), "litigation_late", "第四十六条"),
        (TO_DECISION, "remedy_result", date(2024, 7, 1), "no_remedy", "复议"),
        (TO_DECISION, "resumption", date(2024, 7, 1), "suspension_missing", "停止执行"),
        (TO_DECISION, "scheme", date(2024, 7, 1), "decision_done", "第十四条"),
        (TO_DECISION, "disclosure_removed", date(2024, 6, 1), "still_idle", "第十一条"),
        (TO_DECISION, "closed", date(2025, 4, 30), "not_disposed", "第十七条"),
        (PAID[:-1], "closed", date(2025, 4, 30), "disclosed", "第十一条"),
        (PAID, "dunning", date(2024, 7, 1), "fee_paid_done", "第十七条"),
        (PAID, "look_back", date(2024, 7, 1), "closed_missing", "回头看"),
        (TO_FINDING, "notice_to_government", date(2024, 4, 20), "no_government_cause", "第十一条"),
        (TO_FINDING, "hoarding_lifted", date(2024, 4, 20), "hoarding_missing", "第二十四条"),
        (TO_FINDING[:6], "service:suspicion_", date(2024, 4, 20), "service", "送达"),
        (TO_FINDING[:2], "service:investigation_notice", date(2024, 3, 10), "service", "送达"),
        (TO_FINDING[:3], "service:investigation_notice", date(2024, 3, 13), "service", "送达"),
    ],
)  # fmt: skip
def test_an_illegal_step_is_refused_by_its_article(
    steps: list[tuple[str, date]], stage: str, on: date, code: str, article: str
) -> None:
    refused = Walk().along(steps).refused(stage, on)
    assert code in refused
    assert article in refused[code].article
    assert refused[code].reason
    assert refused[code].remedy


# --- remedies -------------------------------------------------------------------------------------------------


def test_a_pending_remedy_blocks_the_court_and_the_closing() -> None:
    walk = Walk().along(FORCED[:-3]).go("litigation", date(2024, 11, 20))
    assert "remedy_pending" in walk.refused("court_application", date(2024, 12, 2))
    walk.go("remedy_result", date(2025, 6, 3))
    assert not walk.refused("court_application", date(2025, 9, 3))  # three months from the result
    assert "court_window_over" in walk.refused("court_application", date(2025, 9, 4))


def test_a_decision_set_aside_binds_no_more_and_the_holder_is_heard_again() -> None:
    walk = Walk().along(TO_DECISION).go("reconsideration", date(2024, 6, 1))
    walk.go("remedy_result", date(2024, 8, 1), outcome="revoked")
    assert fold(walk.steps).decision is None
    assert list(walk.refused("fee_decision", date(2024, 8, 2))) == ["not_heard"]


def test_a_suspended_decision_is_not_enforced() -> None:
    walk = Walk().along(TO_DECISION).go("suspension", date(2024, 6, 1))
    assert "suspended" in walk.refused("dunning", date(2024, 7, 1))
    assert "not_suspended" not in walk.go("resumption", date(2024, 7, 2)).refused("dunning", date(2024, 8, 1))


def test_art_18_a_certificate_that_is_not_given_back_is_cancelled_by_notice() -> None:
    steps = [*until(TO_DECISION, "fee_decision"), ("repossession_decision", date(2024, 5, 20))]
    walk = Walk().along(steps, **REPOSSESSION).go("service:repossession_decision", date(2024, 5, 21))
    assert "performance_running" in walk.refused("cancellation_notice", date(2024, 6, 20))
    assert not walk.refused("cancellation_notice", date(2024, 6, 21))


# --- service, closing, look-back ------------------------------------------------------------------------------


def test_a_public_notice_serves_only_after_its_full_term() -> None:
    walk = Walk().along(TO_FINDING[:2])
    public: dict[str, Any] = {"how": "public_notice", "announced_on": date(2024, 3, 12)}
    assert "service" in walk.refused("service:investigation_notice", date(2024, 4, 11), **public)
    assert not walk.refused("service:investigation_notice", date(2024, 4, 12), **public)
    assert "service" in walk.refused("service:investigation_notice", date(2024, 4, 12), how="public_notice")


@pytest.mark.parametrize(
    "facts",
    [
        {"town_checked_by": ""},
        {"reviewed_on": None},
        {"reviewed_on": date(2025, 3, 31)},
        {"approved_on": date(2025, 5, 1)},
        {"publicised_from": None},
        {"publicised_from": date(2025, 4, 24)},  # five working days aren't over on the 30th
    ],
)
def test_a_case_is_closed_by_all_reviews_in_their_order(facts: dict[str, Any]) -> None:
    assert list(Walk().along(PAID).refused("closed", date(2025, 4, 30), **facts)) == ["reviews"]


def test_a_relapse_opens_the_case_anew() -> None:
    walk = Walk().along(PAID).go("closed", date(2025, 4, 30))
    assert "no_relapse" in walk.go("look_back", date(2025, 6, 1)).refused("reopened", date(2025, 6, 2))
    walk.go("look_back", date(2025, 8, 1), result="relapsed").go("reopened", date(2025, 8, 2))
    assert not fold(walk.steps).closed
    assert "investigation_notice_missing" in walk.refused("finding", date(2025, 9, 1))
    walk.go("investigation_notice", date(2025, 8, 3))


def test_art_12_a_broken_agreement_opens_the_case_anew() -> None:
    walk = Walk(GOVERNMENT).along(TO_AGREEMENT, **ART_12)
    assert "not_due" in walk.refused("breach", date(2024, 9, 1))
    assert fold(walk.go("breach", date(2024, 9, 2)).steps).decision is None


# --- reversal, replay, other rules ----------------------------------------------------------------------------


def test_a_step_that_others_rest_on_is_reversed_only_after_them() -> None:
    walk = Walk().along(TO_FINDING)
    (why,) = check_reversal(walk.steps, 3, lambda day: RULES)
    assert why.code == "later_steps_rest_on_it"
    assert "第 4 步“使用权人答复”" in why.reason
    assert check_reversal(walk.steps, 7, lambda day: RULES) == ()
    assert check_reversal(walk.steps, 99, lambda day: RULES)[0].code == "not_in_force"


def test_reversing_returns_to_the_state_before() -> None:
    walk = Walk().along(TO_FINDING[:-1])
    before = fold(walk.steps)
    walk.go("service:finding", date(2024, 4, 9)).reverse(7, date(2024, 4, 10))
    assert fold(walk.steps) == before
    assert check_reversal(walk.steps, 7, lambda day: RULES)[0].code == "not_in_force"


def test_a_case_replays_under_the_rules_of_its_days_and_other_rules_show_what_differs() -> None:
    walk = Walk().along(TO_DECISION)
    longer = replace(RULES, terms={**RULES.terms, "performance": Term(60, "day")})
    found = what_if(walk.steps, lambda day: RULES, lambda day: longer)
    assert [clock.name for clock, _ in found.clocks] == ["performance"]
    assert not found.newly_refused
    dearer = replace(RULES, routes=replace(RULES.routes, fee_rate=Decimal("0.25")))
    found = what_if(walk.steps, lambda day: RULES, lambda day: dearer)
    assert [judged.step.stage for judged in found.newly_refused] == ["fee_decision"]
    since_may = what_if(
        walk.steps, lambda day: RULES, lambda day: dearer if day >= date(2024, 6, 1) else RULES
    )
    assert not since_may.any


# --- the table itself -----------------------------------------------------------------------------------------


def test_every_stage_has_its_article_and_its_facts_for_the_tests() -> None:
    assert all(stage.article and stage.title for stage in TABLE)
    assert len(STAGES) == len(TABLE)
    assert FACTS.keys() <= STAGES.keys()


def test_every_paper_of_a_stage_is_one_that_can_be_issued() -> None:
    assert {kind for stage in TABLE for kind in stage.documents} <= KINDS.keys()


def test_facts_are_read_by_their_fields() -> None:
    step = Step(1, "finding", date(2024, 4, 8), {"result": "maybe", "causes": ["G1", "X"], "colour": 1}, "")
    assert {issue["field"] for issue in issues(step)} == {
        "result", "causes", "colour", "statement", "evidence", "document_no",
    }  # fmt: skip


def test_the_open_stages_are_told_with_what_closes_the_others() -> None:
    walk = Walk().along(TO_FINDING)
    template = Step(99, "", date(2024, 4, 10), {}, "", None, NOT_STARTED)
    opened = {stage.code for stage, closed in open_stages(fold(walk.steps), template, RULES) if not closed}
    assert opened == {
        "disclosure", "registration", "scheme", "service", "hoarding", "inquiry", "site_survey",
    }  # fmt: skip
