"""The towns or platforms of a county on a day.

Refuses kinds that don't exist.
"""

from datetime import date

from landgis.counties.models import County
from layers.areas import Areas, areas_on, standing_on
from layers.districts.models import District

KINDS = (District.TOWN, District.PLATFORM)


def platform_types(county: County, on: date) -> dict[str, str]:
    """Code → what its delivery calls the platform, of those that were drawn by the day or, where none was, are today."""
    rows = District.objects.filter(county=county, kind=District.PLATFORM).order_by("valid_from")
    then = dict(rows.filter(standing_on(on)).values_list("code", "platform_type"))
    return then or dict(rows.filter(valid_to=None).values_list("code", "platform_type"))


def districts(county: County, kind: str, on: date) -> Areas:
    return areas_on(District.objects.filter(county=county, kind=kind), on)
