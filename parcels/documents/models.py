"""Numbers, templates and papers: what was issued stays as it was issued.

Refuses, in the database itself, two papers of one number, a change of a paper, and its deletion; it can only be voided.
"""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from landgis.counties.models import County
from landgis.lib.history import Recorded, append_only, change_required
from parcels.documents.kinds import KINDS


class DocumentNumber(Recorded):
    """A number that was given out, to a paper or (with a note) to none; the next one follows it without a gap."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+", db_index=False)
    series = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    text = models.CharField(max_length=80)
    note = models.TextField(blank=True)

    class Meta(Recorded.Meta):
        db_table = "documents_number"
        triggers = [change_required(), append_only("documents_number")]
        constraints = [
            models.UniqueConstraint(fields=["county", "series", "year", "serial"], name="number_serial_once"),
            models.UniqueConstraint(fields=["county", "text"], name="number_text_once"),
            models.CheckConstraint(condition=Q(serial__gt=0), name="number_serial_positive"),
        ]

    def __str__(self) -> str:
        return self.text


class DocumentTemplate(Recorded):
    """A bureau's own template of a kind from a day on; without content it is the shipped one again from that day."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=30)
    name = models.CharField(max_length=200)
    content = models.BinaryField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    valid_from = models.DateField()
    uploaded_by = models.CharField(max_length=150)
    uploaded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta(Recorded.Meta):
        db_table = "documents_template"
        triggers = [change_required(), append_only("documents_template")]
        indexes = [models.Index(fields=["county", "kind", "-valid_from", "-id"], name="template_in_force")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=tuple(KINDS)), name="template_kind_known"),
            models.CheckConstraint(
                condition=Q(content=None, sha256="") | (Q(content__isnull=False) & ~Q(sha256="")),
                name="template_hash_with_content",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.valid_from:%Y-%m-%d}"


class IssuedDocument(Recorded):
    """A paper as it went out: its facts, its bytes and their hashes. `facts` are those that were used, nothing left out."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=30)
    number = models.OneToOneField(
        DocumentNumber, on_delete=models.PROTECT, related_name="document", null=True
    )
    title = models.CharField(max_length=100)
    subject = models.CharField(max_length=300, blank=True)
    town_code = models.CharField(max_length=12, blank=True)
    parcel_code = models.CharField(max_length=40, blank=True)
    facts = models.JSONField()
    missing = models.JSONField(default=list)
    docx = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    template_sha256 = models.CharField(max_length=64)
    issued_on = models.DateField()
    issued_by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    pdf = models.BinaryField(null=True)
    voided_on = models.DateField(null=True)
    voided_by = models.CharField(max_length=150, blank=True)
    void_reason = models.TextField(blank=True)

    class Meta(Recorded.Meta):
        db_table = "documents_issued"
        triggers = [
            *Recorded.Meta.triggers,
            pgtrigger.Protect(
                name="paper_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    "county", "kind", "number", "title", "subject", "town_code", "parcel_code", "facts", "missing",
                    "docx", "sha256", "template_sha256", "issued_on", "issued_by", "recorded_at",
                ),
            ),
            pgtrigger.Protect(name="paper_kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="pdf_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__pdf__isnull=False) & pgtrigger.Q(old__pdf__df=pgtrigger.F("new__pdf")),
            ),
            pgtrigger.Protect(
                name="voided_once",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__void_reason="")
                & (
                    pgtrigger.Q(old__void_reason__df=pgtrigger.F("new__void_reason"))
                    | pgtrigger.Q(old__voided_on__df=pgtrigger.F("new__voided_on"))
                    | pgtrigger.Q(old__voided_by__df=pgtrigger.F("new__voided_by"))
                ),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["county", "-issued_on", "-id"], name="issued_county_on"),
            models.Index(fields=["county", "parcel_code"], name="issued_parcel"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=tuple(KINDS)), name="issued_kind_known"),
            models.CheckConstraint(condition=~Q(issued_by=""), name="issued_has_author"),
            models.CheckConstraint(
                condition=Q(void_reason="", voided_on=None, voided_by="")
                | (~Q(void_reason="") & Q(voided_on__isnull=False) & ~Q(voided_by="")),
                name="issued_void_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.number_id or self.pk}"
