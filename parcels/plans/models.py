"""Plans for one parcel, case, phase or enterprise: their versions, what was recorded of them, and their sheets.

Refuses, in the database itself, a plan of none or two subjects, and to alter or delete a version or an entry.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from landgis.counties.models import County
from landgis.lib.history import Recorded, append_only, change_required
from parcels.cadastre.lineage_models import Attachment
from parcels.cadastre.models import Parcel
from parcels.disposal.models import IdleCase
from parcels.documents.models import IssuedDocument
from parcels.enterprises.models import Enterprise
from parcels.plans.rules import (
    CLOSING,
    ENTRIES,
    MEASURED,
    MILESTONE,
    REOPENING,
    REVERSAL,
    SENSES,
    SUBJECTS,
    WITH_EVIDENCE,
    Subject,
)
from parcels.supply.models import ContractPhase

ONE_SUBJECT = Q()
for _named in SUBJECTS:
    ONE_SUBJECT |= Q(**{f"{name}__isnull": name != _named for name in SUBJECTS})


def _only(kinds: tuple[str, ...], fields: str) -> Q:
    """The field is stated by entries of these kinds and by no others."""
    return Q(kind__in=kinds, **{f"{fields}__isnull": False}) | (~Q(kind__in=kinds) & Q(**{fields: None}))


class Plan(Recorded):
    """One plan under its number. What it says stands in its versions, how it stands follows from its entries."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    plan_no = models.CharField(max_length=40)
    year = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    case = models.ForeignKey(IdleCase, on_delete=models.PROTECT, related_name="plans", null=True)
    phase = models.ForeignKey(ContractPhase, on_delete=models.PROTECT, related_name="plans", null=True)
    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="plans", null=True)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="plans", null=True)
    town_code = models.CharField(max_length=12, blank=True)
    made_on = models.DateField()

    class Meta(Recorded.Meta):
        db_table = "plan_plan"
        triggers = [change_required(), append_only("plan_plan")]
        constraints = [
            models.CheckConstraint(condition=ONE_SUBJECT, name="plan_one_subject"),
            models.CheckConstraint(condition=~Q(plan_no=""), name="plan_has_number"),
            models.UniqueConstraint(fields=["county", "plan_no"], name="plan_no_once"),
            models.UniqueConstraint(fields=["county", "year", "number"], name="plan_number_once"),
        ]
        indexes = [models.Index(fields=["county", "town_code"], name="plan_town")]

    def __str__(self) -> str:
        return self.plan_no

    @property
    def subject(self) -> Subject:
        return next(name for name in SUBJECTS if getattr(self, f"{name}_id") is not None)


