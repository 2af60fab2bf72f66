"""Rights are decided in one place: roles bring rights, assignments bring a territory, and time ends both."""

from datetime import date

import pytest

from landgis.access.models import Assignment
from landgis.access.queries import Actor, actor_for, command_actor, in_territory, territory_sql
from landgis.access.rules import (
    MANAGE_USERS,
    RIGHT_TITLES,
    RIGHTS,
    VIEW_AUDIT,
    VIEW_FIRM_FIGURES,
    VIEW_MAP,
)
from landgis.counties.models import County
from landgis.lib.errors import Forbidden
from parcels.cadastre.models import Parcel
from tests import factories


def test_the_three_administrators_share_no_right() -> None:
    """GB/T 22239-2019: system, security and audit administration are apart, and none sees business data."""
    admins = [RIGHTS[role] for role in ("system_admin", "security_admin", "audit_admin")]
    assert all(not a & b for i, a in enumerate(admins) for b in admins[i + 1 :])
    assert all(VIEW_MAP not in rights and VIEW_FIRM_FIGURES not in rights for rights in admins)
    assert [role for role, rights in RIGHTS.items() if MANAGE_USERS in rights] == ["security_admin"]
    assert [role for role, rights in RIGHTS.items() if VIEW_AUDIT in rights] == ["audit_admin"]


def test_a_refusal_names_the_right_in_words() -> None:
    assert set(RIGHT_TITLES) == set().union(*RIGHTS.values())
    nobody = Actor("x", "王明", "990001", (), frozenset(), None)
    with pytest.raises(Forbidden, match="账号“王明”没有此项权限（查看地图和清单）。"):
        nobody.require(VIEW_MAP)


def test_a_township_officer_sees_the_own_town_only(county: County, cast: dict[str, Actor]) -> None:
    west = factories.parcel(county, "A1", factories.box(0, 0, 1, 1))
    factories.parcel(county, "B1", factories.box(60, 0, 61, 1), town_code=factories.TOWN_EAST)
    assert list(in_territory(Parcel.objects.all(), cast["township_officer"])) == [west]
    assert in_territory(Parcel.objects.all(), cast["registrar"]).count() == 2
    _, values = territory_sql(cast["township_officer"], alias="p")
    assert values["territory_towns"] == [factories.TOWN_WEST]


def test_another_county_is_never_seen(county: County, cast: dict[str, Actor]) -> None:
    other = factories.county("990002")
    factories.parcel(other, "X1", factories.box(0, 0, 1, 1))
    assert in_territory(Parcel.objects.all(), cast["leader"]).count() == 0


def test_an_assignment_ends(county: County) -> None:
    user = factories.person(county, "registrar")
    with factories.writing(county):
        Assignment.objects.filter(user=user).update(valid_to=date(2025, 12, 31))
    assert actor_for(user, county, date(2025, 12, 31)).may(VIEW_MAP)
    assert not actor_for(user, county, date(2026, 1, 1)).may(VIEW_MAP)


def test_nobody_without_an_assignment_sees_anything(county: County) -> None:
    user = factories.person(county, "registrar")
    other = factories.county("990002")
    nobody = actor_for(user, other)
    assert nobody.rights == frozenset()
    assert in_territory(Parcel.objects.all(), nobody).count() == 0


def test_a_command_acts_with_the_rights_of_its_person(county: County) -> None:
    factories.person(county, "township_officer")
    assert not command_actor("township_officer", county).may("import_data")
    with pytest.raises(Forbidden):
        command_actor("township_officer", county).require("import_data")
    with pytest.raises(Forbidden):
        command_actor("nobody", county)
