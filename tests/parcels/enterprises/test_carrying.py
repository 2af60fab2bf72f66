"""Who uses which land after a change of parcels: nothing is lost, nothing stays on a parcel that has ended."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import shapely

from landgis.counties.models import County
from parcels.cadastre.models import Parcel
from parcels.cadastre.transitions import Transition
from parcels.enterprises.carrying import tied
from parcels.enterprises.models import Enterprise, Occupancy
from tests import factories
from tests.factories import box
from tests.factories_cadastre import applied, divided, merged

DAY = date(2024, 5, 6)
Measures = dict[tuple[str, str], tuple[Any, Any, bool]]  # area, share, drawn


@pytest.fixture
def west(county: County) -> Parcel:
    return factories.parcel(county, "A", box(0, 0, 2, 1))


@pytest.fixture
def firm(county: County) -> Enterprise:
    return factories.enterprise(county, "913307820000000001", "示意企业1")


def in_use() -> Measures:
    rows = Occupancy.objects.filter(valid_to=None).select_related("parcel", "enterprise")
    return {
        (row.parcel.code, row.enterprise.uscc[-1] + row.role[0]): (
            row.area_m2,
            row.share,
            row.geom_4490 is not None,
        )
        for row in rows
    }


def halves(county: County, parent: Parcel, **options: object) -> list[Parcel]:
    """A quarter in the west, three quarters in the east."""
    return divided(county, parent, DAY, box(0, 0, 0.5, 1), box(0.5, 0, 2, 1), **options)[1]  # type: ignore[arg-type]


def test_a_share_stays_a_share_of_every_child(county: County, west: Parcel, firm: Enterprise) -> None:
    row = factories.occupancy(west, firm, share=Decimal("0.4"))
    halves(county, west)
    assert in_use() == {
        ("A-1", "1o"): (None, pytest.approx(Decimal("0.4"), rel=Decimal("1e-4")), False),
        ("A-2", "1o"): (None, pytest.approx(Decimal("0.4"), rel=Decimal("1e-4")), False),
    }
    row.refresh_from_db()
    assert row.valid_to == DAY
    assert set(Occupancy.objects.filter(valid_to=None).values_list("valid_from", flat=True)) == {DAY}


def test_an_area_is_shared_out_by_ground_and_adds_up(county: County, west: Parcel, firm: Enterprise) -> None:
    factories.occupancy(west, firm, area_m2=Decimal("1000.0001"))
    halves(county, west)
    areas = {code: area for (code, _), (area, _, _) in in_use().items()}
    assert sum(area or 0 for area in areas.values()) == Decimal("1000.0001")
    assert float(areas["A-1"] or 0) == pytest.approx(250, rel=1e-4)


def test_a_decision_sends_all_of_it_to_one_child(county: County, west: Parcel, firm: Enterprise) -> None:
    area = factories.occupancy(west, firm, area_m2=Decimal(1000))
    whole = factories.occupancy(west, firm, role="unregistered")
    parent = west.pk
    taken = [
        born_id := parent + 1,
        born_id + 1,
    ]  # numbers follow each other: the western child, then the eastern
    decisions = {f"occupancy:{area.pk}": taken[1], f"occupancy:{whole.pk}": taken[0]}
    children = halves(county, west, decisions=decisions)
    assert [child.pk for child in children] == taken
    assert in_use() == {
        ("A-2", "1o"): (Decimal(1000), None, False),
        ("A-1", "1u"): (None, Decimal(1), False),
    }


def test_a_drawn_use_is_cut_where_the_parcel_is(county: County, west: Parcel, firm: Enterprise) -> None:
    factories.occupancy(west, firm, geom_4490=box(0.25, 0, 1, 1))
    halves(county, west)
    drawn = {
        row.parcel.code: shapely.from_wkb(bytes(row.geom_4490.wkb))
        for row in Occupancy.objects.filter(valid_to=None).select_related("parcel")
        if row.geom_4490
    }
    widths = {code: shape.bounds[2] - shape.bounds[0] for code, shape in drawn.items()}
    assert widths == {"A-1": pytest.approx(0.00025, rel=1e-6), "A-2": pytest.approx(0.0005, rel=1e-6)}


def test_a_drawn_use_goes_only_where_it_lies(county: County, west: Parcel, firm: Enterprise) -> None:
    factories.occupancy(west, firm, geom_4490=box(1, 0, 2, 1))
    halves(county, west)
    assert in_use() == {("A-2", "1o"): (None, None, True)}


def test_uses_of_parents_that_are_merged_keep_their_land(
    county: County, west: Parcel, firm: Enterprise
) -> None:
    """One firm in both: its shares become one; another's area and third's shape stay as they are."""
    east = factories.parcel(county, "B", box(2, 0, 4, 1))
    second, third = (factories.enterprise(county, f"91330782000000000{n}", f"示意企业{n}") for n in (2, 3))
    lessor = factories.enterprise(county, "913307820000000009", "示意企业9")
    factories.occupancy(west, firm)
    factories.occupancy(east, firm, share=Decimal("0.5"))
    factories.occupancy(east, second, role="leased_in", lessor=lessor, area_m2=Decimal(1234))
    shape = factories.occupancy(east, third, geom_4490=box(2, 0, 3, 1))
    merged(county, [west, east], "C", DAY, box(0, 0, 4, 1))
    assert in_use() == {
        ("C", "1o"): (None, pytest.approx(Decimal("0.75"), rel=Decimal("1e-4")), False),
        ("C", "2l"): (Decimal(1234), None, False),
        ("C", "3o"): (None, None, True),
    }
    kept = Occupancy.objects.get(enterprise=third, valid_to=None)
    assert kept.geom_4490
    assert shape.geom_4490
    assert bytes(kept.geom_4490.wkb) == bytes(shape.geom_4490.wkb)
    assert Occupancy.objects.get(enterprise=second, valid_to=None).lessor == lessor


def test_share_and_area_of_one_firm_come_together_as_area(
    county: County, west: Parcel, firm: Enterprise
) -> None:
    east = factories.parcel(county, "B", box(2, 0, 4, 1))
    factories.occupancy(west, firm, area_m2=Decimal(500))
    factories.occupancy(east, firm)
    _, whole = merged(county, [west, east], "C", DAY, box(0, 0, 4, 1))
    (area, share, drawn) = in_use()["C", "1o"]
    assert (share, drawn) == (None, False)
    assert float(area or 0) == pytest.approx(500 + whole.planar_area_m2 / 2, rel=1e-4)


def test_a_whole_parcel_put_together_of_whole_parcels_is_whole(
    county: County, west: Parcel, firm: Enterprise
) -> None:
    """Exactly 1, whatever the shapes' last digits."""
    east = factories.parcel(county, "B", box(2, 0, 4.123456789, 1))
    factories.occupancy(west, firm)
    factories.occupancy(east, firm)
    merged(county, [west, east], "C", DAY, box(0, 0, 4.123456789, 1))
    share = in_use()["C", "1o"][1]
    assert share is not None
    assert share <= 1
    assert float(share) == pytest.approx(1, abs=1e-5)


