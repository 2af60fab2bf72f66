"""Files of 高耗低效 firms, their steps, the frozen lists, weekly follow-ups, and energy projects with their reviews.

Refuses, in the database itself, to alter or delete any of it, a second file of a firm, and a step without its author.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from landgis.counties.models import County
from landgis.lib.history import Recorded, append_only, change_required
from parcels.cadastre.lineage_models import Attachment
from parcels.documents.frozen import Frozen
from parcels.documents.models import IssuedDocument
from parcels.enterprises.models import Enterprise
from parcels.low_efficiency.procedure import (
    AGREED,
    FILED,
    LISTED,
    PLANNED,
    PUBLICISED,
    RECLASSIFIED,
    REVERSAL,
    TITLES,
    WITH_EVIDENCE,
)
from parcels.low_efficiency.rules import LABELS
from parcels.plans.models import Plan


def _only(kinds: tuple[str, ...], field: str) -> Q:
    """The field is stated by steps of these kinds and by no others."""
    return Q(kind__in=kinds, **{f"{field}__isnull": False}) | (~Q(kind__in=kinds) & Q(**{field: None}))


class LowEfficiencyFile(Recorded):
    """One firm's file under its number; where it stands follows from its steps."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+", db_index=False)
    enterprise = models.OneToOneField(
        Enterprise, on_delete=models.PROTECT, related_name="low_efficiency_file"
    )
    file_no = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    town_code = models.CharField(max_length=12, blank=True)

    class Meta(Recorded.Meta):
        db_table = "low_efficiency_file"
        triggers = [change_required(), append_only("low_efficiency_file")]
        constraints = [
            models.UniqueConstraint(fields=["county", "file_no"], name="low_file_no_once"),
            models.UniqueConstraint(fields=["county", "year", "number"], name="low_file_number_once"),
        ]
        indexes = [models.Index(fields=["county", "town_code"], name="low_file_town")]

    def __str__(self) -> str:
        return self.file_no


class LowEfficiencyList(Frozen):
    """A year's list as it was frozen: its rows, their hash, and the issue that it corrects."""

    list_no = models.CharField(max_length=60)
    data_year = models.PositiveSmallIntegerField()
    rule_version = models.CharField(max_length=80)
    rows = models.JSONField()
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, related_name="corrected_by", null=True)

    class Meta(Frozen.Meta):
        db_table = "low_efficiency_list"
        triggers = [change_required(), append_only("low_efficiency_list")]
        constraints = [
            models.UniqueConstraint(fields=["county", "year", "number"], name="low_list_number_once"),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="low_list_hash"),
            models.CheckConstraint(
                condition=Q(row_count__gt=0) & ~Q(frozen_by="") & ~Q(reason=""), name="low_list_whole"
            ),
        ]

    def __str__(self) -> str:
        return self.list_no


class LowEfficiencyStep(Recorded):
    """A step of a file on a day, with its person, its evidence and what it made or rests on."""

    file = models.ForeignKey(LowEfficiencyFile, on_delete=models.PROTECT, related_name="steps")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=12)
    on = models.DateField()
    until = models.DateField(null=True)
    labels = ArrayField(models.CharField(max_length=20), null=True)
    reasons = ArrayField(models.TextField(), default=list)
    category = models.CharField(max_length=60, blank=True)
    data_year = models.PositiveSmallIntegerField(null=True)
    text = models.TextField()
    evidence = models.TextField(blank=True)
    paper = models.OneToOneField(Attachment, on_delete=models.PROTECT, related_name="+", null=True)
    list = models.ForeignKey(LowEfficiencyList, on_delete=models.PROTECT, related_name="steps", null=True)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+", null=True)
    document = models.OneToOneField(IssuedDocument, on_delete=models.PROTECT, related_name="+", null=True)
    person = models.CharField(max_length=60)
    by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, related_name="reversed_by", null=True)

    class Meta(Recorded.Meta):
        db_table = "low_efficiency_step"
        triggers = [change_required(), append_only("low_efficiency_step")]
        constraints = [
            models.UniqueConstraint(fields=["file", "seq"], name="low_step_once"),
            models.CheckConstraint(condition=Q(kind__in=list(TITLES)), name="low_step_kind_known"),
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(person="") & ~Q(by=""), name="low_step_has_author"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=WITH_EVIDENCE) | ~Q(evidence=""), name="low_step_has_evidence"
            ),
            models.CheckConstraint(
                condition=Q(labels=None) | Q(labels__contained_by=list(LABELS), labels__len__gt=0),
                name="low_step_labels_known",
            ),
            models.CheckConstraint(condition=_only((FILED, RECLASSIFIED), "labels"), name="low_step_labels"),
            models.CheckConstraint(condition=_only((LISTED,), "list"), name="low_step_list"),
            models.CheckConstraint(condition=_only((PLANNED,), "plan"), name="low_step_plan"),
            models.CheckConstraint(condition=_only((AGREED,), "document"), name="low_step_document"),
            models.CheckConstraint(condition=_only((PUBLICISED,), "until"), name="low_step_until"),
            models.CheckConstraint(condition=_only((REVERSAL,), "reverses"), name="low_step_reversal"),
        ]

    def __str__(self) -> str:
        return f"{self.file_id}/{self.seq} {self.kind}"


