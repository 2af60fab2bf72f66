"""Of rows that speak of one thing a copy is taken once, and of those that differ none: whatever their order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from landgis.lib.repeats import Pieces, repeat_issues, repeats_of

rows = st.lists(
    st.tuples(
        st.sampled_from([None, "a", "b"]), st.sampled_from([None, "", 1, 2]), st.sampled_from(["", "x"])
    ),
    max_size=8,
)


@given(rows)
def test_what_is_left_agrees_with_all_that_was_handed_in(
    given_rows: list[tuple[str | None, int | None, str]],
) -> None:
    told = {n: (key, {"figure": figure, "note": note}) for n, (key, figure, note) in enumerate(given_rows, 1)}
    found = repeats_of((n, key, row) for n, (key, row) in told.items())
    for number, (key, row) in told.items():
        same = [other for n, (its, other) in told.items() if its == key and n != number] if key else []
        alike = [(r["figure"] or None, r["note"] or None) for r in [row, *same]]
        contradicted = len(set(alike)) > 1
        assert (number in {one.row for one in found.differing}) == contradicted
        if not contradicted:
            first = min([number, *(n for n, (its, _) in told.items() if key and its == key)])
            assert found.copies.get(number, number) == first
    issues = repeat_issues(
        found,
        {n: row for n, (_, row) in told.items()},
        same=lambda _: ("的编号相同", "no"),
        titles={"figure": "金额"},
    )
    assert {issue.row for issue in issues} == found.left_out
    for issue in issues:
        assert issue.message.startswith(f"第 {issue.row} 行与第 ")
        assert (issue.severity == "error") == ("两行都未采用" in issue.message)


def test_fields_that_make_no_difference_are_left_aside() -> None:
    told = [(1, "a", {"no": "甲", "figure": 1}), (2, "a", {"no": "乙", "figure": 1})]
    assert repeats_of(told, but=["no"]).copies == {2: 1}
    assert repeats_of(told).left_out == {1, 2}


PLOTS = Pieces("plot", frozenset({"area"}), "请并为一行。")


def test_rows_of_several_pieces_of_one_thing_leave_the_first() -> None:
    told = [
        (1, "a", {"plot": "甲", "area": 1, "start": 1}),
        (2, "a", {"plot": "乙", "area": 2, "start": 1}),
        (3, "a", {"plot": "甲", "area": 1, "start": 1}),
    ]
    found = repeats_of(told, pieces=PLOTS)
    assert (found.differing, found.copies, [one.row for one in found.pieces]) == ([], {3: 1}, [2])
    rows = {number: row for number, _, row in told}
    _copy, piece = sorted(
        repeat_issues(found, rows, same=lambda _: ("的编号相同", "no"), titles={}, pieces=PLOTS),
        key=lambda issue: issue.severity == "error",
    )
    assert piece.message.endswith("不同，已采用那一行，本行未采用。请并为一行。")


def test_a_piece_with_another_date_or_without_its_name_contradicts() -> None:
    dated = [(1, "a", {"plot": "甲", "start": 1}), (2, "a", {"plot": "乙", "start": 2})]
    nameless = [(1, "a", {"plot": "甲", "area": 1}), (2, "a", {"plot": "", "area": 2})]
    same_plot = [(1, "a", {"plot": "甲", "area": 1}), (2, "a", {"plot": "甲", "area": 2})]
    for told in (dated, nameless, same_plot):
        assert repeats_of(told, pieces=PLOTS).left_out == {1, 2}
