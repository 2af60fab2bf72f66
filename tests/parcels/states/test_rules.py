"""五未: each state's row, its boundary, and the answer where a fact is missing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parcels.idle_land.facts import Facts, Parameters, Progress
from parcels.states.rules import FACT_TITLES, STATE_TITLES, Node, PhaseFacts, Verdict, holding, states_of
from parcels.supply.indicators import Indicator

PARAMETERS = Parameters("53号令/2012-07-01", 1, 1, 1, Fraction(1, 3), Fraction(1, 4), Fraction(1, 4))
INDICATORS = (
    Indicator("plot_ratio", "容积率", "", "at_least", ("completion_review",)),
    Indicator("building_density", "建筑密度", "", "at_least", ("completion_review",)),
    Indicator("tax_per_mu", "亩均税收", "万元/亩", "at_least", ("full_production_review",)),
    Indicator("energy_per_output", "单位产值能耗", "", "at_most", ("full_production_review",)),
)
ON = date(2025, 12, 31)
BUILT: dict[str, Any] = {
    "agreed_start": date(2021, 3, 1),
    "actual_start": date(2021, 3, 1),
    "agreed_completion": date(2023, 3, 1),
    "land_to_develop_m2": Decimal(30000),
    "total_investment_wan": Decimal(1000),
}


def verdict(
    state: str,
    on: date = ON,
    nodes: tuple[Node, ...] = (),
    review_due: date | None = None,
    review_passed_on: date | None = None,
    **facts: Any,
) -> Verdict:
    phase = PhaseFacts(Facts(**facts), {node.kind: node for node in nodes}, review_due, review_passed_on)
    return next(v for v in states_of(phase, on, PARAMETERS, INDICATORS) if v.state == state)


@pytest.mark.parametrize(
    ("on", "holds", "words"),
    [
        (date(2021, 3, 1), False, ""),
        (date(2021, 3, 2), True, "逾期未动工"),
        (date(2022, 3, 1), True, "逾期未动工"),
        (date(2022, 3, 2), True, "满一年未动工"),
    ],
)
def test_supplied_and_unused_from_the_day_after_the_agreed_start(on: date, holds: bool, words: str) -> None:
    found = verdict("supplied_unused", on, agreed_start=date(2021, 3, 1))
    assert found.holds is holds
    assert words in found.basis


def test_supplied_and_unused_is_unknown_without_an_agreed_start() -> None:
    assert verdict("supplied_unused").missing == ("agreed_start", "actual_delivery")
    assert verdict("supplied_unused", actual_start=date(2021, 1, 1)).holds is False


@pytest.mark.parametrize(("invested", "holds"), [("249.99", True), ("250", False), (None, None)])
def test_underinvested_is_less_than_a_quarter_inside_the_building_period(
    invested: str | None, holds: bool | None
) -> None:
    record = Progress(date(2022, 1, 1), Decimal(invested) if invested else None)
    found = verdict("underinvested", date(2022, 6, 1), progress=(record,), **BUILT)
    assert found.holds is holds
    assert verdict("underinvested", progress=(record,), **BUILT).holds is False  # past the agreed completion


def review(promised: dict[str, Any], actual: dict[str, Any], result: str = "") -> Node:
    return Node("completion_review", date(2023, 6, 1), date(2023, 7, 1), promised, actual, result)


@pytest.mark.parametrize(
    ("node", "developed", "holds"),
    [
        (review({"plot_ratio": 1.5}, {"plot_ratio": 1.49}), "30000", True),
        (review({"plot_ratio": 1.5}, {"plot_ratio": 1.5}), "30000", False),
        (review({"building_density": "0.4"}, {"building_density": "0.39"}), "30000", True),
        (review({"plot_ratio": 1.5}, {"plot_ratio": 1.6}), "29999", True),
        (review({"plot_ratio": 1.5}, {"plot_ratio": 1.6}), None, None),
        (review({}, {}), "30000", None),
    ],
)
def test_not_exhausted_is_land_left_or_built_below_the_contracts_least(
    node: Node, developed: str | None, holds: bool | None
) -> None:
    record = Progress(date(2023, 2, 1), Decimal(900), Decimal(developed) if developed else None)
    found = verdict(
        "not_exhausted", nodes=(node,), progress=(record,), actual_completion=date(2023, 2, 1), **BUILT
    )
    assert found.holds is holds


def test_unreviewed_from_the_day_after_the_review_was_due() -> None:
    due = date(2023, 9, 1)
    assert verdict("unreviewed", due, review_due=due, **BUILT).holds is False
    found = verdict("unreviewed", date(2023, 9, 2), review_due=due, **BUILT)
    assert (found.holds, found.since) == (True, due)
    assert verdict("unreviewed", review_due=due, review_passed_on=date(2024, 1, 1), **BUILT).holds is False
    assert verdict("unreviewed", **BUILT).missing == ("review_due",)


def test_unreviewed_falls_out_of_the_milestone() -> None:
    failed = review({}, {}, "fail")
    assert verdict("unreviewed", nodes=(failed,), **BUILT).basis.endswith("复核未通过")
    assert verdict("unreviewed", nodes=(review({}, {}, "pass"),), **BUILT).holds is False
    later = Node("completion_review", date(2023, 6, 1), date(2026, 1, 1), result="pass")
    assert verdict("unreviewed", nodes=(later,), **BUILT).holds is True  # passed only after the day


def test_built_and_not_producing() -> None:
    done = {**BUILT, "actual_completion": date(2023, 2, 1)}
    planned = Node("production", date(2023, 12, 1))
    assert verdict("built_idle", date(2023, 12, 1), nodes=(planned,), **done).holds is False
    assert verdict("built_idle", date(2023, 12, 2), nodes=(planned,), **done).holds is True
    assert verdict("built_idle", **done).missing == ("production",)
    running = Node("production", date(2023, 12, 1), date(2024, 1, 1))
    assert verdict("built_idle", nodes=(running,), **done).holds is False


def test_producing_below_what_was_promised() -> None:
    def full(actual: dict[str, Any], result: str = "") -> Verdict:
        node = Node(
            "full_production_review", date(2024, 1, 1), date(2024, 2, 1), {"tax_per_mu": 25}, actual, result
        )
        return verdict("below_standard", nodes=(node,), **BUILT)

    assert full({"tax_per_mu": 24.9}).holds is True
    assert full({"tax_per_mu": 25}).holds is False
    assert full({"tax_per_mu": 30}, "fail").holds is True
    assert full({}).missing == ("full_production",)
    waiting = Node("full_production_review", date(2024, 1, 1))
    assert verdict("below_standard", nodes=(waiting,), **BUILT).missing == ("full_production",)


def test_a_promise_of_at_most_is_broken_by_more_and_kept_by_less() -> None:
    def full(energy: float) -> Verdict:
        node = Node(
            "full_production_review",
            date(2024, 1, 1),
            date(2024, 2, 1),
            {"energy_per_output": 0.5},
            {"energy_per_output": energy},
        )
        return verdict("below_standard", nodes=(node,), **BUILT)

    assert [full(energy).holds for energy in (0.4, 0.5, 0.51)] == [False, False, True]
    assert full(0.51).basis == "单位产值能耗0.51，承诺不高于 0.5"


def test_a_failed_review_stays_unreviewed_through_its_remedy_and_ends_with_the_pass() -> None:
    due, seen = date(2023, 6, 1), date(2023, 7, 1)
    failed = Node("completion_review", due, seen, result="fail", remedy_until=date(2024, 7, 1))
    assert [verdict("unreviewed", on, nodes=(failed,), **BUILT).holds for on in (due, date(2023, 6, 2))] == [
        False,
        True,
    ]
    assert "整改期" not in verdict("unreviewed", date(2023, 6, 30), nodes=(failed,), **BUILT).basis
    assert verdict("unreviewed", seen, nodes=(failed,), **BUILT).basis.endswith(
        "整改期至 2024-07-01，复核未通过"
    )
    passed = Node("completion_review", due, date(2024, 5, 1), result="pass")
    assert verdict("unreviewed", date(2024, 4, 30), nodes=(passed,), **BUILT).holds is True
    assert verdict("unreviewed", date(2024, 5, 1), nodes=(passed,), **BUILT).holds is False


def test_states_overlap() -> None:
    low = review({"plot_ratio": 1.5}, {"plot_ratio": 1}, "fail")
    phase = PhaseFacts(Facts(**BUILT), {"completion_review": low, "production": Node("production")})
    assert holding(states_of(phase, ON, PARAMETERS, INDICATORS)) == {"not_exhausted", "unreviewed"}


days = st.none() | st.dates(date(2020, 1, 1), date(2026, 1, 1))


@given(
    st.builds(Facts, agreed_start=days, actual_start=days, agreed_completion=days, actual_completion=days),
    days,
)
def test_every_state_is_answered_and_an_unknown_one_names_its_facts(facts: Facts, due: date | None) -> None:
    verdicts = states_of(PhaseFacts(facts, {}, due), ON, PARAMETERS, INDICATORS)
    assert [v.state for v in verdicts] == list(STATE_TITLES)
    for found in verdicts:
        assert (found.holds is None) == bool(found.missing)
        assert set(found.missing) <= FACT_TITLES.keys()
        if found.holds:
            assert found.basis
            assert found.since is not None