class WeeklyFollowUp(Recorded):
    """What was seen of a firm in a week (`week_on` is its Monday); a correction is the next row of the same week."""

    file = models.ForeignKey(LowEfficiencyFile, on_delete=models.PROTECT, related_name="weeks")
    week_on = models.DateField()
    seq = models.PositiveSmallIntegerField()
    electricity_kwh = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    progress = models.PositiveSmallIntegerField(null=True)
    text = models.TextField(blank=True)
    person = models.CharField(max_length=60)
    by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta(Recorded.Meta):
        db_table = "low_efficiency_week"
        triggers = [change_required(), append_only("low_efficiency_week")]
        constraints = [
            models.UniqueConstraint(fields=["file", "week_on", "seq"], name="low_week_once"),
            models.CheckConstraint(
                condition=Q(electricity_kwh__isnull=False) | Q(progress__isnull=False) | ~Q(text=""),
                name="low_week_says_something",
            ),
            models.CheckConstraint(
                condition=Q(electricity_kwh=None) | Q(electricity_kwh__gte=0), name="low_week_electricity"
            ),
            models.CheckConstraint(
                condition=Q(progress=None) | Q(progress__lte=100), name="low_week_percent"
            ),
            models.CheckConstraint(condition=~Q(person="") & ~Q(by=""), name="low_week_has_author"),
            models.CheckConstraint(condition=Q(week_on__iso_week_day=1), name="low_week_monday"),
        ]

    def __str__(self) -> str:
        return f"{self.file_id} {self.week_on}"


class EnergyProject(Recorded):
    """A project with its year of building, its yearly energy and whether it is 两高; a correction names what it replaces."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+", db_index=False)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="energy_projects")
    name = models.CharField(max_length=200)
    built_year = models.PositiveSmallIntegerField()
    two_high = models.BooleanField()
    energy_tce = models.DecimalField(max_digits=18, decimal_places=4)
    energy_year = models.PositiveSmallIntegerField()
    basis = models.TextField()
    withdrawn = models.BooleanField(default=False)
    by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, related_name="replaced_by", null=True)

    class Meta(Recorded.Meta):
        db_table = "low_efficiency_energy_project"
        triggers = [change_required(), append_only("low_efficiency_energy_project")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(basis="") & ~Q(by=""), name="energy_project_whole"
            ),
            models.CheckConstraint(condition=Q(energy_tce__gte=0), name="energy_project_amount"),
            models.CheckConstraint(
                condition=Q(built_year__gte=1949, built_year__lte=2200), name="energy_project_year"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn=False) | Q(replaces__isnull=False), name="energy_project_withdrawn"
            ),
        ]
        indexes = [models.Index(fields=["county", "energy_tce"], name="energy_project_amount")]

    def __str__(self) -> str:
        return self.name


class EnergyReview(Recorded):
    """What came of assessing a project of the 两高 list on a day; the newest one is how it stands."""

    project = models.ForeignKey(EnergyProject, on_delete=models.PROTECT, related_name="reviews")
    on = models.DateField()
    result = models.CharField(max_length=12)
    text = models.TextField()
    evidence = models.TextField()
    by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta(Recorded.Meta):
        db_table = "low_efficiency_energy_review"
        triggers = [change_required(), append_only("low_efficiency_energy_review")]
        constraints = [
            models.CheckConstraint(
                condition=Q(result__in=["conforms", "rectify", "stopped"])
                & ~Q(text="")
                & ~Q(evidence="")
                & ~Q(by=""),
                name="energy_review_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.result}"
