"""Tasks with their lead units and due days, and the reports that towns and the bureau file on them.

Refuses, in the database itself, to change or delete a report or its photo; a task without a lead unit or a basis.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from landgis.counties.models import County
from landgis.lib.history import Recorded, append_only, change_required, history_kept
from parcels.cadastre.lineage_models import Attachment
from parcels.tasks.rules import RHYTHMS


@history_kept("tasks_task")
class Task(Recorded):
    """What is to be done, by whom (`lead_units` ▲, `helper_units`) and until when; `each_town`: every town answers for itself.

    Rhythm `once` is due on `due_on`, `yearly` on `month` and `day` of each year of the term, `weekly` on each `weekday`
    (1 = Monday) of it, `standing` never.
    """

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+", db_index=False)
    task_no = models.CharField(max_length=20)
    title = models.CharField(max_length=120)
    text = models.TextField()
    basis = models.TextField()
    lead_units = ArrayField(models.CharField(max_length=80))
    helper_units = ArrayField(models.CharField(max_length=80), default=list)
    each_town = models.BooleanField(default=False)
    rhythm = models.CharField(max_length=10)
    due_on = models.DateField(null=True)
    month = models.PositiveSmallIntegerField(null=True)
    day = models.PositiveSmallIntegerField(null=True)
    weekday = models.PositiveSmallIntegerField(null=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta(Recorded.Meta):
        db_table = "tasks_task"
        constraints = [
            models.UniqueConstraint(fields=["county", "task_no", "valid_from"], name="task_once"),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(basis="") & Q(lead_units__len__gt=0),
                name="task_has_lead_and_basis",
            ),
            models.CheckConstraint(condition=Q(rhythm__in=list(RHYTHMS)), name="task_rhythm_known"),
            models.CheckConstraint(
                condition=Q(rhythm="once", due_on__isnull=False)
                | Q(rhythm="yearly", month__range=(1, 12), day__range=(1, 31))
                | Q(rhythm="weekly", weekday__range=(1, 7))
                | Q(rhythm="standing"),
                name="task_rhythm_whole",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="task_period"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_no} {self.title}"


class TaskReport(Recorded):
    """What was done on a task by a day, of a town or ("") of the county; `done_for`: the due day that it fulfils."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+", db_index=False)
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="reports")
    town_code = models.CharField(max_length=12, blank=True)
    on = models.DateField()
    text = models.TextField()
    figures = models.JSONField(default=list)
    done_for = models.DateField(null=True)
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, related_name="reversed_by", null=True)
    filed_by = models.CharField(max_length=150)
    filed_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta(Recorded.Meta):
        db_table = "tasks_report"
        triggers = [change_required(), append_only("tasks_report")]
        constraints = [
            models.CheckConstraint(condition=~Q(filed_by="") & ~Q(text=""), name="taskreport_has_author"),
        ]
        indexes = [models.Index(fields=["county", "task", "on"], name="taskreport_task")]

    def __str__(self) -> str:
        return f"{self.task_id} {self.town_code} {self.on:%Y-%m-%d}"


class TaskPhoto(Recorded):
    """A photo or paper that a report rests on."""

    report = models.ForeignKey(TaskReport, on_delete=models.PROTECT, related_name="photos")
    attachment = models.OneToOneField(Attachment, on_delete=models.PROTECT, related_name="task_photo")

    class Meta(Recorded.Meta):
        db_table = "tasks_photo"
        triggers = [change_required(), append_only("tasks_photo")]

    def __str__(self) -> str:
        return f"{self.report_id}/{self.attachment_id}"
