"""A step, a hand-over, a task's report or a firm's week settles the notices that it answers, in the same transaction.

Refuses to write notices: those of a day are written by its run.
"""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_save
from django.utils import timezone

from landgis.lib.later import later
from parcels.disposal.models import CaseStep, IdleCase
from parcels.low_efficiency.models import LowEfficiencyStep, WeeklyFollowUp
from parcels.tasks.models import TaskReport

# Connected whenever Django starts; most commands touch no case, no task and no file.
settle_case = later("parcels.notices.actions.settle_case")
settle_task = later("parcels.notices.actions.settle_task")
settle_files = later("parcels.notices.actions.settle_files")


def connect() -> None:
    """Listen to the steps, to the cases themselves and to reports on tasks and firms; called once, when Django is ready."""
    post_save.connect(_step_entered, sender=CaseStep, dispatch_uid="notices.step")
    post_save.connect(_case_changed, sender=IdleCase, dispatch_uid="notices.case")
    post_save.connect(_task_reported, sender=TaskReport, dispatch_uid="notices.task")
    for sender in (LowEfficiencyStep, WeeklyFollowUp):
        post_save.connect(_file_went_on, sender=sender, dispatch_uid=f"notices.{sender.__name__}")


def _step_entered(instance: CaseStep, **_: Any) -> None:
    settle_case(instance.case_id, timezone.localdate())


def _case_changed(instance: IdleCase, created: bool, **_: Any) -> None:
    if not created:
        settle_case(instance.pk, timezone.localdate())


def _task_reported(instance: TaskReport, **_: Any) -> None:
    if instance.done_for is not None and instance.reverses_id is None:
        settle_task(instance.task_id, instance.town_code, instance.done_for, timezone.localdate())


def _file_went_on(instance: LowEfficiencyStep | WeeklyFollowUp, **_: Any) -> None:
    settle_files(instance.file.county, instance.file.town_code, timezone.localdate())
