"""A change taken back brings back the same bytes; what was changed since stands in its way; taking back is taken back too."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from landgis.access.queries import Actor, command_actor
from landgis.audit.models import AuditEvent
from landgis.counties.models import County
from landgis.lib.errors import Conflict, Forbidden, InputError, NotFound
from parcels.cadastre.lineage_models import CadastralEvent, EventParcel, Lineage
from parcels.cadastre.models import Holding, Parcel
from parcels.cadastre.reversal import LaterChanges, reverse_change
from parcels.cadastre.transitions import ChangedParcel, Transition
from parcels.enterprises.models import Occupancy
from parcels.supply.models import SupplyContract
from tests import factories
from tests.factories import box
from tests.factories_cadastre import CARRIERS, applied, born, divided, merged, reshaped

DAY, LATER, LAST = date(2024, 5, 6), date(2024, 9, 1), date(2025, 3, 3)


def reverse(county: County, actor: Actor, change_id: int, on: date, reason: str = "办错了") -> int:
    made = reverse_change(county, actor, change_id, reason=reason, on=on, carriers=CARRIERS)
    return CadastralEvent.objects.get(pk=made.events[0].id).change_id


def state() -> dict[str, Any]:
    """Everything in force: shapes byte by byte, facts, rights, uses, contracts; without the days and numbers of rows."""
    parcels = {
        parcel.code: (
            bytes(parcel.geom_4490.wkb),
            bytes(parcel.geom_3857.wkb),
            parcel.planar_area_m2,
            parcel.ellipsoidal_area_m2,
            parcel.registered_area_m2,
            parcel.location,
            parcel.note,
            parcel.town_code,
            tuple(parcel.aliases),
        )
        for parcel in Parcel.objects.filter(valid_to=None)
    }
    held = Holding.objects.filter(valid_to=None).values_list("parcel__code", "holder__name", "share")
    used = Occupancy.objects.filter(valid_to=None)
    return {
        "parcels": parcels,
        "held": sorted(held),
        "used": sorted(
            (
                use.parcel.code,
                use.enterprise.uscc,
                use.role,
                str(use.area_m2),
                str(use.share),
                str(use.geom_4490),
            )
            for use in used.select_related("parcel", "enterprise")
        ),
        "contracts": sorted(SupplyContract.objects.values_list("contract_no", "parcel__code", "parcel_code")),
    }


@pytest.fixture
def operator(county: County) -> Actor:
    return command_actor("system", county)


@pytest.fixture
def register(county: County) -> County:
    """A (two firms, a contract) beside B, both held; C apart."""
    west = factories.parcel(county, "A", box(0, 0, 2, 1), note="甲")
    east = factories.parcel(county, "B", box(2, 0, 4, 1), note="乙")
    factories.parcel(county, "C", box(8, 0, 9, 1))
    factories.holder(west, "示意纺织有限公司")
    factories.holder(east, "示意电子有限公司")
    one, two = (factories.enterprise(county, f"91330782000000000{n}", f"示意企业{n}") for n in (1, 2))
    factories.occupancy(west, one, share=Decimal("0.5"))
    factories.occupancy(west, two, area_m2=Decimal(3000))
    factories.occupancy(east, two)
    factories.occupancy(west, one, role="leased_in", lessor=two, geom_4490=box(0.5, 0, 1.5, 1))
    factories.contract(county, "HT-A", west)
    return county


def subdivision(county: County) -> int:
    return divided(county, Parcel.objects.get(code="A"), DAY, box(0, 0, 1, 1), box(1, 0, 2, 1))[0]


def consolidation(county: County) -> int:
    both = [Parcel.objects.get(code=code) for code in "AB"]
    return merged(county, both, "AB", DAY, box(0, 0, 4, 1))[0]


def reallotment(county: County) -> int:
    both = [Parcel.objects.get(code=code) for code in "AB"]
    children = [born(county, "N1", box(0, 0, 4, 0.5), both), born(county, "N2", box(0, 0.5, 4, 1), both)]
    return applied(county, Transition(on=DAY, born=children, ended=[parcel.pk for parcel in both]))[0]


def adjustment(county: County) -> int:
    west, east = (Parcel.objects.get(code=code) for code in "AB")
    moved = [reshaped(west, box(0, 0, 2.5, 1)), reshaped(east, box(2.5, 0, 4, 1), "densified")]
    return applied(county, Transition(on=DAY, changed=moved))[0]


def attributes(county: County) -> int:
    values = {
        "note": "改",
        "aliases": ["旧"],
        "registered_area_m2": None,
        "holders": [{"name": "示意物流有限公司", "uscc": "", "share": 1}],
    }
    return applied(
        county, Transition(on=DAY, changed=[ChangedParcel(Parcel.objects.get(code="A").pk, values)])
    )[0]


def registration(county: County) -> int:
    return applied(county, Transition(on=DAY, born=[born(county, "N", box(5, 0, 6, 1))]))[0]


def retirement(county: County) -> int:
    return applied(county, Transition(on=DAY, ended=[Parcel.objects.get(code="A").pk]))[0]


def restoration(county: County) -> int:
    return applied(county, Transition(on=DAY, restored=[Parcel.objects.get(code="C").pk]))[0]


def several_at_once(county: County) -> int:
    west, east = (Parcel.objects.get(code=code) for code in "AB")
    children = [
        born(county, "A-1", box(0, 0, 1, 1), [west]),
        born(county, "A-2", box(1, 0, 2, 1), [west]),
        born(county, "N", box(5, 0, 6, 1)),
    ]
    return applied(
        county,
        Transition(
            on=DAY,
            born=children,
            ended=[west.pk, Parcel.objects.get(code="C").pk],
            changed=[reshaped(east, box(2, 0, 4.5, 1))],
        ),
    )[0]


Change = Callable[[County], int]
CHANGES: list[Change] = [
    subdivision,
    consolidation,
    reallotment,
    adjustment,
    attributes,
    registration,
    retirement,
    several_at_once,
]


@pytest.mark.parametrize("apart", [DAY, LATER], ids=["same day", "later"])
@pytest.mark.parametrize("make", CHANGES, ids=lambda make: make.__name__)
def test_a_change_of_each_kind_is_taken_back_and_that_taken_back_again(
    register: County, operator: Actor, make: Change, apart: date
) -> None:
    before = state()
    change = make(register)
    after = state()
    assert after != before
    back = reverse(register, operator, change, apart)
    assert state() == before
    again = reverse(register, operator, back, apart)
    assert state() == after
    reverse(register, operator, again, LAST)
    assert state() == before
    kinds = set(CadastralEvent.objects.filter(change_id=back).values_list("kind", flat=True))
    assert kinds == {"reversal"}


def test_a_restoration_is_taken_back(register: County, operator: Actor) -> None:
    gone = applied(register, Transition(on=date(2020, 1, 1), ended=[Parcel.objects.get(code="C").pk]))[0]
    before = state()
    back = reverse(register, operator, restoration(register), LATER)
    assert state() == before
    assert CadastralEvent.objects.get(change_id=back).reverses is not None
    reverse(register, operator, gone, LATER)
    assert Parcel.objects.get(code="C").valid_to is None, "newest first, a series of changes is taken back"


def test_a_reversal_names_its_event_and_ends_nothing_in_lineage(register: County, operator: Actor) -> None:
    change = subdivision(register)
    lines = Lineage.objects.count()
    back = reverse(register, operator, change, LATER, reason="面积有误")
    event = CadastralEvent.objects.get(change_id=back)
    assert event.reverses is not None
    assert (event.kind, event.reason, event.reverses.change_id) == ("reversal", "面积有误", change)
    roles = (
        EventParcel.objects.filter(event=event).order_by("parcel__code").values_list("parcel__code", "role")
    )
    assert list(roles) == [("A", "restored"), ("A-1", "retired"), ("A-2", "retired")]
    assert Lineage.objects.count() == lines
    audit = AuditEvent.objects.get(pk=back)
    assert (audit.action, audit.summary["reverses"], audit.summary["parcels"]) == (
        "reverse_change",
        change,
        ["A", "A-1", "A-2"],
    )


def _attribute_later(county: County) -> None:
    applied(
        county,
        Transition(on=LATER, changed=[ChangedParcel(Parcel.objects.get(code="A-1").pk, {"note": "x"})]),
    )


def _divided_later(county: County) -> None:
    divided(county, Parcel.objects.get(code="A-2"), LATER, box(1, 0, 1.5, 1), box(1.5, 0, 2, 1))


def _occupied_later(county: County) -> None:
    firm = factories.enterprise(county, "913307820000000009", "示意企业9")
    factories.occupancy(Parcel.objects.get(code="A-1"), firm, valid_from=LATER, share=Decimal("0.1"))


def _use_changed_later(county: County) -> None:
    with factories.writing(county):
        Occupancy.objects.filter(parcel__code="A-1", area_m2__isnull=False).update(area_m2=7)


def _held_later(county: County) -> None:
    with factories.writing(county):
        Holding.objects.filter(parcel__code="A-1").update(share=Decimal("0.5"))


def _contract_later(county: County) -> None:
    factories.contract(county, "HT-9", Parcel.objects.get(code="A-1"))


@pytest.mark.parametrize(
    "then",
    [_attribute_later, _divided_later, _occupied_later, _use_changed_later, _held_later, _contract_later],
    ids=lambda then: then.__name__,
)
def test_what_was_changed_since_stands_in_the_way_and_is_named(
    register: County, operator: Actor, then: Callable[[County], None]
) -> None:
    change = subdivision(register)
    then(register)
    newest = AuditEvent.objects.order_by("-id").first()
    assert newest is not None
    before, events = state(), CadastralEvent.objects.count()
    with pytest.raises(LaterChanges) as refused:
        reverse(register, operator, change, LAST)
    assert refused.value.status == 409
    assert newest.pk in [item.change_id for item in refused.value.changes]
    listed = refused.value.as_json()["changes"]
    assert isinstance(listed, list)
    assert {"change_id", "at", "by", "action", "reason"} == set(listed[0])
    assert (state(), CadastralEvent.objects.count()) == (before, events)


def test_ground_that_was_given_to_others_since_is_not_taken_back(register: County, operator: Actor) -> None:
    gone = retirement(register)
    other = applied(register, Transition(on=LATER, born=[born(register, "N", box(1, 0, 1.5, 1))]))[0]
    with pytest.raises(LaterChanges) as refused:
        reverse(register, operator, gone, LATER)
    assert [item.change_id for item in refused.value.changes] == [other]
    reverse(register, operator, other, LATER)
    reverse(register, operator, gone, LATER)


def test_a_change_is_taken_back_once(register: County, operator: Actor) -> None:
    change = adjustment(register)
    reverse(register, operator, change, LATER)
    with pytest.raises(Conflict) as refused:
        reverse(register, operator, change, LATER)
    assert refused.value.code == "already_reversed"


def test_who_may_not_edit_or_not_there_may_not_take_back(register: County, operator: Actor) -> None:
    change = adjustment(register)
    for other in (
        replace(operator, rights=frozenset()),
        replace(operator, town_codes=(factories.TOWN_EAST,)),
    ):
        with pytest.raises(Forbidden):
            reverse(register, other, change, LATER)
    with pytest.raises(NotFound):
        reverse(register, operator, change + 1000, LATER)
    with pytest.raises(InputError, match="早于变更的生效日期"):
        reverse(register, operator, change, date(2024, 5, 5))