class PlanVersion(Recorded):
    """What the plan says from a day on; a change of the plan is the next version, the earlier one stays."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="versions")
    seq = models.PositiveIntegerField()
    on = models.DateField()
    problem_types = ArrayField(models.CharField(max_length=40))
    problem = models.TextField()
    goal = models.TextField()
    paths = ArrayField(models.CharField(max_length=40))
    lead_unit = models.CharField(max_length=100)
    helpers = ArrayField(models.CharField(max_length=100), default=list)
    person = models.CharField(max_length=60)
    officer = models.CharField(max_length=150)
    from_on = models.DateField()
    to_on = models.DateField()
    by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    reason = models.TextField()

    class Meta(Recorded.Meta):
        db_table = "plan_version"
        triggers = [change_required(), append_only("plan_version")]
        constraints = [
            models.UniqueConstraint(fields=["plan", "seq"], name="plan_version_once"),
            models.CheckConstraint(
                condition=~Q(problem="")
                & ~Q(goal="")
                & ~Q(lead_unit="")
                & ~Q(person="")
                & ~Q(officer="")
                & ~Q(by="")
                & ~Q(reason=""),
                name="plan_version_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(problem_types__len__gt=0, paths__len__gt=0), name="plan_version_is_coded"
            ),
            models.CheckConstraint(condition=Q(to_on__gt=F("from_on")), name="plan_version_period"),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id}/{self.seq}"


class VersionPart(Recorded):
    """A row of a version; `number` stays with it through all versions."""

    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="%(class)ss")
    number = models.PositiveIntegerField()

    class Meta(Recorded.Meta):
        abstract = True


class PlanMeasure(VersionPart):
    """What is done (措施), by whom, until when."""

    text = models.TextField()
    unit = models.CharField(max_length=100, blank=True)
    person = models.CharField(max_length=60, blank=True)
    due_on = models.DateField(null=True)

    class Meta(VersionPart.Meta):
        db_table = "plan_measure"
        triggers = [change_required(), append_only("plan_measure")]
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="plan_measure_once"),
            models.CheckConstraint(condition=~Q(text=""), name="plan_measure_has_text"),
        ]

    def __str__(self) -> str:
        return self.text


class PlanTarget(VersionPart):
    """A figure to be reached (指标): metric, unit, value, day."""

    metric = models.CharField(max_length=60)
    unit = models.CharField(max_length=30, blank=True)
    value = models.DecimalField(max_digits=18, decimal_places=4)
    sense = models.CharField(max_length=10)
    due_on = models.DateField()

    class Meta(VersionPart.Meta):
        db_table = "plan_target"
        triggers = [change_required(), append_only("plan_target")]
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="plan_target_once"),
            models.CheckConstraint(
                condition=~Q(metric="") & Q(sense__in=list(SENSES)), name="plan_target_is_whole"
            ),
        ]

    def __str__(self) -> str:
        return self.metric


class PlanMilestone(VersionPart):
    """A step on the way (节点) with its day."""

    title = models.CharField(max_length=100)
    due_on = models.DateField()

    class Meta(VersionPart.Meta):
        db_table = "plan_milestone"
        triggers = [change_required(), append_only("plan_milestone")]
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="plan_milestone_once"),
            models.CheckConstraint(condition=~Q(title=""), name="plan_milestone_has_title"),
        ]

    def __str__(self) -> str:
        return self.title


class PlanEntry(Recorded):
    """What was recorded of a plan (跟踪记录): progress, a figure, a milestone done, closing, reopening, or a reversal."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="entries")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=12)
    on = models.DateField()
    text = models.TextField()
    evidence = models.TextField(blank=True)
    progress = models.PositiveSmallIntegerField(null=True)
    item = models.PositiveIntegerField(null=True)
    value = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    due_on = models.DateField(null=True)
    person = models.CharField(max_length=60)
    by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, related_name="reversed_by", null=True)
    papers = models.ManyToManyField(Attachment, through="PlanPaper", related_name="+")

    class Meta(Recorded.Meta):
        db_table = "plan_entry"
        triggers = [change_required(), append_only("plan_entry")]
        constraints = [
            models.UniqueConstraint(fields=["plan", "seq"], name="plan_entry_once"),
            models.CheckConstraint(condition=Q(kind__in=list(ENTRIES)), name="plan_entry_kind_known"),
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(person="") & ~Q(by=""), name="plan_entry_has_author"
            ),
            models.CheckConstraint(
                condition=Q(progress=None) | Q(progress__lte=100), name="plan_entry_percent"
            ),
            models.CheckConstraint(condition=_only((MILESTONE, MEASURED), "item"), name="plan_entry_item"),
            models.CheckConstraint(condition=_only((MEASURED,), "value"), name="plan_entry_value"),
            models.CheckConstraint(condition=_only((REOPENING,), "due_on"), name="plan_entry_due"),
            models.CheckConstraint(condition=_only((REVERSAL,), "reverses"), name="plan_entry_reversal"),
            models.CheckConstraint(
                condition=~Q(kind__in=WITH_EVIDENCE) | ~Q(evidence=""), name="plan_entry_has_evidence"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id}/{self.seq} {self.kind}"

    @property
    def is_turn(self) -> bool:
        return self.kind in (CLOSING, REOPENING)


class PlanPaper(Recorded):
    """A photo or paper that an entry rests on; its bytes are with the register's attachments."""

    entry = models.ForeignKey(PlanEntry, on_delete=models.PROTECT, related_name="tied")
    attachment = models.OneToOneField(Attachment, on_delete=models.PROTECT, related_name="plan_paper")

    class Meta(Recorded.Meta):
        db_table = "plan_paper"
        triggers = [change_required(), append_only("plan_paper")]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.attachment_id}"


class PlanSheet(Recorded):
    """The sheet (一企一策表) as it was issued for a version."""

    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="sheets")
    document = models.OneToOneField(IssuedDocument, on_delete=models.PROTECT, related_name="plan_sheet")

    class Meta(Recorded.Meta):
        db_table = "plan_sheet"
        triggers = [change_required(), append_only("plan_sheet")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.document_id}"
