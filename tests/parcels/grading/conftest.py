"""Five firms on a real database, and the officer who evaluates them."""

from decimal import Decimal

import pytest

from landgis.access.queries import Actor
from landgis.counties.models import County
from parcels.enterprises.models import Enterprise
from tests import factories
from tests.factories import TOWN_EAST, TOWN_WEST, box
from tests.parcels.grading.running import YEAR


@pytest.fixture
def firms(county: County) -> list[Enterprise]:
    """Five firms with 10 亩 each and taxes of 100, 80, 60, 40, 20; the last two in 乙镇."""
    made = []
    for number in range(5):
        firm = factories.enterprise(
            county,
            f"91330782000000000{number}",
            f"企业{number}",
            above_scale=True,
            town_code=TOWN_WEST if number < 3 else TOWN_EAST,
        )
        parcel = factories.parcel(
            county, f"P{number}", box(number, 1, number + 1, 2), registered_area_m2=Decimal(100_000) / 15
        )
        factories.occupancy(parcel, firm)
        factories.annual_return(firm, YEAR, tax_wan=100 - 20 * number, source="税务局清册")
        made.append(firm)
    return made


@pytest.fixture
def officer(cast: dict[str, Actor]) -> Actor:
    return cast["evaluation_officer"]
