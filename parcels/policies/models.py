"""Differential policy tables in versions (what a grade pays more or less of, on whose authority), and the frozen lists.

Refuses, in the database itself, to alter or delete a version or a list: a change is the next one, and the earlier stays.
"""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from landgis.counties.models import County
from landgis.lib.history import Recorded, append_only, change_required
from parcels.documents.frozen import Frozen


class PolicyTable(Recorded):
    """One version of an instrument's rates for a grading year; without rates the instrument isn't applied."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+", db_index=False)
    instrument = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    seq = models.PositiveIntegerField()
    valid_from = models.DateField()
    authority = models.CharField(max_length=100)
    basis = models.TextField()
    by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    reason = models.TextField()

    class Meta(Recorded.Meta):
        db_table = "policies_table"
        triggers = [change_required(), append_only("policies_table")]
        constraints = [
            models.UniqueConstraint(
                fields=["county", "instrument", "year", "seq"], name="policy_version_once"
            ),
            models.CheckConstraint(
                condition=~Q(authority="") & ~Q(basis="") & ~Q(by="") & ~Q(reason=""),
                name="policy_table_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instrument} {self.year}/{self.seq}"


class PolicyRate(Recorded):
    """What one grade has of an instrument, in one industry or (industry "") in all: a factor, or an amount per unit."""

    table = models.ForeignKey(PolicyTable, on_delete=models.PROTECT, related_name="rates")
    grade = models.CharField(max_length=20)
    industry = models.CharField(max_length=8, blank=True)
    kind = models.CharField(max_length=8)
    value = models.DecimalField(max_digits=18, decimal_places=6)
    unit = models.CharField(max_length=30, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta(Recorded.Meta):
        db_table = "policies_rate"
        triggers = [change_required(), append_only("policies_rate")]
        constraints = [
            models.UniqueConstraint(fields=["table", "grade", "industry"], name="policy_rate_once"),
            models.CheckConstraint(
                condition=Q(kind="factor", unit="") | (Q(kind="amount") & ~Q(unit="")),
                name="policy_rate_kind",
            ),
            models.CheckConstraint(
                condition=Q(industry__regex=r"^([0-9]{2,4})?$"), name="policy_rate_industry"
            ),
            models.CheckConstraint(condition=~Q(grade=""), name="policy_rate_grade"),
        ]

    def __str__(self) -> str:
        return f"{self.grade} {self.industry} {self.value}"


class PolicyList(Frozen):
    """Whom a version affects and by how much, as it was frozen: its rows, their hash, and the issue that it corrects."""

    table = models.ForeignKey(PolicyTable, on_delete=models.PROTECT, related_name="lists")
    list_no = models.CharField(max_length=60)
    rows = models.JSONField()
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, related_name="corrected_by", null=True)

    class Meta(Frozen.Meta):
        db_table = "policies_list"
        triggers = [change_required(), append_only("policies_list")]
        constraints = [
            models.UniqueConstraint(fields=["county", "year", "number"], name="policy_list_number_once"),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="policy_list_hash"),
            models.CheckConstraint(
                condition=Q(row_count__gt=0) & ~Q(list_no="") & ~Q(frozen_by="") & ~Q(reason=""),
                name="policy_list_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.list_no
