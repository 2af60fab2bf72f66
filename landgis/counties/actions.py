"""Making or updating a county from its profile.

Refuses to drop a town, parameter or target that the new profile no longer names: what was in force stays on record.
"""

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

from django.contrib.gis.geos import GEOSGeometry, MultiPolygon

from landgis.audit.change import change
from landgis.counties.models import County, Dated, Parameter, Target, Town
from landgis.counties.profile import DatedValue, Profile, national_parameters


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading a profile did (or would do)."""

    code: str
    created: bool
    changed: bool
    towns: int
    parameters: int
    targets: int


def load_county(profile: Profile, *, by: str, reason: str, commit: bool) -> Loaded:
    """Make `profile` the county's profile; a profile loaded before changes nothing, but brings what rules need by now."""
    known = County.objects.filter(code=profile.code).first()
    boundary = _geometry(profile)
    changed = known is None or known.profile_sha256 != profile.sha256 or bool(_lacking(known))
    if commit and changed:
        with change(
            county_code=profile.code, by=by, action="load_county", reason=reason, name=profile.name
        ) as running:
            county, _ = County.objects.update_or_create(
                code=profile.code,
                defaults={
                    "name": profile.name,
                    "survey_crs": profile.survey_crs,
                    "bbox_4490": list(profile.bbox_4490),
                    "boundary_4490": boundary,
                    "parcel_code_pattern": profile.parcel_code_pattern,
                    "is_demo": profile.is_demo or (known is not None and known.is_demo),
                    "profile_sha256": profile.sha256,
                },
            )
            for code, name in profile.towns:
                Town.objects.update_or_create(county=county, code=code, defaults={"name": name})
            own = {value.key for value in profile.parameters}
            national = tuple(value for value in national_parameters() if value.key not in own)
            _make_way(county, profile)
            _keep(Parameter, county, national + profile.parameters, with_certainty=True)
            _keep(Target, county, profile.targets, with_certainty=False)
            running.summary["towns"] = len(profile.towns)
    return Loaded(
        profile.code,
        known is None,
        changed,
        len(profile.towns),
        len(profile.parameters),
        len(profile.targets),
    )


def bring_national_parameters() -> None:
    """Give every county the national parameters that the rules have come to read since it was loaded."""
    for county in County.objects.all():
        lacking = _lacking(county)
        if lacking:
            reason = "系统更新：补充规则新用到的参数"
            with change(
                county_code=county.code, by="system", action="bring_parameters", reason=reason
            ) as running:
                _keep(Parameter, county, lacking, with_certainty=True)
                running.summary["keys"] = sorted({value.key for value in lacking})


def _lacking(county: County) -> tuple[DatedValue, ...]:
    stated = set(Parameter.objects.filter(county=county).values_list("key", flat=True))
    return tuple(value for value in national_parameters() if value.key not in stated)


def _make_way(county: County, profile: Profile) -> None:
    """National values that an update of the program brought give way to those that the profile states itself."""
    own = {(value.key, value.valid_from) for value in profile.parameters}
    keys = {key for key, _ in own}
    brought = {(v.key, v.valid_from): v.basis for v in national_parameters() if v.key in keys}
    rows = Parameter.objects.filter(county=county, key__in=keys, entered_by="")
    gone = [
        row.pk
        for row in rows
        if brought.get((row.key, row.valid_from)) == row.basis and (row.key, row.valid_from) not in own
    ]
    Parameter.objects.filter(pk__in=gone).delete()


def mark_demo(county: County, *, by: str) -> None:
    """Say on every page and paper that this county's data are invented (示意数据)."""
    with change(county_code=county.code, by=by, action="mark_demo", reason="标明示意数据"):
        County.objects.filter(code=county.code).update(is_demo=True)


def _keep(
    model: type[Dated], county: County, values: tuple[DatedValue, ...], *, with_certainty: bool
) -> None:
    """One statement for what is new and one for what changed: a county has more than a hundred values."""
    known = {(row.key, row.valid_from): row for row in model._default_manager.filter(county=county)}
    days: dict[str, list[date]] = defaultdict(list)
    for key, valid_from in known:
        days[key].append(valid_from)
    made, changed = [], []
    for value in values:
        # A version that the bureau entered on screen keeps ending the one before it.
        followed = min((day for day in days[value.key] if day > value.valid_from), default=None)
        ends = [day for day in (value.valid_to, followed and followed - timedelta(days=1)) if day]
        facts: dict[str, Any] = {
            "value": value.value,
            "unit": value.unit,
            "valid_to": min(ends, default=None),
            "basis": value.basis,
        }
        if with_certainty:
            facts["certainty"] = value.certainty
        else:  # a target that a successor ended is reckoned by its own term until then
            facts["term_to"] = value.valid_to if facts["valid_to"] != value.valid_to else None
        row = known.get((value.key, value.valid_from))
        if row is None:
            made.append(model(county=county, key=value.key, valid_from=value.valid_from, **facts))
        elif any(getattr(row, name) != stated for name, stated in facts.items()):
            for name, stated in facts.items():
                setattr(row, name, stated)
            changed.append(row)
    names = ["value", "unit", "valid_to", "basis", "certainty" if with_certainty else "term_to"]
    model._default_manager.bulk_update(changed, names)
    model._default_manager.bulk_create(made)


def _geometry(profile: Profile) -> MultiPolygon | None:
    """The boundary as it was read and checked with the profile."""
    if profile.boundary is None:
        return None
    boundary = GEOSGeometry(json.dumps(profile.boundary))
    boundary.srid = 4490
    return cast(MultiPolygon, boundary)
