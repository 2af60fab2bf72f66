"""A piece of the industrial control line with its level, batch and basis document.

Refuses to be overwritten: a new version ends the old one and stands beside it.
"""

from django.db import models
from django.db.models import Q

from landgis.lib.history import history_kept, versions_kept
from layers.shape import Shape


@history_kept("control_lines_controlline")
class ControlLine(Shape):
    """One polygon of the line; `area_m2` is its ellipsoidal area."""

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=80, blank=True)
    level = models.CharField(max_length=10, blank=True)
    batch = models.CharField(max_length=40, blank=True)
    basis = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    area_m2 = models.FloatField()

    class Meta(Shape.Meta):
        db_table = "control_lines_controlline"
        triggers = [*Shape.Meta.triggers, *versions_kept("control_lines_controlline")]
        constraints = [
            *Shape.Meta.constraints,
            models.CheckConstraint(condition=Q(area_m2__gt=0), name="controlline_area_positive"),
            models.UniqueConstraint(
                fields=["county", "code"], condition=Q(valid_to=None), name="controlline_code_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
