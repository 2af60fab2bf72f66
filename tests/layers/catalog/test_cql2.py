"""CQL2 text as OGC 21-065r2 has it: which operator binds closer, quotes inside texts, and where a text is wrong."""

import contextlib
import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygeofilter import ast

from landgis.lib.errors import UsageError
from layers.catalog.cql2 import parse

NAMES = "abcd"


def value(node: object, facts: dict[str, bool]) -> bool:
    match node:
        case ast.And():
            return value(node.lhs, facts) and value(node.rhs, facts)
        case ast.Or():
            return value(node.lhs, facts) or value(node.rhs, facts)
        case ast.Not():
            return not value(node.sub_node, facts)
        case ast.Equal():
            return facts[node.lhs.name]
    raise AssertionError(node)


formulas = st.recursive(
    st.sampled_from(NAMES),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda pair: f"{pair[0]} and {pair[1]}"),
        st.tuples(inner, inner).map(lambda pair: f"{pair[0]} or {pair[1]}"),
        inner.map(lambda one: f"(not ({one}))"),
        inner.map(lambda one: f"({one})"),
    ),
    max_leaves=8,
)


@given(formulas)
def test_and_or_and_not_mean_what_they_mean_in_python(formula: str) -> None:
    """Python's own precedence is CQL2's: NOT before AND before OR."""
    tree = parse(re.sub(r"\b[a-d]\b", r"\g<0> = 1", formula))
    for truth in itertools.product([False, True], repeat=len(NAMES)):
        facts = dict(zip(NAMES, truth, strict=True))
        assert value(tree, facts) == eval(formula, {}, facts)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("holder = 'O''Brien'", "O'Brien"),
        ("holder = '甲''乙'''", "甲'乙'"),
        ("holder = ''", ""),
        ("code = '0601'", "0601"),
        ("area_mu = -1.5e3", -1500.0),
        ("area_mu = 3", 3),
    ],
)
def test_literals_keep_their_kind(text: str, wanted: object) -> None:
    assert parse(text).rhs == wanted
    assert type(parse(text).rhs) is type(wanted)


def test_names_may_be_quoted_chinese_or_begin_like_an_operator() -> None:
    assert parse("\"权利人\" = 'x'").lhs.name == "权利人"
    assert parse("权利人 = 'x'").lhs.name == "权利人"
    assert parse("android = 1 AND notes = 2").lhs.lhs.name == "android"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "a",
        "a =",
        "a = 1 AND",
        "a = 1 b",
        "a = 'x",
        "(a = 1",
        "a ! 1",
        "a = 1; DROP TABLE x",
        "a IN ()",
        "= 1",
        "NOT",
    ],
)
def test_what_cannot_be_read_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse(text)
    assert refused.value.code == "filter_invalid"
    assert "area_mu >= 50" in refused.value.remedy


def test_a_text_nested_without_end_is_refused_and_doesnt_exhaust_the_stack() -> None:
    with pytest.raises(UsageError, match="嵌套过深"):
        parse("(" * 5000 + "a = 1" + ")" * 5000)
    with pytest.raises(UsageError, match="过长"):
        parse("a = 1 AND " * 5000 + "a = 1")


@given(st.text(max_size=60))
def test_any_text_is_either_read_or_refused(text: str) -> None:
    with contextlib.suppress(UsageError):
        parse(text)


@pytest.mark.parametrize("shape", ["POLYGON((1 2,3 4))", "POLYGON((1 2,3 4,5 6,1 3))"])
def test_a_shape_that_isnt_one_is_named(shape: str) -> None:
    with pytest.raises(UsageError, match="WKT"):
        parse(f"S_INTERSECTS(geometry, {shape})")


def test_a_date_that_doesnt_exist_is_named() -> None:
    with pytest.raises(UsageError, match="2021-02-29"):
        parse("registered_on > DATE('2021-02-29')")
