"""What every frozen issue of a list or report has in common: its number in a year, its day and hash, and who froze it why.

Refuses nothing itself: each list states its own constraints and is append-only by its own trigger.
"""

from django.db import models
from django.db.models.functions import Now

from landgis.counties.models import County
from landgis.lib.history import Recorded


class Frozen(Recorded):
    """An issue as it was frozen; each list adds the issue that it corrects, and what it lists."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    on = models.DateField()
    row_count = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    frozen_by = models.CharField(max_length=150)
    frozen_at = models.DateTimeField(db_default=Now(), editable=False)
    reason = models.TextField()

    class Meta(Recorded.Meta):
        abstract = True
