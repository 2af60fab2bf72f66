"""Five firms with land and returns, and two final evaluations in which the same firms came last."""

import pytest

from landgis.access.queries import Actor
from landgis.audit.change import change
from landgis.counties.models import County
from parcels.enterprises.models import Enterprise
from tests.parcels.grading.conftest import firms, officer
from tests.parcels.low_efficiency.making import final_years

__all__ = ["firms", "graded", "officer"]


@pytest.fixture
def graded(county: County, firms: list[Enterprise], officer: Actor) -> list[Enterprise]:
    """Manufacturers; the last one of the five had the last grade (差) in 2022 and 2023."""
    with change(county_code=county.code, by="测试员", action="test", reason="行业"):
        Enterprise.objects.filter(county=county).update(industry_code="C1711")
    final_years(county, officer, 2022, 2023)
    return firms
