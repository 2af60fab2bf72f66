"""Versions follow one another without a gap or an overlap, of two at once one wins, and loading a profile keeps them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from landgis.audit.models import AuditEvent
from landgis.counties.actions import load_county
from landgis.counties.models import County
from landgis.counties.profile import read_profile
from landgis.counties.queries import parameters, with_versions_told
from landgis.counties.succession import Successor, Upload, add_version, versions, withdraw_version
from landgis.lib.errors import Conflict, Outdated

KEY = "disposal.term.reply"
TODAY = date(2026, 11, 22)
PAPER = Upload("文件.pdf", "application/pdf", b"%PDF-1")


def successor(county: County, days: int, on: date = date(2027, 1, 1), key: str = KEY) -> Successor:
    newest = versions(county, key).first()
    value = {"amount": days, "unit": "day"}
    return Successor(key, value, on, "县〔2026〕1号", "ours", "调整", newest.pk if newest else 0, PAPER)


def test_a_successor_ends_the_former_on_the_day_before(county: County) -> None:
    add_version(county, successor(county, 20), by="王")
    assert parameters(county, date(2026, 12, 31))[KEY]["amount"] == 30
    assert parameters(county, date(2027, 1, 1))[KEY]["amount"] == 20
    event = AuditEvent.objects.get(action="add_parameter_version")
    assert (event.actor, event.reason, event.summary["key"]) == ("王", "调整", KEY)
    assert event.summary["was"] == {"amount": 30, "unit": "day"}
    assert event.summary["paper_sha256"]


def test_withdrawn_before_its_first_day_the_former_runs_on(county: County) -> None:
    made = add_version(county, successor(county, 20), by="王")
    with pytest.raises(Conflict, match="已经施行"):
        withdraw_version(county, made.pk, by="王", today=date(2027, 1, 1), reason="误")
    withdraw_version(county, made.pk, by="王", today=date(2026, 12, 31), reason="误")
    (left,) = versions(county, KEY)
    assert left.valid_to is None
    assert AuditEvent.objects.get(action="withdraw_parameter_version").summary["value"]["amount"] == 20


def test_what_a_profile_loaded_cant_be_withdrawn(county: County) -> None:
    loaded = versions(county, KEY).get()
    with pytest.raises(Conflict):
        withdraw_version(county, loaded.pk, by="王", today=date(2000, 1, 1), reason="误")


def test_none_goes_before_or_beside_the_newest(county: County) -> None:
    add_version(county, successor(county, 20), by="王")
    with pytest.raises(Conflict, match="须晚于这一天"):
        add_version(county, successor(county, 10), by="王")
    with pytest.raises(Conflict, match="须晚于这一天"):
        add_version(county, successor(county, 10, date(2026, 12, 1)), by="王")
    add_version(county, successor(county, 10, date(2027, 1, 2)), by="王")
    assert [row.valid_to for row in versions(county, KEY)][1] == date(2027, 1, 1)


@given(st.lists(st.tuples(st.integers(1, 60), st.integers(0, 40)), max_size=6))
def test_at_any_time_each_day_has_one_value(county: County, tried: list[tuple[int, int]]) -> None:
    for days, ahead in tried:
        wanted = successor(county, days, TODAY + timedelta(days=ahead))
        newest = versions(county, KEY).first()
        if newest.valid_from >= wanted.valid_from:
            if newest.entered_by and newest.valid_from > TODAY:
                withdraw_version(county, newest.pk, by="王", today=TODAY, reason="误")
            continue
        add_version(county, wanted, by="王")
    rows = list(reversed(versions(county, KEY)))
    for before, after in pairwise(rows):
        assert before.valid_to == after.valid_from - timedelta(days=1)
    assert rows[-1].valid_to is None
    while rows and rows[-1].entered_by:
        last = rows.pop()
        withdraw_version(county, last.pk, by="王", today=last.valid_from - timedelta(days=1), reason="清")
    assert [row.valid_to for row in versions(county, KEY)] == [None]


@pytest.mark.django_db(transaction=True)
def test_of_two_successors_at_once_one_is_kept_and_the_other_told(county: County) -> None:
    wanted = [successor(county, 20), successor(county, 25)]

    def enter(one: Successor) -> Any:
        try:
            return add_version(county, one, by="王")
        except Outdated as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(enter, wanted))
    assert sum(isinstance(result, Outdated) for result in results) == 1
    assert versions(county, KEY).count() == 2
    assert AuditEvent.objects.filter(action="add_parameter_version").count() == 1


def test_the_rule_version_tells_an_amendment_and_differs_with_its_value(county: County) -> None:
    before = parameters(county, TODAY)["disposal.rule_version"]
    add_version(county, successor(county, 20), by="王")
    assert parameters(county, TODAY)["disposal.rule_version"] == before
    after = parameters(county, date(2027, 1, 1))["disposal.rule_version"]
    assert after.startswith(f"{before}·2027-01-01修订")
    assert (
        parameters(county, date(2027, 1, 1))["idle_land.rule_version"]
        == parameters(county, TODAY)["idle_land.rule_version"]
    )
    values = {"x.rule_version": "甲", "x.a": 1, "x.b": 2}
    one = with_versions_told(values, {"x.a": TODAY})
    other = with_versions_told(values | {"x.a": 3}, {"x.a": TODAY})
    assert one["x.rule_version"] != other["x.rule_version"]
    assert with_versions_told(values, {}) == values


def test_loading_the_profile_again_keeps_what_was_entered(db: None, tmp_path: Path) -> None:
    path = tmp_path / "profile.toml"
    text = 'code = "CZ010"\nname = "Praha 6"\nsurvey_crs = 5514\nbbox = [14.2, 50.0, 14.6, 50.2]\n'
    path.write_text(text, encoding="utf-8")
    load_county(read_profile(path), by="t", reason="t", commit=True)
    county = County.objects.get(code="CZ010")
    add_version(county, successor(county, 20), by="王")
    path.write_text(text + "# 改\n", encoding="utf-8")
    load_county(read_profile(path), by="t", reason="t", commit=True)
    assert [(row.value["amount"], row.valid_to) for row in versions(county, KEY)] == [
        (20, None), (30, date(2026, 12, 31)),
    ]  # fmt: skip
