"""The clusters (连片) that were found, as the officer adjusted and confirmed them.

Refuses, by constraint, a cluster without parcels, two clusters under one number, and a confirmation without its author.
"""

from django.contrib.gis.db import models as gis
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from landgis.lib.history import history_kept
from layers.shape import SOUND, Shape
from parcels.evaluation.models import IndicatorRun


@history_kept("clusters_cluster")
class Cluster(Shape):
    """One cluster: a proposal until it is confirmed, ended by being dismissed; what it was before is in its history.

    `geom_4490` are the parcels' shapes together, `hull_4490` their convex hull or the boundary that the officer drew.
    Areas in ㎡: `net_m2` registered, `ground_m2` and `hull_m2` on the ellipsoid. Tax in 万元/亩 of the run's year.
    """

    cluster_no = models.CharField(max_length=40)
    run = models.ForeignKey(IndicatorRun, on_delete=models.PROTECT, related_name="+")
    limits = models.JSONField()
    rule_version = models.CharField(max_length=40)
    parcel_codes = ArrayField(models.CharField(max_length=40))
    town_code = models.CharField(max_length=12, blank=True)
    town_codes = ArrayField(models.CharField(max_length=12), default=list)
    hull_4490 = gis.PolygonField(srid=4490, spatial_index=False)
    boundary_drawn = models.BooleanField(default=False)
    net_m2 = models.FloatField()
    ground_m2 = models.FloatField()
    hull_m2 = models.FloatField()
    holders = models.PositiveIntegerField()
    tax_per_mu = models.FloatField(null=True)
    line_share = models.FloatField(null=True)
    suggested_way = models.CharField(max_length=20, blank=True)
    way = models.CharField(max_length=20, blank=True)
    confirmed_on = models.DateField(null=True)
    confirmed_by = models.CharField(max_length=150, blank=True)

    class Meta(Shape.Meta):
        db_table = "clusters_cluster"
        constraints = [
            *SOUND,
            # A proposal may be dismissed on the day it was found.
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="cluster_period"
            ),
            models.UniqueConstraint(fields=["county", "cluster_no"], name="cluster_no_once"),
            models.CheckConstraint(condition=Q(parcel_codes__len__gt=0), name="cluster_has_parcels"),
            models.CheckConstraint(
                condition=Q(net_m2__gt=0, ground_m2__gt=0, hull_m2__gt=0), name="cluster_areas_positive"
            ),
            models.CheckConstraint(
                condition=Q(line_share=None) | Q(line_share__gte=0, line_share__lte=1),
                name="cluster_line_share",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_on=None, confirmed_by="", way="")
                | (Q(confirmed_on__isnull=False) & ~Q(confirmed_by="") & ~Q(way="")),
                name="cluster_confirmation_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.cluster_no
