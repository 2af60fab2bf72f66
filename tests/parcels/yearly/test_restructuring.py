"""Grades and indicators added and taken out on screen: what follows from it, what is refused, and a preview that stays right."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landgis.access.queries import Actor
from landgis.counties.models import County
from landgis.lib.errors import InputError
from parcels.grading.results import scored
from parcels.schemes.actions import store_scheme
from parcels.schemes.models import SchemeVersion
from parcels.schemes.reading import read_definition
from parcels.yearly.preview import compared
from parcels.yearly.restructuring import restructured, step_asked, steps_sent
from tests.factories import SignIn
from tests.parcels.grading.making import firms as invented
from tests.parcels.grading.making import indicator, shipped, simple, simple_document
from tests.parcels.grading.running import draft, in_force
from tests.parcels.yearly.test_editing import sent


def test_a_grade_taken_out_leaves_its_share_and_vetoes_to_the_next() -> None:
    document = simple_document(vetoes=[{"code": "v", "title": "v", "to": "差"}])
    read = read_definition(restructured(document, [["drop_grade", 2]]))
    assert read.grades == ("好", "差")
    assert [str(limit) for limit in read.groups[0].cutoffs.limits] == ["0.2", "1.0"]
    read = read_definition(restructured(document, [["drop_grade", 3]]))
    assert read.grades == ("好", "中")
    assert read.vetoes["v"].to == "中"
    assert document["grades"] == ["好", "中", "差"]
    with pytest.raises(InputError, match="至少应有两档"):
        restructured(document, [["drop_grade", 1], ["drop_grade", 1]])


def test_by_score_the_last_grade_has_no_least_score() -> None:
    group = simple_document()["groups"][0] | {"cutoffs": {"kind": "score", "scores": {"好": 90, "中": 50}}}
    document = simple_document(groups=[group])
    assert read_definition(restructured(document, [["drop_grade", 3]])).groups[0].cutoffs.limits == (
        Decimal(90),
    )
    assert read_definition(restructured(document, [["drop_grade", 1]])).groups[0].cutoffs.limits == (
        Decimal(50),
    )


def test_an_added_grade_waits_for_its_cut_off() -> None:
    made = restructured(simple_document(), [["add_grade", "特好", 1], ["add_grade", "末", 5]])
    assert made["grades"] == ["特好", "好", "中", "差", "末"]
    with pytest.raises(InputError):
        read_definition(made)
    made["groups"][0]["cutoffs"]["shares"] |= {"特好": 0.1, "好": 0.1, "末": 0}
    assert read_definition(made).grades[0] == "特好"


def test_an_indicator_goes_with_its_weights_and_comes_without() -> None:
    document = shipped("yiwu-2022")
    document["scoring"]["tie_break"] = ["rd_share"]
    made = restructured(
        document,
        [["drop_indicator", 4], ["add_indicator", "staff", "人均税收", "万元/人", "tax_wan", "employees"]],
    )
    assert [one["code"] for one in made["indicators"]][-1] == "staff"
    assert made["scoring"]["tie_break"] == []
    for group in made["groups"]:
        assert "rd_share" not in [weight["indicator"] for weight in group["weights"]]
        group["weights"].append({"indicator": "staff", "points": 10})
    assert read_definition(made).indicators["staff"].denominator == "employees"


@pytest.mark.parametrize(
    "step",
    [
        ["add_grade", "好", 1], ["add_grade", "", 1], ["add_grade", "x" * 61, 1], ["add_grade", "新", 9], ["add_grade", 5, 1],
        ["drop_grade", 0], ["drop_grade", 4], ["drop_grade", "1"], ["drop_grade"], ["drop_indicator", 1], ["drop_indicator", 7],
        ["add_indicator", "a b", "t", "u", "tax_wan", "land_mu"], ["add_indicator", "tax_per_mu", "t", "u", "tax_wan", "land_mu"],
        ["add_indicator", "x", "", "u", "tax_wan", "land_mu"], ["else"], [], "drop_grade", 5, None,
    ],
)  # fmt: skip
def test_a_step_that_does_not_fit_is_refused(step: Any) -> None:
    with pytest.raises(InputError):
        restructured(simple_document(), [step])


@pytest.mark.parametrize("text", ["{", "{}", "5", "[" * 5000, json.dumps([1] * 201)])
def test_steps_that_nobody_made_are_refused(text: str) -> None:
    with pytest.raises(InputError, match="无法读取"):
        restructured(simple_document(), steps_sent(text))


def test_which_button_was_pressed() -> None:
    assert step_asked({"drop_grade": "2"}) == ["drop_grade", 2]
    assert step_asked({"drop_grade": "-1"}) == ["drop_grade", 0]
    assert step_asked({"add_grade": "1", "new_grade": " 新 ", "new_grade_at": "3"}) == ["add_grade", "新", 3]
    assert step_asked({"preview": "1"}) is None


@given(st.lists(st.integers(1, 50), min_size=1, max_size=20), st.integers(1, 3), st.integers(1, 4))
def test_the_preview_counts_each_grade_under_its_own_name(taxes: list[int], gone: int, place: int) -> None:
    """As many grades as before, but others: nobody moves from 中 to 中."""
    inputs = invented(*({"tax_wan": float(tax)} for tax in taxes))
    made = restructured(
        simple_document(), [["add_grade", "新", place], ["drop_grade", gone + (gone >= place)]]
    )
    shares = made["groups"][0]["cutoffs"]["shares"]
    shares.setdefault("新", 0)
    old, new = simple(), read_definition(made)
    one, two = scored(old, inputs), scored(new, inputs)
    found = compared(old, new, inputs)
    assert all(row.grade_before != row.grade_after for row in found.moved) or len(old.grades) == len(
        new.grades
    )
    before = [one.grade_name(int(at)) for at in one.grading.grade]
    after = [two.grade_name(int(at)) for at in two.grading.grade]
    for head, (was, now) in zip(found.heads, found.classes[-1].cells, strict=True):
        old_name, _, new_name = head.partition(" → ")
        assert was == before.count(old_name)
        assert now == after.count(new_name or old_name)


def hidden(answer: Any) -> dict[str, str]:
    page = unescape(answer.content.decode())
    found = re.search(r'name="steps" value="([^>]*)">', page)
    assert found
    return {"steps": found[1]}


@pytest.mark.usefixtures("firms")
def test_the_editor_adds_takes_out_previews_and_saves(
    county: County, officer: Actor, signed_in: SignIn
) -> None:
    in_force(county, officer)
    run = draft(county, officer)
    document = simple_document(version="2", years={"from": 2021})
    row = store_scheme(county=county, actor=officer, document=document, reason="草稿")
    client, page = signed_in("evaluation_officer"), "/evaluation/schemes/simple/2/edit/"
    shown = client.get(page)
    assert "移除 中" in unescape(shown.content.decode())
    form = (
        sent(document)
        | {"sha256": row.sha256, "basis_of": f"run:{run.pk}", "against": "saved"}
        | hidden(shown)
    )

    answer = client.post(page, form | {"add_grade": "1", "new_grade": "最差", "new_grade_at": "4"})
    assert answer.status_code == 200
    form |= hidden(answer) | {
        "grades[4]": "最差",
        "groups[1].cutoffs[2]": "0.3",
        "groups[1].cutoffs[3]": "0.2",
        "groups[1].cutoffs[4]": "0.3",
    }
    answer = client.post(
        page,
        form | {
            "add_indicator": "1", "new_indicator.code": "staff", "new_indicator.title": "人均税收",
            "new_indicator.unit": "万元/人", "new_indicator.numerator": "tax_wan", "new_indicator.denominator": "employees",
        },
    )  # fmt: skip
    form |= hidden(answer)
    assert "人均税收" in unescape(answer.content.decode())
    answer = client.post(page, form | {"drop_indicator": "2"})
    form |= hidden(answer)
    answer = client.post(page, form | {"preview": "1"})
    told = unescape(answer.content.decode())
    assert answer.status_code == 200, told
    assert answer.context["found"].heads == ("好", "中", "差", "最差")
    assert [one.grade_after for one in answer.context["found"].moved] == ["差", "最差"]
    assert SchemeVersion.objects.get(pk=row.pk).definition == document, "nothing is saved by looking"
    assert client.post(page, form | {"save": "1", "reason": "加一档"}).status_code == 302
    saved = SchemeVersion.objects.get(pk=row.pk).definition
    assert saved["grades"] == ["好", "中", "差", "最差"]
    assert [one["code"] for one in saved["indicators"]] == ["tax_per_mu"]


@pytest.mark.usefixtures("firms")
def test_what_the_editor_refuses_leaves_what_was_typed(
    county: County, officer: Actor, signed_in: SignIn
) -> None:
    document = simple_document(indicators=[indicator("tax_per_mu", "tax_wan", "land_mu")])
    row = store_scheme(county=county, actor=officer, document=document, reason="草稿")
    client, page = signed_in("evaluation_officer"), "/evaluation/schemes/simple/1/edit/"
    form = sent(document) | {"sha256": row.sha256, "steps": "[]", "name": "改过的名称"}
    for more, words in (
        ({"drop_indicator": "1"}, "至少应有一个指标"),
        ({"add_grade": "1", "new_grade": "中", "new_grade_at": "1"}, "已有档次"),
        ({"steps": "[[9]]", "preview": "1"}, "无法读取"),
        ({"add_indicator": "1"}, "都应填写"),
    ):
        answer = client.post(page, form | more)
        assert answer.status_code == 422, more
        assert words in unescape(answer.content.decode())
