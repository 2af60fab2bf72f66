"""What happened to parcels: events, who took part in them, descent, former states, and the papers behind them.

Refuses, in the database itself, to alter or delete anything of this but an attachment's note, and a descent that runs in
a circle: an ancestor was always on record before its descendant.
"""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from landgis.counties.models import County
from landgis.lib.history import Recorded, append_only, change_required, history_kept
from parcels.cadastre.models import Parcel, RegisterEntry

REVERSAL = "reversal"
EVENT_KINDS = {
    "registration": "初始登记",
    "subdivision": "分割",
    "consolidation": "合并",
    "reallotment": "重划",
    "boundary_adjustment": "边界调整",
    "resurvey": "重新勘测",
    "correction": "更正",
    "attribute_change": "属性变更",
    "retirement": "注销",
    "restoration": "恢复",
    REVERSAL: "撤销变更",
}
ROLES = ("parent", "child", "adjusted", "densified", "retired", "restored", "registered", "changed")
DOCUMENT_KINDS = {
    "contract": "合同",
    "approval": "批文",
    "survey_report": "勘测报告",
    "photo": "现场照片",
    "other": "其他",
}
MEDIA_TYPES = ("image/jpeg", "image/png", "application/pdf")


class CadastralEvent(Recorded):
    """One thing that happened to parcels on a day, with its author, its reason and the document that it rests on."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=20)
    on = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    by = models.CharField(max_length=150)
    reason = models.TextField()
    document_kind = models.CharField(max_length=16, blank=True)
    document_no = models.CharField(max_length=80, blank=True)
    document_date = models.DateField(null=True)
    findings = models.JSONField(default=list)
    warnings_reason = models.TextField(blank=True)
    operations = models.JSONField(default=list)
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, related_name="reversed_by", null=True)

    class Meta(Recorded.Meta):
        db_table = "cadastre_event"
        triggers = [change_required(), append_only("cadastre_event")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=EVENT_KINDS), name="event_kind_known"),
            models.CheckConstraint(
                condition=Q(document_kind__in=["", *DOCUMENT_KINDS]), name="event_document_kind_known"
            ),
            models.CheckConstraint(condition=~Q(by="") & ~Q(reason=""), name="event_has_author_and_reason"),
            models.CheckConstraint(
                condition=Q(kind=REVERSAL, reverses__isnull=False)
                | (~Q(kind=REVERSAL) & Q(reverses__isnull=True)),
                name="event_reversal_names_its_event",
            ),
        ]
        indexes = [
            models.Index(fields=["county", "on"], name="event_county_on"),
            models.Index(fields=["change_id"], name="event_change"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.on:%Y-%m-%d}"


class EventParcel(Recorded):
    """A parcel's part in an event."""

    event = models.ForeignKey(
        CadastralEvent, on_delete=models.PROTECT, related_name="parcels", db_index=False
    )
    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="events")
    role = models.CharField(max_length=12)

    class Meta(Recorded.Meta):
        db_table = "cadastre_event_parcel"
        triggers = [change_required(), append_only("cadastre_event_parcel")]
        constraints = [
            models.UniqueConstraint(fields=["event", "parcel", "role"], name="event_parcel_once"),
            models.CheckConstraint(condition=Q(role__in=ROLES), name="event_parcel_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.role} {self.parcel_id}"


class Lineage(Recorded):
    """The descendant lies on ground of the ancestor: `area_m2` of it (planar, survey CRS), NULL = not known.

    Numbers are given in the order of entry, so that `ancestor < descendant` keeps descent from running in a circle.
    """

    event = models.ForeignKey(CadastralEvent, on_delete=models.PROTECT, related_name="lineage")
    ancestor = models.ForeignKey(
        Parcel, on_delete=models.PROTECT, related_name="lineage_down", db_index=False
    )
    descendant = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="lineage_up")
    area_m2 = models.FloatField(null=True)

    class Meta(Recorded.Meta):
        db_table = "cadastre_lineage"
        triggers = [change_required(), append_only("cadastre_lineage")]
        constraints = [
            models.UniqueConstraint(fields=["ancestor", "descendant", "event"], name="lineage_once"),
            models.CheckConstraint(condition=Q(ancestor__lt=F("descendant")), name="lineage_downwards"),
            models.CheckConstraint(
                condition=Q(area_m2=None) | Q(area_m2__gt=0), name="lineage_area_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ancestor_id} → {self.descendant_id}"


class ParcelVersion(RegisterEntry):
    """What a parcel was before: in force from `valid_from` until the day before `valid_to`.

    A state that lasted less than a day has equal dates and is in force on no day. `was_change_id` is the version number
    that the row had then; `ended_by` is the event that put another state in its place.
    """

    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="versions", db_index=False)
    valid_to = models.DateField()
    ended_by = models.ForeignKey(CadastralEvent, on_delete=models.PROTECT, related_name="ended_versions")
    was_change_id = models.BigIntegerField()

    class Meta(Recorded.Meta):
        db_table = "cadastre_parcel_version"
        triggers = [change_required(), append_only("cadastre_parcel_version")]
        constraints = [
            models.CheckConstraint(condition=Q(valid_to__gte=F("valid_from")), name="version_period"),
            models.UniqueConstraint(fields=["parcel", "was_change_id"], name="version_once"),
        ]
        indexes = [
            models.Index(fields=["county", "valid_to", "valid_from"], name="version_county_days"),
            models.Index(fields=["parcel", "valid_from", "valid_to"], name="version_parcel_days"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.valid_from:%Y-%m-%d}–{self.valid_to:%Y-%m-%d}"


@history_kept("cadastre_attachment", but=("content", "thumbnail"))
class Attachment(Recorded):
    """A paper or photo; its bytes are in the database so that a change and its evidence are one transaction, one backup."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=32)
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    thumbnail = models.BinaryField(null=True)
    kind = models.CharField(max_length=16)
    note = models.CharField(max_length=300, blank=True)
    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="attachments", null=True)
    event = models.ForeignKey(CadastralEvent, on_delete=models.PROTECT, related_name="attachments", null=True)
    uploaded_by = models.CharField(max_length=150)
    uploaded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta(Recorded.Meta):
        db_table = "cadastre_attachment"
        triggers = [
            *Recorded.Meta.triggers,
            pgtrigger.Protect(
                name="evidence_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    "content", "thumbnail", "sha256", "size_bytes", "media_type", "uploaded_by", "uploaded_at"
                ),
            ),
            pgtrigger.Protect(
                name="evidence_kept",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__event__isnull=False),
            ),
            pgtrigger.Protect(
                name="evidence_tied_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__event__isnull=False)
                & pgtrigger.Q(old__event__df=pgtrigger.F("new__event")),
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=DOCUMENT_KINDS), name="attachment_kind_known"),
            models.CheckConstraint(condition=Q(media_type__in=MEDIA_TYPES), name="attachment_media_known"),
            models.CheckConstraint(condition=Q(size_bytes__gt=0), name="attachment_not_empty"),
            models.CheckConstraint(condition=~Q(uploaded_by=""), name="attachment_has_author"),
        ]

    def __str__(self) -> str:
        return self.name
