"""Arts. 8, 12, 13, 14, 25: each row of the table of disposal results, and each of its boundaries."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parcels.idle_land.routes import (
    ART_12_MODES,
    MODE_TITLES,
    PENALTIES,
    Fee,
    RouteFacts,
    RouteParameters,
    fee,
    option,
    options,
)

RULES = RouteParameters()
OWN = RouteFacts(date(2025, 12, 31), "idle_not_started", "own", date(2021, 3, 1), registered=True)
ALL = {*ART_12_MODES, *PENALTIES}
READY: dict[str, Any] = {"price_paid": True, "plan_changed": True}


def open_modes(facts: RouteFacts, parameters: RouteParameters = RULES) -> set[str]:
    return {found.mode for found in options(facts, parameters) if found.allowed}


def closed(mode: str, facts: RouteFacts, parameters: RouteParameters = RULES) -> dict[str, str]:
    found = option(mode, facts, parameters)
    assert found is not None
    return {why.code: why.article for why in found.closed}


# --- art. 14: own cause, not started --------------------------------------------------------------------------


def test_art_14_own_cause_leaves_fee_and_repossession_only() -> None:
    assert open_modes(replace(OWN, **READY)) == {"fee", "repossession"}


@pytest.mark.parametrize(
    ("on", "modes"),
    [
        (date(2021, 3, 1), set()),
        (date(2022, 2, 28), set()),
        (date(2022, 3, 1), set()),  # the last day of the full year itself
        (date(2022, 3, 2), {"fee"}),
        (date(2023, 3, 1), {"fee"}),  # the last day of the second
        (date(2023, 3, 2), {"fee", "repossession"}),
    ],
)
def test_art_14_one_and_two_full_years_to_the_day(on: date, modes: set[str]) -> None:
    assert open_modes(replace(OWN, on=on)) == modes


def test_art_14_a_last_day_of_rest_moves_the_boundary() -> None:
    facts = replace(
        OWN, agreed_start=date(2021, 5, 1)
    )  # a year later is within the holiday of 30 April to 4 May
    assert open_modes(replace(facts, on=date(2022, 5, 5))) == set()
    assert open_modes(replace(facts, on=date(2022, 5, 6))) == {"fee"}


def test_art_14_too_early_says_when_it_will_be_due() -> None:
    found = option("repossession", replace(OWN, on=date(2022, 3, 2)), RULES)
    assert found is not None
    (why,) = found.closed
    assert why.code == "too_early"
    assert "满 2 年为 2023-03-01" in why.reason
    assert why.article.endswith("第十四条第一款第二项")
    assert why.remedy


def test_art_14_without_an_agreed_start_nothing_can_be_imposed() -> None:
    assert closed("fee", replace(OWN, agreed_start=None)).keys() == {"too_early"}


def test_art_14_a_county_may_hold_that_after_two_years_only_repossession_remains() -> None:
    strict = RouteParameters(fee_after_repossession_years=False)
    assert open_modes(replace(OWN, on=date(2023, 3, 1)), strict) == {"fee"}
    assert open_modes(replace(OWN, on=date(2023, 3, 2)), strict) == {"repossession"}


@pytest.mark.parametrize("cause", ["government", "force_majeure", "preparatory", "mixed"])
def test_art_14_an_excused_cause_forbids_fee_and_repossession(cause: Any) -> None:
    facts = replace(OWN, cause=cause, **READY)
    assert open_modes(facts) == set(ART_12_MODES)
    assert closed("fee", facts).keys() == closed("repossession", facts).keys() == {"excused"}


def test_art_10_without_a_cause_in_the_finding_nothing_is_open() -> None:
    assert open_modes(replace(OWN, cause="", **READY)) == set()


# --- arts. 12, 13: stopped land -------------------------------------------------------------------------------


@pytest.mark.parametrize("cause", ["own", "government", "force_majeure", "preparatory", "mixed", ""])
def test_art_13_stopped_land_is_disposed_of_by_art_12_whatever_the_cause(cause: Any) -> None:
    facts = replace(OWN, result="idle_stopped", cause=cause, **READY)
    assert open_modes(facts) == set(ART_12_MODES)
    assert closed("fee", facts)["stopped"].endswith("第十三条、第十四条")
    assert "stopped" in closed("repossession", facts)


# --- art. 25: registration ------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ART_12_MODES)
def test_art_25_unregistered_land_cannot_be_disposed_of_by_art_12(mode: str) -> None:
    facts = replace(OWN, cause="government", registered=False, **READY)
    assert closed(mode, facts) == {"unregistered": "《闲置土地处置办法》第二十五条"}


def test_art_25_fee_and_repossession_do_not_wait_for_the_registration() -> None:
    assert open_modes(replace(OWN, registered=False)) == {"fee", "repossession"}


# --- the rest -------------------------------------------------------------------------------------------------


def test_art_12_5_a_swap_needs_the_price_paid_and_the_plan_changed() -> None:
    facts = replace(OWN, cause="government")
    assert closed("swap", facts).keys() == {"price_unpaid", "plan_unchanged"}
    assert closed("swap", replace(facts, price_paid=True, plan_changed=False)).keys() == {"plan_unchanged"}
    assert closed("swap", replace(facts, **READY)) == {}


def test_art_2_land_that_is_not_idle_has_no_result() -> None:
    facts = replace(OWN, result="not_idle", **READY)
    assert open_modes(facts) == set()
    assert all("not_idle" in closed(mode, facts) for mode in ALL)


def test_art_13_and_14_a_mortgage_brings_duties_and_closes_nothing() -> None:
    found = option("fee", replace(OWN, mortgaged=True), RULES)
    assert found is not None
    assert found.allowed
    assert [duty[-6:] for duty in found.duties] == ["（第十三条）", "（第十四条）", "（第十五条）"]


def test_seized_land_needs_the_court_before_it_is_taken_back() -> None:
    found = option("repossession", replace(OWN, seized=True), RULES)
    assert found is not None
    assert any("查封机关" in duty for duty in found.duties)


def test_art_12_all_but_a_paid_return_restart_the_clock() -> None:
    assert {found.mode for found in options(OWN, RULES) if found.restarts_clock} == {*ART_12_MODES} - {
        "paid_return"
    }


def test_a_mode_that_the_law_does_not_know_is_none() -> None:
    assert option("discount", OWN, RULES) is None


@given(
    st.builds(
        RouteFacts,
        on=st.dates(date(2021, 1, 1), date(2025, 1, 1)),
        result=st.sampled_from(["idle_not_started", "idle_stopped", "not_idle"]),
        cause=st.sampled_from(["own", "government", "force_majeure", "preparatory", "mixed", ""]),
        agreed_start=st.none() | st.dates(date(2019, 1, 1), date(2024, 1, 1)),
        registered=st.booleans(),
        price_paid=st.none() | st.booleans(),
        plan_changed=st.none() | st.booleans(),
    )
)
def test_no_case_is_open_to_both_ways_and_every_closed_result_says_why(facts: RouteFacts) -> None:
    found = options(facts, RULES)
    assert [item.mode for item in found] == list(MODE_TITLES)
    opened = {item.mode for item in found if item.allowed}
    assert not (opened & set(ART_12_MODES) and opened & set(PENALTIES))
    if opened & set(PENALTIES):
        assert facts.result == "idle_not_started"
        assert facts.cause == "own"
    if "repossession" in opened:
        assert "fee" in opened
    assert all(why.article and why.reason and why.remedy for item in found for why in item.closed)


# --- the fee --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base", "amount"),
    [
        ("1000000", "200000.00"),
        ("0.05", "0.01"),
        ("0.02", "0.00"),
        ("0.025", "0.01"),
        ("123456.78", "24691.36"),
    ],
)
def test_art_14_1_the_fee_is_a_fifth_of_the_price_to_the_fen_half_up(base: str, amount: str) -> None:
    assert fee(Decimal(base), RULES.fee_rate) == Fee(Decimal(base), Decimal("0.20"), Decimal(amount))


@pytest.mark.parametrize(
    ("base", "rate"), [("0", "0.2"), ("-1", "0.2"), ("NaN", "0.2"), ("1", "0"), ("1", "2")]
)
def test_a_fee_without_a_proper_base_or_rate_is_refused(base: str, rate: str) -> None:
    with pytest.raises(ValueError, match="fee"):
        fee(Decimal(base), Decimal(rate))


def test_the_parameters_come_from_the_county() -> None:
    read = RouteParameters.from_mapping({"idle_land.fee_rate": "0.15", "idle_land.repossession_years": 3})
    assert (read.fee_rate, read.repossession_years, read.fee_years) == (Decimal("0.15"), 3, 1)
