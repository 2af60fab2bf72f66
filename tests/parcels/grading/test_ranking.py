"""Ranks, cuts, ties and vetoes; and that what a firm is told to need does lift it."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parcels.evaluation.rules import LAND
from parcels.grading.ranking import places_of
from parcels.grading.results import Scored, document, scored
from parcels.grading.upward import upward
from parcels.schemes.definition import Cutoffs
from tests.parcels.grading.making import firms, indicator, simple, simple_document

FIXED = [indicator("tax_per_mu", "tax_wan", LAND, benchmark={"kind": "fixed", "value": 1})]
SCORES = {"kind": "score", "scores": {"好": 90, "中": 60}}


def by_tax(
    *taxes: float, ties: str = "better", cutoffs: dict[str, Any] | None = None, **changes: Any
) -> Scored:
    """Firms on 10 亩, so that a tax of 7.5 is a score of 75."""
    group = simple_document()["groups"][0] | ({"cutoffs": cutoffs} if cutoffs else {})
    definition = simple(
        indicators=FIXED, scoring={"full": 100, "places": 2, "ties": ties}, groups=[group], **changes
    )
    return scored(definition, firms(*({"tax_wan": tax} for tax in taxes)))


def grades(made: Scored) -> str:
    return "".join(made.grade_name(int(grade)) or "-" for grade in made.grading.grade)


def test_ranks_are_shared_and_the_next_is_left_free() -> None:
    made = by_tax(9, 7, 7, 5)
    assert made.grading.rank.tolist() == [1, 2, 2, 4]
    assert made.grading.sharing.tolist() == [1, 2, 2, 1]
    assert made.grading.of.tolist() == [4, 4, 4, 4]


def test_cut_by_share() -> None:
    assert grades(by_tax(10, 9, 8, 7, 6, 5, 4, 3, 2, 1)) == "好好中中中中中差差差"


def test_firms_that_share_the_last_place_share_the_grade() -> None:
    taxes = (10, 9, 9, 7, 6, 5, 4, 3, 2, 1)
    assert grades(by_tax(*taxes)) == "好好好中中中中差差差"
    assert grades(by_tax(*taxes, ties="worse")) == "好中中中中中中差差差"


def test_cut_by_score_at_what_is_shown() -> None:
    assert grades(by_tax(9, 8.9995, 8.99949, 6, 5.99, cutoffs=SCORES)) == "好好中中差"


def test_equal_scores_are_parted_by_the_indicators_that_the_scheme_names() -> None:
    definition = simple(
        scoring={"full": 100, "places": 0, "ties": "better", "tie_break": ["tax_per_mu"]}, indicators=FIXED
    )
    made = scored(definition, firms({"tax_wan": 5.001}, {"tax_wan": 5.002}))
    assert made.totals.shown.tolist() == [50, 50]
    assert made.grading.rank.tolist() == [2, 1]


@pytest.mark.parametrize(
    ("rounding", "expected"), [("half_up", [1, 4, 7]), ("down", [1, 3, 7]), ("up", [2, 4, 7])]
)
def test_how_many_places_a_grade_has(rounding: str, expected: list[int]) -> None:
    limits = (Decimal("0.2"), Decimal("0.5"), Decimal(1))
    assert places_of(Cutoffs("share", limits, rounding), 7) == expected  # type: ignore[arg-type]


VETOES = [
    {"code": "idle_land", "title": "闲置土地", "to": "差"},
    {"code": "credit", "title": "失信", "down": 1},
]


@pytest.mark.parametrize(
    ("reasons", "expected"),
    [
        (["idle_land"], "差"),
        (["credit"], "中"),
        (["credit", "idle_land"], "差"),
        (["?"], "好"),
        (["?", "credit"], "中"),
    ],
)
def test_a_veto_lowers_the_grade_and_leaves_the_places_of_others(reasons: list[str], expected: str) -> None:
    definition = simple(indicators=FIXED, vetoes=VETOES)
    rows = [{"tax_wan": float(10 - n)} for n in range(10)]
    rows[0]["vetoes"] = dict.fromkeys(reasons, "文号")  # type: ignore[assignment]
    made = scored(definition, firms(*rows))
    assert grades(made) == expected + "好中中中中中差差差"
    assert made.grade_name(int(made.grading.cut[0])) == "好"
    if expected != "好":
        assert "须先消除" in upward(made, 0).why_not


scores_of = st.lists(st.integers(0, 12), min_size=1, max_size=30)


@given(scores_of, st.sampled_from(["better", "worse"]), st.booleans())
def test_a_better_score_never_has_a_worse_grade_and_equal_ones_the_same(
    taxes: list[int], ties: str, by_score: bool
) -> None:
    made = by_tax(*taxes, ties=ties, cutoffs=SCORES if by_score else None)
    told = sorted(zip(made.totals.shown.tolist(), made.grading.grade.tolist(), strict=True), reverse=True)
    assert [grade for _, grade in told] == sorted(grade for _, grade in told)
    assert len(dict(told)) == len(set(told))
    said = document(made)["groups"][0]
    assert sum(said["grades"].values()) == said["firms"] == len(taxes)
    if ties == "worse" and not by_score:
        assert said["grades"]["好"] <= max(places_of(made.definition.groups[0].cutoffs, len(taxes))[0], 0)


# The way up.


@given(scores_of, st.integers(0, 29), st.sampled_from(["better", "worse"]), st.booleans())
def test_what_a_firm_is_told_to_need_lifts_it(taxes: list[int], at: int, ties: str, by_score: bool) -> None:
    at %= len(taxes)
    cutoffs = SCORES if by_score else None
    before = by_tax(*taxes, ties=ties, cutoffs=cutoffs)
    told = upward(before, at)
    if told.score is None:
        assert told.why_not
        return
    (step,) = told.steps
    assert step.numerator_needed is not None
    after = by_tax(
        *(step.numerator_needed if n == at else tax for n, tax in enumerate(taxes)),
        ties=ties,
        cutoffs=cutoffs,
    )
    assert after.grading.grade[at] < before.grading.grade[at]
    assert after.grade_name(int(after.grading.grade[at])) == told.grade
    assert after.score(at) == told.score
    less = step.numerator_needed - 0.002  # a fifth of a point less isn't enough
    short = by_tax(*(less if n == at else tax for n, tax in enumerate(taxes)), ties=ties, cutoffs=cutoffs)
    assert short.grading.grade[at] == before.grading.grade[at]


def test_a_cap_makes_a_grade_unreachable_by_one_indicator_alone() -> None:
    document = simple_document(
        indicators=[
            indicator("tax_per_mu", "tax_wan", LAND, benchmark={"kind": "fixed", "value": 1}, cap=1.2),
            indicator("rd", "rd_wan", "revenue_wan", benchmark={"kind": "fixed", "value": 0.1}),
        ]
    )
    document["groups"][0] |= {
        "weights": [{"indicator": "tax_per_mu", "points": 50}, {"indicator": "rd", "points": 50}],
        "cutoffs": SCORES,
    }
    made = scored(simple(**document), firms({"tax_wan": 5.0, "rd_wan": 5.0, "revenue_wan": 100.0}))
    told = upward(made, 0)
    assert (told.grade, told.score, told.lacking) == ("中", Decimal("60.00"), Decimal("10.00"))
    by_tax_alone, by_rd_alone = told.steps
    assert by_tax_alone.numerator_needed == pytest.approx(7.0)
    assert by_rd_alone.needed == pytest.approx(0.07)
    far = scored(simple(**document), firms({"tax_wan": 11.9, "rd_wan": 3.0, "revenue_wan": 100.0}))
    by_tax_alone, by_rd_alone = upward(far, 0).steps
    assert "封顶" in by_tax_alone.why_not
    assert by_tax_alone.needed is None
    assert by_rd_alone.needed is not None


def test_the_best_have_nowhere_to_go() -> None:
    assert upward(by_tax(10, 1, 1, 1, 1), 0).why_not == "已是最高档。"
