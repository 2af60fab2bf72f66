"""Screenings for suspected idle land: what the rules found on a day, with the rule version and the facts' arithmetic.

Refuses to be a case file: a finding here is a suspicion for an officer to investigate.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from landgis.counties.models import County
from landgis.lib.history import Recorded
from parcels.cadastre.models import Parcel
from parcels.supply.models import ContractPhase

FINDINGS = ("idle_not_started", "idle_stopped", "overdue", "underinvested", "undetermined", "clear")


class IdleScreening(Recorded):
    """One screening of all contracts of a county as of a day."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    rule_version = models.CharField(max_length=80)
    counts = models.JSONField()

    class Meta(Recorded.Meta):
        db_table = "idle_land_screening"
        indexes = [models.Index(fields=["county", "-id"], name="screening_county")]

    def __str__(self) -> str:
        return f"{self.county_id} {self.on:%Y-%m-%d}"


class IdleFinding(Recorded):
    """What the rules said of one contract phase on the screening's day, the clear ones too: they show what was judged."""

    screening = models.ForeignKey(IdleScreening, on_delete=models.PROTECT, related_name="findings")
    phase = models.ForeignKey(ContractPhase, on_delete=models.PROTECT, related_name="+")
    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="+", null=True)
    town_code = models.CharField(max_length=12, blank=True)
    finding = models.CharField(max_length=20)
    article = models.CharField(max_length=80, blank=True)
    agreed_start = models.DateField(null=True)
    full_year_on = models.DateField(null=True)
    gross_idle_days = models.IntegerField(null=True)
    net_idle_days = models.IntegerField(null=True)
    missing = ArrayField(models.CharField(max_length=40), default=list)
    also = ArrayField(models.CharField(max_length=20), default=list)
    remarks = ArrayField(models.TextField(), default=list)
    steps = ArrayField(models.TextField(), default=list)

    class Meta(Recorded.Meta):
        db_table = "idle_land_finding"
        constraints = [
            models.UniqueConstraint(fields=["screening", "phase"], name="finding_once"),
            models.CheckConstraint(condition=Q(finding__in=FINDINGS), name="finding_known"),
        ]

    def __str__(self) -> str:
        return f"{self.phase_id} {self.finding}"
