"""The issues of the reports: what stood in each on its cut-off day, under its number and its hash.

Refuses, in the database itself, to change or delete an issue; a wrong one is corrected by a new one that names it.
"""

from django.db import models
from django.db.models import Q

from landgis.lib.history import append_only, change_required
from parcels.documents.frozen import Frozen
from parcels.documents.models import IssuedDocument
from parcels.reports.rules import KINDS


class ReportIssue(Frozen):
    """One issue. `body` is the very text that `sha256` is taken over: figures by town, and the rows behind them."""

    kind = models.CharField(max_length=12)
    issue_no = models.CharField(max_length=60)
    rule_version = models.TextField()
    body = models.TextField()
    document = models.OneToOneField(IssuedDocument, on_delete=models.PROTECT, related_name="report_issue")
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, related_name="corrected_by", null=True)

    class Meta(Frozen.Meta):
        db_table = "report_issue"
        triggers = [change_required(), append_only("report_issue")]
        constraints = [
            models.UniqueConstraint(fields=["county", "kind", "year", "number"], name="report_number_once"),
            models.UniqueConstraint(fields=["county", "issue_no"], name="report_issue_no_once"),
            # Of one cut-off there is one issue, and after it only corrections of the one before.
            models.UniqueConstraint(
                fields=["county", "kind", "on"], condition=Q(corrects=None), name="report_cut_off_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=list(KINDS)), name="report_kind_known"),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="report_hash"),
            models.CheckConstraint(condition=~Q(frozen_by="") & ~Q(reason=""), name="report_has_author"),
        ]
        indexes = [models.Index(fields=["county", "-id"], name="report_county")]

    def __str__(self) -> str:
        return self.issue_no
