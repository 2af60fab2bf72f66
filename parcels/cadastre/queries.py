"""Finding parcels in force.

Refuses to return a parcel that was retired, unless a day is named on which it was in force.
"""

from collections.abc import Collection
from datetime import date

from django.db.models import Q

from landgis.counties.models import County
from parcels.cadastre.models import Parcel


def in_force(on: date) -> Q:
    """Parcels on the register on a day: a parcel's last day is the day before `valid_to`."""
    return Q(valid_from__lte=on) & (Q(valid_to=None) | Q(valid_to__gt=on))


def parcel_ids(county: County, codes: Collection[str]) -> dict[str, int]:
    """Code → row id of the parcels in force, for those on record."""
    rows = Parcel.objects.filter(county=county, valid_to=None, code__in=list(codes))
    return dict(rows.values_list("code", "id"))
