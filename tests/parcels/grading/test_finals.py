"""The grades that hold where several schemes are final in one year."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from landgis.access.queries import Actor
from landgis.counties.models import County
from parcels.enterprises.models import Enterprise
from parcels.grading.actions import check_run, draft_run, finish_run, publish_notice
from parcels.grading.finals import FinalResult, FinalYear, final_years
from parcels.grading.queries import course, standing_results
from parcels.low_efficiency.candidates import find_candidates
from parcels.low_efficiency.rules import LAST_GRADES
from parcels.schemes.actions import put_in_force, store_scheme
from parcels.schemes.queries import find_scheme
from tests import factories
from tests.parcels.grading.making import simple_document
from tests.parcels.grading.running import second
from tests.parcels.low_efficiency.making import final_years as made_final

TODAY = date(2026, 6, 1)
BEST, LAST_FIRM = "913307820000000000", "913307820000000004"


def of_second_scheme(county: County, officer: Actor, year: int) -> None:
    """A scheme of large firms only, with other names for its grades."""
    on = date(year + 1, 5, 13)
    document = simple_document(
        code="second",
        name="第二方案",
        grades=["甲", "乙"],
        groups=[
            {
                "name": "规上",
                "where": {"above_scale": True},
                "weights": [{"indicator": "tax_per_mu", "points": 100}],
                "cutoffs": {"kind": "share", "shares": {"甲": 0.5, "乙": 0.5}},
            }
        ],
    )
    version = store_scheme(county=county, actor=officer, document=document, reason="测试")
    put_in_force(county=county, actor=officer, version_id=version.pk, on=on, reason="测试")
    found = find_scheme(county, "second", year)
    run = draft_run(county=county, actor=officer, found=found, year=year, on=on, reason="起草")
    check_run(county=county, actor=second(officer), run_id=run.pk, on=on, reason="复核")
    until = publish_notice(county=county, actor=officer, run_id=run.pk, on=on, reason="公示")
    finish_run(county=county, actor=officer, run_id=run.pk, on=until + timedelta(days=1), reason="定稿")


@pytest.fixture
def two_schemes(county: County, firms: list[Enterprise], officer: Actor) -> list[Enterprise]:
    """2023 by both schemes: the second one knows the first firm only, the other four being small."""
    with factories.writing(county):
        Enterprise.objects.filter(county=county).update(industry_code="C1711")
    made_final(county, officer, 2022, 2023)
    with factories.writing(county):
        Enterprise.objects.filter(county=county).exclude(uscc=BEST).update(above_scale=False)
    of_second_scheme(county, officer, 2023)
    return firms


@pytest.mark.usefixtures("two_schemes")
def test_a_second_scheme_does_not_hide_the_first(county: County, officer: Actor) -> None:
    year = final_years(county, [2023], TODAY)[2023]
    assert [result.order for result in year.results] == [("甲", "乙"), ("好", "中", "差")]
    assert year.grades[LAST_FIRM] == "差"
    assert year.in_last()[LAST_FIRM] == "差"
    assert year.grades[BEST] in ("甲", "乙")
    assert year.reaches(LAST_FIRM, ["中"]) is False
    assert year.reaches(LAST_FIRM, ["甲"]) is None  # its own scheme knows no such grade
    found = find_candidates(county, 2023, TODAY)
    at = found.facts.uscc.index(LAST_FIRM)
    assert found.facts.last_years[at] == 2
    assert found.judged.labels[LAST_GRADES][at]
    assert len(standing_results(county)[2023]) == 2
    assert [(row["year"], row["grade"]) for row in course(county, LAST_FIRM)] == [(2022, "差"), (2023, "差")]


@pytest.mark.usefixtures("two_schemes")
def test_a_year_whose_own_scheme_is_not_final_is_missing_and_not_good(county: County) -> None:
    found = find_candidates(county, 2022, TODAY)
    at = found.facts.uscc.index(LAST_FIRM)
    assert not found.judged.labels[LAST_GRADES][at]
    assert "缺少 2021 年定稿的评价" in found.judged.unknown[at]
    best = found.facts.uscc.index(BEST)
    assert "定稿" not in found.judged.unknown[best]  # not of the last grade in the year itself
    nothing = find_candidates(county, 2021, TODAY)
    assert all("缺少 2021 年" in text for text in nothing.facts.untold)


def test_a_firm_is_told_by_its_scheme_or_by_a_result_that_has_it() -> None:
    year = FinalYear(2023, (FinalResult(1, 7, ("A", "B")),), {"X": ""}, {"X": None}, {"X": 0})
    assert year.tells("X", 8)
    assert year.tells("Y", 7)
    assert not year.tells("Y", 8)
    assert year.in_last() == {}