def test_ended_and_coming_uses(county: County, west: Parcel, firm: Enterprise) -> None:
    past = factories.occupancy(west, firm, valid_to=date(2020, 1, 1))
    factories.occupancy(west, firm, role="leased_in", valid_from=date(2024, 7, 1), valid_to=date(2027, 1, 1))
    halves(county, west)
    past.refresh_from_db()
    assert past.valid_to == date(2020, 1, 1)
    coming = Occupancy.objects.filter(parcel__code="A-1").values_list("role", "valid_from", "valid_to")
    assert list(coming) == [("leased_in", date(2024, 7, 1), date(2027, 1, 1))]
    assert not Occupancy.objects.filter(parcel=west, valid_to__gt=date(2024, 7, 1)).exists()


def test_a_retired_parcel_is_used_by_nobody(county: County, west: Parcel, firm: Enterprise) -> None:
    factories.occupancy(west, firm)
    applied(county, Transition(on=DAY, ended=[west.pk]))
    assert in_use() == {}


def test_what_is_tied_is_told_with_its_choices(county: County, west: Parcel, firm: Enterprise) -> None:
    share = factories.occupancy(west, firm, share=Decimal("0.25"))
    drawn = factories.occupancy(west, firm, role="unregistered", geom_4490=box(1, 0, 2, 1))
    factories.occupancy(west, firm, role="leased_in", valid_to=date(2020, 1, 1))
    facts = tied([west.pk], DAY)
    assert [(fact.fact, fact.title, fact.asked, fact.divisible) for fact in facts] == [
        (f"occupancy:{share.pk}", "示意企业1 自有 25.00%", True, True),
        (f"occupancy:{drawn.pk}", "示意企业1 未登记使用 按图形", False, False),
    ]
