"""Scores: the published example by hand, the rules for what is missing, and what holds whatever the figures."""

import math
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from parcels.evaluation.rules import LAND
from parcels.grading.frozen import Frozen
from parcels.grading.results import Scored, document, scored, sheet
from parcels.grading.scoring import shown
from parcels.schemes.reading import read_definition
from tests.parcels.grading.making import firms, indicator, shipped, simple, simple_document

HUANGYAN = read_definition(shipped("huangyan-2022"))
YIWU = read_definition(shipped("yiwu-2022"))


def huangyan(**changes: Any) -> dict[str, Any]:
    """A firm above scale that stands exactly at every published benchmark, on 10 亩."""
    added = 136.16 * 10
    return {
        "tax_wan": 24.097 * 10,
        "value_added_wan": added,
        "energy_tce": added / 2.694,
        "emission_t": added / 4929.81,
        "employees": added / 18.14,
        "rd_wan": 0.0302 * 5000,
        "revenue_wan": 5000.0,
    } | changes


def items(made: Scored, at: int) -> dict[str, Any]:
    return {item["indicator"]: item for item in sheet(made, at)["items"]}


def score(made: Scored, at: int = 0) -> Decimal | None:
    return made.score(at)


# Huangyan, 2022: benchmark × weight as published.


def test_a_firm_at_every_benchmark_has_full_points() -> None:
    made = scored(HUANGYAN, firms(huangyan(), own=("electricity_wan_kwh",)))
    assert score(made) == Decimal("100.00")
    assert [item["score"] for item in sheet(made, 0)["items"]] == pytest.approx([30, 20, 20, 10, 10, 10])


def test_the_worked_example_by_hand() -> None:
    """12 亩, 320.5 tax, 1850.2 value added, 702 tce, 0.41 t, 96 people, 210 of 6800 R&D."""
    firm = {
        LAND: 12.0, "tax_wan": 320.5, "value_added_wan": 1850.2, "energy_tce": 702.0, "emission_t": 0.41,
        "employees": 96.0, "rd_wan": 210.0, "revenue_wan": 6800.0,
    }  # fmt: skip
    made = scored(HUANGYAN, firms(firm, own=("electricity_wan_kwh",)))
    by_hand = {
        "tax_per_mu": 26.708333 / 24.097 * 30,  # 33.2510
        "value_added_per_mu": 154.183333 / 136.16 * 20,  # 22.6474
        "value_added_per_tce": 2.635613 / 2.694 * 20,  # 19.5665
        "value_added_per_emission": 4512.682927 / 4929.81 * 10,  # 9.1539
        "labour_productivity": 19.272917 / 18.14 * 10,  # 10.6245
        "rd_share": 0.03088235 / 0.0302 * 10,  # 10.2260
    }
    found = {code: item["score"] for code, item in items(made, 0).items()}
    assert found == pytest.approx(by_hand, rel=1e-5)
    assert score(made) == Decimal("105.47")


def test_below_scale_is_measured_by_tax_per_mu_and_per_kwh() -> None:
    firm = {"above_scale": 0, LAND: 5.0, "tax_wan": 46.3728, "electricity_wan_kwh": 200.0}
    made = scored(HUANGYAN, firms(firm, own=("electricity_wan_kwh",)))
    assert made.class_name(int(made.people.of_class[0])) == "规下"
    # 46.3728/5 = 9.27456 is 0.8 of 11.5932; 46.3728/200 = 0.231864 is 0.9858… of 0.2352.
    assert score(made) == Decimal("89.29")


def test_a_firm_without_emissions_takes_the_average_item_score_of_its_group() -> None:
    half = huangyan(emission_t=136.16 * 10 / 4929.81 * 2)  # half the benchmark: 5 points
    made = scored(
        HUANGYAN, firms(huangyan(), half, huangyan(emission_t=math.nan), own=("electricity_wan_kwh",))
    )
    third = items(made, 2)["value_added_per_emission"]
    assert third["score"] == pytest.approx(7.5)
    assert third["value"] is None
    assert "平均" in third["note"]
    assert score(made, 2) == Decimal("97.50")


# Yiwu: 82 known points, scaled and said.


