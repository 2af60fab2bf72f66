"""Jobs of papers to be issued, and their items, one for each case and kind.

Refuses, in the database itself, two items of one case and kind in a job, and a paper under two items.
"""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from landgis.counties.models import County
from landgis.lib.history import Recorded
from parcels.disposal.models import IdleCase
from parcels.documents.models import IssuedDocument


class IssueJob(Recorded):
    """What an officer asked for; `confirmed_at` is when the papers were ordered after the check."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+", db_index=False)
    on = models.DateField()
    kinds = models.JSONField()
    strict = models.BooleanField(default=False)
    with_pdf = models.BooleanField(default=False)
    pdf_problem = models.TextField(blank=True)
    reason = models.TextField()
    made_by = models.CharField(max_length=150)
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    confirmed_by = models.CharField(max_length=150, blank=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta(Recorded.Meta):
        db_table = "bulk_issue_job"
        constraints = [
            models.CheckConstraint(condition=~Q(made_by="") & ~Q(reason=""), name="issue_job_has_author"),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by="")
                | (Q(confirmed_at__isnull=False) & ~Q(confirmed_by="")),
                name="issue_job_confirmed_by",
            ),
        ]
        indexes = [models.Index(fields=["county", "-id"], name="issue_job_county")]

    def __str__(self) -> str:
        return f"{self.made_by} {self.on}"


class IssueItem(Recorded):
    """One paper of a job: waiting to be checked, ready, refused by law or facts, issued, or failed."""

    job = models.ForeignKey(IssueJob, on_delete=models.PROTECT, related_name="items")
    seq = models.PositiveIntegerField()
    case = models.ForeignKey(IdleCase, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30)
    state = models.CharField(max_length=10, default="waiting")
    reasons = models.JSONField(default=list)
    lacking = models.JSONField(default=list)
    document = models.OneToOneField(
        IssuedDocument, on_delete=models.PROTECT, related_name="issue_item", null=True
    )

    class Meta(Recorded.Meta):
        db_table = "bulk_issue_item"
        constraints = [
            models.UniqueConstraint(fields=["job", "case", "kind"], name="issue_item_once"),
            models.UniqueConstraint(fields=["job", "seq"], name="issue_item_seq_once"),
            models.CheckConstraint(
                condition=Q(state="issued", document__isnull=False)
                | (Q(state__in=["waiting", "ready", "refused", "failed"]) & Q(document=None)),
                name="issue_item_state",
            ),
        ]
        indexes = [models.Index(fields=["job", "state", "seq"], name="issue_item_next")]

    def __str__(self) -> str:
        return f"{self.job_id}/{self.seq}"
