"""Finding a county and the parameters in force on a day.

Refuses to guess: an unknown county or a missing parameter is an error that names it.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Q

from landgis.counties.models import County, Parameter, Target
from landgis.lib.errors import LandgisError, NotFound


class ParameterMissing(LandgisError, KeyError):
    """A rule asked for a parameter that the county doesn't state for the day."""

    code = "parameter_missing"


class Parameters(Mapping[str, Any]):
    """The parameters in force on one day; a missing one is an error that says how to set it."""

    def __init__(self, values: dict[str, Any], on: date, county_code: str) -> None:
        self._values, self.on, self.county_code = values, on, county_code

    def __getitem__(self, key: str) -> Any:
        try:
            return self._values[key]
        except KeyError:
            raise ParameterMissing(
                f"县域 {self.county_code} 在 {self.on} 没有参数“{key}”。",
                remedy="请在县域配置文件的 [[parameters]] 中写明其值、起始日期和依据，再运行 load_county。",
            ) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


def current_county(code: str | None = None) -> County:
    """The county named, or the setting's default; raises NotFound with the remedy."""
    wanted = code or settings.LANDGIS_COUNTY
    county = County.objects.filter(code=wanted).first()
    if county is None:
        raise NotFound(
            f"没有代码为 {wanted} 的县域。",
            remedy="请先运行 load_county PROFILE.toml --commit 载入县域配置。",
        )
    return county


def in_force(on: date) -> Q:
    """Dated values and assignments hold up to and including their last day (有效期至…)."""
    return Q(valid_from__lte=on) & (Q(valid_to=None) | Q(valid_to__gte=on))


def parameters(county: County, on: date) -> Parameters:
    """What the rules of `county` read on the day `on`."""
    rows = Parameter.objects.filter(in_force(on), county=county).values_list("key", "value")
    return Parameters(dict(rows), on, county.code)


def targets(county: County, on: date) -> dict[str, Decimal]:
    return dict(Target.objects.filter(in_force(on), county=county).values_list("key", "value"))
