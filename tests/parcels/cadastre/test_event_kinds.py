"""Each kind of event by its name: what becomes of the rows, who took part, and who descends from whom."""

from datetime import date
from decimal import Decimal

import pytest

from landgis.counties.models import County
from landgis.lib.errors import InputError
from parcels.cadastre.lineage_models import CadastralEvent, EventParcel, Lineage, ParcelVersion
from parcels.cadastre.models import Holding, Parcel
from parcels.cadastre.transitions import ChangedParcel, Document, Transition
from tests import factories
from tests.factories import box
from tests.factories_cadastre import applied, born, divided, merged, reshaped

DAY = date(2024, 5, 6)


def parts(event: CadastralEvent) -> list[tuple[str, str]]:
    rows = EventParcel.objects.filter(event=event).order_by("role", "parcel__code")
    return [(role, code) for role, code in rows.values_list("role", "parcel__code")]


def only_event(change_id: int) -> CadastralEvent:
    return CadastralEvent.objects.get(change_id=change_id)


def lines() -> list[tuple[str, str]]:
    return list(Lineage.objects.order_by("id").values_list("ancestor__code", "descendant__code"))


@pytest.fixture
def west(county: County) -> Parcel:
    return factories.parcel(county, "A", box(0, 0, 2, 1))


@pytest.fixture
def east(county: County) -> Parcel:
    return factories.parcel(county, "B", box(2, 0, 4, 1))


def test_registration(county: County) -> None:
    change, made = applied(
        county,
        Transition(
            on=DAY,
            born=[
                born(
                    county,
                    "N1",
                    box(7, 0, 8, 1),
                    holders=[{"name": "示意纺织有限公司", "uscc": "", "share": 1}],
                )
            ],
            document=Document("contract", "示合〔2024〕1号", date(2024, 4, 1)),
        ),
        reason="新出让",
    )
    event = only_event(change)
    assert (event.kind, event.on, event.by, event.reason) == ("registration", DAY, "王登记", "新出让")
    assert (event.document_kind, event.document_no, event.document_date) == (
        "contract",
        "示合〔2024〕1号",
        date(2024, 4, 1),
    )
    assert parts(event) == [("registered", "N1")]
    parcel = Parcel.objects.get(code="N1")
    assert (parcel.valid_from, parcel.valid_to, parcel.change_id) == (DAY, None, change)
    assert made.parcels["N1"] == (parcel.pk, "N1", change)
    assert [(h.holder.name, h.share) for h in parcel.holdings.all()] == [("示意纺织有限公司", Decimal(1))]


def test_subdivision(county: County, west: Parcel) -> None:
    factories.holder(west, "示意纺织有限公司")
    change, (one, two) = divided(county, west, DAY, box(0, 0, 0.5, 1), box(0.5, 0, 2, 1))
    event = only_event(change)
    assert event.kind == "subdivision"
    assert parts(event) == [("child", "A-1"), ("child", "A-2"), ("parent", "A")]
    west.refresh_from_db()
    assert (west.valid_to, west.retired_by, west.change_id) == (DAY, "王登记", change)
    assert (one.valid_from, one.valid_to) == (DAY, None)
    assert one.town_code == west.town_code
    areas = [line.area_m2 or 0.0 for line in Lineage.objects.order_by("descendant__code")]
    assert areas == pytest.approx([one.planar_area_m2, two.planar_area_m2], rel=1e-5)
    assert sum(areas) == pytest.approx(west.planar_area_m2, rel=1e-5)
    held = Holding.objects.order_by("id").values_list("parcel__code", "share", "valid_from", "valid_to")
    assert set(held) == {
        ("A", Decimal(1), date(2015, 1, 1), DAY),
        ("A-1", Decimal(1), DAY, None),
        ("A-2", Decimal(1), DAY, None),
    }


