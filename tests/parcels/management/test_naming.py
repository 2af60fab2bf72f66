"""Which texts of a table are names: titles and units of rows, words of codes; no law, no headings of workbooks.

Walks tables made here; those of the rules are walked by the test of the catalogue.
"""

import re
from collections import OrderedDict
from dataclasses import dataclass

import pytest

from landgis.audit import kept
from landgis.lib.sheets import Column
from parcels.management.naming import ELSEWHERE, _modules, _names_in, names
from parcels.management.said import SAID


@dataclass(frozen=True, slots=True)
class Row:
    code: str
    title: str
    law: str
    fields: tuple["Row", ...] = ()


def test_the_words_of_codes_are_names() -> None:
    assert set(_names_in({"a": "甲", "b": "乙", "c": "C"})) == {"甲", "乙"}
    assert set(_names_in((("a", "甲"), ("b", "乙")))) == {"甲", "乙"}
    assert set(_names_in(("甲", "乙"))) == {"甲", "乙"}


def test_of_a_row_the_title_is_a_name_and_its_law_is_none() -> None:
    row = Row("a", "甲", "第一条", (Row("b", "乙", "第二条"),))
    for table in (row, (row,), {"a": row}, {"丙": (row,)}):
        assert {"甲", "乙"} <= set(_names_in(table)) <= {"甲", "乙", "丙"}


def test_headings_of_workbooks_are_handed_on_as_they_are() -> None:
    assert list(_names_in((Column("企业", 10, "text", str),))) == []


def test_a_text_alone_is_no_table() -> None:
    assert list(_names_in("请核对。")) == []


def test_names_come_with_the_table_where_they_stand() -> None:
    found = names()
    assert found["周一"].endswith(".WEEKDAYS")
    assert set(SAID) <= set(found)


def test_every_exemption_still_has_its_tables() -> None:
    places = [f"{module.__name__}.{table}" for module in _modules() for table in vars(module)]
    assert [where for where in ELSEWHERE if not any(re.fullmatch(where, place) for place in places)] == []


def test_what_is_kept_at_work_is_no_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(kept._kept, "甲", OrderedDict(乙=("丙", "丁")))
    assert not {"甲", "乙", "丙", "丁"} & set(names())
