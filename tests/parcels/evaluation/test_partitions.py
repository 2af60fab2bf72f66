"""Industries and platforms: every partition of the county adds up to the county, and hides what too few firms make up."""

import math
from decimal import Decimal
from typing import Any

import pytest

from landgis.access.queries import Actor, command_actor
from landgis.counties.models import County
from layers.districts.models import District
from parcels.evaluation.actions import compute_indicators
from parcels.evaluation.land import land_of_firms
from parcels.evaluation.models import IndicatorValue
from parcels.evaluation.queries import inputs
from parcels.evaluation.results import results
from parcels.evaluation.rules import CODES, INDICATORS, LAND, RETURNED
from tests import factories
from tests.factories import TOWN_EAST, TOWN_WEST, box

YEAR = 2023


@pytest.fixture
def firms(county: County) -> County:
    """Seven firms of three industries on eleven parcels across towns, platforms and gaps; one lets half to another."""
    factories.district(county, TOWN_WEST, "甲镇", box(0, 0, 6.3, 10))
    factories.district(county, TOWN_EAST, "乙镇", box(6.3, 0, 9.5, 10))
    for code, west, east in (("P-光电", 0.5, 3.4), ("P-动力", 3.1, 7.7)):  # they overlap
        made = factories.district(county, code, code, box(west, 0, east, 10))
        with factories.writing(county):
            District.objects.filter(pk=made.pk).update(kind=District.PLATFORM)
    owner = None
    for number in range(7):
        firm = factories.enterprise(
            county,
            f"9133078200000000{number:02d}",
            f"示意{number}",
            industry_group=["纺织服装", "日用品", "机械电子"][number % 3] if number != 6 else "",
        )
        figures: dict[str, Any] = {
            "tax_wan": Decimal("10.01") * (number + 1),
            "value_added_wan": None if number == 2 else Decimal("33.3") * (number + 2),
            "employees": 7 + number,
            "revenue_wan": 500 + number,
            "rd_wan": None if number % 2 else Decimal("7.7"),
        }
        if number != 5:
            factories.annual_return(firm, YEAR, **figures)
        for at in range(2 if number < 4 else 1):
            west = number * 1.3 + at * 0.6
            parcel = factories.parcel(
                county,
                f"G{number}{at}",
                box(west, 1 + at, west + 1, 2 + at),
                registered_area_m2=Decimal(7000 + 310 * number),
            )
            factories.occupancy(parcel, firm)
            if number == 3 and at == 0:
                factories.occupancy(
                    parcel, owner or firm, role="leased_in", share=Decimal("0.5"), lessor=firm
                )
            if number == 4:
                factories.occupancy(
                    parcel, owner or firm, role="unregistered", geom_4490=box(west, 1, west + 0.3, 2)
                )
        owner = firm
    return county


def test_every_partition_adds_up_to_the_county(firms: County) -> None:
    said = compute_indicators(
        county=firms, actor=command_actor("system", firms), year=YEAR, reason="测试", commit=True
    ).document
    county = said["county"]
    partitions = {
        "towns": [*said["towns"], said["unallocated"]["outside_towns"]],
        "platforms": [*said["platforms"], said["outside_platforms"]],
        "industries": said["industries"],
    }
    assert [area["name"] for area in said["industries"]] == ["未注明行业", "日用品", "机械电子", "纺织服装"]
    for name, areas in partitions.items():
        for figure in (LAND, *RETURNED, "land_occupied_mu"):
            assert math.fsum(area[figure] for area in areas) == pytest.approx(county[figure], rel=1e-9), (
                name,
                figure,
            )
        for code in CODES:
            for side in ("numerator", "denominator"):
                parts = math.fsum(area["indicators"][code][side] or 0.0 for area in areas)
                whole = county["indicators"][code][side] or 0.0
                assert parts == pytest.approx(whole, rel=1e-9), (name, code, side)
    kept = IndicatorValue.objects.filter(run=said["run"])
    assert set(kept.filter(scope="platform").values_list("subject_code", flat=True)) == {"P-光电", "P-动力"}
    assert kept.filter(scope="industry").count() == 4
    assert kept.get(scope="industry", subject_code="日用品").tax_per_mu is not None
    assert len(INDICATORS) == len(CODES)


def test_land_without_an_overlay_is_the_same_land(firms: County) -> None:
    full, light = results(inputs(firms, YEAR)), land_of_firms(firms, YEAR)
    assert light.firm_id.tolist() == full.inputs.firm_id.tolist()
    assert light.uses.net_m2.tolist() == full.inputs.uses.net_m2.tolist()
    assert light.returned.tolist() == full.inputs.of_firms.returned.tolist()


def test_parts_of_too_few_firms_are_hidden_and_cant_be_worked_out(
    firms: County, cast: dict[str, Actor]
) -> None:
    said = compute_indicators(
        county=firms, actor=cast["registrar"], year=YEAR, reason="测试", commit=False
    ).document
    for areas in (said["industries"], [*said["platforms"], said["outside_platforms"]]):
        hidden = [area for area in areas if area["tax_wan"] is None]
        assert len(hidden) != 1
        for area in areas:
            entered = area["firms"] - area["missing"].get("return", 0) - area["missing"].get("tax_wan", 0)
            assert entered == 0 or entered >= 3 or area["tax_wan"] is None
