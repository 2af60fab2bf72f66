"""The issues of the disposal list: what was listed on a day, under its number and its hash.

Refuses, in the database itself, to change or delete an issue; a wrong one is corrected by a new one that names it.
"""

from django.db import models
from django.db.models import Q

from landgis.lib.history import append_only, change_required
from parcels.documents.frozen import Frozen
from parcels.documents.models import IssuedDocument


class DisposalList(Frozen):
    """One issue. `rows` are the listed cases as they stood; `previous` is the issue that its changes are told against."""

    issue_no = models.CharField(max_length=60)
    filters = models.JSONField(default=dict)
    rule_version = models.CharField(max_length=200)
    rows = models.JSONField()
    previous = models.ForeignKey("self", on_delete=models.PROTECT, related_name="+", null=True)
    document = models.OneToOneField(IssuedDocument, on_delete=models.PROTECT, related_name="disposal_list")
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, related_name="corrected_by", null=True)

    class Meta(Frozen.Meta):
        db_table = "disposal_list"
        triggers = [change_required(), append_only("disposal_list")]
        constraints = [
            models.UniqueConstraint(fields=["county", "year", "number"], name="list_number_once"),
            models.UniqueConstraint(fields=["county", "issue_no"], name="list_issue_no_once"),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="list_hash"),
            models.CheckConstraint(condition=~Q(frozen_by="") & ~Q(reason=""), name="list_has_author"),
        ]
        indexes = [models.Index(fields=["county", "-id"], name="list_county")]

    def __str__(self) -> str:
        return self.issue_no