def test_known_points_are_scaled_to_the_full_by_the_stated_rule() -> None:
    firm = {
        "tax_wan": 100.0,
        "value_added_wan": 300.0,
        "energy_tce": 50.0,
        "rd_wan": 10.0,
        "revenue_wan": 400.0,
    }
    made = scored(YIWU, firms(firm | {"industry_group": "日用品"}))
    assert sheet(made, 0)["factor"] == pytest.approx(100 / 82)
    assert score(made) == Decimal("100.00")
    said = document(made)
    assert said["unknown_points"] == {"规上": 18, "规下": 18}
    assert said["total_treatment"] == "scale"
    assert not said["publishable"]
    assert any("18 分" in word for word in said["reservations"])


def test_every_firm_is_ranked_in_its_industry_or_told_why_not() -> None:
    made = scored(
        YIWU,
        firms(
            {"tax_wan": 10.0, "industry_group": "纺织服装"},
            {"tax_wan": 10.0, "industry_group": "别的"},
            {"tax_wan": 10.0, "above_scale": 0, LAND: 2.99},
            {"tax_wan": 10.0, "above_scale": 0, LAND: 3.0, "industry_group": "机械电子"},
            {"tax_wan": 10.0, "above_scale": -1},
            {"returned": False},
            {"tax_wan": 10.0, "industry_code": "D4411"},
            {"tax_wan": 10.0, "founded_on": "2021-01-01"},
            {"tax_wan": 10.0, "founded_on": "2020-12-31"},
            {"tax_wan": 10.0, "exemptions": {"relocation": "文号"}},
            {"tax_wan": 10.0, LAND: 10.0, "building_mu": 10.0},
            {"tax_wan": 10.0, LAND: 10.0, "building_mu": 4.0},
            {"value_added_wan": 10.0},
        ),
    )
    told = [
        made.reason(at) or made.class_name(int(made.people.of_class[at])) for at in range(len(made.firms))
    ]
    assert told == [
        "规上·纺织服装", "规上·其他", "too_small", "规下·机械电子", "scale_unknown", "no_return", "exempt:utilities",
        "exempt:new_firm", "规上·其他", "exempt:relocation", "exempt:building", "规上·其他", "unscored",
    ]  # fmt: skip
    assert made.people.land_mu[11] == pytest.approx(6.0)
    assert (
        sum(document(made)["not_evaluated"].values()) + sum(g["firms"] for g in document(made)["groups"])
        == 13
    )


# Benchmarks, caps and missing values.


@pytest.mark.parametrize(
    ("benchmark", "expected"),
    [
        ({"kind": "ratio_of_sums"}, 60 / 40),  # 10 + 20 + 30 over 10 + 20 + 10 亩
        ({"kind": "mean_of_ratios"}, (1 + 1 + 3) / 3),
        ({"kind": "percentile", "percent": 50}, 1),
        ({"kind": "percentile", "percent": 75}, 2),
        ({"kind": "fixed", "value": 4}, 4),
    ],
)
def test_benchmarks(benchmark: dict[str, Any], expected: float) -> None:
    definition = simple(indicators=[indicator("tax_per_mu", "tax_wan", LAND, benchmark=benchmark)])
    made = scored(
        definition,
        firms({"tax_wan": 10.0}, {"tax_wan": 20.0, LAND: 20.0}, {"tax_wan": 30.0}, {"tax_wan": math.nan}),
    )
    assert items(made, 0)["tax_per_mu"]["benchmark"] == pytest.approx(expected)


def two(missing: str, **more: Any) -> Any:
    document = simple_document(
        indicators=[
            indicator("tax_per_mu", "tax_wan", LAND, benchmark={"kind": "fixed", "value": 1}),
            indicator(
                "rd",
                "rd_wan",
                "revenue_wan",
                benchmark={"kind": "fixed", "value": 0.1},
                missing=missing,
                **more,
            ),
        ]
    )
    document["groups"][0]["weights"] = [
        {"indicator": "tax_per_mu", "points": 60},
        {"indicator": "rd", "points": 40},
    ]
    return read_definition(document)


FULL = {"tax_wan": 10.0, "rd_wan": 5.0, "revenue_wan": 100.0}


@pytest.mark.parametrize(
    ("missing", "expected"),
    [("group_average", "80.00"), ("zero", "60.00"), ("reweigh", "100.00"), ("unscored", None)],
)
def test_a_missing_value_follows_the_schemes_rule(missing: str, expected: str | None) -> None:
    made = scored(two(missing), firms(FULL, {"tax_wan": 10.0}))
    assert made.score(0) == Decimal("80.00")
    assert made.score(1) == (Decimal(expected) if expected else None)
    assert items(made, 1)["rd"]["note"]