def test_consolidation_adds_up_the_shares_of_one_holder_by_ground(
    county: County, west: Parcel, east: Parcel
) -> None:
    both = factories.holder(west, "示意纺织有限公司")
    factories.holder(east, "示意电子有限公司")
    with factories.writing(county):
        east.holdings.update(share=Decimal("0.25"))
        Holding.objects.create(parcel=east, holder=both, share=Decimal("0.75"), valid_from=date(2015, 1, 1))
    change, whole = merged(county, [west, east], "C", DAY, box(0, 0, 4, 1))
    assert only_event(change).kind == "consolidation"
    assert parts(only_event(change)) == [("child", "C"), ("parent", "A"), ("parent", "B")]
    shares = dict(whole.holdings.values_list("holder__name", "share"))
    assert sum(shares.values()) == 1
    assert float(shares["示意纺织有限公司"]) == pytest.approx(0.875, abs=1e-6)
    assert not Holding.objects.filter(parcel__in=[west, east], valid_to=None).exists()


def test_reallotment(county: County, west: Parcel, east: Parcel) -> None:
    one = born(county, "N1", box(0, 0, 4, 0.5), [west, east])
    two = born(county, "N2", box(0, 0.5, 4, 1), [west, east])
    change, made = applied(county, Transition(on=DAY, born=[one, two], ended=[west.pk, east.pk]))
    assert only_event(change).kind == "reallotment"
    assert lines() == [("A", "N1"), ("B", "N1"), ("A", "N2"), ("B", "N2")]
    for parent in (west, east):
        assert [part for _, part in made.descent[parent.pk]] == pytest.approx([0.5, 0.5], abs=1e-4)


def test_two_divisions_in_one_change_are_two_events(county: County, west: Parcel, east: Parcel) -> None:
    children = [
        born(county, "A-1", box(0, 0, 1, 1), [west]),
        born(county, "A-2", box(1, 0, 2, 1), [west]),
        born(county, "B-1", box(2, 0, 3, 1), [east]),
        born(county, "B-2", box(3, 0, 4, 1), [east]),
    ]
    change, _ = applied(county, Transition(on=DAY, born=children, ended=[west.pk, east.pk]))
    events = CadastralEvent.objects.filter(change_id=change).order_by("id")
    assert [event.kind for event in events] == ["subdivision", "subdivision"]
    assert [parts(event)[-1] for event in events] == [("parent", "A"), ("parent", "B")]


@pytest.mark.parametrize("how", ["boundary_adjustment", "resurvey", "correction"])
def test_shapes_changed_in_place_are_one_event(county: County, west: Parcel, east: Parcel, how: str) -> None:
    before = bytes(west.geom_4490.wkb)
    change, made = applied(
        county,
        Transition(
            on=DAY,
            how=how,  # type: ignore[arg-type]
            changed=[
                reshaped(west, box(0, 0, 2.2, 1)),
                reshaped(east, box(2.2, 0, 4, 1), note="共用界线移位"),
            ],
        ),
    )
    assert only_event(change).kind == how
    assert parts(only_event(change)) == [("adjusted", "A"), ("adjusted", "B")]
    old = ParcelVersion.objects.get(parcel=west)
    assert (old.valid_from, old.valid_to, old.was_change_id) == (date(2015, 1, 1), DAY, west.change_id)
    assert bytes(old.geom_4490.wkb) == before
    west.refresh_from_db()
    assert (west.valid_from, west.valid_to, west.change_id) == (DAY, None, change)
    assert west.planar_area_m2 > old.planar_area_m2
    assert Parcel.objects.get(code="B").note == "共用界线移位"
    assert made.descent == {}


def test_a_neighbour_that_takes_over_vertices_belongs_to_the_nearest_event(
    county: County, west: Parcel, east: Parcel
) -> None:
    far = factories.parcel(county, "F", box(9, 0, 10, 1))
    children = [
        born(county, "A-1", box(0, 0, 2, 0.5), [west]),
        born(county, "A-2", box(0, 0.5, 2, 1), [west]),
    ]
    change, _ = applied(
        county,
        Transition(
            on=DAY,
            born=children,
            ended=[west.pk],
            changed=[reshaped(east, box(2, 0, 4, 1), "densified"), reshaped(far, box(9, 0, 11, 1))],
        ),
    )
    kinds = {event.kind: parts(event) for event in CadastralEvent.objects.filter(change_id=change)}
    assert kinds["subdivision"][-2:] == [("densified", "B"), ("parent", "A")]
    assert kinds["boundary_adjustment"] == [("adjusted", "F")]


