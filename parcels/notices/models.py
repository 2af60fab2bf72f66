"""Notices to people about deadlines, and the digests of a day.

Refuses, in the database itself, a second notice of one deadline and threshold to one person, and a second digest of a day.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from landgis.counties.models import County
from landgis.lib.history import Recorded, append_only, change_required
from parcels.disposal.models import IdleCase
from parcels.low_efficiency.models import LowEfficiencyFile
from parcels.notices.rules import SCOPE_TITLES
from parcels.tasks.models import Task


class Notice(Recorded):
    """One deadline at one threshold told to one person. `key` names the deadline with its last day; -1 is overdue.

    A notice is never deleted: it is read, and settled when what it asked for was done or no longer holds.
    """

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+", db_index=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    key = models.CharField(max_length=120)
    threshold = models.SmallIntegerField()
    kind = models.CharField(max_length=20)
    scope = models.CharField(max_length=10)
    case = models.ForeignKey(IdleCase, on_delete=models.PROTECT, related_name="notices", null=True)
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="notices", null=True)
    file = models.ForeignKey(LowEfficiencyFile, on_delete=models.PROTECT, related_name="notices", null=True)
    town_code = models.CharField(max_length=12, blank=True)
    title = models.CharField(max_length=200)
    subject = models.CharField(max_length=300, blank=True)
    article = models.CharField(max_length=200, blank=True)
    due_on = models.DateField()
    written_on = models.DateField()
    read_at = models.DateTimeField(null=True)
    settled_on = models.DateField(null=True)
    settled_why = models.CharField(max_length=12, blank=True)

    class Meta(Recorded.Meta):
        db_table = "notices_notice"
        constraints = [
            models.UniqueConstraint(fields=["user", "county", "key", "threshold"], name="notice_once"),
            models.CheckConstraint(
                condition=Q(settled_on=None, settled_why="")
                | (Q(settled_on__isnull=False) & ~Q(settled_why="")),
                name="notice_settled_has_why",
            ),
            models.CheckConstraint(condition=Q(scope__in=list(SCOPE_TITLES)), name="notice_scope_known"),
        ]
        indexes = [
            models.Index(
                fields=["user", "county"], condition=Q(read_at=None, settled_on=None), name="notice_unread"
            ),
            models.Index(fields=["county"], condition=Q(settled_on=None), name="notice_open"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.key} {self.threshold}"


class Digest(Recorded):
    """What a person had before them on a day, as it was written that morning."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    rows = models.JSONField()
    counts = models.JSONField()
    written_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta(Recorded.Meta):
        db_table = "notices_digest"
        triggers = [change_required(), append_only("notices_digest")]
        constraints = [models.UniqueConstraint(fields=["county", "user", "on"], name="digest_once_a_day")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.on}"
