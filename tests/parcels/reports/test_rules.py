"""What a report's figures are made of: periods, exact texts, sums of rows, and comparisons."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parcels.reports.rules import (
    BY_KEY,
    Item,
    canonical,
    compare_figures,
    compare_items,
    counting,
    exact,
    fingerprint,
    period_to,
    share,
    sums_by_town,
)
from parcels.reports.wording import shown

MU = st.decimals(min_value="-99999", max_value="99999", places=9)


def row(key: str, town: str = "1", **parts: str) -> Item:
    return Item("credit", key, "示意", town, ("A",), "入账", parts)


@pytest.mark.parametrize(
    ("kind", "first"),
    [("weekly", "2023-06-24"), ("monthly", "2023-06-01"), ("quarterly", "2023-04-01"), ("yearly", "2023-01-01")],
)  # fmt: skip
def test_the_period_ends_on_the_cut_off(kind: str, first: str) -> None:
    assert [str(day) for day in period_to(kind, date(2023, 6, 30))] == [first, "2023-06-30"]


@given(st.lists(st.tuples(st.sampled_from(["", "1", "2"]), MU), max_size=20))
def test_towns_add_up_to_the_county_whatever_the_order(found: list[tuple[str, Decimal]]) -> None:
    items = [row(str(n), town, remediation_mu=exact(mu)) for n, (town, mu) in enumerate(found)]
    sums = sums_by_town(items)
    assert sums == sums_by_town(reversed(items))
    assert sum((town["remediation_mu"] for town in sums.values()), Decimal(0)) == sum(
        (mu for _, mu in found), Decimal(0)
    )
    assert counting(items, "remediation_mu", "") == items


@given(MU)
def test_an_exact_text_reads_back_as_the_same_figure(mu: Decimal) -> None:
    assert Decimal(exact(mu)) == mu
    assert "E" not in exact(mu)


def test_a_share_of_nothing_is_no_share() -> None:
    assert share(Decimal(1), None) is None
    assert share(Decimal(1), Decimal(0)) is None
    assert share(Decimal(1), Decimal(8)) == "12.5"
    assert share(Decimal("0.00005"), Decimal(1)) == "0.01"


def test_equal_contents_are_equal_texts_and_hashes() -> None:
    one, other = canonical({"b": 1, "a": {"y": 1, "x": "亩"}}), canonical({"a": {"x": "亩", "y": 1}, "b": 1})
    assert one == other
    assert fingerprint(one) == fingerprint(other)
    assert json.loads(one)["format"] == "landgis.report.1"


def test_rows_are_compared_by_kind_and_key() -> None:
    before = [row("a", remediation_mu="1"), row("b", remediation_mu="2")]
    after = [row("b", remediation_mu="3"), row("c", remediation_mu="4")]
    found = compare_items(before, after)
    assert [(one.what, one.item.key) for one in found] == [("移出", "a"), ("变化", "b"), ("新增", "c")]
    assert found[1].told == "低效用地完成 2 → 3"


def test_figures_are_compared_town_by_town() -> None:
    def content(**towns: str) -> dict[str, object]:
        return {"towns": [{"code": code, "name": code, "figures": {"idle": n}} for code, n in towns.items()]}

    found = compare_figures(content(a="1", b="2"), content(a="1", b="5", c="7"))
    assert [(one.town, one.before, one.after, one.difference) for one in found] == [
        ("b", "2", "5", 3),
        ("c", None, "7", None),
    ]


def test_what_is_not_known_is_a_dash_and_never_a_nought() -> None:
    assert all(shown(key, None) == "—" for key in BY_KEY)
    assert shown("remediation_mu", "1234.565") == "1,234.57"
    assert shown("remediation_light", "red") == "红"
    assert shown("remediation_ratio", "51.86") == "51.86%"
