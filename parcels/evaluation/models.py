"""Computed indicators, frozen with the year, the rule version and a fingerprint of what went in.

Refuses a value without its parts: the database itself divides the numerator by the denominator that stand beside it,
and what couldn't be computed is NULL, never zero.
"""

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import NullIf

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


def part() -> "models.FloatField[float | None, float | None]":
    return models.FloatField(null=True)


def quotient(indicator: str) -> models.GeneratedField:
    return models.GeneratedField(
        expression=F(f"{indicator}_numerator") / NullIf(F(f"{indicator}_denominator"), Value(0.0)),
        output_field=models.FloatField(),
        db_persist=True,
    )


class IndicatorValue(Recorded):
    """The indicators of one subject in one run, each with its parts, in the indicator's own units.

    One row a subject, not one an indicator: a sixth of the rows, and of the time that a run takes to be written.
    `missing` counts the firms that lack a figure: {"tax_wan": 2, "return": 1}.
    """

    run = models.ForeignKey(IndicatorRun, on_delete=models.PROTECT, related_name="values", db_index=False)
    scope = models.CharField(max_length=16)
    subject_code = models.CharField(max_length=60)

    tax_per_mu_numerator = part()
    tax_per_mu_denominator = part()
    tax_per_mu = quotient("tax_per_mu")
    value_added_per_mu_numerator = part()
    value_added_per_mu_denominator = part()
    value_added_per_mu = quotient("value_added_per_mu")
    labour_productivity_numerator = part()
    labour_productivity_denominator = part()
    labour_productivity = quotient("labour_productivity")
    value_added_per_tce_numerator = part()
    value_added_per_tce_denominator = part()
    value_added_per_tce = quotient("value_added_per_tce")
    value_added_per_emission_numerator = part()
    value_added_per_emission_denominator = part()
    value_added_per_emission = quotient("value_added_per_emission")
    rd_share_numerator = part()
    rd_share_denominator = part()
    rd_share = quotient("rd_share")

    missing = models.JSONField(default=dict)

    class Meta(Recorded.Meta):
        db_table = "evaluation_value"
        constraints = [
            models.UniqueConstraint(fields=["run", "scope", "subject_code"], name="value_once"),
            models.CheckConstraint(
                condition=Q(
                    scope__in=[
                        "enterprise",
                        "parcel",
                        "town",
                        "control_line",
                        "industry",
                        "platform",
                        "county",
                    ]
                ),
                name="value_scope_known",
            ),
        ]
        indexes = [
            # The list's filter and order by tax per mu.
            models.Index(
                fields=["run", "tax_per_mu"],
                include=["subject_code"],
                condition=Q(scope="parcel"),
                name="value_parcel_tax",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.subject_code}"
