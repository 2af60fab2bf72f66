"""A town's parcel with a contract, one of another town, and a township officer who reports."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from landgis.access.queries import Actor
from landgis.counties.models import County
from parcels.field_reports.actions import Filed, file_report
from parcels.field_reports.models import FieldReport
from parcels.field_reports.photo_facts import CHINA
from parcels.supply.models import ContractPhase
from tests import factories
from tests.factories import TOWN_EAST, box

NOW = datetime(2024, 5, 1, 18, 0, tzinfo=CHINA)
VISIT = date(2024, 5, 1)

File = Callable[..., FieldReport]


@pytest.fixture
def phase(county: County) -> ContractPhase:
    """甲镇: a parcel of about 97 m by 111 m, agreed to be started in 2021."""
    ground = factories.parcel(county, "A1", box(0, 0, 1, 1))
    return factories.contract(
        county,
        "合1",
        ground,
        agreed_start=date(2021, 3, 1),
        total_investment_wan=Decimal(1000),
        land_to_develop_m2=Decimal(9000),
    )


@pytest.fixture
def elsewhere(county: County) -> ContractPhase:
    """乙镇."""
    ground = factories.parcel(county, "B1", box(50, 0, 51, 1), town_code=TOWN_EAST)
    return factories.contract(county, "合2", ground, agreed_start=date(2021, 3, 1))


@pytest.fixture
def township(cast: dict[str, Actor]) -> Actor:
    return cast["township_officer"]


@pytest.fixture
def bureau(cast: dict[str, Actor]) -> Actor:
    return cast["idle_land_officer"]


@pytest.fixture
def file(county: County, township: Actor, phase: ContractPhase) -> File:
    """`file(invested_wan=…, photos=[…])` files a report of the phase."""

    def filed(by: Actor = township, of: ContractPhase = phase, **stated: Any) -> FieldReport:
        parts = {
            name: stated.pop(name)
            for name in ("drawn_survey", "place", "photos", "replaces")
            if name in stated
        }
        values = {"visited_on": VISIT, "building": "going", "remarks": "正在砌墙", **stated}
        return file_report(
            county=county, actor=by, filed=Filed(values=values, phase_id=of.pk, **parts), now=NOW
        )

    return filed
