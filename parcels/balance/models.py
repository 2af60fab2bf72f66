"""An adjustment of the control line: what leaves, what comes in for it, its steps, and the entries of the ledger.

Refuses, in the database itself, any change of what was recorded: a mistake is corrected by a reversal that stands beside it.
"""

from django.contrib.gis.db import models as gis
from django.contrib.gis.db.models.functions import IsEmpty, IsValid
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from landgis.counties.models import County
from landgis.lib.history import Recorded, append_only, change_required
from parcels.balance.steps import STEPS
from parcels.documents.models import IssuedDocument


class Adjustment(Recorded):
    """调整: the ground that is to leave the line (调出, none where ground is only brought in beforehand) and why.

    `out_m2` is how much the line would lose, measured when it was applied for.
    """

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    adjustment_no = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    purpose = models.TextField()
    planned_on = models.DateField()
    out_geom_4490 = gis.MultiPolygonField(srid=4490, null=True)
    out_m2 = models.FloatField()
    rule_version = models.CharField(max_length=80)
    recorded_by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta(Recorded.Meta):
        db_table = "balance_adjustment"
        triggers = [change_required(), append_only("balance_adjustment")]
        constraints = [
            models.UniqueConstraint(fields=["county", "adjustment_no"], name="adjustment_no_once"),
            models.UniqueConstraint(fields=["county", "year", "serial"], name="adjustment_serial_once"),
            models.CheckConstraint(
                condition=Q(out_geom_4490=None) | Q(IsValid("out_geom_4490")), name="adjustment_out_valid"
            ),
            models.CheckConstraint(
                condition=Q(out_geom_4490=None, out_m2=0) | Q(out_geom_4490__isnull=False, out_m2__gt=0),
                name="adjustment_out_area",
            ),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(purpose="") & ~Q(recorded_by=""), name="adjustment_told"
            ),
        ]

    def __str__(self) -> str:
        return self.adjustment_no


class Inclusion(Recorded):
    """调入: ground outside the line that comes in, with its level, its planned use and its approval where it has its own.

    `geom_4490` is what is credited: without what the line or another adjustment holds already.
    """

    adjustment = models.ForeignKey(Adjustment, on_delete=models.PROTECT, related_name="inclusions")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200, blank=True)
    level = models.CharField(max_length=10, blank=True)
    plan_class_code = models.CharField(max_length=12)
    plan_basis = models.CharField(max_length=300)
    approved_on = models.DateField(null=True)
    approval = models.CharField(max_length=300, blank=True)
    geom_4490 = gis.MultiPolygonField(srid=4490)
    area_m2 = models.FloatField()

    class Meta(Recorded.Meta):
        db_table = "balance_inclusion"
        triggers = [change_required(), append_only("balance_inclusion")]
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["adjustment", "number"], name="inclusion_number_once"),
            models.CheckConstraint(
                condition=IsValid("geom_4490") & Q(IsEmpty("geom_4490"), _negated=True),
                name="inclusion_valid",
            ),
            models.CheckConstraint(condition=Q(area_m2__gt=0), name="inclusion_area_positive"),
            models.CheckConstraint(
                condition=Q(approved_on=None, approval="") | (Q(approved_on__isnull=False) & ~Q(approval="")),
                name="inclusion_approval_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.adjustment_id}-{self.number}"


class SurplusUse(Recorded):
    """㎡ that an earlier adjustment brought in beyond its own need, and that this one uses."""

    adjustment = models.ForeignKey(Adjustment, on_delete=models.PROTECT, related_name="uses")
    source = models.ForeignKey(Adjustment, on_delete=models.PROTECT, related_name="used_by")
    area_m2 = models.FloatField()

    class Meta(Recorded.Meta):
        db_table = "balance_surplus_use"
        triggers = [change_required(), append_only("balance_surplus_use")]
        constraints = [
            models.UniqueConstraint(fields=["adjustment", "source"], name="surplus_source_once"),
            models.CheckConstraint(condition=Q(area_m2__gt=0), name="surplus_area_positive"),
            models.CheckConstraint(condition=~Q(adjustment=F("source")), name="surplus_of_another"),
        ]

    def __str__(self) -> str:
        return f"{self.adjustment_id} ← {self.source_id}"


class AdjustmentStep(Recorded):
    """A step taken: its day, the person who took it and the document it rests on; `verdict` keeps the checks of the day."""

    adjustment = models.ForeignKey(Adjustment, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(max_length=20)
    on = models.DateField()
    person = models.CharField(max_length=80)
    document = models.CharField(max_length=300)
    note = models.TextField(blank=True)
    verdict = models.JSONField(default=list)
    recorded_by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta(Recorded.Meta):
        db_table = "balance_step"
        triggers = [change_required(), append_only("balance_step")]
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["adjustment", "step"], name="balance_step_once"),
            models.CheckConstraint(condition=Q(step__in=tuple(STEPS)), name="balance_step_known"),
            models.CheckConstraint(
                condition=~Q(person="") & ~Q(document="") & ~Q(recorded_by=""), name="balance_step_told"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.adjustment_id} {self.step}"


class LineEntry(Recorded):
    """An entry of the ledger: the ㎡ that came into the line and left it on a day, and the rows of the line that it moved.

    An adjustment is entered once and reversed at most once; the reversal is an entry of its own.
    """

    ENTERED, REVERSED = "entered", "reversed"

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    adjustment = models.ForeignKey(Adjustment, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=10)
    on = models.DateField()
    in_m2 = models.FloatField()
    out_m2 = models.FloatField()
    began = ArrayField(models.BigIntegerField())
    ended = ArrayField(models.BigIntegerField())

    class Meta(Recorded.Meta):
        db_table = "balance_entry"
        triggers = [change_required(), append_only("balance_entry")]
        ordering = ["on", "pk"]
        indexes = [models.Index(fields=["county", "on"], name="balance_entry_county_on")]
        constraints = [
            models.UniqueConstraint(fields=["adjustment", "kind"], name="balance_entry_once"),
            models.CheckConstraint(condition=Q(kind__in=("entered", "reversed")), name="balance_entry_kind"),
            models.CheckConstraint(condition=Q(in_m2__gte=0, out_m2__gte=0), name="balance_entry_areas"),
        ]

    def __str__(self) -> str:
        return f"{self.adjustment_id} {self.kind}"


class BalanceProof(Recorded):
    """A proof (占补平衡证明) that was issued for an adjustment."""

    adjustment = models.ForeignKey(Adjustment, on_delete=models.PROTECT, related_name="proofs")
    document = models.OneToOneField(IssuedDocument, on_delete=models.PROTECT, related_name="balance_proof")

    class Meta(Recorded.Meta):
        db_table = "balance_proof"
        triggers = [change_required(), append_only("balance_proof")]
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.adjustment_id} {self.document_id}"
