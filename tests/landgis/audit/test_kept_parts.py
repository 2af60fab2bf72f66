"""Parts are worked out again where a change touched them, and all of them where nobody can say which."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pytest

from landgis.audit.change import change
from landgis.audit.kept_parts import MOST_CHANGES, changes_since, kept_parts
from landgis.audit.models import AuditEvent
from landgis.counties.models import County
from tests import factories

pytestmark = pytest.mark.django_db


class Work:
    """Two rows, and which of them each turn did; `touched` answers what a test says, and keeps what it was asked."""

    def __init__(self, touched: Collection[str] | None = ("a",)) -> None:
        self.done: list[Collection[str] | None] = []
        self.asked: list[list[int]] = []
        self.told = touched
        self.rows = ["a", "b"]

    def __call__(self, county: County) -> dict[str, int]:
        return dict(kept_parts("test", (county.code, id(self)), work=self._work, touched=self._touched))

    def _work(self, among: Collection[str] | None) -> Mapping[str, int]:
        self.done.append(among)
        return {row: len(self.done) for row in self.rows if among is None or row in among}

    def _touched(self, changes: list[int]) -> Collection[str] | None:
        self.asked.append(changes)
        return self.told


def _change(county: County, action: str = "edit") -> int:
    with change(county_code=county.code, by="王", action=action, reason="试") as running:
        return running.id


def test_only_what_a_change_touched_is_done_again(county: County) -> None:
    work = Work()
    assert work(county) == work(county) == {"a": 1, "b": 1}
    first, second = _change(county), _change(county)
    assert work(county) == {"a": 2, "b": 1}
    assert work.asked == [[first, second]]
    assert work(county) == {"a": 2, "b": 1}
    assert work.done == [None, ("a",)]


def test_a_row_that_is_no_more_leaves_and_a_new_one_comes(county: County) -> None:
    work = Work(touched=("a", "c"))
    work(county)
    work.rows = ["b", "c"]
    _change(county)
    assert work(county) == {"b": 1, "c": 2}


def test_nothing_is_done_for_a_change_that_touched_nothing_or_was_an_export(county: County) -> None:
    work = Work(touched=())
    work(county)
    _change(county)
    work(county)
    _change(county, "export_cases")
    work(county)
    assert work.done == [None]
    assert len(work.asked) == 1


def test_everything_is_done_where_all_may_be_touched_or_too_much_has_happened(county: County) -> None:
    work = Work(touched=None)
    work(county)
    _change(county)
    work(county)
    work.told = ("a",)
    for _ in range(MOST_CHANGES + 1):
        _change(county)
    work(county)
    assert work.done == [None, None, None]


def test_an_event_that_is_not_in_the_chain_is_of_another_database(county: County) -> None:
    """As after a restore: nobody can say what happened since."""
    _change(county)
    known = AuditEvent.objects.latest("sequence")
    after = _change(county)
    assert changes_since(known.sequence, known.hash, known.sequence + 1) == [after]
    assert changes_since(known.sequence, "0" * 64, known.sequence + 1) is None


def test_nothing_is_kept_while_a_change_is_running(county: County) -> None:
    work = Work()
    work(county)
    with factories.writing(county):
        work(county)
    assert work.done == [None, None]
