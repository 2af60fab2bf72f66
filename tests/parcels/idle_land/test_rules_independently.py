"""The table of the idle-land rules against a second, plain formulation, on facts that nobody thought of."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import chinese_calendar
from hypothesis import given, settings
from hypothesis import strategies as st

from parcels.idle_land.explain import explain
from parcels.idle_land.rules import Facts, Parameters, Progress, screen

PARAMETERS = Parameters("53号令/2012-07-01", 1, 1, 1, Fraction(1, 3), Fraction(1, 4), Fraction(1, 4))

# Few days and few figures, so that equalities (anniversaries, exact thirds) come up often.
days = st.sampled_from(
    [
        date(2016, 2, 29),
        date(2017, 2, 28),
        date(2017, 3, 1),
        date(2018, 10, 1),
        date(2019, 10, 1),
        date(2019, 10, 8),
    ]
) | st.dates(date(2015, 1, 1), date(2021, 12, 31))
maybe_day = st.none() | days
maybe_figure = st.none() | st.sampled_from([Decimal(n) for n in (0, 1, 2, 3, 4, 5, 8, 9, 12, -1)])
progress = st.builds(Progress, days, maybe_figure, maybe_figure, maybe_day)
cases = st.builds(
    Facts,
    agreed_delivery=maybe_day,
    agreed_start=maybe_day,
    agreed_completion=maybe_day,
    actual_delivery=maybe_day,
    actual_start=maybe_day,
    actual_completion=maybe_day,
    total_investment_wan=maybe_figure,
    land_to_develop_m2=maybe_figure,
    progress=st.lists(progress, max_size=3, unique_by=lambda record: record.as_of).map(tuple),
)


def a_year_later(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 2, 28)


def last_day(day: date) -> date:
    end = a_year_later(day)
    while chinese_calendar.is_holiday(end):
        end += timedelta(days=1)
    return end


def below(part: Decimal | None, whole: Decimal | None, least: Fraction) -> bool | None:
    if part is None or whole is None or part < 0 or whole <= 0:
        return None
    return Fraction(part) / Fraction(whole) < least


def told_plainly(facts: Facts, on: date) -> str:
    if facts.actual_completion and facts.actual_completion <= on:
        return "clear"
    agreed = facts.agreed_start
    if agreed is None and facts.actual_delivery and facts.actual_delivery <= on:
        agreed = a_year_later(facts.actual_delivery)
    start = facts.actual_start if facts.actual_start and facts.actual_start <= on else None
    known = sorted(
        (record for record in facts.progress if record.as_of <= on), key=lambda record: record.as_of
    )
    invested = known[-1].invested_wan if known else None
    developed = known[-1].developed_area_m2 if known else None
    poor = below(invested, facts.total_investment_wan, Fraction(1, 4))
    small = below(developed, facts.land_to_develop_m2, Fraction(1, 3))
    if start is None:
        if agreed is None:
            return "undetermined"
        if on <= agreed:
            return "clear"
        return "idle_not_started" if on > last_day(agreed) else "overdue"
    stopped = known[-1].stopped_since if known else None
    a_year_of_rest = stopped is not None and on > last_day(max(stopped, start))
    if a_year_of_rest and True in (poor, small):
        return "idle_stopped"
    if poor is True:
        return "underinvested"
    if agreed is None or (a_year_of_rest and None in (poor, small)):
        return "undetermined"
    return "clear"


@settings(max_examples=600)
@given(cases, days)
def test_the_table_and_the_plain_telling_agree(facts: Facts, on: date) -> None:
    assert screen(facts, on, PARAMETERS).code == told_plainly(facts, on)


@given(cases, days)
def test_what_is_recorded_for_later_days_changes_nothing(facts: Facts, on: date) -> None:
    known = Facts(
        agreed_delivery=facts.agreed_delivery,
        agreed_start=facts.agreed_start,
        agreed_completion=facts.agreed_completion,
        actual_delivery=facts.actual_delivery
        if facts.actual_delivery and facts.actual_delivery <= on
        else None,
        actual_start=facts.actual_start if facts.actual_start and facts.actual_start <= on else None,
        actual_completion=(
            facts.actual_completion if facts.actual_completion and facts.actual_completion <= on else None
        ),
        total_investment_wan=facts.total_investment_wan,
        land_to_develop_m2=facts.land_to_develop_m2,
        progress=tuple(record for record in facts.progress if record.as_of <= on),
    )
    assert screen(facts, on, PARAMETERS)._replace(remarks=()) == screen(known, on, PARAMETERS)._replace(
        remarks=()
    )


@given(cases, days)
def test_an_unknown_agreed_date_is_never_passed_over(facts: Facts, on: date) -> None:
    finding = screen(facts, on, PARAMETERS)
    completed = facts.actual_completion is not None and facts.actual_completion <= on
    if finding.agreed_start is None and not completed:
        assert "undetermined" in (finding.code, *finding.also)
        assert {"agreed_start", "actual_delivery"} <= set(finding.missing)


@given(cases, days)
def test_every_finding_can_be_explained(facts: Facts, on: date) -> None:
    finding = screen(facts, on, PARAMETERS)
    steps = explain(facts, on, PARAMETERS)
    assert steps[-1].startswith("结论：")
    assert finding.article in steps[-1]
    assert all(remark in "".join(steps) for remark in finding.remarks)
