"""Field reports as they were filed, their photos, and the one outcome that each of them has.

Refuses, in the database itself, to change or delete a report, a photo or an outcome, and a second outcome of a report.
"""

from django.contrib.gis.db import models as gis
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from landgis.counties.models import County
from landgis.lib.history import Recorded, append_only, change_required
from parcels.cadastre.lineage_models import Attachment
from parcels.cadastre.models import Parcel
from parcels.field_reports.rules import BUILDING, OUTCOMES, PLACE_SOURCES
from parcels.supply.models import ContractPhase
from parcels.supply.rules import FOUNDATIONS


class FieldReport(Recorded):
    """What was seen on a day, of a contract's phase or (where there is none) of a parcel."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+", db_index=False)
    town_code = models.CharField(max_length=12, blank=True)
    phase = models.ForeignKey(
        ContractPhase, on_delete=models.PROTECT, related_name="field_reports", null=True
    )
    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="field_reports", null=True)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, related_name="replaced_by", null=True)
    visited_on = models.DateField()
    building = models.CharField(max_length=10)
    last_built_on = models.DateField(null=True)
    foundation_kind = models.CharField(max_length=10, blank=True)
    foundation_done = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    foundation_total = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    invested_wan = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    developed_area_m2 = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    developed_geom_4490 = gis.MultiPolygonField(srid=4490, null=True)
    measured_area_m2 = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    place_4490 = gis.PointField(srid=4490, null=True)
    place_source = models.CharField(max_length=8, blank=True)
    remarks = models.TextField(blank=True)
    told = models.JSONField(default=list)
    filed_by = models.CharField(max_length=150)
    filed_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta(Recorded.Meta):
        db_table = "field_report"
        triggers = [change_required(), append_only("field_report")]
        constraints = [
            models.CheckConstraint(
                condition=Q(phase__isnull=False) | Q(parcel__isnull=False), name="field_report_has_ground"
            ),
            models.CheckConstraint(
                condition=Q(building__in=list(BUILDING)), name="field_report_building_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    building="stopped", last_built_on__isnull=False, last_built_on__lte=F("visited_on")
                )
                | (~Q(building="stopped") & Q(last_built_on=None)),
                name="field_report_stopped_since",
            ),
            models.CheckConstraint(
                condition=Q(foundation_kind="", foundation_done=None, foundation_total=None)
                | Q(
                    foundation_kind__in=list(FOUNDATIONS),
                    foundation_done__isnull=False,
                    foundation_total__isnull=False,
                    foundation_total__gt=0,
                    foundation_done__gte=0,
                    foundation_done__lte=F("foundation_total"),
                ),
                name="field_report_foundation_whole",
            ),
            models.CheckConstraint(
                condition=Q(developed_geom_4490=None, measured_area_m2=None)
                | Q(
                    developed_geom_4490__isnull=False,
                    developed_geom_4490__isvalid=True,
                    measured_area_m2__isnull=False,
                    measured_area_m2__gt=0,
                ),
                name="field_report_shape_is_measured",
            ),
            models.CheckConstraint(
                condition=Q(place_4490=None, place_source="")
                | Q(place_4490__isnull=False, place_source__in=list(PLACE_SOURCES)),
                name="field_report_place_has_source",
            ),
            models.CheckConstraint(condition=~Q(filed_by=""), name="field_report_has_author"),
        ]
        indexes = [models.Index(fields=["county", "town_code", "-id"], name="field_report_town")]

    def __str__(self) -> str:
        return f"{self.pk} {self.visited_on:%Y-%m-%d}"


class FieldPhoto(Recorded):
    """A photo of a report: where and when its own bytes say it was taken, and what was told about it when it was filed."""

    report = models.ForeignKey(FieldReport, on_delete=models.PROTECT, related_name="photos")
    attachment = models.OneToOneField(Attachment, on_delete=models.PROTECT, related_name="field_photo")
    taken_at = models.DateTimeField(null=True)
    place_4490 = gis.PointField(srid=4490, null=True)
    distance_m = models.FloatField(null=True)
    told = models.JSONField(default=list)

    class Meta(Recorded.Meta):
        db_table = "field_photo"
        triggers = [change_required(), append_only("field_photo")]
        constraints = [
            models.CheckConstraint(
                condition=Q(distance_m=None) | Q(distance_m__gte=0, place_4490__isnull=False),
                name="field_photo_distance_of_place",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id}/{self.attachment_id}"


class FieldOutcome(Recorded):
    """Accepted (with what was written from it), returned or withdrawn, by whom and why: once for each report."""

    report = models.OneToOneField(FieldReport, on_delete=models.PROTECT, related_name="outcome")
    kind = models.CharField(max_length=10)
    by = models.CharField(max_length=150)
    at = models.DateTimeField(db_default=Now(), editable=False)
    reason = models.TextField()
    written = models.JSONField(default=list)

    class Meta(Recorded.Meta):
        db_table = "field_outcome"
        triggers = [change_required(), append_only("field_outcome")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(OUTCOMES)), name="field_outcome_kind_known"),
            models.CheckConstraint(condition=~Q(by="") & ~Q(reason=""), name="field_outcome_has_author"),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.kind}"
