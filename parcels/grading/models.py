"""Runs of a year's evaluation: facts about firms, accepted doubts, frozen inputs, results, steps, objections and their decisions.

Refuses, in the database itself, to alter or delete any of it: what changed is another row with its reason.
"""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from landgis.counties.models import County
from landgis.lib.history import Recorded, append_only, change_required
from parcels.cadastre.lineage_models import Attachment
from parcels.enterprises.models import Enterprise
from parcels.grading.claims import KINDS
from parcels.schemes.models import SchemeVersion

HASH = r"^[0-9a-f]{64}$"


class FirmFact(Recorded):
    """What an officer enters about a firm's year: bonus, veto, exemption or a further figure, with basis, paper and reason."""

    KINDS = ("adjustment", "veto", "exemption", "figure")

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+", db_index=False)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="grading_facts")
    year = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12)
    code = models.CharField(max_length=60)
    amount = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    basis = models.TextField()
    reason = models.TextField(db_default="")
    paper = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+", null=True)
    entered_by = models.CharField(max_length=150)
    entered_at = models.DateTimeField(db_default=Now(), editable=False)
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, related_name="reversed_by", null=True)

    class Meta(Recorded.Meta):
        db_table = "grading_fact"
        triggers = [change_required(), append_only("grading_fact")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["adjustment", "figure"], amount__isnull=False)
                | Q(kind__in=["veto", "exemption"], amount=None),
                name="grading_fact_whole",
            ),
            models.CheckConstraint(condition=~Q(basis=""), name="grading_fact_has_basis"),
            models.CheckConstraint(condition=~Q(code=""), name="grading_fact_has_code"),
        ]
        indexes = [models.Index(fields=["county", "year"], name="grading_fact_year")]

    def __str__(self) -> str:
        return f"{self.year} {self.kind} {self.code}"


