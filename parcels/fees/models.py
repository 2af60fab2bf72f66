"""Batches of fee sources (费源信息) that went to the tax authority, and the files of receipts that came back.

Refuses, in the database itself, a decision in two batches unless the later one corrects, and to change or delete a batch.
"""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from landgis.counties.models import County
from landgis.lib.history import Recorded, append_only, change_required, history_kept
from parcels.disposal.models import CaseStep, FeeReceipt
from parcels.documents.frozen import Frozen

HASHED = Q(sha256__regex=r"^[0-9a-f]{64}$")


class FeeBatch(Frozen):
    """One batch as it was sent: its rows, number and hash; a wrong one is corrected by another that names it."""

    batch_no = models.CharField(max_length=60)
    rows = models.JSONField()
    amount_yuan = models.DecimalField(max_digits=18, decimal_places=2)
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, related_name="corrected_by", null=True)

    class Meta(Frozen.Meta):
        db_table = "fees_batch"
        triggers = [change_required(), append_only("fees_batch")]
        constraints = [
            models.UniqueConstraint(fields=["county", "year", "number"], name="fee_batch_number_once"),
            models.UniqueConstraint(fields=["county", "batch_no"], name="fee_batch_no_once"),
            models.CheckConstraint(condition=HASHED, name="fee_batch_hash"),
            models.CheckConstraint(condition=~Q(frozen_by="") & ~Q(reason=""), name="fee_batch_has_author"),
        ]

    def __str__(self) -> str:
        return self.batch_no


class FeeBatchItem(Recorded):
    """A decision in a batch; `correction`: it was in the batch that this one corrects."""

    batch = models.ForeignKey(FeeBatch, on_delete=models.PROTECT, related_name="items")
    step = models.ForeignKey(CaseStep, on_delete=models.PROTECT, related_name="fee_batches")
    correction = models.BooleanField(default=False)

    class Meta(Recorded.Meta):
        db_table = "fees_batch_item"
        triggers = [change_required(), append_only("fees_batch_item")]
        constraints = [
            models.UniqueConstraint(fields=["batch", "step"], name="fee_item_once_a_batch"),
            models.UniqueConstraint(
                fields=["step"], condition=Q(correction=False), name="fee_item_once_but_corrected"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.step_id}"


class ReceiptFile(Recorded):
    """A file of receipts as the tax authority delivered it, byte for byte."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    imported_by = models.CharField(max_length=150)
    imported_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta(Recorded.Meta):
        db_table = "fees_receipt_file"
        triggers = [change_required(), append_only("fees_receipt_file")]
        constraints = [
            models.UniqueConstraint(fields=["county", "sha256"], name="receipt_file_once"),
            models.CheckConstraint(condition=HASHED, name="receipt_file_hash"),
        ]

    def __str__(self) -> str:
        return self.name


@history_kept("fees_receipt_line", but=("file", "line", "raw"))
class ReceiptLine(Recorded):
    """A row of such a file. `outcome`: booked, known (booked before), open (nobody matched it yet) or dismissed."""

    file = models.ForeignKey(ReceiptFile, on_delete=models.PROTECT, related_name="lines")
    line = models.PositiveIntegerField()
    raw = models.JSONField(default=dict)
    problem = models.TextField(blank=True)
    outcome = models.CharField(max_length=10)
    receipt = models.ForeignKey(FeeReceipt, on_delete=models.PROTECT, related_name="lines", null=True)
    settled_by = models.CharField(max_length=150, blank=True)
    reason = models.TextField(blank=True)

    class Meta(Recorded.Meta):
        db_table = "fees_receipt_line"
        constraints = [
            models.UniqueConstraint(fields=["file", "line"], name="receipt_line_once"),
            models.CheckConstraint(
                condition=Q(outcome__in=["booked", "known"], receipt__isnull=False)
                | Q(outcome__in=["open", "dismissed"], receipt=None),
                name="receipt_line_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="dismissed") | ~Q(reason=""), name="receipt_line_dismissed_has_reason"
            ),
        ]
        indexes = [models.Index(fields=["outcome"], condition=Q(outcome="open"), name="receipt_line_open")]

    def __str__(self) -> str:
        return f"{self.file_id}/{self.line}"
