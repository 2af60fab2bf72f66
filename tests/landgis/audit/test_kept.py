"""What was worked out is taken again until something changes, and worked out anew from then on."""

import pytest

from landgis.audit.change import change
from landgis.audit.kept import MOST_OF_A_KIND, kept
from landgis.counties.models import County
from tests import factories

pytestmark = pytest.mark.django_db


class Work:
    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> int:
        self.times += 1
        return self.times


def test_the_same_is_worked_out_once_until_something_changes(county: County) -> None:
    work = Work()
    assert [kept("test", county.code, work) for _ in range(3)] == [1, 1, 1]
    factories.parcel(county, "A1", factories.box(0, 0, 1, 1))
    assert kept("test", county.code, work) == 2


def test_an_export_changes_nothing(county: County) -> None:
    work = Work()
    kept("test", county.code, work)
    with change(county_code=county.code, by="王", action="export_cases", reason="报送"):
        pass
    assert kept("test", county.code, work) == 1


def test_nothing_is_kept_while_a_change_is_running(county: County) -> None:
    work = Work()
    with factories.writing(county):
        assert [kept("test", county.code, work) for _ in range(2)] == [1, 2]


def test_only_the_last_few_of_a_kind_are_kept(county: County) -> None:
    work = Work()
    for key in range(MOST_OF_A_KIND + 1):
        kept("test", key, work)
    kept("test", MOST_OF_A_KIND, work)
    assert work.times == MOST_OF_A_KIND + 1
    kept("test", 0, work)
    assert work.times == MOST_OF_A_KIND + 2
