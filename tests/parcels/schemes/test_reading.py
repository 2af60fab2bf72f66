"""Definitions read: the shipped ones as they are known, and every fault told at its place."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landgis.lib.errors import FieldErrors
from parcels.schemes.definition import Definition
from parcels.schemes.reading import read_definition
from tests.parcels.grading.making import SHIPPED, indicator, shipped, simple, simple_document


def faults(**changes: Any) -> dict[str, str]:
    with pytest.raises(FieldErrors) as caught:
        read_definition(simple_document(**changes))
    return {issue["field"]: issue["message"] for issue in caught.value.issues}


@pytest.mark.parametrize("name", sorted(path.stem for path in SHIPPED.glob("*.toml")))
def test_what_is_shipped_can_be_read(name: str) -> None:
    assert read_definition(shipped(name)).grades


def test_yiwu_has_its_known_points_and_says_which_are_unknown() -> None:
    yiwu = read_definition(shipped("yiwu-2022"))
    above, below = yiwu.groups
    assert {w.indicator: w.points for w in above.weights} == {
        "tax_per_mu": 35,
        "value_added_per_mu": 20,
        "value_added_per_tce": 17,
        "rd_share": 10,
    }
    assert yiwu.unknown_points == {"规上": 18, "规下": 18}
    assert above.known_points == below.known_points == 82
    assert [industry.name for industry in yiwu.industries] == ["纺织服装", "日用品", "机械电子", "其他"]
    assert below.where.land_mu_min == 3
    assert not yiwu.publication.allowed
    assert any("18 分" in word and "折算" in word for word in yiwu.reservations())


def test_huangyan_has_its_published_benchmarks() -> None:
    above, below = read_definition(shipped("huangyan-2022")).groups
    assert [(w.benchmark.value, w.points) for w in above.weights] == [
        (24.097, 30),
        (136.16, 20),
        (2.694, 20),
        (4929.81, 10),
        (18.14, 10),
        (0.0302, 10),
    ]
    assert [(w.benchmark.value, w.points) for w in below.weights] == [(11.5932, 50), (0.2352, 50)]


def test_grades_have_any_names_and_any_number() -> None:
    names = ["A1", "A2", "B1", "B2", "C", "D"]
    group = simple_document()["groups"][0] | {
        "cutoffs": {"kind": "score", "scores": dict(zip(names, (90, 80, 70, 60, 50), strict=False))}
    }
    made = simple(grades=names, groups=[group])
    assert made.grades == tuple(names)
    assert [int(limit) for limit in made.groups[0].cutoffs.limits] == [90, 80, 70, 60, 50]


def test_a_misspelt_key_is_told() -> None:
    assert "检查拼写" in faults(weihgts=[])["weihgts"]
    assert "scoring.plcaes" in faults(scoring={"full": 100, "places": 2, "ties": "better", "plcaes": 1})


def test_weights_have_to_add_up_with_what_is_unknown() -> None:
    group = simple_document()["groups"][0] | {"weights": [{"indicator": "tax_per_mu", "points": 82}]}
    assert "合计 82 分，应为 100 分" in faults(groups=[group])["groups[1].weights"]
    secret = {"allowed": False, "why_not": "权重未知", "notice_days": 5, "notice_kind": "working"}
    lacking = simple(groups=[group | {"unknown": [{"points": 18, "note": "未见"}]}], publication=secret)
    assert lacking.unknown_points == {"全部": 18}


@pytest.mark.parametrize(
    ("change", "place", "words"),
    [
        ({"grades": ["好"]}, "grades", "两个档次"),
        ({"grades": ["好", "好"]}, "grades", "不重复"),
        ({"years": {"from": 2020, "to": 2019}}, "years.to", "早于"),
        ({"years": {"from": "今年"}}, "years.from", "整数"),
        ({"certainty": "maybe"}, "certainty", "之一"),
        ({"indicators": [indicator("tax_per_mu", "tax", "land_mu")]}, "indicators[1].numerator", "没有数据项“tax”"),
        ({"indicators": [indicator("tax_per_mu", "tax_wan", "land_mu", direction="lower")]}, "indicators[1].cap", "封顶"),
        (
            {"indicators": [indicator("tax_per_mu", "tax_wan", "land_mu", benchmark={"kind": "fixed", "value": 0})]},
            "indicators[1].benchmark.value",
            "大于零",
        ),
        ({"vetoes": [{"code": "x", "title": "x", "to": "E"}]}, "vetoes[1].to", "没有档次“E”"),
        ({"vetoes": [{"code": "x", "title": "x"}]}, "vetoes[1].to", "二者选一"),
        ({"publication": {"allowed": False, "notice_days": 5, "notice_kind": "working"}}, "publication.why_not", "原因"),
        ({"industries": [{"name": "甲", "where": {}}]}, "industries", "other = true"),
        ({"groups": []}, "groups", "至少"),
        ({"groups": "全部"}, "groups", "一列表格"),
        ({"scoring": {"full": 100, "places": 2, "ties": "better", "tie_break": ["x"]}}, "scoring.tie_break", "没有指标"),
    ],
)  # fmt: skip
def test_a_fault_is_told_at_its_place(change: dict[str, Any], place: str, words: str) -> None:
    assert words in faults(**change)[place]


def test_nothing_is_published_while_points_are_unknown() -> None:
    """Yiwu's shape lacks 18 points: saying `allowed = true` doesn't make them known."""
    document = shipped("yiwu-2022")
    document["publication"]["allowed"] = True
    with pytest.raises(FieldErrors) as refused:
        read_definition(document)
    assert refused.value.issues[0]["field"] == "publication.allowed"
    assert "规上、规下还有权重未知" in refused.value.issues[0]["message"]


def test_shares_have_to_add_up_exactly() -> None:
    group = simple_document()["groups"][0] | {
        "cutoffs": {"kind": "share", "shares": {"好": 0.2, "中": 0.5, "差": 0.31}}
    }
    assert "应为 1" in faults(groups=[group])["groups[1].cutoffs.shares"]


def test_all_faults_are_told_at_once() -> None:
    assert len(faults(grades=["好"], certainty="x", basis="")) >= 3


rubbish = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(key=st.sampled_from(sorted(simple_document())), value=rubbish)
def test_rubbish_is_refused_in_words_and_never_fails(key: str, value: Any) -> None:
    document = simple_document(**{key: value})
    try:
        made: Definition | FieldErrors = read_definition(document)
    except FieldErrors as refused:
        made = refused
    issues = made.issues if isinstance(made, FieldErrors) else []
    assert all(issue["field"] and issue["message"].endswith("。") for issue in issues)
