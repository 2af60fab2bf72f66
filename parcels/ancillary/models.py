"""Checks of ancillary land with their ground and decisions, and pools in which projects put their quotas together.

Refuses, in the database itself, more ground of a parcel than it has, a project's quota in two pools, a quota used twice, and
a decision without its officer.
"""

from decimal import Decimal

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from landgis.counties.models import County
from landgis.lib.history import Recorded, append_only, change_required, history_kept
from parcels.ancillary.rules import CATEGORIES
from parcels.cadastre.models import Parcel
from parcels.enterprises.models import Enterprise


def _area() -> "models.DecimalField[Decimal, Decimal]":
    return models.DecimalField(max_digits=16, decimal_places=4)


class AncillaryProject(Recorded):
    """A project's ancillary land and building as it was stated; a correction is another row that names this one. ㎡.

    `parcel` is the one that it is listed under; all of its ground is in `grounds`. `pooled_…`: what it means to give to a pool.
    """

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=200)
    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.PROTECT, related_name="ancillary_projects", null=True
    )
    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="ancillary_projects")
    town_code = models.CharField(max_length=12, blank=True)
    category = models.CharField(max_length=12, blank=True)
    on = models.DateField()
    land_m2 = _area()
    ancillary_land_m2 = _area()
    building_m2 = _area()
    ancillary_building_m2 = _area()
    dormitory_land_m2 = _area()
    dormitory_building_m2 = _area()
    pooled_land_m2 = models.DecimalField(max_digits=16, decimal_places=4, default=Decimal(0))
    pooled_building_m2 = models.DecimalField(max_digits=16, decimal_places=4, default=Decimal(0))
    flats = models.BooleanField(default=False)
    evidence = models.TextField()
    by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, related_name="replaced_by", null=True)

    class Meta(Recorded.Meta):
        db_table = "ancillary_project"
        triggers = [change_required(), append_only("ancillary_project")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(evidence="") & ~Q(by=""), name="ancillary_whole"
            ),
            models.CheckConstraint(condition=Q(category__in=["", *CATEGORIES]), name="ancillary_category"),
            models.CheckConstraint(
                condition=Q(land_m2__gt=0, building_m2__gt=0)
                & Q(ancillary_land_m2__gte=0, ancillary_land_m2__lte=F("land_m2"))
                & Q(ancillary_building_m2__gte=0, ancillary_building_m2__lte=F("building_m2"))
                & Q(dormitory_land_m2__gte=0, dormitory_land_m2__lte=F("ancillary_land_m2"))
                & Q(dormitory_building_m2__gte=0, dormitory_building_m2__lte=F("ancillary_building_m2")),
                name="ancillary_areas",
            ),
            models.CheckConstraint(
                condition=Q(pooled_land_m2__gte=0, pooled_building_m2__gte=0)
                & Q(pooled_land_m2__lte=F("land_m2") - F("ancillary_land_m2"))
                & Q(pooled_building_m2__lte=F("building_m2") - F("ancillary_building_m2")),
                name="ancillary_pooled_areas",
            ),
        ]
        indexes = [models.Index(fields=["county", "town_code"], name="ancillary_town")]

    def __str__(self) -> str:
        return self.name


