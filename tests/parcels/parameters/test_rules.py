"""Which article a basis names, who may change what, and what can be tried."""

from __future__ import annotations

import pytest

from parcels.parameters.rules import article_of, is_statutory, is_tried, names_article, officer_may


@pytest.mark.parametrize(
    ("basis", "article"),
    [
        ("《闲置土地处置办法》第二条第一款", "《闲置土地处置办法》第二条第一款"),
        ("《闲置土地处置办法》第十四条第一款第一项：百分之二十", "《闲置土地处置办法》第十四条第一款第一项"),
        ("《闲置土地处置办法》（国土资源部令第53号）第二十二条", "《闲置土地处置办法》第二十二条"),
        ("《闲置土地处置办法》（国土资源部令第53号）", "《闲置土地处置办法》"),
        ("县局会议纪要", "县局会议纪要"),
    ],
)
def test_the_article_that_has_to_be_named(basis: str, article: str) -> None:
    assert article_of(basis) == article
    assert names_article(f" {article} ", basis)
    assert not names_article("", basis)
    assert not names_article("《闲置土地处置办法》第三条", basis)


def test_the_officer_sets_terms_but_not_the_laws_own_values() -> None:
    assert officer_may("disposal.term.decision", statutory=False)
    assert not officer_may("disposal.term.reply", statutory=True)
    assert not officer_may("edit.rule.overlap", statutory=False)
    assert is_statutory(["law", "ours"])
    assert not is_statutory(["know"])


def test_names_of_rule_versions_and_numbers_change_no_result() -> None:
    assert is_tried("idle_land.fee_rate")
    assert is_tried("disposal.term.reply")
    assert not is_tried("idle_land.rule_version")
    assert not is_tried("disposal.case_number")
