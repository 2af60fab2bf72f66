"""What a preview says a change does is what the change does when it is evaluated for real."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landgis.access.queries import Actor
from landgis.counties.models import County
from landgis.lib.errors import InputError, NotFound
from parcels.grading.actions import draft_run, evaluate_year
from parcels.grading.models import GradingScore
from parcels.grading.queries import newest_result
from parcels.grading.results import scored
from parcels.schemes.actions import put_in_force, store_scheme
from parcels.schemes.queries import chosen, find_scheme
from parcels.yearly.preview import bases, compared, inputs_for
from tests.parcels.grading.making import firms as invented
from tests.parcels.grading.making import indicator, simple, simple_document
from tests.parcels.grading.running import DAY, YEAR, draft, in_force

STRICTER = {"kind": "share", "shares": {"好": 0.4, "中": 0.2, "差": 0.4}}


def changed(**group: Any) -> dict[str, Any]:
    document = simple_document(version="2", years={"from": 2021})
    document["groups"] = [document["groups"][0] | group]
    return document


@pytest.mark.usefixtures("firms")
def test_the_preview_equals_a_real_run(county: County, officer: Actor) -> None:
    in_force(county, officer)
    run = draft(county, officer)
    before = dict(GradingScore.objects.filter(result=newest_result(run)).values_list("uscc", "grade"))
    after = chosen(changed(cutoffs=STRICTER))
    bases_now = dict(bases(county))
    assert set(bases_now) == {f"run:{run.pk}", f"year:{YEAR}"}
    old = find_scheme(county, "simple/1", YEAR).definition
    told = [compared(old, after.definition, inputs_for(county, officer, basis, after)) for basis in bases_now]
    assert told[0] == told[1]

    version = store_scheme(county=county, actor=officer, document=after.document, reason="改")
    put_in_force(county=county, actor=officer, version_id=version.pk, on=DAY, reason="改")
    real = draft_run(
        county=county,
        actor=officer,
        found=find_scheme(county, "simple/2", YEAR),
        year=YEAR,
        on=DAY,
        reason="新",
    )
    rows = dict(GradingScore.objects.filter(result=newest_result(real)).values_list("uscc", "grade"))
    moved = {one.uscc: (one.grade_before, one.grade_after) for one in told[0].moved}
    assert moved == {uscc: (before[uscc], grade) for uscc, grade in rows.items() if before[uscc] != grade}
    assert moved, "a change that moves nobody proves nothing"
    counts = [
        (Counter(before.values())[grade], Counter(rows.values())[grade]) for grade in ("好", "中", "差")
    ]
    assert list(told[0].classes[-1].cells) == counts
    assert evaluate_year(county, officer, find_scheme(county, "simple/2", YEAR), YEAR).scored.sha256


@given(
    st.lists(st.integers(1, 50), min_size=1, max_size=25),
    st.sampled_from([STRICTER, {"kind": "score", "scores": {"好": 90, "中": 50}}]),
)
def test_counts_and_moves_agree_with_both_results(taxes: list[int], cutoffs: dict[str, Any]) -> None:
    inputs = invented(*({"tax_wan": float(tax)} for tax in taxes))
    old, new = simple(), simple(groups=changed(cutoffs=cutoffs)["groups"])
    one, two = scored(old, inputs), scored(new, inputs)
    found = compared(old, new, inputs)
    pairs = [
        (one.grade_name(int(a)), two.grade_name(int(b)))
        for a, b in zip(one.grading.grade, two.grading.grade, strict=True)
    ]
    assert len(found.moved) == sum(a != b for a, b in pairs)
    assert found.better + found.worse == len(found.moved)
    for place, head in enumerate(found.heads):
        assert found.classes[-1].cells[place] == (
            sum(a == head for a, _ in pairs),
            sum(b == head for _, b in pairs),
        )


def test_a_renamed_grade_moves_nobody_and_a_new_one_does() -> None:
    inputs = invented({"tax_wan": 10.0}, {"tax_wan": 5.0}, {"tax_wan": 1.0})
    groups = changed(cutoffs={"kind": "share", "shares": {"A": 0.2, "B": 0.5, "C": 0.3}})["groups"]
    renamed = compared(simple(), simple(grades=["A", "B", "C"], groups=groups), inputs)
    assert (renamed.heads, renamed.moved) == (("好 → A", "中 → B", "差 → C"), ())
    groups = changed(cutoffs={"kind": "share", "shares": {"好": 0.4, "差": 0.6}})["groups"]
    fewer = compared(simple(), simple(grades=["好", "差"], groups=groups), inputs)
    assert fewer.heads == ("好", "中", "差")
    assert {(one.grade_before, one.grade_after) for one in fewer.moved} == {("中", "差")}


def test_a_figure_of_the_new_scheme_is_unknown_in_older_inputs() -> None:
    inputs = invented({"tax_wan": 10.0}, {"tax_wan": 5.0})
    new = simple(
        figures=[{"code": "power", "title": "用电", "unit": "万千瓦时"}],
        indicators=[indicator("tax_per_mu", "tax_wan", "power", missing="unscored")],
    )
    found = compared(simple(), new, inputs)
    assert {one.grade_after for one in found.moved} == {"未定档"}
    assert all(one.reason for one in found.moved)


@pytest.mark.usefixtures("firms")
def test_what_there_is_nothing_to_compute_on_is_refused(county: County, officer: Actor) -> None:
    found = chosen(simple_document())
    for basis in ("", "year:1990", "year:x", "nothing:1", f"year:{10**19}"):
        with pytest.raises(InputError):
            inputs_for(county, officer, basis, found)
    with pytest.raises(NotFound):
        inputs_for(county, officer, "run:77", found)