class AncillaryGround(Recorded):
    """How much of a parcel a project stands on (㎡): the projects that stand never have more of it than it has."""

    project = models.ForeignKey(AncillaryProject, on_delete=models.PROTECT, related_name="grounds")
    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="ancillary_grounds")
    land_m2 = _area()

    class Meta(Recorded.Meta):
        db_table = "ancillary_ground"
        triggers = [
            change_required(),
            append_only("ancillary_ground"),
            pgtrigger.Trigger(
                name="ground_within_parcel",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                declare=[("whole", "numeric"), ("held", "numeric")],
                func="""
                    SELECT round(coalesce(p.registered_area_m2, p.planar_area_m2::numeric), 4) INTO whole
                      FROM cadastre_parcel p WHERE p.id = NEW.parcel_id FOR NO KEY UPDATE;
                    SELECT sum(g.land_m2) INTO held FROM ancillary_ground g
                     WHERE g.parcel_id = NEW.parcel_id
                       AND NOT EXISTS (SELECT FROM ancillary_project r WHERE r.replaces_id = g.project_id);
                    IF held > whole THEN
                        RAISE EXCEPTION 'ancillary_ground: parcel % has % ㎡, its projects %', NEW.parcel_id, whole, held
                              USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["project", "parcel"], name="ancillary_ground_once"),
            models.CheckConstraint(condition=Q(land_m2__gt=0), name="ancillary_ground_area"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.parcel_id}"


class AncillaryDecision(Recorded):
    """An officer's word on raising a project's limit, with what the rules said on that day."""

    project = models.OneToOneField(AncillaryProject, on_delete=models.PROTECT, related_name="decision")
    approved = models.BooleanField()
    on = models.DateField()
    text = models.TextField()
    evidence = models.TextField()
    findings = models.JSONField()
    by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta(Recorded.Meta):
        db_table = "ancillary_decision"
        triggers = [change_required(), append_only("ancillary_decision")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(evidence="") & ~Q(by=""), name="ancillary_decision_whole"
            )
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.approved}"


class AncillaryPool(Recorded):
    """A park whose projects put their quotas together."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=200)
    town_code = models.CharField(max_length=12, blank=True)
    made_on = models.DateField()
    basis = models.TextField()
    by = models.CharField(max_length=150)

    class Meta(Recorded.Meta):
        db_table = "ancillary_pool"
        triggers = [change_required(), append_only("ancillary_pool")]
        constraints = [
            models.UniqueConstraint(fields=["county", "name"], name="ancillary_pool_once"),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(basis="") & ~Q(by=""), name="ancillary_pool_whole"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PoolUse(Recorded):
    """A building of a pool that takes whole quotas: its land and building in ㎡, and why."""

    pool = models.ForeignKey(AncillaryPool, on_delete=models.PROTECT, related_name="uses")
    name = models.CharField(max_length=200)
    on = models.DateField()
    land_m2 = _area()
    building_m2 = _area()
    dormitory_land_m2 = models.DecimalField(max_digits=16, decimal_places=4, default=Decimal(0))
    dormitory_building_m2 = models.DecimalField(max_digits=16, decimal_places=4, default=Decimal(0))
    evidence = models.TextField()
    by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta(Recorded.Meta):
        db_table = "ancillary_pool_use"
        triggers = [change_required(), append_only("ancillary_pool_use")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(evidence="") & ~Q(by=""), name="pool_use_whole"
            ),
            models.CheckConstraint(condition=Q(land_m2__gte=0, building_m2__gte=0), name="pool_use_areas"),
            models.CheckConstraint(
                condition=Q(dormitory_land_m2__gte=0, dormitory_land_m2__lte=F("land_m2"))
                & Q(dormitory_building_m2__gte=0, dormitory_building_m2__lte=F("building_m2")),
                name="pool_use_dormitories",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@history_kept("ancillary_quota")
class PooledQuota(Recorded):
    """A project's quota in a pool (㎡): given by it, used at most once, withdrawn only while unused.

    `project` is the statement that gave it; what corrects that statement has the same quota. None on the oldest rows.
    """

    pool = models.ForeignKey(AncillaryPool, on_delete=models.PROTECT, related_name="quotas")
    project = models.ForeignKey(AncillaryProject, on_delete=models.PROTECT, related_name="quotas", null=True)
    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="pooled_quotas")
    on = models.DateField()
    land_m2 = _area()
    building_m2 = _area()
    evidence = models.TextField()
    use = models.ForeignKey(PoolUse, on_delete=models.PROTECT, related_name="quotas", null=True)
    withdrawn_on = models.DateField(null=True)

    class Meta(Recorded.Meta):
        db_table = "ancillary_quota"
        constraints = [
            models.UniqueConstraint(
                fields=["project"], condition=Q(withdrawn_on=None), name="quota_of_a_project_once"
            ),
            models.CheckConstraint(
                condition=Q(use=None) | Q(withdrawn_on=None), name="quota_used_or_withdrawn"
            ),
            models.CheckConstraint(
                condition=Q(land_m2__gte=0, building_m2__gte=0) & (Q(land_m2__gt=0) | Q(building_m2__gt=0)),
                name="quota_areas",
            ),
            models.CheckConstraint(condition=~Q(evidence=""), name="quota_has_evidence"),
        ]
        triggers = [
            *Recorded.Meta.triggers,
            pgtrigger.Protect(
                name="quota_used_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__use__isnull=False)
                & pgtrigger.Q(old__use__df=pgtrigger.F("new__use")),
            ),
            pgtrigger.Protect(
                name="quota_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    "pool", "project", "parcel", "on", "land_m2", "building_m2", "evidence"
                ),
            ),
            pgtrigger.Protect(name="quota_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.pool_id} {self.parcel_id}"
