"""Arts. 2, 8, 22 and 30 on papers and evidence: supplements, permit and foundation, stoppages, causes."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parcels.idle_land.causes import Cause, class_of, covered_days, merged
from parcels.idle_land.evidence import Foundation, Permit, Stoppage, Supplement
from parcels.idle_land.explain import explain
from parcels.idle_land.rules import Facts, Finding, Parameters, Progress, screen

PARAMETERS = Parameters("53号令/2012-07-01", 1, 1, 1, Fraction(1, 3), Fraction(1, 4), Fraction(1, 4))
ON = date(2025, 12, 31)
PERMIT = Permit(date(2021, 2, 1), "施工〔2021〕1号")


def judged(on: date = ON, parameters: Parameters = PARAMETERS, **facts: Any) -> Finding:
    facts.setdefault("agreed_start", date(2021, 3, 1))
    return screen(Facts(**facts), on, parameters)


def told(on: date = ON, **facts: Any) -> str:
    facts.setdefault("agreed_start", date(2021, 3, 1))
    return "".join(explain(Facts(**facts), on, PARAMETERS))


def foundation(kind: str, done: str, total: str, as_of: date = date(2021, 6, 1)) -> Foundation:
    return Foundation(kind, as_of, Decimal(done), Decimal(total))


# --- art. 22: the agreed date ---------------------------------------------------------------------------------


def test_art_22_the_last_supplement_signed_takes_the_place_of_the_contract() -> None:
    later = Supplement(date(2022, 5, 1), "补2", agreed_start=date(2024, 6, 1))
    first = Supplement(date(2021, 5, 1), "补1", agreed_start=date(2022, 6, 1))
    finding = judged(supplements=(later, first))
    assert (finding.agreed_start, finding.agreed_start_from) == (date(2024, 6, 1), "supplement")
    assert finding.full_year_on == date(2025, 6, 3)  # 1 and 2 June 2025 are holidays
    assert "补2" in told(supplements=(later, first))


def test_art_22_a_supplement_signed_later_is_not_known_yet() -> None:
    supplement = Supplement(date(2023, 5, 1), "补1", agreed_start=date(2024, 6, 1))
    assert judged(on=date(2023, 4, 30), supplements=(supplement,)).agreed_start == date(2021, 3, 1)
    assert judged(on=date(2023, 5, 1), supplements=(supplement,)).agreed_start == date(2024, 6, 1)


def test_art_22_a_supplement_without_a_start_leaves_the_earlier_one_standing() -> None:
    first = Supplement(date(2021, 5, 1), "补1", agreed_start=date(2022, 6, 1))
    silent = Supplement(date(2022, 5, 1), "补2", agreed_completion=date(2025, 6, 1))
    assert judged(supplements=(first, silent)).agreed_start == date(2022, 6, 1)


def test_art_22_a_supplement_goes_before_delivery_and_a_year() -> None:
    supplement = Supplement(date(2021, 5, 1), "补1", agreed_start=date(2022, 6, 1))
    finding = judged(agreed_start=None, actual_delivery=date(2020, 1, 1), supplements=(supplement,))
    assert (finding.agreed_start, finding.agreed_start_from) == (date(2022, 6, 1), "supplement")


# --- art. 30: the start ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("work", "started"),
    [
        (foundation("deep_pit", "100", "100"), True),
        (foundation("deep_pit", "99.99", "100"), False),
        (foundation("piles", "120", "120"), True),
        (foundation("piles", "119", "120"), False),
        (foundation("other", "1", "3"), True),  # exactly a third is enough
        (foundation("other", "33.33", "100"), False),
    ],
)
def test_art_30_permit_and_enough_of_the_foundation_are_a_start(work: Foundation, started: bool) -> None:
    finding = judged(permits=(PERMIT,), foundations=(work,))
    assert (finding.code != "idle_not_started") is started


def test_art_30_the_start_is_the_day_on_which_both_were_there() -> None:
    work = foundation("other", "1", "2", date(2021, 1, 5))
    text = told(permits=(PERMIT,), foundations=(work,))
    assert "2021-02-01 为动工日期（第三十条）" in text
    assert judged(on=date(2021, 1, 31), permits=(PERMIT,), foundations=(work,)).code == "clear"
    assert "已于" not in told(on=date(2021, 1, 31), permits=(PERMIT,), foundations=(work,))


def test_art_30_a_permit_without_a_foundation_is_no_start_and_names_what_is_missing() -> None:
    finding = judged(permits=(PERMIT,))
    assert (finding.code, finding.missing) == ("idle_not_started", ("foundation",))
    assert any("基础" in remark for remark in finding.remarks)


def test_art_30_a_foundation_without_a_permit_is_no_start_and_names_what_is_missing() -> None:
    finding = judged(foundations=(foundation("other", "3", "3"),))
    assert (finding.code, finding.missing) == ("idle_not_started", ("permit",))


def test_art_30_a_stated_start_stands_and_a_contradiction_is_told() -> None:
    finding = judged(
        actual_start=date(2021, 2, 20), permits=(PERMIT,), foundations=(foundation("other", "2", "3"),)
    )
    assert finding.code == "clear"
    assert any("2021-06-01 不一致" in remark for remark in finding.remarks)
    unproved = judged(actual_start=date(2021, 2, 20), permits=(PERMIT,))
    assert any("缺少第三十条的证据：无基础施工记录" in remark for remark in unproved.remarks)
    assert not judged(actual_start=date(2021, 2, 20)).remarks


def test_art_30_the_shares_are_parameters() -> None:
    half = Parameters.from_mapping(
        {
            "idle_land.rule_version": "x",
            "idle_land.not_started_years": 1,
            "idle_land.stopped_years": 1,
            "idle_land.delivery_grace_years": 1,
            "idle_land.developed_ratio_min": "1/3",
            "idle_land.invested_ratio_min": "1/4",
            "idle_land.started_other_min": "1/2",
        }
    )
    work = (foundation("other", "1", "3"),)
    assert judged(parameters=half, permits=(PERMIT,), foundations=work).code == "idle_not_started"


# --- art. 2(2): stoppages from evidence -----------------------------------------------------------------------

BUILDING: dict[str, Any] = {
    "actual_start": date(2021, 3, 1),
    "total_investment_wan": Decimal(1000),
    "land_to_develop_m2": Decimal(30000),
}
POOR = Progress(date(2022, 1, 1), Decimal(100), Decimal(3000))


@pytest.mark.parametrize(
    ("on", "code"), [(date(2025, 6, 2), "underinvested"), (date(2025, 6, 3), "underinvested"), (date(2025, 6, 4), "idle_stopped")]
)  # fmt: skip
def test_art_2_2_a_stoppage_runs_from_the_last_evidenced_building_day(on: date, code: str) -> None:
    finding = judged(on=on, progress=(POOR,), stoppages=(Stoppage(date(2024, 6, 1)),), **BUILDING)
    assert finding.code == code


def test_art_2_2_a_real_resumption_begins_the_clock_anew() -> None:
    stops = (Stoppage(date(2022, 6, 1), date(2024, 9, 1)), Stoppage(date(2025, 2, 1)))
    finding = judged(progress=(POOR,), stoppages=stops, **BUILDING)
    assert finding.code == "underinvested"
    assert finding.full_year_on == date(2026, 2, 2)


def test_art_2_2_a_resumption_of_a_later_day_is_not_known_yet() -> None:
    stop = Stoppage(date(2022, 6, 1), date(2024, 9, 1))
    assert (
        judged(on=date(2024, 8, 31), progress=(POOR,), stoppages=(stop,), **BUILDING).code == "idle_stopped"
    )
    assert (
        judged(on=date(2024, 9, 1), progress=(POOR,), stoppages=(stop,), **BUILDING).code == "underinvested"
    )


def test_art_2_2_evidence_goes_before_the_progress_record_and_says_so() -> None:
    noted = Progress(date(2024, 1, 1), Decimal(100), Decimal(3000), date(2023, 1, 1))
    finding = judged(progress=(noted,), stoppages=(Stoppage(date(2023, 6, 1)),), **BUILDING)
    assert finding.gross_idle_days == (ON - date(2023, 6, 1)).days
    assert any("以有证据的停工记录为准" in remark for remark in finding.remarks)
    building = Progress(date(2024, 1, 1), Decimal(100))
    going_on = judged(progress=(building,), stoppages=(Stoppage(date(2023, 6, 1)),), **BUILDING)
    assert any("请核实是否已复工" in remark for remark in going_on.remarks)


def test_art_2_2_a_progress_record_cannot_reach_behind_a_resumption() -> None:
    noted = Progress(date(2025, 1, 1), Decimal(100), Decimal(3000), date(2023, 1, 1))
    stop = Stoppage(date(2022, 12, 1), date(2024, 3, 1))
    finding = judged(progress=(noted,), stoppages=(stop,), **BUILDING)
    assert (finding.code, finding.gross_idle_days) == ("idle_stopped", (ON - date(2024, 3, 1)).days)
    older = Progress(date(2024, 1, 1), Decimal(100), Decimal(3000), date(2023, 1, 1))
    assert judged(progress=(older,), stoppages=(stop,), **BUILDING).code == "underinvested"


# --- art. 8: gross and net days -------------------------------------------------------------------------------


def test_art_8_net_days_leave_out_verified_causes_once_and_decide_nothing() -> None:
    causes = (
        Cause("G1", date(2021, 1, 1), date(2021, 3, 31), verified=True),  # 30 of its days after 1 March
        Cause("G2", date(2021, 3, 20), date(2021, 4, 10), verified=True),  # 10 more
        Cause("FM", date(2025, 12, 30), None, verified=True),  # the last two
        Cause("E1", date(2022, 1, 1), date(2022, 12, 31), verified=True),
        Cause("G3", date(2022, 1, 1), date(2022, 12, 31), verified=False),
    )
    finding, without = judged(causes=causes), judged()
    assert finding.net_idle_days == (finding.gross_idle_days or 0) - 42
    assert (finding.code, finding.gross_idle_days, finding.full_year_on) == (
        without.code,
        without.gross_idle_days,
        without.full_year_on,
    )
    assert any("1 段第八条原因期间未经核实" in remark for remark in finding.remarks)
    assert f"净天数 {finding.net_idle_days} 日" in told(causes=causes)


days = st.dates(date(2020, 1, 1), date(2022, 12, 31))
causes_of_all_kinds = st.lists(
    st.builds(Cause, st.sampled_from(["G1", "G6", "FM", "E1", "M"]), days, st.none() | days, st.booleans()),
    max_size=6,
)


@given(causes_of_all_kinds, days, days)
def test_covered_days_are_the_days_that_any_counting_cause_covers(
    causes: list[Cause], after: date, until: date
) -> None:
    counting = [c for c in causes if c.verified and c.code in {"G1", "G6", "FM"}]
    run = [after + timedelta(days=n) for n in range(1, (until - after).days + 1)]
    plain = sum(any(c.begins <= day <= (c.ends or until) for c in counting) for day in run)
    assert covered_days(causes, after, until) == plain
    spans = merged(causes, after, until)
    assert all(a[1] < b[0] for a, b in pairwise(spans))


@pytest.mark.parametrize(
    ("codes", "kind"),
    [
        (["G1"], "government"),
        (["G2", "G5"], "government"),
        (["FM"], "force_majeure"),
        (["E1"], "own"),
        (["E3"], "preparatory"),
        (["E1", "G1"], "mixed"),
        (["M"], "mixed"),
        ([], ""),
    ],
)
def test_art_8_codes_amount_to_one_kind_of_cause(codes: list[str], kind: str) -> None:
    assert class_of(codes) == kind


def test_a_county_may_class_its_local_causes_otherwise() -> None:
    assert class_of(["E2"]) == "own"
    assert class_of(["E2"], {"E2": "preparatory"}) == "preparatory"
