"""The land of firms in a year: its parts add up, over parcels, towns and groups, and no ground is counted twice."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landgis.access.queries import Actor
from landgis.counties.models import County, Parameter
from parcels.cadastre.models import Parcel
from parcels.enterprises.models import Enterprise, Occupancy
from parcels.evaluation.apportion import tally
from parcels.evaluation.queries import inputs
from parcels.land_use.actions import affiliate, choose_tenancy
from parcels.land_use.land import Parts, land_of_firms, land_of_units, land_of_year
from tests import factories

YEAR = 2024


@pytest.fixture
def firms(county: County) -> list[Enterprise]:
    return [factories.enterprise(county, f"9133078200000000{n:02d}", f"企业{n}") for n in range(6)]


@pytest.fixture
def ground(county: County) -> Parcel:
    return factories.parcel(county, "A1", factories.box(0, 0, 1, 1), registered_area_m2=Decimal(10_000))


def lease(parcel: Parcel, tenant: Enterprise, lessor: Enterprise | None, area_m2: int) -> Occupancy:
    return factories.occupancy(parcel, tenant, role="leased_in", lessor=lessor, area_m2=Decimal(area_m2))


def nets(county: County, actor: Actor) -> dict[str, float]:
    names = dict(Enterprise.objects.values_list("id", "name"))
    return {names[item.enterprise_id]: item.parts.net_m2 for item in land_of_firms(county, actor, YEAR)}


def test_a_tenant_with_figures_is_taken_off_the_landlord(
    county: County, cast: dict[str, Actor], ground: Parcel, firms: list[Enterprise]
) -> None:
    factories.occupancy(ground, firms[0])
    lease(ground, firms[1], firms[0], 3000)
    factories.annual_return(firms[1], YEAR, tax_wan=1)
    assert nets(county, cast["registrar"]) == {"企业0": 7000, "企业1": 3000}
    (owner, _) = land_of_firms(county, cast["registrar"], YEAR)
    assert owner.parts == Parts(10_000, 0, 0, 0, 3000, 0, 7000)


@pytest.mark.parametrize("entered", ["registered", "drawn"])
def test_whoever_was_entered_with_the_whole_gives_up_what_is_let_also_where_the_areas_differ(
    county: County, cast: dict[str, Actor], firms: list[Enterprise], entered: str
) -> None:
    """5 % more registered than drawn: the owner may have been entered with either."""
    drawn = factories.parcel(county, "A2", factories.box(2, 0, 3, 1))
    drawn_m2 = round(Decimal(drawn.planar_area_m2), 2)
    registered_m2 = round(drawn_m2 * Decimal("1.05"), 2)
    with factories.writing(county):
        Parcel.objects.filter(pk=drawn.pk).update(registered_area_m2=registered_m2)
    own_m2 = registered_m2 if entered == "registered" else drawn_m2
    factories.occupancy(drawn, firms[0], area_m2=own_m2)
    lease(drawn, firms[1], firms[0], 3000)
    factories.annual_return(firms[1], YEAR, tax_wan=1)
    found = nets(county, cast["registrar"])
    assert found == {"企业0": pytest.approx(float(own_m2) - 3000), "企业1": 3000}


def test_a_tenant_without_figures_goes_with_the_landlord_by_default(
    county: County, cast: dict[str, Actor], ground: Parcel, firms: list[Enterprise]
) -> None:
    factories.occupancy(ground, firms[0])
    lease(ground, firms[1], firms[0], 3000)
    assert nets(county, cast["registrar"]) == {"企业0": 10_000, "企业1": 0}


def test_a_landlord_entered_with_a_part_takes_in_the_tenants_that_go_with_it(
    county: County, cast: dict[str, Actor], ground: Parcel, firms: list[Enterprise]
) -> None:
    factories.occupancy(ground, firms[0], area_m2=Decimal(6000))
    lease(ground, firms[1], firms[0], 3000)
    lease(ground, firms[2], firms[0], 1000)
    factories.annual_return(firms[2], YEAR, tax_wan=1)
    assert nets(county, cast["registrar"]) == {"企业0": 9000, "企业1": 0, "企业2": 1000}


def test_the_choice_for_a_tenant_goes_before_that_for_the_parcel_and_the_default(
    county: County, cast: dict[str, Actor], ground: Parcel, firms: list[Enterprise]
) -> None:
    officer = cast["evaluation_officer"]
    factories.occupancy(ground, firms[0])
    lease(ground, firms[1], firms[0], 3000)
    lease(ground, firms[2], firms[0], 2000)

    def choose(tenant: Enterprise | None, apart: bool | None, year: int = YEAR) -> None:
        choose_tenancy(
            county=county, actor=officer, parcel_id=ground.pk, tenant_id=None if tenant is None else tenant.pk, year=year,
            apart=apart, reason="试",
        )  # fmt: skip

    choose(None, True)
    assert nets(county, officer) == {"企业0": 5000, "企业1": 3000, "企业2": 2000}
    choose(firms[2], False)
    assert nets(county, officer) == {"企业0": 7000, "企业1": 3000, "企业2": 0}
    choose(None, None)
    assert nets(county, officer) == {"企业0": 10_000, "企业1": 0, "企业2": 0}
    choose(firms[1], True, year=2023)
    assert nets(county, officer)["企业1"] == 0


def test_the_default_is_a_dated_parameter(
    county: County, cast: dict[str, Actor], ground: Parcel, firms: list[Enterprise]
) -> None:
    factories.occupancy(ground, firms[0])
    lease(ground, firms[1], firms[0], 3000)
    with factories.writing(county):
        Parameter.objects.filter(county=county, key="land_use.tenants").update(valid_to=date(2024, 6, 30))
        Parameter.objects.create(
            county=county, key="land_use.tenants", value="apart", valid_from=date(2024, 7, 1), basis="试"
        )
    assert nets(county, cast["registrar"])["企业1"] == 3000
    assert {item.enterprise_id: item.parts.net_m2 for item in land_of_firms(county, cast["registrar"], 2023)}[
        firms[1].pk
    ] == 0


def test_a_shape_counts_by_its_share_of_the_parcel_and_what_lies_outside_is_not_counted(
    county: County, cast: dict[str, Actor], ground: Parcel, firms: list[Enterprise]
) -> None:
    factories.occupancy(ground, firms[0], geom_4490=factories.box(0, 0, 0.25, 1))
    factories.occupancy(ground, firms[1], geom_4490=factories.box(0.5, 0, 1.5, 1))
    found = nets(county, cast["registrar"])
    assert found["企业0"] == pytest.approx(2500, rel=1e-6)
    assert found["企业1"] == pytest.approx(5000, rel=1e-6)


def test_affiliates_are_one_unit_from_their_first_to_their_last_day(
    county: County, cast: dict[str, Actor], ground: Parcel, firms: list[Enterprise]
) -> None:
    officer = cast["evaluation_officer"]
    factories.occupancy(ground, firms[0], area_m2=Decimal(4000))
    factories.occupancy(ground, firms[1], area_m2=Decimal(5000))
    affiliate(
        county=county, actor=officer, head_uscc=firms[0].uscc, member_uscc=firms[1].uscc,
        valid_from=date(2024, 1, 1), valid_to=date(2024, 12, 31), basis="同一控制人", reason="试",
    )  # fmt: skip
    assert {pk: parts.net_m2 for pk, parts in land_of_units(county, officer, YEAR).items()} == {
        firms[0].pk: 9000
    }
    assert len(land_of_units(county, officer, 2023)) == 2
    assert len(land_of_units(county, officer, 2025)) == 2


def test_a_town_sees_its_own_ground_only(
    county: County, cast: dict[str, Actor], firms: list[Enterprise]
) -> None:
    west = factories.parcel(county, "A1", factories.box(0, 0, 1, 1))
    east = factories.parcel(county, "B1", factories.box(60, 0, 61, 1), town_code=factories.TOWN_EAST)
    for parcel in (west, east):
        factories.occupancy(parcel, firms[0])
    assert {item.parcel_code for item in land_of_firms(county, cast["township_officer"], YEAR)} == {"A1"}
    assert {item.parcel_code for item in land_of_firms(county, cast["leader"], YEAR)} == {"A1", "B1"}


# A town and a firm of the parcel, whether it is entered with all of it, and its tenants: (firm, ㎡, has figures).
PARCELS = st.lists(
    st.tuples(
        st.booleans(),
        st.integers(0, 2),
        st.booleans(),
        st.lists(
            st.tuples(st.integers(3, 5), st.integers(100, 3000)), max_size=3, unique_by=lambda item: item[0]
        ),
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=10)
@given(PARCELS, st.sets(st.integers(3, 5)))
def test_the_parts_add_up_over_parcels_and_towns_and_equal_what_is_entered(
    county: County,
    cast: dict[str, Actor],
    rows: list[tuple[bool, int, bool, list[tuple[int, int]]]],
    returned: set[int],
) -> None:
    with factories.writing(county):
        Occupancy.objects.filter(county=county).delete()
        Parcel.objects.filter(county=county).delete()
    firms = [
        Enterprise.objects.filter(uscc=f"9133078200000000{n:02d}").first()
        or factories.enterprise(county, f"9133078200000000{n:02d}", f"企业{n}")
        for n in range(6)
    ]
    with factories.writing(county):
        for firm in firms:
            firm.returns.all().delete()
    for n in returned:
        factories.annual_return(firms[n], YEAR, tax_wan=1)
    expected = {}
    for at, (east, owner, whole, tenants) in enumerate(rows):
        parcel = factories.parcel(
            county, f"P{at}", factories.box(at * 2, 0, at * 2 + 1, 1), registered_area_m2=Decimal(10_000),
            town_code=factories.TOWN_EAST if east else factories.TOWN_WEST,
        )  # fmt: skip
        factories.occupancy(parcel, firms[owner], area_m2=Decimal(10_000 if whole else 1000))
        for n, area in tenants:
            lease(parcel, firms[n], firms[owner], area)
        let = sum(area for _, area in tenants)
        expected[parcel.code] = 10_000 if whole else 1000 + let
    land = land_of_firms(county, cast["leader"], YEAR)
    of_parcel: dict[str, float] = {}
    for item in land:
        p = item.parts
        of_parcel[item.parcel_code] = of_parcel.get(item.parcel_code, 0) + p.net_m2
        assert p.net_m2 == pytest.approx(
            p.owned_m2 + p.leased_in_m2 + p.unregistered_m2 - p.with_landlord_m2 - p.let_out_m2 + p.tenants_m2
        )
        assert p.net_m2 >= 0
    assert of_parcel == pytest.approx(expected)
    units = land_of_units(county, cast["leader"], YEAR)
    assert sum(part.net_m2 for part in units.values()) == pytest.approx(sum(expected.values()))
    towns = [
        sum(item.parts.net_m2 for item in land if item.town_code == town)
        for town in (factories.TOWN_WEST, factories.TOWN_EAST)
    ]
    assert sum(towns) == pytest.approx(sum(expected.values()))
    # grading and indicators, which read the whole county's year, say the same of every firm and parcel
    year = land_of_year(county, YEAR)
    theirs = {
        (firm, parcel): m2
        for firm, parcel, m2 in zip(
            year.enterprise_id.tolist(), year.parcel_id.tolist(), year.net_m2.tolist(), strict=True
        )
    }
    assert theirs == {(item.enterprise_id, item.parcel_id): item.parts.net_m2 for item in land}
    found = inputs(county, YEAR)
    assert tally(found.uses.firm, found.uses.net_m2, len(found.firm_id)).sum() == pytest.approx(
        sum(expected.values()), rel=1e-9
    )
