"""Finding enterprises by their codes.

Refuses to match by name: names change and repeat.
"""

from collections.abc import Collection

from landgis.counties.models import County
from parcels.enterprises.models import Enterprise


def enterprise_ids(county: County, usccs: Collection[str]) -> dict[str, int]:
    """USCC → row id, for those on record."""
    return dict(Enterprise.objects.filter(county=county, uscc__in=list(usccs)).values_list("uscc", "id"))
