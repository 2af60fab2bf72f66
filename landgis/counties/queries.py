"""Finding a county and the parameters in force on a day.

Refuses to guess: an unknown county or a missing parameter is an error that names it.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Min, Q

from landgis.counties.models import County, Parameter, Target
from landgis.lib.errors import LandgisError, NotFound

VERSION = ".rule_version"
# The parameters in force as one object, and those whose version in force isn't their first, with the day it began.
IN_FORCE = """
SELECT coalesce(json_object_agg(key, value), '{}')::text,
       coalesce(json_object_agg(key, valid_from) FILTER (WHERE valid_from > first_from), '{}')::text
  FROM (SELECT key, value, valid_from, valid_to, min(valid_from) OVER (PARTITION BY key) AS first_from
          FROM counties_parameter WHERE county_id = %(county)s) versions
 WHERE valid_from <= %(on)s AND (valid_to IS NULL OR valid_to >= %(on)s)"""


class ParameterMissing(LandgisError, KeyError):
    """A rule asked for a parameter that the county doesn't state for the day."""

    status = 409
    code = "parameter_missing"


class Parameters(Mapping[str, Any]):
    """The parameters in force on one day; a missing one is an error that says since when it holds, or how to set it."""

    def __init__(self, values: dict[str, Any], on: date, county_code: str) -> None:
        self._values, self.on, self.county_code = values, on, county_code

    def __getitem__(self, key: str) -> Any:
        try:
            return self._values[key]
        except KeyError:
            later = Parameter.objects.filter(county=self.county_code, key=key, valid_from__gt=self.on)
            first = later.aggregate(first=Min("valid_from"))["first"]
            if first is not None:
                raise ParameterMissing(
                    f"日期 {self.on} 太早：规则参数“{key}”自 {first} 起才有规定。",
                    remedy=f"请选择 {first} 或者以后的日期；确需更早的，请先登记该参数更早的值及其依据。",
                ) from None
            raise ParameterMissing(
                f"县域 {self.county_code} 在 {self.on} 没有参数“{key}”。",
                remedy="请在县域配置文件的 [[parameters]] 中写明其值、起始日期和依据，再运行 load_county。",
            ) from None

    # Asking whether there is one is no error, and costs no look at what holds later.
    def get(self, key: str, default: Any = None) -> Any:
        return self._values.get(key, default)

    def __contains__(self, key: object) -> bool:
        return key in self._values

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
    """What the rules of `county` read on the day `on`; the names of rule versions tell what was amended since."""
    with connection.cursor() as cursor:
        cursor.execute(IN_FORCE, {"county": county.code, "on": on})
        held, amended = (json.loads(text) for text in cursor.fetchone())
    since = {key: date.fromisoformat(day) for key, day in amended.items()}
    return Parameters(with_versions_told(held, since), on, county.code)


def with_versions_told(values: Mapping[str, Any], amended: Mapping[str, date]) -> dict[str, Any]:
    """`values` with each `X.rule_version` telling the newest amendment of the `X.` parameters, so that versions differ.

    `amended`: the keys whose version in force isn't their first, and since when it is. The four marks at the end are
    taken over the amended values, since two amendments may begin on the same day.
    """
    told = dict(values)
    for key in [key for key in told if key.endswith(VERSION)]:
        family = key.removesuffix(VERSION) + "."
        of_family = {
            name: values[name] for name in sorted(amended) if name.startswith(family) and name != key
        }
        if of_family:
            latest = max(amended[name] for name in of_family)
            text = json.dumps(of_family, ensure_ascii=False, sort_keys=True)
            marks = hashlib.sha256(text.encode()).hexdigest()[:4]
            told[key] = f"{values[key]}·{latest:%Y-%m-%d}修订{marks}"
    return told


def targets(county: County, on: date) -> dict[str, Decimal]:
    return dict(Target.objects.filter(in_force(on), county=county).values_list("key", "value"))
