"""What doesn't fit in a year's land use: each kind is found, on the boundary exactly, and nothing else is."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from landgis.access.queries import Actor
from landgis.counties.models import County
from parcels.cadastre.models import Parcel
from parcels.enterprises.models import Enterprise, Occupancy
from parcels.land_use.checks import problems
from tests import factories

YEAR = 2024


@pytest.fixture
def firms(county: County) -> list[Enterprise]:
    return [factories.enterprise(county, f"9133078200000000{n:02d}", f"企业{n}") for n in range(3)]


@pytest.fixture
def ground(county: County) -> Parcel:
    return factories.parcel(county, "A1", factories.box(0, 0, 1, 1), registered_area_m2=Decimal(10_000))


def kinds(county: County, actor: Actor, year: int = YEAR) -> list[str]:
    return [problem.kind for problem in problems(county, actor, year)]


@pytest.mark.parametrize(
    ("area_m2", "kind"),
    [("9949.9999", "under"), ("9950", None), ("10000", None), ("10050", None), ("10050.0001", "over")],
)
def test_the_tolerance_itself_is_within(
    county: County,
    cast: dict[str, Actor],
    ground: Parcel,
    firms: list[Enterprise],
    area_m2: str,
    kind: str | None,
) -> None:
    factories.occupancy(ground, firms[0], area_m2=Decimal(area_m2))
    assert kinds(county, cast["leader"]) == ([kind] if kind else [])


def test_unused_industrial_land_is_listed_and_other_land_is_not(
    county: County, cast: dict[str, Actor]
) -> None:
    factories.parcel(county, "A1", factories.box(0, 0, 1, 1))
    factories.parcel(county, "A2", factories.box(2, 0, 3, 1), land_class_code="0701")
    assert [(p.kind, p.parcel_code) for p in problems(county, cast["leader"], YEAR)] == [("unused", "A1")]


def test_overlapping_shapes_are_found_but_not_a_tenants_in_its_landlords(
    county: County, cast: dict[str, Actor], ground: Parcel, firms: list[Enterprise]
) -> None:
    factories.occupancy(ground, firms[0], geom_4490=factories.box(0, 0, 0.6, 1))
    factories.occupancy(ground, firms[1], geom_4490=factories.box(0.5, 0, 1, 1))
    (over, overlap) = sorted(problems(county, cast["leader"], YEAR), key=lambda p: p.kind, reverse=True)[-2:]
    assert {over.kind, overlap.kind} == {"over", "overlap"}
    with factories.writing(county):
        Occupancy.objects.filter(enterprise=firms[1]).update(role="leased_in", lessor=firms[0])
    assert "overlap" not in kinds(county, cast["leader"])


def test_shapes_that_only_touch_are_no_problem(
    county: County, cast: dict[str, Actor], ground: Parcel, firms: list[Enterprise]
) -> None:
    factories.occupancy(ground, firms[0], geom_4490=factories.box(0, 0, 0.5, 1))
    factories.occupancy(ground, firms[1], geom_4490=factories.box(0.5, 0, 1, 1))
    assert kinds(county, cast["leader"]) == []


def test_a_shape_beyond_the_parcel_is_told_with_how_much(
    county: County, cast: dict[str, Actor], ground: Parcel, firms: list[Enterprise]
) -> None:
    factories.occupancy(ground, firms[0], geom_4490=factories.box(0, 0, 1.1, 1))
    (found,) = problems(county, cast["leader"], YEAR)
    assert found.kind == "outside"
    assert found.amount_m2 == pytest.approx(ground.planar_area_m2 / 10, rel=1e-3)


def test_a_lease_needs_a_lessor_with_a_right(
    county: County, cast: dict[str, Actor], ground: Parcel, firms: list[Enterprise]
) -> None:
    use = factories.occupancy(ground, firms[0], role="leased_in", area_m2=Decimal(10_000))
    assert kinds(county, cast["leader"]) == ["lessor_missing"]
    with factories.writing(county):
        Occupancy.objects.filter(pk=use.pk).update(lessor=firms[1])
    factories.annual_return(firms[0], YEAR, tax_wan=1)
    assert kinds(county, cast["leader"]) == ["lessor_without_right"]
    factories.holder(ground, firms[1].name, uscc=firms[1].uscc)
    assert kinds(county, cast["leader"]) == []


def test_one_firm_twice_at_a_time_is_told(
    county: County, cast: dict[str, Actor], ground: Parcel, firms: list[Enterprise]
) -> None:
    factories.occupancy(ground, firms[0], area_m2=Decimal(5000))
    factories.occupancy(ground, firms[0], area_m2=Decimal(5000), valid_from=date(2024, 5, 1))
    assert kinds(county, cast["leader"]) == ["periods"]
    assert kinds(county, cast["leader"], 2023) == ["under"]


def test_the_last_day_of_a_use_is_the_day_before_its_end(
    county: County, cast: dict[str, Actor], ground: Parcel, firms: list[Enterprise]
) -> None:
    factories.occupancy(ground, firms[0], valid_to=date(2024, 12, 31))
    assert kinds(county, cast["leader"]) == ["unused"]
    assert kinds(county, cast["leader"], 2023) == []


def test_a_town_sees_its_own_problems_in_one_statement(county: County, cast: dict[str, Actor]) -> None:
    factories.parcel(county, "A1", factories.box(0, 0, 1, 1))
    factories.parcel(county, "B1", factories.box(60, 0, 61, 1), town_code=factories.TOWN_EAST)
    with CaptureQueriesContext(
        connection,
    ) as few:
        assert [p.parcel_code for p in problems(county, cast["township_officer"], YEAR)] == ["A1"]
    for n in range(5):
        factories.parcel(county, f"C{n}", factories.box(2 + 2 * n, 0, 3 + 2 * n, 1))
    with CaptureQueriesContext(connection) as many:
        assert len(problems(county, cast["leader"], YEAR)) == 7
    assert len(many) == len(few)


@settings(max_examples=10)
@given(st.lists(st.integers(1, 40), min_size=1, max_size=3))
def test_over_under_or_neither_as_the_shares_add_up(
    county: County, cast: dict[str, Actor], tenths: list[int]
) -> None:
    """Whatever is entered by share, the verdict is that of the exact sum."""
    with factories.writing(county):
        Occupancy.objects.filter(county=county).delete()
    parcel = Parcel.objects.filter(county=county, code="A1").first() or factories.parcel(
        county, "A1", factories.box(0, 0, 1, 1), registered_area_m2=Decimal(10_000)
    )
    for n, share in enumerate(tenths):
        firm = Enterprise.objects.filter(uscc=f"91330782000000001{n}").first() or factories.enterprise(
            county, f"91330782000000001{n}", f"企业{n}"
        )
        factories.occupancy(parcel, firm, share=Decimal(share) / 40)
    total = sum(tenths)
    expected = ["over"] if total > 40 else ["under"] if total < 40 else []
    assert kinds(county, cast["leader"]) == expected
