"""What every stored shape has in common: EPSG:4490 as the truth, EPSG:3857 for drawing, and the database's own checks.

Refuses invalid or empty geometry by constraint; the drawing copy is never measured or exported.
"""

from django.contrib.gis.db import models as gis
from django.contrib.gis.db.models.functions import IsEmpty, IsValid
from django.db import models
from django.db.models import F, Q

from landgis.counties.models import County
from landgis.lib.history import Recorded

SOUND = [
    models.CheckConstraint(condition=IsValid("geom_4490"), name="%(class)s_geometry_valid"),
    models.CheckConstraint(
        condition=Q(IsEmpty("geom_4490"), _negated=True), name="%(class)s_geometry_not_empty"
    ),
]


class Shape(Recorded):
    """A polygon of a county that is in force for some days."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+", db_index=False)
    geom_4490 = gis.MultiPolygonField(srid=4490, spatial_index=False)
    geom_3857 = gis.MultiPolygonField(srid=3857)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    source = models.TextField(blank=True)

    # Fields that a later delivery may complete where they are blank; what it says of others makes another version.
    completed_by_delivery: tuple[str, ...] = ()

    class Meta(Recorded.Meta):
        abstract = True
        constraints = [
            *SOUND,
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="%(class)s_period"
            ),
        ]
