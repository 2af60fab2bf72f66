"""文号: by the county's pattern, each once, also when many officers issue at once, and none missing in between."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from django.db import connection

from landgis.access.queries import Actor, actor_for
from landgis.counties.models import County, Parameter
from landgis.lib.errors import Conflict, InputError, UsageError
from parcels.documents import queries
from parcels.documents.actions import issue_document, set_aside_numbers
from parcels.documents.models import DocumentNumber, IssuedDocument
from parcels.documents.rules import number_text, series_of
from tests import factories
from tests.parcels.documents.conftest import Issue

PAPERS, AT_ONCE = 40, 8
PATTERN = "{agency}{series}〔{year}〕{serial}号"


def test_a_number_by_the_pattern() -> None:
    assert (
        number_text(PATTERN, agency="义自然资", series="闲调", year=2026, serial=1)
        == "义自然资闲调〔2026〕1号"
    )
    assert (
        number_text("{series}{year}-{serial:04d}", agency="", series="闲", year=2026, serial=7)
        == "闲2026-0007"
    )
    assert series_of("finding", {"finding": "闲认"}) == "闲认"
    assert series_of("closing", {"finding": "闲认"}) == ""


@pytest.mark.parametrize(
    "pattern",
    ["{series}{serial}", "{year}{serial}", "{series}{year}", "{series}{year}{serial}{x}", "{series"],
)
def test_a_pattern_that_would_give_one_number_twice(pattern: str) -> None:
    with pytest.raises(InputError):
        number_text(pattern, agency="", series="闲", year=2026, serial=1)


def test_each_series_and_each_year_counts_from_one(issue: Issue) -> None:
    numbers = [
        issue("finding"), issue("finding"), issue("dunning"), issue("finding", on=date(2027, 1, 4)), issue("finding"),
    ]  # fmt: skip
    assert [paper.number.text for paper in numbers if paper.number] == [
        "自然资闲认〔2026〕1号", "自然资闲认〔2026〕2号", "自然资闲催〔2026〕1号",
        "自然资闲认〔2027〕1号", "自然资闲认〔2026〕3号",
    ]  # fmt: skip


def test_a_countys_own_word(issue: Issue, county: County) -> None:
    with factories.writing(county):
        Parameter.objects.filter(county=county, key="documents.number_agency").update(value="示自然资")
    assert issue().number.text == "示自然资闲认〔2026〕1号"  # type: ignore[union-attr]


def test_numbers_used_on_paper_before(issue: Issue, county: County, officer: Actor) -> None:
    set_aside_numbers(county, officer, "finding", on=date(2026, 2, 1), up_to=3, reason="系统启用前手工编号")
    assert issue().number.serial == 4  # type: ignore[union-attr]
    states = [(row["serial"], row["state"]) for row in queries.number_register(officer, year=2026)]
    assert states == [(1, "unused"), (2, "unused"), (3, "unused"), (4, "issued")]
    with pytest.raises(Conflict):
        set_aside_numbers(county, officer, "finding", on=date(2026, 2, 1), up_to=4, reason="重复")
    with pytest.raises(UsageError):
        set_aside_numbers(county, officer, "closing", on=date(2026, 2, 1), up_to=4, reason="不编号")


@pytest.mark.usefixtures("transactional_db")
def test_many_at_once_get_each_number_once_and_leave_no_gap() -> None:
    county = factories.county()
    officer: Actor = actor_for(factories.person(county, "idle_land_officer"), county, date(2026, 1, 1))

    def alone(at: int) -> Any:
        facts = {"holder": f"第{at}家", **({"price": -1} if at % 5 == 0 else {})}  # every fifth paper fails
        try:
            return issue_document(county, officer, "finding", facts, on=date(2026, 3, 5), reason="并发")
        except InputError:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as officers:
        papers = [paper for paper in officers.map(alone, range(PAPERS)) if paper is not None]
    assert len(papers) == PAPERS * 4 // 5
    serials = sorted(DocumentNumber.objects.values_list("serial", flat=True))
    assert serials == list(range(1, len(papers) + 1))
    assert IssuedDocument.objects.count() == len(papers)
