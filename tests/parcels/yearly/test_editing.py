"""The form of a draft: sent back as it was shown it changes nothing; what is typed arrives where it belongs."""

from __future__ import annotations

from typing import Any

import pytest

from landgis.lib.errors import FieldErrors
from parcels.schemes.reading import read_definition
from parcels.yearly.editing import edited, grids, places
from tests.parcels.grading.making import shipped, simple_document

SCHEMES = [shipped("yiwu-2022"), shipped("huangyan-2022"), simple_document()]


def sent(document: dict[str, Any]) -> dict[str, str]:
    """What a browser would send of the form as it is shown."""
    return {
        one.name: one.value for grid in grids(document, {}) for _, entries in grid.rows for one in entries
    }


@pytest.mark.parametrize("document", SCHEMES, ids=lambda one: one["code"])
def test_a_form_sent_back_unchanged_defines_the_same(document: dict[str, Any]) -> None:
    assert read_definition(edited(document, sent(document))) == read_definition(document)


def test_numbers_weights_and_benchmarks_are_changed() -> None:
    document = shipped("yiwu-2022")
    made = edited(document, sent(document) | {
        "indicators[1].cap": "1.5",
        "groups[1].weights.tax_per_mu.points": "45",
        "groups[1].weights.rd_share.points": "",
        "groups[2].weights.tax_per_mu.benchmark.kind": "fixed",
        "groups[2].weights.tax_per_mu.benchmark.value": "24.097",
        "groups[2].cutoffs[1]": "0.3",
        "groups[2].cutoffs[2]": "0.4",
    })  # fmt: skip
    read = read_definition(made)
    assert read.indicators["tax_per_mu"].cap == 1.5
    assert [(one.indicator, one.points) for one in read.groups[0].weights] == [
        ("tax_per_mu", 45), ("value_added_per_mu", 20), ("value_added_per_tce", 17)
    ]  # fmt: skip
    assert read.groups[1].weights[0].benchmark.value == 24.097
    assert [str(limit) for limit in read.groups[1].cutoffs.limits[:2]] == ["0.3", "0.7"]
    assert document == shipped("yiwu-2022"), "the kept document stays as it is"


def test_a_grade_is_renamed_wherever_it_is_named() -> None:
    document = shipped("yiwu-2022")
    read = read_definition(edited(document, sent(document) | {"grades[4]": "末位"}))
    assert read.grades == ("A", "B", "C", "末位")
    assert {veto.to for veto in read.vetoes.values()} == {"末位"}
    with pytest.raises(FieldErrors):
        read_definition(edited(document, sent(document) | {"grades[4]": "A"}))


def test_every_fault_is_told_at_once_and_beside_its_field() -> None:
    document = shipped("yiwu-2022")
    made = edited(document, sent(document) | {
        "indicators[2].cap": "一点五",
        "groups[1].weights.tax_per_mu.points": "四十",
        "groups[2].cutoffs[4]": "0.5",
        "name": " ",
        "years.from": "1200",
    })  # fmt: skip
    with pytest.raises(FieldErrors) as refused:
        read_definition(made)
    faults = {issue["field"]: [issue["message"]] for issue in refused.value.issues}
    assert {
        "name",
        "indicators[2].cap",
        "groups[1].weights[1].points",
        "groups[2].cutoffs.shares",
        "years.from",
    } <= set(faults)
    shown = grids(made, faults)
    wrong = {
        one.name: one.value for grid in shown for _, entries in grid.rows for one in entries if one.errors
    }
    assert wrong["groups[1].weights.tax_per_mu.points"] == "四十"
    assert wrong["indicators[2].cap"] == "一点五"
    words = places(shown)
    assert words["groups[1].weights[1].points"] == "规上：权重 · 亩均税收 · 权重"
    assert words["groups[2].cutoffs.shares"] == "规下：分档界限"
