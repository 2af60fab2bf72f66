"""A graded year on ground that towns, platforms and lines cut through, and the officer who evaluates it."""

from decimal import Decimal

import pytest

from landgis.access.queries import Actor
from landgis.counties.models import County
from layers.districts.models import District
from parcels.enterprises.models import Enterprise
from parcels.evaluation.actions import compute_indicators
from parcels.grading.models import GradingRun
from tests import factories
from tests.factories import TOWN_EAST, TOWN_WEST, box, writing
from tests.parcels.grading.running import YEAR, published

INDUSTRIES = ("纺织", "电子", "食品")


@pytest.fixture
def officer(cast: dict[str, Actor]) -> Actor:
    return cast["evaluation_officer"]


@pytest.fixture
def ground(county: County, officer: Actor) -> GradingRun:
    """Twelve firms on fourteen parcels, some over both towns, half in a platform, and the published result of the year."""
    factories.district(county, TOWN_WEST, "甲镇", box(0, 0, 6.3, 10))
    factories.district(county, TOWN_EAST, "乙镇", box(6.3, 0, 11.6, 10))
    platform = factories.district(county, "PT1", "示意平台", box(2.5, 0, 8.4, 1.7))
    with writing(county):
        District.objects.filter(pk=platform.pk).update(kind=District.PLATFORM)
    factories.control_line(county, "L1", box(0, 0, 3.3, 10), level="市级")
    factories.control_line(county, "L2", box(3.1, 0, 5.2, 10), level="市级")
    factories.control_line(county, "L3", box(7, 0, 20, 10), level="省级")
    made: list[Enterprise] = []
    for n in range(12):
        firm = factories.enterprise(
            county, f"9133078200000000{n:02d}", f"企业{n}", above_scale=True, industry_group=INDUSTRIES[n % 3],
            town_code=TOWN_WEST if n < 6 else TOWN_EAST,
        )  # fmt: skip
        town = TOWN_WEST if n < 6 else TOWN_EAST
        parcel = factories.parcel(
            county,
            f"P{n:02d}",
            box(n, 1, n + 1, 2),
            registered_area_m2=Decimal(7_000 + 130 * n),
            town_code=town,
        )
        factories.occupancy(parcel, firm)
        factories.annual_return(
            firm, YEAR, tax_wan=100 - 7 * n, value_added_wan=300 + n if n != 4 else None, employees=20 + n
        )
        made.append(firm)
    for n, owner in ((0, 9), (1, 10)):  # two firms have a second parcel, in the other town
        parcel = factories.parcel(county, f"Q{n}", box(n, 4, n + 1, 5), registered_area_m2=Decimal(5_100))
        factories.occupancy(parcel, made[owner])
    compute_indicators(county=county, actor=officer, year=YEAR, reason="计算", commit=True)
    return published(county, officer)
