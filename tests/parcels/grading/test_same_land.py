"""One land of a year: indicators, grades and the land-use pages say the same, and every partition adds up to it."""

import math
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landgis.access.queries import Actor
from landgis.counties.models import County
from landgis.lib.units import m2_to_mu_array
from parcels.cadastre.models import Parcel
from parcels.enterprises.models import AnnualReturn, Enterprise, Occupancy
from parcels.evaluation.queries import inputs
from parcels.evaluation.results import document, results
from parcels.evaluation.rules import INDICATORS, LAND
from parcels.grading.actions import evaluate_year
from parcels.land_use.land import land_of_units, land_of_year
from parcels.land_use.models import Affiliation, TenancyChoice
from parcels.schemes.models import SchemeVersion
from parcels.schemes.queries import find_scheme
from tests import factories
from tests.parcels.grading.running import YEAR, in_force

FIRMS = 6
# A parcel: its owner, the share of it that the owner is entered with, and a chain of tenants, each with its landlord
# (the owner, or the tenant before), its ㎡, and what was chosen for it.
TENANT = st.tuples(
    st.integers(0, FIRMS - 1), st.booleans(), st.integers(1, 4000), st.sampled_from([None, True, False])
)
PARCELS = st.lists(
    st.tuples(
        st.integers(0, FIRMS - 1),
        st.sampled_from(["1", "0.5", "0.123456"]),
        st.lists(TENANT, max_size=4, unique_by=lambda row: row[0]),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=12)
@given(
    PARCELS,
    st.sets(st.integers(0, FIRMS - 1), min_size=1),
    st.sampled_from([(), ((0, 1),), ((0, 1), (0, 2), (3, 4))]),
)
def test_indicators_and_grades_are_of_the_same_land(
    county: County,
    cast: dict[str, Actor],
    rows: list[tuple[int, str, list[tuple[int, bool, int, bool | None]]]],
    returned: set[int],
    groups: tuple[tuple[int, int], ...],
) -> None:
    officer = cast["evaluation_officer"]
    firms = _year(county, rows, returned, groups)
    if not SchemeVersion.objects.exists():
        in_force(county, officer)
    land = land_of_year(county, YEAR)
    assert (land.net_m2 >= 0).all()
    units: dict[str, float] = {}
    usccs = dict(Enterprise.objects.values_list("id", "uscc"))
    for unit, m2 in zip(land.unit_id.tolist(), land.net_m2.tolist(), strict=True):
        units[usccs[unit]] = units.get(usccs[unit], 0.0) + m2

    # the grades: each unit's land, and its parcels
    graded = evaluate_year(county, officer, find_scheme(county, "simple", YEAR), YEAR).scored.firms
    mine = dict(zip(graded.uscc, graded.figures[LAND].tolist(), strict=True))
    for uscc, m2 in units.items():
        assert mine[uscc] == pytest.approx(float(m2_to_mu_array(m2)), rel=1e-9, abs=1e-9)
    for place, uscc in enumerate(graded.uscc):
        assert math.fsum(graded.maps["parcels"][place].values()) == pytest.approx(
            mine[uscc], rel=1e-9, abs=1e-9
        )

    # the indicators: land and money of the same units, and all partitions add up
    found = inputs(county, YEAR)
    made = results(found)
    theirs = {
        usccs[pk]: m2 for pk, m2 in zip(found.firm_id.tolist(), made.firms.land_m2.tolist(), strict=True)
    }
    assert {uscc: m2 for uscc, m2 in theirs.items() if m2 > 0} == pytest.approx(
        {uscc: m2 for uscc, m2 in units.items() if m2 > 0}, rel=1e-9
    )
    tax = INDICATORS[0]
    for place, uscc in enumerate(graded.uscc):
        at = int(np.searchsorted(found.firm_id, next(pk for pk, code in usccs.items() if code == uscc)))
        ours, its = graded.figures[tax.numerator][place], made.firms.above[at, 0]
        assert its == pytest.approx(ours, rel=1e-9, nan_ok=True), (uscc, firms)
    said = document(made)
    total_mu = float(m2_to_mu_array(land.net_m2.sum()))
    for areas in (
        [*said["towns"], said["unallocated"]["outside_towns"]],
        [*said["platforms"], said["outside_platforms"]],
        said["industries"],
        [said["county"]],
    ):
        assert math.fsum(area["land_occupied_mu"] for area in areas) == pytest.approx(
            total_mu, rel=1e-9, abs=1e-9
        )
    landless = said["unallocated"]["firms_without_land"]["tax_wan"]
    assert said["county"]["tax_wan"] + landless == pytest.approx(10.0 * len(returned), rel=1e-9), (
        "no money is lost"
    )
    shown = land_of_units(county, cast["leader"], YEAR)
    assert sum(parts.net_m2 for parts in shown.values()) == pytest.approx(float(land.net_m2.sum()), rel=1e-9)


def test_a_sublet_part_is_taken_from_whom_the_tenant_is_evaluated_with(county: County) -> None:
    """The owner has all of it; its tenant, evaluated with it, sublets a part to a firm evaluated apart."""
    rows: list[tuple[int, str, list[tuple[int, bool, int, bool | None]]]] = [
        (0, "1", [(1, False, 5000, False), (2, True, 2000, True)])
    ]
    firms = _year(county, rows, {0, 2}, ())
    land = land_of_year(county, YEAR)
    assert dict(zip(land.enterprise_id.tolist(), land.net_m2.tolist(), strict=True)) == {
        firms[0].pk: 8000,
        firms[1].pk: 0,
        firms[2].pk: 2000,
    }


def test_tenants_who_rent_from_each_other_end_somewhere(county: County) -> None:
    ground = factories.parcel(county, "K", factories.box(0, 0, 1, 1), registered_area_m2=Decimal(10_000))
    one, other = (factories.enterprise(county, f"91330782000000001{n}", f"环{n}") for n in range(2))
    factories.occupancy(ground, one, role="leased_in", lessor=other, area_m2=Decimal(100))
    factories.occupancy(ground, other, role="leased_in", lessor=one, area_m2=Decimal(100))
    assert (land_of_year(county, YEAR).net_m2 >= 0).all()


def _year(
    county: County,
    rows: list[tuple[int, str, list[tuple[int, bool, int, bool | None]]]],
    returned: set[int],
    groups: tuple[tuple[int, int], ...],
) -> list[Enterprise]:
    with factories.writing(county):
        for model in (TenancyChoice, Affiliation, Occupancy, AnnualReturn, Parcel):
            model.objects.filter(county=county).delete()
    firms = [
        Enterprise.objects.filter(uscc=f"9133078200000000{n:02d}").first()
        or factories.enterprise(county, f"9133078200000000{n:02d}", f"企业{n}", above_scale=True)
        for n in range(FIRMS)
    ]
    for n in sorted(returned):
        factories.annual_return(firms[n], YEAR, tax_wan=10)
    with factories.writing(county):
        for head, member in groups:
            Affiliation.objects.create(
                county=county, head=firms[head], member=firms[member], valid_from=date(YEAR, 1, 1), basis="试"
            )
    for at, (owner, share, tenants) in enumerate(rows):
        parcel = factories.parcel(
            county, f"P{at}", factories.box(at * 2, 0, at * 2 + 1, 1), registered_area_m2=Decimal(10_000)
        )
        factories.occupancy(parcel, firms[owner], share=Decimal(share))
        before = owner
        for firm, of_tenant, area, apart in tenants:
            lessor = before if of_tenant else owner
            if firm in (owner, lessor):
                continue
            factories.occupancy(
                parcel, firms[firm], role="leased_in", lessor=firms[lessor], area_m2=Decimal(area)
            )
            before = firm
            if apart is not None:
                with factories.writing(county):
                    TenancyChoice.objects.create(
                        county=county, year=YEAR, parcel=parcel, tenant=firms[firm], apart=apart
                    )
    return firms
