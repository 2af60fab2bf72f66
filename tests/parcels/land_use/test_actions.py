"""Uses of land are entered, corrected and ended by those who may, with a reason, and groups are kept apart."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from landgis.access.queries import Actor
from landgis.audit.models import AuditEvent
from landgis.counties.models import County
from landgis.lib.errors import Conflict, FieldErrors, Forbidden, InputError, NotFound, Outdated, UsageError
from parcels.cadastre.models import Parcel
from parcels.enterprises.models import Enterprise, Occupancy
from parcels.land_use.actions import Stated, affiliate, correct_use, end_affiliation, end_use, enter_use
from tests import factories

ONE, TWO, THREE = "91330782MA2ABCDE1X", "91330782MA2ABCDE2X", "91330782MA2ABCDE3X"


@pytest.fixture
def ground(county: County) -> Parcel:
    for number, uscc in enumerate((ONE, TWO, THREE), 1):
        factories.enterprise(county, uscc, f"企业{number}")
    return factories.parcel(county, "A1", factories.box(0, 0, 1, 1))


def stated(**facts: object) -> Stated:
    given: dict[str, object] = {
        "uscc": ONE, "role": "owned", "lessor_uscc": "", "valid_from": date(2024, 1, 1), "valid_to": None,
    }  # fmt: skip
    if not {"area_m2", "share", "geom_4490"} & facts.keys():
        given["share"] = Decimal(1)
    return Stated(**(given | facts))  # type: ignore[arg-type]


def test_a_town_enters_corrects_and_ends_its_own(
    county: County, cast: dict[str, Actor], ground: Parcel
) -> None:
    officer = cast["township_officer"]
    made = enter_use(county=county, actor=officer, parcel_id=ground.pk, stated=stated(), reason="现场核查")
    made.refresh_from_db()
    lease = stated(role="leased_in", lessor_uscc=TWO, area_m2=Decimal(500))
    correct_use(
        county=county, actor=officer, use_id=made.pk, seen=made.change_id, stated=lease, reason="补合同"
    )
    use = Occupancy.objects.select_related("lessor").get()
    assert (use.role, use.area_m2, use.share, use.lessor and use.lessor.uscc) == (
        "leased_in",
        Decimal(500),
        None,
        TWO,
    )
    with pytest.raises(Outdated):
        end_use(
            county=county,
            actor=officer,
            use_id=use.pk,
            seen=made.change_id,
            on=date(2024, 6, 1),
            reason="退租",
        )
    end_use(
        county=county, actor=officer, use_id=use.pk, seen=use.change_id, on=date(2024, 6, 1), reason="退租"
    )
    assert Occupancy.objects.get().valid_to == date(2024, 6, 1)
    actions = AuditEvent.objects.filter(actor="township_officer").values_list("action", "reason")
    assert set(actions) == {
        ("enter_land_use", "现场核查"), ("correct_land_use", "补合同"), ("end_land_use", "退租"),
    }  # fmt: skip


def test_a_correction_without_a_measure_leaves_the_land(
    county: County, cast: dict[str, Actor], ground: Parcel
) -> None:
    use = factories.occupancy(ground, Enterprise.objects.get(uscc=ONE), geom_4490=factories.box(0, 0, 0.5, 1))
    use.refresh_from_db()
    kept = Stated(uscc=TWO, role="unregistered", lessor_uscc="", valid_from=date(2024, 1, 1), valid_to=None)
    correct_use(
        county=county,
        actor=cast["registrar"],
        use_id=use.pk,
        seen=use.change_id,
        stated=kept,
        reason="改企业",
    )
    after = Occupancy.objects.select_related("enterprise").get()
    assert (after.enterprise.uscc, after.role) == (TWO, "unregistered")
    assert after.geom_4490 == use.geom_4490


def test_another_towns_parcel_doesnt_exist_and_a_reader_may_not(
    county: County, cast: dict[str, Actor], ground: Parcel
) -> None:
    east = factories.parcel(county, "B1", factories.box(60, 0, 61, 1), town_code=factories.TOWN_EAST)
    with pytest.raises(NotFound):
        enter_use(
            county=county, actor=cast["township_officer"], parcel_id=east.pk, stated=stated(), reason="x"
        )
    for role in ("leader", "agency", "idle_land_officer", "system_admin"):
        with pytest.raises(Forbidden):
            enter_use(county=county, actor=cast[role], parcel_id=ground.pk, stated=stated(), reason="x")


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"uscc": "91330782MA2ABCDE9X"}, "uscc"),
        ({"lessor_uscc": ONE}, "lessor_uscc"),
        ({"role": "borrowed"}, "role"),
        ({"valid_to": date(2023, 1, 1)}, "valid_to"),
        ({"share": Decimal("1.01")}, "share"),
        ({"area_m2": Decimal(0)}, "area_m2"),
        ({"share": Decimal(1), "area_m2": Decimal(5)}, "measure"),
        ({"geom_4490": factories.box(5, 5, 6, 6)}, "geometry"),
    ],
)
def test_what_cant_be_is_refused_with_its_field(
    county: County, cast: dict[str, Actor], ground: Parcel, facts: dict[str, object], field: str
) -> None:
    with pytest.raises(FieldErrors) as refused:
        enter_use(
            county=county, actor=cast["registrar"], parcel_id=ground.pk, stated=stated(**facts), reason="x"
        )
    assert [issue["field"] for issue in refused.value.issues] == [field]
    assert not Occupancy.objects.exists()


def test_the_same_use_twice_and_a_change_without_a_reason(
    county: County, cast: dict[str, Actor], ground: Parcel
) -> None:
    registrar = cast["registrar"]
    enter_use(county=county, actor=registrar, parcel_id=ground.pk, stated=stated(), reason="x")
    with pytest.raises(Conflict, match="已有同一使用方式"):
        enter_use(county=county, actor=registrar, parcel_id=ground.pk, stated=stated(), reason="x")
    with pytest.raises(UsageError):
        enter_use(county=county, actor=registrar, parcel_id=ground.pk, stated=stated(uscc=TWO), reason=" ")


def test_a_firm_is_in_one_group_at_a_time_and_groups_have_one_level(
    county: County, cast: dict[str, Actor], ground: Parcel
) -> None:
    officer = cast["evaluation_officer"]

    def join(head: str, member: str, begins: date = date(2024, 1, 1)) -> int:
        return affiliate(
            county=county, actor=officer, head_uscc=head, member_uscc=member, valid_from=begins, valid_to=None,
            basis="股权", reason="股权",
        ).pk  # fmt: skip

    first = join(ONE, TWO)
    with pytest.raises(Conflict, match="已属于另一个"):
        join(THREE, TWO)
    with pytest.raises(Conflict, match="自己已归入"):
        join(TWO, THREE)
    with pytest.raises(Conflict, match="名下已有"):
        join(THREE, ONE)
    with pytest.raises(InputError):
        join(ONE, ONE)
    end_affiliation(county=county, actor=officer, affiliation_id=first, on=date(2024, 6, 30), reason="出售")
    with pytest.raises(Conflict):
        join(THREE, TWO, date(2024, 6, 30))
    join(THREE, TWO, date(2024, 7, 1))
    with pytest.raises(Forbidden):
        affiliate(
            county=county, actor=cast["township_officer"], head_uscc=ONE, member_uscc=THREE,
            valid_from=date(2024, 1, 1), valid_to=None, basis="x", reason="x",
        )  # fmt: skip
