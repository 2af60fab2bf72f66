"""What evaluation and screening say of parcels, for tests of the map and of exports.

Refuses to compute: the figures are given.
"""

from datetime import date

from django.utils import timezone

from landgis.counties.models import County
from parcels.cadastre.models import Parcel
from parcels.evaluation.models import IndicatorRun, IndicatorValue
from parcels.idle_land.models import IdleFinding, IdleScreening
from tests import factories


def taxes(county: County, year: int, per_mu: dict[str, float | None]) -> IndicatorRun:
    """A run of `year` with 万元/亩 by parcel code; None = not returned."""
    with factories.writing(county):
        run = IndicatorRun.objects.create(
            county=county, year=year, computed_at=timezone.now(), rule_version="test", inputs_sha256="0" * 64
        )
        IndicatorValue.objects.bulk_create(
            IndicatorValue(
                run=run,
                scope="parcel",
                subject_code=code,
                tax_per_mu_numerator=value,
                tax_per_mu_denominator=1,
            )
            for code, value in per_mu.items()
        )
    return run


def screening(
    county: County, findings: list[tuple[Parcel, str]], on: date = date(2024, 6, 30)
) -> IdleScreening:
    """A screening in which each pair is the finding of one more contract phase of the parcel."""
    with factories.writing(county):
        made = IdleScreening.objects.create(county=county, on=on, rule_version="test", counts={})
    for number, (parcel, finding) in enumerate(findings):
        phase = factories.contract(county, f"{made.pk}-{number}", parcel)
        with factories.writing(county):
            IdleFinding.objects.create(
                screening=made, phase=phase, parcel=parcel, town_code=parcel.town_code, finding=finding
            )
    return made
