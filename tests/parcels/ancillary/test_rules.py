"""How much ancillary land is allowed, by the rules alone (action plan, 四（五）)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landgis.lib.units import mu_to_m2
from parcels.ancillary.rules import FIRM, MAJOR, PARK, Graded, Limits, Project, judge, judge_use, quota

LIMITS = Limits(
    Decimal("0.07"),
    Decimal("0.15"),
    Decimal("0.15"),
    Decimal("0.30"),
    Decimal(50),
    ("B1",),
    2,
    Decimal("0.5"),
    Decimal(1),
)
M2 = Decimal(100_000)  # 150 亩
PLAIN = Project(MAJOR, M2, Decimal(7000), M2, Decimal(15_000), Decimal(0), Decimal(0), flats=False)
RAISED = replace(
    PLAIN, ancillary_land_m2=Decimal(15_000), ancillary_building_m2=Decimal(30_000), dormitory_land_m2=Decimal(8000),
    dormitory_building_m2=Decimal(10_000),
)  # fmt: skip
GOOD = (Graded(2024, "A", "B1", True), Graded(2023, "B1", "B1", True))


def test_the_ordinary_limits_are_inclusive() -> None:
    assert judge(PLAIN, LIMITS, (), raised=False).within
    over = judge(replace(PLAIN, ancillary_land_m2=Decimal("7000.0001")), LIMITS, (), raised=False)
    assert over.needs_raising
    assert not over.within
    assert judge(
        replace(PLAIN, ancillary_building_m2=Decimal("15000.0001")), LIMITS, (), raised=False
    ).needs_raising


@pytest.mark.parametrize("category", [MAJOR, PARK])
def test_projects_and_parks_may_be_raised_by_an_officer_only(category: str) -> None:
    found = judge(replace(RAISED, category=category), LIMITS, (), raised=False)
    assert found.may_be_raised
    assert not found.within
    assert judge(replace(RAISED, category=category), LIMITS, (), raised=True).within


@pytest.mark.parametrize(
    ("firm_m2", "grades", "met"),
    [
        (M2, GOOD, True),
        (None, GOOD, False),
        (M2, (GOOD[0], Graded(2023, "B2", "B1", False)), False),
        (M2, (GOOD[0], Graded(2023, "", "B1", None)), False),
        (mu_to_m2(Decimal(50)), GOOD, True),
        (mu_to_m2(Decimal(50)) - Decimal("0.0001"), GOOD, False),  # 50.00 亩 when rounded
    ],
)
def test_a_firm_needs_both_years_and_fifty_mu_unrounded(
    firm_m2: Decimal | None, grades: tuple[Graded, ...], met: bool
) -> None:
    land_m2 = Decimal(1000)  # the project's own land may be small: what counts is the firm's
    scale = land_m2 / M2
    firm = Project(
        FIRM,
        land_m2,
        land_m2 * Decimal("0.15"),
        land_m2,
        land_m2 * Decimal("0.3"),
        8000 * scale,
        10_000 * scale,
        flats=False,
        firm_land_m2=firm_m2,
    )
    assert judge(firm, LIMITS, grades, raised=False).may_be_raised is met


def test_nobody_else_may_be_raised_and_no_raising_goes_above_its_own_limit() -> None:
    assert not judge(replace(RAISED, category=""), LIMITS, GOOD, raised=True).within
    assert not judge(replace(RAISED, ancillary_land_m2=Decimal("15000.01")), LIMITS, (), raised=True).within
    assert not judge(
        replace(RAISED, ancillary_building_m2=Decimal("30000.01")), LIMITS, (), raised=True
    ).within


def test_the_increment_is_mainly_for_dormitories_and_never_for_flats() -> None:
    assert not judge(
        replace(RAISED, dormitory_land_m2=Decimal(4000)), LIMITS, (), raised=True
    ).within  # half isn't mainly
    assert judge(replace(RAISED, dormitory_land_m2=Decimal("4000.01")), LIMITS, (), raised=True).within
    assert not judge(replace(RAISED, dormitory_building_m2=Decimal(7500)), LIMITS, (), raised=True).within
    assert not judge(replace(RAISED, flats=True), LIMITS, (), raised=True).within
    assert not judge(replace(PLAIN, flats=True), LIMITS, (), raised=False).within


def test_a_pooled_quota_cannot_be_used_at_home_as_well() -> None:
    land, building = quota(M2, M2, LIMITS)
    assert (land, building) == (Decimal(7000), Decimal(15_000))
    pooled = replace(PLAIN, pooled_land_m2=land, pooled_building_m2=building)
    assert not judge(pooled, LIMITS, (), raised=False).within
    empty = replace(pooled, ancillary_land_m2=Decimal(0), ancillary_building_m2=Decimal(0))
    assert judge(empty, LIMITS, (), raised=False).within
    part = replace(PLAIN, ancillary_land_m2=Decimal(4000), pooled_land_m2=Decimal(3000))
    assert judge(part, LIMITS, (), raised=False).within


def test_a_raised_quota_may_be_pooled_after_approval_and_no_more_than_it() -> None:
    bare = replace(PLAIN, ancillary_land_m2=Decimal(0), ancillary_building_m2=Decimal(0))
    pooled = replace(bare, pooled_land_m2=Decimal(15_000), pooled_building_m2=Decimal(30_000))
    before = judge(pooled, LIMITS, (), raised=False)
    assert before.may_be_raised
    assert not before.within
    assert judge(pooled, LIMITS, (), raised=True).within
    assert not judge(replace(pooled, pooled_land_m2=Decimal("15000.0001")), LIMITS, (), raised=True).within
    assert not judge(replace(pooled, category=""), LIMITS, (), raised=True).within


def test_what_is_built_with_pooled_quotas_is_dormitories() -> None:
    ten, share = Decimal(10), Decimal(1)
    assert all(check.met for check in judge_use(ten, ten, ten, ten, share, flats=False))
    assert not all(check.met for check in judge_use(ten, ten, ten, Decimal("9.9999"), share, flats=False))
    assert not all(check.met for check in judge_use(ten, ten, ten, ten, share, flats=True))


def test_every_verdict_explains_itself() -> None:
    found = judge(replace(RAISED, category=FIRM, firm_land_m2=M2), LIMITS, GOOD, raised=False)
    assert all(check.told for check in found.checks)
    assert [check.title for check in found.checks if check.met is not True] == [
        "用地占比", "建筑面积占比", "经审核批准",
    ]  # fmt: skip


@given(
    st.decimals(1, 10**6, places=4),
    st.decimals(0, 1, places=6),
    st.decimals(0, 1, places=6),
    st.booleans(),
    st.booleans(),
)
def test_whoever_is_within_never_exceeds_the_raised_limits(
    land: Decimal, part: Decimal, building: Decimal, raised: bool, flats: bool
) -> None:
    project = Project(
        MAJOR, land, land * part, land, land * building, land * part, land * building, flats=flats
    )
    found = judge(project, LIMITS, (), raised=raised)
    if found.within:
        assert not flats
        assert project.ancillary_land_m2 <= land * (LIMITS.land_raised if raised else LIMITS.land)
        assert project.ancillary_building_m2 <= land * (LIMITS.building_raised if raised else LIMITS.building)