def test_attribute_change_leaves_every_byte_of_the_shape(county: County, west: Parcel) -> None:
    factories.holder(west, "示意纺织有限公司")
    before = bytes(west.geom_4490.wkb), bytes(west.geom_3857.wkb)
    values = {
        "location": "甲镇新路8号",
        "registered_on": "2024-05-01",
        "registered_area_m2": "1234.5",
        "aliases": ["旧1", "旧2"],
        "tenure": "",
        "holders": [{"name": "示意电子有限公司", "share": 0.4}, {"name": "示意纺织有限公司", "share": 0.6}],
    }
    change, _ = applied(county, Transition(on=DAY, changed=[ChangedParcel(west.pk, values)]))
    assert only_event(change).kind == "attribute_change"
    assert parts(only_event(change)) == [("changed", "A")]
    west.refresh_from_db()
    assert (bytes(west.geom_4490.wkb), bytes(west.geom_3857.wkb)) == before
    assert (west.location, west.registered_on, west.aliases) == (
        "甲镇新路8号",
        date(2024, 5, 1),
        ["旧1", "旧2"],
    )
    assert west.registered_area_m2 == Decimal("1234.5000")
    assert west.land_class_code == "0601"
    now = dict(west.holdings.filter(valid_to=None).values_list("holder__name", "share"))
    assert now == {"示意电子有限公司": Decimal("0.4"), "示意纺织有限公司": Decimal("0.6")}


def test_retirement_and_restoration(county: County, west: Parcel) -> None:
    factories.holder(west, "示意纺织有限公司")
    gone, made = applied(county, Transition(on=DAY, ended=[west.pk]))
    assert only_event(gone).kind == "retirement"
    assert made.descent == {west.pk: []}
    assert not Holding.objects.filter(parcel=west, valid_to=None).exists()
    again = date(2025, 1, 2)
    back, _ = applied(county, Transition(on=again, restored=[west.pk]))
    assert only_event(back).kind == "restoration"
    assert parts(only_event(back)) == [("restored", "A")]
    west.refresh_from_db()
    assert (west.valid_from, west.valid_to, west.retired_by) == (again, None, "")
    old = ParcelVersion.objects.get(parcel=west)
    assert (old.valid_from, old.valid_to, old.retired_by) == (date(2015, 1, 1), DAY, "王登记")
    assert list(west.holdings.filter(valid_to=None).values_list("valid_from", flat=True)) == [again]


def test_a_child_is_divided_again_on_the_same_day(county: County, west: Parcel) -> None:
    _, (_, two) = divided(county, west, DAY, box(0, 0, 1, 1), box(1, 0, 2, 1))
    divided(county, two, DAY, box(1, 0, 1.5, 1), box(1.5, 0, 2, 1))
    two.refresh_from_db()
    assert (two.valid_from, two.valid_to) == (DAY, DAY)
    now = set(Parcel.objects.filter(valid_to=None).values_list("code", flat=True))
    assert now == {"A-1", "A-2-1", "A-2-2"}


@pytest.mark.parametrize("wrong", ["ended", "in_force", "too_early", "unknown"])
def test_what_does_not_fit_is_refused_before_anything_is_written(
    county: County, west: Parcel, wrong: str
) -> None:
    ended = factories.parcel(county, "E", box(5, 0, 6, 1), valid_to=date(2020, 1, 1), retired_by="测试员")
    transition = {
        "ended": Transition(on=DAY, ended=[ended.pk]),
        "in_force": Transition(on=DAY, restored=[west.pk]),
        "too_early": Transition(on=date(2014, 1, 1), ended=[west.pk]),
        "unknown": Transition(on=DAY, ended=[west.pk + 1000]),
    }[wrong]
    with pytest.raises(InputError):
        applied(county, transition)
    assert not CadastralEvent.objects.exists()
    assert Parcel.objects.get(code="A").valid_to is None
