"""The towns or platforms of a county on a day.

Refuses kinds that don't exist.
"""

from datetime import date

from landgis.counties.models import County
from layers.areas import Areas, areas_on
from layers.districts.models import District

KINDS = (District.TOWN, District.PLATFORM)


def districts(county: County, kind: str, on: date) -> Areas:
    return areas_on(District.objects.filter(county=county, kind=kind), on)
