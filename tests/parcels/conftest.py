"""The demo county as it is delivered: its profile and its towns, for tests on whole layers.

Refuses to load what a test doesn't ask for: parcels, lines and tables are each test's own.
"""

from datetime import date
from pathlib import Path

import pytest

from landgis.access.queries import command_actor
from landgis.counties.actions import load_county
from landgis.counties.models import County
from landgis.counties.profile import read_profile
from parcels.exchange.layer_import import import_layer


@pytest.fixture
def yiwu(db: None) -> County:
    load_county(read_profile(Path("data/counties/330782/profile.toml")), by="t", reason="t", commit=True)
    county = County.objects.get(code="330782")
    import_layer(
        county=county,
        actor=command_actor("system", county),
        collection="districts",
        file=Path("data/shapefiles/towns.shp"),
        on=date(2021, 1, 1),
        commit=True,
        reason="t",
    )
    return county
