"""A town confirms its land use; what changes afterwards is told, and the year is closed only when all have confirmed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError

from landgis.access.actions import open_account
from landgis.access.queries import Actor, actor_for
from landgis.audit.models import AuditEvent
from landgis.counties.models import County
from landgis.lib.errors import Conflict, Forbidden, InputError, Outdated
from parcels.enterprises.models import Enterprise
from parcels.land_use.actions import choose_tenancy
from parcels.land_use.confirming import confirm_town, freeze_year, frozen_as_is
from parcels.land_use.models import LandUseConfirmation
from parcels.land_use.queries import town_states
from parcels.land_use.rules import fingerprint
from tests import factories

YEAR = 2024
WEST, EAST = factories.TOWN_WEST, factories.TOWN_EAST


@pytest.fixture
def firm(county: County) -> Enterprise:
    firm = factories.enterprise(county, "91330782MA2ABCDE1X", "甲公司")
    other = factories.enterprise(county, "91330782MA2ABCDE2X", "乙公司")
    west = factories.parcel(county, "A1", factories.box(0, 0, 1, 1), registered_area_m2=Decimal(10_000))
    factories.occupancy(west, firm)
    factories.occupancy(west, other, role="leased_in", lessor=firm, area_m2=Decimal(2000))
    factories.occupancy(factories.parcel(county, "B1", factories.box(60, 0, 61, 1), town_code=EAST), firm)
    return firm


def hash_of(county: County, actor: Actor, town: str) -> str:
    return next(fingerprint(t.code, YEAR, t.uses) for t in town_states(county, actor, YEAR) if t.code == town)


def confirm(county: County, actor: Actor, town: str = WEST, note: str = "") -> LandUseConfirmation:
    return confirm_town(
        county=county,
        actor=actor,
        town_code=town,
        year=YEAR,
        seen_sha256=hash_of(county, actor, town),
        note=note,
    )


@pytest.fixture
def east_officer(county: County) -> Actor:
    user = open_account(
        county=county, username="east", display_name="东", password=factories.PASSWORD, role="township_officer",
        town_code=EAST, by="测试员", on=date(2020, 1, 1), reason="试",
    )  # fmt: skip
    return actor_for(user, county, date(2026, 1, 1))


def test_a_town_confirms_its_own_rows_with_figures_and_hash(
    county: County, cast: dict[str, Actor], firm: Enterprise
) -> None:
    made = confirm(county, cast["township_officer"])
    assert made.statement == {"uses": 2, "parcels": 1, "firms": 2, "area_mu": "15.00", "problems": {}}
    assert made.sha256 == hash_of(county, cast["leader"], WEST)
    states = {town.code: town.state for town in town_states(county, cast["leader"], YEAR)}
    assert states == {WEST: "current", EAST: "missing"}
    assert AuditEvent.objects.filter(action="confirm_land_use", actor="township_officer").count() == 1
    with pytest.raises(Conflict, match="已经确认"):
        confirm(county, cast["township_officer"])


def test_nobody_confirms_for_another_town_or_without_the_right(
    county: County, cast: dict[str, Actor], firm: Enterprise
) -> None:
    seen = hash_of(county, cast["leader"], EAST)
    with pytest.raises(Forbidden):
        confirm_town(
            county=county,
            actor=cast["township_officer"],
            town_code=EAST,
            year=YEAR,
            seen_sha256=seen,
            note="",
        )
    for role in factories.ROLES:
        if role != "township_officer":
            with pytest.raises(Forbidden):
                confirm_town(
                    county=county, actor=cast[role], town_code=EAST, year=YEAR, seen_sha256=seen, note=""
                )


def test_rows_that_changed_under_the_officers_eyes_are_not_confirmed(
    county: County, cast: dict[str, Actor], firm: Enterprise
) -> None:
    with pytest.raises(Outdated):
        confirm_town(
            county=county,
            actor=cast["township_officer"],
            town_code=WEST,
            year=YEAR,
            seen_sha256="0" * 64,
            note="",
        )


def test_open_problems_need_a_word(county: County, cast: dict[str, Actor], firm: Enterprise) -> None:
    factories.parcel(county, "A2", factories.box(2, 0, 3, 1))
    with pytest.raises(InputError, match="1 个问题"):
        confirm(county, cast["township_officer"])
    assert confirm(county, cast["township_officer"], note="新出让，尚未使用").statement["problems"] == {
        "unused": 1
    }


def test_a_later_change_outdates_the_confirmation_and_says_what(
    county: County, cast: dict[str, Actor], firm: Enterprise
) -> None:
    confirm(county, cast["township_officer"])
    lease = firm.leases.get()
    with factories.writing(county):
        type(lease).objects.filter(pk=lease.pk).update(area_m2=Decimal(2500))
    third = factories.enterprise(county, "91330782MA2ABCDE3X", "丙公司")
    factories.occupancy(lease.parcel, third, area_m2=Decimal(1))
    west = town_states(county, cast["leader"], YEAR)[0]
    assert (west.state, west.since and west.since.told) == ("outdated", "新增 1 条，减少 0 条，变化 1 条")
    assert west.since is not None
    assert west.since.lines() == [
        "新增：宗地 A1，丙公司，自有 1.0000 ㎡",
        "变化：宗地 A1，乙公司，租入 2000.0000 ㎡ → 使用量 2000.0000 ㎡ → 2500.0000 ㎡",
    ]
    confirm(county, cast["township_officer"], note="已核")
    assert town_states(county, cast["leader"], YEAR)[0].state == "current"


def test_a_changed_choice_outdates_too_and_another_year_doesnt(
    county: County, cast: dict[str, Actor], firm: Enterprise
) -> None:
    confirm(county, cast["township_officer"])
    parcel, tenant = firm.leases.get().parcel, firm.leases.get().enterprise
    for year, state in ((2023, "current"), (YEAR, "outdated")):
        choose_tenancy(
            county=county, actor=cast["evaluation_officer"], parcel_id=parcel.pk, tenant_id=tenant.pk, year=year,
            apart=True, reason="试",
        )  # fmt: skip
        assert town_states(county, cast["leader"], YEAR)[0].state == state


def test_a_year_is_closed_when_every_town_has_confirmed_or_with_a_reason(
    county: County, cast: dict[str, Actor], firm: Enterprise, east_officer: Actor
) -> None:
    officer = cast["evaluation_officer"]
    confirm(county, cast["township_officer"])
    with pytest.raises(Conflict, match="乙镇 尚未确认"):
        freeze_year(county=county, actor=officer, year=YEAR, override="")
    assert freeze_year(county=county, actor=officer, year=YEAR, override="赶期").override == "赶期"
    assert frozen_as_is(county, officer, YEAR)
    confirm(county, east_officer, EAST)
    with pytest.raises(Conflict, match="没有变化"):
        freeze_year(county=county, actor=officer, year=YEAR, override="")
    factories.occupancy(
        firm.occupancies.get(parcel__code="B1").parcel,
        factories.enterprise(county, "91330782MA2ABCDE4X", "丁公司"), area_m2=Decimal(5),
    )  # fmt: skip
    assert not frozen_as_is(county, officer, YEAR)
    confirm(county, east_officer, EAST, note="已核")
    closed = freeze_year(county=county, actor=officer, year=YEAR, override="用不着")
    assert closed.override == ""
    assert frozen_as_is(county, officer, YEAR)
    with pytest.raises(Forbidden):
        freeze_year(county=county, actor=cast["township_officer"], year=YEAR, override="x")


def test_a_confirmation_cant_be_changed(county: County, cast: dict[str, Actor], firm: Enterprise) -> None:
    made = confirm(county, cast["township_officer"])
    with pytest.raises(DatabaseError, match="append-only"), factories.writing(county):
        LandUseConfirmation.objects.filter(pk=made.pk).update(note="改")