class Acceptance(Recorded):
    """An officer's word that something open of a year stands as it is: `key` says what, and changes when that changes."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=64)
    told = models.TextField()
    reason = models.TextField()
    accepted_by = models.CharField(max_length=150)
    accepted_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta(Recorded.Meta):
        db_table = "grading_acceptance"
        triggers = [change_required(), append_only("grading_acceptance")]
        constraints = [
            models.UniqueConstraint(fields=["county", "year", "key"], name="acceptance_once"),
            models.CheckConstraint(condition=Q(key__regex=HASH), name="acceptance_key"),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(accepted_by="") & ~Q(told=""), name="acceptance_whole"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.kind} {self.told}"


class GradingRun(Recorded):
    """One evaluation of a year by one version of a scheme; where it stands follows from its steps."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+", db_index=False)
    scheme_version = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, related_name="runs")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, related_name="corrected_by", null=True)

    class Meta(Recorded.Meta):
        db_table = "grading_run"
        triggers = [change_required(), append_only("grading_run")]
        constraints = [
            models.UniqueConstraint(fields=["county", "year", "number"], name="grading_run_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.year} 第 {self.number} 次"


class FrozenInput(Recorded):
    """What a run was computed on, as the text that its hash is taken over; a correction is the next version."""

    run = models.ForeignKey(GradingRun, on_delete=models.PROTECT, related_name="inputs")
    version = models.PositiveIntegerField()
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    firms = models.PositiveIntegerField()
    reason = models.TextField()

    class Meta(Recorded.Meta):
        db_table = "grading_input"
        triggers = [change_required(), append_only("grading_input")]
        constraints = [
            models.UniqueConstraint(fields=["run", "version"], name="grading_input_once"),
            models.CheckConstraint(condition=Q(sha256__regex=HASH), name="grading_input_hash"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.version}"


class GradingResult(Recorded):
    """What came of one version of the inputs: the document of the whole, and the hash of every figure of every firm."""

    input = models.OneToOneField(FrozenInput, on_delete=models.PROTECT, related_name="result")
    sha256 = models.CharField(max_length=64)
    document = models.JSONField()
    computed_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta(Recorded.Meta):
        db_table = "grading_result"
        triggers = [change_required(), append_only("grading_result")]
        constraints = [models.CheckConstraint(condition=Q(sha256__regex=HASH), name="grading_result_hash")]

    def __str__(self) -> str:
        return f"{self.input_id} {self.sha256[:8]}"


class GradingScore(Recorded):
    """A firm in a result; a firm merged into another (`head_uscc`) has that firm's score and grade."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+", db_index=False)
    result = models.ForeignKey(GradingResult, on_delete=models.PROTECT, related_name="scores", db_index=False)
    uscc = models.CharField(max_length=18)
    name = models.CharField(max_length=200)
    head_uscc = models.CharField(max_length=18, blank=True)
    town_code = models.CharField(max_length=12, blank=True)
    class_name = models.CharField(max_length=120, blank=True)
    land_mu = models.FloatField(null=True)
    score = models.DecimalField(max_digits=14, decimal_places=6, null=True)
    rank = models.PositiveIntegerField(null=True)
    of = models.PositiveIntegerField(null=True)
    cut = models.CharField(max_length=20, blank=True)
    grade = models.CharField(max_length=20, blank=True)
    grade_place = models.PositiveSmallIntegerField(null=True)
    reason = models.CharField(max_length=80, blank=True)

    class Meta(Recorded.Meta):
        db_table = "grading_score"
        triggers = [change_required(), append_only("grading_score")]
        constraints = [models.UniqueConstraint(fields=["result", "uscc"], name="grading_score_once")]
        indexes = [
            models.Index(fields=["county", "uscc"], name="grading_score_uscc"),
            models.Index(fields=["result", "class_name", "rank"], name="grading_score_class"),
        ]

    def __str__(self) -> str:
        return f"{self.uscc} {self.grade}"


class Objection(Recorded):
    """A firm's objection to the published draft, filed by its town: of which kind, what is claimed, what it rests on."""

    run = models.ForeignKey(GradingRun, on_delete=models.PROTECT, related_name="objections")
    result = models.ForeignKey(GradingResult, on_delete=models.PROTECT, related_name="+")
    uscc = models.CharField(max_length=18)
    name = models.CharField(max_length=200)
    town_code = models.CharField(max_length=12, blank=True)
    kind = models.CharField(max_length=12, default="figure", db_default="figure")
    claim = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    statement = models.TextField()
    evidence = models.TextField()
    file_name = models.CharField(max_length=200, blank=True)
    file_type = models.CharField(max_length=100, blank=True)
    file = models.BinaryField(null=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    filed_on = models.DateField()
    filed_by = models.CharField(max_length=150)

    class Meta(Recorded.Meta):
        db_table = "grading_objection"
        triggers = [change_required(), append_only("grading_objection")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(statement="") & ~Q(evidence="") & ~Q(filed_by=""), name="objection_whole"
            ),
            models.CheckConstraint(condition=Q(kind__in=list(KINDS)), name="objection_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.uscc}"

    @property
    def kind_title(self) -> str:
        return KINDS[self.kind]


class ObjectionDecision(Recorded):
    """Upheld or not, with the reason; `corrections` are the figures that the next version of the inputs has.

    `changes`: everything that the decision changed of the inputs, as it stands in their own list.
    """

    objection = models.OneToOneField(Objection, on_delete=models.PROTECT, related_name="decision")
    upheld = models.BooleanField()
    reason = models.TextField()
    corrections = models.JSONField(default=dict)
    changes = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    decided_on = models.DateField()
    decided_by = models.CharField(max_length=150)

    class Meta(Recorded.Meta):
        db_table = "grading_decision"
        triggers = [change_required(), append_only("grading_decision")]
        constraints = [
            models.CheckConstraint(condition=~Q(reason="") & ~Q(decided_by=""), name="decision_whole"),
            models.CheckConstraint(
                condition=Q(upheld=True) | Q(corrections={}), name="decision_corrects_when_upheld"
            ),
            models.CheckConstraint(
                condition=Q(upheld=True) | Q(changes=[]), name="decision_changes_when_upheld"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.objection_id} {self.upheld}"


class GradingStep(Recorded):
    """A step of a run on a day, with its person and reason, and what it made: inputs, result, objection."""

    run = models.ForeignKey(GradingRun, on_delete=models.PROTECT, related_name="steps")
    seq = models.PositiveIntegerField()
    stage = models.CharField(max_length=12)
    on = models.DateField()
    until = models.DateField(null=True)
    by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    reason = models.TextField()
    result = models.ForeignKey(GradingResult, on_delete=models.PROTECT, related_name="+", null=True)
    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta(Recorded.Meta):
        db_table = "grading_step"
        triggers = [change_required(), append_only("grading_step")]
        constraints = [
            models.UniqueConstraint(fields=["run", "seq"], name="grading_step_once"),
            models.CheckConstraint(condition=~Q(by="") & ~Q(reason=""), name="grading_step_has_author"),
            models.CheckConstraint(
                condition=(Q(stage="notice") & Q(until__isnull=False)) | (~Q(stage="notice") & Q(until=None)),
                name="grading_step_until",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.seq} {self.stage}"
