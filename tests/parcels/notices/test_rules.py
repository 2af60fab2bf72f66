"""Which threshold is reached, whom a deadline concerns, and what becomes of a notice."""

from datetime import date

import pytest

from parcels.notices.rules import OVERDUE, Item, People, recipients, tally, threshold_of, why_settled

BOUNDS = (30, 7, 0)
PEOPLE = People({"wang": 1, "li": 2}, {"990001100": [8, 9]}, [4], [5])


@pytest.mark.parametrize(
    ("left", "reached"),
    [(31, None), (30, 30), (8, 30), (7, 7), (1, 7), (0, 0), (-1, OVERDUE), (-400, OVERDUE)],
)
def test_the_nearest_threshold_counts(left: int, reached: int | None) -> None:
    assert threshold_of(left, BOUNDS) == reached


def item(officer: str, town: str = "") -> Item:
    return Item(
        "case:1:reply:2:2024-04-11",
        "deadline",
        "答复",
        "",
        "",
        date(2024, 4, 11),
        3,
        officer,
        town,
        7,
        1,
        "1",
    )


def test_an_own_case_is_told_its_officer_and_its_town() -> None:
    assert recipients(item("wang", "990001100"), PEOPLE) == {1: "own", 8: "town", 9: "town"}


def test_a_case_that_nobody_in_office_has_is_told_all_officers() -> None:
    assert recipients(item("retired"), PEOPLE) == {1: "unassigned", 2: "unassigned"}
    assert recipients(item(""), PEOPLE) == {1: "unassigned", 2: "unassigned"}


@pytest.mark.parametrize(
    ("key", "user", "threshold", "why"),
    [
        ("case:1:a", 1, 7, ""),
        ("case:1:a", 1, 30, "superseded"),
        ("case:1:a", 2, 7, "reassigned"),
        ("case:2:a", 1, 7, "done"),
        ("phase:2:a", 1, 7, "ended"),
    ],
)
def test_why_a_notice_no_longer_holds(key: str, user: int, threshold: int, why: str) -> None:
    assert why_settled(key, user, threshold, {(1, "case:1:a"): 7}, {"case:1:a"}) == why


def test_the_tally_of_a_digest() -> None:
    assert tally([OVERDUE, OVERDUE, 0, 7, 30]) == {"overdue": 2, "today": 1, "soon": 2}