def test_cap_and_floor() -> None:
    definition = two("zero", cap=1.5, floor=0)
    made = scored(definition, firms(FULL | {"rd_wan": 1000.0}, FULL | {"rd_wan": -50.0}))
    assert [items(made, at)["rd"]["score"] for at in (0, 1)] == [60, 0]
    assert [items(made, at)["rd"]["note"] for at in (0, 1)] == ["已封顶", "已按保底计"]


def test_less_is_better_turns_the_ratio_round() -> None:
    made = scored(
        two("zero", direction="lower", cap=2),
        firms(FULL, FULL | {"rd_wan": 20.0}, FULL | {"rd_wan": 0.0}),
    )
    assert [items(made, at)["rd"]["score"] for at in range(3)] == [80, 20, 80]


def test_an_average_of_nothing_leaves_the_item_out() -> None:
    made = scored(two("group_average"), firms({"tax_wan": 10.0}, {"tax_wan": 5.0}))
    assert [made.score(at) for at in (0, 1)] == [Decimal("100.00"), Decimal("50.00")]


def test_bonus_and_deduction_up_to_their_most() -> None:
    definition = simple(
        scoring={"full": 100, "places": 2, "ties": "better", "most_adjusted": 5},
        adjustments=[
            {"code": "standard", "title": "浙江制造标准", "points": 4},
            {"code": "patent", "title": "发明专利", "points": 4},
            {"code": "penalty", "title": "行政处罚", "points": -3},
        ],
    )
    facts = {"standard": 9.0, "patent": 3.0, "penalty": -1.0, "unheard": 50.0}
    made = scored(definition, firms({"tax_wan": 10.0, "adjustments": facts}, {"tax_wan": 10.0}))
    assert [made.score(at) for at in (0, 1)] == [Decimal("104.00"), Decimal("100.00")]


def test_a_score_is_rounded_once_and_half_up() -> None:
    definition = simple(
        indicators=[indicator("tax_per_mu", "tax_wan", LAND, benchmark={"kind": "fixed", "value": 1})]
    )
    made = scored(definition, firms({"tax_wan": 8.7125}, {"tax_wan": 8.71249}))
    assert [made.score(at) for at in (0, 1)] == [Decimal("87.13"), Decimal("87.12")]


def test_a_benchmark_next_to_nothing_breaks_nothing() -> None:
    made = scored(
        simple(
            indicators=[indicator("tax_per_mu", "tax_wan", LAND, benchmark={"kind": "fixed", "value": 1e-9})]
        ),
        firms({"tax_wan": 1e14, LAND: 1e-6}),
    )
    assert made.score(0) == Decimal(10**9)


# Merged firms.


def test_merged_firms_share_land_figures_and_facts() -> None:
    head, member, landlord = (
        {"uscc": "H", "tax_wan": 10.0, "value_added_wan": 5.0},
        {"uscc": "M", "head": "H", "tax_wan": 20.0, "vetoes": {"x": "y"}},
        {"uscc": "L", "head": "H", "returned": False, LAND: 20.0},
    )
    made = scored(simple(), firms(head, member, landlord, {"uscc": "Z", "tax_wan": 1.0}))
    assert made.firms.uscc == ("H", "Z")
    assert made.firms.figures["tax_wan"][0] == 30.0
    assert made.firms.figures[LAND][0] == 40.0
    assert math.isnan(made.firms.figures["value_added_wan"][0]), "a member's missing figure isn't zero"
    assert made.firms.maps["vetoes"][0] == {"x": "y"}


# Whatever the figures.

# As the register keeps them: to four decimals.
figure = st.one_of(st.just(math.nan), st.integers(0, 10**10), st.integers(-(10**7), 10**7)).map(
    lambda value: value / 10_000
)
rows = st.lists(
    st.fixed_dictionaries(
        {
            "tax_wan": figure, "value_added_wan": figure, "energy_tce": figure, "rd_wan": figure, "revenue_wan": figure,
            "emission_t": figure, "employees": figure,
            LAND: st.integers(0, 10**7).map(lambda value: value / 1000),
            "above_scale": st.sampled_from([1, 0, -1]), "returned": st.booleans(),
            "industry_group": st.sampled_from(["纺织服装", "日用品", "机械电子", "其他", ""]),
        }
    ),
    min_size=1,
    max_size=25,
)  # fmt: skip


