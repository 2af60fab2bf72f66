"""Storing towns and platforms from a delivered layer.

Refuses towns that overlap each other: what is summed over them would be counted twice.
"""

from collections.abc import Sequence

from landgis.counties.models import County
from landgis.lib.upsert import Stored
from layers.districts.models import District
from layers.versions import Delivered, store_versions


def store_districts(county: County, delivered: Sequence[Delivered], *, kind: str, source: str) -> Stored:
    """Bring the districts of a kind to what was delivered, in versions, inside a declared change."""
    return store_versions(District, county, delivered, source=source, same_key={"kind": kind})
