"""《闲置土地处置办法》 and the plan's list of underinvested projects, each test named by its article."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from parcels.idle_land.rules import (
    FACT_TITLES,
    FINDING_TITLES,
    RULES,
    Facts,
    Finding,
    Parameters,
    Progress,
    screen,
)

ON = date(2025, 12, 31)
PARAMETERS = Parameters.from_mapping(
    {
        "idle_land.rule_version": "53号令/2012-07-01",
        "idle_land.not_started_years": 1,
        "idle_land.stopped_years": 1,
        "idle_land.delivery_grace_years": 1,
        "idle_land.developed_ratio_min": "1/3",
        "idle_land.invested_ratio_min": "0.25",
    }
)
BUILDING = Facts(
    agreed_start=date(2021, 3, 1),
    actual_start=date(2021, 3, 1),
    agreed_completion=date(2026, 3, 1),
    total_investment_wan=Decimal(1000),
    land_to_develop_m2=Decimal(30000),
)


def figure(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def judged(on: date = ON, parameters: Parameters = PARAMETERS, **facts: Any) -> Finding:
    return screen(Facts(**facts), on, parameters)


def stopped(
    invested: str | None, developed: str | None, since: date = date(2023, 6, 1), on: date = ON, **facts: Any
) -> Finding:
    record = Progress(date(2024, 1, 1), figure(invested), figure(developed), since)
    return screen(replace(BUILDING, progress=(record,), **facts), on, PARAMETERS)


# --- art. 2(1): not started ---------------------------------------------------------------------------------


def test_art_2_1_not_started_a_full_year_after_the_agreed_date_must_be_found_idle() -> None:
    finding = judged(agreed_start=date(2021, 3, 1))
    assert finding.code == "idle_not_started"
    assert finding.article == "《闲置土地处置办法》第二条第一款"
    assert finding.mandatory
    assert (finding.agreed_start, finding.agreed_start_from) == (date(2021, 3, 1), "agreed")
    assert finding.full_year_on == date(2022, 3, 1)
    assert finding.gross_idle_days == (ON - date(2021, 3, 1)).days
    assert finding.rule_version == "53号令/2012-07-01"
    assert not finding.missing


@pytest.mark.parametrize(
    ("on", "code", "days"),
    [
        (date(2021, 2, 28), "clear", None),
        (date(2021, 3, 1), "clear", None),  # the agreed day itself: building may still start on it
        (date(2021, 3, 2), "overdue", 1),
        (date(2022, 3, 1), "overdue", 365),  # the anniversary is the last day of the full year
        (date(2022, 3, 2), "idle_not_started", 366),
    ],
)
def test_art_2_1_each_boundary_of_the_year(on: date, code: str, days: int | None) -> None:
    finding = judged(on, agreed_start=date(2021, 3, 1))
    assert (finding.code, finding.gross_idle_days) == (code, days)
    assert finding.full_year_on == date(2022, 3, 1)
    assert finding.mandatory is (code == "idle_not_started")


@pytest.mark.parametrize(
    ("agreed", "last", "rule"),
    [
        (date(2020, 2, 29), date(2021, 3, 1), "202: month's end 28 February; 203: a Sunday"),
        (date(2023, 2, 28), date(2024, 2, 28), "202: the corresponding day, not the leap month's end"),
        (date(2021, 10, 1), date(2022, 10, 8), "203: National Day"),
        (date(2021, 3, 5), date(2022, 3, 7), "203: a Saturday"),
    ],
)
def test_civil_code_202_203_the_last_day_decides(agreed: date, last: date, rule: str) -> None:
    assert judged(last, agreed_start=agreed).code == "overdue", rule
    assert judged(date.fromordinal(last.toordinal() + 1), agreed_start=agreed).code == "idle_not_started", (
        rule
    )


def test_art_2_1_a_start_on_the_screening_day_is_a_start() -> None:
    assert judged(agreed_start=date(2021, 3, 1), actual_start=ON).code == "clear"


def test_a_start_recorded_for_a_later_day_is_no_start_yet() -> None:
    finding = judged(date(2022, 6, 1), agreed_start=date(2021, 3, 1), actual_start=date(2022, 6, 2))
    assert finding.code == "idle_not_started"
    assert any("晚于筛查日" in remark for remark in finding.remarks)


def test_a_late_start_ends_art_2_1() -> None:
    assert judged(agreed_start=date(2018, 3, 1), actual_start=date(2021, 3, 1)).code == "clear"


def test_the_number_of_years_is_a_parameter() -> None:
    two = replace(PARAMETERS, not_started_years=2)
    assert judged(date(2023, 3, 1), two, agreed_start=date(2021, 3, 1)).code == "overdue"
    assert judged(date(2023, 3, 2), two, agreed_start=date(2021, 3, 1)).code == "idle_not_started"


def test_without_rolling_the_anniversary_is_the_last_day() -> None:
    plain = replace(PARAMETERS, roll_over_rest_days=False)
    assert judged(date(2022, 10, 2), plain, agreed_start=date(2021, 10, 1)).code == "idle_not_started"


def test_a_last_day_beyond_the_holiday_table_is_remarked() -> None:
    assert any("节假日" in remark for remark in judged(agreed_start=date(2090, 10, 1)).remarks)


# --- art. 22: the agreed date -------------------------------------------------------------------------------


def test_art_22_without_an_agreed_date_it_is_the_actual_delivery_plus_one_year() -> None:
    finding = judged(date(2022, 3, 2), actual_delivery=date(2020, 3, 2))
    assert (finding.agreed_start, finding.agreed_start_from) == (date(2021, 3, 2), "delivery")
    assert (finding.code, finding.full_year_on) == ("overdue", date(2022, 3, 2))
    assert judged(date(2022, 3, 3), actual_delivery=date(2020, 3, 2)).code == "idle_not_started"


def test_art_22_a_derived_start_date_is_a_date_and_is_not_moved_off_a_rest_day() -> None:
    finding = judged(actual_delivery=date(2020, 2, 29))
    assert (finding.agreed_start, finding.full_year_on) == (date(2021, 2, 28), date(2022, 2, 28))


def test_art_22_the_contracts_date_goes_before_the_delivery() -> None:
    finding = judged(agreed_start=date(2025, 6, 1), actual_delivery=date(2020, 3, 1))
    assert (finding.agreed_start, finding.code) == (date(2025, 6, 1), "overdue")


def test_art_22_the_agreed_delivery_is_no_substitute() -> None:
    finding = judged(agreed_delivery=date(2018, 1, 1), signed_on=date(2017, 12, 1))
    assert finding.code == "undetermined"
    assert finding.missing == ("agreed_start", "actual_delivery")
    assert (finding.agreed_start, finding.full_year_on, finding.gross_idle_days) == (None, None, None)
    assert not finding.mandatory


def test_art_22_a_delivery_recorded_for_a_later_day_fixes_no_date_yet() -> None:
    assert judged(date(2021, 1, 1), actual_delivery=date(2021, 1, 2)).code == "undetermined"


def test_an_unknowable_date_stays_undetermined_even_when_a_start_is_recorded() -> None:
    finding = judged(actual_start=date(2020, 1, 1))
    assert (finding.code, finding.missing) == ("undetermined", ("agreed_start", "actual_delivery"))


def test_an_unknowable_date_does_not_hide_what_its_own_facts_establish() -> None:
    idle = stopped("100", None, agreed_start=None)
    assert (idle.code, idle.also) == ("idle_stopped", ("underinvested", "undetermined"))
    assert idle.missing == ("agreed_start", "actual_delivery")
    poor = stopped("100", None, since=date(2025, 6, 1), agreed_start=None)
    assert (poor.code, poor.also) == ("underinvested", ("undetermined",))


def test_a_completed_phase_is_clear_whatever_else_is_missing() -> None:
    assert judged(actual_completion=ON).code == "clear"
    assert judged(agreed_start=date(2018, 1, 1), actual_completion=ON).code == "clear"
    assert stopped("1", "1", actual_completion=date(2025, 1, 1)).code == "clear"
    assert judged(actual_completion=date(2026, 1, 1)).code == "undetermined"


# --- art. 2(2): stopped -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("invested", "developed", "code"),
    [
        ("249.9999", "10000", "idle_stopped"),
        ("250", "9999.9999", "idle_stopped"),
        ("249.9999", "9999.9999", "idle_stopped"),
        ("250", "10000", "clear"),  # exactly 25 % and exactly one third
        ("249", None, "idle_stopped"),  # joined by "or": one ratio is enough
        (None, "9999", "idle_stopped"),
        ("250", None, "undetermined"),
        (None, "10000", "undetermined"),
        (None, None, "undetermined"),
    ],
)
def test_art_2_2_less_than_a_third_of_the_land_or_a_quarter_of_the_money(
    invested: str | None, developed: str | None, code: str
) -> None:
    finding = stopped(invested, developed)
    assert finding.code == code
    assert not finding.mandatory
    assert finding.full_year_on == date(2024, 6, 3)  # 1 June 2024 is a Saturday
    if code == "idle_stopped":
        assert finding.article == "《闲置土地处置办法》第二条第二款"
        assert finding.gross_idle_days == (ON - date(2023, 6, 1)).days


def test_art_2_2_the_missing_facts_are_named() -> None:
    assert stopped("250", None).missing == ("developed_area_m2",)
    assert stopped(None, "10000", total_investment_wan=None).missing == (
        "invested_wan",
        "total_investment_wan",
    )
    assert stopped("250", "1", land_to_develop_m2=Decimal(0)).missing == ("land_to_develop_m2",)


@pytest.mark.parametrize(
    ("on", "code"), [(date(2024, 6, 3), "underinvested"), (date(2024, 6, 4), "idle_stopped")]
)
def test_art_2_2_only_after_a_full_year_of_stoppage(on: date, code: str) -> None:
    assert stopped("100", "10000", on=on).code == code


def test_art_2_2_a_third_is_exact_and_not_a_decimal() -> None:
    land = Decimal("10000000.0001")
    assert stopped("250", "3333333.3333", land_to_develop_m2=land).code == "idle_stopped"
    assert stopped("250", "3333333.3334", land_to_develop_m2=land).code == "clear"


def test_art_2_2_resumed_building_ends_the_stoppage_and_a_new_one_starts_anew() -> None:
    first = Progress(date(2023, 1, 1), Decimal(100), Decimal(0), date(2022, 1, 1))
    resumed = Progress(date(2024, 1, 1), Decimal(120), Decimal(0), None)
    again = Progress(date(2025, 6, 1), Decimal(120), Decimal(0), date(2025, 3, 3))

    def finding(*records: Progress) -> str:
        return screen(replace(BUILDING, progress=records), ON, PARAMETERS).code

    assert finding(first) == "idle_stopped"
    assert finding(first, resumed) == "underinvested"
    assert finding(again, first, resumed) == "underinvested"  # whatever their order, the latest record counts
    assert (
        screen(replace(BUILDING, progress=(again, first)), date(2026, 3, 4), PARAMETERS).code
        == "idle_stopped"
    )


def test_progress_recorded_for_a_later_day_is_not_known_yet() -> None:
    early = Progress(date(2023, 1, 1), Decimal(100), Decimal(0), date(2022, 1, 1))
    later = Progress(date(2026, 1, 1), Decimal(900), Decimal(30000), None)
    assert screen(replace(BUILDING, progress=(early, later)), ON, PARAMETERS).code == "idle_stopped"


def test_a_stoppage_without_a_start_is_judged_as_not_started_and_remarked() -> None:
    finding = stopped("100", "500", actual_start=None)
    assert finding.code == "idle_not_started"
    assert any("第三十条" in remark for remark in finding.remarks)


def test_a_stoppage_recorded_before_the_start_runs_from_the_start() -> None:
    late = date(2023, 6, 1)
    finding = stopped("100", "500", since=date(2020, 1, 1), on=date(2024, 6, 3), actual_start=late)
    assert (finding.code, finding.full_year_on) == ("underinvested", date(2024, 6, 3))
    assert any("停工自实际动工日起算" in remark for remark in finding.remarks)


# --- the plan's list (b): underinvested inside the building period ------------------------------------------


@pytest.mark.parametrize(
    ("invested", "code"), [("249.9999", "underinvested"), ("250", "clear"), (None, "clear")]
)
def test_plan_5_less_than_a_quarter_invested_in_the_building_period(invested: str | None, code: str) -> None:
    record = Progress(date(2024, 1, 1), figure(invested))
    finding = screen(replace(BUILDING, progress=(record,)), ON, PARAMETERS)
    assert finding.code == code
    assert (finding.article == PARAMETERS.underinvested_basis) is (code == "underinvested")


def test_plan_5_an_overdue_start_stays_overdue_and_names_the_poor_investment_beside_it() -> None:
    record = Progress(date(2025, 7, 1), Decimal(1))
    facts = replace(BUILDING, agreed_start=date(2025, 6, 1), actual_start=None, progress=(record,))
    finding = screen(facts, ON, PARAMETERS)
    assert (finding.code, finding.also) == ("overdue", ("underinvested",))
    assert screen(replace(facts, agreed_start=ON), ON, PARAMETERS).code == "clear"  # building isn't due yet


def test_plan_5_ends_with_the_building_period_unless_the_county_reads_it_wider() -> None:
    facts = replace(
        BUILDING, agreed_completion=date(2025, 1, 1), progress=(Progress(date(2025, 1, 1), Decimal(100)),)
    )
    assert screen(facts, ON, PARAMETERS).code == "clear"
    assert screen(facts, date(2025, 1, 1), PARAMETERS).code == "underinvested"
    wide = replace(PARAMETERS, underinvested_past_completion=True)
    assert screen(facts, ON, wide).code == "underinvested"


def test_plan_5_the_plans_ratio_is_its_own_parameter() -> None:
    facts = replace(BUILDING, progress=(Progress(date(2024, 1, 1), Decimal(299)),))
    assert (
        screen(facts, ON, replace(PARAMETERS, underinvested_ratio_min=Fraction(3, 10))).code
        == "underinvested"
    )


# --- phases, contradictions, parameters ---------------------------------------------------------------------


def test_each_phase_of_a_contract_has_its_own_clock() -> None:
    first = Facts(contract_no="A", phase_no=1, agreed_start=date(2021, 3, 1), actual_start=date(2021, 3, 1))
    second = Facts(contract_no="A", phase_no=2, agreed_start=date(2023, 3, 1))
    assert [screen(phase, ON, PARAMETERS).code for phase in (first, second)] == ["clear", "idle_not_started"]


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (replace(BUILDING, actual_completion=date(2020, 1, 1)), "竣工日期早于实际动工"),
        (replace(BUILDING, signed_on=date(2022, 1, 1)), "早于合同签订日期"),
        (replace(BUILDING, agreed_completion=date(2020, 1, 1)), "约定竣工日期早于约定动工日期"),
        (replace(BUILDING, progress=(Progress(date(2024, 1, 1), Decimal(-1)),)), "累计已投资为负数"),
        (replace(BUILDING, progress=(Progress(date(2024, 1, 1), Decimal("NaN")),)), "累计已投资为负数或无效"),
        (replace(BUILDING, total_investment_wan=Decimal(-1)), "总投资为负数"),
        (replace(BUILDING, progress=(Progress(date(2024, 1, 1), None, Decimal(30001)),)), "大于应开发面积"),
        (
            replace(BUILDING, agreed_delivery=date(2020, 1, 1), actual_delivery=date(2020, 6, 1)),
            "政府原因",
        ),
        (
            replace(BUILDING, progress=(Progress(date(2024, 1, 1), stopped_since=date(2024, 1, 2)),)),
            "晚于进度记录",
        ),
    ],
)
def test_contradicting_facts_are_remarked_and_do_not_stop_the_screening(facts: Facts, words: str) -> None:
    assert any(words in remark for remark in screen(facts, ON, PARAMETERS).remarks)


def test_a_negative_investment_is_a_missing_one_and_not_a_small_one() -> None:
    finding = stopped("-1", "10000")
    assert (finding.code, finding.missing) == ("undetermined", ("invested_wan",))


def test_facts_that_fit_have_no_remarks() -> None:
    assert screen(BUILDING, ON, PARAMETERS).remarks == ()


@pytest.mark.parametrize("value", ["1/3", Fraction(1, 3)])
def test_a_ratio_is_read_exactly(value: object) -> None:
    values = {
        f"idle_land.{name}": 1 for name in ("not_started_years", "stopped_years", "delivery_grace_years")
    }
    read = Parameters.from_mapping(
        values
        | {
            "idle_land.rule_version": "v",
            "idle_land.developed_ratio_min": value,
            "idle_land.invested_ratio_min": 0.3,
            "idle_land.underinvested_ratio_min": "0.2",
            "idle_land.underinvested_basis": "行动计划第五条",
            "idle_land.underinvested_past_completion": False,
        }
    )
    assert (read.developed_ratio_min, read.invested_ratio_min) == (Fraction(1, 3), Fraction(3, 10))
    assert (read.underinvested_ratio_min, read.underinvested_past_completion) == (Fraction(1, 5), False)
    assert read.underinvested_basis == "行动计划第五条"


def test_the_table_ends_with_clear_and_knows_every_finding() -> None:
    assert RULES[-1].finding == "clear"
    assert {rule.finding for rule in RULES} == set(FINDING_TITLES)
    assert [rule.finding for rule in RULES if rule.mandatory] == ["idle_not_started"]


def test_every_missing_fact_has_a_title() -> None:
    nothing = stopped(None, None, agreed_start=None, total_investment_wan=None, land_to_develop_m2=None)
    assert len(nothing.missing) == 6
    assert set(nothing.missing) <= set(FACT_TITLES)
    assert nothing.article.count("第二条") == 2