@given(rows)
def test_inputs_and_results_are_the_same_to_the_byte_when_read_back(found: list[dict[str, Any]]) -> None:
    inputs = firms(*found, own=("electricity_wan_kwh",))
    again = Frozen.from_text(inputs.text())
    assert again.text() == inputs.text()
    for definition in (YIWU, HUANGYAN):
        assert scored(definition, again).text() == scored(definition, inputs).text()


@given(rows, st.randoms())
def test_the_order_of_delivery_doesnt_matter(found: list[dict[str, Any]], random: Any) -> None:
    named = [row | {"uscc": f"A{n:05}"} for n, row in enumerate(found)]
    shuffled = list(named)
    random.shuffle(shuffled)

    def told(rows: list[dict[str, Any]]) -> Any:
        made = scored(YIWU, firms(*rows))
        return made.firms.uscc, made.totals.shown.tolist(), made.grading.grade.tolist()

    assert told(named) == told(shuffled)


@given(rows)
def test_a_total_is_the_sum_of_its_items(found: list[dict[str, Any]]) -> None:
    made = scored(YIWU, firms(*found))
    for at in range(len(made.firms)):
        said = sheet(made, at)
        if said["score"] is not None:
            total = max(0.0, math.fsum(item["score"] or 0.0 for item in said["items"]) * said["factor"])
            assert said["total"] == pytest.approx(total, rel=1e-9, abs=1e-9)
            assert all((item["score"] or 0.0) >= 0 for item in said["items"])


@given(rows, st.integers(0, 24), st.floats(0.01, 1e6))
def test_more_tax_never_lowers_a_score_against_fixed_benchmarks(
    found: list[dict[str, Any]], at: int, more: float
) -> None:
    at %= len(found)
    assume(not math.isnan(found[at]["tax_wan"]))
    before = scored(HUANGYAN, firms(*found, own=("electricity_wan_kwh",)))
    better = [row | ({"tax_wan": row["tax_wan"] + more} if n == at else {}) for n, row in enumerate(found)]
    after = scored(HUANGYAN, firms(*better, own=("electricity_wan_kwh",)))
    assert after.totals.shown[at] >= before.totals.shown[at]
    if before.grading.grade[at] >= 0:
        assert after.grading.grade[at] <= before.grading.grade[at]


def test_a_correction_is_a_new_version_that_says_what_it_replaced() -> None:
    inputs = firms({"tax_wan": 10.0}, {"tax_wan": 20.0})
    after = inputs.corrected("A00000", {"tax_wan": 15.0, "rd_wan": None}, because="异议 1")
    assert after.sha256 != inputs.sha256
    assert after.figures["tax_wan"].tolist() == [15.0, 20.0]
    assert inputs.figures["tax_wan"].tolist() == [10.0, 20.0]
    assert [dict(c) for c in after.corrections] == [
        {"uscc": "A00000", "figure": "rd_wan", "before": None, "after": None, "because": "异议 1"},
        {"uscc": "A00000", "figure": "tax_wan", "before": 10.0, "after": 15.0, "because": "异议 1"},
    ]
    assert after.maps["sources"][0]["tax_wan"] == "异议 1"
    assert Frozen.from_text(after.text()).sha256 == after.sha256
    with pytest.raises(KeyError):
        inputs.corrected("nobody", {"tax_wan": 1.0}, because="x")


@given(
    st.lists(
        st.one_of(
            st.floats(0, 1e9),
            st.integers(0, 10**12).map(lambda n: n / 1000),  # as near to a half as three decimals come
            st.integers(0, 10**9).map(lambda n: math.nextafter(n / 2000, 0.0)),
            st.just(math.nan),
        ),
        max_size=30,
    ),
    st.integers(0, 6),
)
def test_scores_are_rounded_half_up_in_decimal_one_by_one_or_all_at_once(
    values: list[float], places: int
) -> None:
    exact = [
        -1
        if math.isnan(value)
        else int(
            Decimal(repr(value)).quantize(Decimal("1e-9")).scaleb(places).quantize(Decimal(1), ROUND_HALF_UP)
        )
        for value in values
    ]
    assert shown(np.array(values, dtype=np.float64), places).tolist() == exact
