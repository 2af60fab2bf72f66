"""Each check of 先补后占、改一补一、占补平衡 at its limit, and the order of the steps."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from landgis.lib.errors import Conflict
from layers.control_lines.rules import Retained
from parcels.balance.rules import Facts, Incoming, Limits, Surplus, judged, refused, worst_level
from parcels.balance.steps import ORDER, next_steps, require_step

ON = date(2024, 4, 1)
LIMITS = Limits(
    planned_classes=("100101", "100102", "100103"), levels=("一级", "二级"), bank_surplus=True, publicity_days=10,
    sliver_m2=1.0, sliver_ratio=0.001,
)  # fmt: skip
IN = Incoming(
    name="调入一", drawn_m2=1000.0, area_m2=1000.0, level="一级", plan_class_code="100102", approved_on=ON
)
FACTS = Facts(
    effective_on=ON, out_drawn_m2=1000.0, out_m2=1000.0, out_outside_m2=0.0, out_doubled_m2=0.0, out_levels=("一级",),
    out_claimed=(), total_m2=50_000.0, newest_version=date(2010, 1, 1), newest_entry=date(2010, 1, 1), incoming=(IN,),
)  # fmt: skip
BANKED = Surplus("控调〔2023〕001", date(2023, 1, 1), "一级", 500.0, 500.0)


def state(code: str, facts: Facts, limits: Limits = LIMITS) -> str:
    return {check.code: check.state for check in judged(facts, limits)}[code]


def with_in(**values: Any) -> Facts:
    return replace(FACTS, incoming=(replace(IN, **values),))


def test_a_sound_adjustment_passes_every_check() -> None:
    checks = judged(FACTS, LIMITS)
    assert not refused(checks, pending=True)
    assert len({check.code for check in checks}) == len(checks) == 14
    assert all(check.basis and check.title for check in checks)


@pytest.mark.parametrize(
    ("code", "facts", "expected"),
    [
        ("area", replace(FACTS, out_m2=1000.0), "pass"),
        ("area", replace(FACTS, out_m2=1000.0000001), "fail"),
        ("area", replace(FACTS, out_m2=1500.0, surplus=(BANKED,)), "pass"),
        ("area", replace(FACTS, out_m2=1500.0000001, surplus=(BANKED,)), "fail"),
        ("in_before_out", with_in(approved_on=ON), "pass"),
        ("in_before_out", with_in(approved_on=ON + timedelta(days=1)), "fail"),
        ("in_before_out", with_in(approved_on=None), "fail"),
        ("in_before_out", replace(with_in(approved_on=None), approval_comes=True), "pending"),
        ("in_before_out", replace(FACTS, surplus=(replace(BANKED, entered_on=None),)), "fail"),
        (
            "in_before_out",
            replace(FACTS, surplus=(replace(BANKED, entered_on=ON + timedelta(days=1)),)),
            "fail",
        ),
        ("in_outside", with_in(in_line_m2=0.999), "pass"),
        ("in_outside", with_in(in_line_m2=1.0), "fail"),
        ("in_outside", with_in(drawn_m2=2000.0, in_line_m2=1.5), "pass"),
        ("in_outside", with_in(drawn_m2=2000.0, in_line_m2=2.0), "fail"),
        ("in_unused", with_in(claimed=(("控调〔2023〕001", 0.5),)), "pass"),
        ("in_unused", with_in(claimed=(("控调〔2023〕001", 5.0),)), "fail"),
        ("in_planned", with_in(plan_class_code="100103"), "pass"),
        ("in_planned", with_in(plan_class_code="110101"), "fail"),
        ("in_planned", with_in(plan_class_code=""), "fail"),
        ("in_county", with_in(outside_county_m2=0.5), "pass"),
        ("in_county", with_in(outside_county_m2=50.0), "fail"),
        ("level", with_in(level="二级"), "fail"),
        ("level", with_in(level=""), "fail"),
        ("level", replace(with_in(level="二级"), out_levels=("二级",)), "pass"),
        ("level", replace(with_in(level="二级"), out_levels=("二级", "一级")), "fail"),
        ("level", replace(with_in(level=""), out_levels=("",)), "none"),
        ("level", replace(FACTS, surplus=(replace(BANKED, level="二级"),)), "fail"),
        ("surplus", replace(FACTS, surplus=(BANKED,)), "pass"),
        ("surplus", replace(FACTS, surplus=(replace(BANKED, used_m2=500.0000001),)), "fail"),
        ("out_inside", replace(FACTS, out_outside_m2=0.9), "pass"),
        ("out_inside", replace(FACTS, out_outside_m2=1.0), "fail"),
        ("out_single", replace(FACTS, out_doubled_m2=10.0), "fail"),
        ("out_claimed", replace(FACTS, out_claimed=(("控调〔2024〕002", 10.0),)), "fail"),
        ("retained", replace(FACTS, retained=(Retained(ON, 50_000.0, "文"),)), "pass"),
        ("retained", replace(FACTS, retained=(Retained(ON, 50_000.0000001, "文"),)), "fail"),
        (
            "retained",
            replace(FACTS, retained=(Retained(ON, 1.0, "文"), Retained(date(2026, 1, 1), 60_000.0, "文二"))),
            "fail",
        ),
        ("retained", FACTS, "none"),
        ("order", replace(FACTS, newest_version=ON), "fail"),
        ("order", replace(FACTS, newest_entry=ON), "pass"),
        ("order", replace(FACTS, newest_entry=ON + timedelta(days=1)), "fail"),
        ("ground", replace(FACTS, out_m2=0.0, out_drawn_m2=0.0, incoming=()), "fail"),
        ("ground", replace(FACTS, out_m2=0.0, out_drawn_m2=0.0), "pass"),
    ],
)
def test_each_check_at_its_limit(code: str, facts: Facts, expected: str) -> None:
    assert state(code, facts) == expected
    failing = [
        check for check in judged(facts, LIMITS) if check.code == code and check.state in ("fail", "pending")
    ]
    assert all(check.remedy and check.told for check in failing)


def test_a_surplus_needs_the_parameter() -> None:
    without = replace(LIMITS, bank_surplus=False)
    assert state("surplus", replace(FACTS, surplus=(BANKED,)), without) == "fail"
    assert state("ground", replace(FACTS, out_m2=0.0, out_drawn_m2=0.0), without) == "fail"


def test_the_lowest_of_levels() -> None:
    assert worst_level(["一级", "二级", "一级"], LIMITS) == "二级"
    assert worst_level(["一级", "三级"], LIMITS) == "三级"
    assert worst_level([], LIMITS) == ""


def test_the_steps_follow_one_another() -> None:
    for place, step in enumerate(ORDER[1:], start=1):
        assert next_steps(ORDER[:place]) == (step, "withdrawn")
    assert next_steps(ORDER) == ("reversed",)
    assert next_steps((*ORDER, "reversed")) == ()
    assert next_steps(("application", "withdrawn")) == ()


@pytest.mark.parametrize(
    ("step", "on", "taken", "code"),
    [
        ("review", ON, [("application", ON)], "step_order"),
        ("argument", ON - timedelta(days=1), [("application", ON)], "step_before_last"),
        ("argument", date(2025, 1, 1), [("application", ON)], "step_in_future"),
        ("application", ON, [("application", ON)], "step_order"),
        ("withdrawn", ON, [(step, ON) for step in ORDER], "step_order"),
        ("approval", ON + timedelta(days=9), [(step, ON) for step in ORDER[:5]], "publicity_running"),
        ("nonsense", ON, [("application", ON)], "step_order"),
    ],
)
def test_an_illegal_step_is_refused(step: str, on: date, taken: list[tuple[str, date]], code: str) -> None:
    with pytest.raises(Conflict) as refusal:
        require_step(step, on, taken, today=date(2024, 12, 31), publicity_days=10)
    assert refusal.value.code == code
    assert refusal.value.remedy


def test_the_public_notice_may_end_on_its_last_day() -> None:
    taken = [(step, ON) for step in ORDER[:5]]
    require_step("approval", ON + timedelta(days=10), taken, today=date(2024, 12, 31), publicity_days=10)
