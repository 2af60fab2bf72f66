"""A step or a hand-over settles the notices that it answers, in the same transaction.

Refuses to write notices: those of a day are written by its run.
"""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_save
from django.utils import timezone

from landgis.lib.later import later
from parcels.disposal.models import CaseStep, IdleCase

# Connected whenever Django starts; most commands touch no case.
settle_case = later("parcels.notices.actions.settle_case")


def connect() -> None:
    """Listen to the steps and to the cases themselves; called once, when Django is ready."""
    post_save.connect(_step_entered, sender=CaseStep, dispatch_uid="notices.step")
    post_save.connect(_case_changed, sender=IdleCase, dispatch_uid="notices.case")


def _step_entered(instance: CaseStep, **_: Any) -> None:
    settle_case(instance.case_id, timezone.localdate())


def _case_changed(instance: IdleCase, created: bool, **_: Any) -> None:
    if not created:
        settle_case(instance.pk, timezone.localdate())
