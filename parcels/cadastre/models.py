"""The parcel (宗地), its holders (权利人) and the rights they hold in it.

Refuses, by constraint, areas that aren't positive, a second parcel under a code that was ever used, and an end without
its author.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from landgis.counties.models import County
from landgis.lib.history import Recorded, history_kept
from landgis.lib.references import pointed_at_by, points_to, points_to_few
from layers.shape import SOUND, Shape


class RegisterEntry(Shape):
    """What the register says of a parcel at a time.

    `registered_area_m2` is the certificate's figure and the authority; `planar_area_m2` is measured in the county's
    survey CRS, `ellipsoidal_area_m2` on the CGCS2000 ellipsoid. None of the three ever replaces another.
    """

    code = models.CharField(max_length=40)
    real_estate_unit_code = models.CharField(max_length=28, blank=True)
    aliases = ArrayField(models.CharField(max_length=60), default=list)
    location = models.CharField(max_length=300, blank=True)
    town_code = models.CharField(max_length=12, blank=True)
    land_class_code = models.CharField(max_length=10, blank=True)
    land_class_set = models.CharField(max_length=40, blank=True)
    tenure = models.CharField(max_length=40, blank=True)
    registered_on = models.DateField(null=True)
    note = models.TextField(blank=True)
    registered_area_m2 = models.DecimalField(max_digits=16, decimal_places=4, null=True)
    planar_area_m2 = models.FloatField()
    ellipsoidal_area_m2 = models.FloatField()
    retired_by = models.CharField(max_length=150, blank=True)

    class Meta(Shape.Meta):
        abstract = True


@history_kept("cadastre_parcel")
class Parcel(RegisterEntry):
    """A parcel of the register (LADM LA_SpatialUnit): the row is the parcel, and holds its present state.

    `valid_from` is the first day of the present state; what the parcel was before stands in `ParcelVersion`.
    """

    # Checked by statement, not by row: `landgis.lib.references`.
    county = models.ForeignKey(
        County, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )

    class Meta(Shape.Meta):
        db_table = "cadastre_parcel"
        triggers = [
            *Shape.Meta.triggers,
            *points_to_few("counties_county", "code", "cadastre_parcel", "county_id"),
            *pointed_at_by("cadastre_parcel", "cadastre_holding", "parcel_id"),
        ]
        constraints = [
            *SOUND,
            models.CheckConstraint(  # a parcel may end on the day it began: split in the morning, again at noon
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="parcel_period"
            ),
            models.CheckConstraint(
                condition=Q(registered_area_m2__gt=0) | Q(registered_area_m2=None),
                name="parcel_registered_positive",
            ),
            models.CheckConstraint(condition=Q(planar_area_m2__gt=0), name="parcel_planar_positive"),
            models.CheckConstraint(
                condition=Q(ellipsoidal_area_m2__gt=0), name="parcel_ellipsoidal_positive"
            ),
            models.CheckConstraint(condition=~Q(code=""), name="parcel_has_code"),
            models.CheckConstraint(
                condition=Q(valid_to=None, retired_by="") | (Q(valid_to__isnull=False) & ~Q(retired_by="")),
                name="parcel_end_has_author",
            ),
            models.UniqueConstraint(fields=["county", "code"], name="parcel_code_once"),
        ]
        indexes = [
            models.Index(  # the map's totals by town and land class, without reading the shapes
                fields=["county", "town_code", "land_class_code", "land_class_set"],
                include=["registered_area_m2", "planar_area_m2"],
                condition=Q(valid_to=None),
                name="parcel_county_town",
            )
        ]

    def __str__(self) -> str:
        return self.code


@history_kept("cadastre_holder")
class Holder(Recorded):
    """Somebody who holds land (LADM LA_Party); firms are told apart by their USCC, others by name."""

    county = models.ForeignKey(
        County, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    name = models.CharField(max_length=200)
    uscc = models.CharField(max_length=18, blank=True)
    kind = models.CharField(max_length=16, default="other")

    class Meta(Recorded.Meta):
        db_table = "cadastre_holder"
        triggers = [
            *Recorded.Meta.triggers,
            *points_to_few("counties_county", "code", "cadastre_holder", "county_id"),
            *pointed_at_by("cadastre_holder", "cadastre_holding", "holder_id"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["county", "name", "uscc"], name="holder_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["enterprise", "natural_person", "government", "other"]),
                name="holder_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@history_kept("cadastre_holding")
class Holding(Recorded):
    """A right of a holder in a parcel (LADM LA_RRR); `share` is the part of the whole right, 1 = all."""

    # Checked by statement, not by row: `landgis.lib.references`.
    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="holdings", db_constraint=False)
    holder = models.ForeignKey(Holder, on_delete=models.PROTECT, related_name="holdings", db_constraint=False)
    share = models.DecimalField(max_digits=9, decimal_places=8, default=1)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta(Recorded.Meta):
        db_table = "cadastre_holding"
        triggers = [
            *Recorded.Meta.triggers,
            *points_to("cadastre_parcel", "parcel_id"),
            *points_to("cadastre_holder", "holder_id"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(share__gt=0, share__lte=1), name="holding_share"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="holding_period"
            ),
            models.UniqueConstraint(
                fields=["parcel", "holder"], condition=Q(valid_to=None), name="holding_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.parcel_id} {self.holder_id}"
