"""Rules on plain facts: each at its limit and on either side of it, severities as data, old faults that don't block."""

from typing import Any

import pytest

from landgis.counties.profile import national_parameters
from parcels.editing.rules import (
    PREFIX,
    RULES,
    Finding,
    Measured,
    area_tolerance_m2,
    blocking,
    judge,
    needs_reason,
    rulebook,
)

NATIONAL = {value.key: value.value for value in national_parameters()}
BOOK = rulebook(NATIONAL)


def judged(rule: str, value: float | None, limit: float | None = None, **facts: Any) -> list[Finding]:
    return judge([Measured(rule, ("P1", "P2"), value, limit, **facts)], BOOK)


def test_every_rule_is_a_dated_parameter_with_its_basis() -> None:
    stated = {value.key: value for value in national_parameters() if value.key.startswith(PREFIX)}
    assert {key.removeprefix(PREFIX) for key in stated} == set(RULES)
    assert {(value.certainty, bool(value.basis)) for value in stated.values()} == {("ours", True)}


@pytest.mark.parametrize(
    ("rule", "severity"),
    [
        ("overlap", "error"), ("gap", "warning"), ("self_intersection", "error"), ("spike", "warning"),
        ("duplicate_point", "warning"), ("tiny_part", "warning"), ("tiny_parcel", "error"),
        ("area_difference", "warning"), ("outside_county", "error"), ("crosses_town", "warning"),
        ("crosses_control_line", "warning"), ("holders_differ", "warning"), ("short_edge", "warning"),
        ("code_missing", "error"), ("code_used", "error"),
    ],
)  # fmt: skip
def test_severities(rule: str, severity: str) -> None:
    assert BOOK[rule].severity == severity


@pytest.mark.parametrize(
    ("rule", "limit", "broken", "kept"),
    [
        ("overlap", 0.01, 0.01, 0.0099999),
        ("gap", 0.5, 0.4999999, 0.5),
        ("spike", 1.0, 0.9999999, 1.0),
        ("duplicate_point", 0.001, 0.001, 0.0010001),
        ("short_edge", 0.05, 0.0499999, 0.05),
        ("tiny_part", 1.0, 0.9999999, 1.0),
        ("tiny_parcel", 1.0, 0.9999999, 1.0),
        ("area_difference", 10.0, 10.000001, 10.0),
        ("outside_county", 1.0, 1.0, 0.9999999),
        ("crosses_town", 1.0, 1.0, 0.9999999),
        ("crosses_control_line", 1.0, 1.0, 0.9999999),
    ],
)
def test_a_limit_and_both_its_sides(rule: str, limit: float, broken: float, kept: float) -> None:
    (found,) = judged(rule, broken, limit, other="x")
    assert (found.rule, found.value, found.limit, found.parcels) == (rule, broken, limit, ("P1", "P2"))
    assert "P1、P2" in found.message
    assert found.remedy
    assert judged(rule, kept, limit) == []


@pytest.mark.parametrize("rule", ["self_intersection", "holders_differ", "code_missing", "code_used"])
def test_rules_without_a_measure(rule: str) -> None:
    (found,) = judged(rule, None, other="甲")
    assert (found.value, found.limit) == (None, None)


def test_limits_that_other_rooms_read_stand_once() -> None:
    assert BOOK["overlap"].limits == {"area_m2": NATIONAL["geometry.overlap_tolerance_m2"]}
    assert BOOK["spike"].limits["degrees"] == NATIONAL["geometry.spike_degrees"]
    assert BOOK["tiny_parcel"].limits == {"area_m2": NATIONAL["area.minimum_m2"]}
    own = rulebook(NATIONAL | {"edit.rule.overlap": {"severity": "warning", "area_m2": 3}})
    assert (own["overlap"].severity, own["overlap"].limits) == ("warning", {"area_m2": 3.0})


@pytest.mark.parametrize(
    ("registered", "tolerance"), [(500.0, 1.0), (1000.0, 1.0), (1000.1, 1.0001), (20_000.0, 20.0)]
)
def test_the_tolerance_between_certificate_and_drawing(registered: float, tolerance: float) -> None:
    assert area_tolerance_m2(registered, BOOK["area_difference"]) == pytest.approx(tolerance)


def test_a_rule_can_be_switched_off_and_a_severity_must_be_known() -> None:
    silent = rulebook(NATIONAL | {"edit.rule.overlap": {"severity": "off"}})
    assert judge([Measured("overlap", ("P1",), 5.0, 0.01)], silent) == []
    with pytest.raises(ValueError, match="overlap"):
        rulebook(NATIONAL | {"edit.rule.overlap": {"severity": "fatal"}})


def test_what_was_wrong_before_never_blocks() -> None:
    (found,) = judged("overlap", 5.0, 0.01, before=True)
    assert found.severity == "warning"
    assert found.message.endswith("此情况变更前已存在。")


def test_errors_come_first_and_decide() -> None:
    facts = [Measured("gap", ("P1",), 0.1, 0.5), Measured("overlap", ("P1", "P2"), 1.0, 0.01)]
    found = judge(facts, BOOK)
    assert [finding.severity for finding in found] == ["error", "warning"]
    assert (blocking(found), needs_reason(found)) == (True, True)
    assert (blocking(found[1:]), needs_reason(found[:1])) == (False, False)
