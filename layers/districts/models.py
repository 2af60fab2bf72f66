"""An area of the county that figures are summed over: a town (镇街) or a platform.

Refuses two areas in force with one code and kind, and a platform's type for a town.
"""

from django.db import models
from django.db.models import Q

from landgis.lib.history import history_kept
from layers.shape import Shape


@history_kept("districts_district")
class District(Shape):
    """A town or platform with its boundary; towns tile the county, platforms lie anywhere but not on each other.

    `platform_type`: what its delivery calls it (经济开发区, 特色小镇 …), in the deliverer's words.
    """

    completed_by_delivery = ("platform_type",)

    TOWN, PLATFORM = "town", "platform"

    kind = models.CharField(max_length=12, default=TOWN)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    platform_type = models.CharField(max_length=40, blank=True, default="", db_default="")

    class Meta(Shape.Meta):
        db_table = "districts_district"
        constraints = [
            *Shape.Meta.constraints,
            models.CheckConstraint(condition=Q(kind__in=["town", "platform"]), name="district_kind_known"),
            models.CheckConstraint(
                condition=Q(platform_type="") | Q(kind="platform"), name="district_type_of_platforms"
            ),
            models.UniqueConstraint(
                fields=["county", "kind", "code"], condition=Q(valid_to=None), name="district_code_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
