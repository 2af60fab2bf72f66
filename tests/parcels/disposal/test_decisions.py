"""Arts. 2, 8, 10, 12 to 15, 25: the finding, the scheme, its approval, the hearing and the decision, each limit to the day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from parcels.disposal.state import Ground
from tests.parcels.disposal.walks import (
    ART_12,
    GOVERNMENT,
    NOT_STARTED,
    REPOSSESSION,
    STOPPED,
    TO_AGREEMENT,
    TO_APPROVAL,
    TO_DECISION,
    TO_FINDING,
    Walk,
    until,
)

# --- arts. 2, 8, 10: the finding ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ground", "facts", "code"),
    [
        (NOT_STARTED, {}, None),
        (replace(NOT_STARTED, started=True), {}, "facts_differ"),
        (Ground(), {}, "facts_differ"),
        (replace(NOT_STARTED, agreed_start=date(2023, 4, 7)), {}, None),  # its year ends on Sunday, 7 April, a working day
        (replace(NOT_STARTED, agreed_start=date(2023, 4, 8)), {}, "facts_differ"),  # the last day itself
        (STOPPED, {"result": "idle_stopped"}, None),
        (replace(STOPPED, short=()), {"result": "idle_stopped"}, "facts_differ"),
        (replace(STOPPED, stopped_since=date(2023, 4, 8)), {"result": "idle_stopped"}, "facts_differ"),
        (NOT_STARTED, {"result": "idle_stopped"}, "facts_differ"),
        (NOT_STARTED, {"causes": ["G1"]}, "cause_unverified"),
        (GOVERNMENT, {"causes": ["G1"]}, None),
        (NOT_STARTED, {"causes": []}, "no_cause"),
    ],
)  # fmt: skip
def test_art_2_8_10_a_finding_is_what_the_registers_facts_amount_to(
    ground: Ground, facts: dict[str, Any], code: str | None
) -> None:
    refused = Walk(ground).along(until(TO_FINDING, "finding")).refused("finding", date(2024, 4, 8), **facts)
    assert list(refused) == ([code] if code else [])


# --- arts. 12 to 14, 25: scheme, approval, decision -----------------------------------------------------------


def test_art_25_an_unregistered_case_cannot_go_by_art_12() -> None:
    walk = Walk(GOVERNMENT).along(TO_FINDING, **ART_12)
    assert "第二十五条" in walk.refused("scheme", date(2024, 4, 15), mode="extend")["unregistered"].article
    walk.go("registration", date(2024, 4, 15))
    assert not walk.refused("scheme", date(2024, 4, 15), mode="extend")


@pytest.mark.parametrize("mode", ["fee", "repossession"])
def test_art_13_stopped_land_gets_no_fee_and_no_repossession(mode: str) -> None:
    walk = Walk(STOPPED).along(TO_FINDING, finding={"result": "idle_stopped"})
    assert "stopped" in walk.refused("scheme", date(2024, 4, 15), mode=mode)


def test_art_14_repossession_waits_for_two_full_years() -> None:
    ground = replace(NOT_STARTED, agreed_start=date(2022, 4, 15))
    walk = Walk(ground).along(TO_FINDING)
    assert "too_early" in walk.refused("scheme", date(2024, 4, 15), mode="repossession")
    assert not walk.refused("scheme", date(2024, 4, 16), mode="repossession")


def test_art_14_repossession_needs_the_government_that_may_approve_it() -> None:
    walk = Walk().along(until(TO_APPROVAL, "scheme_approval"), **REPOSSESSION)
    assert "wrong_government" in walk.refused("scheme_approval", date(2024, 4, 30))
    assert not walk.refused("scheme_approval", date(2024, 4, 30), level="approving_government")


def test_art_13_a_mortgagee_is_told_before_the_approval_and_gets_a_copy_of_the_decision() -> None:
    walk = Walk(replace(NOT_STARTED, mortgaged=True)).along(until(TO_APPROVAL, "scheme_approval"))
    assert "mortgagee_untold" in walk.refused("scheme_approval", date(2024, 4, 30))
    walk.go("mortgagee_notice", date(2024, 4, 16))
    walk.along(TO_DECISION[len(TO_APPROVAL) - 1 : -2])
    assert list(walk.refused("fee_decision", date(2024, 5, 20))) == ["mortgagee_copy"]
    assert not walk.refused("fee_decision", date(2024, 5, 20), copied_to_mortgagee=True)


def test_another_scheme_takes_the_approval_and_the_hearing_of_the_former_with_it() -> None:
    walk = (
        Walk().along(until(TO_DECISION, "fee_decision")).go("scheme", date(2024, 5, 16), mode="repossession")
    )
    refused = walk.refused("repossession_decision", date(2024, 5, 20))
    assert {"scheme_approval_missing", "not_heard"} <= refused.keys()


@pytest.mark.parametrize(
    ("base", "amount"), [("9999999", "2000000.00"), ("10000000", "2000000.01"), ("10000000", "1999999.99")]
)
def test_art_14_1_a_fee_that_does_not_add_up_is_refused(base: str, amount: str) -> None:
    walk = Walk().along(until(TO_DECISION, "fee_decision"))
    values = {"base_yuan": Decimal(base), "amount_yuan": Decimal(amount)}
    assert list(walk.refused("fee_decision", date(2024, 5, 20), **values)) == ["fee_amount"]


def test_art_14_1_without_a_price_there_is_no_fee() -> None:
    walk = Walk(replace(NOT_STARTED, price_yuan=None)).along(until(TO_DECISION, "fee_decision"))
    assert "fee_amount" in walk.refused("fee_decision", date(2024, 5, 20))


def test_a_fee_is_paid_only_in_full() -> None:
    walk = Walk().along(TO_DECISION)
    assert "underpaid" in walk.refused("fee_paid", date(2024, 6, 10), paid_yuan=Decimal("1999999.99"))


@pytest.mark.parametrize(
    ("mode", "facts", "legal"),
    [
        ("extend", {"until": date(2025, 9, 1)}, True),  # exactly a year from the new start
        ("extend", {"until": date(2025, 9, 2)}, False),
        ("extend", {"new_start": None}, False),
        ("extend", {"new_start": date(2024, 5, 19)}, False),
        ("temporary", {"temporary_from": date(2024, 6, 1), "until": date(2026, 6, 1)}, True),
        ("temporary", {"temporary_from": date(2024, 6, 1), "until": date(2026, 6, 2)}, False),
        ("temporary", {}, False),
        ("paid_return", {"new_start": None}, True),
    ],
)
def test_art_12_the_limits_of_an_agreement(mode: str, facts: dict[str, Any], legal: bool) -> None:
    walk = Walk(GOVERNMENT).along(until(TO_AGREEMENT, "agreement"), **ART_12 | {"scheme": {"mode": mode}})
    assert ("agreement_limits" in walk.refused("agreement", date(2024, 5, 20), **facts)) is not legal


# --- art. 15: the hearing -------------------------------------------------------------------------------------

TOLD = until(TO_DECISION, "hearing_waived")
ASKED = [
    *TOLD,
    ("hearing_request", date(2024, 5, 13)),  # the fifth working day: 11 May, a Saturday, was one too
    ("hearing_notice", date(2024, 6, 10)),
    ("service:hearing_notice", date(2024, 6, 11)),
]  # fmt: skip


def test_art_15_a_hearing_is_asked_for_within_five_working_days() -> None:
    assert not Walk().along(TOLD).refused("hearing_request", date(2024, 5, 13))
    assert "hearing_request_late" in Walk().along(TOLD).refused("hearing_request", date(2024, 5, 14))
    assert not Walk().along(TOLD).refused("hearing_waived", date(2024, 5, 8), written=True)
    assert not Walk().along(TOLD).refused("hearing_waived", date(2024, 5, 14))


def test_art_15_a_hearing_comes_after_seven_working_days_and_before_the_decision() -> None:
    walk = Walk().along(ASKED, hearing_notice={"hearing_on": date(2024, 6, 20)})
    assert "not_heard" in walk.refused("fee_decision", date(2024, 6, 12))
    assert "hearing_notice_short" in walk.refused("hearing_held", date(2024, 6, 20))
    assert not walk.refused("hearing_held", date(2024, 6, 21))  # the notice was served on 11 June
    assert "waiver_unwritten" in walk.refused("hearing_waived", date(2024, 6, 12))
    walk.go("hearing_held", date(2024, 6, 21)).go("fee_decision", date(2024, 6, 24))


def test_art_14_a_start_agreed_anew_since_the_finding_restarts_the_clock() -> None:
    walk = Walk().along(until(TO_DECISION, "fee_decision"))
    walk.ground = replace(NOT_STARTED, agreed_start=date(2023, 5, 20))
    assert "too_early" in walk.refused("fee_decision", date(2024, 5, 20))
    assert not walk.refused("fee_decision", date(2024, 5, 21))
