"""Computed indicators, frozen with the year, the rule version and a fingerprint of what went in.

Refuses a value without its denominator; a value that couldn't be computed is NULL, never zero.
"""

from django.db import models
from django.db.models import Q

from landgis.counties.models import County
from landgis.lib.history import Recorded


class IndicatorRun(Recorded):
    """One computation of a year for a county; the newest of a year is the one that pages show."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveIntegerField()
    computed_at = models.DateTimeField()
    rule_version = models.CharField(max_length=40)
    inputs_sha256 = models.CharField(max_length=64)
    summary = models.JSONField(default=dict)

    class Meta(Recorded.Meta):
        db_table = "evaluation_run"
        indexes = [models.Index(fields=["county", "year", "-id"], name="run_county_year")]

    def __str__(self) -> str:
        return f"{self.county_id} {self.year} #{self.pk}"


class IndicatorValue(Recorded):
    """An indicator of one subject: `value = numerator / denominator`, in the indicator's own units."""

    run = models.ForeignKey(IndicatorRun, on_delete=models.PROTECT, related_name="values")
    scope = models.CharField(max_length=16)
    subject_code = models.CharField(max_length=60)
    indicator = models.CharField(max_length=30)
    value = models.FloatField(null=True)
    numerator = models.FloatField(null=True)
    denominator = models.FloatField(null=True)
    missing = models.CharField(max_length=200, blank=True)

    class Meta(Recorded.Meta):
        db_table = "evaluation_value"
        constraints = [
            models.UniqueConstraint(fields=["run", "scope", "subject_code", "indicator"], name="value_once"),
            models.CheckConstraint(
                condition=Q(scope__in=["enterprise", "parcel", "town", "control_line", "county"]),
                name="value_scope_known",
            ),
            models.CheckConstraint(
                condition=Q(value=None) | Q(numerator__isnull=False, denominator__isnull=False),
                name="value_has_its_parts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.subject_code} {self.indicator}"
