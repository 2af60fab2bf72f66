"""Finding enterprises by their codes, and their codes.

Refuses to match by name: names change and repeat.
"""

from collections.abc import Collection

from landgis.counties.models import County
from landgis.lib.columns import read_rows
from parcels.enterprises.models import Enterprise


def enterprise_ids(county: County, usccs: Collection[str]) -> dict[str, int]:
    """USCC → row id, for those on record."""
    return dict(Enterprise.objects.filter(county=county, uscc__in=list(usccs)).values_list("uscc", "id"))


def uscc_of(numbers: Collection[int]) -> dict[int, str]:
    """Row id → USCC; one statement however many there are."""
    sql = "SELECT id, uscc FROM enterprises_enterprise WHERE id = ANY(%(ids)s)"
    return dict(read_rows(sql, {"ids": list(numbers)}))
